"""Ticks: made, kept, carried along, and never lost."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenContext
from tests.site import Site

KEY = "checklist:celery-tasks"
SMALL_KEY = "checklist:fahrrad"

DEAF = "addEventListener('storage', event => event.stopImmediatePropagation())"
"""A tab that hears nothing of the others."""

HELD = """
  window.held = [];
  let hears = false;
  addEventListener("storage", (event) => {
    if (hears) return;
    event.stopImmediatePropagation();
    held.push(event);
  });
  window.hear = () => {
    hears = true;
    for (const { key, newValue } of held.splice(0)) {
      dispatchEvent(new StorageEvent("storage", { key, newValue }));
    }
  };
"""
"""A tab that hears of the others late: when `hear` is called."""

STALE = (
    HELD
    + """
  const { getItem, setItem } = Storage.prototype;
  let seen;
  window.freeze = () => (seen = localStorage.getItem(KEY));
  Storage.prototype.getItem = function (key) {
    return key === KEY && seen !== undefined ? seen : getItem.call(this, key);
  };
  Storage.prototype.setItem = function (key, value) {
    if (key === KEY && seen !== undefined) seen = value;
    setItem.call(this, key, value);
  };
  window.thaw = () => {
    seen = undefined;
    hear();
  };
""".replace("KEY", json.dumps(KEY))
)
"""And reads what was stored when `freeze` was called, until `thaw`, as processes may do."""

COUNTED = """
  const { setItem } = Storage.prototype;
  window.writes = 0;
  Storage.prototype.setItem = function (key, value) {
    if (this === localStorage) window.writes++;
    setItem.call(this, key, value);
  };
"""

ROOM = """
  const { setItem } = Storage.prototype;
  window.room = Infinity;
  Storage.prototype.setItem = function (key, value) {
    if (value.length > window.room) throw new DOMException("no room", "QuotaExceededError");
    setItem.call(this, key, value);
  };
