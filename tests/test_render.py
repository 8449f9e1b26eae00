"""The Markdown of the small checklist, page by page, against `golden/`.

After a wanted change: `checklist render` in tests/small with `--out
../golden/mkdocs` and, with `--builder plain`, `--out ../golden/plain`; then
read the difference.
"""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from jinja2 import UndefinedError

from checklist.catalog import load_catalog
from checklist.load import load, loads
from checklist.model import Phrase
from checklist.pages import pages
from checklist.problems import Place
from checklist.render import (
    BUILDERS,
    Renderer,
    attribute,
    docs_label,
    fence,
    literal,
    plain,
    quoted,
    script_json,
    target,
)
from tests.conftest import SMALL

GOLDEN = Path(__file__).parent / "golden"


def renderer(builder: str, language: str, source_url: str = "") -> Renderer:
    checklist, _ = load(SMALL / "checklist.yaml")
    catalog, _ = load_catalog(language, SMALL / "locales")
    assert checklist
    return Renderer(checklist, catalog, builder, source_url)


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("builder", BUILDERS)
def test_the_pages_are_as_they_are_meant_to_be(builder: str, language: str) -> None:
    folder = GOLDEN / builder / language
    rendered = {page.path: page.markdown for page in pages(renderer(builder, language))}
    golden = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.md")
    }
    assert rendered == golden


def test_an_untranslated_text_is_shown_in_the_source_language_and_says_so() -> None:
    checklist, _ = loads(
        "id: a\nlanguages: [{id: en, name: English}, {id: ko, name: 한국어, required: false}]\n"
        "title: {en: Name}\nsections:\n  - id: one\n    title: {en: One}\n    items:\n"
        "      - {id: item, priority: optional, title: {en: Do it}, why: {en: Because.}}\n",
        "partial.yaml",
    )
    assert checklist
    catalog, _ = load_catalog("ko", None)
    page = next(
        page for page in pages(Renderer(checklist, catalog)) if page.path.endswith("one.md")
    )
    assert '<span lang="en" dir="auto">Do it</span>' in page.markdown
    assert '<div class="cl-why" lang="en" dir="auto" markdown="1">' in page.markdown


def test_an_item_links_to_its_line_where_the_repository_is_known() -> None:
    with_repository = renderer("mkdocs", "de", "https://git.example/velo/blob/main/checklist.yaml")
    line = next(with_repository.checklist.items).place.line
    lines = (SMALL / "checklist.yaml").read_text("utf-8").splitlines()
    assert "id: belag-pruefen" in lines[line - 1]
    markdown = next(pages(with_repository)).markdown
    assert f'href="https://git.example/velo/blob/main/checklist.yaml#L{line}"' in markdown
    assert "cl-source" not in next(pages(renderer("mkdocs", "de"))).markdown


GITHUB = "https://git.example/velo/issues/new?title={title}&body={body}"
GITLAB = "https://git.example/velo/-/issues/new?issue[title]={title}&issue[description]={body}"
SOURCE = "https://git.example/velo/blob/main/checklist.yaml"


def reports(reporter: Renderer) -> dict[str, str]:
    """The address of a report by item, from the pages of sections."""
    found = {}
    for page in pages(reporter):
        if page.path.startswith("checklist/") and page.path != "checklist/index.md":
            for entry in page.markdown.split('<section class="cl-entry" ')[1:]:
                id = entry.split('data-entry="', 1)[1].split('"', 1)[0]
                [link] = re.findall(r'cl-report"><a [^>]*href="([^"]*)"', entry)
                found[id] = unescape(link)
    return found


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize(
    ("pattern", "title", "body"),
    [(GITHUB, "title", "body"), (GITLAB, "issue[title]", "issue[description]")],
)
def test_a_report_names_item_language_and_line(
    pattern: str, title: str, body: str, language: str
) -> None:
    reporter = dataclasses.replace(renderer("mkdocs", language, SOURCE), report_url=pattern)
    found = reports(reporter)
    assert list(found) == ["belag-pruefen", "kette-oelen", "licht"]
    for item in reporter.checklist.items:
        address = found[item.id]
        assert address.partition("?")[0] == pattern.partition("?")[0]
        query = parse_qs(urlsplit(address).query, strict_parsing=True)
        assert list(query) == [title, body]
        assert query[title] == [f"{item.id} ({language}): "]
        wording, where, *rest = query[body][0].split("\n")
        assert wording == plain(item.title.pick(language))
        assert where == f"{SOURCE}#L{item.place.line}"
        assert any(line.endswith("?") for line in rest)


