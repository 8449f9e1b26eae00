"""The Markdown of the small checklist, page by page, against `golden/`.

After a wanted change: `checklist render` in tests/small with `--out
../golden/mkdocs` and, with `--builder plain`, `--out ../golden/plain`; then
read the difference.
"""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from jinja2 import UndefinedError

from checklist.catalog import load_catalog
from checklist.load import loads
from checklist.model import Phrase
from checklist.notices import PlaceUrl
from checklist.pages import pages
from checklist.problems import Place
from checklist.progress import progress_of
from checklist.project import Project, Settings, examine
from checklist.render import (
    BUILDERS,
    Renderer,
    attribute,
    docs_label,
    fence,
    literal,
    plain,
    quoted,
    script_json,
    target,
)
from tests.conftest import SMALL
from tests.recorded import DRAFT, MISSING, STALE, edit, line_of, recorded_project

GOLDEN = Path(__file__).parent / "golden"


def renderer(builder: str, language: str, source_url: str = "") -> Renderer:
    return of_project(SMALL, builder, language, lines_of(source_url))


def of_project(folder: Path, builder: str, language: str, place_url: PlaceUrl) -> Renderer:
    """A renderer that knows how far the languages of a project are."""
    project, _ = examine(Settings(folder / "checklist.yaml", folder / "locales", folder / "docs"))
    assert project
    progress = {each: progress_of(project, each) for each in project.catalogs}
    catalog = project.catalogs[language]
    return Renderer(project.checklist, catalog, builder, place_url, progress=progress)


def lines_of(url: str) -> PlaceUrl:
    """Addresses of lines in one file that has the address given, if there is one."""
    return lambda place: url and f"{url}#L{place.line}"


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("builder", BUILDERS)
def test_the_pages_are_as_they_are_meant_to_be(builder: str, language: str) -> None:
    folder = GOLDEN / builder / language
    rendered = {page.path: page.markdown for page in pages(renderer(builder, language))}
    golden = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.md")
    }
    assert rendered == golden


def test_an_untranslated_text_is_shown_in_the_source_language_and_says_so() -> None:
    checklist, _ = loads(
        "id: a\nlanguages: [{id: en, name: English}, {id: ko, name: 한국어, required: false}]\n"
        "title: {en: Name}\nsections:\n  - id: one\n    title: {en: One}\n    items:\n"
        "      - {id: item, priority: optional, title: {en: Do it}, why: {en: Because.}}\n",
        "partial.yaml",
    )
    assert checklist
    catalog, _ = load_catalog("ko", None)
    page = next(
        page for page in pages(Renderer(checklist, catalog)) if page.path.endswith("one.md")
    )
    assert '<span lang="en" dir="auto">Do it</span>' in page.markdown
    assert '<div class="cl-why" lang="en" dir="auto" markdown="1">' in page.markdown


def test_an_item_links_to_its_line_where_the_repository_is_known() -> None:
    with_repository = renderer("mkdocs", "de", "https://git.example/velo/blob/main/checklist.yaml")
    line = next(with_repository.checklist.items).place.line
    lines = (SMALL / "checklist.yaml").read_text("utf-8").splitlines()
    assert "id: belag-pruefen" in lines[line - 1]
    markdown = next(pages(with_repository)).markdown
    assert f'href="https://git.example/velo/blob/main/checklist.yaml#L{line}"' in markdown
    assert "cl-source" not in next(pages(renderer("mkdocs", "de"))).markdown


GITHUB = "https://git.example/velo/issues/new?title={title}&body={body}"
GITLAB = "https://git.example/velo/-/issues/new?issue[title]={title}&issue[description]={body}"
SOURCE = "https://git.example/velo/blob/main/checklist.yaml"


