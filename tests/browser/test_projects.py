"""Projects side by side, and what can be undone in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from checklist.catalog import load_catalog
from tests.browser.conftest import OpenContext
from tests.conftest import ROOT
from tests.site import Site

KEY = "checklist:celery-tasks"
MINE = "My project"
DAY = "2026-11-20"

ITEMS = {
    "cap-retries": {"state": "done", "day": DAY},
    "time-limits": {"state": "na", "day": DAY, "reason": "no such task"},
    "single-beat": {"state": "risk", "day": DAY, "reason": "next quarter", "note": "ask Ann"},
    "io-timeouts": {"state": "todo", "note": "first the client"},
}
"""One of every state."""

Projects = dict[str, dict[str, dict[str, str]]]


def stored(page: Page) -> Any:
    return json.loads(page.evaluate("key => localStorage.getItem(key)", KEY))


def projects(page: Page) -> Projects:
    """What is stored of each project that is there, by name: the items of which something is."""
    return {
        project["name"]: {
            id: facts
            for id, entry in project["items"].items()
            if (facts := {key: fact for key, fact in entry.items() if is_fact(key, fact)})
        }
        for project in stored(page)["projects"].values()
        if not project.get("gone")
    }


def is_fact(key: str, fact: Any) -> bool:
    return key in ("state", "reason", "note") and fact not in ("", "todo")


def put(page: Page, items: dict[str, dict[str, str]], *, name: str = "shop") -> None:
    """Stores a project with these items beside the first one, and shows the list with it."""
    entries = {id: {"rev": 1} | facts for id, facts in items.items()}
    store = {
        "version": 2,
        "rev": 2,
        "current": "p1",
        "projects": {
            "main": {
                "name": "",
                "rev": 0,
                "items": {"prefetch-multiplier": {"rev": 1, "state": "done"}},
            },
            "p1": {"name": name, "rev": 2, "items": entries},
        },
        "history": [],
    }
    page.evaluate(
        """([key, raw]) => {
          localStorage.setItem(key, raw);
          sessionStorage.removeItem(key);
        }""",
        [KEY, json.dumps(store)],
    )
    page.reload()


def box(page: Page, item: str) -> Locator:
    return page.locator(f'input[data-item="{item}"]')


def row(page: Page, item: str) -> Locator:
    return page.locator(f'[data-entry="{item}"]')


def name_shown(page: Page) -> Locator:
    return page.locator("[data-project]").first


def dialog(page: Page) -> Locator:
    """The dialog of projects; opened if it is not."""
    opened = page.locator("#_projects")
    if not opened.is_visible():
        page.locator("[data-open=_projects]").click()
    return opened


def do(page: Page, action: str, name: str | None = None) -> None:
    """Presses a button of the dialog, with a name typed before."""
    if name is not None:
        dialog(page).locator("[name=name]").fill(name)
    dialog(page).locator(f"[data-do={action}]").click()


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#_projects")).to_be_hidden()


def choices(page: Page) -> list[str]:
    """The projects one can choose from."""
    return [
        text.strip() for text in dialog(page).locator("[data-projects] label").all_inner_texts()
    ]


def choose(page: Page, name: str) -> None:
    dialog(page).get_by_role("radio", name=name, exact=True).check()
    close(page)


def toast(page: Page) -> Locator:
    return page.locator(".cl-toast")


def undo(page: Page) -> Locator:
    return toast(page).locator("[data-do=undo]")


def history(page: Page) -> Locator:
    return dialog(page).locator("[data-history] li")


def expect_done(page: Page, number: int) -> None:
    expect(page.locator('.cl-progress[data-gauge="total"]')).to_have_attribute(
        "aria-valuenow", str(number)
    )


def delete_note(page: Page, item: str) -> None:
    """As a reader does it: opens the panel, empties the field, closes the panel."""
    row(page, item).locator(".cl-more").click()
    row(page, item).locator("[name=note]").fill("")
    row(page, item).locator(".cl-panel [type=submit]").click()


def take_in(page: Page, items: dict[str, dict[str, str]], mode: str) -> None:
    """Imports a file."""
    file = {
        "format": "checklist-project",
        "version": 1,
        "checklist": "celery-tasks",
        "exported": DAY,
        "name": "staging",
        "items": items,
    }
    page.locator("[data-open=_transfer]").click()
    content = json.dumps(file).encode()
    page.locator("#_transfer [type=file]").set_input_files(
        FilePayload(name="staging.json", mimeType="application/json", buffer=content)
    )
    page.locator(f"#_transfer [name=mode][value={mode}]").check()
    page.locator("#_transfer [data-do=import]").click()
    expect(page.locator("#_transfer")).to_be_hidden()


# ---- several projects


def test_a_new_project_is_empty_and_shown_and_the_other_is_as_it_was(checklist_page: Page) -> None:
    page = checklist_page
    expect(name_shown(page)).to_have_text(MINE)
    box(page, "cap-retries").check()
    do(page, "new", "shop")
    assert choices(page) == [MINE, "shop"]
    expect(dialog(page).get_by_role("radio", name="shop")).to_be_checked()
    close(page)
    expect(name_shown(page)).to_have_text("shop")
    expect(box(page, "cap-retries")).not_to_be_checked()
    expect_done(page, 0)
    box(page, "time-limits").check()
    box(page, "single-beat").check()
    choose(page, MINE)
    expect(name_shown(page)).to_have_text(MINE)
    expect(box(page, "cap-retries")).to_be_checked()
    expect(box(page, "time-limits")).not_to_be_checked()
    expect_done(page, 1)
    done = {"state": "done"}
    assert projects(page) == {
        "": {"cap-retries": done},
        "shop": {"time-limits": done, "single-beat": done},
    }


def test_projects_work_by_keyboard_alone(checklist_page: Page) -> None:
    page = checklist_page
    keyboard = page.keyboard
    opener = page.locator("[data-open=_projects]")
    opener.focus()
    keyboard.press("Enter")
    field = dialog(page).locator("[name=name]")
    for _ in range(4):
        if field.evaluate("field => field === document.activeElement"):
            break
        keyboard.press("Tab")
    keyboard.type("shop")
    keyboard.press("Enter")
    expect(name_shown(page)).to_have_text("shop")
    expect(dialog(page), "Enter makes a project and leaves the dialog open").to_be_visible()
    keyboard.press("Shift+Tab")
    expect(dialog(page).get_by_role("radio", name="shop")).to_be_focused()
    for name in (MINE, "shop", MINE):
        keyboard.press("ArrowUp")
        expect(dialog(page).get_by_role("radio", name=name)).to_be_focused()
        expect(name_shown(page)).to_have_text(name)
    keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_copy_has_everything_and_goes_its_own_way(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    original = projects(page)["shop"]
    do(page, "duplicate")
    assert choices(page) == [MINE, "shop", "shop (copy)"]
    close(page)
    expect(name_shown(page)).to_have_text("shop (copy)")
    assert projects(page)["shop (copy)"] == original
    expect(row(page, "single-beat").locator(".cl-note")).to_have_text("ask Ann")
    box(page, "cap-retries").uncheck()
    delete_note(page, "single-beat")
    assert projects(page)["shop"] == original
    do(page, "duplicate", "billing")
    assert choices(page) == [MINE, "billing", "shop", "shop (copy)"]


def test_a_project_is_renamed_and_keeps_its_items(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    do(page, "rename", " billing ")
    assert choices(page) == [MINE, "billing"]
    expect(dialog(page).locator("[name=name]")).to_have_value("")
    close(page)
    expect(name_shown(page)).to_have_text("billing")
    assert projects(page) == {"": before[""], "billing": before["shop"]}


def test_of_a_deleted_project_nothing_is_shown(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    do(page, "delete")
    expect(name_shown(page)).to_have_text(MINE)
    expect(box(page, "cap-retries")).not_to_be_checked()
    expect(row(page, "single-beat").locator(".cl-mine")).to_have_count(0)
    assert choices(page) == [MINE]
    page.reload()
    expect(name_shown(page)).to_have_text(MINE)


def test_deleting_the_last_project_leaves_an_empty_one(checklist_page: Page) -> None:
    page = checklist_page
    box(page, "cap-retries").check()
    do(page, "delete")
    assert choices(page) == [MINE]
    close(page)
    expect(box(page, "cap-retries")).not_to_be_checked()
    expect_done(page, 0)
    assert projects(page) == {"": {}}
    box(page, "time-limits").check()
    page.reload()
    expect_done(page, 1)


def test_the_choice_is_kept_on_every_page_in_every_language(
    checklist_page: Page, site: Site
) -> None:
    page = checklist_page
    do(page, "new", "shop")
    do(page, "new", "billing")
    close(page)
    box(page, "cap-retries").check()
    choose(page, "shop")
    page.reload()
    expect(name_shown(page)).to_have_text("shop")
    page.goto(site.url + "es/checklist/retries/")
    expect(name_shown(page)).to_have_text("shop")
    box(page, "backoff-with-jitter").check()
    new_tab = page.context.new_page()
    new_tab.goto(site.url + "ko/print/")
    expect(name_shown(new_tab)).to_have_text("shop")
    expect(box(new_tab, "backoff-with-jitter")).to_be_checked()
    expect(box(new_tab, "cap-retries")).not_to_be_checked()
    done = {"state": "done"}
    assert projects(page) == {
        "": {},
        "billing": {"cap-retries": done},
        "shop": {"backoff-with-jitter": done},
    }


@pytest.mark.parametrize(
    ("language", "first", "copy"),
    [
        ("en", "My project", "shop (copy)"),
        ("ko", "내 프로젝트", "shop 사본"),
        ("es", "Mi proyecto", "shop (copia)"),
    ],
)
def test_names_that_nobody_gave_are_in_the_language_of_the_page(
    page: Page, site: Site, language: str, first: str, copy: str
) -> None:
    page.goto(f"{site.url}{site.prefix(language)}checklist/")
    expect(name_shown(page)).to_have_text(first)
    do(page, "new", "shop")
    do(page, "duplicate")
    assert choices(page) == [first, "shop", copy]


def test_two_tabs_can_show_two_projects(checklist_page: Page, site: Site) -> None:
    mine = checklist_page
    box(mine, "cap-retries").check()
    shop = mine.context.new_page()
    shop.goto(site.url + "checklist/")
    do(shop, "new", "shop")
    close(shop)
    box(shop, "time-limits").check()
    expect(name_shown(mine), "an open tab stays where it is").to_have_text(MINE)
    box(mine, "single-beat").check()
    for tab, name in ((mine, MINE), (shop, "shop")):
        expect(name_shown(tab), "a tick changes no project").to_have_text(name)
    choose(mine, "shop")
    expect(box(mine, "time-limits")).to_be_checked()
    choose(mine, MINE)
    box(shop, "io-timeouts").check()
    expect_done(mine, 2)
    for tab, name in ((mine, MINE), (shop, "shop")):
        expect(name_shown(tab)).to_have_text(name)
    shop.reload()
    expect(name_shown(shop)).to_have_text("shop")
    expect_done(shop, 2)
    done = {"state": "done"}
    assert projects(shop) == {
        "": {"cap-retries": done, "single-beat": done},
        "shop": {"time-limits": done, "io-timeouts": done},
    }


def test_a_project_deleted_in_another_tab_is_gone_here_too(
    checklist_page: Page, site: Site
) -> None:
    put(checklist_page, ITEMS)
    other = checklist_page.context.new_page()
    other.goto(site.url + "checklist/retries/")
    expect(name_shown(other)).to_have_text("shop")
    do(checklist_page, "delete")
    expect(name_shown(other)).to_have_text(MINE)
    expect(box(other, "cap-retries")).not_to_be_checked()
    undo(checklist_page).click()
    expect(name_shown(checklist_page)).to_have_text("shop")
    expect(box(checklist_page, "cap-retries")).to_be_checked()


def test_what_was_ticked_in_a_project_that_was_just_deleted_comes_back_with_it(
    checklist_page: Page, site: Site
) -> None:
    put(checklist_page, ITEMS)
    deaf = checklist_page.context.new_page()
    deaf.add_init_script("addEventListener('storage', event => event.stopImmediatePropagation())")
    deaf.goto(site.url + "checklist/retries/")
    do(checklist_page, "delete")
    row(deaf, "backoff-with-jitter").locator("label").click()
    expect(name_shown(deaf), "it is gone here too").to_have_text(MINE)
    undo(checklist_page).click()
    expect(name_shown(checklist_page)).to_have_text("shop")
    expect(box(checklist_page, "cap-retries")).to_be_checked()
    expect(box(checklist_page, "backoff-with-jitter")).to_be_checked()
    assert "backoff-with-jitter" not in projects(checklist_page)[""]


HOSTILE = [
    '<img src=x onerror="window.hacked = true">',
    "<script>window.hacked = true</script>",
    "</span></button><b>bold</b>&amp;",
    "{project} $& {name} $1 %s",
]


def test_a_name_is_text_wherever_it_stands(checklist_page: Page, site: Site) -> None:
    page = checklist_page
    images = page.locator("img").count()
    for name in HOSTILE:
        do(page, "new", name)
        expect(name_shown(page)).to_have_text(name)
        do(page, "tick-shown")
        expect(toast(page).locator("[role=status]")).to_have_text(
            f"Several items of “{name}” ticked"
        )
        do(page, "duplicate")
        expect(name_shown(page)).to_have_text(f"{name} (copy)")
        do(page, "delete")
    assert sorted(choices(page)) == sorted([MINE, *HOSTILE])
    texts = history(page).all_inner_texts()
    for name in HOSTILE:
        assert any(f"“{name}”" in text for text in texts)
        assert any(f"“{name} (copy)”" in text for text in texts)
    close(page)
    assert page.locator("img").count() == images
    assert page.locator(".cl b").count() == page.locator(".cl-why b").count()
    choose(page, HOSTILE[0])
    page.goto(site.url + "checklist/retries/")
    expect(name_shown(page)).to_have_text(HOSTILE[0])
    assert page.evaluate("window.hacked") is None


def test_without_a_name_nothing_is_renamed(checklist_page: Page) -> None:
    page = checklist_page
    do(page, "new", "shop")
    before = stored(page)
    for nothing in ("", "   "):
        do(page, "rename", nothing)
        expect(dialog(page).locator("[name=name]"), "it says where").to_be_focused()
    assert stored(page) == before
    do(page, "new", "  ")
    assert choices(page) == [MINE, MINE, "shop"]


def test_two_projects_of_the_same_name_are_two(checklist_page: Page) -> None:
    page = checklist_page
    do(page, "new", "shop")
    close(page)
    box(page, "cap-retries").check()
    do(page, "new", "shop")
    assert choices(page) == [MINE, "shop", "shop"]
    close(page)
    expect_done(page, 0)


@pytest.mark.parametrize("letter", ["W", "가", "😀"])
def test_a_very_long_name_is_cut_and_breaks_nothing(
    checklist_page: Page, site: Site, letter: str
) -> None:
    page = checklist_page
    page.set_viewport_size({"width": 320, "height": 640})
    field = dialog(page).locator("[name=name]")
    field.focus()
    page.keyboard.insert_text(letter * 100)
    name = field.input_value()
    assert name == letter * (80 // (2 if ord(letter) > 0xFFFF else 1))
    page.locator("[data-do=new]").click()
    do(page, "rename", name[::-1] if letter == "W" else name)
    do(page, "duplicate")
    assert len(choices(page)) == 3
    overflows = "document.documentElement.scrollWidth > innerWidth"
    inner = "node => node.scrollWidth > node.clientWidth"
    assert not dialog(page).evaluate(inner)
    close(page)
    box(page, "cap-retries").check()
    assert not page.evaluate(overflows)
    page.goto(site.url + "checklist/retries/")
    expect(page.locator(".cl-notice"), "it can be read again").to_be_hidden()
    expect(box(page, "cap-retries")).to_be_checked()
    expect(name_shown(page)).to_contain_text(letter * 30)
    assert not page.evaluate(overflows)


@pytest.mark.parametrize(
    "blocked",
    [
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})",
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no') }})",
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
    ],
    ids=["no storage", "none for the tab", "the quota is used up"],
)
def test_projects_and_undo_work_as_long_as_the_page_is_open(
    new_context: OpenContext, site: Site, blocked: str
) -> None:
    page = new_context().new_page()
    page.add_init_script(blocked)
    page.goto(site.url + "checklist/")
    box(page, "cap-retries").check()
    do(page, "new", "shop")
    close(page)
    box(page, "time-limits").check()
    box(page, "single-beat").check()
    choose(page, MINE)
    expect_done(page, 1)
    choose(page, "shop")
    expect_done(page, 2)
    do(page, "reset")
    expect_done(page, 0)
    undo(page).click()
    expect_done(page, 2)


# ---- undoing

FILE = {
    "cap-retries": {"state": "risk", "day": DAY},
    "prefetch-multiplier": {"state": "done", "day": DAY},
}

LOSSES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "bulk": ("Several items of “{project}” ticked", lambda page: do(page, "tick-shown")),
    "reset": ("“{project}” cleared", lambda page: do(page, "reset")),
    "merge": ("File imported into “{project}”", lambda page: take_in(page, FILE, "merge")),
    "replace": ("File imported into “{project}”", lambda page: take_in(page, FILE, "replace")),
    "note": ("Text changed in “{project}”", lambda page: delete_note(page, "single-beat")),
    "delete": ("“{project}” deleted", lambda page: do(page, "delete")),
}
"""Each change that loses something, what is said of it, and how it is done on the list."""


@pytest.mark.parametrize("language", ["en", "ko", "es"])
def test_every_loss_is_told_and_can_be_undone(page: Page, site: Site, language: str) -> None:
    catalog, _ = load_catalog(language, ROOT / "locales")
    page.goto(f"{site.url}{site.prefix(language)}checklist/")
    put(page, ITEMS)
    before = projects(page)
    for kind, (said, lose) in LOSSES.items():
        lose(page)
        expect(toast(page).locator("[role=status]")).to_have_text(
            catalog.text(said, project="shop")
        )
        expect(undo(page)).to_have_text(catalog.text("Undo"))
        assert projects(page) != before, kind
        undo(page).click()
        expect(toast(page)).to_be_hidden()
        assert projects(page) == before, kind
        expect(name_shown(page)).to_have_text("shop")
    expect(box(page, "cap-retries")).to_be_checked()
    expect(row(page, "single-beat").locator(".cl-note")).to_have_text("ask Ann")
    expect(row(page, "time-limits")).to_have_attribute("data-state", "na")
    expect(row(page, "time-limits")).to_contain_text("no such task")


def test_a_rename_is_told_and_can_be_undone(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    do(page, "rename", "billing")
    expect(history(page)).to_have_count(1)
    expect(history(page)).to_contain_text("“shop” renamed")
    close(page)
    expect(toast(page)).to_contain_text("“shop” renamed")
    undo(page).click()
    expect(name_shown(page)).to_have_text("shop")


def test_what_loses_nothing_needs_no_undo(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    box(page, "cap-retries").uncheck()
    box(page, "cap-retries").check()
    row(page, "cap-retries").locator(".cl-more").click()
    row(page, "cap-retries").locator("[name=note]").fill("three")
    row(page, "cap-retries").locator(".cl-panel [type=submit]").click()
    do(page, "new", "billing")
    do(page, "duplicate")
    close(page)
    take_in(page, FILE, "new")
    expect(toast(page)).to_be_hidden()
    expect(history(page)).to_have_count(0)
    expect(dialog(page).locator("[data-history]")).to_have_text("Nothing yet")


def test_undo_can_be_reached_by_tab_from_what_opened_the_dialog(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    for opener, lose, key in (
        ("_projects", LOSSES["reset"][1], "Tab"),
        ("_transfer", LOSSES["replace"][1], "Shift+Tab"),
    ):
        lose(page)
        expect(page.locator(f"[data-open={opener}]"), "the focus is back").to_be_focused()
        for _ in range(2):
            page.keyboard.press(key)
            if undo(page).evaluate("button => button === document.activeElement"):
                break
        expect(undo(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(toast(page)).to_be_hidden()
        assert projects(page) == before
        assert page.evaluate("document.activeElement !== document.body"), "the focus is not lost"


def test_u_on_an_item_undoes_what_was_lost_last(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    delete_note(page, "io-timeouts")
    do(page, "reset")
    box(page, "time-limits").focus()
    page.keyboard.press("u")
    expect(toast(page)).to_be_hidden()
    expect_done(page, 1)
    page.keyboard.press("u")
    assert projects(page) == before
    page.keyboard.press("u")
    assert projects(page) == before


def test_the_toast_goes_when_it_is_closed_or_the_reader_goes_on(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    do(page, "reset")
    toast(page).locator("[data-do=hush]").click()
    expect(toast(page)).to_be_hidden()
    expect(history(page)).to_have_count(1)
    close(page)
    do(page, "tick-shown")
    expect(toast(page)).to_be_visible()
    box(page, "cap-retries").uncheck()
    expect(toast(page)).to_be_hidden()
    expect(history(page)).to_have_count(2)


def test_after_a_reload_the_history_can_still_undo(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    delete_note(page, "single-beat")
    do(page, "reset")
    do(page, "delete")
    page.reload()
    expect(toast(page), "it tells what just happened, nothing older").to_be_hidden()
    entries = history(page)
    expect(entries).to_have_text([re.compile(word) for word in ("deleted", "cleared", "Text")])
    for left in (2, 1, 0):
        entries.first.get_by_role("button", name="Undo").click()
        expect(entries).to_have_count(left)
    assert projects(page) == before
    assert page.evaluate("document.activeElement !== document.body"), "the focus is not lost"
    close(page)
    expect(name_shown(page)).to_have_text("shop")
    expect_done(page, 1)


def test_changes_are_undone_in_any_order(checklist_page: Page) -> None:
    page = checklist_page
    notes = {item: {"note": f"on {item}"} for item in ("cap-retries", "time-limits", "single-beat")}
    put(page, notes)
    for item in notes:
        delete_note(page, item)
    for number, item in ((1, "time-limits"), (0, "single-beat"), (0, "cap-retries")):
        history(page).nth(number).get_by_role("button").click()
        close(page)
        expect(row(page, item).locator(".cl-note")).to_have_text(f"on {item}")
    assert projects(page)["shop"] == notes


def test_what_was_changed_again_later_is_left_as_it_is(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    do(page, "reset")
    row(page, "cap-retries").locator(".cl-more").click()
    row(page, "cap-retries").locator("[name=state][value=na]").check()
    row(page, "cap-retries").locator(".cl-panel [type=submit]").click()
    history(page).get_by_role("button").click()
    close(page)
    expect(row(page, "cap-retries")).to_have_attribute("data-state", "na")
    expect(row(page, "single-beat")).to_have_attribute("data-state", "risk")
    expect(row(page, "single-beat").locator(".cl-note")).to_have_text("ask Ann")


def test_an_undo_changes_the_project_it_belongs_to_and_no_other(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    do(page, "reset")
    choose(page, MINE)
    box(page, "cap-retries").check()
    history(page).get_by_role("button").click()
    close(page)
    expect(name_shown(page)).to_have_text(MINE)
    after = projects(page)
    assert after["shop"] == before["shop"]
    assert after[""] == before[""] | {"cap-retries": {"state": "done"}}


def test_the_ten_last_changes_can_be_undone(checklist_page: Page) -> None:
    page = checklist_page
    put(page, {})
    for number in range(12):
        do(page, "rename", f"name {number}")
    expect(history(page)).to_have_count(10)
    expect(history(page).first).to_contain_text("“name 10” renamed")
    expect(history(page).last).to_contain_text("“name 1” renamed")
    history(page).first.get_by_role("button").click()
    assert choices(page) == [MINE, "name 10"]


def test_a_bulk_tick_ticks_what_is_shown_and_to_do(checklist_page: Page) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    page.locator("[name=q]").fill("retries")
    shown = page.locator("[data-entry]:not([hidden])")
    ids = set(shown.evaluate_all("rows => rows.map(row => row.dataset.entry)"))
    assert "cap-retries" in ids
    assert 1 < len(ids) < 59
    do(page, "tick-shown")
    after = projects(page)["shop"]
    done = {id for id, facts in after.items() if facts.get("state") == "done"}
    assert done == ids - {"time-limits", "single-beat"} | {"cap-retries"}
    assert {id: after[id] for id in ITEMS if id not in done} == {
        id: before["shop"][id] for id in ITEMS if id not in done
    }
    undo(page).click()
    assert projects(page) == before


def test_undo_in_one_of_two_tabs_is_undone_in_both(checklist_page: Page, site: Site) -> None:
    page = checklist_page
    put(page, ITEMS)
    before = projects(page)
    other = page.context.new_page()
    other.goto(site.url + "checklist/")
    do(page, "reset")
    expect_done(other, 0)
    undo(page).click()
    expect_done(page, 1)
    expect_done(other, 1)
    page.wait_for_timeout(300)
    for tab in (page, other):
        expect(toast(tab)).to_be_hidden()
        expect(history(tab)).to_have_count(0)
        assert projects(tab) == before


# ---- whether the browser keeps it

PERSIST = """
  window.asked = 0;
  Object.assign(StorageManager.prototype, {
    persist() { window.asked++; return ANSWER; },
    persisted: () => Promise.resolve(localStorage["test:granted"] === "yes"),
  });
