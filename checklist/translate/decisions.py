"""What a translation in a PO file means for the text it belongs to.

An entry says two things: what the wording is, and whether somebody vouches for it. A wording
that came back as it left says nothing new, unless its fuzzy flag was taken away or put on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from checklist.messages import Message
from checklist.model import Phrase
from checklist.problems import Problem, Severity
from checklist.review import DONE, Entry, Review, State, entry_of, means_the_same, state_of
from checklist.translate.exporting import is_fuzzy
from checklist.translate.po import Translation, tidy_note
from checklist.wording import digest, fold


class Outcome(StrEnum):
    """What an import does to a message."""

    NEW = "new"
    """It gets its first wording."""
    CHANGED = "changed"
    """It gets another one."""
    CONFIRMED = "still valid"
    """Its wording is said to be right as it is."""
    DOUBTED = "marked fuzzy"
    """Its wording is said to need work."""
    NOTED = "noted"
    """It gets a note for the next translator, and nothing else."""
    UNCHANGED = "unchanged"
    UNTRANSLATED = "untranslated"
    """The file has nothing for it; what is there stays."""


QUIET: Final = (Outcome.UNCHANGED, Outcome.UNTRANSLATED)
"""Outcomes after which everything is as it was."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message in an import."""

    outcome: Outcome
    translation: Translation
    before: Message
    after: Message
    """With the wording that it is to have, placed in the PO file if that is new."""
    entry: Entry | None = None
    """What the record is to say, if it is to say something else than before."""

    @property
    def rewords(self) -> bool:
        """Whether the wording itself changes."""
        return self.after is not self.before


@dataclass(frozen=True, slots=True)
class Records:
    """What is known about a language, and about the file that comes in."""

    review: Review
    same: Review
    """Of the source language: what originals mean the same."""
    by: str = ""
    """Who vouches for the translations."""
    tells_fuzzy: bool = True
    """Whether a fuzzy flag that is not there was taken away by the translator."""

    def state(self, message: Message) -> State:
        """How far a message is."""
        return state_of(message, self.review, self.same)

    def is_current(self, message: Message, original: tuple[str, ...]) -> bool:
        """Whether an original says what the present one says."""
        return means_the_same(message.id, digest(*original), message.original_hash, self.same)


def decide(
    message: Message, translation: Translation, records: Records
) -> tuple[Step, list[Problem]]:
    """Hold a translation against what is there.

    Args:
        message: as it stands.
        translation: of the same id.
        records: of the language; where none is kept, only wordings are taken.

    Returns:
        What is to be done, and what the translator should know about it.
    """
    forms = tuple(map(fold, translation.forms))
    hash = digest(*forms)
    step = Step(Outcome.UNCHANGED, translation, message, message)
    problems: list[Problem] = []
    if not all(forms):
        step = replace(step, outcome=Outcome.UNTRANSLATED)
        problems = [_incomplete(translation)] if any(forms) else []
    elif hash == message.wording_hash:
        step = _same_wording(step, records)
    elif not translation.is_touched(hash):
        pass  # it came back as it left; what is there now is somebody else's work
    elif records.state(message) in DONE and not records.is_current(message, translation.original):
        problems = [_outdated(translation)]
    else:
        step = _new_wording(step, forms, records)
        if message.wording and translation.base and translation.is_touched(message.wording_hash):
            problems = [_changed_twice(translation)]
    old = records.review.entries.get(message.id)
    return (_noted(step, old) if records.review.kept else step), problems


def _same_wording(step: Step, records: Records) -> Step:
    """Nobody touched the wording, so only a flag that was put on or taken away tells anything."""
    message, translation = step.before, step.translation
    old = records.review.entries.get(message.id)
    state, kept = records.state(message), records.review.kept
    if not kept or translation.fuzzy == is_fuzzy(state, kept):
        return step
    if translation.fuzzy:
        if not records.is_current(message, translation.original):
            return step  # it left when another original was there, so the flag is as old
        entry = entry_of(message, State.DRAFT, "" if old else records.by, old)
        return replace(step, outcome=Outcome.DOUBTED, entry=entry)
    if not records.tells_fuzzy or not records.by:
        return step  # nobody vouches for it
    if state is State.STALE and old and digest(*translation.original) == old.original_hash:
        return step  # it left without a flag, before its original changed
    entry = _entry(message, translation, State.TRANSLATED, records.by, old)
    return replace(step, outcome=Outcome.CONFIRMED, entry=entry)


def _new_wording(step: Step, forms: tuple[str, ...], records: Records) -> Step:
    message, translation = step.before, step.translation
    language = records.review.language
    phrases = tuple(Phrase(form, language, translation.place) for form in forms)
    outcome = Outcome.CHANGED if message.wording else Outcome.NEW
    step = replace(step, outcome=outcome, after=replace(message, wording=phrases))
    if not records.review.kept:
        return step
    state = State.DRAFT if translation.fuzzy else State.TRANSLATED
    old = records.review.entries.get(message.id)
    return replace(step, entry=_entry(step.after, translation, state, records.by, old))


def _entry(
    message: Message, translation: Translation, state: State, by: str, old: Entry | None
) -> Entry:
    """The wording, as made from the original that the translator had before them."""
    entry = entry_of(message, state, by, old)
    if digest(*translation.original) == message.original_hash:
        return entry
    return replace(entry, original=tuple(map(fold, translation.original)))


def _noted(step: Step, old: Entry | None) -> Step:
    note = step.translation.note
    if not note or note == tidy_note(old.note if old else ""):
        return step
    # A line about no wording, if there is none to speak of, makes nothing count as translated.
    message = step.before
    entry = step.entry or old or Entry(message.id, message.original, digest(), State.DRAFT)
    outcome = Outcome.NOTED if step.outcome in QUIET else step.outcome
    return replace(step, outcome=outcome, entry=replace(entry, note=note))


def _incomplete(translation: Translation) -> Problem:
    message = f"'{translation.id}' lacks a plural form, so it is left out; write every msgstr"
    return Problem(translation.place, "incomplete-plural", message, Severity.WARNING)


def _outdated(translation: Translation) -> Problem:
    message = (
        f"'{translation.id}' has been translated from a later original meanwhile, which stays; "
        "export it anew to change that"
    )
    return Problem(translation.place, "outdated-translation", message, Severity.WARNING)


def _changed_twice(translation: Translation) -> Problem:
    message = (
        f"'{translation.id}' has another wording than went out, which this one replaces; "
        "look at `--dry-run` before you import"
    )
    return Problem(translation.place, "changed-twice", message, Severity.WARNING)
