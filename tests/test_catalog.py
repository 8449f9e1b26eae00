from __future__ import annotations

from pathlib import Path

import pytest

from checklist.catalog import catalog_path, interface_messages, load_catalog
from tests.conftest import ROOT

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def write(locales: Path, language: str, body: str) -> None:
    path = catalog_path(locales, language)
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + body, encoding="utf-8")


def test_a_project_wins_over_the_package_string_by_string(tmp_path: Path) -> None:
    write(tmp_path, "ko", 'msgid "Print"\nmsgstr "출력"\n')
    catalog, problems = load_catalog("ko", tmp_path)
    assert not problems
    assert catalog.text("Print") == "출력"
    assert catalog.text("Checklist") == "체크리스트"


def test_an_unknown_string_stays_english() -> None:
    catalog, _ = load_catalog("ko", None)
    assert catalog.text("No such string") == "No such string"
    assert not catalog.has("No such string")


def test_a_fuzzy_or_empty_entry_does_not_count_as_translated(tmp_path: Path) -> None:
    write(tmp_path, "it", '#, fuzzy\nmsgid "Print"\nmsgstr "Stampa"\n\nmsgid "Source"\nmsgstr ""\n')
    catalog, _ = load_catalog("it", tmp_path)
    assert not catalog.has("Print")
    assert not catalog.has("Source")


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", 1, "0 of 1 done"),
        ("ko", 1, "1개 중 0개 완료"),
        ("ko", 7, "7개 중 0개 완료"),
        ("es", 1, "0 de 1 completado"),
        ("es", 7, "0 de 7 completados"),
    ],
)
def test_the_plural_form_goes_with_the_number(language: str, number: int, expected: str) -> None:
    catalog, _ = load_catalog(language, ROOT / "locales")
    assert catalog.count("{done} of {n} done", "{done} of {n} done", number, done=0) == expected


def test_plural_forms_are_named_as_browsers_name_them(tmp_path: Path) -> None:
    forms = "".join(f'msgstr[{n}] "{form}"\n' for n, form in enumerate(("one", "few", "many")))
    body = f'msgid "{{n}} a"\nmsgid_plural "{{n}} b"\n{forms}'
    rule = "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
    path = catalog_path(tmp_path, "pl")
    path.parent.mkdir(parents=True)
    head = HEAD + f'"Plural-Forms: nplurals=3; plural={rule};\\n"\n'
    path.write_text(head + body, encoding="utf-8")
    catalog, problems = load_catalog("pl", tmp_path)
    assert not problems
    named = catalog.plural_forms("{n} a", "{n} b")
    assert named == {"one": "one", "few": "few", "many": "many"}


def test_a_catalog_that_cannot_be_read_is_a_problem_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "it", 'msgid "Print"\nmsgstr "Stampa"\nnonsense\n')
    catalog, (problem,) = load_catalog("it", tmp_path)
    assert problem.code == "bad-catalog"
    assert problem.place.line > 1
    assert catalog.text("Print") == "Print"


def test_a_rule_that_asks_for_a_form_too_many_is_a_problem(tmp_path: Path) -> None:
    path = catalog_path(tmp_path, "it")
    path.parent.mkdir(parents=True)
    head = HEAD + '"Plural-Forms: nplurals=1; plural=(n > 1);\\n"\n'
    path.write_text(head + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', encoding="utf-8")
    catalog, (problem,) = load_catalog("it", tmp_path)
    assert problem.code == "bad-catalog"
    assert "plural forms" in problem.message
    assert not catalog.readable


@pytest.mark.parametrize("language", ["ko", "es"])
def test_our_catalogs_have_every_string_and_no_other(language: str) -> None:
    catalog, problems = load_catalog(language, ROOT / "locales")
    assert not problems
    assert set(catalog.messages) == set(interface_messages())
