"""Any reader: with a screen reader, by keyboard, enlarged, in forced colours, without motion.

axe runs with every rule of its default set, and `target-size`, which it leaves
out; nothing is switched off and no part of a page is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise, product
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import OpenContext
from tests.site import Site

LANGUAGES: Final = ["", "ko/", "es/"]
SECTION: Final = "checklist/retries/"
SHORT: Final = "checklist/periodic/"
PATHS: Final = ["", "checklist/", SECTION, "resources/", "print/", "404.html"]
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
  node.parentElement.append(rest);
  const unfocused = look(rest);
  rest.remove();
  return {
    html: node.outerHTML.slice(0, 160),
    zone: ZONES.findIndex((zone) => node.closest(zone)),
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
    if (!node.checkVisibility({visibilityProperty: true}) || node.closest(closed)) return false;
    if (node.matches("pre > code")) return false;
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
