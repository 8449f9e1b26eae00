"""Problems in the form that somebody reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checklist.problems import Problem, Severity


def as_text(problems: Sequence[Problem]) -> str:
    """One line for each problem and a closing line that counts them."""
    counts = Counter(problem.severity for problem in problems)
    total = ", ".join(f"{_counted(counts[severity], severity)}" for severity in Severity)
    return "\n".join([*map(str, problems), total])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
