"""Is every text there in every language, and was it made from the original as it stands?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from checklist.messages import Message
from checklist.model import Checklist, Language
from checklist.problems import Problem, Severity
from checklist.review import Review, State

FAULTS: Final = {
    State.STALE: (
        "stale-translation",
        "was made from an earlier original; see `checklist translate todo {language}`",
    ),
    State.UNRECORDED: (
        "unrecorded-translation",
        "is not in the record as it stands; enter it with `checklist translate review {language}`",
    ),
    State.DRAFT: (
        "draft-translation",
        "is a draft; correct it, then say so with `checklist translate review {language}`",
    ),
}
"""States in which somebody has to look at a wording: code of the problem, and what it says."""


def check_translations(checklist: Checklist) -> Iterator[Problem]:
    """Missing wordings; errors in required languages, notices in the others."""
    for text in checklist.texts:
        if not text.phrases and not text.faulty:
            message = f"{text.id} has no wording in any language; add one"
            yield Problem(text.place, "missing-text", message)
            continue
        for language in checklist.languages:
            if language.id in text.phrases or language.id in text.faulty:
                continue
            severity = Severity.ERROR if language.required else Severity.NOTICE
            message = f"{text.id} has no {language.name} ({language.id}); add '{language.id}:'"
            yield Problem(text.place, "missing-translation", message, severity)


def check_states(
    language: Language, states: Iterable[tuple[Message, State]], review: Review
) -> Iterator[Problem]:
    """Wordings that somebody has to look at. Only for languages that have a review record.

    Args:
        language: of the wordings.
        states: every message of the language with its state.
        review: the record of the language.
    """
    if not review.kept:
        return
    severity = Severity.WARNING if language.required else Severity.NOTICE
    known = set()
    for message, state in states:
        known.add(message.id)
        if state in FAULTS:
            code, what = FAULTS[state]
            text = f"{message.id} ({language.id}) {what.format(language=language.id)}"
            yield Problem(message.place, code, text, severity)
    for id in sorted(review.entries.keys() - known):
        text = f"there is no '{id}' any more; delete the line"
        yield Problem(review.place(id), "orphaned-record", text, Severity.WARNING)
