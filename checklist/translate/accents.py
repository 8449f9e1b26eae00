"""A pseudo-language: the original with accents, in brackets and two fifths longer.

What shows up without accents was never translated, what lacks a bracket was cut off, and what
does not fit would not fit in Finnish either. Only letters change: code, addresses,
placeholders, tags and the marks of Markdown stay, so that links work and checks pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

OPEN: Final = "⟦"
CLOSE: Final = "⟧"
"""Brackets without a meaning: `[` is a link, `(` a target, `{` a placeholder, `<` a tag."""
GROWTH: Final = 0.4
"""How much longer a text gets; so much do German or Finnish make of English."""
ACCENTS: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž",
)
"""Letters one for one, all of them Latin, composed, and still to be read."""
_PADDING: Final = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor "
_KEPT_PATTERN: Final = "|".join(
    (
        r"\\[!-/:-@\[-`{-~]",  # an escaped character
        r"(?P<ticks>`+)(?!`)(?:.+?)(?<!`)(?P=ticks)(?!`)",  # code
        r"<(?P<raw>code|kbd|pre|samp|script|style|var)\b[^>]*>.*?</(?P=raw)>",
        r"<!--.*?-->",
        r"<[A-Za-z/!?][^>]*>",  # a tag, or an address in angle brackets
        r"&#?[A-Za-z0-9]+;",
        r"(?<=\])\((?:[^()\n]|\([^()\n]*\))*\)",  # the target of a link
        r"(?<=\])\[[^\]\n]*\]",  # the name of a target
        r"\[\^[^\]\n]+\]",  # a footnote
        r"\{[^{}\n]*\}",  # a placeholder, or attributes
        r"(?:https?://|mailto:|www\.)[^\s<>]*[^\s<>.,:;!?*_)\]]",
        r"(?<!\w):[a-z0-9_+-]+:(?!\w)",  # an icon
    )
)
_KEPT: Final = re.compile(_KEPT_PATTERN, re.DOTALL)
_CELL: Final = re.compile(rf"(?:{_KEPT_PATTERN}|[^|])+", re.DOTALL)
_TEXT_RUN: Final = re.compile(rf"(?P<kept>{_KEPT_PATTERN})|[^<]+|<", re.DOTALL)

_FENCE: Final = re.compile(r"[ \t]*(?P<marks>`{3,}(?=[^`]*$)|~{3,})")
_MARKER: Final = re.compile(r"(?P<indent>[ \t]*)(?:[-+*]|[0-9]+[.)]|:)[ \t]+")
_ALONE: Final = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]|\|"
    r"|\[(?:[^\[\]`\\]|`[^`]*`)+\]\([^()\s]*\)(?:\{[^{}]*\})?[ \t]*$)"
)
"""A line that is complete in itself: a heading, a row of a table, a link with nothing beside it."""
_TITLED: Final = re.compile(r"[ \t]*(?:!!!|\?\?\?\+?|===)[ \t]+[^\n]*$")
"""The first line of an admonition or a tab, with its title in quotes."""
_VERBATIM: Final = re.compile(r"[ \t>]*$|[ ]{0,3}\*?\[(?!\^)[^\]\n]+\]:[ \t]")
"""A blank line, or the definition of a link or an abbreviation."""
_HTML: Final = re.compile(r"[ \t]*<(?:[A-Za-z/][^:@\s>]*[\s>/]|!--|[A-Za-z][^:@\s>]*$)")
_OPEN_BLOCK: Final = re.compile(r"<(?:!--(?!.*?-->)|(script|style|pre)\b(?!.*?</\1>))", re.DOTALL)
"""HTML that takes everything up to its end, blank lines too."""
_OPEN_TAG: Final = re.compile(r"<[A-Za-z/][^<>]*\Z")
_PREFIX: Final = re.compile(
    r"(?:[ \t]*(?:[-+*]|[0-9]+[.)]|:|#{1,6}|\[\^[^\]\n]+\]:)[ \t]+|[ \t]*>)*[ \t]*(?:\[[ xX]\][ ])?"
)
_ATTRIBUTES: Final = r"\{:?[ ]*(?:[.#]|[\w-]+=)[^{}\n]*\}"
_SUFFIX: Final = re.compile(
    rf"(?:[ \t]+#+|[ \t]+{_ATTRIBUTES}|\n[ \t]*(?:=+|-+|{_ATTRIBUTES}))*\s*\Z"
)
"""What stands behind a paragraph or heading without being part of its text."""
_END_MARK: Final = re.compile(r"(?<=\S)[.:!?…]+\Z")
"""The punctuation that a paragraph ends in, and still has to end in."""
_LINK_ALONE: Final = re.compile(r"(?P<open>\[)(?P<label>.*)(?P<close>\]\(.*)", re.DOTALL)


def pseudo(text: str, limit: int = 0) -> str:
    """A text in the pseudo-language.

    Args:
        text: Markdown of any extent, or an interface string.
        limit: most characters that it may have; 0 for no limit. A text that has no room for
            it gets less padding, or none and no brackets either.
    """
    for growth in (GROWTH, GROWTH / 2, 0.0):
        longer = _pseudo(text, growth)
        if not limit or len(longer) <= limit:
            return longer
    return _accented(text)


def _pseudo(text: str, growth: float) -> str:
    return "\n".join(
        _block(block, growth) if is_prose else block
        for is_prose, block in _blocks(text.split("\n"))
    )


def _blocks(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """The paragraphs, list entries, headings and rows of a text, and whether they are prose."""
    held: list[str] = []
    for line, is_kept in zip(lines, _kept_lines(lines), strict=True):
        block = "\n".join(held)
        if _OPEN_BLOCK.search(block) or (held and not is_kept and _continues(block, line)):
            held.append(line)
            continue
        if held:
            yield True, block
            held = []
        if is_kept:
            yield False, line
        else:
            held = [line]
    if held:
        yield True, "\n".join(held)


def _kept_lines(lines: list[str]) -> Iterator[bool]:
    """For each line whether it is code, blank or a definition."""
    closing = ""
    nesting = -1  # indentation of the list that we are in
    is_blank = True
    for line in lines:
        indent = len(line) - len(line.lstrip())
        fence = _FENCE.match(line)
        if closing or fence:
            yield True
            if not closing and fence:
                closing = fence["marks"]
            elif line.strip().startswith(closing) and not line.strip().strip(closing[0]):
                closing = ""
            continue
        if _MARKER.match(line) or _TITLED.match(line):
            nesting = indent
        elif line.strip() and not indent:
            nesting = -1
        # Indented lines of a paragraph are none of code.
        is_code = is_blank and indent >= (4 if nesting < 0 else nesting + 8)
        yield is_code or _VERBATIM.match(line) is not None
        is_blank = is_code or not line.strip()


def _continues(block: str, line: str) -> bool:
    """Whether a line goes on with the paragraph that is held."""
    if _OPEN_TAG.search(block):
        return True
    last = block.rpartition("\n")[2]
    if any(each.match(last) for each in (_ALONE, _TITLED, _HTML)):
        return False
    if any(each.match(line) for each in (_ALONE, _TITLED, _HTML, _MARKER)):
        return False
    return line.lstrip().startswith(">") == block.lstrip().startswith(">")


def _block(block: str, growth: float) -> str:
    if _TITLED.match(block):
        return re.sub(r'"([^"]+)"', lambda title: f'"{_enclosed(title[1], growth)}"', block)
    if _HTML.match(block):
        return _TEXT_RUN.sub(
            lambda run: run[0] if run["kept"] else _enclosed(run[0], growth), block
        )
    if block.lstrip().startswith("|"):
        return _CELL.sub(lambda cell: _enclosed(cell[0], growth), block)
    prefix = _PREFIX.match(block)
    start = prefix.end() if prefix else 0
    body = block[start:]
    link = _LINK_ALONE.fullmatch(body) if _ALONE.match(body) and body.startswith("[") else None
    if link:
        return block[:start] + f"[{_enclosed(link['label'], growth)}{link['close']}"
    return block[:start] + _enclosed(body, growth)


def _enclosed(text: str, growth: float) -> str:
    """A text of one paragraph with accents, padding and brackets."""
    suffix = _SUFFIX.search(text)
    end = suffix.start() if suffix else len(text)
    core = text[:end].lstrip()
    if not any(map(str.isalpha, _KEPT.sub("", core))):
        return text
    padding = _padding(round(visible_length(core) * growth) - len(OPEN + CLOSE))
    if not padding and re.search(r"(?:https?://|www\.)\S*$", core):
        padding = " "  # or the bracket would be part of the address
    before = text[: end - len(core)]
    kept = max((each.end() for each in _KEPT.finditer(core)), default=0)
    mark = _END_MARK.search(core, kept)
    said, last = (core[: mark.start()], mark[0]) if mark else (core, "")
    return f"{before}{OPEN}{_accented(said)}{padding}{CLOSE}{last}{text[end:]}"


def _padding(length: int) -> str:
    """A space and words, of about so many characters."""
    if length < 2:
        return ""
    words = _PADDING * (length // len(_PADDING) + 2)
    end = length - 1 if words[length - 2] != " " else length
    return f" {words[:end]}".translate(ACCENTS)


def _accented(text: str) -> str:
    pieces, end = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [text[end : kept.start()].translate(ACCENTS), kept[0]]
        end = kept.end()
    return "".join([*pieces, text[end:].translate(ACCENTS)])


def visible_length(text: str) -> int:
    """Characters of a paragraph that a reader sees, about."""
    shown = _KEPT.sub(lambda kept: _shown(kept[0]), text)
    return len(" ".join(re.sub(r"[*\[\]]|(?<!\w)_|_(?!\w)|^!", "", shown).split()))


def _shown(kept: str) -> str:
    """What a reader sees of a piece that is kept."""
    if kept.startswith("`"):
        return kept.strip("`").strip()
    if kept.startswith("\\"):
        return "x"
    if kept.startswith("&"):
        return unescape(kept)
    if kept.startswith("<"):
        return re.sub(r"<(?!https?:|mailto:)[^>]*>", "", kept).strip("<>")
    is_hidden = kept.startswith(("(", "[")) or re.fullmatch(_ATTRIBUTES, kept)
    return "" if is_hidden else kept
