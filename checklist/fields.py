"""Typed reading of YAML nodes, with a problem for everything that is not as it should be.

A `Reader` belongs to one file and collects that file's problems; `Fields` are
the keys of one mapping in it. A method that cannot give what it is asked for
notes a problem and returns `None`, so that reading goes on and one run finds
every fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import TypeVar

import yaml

from checklist.characters import hidden
from checklist.model import Phrase, Text
from checklist.problems import Place, Problem
from checklist.shapes import ID, LANGUAGE, Shape
from checklist.source import kind_of, place_of, read_as

_T = TypeVar("_T")


@dataclass
class Reader:
    """Reads the nodes of one file and collects its problems."""

    path: str
    lines: tuple[str, ...] = ()
    """The file's lines."""
    languages: tuple[str, ...] = ()
    """Ids of the declared languages; texts may have no others."""
    problems: list[Problem] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    """Every text read so far, in order."""

    def place(self, node: yaml.Node) -> Place:
        """Where a node begins."""
        return place_of(node, self.path)

    def content_place(self, node: yaml.Node) -> Place:
        """Where the text of a scalar begins.

        The text of a literal block (`|`) begins on the next line, at the
        block's indentation; that of any other style where the scalar does.
        """
        if not isinstance(node, yaml.ScalarNode) or node.style != "|":
            return self.place(node)
        line = node.start_mark.line + 1
        first = self.lines[line] if line < len(self.lines) else ""
        own_indent = len(node.value) - len(node.value.lstrip(" "))
        return Place(self.path, line + 1, len(first) - len(first.lstrip(" ")) - own_indent + 1)

    def problem(self, node: yaml.Node, code: str, message: str) -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(self.place(node), code, message))

    def fields(self, node: yaml.Node, shape: Shape) -> Fields | None:
        """The keys of a mapping; unknown and missing ones are problems."""
        if not isinstance(node, yaml.MappingNode):
            self.problem(node, "wrong-type", f"{shape.name} must be a mapping, not {kind_of(node)}")
            return None
        nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # reported with the structure
            if not shape.has(key.value):
                self.problem(
                    key, "unknown-key", unknown(f"key in {shape.name}", key.value, shape.known)
                )
            nodes.setdefault(key.value, value)
        for missing in sorted(shape.required - nodes.keys()):
            self.problem(node, "missing-key", f"{shape.name} has no '{missing}'; add it")
        return Fields(self, node, nodes)

    def string(self, node: yaml.Node, what: str) -> str | None:
        """A scalar that YAML takes for text, and that is not empty."""
        if not isinstance(node, yaml.ScalarNode):
            self.problem(node, "wrong-type", f"{what} must be text, not {kind_of(node)}")
            return None
        seen = read_as(node)
        if seen == "nothing" or not node.value.strip():
            self.problem(node, "empty-value", f"{what} is empty; write it or delete the key")
            return None
        if seen:
            message = f"{what}: YAML reads {node.value} as {seen}; write '{node.value}' in quotes"
            self.problem(node, "ambiguous-scalar", message)
            return None
        value: str = node.value
        # Only here can escapes stand; what is written out was found in the file's text.
        if node.style == '"' and (found := hidden(value)):
            code, name = found
            self.problem(node, code, f"{what} has {name} in an escape; delete it")
            return None
        return value

    def id(self, node: yaml.Node, what: str, pattern: re.Pattern[str] = ID) -> str | None:
        """An identifier that matches the pattern."""
        value = self.string(node, what)
        if value is None or pattern.fullmatch(value):
            return value
        rule = "lower-case words joined by hyphens, such as cap-retries"
        if pattern is LANGUAGE:
            rule = "a BCP 47 tag, such as ko or pt-BR"
        self.problem(node, "malformed-id", f"{what} must be {rule}, not '{value}'")
        return None

    def items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        """The entries of a list."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.problem(node, "wrong-type", f"{what} must be a list, not {kind_of(node)}")
        return []

    def text(self, node: yaml.Node, id: str, *, line: bool = False, limit: int = 0) -> Text | None:
        """A translatable text: a mapping of language to wording.

        Args:
            line: whether the wording must be a single line.
            limit: most characters a wording may have; 0 for no limit.
        """
        if not isinstance(node, yaml.MappingNode):
            example = f"{{{self.languages[0]}: …}}" if self.languages else "a mapping"
            message = f"{id} must have its languages side by side, as {example}"
            self.problem(node, "wrong-type", message)
            return None
        return self.phrases(node, id, skip=(), line=line, limit=limit)

    def phrases(
        self, node: yaml.MappingNode, id: str, *, skip: Iterable[str], line: bool, limit: int = 0
    ) -> Text | None:
        """The text whose languages are keys of the mapping, beside the keys to skip."""
        phrases: dict[str, Phrase] = {}
        faulty: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in skip:
                continue
            before = len(self.problems)
            if self.languages and key.value not in self.languages:
                message = unknown("language", key.value, self.languages)
                self.problem(key, "undeclared-language", message)
            elif (wording := self._wording(value, f"{id} ({key.value})", line, limit)) is not None:
                literal = isinstance(value, yaml.ScalarNode) and value.style == "|"
                phrase = Phrase(wording, key.value, self.content_place(value), literal)
                phrases.setdefault(key.value, phrase)
            if len(self.problems) > before:
                faulty.add(key.value)
        text = Text(id, self.place(node), phrases, frozenset(faulty), line, limit)
        self.texts.append(text)
        return text

    def _wording(self, node: yaml.Node, what: str, line: bool, limit: int) -> str | None:
        wording = self.string(node, what)
        if wording is None:
            return None
        wording = wording.strip()
        if line and "\n" in wording:
            self.problem(node, "not-one-line", f"{what} must be one line; join its lines")
        elif limit and len(wording) > limit:
            message = f"{what} has {len(wording)} characters; shorten it to {limit}"
            self.problem(node, "too-long", message)
        return wording


@dataclass(frozen=True)
class Fields:
    """The keys of one mapping."""

    reader: Reader
    node: yaml.MappingNode
    nodes: Mapping[str, yaml.Node]

    @property
    def place(self) -> Place:
        """Where the mapping begins."""
        return self.reader.place(self.node)

    def string(self, key: str) -> str | None:
        """The text under a key, or `None`."""
        return self._read(key, self.reader.string)

    def id(self, key: str = "id", pattern: re.Pattern[str] = ID) -> str | None:
        """The identifier under a key, or `None`."""
        return self._read(key, lambda node, what: self.reader.id(node, what, pattern))

    def text(self, key: str, id: str, *, line: bool = False, limit: int = 0) -> Text | None:
        """The translatable text under a key, or `None`."""
        return self._read(key, lambda node, _: self.reader.text(node, id, line=line, limit=limit))

    def sequence(self, key: str) -> list[yaml.Node]:
        """The entries of the list under a key; none if it is absent."""
        return self._read(key, self.reader.items) or []

    def strings(self, key: str) -> list[tuple[str, yaml.Node]]:
        """The texts of the list under a key, each with its node."""
        entries = (
            (self.reader.string(node, f"an entry of '{key}'"), node) for node in self.sequence(key)
        )
        return [(value, node) for value, node in entries if value is not None]

    def mapping(self, key: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """The key and value nodes of the mapping under a key; none if it is absent."""
        node = self.nodes.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.MappingNode):
            self.reader.problem(
                node, "wrong-type", f"'{key}' must be a mapping, not {kind_of(node)}"
            )
            return []
        return [(name, value) for name, value in node.value if isinstance(name, yaml.ScalarNode)]

    def matching(self, key: str, pattern: re.Pattern[str], rule: str) -> str | None:
        """Text under a key that matches a pattern; the rule says what that means."""
        value = self.string(key)
        if value is None or pattern.fullmatch(value):
            return value
        self.reader.problem(
            self.nodes[key], "malformed-value", f"'{key}' must be {rule}, not '{value}'"
        )
        return None

    def choice(self, key: str, options: Iterable[str]) -> str | None:
        """One of the options, or `None`."""
        value = self.string(key)
        options = list(options)
        if value is None or value in options:
            return value
        self.reader.problem(self.nodes[key], "unknown-value", unknown(f"'{key}'", value, options))
        return None

    def flag(self, key: str, default: bool) -> bool:
        """A `true` or `false`."""
        value = self._typed(key, "true or false", "true or false")
        return default if value is None else value.lower() in ("true", "yes", "on")

    def integer(self, key: str) -> int | None:
        """A whole number, or `None`."""
        value = self._typed(key, "a number", "a whole number")
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value):
            self.reader.problem(self.nodes[key], "wrong-type", f"'{key}' must be a whole number")
            return None
        return int(value)

    def date(self, key: str) -> date | None:
        """A day as `2026-11-20`, or `None`."""
        value = self._typed(key, "a date", "a day such as 2026-11-20")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            message = f"'{key}' must be a day such as 2026-11-20, not {value}"
            self.reader.problem(self.nodes[key], "wrong-type", message)
            return None

    def _typed(self, key: str, expected: str, name: str) -> str | None:
        """The scalar under a key if YAML reads it as expected."""
        node = self.nodes.get(key)
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode) and read_as(node) == expected:
            value: str = node.value
            return value
        self.reader.problem(node, "wrong-type", f"'{key}' must be {name}, without quotes")
        return None

    def _read(self, key: str, read: Callable[[yaml.Node, str], _T]) -> _T | None:
        node = self.nodes.get(key)
        return None if node is None else read(node, f"'{key}'")


def unknown(what: str, value: str, known: Iterable[str]) -> str:
    """A message about a name that is not known, with the nearest one that is."""
    known = list(known)
    near = get_close_matches(value, known, n=1)
    if near:
        remedy = f"did you mean '{near[0]}'?"
    else:
        remedy = f"use one of: {', '.join(known)}" if known else "declare it first"
    return f"unknown {what} '{value}'; {remedy}"
