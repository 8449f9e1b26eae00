"""Pages as a reader meets them: complete, quiet, at home in their language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import OpenContext
from tests.site import Site

PATHS = ["", "checklist/", "checklist/retries/", "resources/", "print/", "translations/"]
LANGUAGES = ["", "ko/", "es/"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_request_leaves_the_site_and_none_fails(
    new_context: OpenContext, site: Site, language: str
) -> None:
    page = new_context().new_page()
    requests: list[Request] = []
    failed: list[str] = []
    page.on("request", lambda request: requests.append(request))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("requestfailed", lambda request: failed.append(request.url))
    for path in PATHS:
        page.goto(site.url + language + path)
        page.wait_for_load_state("networkidle")
    assert len(requests) > len(PATHS)
    assert [each.url for each in requests if not each.url.startswith((site.url, "data:"))] == []
    assert failed == []


def test_alternates_are_in_the_head_when_the_page_has_loaded(page: Page, site: Site) -> None:
    page.goto(site.url + "ko/checklist/")
    page.wait_for_load_state("load")
    expect(page.locator("link[rel=alternate][hreflang]")).to_have_count(4)


@pytest.mark.parametrize("path", ["ko/no/such/page/", "es/nope", "nope/"])
def test_a_wrong_address_shows_the_404_of_its_language(
    new_context: OpenContext, site: Site, path: str
) -> None:
    page = new_context().new_page()
    response = page.goto(site.url + path)
    assert response
    assert response.status == 404
    titles = {
        "ko": "페이지를 찾을 수 없습니다",
        "es": "Página no encontrada",
        "no": "Page not found",
    }
    expect(page.get_by_role("heading", level=1)).to_have_text(titles[path[:2]])
    link = page.locator(".cl-home-links a").first
    link.click()
    expect(page).to_have_url(site.url)


def test_a_permalink_leads_to_the_item(page: Page, site: Site) -> None:
    page.goto(site.url + "ko/checklist/retries/#backoff-with-jitter")
    expect(page.locator("#backoff-with-jitter")).to_be_in_viewport()


def test_details_lead_from_the_list_to_the_entry(page: Page, site: Site) -> None:
    page.goto(site.url + "es/checklist/")
    page.locator('[data-entry="time-limits"]').get_by_role(
        "link", name=re.compile("^Detalles")
    ).click()
    expect(page).to_have_url(site.url + "es/checklist/limits/#time-limits")
    expect(page.locator("#time-limits")).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("path", ["checklist/", "ko/checklist/retries/", "es/resources/", "print/"])
def test_nothing_sticks_out_sideways(
    new_context: OpenContext, site: Site, width: int, path: str
) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(site.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_marks_of_notes_count_along_with_the_notes(page: Page, site: Site) -> None:
    page.goto(site.url + "checklist/retries/")
    sample = page.locator("figure.cl-sample").filter(has=page.locator("ol li:nth-child(2)")).first
    marks = sample.locator(".hll").evaluate_all(
        """lines => lines.map(line => [
             getComputedStyle(line, "::after").content,
             getComputedStyle(line).counterIncrement])"""
    )
    assert len(marks) == sample.locator("ol > li").count()
    assert all(mark == ["counter(mark)", "mark 1"] for mark in marks)


def test_copied_code_has_no_marks_in_it(page: Page, site: Site) -> None:
    page.goto(site.url + "checklist/retries/")
    code = page.locator("figure.cl-sample pre").first.inner_text()
    assert code.strip().splitlines()[-1] == "response.raise_for_status()".rjust(31)