"""
"""A storage that takes no value longer than `room`."""


def box(page: Page, item: str) -> Locator:
    return page.locator(f'input[data-item="{item}"]')


def bar(page: Page, scope: str) -> Locator:
    return page.locator(f'.cl-progress[data-gauge="{scope}"]')


def stored(page: Page, key: str = KEY) -> Any:
    raw = page.evaluate("key => localStorage.getItem(key)", key)
    return raw and json.loads(raw)


def store(page: Page, raw: str, key: str = KEY) -> None:
    page.evaluate("([key, raw]) => localStorage.setItem(key, raw)", [key, raw])


def entries(page: Page, key: str = KEY) -> dict[str, Any]:
    """What is stored of the items of the first project."""
    items: dict[str, Any] = stored(page, key)["projects"]["main"]["items"]
    return items


def ticked(page: Page, key: str = KEY) -> set[str]:
    return {id for id, entry in entries(page, key).items() if entry.get("state") == "done"}


def expect_ticked(page: Page, *items: str) -> None:
    """What another tab has stored takes a moment to be there."""
    for _ in range(50):
        if ticked(page) == set(items):
            return
        page.wait_for_timeout(100)
    assert ticked(page) == set(items)


def a_store(items: dict[str, Any], history: Sequence[Any] = (), rev: int = 1) -> str:
    """A store whose first project has these items."""
    full = {id: {"rev": rev} | facts for id, facts in items.items()}
    projects = {"main": {"name": "", "rev": 0, "items": full}}
    return json.dumps(
        {
            "version": 2,
            "rev": rev,
            "current": "main",
            "projects": projects,
            "history": list(history),
        }
    )


def lost_note(rev: int, before: dict[str, Any]) -> dict[str, Any]:
    """A change of the history: a note was deleted."""
    return {
        "id": str(rev),
        "rev": rev,
        "kind": "note",
        "project": "main",
        "name": "",
        "before": before,
    }


def tab(page: Page, url: str, script: str = "") -> Page:
    """One more tab of the same browser."""
    other = page.context.new_page()
    other.add_init_script(script)
    other.goto(url)
    return other


def test_a_tick_is_kept_under_the_items_id(checklist_page: Page) -> None:
    box(checklist_page, "cap-retries").check()
    data = stored(checklist_page)
    assert data["version"] == 2
    assert ticked(checklist_page) == {"cap-retries"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entries(checklist_page)["cap-retries"]["day"])


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
    assert ticked(checklist_page) == {"time-limits"}


def test_the_bar_is_as_long_as_its_number(checklist_page: Page) -> None:
    box(checklist_page, "retry-only-transient-errors").check()
    widths = checklist_page.evaluate(
        """() => {
          const track = document.querySelector('.cl-progress[data-gauge="retries"] .cl-bar');
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


def test_ticks_of_the_first_version_are_there_with_their_days(checklist_page: Page) -> None:
    ticks = {"cap-retries": "2026-01-02", "time-limits": "2020-02-29", "retired": "2026-01-03"}
    store(checklist_page, json.dumps({"version": 1, "ticks": ticks}))
    checklist_page.reload()
    expect(box(checklist_page, "cap-retries")).to_be_checked()
    expect(bar(checklist_page, "total")).to_have_attribute("aria-valuenow", "2")
    box(checklist_page, "single-beat").check()
    assert stored(checklist_page)["version"] == 2
    assert ticked(checklist_page) == {*ticks, "single-beat"}
    assert {id: entries(checklist_page)[id]["day"] for id in ticks} == ticks
    checklist_page.reload()
    expect(bar(checklist_page, "total")).to_have_attribute("aria-valuenow", "3")


def test_a_tick_under_a_former_id_still_counts(page: Page, small_site: Site) -> None:
    page.goto(small_site.url)
    ticks = {"belag-messen": "2026-01-02", "gone": "2026-01-03"}
    store(page, json.dumps({"version": 1, "ticks": ticks}), SMALL_KEY)
    page.goto(small_site.url + "fr/checklist/")
    expect(box(page, "belag-pruefen")).to_be_checked()
    expect(bar(page, "bremsen")).to_have_attribute("aria-valuetext", "1 sur 1 fait")
    box(page, "licht").check()
    items = entries(page, SMALL_KEY)
    assert items["belag-pruefen"]["day"] == "2026-01-02"
    assert items["gone"]["day"] == "2026-01-03"


def test_everything_under_a_former_id_is_taken_along(page: Page, small_site: Site) -> None:
    risk = {"state": "risk", "reason": "Erst im März", "day": "2026-01-02"}
    noted = {"rev": 1, **risk, "note": "Vorne 2 mm"}
    page.goto(small_site.url)
    lost = lost_note(2, {"belag-messen": noted})
    store(page, a_store({"belag-messen": risk}, [lost], rev=2), SMALL_KEY)
    page.goto(small_site.url + "checklist/bremsen/")
    row = page.locator('[data-entry="belag-pruefen"]')
    expect(row).to_have_attribute("data-state", "risk")
    expect(row).to_contain_text("Erst im März")
    box(page, "belag-pruefen").focus()
    page.keyboard.press("u")
    expect(row.locator(".cl-note")).to_have_text("Vorne 2 mm")
    expect(row).to_contain_text("Erst im März")


def test_tabs_that_know_a_new_name_and_tabs_that_do_not_agree(page: Page, small_site: Site) -> None:
    """A page of another section has no names of its own for the items of this one."""
    page.goto(small_site.url)
    store(page, a_store({"belag-messen": {"state": "done", "note": "alt"}}), SMALL_KEY)
    ignorant = tab(page, small_site.url + "checklist/antrieb/", COUNTED)
    knowing = tab(page, small_site.url + "checklist/", COUNTED)
    row = knowing.locator('[data-entry="belag-pruefen"]')
    box(ignorant, "licht").check()
    expect(box(knowing, "licht")).to_be_checked()
    box(knowing, "belag-pruefen").uncheck()
    box(ignorant, "kette-oelen").check()
    expect(box(knowing, "kette-oelen")).to_be_checked()
    knowing.wait_for_timeout(300)
    expect(box(knowing, "belag-pruefen")).not_to_be_checked()
    expect(row.locator(".cl-note")).to_have_text("alt")
    writes = [each.evaluate("writes") for each in (ignorant, knowing)]
    assert sum(writes) <= 8, "each writes its own changes, and what the other lacked"
    assert entries(page, SMALL_KEY)["belag-pruefen"]["state"] == "todo"


def test_an_item_that_is_no_longer_in_the_list_is_kept_and_exported(
    checklist_page: Page,
) -> None:
    retired = {"state": "risk", "day": "2026-01-02", "reason": "until spring", "note": "ask Ann"}
    store(checklist_page, a_store({"retired-item": retired}))
    checklist_page.reload()
    box(checklist_page, "cap-retries").check()
    kept = entries(checklist_page)["retired-item"]
    assert {key: kept[key] for key in retired} == retired
    checklist_page.locator("[data-open=_transfer]").click()
    files = {}
    for kind in ("json", "markdown"):
        with checklist_page.expect_download() as download:
            checklist_page.locator(f"[data-do={kind}]").click()
        files[kind] = download.value.path().read_text("utf-8")
    assert json.loads(files["json"])["items"]["retired-item"] == retired
    last = files["markdown"].split("\n## ")[-1]
    assert last.startswith("No longer in the checklist\n")
    for text in ("`retired-item`", "until spring", "ask Ann"):
        assert text in last


def test_a_link_to_a_former_id_leads_to_the_item(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + "checklist/bremsen/#belag-messen")
    expect(page).to_have_url(small_site.url + "checklist/bremsen/#belag-pruefen")


def test_open_tabs_follow_each_other(checklist_page: Page, site: Site) -> None:
    first = checklist_page
    second = tab(first, site.url + "ko/checklist/retries/")
    box(first, "cap-retries").check()
    expect(box(second, "cap-retries")).to_be_checked()
    box(second, "backoff-with-jitter").check()
    expect(box(first, "backoff-with-jitter")).to_be_checked()
    expect(bar(first, "retries")).to_have_attribute("aria-valuenow", "2")
    expect_ticked(first, "cap-retries", "backoff-with-jitter")


def test_a_tab_that_missed_another_does_not_undo_its_ticks(
    checklist_page: Page, site: Site
) -> None:
    first = checklist_page
    deaf = tab(first, site.url + "checklist/", DEAF)
    box(first, "cap-retries").check()
    box(deaf, "time-limits").check()
    expect_ticked(first, "cap-retries", "time-limits")
    expect(box(deaf, "cap-retries")).to_be_checked()


def test_changes_of_two_tabs_that_hear_of_each_other_late_are_all_kept(
    checklist_page: Page, site: Site
) -> None:
    tabs = [tab(checklist_page, site.url + "checklist/", HELD) for _ in range(2)]
    one, other = tabs
    box(one, "cap-retries").check()
    box(other, "time-limits").check()
    box(one, "single-beat").check()
    box(other, "cap-retries").uncheck()
    box(one, "io-timeouts").check()
    for each in tabs:
        each.evaluate("hear()")
    for each in (checklist_page, *tabs):
        expect(bar(each, "total")).to_have_attribute("aria-valuenow", "3")
        expect(box(each, "cap-retries")).not_to_be_checked()
    expect_ticked(one, "time-limits", "single-beat", "io-timeouts")


def test_what_two_tabs_write_over_each_other_is_put_back(checklist_page: Page, site: Site) -> None:
    one, other = (tab(checklist_page, site.url + "checklist/", STALE) for _ in range(2))
    box(checklist_page, "production-broker").check()
    for each in (one, other):
        each.evaluate("freeze()")
    for item in ("cap-retries", "io-timeouts"):
        box(one, item).check()
    for item in ("time-limits", "single-beat", "cap-retries"):
        box(other, item).check()
    box(other, "cap-retries").uncheck()
    for each in (one, other):
        each.evaluate("thaw()")
    for each in (one, other, checklist_page):
        expect(bar(each, "total")).to_have_attribute("aria-valuenow", "4")
    expect_ticked(one, "production-broker", "io-timeouts", "time-limits", "single-beat")


def test_what_was_overwritten_before_it_was_read_is_put_back(
    checklist_page: Page, site: Site
) -> None:
    """Also if the tab that wrote it was closed at once: the others were told what it wrote."""
    one = tab(checklist_page, site.url + "checklist/", HELD)
    other = tab(checklist_page, site.url + "checklist/retries/", STALE)
    checklist_page.close()
    other.evaluate("freeze()")
    box(one, "cap-retries").check()
    other.wait_for_function("held.length === 1")
    one.close()
    box(other, "backoff-with-jitter").check()
    assert ticked(other) == {"backoff-with-jitter"}
    other.evaluate("hear()")
    expect(box(other, "cap-retries")).to_be_checked()
    assert ticked(other) == {"cap-retries", "backoff-with-jitter"}


@pytest.mark.parametrize("pause", [False, True], ids=["in one go", "one by one"])
def test_two_tabs_that_tick_at_the_same_time_lose_nothing(
    checklist_page: Page, site: Site, pause: bool
) -> None:
    tabs = [tab(checklist_page, site.url + "checklist/", COUNTED) for _ in range(2)]
    start = checklist_page.evaluate("Date.now() + 400")
    for number, each in enumerate(tabs):
        each.evaluate(
            """([number, start, pause]) => {
              const boxes = [...document.querySelectorAll("input[data-item]")];
              const mine = boxes.slice(20 * number, 20 * number + 20);
              setTimeout(async () => {
                for (const box of mine) {
                  box.click();
                  if (pause) await new Promise((resolve) => setTimeout(resolve, 1));
                }
              }, start - Date.now());
            }""",
            [number, start, pause],
        )
    for each in (*tabs, checklist_page):
        expect(bar(each, "total")).to_have_attribute("aria-valuenow", "40", timeout=20_000)
    checklist_page.wait_for_timeout(300)
    assert len(ticked(checklist_page)) == 40
    writes = [each.evaluate("writes") for each in tabs]
    checklist_page.wait_for_timeout(500)
    assert [each.evaluate("writes") for each in tabs] == writes, "they go on answering each other"
    assert sum(writes) <= 3 * 40
    for each in tabs:
        each.reload()
        expect(bar(each, "total")).to_have_attribute("aria-valuenow", "40")


def test_a_clock_that_goes_backwards_loses_nothing(checklist_page: Page, site: Site) -> None:
    page = checklist_page
    deaf = tab(page, site.url + "checklist/", DEAF)
    page.clock.set_fixed_time("2026-11-26T12:00:00Z")
    box(page, "cap-retries").check()
    box(page, "time-limits").check()
    page.clock.set_fixed_time("2001-01-01T12:00:00Z")
    box(page, "single-beat").check()
    box(page, "time-limits").uncheck()
    box(deaf, "io-timeouts").check()
    expect_ticked(page, "cap-retries", "single-beat", "io-timeouts")
    assert entries(page)["cap-retries"]["day"] == "2026-11-26"
    assert entries(page)["single-beat"]["day"] == "2001-01-01"
    page.locator("[data-open=_projects]").click()
    page.locator("[data-do=reset]").click()
    page.clock.set_fixed_time("2000-01-01T12:00:00Z")
    expect(bar(page, "total")).to_have_attribute("aria-valuenow", "0")
    page.reload()
    box(page, "cap-retries").focus()
    page.keyboard.press("u")
    expect(bar(page, "total")).to_have_attribute("aria-valuenow", "3")
    assert entries(page)["cap-retries"]["day"] == "2026-11-26"


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
        '{"version": 2}',
        '{"version": 2, "rev": 0, "current": "main", "projects": {}, "history": []}',
        a_store({"cap-retries": {"state": "doing"}}),
        a_store({"cap-retries": {"note": ["<b>"]}}),
    ],
)
def test_damaged_storage_is_told_and_a_copy_is_kept(checklist_page: Page, raw: str) -> None:
    store(checklist_page, raw)
    checklist_page.reload()
    expect(checklist_page.locator(".cl-notice")).to_contain_text("could not be read")
    box(checklist_page, "cap-retries").check()
    expect(checklist_page.locator(".cl-notice")).to_be_hidden()
    assert ticked(checklist_page) == {"cap-retries"}
    copy = checklist_page.evaluate("key => localStorage.getItem(key)", f"{KEY}:damaged")
    assert copy == raw


