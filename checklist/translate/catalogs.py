"""Interface strings written into a catalog, and nothing else of the file touched.

A catalog is kept by hand: its comments, its order and its line breaks belong to somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from babel.messages.pofile import normalize, unescape

from checklist.catalog import Forms
from checklist.problems import Problem
from checklist.translate.scanner import Block, Scanner

_HEADER: Final = """\
# Interface strings in {name}. The texts of the checklist itself are in
# {source}.
msgid ""
msgstr ""
"Project-Id-Version: {id}\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""
_FLAGS: Final = re.compile(r"#,[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class Wording:
    """An interface string as it is to stand in a catalog."""

    plural: str | None
    """Its plural in English, if it has one."""
    forms: Forms


def new_catalog(*, id: str, name: str, language: str, source: str, plurals: str) -> str:
    """A catalog without strings.

    Args:
        id: of the checklist.
        name: of the language.
        language: BCP 47 tag.
        source: path of the YAML file.
        plurals: as in the header field `Plural-Forms`.
    """
    return _HEADER.format(
        id=id, name=name, source=source, locale=language.replace("-", "_"), plurals=plurals
    )


def edit_catalog(
    text: str, wordings: Mapping[str, Wording], shown: str
) -> tuple[str | None, list[Problem]]:
    """Write strings into a catalog.

    Args:
        text: of the catalog.
        wordings: by the English string.
        shown: the catalog's name in problems.

    Returns:
        The new text, or `None` and what prevents it.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    scanner = Scanner(shown)
    for line in lines:
        scanner.read(line)
    scanner.finish()
    if scanner.problems:
        return None, scanner.problems
    left = dict(wordings)
    parts: list[str] = []
    done = 0
    for block in scanner.blocks:
        string = _string(lines, block)
        wording = left.pop(string, None) if string else None
        if wording is None:
            continue
        parts += _without_fuzzy(lines[done : block.first - 1])
        parts += [*lines[block.first - 1 : block.msgstr - 1], *_msgstr(wording)]
        done = _end(lines, block)
    parts += lines[done:]
    return ending.join([*_trimmed(parts, bool(left)), *_appended(left)]), []


def _string(lines: list[str], block: Block) -> str | None:
    """The English of an entry; `None` if it has a context, which ours never have."""
    first = lines[block.first - 1].strip()
    if not first.startswith("msgid"):
        return None
    strings = []
    for line in lines[block.first - 1 : block.msgstr - 1]:
        line = line.strip()
        if line.startswith("msgid_plural"):
            break
        if '"' in line:
            strings.append(unescape(line[line.index('"') :]))
    return "".join(strings)


def _end(lines: list[str], block: Block) -> int:
    """The line after the last string of an entry; blank lines are no part of it."""
    end = block.end - 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def _without_fuzzy(lines: list[str]) -> Iterator[str]:
    """Lines before an entry, without its flag that says the wording does not count."""
    start = len(lines)
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    yield from lines[:start]
    for line in lines[start:]:
        flags = _FLAGS.fullmatch(line.strip())
        if flags is None:
            yield line
            continue
        names = [name.strip() for name in flags[1].split(",")]
        kept = [name for name in names if name != "fuzzy"]
        if kept == names:
            yield line
        elif kept:
            yield f"#, {', '.join(kept)}"


def _msgstr(wording: Wording) -> Iterator[str]:
    for index, form in enumerate(wording.forms):
        name = f"msgstr[{index}]" if wording.plural else "msgstr"
        yield from f"{name} {normalize(form, width=0)}".split("\n")


def _trimmed(lines: list[str], goes_on: bool) -> list[str]:
    """The lines, without blank ones at the end if something is to follow."""
    while goes_on and lines and not lines[-1].strip():
        lines.pop()
    return lines


def _appended(wordings: Mapping[str, Wording]) -> Iterator[str]:
    for string, wording in wordings.items():
        yield ""
        yield from f"msgid {normalize(string, width=0)}".split("\n")
        if wording.plural:
            yield from f"msgid_plural {normalize(wording.plural, width=0)}".split("\n")
        yield from _msgstr(wording)
    if wordings:
        yield ""
