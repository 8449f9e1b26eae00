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


@pytest.mark.parametrize("path", ["print/", "ko/checklist/", "es/checklist/retries/", "checklist/"])
def test_navigation_stays_off_the_paper(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    page.emulate_media(media="print")
    for selector in (".md-header", ".md-sidebar", ".md-footer", ".cl-permalink", "[data-print]"):
        for node in page.locator(selector).all():
            expect(node).to_be_hidden()
    expect(page.locator("input[data-item]").first).to_be_visible()


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
