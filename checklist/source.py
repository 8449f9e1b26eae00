"""YAML text to nodes with positions.

PyYAML's `compose` keeps the position of every scalar and does not build Python
values, so an `id: no` arrives as the text that was written, together with what
YAML 1.1 would have made of it. The C loader is about ten times faster than the
Python one and gives the same nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from checklist.problems import Place, Problem

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_KINDS = {
    yaml.ScalarNode: "a single value",
    yaml.SequenceNode: "a list",
    yaml.MappingNode: "a mapping",
}
_READ_AS = {
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "null": "nothing",
    "timestamp": "a date",
}


def kind_of(node: yaml.Node) -> str:
    """What a person would call the node, for messages."""
    return _KINDS[type(node)]


def read_as(node: yaml.ScalarNode) -> str | None:
    """What YAML takes an unquoted scalar for if not for text; `None` if it is text.

    Follows YAML 1.1 as PyYAML does: `no`, `on`, `404`, `1.5`, `2026-11-20` and
    an empty value are not text unless quoted.
    """
    return _READ_AS.get(node.tag.rpartition(":")[2])


def place_of(node: yaml.Node, path: str) -> Place:
    """Where a node begins."""
    return Place(path, node.start_mark.line + 1, node.start_mark.column + 1)


def read_text(path: Path, shown: str) -> tuple[str | None, list[Problem]]:
    """Read a UTF-8 file; the text, or `None` and the problem that prevents it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [_whole(shown, "missing-file", "there is no such file; check the path")]
    except IsADirectoryError:
        return None, [_whole(shown, "missing-file", "is a folder; name the YAML file in it")]
    except OSError as error:
        reason = error.strerror or str(error)
        return None, [_whole(shown, "missing-file", f"cannot be read ({reason})")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        return None, [Problem(Place(shown, line), "not-utf-8", message)]


def parse(text: str, path: str) -> tuple[yaml.Node | None, list[Problem]]:
    """Parse one YAML document.

    Returns the root node (`None` if there is none to go on with) and the
    problems of the YAML itself: syntax, duplicate keys, aliases.
    """
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        what = " ".join(filter(None, (error.context, error.problem)))
        return None, [Problem(place, "syntax-error", f"{what}; correct the YAML here")]
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        character = f"U+{ord(text[error.position]):04X}"
        message = f"the character {character} is not allowed in YAML; delete it"
        return None, [Problem(place, "syntax-error", message)]
    if root is None:
        return None, [
            _whole(path, "empty-file", "the file is empty; see the README for an example")
        ]
    aliases = list(_aliases(text, path)) if "*" in text else []
    # An alias makes the tree a graph, in which the same fault would be found again and again.
    return (None, aliases) if aliases else (root, list(_duplicates(root, path)))


def _aliases(text: str, path: str) -> Iterator[Problem]:
    """Aliases: they hide where a text comes from, and a few lines of them can fill the memory."""
    for event in yaml.parse(text, Loader=_Loader):
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent) and mark:
            place = Place(path, mark.line + 1, mark.column + 1)
            message = f"*{event.anchor} refers to another value; write the value out here"
            yield Problem(place, "alias", message)


def _duplicates(root: yaml.Node, path: str) -> Iterator[Problem]:
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            todo.extend(value for _, value in node.value)
            yield from _duplicate_keys(node, path)


def _duplicate_keys(node: yaml.MappingNode, path: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield Problem(place_of(key, path), "wrong-type", "a key must be plain text; rename it")
        elif key.value in first:
            message = f"key '{key.value}' is already on line {first[key.value]}; keep one of them"
            yield Problem(place_of(key, path), "duplicate-key", message)
        else:
            first[key.value] = key.start_mark.line + 1


def _whole(path: str, code: str, message: str) -> Problem:
    return Problem(Place(path), code, message)
