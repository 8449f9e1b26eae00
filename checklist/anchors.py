"""The anchors of the subject's documentation: where links below it can go.

Whoever can build that documentation writes the list, `docs-anchors.txt` beside the source; here it
is only read. It has a line for each page, `tasks.html`, and for each of its anchors,
`tasks.html#retry`; a line that begins with `#` is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from checklist.problems import Place, Problem

FILE: Final = "docs-anchors.txt"
"""Name of the list, in the folder of the source."""

_ENTRY: Final = re.compile(r"[^\s#]+(?:#[^\s#]+)?")

Anchors = Mapping[str, frozenset[str]]
"""The anchors of each page, by its path below the documentation."""


def load_anchors(path: Path, shown: str) -> tuple[Anchors | None, list[Problem]]:
    """Read a list of anchors.

    Args:
        path: the file; it need not exist.
        shown: the file's name in problems.

    Returns:
        The anchors, `None` if there is no list or it cannot be used, and what is wrong with it.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [_damaged(Place(shown), error.strerror or "it cannot be read")]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, [_damaged(Place(shown, line), f"byte {error.start} is not UTF-8")]
    return _parse(text, shown)


def _parse(text: str, shown: str) -> tuple[Anchors | None, list[Problem]]:
    anchors: dict[str, set[str]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        if not _ENTRY.fullmatch(line):
            what = "the line is neither a page nor a page with an anchor"
            return None, [_damaged(Place(shown, number), what)]
        page, _, anchor = line.partition("#")
        anchors.setdefault(page, set()).update({anchor} - {""})
    if not anchors:
        return None, [_damaged(Place(shown), "there is no page in it")]
    return {page: frozenset(found) for page, found in anchors.items()}, []


def _damaged(place: Place, what: str) -> Problem:
    return Problem(place, "damaged-anchors", f"{what}; make the list anew, or delete the file")
