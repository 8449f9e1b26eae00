"""The whole site in a pseudo-language, made in a copy of the project and never in itself.

project → copy with the pseudo-language → strict build → `site-pseudo`
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import yaml
from babel import Locale

from checklist.catalog import SOURCE_LANGUAGE, catalog_path, interface_messages, shown_path
from checklist.checks.markup import prose_of
from checklist.messages import is_stub
from checklist.model import Checklist, Phrase
from checklist.problems import Place, Severity, tolerant
from checklist.project import Project, Settings, examine
from checklist.render import plain
from checklist.scaffold import Interface, Language, catalog_text, theme_path
from checklist.source import parse
from checklist.translate.accents import ACCENTS, pseudo
from checklist.translate.building import build_site
from checklist.translate.configuration import Site, read_site
from checklist.translate.insertion import append_entry, value_of
from checklist.translate.languages import declaration

OUT: Final = "site-pseudo"
"""Where the site goes unless told otherwise, beside the configuration."""
_FRONT_MATTER: Final = re.compile(r"---\n(?P<data>.*?\n)---\n", re.DOTALL)
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(?P<title>[^{\n]+?)[ \t]*$", re.MULTILINE)
"""A heading without attributes."""
_TRANSLATED: Final = ("title", "description")
"""Keys of a page's front matter that readers see."""


class _PseudoLanguage(Language):
    """English for Babel, the theme and the search, which do not know it."""

    @cached_property
    def locale(self) -> Locale:
        return Locale(SOURCE_LANGUAGE)

    @property
    def name(self) -> str:
        return pseudo("Pseudo")


PSEUDO: Final[Language] = _PseudoLanguage("en-XA")
"""The tag by which Android and ICU know such a language."""


def build_pseudo(settings: Settings, configuration: Path, out: Path | None = None) -> int:
    """Build the site with a pseudo-language beside the others, and say where it is.

    Args:
        settings: where the parts of the project lie.
        configuration: the `mkdocs.yml`.
        out: folder of the site; `site-pseudo` beside the configuration unless given.

    Returns:
        0 if it was built, 1 if the project or the folder has to be put right first,
        3 if MkDocs is not installed.

    Raises:
        OSError: the copy cannot be written.
    """
    root = configuration.resolve().parent
    target = (out or root / OUT).resolve()
    project, problems = examine(settings)
    errors = [each for each in tolerant(problems) if each.severity is Severity.ERROR]
    site, faults = read_site(configuration)
    faults = [*map(str, errors), *faults, *_out_of_place(settings, root, target)]
    if project is None or site is None or faults:
        print("\n".join(f"checklist: {fault}" for fault in faults), file=sys.stderr)
        return 1
    with TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        shutil.copytree(root, copy, ignore=_ignored(root, target), ignore_dangling_symlinks=True)
        for path, text in _files(project, settings, configuration, site).items():
            file = copy / path.resolve().relative_to(root)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        code = build_site(copy / configuration.name, target)
    if not code:
        print(f"{shown_path(target / PSEUDO.id / 'index.html')} is the start page")
    return code


def _out_of_place(settings: Settings, root: Path, target: Path) -> Iterator[str]:
    for path in filter(None, (settings.source, settings.locales, settings.docs)):
        if not path.resolve().is_relative_to(root):
            yield f"{shown_path(path)} is not below {shown_path(root)}; move it there"
    # MkDocs empties the folder that it builds into.
    if root.is_relative_to(target) or (
        target.exists() and not (target / PSEUDO.id).is_dir() and any(_entries(target))
    ):
        yield f"{shown_path(target)} holds something else; name a new or empty folder"


def _entries(path: Path) -> Iterator[Path]:
    return path.iterdir() if path.is_dir() else iter([path])


