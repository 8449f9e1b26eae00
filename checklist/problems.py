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
from difflib import get_close_matches
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How much a problem weighs: errors stop a build, warnings a release, notices nothing."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    """What is left to do in a language in the making."""


GAPS: Final = frozenset({"missing-translation", "missing-page", "missing-ui-string"})
"""Codes of what translators have yet to do: whoever changes the original cannot mend it."""


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


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that is not known: the nearest one that is, if any."""
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems is an error (and nothing less)."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def strictly(problems: Iterable[Problem]) -> list[Problem]:
    """The problems with every warning counted as an error, as before a release."""
    return [_weighed(problem, Severity.WARNING, Severity.ERROR) for problem in problems]


def tolerant(problems: Iterable[Problem]) -> list[Problem]:
    """The problems with gaps in translations as warnings, as while the original is written."""
    return [
        _weighed(problem, Severity.ERROR, Severity.WARNING) if problem.code in GAPS else problem
        for problem in problems
    ]


def _weighed(problem: Problem, before: Severity, after: Severity) -> Problem:
    return replace(problem, severity=after) if problem.severity is before else problem
