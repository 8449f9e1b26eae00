"""A further language: everything it needs is added, and nothing that is there changes."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from difflib import unified_diff
from importlib.metadata import distribution
from pathlib import Path

import polib
import pytest
import yaml
from babel.messages.pofile import read_po

from checklist.catalog import interface_messages
from checklist.cli import main
from checklist.glossary import load_glossary
from checklist.messages import is_stub
from checklist.problems import Severity, has_errors, tolerant
from checklist.project import examine, settings_of
from checklist.review import State
from checklist.scaffold import Language
from checklist.translate import building
from checklist.translate.accents import pseudo
from checklist.translate.building import build_site
from checklist.translate.configuration import Site, read_site
from checklist.translate.languages import Addition, add_language, plan_language
from checklist.translate.offers import SEARCH_LANGUAGES, Offer
from tests.conftest import FOREIGN, ROOT
from tests.site import Site as BuiltSite
from tests.site import served_site

CONFIGURATION = Path("mkdocs.yml")


def texts(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def planned(tag: str) -> tuple[Addition | None, list[str]]:
    settings = settings_of()
    assert settings
    return plan_language(settings, CONFIGURATION, tag)


def addition_of(tag: str) -> Addition:
    addition, faults = planned(tag)
    assert addition, faults
    assert not faults
    return addition


def added_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    return tuple([line[1:] for line in lines if line.startswith(sign)] for sign in "-+")  # type: ignore[return-value]


@pytest.fixture(name="project")
def foreign_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example in four languages, as the current folder."""
    project = tmp_path / "project"
    shutil.copytree(FOREIGN, project)
    monkeypatch.chdir(project)
    return project


def test_a_language_gets_an_entry_and_its_files(project: Path) -> None:
    before = texts(project)
    written = add_language(addition_of("br"))
    after = texts(project)
    assert written == sorted(path for path in after if before.get(path) != after[path])
    assert set(after) - set(before) == {
        "docs/br/huts.md",
        "docs/br/index.md",
        "locales/br/LC_MESSAGES/checklist.po",
        "locales/br/glossary.yaml",
        "locales/br/review.jsonl",
        "theme/partials/languages/br.html",
    }
    assert added_lines(before["checklist.yaml"], after["checklist.yaml"]) == (
        [],
        ["  - {id: br, name: Brezhoneg, required: false}"],
    )
    assert added_lines(before["mkdocs.yml"], after["mkdocs.yml"]) == (
        ["theme: {name: material, font: false}"],
        [
            "theme: {name: material, custom_dir: theme, font: false}",
            "        - {locale: br, name: Brezhoneg}",
        ],
    )
    unchanged = set(before) - {"checklist.yaml", "mkdocs.yml"}
    assert {path: after[path] for path in unchanged} == {path: before[path] for path in unchanged}


def test_what_it_lacks_is_no_error_and_counts_as_missing(project: Path) -> None:
    add_language(addition_of("he"))
    settings = settings_of()
    assert settings
    found, problems = examine(settings)
    assert found
    assert not has_errors(problems)
    states = {each.id: found.state(each, "he") for each in found.messages("he")}
    assert {"title", "pages/huts.md", "ui/Essential"} < set(states)
    assert set(states.values()) == {State.MISSING}
    assert found.reviews["he"].kept


