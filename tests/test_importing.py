"""What comes back from translators: taken over whole, or not at all and with every reason."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import pytest
from polib import POEntry

from checklist.catalog import catalog_path
from checklist.checks import wordings
from checklist.checks.pairs import Fault, Pair
from checklist.problems import Severity
from checklist.review import Alike, Review, State, dump_review, review_path
from checklist.translate import importing
from checklist.translate.importing import apply, diff
from checklist.translate.plans import Plan, texts
from tests.conftest import FOREIGN, SMALL
from tests.exchange import PO, Exchange, edited, exchange_of, flagged, line_of, recorded, worded

TITLE = "items/belag-pruefen/title"
OLD = "Vérifiez les plaquettes de frein"
NEW = "Contrôlez les plaquettes de frein"
WHY = "items/belag-pruefen/why"


@pytest.fixture(name="velo")
def bicycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """The small project, German with a French translation, without a record."""
    velo = exchange_of(SMALL / "checklist.yaml", tmp_path / "velo", "fr")
    monkeypatch.chdir(tmp_path / "velo")
    return velo


@pytest.fixture
def huts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """The foreign project, Arabic with an unfinished Portuguese translation."""
    huts = exchange_of(FOREIGN / "checklist.yaml", tmp_path / "huts", "pt-BR")
    monkeypatch.chdir(tmp_path / "huts")
    return huts


def kept(velo: Exchange, **states: State) -> Exchange:
    """The project with a record, and the title or the reason of its first item in a state."""
    ids = {"title": TITLE, "why": WHY}
    velo.keep_record({ids[name]: state for name, state in states.items()})
    return velo


def noted(note: str) -> Callable[[POEntry], None]:
    """What a translator does who has something to say."""

    def change(entry: POEntry) -> None:
        entry.tcomment = note

    return change


def plural(*forms: str) -> Callable[[POEntry], None]:
    """What a translator does who knows how to count."""

    def change(entry: POEntry) -> None:
        entry.msgstr_plural = dict(enumerate(forms))

    return change


def outcomes(plan: Plan) -> dict[str, str]:
    return {step.after.id: step.outcome for step in plan.steps if step.outcome != "unchanged"}


# ---- wordings


def test_a_new_wording_changes_that_scalar_and_that_line_of_the_record(velo: Exchange) -> None:
    kept(velo)
    before = velo.files
    plan = velo.take(edited(velo.export(), TITLE, worded(NEW)))
    after = velo.files
    record = review_path(Path("locales"), "fr").as_posix()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"checklist.yaml", record}
    expected = before["checklist.yaml"].decode().replace(OLD, NEW)
    assert after["checklist.yaml"].decode() == expected
    lines = set(after[record].decode().split("\n")) ^ set(before[record].decode().split("\n"))
    assert len(lines) == 2
    assert all(TITLE in line for line in lines)
    assert outcomes(plan) == {TITLE: "changed"}
    entry = velo.entries[TITLE]
    assert (entry.by, entry.state) == ("Lee, Kim", State.TRANSLATED)
    assert entry.original == velo.messages[TITLE].original
    assert velo.states[TITLE] is State.TRANSLATED


def test_a_second_import_of_the_same_file_changes_nothing(velo: Exchange) -> None:
    text = edited(kept(velo).export(), TITLE, worded(NEW, fuzzy=True))
    velo.take(text)
    before = velo.files
    assert outcomes(velo.take(text)) == {}
    assert velo.files == before


def test_line_breaks_inside_a_paragraph_change_nothing(velo: Exchange) -> None:
    before = kept(velo).files
    wording = velo.messages[WHY].forms[0]
    velo.take(edited(velo.export(), WHY, worded(wording.replace(" ", "\n", 1))))
    assert velo.files == before


def test_an_empty_wording_never_erases(velo: Exchange) -> None:
    before = kept(velo).files
    for wording in ("", "  ", "\n"):
        plan = velo.take(edited(velo.export(), TITLE, worded(wording)))
        assert outcomes(plan) == {TITLE: "untranslated"}
        assert plan.summary["untranslated"] == 1
        assert velo.files == before


def test_a_missing_wording_is_added(huts: Exchange) -> None:
    huts.keep_record()
    missing = [id for id, state in huts.states.items() if state is State.MISSING]
    assert len(missing) >= 5
    text = huts.export()
    id = missing[0]
    plan = huts.take(edited(text, id, worded("Lista para quem caminha.")))
    assert plan.summary["new"] == 1
    assert huts.messages[id].forms == ("Lista para quem caminha.",)
    assert huts.states[id] is State.TRANSLATED


# ---- what the record learns


def test_an_entry_made_from_an_earlier_original_comes_in_stale(velo: Exchange) -> None:
    text = kept(velo).export()
    earlier = velo.messages[TITLE].original
    velo.replace("Prüfen Sie die Bremsbeläge", "Prüfen Sie die Bremsen")
    assert velo.states[TITLE] is State.STALE
    plan = velo.take(edited(text, TITLE, worded(NEW)))
    assert velo.messages[TITLE].forms == (NEW,)
    assert velo.states[TITLE] is State.STALE
    assert velo.entries[TITLE].original == earlier
    assert plan.summary["stale"] == 1


def test_an_original_that_means_the_same_makes_nothing_stale(velo: Exchange) -> None:
    text = kept(velo).export()
    earlier = velo.messages[TITLE].original_hash
    velo.replace("Prüfen Sie die Bremsbeläge", "Prüfen Sie die Bremsbeläge!")
    groups = (frozenset({earlier, velo.messages[TITLE].original_hash}),)
    same = Review("de", {}, alike={TITLE: Alike(groups, "Lee")})
    path = review_path(Path("locales"), "de")
    path.parent.mkdir(exist_ok=True)
    path.write_text(dump_review(same), "utf-8")
    assert velo.states[TITLE] is State.TRANSLATED
    velo.take(edited(text, TITLE, worded(NEW)))
    assert velo.messages[TITLE].forms == (NEW,)
    assert velo.states[TITLE] is State.TRANSLATED


def test_an_old_file_does_not_undo_what_was_translated_since(velo: Exchange) -> None:
    text = kept(velo).export()
    velo.replace("Prüfen Sie die Bremsbeläge", "Prüfen Sie die Bremsen")
    velo.replace(OLD, "Vérifiez les freins")
    velo.keep_record()
    before = velo.files
    assert outcomes(velo.take(text)) == {}
    assert velo.plan(text)[1] == []
    text = edited(text, TITLE, worded(NEW))
    plan, problems = velo.plan(text)
    assert plan
    assert [(each.code, each.severity) for each in problems] == [
        ("outdated-translation", Severity.WARNING)
    ]
    assert problems[0].place.line == line_of(text, TITLE)
    velo.take(text)
    assert velo.files == before


def test_what_somebody_else_changed_meanwhile_stays_unless_it_was_worked_on(velo: Exchange) -> None:
    text = kept(velo).export()
    velo.replace(OLD, "Vérifiez les freins")
    before = velo.files
    assert outcomes(velo.take(text)) == {}
    assert velo.files == before
    other = edited(text, WHY, worded("Du métal qui **freine**."))
    assert outcomes(velo.take(other)) == {WHY: "changed"}
    assert velo.messages[TITLE].forms == ("Vérifiez les freins",)
    plan, problems = velo.plan(edited(text, TITLE, worded(NEW)))
    assert plan
    assert outcomes(plan) == {TITLE: "changed"}
    assert [(each.code, each.severity) for each in problems] == [
        ("changed-twice", Severity.WARNING)
    ]


def test_without_the_hash_of_what_went_out_a_wording_counts_as_worked_on(velo: Exchange) -> None:
    text = kept(velo).export()
    bare = "\n".join(line for line in text.split("\n") if not line.startswith("#."))
    velo.replace(OLD, "Vérifiez les freins")
    assert outcomes(velo.take(bare)) == {TITLE: "changed"}


@pytest.mark.parametrize("state", [State.STALE, State.DRAFT, State.UNRECORDED])
def test_a_flag_taken_away_says_that_the_wording_is_right(velo: Exchange, state: State) -> None:
    text = kept(velo, title=state).export()
    assert velo.states[TITLE] is state
    plan = velo.take(edited(text, TITLE, lambda entry: flagged(entry, fuzzy=False)))
    assert outcomes(plan) == {TITLE: "still valid"}
    assert velo.states[TITLE] is State.TRANSLATED
    assert velo.entries[TITLE].by.rpartition(", ")[2] == "Kim"


def test_nobody_says_that_a_wording_is_right_without_a_name(velo: Exchange) -> None:
    text = kept(velo, title=State.STALE).export()
    plan = velo.take(edited(text, TITLE, lambda entry: flagged(entry, fuzzy=False)), by="")
    assert outcomes(plan) == {}
    assert velo.states[TITLE] is State.STALE


@pytest.mark.parametrize("state", [State.TRANSLATED, State.REVIEWED])
def test_a_flag_put_on_makes_a_draft_of_the_wording(velo: Exchange, state: State) -> None:
    text = kept(velo, title=state).export()
    plan = velo.take(edited(text, TITLE, lambda entry: flagged(entry, fuzzy=True)))
    assert outcomes(plan) == {TITLE: "marked fuzzy"}
    assert velo.states[TITLE] is State.DRAFT
    assert velo.entries[TITLE].by == "Lee"


@pytest.mark.parametrize("state", [state for state in State if state is not State.MISSING])
def test_what_nobody_touched_stays_as_it_was(velo: Exchange, state: State) -> None:
    text = kept(velo, title=state).export()
    before = velo.files
    plan = velo.take(edited(text, WHY, worded("Un autre texte, avec du métal qui **freine**.")))
    assert outcomes(plan) == {WHY: "changed"}
    assert velo.states[TITLE] is state
    assert velo.files["checklist.yaml"] != before["checklist.yaml"]


@pytest.mark.parametrize("fuzzy", [False, True])
def test_a_fuzzy_wording_comes_in_as_a_draft(velo: Exchange, fuzzy: bool) -> None:
    text = kept(velo, title=State.REVIEWED).export()
    velo.take(edited(text, TITLE, worded(NEW, fuzzy=fuzzy)))
    assert velo.states[TITLE] is (State.DRAFT if fuzzy else State.TRANSLATED)


def test_a_file_from_before_the_original_changed_confirms_nothing(velo: Exchange) -> None:
    text = kept(velo, title=State.REVIEWED).export()
    velo.replace("Prüfen Sie die Bremsbeläge", "Prüfen Sie die Bremsen")
    before = velo.files
    assert velo.states[TITLE] is State.STALE
    assert outcomes(velo.take(text)) == {}
    assert velo.files == before


def test_an_old_flag_casts_no_doubt_on_what_is_current_now(velo: Exchange) -> None:
    text = kept(velo, title=State.STALE).export()
    velo.replace("Prüfen Sie die Bremsbeläge", "Prüfen Sie die Bremsen")
    velo.keep_record()
    before = velo.files
    assert outcomes(velo.take(text)) == {}
    assert velo.files == before


def test_flags_that_a_tool_has_dropped_confirm_nothing(velo: Exchange) -> None:
    text = kept(velo, title=State.STALE, why=State.DRAFT).export()
    bare = "\n".join(line for line in text.split("\n") if not line.startswith("#,"))
    before = velo.files
    assert outcomes(velo.take(bare)) == {}
    assert velo.files == before
    velo.take(edited(bare, TITLE, worded(NEW)))
    assert velo.states[TITLE] is State.TRANSLATED
    assert velo.states[WHY] is State.DRAFT


def test_a_file_from_before_there_was_a_record_confirms_nothing(velo: Exchange) -> None:
    text = velo.export()
    velo.write_record([])
    before = velo.files
    assert velo.states[TITLE] is State.UNRECORDED
    assert outcomes(velo.take(text)) == {}
    assert velo.files == before


def test_without_a_record_none_is_begun(velo: Exchange) -> None:
    text = edited(velo.export(), TITLE, worded(NEW))
    plan, problems = velo.plan(text)
    assert plan
    assert [(each.code, each.severity) for each in problems] == [("no-record", Severity.NOTICE)]
    velo.take(text)
    assert velo.messages[TITLE].forms == (NEW,)
    assert not review_path(Path("locales"), "fr").exists()
    assert velo.plan(velo.export())[1] == []


def test_a_note_survives_a_new_wording_and_a_waiver_does_not(velo: Exchange) -> None:
    entry = recorded(velo.messages[TITLE], State.REVIEWED)
    assert entry
    kept(velo)
    waived = replace(entry, waived={"some-rule": "it is right"}, note="Look at the plural.")
    velo.write_record([*(e for e in velo.entries.values() if e.id != TITLE), waived])
    velo.take(edited(velo.export(), TITLE, worded(NEW)))
    assert velo.entries[TITLE].waived == {}
    assert velo.entries[TITLE].note == "Look at the plural."


NOTES = ["A word.", "Two lines.\nThe second.", "  indented\n\n#1, not a heading", "# x\n~ y | z, w"]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("state", [State.STALE, State.UNRECORDED, State.REVIEWED])
def test_a_comment_of_a_translator_comes_in_and_goes_out(
    velo: Exchange, note: str, state: State
) -> None:
    plan = velo.take(edited(kept(velo, title=state).export(), TITLE, noted(note)))
    assert outcomes(plan) == {TITLE: "noted"}
    assert velo.entries[TITLE].note == note
    assert velo.states[TITLE] is state
    before = velo.files
    assert velo.take(velo.export()).is_empty
    assert velo.files == before


def test_a_comment_on_what_is_missing_is_kept_and_does_not_translate_it(huts: Exchange) -> None:
    huts.keep_record()
    id = next(id for id, state in huts.states.items() if state is State.MISSING)

    huts.take(edited(huts.export(), id, noted("What is this?")))
    assert huts.states[id] is State.MISSING
    assert "# What is this?\n" in huts.export()


def test_a_comment_left_out_by_a_tool_is_not_lost(velo: Exchange) -> None:
    kept(velo)
    entry = replace(velo.entries[TITLE], note="Look.")
    velo.write_record([*(e for e in velo.entries.values() if e.id != TITLE), entry])
    text = velo.export()
    assert "\n# Look.\n" in text
    before = velo.files
    velo.take(text.replace("\n# Look.\n", "\n"))
    assert velo.files == before


# ---- interface strings

PRINT = "ui/Print"
COUNT = "ui/{n} not applicable"


def catalog() -> str:
    return catalog_path(Path("locales"), "fr").read_text("utf-8")


def test_an_interface_string_changes_its_line_of_the_catalog(velo: Exchange) -> None:
    before = catalog()
    old = velo.messages[PRINT].forms[0]
    velo.take(edited(kept(velo).export(), PRINT, worded("Imprimer « tout »")))
    assert catalog() == before.replace(f'msgstr "{old}"', 'msgstr "Imprimer « tout »"')
    assert catalog() != before
    assert velo.states[PRINT] is State.TRANSLATED


def test_a_plural_comes_back_in_all_its_forms(velo: Exchange) -> None:
    forms = ("{n} ne compte pas", "{n} ne comptent pas")
    velo.take(edited(velo.export(), COUNT, plural(*forms)))
    assert velo.messages[COUNT].forms == forms


def test_a_string_that_the_catalog_lacks_is_added_at_its_end(velo: Exchange) -> None:
    path = catalog_path(Path("locales"), "fr")
    old = velo.messages[PRINT].forms[0]
    before = catalog().replace(f'msgid "Print"\nmsgstr "{old}"\n\n', "")
    assert before != catalog()
    path.write_text(before, "utf-8")
    text = velo.export()
    assert velo.messages[PRINT].wording == ()
    velo.take(edited(text, PRINT, worded('Imprimer "\\"')))
    assert catalog() == before + '\nmsgid "Print"\nmsgstr "Imprimer \\"\\\\\\""\n'
    assert velo.messages[PRINT].forms == ('Imprimer "\\"',)


def test_an_entry_that_was_fuzzy_or_empty_in_the_catalog_counts_afterwards(velo: Exchange) -> None:
    path = catalog_path(Path("locales"), "fr")
    old = velo.messages[PRINT].forms[0]
    entry = f'msgid "Print"\nmsgstr "{old}"'
    for flags, kept_flags in (("#, fuzzy\n", ""), ("#, fuzzy, c-format\n", "#, c-format\n")):
        changed = catalog().replace(entry, f'# Note.\n{flags}msgid ""\n"Print"\nmsgstr ""\n"Imp"')
        assert changed != catalog()
        path.write_text(changed, "utf-8")
        assert velo.messages[PRINT].wording == ()
        velo.take(edited(velo.export(), PRINT, worded("Imprimer")))
        expected = f'# Note.\n{kept_flags}msgid ""\n"Print"\nmsgstr "Imprimer"\n'
        assert catalog() == changed.replace(
            f'# Note.\n{flags}msgid ""\n"Print"\nmsgstr ""\n"Imp"\n', expected
        )
        assert velo.messages[PRINT].forms == ("Imprimer",)
        path.write_text(catalog().replace(expected, f"{entry}\n"), "utf-8")


def test_a_catalog_with_windows_line_ends_keeps_them(velo: Exchange) -> None:
    path = catalog_path(Path("locales"), "fr")
    old = velo.messages[PRINT].forms[0]
    before = catalog().replace("\n", "\r\n").encode()
    path.write_bytes(before)
    velo.take(edited(velo.export(), PRINT, worded("Imprimer tout")))
    assert path.read_bytes() == before.replace(
        f'msgstr "{old}"\r\n'.encode(), b'msgstr "Imprimer tout"\r\n'
    )


def test_a_catalog_is_made_where_there_is_none(velo: Exchange) -> None:
    rmtree("locales/fr")
    text = velo.export()
    assert "nplurals=2; plural=(n > 1);" in text
    velo.take(edited(text, PRINT, worded("Imprimer")))
    assert velo.messages[PRINT].forms == ("Imprimer",)
    assert "nplurals=2; plural=(n > 1);" in catalog()
    assert "French" in catalog().split("\n")[0]
    assert 'Project-Id-Version: fahrrad\\n"' in catalog()


def test_a_catalog_that_cannot_be_read_is_not_written_either(velo: Exchange) -> None:
    text = edited(velo.export(), PRINT, worded("Imprimer tout"))
    path = catalog_path(Path("locales"), "fr")
    path.write_text(catalog() + "nonsense\n", "utf-8")
    assert "bad-catalog" in {problem.code for problem in velo.refuse(text)}


def test_a_record_that_cannot_be_read_is_not_written_either(velo: Exchange) -> None:
    text = edited(kept(velo).export(), TITLE, worded(NEW))
    path = review_path(Path("locales"), "fr")
    path.write_text(path.read_text("utf-8") + "nonsense\n", "utf-8")
    assert "bad-record" in {problem.code for problem in velo.refuse(text)}


# ---- what is refused

BAD = [
    (TITLE, "Vérifiez <b>tout</b>", "raw-html"),
    (TITLE, "Vérifiez [tout]", "bracket-in-title"),
    (TITLE, "Vérifiez `tout", "open-code"),
    (TITLE, "é" * 81, "too-long"),
    (TITLE, "Vérifiez\n\ntout", "not-one-line"),
    (TITLE, "Vérifiez\u200btout", "invisible-character"),
    (TITLE, "Vérifiez\u202etout", "invisible-character"),
    (TITLE, "Vérifiez\ufffetout", "control-character"),
    (WHY, "Voyez [ceci](ftp://velo.example/).", "invalid-url"),
    (WHY, "Voyez [ceci](javascript:alert(1)).", "unsafe-link"),
    (PRINT, "Imprimer {tout}", "ui-placeholders"),
    (PRINT, "Imprimer\u200b", "invisible-character"),
]


@pytest.mark.parametrize(("id", "wording", "code"), BAD)
def test_a_wording_with_an_error_refuses_the_whole_file_at_its_line(
    velo: Exchange, id: str, wording: str, code: str
) -> None:
    text = edited(kept(velo).export(), id, worded(wording))
    other = "sections/antrieb/title"
    text = edited(text, other, worded("Une autre transmission"))
    problems = velo.refuse(text)
    found = {(each.place.path, each.place.line, each.code) for each in problems}
    assert (PO, line_of(text, id), code) in found


def test_a_conflict_marker_inside_a_wording_is_none(velo: Exchange) -> None:
    velo.take(edited(velo.export(), WHY, worded("Un\n\n```\n=======\n```\n\n**freine**")))
    assert "=======" in velo.messages[WHY].forms[0]


def test_all_faults_are_told_at_once(velo: Exchange) -> None:
    text = kept(velo).export()
    for id, wording, _ in (BAD[0], BAD[8], BAD[10]):
        text = edited(text, id, worded(wording))
    codes = {problem.code for problem in velo.refuse(text)}
    assert codes >= {"raw-html", "invalid-url", "ui-placeholders"}


def shouting(pair: Pair) -> Iterable[Fault]:
    """A rule for the tests below: nothing is to be shouted."""
    if "!" in pair.wording:
        yield Fault(pair.wording.index("!"), "shouting", "it shouts; speak lower")


@pytest.fixture
def _one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordings, "RULES", (shouting,))
    monkeypatch.setattr(wordings, "LANGUAGE_RULES", {})


@pytest.mark.usefixtures("_one_rule")
def test_a_warning_is_listed_and_stops_nothing(velo: Exchange) -> None:
    text = edited(kept(velo).export(), TITLE, worded("Vérifiez !"))
    plan, problems = velo.plan(text)
    assert plan
    assert [(each.place.path, each.place.line, each.code) for each in problems] == [
        (PO, line_of(text, TITLE), "shouting")
    ]
    velo.take(text)
    assert velo.messages[TITLE].forms == ("Vérifiez !",)


@pytest.mark.usefixtures("_one_rule")
def test_rules_look_at_new_wordings_only(velo: Exchange) -> None:
    velo.replace(OLD, "Vérifiez !")
    kept(velo)
    waived = replace(velo.entries[TITLE], waived={"shouting": "it may"})
    velo.write_record([*(e for e in velo.entries.values() if e.id != TITLE), waived])
    assert velo.plan(velo.export())[1] == []
    _, problems = velo.plan(edited(velo.export(), TITLE, worded("Contrôlez !")))
    assert [problem.code for problem in problems] == ["shouting"]
    assert velo.plan(edited(velo.export(), TITLE, worded("Contrôlez")))[1] == []


def test_an_unknown_id_is_listed_and_stops_nothing(velo: Exchange) -> None:
    text = edited(velo.export(), TITLE, worded(NEW))
    text = text.replace('"sections/antrieb/title"', '"sections/fahrwerk/title"')
    plan, problems = velo.plan(text)
    assert plan
    assert plan.summary["unknown"] == 1
    listed = [each for each in problems if each.severity is Severity.WARNING]
    assert [(each.code, each.place.line) for each in listed] == [
        ("unknown-message", line_of(text, "sections/fahrwerk/title"))
    ]
    velo.take(text)
    assert velo.messages[TITLE].forms == (NEW,)


def test_an_item_that_was_renamed_is_named(velo: Exchange) -> None:
    text = velo.export().replace("items/belag-pruefen/", "items/belag-messen/")
    _, problems = velo.plan(text)
    assert len(problems) >= 3
    assert "'items/belag-pruefen/title'" in problems[0].message


def test_a_file_without_any_known_id_is_refused(velo: Exchange) -> None:
    text = velo.export().replace('msgctxt "', 'msgctxt "other/')
    assert [each.code for each in velo.refuse(text)] == ["other-checklist"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("X-Checklist: fahrrad", "X-Checklist: auto", "other-checklist"),
        ("Language: fr", "Language: it", "undeclared-language"),
        ('"Language: fr\\n"\n', "", "undeclared-language"),
    ],
)
def test_a_file_for_something_else_is_refused_in_one_line(
    velo: Exchange, before: str, after: str, code: str
) -> None:
    text = velo.export()
    assert before in text
    assert [each.code for each in velo.refuse(text.replace(before, after))] == [code]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("auto", "other-checklist"),
        ("auto 1.0", "other-checklist"),
        ("fahrrad", None),
        ("fahrrad 1.0", None),
        ("PACKAGE VERSION", None),
        ("", None),
    ],
)
def test_where_a_tool_dropped_our_header_that_of_gettext_is_looked_at(
    velo: Exchange, name: str, code: str | None
) -> None:
    text = velo.export().replace('"X-Checklist: fahrrad\\n"\n', "")
    text = text.replace("Project-Id-Version: fahrrad", f"Project-Id-Version: {name}")
    _, problems = velo.plan(text)
    assert [each.code for each in problems] == ([code] if code else [])


def test_the_source_language_is_not_imported(velo: Exchange) -> None:
    text = velo.export().replace("Language: fr", "Language: de")
    text = "\n\n".join(part for part in text.split("\n\n") if 'msgctxt "ui/' not in part)
    assert [each.code for each in velo.refuse(text)] == ["source-language"]


def test_of_the_source_language_only_interface_strings_come_in(velo: Exchange) -> None:
    text = velo.export().replace("Language: fr", "Language: de")
    plan, problems = velo.plan(edited(text, PRINT, worded("Drucken, bitte")))
    assert plan
    assert plan.language == "de"
    assert plan.changes == {}
    assert plan.interface["Print"].forms == ("Drucken, bitte",)
    left_out = [each for each in problems if each.code == "unknown-message"]
    assert len(left_out) == plan.summary["unknown"] > 10
    assert all("edit the YAML file instead" in each.message for each in left_out)


def test_plural_forms_that_the_catalog_cannot_have_are_refused(velo: Exchange) -> None:
    text = edited(velo.export(), COUNT, plural("{n} a", "{n} b", "{n} c"))
    (problem,) = velo.refuse(text)
    assert (problem.code, problem.place.line) == ("plural-forms", line_of(text, COUNT))


def test_a_plural_that_lacks_a_form_is_left_out(velo: Exchange) -> None:
    before = velo.files
    text = edited(velo.export(), COUNT, plural("{n} ne compte pas", ""))
    _, problems = velo.plan(text)
    assert [each.code for each in problems] == ["incomplete-plural"]
    velo.take(text)
    assert velo.files == before


def test_a_wording_for_any_yaml_comes_in_whole(velo: Exchange) -> None:
    for wording in ("a: b", "- a", "a #b", "@a", "|", "!a", "a\tb", "'\"", "😀", "no", "404", "~"):
        velo.take(edited(velo.export(), TITLE, worded(wording)))
        assert velo.messages[TITLE].forms == (wording,)


# ---- who

BY = [
    ("Kim", "Ana <ana@example.org>", "Lee, Kim"),
    ("", "Ana <ana@example.org>", "Lee, Ana"),
    ("", "FULL NAME <EMAIL@ADDRESS>", "Lee"),
]


@pytest.mark.parametrize(("option", "header", "expected"), BY)
def test_the_translator_is_named_in_the_record(
    velo: Exchange, option: str, header: str, expected: str
) -> None:
    text = edited(kept(velo).export(), TITLE, worded(NEW))
    line = f'"Last-Translator: {header}\\n"\n"Language: fr'
    velo.take(text.replace('"Language: fr', line), by=option)
    assert velo.entries[TITLE].by == expected


# ---- carrying it out


def test_an_edit_between_plan_and_import_is_not_lost(velo: Exchange) -> None:
    plan, _ = kept(velo).plan(edited(kept(velo).export(), TITLE, worded(NEW)))
    assert plan
    velo.replace("Le vélo en hiver", "Le vélo en été")
    velo.replace("# A checklist about", "# Still a checklist about")
    theirs = replace(velo.entries[WHY], by="Minji")
    velo.write_record([*(e for e in velo.entries.values() if e.id != WHY), theirs])
    assert apply(plan, velo.settings) == []
    assert velo.messages["title"].forms == ("Le vélo en été",)
    assert velo.messages[TITLE].forms == (NEW,)
    assert velo.entries[WHY].by == "Minji"
    assert velo.files["checklist.yaml"].startswith(b"# Still")


def test_an_edit_that_makes_the_plan_impossible_stops_it(velo: Exchange) -> None:
    plan, _ = velo.plan(edited(velo.export(), TITLE, worded(NEW)))
    assert plan
    velo.replace("id: fahrrad", "id: auto")
    before = velo.files
    assert [each.code for each in apply(plan, velo.settings)] == ["other-checklist"]
    assert velo.files == before
    Path("checklist.yaml").write_text("nonsense: [", "utf-8")
    before = velo.files
    assert "syntax-error" in {each.code for each in apply(plan, velo.settings)}
    assert velo.files == before


def test_an_edit_in_the_last_moment_is_not_overwritten(
    velo: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _ = kept(velo).plan(edited(kept(velo).export(), TITLE, worded(NEW)))
    assert plan
    before = velo.files

    def slow(anew: Plan) -> object:
        made = texts(anew)
        velo.replace("Le vélo en hiver", "Le vélo en été")
        return made

    monkeypatch.setattr(importing, "texts", slow)
    (problem,) = apply(plan, velo.settings)
    assert problem.code == "changed-meanwhile"
    after = velo.files
    changed = before["checklist.yaml"].decode().replace("en hiver", "en été")
    assert after.pop("checklist.yaml").decode() == changed
    before.pop("checklist.yaml")
    assert after == before


def test_the_project_is_read_and_written_under_its_lock(
    velo: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, _ = velo.plan(edited(velo.export(), TITLE, worded(NEW)))
    assert plan
    seen: list[str] = []

    @contextmanager
    def lock(path: Path) -> Iterator[None]:
        seen.append(f"locked {path}")
        yield
        seen.append("unlocked")

    def followed(name: str) -> Callable[..., object]:
        work = getattr(importing, name)

        def run(*args: object) -> object:
            seen.append(name)
            return work(*args)

        return run

    monkeypatch.setattr(importing, "locked", lock)
    for name in ("read_project", "replace_texts"):
        monkeypatch.setattr(importing, name, followed(name))
    assert apply(plan, velo.settings) == []
    assert seen == ["locked checklist.yaml", "read_project", "replace_texts", "unlocked"]


IMPORT = """
import sys
from pathlib import Path
from checklist.project import Settings, examine
from checklist.translate.importing import apply, plan_import, read_po
settings = Settings(Path("checklist.yaml"), Path("locales"), Path("docs"))
incoming, _ = read_po(Path(sys.argv[1]).read_bytes(), "x.po")
plan, problems = plan_import(examine(settings)[0], incoming, sys.argv[1])
print(apply(plan, settings) if plan else problems)
"""


NAMES = ("un", "deux", "trois", "quatre")


def test_two_imports_at_once_come_one_after_the_other(velo: Exchange) -> None:
    ids = [id for id in kept(velo).messages if id.endswith("/title")][:4]
    assert len(ids) == 4
    text = velo.export()
    new = {id: f"{velo.messages[id].forms[0]} {name}" for id, name in zip(ids, NAMES, strict=True)}
    for number, id in enumerate(ids):
        Path(f"{number}.po").write_text(edited(text, id, worded(new[id])), "utf-8")
    imports = [
        subprocess.Popen([sys.executable, "-c", IMPORT, f"{number}.po"], stdout=subprocess.PIPE)
        for number in range(4)
    ]
    assert [process.communicate()[0].strip() for process in imports] == [b"[]"] * 4
    messages, entries = velo.messages, velo.entries
    for number, id in enumerate(ids):
        assert messages[id].forms == (new[id],)
        assert entries[id].by == f"Lee, {number}.po"


def test_a_rehearsal_shows_every_change_and_writes_nothing(velo: Exchange) -> None:
    text = edited(kept(velo, why=State.STALE).export(), TITLE, worded(NEW))
    text = edited(text, WHY, lambda entry: flagged(entry, fuzzy=False))
    before = velo.files
    plan, _ = velo.plan(text)
    assert plan
    made, problems = texts(plan)
    assert problems == []
    assert [path.name for path in made] == ["checklist.yaml", "review.jsonl"]
    assert velo.files == before
    title = velo.messages[TITLE].place.line
    why = velo.messages[WHY].place.line
    assert diff(plan).split("\n") == [
        f"checklist.yaml:{title}: {TITLE} (translated)",
        "    [-Vérifiez-]{+Contrôlez+} les plaquettes de frein",
        f"checklist.yaml:{why}: {WHY} (stale -> translated)",
    ]


def test_without_a_record_a_rehearsal_tells_no_states(velo: Exchange) -> None:
    plan, _ = velo.plan(edited(velo.export(), TITLE, worded(NEW)))
    assert plan
    assert diff(plan).split("\n")[0].endswith(f": {TITLE}")


def test_the_summary_counts_what_happens(huts: Exchange) -> None:
    huts.keep_record()
    text = huts.export() + '\n#~ msgctxt "x"\n#~ msgid "y"\n#~ msgstr "z"\n'
    ids = [id for id, state in huts.states.items() if state is State.TRANSLATED]
    text = edited(text, ids[3], lambda entry: flagged(entry, fuzzy=True))
    plan, _ = huts.plan(text)
    assert plan
    counts = {what: number for what, number in plan.summary.items() if number}
    missing = sum(state is State.MISSING for state in huts.states.values())
    assert counts == {
        "marked fuzzy": 1,
        "untranslated": missing,
        "unchanged": len(huts.messages) - missing - 1,
        "obsolete": 1,
    }
