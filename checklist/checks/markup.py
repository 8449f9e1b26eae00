"""Does every text stay in its place?

Texts are Markdown without its power over the rest of the page: no HTML, no
headings, no definitions, no attributes, no code that does not end. The rules
follow Python-Markdown and its `attr_list` and `fenced_code`, as MkDocs uses
them; other builders are stricter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from checklist.model import Checklist, Phrase
from checklist.problems import Problem

HOLDER: Final = "\ufffc"
"""Stands for a character of code: OBJECT REPLACEMENT CHARACTER, which means just that."""

_FENCE: Final = re.compile(r"^[ ]{0,3}(?P<marks>`{3,}|~{3,})(?P<info>.*)$")
_SPAN: Final = re.compile(r"(?<!\\)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)

_NOT_A_TARGET: Final = r"(?<!\()(?<!\( )"
"""Not where a link's address begins, which may stand in angle brackets."""
_LINE_START: Final = r"^[ \t]*(?:(?:[-+*]|[0-9]+\.|>)[ \t]+)*"
"""The beginning of a line, of a list entry, of a quotation."""
RULES: Final = (
    (
        "raw-html",
        re.compile(rf"{_NOT_A_TARGET}<(?=[A-Za-z/!?])(?![A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*>)"),
        "'<' begins HTML, which texts do without; put it in `code` or write &lt;",
    ),
    (
        "reference-definition",
        re.compile(rf"{_LINE_START}\*?\[[^\]\n]+\]:", re.MULTILINE),
        "a definition would reach into other texts; write the address in the link itself",
    ),
    (
        "attribute-list",
        re.compile(
            r"(?<=[*_)\]>\ufffc])\{(?=[^\n}]+\})|^[ ]*\{:?[^\n}]*\}[ ]*$|[ ]\{:", re.MULTILINE
        ),
        "braces here set attributes of the page; put them in `code`",
    ),
    (
        "heading",
        re.compile(rf"{_LINE_START}#|(?<=\S\n)[ ]*(?:=+|-+)[ ]*$", re.MULTILINE),
        "a heading would disturb those of the page; write a paragraph",
    ),
)
"""Code, pattern and message of what prose may not contain."""
_STRAY_BACKTICK: Final = re.compile(r"(?<!\\)`+")
_BRACKET: Final = re.compile(r"(?<!\\)[\[\]]")


def check_markup(checklist: Checklist) -> Iterator[Problem]:
    """Texts whose Markdown reaches beyond them, or does not end."""
    for text in checklist.texts:
        for phrase in text.phrases.values():
            yield from _phrase_problems(text.id, phrase)


@lru_cache(maxsize=2**12)  # many rules look at the same text, one after the other
def prose_of(markdown: str) -> str:
    """A text with a place holder for every character of its code, so that offsets stay right."""
    lines = markdown.split("\n")
    for start, end in _fences(lines):
        lines[start:end] = [HOLDER * len(line) for line in lines[start:end]]
    return _SPAN.sub(lambda span: re.sub(r"[^\n]", HOLDER, span[0]), "\n".join(lines))


def _phrase_problems(text_id: str, phrase: Phrase) -> Iterator[Problem]:
    lines = phrase.text.split("\n")
    for start, end in _fences(lines):
        if end > len(lines):
            message = "the code block that begins here has no end; close it with the same marks"
            yield _problem(
                phrase, sum(len(line) + 1 for line in lines[:start]), "open-fence", message
            )
            return  # what follows is all code
    prose = prose_of(phrase.text)
    for code, pattern, message in RULES:
        for match in pattern.finditer(prose):
            yield _problem(phrase, match.start(), code, message)
    if text_id.endswith("/title"):
        for match in _BRACKET.finditer(prose):
            message = "a bracket in a title would break the links it stands in; write it as \\["
            yield _problem(phrase, match.start(), "bracket-in-title", message)
    for match in _STRAY_BACKTICK.finditer(prose):
        message = "the code that begins here has no end; add a backtick, or write \\` for one"
        yield _problem(phrase, match.start(), "open-code", message)


def _fences(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First line and end of each fenced block; the end is beyond the text if it is not closed."""
    start, marks = 0, ""
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if not fence:
            continue
        if not marks:
            if "`" not in fence["info"]:
                start, marks = number, fence["marks"]
        elif fence["marks"].startswith(marks) and not fence["info"].strip():
            yield start, number + 1
            marks = ""
    if marks:
        yield start, len(lines) + 1


def _problem(phrase: Phrase, offset: int, code: str, message: str) -> Problem:
    return Problem(phrase.place_at(offset), code, message)