def test_a_catalog_waits_for_every_string_with_the_plurals_of_the_language(project: Path) -> None:
    add_language(addition_of("sl"))
    with (project / "locales/sl/LC_MESSAGES/checklist.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    entries = {(e.id if isinstance(e.id, str) else e.id[0]): e for e in catalog if e.id}
    assert entries.keys() == interface_messages().keys()
    assert catalog.num_plurals == 4
    assert str(catalog.locale) == "sl"
    assert not any(map(any, (filter(None, e.string or "") for e in entries.values())))


def test_a_variety_of_a_language_that_the_package_speaks_has_its_words(project: Path) -> None:
    add_language(addition_of("es-MX"))
    po = polib.pofile(str(project / "locales/es-MX/LC_MESSAGES/checklist.po"))
    assert po.percent_translated() == 100
    assert "Esencial" in {entry.msgstr for entry in po}


def test_a_language_that_the_package_speaks_needs_no_catalog(project: Path) -> None:
    assert not any("LC_MESSAGES" in path for path in add_language(addition_of("ko")))


def test_a_glossary_has_every_term_of_the_others_to_be_filled_in(project: Path) -> None:
    glossary = project / "locales/ja/glossary.yaml"
    glossary.write_text(
        "- {en: 'map: paper', use: 地図}\n- {en: hut, use: 小屋}\n- {en: GPS, use: GPS}\n", "utf-8"
    )
    add_language(addition_of("fr"))
    path = project / "locales/fr/glossary.yaml"
    assert load_glossary(project / "locales", "fr")[0].terms == ()
    assert not load_glossary(project / "locales", "fr")[1]
    text = path.read_text("utf-8")
    assert "glossary of français" in text.lower()
    head, _, rest = text.partition("\n\n")
    assert all(line.startswith("#") for line in head.splitlines())
    for key in ("en", "use", "forms", "avoid", "note", "reading"):
        assert f"#   {key}:" in head
    # As a translator fills it in: the mark of the comment goes, the word comes.
    path.write_text(rest.replace("# ", "").replace("use:", "use: mot"), "utf-8")
    found, problems = load_glossary(project / "locales", "fr")
    assert not problems
    assert [(term.source, term.use) for term in found.terms] == [
        ("hut", "mot"),
        ("map: paper", "mot"),
    ]


def test_a_page_is_a_stub_that_names_its_original_and_copies_nothing(project: Path) -> None:
    add_language(addition_of("fr"))
    for name in ("huts.md", "index.md"):
        stub = (project / "docs/fr" / name).read_text("utf-8")
        assert is_stub(stub)
        assert f"docs/ar/{name}" in stub
        assert yaml.safe_load(stub.split("---")[1]) == {"untranslated": True}
        assert stub.endswith("---\n")


def test_pages_in_folders_get_their_stubs_too(project: Path) -> None:
    (project / "docs/ar/more").mkdir()
    (project / "docs/ar/more/page.md").write_text("# More\n", "utf-8")
    assert "docs/fr/more/page.md" in add_language(addition_of("fr"))


@pytest.mark.parametrize(
    ("tag", "what"),
    [
        ("", "BCP 47"),
        ("PT-br", "BCP 47"),
        ("pt_BR", "BCP 47"),
        ("../fr", "BCP 47"),
        ("fr\n", "BCP 47"),
        ("fil", "two letters"),
        ("es-419", "two letters"),
        ("xx", "no language that Babel knows"),
        ("ja", "there already"),
        ("pt-BR", "there already"),
    ],
)
def test_a_tag_that_cannot_be_added_is_told_in_one_line(tag: str, what: str, project: Path) -> None:
    before = texts(project)
    addition, faults = planned(tag)
    assert addition is None
    (line,) = faults
    assert what in line
    assert "\n" not in line
    assert texts(project) == before


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        ("checklist.yaml", "id: [", "checklist.yaml:2:1: error syntax-error"),
        ("checklist.yaml", "", "empty"),
        ("checklist.yaml", "id: a\n", "and 2 more"),
        ("checklist.yaml", "id: [\r\n", "carriage-return"),
        ("mkdocs.yml", "plugins: [", "is not YAML"),
        ("mkdocs.yml", "", "has no plugin 'i18n'"),
        ("mkdocs.yml", "plugins: [search]\n", "has no plugin 'i18n'"),
        ("mkdocs.yml", "plugins:\n", "has no plugin 'i18n'"),
        ("mkdocs.yml", "plugins: [i18n]\n", "has no plugin 'i18n'"),
        ("mkdocs.yml", "plugins: [{i18n: {languages: []}}]\n", "has no plugin 'i18n'"),
        ("mkdocs.yml", "- a\n", "has no plugin 'i18n'"),
        ("mkdocs.yml", "\x00", "is not YAML"),
        ("mkdocs.yml", None, "no such file"),
        ("checklist.yaml", None, "no such file"),
    ],
)
def test_files_that_cannot_be_added_to_are_told_in_one_line(
    path: str, text: str | None, what: str, project: Path
) -> None:
    settings = settings_of()
    assert settings
    if text is None:
        (project / path).unlink()
    else:
        (project / path).write_text(text, "utf-8", newline="")
    before = texts(project)
    addition, faults = plan_language(settings, CONFIGURATION, "fr")
    assert addition is None
    (line,) = faults
    assert what in line
    assert "\n" not in line
    assert texts(project) == before


