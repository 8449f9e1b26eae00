"""(f) How long a tick and a filter keep the main thread of a browser, and what our code weighs."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from math import ceil
from pathlib import Path
from statistics import median
from typing import Final

import yaml
from mkdocs.utils.yaml import yaml_load
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from checklist.offline import NAME as WORKER
from checklist.plugin import ASSETS, MINIFIERS
from tests.bench.figures import CannotRunError, Figure, say
from tests.bench.sources import ROOT, generated
from tests.bench.tracing import CATEGORIES, PHASES, Busy, busy
from tests.bench.weight import LANGUAGES, chromium
from tests.site import Site, served_site

ITEMS: Final = 5_000
LOADS: Final = 20
"""Of each page with each kind of storage: every tick is the first one, every filter too."""
PERCENTILE: Final = 0.95
MOST: Final = {
    "first tick": 16.0,
    "type a letter": 50.0,
    "choose a priority": 50.0,
    "show all again": 50.0,
}
"""What is done on a page, in this order, to milliseconds of the main thread at most."""
LETTER: Final = "q"
"""A third of the items have it in their texts."""
QUIET: Final = 400
"""Milliseconds after which all that an action sets off is over, such as a colour that fades."""
TIMEOUT: Final = 120_000
"""Milliseconds; a page of many items needs seconds to load, and more on a busy machine."""
NOTE: Final = "Asked the team: whoever is on call has the runbook, and it was tried in May."
MOST_WEIGHT: Final = 20_000
"""Bytes."""

Runs = Mapping[str, Sequence[Busy]]
"""What was done, to what it took after each load."""


def figures(workspace: Path) -> Iterator[Figure]:
    """Use a list of many items and the real one in turns."""
    say(f"(f) building a site of {ITEMS:,} items, and the real one")
    with (
        served_site(_project(workspace / "many"), workspace / "many-site", ("en",)) as many,
        served_site(ROOT, workspace / "few-site", LANGUAGES) as few,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        for is_full in (False, True):
            large, small = _in_turns(browser, many, few, is_full)
            yield from _times("everything ticked" if is_full else "nothing ticked", large, small)
        yield from _weights(few.root)


def _project(folder: Path) -> Path:
    """A project of generated items, with what the list shows of them.

    In one language and without the search, whose index the browser reads in another thread.
    """
    source = yaml.load(generated(ITEMS), yaml.CSafeLoader)
    for item in (item for section in source["sections"] for item in section["items"]):
        for part in ("how", "samples", "docs", "resources"):
            item.pop(part, None)
    config = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    config["plugins"] = [{"checklist": {"source": "checklist.yaml"}}]
    for key in ("site_url", "extra_css", "exclude_docs"):
        config.pop(key, None)
    address = "site_url: !ENV [SITE_URL]\n"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/index.md").write_text("# Home\n", encoding="utf-8")
    (folder / "mkdocs.yml").write_text(address + yaml.safe_dump(config), encoding="utf-8")
    (folder / "checklist.yaml").write_text(
        yaml.safe_dump(source, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return folder


def _in_turns(browser: Browser, many: Site, few: Site, is_full: bool) -> tuple[Runs, Runs]:
    runs: tuple[dict[str, list[Busy]], ...] = defaultdict(list), defaultdict(list)
    for number in range(1, LOADS + 1):
        say(f"(f) {'everything' if is_full else 'nothing'} ticked, load {number} of {LOADS}")
        for site, taken in zip((many, few), runs, strict=True):
            for what, one in _use(browser, site, is_full):
                taken[what].append(one)
    return runs[0], runs[1]


def _use(browser: Browser, site: Site, is_full: bool) -> Iterator[tuple[str, Busy]]:
    """Open the list in a new browser, change the first tick and filter."""
    # The service worker would fetch the whole site meanwhile.
    with browser.new_context(service_workers="block") as context:
        context.set_default_timeout(TIMEOUT)
        if is_full:
            context.add_init_script(_storing(site))
        page = context.new_page()
        page.goto(f"{site.url}checklist/")
        page.wait_for_timeout(QUIET)
        items = _shown(page)
        box = page.locator("[data-item]").first
        yield "first tick", _click(page, box, "change")
        _demand(box.is_checked() != is_full, "the tick")
        page.click("[data-do=filters]")
        page.focus("[name=q]")
        page.wait_for_timeout(QUIET)
        yield "type a letter", _traced(page, lambda: page.keyboard.press(LETTER), "input")
        _demand(0 < _shown(page) < items, "the letter")
        everything = page.locator("[data-do=show-all]")
        _click(page, everything, "click")
        priority = page.locator("[name=priority][value=essential]")
        yield "choose a priority", _click(page, priority, "input")
        _demand(0 < _shown(page) < items, "the priority")
        yield "show all again", _click(page, everything, "click")
        _demand(_shown(page) == items, "the way back")


def _click(page: Page, target: Locator, last: str) -> Busy:
    target.hover()
    page.mouse.down()
    page.wait_for_timeout(QUIET)
    return _traced(page, page.mouse.up, last)


def _traced(page: Page, act: Callable[[], None], last: str) -> Busy:
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=CATEGORIES)
    act()
    page.wait_for_timeout(QUIET)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return busy(browser.stop_tracing(), last)


def _shown(page: Page) -> int:
    return page.locator("[data-entry]:not([hidden])").count()


def _demand(worked: bool, what: str) -> None:
    if not worked:
        raise CannotRunError(f"{what} did nothing on the page, so there is nothing to measure")


@cache
def _storing(site: Site) -> str:
    """A script that stores what a reader has who ticked every item and noted something on it."""
    page = HTMLParser((site.root / "checklist/index.html").read_bytes())
    [root] = page.css("[data-checklist]")
    rows = [row.attributes for row in page.css("[data-entry]")]
    entry = {"rev": 1, "state": "done", "day": date.today().isoformat(), "note": NOTE}
    items = {row["data-entry"]: entry | {"seen": row["data-seen"]} for row in rows}
    project = {"name": "", "rev": 0, "items": items}
    store = {"version": 2, "rev": 1, "current": "main", "projects": {"main": project}}
    key = f"checklist:{root.attributes['data-checklist']}"
    return f"localStorage[{json.dumps(key)}] = {json.dumps(json.dumps(store | {'history': []}))}"


def _times(stored: str, many: Runs, few: Runs) -> Iterator[Figure]:
    for what, most in MOST.items():
        both = many[what], few[what]
        late = _late([one.cpu for one in many[what]])
        yield Figure(
            f"{what}, {stored}: main thread, CPU ms at p95, {ITEMS:,} items / the real ones",
            " / ".join(f"{_late([one.cpu for one in taken]):.1f}" for taken in both),
            f"at most {most:.0f}",
            late <= most,
        )
        middle = " / ".join(f"{median(one.cpu for one in taken):.1f}" for taken in both)
        waits = " / ".join(f"{_late([one.wall for one in taken]):.1f}" for taken in both)
        yield Figure("… median; p95 with waits", f"{middle}; {waits}")
        parts = {phase: median(one.phases[phase] for one in both[0]) for phase in PHASES.values()}
        said = ", ".join(f"{phase} {cpu:.1f}" for phase, cpu in parts.items())
        yield Figure(f"… medians of its parts, {ITEMS:,} items", said)


def _late(times: Sequence[float]) -> float:
    """What 95 of 100 are not above."""
    return sorted(times)[ceil(PERCENTILE * len(times)) - 1]


def _weights(site: Path) -> Iterator[Figure]:
    """What the site has of our scripts and styles."""
    files = [path for path in (site / ASSETS).iterdir() if path.suffix in MINIFIERS]
    pages = [path.read_bytes() for path in sorted(files)]
    every = [*pages, _without_manifest((site / WORKER).read_text("utf-8")).encode()]
    yield Figure(
        f"our {len(every)} scripts and styles, bytes, gzip -9, one by one / as one",
        f"{sum(map(_zipped, every)):,} / {_zipped(b''.join(every)):,}",
        f"at most {MOST_WEIGHT:,}",
        sum(map(_zipped, every)) <= MOST_WEIGHT,
    )
    without = f"{sum(map(_zipped, pages)):,} / {_zipped(b''.join(pages)):,}"
    yield Figure("… without the service worker", without)


def _zipped(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def _without_manifest(worker: str) -> str:
    """The code of a service worker alone: the files it knows are those of the site."""
    start = worker.index('{"build":')
    _, end = json.JSONDecoder().raw_decode(worker, start)
    return worker[:start] + worker[end:]