def test_a_report_names_the_file_if_nothing_shows_it() -> None:
    reporter = dataclasses.replace(renderer("mkdocs", "de"), report_url=GITHUB)
    [body] = parse_qs(urlsplit(reports(reporter)["licht"]).query)["body"]
    line = list(reporter.checklist.items)[-1].place.line
    assert f"checklist.yaml:{line}\n" in body


def test_a_title_cannot_change_the_address_of_its_report() -> None:
    title = 'Is `{body}` & {title} #1 = 100 % + "x"?'
    checklist, _ = loads(
        f"id: a\nlanguages: [{{id: en, name: English}}]\ntitle: {{en: Name}}\nsections:\n"
        "  - id: one\n    title: {en: One}\n    items:\n"
        f"      - {{id: item, priority: optional, title: {{en: {quoted(title)}}}}}\n",
        "hostile.yaml",
    )
    assert checklist
    catalog, _ = load_catalog("en", None)
    address = reports(Renderer(checklist, catalog, report_url=GITHUB))["item"]
    query = parse_qs(urlsplit(address).query, strict_parsing=True)
    assert list(query) == ["title", "body"]
    assert query["body"][0].startswith('Is {body} & {title} #1 = 100 % + "x"?\n')
    assert urlsplit(address).fragment == ""


def test_without_an_address_there_is_no_link_to_report() -> None:
    for builder in BUILDERS:
        for page in pages(renderer(builder, "de", SOURCE)):
            assert "cl-report" not in page.markdown


def seen(yaml: str, language: str = "de") -> dict[str, str]:
    """What each item says in substance, the same on every page."""
    checklist, problems = loads(yaml, "checklist.yaml")
    assert checklist, problems
    catalog, _ = load_catalog(language, SMALL / "locales")
    found: dict[str, set[str]] = {}
    for page in pages(Renderer(checklist, catalog)):
        for id, value in re.findall(
            r'data-entry="([^"]*)"[^>]* data-seen="([^"]*)"', page.markdown
        ):
            found.setdefault(id, set()).add(value)
    assert list(found) == [item.id for item in checklist.items]
    assert all(len(values) == 1 for values in found.values())
    return {id: values.pop() for id, values in found.items()}


YAML = (SMALL / "checklist.yaml").read_text("utf-8")


def edited(old: str, new: str) -> str:
    assert YAML.count(old) == 1
    return YAML.replace(old, new)


def test_what_an_item_says_is_its_date_and_a_hash_in_every_language() -> None:
    said = seen(YAML, "de")
    assert said == seen(YAML, "fr")
    assert re.fullmatch(r"2026-10-01\.[0-9a-f]{8}", said["belag-pruefen"])
    assert re.fullmatch(r"\.[0-9a-f]{8}", said["licht"])
    assert len(set(said.values())) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("de: Prüfen Sie die Bremsbeläge", "de: Wechseln Sie die Bremsbeläge"),
        ("Unter einem Millimeter **bremst**", "Unter zwei Millimetern **bremst**"),
        ("mindestens `1.5` Millimeter", "mindestens `2.5` Millimeter"),
        ("belag_staerke = 0.4", "belag_staerke = 0.3"),
        ("dicke = 2", "dicke = 3"),
        ('fence = "```"', '  fence = "```"'),
        ("updated: 2026-10-01", "updated: 2026-11-01"),
    ],
    ids=["title", "why", "how", "code", "more code", "indentation of code", "date"],
)
def test_a_change_of_substance_changes_what_the_item_says(old: str, new: str) -> None:
    before, after = seen(YAML), seen(edited(old, new))
    assert {id for id in before if before[id] != after[id]} == {"belag-pruefen"}