def test_all_that_is_in_the_way_is_told_at_once(project: Path) -> None:
    settings = settings_of()
    assert settings
    (project / "mkdocs.yml").unlink()
    (project / "checklist.yaml").write_text("id: 1\n", "utf-8")
    assert len(plan_language(settings, CONFIGURATION, "xx")[1]) == 3


def test_files_that_are_there_are_kept(project: Path) -> None:
    mine = {
        "docs/fr/huts.md": "# Refuges\n",
        "locales/fr/glossary.yaml": "- {en: hut, use: refuge}\n",
        "locales/fr/LC_MESSAGES/checklist.po": "",
    }
    for path, text in mine.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, "utf-8")
    addition = addition_of("fr")
    assert {path.as_posix() for path in addition.kept} == set(mine)
    written = add_language(addition)
    assert not set(mine) & set(written)
    assert "docs/fr/index.md" in written
    assert {path: texts(project)[path] for path in mine} == mine
    for path in mine:
        assert f"{path} was there already and is kept as it is." in addition.sentences


@pytest.mark.parametrize("undone", ["checklist.yaml", "mkdocs.yml"])
def test_what_was_broken_off_can_be_completed(undone: str, project: Path) -> None:
    before = (project / undone).read_text("utf-8")
    add_language(addition_of("fr"))
    complete = texts(project)
    (project / undone).write_text(before, "utf-8")
    assert add_language(addition_of("fr")) == [undone]
    assert texts(project) == complete
    assert "there already" in planned("fr")[1][0]


@pytest.mark.parametrize("path", ["checklist.yaml", "mkdocs.yml", "docs/fr/index.md"])
def test_an_edit_in_the_meantime_is_not_lost(path: str, project: Path) -> None:
    addition = addition_of("fr")
    (project / path).parent.mkdir(exist_ok=True)
    with (project / path).open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    before = texts(project)
    assert add_language(addition) == []
    assert texts(project) == before
    assert not (project / "locales/fr").exists()


@pytest.mark.parametrize("path", ["locales/fr", "docs/fr", "theme"])
def test_a_file_where_a_folder_must_be_leaves_everything_as_it_was(
    path: str, project: Path
) -> None:
    (project / path).write_text("mine", "utf-8")
    before, folders = texts(project), sorted(project.rglob("*"))
    tag = "br" if path == "theme" else "fr"
    with pytest.raises(OSError):
        add_language(addition_of(tag))
    assert texts(project) == before
    assert sorted(project.rglob("*")) == folders


def test_a_full_disk_leaves_everything_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, folders = texts(project), sorted(project.rglob("*"))
    count = iter(range(100))

    def full(descriptor: int) -> None:
        if next(count) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        add_language(addition_of("fr"))
    assert texts(project) == before
    assert sorted(project.rglob("*")) == folders


KILLED = """
import os, signal
from checklist.cli import main

replace, count = os.replace, iter(range(100))

def dying(*arguments):
    if next(count) == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(*arguments)

os.replace = dying
main(["translate", "add", "br", "--no-build"])
"""


