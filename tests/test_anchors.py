"""Links into the subject's documentation, and the list of what is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checklist.anchors import FILE, load_anchors
from checklist.checks.anchors import check_anchors
from checklist.checks.prose import prose_addresses
from checklist.load import load, loads
from checklist.model import Checklist
from checklist.problems import Place, Problem
from checklist.project import Settings, examine
from tests.conftest import ROOT, SMALL
from tests.samples.anchors import main

OURS = ROOT / "checklist/content/celery.yaml"
PAGES = {
    "index.html": frozenset[str](),
    "guide/tasks.html": frozenset({"retry", "retry-limit", "Task.acks_late", "idempotent-tasks"}),
    "guide/index.html": frozenset({"contents"}),
}
SOURCE = """
id: list
subject: {name: It, docs: https://docs.example/en/}
languages: [{id: en, name: English}]
title: {en: List}
sections:
  - id: one
    title: {en: One}
    items:
      - id: item
        priority: optional
        title: {en: Do it}
        how:
          en: |-
            As you [know](LINK).
        docs: ["DOCS"]
"""


def problems_of(*, link: str = "https://docs.example/en/", docs: str = "") -> list[Problem]:
    checklist, problems = loads(SOURCE.replace("LINK", link).replace("DOCS", docs or "/"), "a.yaml")
    assert checklist
    assert not problems
    return list(check_anchors(checklist, PAGES))


@pytest.mark.parametrize(
    "docs",
    [
        "guide/tasks.html",
        "guide/tasks.html#retry",
        "guide/tasks.html#Task.acks%5Flate",
        "guide/tasks.html?highlight=retry#retry",
        "guide/tasks.html#",
        "guide/#contents",
        "index.html",
        "/",
    ],
)
def test_a_link_to_what_is_there_is_no_problem(docs: str) -> None:
    assert problems_of(docs=docs) == []
    assert problems_of(link=f"https://docs.example/en/{docs.lstrip('/')}") == []


@pytest.mark.parametrize(
    "link",
    [
        "https://docs.example/ko/nowhere.html",
        "https://docs.example/english/nowhere.html",
        "https://docs.example/",
        "https://example.org/en/nowhere.html",
        "https://docs.example.org/en/nowhere.html",
        "http://[::1/en/nowhere.html",
    ],
)
def test_a_link_to_elsewhere_is_not_looked_at(link: str) -> None:
    assert problems_of(link=link) == []


@pytest.mark.parametrize(
    ("docs", "message"),
    [
        (
            "guide/tasks.html#retry-limits",
            "'guide/tasks.html' has no anchor 'retry-limits'; did you mean 'retry-limit'?",
        ),
        (
            "guide/tasks.html#task.acks-late",
            "'guide/tasks.html' has no anchor 'task.acks-late'; did you mean 'Task.acks_late'?",
        ),
        (
            "guide/task.html#retry",
            "the list of anchors has no page 'guide/task.html'; did you mean 'guide/tasks.html'?",
        ),
        (
            "guide/tasks.html#0",
            "'guide/tasks.html' has no anchor '0'; correct it, or make the list of anchors anew",
        ),
        (
            "index.html#top",
            "'index.html' has no anchor 'top'; correct it, or make the list of anchors anew",
        ),
        (
            "0",
            "the list of anchors has no page '0'; correct it, or make the list of anchors anew",
        ),
        (
            "guides/",
            "the list of anchors has no page 'guides/index.html'; did you mean 'guide/index.html'?",
        ),
    ],
)
def test_a_link_to_what_is_not_there_is_told_with_the_nearest(docs: str, message: str) -> None:
    (problem,) = problems_of(docs=docs)
    assert problem == Problem(Place("a.yaml", 16, 16), "unknown-anchor", message)
    (problem,) = problems_of(link=f"https://docs.example/en/{docs}")
    assert problem == Problem(Place("a.yaml", 15, 27), "unknown-anchor", message)


@pytest.mark.parametrize(
    "link",
    [
        "http://docs.example/en/guide/tasks.html#wrong",
        "https://Docs.Example/en/guide/tasks.html#wrong",
        "<https://docs.example/en/guide/tasks.html#wrong>",
        'https://docs.example/en/guide/tasks.html#wrong "Title"',
        "https://docs.example/en/guide/tasks.html&#35;wrong",
        "https://docs.example/en#wrong",
    ],
)
def test_however_it_is_written_it_is_the_same_link(link: str) -> None:
    (problem,) = problems_of(link=link)
    assert "'wrong'" in problem.message


def test_a_resource_below_the_documentation_is_looked_at_and_code_is_not() -> None:
    source = SOURCE.replace("[know](LINK)", "`[know](https://docs.example/en/gone.html)`")
    source = source.replace("DOCS", "/") + (
        "resources:\n  - {id: it, title: It, language: en, kind: docs,"
        " url: https://docs.example/en/away.html}\n"
    )
    checklist, _ = loads(source, "a.yaml")
    assert checklist
    (problem,) = check_anchors(checklist, PAGES)
    assert (problem.place.line, "away.html" in problem.message) == (18, True)


@pytest.mark.parametrize("docs", ["", ", docs: 'http://[::1/'"])
def test_without_the_address_of_a_documentation_nothing_is_below_it(docs: str) -> None:
    source = SOURCE.replace(", docs: https://docs.example/en/", docs)
    source = source.replace("DOCS", "https://docs.example/en/gone.html")
    checklist, _ = loads(source, "a.yaml")
    assert checklist
    assert list(check_anchors(checklist, PAGES)) == []


def test_a_list_has_pages_and_their_anchors(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text("# Comment.\na.html\na.html#b\na.html#B.c\n\nd/e.html#f\n", "utf-8")
    anchors, problems = load_anchors(path, FILE)
    assert not problems
    assert anchors == {"a.html": frozenset({"b", "B.c"}), "d/e.html": frozenset({"f"})}


def test_there_need_be_no_list(tmp_path: Path) -> None:
    assert load_anchors(tmp_path / FILE, FILE) == (None, [])


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"a.html\n\nb.html#caf\xe9\nc.html#\xe9\n", 3, "byte 18 is not UTF-8"),
        (b"a.html\nb.html #c\nd e\n", 2, "the line is neither a page nor"),
        (b"a.html\nb.html#\n", 2, "the line is neither a page nor"),
        ("\ufeff# Comment.\na.html\n".encode(), 1, "the line is neither a page nor"),
        (b"# Comment.\n", 1, "there is no page in it"),
        (b"", 1, "there is no page in it"),
        (None, 1, "Is a directory"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_problem(
    tmp_path: Path, content: bytes | None, line: int, what: str
) -> None:
    path = tmp_path / FILE
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    anchors, (problem,) = load_anchors(path, FILE)
    assert anchors is None
    assert (problem.code, problem.place) == ("damaged-anchors", Place(FILE, line))
    assert problem.message.startswith(what)
    assert problem.message.endswith("; make the list anew, or delete the file")


@pytest.fixture(name="project")
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_list_beside_the_source_is_what_the_project_is_checked_against(project: Path) -> None:
    manual = "https://velo.example/handbuch/index.html#anfang"
    for language, text in (("de", "# Start\n\nZum [Handbuch]"), ("fr", "# Accueil\n\nLe [manuel]")):
        (project / f"docs/{language}/index.md").write_text(f"{text}({manual}).\n", "utf-8")
    settings = Settings(Path("checklist.yaml"), docs=Path("docs"))
    assert not examine(settings)[1]

    list_ = project / FILE
    list_.write_text("index.html\nindex.html#anfang\nbremsen.html\nbremsen.html#belag\n", "utf-8")
    assert not examine(settings)[1]

    list_.write_text("index.html\nbremsen.html\nbremsen.html#belaege\n", "utf-8")
    found = [(str(each.place), each.code) for each in examine(settings)[1]]
    assert found == [
        ("checklist.yaml:42:16", "unknown-anchor"),
        ("docs/de/index.md:3:16", "unknown-anchor"),
        ("docs/fr/index.md:3:13", "unknown-anchor"),
    ]

    list_.write_bytes(b"\xff")
    assert [(str(each.place), each.code) for each in examine(settings)[1]] == [
        (f"{FILE}:1:1", "damaged-anchors")
    ]


def test_addresses_of_pages_are_found_in_any_markup_but_not_in_code(tmp_path: Path) -> None:
    checklist, _ = load(SMALL / "checklist.yaml")
    assert checklist
    for language, text in {
        "de": '[a](https://a.example/#a) <https://b.example/>\n\n[c]: https://c.example/ "C"\n',
        "fr": '<a href="https://d.example/d">d</a>, https://e.example/e.html.\n`https://f.example`\n',
        "it": "https://g.example/\n",  # not a language of the checklist
    }.items():
        (tmp_path / language / "deep").mkdir(parents=True)
        (tmp_path / language / "deep/page.md").write_text(text, "utf-8")
    (tmp_path / "fr/folder.md").mkdir()
    found = list(prose_addresses(checklist, tmp_path))
    assert [each.url for each in found] == [
        "https://a.example/#a",
        "https://b.example/",
        "https://c.example/",
        "https://d.example/d",
        "https://e.example/e.html",
    ]
    assert [(each.place.line, each.place.column) for each in found] == [
        (1, 5),
        (1, 28),
        (3, 6),
        (1, 10),
        (1, 38),
    ]


def built(folder: Path, pages: dict[str, str], version: str = "5.7.0") -> Path:
    """A folder as Sphinx leaves it."""
    pages = {"_static/documentation_options.js": f"VERSION: '{version}',\n", **pages}
    for name, content in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return folder


def test_the_list_is_made_of_the_bodies_of_the_pages(tmp_path: Path) -> None:
    page = (
        '<div id="searchbox"></div><a name="nav"></a>'
        '<div class="body" role="main"><h1 id="z">Z</h1><span id="id3"></span>'
        '<a name="old"></a><a href="#z">Z</a><dt id="Task.idle"></dt><i id="index-0"></i></div>'
    )
    pages = {
        "userguide/tasks.html": page,
        "reference/celery.app.task.html": page,
        "reference/celery.application.html": page,
        "internals/guide.html": page,
        "index.html": '<div class="body" role="main">Empty</div>',
        "faq.html": "<div>No body at all</div>",
    }
    main(built(tmp_path / "html", pages), tmp_path / FILE)
    head, *entries = (tmp_path / FILE).read_text("utf-8").splitlines()
    assert head.startswith("# ")
    assert "Celery 5.7.0" in head
    assert "scripts/anchors" in head
    assert entries == [
        "index.html",
        "reference/celery.app.task.html",
        "reference/celery.app.task.html#Task.idle",
        "reference/celery.app.task.html#old",
        "reference/celery.app.task.html#z",
        "userguide/tasks.html",
        "userguide/tasks.html#Task.idle",
        "userguide/tasks.html#old",
        "userguide/tasks.html#z",
    ]


def test_what_is_no_documentation_leaves_the_list_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("index.html\n", "utf-8")
    with pytest.raises(SystemExit, match="no page"):
        main(built(tmp_path / "html", {"index.html": "<p>Moved</p>"}), tmp_path / FILE)
    assert (tmp_path / FILE).read_text("utf-8") == "index.html\n"


@pytest.fixture(name="ours", scope="module")
def our_checklist() -> Checklist:
    checklist, _ = load(OURS)
    assert checklist
    return checklist


def test_our_links_go_to_anchors_that_are_there(ours: Checklist) -> None:
    anchors, problems = load_anchors(OURS.with_name(FILE), FILE)
    assert not problems
    assert anchors
    addresses = prose_addresses(ours, ROOT / "docs")
    assert list(check_anchors(ours, anchors, addresses)) == []
    assert len(list(check_anchors(ours, {"none.html": set()}))) >= 50


def test_our_list_is_whole_sorted_and_not_too_large() -> None:
    text = OURS.with_name(FILE).read_text("utf-8")
    head, *entries = text.splitlines()
    assert head.startswith("# ")
    assert len(entries) > 2500
    assert entries == sorted(set(entries))
    assert {entry.partition("#")[0] for entry in entries} <= set(entries)
    assert len(text.encode()) < 160_000
