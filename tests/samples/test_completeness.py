"""Every sample of the checklist has a check, and every check a sample."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

from tests.samples.conftest import samples


def checked() -> Counter[str]:
    """How many checks each sample has."""
    found: Counter[str] = Counter()
    for path in Path(__file__).parent.glob("test_*.py"):
        module = importlib.import_module(f"tests.samples.{path.stem}")
        for test in vars(module).values():
            marks = getattr(test, "pytestmark", [])
            found.update(str(mark.args[0]) for mark in marks if mark.name == "verifies")
    return found


def test_every_sample_has_exactly_one_check_and_every_check_a_sample() -> None:
    assert checked() == Counter(samples().keys())
