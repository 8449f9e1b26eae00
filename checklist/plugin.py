"""The MkDocs adapter: the only module that knows MkDocs.

The pages are handed to MkDocs as files that exist in memory only. That works
together with mkdocs-static-i18n 1.3.1, which builds one language after the
other and makes all files anew at priority -100 of `on_files`: our pages are
added as plain files before that, and get their text after it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote, urljoin

import rcssmin
import rjsmin
from jinja2 import Environment
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils.templates import TemplateContext

from checklist import anchors, offline, verification
from checklist.bundle import bundle
from checklist.catalog import Catalog
from checklist.messages import is_stub
from checklist.notices import PlaceUrl, notice_of
from checklist.pages import TRANSLATIONS, Page, navigation, pages
from checklist.problems import Place, SourceError
from checklist.progress import Progress, progress_of
from checklist.project import Project, Settings, open_project
from checklist.render import Renderer

log = logging.getLogger(f"mkdocs.plugins.{__name__}")

PACKAGE: Final = Path(__file__).parent
ASSETS: Final = "assets/checklist"
"""Where the site has our scripts and styles."""
EXTENSIONS: Final = frozenset({"attr_list", "md_in_html", "pymdownx.superfences", "toc"})
"""Markdown extensions that the pages are written for."""
NOT_FOUND: Final = "404.html"
GUIDE: Final = "translate.md"
"""The hand-written page that tells how to translate, if a project has one."""
SCRIPT: Final = PACKAGE / "assets" / "checklist.mjs"
"""The module that imports all others."""
MINIFIERS: Final[Mapping[str, Callable[[str], str]]] = {
    ".css": rcssmin.cssmin,
    ".mjs": rjsmin.jsmin,
}
"""They take comments and white space away, and nothing else."""


class ChecklistConfig(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin in `mkdocs.yml`."""

    source = option.Type(str)
    """The YAML file, relative to `mkdocs.yml`."""
    locales = option.Type(str, default="locales")
    """Folder of the project's interface catalogs, relative to `mkdocs.yml`."""
    repository = option.Type(str, default="")
    """Address of the repository, e.g. https://github.com/owner/name; empty for no source links."""
    branch = option.Type(str, default="main")
    """Branch that the source links show."""
    report = option.Type(str, default="{repository}/issues/new?title={title}&body={body}")
    """Address of a new issue; the default is that of GitHub, Gitea and Forgejo."""
    offline = option.Type(bool, default=True)
    """Whether a service worker keeps the site for readers without a network."""
    strict = option.Type(bool, default=False)
    """Whether warnings stop the build, as they should before a release."""
    gaps = option.Type(bool, default=False)
    """Whether translations may be missing; while serving, they always may."""
    threshold = option.Type(int, default=0)
    """Percent of a language that must be translated; 0 for no limit, at most 100."""
    below = option.Choice(("mark", "omit"), default="mark")
    """What becomes of a language below the threshold: built but marked, or left out."""


