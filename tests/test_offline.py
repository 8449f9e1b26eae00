"""What the service worker knows of the site it is built with, and when there is none."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from checklist import offline
from checklist.plugin import PACKAGE
from tests.conftest import SMALL
from tests.site import build

SOURCE = 'known = JSON.parse("SITE");'


@pytest.fixture(name="project")
def small_project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    shutil.copytree(SMALL, project)
    return project


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def write(folder: Path, *paths: str) -> None:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, "utf-8")


def known(worker: str) -> Any:
    """What a worker's text says of the site."""
    return json.JSONDecoder().raw_decode(worker, worker.index('{"'))[0]


def hash_of(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest())[:8].decode()


def test_files_are_grouped_by_language_and_spelled_as_addresses(tmp_path: Path) -> None:
    write(tmp_path, "index.html", "a/index.html", "b.html", "css/x.css", "fr/index.html")
    write(tmp_path, "fr/été/index.html", "fr/x.png", "frs/index.html", "pt-BR/c/index.html")
    site = known(offline.worker(SOURCE, tmp_path, ["fr", "pt-BR"]))
    assert set(site["shared"]) == {"css/x.css"}
    assert [set(pages) for pages in site["pages"]] == [
        {"", "a/", "b.html", "frs/"},
        {"fr/", "fr/%C3%A9t%C3%A9/", "fr/x.png"},
        {"pt-BR/c/"},
    ]
    assert site["shared"]["css/x.css"] == hash_of(b"css/x.css")
    assert site["pages"][0]["a/"] == hash_of(b"a/index.html")


def test_what_no_page_needs_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "404.html", "fr/404.html", "sw.js", "x.js.map", "sitemap.xml", "sitemap.xml.gz")
    write(tmp_path, "robots.txt", "CNAME", "_headers", ".nojekyll", ".well-known/x.json", "x.pdf")
    write(tmp_path, "index.html")
    site = known(offline.worker(SOURCE, tmp_path, ["fr"]))
    assert site["shared"] == {}
    assert [set(pages) for pages in site["pages"]] == [{""}, set()]


@pytest.mark.parametrize(
    ("languages", "parts"),
    [
        ([], set()),
        (["en", "ko"], {"min/lunr.ko.min.js", "min/lunr.multi.min.js"}),
        (["ja"], {"min/lunr.ja.min.js", "min/lunr.multi.min.js", "tinyseg.js"}),
        (["th"], {"min/lunr.th.min.js", "min/lunr.multi.min.js", "wordcut.js"}),
    ],
)
def test_of_the_search_only_the_languages_of_its_index_are_kept(
    tmp_path: Path, languages: list[str], parts: set[str]
) -> None:
    names = ("ko", "ja", "th", "ar", "multi", "stemmer.support")
    write(tmp_path, *(f"assets/javascripts/lunr/min/lunr.{name}.min.js" for name in names))
    write(tmp_path, *(f"assets/javascripts/lunr/{name}.js" for name in ("tinyseg", "wordcut")))
    if languages:
        write(tmp_path, "search/search_index.json")
        index = json.dumps({"config": {"lang": languages}, "docs": []})
        (tmp_path / "search/search_index.json").write_text(index, "utf-8")
        parts = parts | {"min/lunr.stemmer.support.min.js"}
    shared = known(offline.worker(SOURCE, tmp_path, []))["shared"]
    folder = "assets/javascripts/lunr/"
    assert {path.removeprefix(folder) for path in shared if folder in path} == parts


def test_the_build_is_called_otherwise_after_any_change(tmp_path: Path) -> None:
    write(tmp_path, "index.html", "x.css", "fr/index.html")
    builds = [offline.worker(SOURCE, tmp_path, ["fr"]), offline.worker(SOURCE, tmp_path, ["fr"])]
    assert builds[0] == builds[1]
    builds.append(offline.worker(SOURCE + " ", tmp_path, ["fr"]))
    for path in ("x.css", "fr/index.html"):
        (tmp_path / path).write_text("changed", "utf-8")
        builds.append(offline.worker(SOURCE, tmp_path, ["fr"]))
    (tmp_path / "x.css").rename(tmp_path / "y.css")
    builds.append(offline.worker(SOURCE, tmp_path, ["fr"]))
    names = {known(text)["build"] for text in builds}
    assert len(names) == 5
    assert {len(name) for name in names} == {8}


