"""PO files as they come: from tools, from by-standers, damaged."""

from __future__ import annotations

import os
import random
from dataclasses import astuple
from pathlib import Path

import pytest

from checklist.problems import Problem, Severity, has_errors
from checklist.translate import po
from checklist.translate.po import Incoming, read_file, read_po

HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: knots\n"
"Language: pt_BR\n"
"Content-Type: text/plain; charset=UTF-8\n"
"X-Checklist: knots\n"
"""
ENTRY = """
msgctxt "title"
msgid "Knots"
msgstr "Nós"
"""
FULL = (
    "# How to use it.\n#\n"
    + HEADER
    + r"""
# From one translator
#
#   to the next.
#. title of the checklist
#: checklist.yaml:3
#, fuzzy, md-text
#| msgctxt "title"
#| msgid "Knot"
msgctxt "title"
msgid "Knots"
msgstr ""
"Nós "
"de \"marinheiro\":\n"
"\\ e\tmais"

#, python-brace-format
msgctxt "ui/{n} knot"
msgid "{n} knot"
msgid_plural "{n} knots"
msgstr[0] "{n} nó"
msgstr[1] "{n} nós"

#~ msgctxt "old"
#~ msgid "Old"
#~ msgstr "Velho"
"""
)
FUZZ_ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "600"))


def read(text: str) -> Incoming:
    incoming, problems = read_po(text.encode(), "x.po")
    assert incoming, [*map(str, problems)]
    assert problems == []
    return incoming


def faults(text: str | bytes) -> list[tuple[int, str]]:
    """Line and code of every problem of a file that is refused."""
    data = text.encode() if isinstance(text, str) else text
    incoming, problems = read_po(data, "x.po")
    assert incoming is None
    assert has_errors(problems)
    assert all("\n" not in str(problem) for problem in problems)
    return [(problem.place.line, problem.code) for problem in problems]


def test_everything_that_an_entry_says_is_read() -> None:
    incoming = read(FULL)
    title, plural = incoming.translations
    assert title.id == "title"
    assert title.original == ("Knots",)
    assert title.forms == ('Nós de "marinheiro":\n\\ e\tmais',)
    assert title.fuzzy
    assert title.note == "From one translator\n\n  to the next."
    assert FULL.split("\n")[title.place.line - 1] == 'msgstr ""'
    assert plural.original == ("{n} knot", "{n} knots")
    assert plural.forms == ("{n} nó", "{n} nós")
    assert not plural.fuzzy
    assert plural.note == ""
    assert FULL.split("\n")[plural.place.line - 1].startswith("msgstr[0]")
    assert incoming.obsolete == 1
    assert incoming.language == "pt-BR"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n# the end\n",
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace('msgid "', 'msgid\t "'),
        lambda text: text.replace("#, fuzzy, md-text", "#,md-text,fuzzy"),
        lambda text: text.replace("#, fuzzy, md-text", "#, md-text\n#=fuzzy\n#, fuzzy"),
        lambda text: text.replace("# From", "#From"),
        lambda text: text.replace('"\n"', '"\n  \n\t"'),
        lambda text: text.replace("text/plain; charset=UTF-8", "text/plain; charset=utf8"),
        lambda text: text.replace('#| msgid "Knot"', "#| nonsense"),
        lambda text: text.replace("#: checklist.yaml:3", "#: \u2068a b.yaml\u2069:3 x"),
    ],
)
def test_no_habit_of_a_tool_changes_what_is_read(change) -> None:  # type: ignore[no-untyped-def]
    other = change(FULL)
    assert other != FULL
    expected, found = read(FULL), read(other)
    assert [astuple(each)[:5] for each in found.translations] == [
        astuple(each)[:5] for each in expected.translations
    ]
    assert found.header.keys() == expected.header.keys()
    assert found.obsolete == expected.obsolete


@pytest.mark.parametrize("last", ["#:", "#,", "#.", "#~|", "#", "#, fuzzy", '#~ msgid "x"'])
def test_a_comment_at_the_end_does_not_hide_the_last_entry(last: str) -> None:
    assert [each.id for each in read(f"{HEADER}{ENTRY}{last}").translations] == ["title"]


def test_a_file_that_is_the_path_of_another_is_not_read_as_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name may have line ends, so a whole PO file can be the name of another.
    text = 'msgctxt "a"\nmsgid "b"\nmsgstr "c"\n'
    monkeypatch.chdir(tmp_path)
    Path(text).write_text(HEADER + ENTRY, "utf-8")
    assert [each.id for each in read(text).translations] == ["a"]


BROKEN_STRINGS = {
    "no quote at the end": 'msgstr "c',
    "no quotes": "msgstr c",
    "a quote inside": 'msgstr "c"d"',
    "a quote after a backslash": r'msgstr "c\\" d"',
    "an escape that PO lacks": r'msgstr "\x41"',
    "a keyword that is none": 'msgtsr "c"',
    "no space in sight": "nonsense",
    "a merge conflict": "<<<<<<< ours",
    "a form of two digits": 'msgstr[10] "c"',
}
"""What stands in the place of `msgstr`."""


@pytest.mark.parametrize("line", BROKEN_STRINGS.values(), ids=BROKEN_STRINGS.keys())
def test_a_line_that_is_not_po_is_named(line: str) -> None:
    found = faults(f'{HEADER}msgctxt "a"\nmsgid "b"\n{line}\n"more"\n')
    assert (9, "broken-po") in found
    assert set(found) <= {(9, "broken-po"), (7, "broken-po")}


BROKEN_ENTRIES = {
    "no msgstr": ('msgctxt "a"\nmsgid "b"\n\n' + ENTRY, 7, "broken-po"),
    "no msgstr at the end": ('msgctxt "a"\nmsgid "b"\n', 7, "broken-po"),
    "no msgstr before a comment": ('msgctxt "a"\nmsgid "b"\n# x\n' + ENTRY, 7, "broken-po"),
    "two msgctxt": ('msgctxt "a"\nmsgctxt "b"\nmsgid "c"\nmsgstr "d"\n', 8, "broken-po"),
    "two msgid": ('msgid "b"\nmsgid "c"\nmsgstr "d"\n', 7, "broken-po"),
    "two msgstr": ('msgctxt "a"\nmsgid "b"\nmsgstr "c"\nmsgstr "d"\n', 10, "broken-po"),
    "a plural without forms": (
        'msgctxt "a"\nmsgid "b"\nmsgid_plural "c"\nmsgstr "d"\n',
        10,
        "broken-po",
    ),
    "a form left out": (
        'msgctxt "a"\nmsgid "b"\nmsgid_plural "c"\nmsgstr[0] "d"\nmsgstr[2] "e"\n',
        11,
        "broken-po",
    ),
    "a string after a comment": (ENTRY + '# x\n"lost"\n', 12, "broken-po"),
    "a second header": ('\nmsgid ""\nmsgstr "x"\n', 1, "broken-po"),
    "an empty msgid": ('msgctxt "a"\nmsgid ""\nmsgstr "x"\n', 7, "broken-po"),
    "the same id twice": (ENTRY + ENTRY, 12, "duplicate-msgctxt"),
    "a control character": (ENTRY.replace("Nós", "N\x01"), 10, "control-character"),
    "a C1 control": (ENTRY.replace("Nós", "N\x85"), 10, "control-character"),
    "NUL": (ENTRY.replace("Nós", "N\x00"), 10, "control-character"),
    "a line separator": (ENTRY.replace("Knots", "K\u2028"), 9, "control-character"),
    "a form feed in a comment": (f"# \x0c{ENTRY}", 7, "control-character"),
    "an escaped form feed": (ENTRY.replace("Nós", "N\\f"), 8, "control-character"),
    "an escaped return": (ENTRY.replace("Nós", "N\\rs"), 8, "control-character"),
    "an escaped control in an id": (ENTRY.replace("title", "t\\b"), 8, "control-character"),
    "nothing but a header": ("", 1, "no-msgctxt"),
}


@pytest.mark.parametrize(
    ("body", "line", "code"), BROKEN_ENTRIES.values(), ids=BROKEN_ENTRIES.keys()
)
def test_an_entry_that_is_broken_is_named_with_its_line(body: str, line: int, code: str) -> None:
    assert faults(HEADER + body) == [(line, code)]


def test_a_comment_inside_an_entry_is_named() -> None:
    body = 'msgctxt "a"\nmsgid "b"\n# x\nmsgstr "c"\n'
    assert faults(HEADER + body) == [(7, "broken-po"), (10, "broken-po")]


def test_a_string_that_comes_first_is_named() -> None:
    assert faults(f'"lost"\n{HEADER}{ENTRY}') == [(1, "broken-po")]


def test_a_duplicate_names_both_lines() -> None:
    _, problems = read_po((HEADER + ENTRY + ENTRY).encode(), "x.po")
    assert [str(problem) for problem in problems] == [
        "x.po:12:1: error duplicate-msgctxt: 'title' is already on line 8; keep one of them"
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (1, "not-po")),
        (b"\x89PNG\r\n\x1a\n\x00\x00", (1, "not-po")),
        (b"<!doctype html><p>msgid", (1, "not-po")),
        (b'{"msgid": "x"}', (1, "not-po")),
        (b"title: {en: msgid}\n", (1, "not-po")),
        (b"\xde\x12\x04\x95\x00\x00\x00\x00", (1, "not-po")),
        (b"\x95\x04\x12\xde\x00\x00\x00\x00", (1, "not-po")),
        ((HEADER + ENTRY).encode("utf-16"), (1, "not-utf-8")),
        ((HEADER + ENTRY).encode("latin-1"), (10, "not-utf-8")),
        ((HEADER + ENTRY).encode("utf-8", "surrogatepass") + b"# \xed\xa0\x80", (11, "not-utf-8")),
        ((HEADER + ENTRY).replace("UTF-8", "ISO-8859-1").encode(), (1, "not-utf-8")),
        (
            (HEADER + ENTRY).replace("Version: knots", "Version: k\\bnots").encode(),
            (1, "control-character"),
        ),
    ],
)
def test_what_is_no_po_file_is_refused_in_one_line(data: bytes, expected: tuple[int, str]) -> None:
    assert faults(data) == [expected]


def test_a_file_too_large_is_not_even_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(po, "LIMIT", 1000)
    path = tmp_path / "large.po"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    data, problems = read_file(path)
    assert problems == []
    assert data is not None
    assert len(data) == 1001
    assert faults(data) == [(1, "too-large")]


def test_a_file_of_the_size_of_a_large_checklist_is_not_too_large() -> None:
    assert 60_000_000 < po.LIMIT < 100_000_000


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.po", tmp_path / "none.po" / "x", Path("a\0b")):
        data, problems = read_file(path)
        assert data is None
        assert [problem.code for problem in problems] == ["missing-file"]


def test_an_entry_without_msgctxt_is_listed_and_left_out() -> None:
    text = f'{HEADER}\nmsgid "Ropes"\nmsgstr "Cordas"\n{ENTRY}'
    incoming, problems = read_po(text.encode(), "x.po")
    assert incoming
    assert [each.id for each in incoming.translations] == ["title"]
    assert [(each.place.line, each.code, each.severity) for each in problems] == [
        (8, "no-msgctxt", Severity.WARNING)
    ]


def test_a_template_can_be_read_too() -> None:
    template = f"#, fuzzy\n{HEADER}".replace("UTF-8", "CHARSET") + ENTRY.replace("Nós", "")
    assert [each.forms for each in read(template).translations] == [("",)]


def test_what_is_broken_throughout_is_told_in_a_few_lines() -> None:
    _, problems = read_po((HEADER + "nonsense\n" * 1000).encode(), "x.po")
    assert len(problems) == po.MOST_PROBLEMS + 1
    assert "980 more" in problems[-1].message


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ko", "ko"),
        ("pt_BR", "pt-BR"),
        ("pt-BR", "pt-BR"),
        ("de_DE.UTF-8", "de-DE"),
        ("sr@latin", "sr-Latn"),
        ("zh_Hans", "zh-Hans"),
        ("", ""),
    ],
)
def test_the_language_is_understood_as_gettext_spells_it(header: str, language: str) -> None:
    assert Incoming("x.po", {"Language": header}, ()).language == language


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Kim Minji <kim@example.org>", "Kim Minji"),
        ("Kim Minji", "Kim Minji"),
        ("Kim, Minji <kim@example.org>, 2026", "Kim Minji"),
        ("FULL NAME <EMAIL@ADDRESS>", ""),
        ("Automatically generated", ""),
        ("<kim@example.org>", ""),
        ("Kim\x85 Minji <k>", "Kim Minji"),
    ],
)
def test_the_translator_is_a_name_without_an_address(header: str, name: str) -> None:
    assert Incoming("x.po", {"Last-Translator": header}, ()).translator == name


PIECES = [
    *(b'"', b"\\", b"\n", b"\r", b"#", b"#~ ", b"#| ", b"#, ", b"#:", b"\xef\xbb\xbf", b"\x00"),
    *(b"msgid ", b'msgstr "', b"msgstr[1] ", b"msgctxt ", b"msgid_plural ", b"\xe2\x80\xa8"),
    *(b"\xc2\x85", b"\xff", b"\x0c", b"  ", b"\\n", b'""', b"[", b"charset=", b"Language: "),
]
"""What makes PO into something else."""


def mutated(source: bytes, chance: random.Random) -> bytes:
    """A PO file with pieces cut out, doubled, moved or replaced."""
    data = source
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        length = chance.choice((0, 0, 1, 3, 30))
        piece = chance.choice(PIECES) if chance.random() < 0.8 else chance.randbytes(4)
        if chance.random() < 0.2:
            other = chance.randrange(len(data) + 1)
            piece = data[other : other + 40]
        data = data[:start] + piece + data[start + length :]
    return data


def test_any_bytes_are_a_po_file_or_problems() -> None:
    chance = random.Random(20261126)  # noqa: S311
    accepted = 0
    for _ in range(FUZZ_ROUNDS):
        data = mutated(FULL.encode(), chance)
        incoming, problems = read_po(data, "x.po")
        assert bool(incoming) != has_errors(problems), data
        lines = len(data.splitlines())
        for problem in problems:
            assert_is_good(problem, lines)
        if incoming:
            accepted += 1
            ids = [each.id for each in incoming.translations]
            assert len(ids) == len(set(ids)) > 0
            assert all(each.forms and each.original for each in incoming.translations)
    assert FUZZ_ROUNDS * 0.05 < accepted < FUZZ_ROUNDS * 0.95


def assert_is_good(problem: Problem, lines: int) -> None:
    assert 1 <= problem.place.line <= lines + 1
    assert "\n" not in str(problem)
    assert len(problem.message) < 400
