"""What a translator changed is in the YAML, and nothing else is changed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import source as reading
from checklist.load import loads
from checklist.model import Checklist
from checklist.translate.splice import splice
from checklist.wording import columns, fold
from tests.conftest import FOREIGN, ROOT, SMALL
from tests.sources import BLOCKS, LANGUAGES, NASTY, PLAIN, block_wordings, line_wordings, sources

MANY: Final = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)
REAL: Final = (
    ROOT / "checklist/content/celery.yaml",
    SMALL / "checklist.yaml",
    FOREIGN / "checklist.yaml",
)
LOADERS: Final = [
    pytest.param(getattr(yaml, name), id=name)
    for name in ("CSafeLoader", "SafeLoader")
    if hasattr(yaml, name)
]
NAME: Final = "any.yaml"

Changes = dict[tuple[str, str], str]


@pytest.fixture(params=LOADERS)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(reading, "_Loader", request.param)
    return request.param


def loaded(text: str) -> Checklist:
    checklist, problems = loads(text, NAME)
    assert problems == []
    assert checklist
    return checklist


def wordings(text: str) -> Changes:
    """The wordings of a source as they are written."""
    texts = loaded(text).texts
    return {
        (each.id, language): each.phrases[language].text
        for each in texts
        for language in each.phrases
    }


def spliced(text: str, changes: Mapping[tuple[str, str], str]) -> str:
    new, problems = splice(text, changes, NAME)
    assert problems == []
    assert new is not None
    return new


def refused(text: str, changes: Mapping[tuple[str, str], str]) -> list[str]:
    """The problems that a change has, without the file's name."""
    new, problems = splice(text, changes, NAME)
    assert new is None
    return [str(problem).removeprefix(f"{NAME}:") for problem in problems]


# ---- examples


def source(title: str, more: str = "") -> str:
    """A source with a title or more as it is written here."""
    head = "id: any\nlanguages: [{id: en, name: E}, {id: ko, name: K}, {id: es, name: S}]\n"
    return f"{head}{title}\n{more}sections: [] # end\n"


def described(description: str) -> str:
    """A source with a text that may have many lines."""
    return source("title: {en: A}", f"description:{description}\n")


def end_of(text: str) -> str:
    """What `source` or `described` was given."""
    found = re.search(r"\]\n(?:title: \{en: A\}\ndescription:)?(.*)\nsections", text, re.DOTALL)
    assert found
    return found[1]


ONE_LINE: Final = {
    "en: old": "en: new",
    "'en': old   # why": "'en': new   # why",
    "? en\n  : old": "? en\n  : new",
    "en: 'old'": "en: 'new'",
    'en: "old" # why': 'en: "new" # why',
    "en: |-\n    old": "en: |-\n    new",
    "en: |\n    old\n\n\n": "en: |\n    new\n\n\n",
    "en: |+\n      old\n      text\n\n": "en: |+\n      new\n\n",
    "en: |3- # why\n     old\n  # end": "en: |3- # why\n     new\n  # end",
    "en: |1\n     old": "en: |1\n   new",
    "en: >-\n    old\n    text": "en: >-\n    new",
    "en: !!str old": "en: !!str new",
    "en: &a !!str # why\n    old": "en: &a !!str # why\n    new",
    "en: !<tag:yaml.org,2002:str> 'old'": "en: !<tag:yaml.org,2002:str> 'new'",
    "en:\n    old\n    text": "en:\n    new",
    "en: old\n    text # why": "en: new # why",
    "en: 'old\n\n\n    text'": "en: 'new'",
    'en: "old\\\n    \\ text" #': 'en: "new" #',
}


