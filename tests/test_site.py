"""What was built: complete in all languages, and every link leads somewhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode

from checklist.catalog import load_catalog
from checklist.load import load
from checklist.model import Checklist
from tests.conftest import FOREIGN, ROOT, SMALL
from tests.site import Site

SOURCES = {
    "site": ROOT / "checklist/content/celery.yaml",
    "small_site": SMALL / "checklist.yaml",
    "foreign_site": FOREIGN / "checklist.yaml",
}
LOCALES = {
    "site": ROOT / "locales",
    "small_site": SMALL / "locales",
    "foreign_site": FOREIGN / "locales",
}
PROSE = {
    "site": ["how-a-task-travels", "make-your-own", "translate", "working-through-the-list"],
    "small_site": [],
    "foreign_site": ["huts"],
}
"""Hand-written pages beside the start page."""
EVERY_SITE = pytest.mark.parametrize("name", SOURCES)


def built(name: str, request: pytest.FixtureRequest) -> tuple[Site, Checklist]:
    checklist, _ = load(SOURCES[name])
    assert checklist
    site: Site = request.getfixturevalue(name)
    return site, checklist


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def only(page: HTMLParser, selector: str) -> LexborNode:
    """The one node that the selector finds."""
    (node,) = page.css(selector)
    return node


def boxes(page: HTMLParser) -> list[str]:
    return [attribute(box, "data-item") for box in page.css("input[data-item]")]


@EVERY_SITE
def test_every_page_is_there_in_every_language(name: str, request: pytest.FixtureRequest) -> None:
    site, checklist = built(name, request)
    pages = ["404.html", "index.html", "checklist/index.html", "print/index.html"]
    pages += [f"checklist/{section.id}/index.html" for section in checklist.sections]
    pages += ["resources/index.html", "translations/index.html"]
    pages += [f"{page}/index.html" for page in PROSE[name]]
    expected = {site.prefix(language) + page for language in site.languages for page in pages}
    assert set(site.pages) == expected


@EVERY_SITE
def test_every_item_has_its_box_in_order_in_every_language(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    every = [item.id for item in checklist.items]
    for path in ("checklist/index.html", "print/index.html"):
        assert [boxes(page) for page in site.in_all_languages(path)] == [every] * len(
            site.languages
        )
    for section in checklist.sections:
        ids = [item.id for item in section.items]
        for page in site.in_all_languages(f"checklist/{section.id}/index.html"):
            assert boxes(page) == ids


@EVERY_SITE
def test_entries_have_the_same_shape_in_every_language(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)

    def shape(entry: LexborNode) -> dict[str, int]:
        tags = ("a", "pre", "li", "p", "code", "strong")
        counts = {tag: len(entry.css(tag)) for tag in tags}
        for tag in tags:  # what only a language has that is not finished
            counts[tag] -= len(entry.css(f"{tag}.cl-told, .cl-told {tag}"))
        return counts | {"notes": len(entry.css("figure ol li"))}

    for path in (
        "checklist/index.html",
        "print/index.html",
        *(f"checklist/{section.id}/index.html" for section in checklist.sections),
    ):
        first, *others = (
            {attribute(entry, "data-entry"): shape(entry) for entry in page.css("[data-entry]")}
            for page in site.in_all_languages(path)
        )
        assert first
        for other in others:
            assert other == first, path


@EVERY_SITE
def test_entries_hold_what_the_source_holds(name: str, request: pytest.FixtureRequest) -> None:
    site, checklist = built(name, request)
    for page in site.in_all_languages("print/index.html"):
        for item in checklist.items:
            (entry,) = page.css(f'[data-entry="{item.id}"]')
            assert len(entry.css("pre")) == len(item.samples)
            assert [node.text().rstrip("\n") for node in entry.css("pre")] == [
                sample.code for sample in item.samples
            ]
            notes = [note for sample in item.samples for note in sample.notes]
            assert len(entry.css("figure ol > li")) == len(notes)
            assert len(entry.css(".hll")) == len(notes)
            hrefs = [unquote(attribute(link, "href")) for link in entry.css("a")]
            for address in (*item.docs, *(resource.address for resource in item.resources)):
                assert hrefs.count(unquote(address.url)) == 1


@EVERY_SITE
def test_boxes_and_bars_are_what_the_script_and_a_screen_reader_expect(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    sections = {section.id: len(section.items) for section in checklist.sections}
    for path in ("checklist/index.html", "print/index.html"):
        for page in site.in_all_languages(path):
            (root,) = page.css("[data-checklist]")
            assert attribute(root, "data-checklist") == checklist.id
            for box in page.css("input[data-item]"):
                assert attribute(box, "type") == "checkbox"
                (label,) = page.css(f'label[for="{attribute(box, "id")}"]')
                assert label.text().strip()
            bars = {attribute(bar, "data-gauge"): bar for bar in page.css("[role=progressbar]")}
            totals = {key: int(attribute(bar, "aria-valuemax")) for key, bar in bars.items()}
            assert totals == {"total": sum(sections.values()), **sections}
            for bar in bars.values():
                assert attribute(bar, "aria-valuenow") == "0"
                assert attribute(bar, "aria-valuetext")
                assert attribute(bar, "aria-label")


@EVERY_SITE
def test_items_and_sections_have_the_same_anchor_in_every_language(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    for section in checklist.sections:
        for path in (
            "checklist/index.html",
            f"checklist/{section.id}/index.html",
            "print/index.html",
        ):
            for page in site.in_all_languages(path):
                for id in (section.id, *(item.id for item in section.items)):
                    assert len(page.css(f'[id="{id}"]')) == 1, (path, id)
                for item in section.items:
                    (entry,) = page.css(f'[data-entry="{item.id}"]')
                    assert len(entry.css(f'a.cl-permalink[href="#{item.id}"]')) == 1


@EVERY_SITE
def test_no_id_occurs_twice(name: str, request: pytest.FixtureRequest) -> None:
    site, _ = built(name, request)
    for path, page in site.pages.items():
        ids = Counter(attribute(node, "id") for node in page.css("[id]"))
        assert [id for id, count in ids.items() if count > 1] == [], path


@EVERY_SITE
def test_no_paragraph_is_empty_but_those_that_the_script_fills(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, _ = built(name, request)
    for path, page in site.pages.items():
        empty = [node.html for node in page.css("article p:not([role=status])") if not node.child]
        assert empty == [], path


@EVERY_SITE
def test_every_page_says_its_language(name: str, request: pytest.FixtureRequest) -> None:
    site, _ = built(name, request)
    for path, page in site.pages.items():
        (html,) = page.css("html")
        assert attribute(html, "lang") == site.language_of(path), path


@EVERY_SITE
def test_every_internal_link_and_anchor_leads_somewhere(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, _ = built(name, request)
    ids = {
        path: {attribute(node, "id") for node in page.css("[id]")}
        for path, page in site.pages.items()
    }
    checked = 0
    for path, page in site.pages.items():
        for url in links(page, site.url + path.removesuffix("index.html")):
            target = site.file_of(url)
            if target is None:
                assert urlsplit(url).hostname != "127.0.0.1", f"{path}: {url} leaves the site"
                continue
            assert target.is_file(), f"{path}: {url}"
            checked += 1
            fragment = unquote(urlsplit(url).fragment)
            if fragment and target.suffix == ".html":
                assert fragment in ids[target.relative_to(site.root).as_posix()], f"{path}: {url}"
    assert checked > 20 * len(site.pages)


def links(page: HTMLParser, base: str) -> Iterator[str]:
    for selector, name in (("[href]", "href"), ("[src]", "src")):
        for node in page.css(selector):
            yield urljoin(base, attribute(node, name))


@pytest.mark.parametrize("name", ["site", "foreign_site"])  # the others have no search
def test_whatever_can_be_found_belongs_to_a_page_that_can(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    entries = json.loads((site.root / "search/search_index.json").read_text("utf-8"))["docs"]
    found = {entry["location"] for entry in entries}
    assert {location.partition("#")[0] for location in found} <= found
    for language in site.languages:
        for section in checklist.sections:
            assert f"{site.prefix(language)}checklist/{section.id}/" in found


@EVERY_SITE
def test_alternates_are_absolute_mutual_and_have_a_default(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, _ = built(name, request)
    for path, page in site.pages.items():
        if path.endswith("404.html"):
            continue
        bare = path.removeprefix(site.prefix(site.language_of(path))).removesuffix("index.html")
        expected = {
            language: site.url + site.prefix(language) + bare for language in site.languages
        }
        found = {
            attribute(link, "hreflang"): attribute(link, "href")
            for link in page.css("link[rel=alternate][hreflang]")
        }
        assert found == expected | {"x-default": site.url + bare}
        (canonical,) = page.css("link[rel=canonical]")
        assert attribute(canonical, "href") == expected[site.language_of(path)]


@EVERY_SITE
def test_a_lost_reader_finds_home_in_every_language(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, _ = built(name, request)
    root = site.pages["404.html"]
    ways = {attribute(link, "lang"): link for link in root.css(".cl-home-links a")}
    assert tuple(ways) == site.languages
    assert len({link.text() for link in ways.values()}) == len(site.languages)
    for language in site.languages[1:]:
        page = site.pages[f"{language}/404.html"]
        own = {attribute(link, "lang"): link.text() for link in page.css(".cl-home-links a")}
        assert own[language] == ways[language].text()
        assert only(page, "h1").text() != only(root, "h1").text()
    for language, link in ways.items():
        target = site.file_of(urljoin(site.url, attribute(link, "href")))
        assert target == site.root / site.prefix(language) / "index.html"


@EVERY_SITE
def test_pages_load_nothing_from_elsewhere(name: str, request: pytest.FixtureRequest) -> None:
    site, _ = built(name, request)
    for path, page in site.pages.items():
        loaded = [attribute(node, "src") for node in page.css("[src]")]
        loaded += [
            attribute(link, "href")
            for link in page.css("link")
            if attribute(link, "rel") not in ("alternate", "canonical", "prev", "next")
        ]
        assert loaded
        assert [url for url in loaded if urlsplit(url).netloc] == [], path


@EVERY_SITE
def test_charts_say_in_words_what_they_are_of(name: str, request: pytest.FixtureRequest) -> None:
    site, checklist = built(name, request)
    counts = Counter({"total": len(list(checklist.items))})
    for section in checklist.sections:
        counts[section.id] += len(section.items)
        counts.update(f"priority {item.priority}" for item in section.items)
    for path in ("checklist/index.html", "print/index.html"):
        for page in site.in_all_languages(path):
            charts = {
                attribute(chart, "data-gauge"): chart for chart in page.css("svg[data-gauge]")
            }
            assert set(charts) == set(counts)
            for gauge, chart in charts.items():
                assert attribute(chart, "role") == "img"
                assert str(counts[gauge]) in attribute(chart, "aria-label"), gauge
                place = f'[data-gauge="{gauge}"]'
                number = only(page, f"{place} .cl-number, {place} + .cl-number")
                assert number.text() == f"0/{counts[gauge]}"


@EVERY_SITE
def test_every_language_says_how_far_the_others_are(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    headings = []
    for page in site.in_all_languages("translations/index.html"):
        ids = [attribute(node, "id") for node in page.css("article h2")]
        assert ids == [f"_{language}" for language in site.languages[1:]]
        headings.append(tuple(node.text() for node in page.css("article h2")))
        for table in page.css("article table"):
            heads = len(table.css("thead th"))
            rows = table.css("tbody tr, tfoot tr")
            assert len(rows) > len(checklist.sections)
            assert {len(row.css("th, td")) for row in rows} == {heads}
    assert len(set(headings)) == len(site.languages)  # each in its own words


def test_what_a_language_lacks_is_listed_with_its_line(foreign_site: Site) -> None:
    source = (FOREIGN / "checklist.yaml").read_text("utf-8").splitlines()
    page = foreign_site.pages["ja/translations/index.html"]
    listed = {link.text(): attribute(link, "href") for link in page.css("article li a")}
    assert len(listed) == 11
    line = int(listed["items/tell-someone/title"].partition("#L")[2])
    assert "ar: أخبر أحدًا بموعد عودتك" in source[line - 1]
    assert listed["pages/huts.md"] == "https://git.example/hike/blob/main/docs/ar/huts.md"
    for path in ("pt-BR/translations/index.html", "translations/index.html", "en/index.html"):
        assert not foreign_site.pages[path].css(".cl-told")


def test_the_script_is_told_all_it_needs(site: Site) -> None:
    checklist, _ = load(SOURCES["site"])
    assert checklist
    for page in site.in_all_languages("checklist/index.html"):
        data = json.loads(only(page, "script.cl-data").text())
        assert data["aliases"] == checklist.aliases
        assert len(list(leaves(data["text"]))) > 50
        assert all(leaves(data["text"]))


def leaves(value: Any) -> Iterator[Any]:
    """What is in dictionaries and lists, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        yield value
        return
    for each in value:
        yield from leaves(each)