@pytest.mark.parametrize("number", range(8))
def test_whoever_kills_it_can_go_on_and_call_it_again(
    number: int, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", KILLED.format(number=number)]
    done = subprocess.run(command, cwd=project, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    settings = settings_of()
    assert settings
    found, problems = examine(settings)
    site, _ = read_site(CONFIGURATION)
    assert found
    assert site
    assert not has_errors(problems)
    assert set(site.tags) <= set(found.catalogs)  # or the site could not be built
    assert main(["translate", "add", "br", "--no-build"]) == 0
    left = [path for path in texts(project) if path.endswith(".tmp")]
    again = project.parent / "again"
    shutil.copytree(FOREIGN, again)
    monkeypatch.chdir(again)
    assert main(["translate", "add", "br", "--no-build"]) == 0
    now = {path: text for path, text in texts(project).items() if path not in left}
    assert now == texts(again)


def test_line_ends_of_the_configuration_stay(project: Path) -> None:
    path = project / "mkdocs.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    add_language(addition_of("br"))
    data = path.read_bytes()
    assert b"br, name: Brezhoneg}\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")


I18N = "i18n: {languages: [{locale: en, name: English, default: true}]}"


@pytest.mark.parametrize(
    ("tag", "before", "after"),
    [
        ("fr", "plugins: [search, I18N]", "plugins: [search, I18N]"),
        ("pt-BR", "plugins: [search, I18N]", "plugins: [search: {lang: [pt]}, I18N]"),
        (
            "pt-BR",
            "plugins:\n  - material/search\n  - I18N",
            "plugins:\n  - material/search: {lang: [pt]}\n  - I18N",
        ),
        (
            "pt-BR",
            "plugins:\n  - search:\n      lang:\n        - en\n  - I18N",
            "plugins:\n  - search:\n      lang:\n        - en\n        - pt\n  - I18N",
        ),
        (
            "pt-BR",
            "plugins:\n  search:\n    separator: x\n  I18N",
            "plugins:\n  search:\n    separator: x\n    lang: [pt]\n  I18N",
        ),
        (
            "pt-BR",
            "plugins: [search: {lang: [pt]}, I18N]",
            "plugins: [search: {lang: [pt]}, I18N]",
        ),
        (
            "br",
            "theme: material\nplugins: [I18N]",
            "theme: {name: material, custom_dir: theme}\nplugins: [I18N]",
        ),
        (
            "br",
            "theme:\n  name: material\n  font: x\nplugins: [I18N]",
            "theme:\n  name: material\n  custom_dir: theme\n  font: x\nplugins: [I18N]",
        ),
        (
            "br",
            "theme: {name: material, custom_dir: own}\nplugins: [I18N]",
            "theme: {name: material, custom_dir: own}\nplugins: [I18N]",
        ),
        ("br", "theme: mkdocs\nplugins: [I18N]", "theme: mkdocs\nplugins: [I18N]"),
        ("br", "plugins: [I18N]", "plugins: [I18N]"),
    ],
)
def test_a_configuration_gets_what_the_language_needs(tag: str, before: str, after: str) -> None:
    text = before.replace("I18N", I18N) + "\nx: !ENV [A, b]  # c\n"
    site = Site(text).with_language(Language(tag))
    entry = f", {{locale: {tag}, name: {Language(tag).name}}}]"
    expected = after.replace("I18N", I18N.replace("]", entry)) + "\nx: !ENV [A, b]  # c\n"
    assert site.text == expected
    assert site.tags == ["en", tag]
    assert site.with_language(Language(tag)) == site


def test_it_says_what_is_left_to_people(project: Path) -> None:
    said = list(addition_of("br").sentences)
    assert said[:3] == list(Offer(Language("br")).sentences)
    assert "theme/partials/languages/br.html is the place for the theme's own words." in said
    assert "Pages to translate: docs/br/huts.md, docs/br/index.md." in said
    assert "checklist.yaml says `required: false`" in said[-1]
    assert not any("theme/" in line for line in addition_of("fr").sentences)


def test_the_theme_of_a_site_with_its_own_folder_gets_the_words_there(project: Path) -> None:
    path = project / "mkdocs.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("font: false", "font: false, custom_dir: own"), "utf-8")
    assert "own/partials/languages/br.html" in add_language(addition_of("br"))


@pytest.mark.parametrize(
    ("tag", "plurals", "direction", "theme", "search"),
    [
        ("ar", 6, "rtl", "ar", "ar"),
        ("pt-BR", 2, "ltr", "pt-BR", "pt"),
        ("ko", 1, "ltr", "ko", "ko"),
        ("he", 2, "rtl", "he", None),
        ("br", 6, "ltr", "en", None),
        ("en-GB", 2, "ltr", "en", "en"),
        ("zh-HK", 1, "ltr", "zh-Hant", "zh"),
    ],
)
def test_it_says_what_there_is_for_a_language(
    tag: str, plurals: int, direction: str, theme: str, search: str | None
) -> None:
    offer = Offer(Language(tag))
    assert (offer.plurals, offer.search) == (plurals, search)
    assert (offer.language.direction, offer.language.theme) == (direction, theme)
    babel, material, found = offer.sentences
    assert f"({tag})" in babel
    assert ("right to left" in babel) == (direction == "rtl")
    assert re.search(rf"\b{plurals} plural forms?\b", babel)
    assert f"'{theme}'" in material
    assert (f"'{search}'" in found) == (search is not None)


def test_the_languages_of_the_search_are_those_installed() -> None:
    package = distribution("mkdocs").locate_file("mkdocs/contrib/search/lunr-language")
    names = {path.name.split(".")[1] for path in Path(str(package)).glob("lunr.??.js")}
    theme = distribution("mkdocs-material").locate_file(
        "material/templates/assets/javascripts/lunr/min"
    )
    shipped = {path.name.split(".")[1] for path in Path(str(theme)).glob("lunr.??.min.js")}
    assert names | {"en"} == SEARCH_LANGUAGES
    assert names <= shipped


def test_a_site_is_built_and_leaves_nothing(project: Path) -> None:
    before = texts(project)
    assert build_site(CONFIGURATION) == 0
    assert texts(project) == before


def test_why_a_site_cannot_be_built_is_printed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (project / "docs/ar/index.md").open("a", encoding="utf-8") as file:
        file.write("\n[x](missing.md)\n")
    assert build_site(CONFIGURATION) == 1
    err = capsys.readouterr().err
    assert err.startswith("checklist: the site cannot be built:\n")
    assert "missing.md" in err
    assert len(err.splitlines()) <= building.LINES_SHOWN + 1


def test_without_mkdocs_nothing_is_built_and_said_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(building, "find_spec", lambda name: None)
    assert build_site(CONFIGURATION) == 3
    assert capsys.readouterr().err == "checklist: no site was built, as MkDocs is not installed\n"


LANGUAGES = ("en", "ko", "es", "pt-BR", "ar")
TRANSLATED = 10
"""One text in so many is translated."""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, BuiltSite]]:
    """Our own project with two more languages, a tenth translated, by the commands alone."""
    project = tmp_path_factory.mktemp("grown") / "project"
    for path in ("mkdocs.yml", "docs", "locales", "checklist/content"):
        copy = shutil.copytree if (ROOT / path).is_dir() else shutil.copy
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / path, project / path)
    before = Path.cwd()
    os.chdir(project)
    try:
        for tag in LANGUAGES[3:]:
            assert main(["translate", "add", tag, "--no-build"]) == 0
            assert main(["translate", "export", tag, "--out", f"{tag}.po"]) == 0
            fill_in(Path(f"{tag}.po"))
            assert main(["translate", "import", f"{tag}.po", "--by", "Ana"]) == 0
        settings = settings_of()
        assert settings
        problems = tolerant(examine(settings)[1])  # of the gaps that ours may have itself
        assert len(problems) > 1000
        assert [str(each) for each in problems if each.severity is Severity.ERROR] == []
        with served_site(project, project.parent / "site", LANGUAGES) as site:
            yield project, site
    finally:
        os.chdir(before)


