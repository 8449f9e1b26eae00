"""What people say about translations, as changes to the review record.

Every function looks at all it is asked for before it changes anything, and gives either
the new record or everything that is in the way, a line each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checklist.checks.wordings import check_wordings
from checklist.messages import Message
from checklist.problems import did_you_mean
from checklist.project import Project
from checklist.review import Alike, Entry, Review, State, entry_of, last_of, record


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
        ids: of messages; none for all that are not in the record as they stand. Those that were
            edited after their original changed must be named.
        by: name of whoever says so.
        state: what they say: that it is a draft, a translation, or that they reviewed it.
        note: for the next translator; `None` leaves what is there.
    """
    known = {message.id: message for message in project.messages(language)}
    wanted, faults = _pick(known, ids)
    if not ids:
        wanted = [
            message
            for message in known.values()
            if project.state(message, language) is State.UNRECORDED
        ]
    entries = project.reviews[language].entries
    new = []
    for message in wanted:
        if fault := _review_fault(project, language, message, by, state):
            faults.append(fault)
            continue
        entry = entry_of(message, state, by, entries.get(message.id))
        new.append(entry if note is None else replace(entry, note=note))
    return _outcome(project.reviews[language], new, faults)


def _review_fault(
    project: Project, language: str, message: Message, by: str, state: State
) -> str | None:
    old = project.reviews[language].entries.get(message.id)
    present = project.state(message, language)
    if present is State.MISSING:
        return f"{message.id} has no {language}; translate it first"
    is_same = old is not None and old.wording_hash == message.wording_hash
    if present is State.STALE and is_same:
        return (
            f"{message.id} was made from an earlier original and has not changed since: "
            f"edit it, or say `still-valid {message.id}` if it is right as it is"
        )
    is_own = old is not None and is_same and last_of(old.by) == by
    if state is State.REVIEWED and present is not State.REVIEWED and is_own:
        return (
            f"{message.id} is {by}'s own translation; somebody else has to review it "
            "(say `--state translated` if you wrote it)"
        )
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
    return entry_of(message, old.state, by, old)


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
            faults.append(
                f"{id}: {made} were made from different originals; name one with --made-from"
            )
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


def unwaive(project: Project, language: str, id: str, code: str) -> Outcome:
    """Take back that a check is wrong about a wording."""
    old = project.reviews[language]
    entry = old.entries.get(id)
    if entry is None or code not in entry.waived:
        return Outcome((), (f"{id} has no waiver of {code}",))
    rest = {each: reason for each, reason in entry.waived.items() if each != code}
    return _outcome(old, [replace(entry, waived=rest)], [])


def expand(project: Project, ids: Iterable[str]) -> list[str]:
    """Ids of messages, with all messages of an item or a section where that is named alone."""
    known = {each.id: None for language in project.catalogs for each in project.messages(language)}
    found: dict[str, None] = {}
    for id in ids:
        owners = (f"{id}/", f"items/{id}/", f"sections/{id}/")
        inner = [] if id in known else [each for each in known if each.startswith(owners)]
        found |= dict.fromkeys(inner or [id])
    return list(found)


def waive(project: Project, language: str, id: str, code: str, reason: str) -> Outcome:
    """Say that a check is wrong about a wording, as it stands.

    Args:
        project: with the record.
        language: of the wording.
        id: of the message.
        code: of a problem that the check has with it.
        reason: why, for whoever reads the record.
    """
    old = project.reviews[language]
    known = {message.id: message for message in project.messages(language)}
    wanted, faults = _pick(known, [id])
    if faults:
        return Outcome((), tuple(faults))
    entry = old.entries.get(id)
    if entry is None or entry.wording_hash != known[id].wording_hash:
        return Outcome((), (f"{id} is not in the record as it stands; `review` it first",))
    bare = record(old, [replace(entry, waived={})])
    same = project.reviews[project.checklist.source_language.id]
    found = check_wordings(wanted, project.glossaries[language], bare, same)
    codes = sorted({problem.code for problem in found})
    if code not in codes:
        what = f"only {', '.join(codes)}" if codes else "nothing"
        return Outcome((), (f"no check finds {code} in {id}: there is {what} to waive",))
    return _outcome(old, [replace(entry, waived={**entry.waived, code: reason})], [])


def _pick(known: dict[str, Message], ids: Iterable[str]) -> tuple[list[Message], list[str]]:
    faults = [f"there is no {id!r}{did_you_mean(id, known)}" for id in ids if id not in known]
    return [known[id] for id in ids if id in known], faults


def _near(project: Project, id: str) -> str:
    known = {message.id for each in project.catalogs for message in project.messages(each)}
    return "" if id in known else did_you_mean(id, known)


def _outcome(old: Review, new: list[Entry], faults: list[str]) -> Outcome:
    if faults:
        return Outcome((), tuple(faults))
    changed = [entry for entry in new if old.entries.get(entry.id) != entry]
    return Outcome((record(old, changed),) if changed else (), (), len(changed))
