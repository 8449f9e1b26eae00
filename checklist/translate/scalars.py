"""How a wording is written as a YAML scalar.

A scalar keeps its style as long as the wording can be written in it. A candidate is
never trusted: it is parsed, alone and with a neighbour, and has to give the wording back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from checklist.source import parse, read_as
from checklist.wording import columns, fold, wrap

LINE_LIMIT: Final = 100
"""Columns of a line beyond which a wording becomes a block, and at which a block is wrapped."""
LEAST_WIDTH: Final = 40
"""Columns that a block has for its text, however deep it is indented."""
BLOCK_STYLES: Final = ("|", ">")
STEP: Final = 2
"""Columns by which a block is indented where no other block shows the custom."""

_NOT_PLAIN: Final = re.compile(
    r"""^[-?:](?=\s|$)|^[,\[\]{}#&*!|>'"%@`]|:(?=\s|$)|\s\#|[\t\n]""", re.VERBOSE
)
"""What a plain scalar cannot hold (YAML 1.1, section 9.1.3)."""
_NOT_PLAIN_IN_FLOW: Final = re.compile(r"^-|[,\[\]{}:?]")
"""What it cannot hold between braces, also where only some parsers mind."""
_TEXT: Final = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a scalar stands, as far as that decides how it is written."""

    flow: bool
    """Whether it stands between braces."""
    line: bool
    """Whether the wording must be a single line."""
    indent: int
    """Column of the keys of its mapping, 0-based."""
    column: int
    """Columns of its line that are taken before it begins."""
    block_indent: int
    """Column of the text of a block, 0-based."""
    style: str = ""
    """As PyYAML has it: empty for a plain scalar, or `'`, `"`, `|`, `>`."""
    quote: str = "'"
    """The quotes to take if a plain scalar will not do."""
    header: str = "|-"
    """The first characters of a block: style, indentation indicator and chomping."""
    former: str = ""
    """The text that the wording replaces, with its line breaks."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar in YAML."""

    head: str
    """What stands behind the key: the scalar, or the header of a block."""
    body: str = ""
    """The lines of a block, each with the line break before it."""


def written(wording: str, slot: Slot) -> Scalar | None:
    """A wording in the least surprising style that gives it back.

    Args:
        wording: a folded text.
        slot: where it is to stand.

    Returns:
        The scalar; `None` if there is no style for the wording.
    """
    return next((each for each in _candidates(wording, slot) if _gives(each, wording, slot)), None)


def _candidates(wording: str, slot: Slot) -> Iterator[Scalar]:
    """The scalars to try, the best one first."""
    inline = [Scalar(head) for head in _inline(wording, slot)]
    if slot.style in BLOCK_STYLES or _is_better_as_block(wording, slot, inline):
        yield from _blocks(wording, slot)
    yield from inline


def _is_better_as_block(wording: str, slot: Slot, inline: list[Scalar]) -> bool:
    if slot.flow or slot.line:
        return False
    if "\n" in wording:
        return not (slot.style == '"' and "\n" in slot.former.strip())
    heads = (each.head for each in inline if _gives(each, wording, slot))
    return slot.column + columns(next(heads, "")) > LINE_LIMIT


def _inline(wording: str, slot: Slot) -> Iterator[str]:
    """The wording on one line: plain, or in quotes that say it without escapes, or in others."""
    single = "'" + wording.replace("'", "''") + "'"
    if slot.style != '"' and "\n" not in wording:
        if slot.style != "'" and _can_be_plain(wording, slot.flow):
            yield wording
        if slot.style == "'" or slot.quote == "'" or re.search(r'["\\\t]', wording):
            yield single
    yield quoted(wording)


def _can_be_plain(wording: str, flow: bool) -> bool:
    return not _NOT_PLAIN.search(wording) and not (flow and _NOT_PLAIN_IN_FLOW.search(wording))


def quoted(text: str) -> str:
    """A text in double quotes."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\t", "\\t") + '"'


def _blocks(wording: str, slot: Slot) -> Iterator[Scalar]:
    width = max(LINE_LIMIT - slot.block_indent, LEAST_WIDTH)
    literal = "|" + slot.header[1:]
    if slot.style == ">":
        yield _block(slot.header, _folded(wording, slot, width), slot)
    if not slot.line:
        yield _block(literal, _rewrapped(wording, slot.former, width), slot)
        yield _block(literal, wrap(wording, width), slot)
    yield _block(literal, wording, slot)


def _block(header: str, text: str, slot: Slot) -> Scalar:
    indent = " " * slot.block_indent
    return Scalar(header, "".join("\n" + (line and indent + line) for line in text.split("\n")))


def _folded(wording: str, slot: Slot, width: int) -> str:
    """The text of a folded block, where a line break of the text takes one more of the file."""
    parts = re.split(r"(\n+)", wording)
    parts[1::2] = [breaks + "\n" for breaks in parts[1::2]]
    if not slot.line:
        parts[::2] = [wrap(part, width) for part in parts[::2]]
    return "".join(parts)


def _rewrapped(wording: str, former: str, width: int) -> str:
    """The wording wrapped, but for the paragraphs and list entries that are there already."""
    present = _as_written(former)
    return "\n".join(present.get(line) or wrap(line, width) for line in wording.split("\n"))


def _as_written(former: str) -> dict[str, str]:
    """The lines that a text folds to, each with the lines it is written in."""
    found: dict[str, str] = {}
    held: list[str] = []
    for line in former.strip().split("\n"):
        if len(_lines([*held, line])) > 1:
            held = []
        held.append(line)
        found[_lines(held)[0]] = "\n".join(held)
    return found


def _lines(lines: list[str]) -> list[str]:
    """What lines fold to between others, where their indentation and empty lines count."""
    return fold("\n".join(["x", "", *lines, "", "x"])).split("\n")[2:-2]


def _gives(scalar: Scalar, wording: str, slot: Slot) -> bool:
    """Whether a scalar, where it is to stand, is the wording, and what follows is untouched."""
    indent = " " * slot.indent
    if slot.flow:
        source = f"{{a: {scalar.head}, b: c}}\n"
    else:
        source = f"{indent}a: {scalar.head}{scalar.body}\n{indent}b: c\n"
    root, problems = parse(source, "")
    if problems or not isinstance(root, yaml.MappingNode) or len(root.value) != 2:
        return False
    (_, value), (_, neighbour) = root.value
    return neighbour.value == "c" and is_wording(value, wording)


def is_wording(node: yaml.Node, wording: str) -> bool:
    """Whether a node is text that says what the wording says."""
    if not isinstance(node, yaml.ScalarNode) or node.tag != _TEXT or read_as(node):
        return False
    return fold(node.value) == wording
