"""What the bench reports, and how it says it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


class CannotRunError(Exception):
    """Something that is measured did not work, so there is nothing to report."""


@dataclass(frozen=True)
class Figure:
    """One line of the report."""

    what: str
    value: str
    goal: str = ""
    """Empty for what is only reported."""
    met: bool = True

    def row(self, part: str) -> str:
        """The figure as a row of a Markdown table."""
        result = ("met" if self.met else "**MISSED**") if self.goal else "reported"
        return f"| {part} | {self.what} | {self.value} | {self.goal or '–'} | {result} |"


HEAD = "| | Figure | Value | Goal | Result |\n|---|---|---|---|---|"


def at_most(what: str, ratios: Sequence[float], goal: float) -> Figure:
    """The median of some ratios, with their range, against the most it may be."""
    middle = median(ratios)
    value = f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return Figure(what, value, f"at most {goal:.2f}", middle <= goal)


def say(message: str) -> None:
    """Tell who waits what is going on, apart from the report."""
    print(message, file=sys.stderr, flush=True)
