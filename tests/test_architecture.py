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
    "atomic",
    "characters",
    "wording",
    "source",
    "shapes",
    "model",
    "fields",
    "load",
    "verification",
    "anchors",
    "catalog",
    "messages",
    "review",
    "glossary",
    "checks",
    "project",
    "differences",
    "progress",
    "notices",
    "render",
    "pages",
    "bundle",
    "offline",
    "plugin",
)
"""A module imports only from the left of itself."""
TRANSLATE = (
    "reports",
    "reviewing",
    "scanner",
    "po",
    "exporting",
    "decisions",
    "inspection",
    "catalogs",
    "scalars",
    "splice",
    "plans",
    "importing",
    "offers",
    "stubs",
    "insertion",
    "configuration",
    "languages",
    "building",
    "accents",
    "pseudo",
    "commands",
    "parsers",
)
"""The same for the modules of `translate/`."""
SEEN_BY_CHECKS = {
    "problems",
    "model",
    "catalog",
    "messages",
    "review",
    "glossary",
    "wording",
    "verification",
    "checks",
}
"""What a check may look at: never YAML nodes."""


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


def test_no_arrow_runs_back_up_in_translate() -> None:
    folder = PACKAGE / "translate"
    assert {path.stem for path in folder.glob("*.py")} == {"__init__", *TRANSLATE}
    for position, name in enumerate(TRANSLATE):
        for imported in imports(folder / f"{name}.py"):
            parts = imported.split(".")
            if parts[:2] == ["checklist", "translate"] and len(parts) > 2:
                assert parts[2] in TRANSLATE[:position], f"{name} imports {imported}"


def test_only_the_command_line_knows_what_translators_do() -> None:
    users = [
        path.name
        for path in PACKAGE.glob("*.py")
        if any(name.startswith("checklist.translate") for name in imports(path))
    ]
    assert users == ["cli.py"]


def test_checks_look_at_the_model_only() -> None:
    for path in (PACKAGE / "checks").glob("*.py"):
        assert own_imports(path) <= SEEN_BY_CHECKS, path


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
