"""Are the numbers of the original there, however the language writes them?

Small numbers stand in words as often as in digits. Of these only the exchange of one for
another can be told, and nothing of a text that counts in thousands or 만.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from checklist.checks.elements import KEPT, elements
from checklist.checks.pairs import Fault, Pair
from checklist.messages import Kind

_NUMBER: Final = re.compile(
    r"(?m:^[ \t]*\d+[.)] )|(?P<number>(?<!\d)\d{1,3}(?:['’\u00a0\u2009\u202f ]\d{3})+(?!\d)"
    r"(?:[.,٫]\d+)?|\d+(?:[.,٫٬]\d+)*)"
)
"""The mark of a numbered list entry; or digits of any script with what groups and divides them."""
_SCALED: Final = re.compile(
    r"\d\s?(?:[백천만억百千万萬億亿]|[kM]\b|(?i:thousand|tausend|mil\b|mil+[eai]|bil+i)|ألف|آلاف|ملي|ملايين)"
)
_DIGIT: Final = re.compile(r"\d")
_SPELLED: Final = 12
"""Numbers up to here are written in words in most languages."""


class Number(NamedTuple):
    """A number in a text."""

    start: int
    shown: str
    digits: str
    """In ASCII and without separators, which no two languages agree on."""

    @property
    def is_small(self) -> bool:
        """Whether it may as well be written in words."""
        return len(self.digits) < 3 and int(self.digits) <= _SPELLED

    @property
    def is_likely_word(self) -> bool:
        """Whether it can stand for words such as twenty, half or a day."""
        number = int(self.digits[-9:])
        return self.is_small or number % 5 == 0 or number in (24, 36, 48)


def numbers_differ(pair: Pair) -> Iterator[Fault]:
    """Numbers that are lost, and numbers that the original does not say."""
    theirs, ours = _numbers(pair.original), _numbers(pair.wording)
    lost, extra = _unmatched(theirs, ours, pair)
    if not lost and not extra:
        return
    if any(_SCALED.search(elements(text).plain) for text in (pair.original, pair.wording)):
        return
    for number in extra:
        instead = lost.pop(0) if lost else None
        if instead and int(number.digits[-9:]) - int(instead.digits[-9:]) == 12:
            continue  # hours of the afternoon
        if instead or not number.is_likely_word:
            remedy = f"write {instead.shown}" if instead else "correct or delete it"
            message = f"the original does not say {number.shown}; {remedy}"
            yield Fault(number.start, "numbers-differ", message)
    for number in lost:
        if not number.is_small:
            message = f"the number {number.shown} of the original is missing; add it"
            yield Fault(0, "numbers-differ", message)


@lru_cache(KEPT)
def _numbers(text: str) -> tuple[Number, ...]:
    """The numbers outside code, addresses and the marks of numbered lists."""
    if not _DIGIT.search(text):
        return ()
    return tuple(
        Number(match.start("number"), shown, _digits(shown))
        for match in _NUMBER.finditer(elements(text).plain)
        if (shown := match["number"])
    )


def _digits(shown: str) -> str:
    digits = "".join(str(int(each)) for each in shown if each.isdecimal())
    return digits if len(digits) < len(shown) else digits.lstrip("0") or "0"


def _unmatched(
    theirs: tuple[Number, ...], ours: tuple[Number, ...], pair: Pair
) -> tuple[list[Number], list[Number]]:
    """Numbers of the original that are lost, and those of the wording that are new in it.

    A wording may repeat a number, and so on a page may leave out a repetition.
    """
    left = Counter(number.digits for number in ours)
    lost = []
    for number in theirs:
        if not left[number.digits]:
            lost.append(number)
        elif pair.message.kind is not Kind.PAGE:
            left[number.digits] -= 1
    known = {number.digits for number in theirs}
    return lost, [number for number in ours if number.digits not in known]
