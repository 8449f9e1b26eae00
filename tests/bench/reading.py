"""(a) Loading and validating a source, against PyYAML alone on the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

import yaml

from checklist.checks import check
from checklist.load import loads
from tests.bench.figures import CannotRunError, Figure
from tests.bench.sources import CELERY

RUNS = 25
MOST = 6.0
"""Times the CPU of PyYAML's C loader."""


def figures(_workspace: Path) -> Iterator[Figure]:
    """Compare the two in turns, so that both meet the same moods of the machine."""
    text = CELERY.read_text("utf-8")
    plain, ours = [], []
    for _ in range(RUNS):
        plain.append(_seconds(lambda: yaml.load(text, yaml.CSafeLoader)))
        ours.append(_seconds(lambda: _validate(text)))
    ratio = median(ours) / median(plain)
    yield Figure(
        "load and validate / `yaml.load`, CPU", f"{ratio:.2f}", f"at most {MOST:.2f}", ratio <= MOST
    )
    yield Figure(
        "the same, ms", f"{median(ours) * 1000:.0f} / {median(plain) * 1000:.0f}, {RUNS} runs"
    )


def _validate(text: str) -> None:
    checklist, problems = loads(text, CELERY.name)
    if checklist is None or problems or list(check(checklist)):
        raise CannotRunError(f"{CELERY} has problems; scripts/check names them")


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start
