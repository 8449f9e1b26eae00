"""The record of sample runs: what it says, what a page shows of it, what is wrong with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checklist.cli import main
from checklist.load import load
from checklist.model import Checklist, Sample
from checklist.pages import pages
from checklist.project import Settings, open_project
from checklist.render import Renderer, spans
from checklist.verification import load_verification
from tests.conftest import SMALL
from tests.samples.record import Outcome, Recorder

GOOD, BAD = "belag-pruefen/gut", "belag-pruefen/zu-duenn"


@pytest.fixture(name="project")
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    monkeypatch.chdir(project)
    return project


@pytest.fixture(name="samples")
def small_samples() -> dict[str, Sample]:
    return samples_of(checklist_of(SMALL))


def checklist_of(project: Path) -> Checklist:
    checklist, _ = load(project / "checklist.yaml")
    assert checklist
    return checklist


def samples_of(checklist: Checklist) -> dict[str, Sample]:
    return {f"{item.id}/{each.id}": each for item in checklist.items for each in item.samples}


def record(project: Path, *versions: str, passed: bool = True) -> Path:
    """Record a run of every sample on some versions."""
    path = project / "verified.json"
    samples = samples_of(checklist_of(project))
    for version in versions:
        outcomes = [Outcome(id, "bench", passed, 0.1) for id in samples]
        Recorder(version, samples, outcomes).write(path)
    return path


def shown(project: Path, language: str = "de") -> str:
    """The Markdown of the first section."""
    opened = open_project(Settings(project / "checklist.yaml", project / "locales"))
    renderer = Renderer(
        opened.checklist, opened.catalogs[language], verification=opened.verification
    )
    return next(page.markdown for page in pages(renderer) if page.path.endswith("bremsen.md"))


def problems(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    code = main(["check", *options])
    return code, capsys.readouterr().out.splitlines()[:-1]


def test_a_page_says_on_which_versions_a_sample_was_seen_to_run_and_to_fail(project: Path) -> None:
    record(project, "5.4.0", "5.5.3", "5.6.3", "5.7.0")
    markdown = shown(project)
    assert "Läuft mit Fahrrad 5.4–5.7" in markdown
    assert "Scheitert mit Fahrrad 5.4–5.7 wie beschrieben" in markdown
    assert "Fonctionne avec Fahrrad 5.4–5.7" in shown(project, "fr")


def test_a_version_on_which_a_sample_did_something_else_is_not_shown(project: Path) -> None:
    record(project, "5.5.3", "5.7.0")
    record(project, "5.6.3", passed=False)
    assert "Läuft mit Fahrrad 5.5, 5.7<" in shown(project)


def test_of_a_series_the_newest_version_counts(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(project, "5.7.0")
    record(project, "5.7.1", passed=False)
    assert "cl-verified" not in shown(project)
    assert all("did not do what is said of it" in problem for problem in problems(capsys)[1])
    assert len(problems(capsys)[1]) == 2
    record(project, "5.7.2")
    assert "Läuft mit Fahrrad 5.7<" in shown(project)


def test_without_a_record_a_page_says_nothing_and_nothing_is_wrong(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cl-verified" not in shown(project)
    assert problems(capsys, "--strict") == (0, [])


def test_a_sample_that_was_changed_by_one_character_is_told_until_it_is_run_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(project, "5.7.0")
    assert problems(capsys) == (0, [])
    source = project / "checklist.yaml"
    source.write_text(source.read_text("utf-8").replace("dicke = 2", "dicke = 3"), "utf-8")
    code, (problem,) = problems(capsys)
    line = source.read_text("utf-8").splitlines().index("              [belag]") + 1
    assert code == 0
    assert problem.startswith(
        f"checklist.yaml:{line}:15: warning unverified-sample: sample '{GOOD}'"
    )
    assert problems(capsys, "--strict")[0] == 1
    assert shown(project).count("cl-verified") == 1
    record(project, "5.7.0")
    assert problems(capsys) == (0, [])
    assert shown(project).count("cl-verified") == 2


def test_a_sample_that_was_never_run_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(project, "5.7.0")
    data = json.loads(path.read_text())
    del data["samples"][BAD]
    path.write_text(json.dumps(data))
    _, (problem,) = problems(capsys)
    assert f"'{BAD}' has never been run" in problem


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"samples": {\n}', "2:2"),
        (b"[]", "1:1"),
        (b"{}", "1:1"),
        (b'{"samples": {"a/b": {"sha256": "", "runs": {"1": {}}}}}', "1:1"),
        (b'{"samples": {"a/b": 3}}', "1:1"),
        (b"\xff", "1:1"),
        (b"[" * 100_000, "1:1"),
        (b"", "1:1"),
    ],
)
def test_a_damaged_record_is_one_problem(
    project: Path, capsys: pytest.CaptureFixture[str], content: bytes, place: str
) -> None:
    (project / "verified.json").write_bytes(content)
    code, (problem,) = problems(capsys)
    assert code == 1
    assert problem.startswith(f"verified.json:{place}: error damaged-record: ")


def test_a_record_that_is_a_folder_is_one_problem(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "verified.json").mkdir()
    code, (problem,) = problems(capsys)
    assert (code, problem.split(":")[3]) == (1, " error damaged-record")


def test_a_new_run_keeps_what_is_known_of_other_versions_of_the_same_code(
    project: Path, samples: dict[str, Sample]
) -> None:
    path = record(project, "5.6.3", "5.7.0")
    known, _ = load_verification(path, "verified.json")
    assert known
    assert known.versions(GOOD, samples[GOOD]) == ("5.6.3", "5.7.0")
    assert {run.outcome for run in known.samples[GOOD].runs.values()} == {"behaves"}
    assert {run.outcome for run in known.samples[BAD].runs.values()} == {"misbehaves"}


def test_a_new_run_drops_what_is_known_of_other_code_and_of_samples_that_are_gone(
    project: Path, samples: dict[str, Sample]
) -> None:
    path = record(project, "5.6.3")
    source = project / "checklist.yaml"
    source.write_text(source.read_text("utf-8").replace("dicke = 2", "dicke = 3"), "utf-8")
    record(project, "5.7.0")
    known, _ = load_verification(path, "verified.json")
    assert known
    changed = samples_of(checklist_of(project))
    assert known.versions(GOOD, changed[GOOD]) == ("5.7.0",)
    assert known.versions(BAD, changed[BAD]) == ("5.6.3", "5.7.0")
    Recorder("5.7.0", {BAD: changed[BAD]}).write(path)
    assert set(json.loads(path.read_text())["samples"]) == {BAD}


def test_versions_are_in_their_own_order(project: Path, samples: dict[str, Sample]) -> None:
    path = record(project, "5.10.0", "5.9.1")
    known, _ = load_verification(path, "verified.json")
    assert known
    assert known.versions(GOOD, samples[GOOD]) == ("5.9.1", "5.10.0")


@pytest.mark.parametrize(
    ("some", "brief"),
    [
        ("", ""),
        ("b", "b"),
        ("a b", "a–b"),
        ("a c", "a, c"),
        ("a b d", "a–b, d"),
        ("a b c d", "a–d"),
    ],
)
def test_a_row_of_neighbours_becomes_a_span(some: str, brief: str) -> None:
    assert spans(some.split(), ["a", "b", "c", "d"]) == brief
