"""The review record: what is known about every translation, by content and never by date.

`locales/<language>/review.jsonl` has a line for each message, sorted by id, so that
merges are painless. A line keeps the original that the wording was made from and a
hash of the wording itself. From the two follows the state of a message, also in a
shallow clone, and nobody can call a translation current without having touched it
or having said so by name.

That a later original means the same is a fact about the source language. It stands in
the source language's own record, and no translation's line is touched for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from checklist.catalog import shown_path
from checklist.messages import Message
from checklist.problems import Place, Problem
from checklist.source import read_text
from checklist.wording import digest

FILE: Final = "review.jsonl"


class State(StrEnum):
    """How far a translation is, from nothing to what somebody else has read."""

    MISSING = "missing"
    """There is none."""
    STALE = "stale"
    """It was made from an original that has changed since; that it was edited does not matter,
    until somebody says that it follows the change."""
    UNRECORDED = "unrecorded"
    """It is not in the record, or not as it stands now."""
    DRAFT = "draft"
    """It was made from the present original, and somebody has to look at it."""
    TRANSLATED = "translated"
    """It was made from the present original."""
    REVIEWED = "reviewed"
    """So it was, and somebody else than its translator has read it."""


RECORDED: Final = (State.DRAFT, State.TRANSLATED, State.REVIEWED)
"""States that a line of the record can give."""
DONE: Final = (State.TRANSLATED, State.REVIEWED)
"""States in which there is nothing left to do but a review."""


@dataclass(frozen=True)
class Entry:
    """What the record knows about a message."""

    id: str
    original: tuple[str, ...]
    """The original that the wording was made from; more than one text if it has a plural."""
    wording_hash: str
    state: State
    by: str = ""
    """Who translated or reviewed it last, as they wish to be named; several with commas."""
    note: str = ""
    """From one translator to the next: the translator's comment in a PO file."""
    waived: Mapping[str, str] = field(default_factory=dict)
    """Code of a check to the reason why its complaint about this wording is wrong."""

    @property
    def original_hash(self) -> str:
        """Hash of the original that the wording was made from."""
        return digest(*self.original)


@dataclass(frozen=True)
class Alike:
    """Originals of a message that mean the same to a translator."""

    groups: tuple[frozenset[str], ...]
    """Hashes of originals; those of a group mean the same."""
    by: str
    """Who said so last."""

    def has(self, one: str, other: str) -> bool:
        """Whether two originals are in one group."""
        return any(one in group and other in group for group in self.groups)

    def with_pair(self, one: str, other: str, by: str) -> Alike:
        """The groups once the two are said to mean the same."""
        joined = frozenset({one, other}).union(
            *(group for group in self.groups if group & {one, other})
        )
        rest = (group for group in self.groups if not group & joined)
        return Alike((*rest, joined), by)


@dataclass(frozen=True)
class Review:
    """The review record of one language."""

    language: str
    entries: Mapping[str, Entry]
    path: str = ""
    """The file, for problems."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Line of each entry."""
    alike: Mapping[str, Alike] = field(default_factory=dict)
    """Of the source language: by message, the originals that mean the same."""
    kept: bool = False
    """Whether the project keeps a record for this language; without one nothing is missed."""

    def place(self, id: str) -> Place:
        """Where an entry stands."""
        return Place(self.path, self.lines.get(id, 1))


def state_of(message: Message, review: Review, same: Review | None = None) -> State:
    """The state of a message.

    Args:
        message: with its wording in the language of the record.
        review: the record of that language.
        same: the record of the source language, which knows what originals mean the same.
    """
    if not message.wording:
        return State.MISSING
    entry = review.entries.get(message.id)
    if entry is None:
        return State.UNRECORDED
    if entry.original != message.original and not means_the_same(
        message.id, entry.original_hash, message.original_hash, same
    ):
        return State.STALE  # also if it was edited since: nobody said that it follows the change
    return entry.state if entry.wording_hash == message.wording_hash else State.UNRECORDED


def means_the_same(id: str, earlier: str, later: str, same: Review | None) -> bool:
    """Whether two originals of a message, by their hashes, say the same to a translator."""
    if earlier == later:
        return True
    alike = same.alike.get(id) if same else None
    return alike is not None and alike.has(earlier, later)


def review_path(locales: Path, language: str) -> Path:
    """Where the record of a language lies in a `locales` folder."""
    return locales / language / FILE


def load_review(locales: Path, language: str) -> tuple[Review, list[Problem]]:
    """Read a record; an empty one if there is none.

    Returns:
        The record, without the lines that are wrong, and what is wrong with them.
    """
    path = review_path(locales, language)
    shown = shown_path(path)
    if not path.is_file():
        return Review(language, {}, shown), []
    text, problems = read_text(path, shown)
    reader = _Reader(shown, problems)
    for number, line in enumerate((text or "").split("\n"), start=1):
        if line.strip():
            reader.read(line, number)
    return Review(language, reader.entries, shown, reader.lines, reader.alike, True), problems


def dump_review(review: Review) -> str:
    """The text of a record's file: sorted, one message a line."""
    lines = {id: _entry_line(entry) for id, entry in review.entries.items()}
    lines |= {id: _alike_line(id, alike) for id, alike in review.alike.items()}
    return "".join(f"{lines[id]}\n" for id in sorted(lines))