class ChecklistPlugin(BasePlugin[ChecklistConfig]):  # type: ignore[no-untyped-call]
    """Builds a checklist into a MkDocs site."""

    project: Project
    """Loaded once for a build; the events come once for each language."""
    renderer: Renderer
    pages: Mapping[str, Page]
    """Pages of the language that is being built, by their path below `docs`."""
    catalogs: Mapping[str, Catalog]
    progress: Mapping[str, Progress]
    """How far the languages are."""
    user_nav: Any = None
    palette_names: Sequence[str] = ()
    serving: bool = False
    """Whether `mkdocs serve` asked for the build: then the assets are as they are written."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Take note of the command; because of this event, MkDocs keeps the plugin for rebuilds."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Load the checklist and set what depends on the language."""
        if _is_first(config):
            self.project = self._open(config)
            self.catalogs = self.project.catalogs
            self.progress = {each: progress_of(self.project, each) for each in self.catalogs}
            if self.config.below == "omit":
                _omit(config, self._unfinished)
            self.user_nav = config.nav
            self.palette_names = [toggle["name"] for toggle in _palette_toggles(config)]
            _extend_site(config)
        language = _language(config) or self.project.checklist.source_language.id
        folder = f"{language}/" if _language(config) else ""
        self.renderer = Renderer(
            self.project.checklist,
            self.catalogs[language],
            place_url=self._place_url(config),
            report_url=self._report_url(),
            verification=self.project.verification,
            progress=self.progress,
            guide=GUIDE if GUIDE in _prose(config, language) else "",
        )
        in_order = list(pages(self.renderer))
        self.pages = {folder + page.path: page for page in in_order}
        config.site_name = self.renderer.pick(self.renderer.checklist.title).text
        if description := self.renderer.checklist.description:
            config.site_description = " ".join(self.renderer.pick(description).text.split())
        _translate_palette(config, self.palette_names, self.renderer.catalog)
        if self.user_nav is None:
            config.nav = navigation(in_order, _prose(config, language))
        return config

    def _add_pages(self, files: Files, config: MkDocsConfig) -> Files:
        """Add the pages of all languages as if they lay in `docs`, and our assets."""
        for stub in [each for each in files.documentation_pages() if is_stub(each.content_string)]:
            files.remove(stub)  # so that the original stands in for it
        folders = [f"{language}/" for language in _languages(config)] or [""]
        paths = [page.path for page in self.pages.values()]
        for uri in (folder + path for folder in folders for path in paths):
            if uri in files.src_uris:
                raise PluginError(f"{config.docs_dir}/{uri} is a page of the checklist; rename it")
            site = (config.docs_dir, config.site_dir, config.use_directory_urls)
            files.append(File(uri, *site))
        if self._offline and offline.NAME in files.src_uris:
            raise PluginError(
                f"{config.docs_dir}/{offline.NAME} is where the service worker goes; "
                "rename it, or set plugins.checklist.offline: false"
            )
        for asset in self._assets():
            file = File.generated(config, f"{ASSETS}/{asset.name}", abs_src_path=str(asset))
            files.append(file)
        return files

    @event_priority(-110)
    def _fill_pages(self, files: Files, config: MkDocsConfig) -> Files:
        """Give the pages that are left for this language, and our assets, their text."""
        for file in files.documentation_pages():
            if page := self.pages.get(file.src_uri):
                file.content_string = page.markdown
                file.edit_uri = None
        for file in [] if self.serving else files.media_files():
            if file.src_uri.startswith(f"{ASSETS}/"):
                _pack(file)
        return files

    on_files = CombinedEvent(_add_pages, _fill_pages)

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Give the theme the interface strings and the languages."""
        env.globals |= {
            "ui": self.renderer.catalog.text,
            "home_links": self._home_links(config),
            "offline": self._offline,
        }
        return env

    def on_page_markdown(
        self, markdown: str, *, page: SitePage, config: MkDocsConfig, files: Files
    ) -> str:
        """Keep what stands in for a translation out of the search, which has it already."""
        if getattr(page.file, "locale", self.renderer.language) != self.renderer.language:
            page.meta["search"] = {"exclude": True}
        return markdown

    def on_page_context(
        self, context: TemplateContext, page: SitePage, config: MkDocsConfig, nav: Any
    ) -> TemplateContext:
        """Absolute addresses in all languages, as search engines want them, and notices."""
        alternates = getattr(page.file, "alternates", {})
        urls = {each: urljoin(config.site_url or "", alternates[each].url) for each in alternates}
        source = self.renderer.checklist.source_language.id  # first, as the default
        names = sorted(urls, key=lambda each: (each != source, each)) if config.site_url else []
        more = {"alternates": {each: urls[each] for each in names}, **self._told(page, config)}
        context.update(more)  # type: ignore[typeddict-item]
        return context

    def _told(self, page: SitePage, config: MkDocsConfig) -> dict[str, Any]:
        """What the theme tells of a translation: of the language, and of a hand-written page."""
        language = self.renderer.language
        progress = self.progress[language]
        id = f"pages/{getattr(page.file, 'norm_src_uri', page.file.src_uri)}"
        standings = [progress.open[id]] if id in progress.open else []
        is_marked = language in self._unfinished
        return {
            "translation": notice_of(standings, 1, self.renderer.place_url),
            "translated": is_marked and self.renderer.percent(progress.total.percent),
            "translations_url": _site_file(f"{language}/{TRANSLATIONS}", config).url,
            "source_language": self.renderer.catalog.name_of(
                self.renderer.checklist.source_language.id
            ),
        }

    def on_post_template(self, output: str, template_name: str, config: MkDocsConfig) -> str:
        """Keep a 404 page for each language; the root's is that of the source language."""
        language = self.renderer.language
        if template_name != NOT_FOUND or language == self.renderer.checklist.source_language.id:
            return output
        path = Path(config.site_dir, language, NOT_FOUND)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(output, encoding="utf-8")
        return ""  # which MkDocs does not write

    def _look_at_pages(self, config: MkDocsConfig) -> None:
        """Look at what was built: a page or an item that is missing must not go unnoticed."""
        _keep_search_entries(config)
        for uri, page in self.pages.items():
            path = Path(config.site_dir, _site_file(uri, config).dest_uri)
            html = path.read_text("utf-8") if path.is_file() else ""
            missing = [part for part in page.parts if part not in html]
            if not html or missing:
                what = f"lacks {', '.join(missing)}" if html else "was not built"
                raise PluginError(f"the page {path} {what}; is another plugin in the way?")

    @event_priority(-200)
    def _write_worker(self, config: MkDocsConfig) -> None:
        """Write the service worker when nothing changes the site any more.

        mkdocs-static-i18n builds the other languages, and goes through the search index for the
        last time, within this event of the first language (at priority -100).
        """
        i18n = _i18n(config)
        if not self._offline or (i18n and i18n.building):
            return
        source = rjsmin.jsmin((PACKAGE / "assets" / offline.NAME).read_text("utf-8"))
        site = Path(config.site_dir)
        folders = [each for each in _languages(config) if each != i18n.default_language]
        (site / offline.NAME).write_text(offline.worker(source, site, folders), "utf-8")

    on_post_build = CombinedEvent(_look_at_pages, _write_worker)

    def _assets(self) -> Iterator[Path]:
        """Files for `ASSETS`; a built site has the modules as one script."""
        for path in sorted((PACKAGE / "assets").iterdir()):
            is_part = path.suffix == SCRIPT.suffix and path != SCRIPT
            if path.name != offline.NAME and (self.serving or not is_part):
                yield path

    @property
    def _offline(self) -> bool:
        return self.config.offline and not self.serving

    def _open(self, config: MkDocsConfig) -> Project:
        if missing := sorted(EXTENSIONS - set(config.markdown_extensions)):
            raise PluginError(f"mkdocs.yml: markdown_extensions lacks {', '.join(missing)}; add it")
        if not config.site_url:
            log.warning("site_url is not set, so pages do not name their other languages; set it")
        if not 0 <= self.config.threshold <= 100:
            raise PluginError("plugins.checklist.threshold must be a percentage from 0 to 100")
        root = _root(config)
        settings = Settings(
            root / self.config.source, root / self.config.locales, Path(config.docs_dir)
        )
        try:
            project = open_project(
                settings, strict=self.config.strict, gaps=self.serving or self.config.gaps
            )
        except SourceError as error:
            raise PluginError(f"the checklist has problems:\n{error}") from None
        for problem in project.problems:
            log.info(str(problem))
        beside = (settings.source.with_name(name) for name in (verification.FILE, anchors.FILE))
        watched = (settings.source, *beside, settings.locales)
        config.watch += [str(path) for path in watched if path.exists()]
        _check_languages(project, config)
        return project

    def _home_links(self, config: MkDocsConfig) -> list[dict[str, str]]:
        """The way home in each language, for a reader who is lost."""
        at_root = self.renderer.language == self.renderer.checklist.source_language.id
        links = []
        only = [{"lang": self.renderer.language, "link": config.site_url or "/", "name": ""}]
        for each in config.extra.get("alternate", only):
            language = each["lang"]
            own = at_root or language == self.renderer.language
            _ = self.catalogs[language].text
            label = _("To the start page") if own else each["name"]
            links.append({"language": language, "url": each["link"], "label": label})
        return links

    @property
    def _unfinished(self) -> list[str]:
        """Languages below the threshold; the source language is what the others are held to."""
        threshold = self.config.threshold
        _source, *translations = self.project.checklist.languages
        return [
            each.id for each in translations if self.progress[each.id].total.percent < threshold
        ]

    def _place_url(self, config: MkDocsConfig) -> PlaceUrl:
        """Addresses of lines in the repository, as far as the files lie in it."""
        repository, root = self.config.repository.rstrip("/"), _root(config)

        @cache
        def file_url(path: str) -> str:
            below = Path(os.path.relpath(path, root)).as_posix()
            if not repository or below.startswith("../"):
                return ""
            return f"{repository}/blob/{self.config.branch}/{quote(below)}"

        def place_url(place: Place) -> str:
            url = file_url(place.path)
            is_whole = place.path.endswith(".md")  # shown as it will look, so it has no lines
            return url and (url if is_whole else f"{url}#L{place.line}")

        return place_url

    def _report_url(self) -> str:
        repository, report = self.config.repository.rstrip("/"), self.config.report
        is_known = bool(repository) or "{repository}" not in report
        return report.replace("{repository}", repository) if is_known else ""


