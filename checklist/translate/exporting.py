"""A language of a project as a PO file, for the tools that translators have.

The file is made anew each time from the source and the record, never merged: what a merge
guesses, the record knows. Made twice from the same project it is the same to the byte.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from checklist.checks.interface import placeholders
from checklist.messages import Kind, Message
from checklist.model import Checklist, Item, Section, Text, Verdict
from checklist.problems import Place
from checklist.project import Project
from checklist.review import State
from checklist.scaffold import installed
from checklist.translate.po import KEPT, OWNER, RECORD, tidy_note
from checklist.translate.scanner import BASE, CONTROL
from checklist.wording import fold

if TYPE_CHECKING:
    import polib

_HOW_TO: Final = """\
Translation of {id} from {source} into {language}.

Write each msgstr. What stands in `backticks`, addresses and {{placeholders}} stay as they are.
An entry that is fuzzy waits for somebody: its original has changed ('#|' has the earlier one),
or nobody has looked at it yet. Correct its msgstr and take the flag away, or take it away alone
if the wording is right. A comment beginning with '# ' goes to the next translator.
Then: checklist translate import FILE"""
_BASE_LENGTH: Final = 8
"""Digits of a hash that tell two wordings of one message apart."""
_PLURALS: Final = "nplurals=2; plural=(n != 1);"
"""Of English, and the guess for a language that Babel does not know."""


def export_po(
    project: Project,
    language: str,
    *,
    only: str = "",
    item_url: Callable[[str], str] | None = None,
) -> str:
    """The texts and interface strings of a project, with their translations, as a PO file.

    Args:
        project: with its record.
        language: of the translations.
        only: an item's or a section's id, to export no more than that.
        item_url: address of an item by its id, for translators who want to see it in its place.

    Raises:
        KeyError: the checklist does not declare the language, or has no such item or section.
        ImportError: polib is not installed.
    """
    # Only when there is a PO file to be written: the base package does without polib.
    import polib

    found = project.messages(language)
    prefixes = _prefixes(project.checklist, only) if only else ("",)
    kinds = _kinds(project.checklist)
    count = plural_count(plural_forms(project, language))
    file = polib.POFile(wrapwidth=0)
    file.header = _how_to(project.checklist, language)
    file.metadata = dict(_header(project, language))
    for message in found:
        if message.kind is not Kind.PAGE and message.id.startswith(prefixes):
            lines = _explanation(message, kinds, item_url)
            file.append(_entry(project, language, message, lines, count))
    return f"{file}"


def is_fuzzy(state: State, kept: bool) -> bool:
    """Whether somebody has to look at a wording before it counts.

    Args:
        state: of the wording.
        kept: whether there is a record; if not, that a wording is not in it says nothing.
    """
    return state in (State.STALE, State.DRAFT) or (state is State.UNRECORDED and kept)


def plural_forms(project: Project, language: str) -> str:
    """The rule for plural forms that the project's catalog has, or the usual one.

    Returns:
        As in the header of a PO file, such as `nplurals=2; plural=(n != 1);`.
    """
    try:
        with Path(project.catalogs[language].path).open("rb") as file:
            return read_po(file, abort_invalid=True).plural_forms
    except (OSError, PoFileError, ValueError):
        pass  # there is none, or what is wrong with it is a problem already
    try:
        return str(get_plural(Locale.parse(language, sep="-")))
    except (UnknownLocaleError, ValueError):
        return _PLURALS


def plural_count(forms: str) -> int:
    """How many plural forms a rule has."""
    return int(forms.partition("nplurals=")[2].partition(";")[0])


def _how_to(checklist: Checklist, language: str) -> str:
    names = {each.id: f"{each.name} ({each.id})" for each in checklist.languages}
    return _HOW_TO.format(
        id=checklist.id, source=names[checklist.source_language.id], language=names[language]
    )


def _header(project: Project, language: str) -> Iterator[tuple[str, str]]:
    """The fields of the header; no date, as it would change without the texts."""
    package = installed()
    yield "Project-Id-Version", project.checklist.id
    yield "Language", language.replace("-", "_")
    yield "MIME-Version", "1.0"
    yield "Content-Type", "text/plain; charset=UTF-8"
    yield "Content-Transfer-Encoding", "8bit"
    yield "Plural-Forms", plural_forms(project, language)
    yield OWNER, project.checklist.id
    yield RECORD, KEPT if project.reviews[language].kept else "none"
    yield "X-Generator", f"{package.name} {package.version}"


def _prefixes(checklist: Checklist, only: str) -> tuple[str, ...]:
    """How the ids of the messages of an item or a section begin."""
    for section in checklist.sections:
        if section.id == only:
            return f"sections/{only}/", *(f"items/{item.id}/" for item in section.items)
    if any(item.id == only for item in checklist.items):
        return (f"items/{only}/",)
    raise KeyError(only)


def _entry(
    project: Project, language: str, message: Message, explanation: list[str], count: int
) -> polib.POEntry:
    import polib

    review = project.reviews[language]
    recorded = review.entries.get(message.id)
    fuzzy = is_fuzzy(project.state(message, language), review.kept)
    original = tuple(map(fold, message.original))
    entry = polib.POEntry(
        msgctxt=message.id,
        msgid=original[0],
        msgid_plural="".join(original[1:]),
        comment="\n".join(explanation),
        tcomment=tidy_note(recorded.note) if recorded else "",
        occurrences=_occurrences(message),
        flags=[*(["fuzzy"] if fuzzy else []), *_flags(message)],
    )
    forms = tuple(map(fold, message.forms))
    if entry.msgid_plural:
        entry.msgstr_plural = dict(enumerate(forms or ("",) * count))
    else:
        entry.msgstr = "".join(forms[:1])
    if fuzzy and recorded and recorded.original_hash != message.original_hash:
        earlier = tuple(map(fold, recorded.original))
        entry.previous_msgctxt = message.id
        entry.previous_msgid = earlier[0]
        entry.previous_msgid_plural = earlier[1] if earlier[1:] else None
    return entry


def _flags(message: Message) -> Iterator[str]:
    """Flags that make tools check what we would: Weblate knows `md-text` and `max-length`."""
    if message.kind is Kind.TEXT:
        yield "md-text"
    elif placeholders(message.original[-1]):
        yield "python-brace-format"
    if message.text and message.text.limit:
        yield f"max-length:{message.text.limit}"


def _occurrences(message: Message) -> list[tuple[str, str]]:
    """Where the original stands; an interface string that has no line in the catalog has none."""
    if message.kind is Kind.INTERFACE and not message.wording:
        return []
    return [(_relative(message.source_place), str(message.source_place.line))]


def _relative(place: Place) -> str:
    """The path from the current folder; with spaces in isolates, as GNU gettext has it."""
    path = place.path
    if Path(path).is_absolute():
        try:
            path = Path(os.path.relpath(path)).as_posix()
        except ValueError:  # on another drive
            path = Path(path).name
    return f"\u2068{path}\u2069" if " " in path else path


def _explanation(
    message: Message, kinds: Mapping[str, str], item_url: Callable[[str], str] | None
) -> list[str]:
    """What a translator should know, a line for each fact."""
    kind = kinds.get(message.id, message.id.rpartition("/")[2])
    if message.kind is Kind.INTERFACE:
        kind = "interface string"
    lines = ["; ".join([kind, *_limits(message.text)]), *message.hint.splitlines()]
    parts = message.id.split("/")
    if item_url and parts[0] == "items":
        lines.append(item_url(parts[1]))
    if message.wording:
        lines.append(f"{BASE.removeprefix('#. ')} {message.wording_hash[:_BASE_LENGTH]}")
    return [CONTROL.sub(" ", line).strip() for line in lines if line.strip()]


def _limits(text: Text | None) -> Iterator[str]:
    if text:
        yield "one line" if text.line else "Markdown, may have several paragraphs"
        if text.limit:
            yield f"at most {text.limit} characters"


def _kinds(checklist: Checklist) -> dict[str, str]:
    """What each text is, by its id."""
    kinds = {"title": "title of the checklist", "description": "description of the checklist"}
    for scope in checklist.scopes:
        values = ", ".join(scope.values.values())
        kinds[scope.label.id] = f"what readers choose for themselves: {values}"
    for resource in checklist.resources:
        kinds[f"resources/{resource.id}/about"] = f"what readers get from {resource.title}"
    for section in checklist.sections:
        name = _source_title(section, checklist)
        kinds[f"sections/{section.id}/title"] = "title of a section"
        kinds[f"sections/{section.id}/intro"] = f"introduction to {name}"
        for item in section.items:
            kinds |= _item_kinds(item, name, _source_title(item, checklist))
    return kinds


def _source_title(part: Section | Item, checklist: Checklist) -> str:
    phrase = part.title.phrases.get(checklist.source_language.id)
    return phrase.text if phrase else part.id


def _item_kinds(item: Item, section: str, title: str) -> Iterator[tuple[str, str]]:
    owner = f"items/{item.id}"
    yield f"{owner}/title", f"title of an item in {section}"
    yield f"{owner}/why", f"reason for an item in {section}: {title}"
    yield f"{owner}/how", f"what to do for an item in {section}: {title}"
    for sample in item.samples:
        verdict = "wrong" if sample.verdict is Verdict.BAD else "right"
        lines = sample.code.split("\n")
        for note in sample.notes:
            code = lines[note.line - 1].strip() if note.line <= len(lines) else ""
            what = f"note on line {note.line} of code that is {verdict}"
            yield note.text.id, f"{what}, in {section}: {title} | {code}"
