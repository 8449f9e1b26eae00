"""A checklist together with what it needs to be shown: the catalogs and the prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from checklist import anchors
from checklist.catalog import Catalog, load_catalog, shown_path
from checklist.checks import check
from checklist.checks.anchors import check_anchors
from checklist.checks.prose import check_prose, prose_addresses
from checklist.load import load
from checklist.model import Checklist
from checklist.problems import Problem, SourceError, has_errors, strictly
from checklist.verification import FILE, Verification, load_verification

CONFIGURATION: Final = Path("mkdocs.yml")


@dataclass(frozen=True)
class Settings:
    """Where the parts of a project lie; relative paths are relative to the current folder."""

    source: Path
    locales: Path = Path("locales")
    docs: Path | None = None
    """Folder of the prose pages, with a folder for each language; `None` if there are none."""


@dataclass(frozen=True)
class Project:
    """A checklist and its catalogs."""

    checklist: Checklist
    catalogs: Mapping[str, Catalog]
    """Interface strings by language id."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with it; only warnings if it comes from `open_project`."""
    verification: Verification | None = None
    """The record of sample runs, if there is one."""


def examine(settings: Settings) -> tuple[Project | None, list[Problem]]:
    """Load a project and run every check on it.

    Returns:
        The project (`None` if the source has no usable frame) and all problems, sorted.
    """
    shown = shown_path(settings.source)
    checklist, problems = load(settings.source, shown)
    if checklist is None:
        return None, sorted(problems)
    catalogs = {}
    for language in checklist.languages:
        catalogs[language.id], more = load_catalog(language.id, settings.locales)
        problems += more
    record = settings.source.with_name(FILE)
    verification, more = load_verification(record, shown_path(record))
    problems += more
    problems += check(checklist, catalogs.values(), verification)
    if settings.docs and checklist.languages:
        problems += check_prose(checklist, Path(shown_path(settings.docs)))
    problems += _anchor_problems(checklist, settings)
    problems.sort()
    return Project(checklist, catalogs, tuple(problems), verification), problems


def _anchor_problems(checklist: Checklist, settings: Settings) -> list[Problem]:
    path = settings.source.with_name(anchors.FILE)
    known, problems = anchors.load_anchors(path, shown_path(path))
    if known is not None:
        docs = settings.docs and Path(shown_path(settings.docs))
        problems += check_anchors(
            checklist, known, prose_addresses(checklist, docs) if docs else ()
        )
    return problems


def open_project(settings: Settings, *, strict: bool = False) -> Project:
    """Load a project to be rendered.

    Args:
        settings: where its parts lie.
        strict: whether warnings count as errors.

    Raises:
        SourceError: there is at least one error; carries all problems.
    """
    project, problems = examine(settings)
    problems = strictly(problems) if strict else problems
    if project is None or has_errors(problems):
        raise SourceError(problems)
    return project


def settings_of(configuration: Path = CONFIGURATION) -> Settings | None:
    """The settings that a MkDocs configuration gives the plugin, or `None` if it has none.

    Read without MkDocs, so that a source can be checked where only the base
    package is installed.
    """
    if not configuration.is_file():
        return None
    try:
        root = yaml.compose(configuration.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, OSError, UnicodeDecodeError):
        return None
    plugins = _value(root, "plugins")
    entries = plugins.value if isinstance(plugins, yaml.SequenceNode) else [plugins]
    options = next(filter(None, (_value(entry, "checklist") for entry in entries)), None)
    source = _scalar(options, "source")
    if source is None:
        return None
    folder = configuration.parent
    docs = folder / (_scalar(root, "docs_dir") or "docs")
    return Settings(
        source=folder / source,
        locales=folder / (_scalar(options, "locales") or "locales"),
        docs=docs if docs.is_dir() else None,
    )


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _scalar(node: yaml.Node | None, key: str) -> str | None:
    value = _value(node, key)
    return str(value.value) if isinstance(value, yaml.ScalarNode) else None
