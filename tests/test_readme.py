"""What the README promises, tried as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checklist.cli import main
from tests.conftest import ROOT
from tests.site import build

README = (ROOT / "README.md").read_text("utf-8")


def test_the_example_checks_and_builds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(r"```yaml\n# (\S+)\n(.*?)```", README, re.DOTALL)
    assert [name for name, _ in blocks] == ["checklist.yaml", "mkdocs.yml"]
    for name, content in blocks:
        (tmp_path / name).write_text(content, "utf-8")
    for language in ("en", "es"):
        folder = tmp_path / "docs" / language
        folder.mkdir(parents=True)
        (folder / "index.md").write_text("# Home\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0, capsys.readouterr().out
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 0, done.stderr
    assert "Revise las pastillas" in (tmp_path / "site/es/checklist/index.html").read_text("utf-8")


def test_the_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (_, source), _ = re.findall(r"```yaml\n# (\S+)\n(.*?)```", README, re.DOTALL)
    (tmp_path / "checklist.yaml").write_text(source, "utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102
    assert "es checklist/brakes.md" in capsys.readouterr().out


def test_the_files_it_names_are_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_the_scripts_it_names_are_there() -> None:
    for name in set(re.findall(r"scripts/(\w+)", README)):
        assert (ROOT / "scripts" / name).stat().st_mode & 0o111, name


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md"])
def test_the_text_of_a_problem_is_the_real_one(path: str) -> None:
    for code in re.findall(r"error ([a-z-]+):", (ROOT / path).read_text("utf-8")):
        assert (ROOT / "tests/broken" / f"{code}.yaml").is_file(), code
