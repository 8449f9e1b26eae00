"""The text of a wording as it is compared, exchanged and written down.

A wording is Markdown, so where its lines break inside a paragraph means nothing:
neither to the reader, nor to somebody who asks whether a translation is still
that of its original. `fold` takes these breaks away, `wrap` puts them in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Final

HASH_LENGTH: Final = 16
"""Hexadecimal digits of a hash: 64 bits, beyond chance for any number of strings."""

_FENCE: Final = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})")
_BEGINS_BLOCK: Final = re.compile(r"[ \t]*(?:[-+*>|#:]|[0-9]+[.)](?:\s|$)|`{3}|~{3})|[ ]{4}|\t")
"""What cannot be joined to the line before it without a change of meaning."""
_KEEPS_BREAK: Final = re.compile(r"(?:[ ]{2}|\\)$|^[ \t]*[|#]")
"""A line after which the break is meant: a hard break, a row of a table, a heading."""
_CODE: Final = re.compile(r"(?<!\\)(`+)(?!`).+?(?<!`)\1(?!`)")
_GLUE: Final = "\x00"
"""Stands for a space inside code, at which a line is not broken."""


def fold(text: str) -> str:
    """The text in Unicode's composed form, with a line for each paragraph and list entry.

    Letters, case and punctuation stay, and so does what Markdown takes literally: fenced and
    indented code, hard breaks, tables.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return "\n".join(_folded(text.split("\n"))) if "\n" in text else text


def _folded(lines: list[str]) -> Iterator[str]:
    held: str | None = None
    closing = ""
    for line in lines:
        fence = _FENCE.match(line)
        if closing or fence:
            if held is not None:
                yield held
                held = None
            yield line.rstrip()
            if not closing and fence:
                closing = fence[1]
            elif line.strip().startswith(closing) and not line.strip().strip(closing[0]):
                closing = ""
        elif held is None:
            held = line
        elif _continues(held, line):
            held = f"{held.rstrip()} {line.lstrip()}"
        else:
            yield held if _KEEPS_BREAK.search(held) else held.rstrip()
            held = line
    if held is not None:
        yield held.rstrip()


def _continues(held: str, line: str) -> bool:
    """Whether a line goes on with the paragraph of what is held."""
    if not held.strip() or not line.strip() or _KEEPS_BREAK.search(held):
        return False
    in_list = re.match(r"[ \t]*(?:[-+*]|[0-9]+[.)])[ \t]", held)
    if in_list and re.match(r"[ ]{2,}(?![-+*>|#:`~]|[0-9]+[.)])\S", line):
        return True
    return not _BEGINS_BLOCK.match(line) and not re.match(r"[ ]{4}|\t|[ \t]*>", held)


def wrap(text: str, width: int) -> str:
    """The text with its paragraphs broken into lines, so that `fold` gives it back.

    Args:
        text: a folded text.
        width: most columns of a line; the wide letters of East Asian scripts take two.

    Returns:
        The text itself where breaks would change its meaning.
    """
    wrapped = "\n".join(_wrapped(text.split("\n"), width))
    return wrapped if fold(wrapped) == fold(text) else text


def _wrapped(lines: list[str], width: int) -> Iterator[str]:
    closing = ""
    for line in lines:
        fence = _FENCE.match(line)
        if closing or fence or columns(line) <= width:
            yield line
            if fence and not closing:
                closing = fence[1]
            elif closing and line.strip().startswith(closing):
                closing = ""
            continue
        marker = re.match(r"([ \t]*)((?:[-+*]|[0-9]+[.)])[ \t]+)?", line)
        prefix = marker[0] if marker else ""
        yield from _broken(line[len(prefix) :], prefix, " " * len(prefix), width)


def _broken(text: str, first: str, later: str, width: int) -> Iterator[str]:
    """Break one paragraph at spaces, but not in code or where the next line would be a block."""
    words = _CODE.sub(lambda code: code[0].replace(" ", _GLUE), text).split(" ")
    line = first + words[0]
    for word in words[1:]:
        if columns(f"{line} {word}") > width and not _BEGINS_BLOCK.match(word):
            yield line.replace(_GLUE, " ")
            line = later + word
        else:
            line = f"{line} {word}"
    yield line.replace(_GLUE, " ")


def columns(text: str) -> int:
    """Columns that a line takes in an editor (Unicode Standard Annex 11)."""
    return len(text) + sum(unicodedata.east_asian_width(each) in "WF" for each in text)


@lru_cache(maxsize=2**14)  # an original is asked for once for each language
def digest(*forms: str) -> str:
    """A hash of a text, or of its plural forms, that line breaks in paragraphs do not change."""
    return sha256("\0".join(map(fold, forms)).encode()).hexdigest()[:HASH_LENGTH]
