"""The strings of a project that have a translation, in one language.

As gettext has it, a message is a text to be translated together with its
translation. Three kinds share one shape here: the texts of the checklist, the
interface strings of the project's own catalog, and whole hand-written pages.
What is missing, stale or reviewed is the same question for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from checklist.catalog import Catalog, interface_messages
from checklist.model import Checklist, Phrase, Text
from checklist.problems import Place
from checklist.wording import digest

_STUB: Final = re.compile(r"\A---\n(?:(?!---).*\n)*?untranslated:[ \t]*true[ \t]*(?:#.*)?\n")


def is_stub(page: str) -> bool:
    """Whether a hand-written page only says that it is still to be written."""
    return _STUB.match(page) is not None


class Kind(StrEnum):
    """Where a message comes from."""

    TEXT = "text"
    """From the YAML file."""
    INTERFACE = "ui"
    """From the code, translated in a catalog."""
    PAGE = "page"
    """A file below `docs/<language>/`."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be translated, and its wording in one language."""

    id: str
    """Identity across files and versions, in PO files the `msgctxt`: `items/cap-retries/title`,
    `ui/{n} hidden by filters`, `pages/index.md`."""
    kind: Kind
    original: tuple[str, ...]
    """In the source language; of an interface string English, with its plural if it has one."""
    wording: tuple[Phrase, ...]
    """In the language asked for: a phrase, for an interface string one for each plural form;
    empty if it is missing."""
    source_place: Place
    """Where the original begins."""
    place: Place
    """Where the wording begins, or where it is to be added."""
    text: Text | None = None
    """The text of the checklist, with what it says in other languages."""
    hint: str = ""
    """What the author wants translators to know."""

    @property
    def forms(self) -> tuple[str, ...]:
        """The wording as text."""
        return tuple(phrase.text for phrase in self.wording)

    @property
    def original_hash(self) -> str:
        """Hash of the original."""
        return digest(*self.original)

    @property
    def wording_hash(self) -> str:
        """Hash of the wording."""
        return digest(*self.forms)


def messages(checklist: Checklist, catalog: Catalog, docs: Path | None = None) -> Iterator[Message]:
    """The messages of a language, in the order of the source; then interface, then pages.

    Of the source language there are only the interface strings, unless it is English.

    Args:
        checklist: with all its languages.
        catalog: of the language asked for.
        docs: folder with a folder of hand-written pages for each language, if there is one.
    """
    language = catalog.language
    source = checklist.source_language.id
    if language != source:
        yield from _texts(checklist, language, source)
    yield from _interface(catalog)
    if docs and language != source:
        yield from _pages(docs, language, source)


def _texts(checklist: Checklist, language: str, source: str) -> Iterator[Message]:
    hints = _hints(checklist)
    for text in sorted(checklist.texts, key=lambda each: each.place):
        if source not in text.phrases:
            continue  # a problem already, and nothing that one could translate from
        original = text.phrases[source]
        wording = text.phrases.get(language)
        yield Message(
            id=text.id,
            kind=Kind.TEXT,
            original=(original.text,),
            wording=(wording,) if wording else (),
            source_place=original.place,
            place=wording.place if wording else text.place,
            text=text,
            hint=hints.get("/".join(text.id.split("/")[:2]), ""),
        )


def _hints(checklist: Checklist) -> dict[str, str]:
    owners = {f"sections/{section.id}": section.hint for section in checklist.sections}
    owners |= {f"items/{item.id}": item.hint for item in checklist.items}
    return {id: hint for id, hint in owners.items() if hint}


def _interface(catalog: Catalog) -> Iterator[Message]:
    """The strings that the project translates itself, or that nobody has."""
    for singular, plural in interface_messages().items():
        if catalog.has(singular) and singular not in catalog.places:
            continue  # it comes with the package
        place = catalog.places.get(singular, Place(catalog.path))
        phrases = (
            Phrase(form, catalog.language, place) for form in catalog.messages.get(singular, ())
        )
        original = (singular, plural) if plural else (singular,)
        yield Message(f"ui/{singular}", Kind.INTERFACE, original, tuple(phrases), place, place)


def _pages(docs: Path, language: str, source: str) -> Iterator[Message]:
    for path in sorted((docs / source).rglob("*.md")):
        name = path.relative_to(docs / source).as_posix()
        translated = docs / language / name
        place = Place(translated.as_posix())
        # A page that is not UTF-8 stops the builder; here it is no concern.
        page = translated.read_text("utf-8", errors="replace") if translated.is_file() else ""
        is_missing = not translated.is_file() or is_stub(page)
        phrases = () if is_missing else (Phrase(page, language, place, keeps_lines=True),)
        yield Message(
            id=f"pages/{name}",
            kind=Kind.PAGE,
            original=(path.read_text("utf-8", errors="replace"),),
            wording=phrases,
            source_place=Place(path.as_posix()),
            place=place,
        )
