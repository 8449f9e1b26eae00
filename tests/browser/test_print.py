"""Paper: what Chromium prints, read back from the PDF."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from checklist.load import load
from checklist.model import Item
from checklist.render import plain
from tests.conftest import ROOT
from tests.site import Site

PREFIXES = {"en": "", "ko": "ko/", "es": "es/"}


def printed(page: Page, format: str = "A4") -> list[str]:
    """The text of each sheet."""
    document = PdfDocument(page.pdf(format=format))
    return [squeeze(sheet.get_textpage().get_text_bounded()) for sheet in document]


def squeeze(text: str) -> str:
    """A text without what paper does not keep: white space, and ligatures as such."""
    text = text.replace("\x02", "-")  # how PDFium gives a hyphen at the end of a line
    return unicodedata.normalize("NFKC", re.sub(r"\s", "", text))


def items() -> list[Item]:
    checklist, _ = load(ROOT / "checklist/content/celery.yaml")
    assert checklist
    return list(checklist.items)


@pytest.mark.parametrize("format", ["A4", "Letter"])
@pytest.mark.parametrize("language", PREFIXES)
def test_every_item_is_on_paper_with_its_title_above_its_reason(
    page: Page, site: Site, language: str, format: str
) -> None:
    page.goto(site.url + PREFIXES[language] + "print/")
    sheets = printed(page, format)
    for item in items():
        assert item.why
        title = squeeze(plain(item.title.pick(language)))
        reason = squeeze(plain(item.why.pick(language)))[:12]
        both = [sheet for sheet in sheets if reason in sheet[max(sheet.find(title), 0) :]]
        assert [sheet for sheet in both if title in sheet], f"{item.id} is split from its title"


PATHS = ["print/", "ko/checklist/", "es/checklist/retries/", "checklist/"]


@pytest.mark.parametrize("path", PATHS)
def test_navigation_stays_off_the_paper(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    page.emulate_media(media="print")
    for selector in (".md-header", ".md-sidebar", ".md-footer", ".cl-permalink", "[data-print]"):
        for node in page.locator(selector).all():
            expect(node).to_be_hidden()
    expect(page.locator("input[data-item]").first).to_be_visible()


def at_work(page: Page) -> None:
    """Says something of items, and leaves open and afloat what can be."""
    for id, state, texts in (
        ("cap-retries", "risk", {"reason": "Until spring", "note": "Ask Kim.\nThen Lee."}),
        ("backoff-with-jitter", "na", {"reason": "No retries", "note": "Gone"}),
    ):
        page.locator(f'[data-entry="{id}"] .cl-more').click()
        page.locator(f".cl-panel [value={state}]").check()
        for name, text in texts.items():
            page.locator(f".cl-panel [name={name}]").fill(text)
            page.keyboard.press("Tab")
    page.locator(".cl-panel [name=note]").fill("")
    page.locator(".cl-panel [name=reason]").focus()
    expect(page.locator(".cl-toast")).to_be_visible()
    expect(page.locator(".cl-panel")).to_be_visible()


@pytest.mark.parametrize("path", PATHS)
def test_what_is_pressed_stays_off_the_paper(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    at_work(page)
    page.emulate_media(media="print")
    for selector in (".cl-tools", ".cl-toast", ".cl-panel", ".cl-more", ".cl-shared-banner button"):
        expect(page.locator(f"{selector}:visible")).to_have_count(0)
    pressed = page.locator("body :is(button, input, select, textarea):visible")
    assert pressed.count() == page.locator("input[data-item]:visible").count() > 0


@pytest.mark.parametrize("opener", ["_projects", "_transfer", "_keys"])
def test_a_dialog_stays_off_the_paper_and_leaves_the_list_on_it(
    page: Page, site: Site, opener: str
) -> None:
    page.goto(site.url + "checklist/?section=periodic")
    page.locator(f"[data-open={opener}]").click()
    title = page.locator(f"#{opener}-title").inner_text()
    sheets = "".join(printed(page))
    assert squeeze(title) not in sheets
    assert squeeze(page.locator("[data-entry]:visible label").first.inner_text()) in sheets


@pytest.mark.parametrize("path", ["print/", "ko/checklist/?section=retries"])
def test_what_the_reader_said_is_on_paper(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    at_work(page)
    sheets = "".join(printed(page))
    for id in ("cap-retries", "backoff-with-jitter"):
        own = squeeze(page.locator(f'[data-entry="{id}"] .cl-mine').inner_text())
        assert own
        assert own in sheets, own
    assert "Untilspring" in sheets
    assert "AskKim.ThenLee." in sheets
    assert "Noretries" in sheets


@pytest.mark.parametrize("path", ["print/", "ko/checklist/?section=broker"])
def test_charts_are_on_paper_in_the_colours_they_have(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    page.locator("input[data-item]:visible").first.check()
    numbers = page.locator(".cl-overview .cl-number").all_text_contents()
    names = page.locator(".cl-overview li > span:first-child").all_inner_texts()
    assert len(numbers) == len(names) + 1 > 13
    assert len(set(numbers)) > 3
    sheets = "".join(printed(page))
    assert numbers[0] in sheets
    for name, number in zip(names, numbers[1:], strict=True):
        assert squeeze(name + number) in sheets, name
    page.emulate_media(media="print")
    for chart in page.locator(".cl-overview svg").all():
        expect(chart).to_be_visible()
        adjust = "nodes => nodes.map(node => getComputedStyle(node).printColorAdjust)"
        assert set(chart.locator("rect, circle").evaluate_all(adjust)) == {"exact"}


def test_a_filtered_list_is_printed_as_it_is_shown(page: Page, site: Site) -> None:
    page.goto(site.url + "checklist/?section=periodic")
    sheets = "".join(printed(page))
    for each in page.locator("[data-entry] label").all():
        text = squeeze(each.text_content() or "")
        assert (text in sheets) == each.is_visible(), text


def test_addresses_are_spelled_out(page: Page, site: Site) -> None:
    page.goto(site.url + "print/")
    text = "".join(printed(page))
    for item in items():
        for address in item.docs:
            assert f"<{address.url}>" in text
    assert "<#" not in text


def test_boxes_show_their_ticks_on_paper(page: Page, site: Site) -> None:
    page.goto(site.url + "print/")
    page.emulate_media(media="print")
    box = page.locator('input[data-item="production-broker"]')

    def picture() -> bytes:
        page.mouse.move(0, 0)
        box.evaluate("node => node.blur()")
        return box.screenshot()

    empty = picture()
    box.check()
    ticked = picture()
    box.uncheck()
    assert ticked != empty
    assert picture() == empty


def test_code_is_not_cut_off_at_the_edge(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 680, "height": 900})  # A4 less its margins
    page.goto(site.url + "print/")
    page.emulate_media(media="print")
    overflowing: Any = page.locator("pre > code").evaluate_all(
        "blocks => blocks.filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.textContent)"
    )
    assert overflowing == []


def test_korean_breaks_between_words(page: Page, site: Site) -> None:
    page.goto(site.url + "ko/print/")
    page.emulate_media(media="print")
    breaks = page.locator(".cl-why p").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).wordBreak)"
    )
    assert set(breaks) == {"keep-all"}


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_paper_is_light_even_if_the_screen_is_dark(page: Page, site: Site) -> None:
    boxes = []
    for scheme in SCHEMES:
        page.emulate_media(media="screen", color_scheme=scheme)
        page.goto(site.url + "print/")
        page.emulate_media(media="print", color_scheme=scheme)
        boxes.append(page.locator("input[data-item]").first.screenshot())
    assert boxes[0] == boxes[1]
    colour = page.locator("h1").first.evaluate("node => getComputedStyle(node).color")
    red, green, blue = map(float, re.findall(r"[\d.]+", colour)[:3])
    assert max(red, green, blue) < 110


def test_the_button_prints(page: Page, site: Site) -> None:
    page.add_init_script("window.print = () => (window.printed = true)")
    page.goto(site.url + "ko/print/")
    page.get_by_role("button", name="이 페이지 인쇄").click()
    assert page.evaluate("window.printed")