@pytest.mark.parametrize(("old", "new"), ONE_LINE.items())
def test_a_scalar_keeps_its_style_and_what_stands_around_it(
    old: str, new: str, loader: object
) -> None:
    before = described(f"\n  # first\n  {old}\n  es: y # last")
    after = spliced(before, {("description", "en"): "new"})
    assert end_of(after) == f"\n  # first\n  {new}\n  es: y # last"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{en: old, es: y}", "{en: new, es: y}"),
        ("{ 'en' : old ,es: y,} # why", "{ 'en' : new ,es: y,} # why"),
        ('{"en":"old","es":"y"}', '{"en":"new","es":"y"}'),
        ("{en: 'old', es: y}", "{en: 'new', es: y}"),
        ("{en: &a old, es: y}", "{en: &a new, es: y}"),
        ("{\n  en: old\n    text, # why\n  es: y\n  }", "{\n  en: new, # why\n  es: y\n  }"),
        ("{es: y, ? en : old }", "{es: y, ? en : new }"),
    ],
)
def test_between_braces_too(old: str, new: str, loader: object) -> None:
    after = spliced(described(" " + old), {("description", "en"): "new"})
    assert after == described(" " + new)
    after = spliced(source("title: " + old), {("title", "en"): "new"})
    assert after == source("title: " + new)


@pytest.mark.parametrize(
    ("wording", "block", "braces"),
    [
        ("new", "new", "new"),
        ("it's", "it's", "it's"),
        ("a: b", "'a: b'", "'a: b'"),
        ("it's: b", "'it''s: b'", "'it''s: b'"),
        ("a, b", "a, b", "'a, b'"),
        ("why?", "why?", "'why?'"),
        ("404", "'404'", "'404'"),
        ("1e3", "'1e3'", "'1e3'"),
        ("no", "'no'", "'no'"),
        ("--x", "--x", "'--x'"),
        ("a\tb", "'a\tb'", "'a\tb'"),
        ("# a", "'# a'", "'# a'"),
        ("a\n\nb", "|-\n    a\n\n    b", '"a\\n\\nb"'),
        ("- a\n- \\b", "|-\n    - a\n    - \\b", '"- a\\n- \\\\b"'),
    ],
)
def test_a_plain_scalar_gets_the_least_surprising_style_that_can_say_it(
    wording: str, block: str, braces: str, loader: object
) -> None:
    change = {("description", "en"): wording}
    assert end_of(spliced(described("\n  en: old"), change)) == f"\n  en: {block}"
    assert end_of(spliced(described(" {en: old}"), change)) == f" {{en: {braces}}}"


def test_quotes_are_those_the_file_has_otherwise_unless_they_need_escapes() -> None:
    before = described('\n  en: old\n  es: "a: b"')
    for wording, new in (
        ("a: b", '"a: b"'),
        ('"a": b', "'\"a\": b'"),
        ("\\: b", "'\\: b'"),
        ("b", "b"),
    ):
        assert spliced(before, {("description", "en"): wording}) == before.replace("old", new)
        added = spliced(before, {("description", "ko"): wording})
        assert added == before.replace("old", f"old\n  ko: {new}")


def test_single_quotes_stay_where_others_are_double() -> None:
    before = described('\n  en: \'old\'\n  ko: "b"\n  es: "c"')
    assert spliced(before, {("description", "en"): "a: b"}) == before.replace("old", "a: b")


def test_code_is_not_wrapped_and_what_is_around_it_is() -> None:
    long, code = "word " * 40 + "word", "```\n" + "code " * 40 + "end\n```"
    for layout in ("\n  en: |-\n    x", "\n  en: x"):
        after = spliced(described(layout), {("description", "en"): f"{long}\n\n{code}"})
        lines = end_of(after).split("\n")
        assert [len(line) > 100 for line in lines].count(True) == 1
        assert "    " + "code " * 40 + "end" in lines


def test_what_double_quotes_said_on_many_lines_they_go_on_saying() -> None:
    after = spliced(described('\n  en: "a\\nb"'), {("description", "en"): "c\n\n- d"})
    assert end_of(after) == '\n  en: "c\\n\\n- d"'


def test_a_folded_block_stays_one_if_it_can() -> None:
    for wording, new in (
        ("a\n\n- b", ">-\n    a\n\n\n    - b"),
        ("- a\n\n      code", "|-\n    - a\n\n          code"),
    ):
        after = spliced(described("\n  en: >-\n    old"), {("description", "en"): wording})
        assert end_of(after) == f"\n  en: {new}"


