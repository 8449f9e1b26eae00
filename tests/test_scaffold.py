"""A new project is ready at once, honest about what it lacks, and all there or not at all."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from checklist import scaffold
from checklist.catalog import catalog_path, interface_messages
from checklist.cli import main
from checklist.load import load
from checklist.model import Checklist
from checklist.scaffold import WRITTEN, Language, Package, scalar
from tests.conftest import ROOT
from tests.site import build

TEMPLATES = ROOT / "checklist/templates/project"
SITE_URL = "https://lists.example/bike/"
REPOSITORY_URL = "https://git.example/lists/bike"

COMPLETE = ["ko", "en-GB,es-MX"]
UNFINISHED = ["en,fr", "es,pt-BR,ar", "de", "no,ko,br,he"]


def new(folder: Path | str, languages: str, id: str = "bike") -> int:
    return main(["new", str(folder), "--id", id, "--languages", languages])


def texts(project: Path) -> dict[str, str]:
    paths = sorted(path for path in project.rglob("*") if path.is_file())
    return {path.relative_to(project).as_posix(): path.read_text("utf-8") for path in paths}


def loaded(project: Path) -> Checklist:
    checklist, problems = load(project / "checklist.yaml")
    assert checklist
    assert not problems
    return checklist


def page(project: Path, language: str, path: str = "") -> HTMLParser:
    """A built page."""
    first = yaml.safe_load((project / "checklist.yaml").read_text("utf-8"))["languages"][0]["id"]
    prefix = "" if language == first else f"{language}/"
    return HTMLParser((project.parent / "site" / prefix / path / "index.html").read_bytes())


def nothing_is_left(folder: Path, *others: str) -> bool:
    return sorted(path.name for path in folder.iterdir()) == sorted(others)


@pytest.fixture(name="built", scope="module", params=[*COMPLETE, *UNFINISHED])
def built_project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str]]:
    """A new project that was built strictly as it is, and the languages asked for."""
    project = tmp_path_factory.mktemp("new") / "bike"
    assert new(project, request.param) == 0
    done = build(project, project.parent / "site", SITE_URL=SITE_URL, REPOSITORY_URL=REPOSITORY_URL)
    assert done.returncode == 0, done.stderr
    return project, request.param.split(",")


def test_it_has_two_items_with_a_box_on_a_page_of_every_language(
    built: tuple[Path, list[str]],
) -> None:
    project, languages = built
    ids = [item.id for item in loaded(project).items]
    assert len(ids) == 2
    for language in languages:
        for path in ("checklist", "print"):
            boxes = page(project, language, path).css("input[data-item]")
            assert [box.attributes["data-item"] for box in boxes] == ids


def test_it_checks_without_errors_and_without_warnings_where_the_package_has_the_words(
    built: tuple[Path, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project, languages = built
    monkeypatch.chdir(project)
    assert main(["check"]) == 0
    warnings = capsys.readouterr().out.splitlines()
    assert (warnings == ["0 errors, 0 warnings"]) == (",".join(languages) in COMPLETE)


def test_pages_say_their_language_and_its_direction(built: tuple[Path, list[str]]) -> None:
    project, languages = built
    for language in languages:
        root = page(project, language).css_first("html")
        body = page(project, language).css_first("body")
        assert root
        assert body
        if language != "pt-BR":  # Material calls it pt
            assert root.attributes["lang"] == language
        assert body.attributes["dir"] == ("rtl" if language in ("ar", "he") else "ltr")


def test_no_text_claims_to_be_in_a_language_it_is_not_in(built: tuple[Path, list[str]]) -> None:
    project, languages = built
    (shown, *_) = [*(each for each in languages if each[:2] in WRITTEN), "en"]
    for language in languages:
        expected = None if language[:2] in WRITTEN else shown
        for label in page(project, language, "checklist").css(".cl-row label"):
            mark = label.css_first("span[lang]")
            assert (mark and mark.attributes["lang"]) == expected
        home = page(project, language).css("article h1, article p:not(:has(a)), article p a")
        assert len(home) == 4
        for node in home:
            assert node.attributes.get("lang") == expected
            needs_direction = expected and language in ("ar", "he")
            assert node.attributes.get("dir") == ("ltr" if needs_direction else None)


def test_addresses_come_from_the_environment(built: tuple[Path, list[str]]) -> None:
    project, languages = built
    canonical = page(project, languages[0]).css_first("link[rel=canonical]")
    assert canonical
    assert canonical.attributes["href"] == SITE_URL
    source = page(project, languages[0], "print").css_first("a.cl-source")
    assert source
    assert (source.attributes["href"] or "").startswith(
        f"{REPOSITORY_URL}/blob/main/checklist.yaml#L"
    )


def test_a_language_is_required_once_nothing_is_missing(built: tuple[Path, list[str]]) -> None:
    project, languages = built
    lines = (project / "checklist.yaml").read_text("utf-8").splitlines()
    for language in loaded(project).languages:
        assert language.required == (language.id in languages and language.id[:2] in WRITTEN)
        if not language.required:
            (at,) = [n for n, line in enumerate(lines) if f"name: {language.name}, req" in line]
            assert "elete" in lines[at - 1] + lines[at - 2]


def test_catalogs_have_every_string_and_the_plural_forms_of_the_language(
    built: tuple[Path, list[str]],
) -> None:
    project, languages = built
    found = {path.name for path in (project / "locales").glob("*")}
    assert found == set(languages) - set(WRITTEN)
    for language in found:
        with catalog_path(project / "locales", language).open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        entries = {(e.id if isinstance(e.id, str) else e.id[0]): e for e in catalog if e.id}
        assert entries.keys() == interface_messages().keys()
        plurals = {"ar": 6, "br": 6}.get(language, 2)
        assert catalog.num_plurals == plurals
        for message, plural in interface_messages().items():
            string = entries[message].string or ""
            strings = [string] if isinstance(string, str) else list(string)
            assert len(strings) == (plurals if plural else 1)
            assert all(strings) == any(strings) == (language[:2] in WRITTEN)


def test_it_says_nothing_about_this_machine(built: tuple[Path, list[str]]) -> None:
    project, _ = built
    for path, text in texts(project).items():
        assert str(ROOT) not in text, path
        assert str(project.parent) not in text, path
        assert "\n\n\n" not in text, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path


def test_the_command_says_what_is_left_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(tmp_path / "bike", "en,fr,br") == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{len(texts(tmp_path / 'bike'))} files in ")
    assert "Français (fr) is unfinished" in out
    assert "locales/fr/LC_MESSAGES/checklist.po" in out
    assert "Material for MkDocs has no Brezhoneg (br)" in out
    assert "no Français" not in out
    readme = (tmp_path / "bike/README.md").read_text("utf-8")
    for line in out.splitlines()[1:]:
        assert line in readme


def test_english_is_borrowed_for_the_examples_where_no_language_has_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(tmp_path / "rad", "de,fr", id="rad") == 0
    assert [each.id for each in loaded(tmp_path / "rad").languages] == ["de", "fr", "en"]
    assert "English (en) is there for the example texts" in capsys.readouterr().out
    assert not (tmp_path / "rad/docs/en").exists()


def test_all_faults_are_told_at_once_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(tmp_path / "bike", "en, fr,EN,fil,xx,en,,fr", id="My Bike") == 2
    lines = capsys.readouterr().err.splitlines()
    told = (
        "'My Bike'",
        "'EN'",
        "'fil'",
        "'xx'",
        "''",
        "'en' is there twice",
        "'fr' is there twice",
    )
    assert len(lines) == len(told)
    for line, what in zip(lines, told, strict=True):
        assert line.startswith("checklist: ")
        assert what in line
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("id", ["", "Bike", "bike_2", "2-bikes", "bike-", "bike\nbike"])
def test_an_id_that_the_loader_would_refuse_is_refused(
    id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(tmp_path / "bike", "en", id=id) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_folder_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / ".hidden").write_text("mine", "utf-8")
    for path in (used, used / ".hidden"):
        assert new(path, "en") == 1
        assert (
            capsys.readouterr().err == f"checklist: {path} is in use; name a new or empty folder\n"
        )
    assert texts(tmp_path) == {"used/.hidden": "mine"}
    assert nothing_is_left(tmp_path, "used")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "bike").mkdir()
    assert new(tmp_path / "bike", "en") == 0
    assert "checklist.yaml" in texts(tmp_path / "bike")
    assert nothing_is_left(tmp_path, "bike")


def test_the_current_folder_stays_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bike").mkdir()
    monkeypatch.chdir(tmp_path / "bike")
    before = Path().stat().st_ino
    assert new(".", "en") == 0
    assert Path().stat().st_ino == before
    assert main(["check"]) == 0
    assert nothing_is_left(tmp_path, "bike")


def test_other_users_may_read_it_as_they_may_any_new_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert new(tmp_path / "bike", "en") == 0
    assert (tmp_path / "bike").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_no_mkdocs_yml_is_needed_or_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert new("first", "en") == 0
    (tmp_path / "mkdocs.yml").write_text("plugins: [", "utf-8")
    assert new("second", "en") == 0


@pytest.mark.parametrize("path", ["missing/bike", "file/bike"])
def test_a_place_that_cannot_be_written_exits_with_3(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert new(tmp_path / path, "en") == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"checklist: cannot write {tmp_path / path}: ")
    assert nothing_is_left(tmp_path, "file")


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write = Path.write_text

    def full(path: Path, *arguments: Any, **options: Any) -> int:
        if path.name == "index.md":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", full)
    assert new(tmp_path / "bike", "en") == 3
    assert "No space left" in capsys.readouterr().err
    assert nothing_is_left(tmp_path)


KILLED = """
import os, signal
from pathlib import Path
from checklist.cli import main

