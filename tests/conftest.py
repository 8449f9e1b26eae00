"""What tests share: built sites, a server for them, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.site import Site, served_site

ROOT = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "small"
FOREIGN = Path(__file__).parent / "foreign"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The real site, built strictly and served below a path as project pages are."""
    with served_site(ROOT, tmp_path_factory.mktemp("site"), languages=("en", "ko", "es")) as built:
        yield built


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the small checklist, which has nothing to do with ours."""
    with served_site(SMALL, tmp_path_factory.mktemp("small"), languages=("de", "fr")) as built:
        yield built


@pytest.fixture(scope="session")
def foreign_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of a checklist written from right to left, with an unfinished translation."""
    languages = ("ar", "ja", "pt-BR", "en")
    with served_site(FOREIGN, tmp_path_factory.mktemp("foreign"), languages) as built:
        yield built


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers; there can be one in a process."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, without the requests it makes on its own account."""
    names = ("chromium", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium; scripts/test installs one")
    chromium = playwright.chromium.launch(
        executable_path=path,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield chromium
    chromium.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where gaps in the translations are allowed, nothing is asked that only holds without."""
    if os.environ.get("GAPS") != "true":
        return
    left_out = [item for item in items if item.get_closest_marker("complete")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything can be installed, a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
