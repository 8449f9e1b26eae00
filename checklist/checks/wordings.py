"""Does every translation keep what the original has, and is it written as its language is?

A rule looks at one wording beside its original and yields faults; to add one, list it in
`RULES` or, if only one language knows it, in `LANGUAGE_RULES`. A rule that is wrong about a
wording is waived in the review record, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from checklist.checks import korean, parity, particles, spanish, terms, typography
from checklist.checks.pairs import Fault, Pair, Rule
from checklist.glossary import Glossary
from checklist.messages import Message
from checklist.model import Phrase
from checklist.problems import Problem, Severity
from checklist.review import Review, State, state_of

RULES: Final[tuple[Rule, ...]] = parity.RULES + typography.RULES + terms.RULES
LANGUAGE_RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "es": spanish.RULES,
    "ko": (korean.register, *particles.RULES),
}
"""By the primary subtag of the language: `pt` has those of `pt-BR` too."""


def check_wordings(
    messages: Iterable[Message], glossary: Glossary, review: Review, same: Review | None = None
) -> Iterator[Problem]:
    """Run every rule on every wording of a language, and look whether the waivers are needed.

    Args:
        messages: of the language.
        glossary: of the language.
        review: the record of the language.
        same: the record of the source language, which knows what originals mean the same.
    """
    rules = RULES + LANGUAGE_RULES.get(review.language.partition("-")[0], ())
    needless = set()
    for message in messages:
        entry = review.entries.get(message.id)
        knows = entry is not None and entry.wording_hash == message.wording_hash
        waived = entry.waived if entry and knows else {}
        needless |= {(message.id, code) for code in waived}
        # A stale wording is held to what it was made from: that it is stale is said anyway, and
        # whoever changes the original must not be stopped by what others have yet to do.
        is_stale = knows and state_of(message, review, same) is State.STALE
        original = entry.original if entry and is_stale else message.original
        for fault, phrase in _faults(message, original, glossary, rules):
            if fault.code in waived:
                needless.discard((message.id, fault.code))
                continue
            text = f"{message.id} ({review.language}): {fault.message}"
            yield Problem(phrase.place_at(fault.offset), fault.code, text, fault.severity)
    for id, code in sorted(needless):
        command = f"checklist translate waive {review.language} '{id}' {code} --remove"
        text = f"'{id}' has no {code} to be waived; take it back with `{command}`"
        yield Problem(review.place(id), "needless-waiver", text, Severity.WARNING)


def _faults(
    message: Message, original: tuple[str, ...], glossary: Glossary, rules: tuple[Rule, ...]
) -> Iterator[tuple[Fault, Phrase]]:
    for phrase in message.wording:
        # Plural forms beyond the first go with the plural of the original.
        is_first = len(message.wording) > 1 and phrase is message.wording[0]
        pair = Pair(original[0 if is_first else -1], phrase, message, glossary)
        for rule in rules:
            for fault in rule(pair):
                yield fault, phrase
