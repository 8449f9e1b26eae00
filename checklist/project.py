"""A checklist together with what it needs to be shown: the catalogs and the prose."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import yaml

from checklist import anchors
from checklist.catalog import Catalog, load_catalog, shown_path
from checklist.checks import check
from checklist.checks.anchors import check_anchors
from checklist.checks.prose import check_prose, prose_addresses
from checklist.checks.translations import check_states
from checklist.checks.wordings import check_wordings
from checklist.glossary import Glossary, load_glossary
from checklist.load import load
from checklist.messages import Message, messages
from checklist.model import Checklist
from checklist.problems import Problem, SourceError, has_errors, strictly, tolerant
from checklist.review import Review, State, load_review, renamed, state_of
from checklist.verification import FILE, Verification, load_verification

CONFIGURATION: Final = Path("mkdocs.yml")


@dataclass(frozen=True)
class Settings:
    """Where the parts of a project lie; relative paths are relative to the current folder."""

    source: Path
    locales: Path = Path("locales")
    docs: Path | None = None
    """Folder of the prose pages, with a folder for each language; `None` if there are none."""
    site_url: str = ""
    """Address of the site, if the configuration has it."""


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
    reviews: Mapping[str, Review] = field(default_factory=dict)
    """What is known about the translations, by language id."""
    glossaries: Mapping[str, Glossary] = field(default_factory=dict)
    """Terms by language id."""
    docs: Path | None = None
    """Folder of the hand-written pages, as a person in the current folder would write it."""

    def messages(self, language: str) -> Iterator[Message]:
        """What there is to translate into a language, with the translations.

        Raises:
            KeyError: the checklist does not declare the language.
        """
        return messages(self.checklist, self.catalogs[language], self.docs)

    def state(self, message: Message, language: str) -> State:
        """How far the translation of a message is."""
        source = self.checklist.source_language.id
        return state_of(message, self.reviews[language], self.reviews[source])


def read_project(settings: Settings) -> tuple[Project | None, list[Problem]]:
    """Load a project without a look at whether its contents are right.

    Returns:
        The project (`None` if the source has no usable frame) and what is wrong with its files.
    """
    checklist, problems = load(settings.source, shown_path(settings.source))
    if checklist is None:
        return None, sorted(problems)
    catalogs, reviews, glossaries = {}, {}, {}
    for language in checklist.languages:
        catalogs[language.id], more = load_catalog(language.id, settings.locales)
        reviews[language.id], faults = load_review(settings.locales, language.id)
        glossaries[language.id], wrong = load_glossary(settings.locales, language.id)
        reviews[language.id] = renamed(reviews[language.id], checklist.aliases)
        problems += [*more, *faults, *wrong]
    record = settings.source.with_name(FILE)
    verification, more = load_verification(record, shown_path(record))
    problems = sorted([*problems, *more])
    docs = settings.docs and Path(shown_path(settings.docs))
    return Project(
        checklist, catalogs, tuple(problems), verification, reviews, glossaries, docs
    ), problems


def examine(settings: Settings) -> tuple[Project | None, list[Problem]]:
    """Load a project and run every check on it.

    Returns:
        The project (`None` if the source has no usable frame) and all problems, sorted.
    """
    project, problems = read_project(settings)
    if project is None:
        return None, problems
    checklist = project.checklist
    problems += check(checklist, project.catalogs.values(), project.verification)
    if project.docs and checklist.languages:
        problems += check_prose(checklist, project.docs)
    problems += _anchor_problems(project, settings)
    problems += _translation_problems(project)
    problems.sort()
    return replace(project, problems=tuple(problems)), problems


def _translation_problems(project: Project) -> Iterator[Problem]:
    for language in project.checklist.languages:
        found = list(project.messages(language.id))
        review, glossary = project.reviews[language.id], project.glossaries[language.id]
        states = ((message, project.state(message, language.id)) for message in found)
        yield from check_states(language, states, review)
        same = project.reviews[project.checklist.source_language.id]
        yield from check_wordings(found, glossary, review, same)


def _anchor_problems(project: Project, settings: Settings) -> list[Problem]:
    path = settings.source.with_name(anchors.FILE)
    known, problems = anchors.load_anchors(path, shown_path(path))
    if known is not None:
        checklist, docs = project.checklist, project.docs
        prose = prose_addresses(checklist, docs) if docs else ()
        problems += check_anchors(checklist, known, prose)
    return problems


def open_project(settings: Settings, *, strict: bool = False, gaps: bool = False) -> Project:
    """Load a project to be rendered.

    Args:
        settings: where its parts lie.
        strict: whether warnings count as errors.
        gaps: whether translations may be missing.

    Raises:
        SourceError: there is at least one error; carries all problems.
    """
    project, problems = examine(settings)
    problems = tolerant(problems) if gaps else problems
    problems = strictly(problems) if strict else problems
    if project is None or has_errors(problems):
        raise SourceError(problems)
    return replace(project, problems=tuple(problems))


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
        site_url=_environment(_value(root, "site_url")),
    )


def _environment(node: yaml.Node | None) -> str:
    """A text, or the first of the environment variables that `!ENV` names; its last is a default.

    As pyyaml-env-tag has it, which MkDocs reads its configuration with.
    """
    if not isinstance(node, yaml.SequenceNode):
        names = [str(node.value)] if isinstance(node, yaml.ScalarNode) else []
        default = "" if node is None or node.tag == "!ENV" else str(node.value)
    else:
        *names, default = [str(each.value) for each in node.value] or [""]
    found = (os.environ.get(name) for name in names if node and node.tag == "!ENV")
    return next(filter(None, found), default)


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _scalar(node: yaml.Node | None, key: str) -> str | None:
    value = _value(node, key)
    return str(value.value) if isinstance(value, yaml.ScalarNode) else None