def _prose(config: MkDocsConfig, language: str) -> list[str]:
    """The hand-written pages; those of the default language stand in for missing ones."""
    i18n = _i18n(config)
    folders = (
        [Path(config.docs_dir, each) for each in (i18n.default_language, language)] if i18n else []
    )
    return sorted(
        {
            path.relative_to(folder).as_posix()
            for folder in folders or [Path(config.docs_dir)]
            for path in folder.rglob("*.md")
        }
    )


def _extend_site(config: MkDocsConfig) -> None:
    """Put our templates before the theme's (but behind the user's), and load our style."""
    config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(PACKAGE / "theme"))
    config.extra_css.append(f"{ASSETS}/checklist.css")


def _pack(file: File) -> None:
    """Take from an asset what only its authors need, and make one script of all modules."""
    if file.src_uri == f"{ASSETS}/{SCRIPT.name}":
        file.content_string = bundle(SCRIPT)
    if minify := MINIFIERS.get(Path(file.src_uri).suffix):
        file.content_string = minify(file.content_string)


def _translate_palette(config: MkDocsConfig, names: Sequence[str], catalog: Catalog) -> None:
    """Give the buttons that change the colours their names in the language built."""
    _ = catalog.text
    known = {
        "Switch to light mode": _("Switch to light mode"),
        "Switch to dark mode": _("Switch to dark mode"),
        "Switch to system preference": _("Switch to system preference"),
    }
    for toggle, name in zip(_palette_toggles(config), names, strict=True):
        toggle["name"] = known.get(name, name)