def test_a_line_that_would_be_too_long_becomes_a_block() -> None:
    exact, longer = "w " * 46 + "ww", "w " * 46 + "www"
    after = spliced(described("\n  en: old # why"), {("description", "en"): exact})
    assert end_of(after) == f"\n  en: {exact} # why"
    assert max(map(columns, after.replace(" # why", "").split("\n"))) == 100
    after = spliced(described("\n  en: old # why"), {("description", "en"): longer})
    assert end_of(after) == f"\n  en: |- # why\n    {longer}"
    after = spliced(described("\n  en: old"), {("description", "en"): "한국어 " * 14 + "한국어"})
    assert end_of(after).startswith("\n  en: |-\n    한국어 ")
    after = spliced(described("\n  en: old"), {("description", "en"): longer * 3})
    assert end_of(after).count("\n") == 4
    assert max(map(columns, after.split("\n"))) <= 100


ITEM: Final = (
    "id: any\nlanguages: [{id: en, name: E}, {id: ko, name: K}, {id: es, name: S}]\n"
    "title: {en: A}\nsections:\n- id: sec\n  title: {en: T}\n  items:\n  - id: one\n"
    "    priority: optional\n    title: {en: T}\n    samples:\n    - id: s\n      verdict: bad\n"
    "      code: x\n      notes:\n      - "
)
"""A source as far as the first note to a sample."""
NOTE: Final = "items/one/samples/s/notes/n"


def test_what_must_be_one_line_stays_one_however_long() -> None:
    long = "word " * 40 + "word"
    for old, new in (
        ("en: old", f"en: {long}"),
        ("en: old # why", f"en: {long} # why"),
        ("en: |-\n          old", f"en: |-\n          {long}"),
        ("en: >\n          old", f"en: >\n          {long}"),
        ("en: |-\n          old\n        es: y", f"en: |-\n          {long}\n        es: y"),
    ):
        before = f"{ITEM}id: n\n        line: 1\n        "
        assert spliced(f"{before}{old}\n", {(NOTE, "en"): long}) == f"{before}{new}\n"
    before = f"{ITEM}id: n\n        line: 1\n        en: |-\n          old\n"
    assert spliced(before, {(NOTE, "ko"): long}) == f"{before}        ko: {long}\n"
    before = ITEM + "{id: n, line: 1, en: old}\n"
    assert spliced(before, {(NOTE, "en"): long}) == before.replace("old", long)


def test_paragraphs_and_entries_that_are_there_already_keep_their_lines() -> None:
    code = "    ```\n    a b\n    ```"
    former = f"    kept\n    as it is\n\n    - and\n      this\n    - old\n      one\n\n{code}"
    before = described(f"\n  en: |-\n{former}")
    after = spliced(
        before,
        {("description", "en"): "kept as it is\n\n- and this\n- new\n\n```\na b\n```"},
    )
    assert after == before.replace("old\n      one", "new")


# ---- inserting


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n  en: x", "\n  en: x\n  ko: new"),
        ("\n  en: x # why\n  es: y", "\n  en: x # why\n  ko: new\n  es: y"),
        ("\n  es: y", "\n  ko: new\n  es: y"),
        ("\n  # of es\n  es: y", "\n  # of es\n  ko: new\n  es: y"),
        ("\n  es: y\n  en: x", "\n  es: y\n  en: x\n  ko: new"),
        ("\n  ? en\n  : x\n  ? es\n  : y", "\n  ? en\n  : x\n  ko: new\n  ? es\n  : y"),
        ("\n  ? es\n  : y", "\n  ko: new\n  ? es\n  : y"),
        ("\n  \"en\": 'x'", "\n  \"en\": 'x'\n  \"ko\": 'new'"),
        ("\n    en: x\n      y\n", "\n    en: x\n      y\n    ko: new\n"),
        (
            "\n  en: |-\n     x\n\n\n  # c\n  es: y",
            "\n  en: |-\n     x\n  ko: |-\n     new\n\n\n  # c\n  es: y",
        ),
        ("\n  en: |+\n   x\n\n\n  es: y", "\n  en: |+\n   x\n\n\n  ko: |-\n   new\n  es: y"),
        ("\n  en: >2\n    x\n", "\n  en: >2\n    x\n  ko: |-\n    new\n"),
        (" {en: x}", " {en: x, ko: new}"),
        (" {en: x, es: y}", " {en: x, ko: new, es: y}"),
        (" { es: y } # c", " { ko: new, es: y } # c"),
        (" { ? es : y }", " { ko: new, ? es : y }"),
        (' {"en":"x",}', ' {"en":"x", "ko": "new",}'),
        (" {\n  en: x, # why\n  es: y}", " {\n  en: x, ko: new, # why\n  es: y}"),
        (" {}", " {ko: new}"),
        (" { }", " {ko: new }"),
    ],
)
def test_a_missing_language_comes_after_the_one_declared_before_it(
    old: str, new: str, loader: object
) -> None:
    after = spliced(described(old), {("description", "ko"): "new"})
    assert end_of(after) == new


