"""Measure everything and print a table; a missed goal is said, and is no error.

Exit codes: 0 measured, 2 wrong usage, 3 could not run.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Error as BrowserError

from tests.bench import building, interaction, reading, scaling, translating, verifying, weight
from tests.bench.figures import HEAD, CannotRunError, Figure
from tests.bench.stock import DIFFERENCES

PARTS: Mapping[str, Callable[[Path], Iterator[Figure]]] = {
    "a": reading.figures,
    "b": building.figures,
    "c": scaling.figures,
    "d": weight.figures,
    "e": verifying.figures,
    "f": interaction.figures,
    "g": translating.figures,
}


def main(chosen: list[str]) -> int:
    """Run the parts; returns the exit code."""
    if not PARTS.keys() >= set(chosen):
        print(f"usage: scripts/bench [{'] ['.join(PARTS)}]", file=sys.stderr)
        return 2
    os.environ.pop("REPOSITORY_URL", None)  # links to lines would be in one of the sites only
    print(f"{machine()}\n\n{HEAD}", flush=True)
    try:
        with TemporaryDirectory() as folder:
            for part in chosen or PARTS:
                for figure in PARTS[part](Path(folder)):
                    print(figure.row(part), flush=True)
    except (CannotRunError, BrowserError, OSError, AssertionError) as error:
        print(f"\nscripts/bench could not run part {part}: {error}", file=sys.stderr)
        return 3
    print(f"\nRatios are medians (and their range) of runs in turns. {DIFFERENCES}")
    return 0


def machine() -> str:
    """What the figures were measured on; they can only be compared on the same."""
    load = os.getloadavg()[0]
    return (
        f"{date.today().isoformat()}: {os.cpu_count()} cores (load {load:.1f} at the start), "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
