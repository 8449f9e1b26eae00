"""YAML text to nodes with positions.

PyYAML's `compose` keeps the position of every scalar and does not build Python
values, so an `id: no` arrives as the text that was written, together with what
YAML 1.1 would have made of it. The C loader is about ten times faster than the
Python one and gives the same nodes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from checklist.characters import fatal_problems, line_end_problems, normalise, text_problems
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
_NUMBER_1_2: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
)
"""Numbers of the core schema of YAML 1.2 (section 10.3.2)."""
MOST_NESTING: Final = 50
"""Levels of lists and mappings; a checklist needs ten."""


def kind_of(node: yaml.Node) -> str:
    """What a person would call the node, for messages."""
    return _KINDS[type(node)]


def read_as(node: yaml.ScalarNode) -> str | None:
    """What YAML takes an unquoted scalar for if not for text; `None` if it is text.

    Follows YAML 1.1 as PyYAML does: `no`, `on`, `404`, `1.5`, `2026-11-20` and
    an empty value are not text unless quoted. What only YAML 1.2 takes for a
    number, such as `1e3`, counts as one too, as other tools will read it so.
    """
    if not node.style and _NUMBER_1_2.fullmatch(node.value):
        return "a number"
    return _READ_AS.get(node.tag.rpartition(":")[2])


def place_of(node: yaml.Node, path: str) -> Place:
    """Where a node begins."""
    return Place(path, node.start_mark.line + 1, node.start_mark.column + 1)


def read_text(path: Path, shown: str) -> tuple[str | None, list[Problem]]:
    """Read a UTF-8 file; the text, or `None` and the problem that prevents it."""
    try:
        data = _read_whole(path)
    except FileNotFoundError:
        return None, [_whole(shown, "missing-file", "there is no such file; check the path")]
    except IsADirectoryError:
        return None, [_whole(shown, "missing-file", "is a folder; name the YAML file in it")]
    except OSError as error:
        reason = error.strerror or str(error)
        return None, [_whole(shown, "missing-file", f"cannot be read ({reason}); check it")]
    if data is None:
        message = "the file keeps changing while it is read; try again"
        return None, [_whole(shown, "changing-file", message)]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        return None, [Problem(Place(shown, line), "not-utf-8", message)]


def _read_whole(path: Path, tries: int = 3) -> bytes | None:
    """The bytes of a file at one moment; `None` if it changed during every try."""
    for _ in range(tries):
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read()
            after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            return data
    return None


def parse(text: str, path: str) -> tuple[yaml.Node | None, list[Problem]]:
    """Parse one YAML document.

    Returns the root node (`None` if there is none to go on with) and the
    problems of the text and of the YAML itself: line ends, characters, syntax,
    tags, aliases, depth, duplicate keys.
    """
    problems = [*line_end_problems(text, path)]
    text = normalise(text)
    if fatal := list(fatal_problems(text, path)):
        return None, problems + fatal
    problems += text_problems(text, path)
    try:
        refused = list(_refused(text, path))
        root = None if refused else yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return None, [*problems, _syntax_problem(error, text, path)]
    if refused:
        return None, problems + refused
    if root is None:
        message = "the file is empty; see the README for an example"
        return None, [*problems, _whole(path, "empty-file", message)]
    return root, [*problems, *_duplicates(root, path)]


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, path: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return _whole(path, "syntax-error", f"{error.problem}; correct the YAML")
    place = Place(path, mark.line + 1, mark.column + 1)
    line = text.split("\n")[mark.line] if mark.line <= text.count("\n") else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        message = "the line is indented with a tab; indent with spaces"
        return Problem(place, "tab-indentation", message)
    if "cannot start any token" in (error.problem or ""):
        message = (
            f"a text cannot begin with {line[mark.column : mark.column + 1]}; put it in quotes"
        )
        return Problem(place, "syntax-error", message)
    what = " ".join(filter(None, (error.context, error.problem)))
    return Problem(place, "syntax-error", f"{what}; correct the YAML here")


def _refused(text: str, path: str) -> Iterator[Problem]:
    """YAML that is valid but that a checklist does without.

    Looked for in the events, before nodes are made of them: composing recurses,
    so that deep nesting would end the process, and an alias makes the tree a graph.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark = event.start_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        if isinstance(event, yaml.AliasEvent):
            message = f"*{event.anchor} refers to another value; write the value out here"
            yield Problem(place, "alias", message)
        elif _is_foreign(tag := getattr(event, "tag", None)):
            yield Problem(place, "tag", f"the tag {tag} is not for a checklist; delete it")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_NESTING:
                message = f"more than {MOST_NESTING} levels are nested here; flatten them"
                yield Problem(place, "too-deep", message)
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _is_foreign(tag: str | None) -> bool:
    return tag not in (None, "!", "tag:yaml.org,2002:str")


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
