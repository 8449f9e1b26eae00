"""How far a language is, counted by section and by state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checklist.progress import (
    GENERAL,
    INTERFACE,
    PAGES,
    RESOURCES,
    Counts,
    Progress,
    contributors,
    progress_of,
)
from checklist.project import Settings, examine
from checklist.review import Entry, Review, State
from tests.conftest import FOREIGN, ROOT, SMALL
from tests.recorded import DRAFT, MISSING, STALE, edit, recorded_project


def progress(project: Path, language: str) -> Progress:
    settings = Settings(project / "checklist.yaml", project / "locales", project / "docs")
    loaded, _ = examine(settings)
    assert loaded
    return progress_of(loaded, language)


@pytest.fixture(name="french")
def french_in_every_state(tmp_path: Path) -> Progress:
    return progress(recorded_project(tmp_path), "fr")


def test_each_section_counts_its_own_texts_and_those_of_its_items(french: Progress) -> None:
    assert french.groups["bremsen"].states == {
        State.STALE: 3,
        State.TRANSLATED: 2,
        State.REVIEWED: 1,
    }
    assert french.groups["antrieb"].states == {
        State.TRANSLATED: 1,
        State.DRAFT: 1,
        State.MISSING: 1,
    }


def test_what_is_in_no_section_has_groups_of_its_own(french: Progress) -> None:
    assert list(french.groups) == ["bremsen", "antrieb", GENERAL, RESOURCES, INTERFACE, PAGES]
    assert french.groups[GENERAL].states == {State.TRANSLATED: 3}
    assert french.groups[RESOURCES].states == {State.STALE: 1}
    assert french.groups[PAGES].states == {State.STALE: 1, State.MISSING: 1}
    assert french.groups[INTERFACE].done == french.groups[INTERFACE].total > 100


def test_the_total_is_the_sum(french: Progress) -> None:
    for state in State:
        assert french.total.of(state) == sum(each.of(state) for each in french.groups.values())
    assert french.total.of(State.STALE) == 5
    assert french.total.done == french.total.total - len(french.open)


def test_what_is_open_is_kept_with_what_it_was_made_from(french: Progress) -> None:
    assert french.open[f"items/{STALE}/title"].earlier == ("Prüfen Sie die Bremsbeläge",)
    assert french.open[f"items/{STALE}/title"].state is State.STALE
    assert french.open[f"items/{DRAFT}/title"].state is State.DRAFT
    assert french.open[f"items/{MISSING}/title"].earlier == ()
    assert f"items/{STALE}/why" not in french.open


def test_the_stale_come_first_and_each_kind_keeps_its_order(french: Progress) -> None:
    states = [each.state for each in french.most_urgent()]
    assert states == [State.STALE] * 5 + [State.MISSING] * 2 + [State.DRAFT]
    stale = [each.message.id for each in french.most_urgent()][:5]
    assert stale == [id for id in french.open if french.open[id].state is State.STALE]


def test_what_stands_together_is_found_together(french: Progress) -> None:
    owned = french.by_owner[f"items/{STALE}"]
    assert [each.message.id.rpartition("/")[2] for each in owned] == ["title", "how"]
    assert [each.message.id for each in french.by_owner["pages/winter.md"]] == ["pages/winter.md"]


def test_contributors_are_named_by_how_much_they_did() -> None:
    names = ("Ann", "Bea, Carl", "Carl", "", " Carl ,", "bob", "Bea,Ann")
    entries = (
        Entry(str(number), ("a",), "", State.REVIEWED, by) for number, by in enumerate(names)
    )
    review = Review("ko", {entry.id: entry for entry in entries})
    assert list(contributors(review).items()) == [
        ("Carl", 3),
        ("Ann", 2),
        ("Bea", 2),
        ("bob", 1),
    ]


def test_without_a_record_only_what_is_missing_is_known() -> None:
    found = progress(FOREIGN, "pt-BR")
    assert not found.kept
    assert set(found.total.states) == {State.TRANSLATED, State.MISSING}
    assert {each.state for each in found.open.values()} == {State.MISSING}
    assert found.contributors == {}
    assert found.groups["the-route"].of(State.MISSING) == 4


def test_an_empty_record_makes_everything_unrecorded(tmp_path: Path) -> None:
    project = recorded_project(tmp_path)
    (project / "locales/fr/review.jsonl").write_text("")
    found = progress(project, "fr")
    assert found.kept
    assert set(found.total.states) == {State.UNRECORDED, State.MISSING}
    assert found.total.percent == 0


def test_all_of_a_finished_language_is_done() -> None:
    found = progress(SMALL, "fr")
    assert found.total.percent == 100
    assert found.open == {}
    assert found.total.total > 150


@pytest.mark.parametrize(
    ("done", "missing", "percent"), [(0, 0, 100), (999, 1, 99), (0, 5, 0), (1, 2, 33), (7, 0, 100)]
)
def test_a_hundred_percent_is_all(done: int, missing: int, percent: int) -> None:
    counts = Counts({State.REVIEWED: done, State.MISSING: missing})
    assert counts.percent == percent


def test_a_section_that_is_called_like_a_group_does_not_get_in_its_way(tmp_path: Path) -> None:
    project = recorded_project(tmp_path)
    edit(project / "checklist.yaml", "id: antrieb\n    title", "id: pages\n    title")
    found = progress(project, "fr")
    assert found.groups["pages"].of(State.DRAFT) == 1
    assert found.groups[PAGES].total == 2


def test_as_json_it_says_the_same(french: Progress) -> None:
    data = json.loads(json.dumps(french.as_json()))
    assert data["language"] == "fr"
    assert data["recorded"] is True
    assert data["stale"] == 5
    assert data["done"] == french.total.done
    assert data["groups"]["bremsen"] == {
        "missing": 0,
        "stale": 3,
        "unrecorded": 0,
        "draft": 0,
        "translated": 2,
        "reviewed": 1,
        "done": 3,
        "total": 6,
        "percent": 50,
    }
    assert list(data["contributors"]) == ["Marie", "Paul"]


def test_a_language_that_is_not_declared_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        progress(SMALL, "ko")


def test_every_text_of_ours_is_counted_once() -> None:
    settings = Settings(ROOT / "checklist/content/celery.yaml", ROOT / "locales", ROOT / "docs")
    loaded, _ = examine(settings)
    assert loaded
    for language in ("ko", "es"):
        found = progress_of(loaded, language)
        assert found.total.total == len(list(loaded.messages(language))) > 500
