"""Out and back: whatever a tool does to a file, what nobody translated stays to the byte."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from shutil import which

import polib
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checklist.load import loads
from checklist.problems import has_errors
from checklist.project import Settings
from checklist.review import State
from checklist.translate.importing import apply
from checklist.translate.plans import texts
from tests.conftest import FOREIGN, ROOT, SMALL
from tests.exchange import Exchange, edited, exchange_of, recorded, worded
from tests.test_properties import QUICK, blocks, lines

PROJECTS = {
    "ours-ko": (ROOT / "checklist/content/celery.yaml", "ko"),
    "ours-es": (ROOT / "checklist/content/celery.yaml", "es"),
    "small": (SMALL / "checklist.yaml", "fr"),
    "foreign-ja": (FOREIGN / "checklist.yaml", "ja"),
    "foreign-pt": (FOREIGN / "checklist.yaml", "pt-BR"),
    "foreign-en": (FOREIGN / "checklist.yaml", "en"),
}
STATES = [State.STALE, State.DRAFT, State.UNRECORDED, State.TRANSLATED, State.REVIEWED]
NOTES = ["", "A note.", "Two\nlines.", "#1\n\n  | x"]


@pytest.fixture(name="exchange", params=PROJECTS)
def project_in_every_state(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Exchange:
    """Each of the projects, with a record that has messages in every state, some with notes."""
    source, language = PROJECTS[request.param]
    exchange = exchange_of(source, tmp_path / "project", language)
    monkeypatch.chdir(tmp_path / "project")
    every_state(exchange)
    return exchange


def every_state(exchange: Exchange) -> None:
    entries = []
    for number, message in enumerate(exchange.messages.values()):
        state = STATES[number % len(STATES)]
        entry = recorded(message, state) if message.wording else None
        if entry:
            entries.append(replace(entry, note=NOTES[number % len(NOTES)]))
    exchange.write_record(entries)


def rewrapped(text: str, width: int) -> str:
    """The file as polib wraps it, which is as gettext does but for wide letters."""
    file = polib.pofile(text, wrapwidth=width)
    return str(file)


def poedit(text: str) -> str:
    """As Poedit saves: wrapped, its own header fields, what it does not need set aside."""
    file = polib.pofile(text, wrapwidth=79)
    old = dict(file.metadata)
    file.metadata = {
        "Project-Id-Version": old.pop("Project-Id-Version"),
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": "2026-11-26 18:00+0900",
        "PO-Revision-Date": "2026-11-26 18:10+0900",
        "Last-Translator": "Kim Minji <kim@example.org>",
        "Language-Team": "",
        **old,
        "X-Generator": "Poedit 3.4.2",
        "X-Poedit-Basepath": ".",
        "X-Poedit-SourceCharset": "UTF-8",
    }
    return f'{file}\n#~ msgctxt "old"\n#~ msgid "Old"\n#~ msgstr "Vieux"\n'


def weblate(text: str) -> str:
    """As Weblate commits: wrapped at 77, its header, no earlier originals."""
    file = polib.pofile(text, wrapwidth=77)
    file.metadata |= {
        "PO-Revision-Date": "2026-11-26 18:10+0000",
        "Last-Translator": "Minji Kim <kim@example.org>",
        "Language-Team": "French <https://weblate.example/projects/x/fr/>",
        "X-Generator": "Weblate 5.9",
    }
    for entry in file:
        entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
    return str(file)


def omegat(text: str) -> str:
    """As OmegaT writes: Windows line ends, no flags and no comments."""
    found = (line for line in text.split("\n") if not line.startswith("#"))
    return "\r\n".join(found)


def shuffled(text: str) -> str:
    """With the entries in another order."""
    file = polib.pofile(text, wrapwidth=0)
    file.sort(key=lambda entry: (entry.msgstr, entry.msgctxt))
    return str(file)


def gettext(*command: str) -> Callable[[str], str]:
    """As a program of GNU gettext writes it."""

    def run(text: str) -> str:
        if which(command[0]) is None:
            pytest.skip(f"no {command[0]}; scripts/test installs GNU gettext")
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
        return done.stdout.decode()

    return run


HABITS: dict[str, Callable[[str], str]] = {
    "none": str,
    "Poedit": poedit,
    "Weblate": weblate,
    "OmegaT": omegat,
    "another order": shuffled,
    "msgcat": gettext("msgcat", "-"),
    "msgcat, sorted": gettext("msgcat", "--sort-output", "--width=60", "-"),
    "msgcat, not wrapped": gettext("msgcat", "--no-wrap", "--no-location", "-"),
    "msgattrib": gettext("msgattrib", "--clear-previous", "-"),
}


OURS = ("ours-ko none", "ours-es Poedit", "ours-ko Weblate", "ours-es msgcat, sorted")
"""Of our own content, which is large, a few will do."""
EVERY = [
    pytest.param(name, change, id=f"{name} {habit}")
    for name in PROJECTS
    for habit, change in HABITS.items()
    if not name.startswith("ours") or f"{name} {habit}" in OURS
]


@pytest.mark.parametrize(("exchange", "habit"), EVERY, indirect=["exchange"])
def test_what_nobody_translated_stays_to_the_byte(
    exchange: Exchange, habit: Callable[[str], str]
) -> None:
    text = exchange.export()
    before = exchange.files
    came = habit(text)
    plan, problems = exchange.plan(came)
    assert plan, [*map(str, problems)]
    assert problems == []
    assert plan.is_empty
    assert len(plan.steps) == len(exchange.messages) > 20
    made, _ = texts(plan)
    assert made == {}
    assert apply(plan, exchange.settings) == []
    assert exchange.files == before


@pytest.mark.parametrize("habit", HABITS.values(), ids=HABITS.keys())
def test_what_somebody_translated_comes_in_and_nothing_else(
    habit: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = exchange_of(*PROJECTS["small"][:1], tmp_path / "project", "fr")
    monkeypatch.chdir(tmp_path / "project")
    every_state(exchange)
    states = exchange.states
    words = (
        "Un long texte, " * 12 + 'avec "des" mots \\ et\tplus.\n\n- `1.5`\n- [la même]('
    ).strip()
    how = "items/belag-pruefen/how"
    wording = f"{words}https://velo.example/belag)"
    exchange.take(habit(edited(exchange.export(), how, worded(wording))))
    assert exchange.messages[how].forms[0].replace("\n", " ").split() == wording.split()
    assert exchange.states == states | {how: State.TRANSLATED}


def test_what_went_out_twice_is_the_same(exchange: Exchange) -> None:
    text = exchange.export()
    exchange.take(text)
    assert exchange.export() == text


# ---- any source

KEYS = ("title", "why", "how")


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A source with random texts in random styles, and new wordings for some of its texts."""
    style = draw(st.sampled_from([None, "'", '"', "|", ">"]))

    def texts(wording: st.SearchStrategy[str]) -> dict[str, str]:
        original = {"en": draw(wording)}
        return original | ({"es": draw(wording)} if draw(st.booleans()) else {})

    items = [
        {
            "id": f"item-{number}",
            "priority": "essential",
            "title": texts(lines()),
            "why": texts(blocks()),
        }
        for number in range(draw(st.integers(1, 3)))
    ]
    tree = {
        "id": "any",
        "languages": [
            {"id": "en", "name": "English"},
            {"id": "es", "name": "Español", "required": False},
        ],
        "title": texts(lines()),
        "sections": [{"id": "sec", "title": texts(lines()), "items": items}],
    }
    dumped = yaml.safe_dump(
        tree,
        allow_unicode=True,
        sort_keys=False,
        width=draw(st.sampled_from([40, 100, 1000])),
        default_style=style,
        default_flow_style=draw(st.sampled_from([False, None])),
    )
    new = {
        f"items/item-{number}/{key}": draw(lines() if key == "title" else blocks())
        for number in range(len(items))
        for key in ("title", "why")
        if draw(st.booleans())
    }
    source = draw(st.sampled_from(["", "# A comment\n\n"])) + unquoted(dumped)
    assume(not has_errors(loads(source, "any.yaml")[1]))  # PyYAML's escapes are none of ours
    return source, new