def test_a_built_site_has_every_file_as_it_is_in_the_end(project: Path) -> None:
    (project / "late.py").write_text(
        """
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority(-150)
def on_post_build(config):
    for name in ("index.html", "fr/index.html", "assets/checklist/checklist.css"):
        path = Path(config.site_dir, name)
        if path.exists():
            path.write_text(path.read_text("utf-8") + "/* late */", "utf-8")
""",
        "utf-8",
    )
    replace(
        project / "mkdocs.yml", "plugins:\n", "hooks: [late.py]\nplugins:\n  - search: {lang: ja}\n"
    )
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    site = known((project / "site/sw.js").read_text("utf-8"))
    files = site["shared"] | site["pages"][0] | site["pages"][1]
    assert len(site["pages"]) == 2
    for path, mark in files.items():
        file = project / "site" / path
        content = (file / "index.html" if file.is_dir() else file).read_bytes()
        assert mark == hash_of(content), path
    everything = {
        path.relative_to(project / "site").as_posix().removesuffix("index.html")
        for path in (project / "site").rglob("*")
        if path.is_file()
    }
    left_out = {path for path in everything - set(files) if "/lunr/" not in path}
    maps = {path for path in left_out if path.endswith(".map")}
    assert left_out - maps == {"404.html", "fr/404.html", "sitemap.xml", "sitemap.xml.gz", "sw.js"}
    assert "assets/javascripts/lunr/tinyseg.js" in site["shared"]


def test_an_unchanged_site_is_built_to_the_same_worker(project: Path) -> None:
    workers = []
    for name in ("one", "two"):
        done = build(project, project / name)
        assert done.returncode == 0, done.stderr
        workers.append((project / name / "sw.js").read_bytes())
    assert workers[0] == workers[1]


def test_a_site_of_one_language_has_a_worker_too(project: Path) -> None:
    config = (project / "mkdocs.yml").read_text("utf-8")
    before, rest = config.split("  - i18n:")
    after = rest.partition("  - checklist:")[2]
    (project / "mkdocs.yml").write_text(f"{before}  - checklist:{after}", "utf-8")
    replace(project / "checklist.yaml", "  - {id: fr, name: Français}\n", "")
    text = (project / "checklist.yaml").read_text("utf-8")
    (project / "docs/index.md").write_text("# Start\n", "utf-8")
    for language in ("de", "fr"):
        shutil.rmtree(project / "docs" / language)
    (project / "checklist.yaml").write_text(only_german(text), "utf-8")
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    (pages,) = known((project / "site/sw.js").read_text("utf-8"))["pages"]
    assert {"", "checklist/", "checklist/bremsen/", "print/"} <= set(pages)
    assert "data-worker" in (project / "site/index.html").read_text("utf-8")


def only_german(text: str) -> str:
    """The checklist without its French texts."""

    def strip(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: strip(value) for key, value in node.items() if key != "fr"}
        return [strip(each) for each in node] if isinstance(node, list) else node

    return yaml.safe_dump(strip(yaml.safe_load(text)), allow_unicode=True, sort_keys=False)


def test_there_is_no_worker_where_it_is_not_wanted(project: Path) -> None:
    replace(
        project / "mkdocs.yml",
        "source: checklist.yaml",
        "source: checklist.yaml\n      offline: false",
    )
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    assert not (project / "site/sw.js").exists()
    for path in ("index.html", "fr/print/index.html"):
        page = (project / "site" / path).read_text("utf-8")
        assert "checklist.mjs" in page
        assert "data-worker" not in page


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_writer_is_served_no_worker_and_the_assets_as_they_are_written(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    site = project / "site"
    for title in ("Prüfen Sie die Bremsbeläge", "Messen Sie die Bremsbeläge"):
        config = load_config("mkdocs.yml", site_dir=str(site))
        config.plugins.on_startup(command="serve", dirty=False)
        mkdocs_build(config, serve_url="http://127.0.0.1:8000/")
        page = (site / "fr/print/index.html").read_text("utf-8")
        assert "checklist.mjs" in page
        assert "data-worker" not in page
        # MkDocs keeps the plugin while it serves, and yet an edit must show.
        assert title in (site / "print/index.html").read_text("utf-8")
        text = (project / "checklist.yaml").read_text("utf-8")
        (project / "checklist.yaml").write_text(text.replace("Prüfen Sie", "Messen Sie"), "utf-8")
    assert not (site / "sw.js").exists()
    for name in ("checklist.css", "frame.mjs"):
        served = (site / "assets/checklist" / name).read_bytes()
        assert served == (PACKAGE / "assets" / name).read_bytes()
    config = load_config("mkdocs.yml", site_dir=str(site))
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs_build(config)
    assert (site / "sw.js").is_file()


def test_the_site_has_its_assets_without_comments_and_the_worker_at_its_root_only(
    project: Path,
) -> None:
    done = build(project, project / "site")
    assert done.returncode == 0, done.stderr
    folder = project / "site/assets/checklist"
    assert not (folder / "sw.js").exists()
    for path in (folder / "checklist.mjs", folder / "checklist.css", project / "site/sw.js"):
        text = path.read_text("utf-8")
        assert "/*" in (PACKAGE / "assets" / path.name).read_text("utf-8")
        assert "/*" not in text, path
        assert "\n  " not in text, path


def test_a_worker_of_the_writer_is_not_overwritten(project: Path) -> None:
    (project / "docs/sw.js").write_text("mine", "utf-8")
    done = build(project, project / "site")
    assert done.returncode == 1
    assert "docs/sw.js is where the service worker goes" in done.stderr
    assert "Traceback" not in done.stderr
