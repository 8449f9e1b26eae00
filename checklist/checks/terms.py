"""Does a translation use the words of its glossary?

A word to avoid must not occur. Where the original has a term, the wording must have the word
for it or one of its other right forms; the longest term wins, so that a task queue is not
asked for the word for a queue. Two kinds of terms are only advice in this second respect:
those marked `loose`, and names that are in the glossary for their `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class _Rule:
    """A term, ready to be looked for in lower-case text."""

    term: Term
    literal: str
    """How the term begins in every form: quick to look for."""
    original: re.Pattern[str]
    right: re.Pattern[str]
    is_needed: bool


@dataclass(frozen=True, slots=True)
class _Avoided:
    """A word to be avoided."""

    rule: _Rule
    literal: str
    pattern: re.Pattern[str]
    ends: re.Pattern[str] | None
    """What has to follow, if that is the same for many words."""


@dataclass(frozen=True, slots=True)
class _Rules:
    terms: tuple[_Rule, ...]
    """Longest term first."""
    avoided: tuple[_Avoided, ...]


def avoided(pair: Pair) -> Iterator[Fault]:
    """Words that the glossary says to avoid."""
    text = running_text(pair.wording).lower()
    rules = _rules_of(pair.glossary)
    for word in rules.avoided:
        if word.literal not in text:
            continue
        for match in word.pattern.finditer(text):
            if word.ends and not word.ends.match(text, match.end()):
                continue
            if not _is_right_for_another(match[0], word.rule, pair, rules):
                found = " ".join(pair.wording[match.start() : match.end()].split())
                term = word.rule.term
                message = f"'{found}' is not used for '{term.source}' here; write '{term.use}'"
                yield Fault(match.start(), "glossary-avoid", message)


def _is_right_for_another(found: str, rule: _Rule, pair: Pair, rules: _Rules) -> bool:
    """Whether what is avoided for one term is the word for another that the original has."""
    original = running_text(pair.original).lower()
    return any(
        other is not rule and other.right.fullmatch(found) and other.original.search(original)
        for other in rules.terms
    )


def missing(pair: Pair) -> Iterator[Fault]:
    """Terms of the original whose word is not in the wording."""
    original, text = running_text(pair.original).lower(), running_text(pair.wording).lower()
    taken: list[tuple[int, int]] = []
    for rule in _rules_of(pair.glossary).terms:
        if rule.literal not in original:
            continue
        spans = (match.span() for match in rule.original.finditer(original))
        free = [span for span in spans if not _is_within(span, taken)]
        taken += free
        if free and rule.is_needed and not rule.right.search(text):
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
    return _Rules(tuple(rules), tuple(avoided))


def _rule(term: Term, language: str) -> _Rule:
    # A gloss at the end of the word may be missing: cola de mensajes fallidos (DLQ).
    use = re.sub(r"\s*\([^()]*\)$", "", term.use) or term.use
    right = "|".join(word_pattern(word.lower(), language) for word in (use, *term.forms))
    original = original_pattern(term.source.lower())
    return _Rule(
        term=term,
        literal=literal(original),
        original=re.compile(rf"(?<!\w){original}(?!\w)"),
        right=re.compile(right),
        is_needed=not term.loose,
    )


def _avoided(rule: _Rule, word: str, language: str) -> _Avoided:
    pattern = word_pattern(word.lower(), language)
    first = literal(pattern)
    primary = language.partition("-")[0]
    if primary in _WITHOUT_SPACES:
        return _Avoided(rule, first, re.compile(pattern), None)
    if primary == "ko":
        is_verb = len(word) > 1 and word.endswith("다")
        ends = None if is_verb else _KOREAN_END
        return _Avoided(rule, first, re.compile(rf"(?<!\w){pattern}"), ends)
    return _Avoided(rule, first, re.compile(rf"(?<!\w){pattern}(?!\w)"), None)


RULES: Final[tuple[Rule, ...]] = (avoided, missing)
