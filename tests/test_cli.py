from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checklist.checks.translations import FAULTS
from checklist.cli import main
from checklist.problems import GAPS
from checklist.project import settings_of
from checklist.review import load_review
from tests.conftest import ROOT, SMALL


@pytest.fixture(name="project")
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    monkeypatch.chdir(project)
    return project


def break_source(project: Path) -> None:
    source = project / "checklist.yaml"
    source.write_text(
        source.read_text("utf-8").replace("priority: optional", "priority: urgent"), "utf-8"
    )


def test_check_of_a_sound_checklist_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"


def test_check_prints_a_line_for_each_problem_and_exits_with_1(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_source(project)
    assert main(["check"]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("checklist.yaml:68:19: error unknown-value: ")
    assert last == "1 error, 0 warnings"


def test_check_takes_a_file_and_a_folder_of_catalogs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    source, locales = str(SMALL / "checklist.yaml"), str(SMALL / "locales")
    assert main(["check", source, "--locales", locales]) == 0
    assert main(["check", source]) == 1


def test_what_a_language_in_the_making_lacks_is_a_notice_even_strictly(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = project / "checklist.yaml"
    text = source.read_text("utf-8").replace("name: Français}", "name: Français, required: false}")
    source.write_text(text.replace(", fr: Rechargez l’éclairage}", "}"), "utf-8")
    assert main(["check", "--strict"]) == 0
    assert capsys.readouterr().out == (
        "0 errors, 0 warnings\n1 more about languages in the making; --notices lists them\n"
    )
    assert main(["check", "--strict", "--notices"]) == 0
    line, last = capsys.readouterr().out.splitlines()
    assert " notice missing-translation: items/licht/title has no Français" in line
    assert last == "0 errors, 0 warnings, 1 notice"


def test_gaps_in_a_translation_are_warnings_where_they_are_allowed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = project / "checklist.yaml"
    text = source.read_text("utf-8").replace(", fr: Rechargez l’éclairage}", "}")
    source.write_text(text, "utf-8")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.endswith("1 error, 0 warnings\n")
    assert main(["check", "--gaps"]) == 0
    assert capsys.readouterr().out.endswith("0 errors, 1 warning\n")


def test_strictly_a_warning_is_an_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "locales/fr/review.jsonl").touch()  # a record without a single entry
    assert main(["check"]) == 0
    count = re.fullmatch(r"0 errors, ([0-9]+) warnings", capsys.readouterr().out.splitlines()[-1])
    assert count
    assert main(["check", "--strict"]) == 1
    assert capsys.readouterr().out.endswith(f"{count[1]} errors, 0 warnings\n")


@pytest.mark.parametrize(
    ("form", "start"), [("json", "{"), ("github", "::error file="), ("text", "c")]
)
def test_problems_come_in_the_form_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str], form: str, start: str
) -> None:
    break_source(project)
    assert main(["check", "--format", form]) == 1
    assert capsys.readouterr().out.startswith(start)


def test_a_reader_who_has_seen_enough_is_no_fault(project: Path) -> None:
    break_source(project)
    program = f"{sys.executable} -m checklist check | head -c 0"
    done = subprocess.run(program, shell=True, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.stderr == ""


def test_without_a_source_it_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "name the YAML file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["render"], ["check", "--unknown"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_render_writes_a_folder_for_each_language(project: Path) -> None:
    assert main(["render", "--out", "out"]) == 0
    written = sorted(path.relative_to("out").as_posix() for path in Path("out").rglob("*.md"))
    names = [
        "checklist/antrieb.md",
        "checklist/bremsen.md",
        "checklist/index.md",
        "print.md",
        "resources.md",
        "translations.md",
    ]
    assert written == [f"{language}/{name}" for language in ("de", "fr") for name in names]


def test_render_of_a_broken_checklist_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_source(project)
    assert main(["render", "--out", "out"]) == 1
    assert not Path("out").exists()
    assert "unknown-value" in capsys.readouterr().err


def test_render_into_a_place_that_cannot_be_written_exits_with_3(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("out").write_text("a file", "utf-8")
    assert main(["render", "--out", "out"]) == 3
    assert "cannot write" in capsys.readouterr().err


def test_ours_is_sound_but_for_what_translators_have_yet_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check", "--gaps", "--format", "json"]) == 0
    found = {each["code"] for each in json.loads(capsys.readouterr().out)["problems"]}
    assert found <= GAPS | {code for code, _ in FAULTS.values()}


@pytest.mark.complete
def test_our_translations_are_complete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check"]) == 0, capsys.readouterr().out
    settings = settings_of()
    assert settings
    for language in ("ko", "es"):
        review, _ = load_review(settings.locales, language)
        assert len(review.entries) > 600