def record(review: Review, entries: Iterable[Entry]) -> Review:
    """The record with some entries added or replaced."""
    return replace(review, entries={**review.entries, **{entry.id: entry for entry in entries}})


def entry_of(message: Message, state: State, by: str, old: Entry | None = None) -> Entry:
    """An entry that says a wording, as it stands, was made from the original as it stands.

    Who had a part in it before is named on; waivers go with the wording that they were given for.
    """
    is_same = old is not None and old.wording_hash == message.wording_hash
    return Entry(
        id=message.id,
        original=message.original,
        wording_hash=message.wording_hash,
        state=state,
        by=_joined(old.by if old else "", by),
        note=old.note if old else "",
        waived=old.waived if old and is_same else {},  # they were about that wording
    )


def _joined(names: str, name: str) -> str:
    """The names of everybody who had a part in a wording, the last one last."""
    earlier = [each.strip() for each in names.split(",")]
    return ", ".join([*(each for each in earlier if each not in ("", name)), *filter(None, [name])])


def last_of(names: str) -> str:
    """Who had a part in a wording last."""
    return names.rpartition(",")[2].strip()


def renamed(review: Review, aliases: Mapping[str, str]) -> Review:
    """The record with what it knows about items under former ids put under the present ones.

    Args:
        review: of any language.
        aliases: former item id to present id.
    """
    present = {id: _present(id, aliases) for id in review.lines}
    moved = {id: new for id, new in present.items() if new != id and new not in review.lines}
    if not moved:
        return review
    entries = {moved.get(id, id): entry for id, entry in review.entries.items()}
    return replace(
        review,
        entries={id: replace(entry, id=id) for id, entry in entries.items()},
        lines={moved.get(id, id): line for id, line in review.lines.items()},
        alike={moved.get(id, id): alike for id, alike in review.alike.items()},
    )


def _present(id: str, aliases: Mapping[str, str]) -> str:
    kind, _, rest = id.partition("/")
    item, slash, part = rest.partition("/")
    return f"items/{aliases[item]}{slash}{part}" if kind == "items" and item in aliases else id


def _alike_line(id: str, alike: Alike) -> str:
    groups = sorted(map(sorted, alike.groups))
    return json.dumps({"id": id, "same": groups, "by": alike.by}, ensure_ascii=False)


def _entry_line(entry: Entry) -> str:
    data: dict[str, Any] = {
        "id": entry.id,
        "original": entry.original[0] if len(entry.original) == 1 else list(entry.original),
        "original_hash": entry.original_hash,
        "wording_hash": entry.wording_hash,
        "state": entry.state,
    }
    optional = {"by": entry.by, "note": entry.note, "waived": dict(sorted(entry.waived.items()))}
    data |= {key: value for key, value in optional.items() if value}
    return json.dumps(data, ensure_ascii=False)


@dataclass
class _Reader:
    path: str
    problems: list[Problem]
    entries: dict[str, Entry] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    alike: dict[str, Alike] = field(default_factory=dict)

    def read(self, line: str, number: int) -> None:
        if fault := self._fault(line, number):
            message = f"{fault}; correct the line, or delete it and record the message again"
            self.problems.append(Problem(Place(self.path, number), "bad-record", message))

    def _fault(self, line: str, number: int) -> str | None:
        try:
            data = json.loads(line)
            json.dumps(data, ensure_ascii=False).encode()  # half a pair of surrogates is no text
        except (ValueError, RecursionError) as error:
            return f"this is not JSON ({error})"
        fault = _shape_fault(data)
        if fault:
            return fault
        id = data["id"]
        if id in self.lines:
            return f"'{id}' is already on line {self.lines[id]}"
        if "same" in data:
            self.lines[id] = number
            self.alike[id] = Alike(tuple(map(frozenset, data["same"])), data.get("by", ""))
            return None
        original = data["original"]
        entry = Entry(
            id=id,
            original=(original,) if isinstance(original, str) else tuple(original),
            wording_hash=data["wording_hash"],
            state=State(data["state"]),
            by=data.get("by", ""),
            note=data.get("note", ""),
            waived=data.get("waived", {}),
        )
        if entry.original_hash != data["original_hash"]:
            return f"'original_hash' of '{id}' is not the hash of its 'original'"
        self.lines[id] = number
        self.entries[id] = entry
        return None


def _shape_fault(data: Any) -> str | None:
    """What is wrong with the shape of a line."""
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        return "a line must be an object with an 'id'"
    if not all(isinstance(data.get(key, ""), str) for key in ("by", "note")):
        return "'by' and 'note' must be texts"
    if "same" in data:
        return None if _is_groups(data["same"]) else "'same' must be a list of lists of hashes"
    original = data.get("original")
    if not isinstance(original, str) and not (_is_strings(original) and original):
        return "'original' must be a text or a list of texts"
    for key in ("original_hash", "wording_hash"):
        if not isinstance(data.get(key), str):
            return f"'{key}' must be a hash"
    if data.get("state") not in RECORDED:
        return f"'state' must be one of {', '.join(RECORDED)}"
    waived = data.get("waived", {})
    if not isinstance(waived, dict) or not all(
        isinstance(reason, str) and reason.strip() for reason in waived.values()
    ):
        return "'waived' must give a reason for each code"
    return None


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_groups(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_strings, value))
