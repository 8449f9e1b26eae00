"""What a text consists of: what is read of it, its blocks, code, addresses and emphasis.

Markdown is scanned only as far as rules of quality ask, so that they run wherever the base
package is installed. Emphasis follows the delimiter runs of CommonMark (section 6.2), which
are stricter than Python-Markdown about `**굵게(x)**를`: what holds there holds everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

from checklist.checks.markup import HOLDER

VOID: Final = "\x01"
"""Stands for a character of the source that a reader does not see, such as a link's address."""
KEPT: Final = 8192
"""Texts whose parts are kept: several rules and several languages ask for the same."""

_FENCED: Final = re.compile(
    r"^[ \t]*(?P<marks>`{3,}|~{3,})[^\n`]*\n(?P<code>.*?)(?:^[ \t]*(?P=marks)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_WORDING: Final = re.compile(r"(?<!\S)#.*|\"[^\"\n]*\"")
"""What is translated in code: comments, and what a reader puts in, as in `--by "Your Name"`."""
_SPAN: Final = re.compile(r"(?<!\\)(?<!(?<!\\)`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_PIECE: Final = re.compile(
    r"""
    (?P<held> \\[!-/:-@\[-`{-~]                               # an escaped mark
      | <(?P<auto>[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]+)>
      | (?P<bare>https?://[!#-&*-;=?-Z_a-z~]*[#-&*+/0-9=@-Z_a-z~-]) )
    | (?<=\])\(\s*(?P<target><[^<>\n]*>|(?:[^\s()<>\\]|\\.|\((?:[^\s()]|\([^\s()]*\))*\))*)
      (?:\s+(?:"[^"]*"|'[^']*'))?\s*\)
    | ^[ ]{0,3}\[[^\]\n]+\]:[ ]*(?P<definition>\S+)[^\n]*
    | <!--(?:(?!<!--|-->).)*--> | <(?P<tag>/?[A-Za-z][\w-]*)[^<>]*>
    | (?P<attributes>\{[ ]?[:.\#][^{}\n]*\} | \{[^{}=\n]*=[^{}\n]*\})
    | (?P<placeholder>\{[^{}\s]*\})
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_HAS_PIECE: Final = re.compile(r"[\\<{]|\]\(|://|\]:")
_URLS: Final = ("auto", "bare", "target", "definition")

Part = tuple[int, str]
"""Offset of something, and what it is when compared."""


class Elements(NamedTuple):
    """The parts of a text, each in the order of the text."""

    plain: str
    """A text of the same length with what is read in it: `HOLDER`s for code, addresses,
    placeholders and escaped marks, `VOID`s for code blocks and what is not read at all."""
    codes: tuple[Part, ...]
    urls: tuple[Part, ...]
    tags: tuple[Part, ...]
    """Tags without their attributes, and the attribute lists of Markdown."""


@lru_cache(KEPT)
def elements(text: str) -> Elements:
    """Take a text to pieces."""
    prose, codes = _without_code(text)
    if not _HAS_PIECE.search(prose):
        return Elements(prose, codes, (), ())
    urls: list[Part] = []
    tags: list[Part] = []
    for match in _PIECE.finditer(prose):
        if url := next((name for name in _URLS if match[name]), None):
            urls.append((match.start(url), match[url].strip("<>")))
        elif match["tag"]:
            tags.append((match.start(), f"<{match['tag'].lower()}>"))
        elif match["attributes"]:
            tags.append((match.start(), " ".join(match[0].split())))
    return Elements(_PIECE.sub(_piece_filled, prose), codes, tuple(urls), tuple(tags))


def _without_code(text: str) -> tuple[str, tuple[Part, ...]]:
    codes: list[Part] = []
    if "```" in text or "~~~" in text:
        for block in _FENCED.finditer(text):
            # How deep a block stands depends on its list.
            lines = _WORDING.sub("", block["code"]).strip().split("\n")
            codes.append((block.start(), "\n".join(line.strip() for line in lines)))
        text = _FENCED.sub(lambda match: _filled(match[0], VOID), text)
    if "`" in text:
        codes += [(span.start(), " ".join(span[2].split())) for span in _SPAN.finditer(text)]
        text = _SPAN.sub(lambda match: _filled(match[0], HOLDER), text)
    return text, tuple(sorted(codes))


def _filled(text: str, filler: str) -> str:
    return "\n".join(filler * len(line) for line in text.split("\n"))


def _piece_filled(match: re.Match[str]) -> str:
    is_read = match["held"] or match["placeholder"]
    return _filled(match[0], HOLDER if is_read else VOID)


class Block(NamedTuple):
    """A paragraph, a list entry or the like."""

    kind: str
    start: int
    """Of its text, behind the mark."""
    end: int


_META: Final = re.compile(r"\A---\n(?:.*\n)*?---(?=\n)")
_MARK: Final = re.compile(
    r"[ \t]*(?:(?P<entry>(?:[-+*]|[0-9]+[.)])[ \t]+)|(?P<heading>#{1,6}[ \t])|(?P<row>\|)|>[ ]?)?"
)
_NOTHING: Final = re.compile(rf"(?:---)?[\s{VOID}]*")


@lru_cache(KEPT)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text that have something to read, without code blocks."""
    found: list[Block] = []
    offset, open_ = 0, ""
    meta = _META.match(text)
    for line in elements(text).plain.split("\n"):
        start, offset = offset, offset + len(line) + 1
        mark = _MARK.match(line)
        kind = (mark and mark.lastgroup) or "paragraph"
        if _NOTHING.fullmatch(line):
            open_ = ""
            continue
        if meta and start < meta.end():
            open_, kind = "", "property"
        # Python-Markdown begins no list within a paragraph.
        elif open_ and (kind == "paragraph" or (kind, open_) == ("entry", "paragraph")):
            found[-1] = found[-1]._replace(end=start + len(line.rstrip()))
            continue
        begin, end = start + (mark.end() if mark else 0), start + len(line.rstrip())
        open_ = kind if kind in ("paragraph", "entry") and begin < end else ""
        if begin < end:
            found.append(Block(kind, begin, end))
    return tuple(found)


@lru_cache(KEPT)
def readings(text: str) -> dict[str, Block]:
    """The blocks of a text by what is read in them; not to be changed."""
    prose = elements(text).plain
    return {" ".join(prose[block.start : block.end].split()): block for block in blocks(text)}


class Emphasis(NamedTuple):
    """How often a text emphasises, and the marks that emphasise nothing."""

    strong: int
    em: int
    stray: tuple[int, ...]


_RUN: Final = re.compile(r"\*{1,3}|_{1,3}")


@lru_cache(KEPT)
def emphasis(text: str) -> Emphasis:
    """Strong and plain emphasis in a text."""
    prose = elements(text).plain
    strong = em = 0
    stray: list[int] = []
    for block in blocks(text) if "*" in prose or "_" in prose else ():
        openers: list[re.Match[str]] = []
        waiting: Counter[str] = Counter()
        for run in _RUN.finditer(prose, block.start, block.end):
            marks = run[0]
            opens, closes = _flanking(prose, run)
            if closes and waiting[marks]:
                strong, em = strong + (len(marks) > 1), em + (len(marks) != 2)
                while waiting[marks] and (last := openers.pop()):
                    waiting[last[0]] -= 1
                    if last[0] == marks:
                        break
                    stray.append(last.start())
            elif opens:
                openers.append(run)
                waiting[marks] += 1
            elif closes:
                stray.append(run.start())
        stray += [opener.start() for opener in openers]
    return Emphasis(strong, em, tuple(sorted(stray)))


def _flanking(prose: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Whether a run can open and whether it can close emphasis."""
    before = _class_of(prose[run.start() - 1 : run.start()])
    after = _class_of(prose[run.end() : run.end() + 1])
    left = after == 2 or (after == 1 and before < 2)
    right = before == 2 or (before == 1 and after < 2)
    if run[0][0] == "*":
        return left, right
    return left and (not right or before == 1), right and (not left or after == 1)


def _class_of(character: str) -> int:
    """0 for space, 1 for punctuation, 2 for what is part of a word."""
    if not character.strip():
        return 0
    return 1 if character == VOID or unicodedata.category(character)[0] in "PS" else 2