def test_several_languages_at_once_come_in_the_order_declared(loader: object) -> None:
    change = {("description", language): language for language in ("es", "ko", "en")}
    for old, new in (
        ("\n  en: x", "\n  en: en\n  ko: ko\n  es: es"),
        ("\n  ko: x", "\n  en: en\n  ko: ko\n  es: es"),
        ("\n  es: |-\n     x\n\n", "\n  en: |-\n     en\n  ko: |-\n     ko\n  es: |-\n     es\n\n"),
        (" {en: x}", " {en: en, ko: ko, es: es}"),
        (" {ko: 'x'}", " {en: en, ko: 'ko', es: es}"),
        (" {'ko': 'x'}", " {\"en\": 'en', 'ko': 'ko', \"es\": 'es'}"),
        (" {}", " {en: en, ko: ko, es: es}"),
    ):
        assert end_of(spliced(described(old), change)) == new


def test_it_stands_after_the_nearest_of_the_languages_declared_before_it(loader: object) -> None:
    change = {("description", "es"): "new"}
    for old, new in (
        ("\n  en: x\n  ko: y", "\n  en: x\n  ko: y\n  es: new"),
        (" {ko: y, en: x}", " {ko: y, es: new, en: x}"),
    ):
        assert end_of(spliced(described(old), change)) == new


def test_it_stands_after_a_scalar_that_became_a_block() -> None:
    change = {("description", "en"): "a\n\nb", ("description", "ko"): "c"}
    after = spliced(described("\n  en: x # why\n  # of es\n  es: y"), change)
    assert end_of(after) == "\n  en: |- # why\n    a\n\n    b\n  ko: c\n  # of es\n  es: y"


def test_a_note_gets_its_languages_after_its_other_keys(loader: object) -> None:
    change = {(NOTE, "ko"): "new: y"}
    for old, new in (
        ("{id: n, line: 1}", "{id: n, line: 1, ko: 'new: y'}"),
        ("{id: n, line: 1, es: y}", "{id: n, line: 1, ko: 'new: y', es: y}"),
        ("{en: x, id: n, line: 1}", "{en: x, ko: 'new: y', id: n, line: 1}"),
        ("id: n\n        line: 1", "id: n\n        line: 1\n        ko: 'new: y'"),
        (
            "id: n # why\n        line: 1\n        es: y",
            "id: n # why\n        line: 1\n        ko: 'new: y'\n        es: y",
        ),
        (
            "es: y\n        id: n\n        line: 1",
            "ko: 'new: y'\n        es: y\n        id: n\n        line: 1",
        ),
    ):
        assert spliced(f"{ITEM}{old}\n", change) == f"{ITEM}{new}\n"


def test_norwegian_is_a_key_and_no_answer() -> None:
    before = described(" {en: x}").replace("{id: es, name: S}", '{id: "no", name: N}')
    after = spliced(before, {("description", "no"): "nei"})
    assert after == before.replace("{en: x}", '{en: x, "no": nei}')


def test_a_file_may_end_without_a_line_break() -> None:
    for old, change, new in (
        ("|\n    x", "en", "|\n    new"),
        ("x", "en", "new"),
        ("|\n    x", "ko", "|\n    x\n  ko: |-\n    new"),
        ("x # why", "ko", "x # why\n  ko: new"),
    ):
        before = source("title: {en: A}").rstrip("\n") + "\ndescription:\n  en: "
        assert spliced(before + old, {("description", change): "new"}) == before + new


def test_the_whole_file_may_be_one_line() -> None:
    before = (
        '{"id":"a","languages":[{"id":"en","name":"E"},{"id":"ko","name":"K"}],'
        '"title":{"en":"T"},"sections":[]}'
    )
    after = spliced(before, {("title", "en"): 'a "b"', ("title", "ko"): "no"})
    assert after == before.replace('"T"', '"a \\"b\\"", "ko": "no"')


