"""(g) What translators wait for: the commands on the real source, PO files of very many items.

Run as a program it is the child process that takes a source to PO and back once:
`python -m tests.bench.translating SOURCE` prints what it took as JSON.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from checklist.problems import has_errors
from checklist.project import Project, Settings, read_project
from checklist.translate.exporting import export_po
from checklist.translate.importing import plan_import, read_po
from checklist.translate.plans import Plan, texts
from tests.bench.figures import CannotRunError, Figure, say
from tests.bench.sources import ROOT, generated

RUNS = 7
MOST_SECONDS = 1.0
SMALL, LARGE = 1_000, 10_000
ROUNDS = 2
MOST_GROWTH = 1.20
"""Time counts as linear if an item of the larger source takes no more than this of a smaller's."""


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one run, for all languages but the source."""

    export: float
    take_over: float
    """Reading the PO file and finding that nothing has changed."""
    rewrite: float
    """Reading it with every Korean text changed, and making the new YAML."""
    megabytes: float
    """Of all PO files."""


def figures(workspace: Path) -> Iterator[Figure]:
    """Time the commands, then both sizes in turns, each in a process of its own."""
    for words in (("translate", "status"), ("check",)):
        yield _command(*words)
    sources = {size: workspace / f"po-{size}.yaml" for size in (SMALL, LARGE)}
    for size, path in sources.items():
        path.write_text(generated(size), encoding="utf-8")
    costs: dict[int, list[Cost]] = {SMALL: [], LARGE: []}
    for number in range(1, ROUNDS + 1):
        say(f"(g) round {number} of {ROUNDS}")
        for size in (SMALL, LARGE):
            costs[size].append(_run(sources[size]))
    for part, name in (
        ("export", "PO export"),
        ("take_over", "PO import, nothing changed"),
        ("rewrite", "PO import, every Korean text changed"),
    ):
        yield from _growth(part, name, costs)
    sizes = f"{costs[LARGE][0].megabytes:.0f} / {costs[SMALL][0].megabytes:.0f}"
    yield Figure("PO files of both languages, MB", sizes)


def _command(*words: str) -> Figure:
    """Wall time as a person sees it, with the start of Python."""
    seconds = []
    for _ in range(RUNS):
        start = perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "checklist", *words],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        seconds.append(perf_counter() - start)
        if done.returncode:
            raise CannotRunError(f"checklist {' '.join(words)} fails: {done.stdout.decode()}")
    middle = median(seconds)
    value = f"{middle:.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
    goal = f"below {MOST_SECONDS:.0f} s"
    return Figure(f"`checklist {' '.join(words)}`", value, goal, middle < MOST_SECONDS)


def _growth(part: str, name: str, costs: dict[int, list[Cost]]) -> Iterator[Figure]:
    small, large = (median(getattr(cost, part) for cost in costs[size]) for size in (SMALL, LARGE))
    growth = (large / LARGE) / (small / SMALL)
    yield Figure(
        f"{name}: CPU an item, {LARGE:,} / {SMALL:,} items",
        f"{growth:.2f}",
        f"at most {MOST_GROWTH:.2f}",
        growth <= MOST_GROWTH,
    )
    yield Figure(f"the same, s for {LARGE:,} items", f"{large:.1f}")


def _run(source: Path) -> Cost:
    command = [sys.executable, "-m", "tests.bench.translating", str(source)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise CannotRunError(f"PO of {source.name}: {done.stderr.strip()[-500:]}")
    return Cost(**json.loads(done.stdout))


def measure(source: Path) -> Cost:
    """Take a source to PO and back."""
    project, _ = read_project(Settings(source, ROOT / "locales"))
    if project is None:
        raise CannotRunError(f"{source} cannot be read")
    start = process_time()
    languages = [each.id for each in project.checklist.languages[1:]]
    exported = {language: export_po(project, language) for language in languages}
    export = process_time() - start

    start = process_time()
    if any(_planned(project, text).changes for text in exported.values()):
        raise CannotRunError("what was exported does not come back as it was")
    take_over = process_time() - start

    start = process_time()
    plan = _planned(project, _ITEM.sub(r"\1가 ", exported["ko"]))
    _, problems = texts(plan)
    rewrite = process_time() - start
    if has_errors(problems) or not plan.changes:
        raise CannotRunError("the changed texts cannot be written")
    return Cost(export, take_over, rewrite, sum(map(len, exported.values())) / 1e6)


_ITEM = re.compile(r'^(msgctxt "items/.*\n(?:(?!msgstr).*\n)*msgstr ")(?!")', re.MULTILINE)


def _planned(project: Project, po: str) -> Plan:
    incoming, problems = read_po(po.encode(), "bench.po")
    plan, more = plan_import(project, incoming) if incoming else (None, [])
    if plan is None:
        raise CannotRunError("\n".join(map(str, [*problems, *more][:5])))
    return plan


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Path(sys.argv[1])))))
