"""A checklist of 259 items that nobody has seen: all of it is there, and soon enough."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from shutil import copytree
from typing import Any, Final
from urllib.parse import unquote

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode

from checklist.catalog import load_catalog
from checklist.cli import main
from checklist.load import load
from checklist.model import Checklist, Item
from tests.conftest import FOREIGN
from tests.site import Site, build

URL: Final = "https://lists.example/knots/"
LANGUAGES: Final = ("en", "ar")
ODD_IDS: Final = ("no", "null", "e1", "x", "constructor", "search", "tick-item-1", "a-" * 60 + "z")
PROGRESS: Final = "{done} of {n} done"
SIZES: Final = (1, 2, 3, 7, 10, 11, 100, 4, 5, 6, 8, 9, 12, 13, 14, 15, 16, 23)
"""Items in each section; together 259, and with every plural form of Arabic but that of none."""
LONGEST_BUILD: Final = 120
"""Seconds; a machine at rest takes about a tenth."""
TITLES: Final = (
    ("Tie the “bowline” & check it twice", "اعقد «العقدة» وتحقّق منها مرتين"),
    ("Keep `a|b` | `{x}` and 100 % apart", "افصل `a|b` | `{x}` عن 100 %"),
    ("Read \\[1\\], *then* {go}", "اقرأ \\[1\\]، *ثم* {اذهب}"),
    ("It's 5 < 6 > 4 #now", "إنها 5 < 6 > 4 #الآن"),
    ('Say: "no"; don\'t_stop_here', 'قل: "لا"؛ ولا_تقف_هنا'),
    ("Use ``a`b`` (or not) ~ 山 🏔", "استعمل ``a`b`` (أو لا) ~ 山 🏔"),
    ("- 1. C:\\temp\\new = “$HOME”!", "- 1. C:\\temp\\new = «$HOME»!"),
)
"""What a title may hold, in both languages."""
SHOWN: Final = {
    "Keep `a|b` | `{x}` and 100 % apart": "Keep a|b | {x} and 100 % apart",
    "افصل `a|b` | `{x}` عن 100 %": "افصل a|b | {x} عن 100 %",
    "Read \\[1\\], *then* {go}": "Read [1], then {go}",
    "اقرأ \\[1\\]، *ثم* {اذهب}": "اقرأ [1]، ثم {اذهب}",
    "Use ``a`b`` (or not) ~ 山 🏔": "Use a`b (or not) ~ 山 🏔",
    "استعمل ``a`b`` (أو لا) ~ 山 🏔": "استعمل a`b (أو لا) ~ 山 🏔",
}
"""How those look that are not shown as they are written."""
CODE: Final = "[rope]\n; </pre> & {{ x }} {% raw %}\nlength = 60\nnote = ```\n"

Yaml = dict[str, Any]


def both(english: str, arabic: str) -> Yaml:
    return {"en": english, "ar": arabic}


def item(number: int) -> Yaml:
    """An item: every third has its title only, every third has everything."""
    title = (f"{text} {number}" for text in TITLES[number % len(TITLES)])
    minimal: Yaml = {
        "id": ODD_IDS[number] if number < len(ODD_IDS) else f"item-{number}",
        "priority": ("essential", "recommended", "optional")[number % 3],
        "title": both(*title),
    }
    if number % 3 == 0:
        return minimal
    why = {"why": both(f"Because of *{number}* reasons.", f"بسبب *{number}* من الأسباب.")}
    return minimal | why if number % 3 == 1 else minimal | why | details(number)


def details(number: int) -> Yaml:
    list_of = "{}\n\n- `--n={}`\n- [{}](https://see.example/{})"
    note = {"id": "unit", "line": 3, **both(f"Metres, {number}.", f"أمتار، {number}.")}
    return {
        "aliases": [f"former-{number}"],
        "updated": date(2026, 1, 1) + timedelta(number),
        "applies_to": {"place": ["wall"]},
        "versions": ">=1,<3",
        "how": both(
            list_of.format("Do:", number, "look", number),
            list_of.format("افعل:", number, "انظر", number),
        ),
        "docs": [f"page_({number}).html", f"page.html#part|{number}"],
        "samples": [
            {"id": "bad", "verdict": "bad", "language": "text", "code": f"<b>{number}</b> | ?\n"},
            {"id": "good", "verdict": "good", "language": "ini", "code": CODE, "notes": [note]},
        ],
        "resources": [f"read-{number}"],
    }


def resource(number: int) -> Yaml:
    return {
        "id": f"read-{number}",
        "url": f"https://read.example/({number})?a=[1]&b='2'",
        "title": f"On *{number}* [knots] | <and> `more`",
        "language": ("en", "ar", "pt-BR")[number % 3],
        "kind": ("book", "video")[number % 2],
        "about": both("About {it}.", "عن {ذلك}."),
    }


def source() -> Yaml:
    sections = [
        {
            "id": f"section-{size}",
            "title": both(f"{size} *knots* & `ropes`", f"{size} *عقد* و `ropes`"),
            "intro": both("Before you climb:", "قبل أن تتسلّق:"),
            "items": [item(number) for number in range(first, last)],
        }
        for size, (first, last) in zip(SIZES, pairwise(accumulate(SIZES, initial=0)), strict=True)
    ]
    return {
        "id": "knots",
        "subject": {"name": "Knots & ropes", "docs": "https://knots.example/docs/"},
        "languages": [{"id": "en", "name": "English"}, {"id": "ar", "name": "العربية"}],
        "title": both("Knots", "عقد"),
        "scopes": {"place": {"label": both("Place", "مكان"), "values": {"wall": "Wall (C++)"}}},
        "sections": sections,
        "resources": [resource(n) for n in range(sum(SIZES)) if n % 3 == 2],
    }


MKDOCS: Final = """\
site_name: knots
site_url: !ENV [SITE_URL, "http://127.0.0.1:8000/"]
theme: {name: material, font: false}
plugins:
  - search
  - i18n:
      docs_structure: folder
      languages:
        - {locale: en, name: English, default: true}
        - {locale: ar, name: العربية}
  - checklist: {source: checklist.yaml}