# ---- what is refused


def test_every_change_that_cannot_be_written_is_named_with_its_remedy() -> None:
    before = source("title:\n  en: x", "description: {en: y}\n")
    changes = {
        ("title", "en"): "a\n\nb",
        ("title", "ko"): "x" * 81,
        ("title", "fr"): "z",
        ("items/none/why", "en"): "z",
        ("description", "en"): "a\x00b",
        ("description", "ko"): "a\u2028b",
        ("description", "es"): " \n",
    }
    assert refused(before, changes) == [
        "1:1: error unknown-message: there is no text 'items/none/why' (any more); correct the id, "
        "or drop the wording",
        "4:3: error too-long: title (ko) has 81 characters; shorten it to 80",
        "4:3: error undeclared-language: title (fr) is in a language the file does not declare; "
        "use en, es, ko",
        "4:7: error not-one-line: title (en) must be one line; join its lines",
        "5:14: error empty-value: description (es) would be empty; delete the language by hand "
        "if that is meant",
        "5:14: error invisible-character: description (ko) cannot be written: the character U+2028 "
        "(LINE SEPARATOR) cannot be seen; delete it",
        "5:19: error control-character: description (en) cannot be written: the character U+0000 "
        "is not allowed in YAML; delete it",
    ]


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u200b", "\ufffe", "\ud800", "\u202e", "\ufeff"],
)
def test_no_character_gets_in_that_a_source_may_not_have(character: str, loader: object) -> None:
    for before in (described("\n  en: x"), described(' {en: "x"}')):
        (problem,) = refused(before, {("description", "en"): f"a{character}b"})
        assert f"U+{ord(character):04X}" in problem
        assert "delete it" in problem


def test_a_direction_mark_stays_on_a_line_with_letters_that_need_it() -> None:
    words = "كلمة " * 12 + "word " * 30 + "\u200fword"
    after = spliced(described("\n  en: |-\n    x"), {("description", "en"): words})
    assert wordings(after)["description", "en"].count("\u200f") == 1


def test_one_bad_change_keeps_the_others_out() -> None:
    assert refused(described(" {en: x}"), {("description", "en"): "y", ("no", "en"): "z"})


@pytest.mark.parametrize(
    "fault",
    [
        "id: 404\n",
        "\ufeffid: a\n",
        "id: a\r\n",
        "id: *a\n",
        "a: [\n",
        "",
        "<<<<<<< a\n",
        "id: \x00",
    ],
)
def test_a_source_with_errors_gives_all_of_them_and_nothing_else(fault: str) -> None:
    _, problems = loads(fault, NAME)
    assert problems
    assert splice(fault, {("title", "en"): "x"}, NAME) == (None, problems)


def test_what_cannot_be_spliced_is_a_problem_and_no_broken_file() -> None:
    before = described("\n  en: ! 'x'")
    assert spliced(before, {("description", "en"): "y"}) == before.replace("'x'", "'y'")
    (problem,) = refused(before, {("description", "en"): "404"})
    assert problem == (
        "5:7: error cannot-splice: a new wording would change something else here, too; "
        "write it by hand"
    )


# ---- nothing changes that need not


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_the_same_wordings_are_no_change(path: Path) -> None:
    text = path.read_bytes().decode()
    same = {key: fold(wording) for key, wording in wordings(text).items()}
    assert len(same) > 20
    assert spliced(text, same) == text
    assert (
        spliced(
            text,
            {
                key: wording.replace(" ", "\n")
                for key, wording in same.items()
                if wording.replace(" ", "\n").isalnum()
            },
        )
        == text
    )
    assert spliced(text, {}) == text


@given(sources())
@MANY
def test_an_untouched_source_stays_to_the_byte(text: str) -> None:
    same = wordings(text)
    assert spliced(text, same) == text
    assert spliced(text, {key: fold(wording) for key, wording in same.items()}) == text


# ---- whatever the source and the wordings


def root_of(text: str) -> yaml.Node:
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert root
    return root