def fill_in(path: Path) -> None:
    """Translate one entry in ten, as well as a program can."""
    po = polib.pofile(str(path))
    texts = [entry for entry in po if not entry.msgid_plural]
    for entry in texts[::TRANSLATED]:
        entry.msgstr = pseudo(entry.msgid, limit_of(entry))
    po.save()


def limit_of(entry: polib.POEntry) -> int:
    return next((int(f.partition(":")[2]) for f in entry.flags if f.startswith("max-length:")), 0)


def test_new_languages_are_in_the_switcher_and_for_search_engines(
    grown: tuple[Path, BuiltSite],
) -> None:
    _, site = grown
    for path in ("index.html", "checklist/index.html", "checklist/retries/index.html"):
        for page in site.in_all_languages(path):
            links = {
                link.attributes["hreflang"]: link.attributes["href"] or ""
                for link in page.css("a[hreflang]")
            }
            assert tuple(links) == LANGUAGES
            alternates = {
                link.attributes["hreflang"]: link.attributes["href"]
                for link in page.css("link[rel=alternate][hreflang]")
            }
            bare = path.removesuffix("index.html")
            expected = {tag: site.url + site.prefix(tag) + bare for tag in LANGUAGES}
            assert alternates == expected | {"x-default": site.url + bare}


