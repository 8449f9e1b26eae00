"""How far a language is: counts of its messages by state, and who to thank.

A project that keeps no review record for a language knows only what is missing there;
every wording that is there then counts as translated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from checklist.messages import Kind, Message
from checklist.model import Checklist
from checklist.project import Project
from checklist.review import DONE, Review, State

GENERAL: Final = "_general"
"""Group of title, description and scopes; an underscore, so that it is no section's id."""
RESOURCES: Final = "_resources"
INTERFACE: Final = "_interface"
PAGES: Final = "_pages"
OTHERS: Final = (GENERAL, RESOURCES, INTERFACE, PAGES)
"""Groups of what stands in no section."""
URGENCY: Final = (State.STALE, State.MISSING, State.DRAFT, State.UNRECORDED)
"""States that leave something to do, most important first: a stale text may be wrong."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message that needs somebody, and why."""

    message: Message
    state: State
    earlier: tuple[str, ...] = ()
    """Of a stale wording: the original that it was made from."""


@dataclass(frozen=True)
class Counts:
    """How many messages are in which state."""

    states: Mapping[State, int]
    """States that do not occur are left out."""

    @property
    def total(self) -> int:
        """All messages."""
        return sum(self.states.values())

    @property
    def done(self) -> int:
        """Those that are made from the present original, reviewed or not."""
        return sum(self.states.get(state, 0) for state in DONE)

    @property
    def percent(self) -> int:
        """Whole percent that are done, rounded down, so that 100 means all; 100 of nothing."""
        return 100 * self.done // self.total if self.total else 100

    def of(self, state: State) -> int:
        """How many are in a state."""
        return self.states.get(state, 0)

    def as_json(self) -> dict[str, int]:
        """Every state and the sums, ready for JSON."""
        counted = {state.value: self.of(state) for state in State}
        return counted | {"done": self.done, "total": self.total, "percent": self.percent}


@dataclass(frozen=True)
class Progress:
    """How far one language is."""

    language: str
    kept: bool
    """Whether there is a review record; without one only `missing` and `translated` occur."""
    groups: Mapping[str, Counts]
    """By section id in the order of the source, then `OTHERS`; without those that are empty."""
    open: Mapping[str, Standing] = field(repr=False)
    """Messages that need somebody by id, in the order of `Project.messages`."""
    contributors: Mapping[str, int]
    """Who stands in the record to how many messages, most first."""

    @cached_property
    def total(self) -> Counts:
        """All groups together."""
        return Counts(sum((Counter(each.states) for each in self.groups.values()), Counter()))

    @cached_property
    def by_owner(self) -> Mapping[str, tuple[Standing, ...]]:
        """What needs somebody by what it belongs to: `items/cap-retries`, `sections/retries`."""
        owned: dict[str, list[Standing]] = {}
        for id, standing in self.open.items():
            owned.setdefault(owner_of(id), []).append(standing)
        return {owner: tuple(standings) for owner, standings in owned.items()}

    def most_urgent(self) -> Iterator[Standing]:
        """What needs somebody, most important first, otherwise in order."""
        return (each for state in URGENCY for each in self.open.values() if each.state is state)

    def as_json(self) -> dict[str, Any]:
        """Language, sums, groups and contributors, ready for JSON."""
        return {
            "language": self.language,
            "recorded": self.kept,
            **self.total.as_json(),
            "groups": {name: counts.as_json() for name, counts in self.groups.items()},
            "contributors": dict(self.contributors),
        }


def progress_of(project: Project, language: str) -> Progress:
    """How far a language of a project is; goes through all its messages once.

    Raises:
        KeyError: the checklist does not declare the language.
    """
    review = project.reviews.get(language, Review(language, {}))
    sections = _sections(project.checklist)
    order = dict.fromkeys([*(each.id for each in project.checklist.sections), *OTHERS])
    counters: dict[str, Counter[State]] = {name: Counter() for name in order}
    open_: dict[str, Standing] = {}
    for message, state in _states(project, language, review.kept):
        counters[group_of(message, sections)][state] += 1
        if state not in DONE:
            entry = review.entries.get(message.id) if state is State.STALE else None
            open_[message.id] = Standing(message, state, entry.original if entry else ())
    return Progress(
        language=language,
        kept=review.kept,
        groups={name: Counts(counter) for name, counter in counters.items() if counter},
        open=open_,
        contributors=contributors(review),
    )


def owner_of(id: str) -> str:
    """What a message belongs to: `items/cap-retries` for `items/cap-retries/title`."""
    return "/".join(id.split("/", 2)[:2])


def group_of(message: Message, sections: Mapping[str, str]) -> str:
    """What a message is counted under.

    Args:
        message: of any kind.
        sections: item ids to the ids of their sections.
    """
    if message.kind is not Kind.TEXT:
        return INTERFACE if message.kind is Kind.INTERFACE else PAGES
    kind, *rest = message.id.split("/", 2)
    if kind == "items":
        return sections.get(rest[0], GENERAL)
    if kind == "sections":
        return rest[0]
    return RESOURCES if kind == "resources" else GENERAL


def contributors(review: Review) -> dict[str, int]:
    """The people a record names to the number of their messages, most first, then by name."""
    counter = Counter(
        name for entry in review.entries.values() for name in set(names(entry.by)) if name
    )
    return dict(sorted(counter.items(), key=lambda each: (-each[1], each[0].casefold())))


def names(by: str) -> Iterator[str]:
    """The names in the `by` of a record, which has commas between them."""
    return (name.strip() for name in by.split(","))


def _states(project: Project, language: str, kept: bool) -> Iterable[tuple[Message, State]]:
    for message in project.messages(language):
        if kept:
            yield message, project.state(message, language)
        else:
            yield message, State.TRANSLATED if message.wording else State.MISSING


def _sections(checklist: Checklist) -> dict[str, str]:
    return {item.id: section.id for section in checklist.sections for item in section.items}