def test_a_new_date_leaves_the_hash_alone() -> None:
    after = seen(edited("updated: 2026-10-01", "updated: 2026-11-01"))["belag-pruefen"]
    assert after == seen(YAML)["belag-pruefen"].replace("2026-10-01", "2026-11-01")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vérifiez les plaquettes de frein", "Contrôlez les plaquettes"),
        ("c’est le métal qui **freine**", "le métal freine le métal"),
        ("au moins `1.5` millimètre", "au moins `2.5` millimètres"),
        ("Hier bremst schon Metall.", "Metall auf Metall."),
        ("title: Brake pads [2024] <measured>", "title: Brake pads, once more"),
        ("        resources: [belag-messen-video]\n", ""),
        ('docs: ["bremsen.html#belag", "index.html"]', "docs: [index.html]"),
        ("priority: essential", "priority: recommended"),
        ("aliases: [belag-messen]", "aliases: [belag-messen, belag]"),
        ("Nässe verlängert den Bremsweg.", "Bei Nässe bremst es schlechter."),
        (
            "de: Unter einem Millimeter **bremst** Metall",
            "de: Unter  einem\n            Millimeter **bremst** Metall",
        ),
        ("Messen Sie den Belag:\n\n", "Messen Sie\n            den Belag:\n\n\n"),
    ],
    ids=[
        "translated title",
        "translated why",
        "translated how",
        "note to code",
        "resource",
        "no resource",
        "documentation",
        "priority",
        "former id",
        "section",
        "line break",
        "white space",
    ],
)
def test_anything_else_leaves_what_the_item_says_alone(old: str, new: str) -> None:
    assert seen(edited(old, new)) == seen(YAML)


def test_a_template_that_uses_an_unknown_name_fails() -> None:
    with pytest.raises(UndefinedError):
        renderer("mkdocs", "de").page("section")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Use `acks_late` **now**", "Use acks_late now"),
        ("See [the *docs*](https://example.org/)", "See the docs"),
        ("Two\nlines", "Two lines"),
    ],
)
def test_plain_leaves_the_words(markdown: str, expected: str) -> None:
    assert plain(Phrase(markdown, "en", Place("x"))) == expected


@pytest.mark.parametrize(
    ("code", "expected"), [("a", "```"), ("```", "````"), ("x ````` y", "``````")]
)
def test_a_fence_is_longer_than_any_in_the_code(code: str, expected: str) -> None:
    assert fence(code) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://d.example/en/userguide/tasks.html#task-retry", "tasks#task-retry"),
        ("https://d.example/en/brokers/index.html#overview", "brokers#overview"),
        ("https://d.example/en/faq.html", "faq"),
        ("https://d.example/", "d.example"),
    ],
)
def test_a_docs_label_names_page_and_anchor(url: str, expected: str) -> None:
    assert docs_label(url) == expected


@pytest.mark.parametrize(
    "url", ["https://x.example/a)b", "https://x.example/a(b`c", "https://x.example/a{b}"]
)
def test_an_address_cannot_end_its_link(url: str) -> None:
    assert not set(target(url)) & set("()`{}")
    assert unquote(target(url)) == url


def test_a_title_in_an_attribute_is_no_markdown() -> None:
    assert attribute('`a` *b* "c" <d>') == ("&#96;a&#96; &#42;b&#42; &quot;c&quot; &lt;d&gt;")


def test_a_literal_text_cannot_become_markup() -> None:
    assert literal("[a](b) <i> & *c*") == r"\[a\](b) &lt;i> &amp; \*c\*"


def test_json_in_a_script_cannot_end_it() -> None:
    assert "</script>" not in script_json({"a": "</script><b>"})
