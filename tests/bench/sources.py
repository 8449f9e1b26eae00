"""Sources to measure with: the real one, and larger ones made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice, pairwise
from pathlib import Path

from checklist.load import load
from tests.bench.figures import CannotRunError

ROOT = Path(__file__).parent.parent.parent
CELERY = ROOT / "checklist/content/celery.yaml"
SECTION = 20
"""Items in a section of a generated source."""

_ALIASES = re.compile(r"^( +)aliases:.*\n(?:\1 *- .*\n)*", re.MULTILINE)


def generated(count: int) -> str:
    """A source of so many items: the real ones over and over under new ids, so sizes are real."""
    lines = CELERY.read_text("utf-8").splitlines(keepends=True)
    first, last = lines.index("sections:\n"), lines.index("resources:\n")
    originals = list(_items(lines, last))
    parts = ["".join(lines[: first + 1])]
    for number, item in enumerate(islice(cycle(originals), count)):
        if number % SECTION == 0:
            parts.append(_section(number // SECTION))
        parts.append(re.sub(r"(- id: )(\S+)", rf"\1\2-{number}", item, count=1))
    return "".join(parts) + "".join(lines[last:])


def _items(lines: list[str], end: int) -> Iterator[str]:
    """The text of each item, without former ids, which must be unique too."""
    checklist, _ = load(CELERY)
    if checklist is None:
        raise CannotRunError(f"{CELERY} has problems; scripts/check names them")
    starts = {item.place.line - 1 for item in checklist.items}
    borders = sorted({*starts, *(section.place.line - 1 for section in checklist.sections), end})
    for start, stop in pairwise(borders):
        if start in starts:
            yield _ALIASES.sub("", "".join(lines[start:stop]))


def _section(number: int) -> str:
    title = f"{{en: Section {number}, ko: 섹션 {number}, es: Sección {number}}}"
    return f"  - id: section-{number}\n    title: {title}\n    items:\n"
