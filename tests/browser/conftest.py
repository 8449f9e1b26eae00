"""Pages of a real browser, each with storage of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.site import Site

OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[OpenContext]:
    """Opens browser contexts and closes them after the test."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture
def page(new_context: OpenContext) -> Iterator[Page]:
    """A page that fails the test if anything goes wrong in it."""
    page = new_context().new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda entry: faults.append(entry.text) if entry.type == "error" else None)
    yield page
    assert faults == []


@pytest.fixture
def checklist_page(page: Page, site: Site) -> Page:
    """The English list."""
    page.goto(site.url + "checklist/")
    return page
