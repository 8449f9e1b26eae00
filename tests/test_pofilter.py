"""A second opinion on our translations: what translate-toolkit's pofilter has against them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from checklist.project import read_project, settings_of
from checklist.translate.exporting import export_po
from tests.conftest import ROOT

LEFT_OUT = {
    "sentencecount": "a translation may make two sentences of one, and does",
    "puncspacing": "a Korean particle and a Spanish sign of per cent follow other rules of spacing",
    "brackets": "a term has its English in brackets where it first occurs",
    "startpunc": "it takes the first letter of a list entry for punctuation",
    "simplecaps": "names and code are capitals to it, and come in another order",
    "startcaps": "a sentence may begin with code in one language and with a word in the other",
    "doublequoting": "the interface quotes names as its language does: “ ”, ‘ ’, « »",
    "singlequoting": "an English apostrophe is a quotation mark to it",
}
"""Filters that do not understand our texts, and why."""
QUOTED = r"ui/.*“\{project\}”.*"
EXPLAINED = {
    "ko": {
        # A sentence where the English has a noun or a participle, or a quotation at its end.
        "endpunc": rf"ui/(Copied|Nothing yet)|{QUOTED}|items/task-logger/.*/every-logger",
        # Words there, figures here: "for each hundred", "two", "one". Ours knows these words.
        "numbers": r"items/(chunk-large-fan-outs|worker-concurrency|healthcheck-semantics)/how",
        "short": r"sections/queues/title|ui/(Articles|Books)",  # 큐, 글, 책
        "unchanged": r"ui/(\{section\}: \{progress\}|\{state\}: \{reason\}|Id)",
    },
    "es": {
        "endpunc": r"items/task-logger/.*/every-logger",  # it ends in code in one of the two
        # The same word in both languages, as the glossary has it, or nothing but placeholders.
        "unchanged": r"(scopes|sections)/(broker|framework)/(label|title)"
        r"|ui/(\{section\}: \{progress\}|\{state\}: \{reason\}|Id|Total)",
    },
}
"""What is left, as patterns of ids."""


def run(language: str, before: Path, after: Path) -> None:
    pofilter = str(Path(sys.executable).with_name("pofilter"))
    command = [pofilter, "--progress=none", f"--language={language}", str(before), str(after)]
    subprocess.run(command, check=True, capture_output=True)


def opinion(language: str, folder: Path) -> dict[str, set[str]]:
    """Ids by the filter that has something against them."""
    settings = settings_of(ROOT / "mkdocs.yml")
    assert settings
    project, _ = read_project(settings)
    assert project
    before, after = folder / "before.po", folder / "after.po"
    before.write_text(export_po(project, language), "utf-8")
    run(language, before, after)
    found: dict[str, set[str]] = {}
    for entry in polib.pofile(str(after)):
        for name in re.findall(r"^\(pofilter\) (\w+):", entry.tcomment, re.MULTILINE):
            found.setdefault(name, set()).add(entry.msgctxt)
    return found


@pytest.mark.parametrize("language", ["ko", "es"])
def test_what_it_complains_about_is_explained(language: str, tmp_path: Path) -> None:
    found = opinion(language, tmp_path)
    assert found.keys() & LEFT_OUT.keys()  # it did look
    for name in found.keys() - LEFT_OUT.keys():
        pattern = EXPLAINED[language].get(name, "nothing")
        unexplained = {id for id in found[name] if not re.fullmatch(pattern, id)}
        assert not unexplained, f"pofilter's {name} complains about {unexplained}"


def test_it_sees_what_is_lost(tmp_path: Path) -> None:
    broken = tmp_path / "broken.po"
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "es"}
    po.append(polib.POEntry(msgctxt="a", msgid="See https://a.example", msgstr="Vea la página"))
    po.save(str(broken))
    run("es", broken, tmp_path / "out.po")
    assert "(pofilter) urls:" in (tmp_path / "out.po").read_text("utf-8")