def reports(reporter: Renderer) -> dict[str, str]:
    """The address of a report by item, from the pages of sections."""
    found = {}
    for page in pages(reporter):
        if page.path.startswith("checklist/") and page.path != "checklist/index.md":
            for entry in page.markdown.split('<section class="cl-entry" ')[1:]:
                id = entry.split('data-entry="', 1)[1].split('"', 1)[0]
                [link] = re.findall(r'cl-report"><a [^>]*href="([^"]*)"', entry)
                found[id] = unescape(link)
    return found


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize(
    ("pattern", "title", "body"),
    [(GITHUB, "title", "body"), (GITLAB, "issue[title]", "issue[description]")],
)
def test_a_report_names_item_language_and_line(
    pattern: str, title: str, body: str, language: str
) -> None:
    reporter = dataclasses.replace(renderer("mkdocs", language, SOURCE), report_url=pattern)
    found = reports(reporter)
    assert list(found) == ["belag-pruefen", "kette-oelen", "licht"]
    for item in reporter.checklist.items:
        address = found[item.id]
        assert address.partition("?")[0] == pattern.partition("?")[0]
        query = parse_qs(urlsplit(address).query, strict_parsing=True)
        assert list(query) == [title, body]
        assert query[title] == [f"{item.id} ({language}): "]
        wording, where, *rest = query[body][0].split("\n")
        assert wording == plain(item.title.pick(language))
        assert where == f"{SOURCE}#L{item.place.line}"
        assert any(line.endswith("?") for line in rest)


def test_a_report_names_the_file_if_nothing_shows_it() -> None:
    reporter = dataclasses.replace(renderer("mkdocs", "de"), report_url=GITHUB)
    [body] = parse_qs(urlsplit(reports(reporter)["licht"]).query)["body"]
    line = list(reporter.checklist.items)[-1].place.line
    assert f"checklist.yaml:{line}\n" in body


def test_a_title_cannot_change_the_address_of_its_report() -> None:
    title = 'Is `{body}` & {title} #1 = 100 % + "x"?'
    checklist, _ = loads(
        f"id: a\nlanguages: [{{id: en, name: English}}]\ntitle: {{en: Name}}\nsections:\n"
        "  - id: one\n    title: {en: One}\n    items:\n"
        f"      - {{id: item, priority: optional, title: {{en: {quoted(title)}}}}}\n",
        "hostile.yaml",
    )
    assert checklist
    catalog, _ = load_catalog("en", None)
    address = reports(Renderer(checklist, catalog, report_url=GITHUB))["item"]
    query = parse_qs(urlsplit(address).query, strict_parsing=True)
    assert list(query) == ["title", "body"]
    assert query["body"][0].startswith('Is {body} & {title} #1 = 100 % + "x"?\n')
    assert urlsplit(address).fragment == ""


def test_without_an_address_there_is_no_link_to_report() -> None:
    for builder in BUILDERS:
        for page in pages(renderer(builder, "de", SOURCE)):
            assert "cl-report" not in page.markdown


def seen(yaml: str, language: str = "de") -> dict[str, str]:
    """What each item says in substance, the same on every page."""
    checklist, problems = loads(yaml, "checklist.yaml")
    assert checklist, problems
    catalog, _ = load_catalog(language, SMALL / "locales")
    found: dict[str, set[str]] = {}
    for page in pages(Renderer(checklist, catalog)):
        for id, value in re.findall(
            r'data-entry="([^"]*)"[^>]* data-seen="([^"]*)"', page.markdown
        ):
            found.setdefault(id, set()).add(value)
    assert list(found) == [item.id for item in checklist.items]
    assert all(len(values) == 1 for values in found.values())
    return {id: values.pop() for id, values in found.items()}


YAML = (SMALL / "checklist.yaml").read_text("utf-8")


def edited(old: str, new: str) -> str:
    assert YAML.count(old) == 1
    return YAML.replace(old, new)


