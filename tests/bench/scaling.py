"""(c) Loading and rendering sources of very many items.

Run as a program it is the child process that does the work once:
`python -m tests.bench.scaling SOURCE` prints what it took as JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import process_time

from checklist.catalog import load_catalog
from checklist.load import load
from checklist.model import Checklist
from checklist.pages import pages
from checklist.render import Renderer
from tests.bench.figures import CannotRunError, Figure, at_most, say
from tests.bench.sources import ROOT, generated

SMALL, LARGE = 1_000, 10_000
ROUNDS = 3
MOST_GROWTH = 1.20
MOST_MEMORY = 1000.0
"""MB."""
EVEN = 1.20
"""Memory counts as linear if an item of the larger source takes no more than this of one of the
smaller; what the interpreter takes before it has read anything is left out."""


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    items: int
    load: float
    """CPU seconds, as the others."""
    render: float
    start: float
    """MB before the source was read."""
    peak: float
    """MB at most."""
    markdown: float
    """MB of all pages."""

    @property
    def per_item(self) -> float:
        """Milliseconds an item."""
        return (self.load + self.render) / self.items * 1000

    @property
    def memory(self) -> float:
        """MB per 1,000 items."""
        return (self.peak - self.start) / self.items * 1000


def figures(workspace: Path) -> Iterator[Figure]:
    """Run both sizes in turns, each in a process of its own."""
    sources = {size: workspace / f"{size}.yaml" for size in (SMALL, LARGE)}
    for size, path in sources.items():
        path.write_text(generated(size), encoding="utf-8")
    small, large = [], []
    for number in range(1, ROUNDS + 1):
        say(f"(c) round {number} of {ROUNDS}")
        small.append(_run(sources[SMALL]))
        large.append(_run(sources[LARGE]))
    yield from _time(small, large)
    yield from _memory(small[0], max(large, key=lambda cost: cost.peak))
    sizes = f"{large[0].markdown:.0f} / {small[0].markdown:.0f}"
    yield Figure("Markdown of all pages, MB", sizes)


def _time(small: Sequence[Cost], large: Sequence[Cost]) -> Iterator[Figure]:
    pairs = list(zip(small, large, strict=True))
    growth = [many.per_item / few.per_item for few, many in pairs]
    sizes = f"{LARGE:,} / {SMALL:,} items"
    yield at_most(f"load and render, CPU an item, {sizes}", growth, MOST_GROWTH)
    for stage in ("load", "render"):
        few, many = (
            median(getattr(cost, stage) / cost.items * 1000 for cost in costs)
            for costs in (small, large)
        )
        yield Figure(f"… {stage} alone, ms an item", f"{many:.2f} / {few:.2f} = {many / few:.2f}")


def _memory(small: Cost, large: Cost) -> Iterator[Figure]:
    yield Figure(
        "peak memory, MB",
        f"{large.peak:.0f} / {small.peak:.0f}",
        f"under {MOST_MEMORY:.0f}",
        large.peak < MOST_MEMORY,
    )
    ratio = large.memory / small.memory
    yield Figure(
        "… MB per 1,000 items",
        f"{large.memory:.0f} / {small.memory:.0f} = {ratio:.2f}",
        f"linear: at most {EVEN:.2f}",
        ratio <= EVEN,
    )


def _run(source: Path) -> Cost:
    command = [sys.executable, "-m", "tests.bench.scaling", str(source)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise CannotRunError(f"{source.name}: {ran.stderr.strip()}")
    return Cost(**json.loads(ran.stdout))


def _measure(source: Path) -> Cost:
    """Load and render, keeping no page longer than `checklist render` does."""
    start = _peak()
    began = process_time()
    checklist, problems = load(source)
    loaded = process_time()
    if checklist is None or problems:
        raise CannotRunError(f"the generated source has problems: {problems[:3]}")
    written = sum(_render(checklist))
    rendered = process_time()
    count = len(list(checklist.items))
    return Cost(count, loaded - began, rendered - loaded, start, _peak(), written / 1e6)


def _render(checklist: Checklist) -> Iterator[int]:
    for language in checklist.languages:
        catalog, _ = load_catalog(language.id, ROOT / "locales")
        for page in pages(Renderer(checklist, catalog)):
            yield len(page.markdown.encode())


def _peak() -> float:
    """The most memory so far in MB.

    Not `ru_maxrss`: a child begins with its parent's, which may be more than it will ever need.
    """
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    if not found:
        raise CannotRunError("/proc/self/status does not tell the peak memory; this needs Linux")
    return int(found[1]) * 1024 / 1e6


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(_measure(Path(sys.argv[1])))))
    except CannotRunError as error:
        sys.exit(str(error))
