"""First of all: what a reader has without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.site import Site


@pytest.fixture(name="bare")
def page_without_script(new_context: OpenContext) -> Page:
    return new_context(java_script_enabled=False).new_page()


def test_everything_can_be_read(bare: Page, site: Site) -> None:
    bare.goto(site.url + "ko/checklist/retries/")
    entry = bare.locator('[data-entry="cap-retries"]')
    expect(entry.get_by_role("heading")).to_be_visible()
    expect(entry.locator("pre").first).to_be_visible()
    expect(entry.locator("figure ol li").first).to_be_visible()


def test_bars_that_nobody_fills_are_not_shown(bare: Page, site: Site) -> None:
    bare.goto(site.url + "checklist/")
    expect(bare.locator("input[data-item]").first).to_be_visible()
    for bar in bare.locator(".cl-progress").all():
        expect(bar).to_be_hidden()


def test_a_button_that_does_nothing_is_not_shown(bare: Page, site: Site) -> None:
    bare.goto(site.url + "print/")
    expect(bare.locator("[data-print]")).to_be_hidden()


def test_a_box_can_still_be_ticked_for_the_printer(bare: Page, site: Site) -> None:
    bare.goto(site.url + "print/")
    box = bare.locator('input[data-item="cap-retries"]')
    box.check()
    expect(box).to_be_checked()
