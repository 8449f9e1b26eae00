"""Is every hand-written page there in every language, and where does it link to?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from checklist.checks.markup import prose_of
from checklist.messages import is_stub
from checklist.model import Address, Checklist, Phrase
from checklist.problems import Place, Problem, Severity

_ADDRESS: Final = re.compile(r"https?://[^\s()<>\[\]\"']*[^\s()<>\[\]\"'.,:;!?]")
"""Wherever it stands: pages may have what texts may not, such as definitions and HTML."""


def check_prose(checklist: Checklist, docs: Path) -> Iterator[Problem]:
    """Pages of the source language that another language lacks.

    Args:
        docs: folder with one folder of pages for each language. Without one
            for the source language the site has no translated prose.
    """
    source = docs / checklist.source_language.id
    originals = sorted(path.relative_to(source) for path in source.rglob("*.md"))
    for language in checklist.languages[1:]:
        severity = Severity.ERROR if language.required else Severity.NOTICE
        for page in originals:
            path = docs / language.id / page
            if not path.is_file() or is_stub(path.read_text("utf-8", errors="replace")):
                message = (
                    f"there is no {language.name} page; translate {(source / page).as_posix()}"
                )
                yield Problem(Place(path.as_posix()), "missing-page", message, severity)


def prose_addresses(checklist: Checklist, docs: Path) -> Iterator[Address]:
    """Every web address on the hand-written pages, but for those in code.

    Args:
        docs: folder with one folder of pages for each language.
    """
    for language in checklist.languages:
        for path in sorted((docs / language.id).rglob("*.md")):
            if not path.is_file():
                continue
            # A page that is not UTF-8 stops the builder; here it is no concern.
            text = prose_of(path.read_text("utf-8", errors="replace"))
            page = Phrase(text, language.id, Place(path.as_posix()), keeps_lines=True)
            for match in _ADDRESS.finditer(text):
                yield Address(match[0], page.place_at(match.start()))
