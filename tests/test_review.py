"""The record of translations, and what it says about each of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.checks.pairs import Fault, Pair
from checklist.checks.translations import check_states
from checklist.checks.wordings import check_wordings
from checklist.glossary import Glossary
from checklist.messages import Kind, Message
from checklist.model import Language, Phrase
from checklist.problems import Place, Severity
from checklist.review import (
    Alike,
    Entry,
    Review,
    State,
    dump_review,
    entry_of,
    load_review,
    record,
    renamed,
    state_of,
)

KO = Language("ko", "한국어")


def message(original: str = "Cap retries", *wording: str, id: str = "items/cap/title") -> Message:
    place = Place("c.yaml", 3, 5)
    phrases = tuple(Phrase(each, "ko", place) for each in wording)
    return Message(id, Kind.TEXT, (original,), phrases, Place("c.yaml", 2, 5), place)


NOW = message("Cap retries", "재시도를 제한하세요")
REVIEWED = record(Review("ko", {}, kept=True), [entry_of(NOW, State.REVIEWED, "kim")])


def test_nothing_is_missing() -> None:
    assert state_of(message(), REVIEWED) is State.MISSING


def test_what_the_record_does_not_know_is_unrecorded() -> None:
    assert state_of(NOW, Review("ko", {})) is State.UNRECORDED


@pytest.mark.parametrize("state", [State.DRAFT, State.TRANSLATED, State.REVIEWED])
def test_what_was_made_from_the_present_original_is_as_the_record_says(state: State) -> None:
    known = record(Review("ko", {}), [entry_of(NOW, state, "kim")])
    assert state_of(NOW, known) is state


def test_a_changed_original_makes_it_stale() -> None:
    assert state_of(message("Cap your retries", "재시도를 제한하세요"), REVIEWED) is State.STALE


def test_an_edited_wording_is_unrecorded() -> None:
    assert state_of(message("Cap retries", "재시도 횟수"), REVIEWED) is State.UNRECORDED


def test_an_edit_does_not_tell_that_a_wording_follows_its_original() -> None:
    assert state_of(message("Cap them", "재시도 횟수"), REVIEWED) is State.STALE


def test_where_the_lines_break_does_not_matter_and_a_letter_does() -> None:
    original = "One two\nthree.\n\n- Four\n  five"
    wording = "하나 둘\n셋."
    first = message(original, wording)
    known = record(Review("ko", {}), [entry_of(first, State.TRANSLATED, "kim")])
    again = message("One\ntwo three.\n\n- Four five", "하나\n둘 셋.")
    assert state_of(again, known) is State.TRANSLATED
    assert state_of(message("One two\nthree!\n\n- Four\n  five", wording), known) is State.STALE


def test_an_original_that_means_the_same_leaves_it_current() -> None:
    later, other = message("Cap the retries", *NOW.forms), message("Cap retries now", *NOW.forms)
    alike = Alike((), "lee").with_pair(NOW.original_hash, later.original_hash, "lee")
    source = Review("en", {}, alike={NOW.id: alike})
    assert state_of(later, REVIEWED, source) is State.REVIEWED
    assert state_of(other, REVIEWED, source) is State.STALE


def test_meaning_the_same_goes_on_from_one_edit_to_the_next_but_not_over_a_real_one() -> None:
    alike = Alike((), "").with_pair("1", "2", "lee").with_pair("2", "3", "kim")
    assert alike.has("1", "3")
    assert alike.by == "kim"
    alike = alike.with_pair("4", "5", "lee")
    assert alike.has("4", "5")
    assert not alike.has("3", "4")
    assert alike.with_pair("3", "4", "lee").has("1", "5")


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "ko/review.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.builds(
        Entry,
        id=texts,
        original=st.one_of(texts.map(lambda text: (text,)), st.tuples(texts, texts)),
        wording_hash=texts,
        state=st.sampled_from([State.DRAFT, State.TRANSLATED, State.REVIEWED]),
        by=texts,
        note=texts,
        waived=st.dictionaries(texts, texts.filter(str.strip)),
    )
)
def test_a_record_comes_back_as_it_was_written_a_line_for_each(
    tmp_path_factory: pytest.TempPathFactory, entry: Entry
) -> None:
    written = dump_review(record(Review("ko", {}), [entry]))
    assert written.count("\n") == 1
    path = write(tmp_path_factory.mktemp("record"), written.removesuffix("\n"))
    review, problems = load_review(path.parent.parent, "ko")
    assert not problems
    assert review.entries == {entry.id: entry}
    assert dump_review(review) == written


def test_lines_are_sorted_and_what_means_the_same_comes_back_too(tmp_path: Path) -> None:
    entries = [entry_of(message(id=id), State.DRAFT, "kim") for id in ("b", "c", "a")]
    alike = {"bb": Alike((frozenset("12"), frozenset("34")), "lee")}
    written = dump_review(replace(record(Review("ko", {}), entries), alike=alike))
    assert [json.loads(line)["id"] for line in written.splitlines()] == ["a", "b", "bb", "c"]
    path = write(tmp_path, written.removesuffix("\n"))
    review, problems = load_review(tmp_path, "ko")
    assert not problems
    assert review.alike == alike
    assert dump_review(review) == path.read_text("utf-8")


GOOD = dump_review(REVIEWED).strip()


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[1]",
        '{"id": 1}',
        GOOD.replace('"reviewed"', '"perfect"'),
        GOOD.replace('"original": "Cap retries"', '"original": "Cap them"'),
        GOOD.replace('"original": "Cap retries"', '"original": []'),
        GOOD.replace('"by": "kim"', '"by": 3'),
        GOOD.replace('"by": "kim"', '"waived": {"numbers-differ": ""}'),
        GOOD.replace('"by": "kim"', '"waived": []'),
        GOOD.replace("wording_hash", "hash_of_wording"),
        '{"id": "x", "same": "y"}',
        "[" * 100_000,
        GOOD.replace("kim", r"\ud800"),
        "<<<<<<< HEAD",
    ],
)
def test_a_damaged_line_is_one_problem_at_the_line_and_the_others_are_read(
    tmp_path: Path, line: str
) -> None:
    write(tmp_path, GOOD.replace("items/cap", "items/map"), line, GOOD)
    review, problems = load_review(tmp_path, "ko")
    assert [(each.code, each.place.line) for each in problems] == [("bad-record", 2)]
    assert review.entries.keys() == {"items/cap/title", "items/map/title"}


def test_two_lines_for_one_message_are_a_problem(tmp_path: Path) -> None:
    write(tmp_path, GOOD, GOOD.replace("kim", "lee"))
    review, (problem,) = load_review(tmp_path, "ko")
    assert problem.place.line == 2
    assert "already on line 1" in problem.message
    assert review.entries[NOW.id].by == "kim"


def test_a_project_without_a_record_is_not_asked_for_one() -> None:
    assert not list(check_states(KO, [(NOW, State.UNRECORDED)], Review("ko", {})))


def test_what_somebody_has_to_look_at_is_a_problem_at_the_wording() -> None:
    states = [State.STALE, State.UNRECORDED, State.DRAFT, State.TRANSLATED, State.REVIEWED]
    pairs = [(message("x", "y", id=f"items/{state}/title"), state) for state in states]
    found = list(check_states(KO, pairs, Review("ko", {}, kept=True)))
    assert [each.code for each in found] == [
        "stale-translation",
        "unrecorded-translation",
        "draft-translation",
    ]
    assert {(each.place, each.severity) for each in found} == {(NOW.place, Severity.WARNING)}
    making = list(check_states(replace(KO, required=False), pairs, Review("ko", {}, kept=True)))
    assert {each.severity for each in making} == {Severity.NOTICE}


def test_a_line_of_a_message_that_is_gone_is_a_problem_at_the_line() -> None:
    review = replace(REVIEWED, path="locales/ko/review.jsonl", lines={NOW.id: 7})
    (problem,) = check_states(KO, [], review)
    assert (problem.code, str(problem.place)) == ("orphaned-record", "locales/ko/review.jsonl:7:1")


def complain(pair: Pair) -> list[Fault]:
    return [Fault(2, "test-rule", "it is wrong; change it")] if "제한" in pair.wording else []


def waiving(reason: str) -> Review:
    entry = replace(REVIEWED.entries[NOW.id], waived={"test-rule": reason})
    return replace(record(REVIEWED, [entry]), path="r", lines={NOW.id: 4})


def test_a_waived_complaint_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.checks.wordings.RULES", (complain,))
    monkeypatch.setattr("checklist.checks.wordings.LANGUAGE_RULES", {})
    (problem,) = check_wordings([NOW], Glossary("ko", ()), REVIEWED)
    assert (problem.code, problem.place, problem.severity) == (
        "test-rule",
        NOW.place,
        Severity.WARNING,
    )
    assert problem.message == "items/cap/title (ko): it is wrong; change it"
    assert not list(check_wordings([NOW], Glossary("ko", ()), waiving("a name")))


def test_a_waiver_that_nothing_needs_is_a_problem_at_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("checklist.checks.wordings.RULES", ())
    monkeypatch.setattr("checklist.checks.wordings.LANGUAGE_RULES", {})
    (problem,) = check_wordings([NOW], Glossary("ko", ()), waiving("a name"))
    assert (problem.code, problem.place.line) == ("needless-waiver", 4)


def test_a_waiver_is_for_the_wording_it_was_given_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.checks.wordings.RULES", (complain,))
    monkeypatch.setattr("checklist.checks.wordings.LANGUAGE_RULES", {})
    edited = message("Cap retries", "재시도를 꼭 제한하세요")
    (problem,) = check_wordings([edited], Glossary("ko", ()), waiving("a name"))
    assert problem.code == "test-rule"
    old = waiving("a name").entries[NOW.id]
    assert entry_of(NOW, State.REVIEWED, "lee", old).waived == {"test-rule": "a name"}
    assert entry_of(edited, State.REVIEWED, "lee", old).waived == {}


def test_an_original_that_means_the_same_is_what_a_wording_is_held_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def look(pair: Pair) -> list[Fault]:
        seen.append(pair.original)
        return []

    monkeypatch.setattr("checklist.checks.wordings.RULES", (look,))
    monkeypatch.setattr("checklist.checks.wordings.LANGUAGE_RULES", {})
    later = message("Cap retries with `max_retry_count`", *NOW.forms)
    alike = Alike((), "lee").with_pair(NOW.original_hash, later.original_hash, "lee")
    list(
        check_wordings(
            [later], Glossary("ko", ()), REVIEWED, Review("en", {}, alike={NOW.id: alike})
        )
    )
    assert seen == ["Cap retries with `max_retry_count`"]


def test_what_is_known_about_an_item_follows_it_to_its_new_id() -> None:
    review = replace(REVIEWED, lines={NOW.id: 1})
    moved = renamed(review, {"cap": "limit"})
    assert moved.entries == {
        "items/limit/title": replace(REVIEWED.entries[NOW.id], id="items/limit/title")
    }
    assert moved.lines == {"items/limit/title": 1}
    assert renamed(review, {"map": "limit"}) is review


def test_names_are_kept_and_the_last_one_comes_last() -> None:
    old = entry_of(NOW, State.TRANSLATED, "kim")
    old = entry_of(NOW, State.REVIEWED, "lee", old)
    assert old.by == "kim, lee"
    assert entry_of(NOW, State.REVIEWED, "kim", old).by == "lee, kim"
    assert entry_of(NOW, State.REVIEWED, "", old).by == "kim, lee"


def test_a_stale_wording_is_held_to_what_it_was_made_from(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def look(pair: Pair) -> list[Fault]:
        seen.append(pair.original)
        return []

    monkeypatch.setattr("checklist.checks.wordings.LANGUAGE_RULES", {})
    monkeypatch.setattr("checklist.checks.wordings.RULES", (look,))
    stale = message("Cap retries with `max_retries`", *NOW.forms)
    list(check_wordings([stale], Glossary("ko", ()), REVIEWED))
    edited = message("Cap retries with `max_retries`", "재시도")
    list(check_wordings([edited], Glossary("ko", ()), REVIEWED))
    assert seen == ["Cap retries", "Cap retries with `max_retries`"]
