"""Changed wordings back into the YAML, and nothing else.

No dumper keeps comments, quotes and line breaks as people wrote them. So the positions
of the scalars are looked up, the new text goes to where the old one stood, and then the
result is parsed and compared: whatever was not asked for has to be as it was.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from checklist.characters import fatal_problems, text_problems
from checklist.load import loads, no_cyclic_garbage
from checklist.model import Checklist, Text
from checklist.problems import Place, Problem, has_errors
from checklist.source import parse, place_of
from checklist.translate.scalars import (
    BLOCK_STYLES,
    STEP,
    Scalar,
    Slot,
    is_wording,
    quoted,
    written,
)
from checklist.wording import columns, fold

Edit = tuple[int, int, str]
"""Offsets in the source, and what is to stand between them."""

_PROPERTIES: Final = re.compile(r"(?:(?:!<[^>]*>|[!&][^\s,\[\]{}]*)(?:\s|(?<=\s)#[^\n]*\n)+)*")
"""Tag and anchor of a node, which the positions of PyYAML count as part of it."""
_HEADER: Final = re.compile(r"[|>][-+0-9]*")
_QUESTION: Final = re.compile(r"\?[ \t]+\Z")
"""The mark of a key that is written as `? key`."""
_FAR: Final = 80
"""Characters within which the mark is looked for: the whole file can be one line."""
_AMBIGUOUS_KEYS: Final = ("no", "on", "off", "yes")
"""Languages, by their looks, that YAML 1.1 reads as true or false."""


def splice(
    text: str, changes: Mapping[tuple[str, str], str], shown: str
) -> tuple[str | None, list[Problem]]:
    """Write changed wordings into a checklist.

    Args:
        text: of the YAML file.
        changes: new wordings by id of the message and language, in Markdown. One that says
            what is there already, apart from its line breaks, changes nothing.
        shown: the file's name in problems.

    Returns:
        The new text, or `None` and everything that is in the way: faults of the source, or
        else of the changes. Only the scalars concerned are different in the new text, and a
        language that was missing stands behind the one declared before it.
    """
    with no_cyclic_garbage():
        checklist, problems = loads(text, shown)
        if checklist is None or has_errors(problems):
            return None, problems
        wanted, problems = _wanted(checklist, changes, shown)
        if problems or not wanted:
            return (None, sorted(problems)) if problems else (text, [])
        return _spliced(text, checklist, wanted, shown)


def _wanted(
    checklist: Checklist, changes: Mapping[tuple[str, str], str], shown: str
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """The changes that are some, by id and language, and what is wrong with any."""
    texts = {text.id: text for text in checklist.texts}
    languages = {language.id for language in checklist.languages}
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    problems: list[Problem] = []
    for (id, language), wording in changes.items():
        if id not in texts:
            message = f"there is no text '{id}' (any more); correct the id, or drop the wording"
            problems.append(Problem(Place(shown), "unknown-message", message))
            continue
        phrase = texts[id].phrases.get(language)
        folded = fold(wording)
        if phrase and fold(phrase.text) == folded:
            continue
        place = phrase.place if phrase else texts[id].place
        faults = _faults(texts[id], language, folded, languages)
        problems += [Problem(place, code, f"{id} ({language}) {what}") for code, what in faults]
        wanted[id][language] = folded
    return wanted, problems


def _faults(
    text: Text, language: str, wording: str, languages: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """What the loader would say of a wording: codes, and messages without the id."""
    if language not in languages:
        declared = ", ".join(sorted(languages))
        yield "undeclared-language", f"is in a language the file does not declare; use {declared}"
    if not wording:
        yield "empty-value", "would be empty; delete the language by hand if that is meant"
    if text.line and "\n" in wording:
        yield "not-one-line", "must be one line; join its lines"
    elif text.limit and len(wording) > text.limit:
        yield "too-long", f"has {len(wording)} characters; shorten it to {text.limit}"
    for problem in (*fatal_problems(wording, ""), *text_problems(wording, "")):
        if problem.code != "conflict-marker":  # which it is only where a line begins with it
            yield problem.code, f"cannot be written: {problem.message}"


def _spliced(
    text: str, checklist: Checklist, wanted: Mapping[str, Mapping[str, str]], shown: str
) -> tuple[str | None, list[Problem]]:
    root, _ = parse(text, shown)
    assert root  # noqa: S101 - `loads` has parsed it
    mappings = {place_of(node, shown): node for node in _mappings(root)}
    order = [language.id for language in checklist.languages]
    quote = _usual_quote(root)
    edits: list[Edit] = []
    asked: dict[yaml.Node, Mapping[str, str]] = {}
    problems: list[Problem] = []
    for each in checklist.texts:
        if each.id in wanted:
            asked[mappings[each.place]] = wanted[each.id]
            editor = _Editor(text, each, mappings[each.place], order, quote)
            edits += editor.edits(wanted[each.id])
            problems += editor.problems
    if problems:
        return None, problems
    new = _edited(text, edits)
    changed, problems = parse(new, shown)
    if not problems and changed and (place := _difference(root, changed, asked, shown)):
        message = "a new wording would change something else here, too; write it by hand"
        problems = [Problem(place, "cannot-splice", message)]
    return (None, problems) if problems else (new, [])


def _mappings(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            yield node
            todo.extend(value for _, value in node.value)


def _usual_quote(root: yaml.Node) -> str:
    """The quotes that the wordings and other values of a file are mostly in."""
    values = (value for node in _mappings(root) for _, value in node.value)
    styles = Counter(value.style for value in values if isinstance(value, yaml.ScalarNode))
    return '"' if styles['"'] > styles["'"] else "'"


def _edited(text: str, edits: Iterable[Edit]) -> str:
    parts, done = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


@dataclass(frozen=True, slots=True)
class _Span:
    """The parts of a scalar in the source, as offsets."""

    start: int
    """Where it begins, behind its tag and anchor."""
    end: int
    """Where it ends; of a block, its header."""
    line_end: int
    """The end of that line, after a comment; between braces the end of the scalar."""
    last: int
    """Where the last line of a block ends; otherwise the same."""


class _Editor:
    """Makes the edits of one text."""

    def __init__(
        self,
        source: str,
        text: Text,
        node: yaml.MappingNode,
        order: Sequence[str],
        quote: str,
    ) -> None:
        self.source = source
        self.text = text
        self.node = node
        self.order = order
        self.quote = quote
        self.flow = bool(node.flow_style)
        self.pairs: dict[str, tuple[yaml.ScalarNode, yaml.Node]]
        self.pairs = {key.value: (key, value) for key, value in node.value}
        self.indent = 0 if self.flow else self._column(self._key_start(node.value[0][0]))
        self.problems: list[Problem] = []

    def edits(self, wordings: Mapping[str, str]) -> Iterator[Edit]:
        """What is to be done to give the text these wordings."""
        missing: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for language in filter(wordings.__contains__, self.order):
            if language in self.pairs:
                yield from self._replacement(language, wordings[language])
            else:
                where = self._neighbour(language)
                missing[where] += self._entry(language, wordings[language], where[0])
        for (neighbour, after), entries in missing.items():
            yield self._insertion(neighbour, after, entries)

    def _replacement(self, language: str, wording: str) -> Iterator[Edit]:
        node = self.pairs[language][1]
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101 - the loader would complain
        span = self._span(node)
        is_block = node.style in BLOCK_STYLES
        slot = Slot(
            flow=self.flow,
            line=self.text.line,
            indent=self.indent,
            column=0 if self.flow else self._column(span.start),
            block_indent=self._block_indent(node) if is_block else self._usual_block_indent(),
            style=node.style or "",
            quote=self.quote,
            header=self.source[span.start : span.end] if is_block else "|-",
            former=node.value,
        )
        if scalar := self._written(language, wording, slot):
            kept = self.source[span.end : span.line_end]
            yield span.start, span.last, scalar.head + kept + scalar.body

    def _entry(self, language: str, wording: str, neighbour: str) -> Iterator[str]:
        """A key with its value, in the style of the language it is to stand beside."""
        key, value = self.pairs.get(neighbour, (None, None))
        as_json = (key and key.style) or ""
        style = getattr(value, "style", "") or ""
        if self.text.line if style in BLOCK_STYLES else not as_json:
            style = ""  # the neighbour's quotes may be there for what it says
        name = quoted(language) if as_json or language in _AMBIGUOUS_KEYS else language
        slot = Slot(
            flow=self.flow,
            line=self.text.line,
            indent=self.indent,
            column=self.indent + len(name) + 2,
            block_indent=self._usual_block_indent(),
            style="|" if style == ">" else style,
            quote=self.quote,
        )
        if scalar := self._written(language, wording, slot):
            yield f"{name}: {scalar.head}{scalar.body}"

    def _written(self, language: str, wording: str, slot: Slot) -> Scalar | None:
        scalar = written(wording, slot)
        if scalar is None:
            message = f"{self.text.id} ({language}) has no form in YAML; write it by hand"
            self.problems.append(Problem(self.text.place, "cannot-splice", message))
        return scalar

    def _neighbour(self, language: str) -> tuple[str, bool]:
        """The key beside which a missing language is to stand, and whether after it."""
        earlier = self.order[: self.order.index(language)]
        if before := [each for each in earlier if each in self.pairs]:
            return before[-1], True
        if present := [each for each in self.pairs if each in self.text.phrases]:
            return present[0], False
        return next(reversed(self.pairs), ""), True

    def _insertion(self, neighbour: str, after: bool, entries: Sequence[str]) -> Edit:
        between = ", " if self.flow else "\n" + " " * self.indent
        new = between.join(entries)
        if not neighbour:
            offset = self.source.index("{", self.node.start_mark.index) + 1
            return offset, offset, new
        key, value = self.pairs[neighbour]
        offset = self._end(value) if after else self._key_start(key)
        return offset, offset, between + new if after else new + between

    def _span(self, node: yaml.ScalarNode) -> _Span:
        properties = _PROPERTIES.match(self.source, node.start_mark.index)
        start = properties.end() if properties else node.start_mark.index
        end: int = node.end_mark.index
        if header := node.style in BLOCK_STYLES and _HEADER.match(self.source, start):
            text = self.source[start:end].rstrip()
            last = self._line_end(start + len(text))
            return _Span(start, header.end(), self._line_end(start), last)
        line_end = end if self.flow else self._line_end(end)
        return _Span(start, end, line_end, line_end)

    def _end(self, node: yaml.Node) -> int:
        """Where something can be added behind a value."""
        if not isinstance(node, yaml.ScalarNode):
            return int(node.end_mark.index)
        span = self._span(node)
        if "+" in self.source[span.start : span.end] and node.style in BLOCK_STYLES:
            # The empty lines that follow are its own.
            return max(span.last, node.end_mark.index - 1)
        return span.last

    def _block_indent(self, node: yaml.ScalarNode) -> int:
        """Column of a block's text; its first line may be indented on its own account."""
        span = self._span(node)
        own, there = (
            next(filter(str.strip, text.split("\n")))
            for text in (node.value, self.source[span.line_end : span.last])
        )
        return _indent(there) - _indent(own)

    def _usual_block_indent(self) -> int:
        for _, value in self.pairs.values():
            if isinstance(value, yaml.ScalarNode) and value.style in BLOCK_STYLES:
                return self._block_indent(value)
        return self.indent + STEP

    def _key_start(self, key: yaml.Node) -> int:
        start: int = key.start_mark.index
        question = _QUESTION.search(self.source, max(start - _FAR, 0), start)
        return question.start() if question else start

    def _column(self, offset: int) -> int:
        return columns(self.source[self.source.rfind("\n", 0, offset) + 1 : offset])

    def _line_end(self, offset: int) -> int:
        end = self.source.find("\n", offset)
        return len(self.source) if end < 0 else end


