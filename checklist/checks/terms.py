"""Does a translation use the words of its glossary?

A word to avoid must not occur. Where the original has a term, the wording must have the word
for it or one of its other right forms; the longest term wins, so that a task queue is not
asked for the word for a queue. Two kinds of terms are only advice in this second respect:
those marked `loose`, and names that are in the glossary for their `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Generic, TypeVar

from checklist.checks.elements import KEPT
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.checks.words import (
    KOREAN_END,
    literal,
    once_per_glossary,
    original_pattern,
    running_text,
    word_pattern,
)
from checklist.glossary import Glossary, Term

_WITHOUT_SPACES: Final = frozenset({"ja", "zh", "yue", "th", "lo", "km", "my"})
"""Languages whose words stand side by side, so that nothing tells where one ends."""
_KOREAN_END: Final = re.compile(KOREAN_END)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A term, ready to be looked for in lower-case text."""

    term: Term
    literal: str
    """How the term begins in every form: quick to look for."""
    original: str
    """Pattern of the term."""
    right: str
    """Pattern of all its right forms."""
    is_needed: bool


@dataclass(frozen=True, slots=True)
class _Avoided:
    """A word to be avoided."""

    rule: _Rule
    literal: str
    pattern: str
    ends: re.Pattern[str] | None
    """What has to follow, if that is the same for many words."""


class _Index(Generic[_T]):
    """What may occur in a text, by how its words begin: of hundreds of terms a text has a few."""

    def __init__(self, entries: Iterable[_T], start: Callable[[_T], str]) -> None:
        self.entries = tuple(entries)
        self._by_start: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            self._by_start.setdefault(start(entry)[:_START], []).append(number)
        self._anywhere = [
            number
            for key, numbers in self._by_start.items()
            if len(key) < _START
            for number in numbers
        ]

    def near(self, starts: frozenset[str]) -> Iterator[_T]:
        """The entries that may occur in a text whose words begin so, in their order."""
        found = {number for start in starts for number in self._by_start.get(start, ())}
        return (self.entries[number] for number in sorted(found.union(self._anywhere)))


_START: Final = 2
_WORD: Final = re.compile(r"\w+")


@lru_cache(KEPT)
def _read(markdown: str) -> tuple[str, frozenset[str]]:
    """A text as it is read, in lower case, and how its words begin."""
    text = running_text(markdown).lower()
    return text, frozenset(word[:_START] for word in _WORD.findall(text))


@dataclass(frozen=True, slots=True)
class _Rules:
    terms: _Index[_Rule]
    """Longest term first."""
    avoided: _Index[_Avoided]


_compiled: Final = cache(re.compile)
"""Patterns are compiled when a text needs them, and only then."""


def avoided(pair: Pair) -> Iterator[Fault]:
    """Words that the glossary says to avoid."""
    text, starts = _read(pair.wording)
    rules = _rules_of(pair.glossary)
    for word in rules.avoided.near(starts):
        if word.literal not in text:
            continue
        for match in _compiled(word.pattern).finditer(text):
            if word.ends and not word.ends.match(text, match.end()):
                continue
            if not _is_right_for_another(match[0], word.rule, pair, rules):
                found = " ".join(pair.wording[match.start() : match.end()].split())
                term = word.rule.term
                message = f"'{found}' is not used for '{term.source}' here; write '{term.use}'"
                yield Fault(match.start(), "glossary-avoid", message)


def _is_right_for_another(found: str, rule: _Rule, pair: Pair, rules: _Rules) -> bool:
    """Whether what is avoided for one term is the word for another that the original has."""
    original, _ = _read(pair.original)
    return any(
        other is not rule
        and _compiled(other.right).fullmatch(found)
        and _compiled(other.original).search(original)
        for other in rules.terms.entries
    )


def missing(pair: Pair) -> Iterator[Fault]:
    """Terms of the original whose word is not in the wording."""
    (original, starts), (text, _) = _read(pair.original), _read(pair.wording)
    taken: list[tuple[int, int]] = []
    for rule in _rules_of(pair.glossary).terms.near(starts):
        if rule.literal not in original:
            continue
        spans = (match.span() for match in _compiled(rule.original).finditer(original))
        free = [span for span in spans if not _is_within(span, taken)]
        taken += free
        if free and rule.is_needed and not _compiled(rule.right).search(text):
            term = rule.term
            message = f"the original has '{term.source}'; write '{term.use}' for it"
            yield Fault(0, "glossary-term", message)


def _is_within(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in taken)


@once_per_glossary
def _rules_of(glossary: Glossary) -> _Rules:
    terms = sorted(glossary.terms, key=lambda term: (-len(term.source), term.source))
    # A name that is here for its reading only is no term to be asked for.
    rules = [_rule(term, glossary.language) for term in terms if term.avoid or not term.reading]
    avoided = [
        _avoided(rule, word, glossary.language) for rule in rules for word in rule.term.avoid
    ]
    is_spaced = glossary.language.partition("-")[0] not in _WITHOUT_SPACES
    return _Rules(
        _Index(rules, lambda rule: rule.literal),
        _Index(avoided, lambda word: word.literal if is_spaced else ""),
    )


def _rule(term: Term, language: str) -> _Rule:
    # A gloss at the end of the word may be missing: cola de mensajes fallidos (DLQ).
    use = re.sub(r"\s*\([^()]*\)$", "", term.use) or term.use
    right = "|".join(word_pattern(word.lower(), language) for word in (use, *term.forms))
    original = original_pattern(term.source.lower())
    return _Rule(
        term=term,
        literal=literal(original),
        original=rf"(?<!\w){original}(?!\w)",
        right=right,
        is_needed=not term.loose,
    )


def _avoided(rule: _Rule, word: str, language: str) -> _Avoided:
    pattern = word_pattern(word.lower(), language)
    first = literal(pattern)
    primary = language.partition("-")[0]
    if primary in _WITHOUT_SPACES:
        return _Avoided(rule, first, pattern, None)
    if primary == "ko":
        is_verb = len(word) > 1 and word.endswith("다")
        ends = None if is_verb else _KOREAN_END
        return _Avoided(rule, first, rf"(?<!\w){pattern}", ends)
    return _Avoided(rule, first, rf"(?<!\w){pattern}(?!\w)", None)


RULES: Final[tuple[Rule, ...]] = (avoided, missing)
