"""Is every hand-written page there in every language?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checklist.model import Checklist
from checklist.problems import Place, Problem, Severity


def check_prose(checklist: Checklist, docs: Path) -> Iterator[Problem]:
    """Pages of the source language that another language lacks.

    Args:
        docs: folder with one folder of pages for each language. Without one
            for the source language the site has no translated prose.
    """
    source = docs / checklist.source_language.id
    originals = sorted(path.relative_to(source) for path in source.rglob("*.md"))
    for language in checklist.languages[1:]:
        severity = Severity.ERROR if language.required else Severity.WARNING
        for page in originals:
            path = docs / language.id / page
            if not path.is_file():
                message = (
                    f"there is no {language.name} page; translate {(source / page).as_posix()}"
                )
                yield Problem(Place(path.as_posix()), "missing-page", message, severity)
