"""What must hold for any input, tried on inputs nobody thought of."""

from __future__ import annotations

import re
from typing import Any

import markdown
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from checklist.catalog import load_catalog
from checklist.checks import check
from checklist.load import loads
from checklist.model import Checklist, Item, Language, Phrase, Text
from checklist.pages import pages
from checklist.problems import Place, has_errors
from checklist.render import Renderer
from tests.conftest import ROOT, SMALL

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
EXTENSIONS = ["attr_list", "md_in_html", "pymdownx.highlight", "pymdownx.superfences", "toc"]
LANGUAGES = ("en", "ko", "es")

# ---- any bytes

PIECES = [
    *(b"\t", b"\r\n", b": ", b"- ", b"[", b"{", b"}", b"|", b"&a ", b"*a", b"!!x ", b"#", b"'"),
    *(b"<<<<<<< x\n", b"null", b"~", b"404", b"1e3", b"\xef\xbb\xbf", b"\xe2\x80\xae"),
]
"""What makes YAML into something else."""


def mutated_sources() -> st.SearchStrategy[bytes]:
    """A real source with pieces cut out, doubled, moved or replaced."""
    source = (SMALL / "checklist.yaml").read_bytes()
    piece = st.one_of(st.binary(max_size=6), st.sampled_from(PIECES))
    edit = st.tuples(st.integers(0, len(source)), st.integers(0, 60), piece)

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        data = source
        for start, length, new in edits:
            data = data[:start] + new + data[start + length :]
        return data

    return st.lists(edit, min_size=1, max_size=5).map(apply)


@given(st.one_of(st.binary(max_size=300), mutated_sources(), st.text(max_size=300).map(str.encode)))
@example(b"[" * 200_000)
@example(b"- " * 200_000 + b"a")
@example(b"a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n" * 50)
@example(b"\x00")
@example(b"? {a: b}\n: c\n")
@example(b"id: !!binary aGk=\n")
@QUICK
def test_any_bytes_are_a_checklist_or_problems(data: bytes) -> None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return  # test_load.py
    checklist, problems = loads(text, "any.yaml")
    found = [*problems, *(check(checklist) if checklist else ())]
    assert checklist or has_errors(found)
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    for problem in found:
        assert 1 <= problem.place.line <= len(lines) + 1
        assert problem.place.column >= 1
        assert "\n" not in str(problem)


# ---- any valid model

WORDS = ["Retry", "재시도", "¿Cómo?", "a_b_c", "Ünïcödé", "👩‍💻", "1.", "100 %", "x = y", "=cmd()"]
INLINE = [
    "`code`",
    "``a ` b``",
    "**bold**",
    "*it*",
    "[link](https://e.example/?a=1&b=2)",
    "`{{ x }}`",
]
ODD = [
    *"<>&\"'{}[]()|*_\\#!~^$+-:;@/",
    "&lt;",
    "<b>",
    "\\*",
    "\\`",
    "$$",
    "](",
    "<!--",
    "```",
    "~~~",
]
ODD += [
    "--",
    "==",
    "|a|",
    "{{ 7 }}",
    "{% raw %}",
    "{: #x}",
    "[x]: y",
    "![i](https://e.example/i.png)",
]
BLOCKS = ["- one\n- two `x`", "1. one\n2. two", "> quoted", "```python\nx = '<b>'\n```", "a\n\nb"]


def is_allowed(id: str, wording: str) -> bool:
    """Whether the checks have nothing against a wording."""
    phrase = Phrase(wording, "en", Place("any.yaml"))
    text = Text(id, phrase.place, {"en": phrase})
    alone = Checklist("a", text, None, None, (Language("en", "English"),), (), (), (), (text,))
    return not list(check(alone))


def lines() -> st.SearchStrategy[str]:
    """Texts of one line.

    Without `*it**it*`, which Python-Markdown takes in one way alone and in another in a tag.
    """
    part = st.one_of(st.sampled_from(WORDS), st.sampled_from(INLINE), st.sampled_from(ODD))
    pairs = st.lists(st.tuples(part, st.sampled_from([" ", " ", ""])), min_size=1, max_size=5)
    joined = pairs.map(lambda found: "".join(a + b for a, b in found).strip())
    return joined.filter(
        lambda line: bool(line) and "t**" not in line and is_allowed("items/x/title", line)
    )


def blocks() -> st.SearchStrategy[str]:
    block = st.one_of(lines(), st.sampled_from(BLOCKS))
    joined = st.lists(block, min_size=1, max_size=3).map("\n\n".join)
    return joined.filter(lambda text: is_allowed("items/x/why", text))


