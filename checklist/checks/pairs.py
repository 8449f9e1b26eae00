"""What a rule of quality gets and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from checklist.glossary import Glossary
from checklist.messages import Message
from checklist.model import Phrase
from checklist.problems import Severity


@dataclass(frozen=True)
class Pair:
    """A wording and the original it belongs to."""

    original: str
    phrase: Phrase
    message: Message
    glossary: Glossary

    @property
    def wording(self) -> str:
        """The wording as it is written down, so that offsets lead to a line and a column."""
        return self.phrase.text


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found in a wording."""

    offset: int
    """Of the first character concerned, in the wording."""
    code: str
    message: str
    """What is wrong and what to do, without the place and the id."""
    severity: Severity = Severity.WARNING
    """An error only where the rule cannot be mistaken."""


Rule = Callable[[Pair], Iterable[Fault]]
