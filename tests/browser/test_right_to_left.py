"""A checklist written from right to left: everything that has a side stands on the other one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pypdfium2 import PdfDocument

from checklist.catalog import Catalog, load_catalog
from checklist.load import load
from checklist.model import Checklist
from checklist.render import plain
from tests.conftest import FOREIGN
from tests.site import Site

LISTS: Final = ["checklist/", "checklist/the-route/", "print/"]
PATHS: Final = ["", *LISTS, "resources/", "translations/", "huts/", "404.html"]
PROGRESS: Final = "{done} of {n} done"
ENDS: Final = """node => {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const all = [];
  while (texts.nextNode()) all.push(texts.currentNode);
  const edge = (text, at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  };
  return [edge(all[0], 0), edge(all.at(-1), all.at(-1).length - 1)];
}"""
"""Where the first and the last character of a text stand."""


def arabic() -> Catalog:
    catalog, problems = load_catalog("ar", FOREIGN / "locales")
    assert not problems
    return catalog


def bar_of(page: Page, group: str) -> Locator:
    """The progress of a section, or of all; charts say the same in their own way."""
    return page.locator(f'.cl-progress[data-gauge="{group}"]')


def source() -> Checklist:
    checklist, _ = load(FOREIGN / "checklist.yaml")
    assert checklist
    return checklist


def left(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["x"]


def right(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"]


def pseudo(locator: Locator, name: str) -> dict[str, float]:
    """How far what CSS adds to an element is from its sides."""
    style: dict[str, str] = locator.evaluate(
        "(node, name) => { const {left, right} = getComputedStyle(node, name); "
        "return {left, right}; }",
        name,
    )
    return {side: float(value.removesuffix("px")) for side, value in style.items()}


def runs_left(locator: Locator) -> bool:
    """Whether a text on one line ends further left than it begins."""
    first, last = locator.evaluate(ENDS)
    assert first != last
    return bool(last < first)


@pytest.mark.parametrize("path", PATHS)
def test_the_page_runs_from_right_to_left(page: Page, foreign_site: Site, path: str) -> None:
    page.goto(foreign_site.url + path)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("body")).to_have_attribute("dir", "rtl")
    heading = page.locator("h1").first
    assert heading.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert runs_left(heading)


@pytest.mark.parametrize("path", LISTS)
def test_a_box_stands_at_the_right_of_its_title(page: Page, foreign_site: Site, path: str) -> None:
    page.goto(foreign_site.url + path)
    for entry in page.locator("[data-entry]").all():
        box, title = entry.locator("input"), entry.locator("label")
        meta = entry.locator(".cl-meta")
        assert left(box) >= right(title)
        assert right(meta) <= right(title)
        assert left(meta) < left(title)


@pytest.mark.parametrize("path", LISTS)
def test_bars_fill_from_the_right(page: Page, foreign_site: Site, path: str) -> None:
    page.goto(foreign_site.url + path)
    page.locator("input[data-item]").first.check()
    progress = bar_of(page, "the-route")
    bar = progress.locator(".cl-bar")
    fill = pseudo(bar, "::before")
    assert fill["right"] == 0
    assert fill["left"] == pytest.approx((right(bar) - left(bar)) * 2 / 3, abs=1)
    assert left(progress.locator(".cl-count")) > right(bar)


@pytest.mark.parametrize("path", ["checklist/", "print/"])
def test_charts_fill_from_the_right(page: Page, foreign_site: Site, path: str) -> None:
    page.goto(foreign_site.url + path)
    page.locator('[data-item="check-forecast"]').check()
    row = page.locator(".cl-overview li").filter(has=page.locator('[data-gauge="the-route"]'))
    chart, number = row.locator("svg"), row.locator(".cl-number")
    expect(number).to_have_text("1/3")
    assert left(row.locator("span").first) >= right(chart)
    assert left(chart) >= right(number)
    fill = chart.locator(".cl-fill")
    assert right(fill) == pytest.approx(right(chart), abs=1)
    third = (right(chart) - left(chart)) / 3
    assert right(fill) - left(fill) == pytest.approx(third, abs=1)


def write_a_note(page: Page, note: str) -> Locator:
    """Opens the panel of an item, writes into it and leaves it open."""
    entry = page.locator('[data-entry="check-forecast"]')
    entry.locator(".cl-more").click()
    page.locator(".cl-panel [value=na]").check()
    page.locator(".cl-panel [name=note]").fill(note)
    page.locator(".cl-panel [name=reason]").focus()
    return entry


@pytest.mark.parametrize("path", LISTS)
def test_the_panel_and_the_note_of_an_item_stand_below_its_title_from_the_right(
    page: Page, foreign_site: Site, path: str
) -> None:
    page.goto(foreign_site.url + path)
    entry = write_a_note(page, "غدًا")
    title, more, panel = (entry.locator(each) for each in ("label[for]", ".cl-more", ".cl-panel"))
    assert right(more) <= left(title)
    note = entry.locator(".cl-note")
    assert right(note) == pytest.approx(right(title), abs=2)
    assert note.evaluate("node => getComputedStyle(node).borderRightStyle") == "solid"
    field = panel.locator("[name=note]")
    assert right(field) == pytest.approx(right(title), abs=2)
    assert field.evaluate("node => getComputedStyle(node).direction") == "rtl"
    for choice in panel.locator("fieldset label").all():
        assert right(choice.locator("input")) == pytest.approx(right(choice), abs=5)
    radios = panel.locator("[type=radio]")
    assert left(radios.nth(0)) > left(radios.nth(1))


@pytest.mark.parametrize("width", [320, 1280])
def test_the_toast_reads_from_the_right_within_the_window(
    page: Page, foreign_site: Site, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(foreign_site.url + "checklist/")
    write_a_note(page, "غدًا")
    page.locator(".cl-panel [name=note]").fill("")
    page.locator(".cl-panel [name=reason]").focus()
    toast = page.locator(".cl-toast")
    expect(toast).to_be_visible()
    text, undo, close = (toast.locator(each) for each in ("span", "[data-do=undo]", ".cl-close"))
    assert left(text) >= right(undo)
    assert left(undo) >= right(close)
    assert left(toast) >= 0
    assert right(toast) <= width
    middle = (left(toast) + right(toast)) / 2
    assert middle == pytest.approx(width / 2, abs=10)
    assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, width]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_tools_and_their_dialogs_begin_at_the_right(
    page: Page, foreign_site: Site, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(foreign_site.url + "checklist/")
    button = page.locator("[data-do=filters]")
    assert right(button) <= left(page.locator("[name=q]"))
    button.click()
    filters = page.locator("#_filters")
    expect(filters).to_be_visible()
    for choice in filters.locator("fieldset label").all():
        assert right(choice.locator("input")) == pytest.approx(right(choice), abs=5)
    for id in ("_projects", "_transfer", "_keys"):
        page.locator(f"[data-open={id}]").click()
        dialog = page.locator(f"#{id}")
        assert right(dialog.locator(".cl-close")) <= left(dialog.locator(".cl-dialog-title"))
        assert left(dialog) >= 0
        assert right(dialog) <= width
        assert dialog.evaluate("node => node.scrollWidth <= node.clientWidth")
        page.keyboard.press("Escape")
    assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, width]


def test_code_runs_from_left_to_right_with_its_marks_at_the_end_of_the_line(
    page: Page, foreign_site: Site
) -> None:
    page.goto(foreign_site.url + "checklist/the-route/")
    for line in page.locator("pre .hll").all():
        mark = pseudo(line, "::after")
        assert 0 < mark["right"] < 20
        assert mark["left"] > 300
    block = page.locator("pre > code").first
    assert block.evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert not runs_left(page.locator("pre .na").first)
    # Marked lines come out of their block's padding on purpose, and no further.
    assert right(page.locator(".hll").first) <= right(page.locator("figure .highlight").first)


def test_notes_stand_below_their_code_from_the_right(page: Page, foreign_site: Site) -> None:
    page.goto(foreign_site.url + "checklist/the-route/")
    for sample in page.locator("figure").all():
        code, notes = sample.locator("pre"), sample.locator("ol")
        assert right(notes) == pytest.approx(right(code), abs=30)
        for note in notes.locator("li").all():
            assert note.evaluate("node => getComputedStyle(node).direction") == "rtl"
        edge = "node => getComputedStyle(node.querySelector('.highlight')).borderRightStyle"
        assert sample.evaluate(edge) in ("solid", "double")


def test_what_runs_the_other_way_stays_whole_in_a_sentence(page: Page, foreign_site: Site) -> None:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(foreign_site.url + "print/")
    latin = [page.locator(f"code:text-is('{code}')") for code in (">= 60 km/h", "--offline")]
    latin += [page.locator(f".cl-scope:text-is('{name}')") for name in ("OsmAnd~", "富士山")]
    latin += [page.locator(f"main li > a[hreflang={each}]") for each in ("pt-BR", "ja", "en")]
    for text in latin:
        assert not runs_left(text.first), text.first.text_content()
    assert runs_left(page.locator(".cl-scope", has_text="توبقال"))
    assert runs_left(page.locator("main li > a[hreflang=ar]"))


def test_borrowed_text_keeps_its_direction_on_a_page_that_runs_the_other_way(
    page: Page, foreign_site: Site
) -> None:
    page.goto(foreign_site.url + "pt-BR/checklist/the-route/")
    assert not runs_left(page.locator("h1"))
    entry = page.locator('[data-entry="check-forecast"]')
    assert not runs_left(entry.locator("label"))
    assert runs_left(entry.locator(".cl-how > p").first)
    assert runs_left(entry.locator("figure li").first)
    assert not runs_left(entry.locator(".cl-how code").first)
    assert runs_left(page.locator('[data-entry="tell-someone"] label'))
    assert runs_left(page.locator(".cl-scope", has_text="توبقال"))


ROW: Final = """<li data-entry="item-{n}" data-section="the-route" data-priority="optional">
<p class="cl-head"><input type="checkbox" data-item="item-{n}"><label>{n}</label></p></li>"""


@pytest.mark.parametrize("number", [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111])
def test_progress_is_told_in_the_plural_form_of_the_number(
    page: Page, foreign_site: Site, number: int
) -> None:
    def as_if_there_were_as_many(route: Route) -> None:
        answer = route.fetch()
        head, start, rest = answer.text().replace("data-entry=", "data-former=").partition("<h2")
        rows = "".join(ROW.format(n=n) for n in range(number))
        route.fulfill(response=answer, body=f"{head}<ul>{rows}</ul>{start}{rest}")

    page.route("**/checklist/", as_if_there_were_as_many)
    page.goto(foreign_site.url + "checklist/")
    state = arabic().count(PROGRESS, PROGRESS, number, done=0)
    for bar in ("the-route", "total"):
        progress = bar_of(page, bar)
        told = state if number else arabic().text("Nothing to do")
        expect(progress).to_have_attribute("aria-valuetext", told)
        expect(progress.locator(".cl-count")).to_have_text(told)


def test_arabic_has_six_plural_forms() -> None:
    forms = [arabic().count(PROGRESS, PROGRESS, n, done=0) for n in (0, 1, 2, 3, 11, 100)]
    assert len({re.sub(r"\d", "", form) for form in forms}) == 6


def test_ticking_works_and_is_told_in_every_language(page: Page, foreign_site: Site) -> None:
    page.goto(foreign_site.url + "checklist/")
    page.locator('[data-entry="check-forecast"] label').click()
    page.locator('[data-item="turn-back-in-time"]').check()
    told = {
        "": ("أُنجز 2 من أصل 6 بنود", "أُنجز 1 من أصل 3 بنود", "أُنجز 0 من أصل بندين (2)"),
        "ja/": ("6項目中2項目完了", "3項目中1項目完了", "2項目中0項目完了"),
        "pt-BR/": ("2 de 6 concluídos", "1 de 3 concluídos", "0 de 2 concluídos"),
        "en/": ("2 of 6 done", "1 of 3 done", "0 of 2 done"),
    }
    for language, states in told.items():
        page.goto(foreign_site.url + language + "checklist/")
        expect(page.locator("input[data-item]:checked")).to_have_count(2)
        for bar, state in zip(("total", "the-route", "the-pack"), states, strict=True):
            expect(bar_of(page, bar)).to_have_attribute("aria-valuetext", state)
    page.goto(foreign_site.url + "pt-BR/checklist/")
    expect(bar_of(page, "the-way-back")).to_have_attribute("aria-valuetext", "1 de 1 concluído")


def test_a_former_id_leads_to_the_item(page: Page, foreign_site: Site) -> None:
    page.goto(foreign_site.url + "checklist/#look-at-the-sky")
    expect(page).to_have_url(foreign_site.url + "checklist/#check-forecast")


@pytest.mark.parametrize("language", ["ar", "ja", "pt-BR", "en"])
def test_every_title_is_on_paper(page: Page, foreign_site: Site, language: str) -> None:
    page.goto(foreign_site.url + foreign_site.prefix(language) + "print/")
    document = PdfDocument(page.pdf(format="A4"))
    sheets = [letters(sheet.get_textpage().get_text_bounded()) for sheet in document]
    drawn = str if draws_arabic(page) else str.isascii
    for item in source().items:
        words = list(filter(drawn, plain(item.title.pick(language, "ar")).split()))
        assert any(all(is_in(sheet, word) for word in words) for sheet in sheets), item.id


def draws_arabic(page: Page) -> bool:
    """Whether the machine has a font for Arabic; without one all letters are the same box."""
    drawn: bool = page.evaluate(
        """() => {
          const canvas = document.createElement("canvas").getContext("2d");
          return canvas.measureText("ل").width !== canvas.measureText("ش").width;
        }"""
    )
    return drawn


def letters(text: str) -> str:
    """A text without white space and vowel signs, which a PDF has in places of its own."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(each for each in text if not each.isspace() and not unicodedata.combining(each))