def texts(wording: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(dict.fromkeys(LANGUAGES, wording))


@st.composite
def items(draw: st.DrawFn, number: int) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": f"item-{number}",
        "priority": draw(st.sampled_from(["essential", "recommended", "optional"])),
        "title": draw(texts(lines())),
    }
    if draw(st.booleans()):
        item["why"] = draw(texts(blocks()))
        item["how"] = draw(texts(blocks()))
    if draw(st.booleans()):
        item["docs"] = ["https://d.example/a_b.html#c_d*e", "https://d.example/"]
        item["resources"] = ["res"]
    code = draw(
        st.lists(st.sampled_from(["x = 1", "", "```", "~~~~", "<b>&", "  - y"]), max_size=5)
    )
    text = "\n".join(["a", *code, "b"])
    notes = [
        {"id": f"n{line}", "line": line, **draw(texts(lines()))}
        for line in range(1, text.count("\n") + 1)
        if draw(st.booleans())
    ]
    if draw(st.booleans()):
        sample = {"id": "one", "verdict": "bad", "language": "text", "code": text, "notes": notes}
        item["samples"] = [sample, {**sample, "id": "two", "verdict": "good", "notes": []}]
    return item


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    source = {
        "id": "any",
        "languages": [{"id": language, "name": language} for language in LANGUAGES],
        "title": draw(texts(lines())),
        "sections": [
            {"id": "sec", "title": draw(texts(lines())), "items": [draw(items(1)), draw(items(2))]}
        ],
        "resources": [
            {
                "id": "res",
                "url": "https://r.example/",
                "title": draw(lines()),
                "author": draw(lines()),
                "language": "en",
                "kind": "book",
                "about": draw(texts(lines())),
            }
        ],
    }
    dumped = yaml.safe_dump(source, allow_unicode=True, sort_keys=False, width=1000)
    checklist, problems = loads(dumped, "any.yaml")
    assume(checklist is not None and not has_errors([*problems, *check(checklist)]))
    assert checklist
    return checklist


def html_of(markdown_text: str) -> str:
    return markdown.markdown(markdown_text, extensions=EXTENSIONS)


def body_of(page: str) -> HTMLParser:
    return HTMLParser(html_of(page.split("---\n", 2)[2]))


def inner(html: str | None) -> str:
    """What a parser makes of HTML, without the white space between blocks."""
    (div,) = HTMLParser(f"<div>{html}</div>").css("body > div")
    return re.sub(r"\s+", " ", div.inner_html or "").strip()


def alone(text: Text, language: str) -> str:
    """A text converted by itself."""
    return inner(html_of(text.pick(language).text))


def alone_inline(text: Text, language: str) -> str:
    """A line of text converted by itself, without its paragraph."""
    html = html_of(f"<b>{text.pick(language).text}</b>")
    return inner(html.removeprefix("<p><b>").removesuffix("</b></p>"))


@given(checklists(), st.sampled_from(LANGUAGES), st.sampled_from(["checklist/sec.md", "print.md"]))
@QUICK
def test_what_goes_into_a_page_comes_out_of_it(
    checklist: Checklist, language: str, path: str
) -> None:
    catalog, _ = load_catalog(language, ROOT / "locales")
    rendered = {page.path: page.markdown for page in pages(Renderer(checklist, catalog))}
    page = body_of(rendered[path])
    assert len(page.css("[data-entry]")) == 2
    for item in checklist.items:
        check_entry(page, item, language)
    rows = body_of(rendered["checklist/index.md"])
    boxes = [box.attributes["data-item"] for box in rows.css("input[data-item]")]
    assert boxes == ["item-1", "item-2"]
    for item in checklist.items:
        (row,) = rows.css(f'[data-entry="{item.id}"]')
        (label,) = row.css("label")
        assert inner(label.inner_html) == alone_inline(item.title, language)
        links = [link.attributes["href"] for link in row.css(".cl-meta a")]
        assert links == [f"sec.md#{item.id}", f"#{item.id}"]


def check_entry(page: HTMLParser, item: Item, language: str) -> None:
    (entry,) = page.css(f'[data-entry="{item.id}"]')
    (label,) = entry.css("label")
    assert inner(label.inner_html) == alone_inline(item.title, language)
    for name, text in (("why", item.why), ("how", item.how)):
        found = [inner(node.inner_html) for node in entry.css(f".cl-{name}")]
        assert found == ([alone(text, language)] if text else [])
    blocks = [node.text().rstrip("\n") for node in entry.css("figure pre")]
    assert blocks == [sample.code for sample in item.samples]
    notes = [inner(node.inner_html) for node in entry.css("figure > ol > li")]
    assert notes == [
        alone_inline(note.text, language) for sample in item.samples for note in sample.notes
    ]
    links = [node.attributes["href"] for node in entry.css(".cl-refs a")]
    assert links == [address.url for address in item.docs] + [
        resource.address.url for resource in item.resources
    ]
    headings = entry.css("h1, h2, h3, h4, h5, h6")
    assert [heading.attributes.get("id") for heading in headings] == [item.id]
