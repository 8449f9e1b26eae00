"""A project in a folder of its own, and PO files that go out of it and come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from shutil import copy, copytree

import polib

from checklist.messages import Kind, Message
from checklist.problems import Problem, has_errors
from checklist.project import Project, Settings, examine
from checklist.review import Entry, Review, State, dump_review, entry_of, record, review_path
from checklist.translate.exporting import export_po
from checklist.translate.importing import apply, plan_import, read_po
from checklist.translate.plans import Plan

PO = "back.po"
"""What the file that comes back is called in problems."""


@dataclass(frozen=True)
class Exchange:
    """A project to export from and to import into; tests run in its folder."""

    language: str
    settings: Settings

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return _examined(self.settings, Path.cwd(), tuple(sorted(self.files.items())))

    @property
    def messages(self) -> dict[str, Message]:
        """What can be exchanged, by id."""
        found = self.project.messages(self.language)
        return {message.id: message for message in found if message.kind is not Kind.PAGE}

    @property
    def states(self) -> dict[str, State]:
        """How far every message is."""
        project = self.project
        return {id: project.state(each, self.language) for id, each in self.messages.items()}

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The record."""
        return self.project.reviews[self.language].entries

    @property
    def files(self) -> dict[str, bytes]:
        """Every file of the project."""
        paths = (path for path in Path().rglob("*") if path.is_file())
        return {path.as_posix(): path.read_bytes() for path in paths}

    def export(self, only: str = "") -> str:
        """The PO file."""
        return export_po(self.project, self.language, only=only)

    def plan(self, text: str | bytes, by: str = "Kim") -> tuple[Plan | None, list[Problem]]:
        """What an import would do, and what is wrong with it."""
        data = text.encode() if isinstance(text, str) else text
        incoming, problems = read_po(data, PO)
        if incoming is None:
            return None, problems
        plan, more = plan_import(self.project, incoming, by)
        return plan, problems + more

    def take(self, text: str | bytes, by: str = "Kim") -> Plan:
        """Import a PO file that there is nothing to say against."""
        plan, problems = self.plan(text, by)
        assert plan, [*map(str, problems)]
        assert not has_errors(problems)
        assert apply(plan, self.settings) == []
        return plan

    def refuse(self, text: str | bytes) -> list[Problem]:
        """The problems of a PO file that cannot be imported; nothing may change."""
        before = self.files
        plan, problems = self.plan(text)
        assert plan is None
        assert has_errors(problems)
        assert self.files == before
        return problems

    def keep_record(self, states: Mapping[str, State] | None = None) -> None:
        """Write a record: everything is translated, but for the states given."""
        states = states or {}
        entries = [
            recorded(message, states.get(id, State.TRANSLATED))
            for id, message in self.messages.items()
            if message.wording and states.get(id) is not State.MISSING
        ]
        self.write_record([entry for entry in entries if entry])

    def write_record(self, entries: list[Entry]) -> None:
        """Write a record of these entries."""
        path = review_path(self.settings.locales, self.language)
        review = record(Review(self.language, {}), entries)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_review(review), encoding="utf-8", newline="\n")

    def replace(self, before: str, after: str, path: str = "checklist.yaml") -> None:
        """Edit a file as a person would."""
        text = Path(path).read_text("utf-8")
        assert text.count(before) == 1
        Path(path).write_text(text.replace(before, after), encoding="utf-8", newline="\n")


@lru_cache(maxsize=4)
def _examined(settings: Settings, folder: Path, files: tuple[tuple[str, bytes], ...]) -> Project:
    """The project, which stays the same as long as its files do."""
    project, _ = examine(settings)
    assert project
    return project


def exchange_of(source: Path, folder: Path, language: str) -> Exchange:
    """A copy of a project, with its parts where `Exchange` looks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    copy(source, folder / "checklist.yaml")
    for name in ("locales", "docs"):
        if found := next((up / name for up in source.parents if (up / name).is_dir()), None):
            copytree(found, folder / name, ignore=lambda _, names: [n for n in names if n == "adr"])
    settings = Settings(Path("checklist.yaml"), Path("locales"), Path("docs"))
    return Exchange(language, settings)


def recorded(message: Message, state: State, by: str = "Lee") -> Entry | None:
    """A line of the record that brings a message into a state, if it takes one."""
    if state is State.UNRECORDED:
        return None
    if state is not State.STALE:
        return entry_of(message, state, by)
    entry = entry_of(message, State.TRANSLATED, by)
    earlier = tuple(f"{text} (earlier)" for text in message.original)
    return Entry(entry.id, earlier, entry.wording_hash, entry.state, by)


def edited(text: str, id: str, change: Callable[[polib.POEntry], object]) -> str:
    """A PO file in which an entry has been worked on, saved by polib."""
    file = polib.pofile(text, wrapwidth=0)
    (entry,) = (entry for entry in file if entry.msgctxt == id)
    change(entry)
    return str(file)


def worded(wording: str, *, fuzzy: bool = False) -> Callable[[polib.POEntry], None]:
    """What a translator does: another wording, with or without a flag."""

    def change(entry: polib.POEntry) -> None:
        entry.msgstr = wording
        flagged(entry, fuzzy=fuzzy)

    return change


def flagged(entry: polib.POEntry, *, fuzzy: bool) -> None:
    """Put the fuzzy flag on an entry or take it away."""
    entry.flags = [*(["fuzzy"] if fuzzy else []), *(f for f in entry.flags if f != "fuzzy")]
    if not fuzzy:
        entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None


def line_of(text: str, id: str) -> int:
    """The line of an entry's msgstr."""
    lines = text.split("\n")
    start = lines.index(f'msgctxt "{id}"')
    return next(n for n, line in enumerate(lines[start:], start + 1) if line.startswith("msgstr"))
