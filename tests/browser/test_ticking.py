"""Ticks: made, kept, carried along, and never lost."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenContext
from tests.site import Site

KEY = "checklist:celery-tasks"


def box(page: Page, item: str) -> Locator:
    return page.locator(f'input[data-item="{item}"]')


def bar(page: Page, scope: str) -> Locator:
    return page.locator(f'[data-progress="{scope}"]')


def stored(page: Page, key: str = KEY) -> Any:
    raw = page.evaluate("key => localStorage.getItem(key)", key)
    return raw and json.loads(raw)


def store(page: Page, raw: str, key: str = KEY) -> None:
    page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [key, raw])


def test_a_tick_is_kept_under_the_items_id(checklist_page: Page) -> None:
    box(checklist_page, "cap-retries").check()
    data = stored(checklist_page)
    assert data["version"] == 1
    assert list(data["ticks"]) == ["cap-retries"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["ticks"]["cap-retries"])


def test_the_title_is_a_label_and_ticks_too(checklist_page: Page) -> None:
    checklist_page.get_by_text("Cap retries with").click()
    expect(box(checklist_page, "cap-retries")).to_be_checked()


def test_bars_count_what_is_done(checklist_page: Page) -> None:
    total = checklist_page.locator("input[data-item]").count()
    box(checklist_page, "cap-retries").check()
    box(checklist_page, "time-limits").check()
    expect(bar(checklist_page, "total")).to_have_attribute("aria-valuenow", "2")
    expect(bar(checklist_page, "total")).to_have_attribute("aria-valuetext", f"2 of {total} done")
    expect(bar(checklist_page, "retries")).to_have_attribute("aria-valuetext", "1 of 6 done")
    expect(bar(checklist_page, "broker")).to_have_attribute("aria-valuenow", "0")
    box(checklist_page, "cap-retries").uncheck()
    expect(bar(checklist_page, "retries")).to_have_attribute("aria-valuenow", "0")
    assert list(stored(checklist_page)["ticks"]) == ["time-limits"]


def test_the_bar_is_as_long_as_its_number(checklist_page: Page) -> None:
    box(checklist_page, "retry-only-transient-errors").check()
    widths = checklist_page.evaluate(
        """() => {
          const track = document.querySelector('[data-progress="retries"] .cl-bar');
          const fill = getComputedStyle(track, "::before").inlineSize;
          return [parseFloat(fill), track.clientWidth];
        }"""
    )
    assert widths[0] == pytest.approx(widths[1] / 6, abs=1)


def test_a_tick_survives_a_reload(checklist_page: Page) -> None:
    box(checklist_page, "cap-retries").check()
    checklist_page.reload()
    expect(box(checklist_page, "cap-retries")).to_be_checked()
    expect(bar(checklist_page, "total")).to_have_attribute("aria-valuenow", "1")


@pytest.mark.parametrize("path", ["checklist/retries/", "print/", "ko/checklist/", "es/print/"])
def test_a_tick_is_there_on_every_page_in_every_language(
    checklist_page: Page, site: Site, path: str
) -> None:
    box(checklist_page, "cap-retries").check()
    checklist_page.goto(site.url + path)
    expect(box(checklist_page, "cap-retries")).to_be_checked()
    expect(box(checklist_page, "backoff-with-jitter")).not_to_be_checked()


def test_the_switcher_keeps_page_and_ticks(page: Page, site: Site) -> None:
    page.goto(site.url + "checklist/retries/")
    box(page, "cap-retries").check()
    for language, text in (("ko", "6개 중 1개 완료"), ("es", "1 de 6 completados")):
        page.get_by_role("button", name=re.compile("language|언어|idioma", re.IGNORECASE)).hover()
        page.locator(f'.md-select__link[hreflang="{language}"]').click()
        expect(page).to_have_url(f"{site.url}{language}/checklist/retries/")
        expect(box(page, "cap-retries")).to_be_checked()
        expect(bar(page, "retries")).to_have_attribute("aria-valuetext", text)


def test_a_section_page_counts_the_same_as_the_list(checklist_page: Page, site: Site) -> None:
    box(checklist_page, "cap-retries").check()
    checklist_page.goto(site.url + "es/checklist/retries/")
    expect(bar(checklist_page, "retries")).to_have_attribute("aria-valuetext", "1 de 6 completados")


def test_a_tick_under_a_former_id_still_counts(page: Page, small_site: Site) -> None:
    key = "checklist:fahrrad"
    page.goto(small_site.url)
    store(
        page, '{"version": 1, "ticks": {"belag-messen": "2026-01-02", "gone": "2026-01-03"}}', key
    )
    page.goto(small_site.url + "fr/checklist/")
    expect(box(page, "belag-pruefen")).to_be_checked()
    expect(bar(page, "bremsen")).to_have_attribute("aria-valuetext", "1 sur 1 fait")
    box(page, "licht").check()
    ticks = stored(page, key)["ticks"]
    assert ticks["belag-pruefen"] == "2026-01-02"
    assert ticks["gone"] == "2026-01-03"
    assert "belag-messen" not in ticks


def test_a_link_to_a_former_id_leads_to_the_item(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + "checklist/bremsen/#belag-messen")
    expect(page).to_have_url(small_site.url + "checklist/bremsen/#belag-pruefen")


def test_open_tabs_follow_each_other(new_context: OpenContext, site: Site) -> None:
    context = new_context()
    first, second = context.new_page(), context.new_page()
    first.goto(site.url + "checklist/")
    second.goto(site.url + "ko/checklist/retries/")
    box(first, "cap-retries").check()
    expect(box(second, "cap-retries")).to_be_checked()
    box(second, "backoff-with-jitter").check()
    expect(box(first, "backoff-with-jitter")).to_be_checked()
    expect(bar(first, "retries")).to_have_attribute("aria-valuenow", "2")
    assert set(stored(first)["ticks"]) == {"cap-retries", "backoff-with-jitter"}


def test_a_tab_that_missed_another_does_not_undo_its_ticks(
    new_context: OpenContext, site: Site
) -> None:
    context = new_context()
    first = context.new_page()
    first.goto(site.url + "checklist/")
    deaf = context.new_page()
    deaf.add_init_script("addEventListener('storage', event => event.stopImmediatePropagation())")
    deaf.goto(site.url + "checklist/")
    box(first, "cap-retries").check()
    box(deaf, "time-limits").check()
    assert set(stored(first)["ticks"]) == {"cap-retries", "time-limits"}
    expect(box(deaf, "cap-retries")).to_be_checked()


def test_it_works_by_keyboard_alone(checklist_page: Page) -> None:
    for _ in range(200):
        checklist_page.keyboard.press("Tab")
        if checklist_page.evaluate("document.activeElement.dataset.item") == "production-broker":
            break
    focused = box(checklist_page, "production-broker")
    expect(focused).to_be_focused()
    assert focused.evaluate("node => getComputedStyle(node).outlineStyle") != "none"
    checklist_page.keyboard.press("Space")
    expect(focused).to_be_checked()
    checklist_page.keyboard.press("Space")
    expect(focused).not_to_be_checked()


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "[]",
        "42",
        '{"version": 1}',
        '{"version": 1, "ticks": []}',
        '{"version": 1, "ticks": {"cap-retries": true}}',
        '{"version": "1", "ticks": {}}',
    ],
)
def test_damaged_storage_is_told_and_a_copy_is_kept(checklist_page: Page, raw: str) -> None:
    store(checklist_page, raw)
    checklist_page.reload()
    expect(checklist_page.locator(".cl-notice")).to_contain_text("could not be read")
    box(checklist_page, "cap-retries").check()
    expect(checklist_page.locator(".cl-notice")).to_be_hidden()
    assert list(stored(checklist_page)["ticks"]) == ["cap-retries"]
    copy = checklist_page.evaluate("key => localStorage.getItem(key)", f"{KEY}:damaged")
    assert copy == raw


def test_a_second_damage_leaves_the_first_copy_alone(checklist_page: Page) -> None:
    for raw in ("{first", "{second"):
        store(checklist_page, raw)
        checklist_page.reload()
    copies = checklist_page.evaluate("Object.values({...localStorage})")
    assert {"{first", "{second"} <= set(copies)


def test_what_a_newer_version_stored_is_left_alone(checklist_page: Page) -> None:
    newer = '{"version": 2, "projects": {"shop": {"cap-retries": "done"}}}'
    store(checklist_page, newer)
    checklist_page.reload()
    expect(checklist_page.locator(".cl-notice")).to_contain_text("newer version")
    checklist_page.locator('label[for="tick_cap-retries"]').click()
    expect(box(checklist_page, "cap-retries")).not_to_be_checked()
    assert checklist_page.evaluate("key => localStorage.getItem(key)", KEY) == newer


def test_keys_of_others_are_never_touched(checklist_page: Page) -> None:
    store(checklist_page, "theirs", "other-app")
    store(checklist_page, "{", "checklist:another")
    store(checklist_page, "{")
    checklist_page.reload()
    box(checklist_page, "cap-retries").check()
    box(checklist_page, "cap-retries").uncheck()
    kept = checklist_page.evaluate("[localStorage['other-app'], localStorage['checklist:another']]")
    assert kept == ["theirs", "{"]


@pytest.mark.parametrize(
    "blocked",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})",
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
    ],
    ids=["no storage at all", "the quota is used up"],
)
def test_a_reader_whose_ticks_cannot_be_kept_is_told(
    new_context: OpenContext, site: Site, blocked: str
) -> None:
    context = new_context()
    context.add_init_script(blocked)
    page = context.new_page()
    page.goto(site.url + "ko/checklist/")
    box(page, "cap-retries").check()
    expect(page.locator(".cl-notice")).to_contain_text("저장할 수 없습니다")
    expect(bar(page, "retries")).to_have_attribute("aria-valuenow", "1")
    box(page, "time-limits").check()
    expect(box(page, "cap-retries")).to_be_checked()
    expect(bar(page, "total")).to_have_attribute("aria-valuenow", "2")
