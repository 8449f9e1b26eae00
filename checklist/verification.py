"""The record of sample runs: which code was seen to behave as described, and on which versions.

Whoever runs the samples writes the record, `verified.json` beside the source; here it is only read.
A sample whose code has changed since is not in it: the hash of the code is what counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from checklist.model import Sample
from checklist.problems import Place, Problem

FILE: Final = "verified.json"
"""Name of the record, in the folder of the source."""
UNEXPECTED: Final = "unexpected"
"""Outcome of a run in which a sample did not do what the checklist says of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was seen of a sample on one version of the subject's package."""

    harness: str
    """What it was run in."""
    outcome: str
    """`behaves`, `misbehaves` or `unexpected`."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The runs of one sample."""

    sha256: str
    """Of the code that was run."""
    runs: Mapping[str, Run]
    """By version, e.g. `5.7.0`."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The whole record."""

    path: str
    samples: Mapping[str, Verified]
    """By item and sample id, e.g. `cap-retries/capped`."""

    def versions(self, id: str, sample: Sample) -> tuple[str, ...]:
        """The versions, ascending, on which exactly this code did what is said of it.

        Of each series only the newest version counts that it was run on.
        """
        verified = self.samples.get(id)
        if verified is None or verified.sha256 != code_hash(sample.code):
            return ()
        newest = {series(version): version for version in sorted(verified.runs, key=_numbers)}
        return tuple(each for each in newest.values() if verified.runs[each].outcome != UNEXPECTED)

    def fault(self, id: str, sample: Sample) -> str:
        """Why a sample without versions has none, as the end of a sentence about it."""
        if id not in self.samples:
            return "has never been run"
        if self.samples[id].sha256 != code_hash(sample.code):
            return "is not the code that was run"
        return "did not do what is said of it"

    @property
    def all_versions(self) -> tuple[str, ...]:
        """Every version that any sample was run on, ascending."""
        every = {version for sample in self.samples.values() for version in sample.runs}
        return tuple(sorted(every, key=_numbers))


def code_hash(code: str) -> str:
    """What identifies the code of a sample: SHA-256, in hexadecimal."""
    return hashlib.sha256(code.encode()).hexdigest()


def series(version: str) -> str:
    """The series that a version belongs to: `5.7` for `5.7.0`."""
    return ".".join(version.split(".")[:2])


def load_verification(path: Path, shown: str) -> tuple[Verification | None, list[Problem]]:
    """Read a record.

    Args:
        path: the file; it need not exist.
        shown: the file's name in problems.

    Returns:
        The record, `None` if there is none or it cannot be used, and what is wrong with it.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        samples = {id: _verified(entry) for id, entry in data["samples"].items()}
    except FileNotFoundError:
        return None, []
    except json.JSONDecodeError as error:
        return None, [_damaged(Place(shown, error.lineno, error.colno), error.msg)]
    except OSError as error:
        return None, [_damaged(Place(shown), error.strerror or "it cannot be read")]
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, RecursionError):
        return None, [_damaged(Place(shown), "it does not have the form of a record")]
    return Verification(shown, samples), []


def _verified(entry: Any) -> Verified:
    runs = {
        str(version): Run(str(run["harness"]), str(run["outcome"]))
        for version, run in entry["runs"].items()
    }
    return Verified(str(entry["sha256"]), runs)


def _damaged(place: Place, what: str) -> Problem:
    return Problem(place, "damaged-record", f"{what}; run the samples again, or delete the file")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
