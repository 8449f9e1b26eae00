"""The stock set-up: our pages as files, under the same `mkdocs.yml` without our plugin."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from mkdocs.utils.yaml import yaml_load

from tests.bench.figures import CannotRunError
from tests.bench.sources import ROOT

DIFFERENCES = """\
Stock is the same `mkdocs.yml` on the Markdown that `checklist render` wrote, without our plugin and
what it brings: the YAML read, checked and made into pages, our overrides of Material's head,
header, drawer, menus and search, our stylesheet, scripts and favicon, a 404 page for each language,
the look at what was built, and the order and titles of the navigation."""


def stock_project(workspace: Path) -> Path:
    """A project that MkDocs builds without us; made once."""
    project = workspace / "stock"
    if project.exists():
        return project
    shutil.copytree(ROOT / "docs", project / "docs")
    command = [sys.executable, "-m", "checklist", "render", "--out", str(project / "docs")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise CannotRunError(f"checklist render: {ran.stderr.strip()}")
    ours = (ROOT / "mkdocs.yml").read_text("utf-8")
    (project / "mkdocs.yml").write_text(_without_us(ours), encoding="utf-8")
    return project


def _without_us(configuration: str) -> str:
    config = yaml_load(configuration)
    config["plugins"] = [each for each in config["plugins"] if "checklist" not in each]
    del config["theme"]["favicon"]  # ours, which the plugin would bring
    del config["site_url"]
    # Whoever serves the site says where, as with ours.
    address = "site_url: !ENV [SITE_URL, 'http://127.0.0.1:8000/']\n"
    return address + yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
