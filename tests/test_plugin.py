from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode

import checklist.project
from checklist.cli import main
from checklist.pages import Page, navigation
from checklist.project import Project, Settings
from tests.conftest import SMALL
from tests.recorded import DRAFT, line_of, recorded_project
from tests.site import build


@pytest.fixture(name="project")
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    monkeypatch.chdir(project)
    return project


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_broken_source_ends_the_build_cleanly_with_the_lines_of_check(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(project / "checklist.yaml", "priority: optional", "priority: urgent")
    replace(project / "checklist.yaml", "https://video.example", "http://[::1/")
    assert main(["check"]) == 1
    *problems, _ = capsys.readouterr().out.splitlines()
    assert len(problems) == 2

    done = build(project, project / "site")
    assert done.returncode == 1
    assert "\n".join(problems) in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "site").exists()


def test_a_broken_source_leaves_an_older_build_alone(project: Path) -> None:
    assert build(project, project / "site").returncode == 0
    before = {path: path.read_bytes() for path in (project / "site").rglob("*.html")}
    replace(project / "checklist.yaml", "priority: optional", "priority: urgent")
    assert build(project, project / "site").returncode == 1
    assert {path: path.read_bytes() for path in (project / "site").rglob("*.html")} == before


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_source_is_loaded_once_for_all_languages(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []

    def counted(settings: Settings, *, strict: bool, gaps: bool) -> Project:
        loads.append(settings.source)
        return original(settings, strict=strict, gaps=gaps)

    original = checklist.project.open_project
    monkeypatch.setattr("checklist.plugin.open_project", counted)
    mkdocs_build(load_config("mkdocs.yml", site_dir=str(project / "site")))
    assert (project / "site/fr/checklist/index.html").is_file()
    assert loads == [project / "checklist.yaml"]


def test_languages_that_disagree_with_the_source_are_refused(project: Path) -> None:
    replace(
        project / "mkdocs.yml", "- {locale: fr, name: Français}", "- {locale: it, name: Italiano}"
    )
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "builds the languages de, it, the checklist has de, fr" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_markdown_extension_is_refused(project: Path) -> None:
    replace(project / "mkdocs.yml", "md_in_html, ", "")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "markdown_extensions lacks md_in_html" in done.stderr


def test_a_language_with_a_region_is_named_in_full(project: Path) -> None:
    french = "name: Français}"
    portuguese = "\n  - {id: pt-BR, name: Português, required: false}"
    replace(project / "checklist.yaml", french, french + portuguese)
    portuguese = "\n        - {locale: pt-BR, name: Português}"
    replace(project / "mkdocs.yml", french, french + portuguese)
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    page = (project / "site/pt-BR/checklist/bremsen/index.html").read_text("utf-8")
    assert '<html lang="pt-BR"' in page
    assert 'hreflang="x-default" href="http://127.0.0.1:8000/checklist/bremsen/"' in page
    assert 'lang="de" dir="auto">Prüfen Sie' in page
    home = (project / "site/pt-BR/index.html").read_text("utf-8")
    assert '<div lang="de" dir="auto">' in home


def test_warnings_stop_a_release(project: Path) -> None:
    (project / "locales/fr/review.jsonl").touch()
    assert build(project, project / "site").returncode == 0
    replace(
        project / "mkdocs.yml",
        "source: checklist.yaml",
        "source: checklist.yaml\n      strict: true",
    )
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "error unrecorded-translation: items/licht/title (fr) is not in" in done.stderr


def test_errors_are_reported_where_the_options_say(project: Path) -> None:
    pattern = "{repository}/-/issues/new?issue[title]={title}&issue[description]={body}"
    repository = "repository: https://git.example/velo"
    replace(project / "mkdocs.yml", repository, f'{repository}/\n      report: "{pattern}"')
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    page = HTMLParser((project / "site/fr/checklist/antrieb/index.html").read_bytes())
    addresses = [link.attributes["href"] or "" for link in page.css(".cl-report a")]
    assert len(addresses) == 2
    for address, item in zip(addresses, ("kette-oelen", "licht"), strict=True):
        start = "https://git.example/velo/-/issues/new?issue[title]="
        assert address.startswith(f"{start}{item}%20%28fr%29%3A%20&issue[description]=")
        assert "blob%2Fmain%2Fchecklist.yaml%23L" in address


def test_without_a_repository_there_is_nothing_to_report_errors_to(project: Path) -> None:
    replace(project / "mkdocs.yml", "      repository: https://git.example/velo\n", "")
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    html = (project / "site/checklist/antrieb/index.html").read_text("utf-8")
    assert 'data-item="licht"' in html
    assert "cl-report" not in html
    assert "issues/new" not in html


HOSTILE = ["[a][b]\n\n[b]: http://[::1/x", r"\`[x](http://[::1/x)\`", "```python\na", "<b>x"]


@pytest.mark.parametrize("text", [*HOSTILE, "{{ 7 * 7 }}"])
def test_no_text_gets_past_the_check_to_break_the_build(project: Path, text: str) -> None:
    source = project / "checklist.yaml"
    data = source.read_text("utf-8").replace(
        "        title: {de: Laden Sie das Licht, fr: Rechargez l’éclairage}",
        "        title: {de: Laden Sie das Licht, fr: Rechargez l’éclairage}\n"
        f"        why: {json.dumps({'de': text, 'fr': text})}",
    )
    source.write_text(data, "utf-8")
    done = build(project, project / "site")
    assert "Traceback" not in done.stderr
    if text.startswith("{{"):
        assert "{{ 7 * 7 }}" in (project / "site/checklist/antrieb/index.html").read_text("utf-8")
    else:
        assert done.returncode == 1
        assert "checklist.yaml:" in done.stderr


def test_a_prose_page_in_the_place_of_ours_is_refused(project: Path) -> None:
    for language in ("de", "fr"):
        (project / "docs" / language / "print.md").write_text("# Mine\n", "utf-8")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "print.md is a page of the checklist" in done.stderr


def test_a_prose_page_that_a_language_lacks_is_refused(project: Path) -> None:
    (project / "docs/de/mehr.md").write_text("# Mehr\n", "utf-8")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "docs/fr/mehr.md:1:1: error missing-page" in done.stderr


def test_a_page_that_another_plugin_loses_is_noticed(project: Path) -> None:
    (project / "lose.py").write_text(
        "def on_post_page(output, page, config):\n"
        "    return '' if 'bremsen' in page.url else output\n",
        "utf-8",
    )
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("hooks: [lose.py]\n")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "checklist/bremsen/index.html" in done.stderr
    assert "was not built" in done.stderr


def test_a_site_of_one_language_needs_no_i18n_plugin(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Home\n\n[List](checklist/index.md)\n", "utf-8")
    (tmp_path / "one.yaml").write_text(
        "id: one\nlanguages: [{id: en, name: English}]\ntitle: {en: One}\nsections:\n"
        "  - id: all\n    title: {en: All}\n    items:\n"
        "      - {id: do-it, priority: essential, title: {en: Do it}}\n",
        "utf-8",
    )
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: One\nsite_url: http://127.0.0.1:8000/\n"
        "theme: {name: material, font: false}\nplugins: [checklist: {source: one.yaml}]\n"
        "markdown_extensions: [attr_list, md_in_html, pymdownx.superfences, toc]\n",
        "utf-8",
    )
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 0, done.stderr
    assert 'data-item="do-it"' in (tmp_path / "site/checklist/all/index.html").read_text("utf-8")


def test_the_navigation_goes_from_home_over_the_list_to_the_rest() -> None:
    in_order = [
        Page("checklist/index.md", "List", "", 1),
        Page("checklist/one.md", "One", "", 1),
        Page("resources.md", "Resources", "", 1),
        Page("print.md", "Print", "", 1),
    ]
    assert navigation(in_order, ["about.md", "index.md"]) == [
        "index.md",
        {"List": ["checklist/index.md", {"One": "checklist/one.md"}]},
        {"Resources": "resources.md"},
        {"Print": "print.md"},
        "about.md",
    ]


@pytest.fixture(name="recorded")
def project_in_every_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = recorded_project(tmp_path)
    monkeypatch.chdir(project)
    return project


def options(project: Path, *lines: str) -> None:
    """Give the plugin options."""
    source = "source: checklist.yaml"
    replace(project / "mkdocs.yml", source, "\n      ".join([source, *lines]))


def told(project: Path, path: str) -> list[str]:
    """What stands above a page that the theme says about its translation."""
    page = HTMLParser((project / "site" / path).read_bytes())
    return [node.text().strip() for node in page.css("article > .cl-told")]


def only(path: Path, selector: str) -> LexborNode:
    """The one node of a page that the selector finds."""
    (node,) = HTMLParser(path.read_bytes()).css(selector)
    return node


EVERY_PAGE = ("index.html", "checklist/index.html", "checklist/bremsen/index.html")


def test_a_language_below_the_threshold_is_marked_on_every_page(recorded: Path) -> None:
    options(recorded, "threshold: 96")
    done = build(recorded, recorded / "site")
    assert done.returncode == 0, done.stderr
    mark = "Cette traduction est achevée à 95\N{NO-BREAK SPACE}%. Aider à traduire"
    for path in EVERY_PAGE:
        assert told(recorded, f"fr/{path}")[0] == mark
        assert told(recorded, path) == []
    link = only(recorded / "site/fr/checklist/bremsen/index.html", "article > .cl-told a")
    assert link.attributes["href"] == "../../translations/"


@pytest.mark.parametrize("threshold", [0, 95])
def test_a_language_that_reaches_the_threshold_is_not_marked(
    recorded: Path, threshold: int
) -> None:
    options(recorded, f"threshold: {threshold}", "below: omit")
    done = build(recorded, recorded / "site")
    assert done.returncode == 0, done.stderr
    assert told(recorded, "fr/checklist/index.html") == []
    assert len(told(recorded, "fr/index.html")) == 1  # of that page only, which is stale


def test_a_complete_language_is_never_below_the_threshold(project: Path) -> None:
    options(project, "threshold: 100", "below: omit")
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    for path in EVERY_PAGE:
        assert told(project, f"fr/{path}") == []


def test_a_language_below_the_threshold_can_be_left_out_without_a_trace(recorded: Path) -> None:
    options(recorded, "threshold: 96", "below: omit")
    done = build(recorded, recorded / "site", SITE_URL="https://velo.example/")
    assert done.returncode == 0, done.stderr
    site = recorded / "site"
    assert not (site / "fr").exists()
    pages = list(site.rglob("*.html"))
    assert len(pages) > 6
    for page in pages:
        html = HTMLParser(page.read_bytes())
        assert {node.attributes["hreflang"] for node in html.css("[rel=alternate]")} <= {
            "de",
            "x-default",
        }
        assert html.css(".md-select__link") == []
    assert "velo.example/checklist/bremsen/" in (site / "sitemap.xml").read_text("utf-8")
    for path in [*pages, site / "sitemap.xml", site / "search/search_index.json"]:
        assert "/fr/" not in path.read_text("utf-8").replace("/locales/fr/", "").replace(
            "/docs/fr/", ""
        ), path
    overview = (site / "translations/index.html").read_text("utf-8")
    assert 'id="_fr"' in overview


def test_a_threshold_is_a_percentage(project: Path) -> None:
    options(project, "threshold: 101")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "threshold must be a percentage from 0 to 100" in done.stderr


def test_a_gap_stops_the_build_unless_gaps_are_allowed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAPS", raising=False)
    replace(project / "checklist.yaml", ", fr: Rechargez l’éclairage}", "}")
    (project / "docs/de/mehr.md").write_text("---\ntitle: Mehr\n---\n\n# Mehr\n", "utf-8")
    assert build(project, project / "site").returncode == 1
    options(project, "gaps: !ENV [GAPS, false]")
    assert build(project, project / "site").returncode == 1
    done = build(project, project / "site", GAPS="true")
    assert done.returncode == 0, done.stderr
    notice = only(project / "site/fr/checklist/antrieb/index.html", "#translation_licht")
    assert notice.text() == "Pas encore traduit. Aider à traduire"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_gap_does_not_stop_the_server(project: Path) -> None:
    replace(project / "checklist.yaml", ", fr: Rechargez l’éclairage}", "}")
    config = load_config("mkdocs.yml", site_dir=str(project / "site"), strict=True)
    config.plugins["checklist"].on_startup(command="serve", dirty=False)
    mkdocs_build(config)
    html = (project / "site/fr/checklist/antrieb/index.html").read_text("utf-8")
    assert 'id="translation_licht"' in html


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_server_watches_what_translators_touch(recorded: Path) -> None:
    config = load_config("mkdocs.yml", site_dir=str(recorded / "site"))
    mkdocs_build(config)
    watched = [Path(each) for each in config.watch]
    for path in ("locales/fr/review.jsonl", "locales/fr/glossary.yaml", "checklist.yaml"):
        assert any((recorded / path).is_relative_to(each) for each in watched), path


def test_links_to_lines_hold_where_the_build_is_started_elsewhere(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(recorded.parent)
    config = str(recorded / "mkdocs.yml")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", config],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    line = line_of(recorded, "fr: Huilez")
    link = only(recorded / "site/fr/checklist/antrieb/index.html", f"#translation_{DRAFT} a")
    assert link.attributes["href"] == f"https://git.example/velo/blob/main/checklist.yaml#L{line}"


def test_the_page_about_translations_links_to_the_guide_if_there_is_one(project: Path) -> None:
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    without = (project / "site/fr/translations/index.html").read_text("utf-8")
    assert "Comment traduire" not in without
    assert "Chaque lien mène" in without
    for language in ("de", "fr"):
        guide = "---\ntitle: Guide\n---\n\n# Guide\n"
        (project / "docs" / language / "translate.md").write_text(guide, "utf-8")
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    page = HTMLParser((project / "site/fr/translations/index.html").read_bytes())
    links = {link.text(): link.attributes["href"] for link in page.css("article a")}
    assert links["Comment traduire"] == "../translate/"
