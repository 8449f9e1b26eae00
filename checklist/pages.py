"""Which pages a checklist has.

To add a page type, write its template for each builder and yield it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checklist.render import Renderer


@dataclass(frozen=True)
class Page:
    """A page to be built."""

    path: str
    """Below the folder of its language, e.g. `checklist/retries.md`."""
    title: str
    markdown: str
    line: int
    """Line of the source that the page's matter begins on."""
    items: tuple[str, ...] = ()
    """Ids of the items that have a box on the page, in order."""


def pages(renderer: Renderer) -> Iterator[Page]:
    """All pages of the renderer's checklist in its language, in reading order."""
    _ = renderer.catalog.text
    checklist = renderer.checklist
    every = tuple(item.id for item in checklist.items)
    yield Page(
        "checklist/index.md",
        _("Checklist"),
        renderer.page("checklist"),
        checklist.title.place.line,
        every,
    )
    for section in checklist.sections:
        yield Page(
            path=f"checklist/{section.id}.md",
            title=renderer.pick(section.title).text,
            markdown=renderer.page("section", section=section),
            line=section.place.line,
            items=tuple(item.id for item in section.items),
        )
    if checklist.resources:
        line = checklist.resources[0].place.line
        yield Page("resources.md", _("Resources"), renderer.page("resources"), line)
    yield Page("print.md", _("Print"), renderer.page("print"), checklist.title.place.line, every)


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
