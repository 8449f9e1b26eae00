"""Which pages a checklist has.

To add a page type, write its template for each builder and yield it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from checklist.model import Item
from checklist.render import Renderer, plain

TRANSLATIONS: Final = "translations.md"
"""The page that tells how far each language is."""


@dataclass(frozen=True)
class Page:
    """A page to be built."""

    path: str
    """Below the folder of its language, e.g. `checklist/retries.md`."""
    title: str
    markdown: str
    line: int
    """Line of the source that the page's matter begins on."""
    parts: tuple[str, ...] = ()
    """What the HTML of the page must contain, whoever builds it: boxes, anchors, samples."""


def pages(renderer: Renderer) -> Iterator[Page]:
    """All pages of the renderer's checklist in its language, in reading order."""
    _ = renderer.catalog.text
    checklist = renderer.checklist
    line = checklist.title.place.line
    every = list(checklist.items)
    boxes = tuple(part for item in every for part in _box(item))
    entries = tuple(part for item in every for part in _entry(item))
    yield Page("checklist/index.md", _("Checklist"), renderer.page("checklist"), line, boxes)
    for section in checklist.sections:
        yield Page(
            path=f"checklist/{section.id}.md",
            title=plain(renderer.pick(section.title)),
            markdown=renderer.page("section", section=section),
            line=section.place.line,
            parts=tuple(part for item in section.items for part in _entry(item)),
        )
    if checklist.resources:
        first = checklist.resources[0].place.line
        yield Page("resources.md", _("Resources"), renderer.page("resources"), first)
    yield Page("print.md", _("Print"), renderer.page("print"), line, entries)
    if shown := renderer.translations:
        tables = tuple(f'id="_{progress.language}"' for progress in shown)
        markdown = renderer.page("translations")
        yield Page(TRANSLATIONS, _("Translations"), markdown, line, tables)


def _box(item: Item) -> tuple[str, ...]:
    return f'data-item="{item.id}"', f'id="{item.id}"'


def _entry(item: Item) -> tuple[str, ...]:
    return *_box(item), *(f'data-sample="{item.id}/{sample.id}"' for sample in item.samples)


def navigation(in_order: list[Page], prose: list[str]) -> list[Any]:
    """The navigation: home, the checklist with its sections, further pages, prose.

    Prose pages take their titles from their own front matter.
    """
    sections = [page for page in in_order if page.path.startswith("checklist/")]
    index, *entries = sections
    nav: list[Any] = [page for page in prose if page == "index.md"]
    nav.append({index.title: [index.path, *({page.title: page.path} for page in entries)]})
    nav += [{page.title: page.path} for page in in_order if page not in sections]
    return nav + [page for page in prose if page != "index.md"]
