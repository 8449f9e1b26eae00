"""The languages in a `mkdocs.yml`, and one more, with the rest of the file as it is.

YAML is composed only and never made into values, so that tags such as `!ENV` need no meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import yaml

from checklist.catalog import shown_path
from checklist.scaffold import Language
from checklist.source import read_text
from checklist.translate.insertion import append_entry, insert_key, replace_node, value_of
from checklist.translate.offers import Offer

CUSTOM_DIR: Final = "theme"
"""Folder for what the theme lacks, if the configuration names none."""
SEARCH_PLUGINS: Final = ("search", "material/search")
THEME: Final = "material"


@dataclass(frozen=True)
class Site:
    """The configuration of a site in several languages."""

    text: str

    @cached_property
    def root(self) -> yaml.Node | None:
        """The whole of it, `None` if there is nothing.

        Raises:
            yaml.YAMLError: the text is not YAML.
        """
        return yaml.compose(self.text, Loader=yaml.SafeLoader)

    @property
    def plugins(self) -> list[yaml.Node]:
        """The entries of `plugins`: names, and names with options."""
        node = value_of(self.root, "plugins")
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    @property
    def languages(self) -> yaml.SequenceNode | None:
        """The languages of mkdocs-static-i18n, if there are any."""
        options = next(filter(None, (value_of(each, "i18n") for each in self.plugins)), None)
        node = value_of(options, "languages")
        return node if isinstance(node, yaml.SequenceNode) and node.value else None

    @property
    def tags(self) -> list[str]:
        """The languages that the site names, built or not."""
        entries = self.languages.value if self.languages else []
        return [str(tag.value) for each in entries if (tag := value_of(each, "locale"))]

    @property
    def theme_folder(self) -> str | None:
        """The folder with the site's own part of the theme; `None` if the theme is not ours."""
        theme = value_of(self.root, "theme")
        name = value_of(theme, "name") or theme
        if name is None or name.value != THEME:
            return None
        folder = value_of(theme, "custom_dir")
        return str(folder.value) if folder else CUSTOM_DIR

    def with_language(self, language: Language) -> Site:
        """The configuration with a further language, and what the site needs for it."""
        if language.id in self.tags:
            return self
        site = self
        for step in (_with_entry, _with_search, _with_theme):
            site = Site(step(site, language))
        return site

    def with_option(self, key: str, value: str) -> Site:
        """The configuration with an option of the checklist plugin set."""
        options = next(filter(None, (value_of(each, "checklist") for each in self.plugins)), None)
        if not isinstance(options, yaml.MappingNode) or not options.value:
            return self
        if present := value_of(options, key):
            return Site(replace_node(self.text, present, value))
        return Site(insert_key(self.text, options, options.value[-1][1], key, value))


def read_site(path: Path) -> tuple[Site | None, list[str]]:
    """Read a configuration; `None` and what is wrong if it is none of a site in languages."""
    shown = shown_path(path)
    text, problems = read_text(path, shown)
    if text is None:
        return None, [str(problem) for problem in problems]
    site = Site(text)
    try:
        has_languages = site.languages is not None
    except yaml.YAMLError as error:
        return None, [f"{shown} is not YAML; correct it: {' '.join(str(error).split())}"]
    if not has_languages:
        return None, [f"{shown} has no plugin 'i18n' with 'languages'; give it one first"]
    return site, []


def _with_entry(site: Site, language: Language) -> str:
    if site.languages is None:
        return site.text
    entry = {"locale": language.id, "name": language.name}
    return append_entry(site.text, site.languages, entry)


def _with_search(site: Site, language: Language) -> str:
    """mkdocs-static-i18n tells the search about `pt` itself, but about `pt-BR` it does not."""
    search = Offer(language).search
    if search is None or search == language.id:
        return site.text
    for plugin in site.plugins:
        if isinstance(plugin, yaml.ScalarNode) and plugin.value in SEARCH_PLUGINS:
            entry = f"{plugin.value}: {{lang: [{search}]}}"
            return replace_node(site.text, plugin, entry)
    for options in _search_options(site):
        known = value_of(options, "lang")
        if known is None:
            last = options.value[-1][1]
            return insert_key(site.text, options, last, "lang", f"[{search}]")
        if isinstance(known, yaml.SequenceNode) and known.value:
            tags = [each.value for each in known.value]
            return site.text if search in tags else append_entry(site.text, known, search)
    return site.text


def _search_options(site: Site) -> Iterator[yaml.MappingNode]:
    for plugin in site.plugins:
        for name in SEARCH_PLUGINS:
            options = value_of(plugin, name)
            if isinstance(options, yaml.MappingNode) and options.value:
                yield options


def _with_theme(site: Site, language: Language) -> str:
    """A folder for the theme's words, if the theme lacks them."""
    theme = value_of(site.root, "theme")
    if Offer(language).has_theme or site.theme_folder is None or theme is None:
        return site.text
    if isinstance(theme, yaml.ScalarNode):
        return replace_node(site.text, theme, f"{{name: {theme.value}, custom_dir: {CUSTOM_DIR}}}")
    name = value_of(theme, "name")
    if value_of(theme, "custom_dir") or not isinstance(theme, yaml.MappingNode) or name is None:
        return site.text
    return insert_key(site.text, theme, name, "custom_dir", CUSTOM_DIR)