def test_pages_of_new_languages_say_their_language_and_direction(
    grown: tuple[Path, BuiltSite],
) -> None:
    _, site = grown
    seen = set()
    for path, page in site.pages.items():
        tag = site.language_of(path)
        html, body = page.css_first("html"), page.css_first("body")
        assert html
        assert body
        assert html.attributes["lang"] == tag
        assert body.attributes["dir"] == ("rtl" if tag == "ar" else "ltr")
        seen.add(tag)
    assert seen == set(LANGUAGES)


def test_the_search_knows_the_new_languages(grown: tuple[Path, BuiltSite]) -> None:
    _, site = grown
    index = json.loads((site.root / "search/search_index.json").read_text("utf-8"))
    assert set(index["config"]["lang"]) == {"en", "ko", "es", "pt", "ar"}
    folders = {entry["location"].partition("/")[0] for entry in index["docs"]}
    assert {"pt-BR", "ar"} <= folders


def test_what_is_not_translated_is_shown_in_english_with_a_notice(
    grown: tuple[Path, BuiltSite],
) -> None:
    _, site = grown
    settings = settings_of(grown[0] / "mkdocs.yml")
    assert settings
    project, _ = examine(settings)
    assert project
    for tag in LANGUAGES[3:]:
        page = site.pages[f"{tag}/print/index.html"]
        missing = 0
        for item in project.checklist.items:
            (entry,) = page.css(f'[data-entry="{item.id}"]')
            own = tag in item.title.phrases
            (label,) = entry.css(".cl-head label")
            borrowed = label.css("[lang=en][dir]")
            assert bool(borrowed) != own, item.id
            parts = [item.title, item.why, item.how]
            if any(text and tag not in text.phrases for text in parts):
                assert entry.css(".cl-told"), item.id
                missing += 1
        assert missing > 40
        for name in ("index.html", "how-a-task-travels/index.html"):
            (heading,) = site.pages[f"{tag}/{name}"].css("h1")
            assert site.pages[name].css("h1")[0].text() == heading.text()
            assert site.pages[f"{tag}/{name}"].css("[lang=en][dir] h1")


def test_the_status_of_new_languages_is_true(
    grown: tuple[Path, BuiltSite], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_of(grown[0] / "mkdocs.yml")
    assert settings
    project, problems = examine(settings)
    assert project
    assert not has_errors(tolerant(problems))
    for tag in LANGUAGES[3:]:
        states = [project.state(each, tag) for each in project.messages(tag)]
        done = sum(state in (State.TRANSLATED, State.REVIEWED) for state in states)
        assert 0.08 < done / len(states) < 0.12
        assert set(states) == {State.TRANSLATED, State.MISSING}
        assert {entry.by for entry in project.reviews[tag].entries.values()} == {"Ana"}
