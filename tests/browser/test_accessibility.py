"""Any reader: with a screen reader, by keyboard, enlarged, in forced colours, without motion.

axe runs with every rule of its default set, and `target-size`, which it leaves
out; nothing is switched off and no part of a page is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import pairwise, product
from typing import Any, Final

import pytest
from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect

from tests.browser.conftest import OpenContext
from tests.site import Site

LANGUAGES: Final = ["", "ko/", "es/"]
SECTION: Final = "checklist/retries/"
SHORT: Final = "checklist/periodic/"
PATHS: Final = ["", "checklist/", SECTION, "resources/", "print/", "translations/", "404.html"]
FILTERED: Final = "checklist/?section=periodic"
"""Where what opens on the list is looked at, because axe takes long for all of it."""
LAPTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
START_AXE: Final = """() => {
  const options = {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}};
  window.found = axe.run(options).then(({violations}) => violations.flatMap(({id, help, nodes}) =>
    nodes.map((node) => `${id} at ${node.target.join(" ")}: ${help}\n    ${node.html}`)));
}"""


def accept(*pages: Page, state: str = "as it is") -> None:
    """Let axe look at pages, at all of them at once, because it takes its time."""
    for page in pages:
        page.evaluate(AXE)
        page.evaluate(START_AXE)
    for page in pages:
        found: list[str] = page.evaluate("window.found")
        assert found == [], f"{page.url} {state}\n" + "\n".join(found)


def light_and_dark(new_context: OpenContext, **options: Any) -> list[Page]:
    return [new_context(color_scheme=each, **options).new_page() for each in ("light", "dark")]


def language_menu(page: Page) -> None:
    page.locator(".md-select > button").click()
    expect(page.locator(".md-select__link").last).to_be_visible()
    page.wait_for_timeout(50)


def search(page: Page, word: str = "redis") -> None:
    opener = page.locator(".cl-open-search")
    if opener.is_visible():
        opener.click()
    field = page.locator(".md-search__input")
    field.focus()
    field.press_sequentially(word)
    expect(page.locator(".md-search-result__link").first).to_be_visible()


def drawer(page: Page) -> None:
    page.locator(".cl-open-nav").click()
    expect(page.locator("#__nav .md-nav__link").last).to_be_attached()


def tick(page: Page) -> None:
    page.locator("input[data-item]").first.check()


def tick_without_storage(page: Page) -> None:
    # A function around it, because Playwright calls a function that an expression gives.
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    tick(page)
    expect(page.locator(".cl-notice")).to_be_visible()


OWN_TEXTS: Final = ("na", "risk", "note", "changed")


def at_work(page: Page) -> None:
    """Opens everything that can be open at once on a page of items."""
    changed, refused, risky = page.locator("[data-entry]:visible").all()[:3]
    changed.evaluate("node => { node.dataset.seen = '2020-01-01.00000000' }")
    changed.locator("input[data-item]").check()
    page.reload()
    fill_in(page, risky, "risk", reason="Until spring", note="Told the others. " * 9)
    fill_in(page, refused, "na", reason="Nothing of ours runs at night", note="To be deleted")
    panel = page.locator(".cl-panel")
    panel.locator("[name=note]").fill("")
    panel.locator("[name=reason]").focus()
    for selector in (".cl-toast", ".cl-panel", *(f".cl-mine .cl-{each}" for each in OWN_TEXTS)):
        expect(page.locator(selector)).to_be_visible()
    opener = page.locator("[data-do=filters]")
    if opener.count():
        opener.click()
        expect(page.locator("#_filters")).to_be_visible()
    page.evaluate(CLEAR_OF_TOAST)


CLEAR_OF_TOAST: Final = """() => {
  const overlays = [...document.querySelectorAll(".cl-toast, .md-header")];
  const targets = [...document.querySelectorAll("a, button, input, textarea")];
  const cut = (node, over) => {
    const [{top, bottom, height}, edge] = [node, over].map((each) => each.getBoundingClientRect());
    const isWhole = top >= edge.top && bottom <= edge.bottom;
    return !over.contains(node) && height && bottom > edge.top && top < edge.bottom && !isWhole;
  };
  const covered = () => overlays.some((over) => targets.some((node) => cut(node, over)));
  for (let tries = 0; covered() && tries < 200; tries++) scrollBy(0, tries < 100 ? -5 : 5);
}"""
"""Whoever reads can scroll away what something lies over; axe cannot, and calls it too small."""


def fill_in(page: Page, entry: Locator, state: str, **texts: str) -> None:
    """Opens the panel of an item and leaves it open."""
    entry.locator(".cl-more").click()
    page.locator(f".cl-panel [value={state}]").check()
    for name, text in texts.items():
        page.locator(f".cl-panel [name={name}]").fill(text)
        page.keyboard.press("Tab")


def open_dialog(page: Page, id: str) -> Locator:
    page.locator(f"[data-open={id}]").click()
    dialog = page.locator(f"#{id}")
    expect(dialog).to_be_visible()
    return dialog


def import_file(page: Page, text: str) -> None:
    file = FilePayload(name="project.json", mimeType="application/json", buffer=text.encode())
    page.locator("#_transfer [type=file]").set_input_files(file)
    expect(page.locator("[data-import]")).not_to_be_empty()


def projects_with_history(page: Page) -> None:
    dialog = open_dialog(page, "_projects")
    dialog.locator("[data-do=duplicate]").click()
    expect(dialog.locator("[type=radio]")).to_have_count(2)
    expect(dialog.locator("[data-history] button")).to_be_visible()


def keys(page: Page) -> None:
    open_dialog(page, "_keys")


def import_of_a_damaged_file(page: Page) -> None:
    open_dialog(page, "_transfer")
    import_file(page, "{")


def import_of_a_sound_file(page: Page) -> None:
    open_dialog(page, "_transfer")
    import_file(page, IMPORTED)
    expect(page.locator("[data-import] li").first).to_be_visible()
    expect(page.locator("[data-do=import]")).to_be_visible()


def shared_list(page: Page) -> None:
    code = page.locator("[data-link]").input_value().partition("#")[2]
    page.goto(f"{page.url.partition('#')[0]}#{code}")
    expect(page.locator(".cl-shared-banner")).to_be_visible()
    expect(page.locator(".cl-more:visible")).to_have_count(0)


IMPORTED: Final = json.dumps(
    {
        "format": "checklist-project",
        "version": 1,
        "checklist": "celery-tasks",
        "exported": "2026-11-20",
        "name": "Billing",
        "items": {
            "single-beat": {"state": "na", "reason": "No beat", "note": "Asked twice"},
            "cap-retries": {"state": "done", "day": "2026-11-20"},
        },
    }
)
ONE_AFTER_ANOTHER: Final[list[Callable[[Page], None]]] = [
    at_work,
    projects_with_history,
    keys,
    import_of_a_damaged_file,
    import_of_a_sound_file,
    shared_list,
]
"""What can be open on the list; the Escape key closes what is closed before the next."""


def in_each_state(*pages: Page) -> Iterator[str]:
    """Leads pages, which show the list, from state to state; gives their names."""
    for state in ONE_AFTER_ANOTHER:
        for page in pages:
            state(page)
        yield state.__name__
        for page in pages:
            page.keyboard.press("Escape")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_any_page_in_light_and_dark(
    new_context: OpenContext, site: Site, path: str, language: str
) -> None:
    pages = light_and_dark(new_context, viewport=LAPTOP)
    for page in pages:
        page.goto(site.url + language + path)
        page.wait_for_load_state("load")
    accept(*pages)


STATES: Final[list[tuple[dict[str, Any], str, Callable[[Page], None]]]] = [
    ({"viewport": LAPTOP}, "", language_menu),
    ({"viewport": LAPTOP}, "resources/", search),
    ({"viewport": LAPTOP}, SHORT, tick_without_storage),
    (PHONE, "", language_menu),
    (PHONE, "resources/", search),
    (PHONE, SHORT, drawer),
    (PHONE, "checklist/", tick),
    ({"viewport": LAPTOP}, SHORT, at_work),
    (PHONE, SHORT, at_work),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("device", "path", "state"), STATES)
def test_axe_finds_nothing_when_something_is_open_in_light_and_dark(
    new_context: OpenContext,
    site: Site,
    language: str,
    device: dict[str, Any],
    path: str,
    state: Callable[[Page], None],
) -> None:
    pages = light_and_dark(new_context, **device)
    for page in pages:
        page.goto(site.url + language + path)
        state(page)
    accept(*pages, state=state.__name__)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", [{"viewport": LAPTOP}, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_in_what_opens_on_the_list_in_light_and_dark(
    new_context: OpenContext, site: Site, language: str, device: dict[str, Any]
) -> None:
    pages = light_and_dark(new_context, **device)
    for page in pages:
        page.goto(site.url + language + FILTERED)
    for state in in_each_state(*pages):
        accept(*pages, state=state)


def test_axe_finds_nothing_in_the_colours_that_were_chosen_by_hand(
    new_context: OpenContext, site: Site
) -> None:
    page = new_context(viewport=LAPTOP, color_scheme="light").new_page()
    page.goto(site.url + SECTION)
    button = page.locator("[data-md-component=palette] button:visible")
    for scheme in ("default", "slate"):
        button.click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
        accept(page, state=scheme)


def test_headings_skip_no_level_below_a_single_first(site: Site) -> None:
    for path, page in site.pages.items():
        levels = [int(str(heading.tag)[1]) for heading in page.css("h1, h2, h3, h4, h5, h6")]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)


def test_results_of_a_search_are_no_headings_of_the_page(page: Page, site: Site) -> None:
    page.goto(site.url)
    search(page)
    expect(page.locator(".md-search-result h1").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


LANDMARKS: Final = {
    "banner": "header",
    "search": "[role=search]",
    "navigation": "nav:not([role])",
    "main": "main",
    "contentinfo": "footer",
    "region": "section[aria-label], [role=region]",
}
NAMES: Final = """nodes => nodes.filter((node) => node.checkVisibility())
  .map((node) => node.ariaLabel ?? "")"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_landmarks_of_a_kind_are_named_differently(page: Page, site: Site, language: str) -> None:
    for path in PATHS:
        page.set_viewport_size(LAPTOP)
        if path == PATHS[-1]:
            page = page.context.new_page()  # whose 404 is no fault
        page.goto(site.url + language + path)
        page.wait_for_load_state("load")
        check_landmarks(page)
        page.set_viewport_size(PHONE["viewport"])
        drawer(page)
        check_landmarks(page)