def _difference(
    old: yaml.Node, new: yaml.Node, asked: Mapping[yaml.Node, Mapping[str, str]], shown: str
) -> Place | None:
    """The first place where two trees differ otherwise than they should."""
    todo = [(old, new)]
    while todo:
        before, after = todo.pop()
        if type(before) is not type(after) or _own(before) != _own(after):
            return place_of(after, shown)
        if isinstance(before, yaml.SequenceNode):
            todo.extend(zip(before.value, after.value, strict=True))
        elif isinstance(before, yaml.MappingNode):
            wordings = asked.get(before, {})
            found = {key.value: value for key, value in after.value}
            for key, wording in wordings.items():
                if not is_wording(found.get(key, after), wording):
                    return place_of(found.get(key, after), shown)
            there, here = _without(before, wordings), _without(after, wordings)
            if [key for key, _ in there] != [key for key, _ in here]:
                return place_of(after, shown)
            todo.extend(zip(dict(there).values(), dict(here).values(), strict=True))
    return None


def _own(node: yaml.Node) -> object:
    """What makes a node what it is, apart from what is in it."""
    if isinstance(node, yaml.SequenceNode):
        return len(node.value)
    if isinstance(node, yaml.MappingNode):
        return node.tag
    # The line break at a block's end is not there if the file ends with it.
    is_block = isinstance(node, yaml.ScalarNode) and node.style in BLOCK_STYLES
    return node.tag, node.value.rstrip("\n") if is_block else node.value


def _without(node: yaml.Node, keys: Mapping[str, str]) -> list[tuple[str, yaml.Node]]:
    return [(key.value, value) for key, value in node.value if key.value not in keys]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
