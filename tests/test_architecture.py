"""The plan of the house: who may know whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import checklist
from tests.conftest import ROOT

PACKAGE = ROOT / "checklist"
FLOW = (
    "problems",
    "characters",
    "source",
    "shapes",
    "model",
    "fields",
    "load",
    "verification",
    "anchors",
    "catalog",
    "checks",
    "render",
    "pages",
    "bundle",
    "offline",
    "plugin",
)
"""A module imports only from the left of itself."""


def imports(path: Path) -> set[str]:
    """The modules that a module imports, at any place in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def own_imports(path: Path) -> set[str]:
    names = {path.stem for path in PACKAGE.glob("*.py")} | {"checks"}
    parts = (name.split(".") for name in imports(path) if name.startswith("checklist."))
    return {part[1] for part in parts if part[1] in names}


def test_only_the_plugin_knows_mkdocs() -> None:
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(name.split(".")[0] == "mkdocs" for name in imports(path))
    ]
    assert users == ["plugin.py"]


def test_the_model_knows_nothing_of_ours_but_problems() -> None:
    assert own_imports(PACKAGE / "model.py") == {"problems"}


@pytest.mark.parametrize("name", [name for name in FLOW if name != "checks"])
def test_no_arrow_runs_back_up(name: str) -> None:
    later = set(FLOW[FLOW.index(name) :])
    assert not own_imports(PACKAGE / f"{name}.py") & later


def test_checks_look_at_the_model_only() -> None:
    for path in (PACKAGE / "checks").glob("*.py"):
        assert own_imports(path) <= {"problems", "model", "catalog", "verification", "checks"}, path


def test_the_engine_knows_no_subject() -> None:
    for path in (*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.jinja"), *PACKAGE.rglob("*.mjs")):
        assert "celery" not in path.read_text("utf-8").lower(), path


def test_the_public_names_are_these() -> None:
    assert checklist.__all__ == [
        "Checklist",
        "ChecklistError",
        "Page",
        "Place",
        "Problem",
        "Project",
        "Renderer",
        "Settings",
        "Severity",
        "SourceError",
        "check",
        "examine",
        "load",
        "open_project",
        "pages",
    ]
    assert all(getattr(checklist, name).__doc__ for name in checklist.__all__)