def check_landmarks(page: Page) -> None:
    for kind, selector in LANDMARKS.items():
        names = Counter(page.locator(selector).evaluate_all(NAMES))
        where = page.url, page.viewport_size, kind, names
        assert names or kind in ("region", "navigation"), where
        assert names.total() <= 1 or "" not in names, where
        assert all(count == 1 for count in names.values()), where


ZONES: Final = [".md-skip", ".md-header", "#__nav", ".md-sidebar--secondary", ".md-content", "body"]
"""In the order of the keyboard; the body stands for the rest, which is the footer."""
FOCUS: Final = """() => {
  const node = document.activeElement;
  if (node === document.body) return null;
  const look = (node) => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow} = getComputedStyle(node);
    return [outlineStyle, outlineWidth, outlineColor, boxShadow].join(" ");
  };
  const {left, right, top, bottom} = node.getBoundingClientRect();
  const middle = [(left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const focused = look(node);
  const shown = node.getClientRects().length > 0 && right > 0 && bottom > 0;
  const seen = [...document.elementsFromPoint(...middle)].find((each) => each !== document.body);
  const rest = node.cloneNode(false);
  rest.removeAttribute("name"); // or a radio button would uncheck the others of its group
  node.parentElement.append(rest);
  const unfocused = look(rest);
  rest.remove();
  return {
    html: node.outerHTML.slice(0, 160),
    zone: ZONES.findIndex((zone) => node.closest(zone)),
    dialog: node.closest("dialog")?.id,
    marked: focused !== unfocused && !/^none/.test(focused),
    free: shown && (node.contains(seen) || (seen?.contains(node) ?? false)),
  };
}""".replace("ZONES", str(ZONES))


