"""What the software under a site has for a language, known without any of it installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from babel.messages.plurals import get_plural

from checklist.scaffold import THEME_LANGUAGES, Language

_SEARCH_LANGUAGES: Final = """
    ar da de du en es fi fr hi hu hy it ja jp kn ko nl no pt ro ru sa sv ta te th tr vi zh
"""
SEARCH_LANGUAGES: Final = frozenset(_SEARCH_LANGUAGES.split())
"""Languages whose words the search (lunr.js) can stem or split: English, and those that
`mkdocs/contrib/search/lunr-language` of MkDocs 1.6 has a file for."""


@dataclass(frozen=True)
class Offer:
    """What Babel, the theme and the search have for a language."""

    language: Language

    @property
    def plurals(self) -> int:
        """How many plural forms Babel knows."""
        count: int = get_plural(self.language.locale).num_plurals
        return count

    @property
    def has_theme(self) -> bool:
        """Whether Material for MkDocs speaks it; if not, it speaks `language.theme`."""
        return self.language.id in THEME_LANGUAGES

    @property
    def search(self) -> str | None:
        """The language of the search that fits; `None` if it takes words as they are."""
        near = (self.language.id, self.language.locale.language)
        return next((each for each in near if each in SEARCH_LANGUAGES), None)

    @property
    def sentences(self) -> Iterator[str]:
        """The offer in words, a line each."""
        language = self.language
        direction = {"ltr": "left to right", "rtl": "right to left"}[language.direction]
        forms = "1 plural form" if self.plurals == 1 else f"{self.plurals} plural forms"
        yield f"Babel: {language.name} ({language.id}), written from {direction}, {forms}."
        if self.has_theme:
            yield f"Material for MkDocs: speaks '{language.id}'."
        else:
            yield f"Material for MkDocs: has no '{language.id}', so it speaks '{language.theme}'."
        if self.search:
            yield f"Search: knows the word forms of '{self.search}'."
        else:
            yield "Search: knows no word forms, so words are found only as they are written."