def nodes(text: str) -> dict[tuple[str, ...], yaml.ScalarNode]:
    """Every scalar of a source by its path."""
    found: dict[tuple[str, ...], yaml.ScalarNode] = {}

    def walk(node: yaml.Node, path: tuple[str, ...]) -> None:
        if isinstance(node, yaml.ScalarNode):
            found[path] = node
        elif isinstance(node, yaml.SequenceNode):
            for number, entry in enumerate(node.value):
                walk(entry, (*path, str(number)))
        else:
            for key, value in node.value:
                walk(value, (*path, key.value))

    walk(root_of(text), ())
    return found


def comments(text: str) -> list[str]:
    return re.findall(r"# c\d+: ", text)


def draw_changes(data: st.DataObject, text: str, most: int) -> Changes:
    keys = [(each, language) for each in loaded(text).texts for language in LANGUAGES]
    chosen = data.draw(
        st.lists(
            st.sampled_from(keys),
            min_size=1,
            max_size=most,
            unique_by=lambda key: (key[0].id, key[1]),
        )
    )
    return {
        (each.id, language): data.draw(line_wordings() if each.line else block_wordings())
        for each, language in chosen
    }


def check(before: str, after: str, changes: Changes) -> None:
    """The wanted wordings are there, and everything else is as it was."""
    old, new = wordings(before), wordings(after)
    for key, wording in changes.items():
        assert fold(new.pop(key)) == fold(wording)
        old.pop(key, None)
    assert new == old
    was, found = nodes(before), nodes(after)
    assert len(found) == len(was) + len(changes.keys() - wordings(before).keys())
    differing = {path for path in found if path not in was or found[path].value != was[path].value}
    assert len(differing) <= len(changes)
    assert {path[-1] for path in differing} <= {language for _, language in changes}
    assert comments(before) == comments(after)


@given(sources(), st.data())
@MANY
def test_only_what_was_asked_for_is_different(text: str, data: st.DataObject) -> None:
    changes = draw_changes(data, text, 12)
    check(text, spliced(text, changes), changes)


@given(sources(), st.data())
@MANY
def test_not_a_byte_outside_the_scalar_is_different(text: str, data: st.DataObject) -> None:
    changes = draw_changes(data, text, 1)
    after = spliced(text, changes)
    check(text, after, changes)
    ((id, language),) = changes
    start, end = changed_span(text, after)
    present = wordings(text)
    if (id, language) not in present:
        assert start == end  # nothing is taken away
        return
    if after == text:
        assert fold(present[id, language]) == fold(changes[id, language])
        return
    places = {
        (node.start_mark.index, node.end_mark.index): path for path, node in nodes(text).items()
    }
    inside = [path for (first, last), path in places.items() if first <= start <= end <= last + 1]
    assert [path[-1] for path in inside] == [language] or is_comment(text, start, end)


def changed_span(before: str, after: str) -> tuple[int, int]:
    """The part of a text that is not in the other one."""
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    end = next(
        (i for i in range(shorter - start) if before[-1 - i] != after[-1 - i]), shorter - start
    )
    return start, len(before) - end


def is_comment(text: str, start: int, end: int) -> bool:
    """Whether a part ends with what stood behind a scalar, and now stands behind a header."""
    line = text[text.rfind("\n", 0, end) + 1 : end]
    return "# c" in line or not line.strip()


@given(sources(), st.data())
@settings(MANY, max_examples=30)
def test_both_loaders_write_the_same(text: str, data: st.DataObject) -> None:
    changes = draw_changes(data, text, 6)
    results = []
    with pytest.MonkeyPatch.context() as patch:
        for parameter in LOADERS:
            patch.setattr(reading, "_Loader", parameter.values[0])
            results.append(splice(text, changes, NAME))
    assert results[0][0]
    assert results == results[:1] * len(LOADERS)


@given(
    st.text(max_size=60),
    st.sampled_from(["\n  en: x", "\n  en: |-\n    x", " {en: x}", " {en: 'x'}"]),
)
@settings(MANY, max_examples=400)
def test_any_text_is_written_or_refused(wording: str, layout: str) -> None:
    before = described(layout)
    after, problems = splice(before, {("description", "en"): wording}, NAME)
    if after is None:
        codes = {problem.code for problem in problems}
        assert codes <= {"control-character", "invisible-character", "empty-value", "not-nfc"}
    else:
        assert fold(wordings(after)["description", "en"]) == fold(wording)