def test_what_an_item_says_is_its_date_and_a_hash_in_every_language() -> None:
    said = seen(YAML, "de")
    assert said == seen(YAML, "fr")
    assert re.fullmatch(r"2026-10-01\.[0-9a-f]{8}", said["belag-pruefen"])
    assert re.fullmatch(r"\.[0-9a-f]{8}", said["licht"])
    assert len(set(said.values())) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("de: Prüfen Sie die Bremsbeläge", "de: Wechseln Sie die Bremsbeläge"),
        ("Unter einem Millimeter **bremst**", "Unter zwei Millimetern **bremst**"),
        ("mindestens `1.5` Millimeter", "mindestens `2.5` Millimeter"),
        ("belag_staerke = 0.4", "belag_staerke = 0.3"),
        ("dicke = 2", "dicke = 3"),
        ('fence = "```"', '  fence = "```"'),
        ("updated: 2026-10-01", "updated: 2026-11-01"),
    ],
    ids=["title", "why", "how", "code", "more code", "indentation of code", "date"],
)
def test_a_change_of_substance_changes_what_the_item_says(old: str, new: str) -> None:
    before, after = seen(YAML), seen(edited(old, new))
    assert {id for id in before if before[id] != after[id]} == {"belag-pruefen"}


def test_a_new_date_leaves_the_hash_alone() -> None:
    after = seen(edited("updated: 2026-10-01", "updated: 2026-11-01"))["belag-pruefen"]
    assert after == seen(YAML)["belag-pruefen"].replace("2026-10-01", "2026-11-01")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vérifiez les plaquettes de frein", "Contrôlez les plaquettes"),
        ("c’est le métal qui **freine**", "le métal freine le métal"),
        ("au moins `1.5` millimètre", "au moins `2.5` millimètres"),
        ("Hier bremst schon Metall.", "Metall auf Metall."),
        ("title: Brake pads [2024] <measured>", "title: Brake pads, once more"),
        ("        resources: [belag-messen-video]\n", ""),
        ('docs: ["bremsen.html#belag", "index.html"]', "docs: [index.html]"),
        ("priority: essential", "priority: recommended"),
        ("aliases: [belag-messen]", "aliases: [belag-messen, belag]"),
        ("Nässe verlängert den Bremsweg.", "Bei Nässe bremst es schlechter."),
        (
            "de: Unter einem Millimeter **bremst** Metall",
            "de: Unter  einem\n            Millimeter **bremst** Metall",
        ),
        ("Messen Sie den Belag:\n\n", "Messen Sie\n            den Belag:\n\n\n"),
    ],
    ids=[
        "translated title",
        "translated why",
        "translated how",
        "note to code",
        "resource",
        "no resource",
        "documentation",
        "priority",
        "former id",
        "section",
        "line break",
        "white space",
    ],
)
def test_anything_else_leaves_what_the_item_says_alone(old: str, new: str) -> None:
    assert seen(edited(old, new)) == seen(YAML)


def test_a_template_that_uses_an_unknown_name_fails() -> None:
    with pytest.raises(UndefinedError):
        renderer("mkdocs", "de").page("section")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Use `acks_late` **now**", "Use acks_late now"),
        ("See [the *docs*](https://example.org/)", "See the docs"),
        ("Two\nlines", "Two lines"),
    ],
)
def test_plain_leaves_the_words(markdown: str, expected: str) -> None:
    assert plain(Phrase(markdown, "en", Place("x"))) == expected


@pytest.mark.parametrize(
    ("code", "expected"), [("a", "```"), ("```", "````"), ("x ````` y", "``````")]
)
def test_a_fence_is_longer_than_any_in_the_code(code: str, expected: str) -> None:
    assert fence(code) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://d.example/en/userguide/tasks.html#task-retry", "tasks#task-retry"),
        ("https://d.example/en/brokers/index.html#overview", "brokers#overview"),
        ("https://d.example/en/faq.html", "faq"),
        ("https://d.example/", "d.example"),
    ],
)
def test_a_docs_label_names_page_and_anchor(url: str, expected: str) -> None:
    assert docs_label(url) == expected


