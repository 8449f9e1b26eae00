from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from checklist.checks import check
from checklist.checks.markup import RULES
from checklist.checks.translations import FAULTS
from checklist.load import load, loads
from checklist.model import Priority, Verdict
from checklist.problems import Place, Severity
from tests.conftest import ROOT, SMALL

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
NOT_IN_A_SOURCE = {
    "missing-file",  # test_a_file_that_cannot_be_read_is_one_problem
    "not-utf-8",
    "changing-file",  # test_a_file_that_keeps_changing_is_not_read_half
    "missing-page",  # test_checks.py
    "stale-translation",  # test_review.py
    "unrecorded-translation",
    "draft-translation",
    "orphaned-record",
    "needless-waiver",
    "bad-record",
    "unknown-anchor",  # test_anchors.py
    "damaged-anchors",
    "unverified-sample",  # test_verification.py
    "damaged-record",
    "bad-catalog",  # test_catalog.py
    "missing-ui-string",
    "ui-placeholders",
}
"""Codes of problems that stand elsewhere, and the tests of them."""


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_source_has_just_its_problems_and_each_at_its_place(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    expected = re.findall(r"^\ufeff?# (\d+:\d+ \w+)\r?$", text, re.MULTILINE)
    checklist, problems = loads(text, path.name)
    if checklist:
        problems += check(checklist)

    found = [f"{each.place.line}:{each.place.column} {each.severity}" for each in sorted(problems)]
    assert sorted(found) == sorted(expected)
    assert {each.code for each in problems} == {path.stem}


def test_every_kind_of_problem_has_a_broken_source() -> None:
    files = set((ROOT / "checklist").rglob("*.py"))
    files -= set((ROOT / "checklist/translate").rglob("*.py"))  # what is wrong with PO files
    codes = {code for file in files for code in problem_codes(file)}
    codes |= {code for code, _, _ in RULES} | {code for code, _ in FAULTS.values()}
    assert codes - NOT_IN_A_SOURCE == {path.stem for path in BROKEN}
    assert codes >= NOT_IN_A_SOURCE


def problem_codes(file: Path) -> set[str]:
    """The codes given to problems in a module, read from its code."""
    names = ("Problem", "problem", "_problem", "_whole")
    calls = (
        node
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in names
    )
    arguments = (argument for call in calls for argument in call.args[1:3])
    values = (argument.value for argument in arguments if isinstance(argument, ast.Constant))
    return {
        value
        for value in values
        if isinstance(value, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value)
    }


def test_every_message_is_one_line_that_ends_with_a_remedy() -> None:
    for path in BROKEN:
        text = path.read_text("utf-8")
        checklist, problems = loads(text, path.name)
        for problem in [*problems, *(check(checklist) if checklist else ())]:
            assert "\n" not in problem.message
            assert re.search(r"[;,] .+|\?$", problem.message), problem.message


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("absent.yaml", None, "missing-file"),
        ("folder", "folder", "missing-file"),
        ("latin.yaml", b"id: caf\xe9\n", "not-utf-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(
    tmp_path: Path, name: str, content: bytes | str | None, code: str
) -> None:
    path = tmp_path / name
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    checklist, problems = load(path, name)
    assert checklist is None
    assert [(each.place, each.code) for each in problems] == [(Place(name, 1, 1), code)]


def test_a_file_that_keeps_changing_is_not_read_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("id: list\n", "utf-8")
    sizes = iter(range(100))

    def growing(descriptor: int) -> SimpleNamespace:
        return SimpleNamespace(st_size=next(sizes), st_mtime_ns=0)

    monkeypatch.setattr("checklist.source.os.fstat", growing)
    checklist, problems = load(path, "list.yaml")
    assert checklist is None
    assert [each.code for each in problems] == ["changing-file"]


def test_a_file_replaced_meanwhile_is_read_as_it_was(tmp_path: Path) -> None:
    """Replacing is what editors do, and leaves the open file alone."""
    path, other = tmp_path / "list.yaml", tmp_path / "other.yaml"
    shutil.copy(SMALL / "checklist.yaml", path)
    other.write_text("id: [", "utf-8")
    with path.open("rb") as opened:
        other.replace(path)
        assert b"belag-pruefen" in opened.read()
    _, problems = load(path)
    assert [each.code for each in problems] == ["syntax-error"]


def test_all_faults_are_found_in_one_run() -> None:
    text = (ROOT / "tests/broken/unknown-reference.yaml").read_text("utf-8")
    text = text.replace("priority: optional", "priority: urgent").replace("id: item", "id: Item")
    _, problems = loads(text, "many.yaml")
    assert {each.code for each in problems} == {
        "unknown-reference",
        "unknown-value",
        "malformed-id",
    }
    assert len(problems) == 6


def test_a_fault_does_not_hide_those_beside_it() -> None:
    text = """
id: list
languages: [{id: en, name: English}, {id: ko, name: 한국어}]
sections:
  - id: one
    title: {en: A title that has many more characters than a title of a section is allowed to have}
    items:
      - id: item
        priority: high
        title: {en: Do it}
        docs: ["http://[::1/x"]
        samples: [{id: one, verdict: worst, code: "def f(:"}]
resources:
  - {id: res, url: "ftp://x", title: T, language: en, kind: blog}
"""
    checklist, problems = loads(text, "list.yaml")
    assert checklist
    codes = Counter(each.code for each in [*problems, *check(checklist)])
    assert codes == {
        "missing-key": 1,  # title
        "too-long": 1,
        "missing-translation": 2,  # Korean of the section and of the item
        "unknown-value": 3,  # high, worst, blog
        "invalid-url": 2,
        "sample-syntax": 1,
    }


def test_a_text_in_no_language_is_an_error_whatever_is_required() -> None:
    checklist, problems = loads(
        "id: a\nlanguages: [{id: en, name: English, required: false}]\ntitle: {}\nsections: []\n",
        "a.yaml",
    )
    assert checklist
    found = [*problems, *check(checklist)]
    assert [(each.code, each.severity) for each in found] == [("missing-text", Severity.ERROR)]


@pytest.mark.parametrize(
    ("escape", "code"),
    [
        (r"\x01", "control-character"),
        (r"\0", "control-character"),
        (r"\e", "control-character"),
        (r"\u200b", "invisible-character"),
        (r"\L", "invisible-character"),
    ],
)
def test_what_an_escape_hides_is_a_problem_at_the_text(escape: str, code: str) -> None:
    source = "id: a\nlanguages: [{id: en, name: English}]\ntitle:\n  en: "
    _, problems = loads(f'{source}"One{escape}two"\nsections: []\n', "a.yaml")
    assert [(each.code, str(each.place)) for each in problems] == [(code, "a.yaml:4:7")]
    _, problems = loads(f'{source}"One\\ttwo \\u0416"\nsections: []\n', "a.yaml")
    assert not problems


def test_the_model_holds_what_the_source_says() -> None:
    checklist, problems = load(SMALL / "checklist.yaml")
    assert not problems
    assert checklist
    assert [language.id for language in checklist.languages] == ["de", "fr"]
    assert [section.id for section in checklist.sections] == ["bremsen", "antrieb"]
    item = next(checklist.items)
    assert (item.id, item.priority, item.top) == ("belag-pruefen", Priority.ESSENTIAL, True)
    assert item.title.pick("fr").text == "Vérifiez les plaquettes de frein"
    assert [address.url for address in item.docs] == [
        "https://velo.example/handbuch/bremsen.html#belag",
        "https://velo.example/handbuch/index.html",
    ]
    bad, good = item.samples
    assert (bad.verdict, good.verdict) == (Verdict.BAD, Verdict.GOOD)
    assert bad.code == 'belag_staerke = 0.4\nfence = "```"'
    assert bad.notes[0].text.id == "items/belag-pruefen/samples/zu-duenn/notes/metall"
    assert checklist.aliases == {"belag-messen": "belag-pruefen"}


def test_positions_are_those_of_the_file() -> None:
    path = SMALL / "checklist.yaml"
    lines = path.read_text("utf-8").splitlines()
    checklist, _ = load(path)
    assert checklist
    for text in checklist.texts:
        for phrase in text.phrases.values():
            line = lines[phrase.place.line - 1]
            assert (
                line[phrase.place.column - 1 :].lstrip("\"'").startswith(phrase.text.split("\n")[0])
            )
    for item in checklist.items:
        for sample in item.samples:
            line = lines[sample.place.line - 1]
            assert line[sample.place.column - 1 :] == sample.code.split("\n")[0]


def test_the_cyclic_collector_is_running_after_a_load() -> None:
    import gc

    loads("id: [", "broken.yaml")
    assert gc.isenabled()
