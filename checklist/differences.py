"""What changed between two versions of a text, word by word.

Somebody who brings a translation up to date wants to see the words that came and
went, not two paragraphs to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final

from checklist.wording import fold

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Kana, Han
)
"""Letters of scripts that put no space between words: each counts as one."""
_MARKS: Final = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u200c\u200d"
"""Marks on letters, and joiners between them, that are no letters to `re`."""
_TOKEN: Final = re.compile(
    rf"[{_UNSPACED}]|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{_MARKS}])*|\s+|[^\w\s]"
)
_LINE: Final = re.compile(r"[^\n]+|\n+")


class Fate(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text, and what became of it."""

    fate: Fate
    text: str


def words(earlier: str, later: str) -> list[Change]:
    """The differences of two texts, in reading order; what went stands before what came.

    Line breaks inside paragraphs do not count. The pieces that are not new make up the
    earlier text, those that are not gone the later one (both as `fold` gives them).
    """
    old, new = (_LINE.findall(fold(text)) for text in (earlier, later))
    return _tidy(_compared(old, new))


def _compared(old: list[str], new: list[str]) -> Iterator[Change]:
    """Lines first: what differs in one paragraph is not looked for in another."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        gone, came = old[start:stop], new[new_start:new_stop]
        if tag == "equal":
            yield Change(Fate.KEPT, "".join(gone))
        else:
            yield from _matched(*(_TOKEN.findall("".join(lines)) for lines in (gone, came)))


def _matched(old: list[str], new: list[str]) -> Iterator[Change]:
    # Spaces are everywhere: whoever looks for what two texts share must not hold on to them.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        if tag == "equal":
            yield Change(Fate.KEPT, "".join(old[start:stop]))
        else:
            yield Change(Fate.GONE, "".join(old[start:stop]))
            yield Change(Fate.NEW, "".join(new[new_start:new_stop]))


def _tidy(changes: Iterable[Change]) -> list[Change]:
    """Changes that only a space parts become one; nothing is empty."""
    pieces = [change for change in changes if change.text]
    inner = range(1, len(pieces) - 1)
    spaces = {index for index in inner if _is_gap(pieces[index - 1 : index + 2])}
    marked = [(piece, index in spaces) for index, piece in enumerate(pieces)]
    tidied: list[Change] = []
    for is_kept, run in groupby(marked, lambda each: each[0].fate is Fate.KEPT and not each[1]):
        group = list(run)
        fates = (Fate.KEPT,) if is_kept else (Fate.GONE, Fate.NEW)
        for fate in fates:
            text = "".join(piece.text for piece, _ in group if piece.fate in (fate, Fate.KEPT))
            if text:
                tidied.append(Change(fate, text))
    return tidied


def _is_gap(pieces: list[Change]) -> bool:
    """Whether the second of three pieces is a kept space between changes."""
    before, piece, after = pieces
    is_space = piece.fate is Fate.KEPT and piece.text.isspace() and "\n" not in piece.text
    return is_space and Fate.KEPT not in (before.fate, after.fate)


def as_text(changes: Iterable[Change], *, colour: bool = False) -> str:
    """The changes for a terminal, marked as `git diff --word-diff` marks them.

    Args:
        changes: as `words` gives them.
        colour: whether the terminal understands escape sequences for colours (ECMA-48).
    """
    return "".join(_marked(change, colour) for change in changes)


def _marked(change: Change, colour: bool) -> str:
    if change.fate is Fate.KEPT:
        return change.text
    is_new = change.fate is Fate.NEW
    text = f"{{+{change.text}+}}" if is_new else f"[-{change.text}-]"
    return f"\x1b[{32 if is_new else 31}m{text}\x1b[0m" if colour else text


def as_html(changes: Iterable[Change]) -> str:
    """The changes as inline HTML with `<del>` and `<ins>`, in which Markdown finds nothing."""
    return "".join(_element(change) for change in changes)


def _element(change: Change) -> str:
    text = re.sub(r"[^\w\s]|\n", lambda found: f"&#{ord(found[0])};", change.text)
    return _ELEMENTS[change.fate].format(text)


_ELEMENTS: Final = {
    Fate.KEPT: "{}",
    Fate.GONE: "<del>{}</del>",
    Fate.NEW: "<ins>{}</ins>",
}