def test_a_second_damage_leaves_the_first_copy_alone(checklist_page: Page) -> None:
    for raw in ("{first", "{second"):
        store(checklist_page, raw)
        checklist_page.reload()
    copies = checklist_page.evaluate("Object.values({...localStorage})")
    assert {"{first", "{second"} <= set(copies)


NEWER = '{"version": 3, "projects": {"shop": {"cap-retries": "done"}}}'


def test_what_a_newer_version_stored_is_left_alone(checklist_page: Page) -> None:
    store(checklist_page, NEWER)
    checklist_page.reload()
    expect(checklist_page.locator(".cl-notice")).to_contain_text("newer version")
    checklist_page.locator('label[for="tick_cap-retries"]').click()
    expect(box(checklist_page, "cap-retries")).not_to_be_checked()
    checklist_page.locator("[data-open=_projects]").click()
    for action in ("new", "rename", "duplicate", "tick-shown", "delete"):
        checklist_page.locator("[name=name]").evaluate("field => field.value = 'shop'")
        checklist_page.locator(f"[data-do={action}]").dispatch_event("click")
    assert checklist_page.evaluate("key => localStorage.getItem(key)", KEY) == NEWER


def test_a_newer_version_in_another_tab_is_left_alone(checklist_page: Page, site: Site) -> None:
    box(checklist_page, "cap-retries").check()
    store(tab(checklist_page, site.url), NEWER)
    expect(checklist_page.locator(".cl-notice")).to_contain_text("newer version")
    checklist_page.locator('label[for="tick_time-limits"]').click()
    expect(box(checklist_page, "time-limits")).not_to_be_checked()
    assert checklist_page.evaluate("key => localStorage.getItem(key)", KEY) == NEWER