def walk(page: Page, key: str, limit: int = 400) -> list[dict[str, Any]]:
    """What gets the focus when a key is pressed until the page is through."""
    stops: list[dict[str, Any]] = []
    for _ in range(limit):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUS)
        if stop is None or (stops and stop["html"] == stops[-1]["html"]):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("size", [LAPTOP, PHONE["viewport"]], ids=["laptop", "phone"])
@pytest.mark.parametrize("path", ["", "checklist/", SECTION, "404.html"])
def test_the_keyboard_goes_through_the_page_in_order_and_shows_where_it_is(
    new_context: OpenContext, site: Site, path: str, size: Any
) -> None:
    page = new_context(viewport=size, reduced_motion="reduce").new_page()
    page.goto(site.url + path)
    page.wait_for_load_state("load")
    stops = walk(page, "Tab")
    zones = [stop["zone"] for stop in stops]
    assert zones == sorted(zones), zones
    assert set(zones) >= {1, 4} | ({2} if size == LAPTOP else set())
    assert [stop["html"] for stop in stops if not stop["marked"]] == []
    assert [stop["html"] for stop in stops if not stop["free"]] == []


def test_the_header_does_not_lie_over_the_focus_on_the_way_back(
    new_context: OpenContext, site: Site
) -> None:
    page = new_context(viewport={"width": 1280, "height": 500}, reduced_motion="reduce").new_page()
    page.goto(site.url + SECTION)
    page.wait_for_load_state("load")
    page.locator(".md-footer a").last.focus()
    stops = walk(page, "Shift+Tab")
    assert sum(stop["zone"] == 4 for stop in stops) > 10
    assert [stop["html"] for stop in stops if not stop["free"]] == []


