"""Characters and lines that break a source, or that nobody can see in it.

An editor shows none of these: a byte order mark, Windows line ends, a zero-width
space in a setting's name, a control that turns the direction of text around.
They are found in the text of the file, so each is reported where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from checklist.problems import Place, Problem

BYTE_ORDER_MARK: Final = "\ufeff"

_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7}|={7}|\|{7})(?: .*)?$", re.MULTILINE)
_NOT_YAML: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.1 does not allow in a file at all (section 5.1, `c-printable`)."""
_INVISIBLE: Final = re.compile(
    "[\xad\x85\u180e\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Zero-width characters, line separators and controls of direction: never needed here."""
_JOINERS: Final = re.compile("[\u200c\u200d]")
"""Needed between letters of some scripts and in emoji, invisible nonsense in Latin text."""
_MARKS: Final = re.compile("[\u061c\u200e\u200f]")
"""Direction marks: needed on lines with right-to-left letters only."""
_ASCII: Final = re.compile(r"[\x00-\x7f]|^$")


def normalise(text: str) -> str:
    """The text as it is read on once its line ends and its byte order mark have been reported."""
    return text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


def line_end_problems(text: str, path: str) -> Iterator[Problem]:
    """A byte order mark and carriage returns; one problem for each kind."""
    if text.startswith(BYTE_ORDER_MARK):
        message = "the file begins with a byte order mark; save it as UTF-8 without BOM"
        yield Problem(Place(path), "byte-order-mark", message)
    if "\r" in text:
        message = "the file has Windows line ends; save it with LF line ends"
        place = _place(path, text.replace("\r\n", "\n"), text.index("\r"))
        yield Problem(place, "carriage-return", message)


def fatal_problems(text: str, path: str) -> Iterator[Problem]:
    """What makes it useless to read on: merge conflicts and characters YAML forbids."""
    for match in _CONFLICT.finditer(text):
        message = f"a merge left '{match[0][:7]}' here; resolve the conflict"
        yield Problem(_place(path, text, match.start()), "conflict-marker", message)
    for match in _NOT_YAML.finditer(text):
        message = f"{_name(match[0])} is not allowed in YAML; delete it"
        yield Problem(_place(path, text, match.start()), "control-character", message)


def text_problems(text: str, path: str) -> Iterator[Problem]:
    """Invisible characters, and letters that are not composed as Unicode recommends (NFC)."""
    if text.isascii():
        return
    for match in _INVISIBLE.finditer(text):
        yield _invisible(text, path, match.start())
    for match in _JOINERS.finditer(text):
        around = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if any(map(_ASCII.match, around)):
            yield _invisible(text, path, match.start())
    for match in _MARKS.finditer(text):
        if not _is_right_to_left(_line(text, match.start())):
            yield _invisible(text, path, match.start())
    if not unicodedata.is_normalized("NFC", text):
        yield from _decomposed(text, path)


def hidden(text: str) -> tuple[str, str] | None:
    """What an escape such as `"\\x01"` hides from a look at the file.

    Returns:
        Code and description of the first character that no text should have, or `None`.
    """
    if text.isprintable():
        return None
    for code, pattern in (("control-character", _NOT_YAML), ("invisible-character", _INVISIBLE)):
        if match := pattern.search(text):
            return code, _name(match[0])
    return None


def _decomposed(text: str, path: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        composed = unicodedata.normalize("NFC", line)
        if composed != line:
            column = next(
                (
                    i
                    for i, pair in enumerate(zip(line, composed, strict=False))
                    if pair[0] != pair[1]
                ),
                len(composed),
            )
            message = "letters and accents are separate characters here; save the line in NFC"
            yield Problem(Place(path, number, column + 1), "not-nfc", message)


def _invisible(text: str, path: str, offset: int) -> Problem:
    message = f"{_name(text[offset])} cannot be seen; delete it"
    return Problem(_place(path, text, offset), "invisible-character", message)


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"the character {code} ({name})" if name else f"the character {code}"


def _is_right_to_left(line: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in line)


def _line(text: str, offset: int) -> str:
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]


def _place(path: str, text: str, offset: int) -> Place:
    start = text.rfind("\n", 0, offset) + 1
    return Place(path, text.count("\n", 0, offset) + 1, offset - start + 1)