def is_in(sheet: str, word: str) -> bool:
    """Whether the letters of a word stand side by side; in which order, a PDF does not say."""
    wanted = Counter(letters(word))
    size = wanted.total()
    return any(Counter(sheet[at : at + size]) == wanted for at in range(len(sheet) - size + 1))


def test_addresses_on_paper_run_from_left_to_right(page: Page, foreign_site: Site) -> None:
    page.goto(foreign_site.url + "print/")
    document = PdfDocument(page.pdf(format="A4"))
    seen = "\n".join(as_seen(sheet.get_textpage()) for sheet in document)
    assert "<https://hike.example/guide/water/>" in seen


def as_seen(sheet: Any) -> str:
    """The characters of a sheet from left to right, line by line."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for at in range(sheet.count_chars()):
        left, bottom, *_ = sheet.get_charbox(at, loose=True)
        line = next((each for each in lines if abs(each - bottom) < 2), bottom)
        lines.setdefault(line, []).append((left, sheet.get_text_range(at, 1)))
    return "\n".join("".join(each for _, each in sorted(line)) for line in lines.values())


@pytest.mark.parametrize("language", ["", "pt-BR/"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_cut_off_on_a_narrow_screen(
    page: Page, foreign_site: Site, path: str, language: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(foreign_site.url + language + path)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    outside = page.locator("article *").evaluate_all(
        """nodes => nodes.filter(node => {
          const {left, right, width} = node.getBoundingClientRect();
          return width && !node.closest("pre") && (left < 0 || right > innerWidth);
        }).map(node => node.outerHTML)"""
    )
    assert outside == []


def test_the_drawer_comes_from_the_right(page: Page, foreign_site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(foreign_site.url + "checklist/")
    button = page.locator(".cl-open-nav")
    assert left(button) > 195
    button.click()
    drawer = page.locator(".md-sidebar--primary")
    expect(drawer).to_be_visible()
    assert right(drawer) == 390
    assert left(drawer) > 0


@pytest.mark.parametrize("width", [320, 1280])
def test_the_menu_of_languages_opens_within_the_window(
    page: Page, foreign_site: Site, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(foreign_site.url + "checklist/")
    page.locator(".md-select > button").click()
    menu = page.locator(".md-select__inner")
    for link in menu.locator("a").all():
        expect(link).to_be_visible()
    assert left(menu) >= 0
    assert right(menu) <= width
    assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, width]


def test_the_way_out_of_the_search_points_to_the_right(page: Page, foreign_site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for path, sign in (("checklist/", -1), ("en/checklist/", 1)):
        page.goto(foreign_site.url + path)
        page.locator(".cl-open-search").click()
        arrow = page.locator(".cl-close-search svg")
        turned = "node => new DOMMatrix(getComputedStyle(node).transform).a"
        assert arrow.evaluate(turned) == sign
