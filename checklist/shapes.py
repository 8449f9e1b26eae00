"""What the parts of a source may hold: their keys, and the rules of their values.

The loader and the JSON Schema are both made from this module, so that they
cannot tell different stories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""The BCP 47 tags a checklist may use: language, then script and region if needed."""


@dataclass(frozen=True)
class Shape:
    """The keys a mapping may have."""

    name: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    languages: bool = False
    """Whether languages, too, are keys: the wordings of a text."""

    @classmethod
    def of(cls, name: str, required: str, optional: str = "") -> Shape:
        """A shape from space-separated key names."""
        return cls(name, frozenset(required.split()), frozenset(optional.split()))

    def has(self, key: str) -> bool:
        """Whether a mapping of this shape may have the key."""
        is_language = self.languages and LANGUAGE.fullmatch(key) is not None
        return is_language or key in self.required or key in self.optional

    @property
    def known(self) -> list[str]:
        """All keys, sorted."""
        return sorted(self.required | self.optional)


TITLE_LIMIT: Final = 80
CODE_LANGUAGES: Final = ("python", "sh", "ini", "yaml", "json", "toml", "text")
RESOURCE_KINDS: Final = (
    "article",
    "documentation",
    "video",
    "discussion",
    "tool",
    "course",
    "book",
)
RESERVED: Final = frozenset({"index", "total"})
"""Section ids that would clash: with the page of the list, and with the bar of the whole."""
RESERVED_SCOPES: Final = frozenset({"h", "priority", "q", "section", "state", "top"})
"""Scope ids that would clash with what else a page's address says; `h` is the search's."""

_CLAUSE: Final = r"(?:>=|<=|==|!=|~=|>|<)\s*\d+(?:\.\d+)*(?:\.\*)?"
RANGE: Final = re.compile(rf"{_CLAUSE}(?:\s*,\s*{_CLAUSE})*")
"""Version specifiers of PEP 440 without pre-releases."""

CHECKLIST = Shape.of(
    "the checklist", "id languages title sections", "description subject scopes resources"
)
SUBJECT = Shape.of("subject", "name", "package docs")
LANGUAGE_ENTRY = Shape.of("a language", "id name", "required")
SCOPE = Shape.of("a scope", "label values")
SECTION = Shape.of("a section", "id title items", "intro hint")
ITEM = Shape.of(
    "an item",
    "id priority title",
    "aliases top updated applies_to versions why how docs samples resources hint",
)
SAMPLE = Shape.of("a sample", "id verdict code", "language mistakes notes")
NOTE = replace(Shape.of("a note", "id line"), languages=True)
RESOURCE = Shape.of("a resource", "id url title language kind", "author year about")