"""
GRANTED = PERSIST.replace("ANSWER", 'localStorage["test:granted"] = "yes", Promise.resolve(true)')


def hint(page: Page) -> Locator:
    return dialog(page).locator("[data-forgetful]")


CHANGES: dict[str, Callable[[Page], None]] = {
    "a tick": lambda page: box(page, "cap-retries").check(),
    "a key": lambda page: box(page, "cap-retries").press("x"),
    "many ticks": lambda page: do(page, "tick-shown"),
    "a project": lambda page: do(page, "new", "shop"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_browser_is_asked_once_to_keep_it_after_the_first_change(
    page: Page, site: Site, change: str
) -> None:
    page.add_init_script(GRANTED)
    page.goto(site.url + "checklist/")
    assert page.evaluate("asked") == 0, "nobody is asked for a mere look"
    expect(hint(page)).to_be_visible()
    close(page)
    CHANGES[change](page)
    assert page.evaluate("asked") == 1
    expect(hint(page)).to_be_hidden()
    close(page)
    box(page, "time-limits").check()
    box(page, "time-limits").uncheck()
    assert page.evaluate("asked") == 1


def test_what_was_granted_is_known_after_a_reload(page: Page, site: Site) -> None:
    page.add_init_script(GRANTED)
    page.goto(site.url + "checklist/")
    box(page, "cap-retries").check()
    page.reload()
    expect(hint(page)).to_be_hidden()
    assert page.evaluate("asked") == 0


@pytest.mark.parametrize(
    "script",
    [
        PERSIST.replace("ANSWER", "Promise.resolve(false)"),
        PERSIST.replace("ANSWER", "Promise.reject(new TypeError('not here'))"),
        "delete StorageManager.prototype.persist; delete StorageManager.prototype.persisted",
        "delete Navigator.prototype.storage",
    ],
    ids=["refused", "failed", "cannot be asked", "no such thing"],
)
def test_where_the_browser_may_forget_the_page_says_so(page: Page, site: Site, script: str) -> None:
    page.add_init_script(script)
    page.goto(site.url + "checklist/")
    box(page, "cap-retries").check()
    expect(hint(page)).to_be_visible()
    expect(hint(page)).to_contain_text("export what you want to keep")
    close(page)
    box(page, "time-limits").check()
    expect(hint(page)).to_be_visible()