@pytest.mark.parametrize(
    "url", ["https://x.example/a)b", "https://x.example/a(b`c", "https://x.example/a{b}"]
)
def test_an_address_cannot_end_its_link(url: str) -> None:
    assert not set(target(url)) & set("()`{}")
    assert unquote(target(url)) == url


def test_a_title_in_an_attribute_is_no_markdown() -> None:
    assert attribute('`a` *b* "c" <d>') == ("&#96;a&#96; &#42;b&#42; &quot;c&quot; &lt;d&gt;")


def test_a_literal_text_cannot_become_markup() -> None:
    assert literal("[a](b) <i> & *c*") == r"\[a\](b) &lt;i> &amp; \*c\*"


def test_json_in_a_script_cannot_end_it() -> None:
    assert "</script>" not in script_json({"a": "</script><b>"})


HTTPS = "https://git.example/blob/"


@pytest.fixture(name="recorded")
def project_in_every_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = recorded_project(tmp_path)
    monkeypatch.chdir(project)
    return project


def in_every_state(project: Path, builder: str, language: str = "fr") -> dict[str, str]:
    """The pages of a project whose files can be seen, by path."""
    rendered = of_project(
        project, builder, language, lambda place: f"{HTTPS}{place.path}#L{place.line}"
    )
    return {page.path: page.markdown for page in pages(rendered)}


@pytest.mark.parametrize("builder", BUILDERS)
def test_an_item_tells_what_is_wrong_with_its_translation_and_no_other_does(
    recorded: Path, builder: str
) -> None:
    markdown = in_every_state(recorded, builder)["checklist/antrieb.md"]
    assert markdown.count("Cette traduction n’a pas encore été vérifiée.") == 1
    assert markdown.count("Pas encore traduit.") == 1
    assert "a changé depuis" not in markdown
    draft, missing = (markdown.index(each) for each in ("pas encore été vérifiée", "Pas encore t"))
    assert markdown.index("Huilez") < draft < markdown.index("Laden Sie") < missing
    for text in ("fr: Huilez", "{de: Laden Sie"):
        assert f"{HTTPS}checklist.yaml#L{line_of(recorded, text)}" in markdown


def test_a_plain_notice_is_a_line_of_its_own_below_the_item(recorded: Path) -> None:
    markdown = in_every_state(recorded, "plain")["checklist/bremsen.md"]
    told = "L’original en allemand a changé depuis cette traduction. [Aider à traduire]"
    lines = [line for line in markdown.splitlines() if told in line]
    section, item = lines
    assert section == f"{told}({HTTPS}checklist.yaml#L{line_of(recorded, 'fr: L’humidité')})"
    assert item == f"  {told}({HTTPS}checklist.yaml#L{line_of(recorded, 'fr: Vérifiez')})"
    for line in lines:
        assert f"\n\n{line}\n\n" in markdown
    assert "<" not in markdown.replace("&lt;", "")


def test_what_is_reviewed_or_translated_is_not_spoken_of(recorded: Path) -> None:
    for path, markdown in in_every_state(recorded, "mkdocs", "de").items():
        assert "cl-told" not in markdown, path
    markdown = in_every_state(recorded, "mkdocs")["print.md"]
    ids = re.findall(r'id="translation_([^"]*)"', markdown)
    assert ids == ["bremsen", STALE, DRAFT, MISSING]


def test_what_is_not_in_the_record_is_not_spoken_of_to_readers(recorded: Path) -> None:
    (recorded / "locales/fr/review.jsonl").write_text("")
    found = in_every_state(recorded, "mkdocs")
    assert re.findall(r'id="translation_([^"]*)"', found["print.md"]) == [MISSING]
    assert "Non consigné" in found["translations.md"]