def dying(write):
    def method(path, *arguments, **options):
        if path.name == "{name}":
            os.kill(os.getpid(), signal.SIGKILL)
        return write(path, *arguments, **options)
    return method

Path.write_text = dying(Path.write_text)
Path.replace = dying(Path.replace)
main(["new", "bike", "--id", "bike", "--languages", "en,fr"])
"""


@pytest.mark.parametrize("name", ["README.md", "checklist.po", "project"])
def test_whoever_kills_it_finds_no_half_a_project(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED.format(name=name)]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / "bike").exists()
    assert new(tmp_path / "bike", "en,fr") == 0


@pytest.mark.parametrize("id", ["no", "null", "y", "e1", "bike-" * 30 + "bike"])
def test_an_id_that_yaml_reads_otherwise_or_that_is_long_is_fine(
    id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(tmp_path / "list", "en,ko,es", id=id) == 0
    assert loaded(tmp_path / "list").id == id
    monkeypatch.chdir(tmp_path / "list")
    capsys.readouterr()
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"


@pytest.mark.parametrize(
    ("text", "flow", "expected"),
    [
        ("Norsk", True, "Norsk"),
        ("no", True, '"no"'),
        ("中文 (繁體, 台灣)", True, '"中文 (繁體, 台灣)"'),
        ("What, why", False, "What, why"),
        ("Lista: bici", False, '"Lista: bici"'),
        ("`code`", False, '"`code`"'),
        ("one # two", False, '"one # two"'),
    ],
)
def test_yaml_is_quoted_only_where_it_must_be(text: str, flow: bool, expected: str) -> None:
    assert scalar(text, flow) == expected
    assert yaml.safe_load(f"[{expected}]") == [text] if flow else yaml.safe_load(expected) == text


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("fr", "Français"),
        ("ko", "한국어"),
        ("pt-BR", "Português (Brasil)"),
        ("ka", "ქართული"),
        ("zu", "isiZulu"),
        ("ar", "العربية"),
        ("en", "English"),
    ],
)
def test_a_language_is_named_in_itself(id: str, name: str) -> None:
    assert Language(id).name == name


@pytest.mark.parametrize(
    ("id", "theme"),
    [
        ("fr", "fr"),
        ("de-CH", "de"),
        ("pt-BR", "pt-BR"),
        ("pt-PT", "pt"),
        ("zh-Hans", "zh"),
        ("zh-HK", "zh-Hant"),
        ("sr-Cyrl", "sr"),
        ("sr-Latn", "en"),
        ("br", "en"),
    ],
)
def test_the_theme_speaks_the_nearest_language_in_the_same_script(id: str, theme: str) -> None:
    assert Language(id).theme == theme


def test_the_languages_of_the_theme_are_those_installed() -> None:
    folder = distribution("mkdocs-material").locate_file("material/templates/partials/languages")
    assert {path.stem for path in Path(str(folder)).glob("*.html")} == scaffold.THEME_LANGUAGES


def test_the_workflow_may_only_read_and_pins_every_action_to_a_commit(tmp_path: Path) -> None:
    assert new(tmp_path / "bike", "en") == 0
    text = (tmp_path / "bike/.github/workflows/check.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow[True].keys() == {"push", "pull_request"}  # YAML 1.1 reads `on` as true
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert "permissions" not in job
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    assert [name.partition("@")[0] for name in uses] == [
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-artifact",
    ]
    for name in uses:
        assert re.search(rf"{name}  # v\d+\.\d+\.\d+\n", text)
        assert re.fullmatch(r"[^@]+@[0-9a-f]{40}", name)
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    runs = [step["run"] for step in job["steps"] if "run" in step]
    assert runs[1:] == ["checklist check --format github", "mkdocs build --strict"]


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        ({}, "lists[site]==1.2"),
        ({"url": "file:///somewhere", "dir_info": {}}, "lists[site]==1.2"),
        ({"url": "file:///somewhere/a.whl", "archive_info": {}}, "lists[site]==1.2"),
        (
            {"url": "https://git.example/a", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}},
            "lists[site] @ git+https://git.example/a@c0ffee",
        ),
        (
            {"url": "https://files.example/a.whl", "archive_info": {}},
            "lists[site] @ https://files.example/a.whl",
        ),
    ],
)
def test_the_package_is_required_from_where_it_came(
    origin: dict[str, Any], requirement: str
) -> None:
    package = Package("lists", "1.2", origin)
    assert package.requirement == requirement
    assert package.is_local == ("file:" in str(origin))


def test_example_texts_follow_the_register_of_their_language(tmp_path: Path) -> None:
    assert new(tmp_path / "bike", "en,ko,es") == 0
    for item in loaded(tmp_path / "bike").items:
        assert item.title.pick("ko").text.endswith("세요")
        assert not re.search(r"\b(tus?|tú)\b", item.title.pick("es").text.lower())


def test_the_templates_bring_no_interface_strings() -> None:
    paths = sorted(TEMPLATES.iterdir())
    assert len(paths) > 5
    keywords = {"_": None, "ui": None, "ngettext": (1, 2)}
    for path in paths:
        with path.open("rb") as file:
            found = extract(babel_extract, file, keywords=keywords)  # type: ignore[arg-type]
            assert list(found) == [], path