markdown_extensions: [attr_list, md_in_html, pymdownx.highlight, pymdownx.superfences, toc]
"""


@pytest.fixture(name="checklist", scope="module")
def loaded_checklist(project: Path) -> Checklist:
    checklist, problems = load(project / "checklist.yaml")
    assert checklist
    assert problems == []
    return checklist


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("knots")
    text = yaml.safe_dump(source(), allow_unicode=True, sort_keys=False)
    (folder / "checklist.yaml").write_text(text, "utf-8")
    (folder / "mkdocs.yml").write_text(MKDOCS, "utf-8")
    for language, title in zip(LANGUAGES, ("Knots", "عقد"), strict=True):
        home = folder / "docs" / language / "index.md"
        home.parent.mkdir(parents=True)
        home.write_text(f"# {title}\n", "utf-8")
    copytree(FOREIGN / "locales/ar", folder / "locales/ar")
    return folder


@pytest.fixture(name="timed", scope="module")
def built_site(project: Path) -> tuple[Site, float]:
    """The site, built strictly, and the seconds that took."""
    start = time.monotonic()
    done = build(project, project / "site", SITE_URL=URL)
    assert done.returncode == 0, done.stderr
    return Site(project / "site", URL, LANGUAGES), time.monotonic() - start


@pytest.fixture(name="knots", scope="module")
def site_alone(timed: tuple[Site, float]) -> Site:
    return timed[0]


def entries(page: HTMLParser) -> dict[str, LexborNode]:
    """The entries of a page by item, in order."""
    found = {attribute(node, "data-entry"): node for node in page.css("[data-entry]")}
    assert len(found) == len(page.css("[data-entry]"))
    return found


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def hrefs(node: LexborNode) -> list[str]:
    return [unquote(attribute(link, "href")) for link in node.css("a")]


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_it_is_as_large_as_it_should_be(checklist: Checklist) -> None:
    assert len(list(checklist.items)) == len({each.id for each in checklist.items}) == 259
    assert len(checklist.sections) == len(SIZES) > 15
    assert [item for item in checklist.items if not item.why]
    assert [item for item in checklist.items if item.samples and item.docs and item.resources]


def test_it_has_nothing_to_be_mended(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"


def test_it_is_built_soon_enough(timed: tuple[Site, float]) -> None:
    _, seconds = timed
    print(f"259 items in 2 languages: {seconds:.1f} s")
    assert seconds < LONGEST_BUILD


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_is_in_the_list_with_its_box_and_a_link_to_its_details(
    knots: Site, checklist: Checklist, language: str
) -> None:
    page = knots.pages[f"{knots.prefix(language)}checklist/index.html"]
    rows = entries(page)
    assert list(rows) == [item.id for item in checklist.items]
    for section in checklist.sections:
        for item in section.items:
            row = rows[item.id]
            assert attribute(row, "id") == item.id
            has_box_and_title(row, item, language)
            assert f"{section.id}/#{item.id}" in hrefs(row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_is_on_its_page_and_on_the_print_page_with_all_its_parts(
    knots: Site, checklist: Checklist, language: str
) -> None:
    printed = entries(knots.pages[f"{knots.prefix(language)}print/index.html"])
    assert list(printed) == [item.id for item in checklist.items]
    for section in checklist.sections:
        path = f"{knots.prefix(language)}checklist/{section.id}/index.html"
        shown = entries(knots.pages[path])
        assert list(shown) == [item.id for item in section.items]
        for item in section.items:
            for entry in (shown[item.id], printed[item.id]):
                has_box_and_title(entry, item, language)
                has_all_parts(entry, item, language)


def has_box_and_title(entry: LexborNode, item: Item, language: str) -> None:
    (box,) = entry.css("input[type=checkbox]")
    assert attribute(box, "data-item") == item.id
    (label,) = entry.css(f'label[for="{attribute(box, "id")}"]')
    title, _, number = item.title.phrases[language].text.rpartition(" ")
    assert label.text() == f"{SHOWN.get(title, title)} {number}"
    assert bool(label.css("code")) == ("`" in title)


def has_all_parts(entry: LexborNode, item: Item, language: str) -> None:
    assert len(entry.css(f':is(h2, h3)[id="{item.id}"]')) == 1
    found = hrefs(entry)
    assert found.count(f"#{item.id}") == 1
    for address in (*item.docs, *(resource.address for resource in item.resources)):
        assert found.count(unquote(address.url)) == 1
    codes = [node.text().rstrip("\n") for node in entry.css("pre")]
    assert codes == [sample.code for sample in item.samples]
    for text in filter(None, (item.why, item.how)):
        wording = re.sub(r"\]\([^)]*\)", "", text.phrases[language].text)
        assert letters(wording) in letters(entry.text())
    scopes = [node.text() for node in entry.css(".cl-scope")]
    assert scopes == (["Wall (C++)", "Knots & ropes ≥\xa01, <\xa03"] if item.samples else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_anchor_is_there_once_and_every_resource_is_listed(
    knots: Site, checklist: Checklist, language: str
) -> None:
    for path, page in knots.pages.items():
        ids = [attribute(node, "id") for node in page.css("[id]")]
        assert len(ids) == len(set(ids)), path
    page = knots.pages[f"{knots.prefix(language)}resources/index.html"]
    titles = [link.text() for link in page.css("article li > a")]
    assert sorted(titles) == sorted(resource.title for resource in checklist.resources)


@pytest.mark.parametrize("language", LANGUAGES)
def test_progress_is_told_in_the_plural_form_of_every_number(
    knots: Site, checklist: Checklist, language: str
) -> None:
    catalog, _ = load_catalog(language, FOREIGN / "locales")
    page = knots.pages[f"{knots.prefix(language)}checklist/index.html"]
    bars = {attribute(bar, "data-gauge"): bar for bar in page.css(".cl-progress")}
    numbers = {section.id: len(section.items) for section in checklist.sections}
    for scope, number in {"total": 259, **numbers}.items():
        state = catalog.count(PROGRESS, PROGRESS, number, done=0)
        assert attribute(bars[scope], "aria-valuetext") == bars[scope].text() == state
    if language == "ar":
        told = {re.sub(r"\d", "", bar.text()) for bar in bars.values()}
        assert len(told) == 5  # six forms, but there is no section of no items