def test_damage_done_by_another_tab_loses_nothing(checklist_page: Page, site: Site) -> None:
    box(checklist_page, "cap-retries").check()
    store(tab(checklist_page, site.url), "{")
    expect(checklist_page.locator(".cl-notice")).to_contain_text("could not be read")
    expect(box(checklist_page, "cap-retries")).to_be_checked()
    box(checklist_page, "time-limits").check()
    checklist_page.reload()
    expect(bar(checklist_page, "total")).to_have_attribute("aria-valuenow", "2")


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


@pytest.mark.parametrize("changes", [1, 3])
def test_when_there_is_no_room_a_tick_is_worth_more_than_an_old_undo(
    checklist_page: Page, changes: int
) -> None:
    page = checklist_page
    page.add_init_script(ROOM)
    items = ["time-limits", "io-timeouts", "single-beat"][:changes]
    history = [
        lost_note(rev, {item: {"rev": 1, "note": "x" * 4000}})
        for rev, item in enumerate(items, start=2)
    ]
    store(page, a_store({id: {} for id in items}, history[::-1], rev=changes + 1))
    page.reload()
    page.evaluate("key => (window.room = localStorage.getItem(key).length)", KEY)
    box(page, "cap-retries").check()
    expect(page.locator(".cl-notice")).to_be_hidden()
    assert ticked(page) == {"cap-retries"}
    assert len(stored(page)["history"]) < changes


