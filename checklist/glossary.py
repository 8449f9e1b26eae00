"""The glossary of a language: one word for one concept.

`locales/<language>/glossary.yaml` is a list of terms, each with the word to use and
those to avoid. `checklist check` holds translations to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checklist.catalog import shown_path
from checklist.fields import Fields, Reader
from checklist.problems import Place, Problem
from checklist.shapes import Shape
from checklist.source import parse, read_text

FILE: Final = "glossary.yaml"
TERM: Final = Shape.of("a term", "en use", "forms avoid note reading loose")


@dataclass(frozen=True, slots=True)
class Term:
    """A concept and its word."""

    source: str
    """The term in the source language."""
    use: str
    """The word for it."""
    forms: tuple[str, ...]
    """Other forms of the word that are right, e.g. inflected or shortened ones."""
    avoid: tuple[str, ...]
    """Words that are not used for it here."""
    note: str
    reading: str
    """How the word is read aloud, if its spelling does not tell: 레디스 for Redis."""
    place: Place
    loose: bool = False
    """Whether the word is advice: translations may also say it in other words."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms of one language."""

    language: str
    terms: tuple[Term, ...]
    path: str = ""


def glossary_path(locales: Path, language: str) -> Path:
    """Where the glossary of a language lies in a `locales` folder."""
    return locales / language / FILE


def load_glossary(locales: Path, language: str) -> tuple[Glossary, list[Problem]]:
    """Read a glossary; an empty one if there is none.

    Returns:
        The glossary, without the terms that are wrong, and what is wrong with them.
    """
    path = glossary_path(locales, language)
    shown = shown_path(path)
    if not path.is_file():
        return Glossary(language, (), shown), []
    text, problems = read_text(path, shown)
    root, more = parse(text, shown) if text else (None, [])
    # A glossary of comments is one to be filled in.
    more = [each for each in more if each.code != "empty-file"]
    reader = Reader(shown, problems=[*problems, *more])
    nodes = reader.items(root, "a glossary") if root is not None else []
    found = (reader.fields(node, TERM) for node in nodes)
    terms = tuple(term for fields in found if fields and (term := _term(fields)))
    return Glossary(language, terms, shown), reader.problems


def _term(fields: Fields) -> Term | None:
    source, use = fields.string("en"), fields.string("use")
    if source is None or use is None:
        return None
    return Term(
        source=source,
        use=use,
        forms=tuple(form for form, _ in fields.strings("forms")),
        avoid=tuple(word for word, _ in fields.strings("avoid")),
        note=fields.string("note") or "",
        reading=fields.string("reading") or "",
        place=fields.place,
        loose=fields.flag("loose", default=False),
    )
