"""Writes down what a run has seen of the samples, as `checklist.verification` reads it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection
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
    sample: Sample
    harness: str
    passed: bool
    """Whether it did what the checklist says of it: a bad sample passes by misbehaving."""
    seconds: float

    @property
    def word(self) -> str:
        """The outcome as the record names it."""
        if not self.passed:
            return UNEXPECTED
        return "behaves" if self.sample.verdict is Verdict.GOOD else "misbehaves"

    @property
    def line(self) -> str:
        """The outcome for a person."""
        return (
            f"{self.id:62} {self.sample.verdict:4} {self.word:10} "
            f"{self.harness:32} {self.seconds:5.1f} s"
        )


@dataclass
class Recorder:
    """Collects the outcomes of a run."""

    version: str
    """Of the package that the samples were run with."""
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line about all of them."""
        words = [outcome.word for outcome in self.outcomes]
        line = f"{len(words)} samples: {words.count('behaves')} good behave, "
        line += f"{words.count('misbehaves')} bad misbehave"
        unexpected = words.count(UNEXPECTED)
        return f"{line}, {unexpected} do not do what is said of them" if unexpected else line

    def write(self, path: Path, existing: Collection[str]) -> None:
        """Add the outcomes to a record, which is replaced as a whole or not at all.

        Args:
            path: the record; made if it is missing.
            existing: ids of the samples there are; others are dropped from the record.
        """
        known = json.loads(path.read_text("utf-8"))["samples"] if path.exists() else {}
        samples: dict[str, Any] = {id: known[id] for id in known if id in existing}
        for outcome in self.outcomes:
            sha256 = code_hash(outcome.sample.code)
            entry = samples.get(outcome.id)
            if entry is None or entry["sha256"] != sha256:
                entry = samples[outcome.id] = {"sha256": sha256, "runs": {}}
            run = {"harness": outcome.harness, "outcome": outcome.word}
            entry["runs"][self.version] = run
        _write_whole(path, json.dumps({"samples": samples}, indent=1, sort_keys=True) + "\n")


def _write_whole(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}", delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
