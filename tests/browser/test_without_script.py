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


PATHS = ["checklist/", "ko/checklist/retries/", "es/print/"]
NEED_A_SCRIPT = [".cl-tools", ".cl-more", ".cl-context", ".cl-overview", ".cl-shared-banner"]
NEED_A_SCRIPT += [".cl-toast", ".cl-panel", ".cl-notice", "dialog", "#_overview", "[data-print]"]
READ = ".cl :is(h1, h2:not(#_overview), .cl-head label, .cl-meta, .cl-why, .cl-how)"
INNER_TEXTS = "nodes => nodes.filter(node => node.checkVisibility()).map(node => node.innerText)"


@pytest.mark.parametrize("path", PATHS)
def test_of_all_that_can_be_pressed_only_boxes_are_shown(bare: Page, site: Site, path: str) -> None:
    bare.goto(site.url + path)
    shown = bare.locator("main .cl :is(button, input, select, textarea):visible")
    boxes = bare.locator("[data-entry] input[data-item]:visible")
    assert shown.count() == boxes.count() == bare.locator("[data-entry]").count() > 0
    there = [each for each in NEED_A_SCRIPT if bare.locator(each).count()]
    assert len(there) > 3
    for selector in there:
        expect(bare.locator(f"{selector}:visible")).to_have_count(0)


@pytest.mark.parametrize("path", PATHS)
def test_items_read_as_they_do_with_a_script(bare: Page, page: Page, site: Site, path: str) -> None:
    def texts(page: Page) -> list[str]:
        page.goto(site.url + path)
        page.wait_for_load_state("load")
        shown: list[str] = page.locator(READ).evaluate_all(INNER_TEXTS)
        return shown

    without = texts(bare)
    assert without == texts(page)
    assert len(without) > 3 * bare.locator("[data-entry]").count()


@pytest.mark.parametrize("path", PATHS)
def test_the_table_of_contents_leads_to_what_is_shown(bare: Page, site: Site, path: str) -> None:
    bare.goto(site.url + path)
    links = bare.locator(".md-sidebar--secondary a[href^='#']:visible")
    for link in links.all():
        target = (link.get_attribute("href") or "")[1:]
        expect(bare.locator(f"[id='{target}']")).to_be_visible()
    assert links.count() > 3 or "print" in path


def test_a_box_can_still_be_ticked_for_the_printer(bare: Page, site: Site) -> None:
    bare.goto(site.url + "print/")
    box = bare.locator('input[data-item="cap-retries"]')
    box.check()
    expect(box).to_be_checked()
