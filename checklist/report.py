"""Problems in the form that somebody, or some tool, reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from checklist.problems import Problem, Severity


def as_text(problems: Sequence[Problem]) -> str:
    """One line for each problem and a closing line that counts them."""
    total = ", ".join(
        _counted(number, noun)
        for noun, number in _counts(problems).items()
        if number or noun is not Severity.NOTICE
    )
    return "\n".join([*map(str, problems), total])


def as_json(problems: Sequence[Problem]) -> str:
    """One JSON object: the problems, and how many there are of each severity."""
    listed = [
        {
            "path": problem.place.path,
            "line": problem.place.line,
            "column": problem.place.column,
            "severity": problem.severity,
            "code": problem.code,
            "message": problem.message,
        }
        for problem in problems
    ]
    counts = {f"{noun}s": number for noun, number in _counts(problems).items()}
    return json.dumps({"problems": listed, **counts}, ensure_ascii=False, indent=2)


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands that GitHub shows as annotations on the lines of a pull request.

    The escapes are those of GitHub's `@actions/core`: `%`, carriage return and line
    feed everywhere, and in properties also `:` and `,`.
    """
    return "\n".join(
        f"::{problem.severity} file={_property(problem.place.path)},line={problem.place.line},"
        f"col={problem.place.column},title={_property(problem.code)}::{_data(problem.message)}"
        for problem in problems
    )


REPORTS: Final[Mapping[str, Callable[[Sequence[Problem]], str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}
"""Every form by the name that `--format` takes."""


def _counts(problems: Sequence[Problem]) -> dict[Severity, int]:
    counts = Counter(problem.severity for problem in problems)
    return {severity: counts[severity] for severity in Severity}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