OPENERS: Final = ["_projects", "_transfer", "_keys"]


@pytest.mark.parametrize("id", OPENERS)
def test_the_keyboard_goes_into_a_dialog_stays_there_and_comes_back(
    page: Page, site: Site, id: str
) -> None:
    page.goto(site.url + FILTERED)
    opener = page.locator(f"[data-open={id}]")
    for way_out in ("Escape", "Enter"):
        focus_and_press(opener, "Enter")
        dialog = page.locator(f"#{id}")
        expect(dialog.locator(":focus")).to_be_visible()
        stops = walk(page, "Tab", limit=30)
        assert {stop["dialog"] for stop in stops} <= {id}
        assert [stop["html"] for stop in stops if not (stop["marked"] and stop["free"])] == []
        focus_and_press(dialog.locator(".cl-close"), way_out)
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()


def test_the_tools_follow_each_other_on_the_screen_as_by_the_keyboard(
    page: Page, site: Site
) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto(site.url + FILTERED)
    page.locator("[data-do=filters]").click()
    page.locator("[name=q]").focus()
    names, boxes = [], []
    while page.locator(".cl-tools :focus").count():
        focus = page.locator(":focus")
        names.append(focus.get_attribute("name") or focus.get_attribute("data-open"))
        box = focus.bounding_box()
        assert box
        boxes.append(box)
        page.keyboard.press("Tab")
    assert {"q", "_projects", "_keys", "state", "priority", "broker", "section"} <= set(names)
    for (name, here), (_, there) in pairwise(zip(names, boxes, strict=True)):
        right, below = here["x"] + here["width"], here["y"] + here["height"]
        assert there["x"] >= right or there["y"] >= below - 1, name


def test_the_panel_of_an_item_is_gone_through_in_order(page: Page, site: Site) -> None:
    page.goto(site.url + FILTERED)
    entry = page.locator("[data-entry=single-beat]")
    focus_and_press(entry.locator(".cl-more"), "Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(entry.get_by_role("radio", name="Not applicable")).to_be_checked()
    for role, name in (("textbox", "Reason"), ("textbox", "Note"), ("button", "Close")):
        page.keyboard.press("Tab")
        expect(entry.get_by_role(role, name=name)).to_be_focused()  # type: ignore[arg-type]
        expect(entry.locator(":focus-visible")).to_have_count(1)


Act = Callable[[Page], Any]


def press_in_panel(page: Page, selector: str, key: str) -> None:
    page.locator(".cl-more:visible").first.press("Enter")
    page.locator(f".cl-panel {selector}").press(key)
    expect(page.locator(".cl-panel")).to_be_hidden()


def delete_a_note(page: Page) -> None:
    page.locator(".cl-more:visible").first.press("Enter")
    for text in ("Ask", ""):
        page.locator(".cl-panel [name=note]").fill(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".cl-panel")).to_be_hidden()
    expect(page.locator(".cl-toast")).to_be_visible()


