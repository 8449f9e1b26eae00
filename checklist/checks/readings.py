"""How words in Latin letters, numbers and code end when they are read aloud in Korean.

What cannot be told for certain is not told: a word that neither the glossary nor its letters
explain has no sound here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from checklist.checks.words import once_per_glossary
from checklist.glossary import Glossary


class Sound(Enum):
    """What a word ends in, as far as particles care."""

    VOWEL = "a vowel"
    RIEUL = "ㄹ"
    CONSONANT = "a consonant"


_LETTERS: Final = {"L": "엘", "R": "알", "M": "엠", "N": "엔"}
"""The letters whose names end in a consonant; all others are read with a vowel at the end."""
_DIGITS: Final = "영일이삼사오육칠팔구"
"""Also right for tens to billions: 십, 백, 천, 만 and 억 end in consonants as 영 does."""
_SPELLED: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{2,}|[A-Z]")
"""Capitals that cannot be read as a word for want of a vowel, and single letters."""
_LAST_WORD: Final = re.compile(r"([A-Za-z]+|(?P<glued>(?<=[A-Za-z]))?[0-9]+|%)[^A-Za-z0-9%]*$")
_CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_PATH: Final = re.compile(r"[/\\\ue001]")

Readings = Mapping[str, str]
"""Lower-case word to how it is read, in Hangul."""


@once_per_glossary
def readings_of(glossary: Glossary) -> Readings:
    """The readings that a glossary gives."""
    return {term.use.lower(): term.reading for term in glossary.terms if term.reading}


def hangul_sound(syllable: str) -> Sound:
    """What a syllable ends in."""
    final = (ord(syllable) - ord("가")) % 28
    return Sound.VOWEL if final == 0 else Sound.RIEUL if final == 8 else Sound.CONSONANT


def sound_of(code: str, readings: Readings) -> Sound | None:
    """What a word, a number or a piece of code ends in when read aloud; `None` if unknown.

    Of an identifier the last word counts, of a call the word before the brackets, of
    `key=value` the value; a path or an address is known only as a whole.
    """
    code = code.strip("` ")
    if reading := readings.get(code.lower()):
        return hangul_sound(reading[-1])
    if _PATH.search(code):
        return None
    name, arguments = _call(code)
    if arguments is None:
        return _last_sound(code, readings)
    # Some read the arguments too: certain is only what both ways have in common.
    sound = _last_sound(name, readings)
    inner = sound_of(arguments, readings) if re.search(r"\w", arguments) else sound
    return sound if sound is inner else None


def _call(code: str) -> tuple[str, str | None]:
    """The name and the arguments of what is called last; no arguments if it is no call."""
    if not code.endswith(")"):
        return code, None
    depth = 0
    for offset in range(len(code) - 1, -1, -1):
        depth += (code[offset] == ")") - (code[offset] == "(")
        if depth == 0:
            name = code[:offset]
            return (name, code[offset + 1 : -1]) if re.search(r"\w$", name) else (code, None)
    return code, None


def _last_sound(code: str, readings: Readings) -> Sound | None:
    last = _LAST_WORD.search(code)
    if last is None:
        return None
    if last[1].isdigit():
        # In a name like v3 some read the figure in English; with 2, 4 and 5 that is all one.
        if last["glued"] is not None and last[1][-1] not in "245":
            return None
        return hangul_sound(_DIGITS[int(last[1][-1])])
    if last[1] == "%":
        return Sound.VOWEL  # 퍼센트
    return _word_sound(last[1], readings)


def _word_sound(word: str, readings: Readings) -> Sound | None:
    parts = _CAMEL.findall(word)
    for each in dict.fromkeys((word, parts[-1])):
        if reading := readings.get(each.lower()):
            return hangul_sound(reading[-1])
        if each.lower().endswith("s") and each[:-1].lower() in readings:
            return Sound.VOWEL  # the plural of a known word: 스 or 즈
    if _SPELLED.fullmatch(parts[-1]) or len(word) == 1:
        letter = parts[-1][-1].upper()
        return hangul_sound(_LETTERS[letter]) if letter in _LETTERS else Sound.VOWEL
    return None
