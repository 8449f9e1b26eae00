"""What people say about translations, as changes to the review record.

Every function looks at all it is asked for before it changes anything, and gives either
the new record or everything that is in the way, a line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from checklist.messages import Message
from checklist.project import Project
from checklist.review import Alike, Entry, Review, State, entry_of, record


@dataclass(frozen=True)
class Outcome:
    """The records as they would be, or what is in the way."""

    reviews: tuple[Review, ...] = ()
    faults: tuple[str, ...] = ()
    changed: int = 0
    """Entries that differ from those before."""


def review(
    project: Project,
    language: str,
    ids: Sequence[str],
    *,
    by: str,
    state: State = State.REVIEWED,
    note: str | None = None,
) -> Outcome:
    """Enter wordings in the record as made from the originals as they stand.

    Args:
        project: with the record.
        language: of the wordings.
        ids: of messages; none for all that can be entered.
        by: name of whoever says so.
        state: what they say: that it is a draft, a translation, or that they reviewed it.
        note: for the next translator; `None` leaves what is there.
    """
    known = {message.id: message for message in project.messages(language)}
    wanted, faults = _pick(known, ids)
    entries = project.reviews[language].entries
    new = []
    for message in wanted or known.values():
        if fault := _review_fault(project, language, message, by, state):
            faults += [fault] if wanted else []
            continue
        old = entries.get(message.id)
        entry = entry_of(message, state, _names(old, by), old)
        new.append(entry if note is None else replace(entry, note=note))
    return _outcome(project.reviews[language], new, faults)


def _review_fault(
    project: Project, language: str, message: Message, by: str, state: State
) -> str | None:
    old = project.reviews[language].entries.get(message.id)
    present = project.state(message, language)
    if present is State.MISSING:
        return f"{message.id} has no {language}; translate it first"
    if present is State.STALE:
        return (
            f"{message.id} was made from an earlier original and has not changed since: "
            f"edit it, or say `still-valid {message.id}` if it is right as it is"
        )
    is_own = old is not None and old.by == by and old.wording_hash == message.wording_hash
    if state is State.REVIEWED and present is State.TRANSLATED and is_own:
        return f"{message.id} is {by}'s own translation; somebody else has to review it"
    return None


def still_valid(project: Project, ids: Sequence[str], languages: Sequence[str], by: str) -> Outcome:
    """Say that translations are right although their original has changed.

    Args:
        project: with the records.
        ids: of messages.
        languages: those meant; may be none if the translation is stale in one only, as
            nobody should vouch for a language by leaving it out.
        by: name of whoever says so.
    """
    stale = _stale(project, ids, languages)
    faults = [
        f"no translation of {id} is stale{_near(project, id)}"
        for id in ids
        if not any(id in found for found in stale.values())
    ]
    if len(stale) > 1 and not languages:
        faults.append(f"stale in {', '.join(stale)}; name those you mean with --language")
    if faults:
        return Outcome((), tuple(faults))
    reviews = []
    for language, messages in stale.items():
        old = project.reviews[language]
        new = [_renewed(old.entries[id], message, by) for id, message in messages.items()]
        reviews.append(record(old, new))
    return Outcome(tuple(reviews), (), sum(map(len, stale.values())))


def _stale(
    project: Project, ids: Sequence[str], languages: Sequence[str]
) -> dict[str, dict[str, Message]]:
    """Stale messages among those with the ids, by language; languages without any are left out."""
    found = {
        language: {
            message.id: message
            for message in project.messages(language)
            if message.id in ids and project.state(message, language) is State.STALE
        }
        for language in languages or [each.id for each in project.checklist.languages]
    }
    return {language: messages for language, messages in found.items() if messages}


def _renewed(old: Entry, message: Message, by: str) -> Entry:
    # A draft stays one: that the original means the same makes it no better.
    return entry_of(message, old.state, _names(old, by), old)


def same_meaning(project: Project, ids: Sequence[str], by: str, since: str = "") -> Outcome:
    """Say that an edit of an original does not touch its meaning.

    No translation's record is touched: that the two originals mean the same is noted in the
    record of the source language, and stays true when either changes again.

    Args:
        project: with the records.
        ids: of messages.
        by: name of whoever says so.
        since: a language; its record has the earlier original. Needed only if the translations
            were made from different ones.
    """
    source = project.checklist.source_language.id
    old = project.reviews[source]
    alike, faults = dict(old.alike), []
    for id in ids:
        message, earlier = _earlier_originals(project, id, since)
        if message is None or not earlier:
            faults.append(f"no translation of {id} is stale{_near(project, id)}")
        elif len(earlier) > 1:
            made = ", ".join(sorted(earlier.values()))
            faults.append(f"{id}: {made} were made from different originals; name one with --since")
        else:
            (before,) = earlier
            groups = alike.get(id, Alike((), by))
            alike[id] = groups.with_pair(before, message.original_hash, by)
    if faults:
        return Outcome((), tuple(faults))
    return Outcome((replace(old, alike=alike),), (), len(ids))


def _earlier_originals(
    project: Project, id: str, since: str
) -> tuple[Message | None, dict[str, str]]:
    """A message, and the hashes of the originals its stale wordings were made from."""
    stale = _stale(project, [id], [since] if since else [])
    earlier = {project.reviews[language].entries[id].original_hash: language for language in stale}
    return next((messages[id] for messages in stale.values()), None), earlier


def waive(project: Project, language: str, id: str, code: str, reason: str) -> Outcome:
    """Say that a check is wrong about a wording.

    Args:
        project: with the record.
        language: of the wording.
        id: of the message.
        code: of the check's problem.
        reason: why, for whoever reads the record.
    """
    old = project.reviews[language]
    entry = old.entries.get(id)
    if entry is None:
        known = {message.id: message for message in project.messages(language)}
        _, faults = _pick(known, [id])
        fault = faults[0] if faults else f"{id} is not in the record; `review` it first"
        return Outcome((), (fault,))
    new = replace(entry, waived={**entry.waived, code: reason})
    return _outcome(old, [new], [])


def _pick(known: dict[str, Message], ids: Iterable[str]) -> tuple[list[Message], list[str]]:
    faults = [f"there is no {id!r}{_hint(id, known)}" for id in ids if id not in known]
    return [known[id] for id in ids if id in known], faults


def _hint(id: str, known: Iterable[str]) -> str:
    near = get_close_matches(id, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _near(project: Project, id: str) -> str:
    known = {message.id for each in project.catalogs for message in project.messages(each)}
    return "" if id in known else _hint(id, known)


def _names(old: Entry | None, by: str) -> str:
    """The names of everybody who had a part in a wording, the last one last."""
    names = [name.strip() for name in old.by.split(",")] if old else []
    return ", ".join([*(name for name in names if name and name != by), by])


def _outcome(old: Review, new: list[Entry], faults: list[str]) -> Outcome:
    if faults:
        return Outcome((), tuple(faults))
    changed = [entry for entry in new if old.entries.get(entry.id) != entry]
    return Outcome((record(old, changed),) if changed else (), (), len(changed))
