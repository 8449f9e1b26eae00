"""(b) The strict build of the site, against a stock build of the same pages."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.figures import CannotRunError, Figure, at_most, say
from tests.bench.sources import ROOT
from tests.bench.stock import stock_project
from tests.site import build

ROUNDS = 3
MOST = 1.10


def figures(workspace: Path) -> Iterator[Figure]:
    """Build both in turns; each is a new process that writes a new folder."""
    project = stock_project(workspace)
    ours, stock = [], []
    for number in range(1, ROUNDS + 1):
        say(f"(b) round {number} of {ROUNDS}")
        stock.append(_cpu(project, workspace / f"stock-{number}"))
        ours.append(_cpu(ROOT, workspace / f"ours-{number}"))
    ratios = [mine / theirs for mine, theirs in zip(ours, stock, strict=True)]
    yield at_most("strict build / stock build, CPU", ratios, MOST)
    seconds = f"{median(ours):.1f} / {median(stock):.1f}, {ROUNDS} pairs"
    yield Figure("the same, s", seconds)


def _cpu(project: Path, target: Path) -> float:
    """User and system seconds of a build."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    built = build(project, target)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if built.returncode:
        raise CannotRunError(f"mkdocs build in {project}: {built.stderr.strip()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