def test_ticks_that_found_no_room_are_stored_with_the_next_that_does(checklist_page: Page) -> None:
    page = checklist_page
    page.add_init_script(ROOM)
    page.reload()
    box(page, "cap-retries").check()
    before = page.evaluate("key => localStorage.getItem(key)", KEY)
    page.evaluate("window.room = 10")
    box(page, "time-limits").check()
    box(page, "cap-retries").uncheck()
    expect(page.locator(".cl-notice")).to_contain_text("store anything")
    assert page.evaluate("key => localStorage.getItem(key)", KEY) == before
    expect(box(page, "time-limits")).to_be_checked()
    page.evaluate("window.room = Infinity")
    box(page, "single-beat").check()
    expect(page.locator(".cl-notice")).to_be_hidden()
    assert ticked(page) == {"time-limits", "single-beat"}


def test_a_tab_without_room_does_not_overwrite_what_others_stored(
    checklist_page: Page, site: Site
) -> None:
    page = tab(checklist_page, site.url + "checklist/", ROOM)
    page.evaluate("window.room = 10")
    box(page, "cap-retries").check()
    box(checklist_page, "time-limits").check()
    expect_ticked(page, "time-limits")
    checklist_page.close()
    page.evaluate("window.room = Infinity")
    box(page, "single-beat").check()
    expect_ticked(page, "cap-retries", "time-limits", "single-beat")


def test_without_storage_for_the_tab_ticks_are_kept(page: Page, site: Site) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no') }})"
    )
    page.goto(site.url + "checklist/")
    box(page, "cap-retries").check()
    expect(page.locator(".cl-notice")).to_be_hidden()
    page.goto(site.url + "es/print/")
    expect(box(page, "cap-retries")).to_be_checked()
