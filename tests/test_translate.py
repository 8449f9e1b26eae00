"""The commands of translators, as they are typed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from checklist.cli import main
from checklist.project import Project, examine, settings_of
from checklist.review import State, load_review
from tests.conftest import SMALL

TITLE = "items/licht/title"


@pytest.fixture(name="project")
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    monkeypatch.chdir(project)
    return project


@pytest.fixture(name="run")
def run_command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(["translate", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


Run = Callable[..., tuple[int, str, str]]


def opened() -> Project:
    settings = settings_of()
    assert settings
    project, _ = examine(settings)
    assert project
    return project


def states(language: str = "fr") -> dict[str, State]:
    project = opened()
    return {each.id: project.state(each, language) for each in project.messages(language)}


def edit(project: Path, before: str, after: str) -> None:
    source = project / "checklist.yaml"
    text = source.read_text("utf-8")
    assert text.count(before) == 1
    source.write_text(text.replace(before, after), "utf-8")


def with_spanish(project: Path) -> None:
    spanish = "{id: fr, name: Français}\n  - {id: es, name: Español, required: false}"
    edit(project, "{id: fr, name: Français}", spanish)
    edit(project, ", fr: Rechargez l’éclairage}", ", fr: Rechargez l’éclairage, es: Cargue la luz}")


def all_recorded(run: Run, state: str = "translated", by: str = "Kim") -> None:
    assert run("review", "fr", "--all", "--state", state, "--by", by)[0] == 0


def test_everything_is_unrecorded_until_somebody_enters_it(project: Path, run: Run) -> None:
    assert set(states().values()) == {State.UNRECORDED}
    code, out, _ = run("review", "fr", "--all", "--state", "translated", "--by", "Kim")
    assert code == 0
    assert out == f"written: locales/fr/review.jsonl\n{len(states())} changed in the record\n"
    assert set(states().values()) == {State.TRANSLATED}


def test_entering_it_again_changes_nothing(project: Path, run: Run) -> None:
    all_recorded(run)
    before = (project / "locales/fr/review.jsonl").read_bytes()
    assert run("review", "fr", "--all", "--state", "translated", "--by", "Kim")[1].startswith("0 ")
    assert (project / "locales/fr/review.jsonl").read_bytes() == before


def test_a_stale_translation_whose_text_did_not_change_cannot_be_stamped(
    project: Path, run: Run
) -> None:
    all_recorded(run)
    before = (project / "locales/fr/review.jsonl").read_bytes()
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    assert states()[TITLE] is State.STALE
    for state in ("reviewed", "translated", "draft"):
        code, _, err = run("review", "fr", TITLE, "--state", state, "--by", "Lee")
        assert code == 1
        assert f"say `still-valid {TITLE}`" in err
    run("review", "fr", "--all", "--by", "Lee", "--state", "translated")
    assert states()[TITLE] is State.STALE
    after = (project / "locales/fr/review.jsonl").read_bytes()
    line = next(each for each in before.splitlines() if TITLE.encode() in each)
    assert line in after


def test_a_stale_translation_that_was_edited_can_be_entered(project: Path, run: Run) -> None:
    all_recorded(run)
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    edit(project, "Rechargez l’éclairage", "Rechargez les deux éclairages")
    assert states()[TITLE] is State.STALE  # nobody said yet that it follows the change
    out = run("review", "fr", "--all", "--state", "translated", "--by", "Kim")[1]
    assert out.endswith("1 stale left as they are; see `checklist translate todo fr`\n")
    assert states()[TITLE] is State.STALE
    assert run("review", "fr", TITLE, "--state", "translated", "--by", "Kim")[0] == 0
    assert states()[TITLE] is State.TRANSLATED


def test_still_valid_makes_just_that_translation_current_and_keeps_its_state(
    project: Path, run: Run
) -> None:
    all_recorded(run)
    assert run("review", "fr", TITLE, "--by", "Lee")[0] == 0
    edit(project, "Laden Sie das Licht", "Laden Sie das Licht ganz")
    code, out, _ = run("still-valid", TITLE, "--by", "Park")
    assert (code, out) == (0, "written: locales/fr/review.jsonl\n1 changed in the record\n")
    assert states()[TITLE] is State.REVIEWED
    review, _ = load_review(project / "locales", "fr")
    assert review.entries[TITLE].by == "Kim, Lee, Park"


def test_still_valid_of_what_is_not_stale_is_refused(project: Path, run: Run) -> None:
    all_recorded(run)
    assert run("still-valid", TITLE, "--by", "Lee")[0] == 1
    code, _, err = run("still-valid", "items/lict/title", "--by", "Lee")
    assert code == 1
    assert err == (
        "checklist: no translation of items/lict/title is stale; did you mean items/licht/title?\n"
    )


def test_nobody_vouches_for_a_language_by_leaving_it_out(project: Path, run: Run) -> None:
    with_spanish(project)
    for language in ("fr", "es"):
        assert run("review", language, TITLE, "--state", "translated", "--by", "Kim")[0] == 0
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    code, _, err = run("still-valid", TITLE, "--by", "Lee")
    assert code == 1
    assert "stale in fr, es; name those you mean with --language" in err
    assert run("still-valid", TITLE, "--by", "Lee", "--language", "es")[0] == 0
    assert (states("fr")[TITLE], states("es")[TITLE]) == (State.STALE, State.TRANSLATED)


def test_still_valid_needs_a_name(project: Path, run: Run) -> None:
    assert run("still-valid", TITLE)[0] == 2
    assert run("still-valid", TITLE, "--by", " ")[0] == 2


def test_an_edit_that_means_the_same_leaves_every_record_of_a_translation_as_it_was(
    project: Path, run: Run
) -> None:
    all_recorded(run)
    before = (project / "locales/fr/review.jsonl").read_bytes()
    edit(project, "Laden Sie das Licht", "Laden Sie das Licht!")
    assert run("same-meaning", TITLE, "--by", "Max")[0] == 0
    assert states()[TITLE] is State.TRANSLATED
    assert (project / "locales/fr/review.jsonl").read_bytes() == before
    (line,) = (project / "locales/de/review.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["by"] == "Max"
    edit(project, "Laden Sie das Licht!", "Laden Sie es nie")
    assert states()[TITLE] is State.STALE


def test_an_edit_that_means_the_same_does_not_hide_an_older_one_that_did_not(
    project: Path, run: Run
) -> None:
    """Another language was stale before the edit; it must be told apart by whose original it is."""
    with_spanish(project)
    assert run("review", "es", TITLE, "--state", "translated", "--by", "Ana")[0] == 0
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    edit(project, "Rechargez l’éclairage", "Rechargez les deux éclairages")
    all_recorded(run)
    edit(project, "Laden Sie beide Lichter", "Laden Sie beide Lichter.")
    code, _, err = run("same-meaning", TITLE, "--by", "Max")
    assert code == 1
    assert "es, fr were made from different originals; name one with --made-from" in err
    assert run("same-meaning", TITLE, "--by", "Max", "--made-from", "fr")[0] == 0
    assert (states("fr")[TITLE], states("es")[TITLE]) == (State.TRANSLATED, State.STALE)


def test_a_translation_is_not_reviewed_by_its_own_translator(project: Path, run: Run) -> None:
    all_recorded(run)
    code, _, err = run("review", "fr", TITLE, "--by", "Kim")
    assert code == 1
    assert "Kim's own translation" in err
    assert run("review", "fr", TITLE, "--by", "Lee")[0] == 0
    assert states()[TITLE] is State.REVIEWED


def test_all_faults_are_said_and_nothing_is_written(project: Path, run: Run) -> None:
    code, _, err = run("review", "fr", TITLE, "items/lict/title", "nothing", "--by", "Lee")
    assert code == 1
    assert err.splitlines() == [
        "checklist: there is no 'items/lict/title'; did you mean items/licht/title?",
        "checklist: there is no 'nothing'",
    ]
    assert not (project / "locales/fr/review.jsonl").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("review", "fr", "--by", "Lee"),
        ("review", "fr", TITLE, "--all", "--by", "Lee"),
        ("review", "xx", "--all", "--by", "Lee"),
        ("todo", "xx"),
        ("diff", "items/lict/title", "fr"),
        ("diff", TITLE, "xx"),
        ("same-meaning", TITLE, "--by", "Lee", "--made-from", "xx"),
        ("glossary", "xx"),
        ("status", "--since", "checklist.yaml"),
        ("status", "--since", "nowhere.json"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(project: Path, run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_a_note_is_for_the_next_translator(project: Path, run: Run) -> None:
    assert run("review", "fr", TITLE, "--by", "Lee", "--note", "éclairage, pas feu")[0] == 0
    assert "note: éclairage, pas feu" in run("diff", TITLE, "fr")[1]


def test_the_difference_shows_what_the_original_gained_and_lost_and_the_translation(
    project: Path, run: Run
) -> None:
    all_recorded(run)
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    out = run("diff", TITLE, "fr")[1]
    assert out.startswith(f"{TITLE}: stale\n")
    assert "Laden Sie [-das Licht-]{+beide Lichter+}" in out
    assert "Rechargez l’éclairage" in out
    line = next(
        number
        for number, text in enumerate((project / "checklist.yaml").read_text().splitlines(), 1)
        if "Rechargez" in text
    )
    assert f"checklist.yaml:{line}:" in out


def test_what_matters_most_comes_first_and_in_it_what_misleads(project: Path, run: Run) -> None:
    all_recorded(run)
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")  # optional
    edit(project, "{de: Bremsen, fr: Freins}", "{de: Bremsen}")
    edit(project, ", fr: Ici le métal freine déjà.}", "}")  # essential
    edit(project, "Unter einem Millimeter", "Unter zwei Millimetern")  # essential
    edit(project, "{de: Prüfen Sie die Bremsbeläge, ", "{de: Prüfen Sie alle Bremsbeläge, ")
    out = run("todo", "fr")[1].splitlines()
    found = [re.sub(r"^checklist\.yaml:\d+:\d+: (\w+ [^ ]+): .*", r"\1", line) for line in out]
    assert found == [
        "missing sections/bremsen/title",
        "stale items/belag-pruefen/title",
        "stale items/belag-pruefen/why",
        "missing items/belag-pruefen/samples/zu-duenn/notes/metall",
        f"stale {TITLE}",
        "5 to do",
    ]
    assert out[-2].endswith(": Laden Sie beide Lichter")


def test_less_is_shown_if_less_is_asked_for(project: Path, run: Run) -> None:
    (project / "locales/fr/review.jsonl").touch()
    total = len(states())
    out = run("todo", "fr", "--limit", "3")[1].splitlines()
    assert len(out) == 4
    assert out[-1] == f"{total} to do, 3 shown"


def test_the_status_is_true_in_every_form(project: Path, run: Run) -> None:
    all_recorded(run)
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    edit(project, "Prüfen Sie die Bremsbeläge", "Prüfen Sie alle Bremsbeläge")
    data = json.loads(run("status", "--format", "json")[1])
    total = len(states())
    assert data["fr"]["stale"] == 2
    assert data["fr"]["translated"] == total - 2
    row = (str(total), f"{total - 2} ({100 * (total - 2) // total} %)", "0", "2", "0", "0", "0")
    table = run("status")[1]
    assert re.search(r"^all +" + " +".join(map(re.escape, row)) + "$", table, re.MULTILINE)
    assert f"| all | {' | '.join(row)} |" in run("status", "--format", "markdown")[1]
    cells = "".join(f"<td>{cell}</td>" for cell in row)
    assert f"<th scope=row>all</th>{cells}" in run("status", "--format", "html")[1]


def test_the_status_tells_what_changed_since_another_one(project: Path, run: Run) -> None:
    all_recorded(run)
    (project / "before.json").write_text(run("status", "--format", "json")[1], "utf-8")
    assert run("status", "--since", "before.json")[1] == "No translation changes.\n"
    edit(project, "Laden Sie das Licht", "Laden Sie beide Lichter")
    total = len(states())
    rows = run("status", "--since", "before.json")[1].splitlines()
    assert rows[2] == (f"| fr | {total} | {total} → **{total - 1}** | 0 | 0 → **1** | 0 | 0 | 0 |")


def test_a_waiver_needs_a_reason_a_recorded_text_and_a_problem(project: Path, run: Run) -> None:
    waive = ("waive", "fr", TITLE, "double-space")
    edit(project, "Rechargez l’éclairage", "Rechargez  l’éclairage")
    assert run(*waive)[0] == 2
    code, _, err = run(*waive, "--reason", "so it is")
    assert code == 1
    assert err == f"checklist: {TITLE} is not in the record as it stands; `review` it first\n"
    all_recorded(run)
    code, _, err = run("waive", "fr", TITLE, "numbers-differ", "--reason", "so it is")
    assert code == 1
    assert "no check finds numbers-differ" in err
    assert "there is only double-space to waive" in err
    assert main(["check", "--strict"]) == 1
    assert run(*waive, "--reason", "so it is")[0] == 0
    assert main(["check", "--strict"]) == 0
    review, _ = load_review(project / "locales", "fr")
    assert review.entries[TITLE].waived == {"double-space": "so it is"}
    assert run(*waive, "--remove")[0] == 0
    assert main(["check", "--strict"]) == 1
    assert run(*waive, "--remove")[0] == 1


def test_an_item_stands_for_all_of_its_texts(project: Path, run: Run) -> None:
    for name in ("belag-pruefen", "items/belag-pruefen"):
        code, out, _ = run("review", "fr", name, "--state", "draft", "--by", name)
        assert (code, out.splitlines()[-1]) == (0, "4 changed in the record")
    assert {id for id, state in states().items() if state is State.DRAFT} == {
        "items/belag-pruefen/title",
        "items/belag-pruefen/why",
        "items/belag-pruefen/how",
        "items/belag-pruefen/samples/zu-duenn/notes/metall",
    }
    assert run("diff", "belag-pruefen", "fr")[1].count(": draft\n") == 4


def test_nobody_reviews_all_at_once(project: Path, run: Run) -> None:
    code, _, err = run("review", "fr", "--all", "--by", "Lee")
    assert code == 2
    assert "name texts, or say --state translated" in err


def test_entering_new_texts_leaves_those_that_are_reviewed(project: Path, run: Run) -> None:
    all_recorded(run)
    assert run("review", "fr", TITLE, "--by", "Lee")[0] == 0
    edit(project, "Vérifiez les plaquettes de frein", "Vérifiez toutes les plaquettes")
    out = run("review", "fr", "--all", "--state", "translated", "--by", "Mia")[1]
    assert out.splitlines()[-1] == "1 changed in the record"
    assert states()[TITLE] is State.REVIEWED


@pytest.mark.parametrize("damage", [b"\xff", b"<<<<<<< HEAD\n", b'{"id": "x"}\n'])
def test_a_record_that_cannot_be_read_is_not_overwritten(
    project: Path, run: Run, damage: bytes
) -> None:
    all_recorded(run)
    record = project / "locales/fr/review.jsonl"
    record.write_bytes(record.read_bytes() + damage)
    before = record.read_bytes()
    code, _, err = run("review", "fr", TITLE, "--by", "Lee")
    assert code == 1
    assert "locales/fr/review.jsonl:" in err
    assert record.read_bytes() == before


def test_the_glossary_tells_the_word(project: Path, run: Run) -> None:
    glossary = project / "locales/fr/glossary.yaml"
    glossary.write_text(
        "- {en: Licht, use: éclairage, avoid: [feu], note: Toujours au singulier.}\n"
    )
    assert run("glossary", "fr", "LICHT")[1] == (
        "Licht: éclairage; not feu; Toujours au singulier.\n1 of 1 terms\n"
    )
    assert run("glossary", "fr", "xyz")[0] == 1


def enter(name: str) -> None:
    main(["translate", "review", "fr", f"items/{name}/title", "--by", name, "--state", "draft"])


def test_two_who_write_at_once_lose_nothing(project: Path) -> None:
    names = [item.id for item in opened().checklist.items]
    context = get_context("spawn")
    others = [context.Process(target=enter, args=(name,)) for name in names]
    for other in others:
        other.start()
    for other in others:
        other.join()
    review, _ = load_review(project / "locales", "fr")
    assert {entry.by for entry in review.entries.values()} == set(names)


def test_a_record_that_cannot_be_written_is_one_line(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, text: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("checklist.translate.commands.replace_text", refuse)
    code, _, err = run("review", "fr", TITLE, "--by", "Lee")
    assert (code, len(err.splitlines())) == (3, 1)
    assert "review.jsonl: Permission denied" in err
