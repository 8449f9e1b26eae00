"""The tutorial, done as it is written.

Its code blocks are the same in every language. Of a block with a file name the
marked lines are to be put into that file, where the others say.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.conftest import ROOT

LANGUAGES = ("en", "ko", "es")
FENCE = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<file>[^"]+)" hl_lines="(?P<marks>[^"]+)")?\n'
    r"(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of the page."""

    language: str
    text: str
    file: str = ""
    """The file that the block is an edit of, if it is one."""
    marks: str = ""
    """Its new lines, as `2-4 7`."""

    @property
    def marked(self) -> set[int]:
        """The 1-based numbers of the new lines."""
        ranges = [part.split("-") for part in self.marks.split()]
        return {n for each in ranges for n in range(int(each[0]), int(each[-1]) + 1)}


def page(language: str) -> str:
    return (ROOT / "docs" / language / "make-your-own.md").read_text("utf-8")


def blocks(language: str) -> list[Block]:
    text = page(language)
    found = [Block(**match.groupdict(default="")) for match in FENCE.finditer(text)]
    assert len(found) == text.count("\n```") / 2, "a fence that this test cannot read"
    return found


def edited(text: str, block: Block) -> str:
    """A file with the marked lines of a block put in.

    Marked lines go between the unmarked ones around them, in the place of whatever
    stands there; at an end of the block they are added.
    """
    lines = block.text.splitlines(keepends=True)
    parts: list[str] = []
    for number, line in enumerate(lines, 1):
        if number not in block.marked:
            parts.append(re.escape(line))
        elif parts and parts[-1] != "(?:.*\n)*?":
            parts.append("(?:.*\n)*?")
    if parts[-1] == "(?:.*\n)*?":
        parts.pop()
    before = re.findall("^" + "".join(parts), text, re.MULTILINE)
    assert len(before) == 1, f"not exactly one place for\n{block.text}"
    return text.replace(before[0], block.text)


class Reader:
    """Somebody who does what the page says, in a terminal and an editor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "projects"
        self.folder.mkdir()
        self.sites = folder / "sites"
        self.where = folder / "where"

    def run(self, commands: str) -> str:
        """What the commands print; the next ones run where these end."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["sh", "-c", f'{self.tried(commands)}\npwd >"$WHERE"'],
            cwd=self.folder,
            env=os.environ | {"PATH": path, "WHERE": str(self.where), "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.stderr, commands
        self.folder = Path(self.where.read_text("utf-8").strip())
        return done.stdout

    def tried(self, commands: str) -> str:
        """The commands with what a test can do in the place of what it cannot."""
        number = len(list(self.sites.glob("*")))
        build = f"mkdocs build --quiet --strict --site-dir {self.sites}/{number}"
        return commands.replace('pip install ".[site]"', ":").replace("mkdocs serve", build)

    def edit(self, block: Block) -> None:
        """Put a block into its file."""
        file = self.folder / block.file
        file.write_text(edited(file.read_text("utf-8"), block), "utf-8")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_code_is_the_same_in_every_language(language: str) -> None:
    assert blocks(language) == blocks("en")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_headings_have_the_same_anchors_in_every_language(language: str) -> None:
    def anchors(language: str) -> list[str]:
        return re.findall(r"^#+ .*$", FENCE.sub("", page(language)), re.MULTILINE)

    found, expected = anchors(language), anchors("en")
    assert [heading.partition("{")[2] for heading in found] == [
        heading.partition("{")[2] for heading in expected
    ]
    assert all("{ #" in heading for heading in expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_code_in_the_prose_are_the_same(language: str) -> None:
    def spans(language: str) -> set[str]:
        return set(re.findall(r"`[^`\n]+`", FENCE.sub("", page(language))))

    assert spans(language) >= spans("en")


def test_it_works_as_written(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    output = ""
    for block in blocks("en"):
        if block.language == "sh":
            output = reader.run(block.text)
        elif block.language == "text":
            assert output == block.text
        else:
            reader.edit(block)

    assert reader.folder == tmp_path / "projects/bike"
    before = HTMLParser((tmp_path / "sites/0/checklist/index.html").read_bytes())
    assert len(before.css("input[data-item]")) == 2
    assert reader.run("mkdocs serve") == ""
    for prefix in ("", "es/", "fr/"):
        after = tmp_path / f"sites/1/{prefix}checklist/first-section/index.html"
        entries = HTMLParser(after.read_bytes()).css("[data-entry]")
        assert len(entries) == 3
        assert entries[0].attributes["data-entry"] == "check-tyre-pressure"
        assert "28″" in entries[0].text()
        assert len(entries[0].css("figure")) == 2
        assert len(entries[0].css("figure ol li")) == 1
    pages = sorted((tmp_path / "projects/bike-pages").rglob("*.md"))
    assert len(pages) == 12
    assert any("- [ ]" in page.read_text("utf-8") for page in pages)