@EVERY_SITE
def test_entries_tell_the_script_what_can_be_filtered(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    sections = {item.id: section for section in checklist.sections for item in section.items}
    items = {item.id: item for item in checklist.items}
    for path, page in site.pages.items():
        for entry in page.css("[data-entry]"):
            item = items[attribute(entry, "data-entry")]
            scopes = {f"data-in-{scope}": values for scope, values in item.applies_to.items()}
            assert told(entry) == {
                "data-section": sections[item.id].id,
                "data-priority": item.priority,
                **({"data-top": ""} if item.top else {}),
                **{key: " ".join(values) for key, values in scopes.items()},
            }, path


def told(entry: LexborNode) -> dict[str, str]:
    """What an entry tells the script; what it says in substance has a test of its own."""
    own = ("data-entry", "data-seen")
    return {
        key: "" if value in (None, key) else value  # one that is there or not
        for key, value in entry.attributes.items()
        if key.startswith("data-") and key not in own
    }


def test_an_item_links_to_its_line_where_the_repository_is_known(small_site: Site) -> None:
    lines = (SMALL / "checklist.yaml").read_text("utf-8").splitlines()
    for page in small_site.in_all_languages("checklist/bremsen/index.html"):
        href = attribute(only(page, '[data-entry="belag-pruefen"] .cl-source'), "href")
        url, _, line = href.partition("#L")
        assert url == "https://git.example/velo/blob/main/checklist.yaml"
        assert "id: belag-pruefen" in lines[int(line) - 1]


@pytest.mark.complete
def test_no_language_shows_through_another(site: Site) -> None:
    """Prose on Korean pages has Hangul in it; on the others there is none but in names."""
    for path, page in site.pages.items():
        for selector in (".cl-why", ".cl-how", ".cl-head label", ".cl-intro", "figure li"):
            for node in page.css(selector):
                hangul = any("가" <= character <= "힣" for character in node.text())
                assert hangul == (site.language_of(path) == "ko"), (path, node.text())


@pytest.mark.complete
@EVERY_SITE
def test_every_text_is_on_the_page_in_its_language(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, checklist = built(name, request)
    required = {language.id for language in checklist.languages if language.required}
    for language in site.languages:
        page = site.pages[f"{site.prefix(language)}print/index.html"]
        for item in checklist.items:
            (entry,) = page.css(f'[data-entry="{item.id}"]')
            shown = letters(entry.text())
            notes = [note.text for sample in item.samples for note in sample.notes]
            for text in filter(None, (item.title, item.why, item.how, *notes)):
                phrase = text.pick(language, checklist.source_language.id)
                assert phrase.language == language or language not in required
                # The addresses of links are not in the text, nor are the numbers of lists.
                wording = re.sub(r"\]\([^)]*\)|^\d+\. ", "", phrase.text, flags=re.MULTILINE)
                assert letters(wording) in shown, (text.id, language)


@EVERY_SITE
def test_every_interface_string_is_on_the_page_in_its_language(
    name: str, request: pytest.FixtureRequest
) -> None:
    site, _ = built(name, request)
    for language in site.languages:
        catalog, _ = load_catalog(language, LOCALES[name])
        page = site.pages[f"{site.prefix(language)}print/index.html"]
        priorities = {node.text() for node in page.css(".cl-priority")}
        known = {catalog.text(each) for each in ("Essential", "Recommended", "Optional")}
        assert priorities
        assert priorities <= known
        captions = {node.text(deep=False).strip() for node in page.css("figcaption")}
        assert captions == {catalog.text("Wrong"), catalog.text("Right")}
        html = page.html or ""
        for string in ("Documentation:", "Further reading:", "Print this page"):
            assert catalog.text(string) in html


def test_every_sample_says_where_it_was_seen_to_do_what_is_said_of_it(site: Site) -> None:
    checklist, _ = load(SOURCES["site"])
    assert checklist
    for language in site.languages:
        catalog, _ = load_catalog(language, LOCALES["site"])
        said = {"cl-good": "Runs on", "cl-bad": "Fails as described on"}
        page = site.pages[f"{site.prefix(language)}print/index.html"]
        for kind, begin in said.items():
            wording = catalog.text(f"{begin} {{subject}} {{versions}}")
            pattern = re.escape(wording.format(subject="Celery", versions="VERSIONS"))
            pattern = pattern.replace("VERSIONS", r"(5\.[4-7]–)?5\.7")
            for node in page.css(f".{kind} .cl-verified"):
                assert re.fullmatch(pattern, node.text().strip()), node.text()
        assert len(page.css(".cl-verified")) == len(checklist.samples)


def test_a_text_that_is_not_translated_says_its_language_and_direction(
    foreign_site: Site,
) -> None:
    texts = ".cl :is(h1, h2, h3, .cl-head label, .cl-intro, .cl-why, .cl-how, figure li)"
    for path, page in foreign_site.pages.items():
        language = foreign_site.language_of(path)
        for node in page.css(texts):
            marks = [each for each in (node, *node.css("[lang]")) if attribute(each, "lang")]
            is_borrowed = is_arabic(node.text()) and language != "ar"
            assert {attribute(mark, "lang") for mark in marks} == ({"ar"} if is_borrowed else set())
            assert all(attribute(mark, "dir") for mark in marks)
            assert not is_borrowed or language == "pt-BR", (path, node.text())


def test_only_what_is_not_translated_is_borrowed(foreign_site: Site) -> None:
    checklist, _ = load(SOURCES["foreign_site"])
    assert checklist
    unseen = {"description", "scopes/map-app/label"}
    missing = {text.id for text in checklist.texts if "pt-BR" not in text.phrases} - unseen
    page = foreign_site.pages["pt-BR/print/index.html"]
    assert len(page.css(".cl [lang=ar][dir]:not(a)")) == len(missing) > 0


def test_a_page_that_is_not_translated_says_its_language_and_direction(foreign_site: Site) -> None:
    for page in foreign_site.in_all_languages("huts/index.html"):
        heading = only(page, "h1")
        borrowed = page.css("article [lang=ar][dir] h1, [lang=ar][dir] article h1")
        language = attribute(only(page, "html"), "lang")
        assert bool(borrowed) == (language == "pt-BR")
        assert is_arabic(heading.text()) == (language in ("ar", "pt-BR"))


def test_every_page_says_its_direction(foreign_site: Site) -> None:
    for path, page in foreign_site.pages.items():
        direction = "rtl" if foreign_site.language_of(path) == "ar" else "ltr"
        assert attribute(only(page, "body"), "dir") == direction, path


def is_arabic(text: str) -> bool:
    return any("\u0600" <= character <= "\u06ff" for character in text)


def letters(text: str) -> str:
    """A text without white space and punctuation, which markup may take away."""
    return re.sub(r"\W", "", text)


def test_the_source_folder_stays_clean(site: Site) -> None:
    assert site.pages
    folders = {path.parent.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    assert {folder.parts[0] for folder in folders if folder.parts} <= {*site.languages, "adr"}
    assert not list(Path(ROOT / "docs").rglob("checklist"))
