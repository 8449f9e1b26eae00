"""The PO files that translators get."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import polib
import pytest
from babel.messages.pofile import read_po as babel_read

from checklist import __version__
from checklist.review import State
from checklist.scaffold import installed
from checklist.translate.exporting import export_po
from checklist.wording import fold
from tests.conftest import FOREIGN, ROOT, SMALL
from tests.exchange import Exchange, exchange_of

TITLE = "items/belag-pruefen/title"
HOW = "items/belag-pruefen/how"
NOTE = "items/belag-pruefen/samples/zu-duenn/notes/metall"
COUNT = "ui/{n} not applicable"
PROJECTS = {
    "small": (SMALL / "checklist.yaml", "fr"),
    "foreign": (FOREIGN / "checklist.yaml", "pt-BR"),
    "ours": (ROOT / "checklist/content/celery.yaml", "ko"),
}
STATES = [State.STALE, State.DRAFT, State.UNRECORDED, State.TRANSLATED, State.REVIEWED]


@pytest.fixture(name="velo")
def bicycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """The small project, German with a French translation."""
    velo = exchange_of(SMALL / "checklist.yaml", tmp_path / "velo", "fr")
    monkeypatch.chdir(tmp_path / "velo")
    return velo


def every_state(exchange: Exchange) -> Exchange:
    """The project with a record that has its messages in all states in turn."""
    ids = list(exchange.messages)
    exchange.keep_record({id: STATES[number % len(STATES)] for number, id in enumerate(ids)})
    return exchange


def entry_of(text: str, id: str) -> str:
    """The lines of an entry."""
    (found,) = (part for part in text.split("\n\n") if f'\nmsgctxt "{id}"\n' in part)
    return found.strip("\n")


def test_an_entry_tells_all_that_a_translator_needs(velo: Exchange) -> None:
    velo.keep_record({TITLE: State.STALE})
    entries = dict(velo.entries)
    entries[TITLE] = replace(entries[TITLE], note="Look here.\n\nAnd here.")
    velo.write_record([*entries.values()])
    velo.replace("        priority: essential\n        top: true\n", HINT)
    line = velo.messages[TITLE].source_place.line
    text = export_po(velo.project, "fr", item_url=lambda id: f"https://velo.example/#{id}")
    base = velo.messages[TITLE].wording_hash[:8]
    assert (
        entry_of(text, TITLE)
        == f"""\
# Look here.
{"# "}
# And here.
#. title of an item in Bremsen; one line; at most 80 characters
#. The imperative.
#. Polite.
#. https://velo.example/#belag-pruefen
#. as exported: {base}
#: checklist.yaml:{line}
#, fuzzy, md-text, max-length:80
#| msgctxt "{TITLE}"
#| msgid "Prüfen Sie die Bremsbeläge (earlier)"
msgctxt "{TITLE}"
msgid "Prüfen Sie die Bremsbeläge"
msgstr "Vérifiez les plaquettes de frein\""""
    )


HINT = """\
        hint: |
          The imperative.
          Polite.
        priority: essential
        top: true
"""


def test_what_a_text_is_stands_in_its_first_comment(velo: Exchange) -> None:
    text = velo.export()
    firsts = {
        id: entry_of(text, id).split("\n")[0]
        for id in (HOW, NOTE, "title", "description", "sections/bremsen/intro", COUNT)
    }
    assert firsts == {
        HOW: "#. what to do for an item in Bremsen: Prüfen Sie die Bremsbeläge; "
        "Markdown, may have several paragraphs",
        NOTE: "#. note on line 1 of code that is wrong, in Bremsen: Prüfen Sie die Bremsbeläge "
        "| belag_staerke = 0.4; one line",
        "title": "#. title of the checklist; one line; at most 80 characters",
        "description": "#. description of the checklist; Markdown, may have several paragraphs",
        "sections/bremsen/intro": "#. introduction to Bremsen; "
        "Markdown, may have several paragraphs",
        COUNT: "#. interface string",
    }


def test_every_text_has_a_kind_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = exchange_of(*PROJECTS["ours"][:1], tmp_path / "ours", "ko")
    monkeypatch.chdir(tmp_path / "ours")
    bare = [
        entry.msgctxt
        for entry in polib.pofile(ours.export())
        if entry.comment.split(";")[0] in entry.msgctxt.split("/")
    ]
    assert bare == []


def test_interface_strings_travel_in_the_same_file(velo: Exchange) -> None:
    text = velo.export()
    plural = entry_of(text, COUNT)
    assert "#, python-brace-format\n" in plural
    assert "#: locales/fr/LC_MESSAGES/checklist.po:" in plural
    assert 'msgid "{n} not applicable"\nmsgid_plural "{n} not applicable"\nmsgstr[0] "' in plural
    assert '\nmsgstr[1] "' in plural
    assert "#," not in entry_of(text, "ui/Print")
    ids = [entry.msgctxt for entry in polib.pofile(text)]
    assert ids == list(velo.messages)
    assert not any(id.startswith("pages/") for id in ids)


@pytest.mark.parametrize("kept", [True, False])
def test_what_waits_for_somebody_is_fuzzy(velo: Exchange, kept: bool) -> None:
    if kept:
        every_state(velo)
    flags = {entry.msgctxt: "fuzzy" in entry.flags for entry in polib.pofile(velo.export())}
    waiting = (State.STALE, State.DRAFT, State.UNRECORDED)
    states = velo.states
    assert len(set(states.values())) == (5 if kept else 1)
    assert flags == {id: kept and state in waiting for id, state in states.items()}


