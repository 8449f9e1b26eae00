"""What is left to translate, in the form that somebody reads: tables, a list, one change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from checklist.differences import as_text, words
from checklist.messages import Kind, Message
from checklist.model import Checklist, Priority
from checklist.progress import (
    GENERAL,
    INTERFACE,
    PAGES,
    RESOURCES,
    URGENCY,
    Counts,
    Progress,
    Standing,
    owner_of,
)
from checklist.project import Project
from checklist.review import State
from checklist.wording import fold

COLUMNS: Final = ("done", State.REVIEWED, State.STALE, State.MISSING, State.DRAFT, State.UNRECORDED)
NAMES: Final = {
    GENERAL: "(general)",
    RESOURCES: "(resources)",
    INTERFACE: "(interface)",
    PAGES: "(pages)",
}
"""Groups that are no sections."""

Row = tuple[str, ...]


def _rows(progress: Progress) -> Iterator[Row]:
    """A row for each group, and one for all of them."""
    for group, counts in progress.groups.items():
        yield NAMES.get(group, group), *_cells(counts)
    yield "all", *_cells(progress.total)


def _cells(counts: Counts) -> Iterator[str]:
    yield str(counts.total)
    yield f"{counts.done} ({counts.percent} %)"
    yield from (str(counts.of(State(column))) for column in COLUMNS[1:])


HEAD: Final[Row] = ("section", "texts", *COLUMNS)


def as_table(every: Sequence[Progress]) -> str:
    """Aligned columns for a terminal, a table for each language."""
    blocks = []
    for progress in every:
        rows = [HEAD, *_rows(progress)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
        lines = [
            "  ".join(
                cell.rjust(width) if column else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        note = "" if progress.kept else " (no record is kept: only what is missing is known)"
        blocks.append("\n".join([f"{progress.language}{note}", *lines]))
    return "\n\n".join(blocks)


def as_json(every: Sequence[Progress]) -> str:
    """One JSON object, with the languages by tag."""
    return json.dumps(
        {progress.language: progress.as_json() for progress in every}, ensure_ascii=False, indent=2
    )


def as_markdown(every: Sequence[Progress]) -> str:
    """A table for each language, as a comment on a pull request shows it."""
    blocks = []
    for progress in every:
        lines = [f"**{progress.language}**", "", _piped(HEAD), _piped(("---", *["--:"] * 7))]
        lines += map(_piped, _rows(progress))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _piped(row: Row) -> str:
    return f"| {' | '.join(row)} |"


def as_html(every: Sequence[Progress]) -> str:
    """A table for each language, to be put into a page."""
    blocks = []
    for progress in every:
        lines = [f"<table lang=en><caption>{escape(progress.language)}</caption>"]
        lines.append(
            f"<thead><tr>{''.join(f'<th scope=col>{each}</th>' for each in HEAD)}</tr></thead>"
        )
        for name, *cells in _rows(progress):
            data = "".join(f"<td>{cell}</td>" for cell in cells)
            lines.append(f"<tr><th scope=row>{escape(name)}</th>{data}</tr>")
        blocks.append("\n".join([*lines, "</table>"]))
    return "\n".join(blocks)


def change(earlier: Mapping[str, Any], every: Sequence[Progress]) -> str:
    """What differs from an earlier status, as a table in Markdown.

    Args:
        earlier: as `as_json` wrote it; a language that is not in it is a new one.
        every: the present status.
    """
    states = ("done", *(state for state in COLUMNS[1:]))
    rows = []
    for progress in every:
        before, now = earlier.get(progress.language, {}), progress.total.as_json()
        cells = [_step(before.get(each, 0), now[each]) for each in ("total", *states)]
        if any("→" in cell for cell in cells):
            rows.append(_piped((progress.language, *cells)))
    if not rows:
        return "No translation changes."
    return "\n".join([_piped(("language", "texts", *states)), _piped(("---", *["--:"] * 7)), *rows])


def _step(before: int, now: int) -> str:
    return str(now) if before == now else f"{before} → **{now}**"


FORMS: Final[Mapping[str, Callable[[Sequence[Progress]], str]]] = {
    "table": as_table,
    "json": as_json,
    "markdown": as_markdown,
    "html": as_html,
}
"""Every form of the status by the name that `--format` takes."""


def todo(checklist: Checklist, progress: Progress) -> list[Standing]:
    """What needs somebody, the most important first.

    Titles of the list and its sections come first, then items by how much they matter; of what
    matters as much, that which may mislead a reader comes before that which is only not there.
    """
    ranks = _ranks(checklist)

    def importance(standing: Standing) -> tuple[int, int]:
        message = standing.message
        rank = _KINDS.get(message.kind, ranks.get(owner_of(message.id), 0))
        return rank, URGENCY.index(standing.state)

    return sorted(progress.open.values(), key=importance)


def _ranks(checklist: Checklist) -> dict[str, int]:
    """By what a message belongs to; what is not in here comes first."""
    order = list(Priority)
    ranks = {
        f"items/{item.id}": 1 if item.top else 2 + order.index(item.priority)
        for item in checklist.items
    }
    last = 2 + len(order)
    return ranks | {f"resources/{resource.id}": last for resource in checklist.resources}


_KINDS: Final = {Kind.INTERFACE: 2, Kind.PAGE: 3}
"""Interface strings matter as essential items do, pages as recommended ones."""


def todo_line(standing: Standing) -> str:
    """One line: where, in what state, what, and how the original begins."""
    message = standing.message
    original = " ".join(" ".join(map(_without_front_matter, message.original)).split())
    shown = original if len(original) <= 60 else f"{original[:59]}…"
    return f"{message.place}: {standing.state} {message.id}: {shown}"


_FRONT_MATTER: Final = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)


def _without_front_matter(text: str) -> str:
    return _FRONT_MATTER.sub("", text)


def difference(project: Project, message: Message, language: str, *, colour: bool = False) -> str:
    """What changed in the original since a wording was made, beside the wording.

    Of a page only the paragraphs that changed; whoever translates it has the rest before them.
    """
    source = project.checklist.source_language.id
    review = project.reviews[language]
    entry = review.entries.get(message.id)
    state = project.state(message, language) if review.kept else "no record is kept"
    lines = [f"{message.id}: {state}", "", f"{source}, {message.source_place}:"]
    for number, original in enumerate(message.original):
        earlier = entry.original[min(number, len(entry.original) - 1)] if entry else original
        shown = as_text(words(fold(earlier), fold(original)), colour=colour)
        is_page = message.kind is Kind.PAGE
        lines += [each for each in shown.split("\n") if not is_page or _MARKED.search(each)]
    if entry is None and message.wording:
        lines.append("(the original it was made from is not known)")
    lines += ["", f"{language}, {message.place}:"]
    if message.kind is not Kind.PAGE:
        lines += [fold(form) for form in message.forms] or ["(nothing yet)"]
    if entry and entry.note:
        lines += ["", f"note: {entry.note}"]
    return "\n".join(lines)


_MARKED: Final = re.compile(r"\[-|-\]|\{\+|\+\}|\x1b\[")
"""A line in which something came or went."""
