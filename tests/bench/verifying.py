"""(e) Running every sample on real Celery, as `scripts/verify` does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from tests.bench.figures import CannotRunError, Figure, say
from tests.conftest import ROOT

MOST = 240.0
"""Seconds on 2 cores."""


def figures(workspace: Path) -> Iterator[Figure]:
    """Run all of them once; what was seen goes to a record of its own."""
    say("running all samples …")
    start = monotonic()
    done = subprocess.run(
        [ROOT / "scripts/verify", "--", f"--record={workspace / 'verified.json'}"],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = monotonic() - start
    summary = re.search(r"^(\d+) samples: .+", done.stdout, re.MULTILINE)
    if done.returncode or summary is None:
        raise CannotRunError(done.stdout[-2000:] + done.stderr[-2000:])
    what = f"run {summary[1]} samples on one version of Celery, s"
    yield Figure(what, f"{seconds:.0f}", f"at most {MOST:.0f}", seconds <= MOST)