def test_the_earlier_original_is_there_only_if_it_differs(velo: Exchange) -> None:
    every_state(velo)
    states = velo.states
    for entry in polib.pofile(velo.export()):
        stale = states[entry.msgctxt or ""] is State.STALE
        assert (entry.previous_msgid is not None) == stale
        assert (entry.previous_msgctxt == entry.msgctxt) == stale
        assert (entry.previous_msgid_plural is not None) == (stale and bool(entry.msgid_plural))


def test_texts_are_folded(velo: Exchange) -> None:
    velo.replace("de: Nässe verlängert den Bremsweg.", "de: |-\n        Nässe\n        verlängert.")
    velo.replace(
        "fr: L’humidité allonge la distance", "fr: |-\n        L’humidité\n        allonge la"
    )
    (entry,) = (e for e in polib.pofile(velo.export()) if e.msgctxt == "sections/bremsen/intro")
    assert velo.messages["sections/bremsen/intro"].original == ("Nässe\nverlängert.",)
    assert entry.msgid == "Nässe verlängert."
    assert entry.msgstr == "L’humidité allonge la de freinage."


def test_the_header_has_no_date_and_names_the_checklist(velo: Exchange) -> None:
    file = polib.pofile(velo.export())
    assert file.metadata == {
        "Project-Id-Version": "fahrrad",
        "Language": "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
        "X-Checklist": "fahrrad",
        "X-Checklist-Record": "none",
        "X-Generator": f"{installed().name} {__version__}",
    }
    assert "checklist translate import" in file.header
    assert "Deutsch (de) into Français (fr)" in file.header


def test_plural_forms_are_those_of_the_catalog(velo: Exchange) -> None:
    velo.replace(
        "Plural-Forms: nplurals=2; plural=(n > 1);",
        "Plural-Forms: nplurals=2; plural=(n >= 2);",
        "locales/fr/LC_MESSAGES/checklist.po",
    )
    assert "plural=(n >= 2);" in velo.export()


def test_one_item_or_one_section_can_be_had_alone(velo: Exchange) -> None:
    ids = [entry.msgctxt or "" for entry in polib.pofile(velo.export("belag-pruefen"))]
    assert ids == [id for id in velo.messages if id.startswith("items/belag-pruefen/")]
    assert len(ids) > 3
    section = velo.project.checklist.sections[0]
    ids = [entry.msgctxt or "" for entry in polib.pofile(velo.export("bremsen"))]
    owners = {"bremsen", *(item.id for item in section.items)}
    assert ids == [id for id in velo.messages if id.split("/")[1:2] and id.split("/")[1] in owners]
    for unknown in ("nichts", "belag", "title"):
        with pytest.raises(KeyError):
            velo.export(unknown)


def test_a_language_that_is_not_declared_cannot_be_exported(velo: Exchange) -> None:
    with pytest.raises(KeyError):
        export_po(velo.project, "it")


def test_a_path_with_a_space_is_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a bicycle"
    velo = exchange_of(SMALL / "checklist.yaml", folder, "fr")
    monkeypatch.chdir(folder)
    settings = replace(velo.settings, source=folder / "checklist.yaml")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    text = Exchange("fr", replace(settings, locales=folder / "locales")).export()
    assert "\n#: ../checklist.yaml:" in text
    monkeypatch.chdir(tmp_path)
    text = Exchange("fr", replace(settings, locales=folder / "locales")).export()
    assert "\n#: \u2068a bicycle/checklist.yaml\u2069:" in text


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("kept", [False, True])
def test_other_readers_of_po_read_the_same(
    name: str, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = exchange_of(PROJECTS[name][0], tmp_path / name, PROJECTS[name][1])
    monkeypatch.chdir(tmp_path / name)
    if kept:
        every_state(exchange)
    text = exchange.export()
    assert text == exchange.export()
    assert text.endswith('"\n')
    messages = exchange.messages
    by_babel = {entry.context: entry for entry in babel_read(io.BytesIO(text.encode()))}
    by_babel.pop(None)
    assert list(by_babel) == list(messages)
    for id, message in messages.items():
        entry = by_babel[id]
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        assert forms == (tuple(map(fold, message.forms)) or ("",) * len(forms))
        original = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
        assert original == tuple(map(fold, message.original))


@pytest.mark.parametrize("name", PROJECTS)
def test_gettext_has_nothing_against_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    msgfmt = which("msgfmt")
    if msgfmt is None:
        pytest.skip("no msgfmt; scripts/test installs GNU gettext")
    exchange = exchange_of(PROJECTS[name][0], tmp_path / name, PROJECTS[name][1])
    monkeypatch.chdir(tmp_path / name)
    every_state(exchange)
    for language in exchange.project.catalogs:
        text = export_po(exchange.project, language)
        done = subprocess.run(
            [msgfmt, "--check", "--statistics", "-o", "/dev/null", "-"],
            input=text.encode(),
            capture_output=True,
            check=False,
        )
        said = done.stderr.decode().strip().split("\n")
        assert done.returncode == 0, said
        # It misses the fields that say who translated last, and when; nobody has yet.
        assert [line for line in said[:-1] if "missing in header" not in line] == []
        assert "translated message" in said[-1]