def press_in_toast(page: Page, name: str) -> None:
    delete_a_note(page)
    page.locator(f".cl-toast [data-do={name}]").press("Enter")
    expect(page.locator(".cl-toast")).to_be_hidden()


def press_in_dialog(page: Page, id: str, name: str) -> None:
    open_dialog(page, id).locator(f"[data-do={name}]").press("Enter")


def undo_in_history(page: Page) -> None:
    delete_a_note(page)
    button = open_dialog(page, "_projects").locator("[data-history] button")
    button.press("Enter")
    expect(button).to_have_count(0)


def switch_project(page: Page) -> None:
    press_in_dialog(page, "_projects", "duplicate")
    page.locator("[data-projects] :checked").press("ArrowUp")


def import_by_key(page: Page) -> None:
    import_of_a_sound_file(page)
    page.locator("[data-do=import]").press("Enter")
    expect(page.locator("#_transfer")).to_be_hidden()


def keep_the_tick(page: Page) -> None:
    entry = page.locator("[data-entry]:visible").first
    entry.evaluate("node => { node.dataset.seen = '2020-01-01.00000000' }")
    entry.locator("input[data-item]").check()
    page.reload()
    button = entry.locator(".cl-changed button")
    button.press("Enter")
    expect(button).to_have_count(0)


def press_in_banner(page: Page, name: str) -> None:
    open_dialog(page, "_transfer")
    page.keyboard.press("Escape")
    shared_list(page)
    page.locator(f"[data-do={name}]").press("Enter")
    expect(page.locator(".cl-shared-banner")).to_be_hidden()