def unquoted(dumped: str) -> str:
    """Without the quotes that PyYAML gives to `true` and numbers with a style of its own."""
    return re.sub(r"""!!bool ["'](\w+)["']|!!bool [|>]-?\n\s*(\w+)""", r"\1\2", dumped)


def in_folder(source: str) -> Exchange:
    Path("checklist.yaml").write_text(source, encoding="utf-8", newline="\n")
    Path("locales/es").mkdir(parents=True, exist_ok=True)
    return Exchange("es", Settings(Path("checklist.yaml"), Path("locales")))


@given(sources(), st.lists(st.sampled_from([*STATES]), min_size=1, max_size=7))
@settings(QUICK, max_examples=50)
def test_of_any_source_an_import_of_its_export_changes_no_byte(
    drawn: tuple[str, dict[str, str]], states: list[State]
) -> None:
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        exchange = in_folder(drawn[0])
        ids = list(exchange.messages)
        exchange.keep_record({id: states[n % len(states)] for n, id in enumerate(ids)})
        before = exchange.files
        text = exchange.export()
        plan = exchange.take(weblate(text))
        assert plan.is_empty
        assert len(plan.steps) == len(ids) > 3
        assert exchange.files == before
        assert exchange.export() == text


@given(sources())
@settings(QUICK, max_examples=50)
def test_into_any_source_the_new_wordings_come_and_nothing_else(
    drawn: tuple[str, dict[str, str]],
) -> None:
    source, new = drawn
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        exchange = in_folder(source)
        exchange.keep_record()
        text = exchange.export()
        for id, wording in new.items():
            text = edited(text, id, worded(wording))
        before = {id: each.wording_hash for id, each in exchange.messages.items()}
        plan, _ = exchange.plan(text)
        if plan is None:
            return  # a check has something against a wording, which is all that has to hold
        exchange.take(text)
        hashes = {id: each.wording_hash for id, each in exchange.messages.items()}
        changed = {step.after.id: step.after.wording_hash for step in plan.steps if step.rewords}
        assert hashes == before | changed
        assert set(changed) <= set(new)
        assert exchange.take(exchange.export()).is_empty
