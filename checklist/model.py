"""The checklist as immutable data.

    Checklist > Section > Item > Sample > Note
              > Resource, Scope, Language

No input or output happens here, and nothing here knows how the data was
written down or how it will be shown. Every text keeps the place it came from,
so that whoever finds something to say about it can point there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from checklist.problems import Place


class Priority(StrEnum):
    """How much an item matters, in descending order."""

    ESSENTIAL = "essential"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class Verdict(StrEnum):
    """Whether a sample shows the mistake or its cure."""

    BAD = "bad"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the checklist."""

    id: str
    """BCP 47 tag, e.g. `ko` or `pt-BR`."""
    name: str
    """The language's name in the language itself."""
    required: bool = True
    """Whether a missing translation is an error; a language in the making may lack some."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One language's wording of a text."""

    text: str
    language: str
    place: Place
    """Where the wording begins."""
    keeps_lines: bool = False
    """Whether the lines of the wording are lines of the file."""

    def place_at(self, offset: int) -> Place:
        """Where a character of the wording stands, as exactly as is known."""
        if not self.keeps_lines:
            return self.place
        before = self.text[:offset]
        line_start = before.rfind("\n") + 1
        line = self.place.line + before.count("\n")
        return replace(self.place, line=line, column=self.place.column + offset - line_start)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in all its languages."""

    id: str
    """Identity across files and versions, e.g. `items/cap-retries/title`."""
    place: Place
    phrases: Mapping[str, Phrase]
    faulty: frozenset[str] = frozenset()
    """Languages whose wording is there, but has a problem of its own."""
    line: bool = False
    """Whether a wording must be a single line."""
    limit: int = 0
    """Most characters a wording may have; 0 for no limit."""

    def pick(self, *languages: str) -> Phrase:
        """The phrase in the first of the languages that has one.

        Raises:
            KeyError: if the text exists in none of them.
        """
        for language in languages:
            if language in self.phrases:
                return self.phrases[language]
        raise KeyError(f"{self.id} in {', '.join(languages)}")


@dataclass(frozen=True, slots=True)
class Address:
    """An address on the web."""

    url: str
    place: Place


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on one line of a sample."""

    id: str
    line: int
    """1-based line of the sample's code."""
    text: Text


@dataclass(frozen=True, slots=True)
class Sample:
    """Code that shows a mistake or its cure; the same in all languages."""

    id: str
    verdict: Verdict
    language: str
    """Language of the code, e.g. `python`."""
    code: str
    notes: tuple[Note, ...]
    """Sorted by line, at most one a line."""
    mistakes: tuple[str, ...]
    """Names that are wrong on purpose, so that no check takes them for slips."""
    place: Place
    """Where the code begins."""
    keeps_lines: bool = False
    """Whether the lines of the code are lines of the file."""

    def place_at(self, line: int, column: int) -> Place:
        """Where a character of the code stands, as exactly as is known."""
        if not self.keeps_lines:
            return self.place
        start = self.place
        return replace(start, line=start.line + line - 1, column=start.column + column - 1)


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to read or watch; never something to tick."""

    id: str
    address: Address
    title: str
    """In the resource's own language."""
    language: str
    kind: str
    author: str | None
    year: int | None
    about: Text | None
    """What a reader gets from it."""
    place: Place


@dataclass(frozen=True, slots=True)
class Scope:
    """A respect in which readers differ, e.g. their broker."""

    id: str
    label: Text
    values: Mapping[str, str]
    """Value id to proper name, e.g. `rabbitmq` to `RabbitMQ`."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, and to tick."""

    id: str
    aliases: tuple[str, ...]
    """Former ids; ticks saved under them still count."""
    priority: Priority
    top: bool
    """One of the few that matter first."""
    updated: date | None
    """Last change of substance."""
    applies_to: Mapping[str, tuple[str, ...]]
    """Scope to values: any value within a scope, all scopes together; empty is everyone."""
    versions: str | None
    """Range of the subject's versions that the item is about, as in PEP 440."""
    title: Text
    why: Text | None
    how: Text | None
    docs: tuple[Address, ...]
    """Pages of the subject's documentation."""
    samples: tuple[Sample, ...]
    resources: tuple[Resource, ...]
    place: Place
    hint: str | None = None
    """What translators should know; readers do not see it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together."""

    id: str
    title: Text
    intro: Text | None
    items: tuple[Item, ...]
    place: Place
    hint: str | None = None
    """What translators should know; readers do not see it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the checklist is about."""

    name: str
    package: str | None = None
    """Distribution that samples are verified against."""
    docs: str | None = None
    """Address below which the official documentation lives."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """A whole checklist."""

    id: str
    title: Text
    description: Text | None
    subject: Subject | None
    languages: tuple[Language, ...]
    """The first is the source language."""
    scopes: tuple[Scope, ...]
    sections: tuple[Section, ...]
    resources: tuple[Resource, ...]
    texts: tuple[Text, ...] = field(default=(), repr=False)
    """Every translatable text, in the order of the source."""
    samples: tuple[Sample, ...] = field(default=(), repr=False)
    """Every sample, also of items that are too faulty to stand in a section."""
    addresses: tuple[Address, ...] = field(default=(), repr=False)
    """Every address but those in texts, also of faulty items and resources."""

    @property
    def source_language(self) -> Language:
        """The language the others are translated from."""
        return self.languages[0]

    @property
    def items(self) -> Iterator[Item]:
        """All items in order."""
        for section in self.sections:
            yield from section.items

    @property
    def aliases(self) -> dict[str, str]:
        """Former item id to present id."""
        return {alias: item.id for item in self.items for alias in item.aliases}