def test_an_item_that_is_stale_and_lacks_texts_has_one_notice_that_says_both(
    recorded: Path,
) -> None:
    edit(recorded / "checklist.yaml", "          fr: Sous un millimètre, c’est le métal qui", "#")
    markdown = in_every_state(recorded, "mkdocs")["checklist/bremsen.md"]
    notice = markdown.partition(f'id="translation_{STALE}"')[2].partition("</details>")[0]
    assert markdown.count(f'id="translation_{STALE}"') == 1
    assert notice.index("a changé depuis") < notice.index("Pas encore entièrement traduit.")
    line = line_of(recorded, "de: Unter einem Millimeter")
    assert f'{HTTPS}checklist.yaml#L{line}">Aider' in notice


def test_a_title_of_the_checklist_that_is_stale_is_told_below_it(recorded: Path) -> None:
    edit(recorded / "checklist.yaml", "de: Fahrrad im Winter", "de: Rad im Winter")
    for builder in BUILDERS:
        for path in ("checklist/index.md", "print.md"):
            markdown = in_every_state(recorded, builder)[path]
            told = markdown.index("L’original en allemand a changé")
            assert markdown.index("Le vélo en hiver") < told < markdown.index("Freins"), path


def test_a_text_of_any_markup_is_harmless_in_a_notice(recorded: Path) -> None:
    edit(recorded / "checklist.yaml", "**neu** `<a>`", '**neu** `</p></details><i>` "&amp;"')
    markdown = in_every_state(recorded, "mkdocs")["checklist/bremsen.md"]
    (notice,) = re.findall(rf'<details[^>]*id="translation_{STALE}".*?</details>', markdown)
    assert "</p></details><i>" not in unescape(notice.partition("<ins>")[0])
    assert "&#38;amp&#59;" in notice
    assert not set("*`[]") & set(re.sub(r"<[^>]*>", "", notice))


def test_without_a_repository_a_notice_has_no_link(recorded: Path) -> None:
    for builder in BUILDERS:
        found = {
            page.path: page.markdown
            for page in pages(of_project(recorded, builder, "fr", lines_of("")))
        }
        assert "a changé depuis cette traduction." in found["print.md"]
        for markdown in found.values():
            assert "Aider à traduire" not in markdown
        assert "items/licht/title" in unescape(found["translations.md"])
        assert "Chaque lien" not in found["translations.md"]


@pytest.mark.parametrize("builder", BUILDERS)
def test_the_list_of_what_is_to_do_is_cut_and_says_how_much_more_there_is(
    recorded: Path, builder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checklist.render.MOST_LISTED", 3)
    markdown = in_every_state(recorded, builder)["translations.md"]
    french = unescape(markdown).replace("\\_", "_")
    assert "sections/bremsen/intro" in french
    assert "items/licht/title" not in french
    assert "5 de plus" in french


def test_a_language_without_a_record_has_no_columns_that_could_not_be_filled() -> None:
    found = {page.path: page.markdown for page in pages(renderer("plain", "de"))}
    assert "| Abschnitt | Erledigt | Fehlt |\n|---|---:|---:|" in found["translations.md"]
    assert "## Französisch" in found["translations.md"]
    assert "## Deutsch" not in found["translations.md"]


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert renderer("plain", "de")._number(12345) == "12.345"
    assert renderer("plain", "fr")._number(12345) == "12\N{NARROW NO-BREAK SPACE}345"
    assert renderer("plain", "fr").percent(95) == "95\N{NO-BREAK SPACE}%"


def test_a_checklist_in_one_language_has_no_page_about_translations() -> None:
    checklist, _ = loads(
        "id: a\nlanguages: [{id: it, name: Italiano}]\ntitle: {it: Nome}\nsections:\n"
        "  - id: one\n    title: {it: Uno}\n    items:\n"
        "      - {id: item, priority: optional, title: {it: Fallo}}\n",
        "one.yaml",
    )
    assert checklist
    catalog, _ = load_catalog("it", None)
    progress = {"it": progress_of(Project(checklist, {"it": catalog}), "it")}
    assert progress["it"].open  # the interface
    found = [page.path for page in pages(Renderer(checklist, catalog, progress=progress))]
    assert found == ["checklist/index.md", "checklist/one.md", "print.md"]
