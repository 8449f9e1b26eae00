"""Nodes to model.

`load` never stops at the first fault: it builds as much of the checklist as
it can and reports everything that is wrong, so that the checks can look at the
rest in the same run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from checklist import model, shapes
from checklist.characters import normalise
from checklist.fields import Fields, Reader, unknown
from checklist.problems import Problem
from checklist.shapes import LANGUAGE, Shape
from checklist.source import parse, read_text

UNKNOWN: Final = "unknown"
"""Stands for an id that is missing or malformed, which is a problem already."""


def load(path: Path, shown: str | None = None) -> tuple[model.Checklist | None, list[Problem]]:
    """Read a checklist.

    Args:
        path: the YAML file.
        shown: the file's name in problems; its path unless given.

    Returns:
        What could be built (`None` if the file has no usable frame) and every
        problem found. With an error among the problems the checklist may lack
        the parts that are wrong: good for checking on, not for rendering.
    """
    shown = shown or path.as_posix()
    text, problems = read_text(path, shown)
    if text is None:
        return None, problems
    checklist, more = loads(text, shown)
    return checklist, problems + more


def loads(text: str, shown: str) -> tuple[model.Checklist | None, list[Problem]]:
    """Read a checklist from a text; otherwise as `load`."""
    with no_cyclic_garbage():
        root, problems = parse(text, shown)
        if root is None:
            return None, problems
        builder = _Builder(Reader(shown, tuple(normalise(text).split("\n"))))
        checklist = builder.checklist(root)
        return checklist, problems + builder.reader.problems


@contextmanager
def no_cyclic_garbage() -> Iterator[None]:
    """Pause the cyclic collector: it rescans the growing tree again and again and finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass
class _Builder:
    reader: Reader
    scopes: dict[str, model.Scope] = field(default_factory=dict)
    resources: dict[str, model.Resource] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    """Section ids, item ids and aliases: one namespace, with the line of each."""
    docs_root: str | None = None
    samples: list[model.Sample] = field(default_factory=list)
    addresses: list[model.Address] = field(default_factory=list)

    def checklist(self, root: yaml.Node) -> model.Checklist | None:
        fields = self.reader.fields(root, shapes.CHECKLIST)
        if fields is None:
            return None
        languages = tuple(self.languages(fields))
        self.reader.languages = tuple(language.id for language in languages)
        id = fields.id()
        title = fields.text("title", "title", line=True, limit=shapes.TITLE_LIMIT)
        description = fields.text("description", "description")
        subject = self.subject(fields)
        self.scopes = {scope.id: scope for scope in self.scope_list(fields)}
        # Items refer to resources, so these are read first although they stand last.
        self.resources = {resource.id: resource for resource in self.resource_list(fields)}
        sections = tuple(self.sections(fields))
        return model.Checklist(
            id=id or UNKNOWN,
            title=title or model.Text("title", fields.place, {}),
            description=description,
            subject=subject,
            languages=languages,
            scopes=tuple(self.scopes.values()),
            sections=sections,
            resources=tuple(self.resources.values()),
            texts=tuple(self.reader.texts),
            samples=tuple(self.samples),
            addresses=tuple(self.addresses),
        )

    def languages(self, fields: Fields) -> Iterator[model.Language]:
        seen: dict[str, int] = {}
        for entry in self.each(fields, "languages", shapes.LANGUAGE_ENTRY):
            id = entry.id(pattern=LANGUAGE)
            name = entry.string("name")
            if id and name and self.is_new(entry, id, seen):
                yield model.Language(id, name, entry.flag("required", default=True))
        node = fields.nodes.get("languages")
        if isinstance(node, yaml.SequenceNode) and not node.value:
            self.reader.problem(
                node, "missing-key", "there is no language; add {id: en, name: English}"
            )

    def subject(self, fields: Fields) -> model.Subject | None:
        node = fields.nodes.get("subject")
        entry = self.reader.fields(node, shapes.SUBJECT) if node else None
        if entry is None or (name := entry.string("name")) is None:
            return None
        self.docs_root = entry.string("docs")
        return model.Subject(name, entry.string("package"), self.docs_root)

    def scope_list(self, fields: Fields) -> Iterator[model.Scope]:
        for key, node in fields.mapping("scopes"):
            id = self.reader.id(key, "a scope's name")
            if id in shapes.RESERVED_SCOPES:
                message = f"'{id}' has a meaning of its own; choose another name"
                self.reader.problem(key, "malformed-id", message)
            entry = self.reader.fields(node, shapes.SCOPE)
            if id is None or entry is None:
                continue
            label = entry.text("label", f"scopes/{id}/label", line=True)
            values = {
                value: name
                for key, node in entry.mapping("values")
                if (value := self.reader.id(key, "a scope's value"))
                and (name := self.reader.string(node, f"'{value}'"))
            }
            if label:
                yield model.Scope(id, label, values)

    def resource_list(self, fields: Fields) -> Iterator[model.Resource]:
        seen: dict[str, int] = {}
        for entry in self.each(fields, "resources", shapes.RESOURCE):
            id = entry.id()
            url = entry.string("url")
            title = entry.string("title")
            language = entry.id("language", LANGUAGE)
            kind = entry.choice("kind", shapes.RESOURCE_KINDS)
            author, year = entry.string("author"), entry.integer("year")
            about = entry.text("about", f"resources/{id or '?'}/about", line=True)
            address = self.address(url, entry.nodes["url"]) if url else None
            if id and address and title and language and kind and self.is_new(entry, id, seen):
                yield model.Resource(
                    id, address, title, language, kind, author, year, about, entry.place
                )

    def sections(self, fields: Fields) -> Iterator[model.Section]:
        for entry in self.each(fields, "sections", shapes.SECTION):
            id = entry.id()
            if id in shapes.RESERVED:
                message = f"'{id}' has a meaning of its own; choose another id"
                self.reader.problem(entry.nodes["id"], "malformed-id", message)
            owner = f"sections/{id or '?'}"
            title = entry.text("title", f"{owner}/title", line=True, limit=shapes.TITLE_LIMIT)
            intro = entry.text("intro", f"{owner}/intro")
            is_new = id is not None and self.is_new(entry, id, self.ids)
            items = tuple(self.items(entry))
            hint = entry.string("hint")
            if id and title and is_new:
                yield model.Section(id, title, intro, items, entry.place, hint)

    def items(self, fields: Fields) -> Iterator[model.Item]:
        for entry in self.each(fields, "items", shapes.ITEM):
            id = entry.id()
            owner = f"items/{id or '?'}"
            priority = entry.choice("priority", model.Priority)
            title = entry.text("title", f"{owner}/title", line=True, limit=shapes.TITLE_LIMIT)
            build = partial(
                model.Item,
                aliases=tuple(self.aliases(entry)),
                top=entry.flag("top", default=False),
                updated=entry.date("updated"),
                applies_to=self.applies_to(entry),
                versions=entry.matching("versions", shapes.RANGE, 'a range such as ">=5.3,<6"'),
                why=entry.text("why", f"{owner}/why"),
                how=entry.text("how", f"{owner}/how"),
                docs=tuple(self.docs(entry)),
                samples=tuple(self.item_samples(entry, owner)),
                resources=tuple(self.references(entry)),
                place=entry.place,
                hint=entry.string("hint"),
            )
            is_new = id is not None and self.is_new(entry, id, self.ids)
            if id and priority and title and is_new:
                yield build(id=id, priority=model.Priority(priority), title=title)

    def aliases(self, entry: Fields) -> Iterator[str]:
        for _, node in entry.strings("aliases"):
            alias = self.reader.id(node, "an alias")
            if alias and self.is_new_at(node, alias, self.ids):
                yield alias

    def applies_to(self, entry: Fields) -> Mapping[str, tuple[str, ...]]:
        chosen: dict[str, tuple[str, ...]] = {}
        for key, node in entry.mapping("applies_to"):
            if key.value not in self.scopes:
                message = unknown("scope", key.value, self.scopes)
                self.reader.problem(key, "unknown-reference", message)
                continue
            values = self.scopes[key.value].values
            for value in self.reader.items(node, f"'{key.value}'"):
                name = self.reader.string(value, f"a value of '{key.value}'")
                if name is not None and name not in values:
                    message = unknown(f"value of scope '{key.value}'", name, values)
                    self.reader.problem(value, "unknown-reference", message)
                elif name is not None:
                    chosen[key.value] = (*chosen.get(key.value, ()), name)
        return chosen

    def docs(self, entry: Fields) -> Iterator[model.Address]:
        for path, node in entry.strings("docs"):
            if "://" in path:
                yield self.address(path, node)
            elif self.docs_root is None:
                message = f"'{path}' needs subject.docs, the address of the documentation; add it"
                self.reader.problem(node, "unknown-reference", message)
            else:
                yield self.address(f"{self.docs_root.rstrip('/')}/{path.lstrip('/')}", node)

    def address(self, url: str, node: yaml.Node) -> model.Address:
        address = model.Address(url, self.reader.place(node))
        self.addresses.append(address)
        return address

    def references(self, entry: Fields) -> Iterator[model.Resource]:
        for id, node in entry.strings("resources"):
            if id in self.resources:
                yield self.resources[id]
            else:
                message = unknown("resource", id, self.resources)
                self.reader.problem(node, "unknown-reference", message)

    def item_samples(self, item: Fields, owner: str) -> Iterator[model.Sample]:
        seen: dict[str, int] = {}
        for entry in self.each(item, "samples", shapes.SAMPLE):
            id = entry.id()
            verdict = entry.choice("verdict", model.Verdict)
            language = entry.choice("language", shapes.CODE_LANGUAGES) or "python"
            code = entry.string("code")
            mistakes = tuple(value for value, _ in entry.strings("mistakes"))
            length = len(code.splitlines()) if code else 0
            notes = tuple(self.notes(entry, f"{owner}/samples/{id}", length))
            if not code:
                continue
            sample = model.Sample(
                id=id or UNKNOWN,
                verdict=model.Verdict(verdict or model.Verdict.BAD),
                language=language,
                code=code.rstrip("\n"),
                notes=notes,
                mistakes=mistakes,
                place=self.reader.content_place(entry.nodes["code"]),
                keeps_lines=getattr(entry.nodes["code"], "style", None) == "|",
            )
            self.samples.append(sample)
            if id and verdict and self.is_new(entry, id, seen):
                yield sample

    def notes(self, sample: Fields, owner: str, length: int) -> Iterator[model.Note]:
        seen: dict[str, int] = {}
        last = 0
        for entry in self.each(sample, "notes", shapes.NOTE):
            id, line = entry.id(), entry.integer("line")
            text = self.reader.phrases(
                entry.node, f"{owner}/notes/{id}", skip=shapes.NOTE.known, line=True
            )
            if line is not None and not last < line <= length:
                message = (
                    f"line {line} must be after line {last} and within the {length} of the code"
                )
                self.reader.problem(entry.nodes["line"], "note-line", message + "; correct it")
            elif id and line is not None and text and self.is_new(entry, id, seen):
                last = line
                yield model.Note(id, line, text)

    def each(self, fields: Fields, key: str, shape: Shape) -> Iterable[Fields]:
        for node in fields.sequence(key):
            if entry := self.reader.fields(node, shape):
                yield entry

    def is_new(self, entry: Fields, id: str, seen: dict[str, int]) -> bool:
        return self.is_new_at(entry.nodes["id"], id, seen)

    def is_new_at(self, node: yaml.Node, id: str, seen: dict[str, int]) -> bool:
        """Whether an id is used for the first time; a second time is a problem."""
        if id in seen:
            message = f"'{id}' is already the id on line {seen[id]}; choose another"
            self.reader.problem(node, "duplicate-id", message)
            return False
        seen[id] = node.start_mark.line + 1
        return True
