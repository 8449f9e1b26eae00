"""The wheel works without the checkout, and with the base dependencies alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.conftest import ROOT, SMALL

BASE = ("babel", "jinja2", "markupsafe", "pyyaml")


@pytest.fixture(name="command", scope="module")
def installed_command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that has the wheel and what it requires, no more."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    shutil.copytree(
        ROOT,
        checkout,
        ignore=shutil.ignore_patterns(".git", ".venv", "site", "node_modules", "tests"),
    )
    run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(run, cwd=checkout, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    shutil.rmtree(checkout)

    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index"]
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    for name in BASE:
        link_distribution(name, packages)
    return environment / "bin" / "checklist"


def link_distribution(name: str, packages: Path) -> None:
    """Make an installed distribution importable elsewhere, as the network is not for tests."""
    found = distribution(name)
    tops = {file.parts[0] for file in found.files or () if file.parts[0] != ".."}
    for top in tops - {"__pycache__"}:
        (packages / top).symlink_to(str(found.locate_file(top)))


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command, *arguments], cwd=folder, capture_output=True, text=True, check=False, env={}
    )


def test_it_checks_and_renders_a_checklist(command: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    checked = run(command, project, "check")
    assert (checked.returncode, checked.stdout) == (0, "0 errors, 0 warnings\n"), checked.stderr
    rendered = run(command, project, "render", "--out", "out")
    assert rendered.returncode == 0, rendered.stderr
    golden = Path(__file__).parent / "golden/mkdocs/fr/checklist/bremsen.md"
    assert (project / "out/fr/checklist/bremsen.md").read_text("utf-8") == golden.read_text("utf-8")


def test_it_brings_its_own_interface_strings(command: Path, tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text(
        "id: list\nlanguages: [{id: ko, name: 한국어}, {id: es, name: Español}]\n"
        "title: {ko: 목록, es: Lista}\nsections:\n  - id: one\n    title: {ko: 하나, es: Uno}\n"
        "    items:\n      - {id: do-it, priority: essential, title: {ko: 하세요, es: Hágalo}}\n",
        "utf-8",
    )
    rendered = run(command, tmp_path, "render", "list.yaml", "--out", "out")
    assert rendered.returncode == 0, rendered.stderr
    assert "필수" in (tmp_path / "out/ko/checklist/one.md").read_text("utf-8")
    assert "Esencial" in (tmp_path / "out/es/checklist/one.md").read_text("utf-8")


def test_it_makes_a_project_that_checks(command: Path, tmp_path: Path) -> None:
    made = run(command, tmp_path, "new", "bike", "--id", "bike", "--languages", "en,fr")
    assert made.returncode == 0, made.stderr
    assert run(command, tmp_path / "bike", "check").returncode == 0
    assert "file:" not in (tmp_path / "bike/requirements.txt").read_text("utf-8")


def test_a_fault_is_told_with_its_place(command: Path, tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("id: list\nlanguages: [{id: no, name: Norsk}]\n", "utf-8")
    checked = run(command, tmp_path, "check", "list.yaml")
    assert checked.returncode == 1
    assert "list.yaml:2:18: error ambiguous-scalar" in checked.stdout
