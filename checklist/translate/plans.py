"""What an import is to do: to which messages, and to which files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checklist.catalog import SOURCE_LANGUAGE, Catalog
from checklist.differences import as_text, words
from checklist.messages import Kind
from checklist.problems import Problem
from checklist.project import Project
from checklist.review import Entry, Review, State, dump_review, record
from checklist.source import read_text
from checklist.translate.catalogs import Wording, edit_catalog, new_catalog
from checklist.translate.decisions import QUIET, Outcome, Records, Step
from checklist.translate.exporting import plural_forms
from checklist.translate.po import Incoming
from checklist.translate.splice import splice


@dataclass(frozen=True)
class Plan:
    """What an import is to do, with everything that was found out about it."""

    project: Project
    language: str
    incoming: Incoming
    by: str
    """Who vouches for the translations."""
    steps: tuple[Step, ...]
    """One for each entry that belongs to a message, in the order of the file."""

    @property
    def changes(self) -> dict[tuple[str, str], str]:
        """New wordings for the YAML file, by id and language."""
        return {
            (step.after.id, self.language): step.after.forms[0]
            for step in self.steps
            if step.rewords and step.after.kind is Kind.TEXT
        }

    @property
    def interface(self) -> dict[str, Wording]:
        """New wordings for the catalog, by English string."""
        found = [step.after for step in self.steps if step.rewords]
        return {
            message.original[0]: Wording("".join(message.original[1:]) or None, message.forms)
            for message in found
            if message.kind is Kind.INTERFACE
        }

    @property
    def entries(self) -> list[Entry]:
        """New lines for the record."""
        return [step.entry for step in self.steps if step.entry]

    @property
    def review(self) -> Review:
        """The record as it will be."""
        return record(self.project.reviews[self.language], self.entries)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return all(step.outcome in QUIET for step in self.steps)

    @cached_property
    def summary(self) -> Mapping[str, int]:
        """How many messages have each outcome, and what comes in stale or was left out."""
        outcomes = Counter(step.outcome for step in self.steps)
        states = Counter(state for step, state in self.states() if step.entry)
        return {
            **{outcome.value: outcomes[outcome] for outcome in Outcome},
            "stale": states[State.STALE],
            "unknown": len(self.incoming.translations) - len(self.steps),
            "obsolete": self.incoming.obsolete,
        }

    def states(self) -> Iterator[tuple[Step, State]]:
        """Every step with the state that its message will be in."""
        source = self.project.checklist.source_language.id
        records = Records(self.review, self.project.reviews[source])
        for step in self.steps:
            yield step, records.state(step.after)


def diff(plan: Plan, *, colour: bool = False) -> str:
    """What would change, message by message, for somebody to read before it does.

    Args:
        plan: as `plan_import` makes it.
        colour: whether the terminal understands escape sequences for colours.
    """
    return "\n".join(
        line
        for step, state in plan.states()
        if step.outcome not in QUIET
        for line in _lines(plan, step, state, colour)
    )


def _lines(plan: Plan, step: Step, state: State, colour: bool) -> Iterator[str]:
    before = plan.project.state(step.before, plan.language)
    change = f" ({before})" if before is state else f" ({before} -> {state})"
    if not plan.project.reviews[plan.language].kept:
        change = ""  # nothing is known about any wording
    yield f"{step.before.place.path}:{step.before.place.line}: {step.before.id}{change}"
    if step.rewords:
        old = step.before.forms or ("",) * len(step.after.forms)
        for earlier, later in zip(old, step.after.forms, strict=False):
            yield from _indented(as_text(words(earlier, later), colour=colour))
    if step.outcome is Outcome.NOTED or (step.entry and step.translation.note):
        yield from (f"    # {line}" for line in step.translation.note.split("\n"))


def _indented(text: str) -> Iterator[str]:
    return (f"    {line}".rstrip() for line in text.split("\n"))


def source_path(plan: Plan) -> Path:
    """The YAML file."""
    return Path(plan.project.checklist.title.place.path)


def texts(plan: Plan) -> tuple[dict[Path, str], list[Problem]]:
    """The texts that the files are to have, in the order in which they are to be written.

    A record that comes last can only lack what the source has already, which is the truth.

    Returns:
        The text of each file that changes, and what prevents any of them.
    """
    made: dict[Path, str] = {}
    problems: list[Problem] = []
    if plan.changes:
        path = source_path(plan)
        text, problems = read_text(path, path.as_posix())
        if text is not None:
            text, problems = splice(text, plan.changes, path.as_posix())
            made |= {path: text} if text is not None else {}
    if plan.interface:
        catalog = plan.project.catalogs[plan.language]
        text, more = _catalog(plan, catalog)
        problems += more
        made |= {Path(catalog.path): text} if text is not None else {}
    if plan.entries:
        made[Path(plan.review.path)] = dump_review(plan.review)
    return made, problems


def _catalog(plan: Plan, catalog: Catalog) -> tuple[str | None, list[Problem]]:
    path = Path(catalog.path)
    if path.is_file():
        text, problems = read_text(path, catalog.path)
        return edit_catalog(text, plan.interface, catalog.path) if text else (None, problems)
    english = Catalog(SOURCE_LANGUAGE, {}, lambda _: 0)
    text = new_catalog(
        id=plan.project.checklist.id,
        name=english.name_of(plan.language),
        language=plan.language,
        source=source_path(plan).as_posix(),
        plurals=plural_forms(plan.project, plan.language),
    )
    return edit_catalog(text, plan.interface, catalog.path)
