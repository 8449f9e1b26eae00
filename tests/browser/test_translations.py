"""What a reader sees of translations that are stale, missing or unchecked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.test_accessibility import LAPTOP, PHONE, accept
from tests.conftest import SMALL
from tests.recorded import DRAFT, MISSING, STALE, line_of, recorded_project
from tests.site import Site, served_site

REPOSITORY: Final = "https://git.example/velo/blob/main/"
CHANGED: Final = "L’original en allemand a changé depuis cette traduction."
HELP: Final = "Aider à traduire"
PAGES: Final = ("", "winter/", "checklist/", "checklist/bremsen/", "print/", "translations/")


@pytest.fixture(name="project", scope="module")
def project_in_every_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded_project(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(name="recorded", scope="module")
def site_in_every_state(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(project, tmp_path_factory.mktemp("built"), ("de", "fr")) as built:
        yield built


def test_a_notice_is_folded_and_opens_by_keyboard(page: Page, recorded: Site) -> None:
    page.goto(f"{recorded.url}fr/checklist/bremsen/")
    notice = page.locator(f"#translation_{STALE}")
    summary = notice.locator("summary")
    expect(summary).to_have_text(CHANGED)
    expect(notice.locator("p").first).to_be_hidden()
    summary.focus()
    page.keyboard.press("Enter")
    expect(notice.locator("p").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(notice.locator("a").first).to_be_focused()


def test_a_notice_shows_what_came_and_went_in_the_language_of_the_original(
    page: Page, recorded: Site
) -> None:
    page.goto(f"{recorded.url}fr/checklist/bremsen/")
    changes = page.locator(f"#translation_{STALE} [lang]")
    assert changes.evaluate_all("nodes => nodes.map((node) => node.lang)") == ["de", "de"]
    title, how = changes.all()
    assert title.locator("del").all_text_contents() == ["Prüfen", "die"]
    assert title.locator("ins").all_text_contents() == ["Messen", "beide"]
    assert how.locator("ins").all_text_contents() == ["2", ", **neu** `<a>`"]
    assert "Messen Sie den Belag:\n\n- mindestens" in (how.text_content() or "")


def test_every_notice_leads_to_the_line_of_its_wording(
    page: Page, recorded: Site, project: Path
) -> None:
    def line(text: str) -> str:
        return f"{REPOSITORY}checklist.yaml#L{line_of(project, text)}"

    page.goto(f"{recorded.url}fr/print/")
    expected = {
        "bremsen": [line("fr: L’humidité")],
        STALE: [line("fr: Vérifiez"), line("Mesurez la plaquette")],
        DRAFT: [line("fr: Huilez")],
        MISSING: [line("{de: Laden Sie")],
    }
    for id, urls in expected.items():
        links = page.locator(f"#translation_{id} a")
        assert links.evaluate_all("nodes => nodes.map((node) => node.href)") == urls, id
    texts = page.locator("p.cl-told").all_inner_texts()
    assert texts == [
        f"Cette traduction n’a pas encore été vérifiée. {HELP}",
        f"Pas encore traduit. {HELP}",
    ]
    remark = page.locator("span.cl-told")
    expect(remark).to_have_text(f"△ À mettre à jour. {HELP}")
    assert remark.locator("a").get_attribute("href") == line("fr: Montre la mesure.")


def test_the_original_says_nothing_of_translations(page: Page, recorded: Site) -> None:
    for path in PAGES:
        page.goto(recorded.url + path)
        expect(page.locator("article h1")).to_be_visible()
        expect(page.locator(".cl-told")).to_have_count(0)


def test_a_row_has_a_shape_and_a_word_that_lead_to_the_notice(page: Page, recorded: Site) -> None:
    expected = {STALE: "△ À mettre à jour", DRAFT: "◇ Brouillon", MISSING: "○ Non traduit"}
    for id, text in expected.items():
        page.goto(f"{recorded.url}fr/checklist/")
        marker = page.locator(f"#{id} .cl-told")
        expect(marker).to_have_text(text)
        marker.click()
        notice = page.locator(f"#translation_{id}")
        expect(notice).to_be_in_viewport()
        assert page.url.endswith(f"#translation_{id}")


def test_paper_has_a_short_line_and_no_difference(page: Page, recorded: Site) -> None:
    page.goto(f"{recorded.url}fr/print/")
    notice = page.locator(f"#translation_{STALE}")
    notice.locator("summary").click()
    expect(notice.locator("del").first).to_be_visible()
    page.emulate_media(media="print")
    expect(notice.locator("summary")).to_be_visible()
    expect(notice.locator("del").first).to_be_hidden()
    expect(page.locator(f"#translation_{MISSING}")).to_be_visible()
    expect(page.locator(f"#translation_{MISSING} a")).to_be_hidden()
    page.goto(f"{recorded.url}fr/checklist/")
    expect(page.locator(f"#{STALE} .cl-details")).to_be_hidden()
    expect(page.locator(f"#{STALE} .cl-told")).to_be_visible()


def test_a_notice_opens_without_script(new_context: OpenContext, recorded: Site) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{recorded.url}fr/checklist/bremsen/")
    page.locator(f"#translation_{STALE} summary").click()
    expect(page.locator(f"#translation_{STALE} del").first).to_be_visible()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_notice_fits_a_phone_in_either_direction(
    new_context: OpenContext, recorded: Site, direction: str
) -> None:
    page = new_context(viewport={"width": 320, "height": 700}).new_page()
    for path in ("checklist/bremsen/", "checklist/", "translations/"):
        page.goto(f"{recorded.url}fr/{path}")
        page.evaluate("dir => { document.documentElement.dir = dir }", direction)
        page.locator("article summary").evaluate_all("nodes => nodes.map((node) => node.click())")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("options", [{"viewport": LAPTOP}, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_accepts_every_notice(
    new_context: OpenContext, recorded: Site, scheme: str, options: dict[str, object]
) -> None:
    opened = []
    for path in PAGES:
        page = new_context(color_scheme=scheme, **options).new_page()
        page.goto(f"{recorded.url}fr/{path}")
        page.locator("article summary").evaluate_all("nodes => nodes.map((node) => node.click())")
        opened.append(page)
    accept(*opened, state=f"with its notices, {scheme}")


def test_a_page_that_stands_in_has_its_notice_in_the_readers_language(
    page: Page, recorded: Site
) -> None:
    page.goto(f"{recorded.url}fr/winter/")
    notice = page.locator("article > .cl-told")
    expect(notice).to_have_text(f"Pas encore traduit. {HELP}")
    assert notice.evaluate("node => node.closest('[lang]').lang") == "fr"
    assert notice.locator("a").get_attribute("href") == f"{REPOSITORY}docs/de/winter.md"
    assert page.locator("h1").evaluate("node => node.closest('[lang]').lang") == "de"


def test_a_stale_page_has_its_notice_above_its_title(page: Page, recorded: Site) -> None:
    page.goto(f"{recorded.url}fr/")
    notice = page.locator("article > .cl-told")
    expect(notice).to_have_text(f"{CHANGED} {HELP}")
    assert notice.locator("a").get_attribute("href") == f"{REPOSITORY}docs/fr/index.md"
    assert notice.evaluate("node => node.nextElementSibling.textContent") == "Vélo"


def test_search_finds_no_notice_and_nothing_twice(recorded: Site) -> None:
    index = json.loads((recorded.root / "search/search_index.json").read_text("utf-8"))
    entries = index["docs"]
    assert any("freine" in entry["text"] for entry in entries)
    for entry in entries:
        assert CHANGED not in entry["text"], entry["location"]
        assert HELP not in entry["text"], entry["location"]
        assert "translations/" not in entry["location"]
    found = [entry["location"] for entry in entries if "Kalt." in entry["text"]]
    assert found == ["winter/"]


def test_a_finished_translation_says_nothing(page: Page, small_site: Site) -> None:
    for path in ("checklist/", "checklist/bremsen/", "print/", "resources/"):
        page.goto(f"{small_site.url}fr/{path}")
        expect(page.locator("article h1")).to_be_visible()
        expect(page.locator(".cl-told")).to_have_count(0)
    assert not (SMALL / "locales/fr/review.jsonl").exists()


def test_the_overview_counts_lists_links_and_thanks(
    page: Page, recorded: Site, project: Path
) -> None:
    page.goto(f"{recorded.url}fr/translations/")
    heads = page.locator("th[scope=col]").all_inner_texts()
    assert heads == ["Section", "Fait", "À mettre à jour", "Non traduit", "Brouillon", "Relu"]
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Freins"))
    assert row.locator("td").all_inner_texts() == ["3/6", "3", "0", "0", "1"]
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Transmission"))
    assert row.locator("td").all_inner_texts() == ["1/3", "0", "1", "1", "0"]
    total = page.locator("tfoot td").all_inner_texts()
    assert total == ["95\N{NO-BREAK SPACE}%", "5", "2", "1", "1"]
    entries = page.locator("article li").all_inner_texts()
    assert entries[-1] == f"Brouillon\N{NO-BREAK SPACE}: items/{DRAFT}/title"
    link = page.get_by_role("link", name=f"items/{MISSING}/title")
    line = line_of(project, "{de: Laden Sie")
    assert link.get_attribute("href") == f"{REPOSITORY}checklist.yaml#L{line}"
    expect(page.locator("article p").last).to_have_text("Contributions : Marie, Paul")
