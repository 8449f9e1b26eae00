"""One more entry in a YAML list or mapping, and not a byte of the rest is touched.

The entry is written as its neighbours are: in a line of its own or between brackets,
as a mapping of several lines or in braces. The positions come from the nodes that
YAML itself made of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

import yaml

from checklist.scaffold import scalar

Entry = str | Mapping[str, str | bool]
"""A text, or the keys of a mapping."""

_REST_OF_LINE: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n)")
"""White space and a comment before the end of a line."""
_COMMA: Final = re.compile(r"[ \t]*,")


def append_entry(text: str, entries: yaml.SequenceNode, entry: Entry) -> str:
    """The text with an entry after the last one of a list.

    Args:
        text: that the node was composed from.
        entries: a list with at least one entry.
        entry: what to add.
    """
    last = entries.value[-1]
    if entries.flow_style:
        return _in_brackets(text, entries, last, _inline(entry, text, last))
    column = entries.start_mark.column
    start = _line_start(text, last.start_mark.index)
    dash = text[start + column : last.start_mark.index]
    dash = dash if dash.startswith("-") and not dash[1:].strip() else "- "
    lines = _lines(entry, text, last)
    indents = [" " * column + dash, *[" " * (column + len(dash))] * (len(lines) - 1)]
    return _below(text, last, [i + line for i, line in zip(indents, lines, strict=True)])


def insert_key(text: str, mapping: yaml.MappingNode, after: yaml.Node, key: str, value: str) -> str:
    """The text with a key and a plain value in a mapping, after one of the values in it."""
    if mapping.flow_style:
        return _in_brackets(text, mapping, after, f"{key}: {value}")
    return _below(text, after, [f"{' ' * mapping.start_mark.column}{key}: {value}"])


def replace_node(text: str, node: yaml.Node, value: str) -> str:
    """The text with something else in the place of a node that stands in one line."""
    return text[: node.start_mark.index] + value + text[node.end_mark.index :]


def value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value under a key; `None` if it is absent or the node is no mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _lines(entry: Entry, text: str, neighbour: yaml.Node) -> list[str]:
    """An entry of a list in lines; with its keys below each other if its neighbour has it so."""
    if isinstance(entry, str) or not _is_block_mapping(neighbour):
        return [_inline(entry, text, neighbour)]
    quote = _quotes(neighbour)
    return [
        f"{_scalar(key, quote)}: {_scalar(value, quote and isinstance(value, str))}"
        for key, value in entry.items()
    ]


def _inline(entry: Entry, text: str, neighbour: yaml.Node) -> str:
    quote = _quotes(neighbour)
    if isinstance(entry, str):
        return _scalar(entry, quote, flow=True)
    pairs = ", ".join(
        f"{_scalar(key, quote, flow=True)}: {_scalar(value, quote, flow=True)}"
        for key, value in entry.items()
    )
    inner = text[neighbour.start_mark.index + 1]
    space = " " if isinstance(neighbour, yaml.MappingNode) and inner == " " else ""
    return f"{{{space}{pairs}{space}}}"


def _scalar(value: str | bool, quote: bool, flow: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if quote else scalar(value, flow)


def _is_block_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.flow_style


def _quotes(node: yaml.Node) -> bool:
    """Whether a neighbour is written as JSON is."""
    if isinstance(node, yaml.MappingNode) and node.value:
        node = node.value[0][0]
    return isinstance(node, yaml.ScalarNode) and node.style == '"'


def _in_brackets(text: str, collection: yaml.Node, after: yaml.Node, inline: str) -> str:
    """Put something between brackets or braces, in a line of its own if its neighbour has one."""
    end = after.end_mark.index
    start = _line_start(text, after.start_mark.index)
    if start <= collection.start_mark.index:
        return f"{text[:end]}, {inline}{text[end:]}"
    indent = re.match(r"[ \t]*", text[start:])
    inline = _newline(text) + (indent[0] if indent else "") + inline
    comma = _COMMA.match(text, end)
    here = comma.end() if comma else end
    rest = _REST_OF_LINE.match(text, here)
    there = rest.end() if rest else here  # a comment belongs to what it stands beside
    added = f"{inline}," if comma else inline
    before = text[:here] if comma else f"{text[:end]},"
    return before + text[here:there] + added + text[there:]


def _below(text: str, after: yaml.Node, lines: list[str]) -> str:
    """Put lines below the last line of a node."""
    newline = _newline(text)
    end = text.find("\n", _content_end(text, after)) + 1
    if not end:
        return text + newline + newline.join(lines)
    return text[:end] + "".join(line + newline for line in lines) + text[end:]


def _content_end(text: str, node: yaml.Node) -> int:
    """Where a node ends; YAML counts the blank lines and comments below it as part of it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        end = len(text[:end].rstrip())
    return end


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
