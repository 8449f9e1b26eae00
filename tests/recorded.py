"""A copy of the small project whose French is in every state there is."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from checklist.project import Settings, examine
from checklist.review import State, dump_review, entry_of, record, review_path
from tests.conftest import SMALL

STALE = "belag-pruefen"
DRAFT = "kette-oelen"
MISSING = "licht"
PALETTE = ", ".join(
    f"{{media: '(prefers-color-scheme: {name})', scheme: {scheme}, primary: custom, "
    "accent: custom, toggle: {icon: material/weather-sunny, name: Switch to light mode}}"
    for name, scheme in (("light", "default"), ("dark", "slate"))
)
REVIEWED = "items/belag-pruefen/samples/zu-duenn/notes/metall"


def recorded_project(folder: Path) -> Path:
    """Make the project in a new folder; returns its path."""
    project = folder / "project"
    shutil.copytree(SMALL, project)
    edit(project / "mkdocs.yml", "  - i18n:", "  - search\n  - i18n:")
    edit(project / "mkdocs.yml", "font: false", f"font: false, palette: [{PALETTE}]")
    edit(project / "checklist.yaml", "name: Français}", "name: Français, required: false}")
    _record(project)
    source = project / "checklist.yaml"
    edit(source, "de: Prüfen Sie die Bremsbeläge", "de: Messen Sie beide Bremsbeläge")
    edit(source, "- mindestens `1.5` Millimeter", "- mindestens `2` Millimeter, **neu** `<a>`")
    edit(source, "de: Nässe verlängert", "de: Eis verlängert")
    edit(source, "{de: Zeigt das Messen.", "{de: Zeigt das Messen genau.")
    edit(source, ", fr: Rechargez l’éclairage}", "}")
    home = project / "docs/de/index.md"
    home.write_text(home.read_text("utf-8") + "\nNeu.\n", "utf-8")
    (project / "docs/de/winter.md").write_text("---\ntitle: Winter\n---\n\n# Winter\n\nKalt.\n")
    return project


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def line_of(project: Path, text: str) -> int:
    """The line of the source that has a text."""
    lines = (project / "checklist.yaml").read_text("utf-8").splitlines()
    (number,) = (number for number, line in enumerate(lines, start=1) if text in line)
    return number


def _record(project: Path) -> None:
    """Say of all French that it was made from the German as it stands."""
    settings = Settings(project / "checklist.yaml", project / "locales", project / "docs")
    loaded, _ = examine(settings)
    assert loaded
    entries = [
        entry_of(message, _state(message.id), "Marie, Paul" if message.id == REVIEWED else "Marie")
        for message in loaded.messages("fr")
    ]
    review = record(replace(loaded.reviews["fr"], kept=True), entries)
    review_path(project / "locales", "fr").write_text(dump_review(review), "utf-8")


def _state(id: str) -> State:
    if id == REVIEWED:
        return State.REVIEWED
    return State.DRAFT if id == f"items/{DRAFT}/title" else State.TRANSLATED