@pytest.mark.parametrize("wording", [*NASTY, *PLAIN, *BLOCKS])
def test_nothing_that_breaks_yaml_breaks_it(wording: str, loader: object) -> None:
    for layout in (
        "\n  en: x # why",
        "\n  en: >\n    x",
        " {en: x}",
        ' {"en":"x"}',
        " {}",
        "\n  es: 'x'",
    ):
        before = described(layout)
        after = spliced(before, {("description", "en"): wording})
        assert fold(wordings(after)["description", "en"]) == fold(wording)
        assert yaml.safe_load(after)["sections"] == []


# ---- the real ones


def without(text: str, language: str) -> str:
    """A source without one of its languages, its layout kept."""
    order = [each.id for each in loaded(text).languages]
    cuts = []
    for mapping in mappings(root_of(text)):
        keys = [key.value for key, _ in mapping.value]
        if language not in keys or len(set(keys) & set(order)) < 2:
            continue
        at = keys.index(language)
        key, value = mapping.value[at]
        start, end = key.start_mark.index, value.end_mark.index
        if mapping.flow_style and at:
            start = mapping.value[at - 1][1].end_mark.index
        elif mapping.flow_style:
            end = mapping.value[at + 1][0].start_mark.index
        else:
            start = text.rfind("\n", 0, start) + 1
            end = text.find("\n", start + len(text[start:end].rstrip())) + 1
        cuts.append((start, end))
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + text[end:]
    return text


def mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from mappings(entry)
    elif isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from mappings(value)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.parent.name)
def test_a_language_taken_out_and_put_in_again_stands_where_it_stood(path: Path) -> None:
    text = path.read_bytes().decode()
    for language in loaded(text).languages:
        bare = without(text, language.id)
        left = wordings(bare)
        gone = {key: wording for key, wording in wordings(text).items() if key not in left}
        assert {key[1] for key in gone} == {language.id}
        assert len(gone) >= 10
        again = spliced(bare, {key: fold(wording) for key, wording in gone.items()})
        check(bare, again, gone)
        lines = text.split("\n"), again.split("\n")
        same = sum(one == other for one, other in zip(*lines, strict=False))
        print(path.name, language.id, len(gone), same, len(lines[0]))


@pytest.mark.parametrize("path", REAL[1:], ids=lambda path: path.parent.name)
def test_each_single_text_can_be_replaced(path: Path) -> None:
    text = path.read_bytes().decode()
    for (id, language), wording in wordings(text).items():
        changes = {(id, language): replacement(wording)}
        check(text, spliced(text, changes), changes)


def test_each_text_of_ours_can_be_replaced() -> None:
    text = REAL[0].read_bytes().decode()
    changes = {key: replacement(wording) for key, wording in wordings(text).items()}
    assert len(changes) > 1000
    check(text, spliced(text, changes), changes)
    for key in list(changes)[::600]:
        check(text, spliced(text, {key: changes[key]}), {key: changes[key]})


def replacement(wording: str) -> str:
    """Something else of about the same length."""
    return fold("새: " + wording[:70]) if "\n" not in wording else fold(wording + "\n\n- *x*: # y")


# ---- how long it takes


def large(items: int) -> str:
    """A source of many items, each with a title and a reason in three languages."""
    item = """\
  - id: item-{0}
    priority: optional
    title: {{en: Retry {0}, ko: '재시도 {0}', es: "Reintente {0}"}}
    why:
      en: Because {0}.
      ko: |-
        이유는
        {0}입니다.
      es: Porque {0}. # why
"""
    entries = "".join(item.format(number) for number in range(items))
    head = source("title: {en: A}").partition("sections")[0]
    return f"{head}sections:\n- id: sec\n  title: {{en: T}}\n  items:\n{entries}"


def seconds(items: int) -> float:
    text = large(items)
    changes = {
        (f"items/item-{number}/{field}", language): f"new: {number}"
        for number in range(items)
        for field, language in (("title", "ko"), ("why", "es"))
    }
    start = time.process_time()
    after = spliced(text, changes)
    took = time.process_time() - start
    assert after.count("new: ") == 2 * items
    return took


def test_it_is_linear() -> None:
    small, large = seconds(500), seconds(4000)
    print(f"1,000 changes {small:.2f} s, 8,000 changes {large:.2f} s")
    assert large < 8 * small * 2
