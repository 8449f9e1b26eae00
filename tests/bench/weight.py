"""(d) What a browser fetches to show /checklist/ for the first time."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright, Request, sync_playwright

from tests.bench.figures import CannotRunError, Figure, say
from tests.bench.sources import ROOT
from tests.bench.stock import stock_project
from tests.site import served_site

LANGUAGES = ("en", "ko", "es")
QUIET = 2000
"""Milliseconds without a new request after which the page counts as loaded."""
SEARCH = ("/search/", "/lunr/", "/workers/search")
"""In the addresses of what only the search needs."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Answer:
    """What came for one request."""

    url: str
    failed: bool
    body: bytes

    @property
    def zipped(self) -> int:
        """Bytes as a host would send them."""
        return len(gzip.compress(self.body, 9))

    @property
    def is_search(self) -> bool:
        """Whether the search asked for it."""
        return any(part in self.url for part in SEARCH)


def figures(workspace: Path) -> Iterator[Figure]:
    """Build both for the address they are served at, and open them."""
    with sync_playwright() as playwright, chromium(playwright) as browser:
        stock = _first_load(browser, stock_project(workspace), workspace / "stock-served")
        ours = _first_load(browser, ROOT, workspace / "ours-served")
    yield Figure("requests of a first load, ours / stock", f"{len(ours)} / {len(stock)}")
    failing = [sum(answer.failed for answer in answers) for answers in (ours, stock)]
    yield Figure("… that fail", f"{failing[0]} / {failing[1]}")
    yield _size("kB, raw", [[len(each.body) for each in answers] for answers in (ours, stock)])
    yield _size("kB, gzip -9", [[each.zipped for each in answers] for answers in (ours, stock)])
    parts = [[each.zipped for each in answers if each.is_search] for answers in (ours, stock)]
    yield _size("… of it for the search", parts)
    yield _size("… of it the HTML", [[answers[0].zipped] for answers in (ours, stock)])


def _size(what: str, sizes: list[list[int]]) -> Figure:
    ours, stock = (sum(each) / 1000 for each in sizes)
    return Figure(what, f"{ours:.1f} / {stock:.1f} = {ours / stock:.2f}" if stock else "0 / 0")


def chromium(playwright: Playwright) -> Browser:
    """The system's browser, without what it fetches of its own accord."""
    names = ("chromium", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise CannotRunError("no Chromium; scripts/bench installs one")
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


def _first_load(browser: Browser, project: Path, target: Path) -> list[Answer]:
    say(f"(d) {target.name}")
    with served_site(project, target, LANGUAGES) as site, browser.new_context() as context:
        requests: list[Request] = []
        context.on("request", lambda request: requests.append(request))  # those of workers too
        page = context.new_page()
        page.goto(f"{site.url}checklist/")
        seen = 0
        while seen < len(requests):
            seen = len(requests)
            page.wait_for_timeout(QUIET)
        return [_answer(request) for request in requests]


def _answer(request: Request) -> Answer:
    response = request.response()
    if response is None:
        return Answer(request.url, True, b"")
    return Answer(request.url, not response.ok, response.body())