ACTS: Final[dict[str, Act]] = {
    "close the panel with Escape": lambda page: press_in_panel(page, "[name=note]", "Escape"),
    "close the panel with its button": lambda page: press_in_panel(page, "[type=submit]", "Enter"),
    "send the panel": lambda page: press_in_panel(page, "[value=todo]", "Enter"),
    "undo in the toast": lambda page: press_in_toast(page, "undo"),
    "close the toast": lambda page: press_in_toast(page, "hush"),
    "undo in the history": undo_in_history,
    "switch the project": switch_project,
    "make a project": lambda page: press_in_dialog(page, "_projects", "new"),
    "delete the project": lambda page: press_in_dialog(page, "_projects", "delete"),
    "clear the project": lambda page: press_in_dialog(page, "_projects", "reset"),
    "tick what is shown": lambda page: press_in_dialog(page, "_projects", "tick-shown"),
    "import": import_by_key,
    "keep a tick": keep_the_tick,
    "show all": lambda page: page.locator("[data-do=show-all]").press("Enter"),
    "copy a shared list": lambda page: press_in_banner(page, "copy-shared"),
    "leave a shared list": lambda page: press_in_banner(page, "leave-shared"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_focus_is_never_lost(page: Page, site: Site, act: Act) -> None:
    page.goto(site.url + FILTERED)
    act(page)
    # A browser takes the focus from what is hidden only when it has drawn the page.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.locator("body :focus")).to_be_visible()


CONTROLS: Final = {"button", "checkbox", "combobox", "link", "radio", "searchbox", "textbox"}


def names_of_controls(page: Page) -> list[str]:
    """What a screen reader calls each control of a page, as Chromium tells it."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    controls = [node for node in tree if not node["ignored"] and node["role"]["value"] in CONTROLS]
    return [node["name"]["value"].strip() for node in controls]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_a_name_whatever_is_open(page: Page, site: Site, language: str) -> None:
    page.goto(site.url + language + FILTERED)
    counts = {}
    for state in in_each_state(page):
        names = names_of_controls(page)
        assert all(names), (state, names)
        counts[state] = len(names)
    assert min(counts.values()) > 0, counts
    page.goto(site.url + language + "checklist/")
    buttons = page.locator(".cl-more").evaluate_all(NAMES)
    assert len(set(buttons)) == len(buttons) == page.locator("[data-entry]").count()
    for label, name in zip(page.locator(".cl-head label").all_inner_texts(), buttons, strict=True):
        assert label in name


NESTED: Final = """() => [...document.querySelectorAll(
    `:is(summary, button, a) :is(a, button, input, select, textarea, [tabindex]),
    label :is(a, button)`)]
  .map((node) => node.parentElement.outerHTML)"""


def test_nothing_that_can_be_pressed_lies_within_another(page: Page, site: Site) -> None:
    for path in (SHORT, FILTERED):
        page.goto(site.url + path)
        at_work(page)
        assert page.evaluate(NESTED) == []
    page.locator(".cl-more").first.evaluate("node => node.append(document.createElement('input'))")
    assert page.evaluate(NESTED) != []


@pytest.fixture
def phone(new_context: OpenContext) -> Page:
    return new_context(**PHONE).new_page()


def focus_and_press(control: Locator, key: str) -> None:
    control.focus()
    control.press(key)


@pytest.mark.parametrize("script", [True, False])
def test_keys_open_the_drawer_go_into_it_and_leave_it(
    new_context: OpenContext, site: Site, script: bool
) -> None:
    page = new_context(**PHONE, java_script_enabled=script).new_page()
    page.goto(site.url + SECTION)
    button = page.get_by_role("button", name="Navigation")
    inside = page.locator("#__nav")
    focus_and_press(button, "Enter")
    expect(inside).to_be_visible()
    page.keyboard.press("Tab")
    expect(inside.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    expect(inside.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(inside).to_be_hidden()
    expect(button).to_be_focused()


def test_the_drawer_does_not_stay_over_a_focus_that_has_gone_on(phone: Page, site: Site) -> None:
    phone.goto(site.url + SECTION)
    drawer(phone)
    phone.locator("#__nav a").last.focus()
    phone.keyboard.press("Tab")
    expect(phone.locator("#__nav")).to_be_hidden()
    expect(phone.locator(":focus")).to_be_visible()


def test_a_link_within_the_page_closes_the_drawer(phone: Page, site: Site) -> None:
    phone.goto(site.url + SECTION)
    drawer(phone)
    phone.locator('#__nav a[href="#cap-retries"]').click()
    expect(phone.locator("#__nav")).to_be_hidden()
    expect(phone.locator("#cap-retries")).to_be_in_viewport()


def test_keys_open_and_close_the_language_menu(page: Page, site: Site) -> None:
    page.goto(site.url + SECTION)
    button = page.locator(".md-select > button")
    link = page.locator(".md-select__link").first
    focus_and_press(button, "Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
    button.hover()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()


def test_languages_are_named_in_their_own(site: Site) -> None:
    for path, page in site.pages.items():
        links = page.css(".md-select__link")
        assert [link.attributes["lang"] for link in links] == ["en", "ko", "es"], path
        current = [link for link in links if "aria-current" in link.attributes]
        assert [link.attributes["lang"] for link in current] == [site.language_of(path)], path


@pytest.mark.parametrize("key", ["Enter", " "])
def test_keys_change_the_colours_one_step_at_a_time(page: Page, site: Site, key: str) -> None:
    page.goto(site.url)
    for name in ("Switch to light mode", "Switch to dark mode", "Switch to system preference"):
        button = page.get_by_role("button", name=name)
        focus_and_press(button, key)
        expect(button).to_be_hidden()
        expect(page.locator("[data-md-component=palette] button:visible")).to_be_focused()


def test_keys_reach_the_results_of_a_search_and_come_back(phone: Page, site: Site) -> None:
    phone.goto(site.url)
    opener = phone.get_by_role("button", name="Search")
    focus_and_press(opener, "Enter")
    field = phone.get_by_role("textbox", name="Search")
    expect(field).to_be_focused()
    field.press_sequentially("redis")
    first = phone.locator(".md-search-result__link").first
    expect(first).to_be_visible()
    for name in ("Close", "Clear"):
        phone.keyboard.press("Tab")
        expect(phone.get_by_role("button", name=name)).to_be_focused()
    phone.keyboard.press("Tab")
    expect(first).to_be_focused()
    phone.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_space_presses_the_buttons_of_the_search(phone: Page, site: Site) -> None:
    phone.goto(site.url)
    search(phone)
    field = phone.get_by_role("textbox", name="Search")
    focus_and_press(phone.get_by_role("button", name="Clear"), " ")
    expect(field).to_have_value("")
    focus_and_press(phone.get_by_role("button", name="Close"), " ")
    expect(phone.locator(".md-search__output")).to_be_hidden()


def test_the_search_closes_when_the_focus_goes_on(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site.url)
    search(page, "idempotent")
    page.locator(".md-search-result__list :is(a, summary):visible").last.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".md-search__output")).to_be_hidden()
    expect(page.locator(":focus")).to_be_visible()


CUT_OFF: Final = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page scrolls"] : [];
  const cut = [...document.querySelectorAll("body *")].filter((node) => {
    const closed = ".md-search:not(:focus-within), .md-search__overlay, .md-dialog";
    if (node.matches(".cl-live, .cl-unseen")) return false; // read aloud only
    if (!node.checkVisibility({visibilityProperty: true}) || node.closest(closed)) return false;
    if (node.matches("pre > code, input")) return false;
    if (node.closest(".cl-wide")) return false; // a table of data, which WCAG 1.4.10 lets scroll
    const {left, right} = node.getBoundingClientRect();
    const clips = getComputedStyle(node).overflowX !== "visible";
    if (clips && node.clientWidth && node.scrollWidth > node.clientWidth + 1) return true;
    return !node.closest("pre, .md-skip") && right > left && (left < -1 || right > innerWidth + 1);
  });
  return [...wide, ...cut.map((node) => node.outerHTML.slice(0, 200))];
}"""
SMALL: Final[list[Any]] = [{"width": 320, "height": 640}, {"width": 640, "height": 512}]
"""A narrow phone, and a laptop at 200 %."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_off_where_there_is_little_room(
    new_context: OpenContext, site: Site, language: str
) -> None:
    page = new_context(device_scale_factor=2, reduced_motion="reduce").new_page()
    for path in PATHS:
        page.goto(site.url + language + path)
        page.wait_for_load_state("load")
        for size in SMALL:
            page.set_viewport_size(size)
            assert page.evaluate(CUT_OFF) == [], (page.url, size)
    for state, size in product((language_menu, drawer, search), SMALL):
        page.set_viewport_size(size)
        page.goto(site.url + language + SECTION)
        state(page)
        assert page.evaluate(CUT_OFF) == [], (page.url, size, state.__name__)
    page.goto(site.url + language + FILTERED)
    for name in in_each_state(page):
        for size in SMALL:
            page.set_viewport_size(size)
            assert page.evaluate(CUT_OFF) == [], (page.url, size, name)


@pytest.fixture
def forced(new_context: OpenContext, site: Site) -> Page:
    page = new_context(viewport=LAPTOP, forced_colors="active").new_page()
    page.goto(site.url + SECTION)
    return page


def test_forced_colours_show_boxes_and_bars_and_their_state(forced: Page) -> None:
    box, bar = forced.locator("input[data-item]").first, forced.locator(".cl-bar").first
    before = box.screenshot(), bar.screenshot()
    box.check()
    box.blur()
    after = box.screenshot(), bar.screenshot()
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert bar.evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"


COLOURS: Final = """node => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const context = canvas.getContext("2d");
  const channels = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const paint = (part) => {
    const {fill, stroke} = getComputedStyle(node.querySelector(part));
    return channels(fill === "none" ? stroke : fill);
  };
  const paper = channels(getComputedStyle(document.body).backgroundColor);
  return {paper, done: paint(".cl-fill"), risk: paint(".cl-risk"), track: paint(".cl-track")};
}"""


def contrast(one: list[int], other: list[int]) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2 reckons it."""

    def luminance(colour: list[int]) -> float:
        parts = [value / 255 for value in colour]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_told_from_the_page_and_their_parts_from_each_other(
    new_context: OpenContext, site: Site, scheme: Any, colours: Any
) -> None:
    page = new_context(color_scheme=scheme, forced_colors=colours).new_page()
    page.goto(site.url + "print/")
    for chart in page.locator("svg[data-gauge]").all():
        seen = chart.evaluate(COLOURS)
        assert contrast(seen["done"], seen["paper"]) >= 3, seen
        assert contrast(seen["done"], seen["track"]) >= 3, seen


def test_forced_colours_show_what_is_done_in_the_charts_and_what_floats(
    new_context: OpenContext, site: Site
) -> None:
    page = new_context(viewport=LAPTOP, forced_colors="active").new_page()
    page.goto(site.url + FILTERED)
    at_work(page)
    for floating in (page.locator(".cl-toast"), open_dialog(page, "_keys")):
        style = "node => getComputedStyle(node).borderTopStyle"
        assert floating.evaluate(style) == "solid"
    page.keyboard.press("Escape")
    charts = page.locator('.cl-ring, svg[data-gauge="periodic"]').all()
    before = [chart.screenshot() for chart in charts]
    page.locator("input[data-item=explicit-timezone]").check()
    assert all(b != chart.screenshot() for b, chart in zip(before, charts, strict=True))


def test_forced_colours_leave_bad_and_good_samples_apart(forced: Page) -> None:
    edge = "node => getComputedStyle(node).borderInlineStartStyle"
    bad = forced.locator(".cl-bad .highlight").first.evaluate(edge)
    good = forced.locator(".cl-good .highlight").first.evaluate(edge)
    assert {bad, good} == {"double", "solid"}


def test_forced_colours_leave_what_is_drawn_as_a_background(forced: Page) -> None:
    after = "node => getComputedStyle(node, '::after')"
    icon = forced.locator(".md-code__button").first
    paper = "getComputedStyle(document.querySelector('pre > code')).backgroundColor"
    assert icon.evaluate(f"{after}.backgroundColor") != forced.evaluate(paper)
    mark = forced.locator(".hll").first
    assert mark.evaluate(f"{after}.borderTopStyle") == "solid"


MOVING: Final = """() => [...document.querySelectorAll("*")].flatMap((node) =>
  [null, "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(node, part);
    const moves = [style.transitionDuration, style.animationDuration, style.transitionDelay]
      .flatMap((times) => times.split(",")).some((time) => parseFloat(time) > 0.01);
    return moves || style.scrollBehavior === "smooth" ? [node.outerHTML.slice(0, 120)] : [];
  }))"""


def test_nothing_moves_for_those_who_do_not_want_it(new_context: OpenContext, site: Site) -> None:
    page = new_context(**PHONE, reduced_motion="reduce").new_page()
    for path in ("", SECTION):
        page.goto(site.url + path)
        assert page.evaluate(MOVING) == []
    drawer(page)
    assert page.evaluate(MOVING) == []
    page.goto(site.url + FILTERED)
    for state in in_each_state(page):
        assert page.evaluate(MOVING) == [], state
    page.goto(site.url + SECTION)
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != [], "the test sees no motion where there is some"


@pytest.mark.parametrize("path", [SECTION, "ko/" + SECTION, "es/print/"])
def test_code_that_scrolls_has_a_name_and_can_be_scrolled_by_key(
    phone: Page, site: Site, path: str
) -> None:
    phone.goto(site.url + path)
    phone.wait_for_load_state("load")
    code = phone.locator("pre > code")
    expect(phone.locator("pre > code[tabindex]").first).to_be_attached()
    scrolls = "node => node.scrollWidth > node.clientWidth"
    wide = [each for each in code.all() if each.evaluate(scrolls)]
    assert wide
    for each in wide:
        expect(each).to_have_attribute("tabindex", "0")
        expect(each).to_have_role("group")
        captions = phone.locator("figcaption").all_inner_texts()
        assert any(caption in (each.get_attribute("aria-label") or "") for caption in captions)
    focus_and_press(wide[0], "ArrowRight")
    phone.wait_for_function("node => node.scrollLeft > 0", arg=wide[0].element_handle())


def test_code_that_fits_is_no_stop_of_the_keyboard(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site.url + SECTION)
    page.wait_for_load_state("load")
    fits = "nodes => nodes.filter((node) => node.scrollWidth <= node.clientWidth)"
    states = page.locator("pre > code").evaluate_all(fits + ".map((node) => node.tabIndex)")
    assert states
    assert set(states) == {-1}


def test_the_copy_button_lies_over_no_code_and_no_mark(phone: Page, site: Site) -> None:
    phone.goto(site.url + SHORT)
    expect(phone.locator(".md-code__button").first).to_be_visible()
    button = phone.locator(".md-code__button").first.bounding_box()
    code = phone.locator("figure pre > code").first.bounding_box()
    assert button
    assert code
    assert button["y"] + button["height"] <= code["y"]


def test_what_is_copied_and_found_is_said_aloud(page: Page, site: Site) -> None:
    page.goto(site.url + SECTION)
    page.wait_for_load_state("load")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".md-code__button").first.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    search(page)
    expect(page.get_by_role("status").filter(has_text="matching")).to_be_visible()
