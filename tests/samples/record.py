"""Writes down what a run has seen of the samples, as `checklist.verification` reads it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checklist.model import Sample, Verdict
from checklist.verification import UNEXPECTED, code_hash


@dataclass(frozen=True)
class Outcome:
    """What was seen of a sample."""

    id: str
    """Item and sample."""
    harness: str
    passed: bool
    """Whether it did what the checklist says of it: a bad sample passes by misbehaving."""
    seconds: float


@dataclass
class Recorder:
    """Collects the outcomes of a run."""

    version: str
    """Of the package that the samples were run with."""
    samples: Mapping[str, Sample]
    """Every sample there is, by its id."""
    outcomes: list[Outcome] = field(default_factory=list)

    def word(self, outcome: Outcome) -> str:
        """The outcome as the record names it."""
        if not outcome.passed:
            return UNEXPECTED
        is_good = self.samples[outcome.id].verdict is Verdict.GOOD
        return "behaves" if is_good else "misbehaves"

    def line(self, outcome: Outcome) -> str:
        """The outcome for a person."""
        return (
            f"{outcome.id:62} {self.samples[outcome.id].verdict:4} {self.word(outcome):10} "
            f"{outcome.harness:17} {outcome.seconds:5.1f} s"
        )

    @property
    def summary(self) -> str:
        """One line about all of them."""
        words = [self.word(outcome) for outcome in self.outcomes]
        line = f"{len(words)} samples: {words.count('behaves')} good behave, "
        line += f"{words.count('misbehaves')} bad misbehave"
        unexpected = words.count(UNEXPECTED)
        return f"{line}, {unexpected} do not do what is said of them" if unexpected else line

    def write(self, path: Path) -> None:
        """Add the outcomes to a record, which is replaced as a whole or not at all.

        What it holds of samples that are gone is dropped, and so is what it holds of other code.

        Args:
            path: the record; made if it is missing.
        """
        known = json.loads(path.read_text("utf-8"))["samples"] if path.exists() else {}
        record: dict[str, Any] = {id: known[id] for id in known if id in self.samples}
        for outcome in self.outcomes:
            sha256 = code_hash(self.samples[outcome.id].code)
            entry = record.get(outcome.id)
            if entry is None or entry["sha256"] != sha256:
                entry = record[outcome.id] = {"sha256": sha256, "runs": {}}
            run = {"harness": outcome.harness, "outcome": self.word(outcome)}
            entry["runs"][self.version] = run
        _write_whole(path, json.dumps({"samples": record}, indent=1, sort_keys=True) + "\n")


def _write_whole(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
