"""Is every text there in every language?"""

from __future__ import annotations

from collections.abc import Iterator

from checklist.model import Checklist
from checklist.problems import Problem, Severity


def check_translations(checklist: Checklist) -> Iterator[Problem]:
    """Missing wordings; errors in required languages, warnings in the others."""
    for text in checklist.texts:
        for language in checklist.languages:
            if language.id in text.phrases or language.id in text.faulty:
                continue
            # A text without any wording has nothing that could stand in for it.
            needed = language.required or not text.phrases
            severity = Severity.ERROR if needed else Severity.WARNING
            message = f"{text.id} has no {language.name} ({language.id}); add '{language.id}:'"
            yield Problem(text.place, "missing-translation", message, severity)