def _ignored(root: Path, target: Path) -> Callable[[str, list[str]], set[str]]:
    """What no build needs: hidden things at the top, caches, environments, built sites."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        is_root = Path(folder) == root
        return {
            name
            for name in names
            if (is_root and name.startswith("."))
            or name in ("__pycache__", "node_modules")
            or Path(folder, name) == target
            or Path(folder, name, "pyvenv.cfg").exists()
            or Path(folder, name, "sitemap.xml").exists()
        }

    return ignored


def _files(
    project: Project, settings: Settings, configuration: Path, site: Site
) -> dict[Path, str]:
    """What the copy has that the project does not."""
    checklist = project.checklist
    source = checklist.source_language
    # What other languages lack must not keep us from looking at this one.
    site = site.with_option("strict", "false").with_option("gaps", "true")
    files = {
        settings.source: pseudo_source(settings.source.read_text("utf-8"), checklist),
        catalog_path(settings.locales, PSEUDO.id): catalog_text(checklist.id, PSEUDO, _strings()),
        configuration: site.with_language(PSEUDO).text,
    }
    if folder := site.theme_folder:
        path = configuration.parent / theme_path(PSEUDO, folder)
        files[path] = _theme_text(Language(source.id).theme)
    if settings.docs:
        for page in sorted((settings.docs / source.id).rglob("*.md")):
            text = page.read_text("utf-8")
            if not is_stub(text):
                name = page.relative_to(settings.docs / source.id)
                files[settings.docs / PSEUDO.id / name] = pseudo_page(text)
    return files


def pseudo_source(text: str, checklist: Checklist) -> str:
    """A source with a wording in the pseudo-language for every text, and the language declared.

    Args:
        text: the source.
        checklist: what was read from it.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    pieces, end = [], 0
    for each in sorted(checklist.texts, key=lambda each: each.place):
        original = each.phrases.get(checklist.source_language.id)
        if original is None:
            continue
        wording = json.dumps(pseudo(original.text, each.limit), ensure_ascii=False)
        begin = starts[each.place.line - 1] + each.place.column - 1
        in_braces = text[begin] == "{"
        after = ", " if in_braces else f"\n{' ' * (each.place.column - 1)}"
        begin += in_braces
        pieces += [text[end:begin], f"{PSEUDO.id}: {wording}{after}"]
        end = begin
    text = "".join([*pieces, text[end:]])
    languages = value_of(parse(text, "")[0], "languages")
    if not isinstance(languages, yaml.SequenceNode):
        raise TypeError("a checklist that could be read has a list of languages")
    return append_entry(text, languages, declaration(PSEUDO))


def _strings() -> Iterator[Interface]:
    for singular, plural in interface_messages().items():
        forms = tuple(map(pseudo, (singular, plural) if plural else (singular,)))
        yield Interface(singular, plural, forms)


def pseudo_page(text: str) -> str:
    """A hand-written page in the pseudo-language, with the anchors of the original."""
    found = _FRONT_MATTER.match(text)
    body = text[found.end() :] if found else text
    return (_front_matter(found["data"]) if found else "") + pseudo(_with_anchors(body))


def _front_matter(data: str) -> str:
    try:
        values = yaml.safe_load(data)
    except yaml.YAMLError:
        values = None
    if isinstance(values, dict):
        values |= {key: pseudo(str(values[key])) for key in _TRANSLATED if key in values}
        data = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{data}---\n"


def _with_anchors(body: str) -> str:
    """The page with an id at every heading that has none: the one that the site would make of it.

    Follows `markdown.extensions.toc.slugify`.
    """
    pieces, end, seen = [], 0, Counter[str]()
    for heading in _HEADING.finditer(prose_of(body)):
        title = plain(Phrase(body[heading.start("title") : heading.end()], "", Place("")))
        ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
        words = re.sub(r"[^\w\s-]", "", ascii_only).strip().lower()
        slug = re.sub(r"[-\s]+", "-", words)
        if slug:
            number = f"_{seen[slug]}" if seen[slug] else ""
            pieces += [body[end : heading.end()], f" {{ #{slug}{number} }}"]
            end = heading.end()
            seen[slug] += 1
    return "".join([*pieces, body[end:]])


def _theme_text(near: str) -> str:
    """The theme's words with accents; its settings for the search are none."""
    replaced = "".join(f' | replace("{chr(key)}", "{chr(ACCENTS[key])}")' for key in ACCENTS)
    return (
        f'{{% import "partials/languages/{near}.html" as near %}}\n'
        '{% macro t(key) %}{% if key == "language" %}'
        f"{PSEUDO.id}"
        '{% elif key == "direction" or key.startswith("search.config") %}{{ near.t(key) }}'
        f"{{% else %}}{{{{ near.t(key){replaced} }}}}{{% endif %}}{{% endmacro %}}\n"
    )
