"""The items of a list: status, reason and note of each, and what follows from them.

The bars and charts, the live region, the keys, the mark of what changed, the link to report an
error. Projects, filters and files have tests of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdfium2 import PdfDocument

from checklist.catalog import Catalog, load_catalog
from checklist.load import load
from checklist.model import Checklist, Item
from checklist.render import plain
from tests.browser.conftest import OpenContext
from tests.conftest import ROOT, SMALL
from tests.site import Site

KEY: Final = "checklist:celery-tasks"
SMALL_KEY: Final = "checklist:fahrrad"
ITEM: Final = "cap-retries"
LIST: Final = "checklist/"
SECTION: Final = "checklist/retries/"
PRINT: Final = "print/"
LAPTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}
TABLET: Final[dict[str, Any]] = LAPTOP | {"has_touch": True}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
HOSTILE: Final = (
    '<img src="no-such.png" onerror="hacked = 1">',
    "</p><script>hacked = 1</script>",
    '"><svg onload="hacked = 1">',
    "{state} {reason} {{ 7 * 7 }} [a](javascript:hacked=1) &lt;b&gt;",
)

Facts = dict[str, Any]
State = Literal["todo", "done", "na", "risk"]


PREFIXES: Final = {"en": "", "ko": "ko/", "es": "es/"}
ONE_EACH: Final = [("en", LIST), ("ko", PRINT), ("es", SECTION)]
"""A page of each kind, and each language."""


@cache
def words(language: str) -> Catalog:
    """What the interface says in a language."""
    catalog, _ = load_catalog(language, ROOT / "locales")
    return catalog


def in_words(language: str, done: int, count: int, risk: int = 0, na: int = 0) -> str:
    """What a bar says."""
    say = words(language)
    progress = "{done} of {n} done"
    parts = (
        [say.count(progress, progress, count, done=done)] if count else [say.text("Nothing to do")]
    )
    if risk:
        parts.append(say.count("{n} accepted risk", "{n} accepted risks", risk))
    if na:
        parts.append(say.count("{n} not applicable", "{n} not applicable", na))
    return " · ".join(parts)


def row(page: Page, item: str = ITEM) -> Locator:
    return page.locator(f'[data-entry="{item}"]')


def box(page: Page, item: str = ITEM) -> Locator:
    return page.locator(f'input[data-item="{item}"]')


def bar(page: Page, section: str = "retries") -> Locator:
    return page.locator(f'.cl-progress[data-gauge="{section}"]')


def open_panel(page: Page, item: str = ITEM) -> Locator:
    row(page, item).locator(".cl-more").click()
    panel = row(page, item).locator(".cl-panel")
    expect(panel).to_be_visible()
    return panel


def stored(page: Page, key: str = KEY) -> dict[str, Facts]:
    """What storage has of the items of the first project."""
    raw = page.evaluate("key => localStorage.getItem(key)", key)
    items: dict[str, Facts] = json.loads(raw)["projects"]["main"]["items"] if raw else {}
    return items


def put(page: Page, items: dict[str, Facts], key: str = KEY) -> None:
    """Let the next page find these items in storage, if it has nothing there."""
    entries = {item: {"rev": 1, **facts} for item, facts in items.items()}
    project = {"name": "", "rev": 1, "items": entries}
    whole = {"version": 2, "rev": 1, "current": "main", "projects": {"main": project}}
    put_raw(page, json.dumps(whole | {"history": []}), key)


def put_raw(page: Page, raw: str, key: str = KEY) -> None:
    page.add_init_script(f"localStorage[{json.dumps(key)}] ??= {json.dumps(raw)}")


@cache
def celery() -> Checklist:
    checklist, _ = load(ROOT / "checklist/content/celery.yaml")
    assert checklist
    return checklist


def item_of(id: str) -> Item:
    return next(item for item in celery().items if item.id == id)


def ids(section: str) -> list[str]:
    return [item.id for each in celery().sections if each.id == section for item in each.items]


# ---- Status and reason


@pytest.mark.parametrize(("language", "path"), [("en", LIST), ("ko", SECTION), ("es", SECTION)])
def test_each_status_is_one_control_away_and_tells_its_reason(
    page: Page, site: Site, language: str, path: str
) -> None:
    say = words(language).text
    page.goto(site.url + PREFIXES[language] + path)
    panel = open_panel(page)
    reason = panel.get_by_label(say("Reason"), exact=True)

    def radio(state: str) -> Locator:
        return panel.get_by_role("radio", name=say(state), exact=True)

    expect(panel.get_by_role("radio")).to_have_count(4)
    expect(radio("To do")).to_be_checked()
    expect(reason).to_be_hidden()

    radio("Not applicable").check()
    reason.fill("Redis?")
    panel.get_by_role("button", name=say("Close"), exact=True).click()
    expect(panel).to_have_count(0)
    told = say("{state}: {reason}", state=say("Not applicable"), reason="Redis?")
    expect(row(page).locator(".cl-mine")).to_have_text(told)
    expect(row(page)).to_have_attribute("data-state", "na")
    expect(box(page)).not_to_be_checked()
    progress = in_words(language, done=0, count=5, na=1)
    expect(bar(page)).to_have_attribute("aria-valuetext", progress)
    expect(bar(page).locator(".cl-count")).to_have_text(progress)

    open_panel(page)
    expect(radio("Not applicable")).to_be_checked()
    radio("Accepted risk").check()
    told = say("{state}: {reason}", state=say("Accepted risk"), reason="Redis?")
    expect(row(page).locator(".cl-risk")).to_have_text(told)
    expect(bar(page)).to_have_attribute("aria-valuetext", in_words(language, 0, 6, risk=1))
    expect(box(page)).not_to_be_checked()

    radio("Done").check()
    expect(reason).to_be_hidden()
    expect(row(page).locator(".cl-mine")).to_have_count(0)
    expect(box(page)).to_be_checked()
    expect(bar(page)).to_have_attribute("aria-valuetext", in_words(language, 1, 6))


def test_the_reason_is_kept_while_the_status_goes_back_and_forth(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    panel = open_panel(page)
    panel.get_by_role("radio", name="Accepted risk").check()
    panel.get_by_label("Reason").fill("Known to the team")
    panel.get_by_role("radio", name="To do").check()
    box(page).check()
    box(page).uncheck()
    page.reload()
    open_panel(page)
    panel.get_by_role("radio", name="Not applicable").check()
    expect(panel.get_by_label("Reason")).to_have_value("Known to the team")
    expect(row(page).locator(".cl-na")).to_have_text("Not applicable: Known to the team")


@pytest.mark.parametrize("state", ["na", "risk"])
def test_the_checkbox_is_native_and_knows_to_do_and_done_only(
    page: Page, site: Site, state: State
) -> None:
    put(page, {ITEM: {"state": state, "reason": "Because"}})
    page.goto(site.url + SECTION)
    native = page.get_by_role("checkbox", name="Cap retries with max_retries")
    assert native.evaluate("each => each.matches('input[type=checkbox]')")
    assert native.evaluate("each => [each.checked, each.indeterminate]") == [False, False]
    native.click()
    expect(row(page)).to_have_attribute("data-state", "done")
    native.click()
    expect(row(page)).to_have_attribute("data-state", "todo")
    assert stored(page)[ITEM]["state"] == "todo"
    assert stored(page)[ITEM]["reason"] == "Because"


def test_a_status_is_there_on_every_page_in_every_language(page: Page, site: Site) -> None:
    page.goto(site.url + SECTION)
    open_panel(page).get_by_role("radio", name="Not applicable").check()
    for path in (LIST, PRINT, "ko/checklist/", "es/checklist/retries/"):
        page.goto(site.url + path)
        expect(row(page)).to_have_attribute("data-state", "na")
        expect(row(page).locator(".cl-na")).to_be_visible()
        expect(box(page)).not_to_be_checked()


def test_it_all_works_by_keyboard_alone(page: Page, site: Site) -> None:
    say = words("ko").text
    page.goto(site.url + "ko/checklist/")
    box(page).focus()
    keys = page.keyboard
    keys.press("Tab")
    title = plain(item_of(ITEM).title.pick("ko"))
    name = say("Status and note of “{title}”", title=title)
    more = page.get_by_role("button", name=name, exact=True)
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    keys.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("radio", name=say("To do"), exact=True)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name=say("Not applicable"), exact=True)).to_be_focused()
    assert stored(page)[ITEM]["state"] == "na"
    keys.press("Tab")
    expect(page.get_by_role("textbox", name=say("Reason"), exact=True)).to_be_focused()
    keys.type("해당 사항이 아님")
    keys.press("Tab")
    expect(page.get_by_role("textbox", name=say("Note"), exact=True)).to_be_focused()
    keys.type("메모 하나")
    keys.press("Shift+Tab")
    keys.press("Enter")
    expect(page.locator(".cl-panel")).to_have_count(0)
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    told = say("{state}: {reason}", state=say("Not applicable"), reason="해당 사항이 아님")
    expect(row(page).locator(".cl-mine p")).to_have_text([told, "메모 하나"])


# ---- Bars and charts


def mixed() -> dict[str, State]:
    """Every status, unevenly; one section not applicable as a whole, one done, one untouched."""
    cycle: tuple[State, ...] = ("done", "na", "todo", "risk", "done", "todo", "done")
    states = {item.id: cycle[n % 7] for n, item in enumerate(celery().items)}
    whole: dict[str, State] = {"periodic": "na", "limits": "done", "testing": "todo"}
    return states | {item: state for section, state in whole.items() for item in ids(section)}


def counted(states: dict[str, State]) -> dict[str, tuple[int, int, int, int]]:
    """By gauge: how many items are done, count, are an accepted risk, and do not apply."""
    groups = {"total": [item.id for item in celery().items]}
    groups |= {section.id: ids(section.id) for section in celery().sections}
    for item in celery().items:
        groups.setdefault(f"priority {item.priority}", []).append(item.id)
    counts = {}
    for name, members in groups.items():
        of = [states.get(each, "todo") for each in members]
        na = of.count("na")
        counts[name] = (of.count("done"), len(of) - na, of.count("risk"), na)
    return counts


READ_GAUGES: Final = """() => [...document.querySelectorAll("[data-gauge]")].map((gauge) => {
  const at = {name: gauge.dataset.gauge};
  const of = (selector) => gauge.querySelector(selector);
  if (gauge.matches(".cl-progress")) {
    const track = of(".cl-bar");
    const [done, risk] = ["::before", "::after"].map((each) => getComputedStyle(track, each));
    const share = (text) => parseFloat(text) / track.clientWidth;
    return {...at, kind: "bar", text: gauge.ariaValueText, seen: of(".cl-count").textContent,
      range: [gauge.ariaValueMin, gauge.ariaValueNow, gauge.ariaValueMax].map(Number),
      done: share(done.width), edge: share(risk.left) + share(risk.width)};
  }
  const isRing = gauge.matches(".cl-ring");
  const share = (selector) => isRing
    ? parseFloat(getComputedStyle(of(selector)).strokeDasharray.replace("calc(", ""))
    : of(selector).getBoundingClientRect().width / of(".cl-track").getBoundingClientRect().width;
  return {...at, kind: isRing ? "ring" : "row", text: gauge.ariaLabel, role: gauge.role,
    seen: (isRing ? of(".cl-number") : gauge.parentElement.querySelector(".cl-number")).textContent,
    length: isRing ? of(".cl-fill").pathLength.baseVal : 1, done: share(".cl-fill"),
    edge: share(".cl-risk"), whole: isRing ? 1 : of(".cl-track").getBoundingClientRect().width};
})"""
"""Each bar and chart with what it says and how long it is drawn, as shares of the whole."""


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        (LIST, {"bar": 14, "ring": 1, "row": 16}),
        (PRINT, {"bar": 14, "ring": 1, "row": 16}),
        ("checklist/periodic/", {"bar": 1}),
        (SECTION, {"bar": 1}),
    ],
)
def test_bars_and_charts_agree_with_the_counts(
    page: Page, site: Site, path: str, kinds: dict[str, int]
) -> None:
    states = mixed()
    put(page, {item: {"state": state} for item, state in states.items()})
    page.goto(site.url + path)
    page.wait_for_load_state("load")
    gauges = page.evaluate(READ_GAUGES)
    found = [each["kind"] for each in gauges]
    assert {kind: found.count(kind) for kind in set(found)} == kinds
    expected = counted(states)
    for gauge in gauges:
        done, count, risk, na = expected[gauge["name"]]
        assert gauge["text"] == in_words("en", done, count, risk, na), gauge
        if gauge["kind"] == "bar":
            assert gauge["seen"] == gauge["text"]
            assert gauge["range"] == [0, done, count], gauge
        else:
            assert gauge["seen"] == (f"{done}/{count}" if count else "–"), gauge
            assert gauge["role"] == "img"
            assert gauge["length"] == 1
            assert gauge["whole"] > 0
        assert gauge["done"] == pytest.approx(done / max(count, 1), abs=0.01), gauge
        assert gauge["edge"] == pytest.approx((done + risk) / max(count, 1), abs=0.01), gauge


def test_bars_and_charts_follow_a_change_at_once(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    panel = open_panel(page)
    changes: list[tuple[str, State]] = [
        ("Not applicable", "na"),
        ("Accepted risk", "risk"),
        ("Done", "done"),
        ("To do", "todo"),
    ]
    for name, state in changes:
        panel.get_by_role("radio", name=name).check()
        expected = counted({ITEM: state})
        for gauge in page.evaluate(READ_GAUGES):
            assert gauge["text"] == in_words("en", *expected[gauge["name"]])


@pytest.mark.parametrize(("language", "path"), ONE_EACH)
def test_where_nothing_applies_there_is_nothing_to_do_and_no_figure(
    page: Page, site: Site, language: str, path: str
) -> None:
    nothing = words(language).text("Nothing to do")
    put(page, {item.id: {"state": "na"} for item in celery().items})
    page.goto(site.url + PREFIXES[language] + path)
    progress = in_words(language, 0, 0, na=6)
    assert progress.startswith(nothing)
    expect(bar(page)).to_have_attribute("aria-valuetext", progress)
    expect(bar(page).locator(".cl-count")).to_have_text(progress)
    for gauge in page.evaluate(READ_GAUGES):
        assert gauge["text"].startswith(nothing)
        assert gauge["done"] == gauge["edge"] == 0
    figures = r"\bNaN\b|\bInfinity\b|\bundefined\b"
    assert not re.search(figures, page.locator(".cl").first.inner_html())
    box(page).check()
    assert "NaN" not in page.content()


def test_charts_name_what_they_count(page: Page, site: Site) -> None:
    page.goto(site.url + "es/checklist/")
    ring = page.locator(".cl-overview .cl-ring")
    expect(ring).to_have_accessible_name(in_words("es", 0, 59))
    names = page.locator(".cl-overview li > span:first-child").all_inner_texts()
    priorities = ["Essential", "Recommended", "Optional"]
    assert names[:3] == [words("es").text(each) for each in priorities]
    assert names[3:] == [each.title.pick("es").text for each in celery().sections]


def test_a_section_of_the_small_list_is_counted_without_what_does_not_apply(
    page: Page, small_site: Site
) -> None:
    put(page, {"licht": {"state": "na"}, "kette-oelen": {"state": "done"}}, SMALL_KEY)
    page.goto(small_site.url + "fr/checklist/")
    expect(bar(page, "antrieb")).to_have_attribute("aria-valuenow", "1")
    expect(bar(page, "antrieb")).to_have_attribute("aria-valuemax", "1")
    expect(bar(page, "total")).to_have_attribute("aria-valuemax", "2")


# ---- Notes


def sheets(page: Page) -> str:
    """All that is on paper, without what a line break may come between."""
    document = PdfDocument(page.pdf())
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    return re.sub(r"\s", "", text.replace("\x02", "-"))


def test_a_note_is_shown_beside_its_item_on_every_page(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    panel = open_panel(page)
    note = "Ask the team\nof payments first"
    panel.get_by_label("Note").fill(note)
    panel.get_by_role("button", name="Close").click()
    for path in (LIST, SECTION, PRINT, "ko/checklist/retries/"):
        page.goto(site.url + path)
        shown = row(page).locator(".cl-note")
        expect(shown).to_be_visible()
        assert shown.inner_text() == note
        expect(page.locator(".cl-note")).to_have_count(1)
        expect(row(page)).to_have_attribute("data-state", "todo")
    open_panel(page)
    expect(row(page).locator("textarea")).to_have_value(note)


@pytest.mark.parametrize(
    ("path", "on_paper"),
    [
        (PRINT, ["1/58", "0/5", "By priority", "By section"]),
        ("ko/checklist/", ["1/58", "0/5"]),
        (SECTION, []),
    ],
)
def test_notes_reasons_and_charts_are_on_paper(
    page: Page, site: Site, path: str, on_paper: list[str]
) -> None:
    na = words("ko" if path.startswith("ko/") else "en").text("Not applicable")
    note = f"Ask Ms. Ko; {HOSTILE[0]}"
    done = {"state": "done", "note": "Since May"}
    put(page, {ITEM: {"state": "na", "reason": "No retries", "note": note}, "time-limits": done})
    page.goto(site.url + path)
    text = sheets(page)
    for each in [f"{na}: No retries", note, *on_paper]:
        assert re.sub(r"\s", "", each) in text, each


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_and_nothing_runs(page: Page, small_site: Site, text: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(small_site.url + LIST)
    panel = open_panel(page, "licht")
    panel.locator("input[value=risk]").check()
    panel.locator("input[name=reason]").fill(text)
    panel.locator("textarea").fill(text)
    panel.locator("button").click()
    for path in (LIST, "checklist/antrieb/", "fr/print/"):
        page.goto(small_site.url + path)
        mine = row(page, "licht").locator(".cl-mine")
        assert mine.locator(".cl-note").text_content() == text
        assert (mine.locator(".cl-risk").text_content() or "").endswith(f": {text}")
        assert mine.locator(":scope > p > *").count() == 0
        open_panel(page, "licht")
        assert panel.locator("input[name=reason]").input_value() == text
        assert panel.locator("textarea").input_value() == text
        assert page.evaluate("typeof hacked") == "undefined"
    assert not [url for url in asked if "no-such" in url]


@pytest.mark.parametrize("field", ["reason", "note"])
@pytest.mark.parametrize("leave", ["reload", "away", "back"])
def test_text_that_was_typed_is_kept_when_the_page_is_left_at_once(
    page: Page, small_site: Site, leave: str, field: str
) -> None:
    page.goto(small_site.url)
    page.goto(small_site.url + LIST)
    panel = open_panel(page, "licht")
    panel.locator("input[value=na]").check()
    panel.locator(f"[name={field}]").focus()
    page.keyboard.type("Half a sen")
    away: dict[str, Callable[[], Any]] = {
        "reload": page.reload,
        "away": lambda: page.goto("about:blank"),
        "back": page.go_back,
    }
    away[leave]()
    page.goto(small_site.url + "fr/checklist/antrieb/")
    expect(row(page, "licht").locator(".cl-mine")).to_contain_text("Half a sen")


def test_text_is_kept_when_another_item_is_opened(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + LIST)
    open_panel(page, "licht").locator("textarea").fill("Dynamo")
    open_panel(page, "kette-oelen")
    expect(page.locator(".cl-panel")).to_have_count(1)
    expect(row(page, "licht").locator(".cl-note")).to_have_text("Dynamo")


def test_text_is_kept_when_the_page_goes_out_of_sight(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + LIST)
    open_panel(page, "licht").locator("textarea").focus()
    page.keyboard.type("Dyn")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")
    assert stored(page, SMALL_KEY)["licht"]["note"] == "Dyn"
    page.keyboard.type("amo")
    page.keyboard.press("Escape")
    expect(row(page, "licht").locator(".cl-note")).to_have_text("Dynamo")
    expect(page.locator(".cl-toast")).to_be_hidden()  # what was added to has lost nothing


def test_white_space_is_no_note(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + LIST)
    open_panel(page, "licht").locator("textarea").fill(" \n ")
    page.keyboard.press("Escape")
    expect(page.locator(".cl-panel, .cl-note")).to_have_count(0)


def test_a_text_is_no_longer_than_storage_takes(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + LIST)
    panel = open_panel(page, "licht")
    panel.locator("input[value=na]").check()
    limits = {"reason": 500, "note": 5000}
    for field, limit in limits.items():
        panel.locator(f"[name={field}]").focus()
        page.keyboard.insert_text("x" * (limit + 7))
    panel.locator("button").click()
    page.reload()
    expect(page.locator(".cl-notice")).to_be_hidden()
    kept = stored(page, SMALL_KEY)["licht"]
    assert {field: len(kept[field]) for field in limits} == limits


# ---- What changed since

NOW: Final = "2026-10-10.bbbbbbbb"
CASES: Final[list[tuple[str, Facts | None, str, bool]]] = [
    ("nothing known", None, NOW, False),
    ("only a note", {"note": "x"}, NOW, False),
    ("to do again", {"state": "todo", "day": "2026-01-01", "seen": "2026-01-01.a"}, NOW, False),
    ("as it was", {"state": "done", "day": "2026-10-11", "seen": NOW}, NOW, False),
    (
        "date alone",
        {"state": "done", "day": "2026-01-01", "seen": "2026-01-01.b"},
        "2026-10-10.b",
        True,
    ),
    ("slip mended", {"state": "done", "day": "2026-10-11", "seen": "2026-10-10.a"}, NOW, False),
    ("updated", {"state": "done", "day": "2026-10-01", "seen": "2026-09-01.a"}, NOW, True),
    ("not applicable", {"state": "na", "day": "2026-10-01", "seen": "2026-09-01.a"}, NOW, True),
    ("accepted risk", {"state": "risk", "day": "2026-10-01", "seen": "2026-09-01.a"}, NOW, True),
    ("twice that day", {"state": "done", "day": "2026-10-10", "seen": "2026-10-10.a"}, NOW, True),
    ("first version, before", {"state": "done", "day": "2026-10-09"}, NOW, True),
    ("first version, that day", {"state": "done", "day": "2026-10-10"}, NOW, False),
    ("first version, after", {"state": "done", "day": "2026-10-11"}, NOW, False),
    ("first version, no date", {"state": "done", "day": "2026-10-11"}, ".b", False),
    ("no date, as it was", {"state": "done", "day": "2026-10-11", "seen": ".b"}, ".b", False),
    ("no date, changed", {"state": "done", "day": "2026-10-11", "seen": ".a"}, ".b", True),
    ("dated since", {"state": "done", "day": "2026-10-01", "seen": ".a"}, NOW, True),
    (
        "clock ahead, updated",
        {"state": "done", "day": "2031-01-01", "seen": "2026-09-01.a"},
        NOW,
        True,
    ),
    ("clock behind, as it was", {"state": "done", "day": "1970-01-01", "seen": NOW}, NOW, False),
]


def test_what_changed_in_substance_is_told_from_what_did_not(page: Page) -> None:
    module = (ROOT / "checklist/assets/store.mjs").read_text("utf-8")
    answers = page.evaluate(
        """async ([module, cases]) => {
          const {isChanged} = await import(`data:text/javascript,${encodeURIComponent(module)}`);
          return cases.map(([facts, now]) => isChanged(facts ?? undefined, now));
        }""",
        [module, [[facts, now] for _, facts, now, _ in CASES]],
    )
    names = [name for name, *_ in CASES]
    assert dict(zip(names, answers, strict=True)) == {name: flag for name, *_, flag in CASES}


OLD: Final[Facts] = {"state": "done", "day": "2026-01-02", "seen": "2026-01-01.0ld"}


@pytest.mark.parametrize("language", PREFIXES)
def test_what_changed_after_the_tick_is_marked_and_never_unticked(
    page: Page, site: Site, language: str
) -> None:
    say = words(language).text
    put(page, {ITEM: OLD, "backoff-with-jitter": OLD | {"state": "todo"}})
    page.goto(site.url + PREFIXES[language] + LIST)
    expect(page.locator(".cl-changed")).to_have_count(1)
    mark = row(page).locator(".cl-changed")
    expect(mark).to_contain_text(say("Changed since you ticked it."))
    expect(box(page)).to_be_checked()
    expect(bar(page)).to_have_attribute("aria-valuetext", in_words(language, 1, 6))

    link = mark.get_by_role("link", name=say("See what it says now"))
    link.click()
    expect(page).to_have_url(f"{site.url}{PREFIXES[language]}{SECTION}#{ITEM}")
    expect(page.locator(f"#{ITEM}")).to_be_in_viewport()
    expect(mark).to_be_visible()
    expect(link).to_have_attribute("href", f"#{ITEM}")
    assert {key: stored(page)[ITEM][key] for key in OLD} == OLD

    mark.get_by_role("button", name=say("Keep my tick")).click()
    expect(page.locator(".cl-changed")).to_have_count(0)
    expect(box(page)).to_be_checked()
    kept = stored(page)[ITEM]
    assert kept["state"] == "done"
    assert kept["seen"] == row(page).get_attribute("data-seen")
    assert kept["day"] > OLD["day"]
    page.reload()
    expect(box(page)).to_be_checked()
    expect(page.locator(".cl-changed")).to_have_count(0)


def test_a_tick_of_the_first_version_is_marked_if_the_item_changed_later(
    page: Page, small_site: Site
) -> None:
    ticks = {"belag-pruefen": "2026-09-30", "licht": "2026-01-01"}
    put_raw(page, json.dumps({"version": 1, "ticks": ticks}), SMALL_KEY)
    page.goto(small_site.url + LIST)
    expect(box(page, "belag-pruefen")).to_be_checked()
    expect(row(page, "belag-pruefen").locator(".cl-changed")).to_be_visible()
    expect(box(page, "licht")).to_be_checked()
    expect(page.locator(".cl-changed")).to_have_count(1)


def test_unticking_takes_the_mark_away_and_ticking_does_not_bring_it_back(
    page: Page, site: Site
) -> None:
    put(page, {ITEM: OLD})
    page.goto(site.url + SECTION)
    expect(row(page).locator(".cl-changed")).to_be_visible()
    box(page).uncheck()
    expect(page.locator(".cl-changed")).to_have_count(0)
    box(page).check()
    expect(page.locator(".cl-changed")).to_have_count(0)


def test_keeping_the_tick_by_key_leaves_the_focus_at_the_item(page: Page, site: Site) -> None:
    put(page, {ITEM: OLD})
    page.goto(site.url + SECTION)
    row(page).locator(".cl-changed button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cl-changed")).to_have_count(0)
    assert row(page).evaluate("each => each.contains(document.activeElement)")


# ---- What is said aloud

LISTEN: Final = """() => {
  window.said = [];
  new MutationObserver((records) => {
    for (const {target, addedNodes, type} of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const live = element?.closest(".cl-live");
      if (live && (type === "characterData" || addedNodes.length)) said.push(live.textContent);
    }
  }).observe(document, {subtree: true, childList: true, characterData: true});
}"""
"""Notes each time that the live region is given something to say, from the very beginning."""
SAID: Final = "said.filter((each) => each.trim())"


@pytest.mark.parametrize(("language", "path"), ONE_EACH)
def test_a_change_is_said_aloud_once(page: Page, site: Site, language: str, path: str) -> None:
    say = words(language).text
    [section] = [each for each in celery().sections if each.id == "retries"]
    title = section.title.pick(language).text
    put(page, {"time-limits": {"state": "done", "note": "x"}})
    page.add_init_script(f"({LISTEN})()")
    page.goto(site.url + PREFIXES[language] + path)
    page.wait_for_load_state("load")
    expect(page.locator(".cl-live")).to_have_attribute("role", "status")
    assert page.evaluate(SAID) == []
    box(page).check()
    ticked = say("{section}: {progress}", section=title, progress=in_words(language, 1, 6))
    expect(page.locator(".cl-live")).to_have_text(ticked)
    panel = open_panel(page)
    panel.get_by_role("radio", name=say("Not applicable"), exact=True).check()
    progress = in_words(language, 0, 5, na=1)
    excepted = say("{section}: {progress}", section=title, progress=progress)
    expect(page.locator(".cl-live")).to_have_text(excepted)
    panel.get_by_role("button", name=say("Close"), exact=True).click()
    assert page.evaluate(SAID) == [ticked, excepted]


def test_what_another_tab_changes_is_not_said_aloud(new_context: OpenContext, site: Site) -> None:
    context = new_context()
    first, second = context.new_page(), context.new_page()
    second.add_init_script(f"({LISTEN})()")
    first.goto(site.url + LIST)
    second.goto(site.url + SECTION)
    box(first).check()
    expect(box(second)).to_be_checked()
    expect(bar(second)).to_have_attribute("aria-valuenow", "1")
    assert second.evaluate(SAID) == []


# ---- Keys


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.dataset.item")


def test_keys_lead_from_item_to_item_and_the_focus_is_seen(page: Page, site: Site) -> None:
    page.goto(site.url + SECTION)
    members = ids("retries")
    box(page, members[0]).focus()
    for expected in [*members[1:], members[-1]]:
        page.keyboard.press("j")
        assert focused(page) == expected
        assert box(page, expected).evaluate("each => getComputedStyle(each).outlineStyle") != "none"
        expect(box(page, expected)).to_be_in_viewport()
    for expected in [*members[-2::-1], members[0]]:
        page.keyboard.press("k")
        assert focused(page) == expected


def test_keys_pass_over_what_is_hidden(page: Page, site: Site) -> None:
    page.goto(site.url + LIST + "?top=1")
    shown = [item.id for item in celery().items if item.top]
    assert 1 < len(shown) < 59
    box(page, shown[0]).focus()
    for expected in shown[1:]:
        page.keyboard.press("j")
        assert focused(page) == expected
    page.keyboard.press("j")
    assert focused(page) == shown[-1]


def test_x_ticks_from_anywhere_within_the_item(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    box(page).focus()
    page.keyboard.press("x")
    expect(box(page)).to_be_checked()
    expect(box(page)).to_be_focused()
    row(page).locator(".cl-more").focus()
    page.keyboard.press("x")
    expect(box(page)).not_to_be_checked()
    row(page).locator(".cl-permalink").focus()
    page.keyboard.press("x")
    expect(box(page)).to_be_checked()
    assert list(stored(page)) == [ITEM]


def test_e_opens_the_panel_and_escape_leads_back(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    box(page).focus()
    page.keyboard.press("e")
    panel = row(page).locator(".cl-panel")
    expect(panel.locator("input:checked")).to_be_focused()
    panel.locator("textarea").focus()
    page.keyboard.type("jkxeu?")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(row(page).locator(".cl-more")).to_be_focused()
    expect(row(page).locator(".cl-note")).to_have_text("jkxeu?")
    page.keyboard.press("e")
    expect(panel).to_be_visible()
    row(page).locator(".cl-more").focus()
    page.keyboard.press("e")
    expect(panel).to_have_count(0)


def test_u_takes_back_what_lost_a_text(page: Page, site: Site) -> None:
    put(page, {ITEM: {"note": "Dear to me"}})
    page.goto(site.url + SECTION)
    panel = open_panel(page)
    panel.locator("textarea").fill("")
    panel.locator("button").click()
    expect(row(page).locator(".cl-note")).to_have_count(0)
    page.keyboard.press("u")
    expect(row(page).locator(".cl-note")).to_have_text("Dear to me")


def test_the_question_mark_lists_the_keys_and_escape_leads_back(page: Page, site: Site) -> None:
    page.goto(site.url + LIST)
    box(page).focus()
    page.keyboard.press("?")
    dialog = page.locator("#_keys")
    expect(dialog).to_be_visible()
    for key in "jkxeu?":
        expect(dialog.locator("kbd", has_text=re.compile(f"^{re.escape(key)}$"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(box(page)).to_be_focused()


@pytest.mark.parametrize("place", ["page", "link", "filter"])
def test_keys_do_nothing_while_the_focus_is_elsewhere(page: Page, site: Site, place: str) -> None:
    page.goto(site.url + LIST)
    field = page.locator("input[name=q]")
    if place == "link":
        page.locator(".cl-group h2 a").first.focus()
    if place == "filter":
        field.focus()
    before = page.evaluate_handle("document.activeElement")
    page.keyboard.type("jkxeu?")
    assert before.evaluate("each => each === document.activeElement")
    expect(field).to_have_value("jkxeu?" if place == "filter" else "")
    expect(page.locator(".cl-panel, dialog[open], input[data-item]:checked")).to_have_count(0)
    assert stored(page) == {}


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_a_modifier_are_left_to_the_browser(
    page: Page, site: Site, modifier: str
) -> None:
    page.goto(site.url + SECTION)
    page.evaluate("addEventListener('keydown', (e) => (window.taken = e.defaultPrevented))")
    box(page).focus()
    for key in "jkxeu":
        page.keyboard.press(f"{modifier}+{key}")
        assert focused(page) == ITEM
        assert page.evaluate("window.taken") is False
    expect(page.locator(".cl-panel, dialog[open], input[data-item]:checked")).to_have_count(0)
    assert stored(page) == {}


# ---- Touch


@pytest.mark.parametrize("path", ["ko/checklist/", SECTION])
def test_all_of_it_works_by_touch(new_context: OpenContext, site: Site, path: str) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(site.url + path)
    box(page).tap()
    expect(box(page)).to_be_checked()
    row(page).locator("label").tap()
    expect(box(page)).not_to_be_checked()
    row(page).locator(".cl-more").tap()
    panel = row(page).locator(".cl-panel")
    for state in ("done", "na", "risk", "todo", "risk"):
        panel.locator("label").filter(has=page.locator(f"[value={state}]")).tap()
        expect(row(page)).to_have_attribute("data-state", state)
    panel.locator("[name=reason]").tap()
    page.keyboard.type("Small")
    panel.locator("textarea").tap()
    page.keyboard.type("Later")
    row(page).locator(".cl-more").tap()
    expect(panel).to_have_count(0)
    expect(row(page).locator(".cl-mine")).to_contain_text("Small")
    expect(row(page).locator(".cl-note")).to_have_text("Later")


TOO_SMALL: Final = """(within) => {
  const sizeOf = (element) => {
    const {width, height} = element.getBoundingClientRect();
    return [width, height];
  };
  const isSmall = (element) => Math.min(...sizeOf(element)) < 23.9;
  // A box beside its label: what is around it, up to 12 pixels from its middle, must tick it too.
  const isMissed = (box) => {
    box.scrollIntoView({block: "center"});
    const {left, right, top, bottom} = box.getBoundingClientRect();
    return [[-11.5, 0], [11.5, 0], [0, -11.5], [0, 11.5]].some(([x, y]) => {
      const hit = document.elementFromPoint((left + right) / 2 + x, (top + bottom) / 2 + y);
      return ![box, ...box.labels].some((each) => each.contains(hit));
    });
  };
  const isText = (element) => element.matches(
    ":is(p:not(.cl-meta, .cl-context), .cl-how, .cl-intro, .cl-sample, .cl > ul) a");
  const faults = new Set();
  const controls = `${within} :is(a, button, input, textarea, select)`;
  for (const each of document.querySelectorAll(controls)) {
    if (!each.checkVisibility() || each.closest(".md-code__nav") || isText(each)) continue;
    const around = each.closest("label");
    const isBeside = each.labels?.length && !around;
    if (isSmall(around ?? each) && !(isBeside && !isMissed(each))) {
      const name = each.className || each.name || each.dataset.do || "";
      faults.add(`${each.localName} ${name} in ${each.parentElement.className}: ${sizeOf(each)}`);
    }
  }
  return [...faults];
}"""
"""Controls of ours that are less than 24 CSS pixels wide or high. Links within text may be, and
those of Material."""


@pytest.mark.parametrize(
    ("path", "device"),
    [("es/checklist/", PHONE), (LIST, TABLET), (SECTION, PHONE), ("ko/print/", TABLET)],
)
def test_no_control_is_too_small_for_a_finger(
    new_context: OpenContext, site: Site, path: str, device: dict[str, Any]
) -> None:
    page = new_context(**device).new_page()
    put(page, {ITEM: OLD | {"note": "x"}, "backoff-with-jitter": {"state": "na"}})
    page.goto(site.url + path)
    open_panel(page)
    if path.endswith(LIST):
        page.locator("[data-do=filters]").click()
        page.locator("input[name=q]").fill("retr")
    assert page.evaluate(TOO_SMALL, ".cl") == []


@pytest.mark.parametrize("dialog", ["_projects", "_transfer", "_keys"])
def test_no_control_of_a_dialog_is_too_small_for_a_finger(
    new_context: OpenContext, site: Site, dialog: str
) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(site.url + LIST)
    page.locator(f"[data-open={dialog}]").tap()
    expect(page.locator(f"#{dialog}")).to_be_visible()
    assert page.evaluate(TOO_SMALL, "dialog[open]") == []


# ---- Nothing moves

SHIFTS: Final = """() => new Promise((resolve) => {
  const found = [];
  new PerformanceObserver((list) => found.push(...list.getEntries().map(({value, sources}) =>
    [value, ...sources.map(({node}) => node?.className ?? node?.nodeName)])))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(found), 300);
})"""


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize(
    "path",
    [
        LIST,
        LIST + "?state=done,na&priority=essential",
        "ko/checklist/broker/",
        "es/print/#production-broker",
    ],
)
def test_nothing_moves_when_a_page_with_notes_and_filters_loads(
    new_context: OpenContext, site: Site, path: str, device: dict[str, Any]
) -> None:
    page = new_context(**device).new_page()
    long = "A note that goes over more than one line on any screen. " * 5
    facts = {"reason": long, "note": long}
    items: dict[str, Facts] = {item: {"state": state} | facts for item, state in mixed().items()}
    put(page, items | {"production-broker": OLD | facts})
    page.goto(site.url + path)
    page.wait_for_load_state("load")
    expect(page.locator(".cl-note:visible").first).to_be_in_viewport()
    assert page.evaluate(SHIFTS) == []


POSITIONS: Final = """() =>
  [...document.querySelectorAll("[data-entry], .cl-progress")].map((each) => {
    const {left, top, width, height} = each.getBoundingClientRect();
    return [each.dataset.entry ?? each.dataset.gauge, left, top + scrollY, width, height];
  })"""


@pytest.mark.parametrize(
    ("path", "device"),
    [(LIST, LAPTOP), ("es/checklist/", PHONE), (SECTION, PHONE), ("ko/print/", PHONE)],
)
def test_nothing_moves_at_a_tick(
    new_context: OpenContext, site: Site, path: str, device: dict[str, Any]
) -> None:
    page = new_context(**device).new_page()
    page.goto(site.url + path)
    page.wait_for_load_state("load")
    before = page.evaluate(POSITIONS)
    for item in ids("retries"):
        box(page, item).evaluate("each => each.click()")
    assert page.evaluate(POSITIONS) == before


@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("language", PREFIXES)
def test_bars_are_as_high_whatever_they_say(
    new_context: OpenContext, site: Site, language: str, device: dict[str, Any]
) -> None:
    page = new_context(**device).new_page()
    put(page, {item: {"state": state} for item, state in mixed().items()})
    page.goto(site.url + PREFIXES[language] + LIST)
    expect(bar(page, "testing")).to_have_attribute("aria-valuetext", in_words(language, 0, 2))
    long = in_words(language, *counted(mixed())["total"])
    expect(bar(page, "total")).to_have_attribute("aria-valuetext", long)
    heights = page.locator(".cl-progress").evaluate_all(
        "bars => bars.map((each) => each.getBoundingClientRect().height)"
    )
    assert set(heights) == {heights[0]}


# ---- Reporting an error


@pytest.mark.parametrize("language", ["de", "fr"])
def test_an_error_can_be_reported_with_item_language_and_line(
    page: Page, small_site: Site, language: str
) -> None:
    page.goto(small_site.url + small_site.prefix(language) + "checklist/antrieb/")
    lines = (SMALL / "checklist.yaml").read_text("utf-8").splitlines()
    titles = {"de": "Ölen Sie die Kette", "fr": "Huilez la Kette"}
    links = page.locator(".cl-report a")
    expect(links).to_have_count(2)
    link = row(page, "kette-oelen").locator(".cl-report a")
    expect(link).to_be_visible()
    address = link.get_attribute("href") or ""
    assert address.startswith("https://git.example/velo/issues/new?")
    query = parse_qs(urlsplit(address).query, strict_parsing=True)
    assert set(query) == {"title", "body"}
    assert query["title"] == [f"kette-oelen ({language}): "]
    [body] = query["body"]
    assert body.startswith(titles[language] + "\n")
    line = re.search(r"https://git\.example/velo/blob/main/checklist\.yaml#L(\d+)\n", body)
    assert line
    assert "id: kette-oelen" in lines[int(line[1]) - 1]
    page.emulate_media(media="print")
    expect(links.first).to_be_hidden()


def test_without_a_repository_there_is_nowhere_to_report_to(site: Site) -> None:
    for path, page in site.pages.items():
        assert not page.css(".cl-report, [href*='/issues/new']"), path
