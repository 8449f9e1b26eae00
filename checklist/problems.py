"""Faults of a checklist, as values that are collected and reported together.

A fault somebody can make while writing is a `Problem`; exceptions are for
telling the caller that the problems found make it impossible to go on:

    ChecklistError
    └── SourceError          the source has errors; carries all problems found

Anything else that is raised is a bug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem weighs: only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A position in a text file; line and column are 1-based, columns count code points."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One fault, where it is and how to mend it."""

    place: Place
    code: str
    """Stable kebab-case name of the kind of fault, for tools and for waivers."""
    message: str
    """One line for a person; ends with the remedy."""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        """Keep to one line, whatever a message quotes."""
        shown = re.sub(r"[\x00-\x1f\x7f]", lambda match: repr(match[0])[1:-1], self.message)
        object.__setattr__(self, "message", shown)

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.code}: {self.message}"


class ChecklistError(Exception):
    """Base of all errors this package raises on purpose."""


class SourceError(ChecklistError):
    """The source has errors, so there is no checklist to work with."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems is an error (and not only a warning)."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def strictly(problems: Iterable[Problem]) -> list[Problem]:
    """The problems with every warning counted as an error, as before a release."""
    return [replace(problem, severity=Severity.ERROR) for problem in problems]