def _palette_toggles(config: MkDocsConfig) -> list[dict[str, str]]:
    palette = config.theme.get("palette") or []
    options = palette if isinstance(palette, list) else [palette]
    return [option["toggle"] for option in options if "toggle" in option]


def _i18n(config: MkDocsConfig) -> Any:
    """The mkdocs-static-i18n plugin, or `None` on a site of one language."""
    return config.plugins.get("i18n")


def _languages(config: MkDocsConfig) -> list[str]:
    """Languages that are built; none without mkdocs-static-i18n."""
    i18n = _i18n(config)
    return list(i18n.build_languages) if i18n else []


def _is_first(config: MkDocsConfig) -> bool:
    """Whether a build begins, and not one of a further language within it."""
    i18n = _i18n(config)
    return not i18n or i18n.current_language is None


def _language(config: MkDocsConfig) -> str | None:
    """The language that is being built; `None` without mkdocs-static-i18n."""
    i18n = _i18n(config)
    return (i18n.current_language or i18n.default_language) if i18n else None


def _keep_search_entries(config: MkDocsConfig) -> None:
    """Keep the search index whole, before mkdocs-static-i18n goes through it for the last time.

    An entry that has title and text in common with one of another language is a duplicate to it.
    That of a page is only its title, so a page that is called the same would lose it, and what is
    found on the page would be listed below a page named "undefined".
    """
    i18n = _i18n(config)
    others = [each for each in _languages(config) if each != i18n.default_language]
    if others and _language(config) == others[-1]:
        i18n.config.reconfigure_search = False


def _check_languages(project: Project, config: MkDocsConfig) -> None:
    i18n = _i18n(config)
    if not i18n:
        return
    declared = {each.id for each in project.checklist.languages}
    required = {each.id for each in project.checklist.languages if each.required}
    source = project.checklist.source_language.id
    built = set(_languages(config))
    if not required <= built <= declared:
        raise PluginError(
            f"mkdocs.yml builds the languages {', '.join(sorted(built))}, "
            f"the checklist has {', '.join(sorted(declared))}; make plugins.i18n.languages agree"
        )
    if i18n.default_language != source or i18n.config.docs_structure != "folder":
        raise PluginError(
            f"plugins.i18n must have docs_structure: folder and {source} as the default language"
        )


def _site_file(uri: str, config: MkDocsConfig) -> File:
    """The page that a Markdown file becomes, with its place in the site."""
    language = _language(config)
    if language is None or language == _i18n(config).default_language:
        uri = uri.removeprefix(f"{language}/")
    return File(uri, config.docs_dir, config.site_dir, config.use_directory_urls)


def _root(config: MkDocsConfig) -> Path:
    """The folder of `mkdocs.yml`, which is that of the repository."""
    return Path(config.config_file_path).parent


def _omit(config: MkDocsConfig, languages: Sequence[str]) -> None:
    """Leave languages out, before mkdocs-static-i18n (at priority -100) looks what to build."""
    i18n = _i18n(config)
    for each in i18n.config.languages if i18n else []:
        if each.locale in languages:
            log.info(f"{each.name} is below plugins.checklist.threshold and left out")
            each.build = False
