"""The Markdown of the small checklist, page by page, against `golden/`.

After a wanted change: `checklist render` in tests/small with `--out
../golden/mkdocs` and, with `--builder plain`, `--out ../golden/plain`; then
read the difference.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

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
