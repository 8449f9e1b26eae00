"""The whole way through the list, in Chromium and, where it is installed, in Firefox.

Playwright drives a Firefox of its own, which `playwright install firefox` brings.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.site import Site

BROWSERS: Final = Path(
    os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
)
ENGINES: Final = ["chromium", *(["firefox"] if any(BROWSERS.glob("firefox-*")) else [])]


@pytest.fixture(name="reader", params=ENGINES)
def page_of_an_engine(
    request: pytest.FixtureRequest, playwright: Playwright, browser: Browser
) -> Iterator[Page]:
    own = playwright.firefox.launch() if request.param == "firefox" else None
    page = (own or browser).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    if own:
        own.close()
    assert faults == []


def test_a_reader_gets_from_the_first_tick_to_a_shared_link(
    reader: Page, site: Site, tmp_path: Path
) -> None:
    reader.goto(site.url + "checklist/?top=1")
    expect(reader.locator(".cl-shown [role=status]")).to_contain_text("49 hidden by filters")
    first, second = reader.locator("[data-entry]:visible").all()[:2]
    first.locator("input[data-item]").check()
    first.locator("input[data-item]").press("j")
    expect(second.locator("input[data-item]")).to_be_focused()
    reader.keyboard.press("e")
    reader.locator(".cl-panel [value=na]").check()
    reader.locator(".cl-panel [name=reason]").fill("Not with <us>")
    reader.locator(".cl-panel [type=submit]").click()
    expect(second.locator(".cl-na")).to_have_text("Not applicable: Not with <us>")

    reader.reload()
    total = reader.locator(".cl-progress[data-gauge=total]")
    expect(total).to_have_attribute("aria-valuetext", "1 of 58 done · 1 not applicable")

    reader.locator("[data-open=_transfer]").click()
    with reader.expect_download() as download:
        reader.locator("[data-do=json]").click()
    download.value.save_as(tmp_path / "project.json")
    items = json.loads((tmp_path / "project.json").read_text("utf-8"))["items"]
    assert sorted(each["state"] for each in items.values()) == ["done", "na"]
    link = reader.locator("[data-link]").input_value()
    reader.keyboard.press("Escape")

    reader.locator("[data-open=_projects]").click()
    reader.locator("[data-do=reset]").click()
    expect(total).to_have_attribute("aria-valuetext", "0 of 59 done")
    reader.locator(".cl-toast [data-do=undo]").click()
    expect(total).to_have_attribute("aria-valuetext", "1 of 58 done · 1 not applicable")

    reader.goto(site.url + "ko/checklist/" + link[link.index("#") :])
    expect(reader.locator(".cl-shared-banner")).to_be_visible()
    expect(total).to_have_attribute("aria-valuetext", "58개 중 1개 완료 · 해당 없음 1개")
