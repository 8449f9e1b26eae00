"""A further language for a project that is there already.

    tag → `plan_language` (every file that is added or changes) → `add_language` (on disk)

Nothing that a person wrote is replaced: checklist and configuration get one entry more and
stay as they are to the byte, and a file in the way is kept. The language begins unfinished:
what it lacks is only a notice, and its pages show the original in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from checklist.atomic import locked, replace_texts
from checklist.catalog import catalog_path, shown_path
from checklist.glossary import glossary_path, load_glossary
from checklist.load import loads
from checklist.model import Checklist
from checklist.problems import Severity
from checklist.project import Settings
from checklist.review import review_path
from checklist.scaffold import (
    WRITTEN,
    Language,
    catalog_text,
    language_fault,
    theme_path,
    theme_text,
)
from checklist.source import parse, read_text
from checklist.translate.configuration import Site, read_site
from checklist.translate.insertion import append_entry, value_of
from checklist.translate.offers import Offer
from checklist.translate.stubs import glossary_stub, page_stub


@dataclass(frozen=True)
class Addition:
    """What adding a language does."""

    language: Language
    offer: Offer
    source: Path
    """The YAML file of the checklist."""
    changed: Mapping[Path, str] = field(default_factory=dict)
    """Files that get an entry more, with their text then."""
    before: Mapping[Path, str] = field(default_factory=dict)
    """The text of these files as it was read."""
    created: Mapping[Path, str] = field(default_factory=dict)
    """New files with their text."""
    kept: tuple[Path, ...] = ()
    """Files that are there already and stay as they are."""
    pages: tuple[Path, ...] = ()
    """Hand-written pages to be translated."""

    @property
    def sentences(self) -> Iterator[str]:
        """What the software offers, and what is left to people, a line each."""
        yield from self.offer.sentences
        for path in self.kept:
            yield f"{shown_path(path)} was there already and is kept as it is."
        for path in self.created:
            if path.suffix == ".html":
                yield f"{shown_path(path)} is the place for the theme's own words."
        if self.pages:
            yield f"Pages to translate: {', '.join(map(shown_path, self.pages))}."
        yield (
            "What it lacks is no error as long as its entry in "
            f"{shown_path(self.source)} says `required: false`."
        )


def plan_language(
    settings: Settings, configuration: Path, tag: str
) -> tuple[Addition | None, list[str]]:
    """Look at what adding a language would do.

    A language that only one of the two files has is added to the other, so that what somebody
    broke off can be completed.

    Args:
        settings: where the parts of the project lie.
        configuration: the `mkdocs.yml`.
        tag: BCP 47 tag of the language.

    Returns:
        The addition, or `None` and everything that is in its way, a line each.
    """
    fault = language_fault(tag)
    source, wrong = _read_source(settings.source)
    site, more = read_site(configuration)
    faults = [*filter(None, [fault]), *wrong, *more]
    if source is None or site is None or faults:
        return None, faults
    if tag in source.tags and tag in site.tags:
        return None, [f"{tag!r} is there already; see `checklist translate todo {tag}`"]
    addition = _addition(settings, configuration, source, site, Language(tag))
    return addition, []


def add_language(addition: Addition) -> list[str]:
    """Write what was planned, all of it or nothing.

    Whoever kills it finds a project that can be built, and can call it again.

    Returns:
        The paths written; none if somebody changed one of the files in the meantime.

    Raises:
        OSError: a file cannot be written, or another process does not let go of the source.
    """
    # The configuration comes last, as a language may be declared without being built.
    texts = {**addition.created, **addition.changed}
    with locked(addition.source):
        if any(path.exists() for path in addition.created):
            return []
        made = [folder for path in addition.created for folder in _missing_folders(path)]
        try:
            for path in addition.created:
                path.parent.mkdir(parents=True, exist_ok=True)
            done = replace_texts(texts, addition.before)
        finally:
            _remove_empty(made)
    return sorted(map(shown_path, texts)) if done else []


def declaration(language: Language) -> dict[str, str | bool]:
    """The entry of a language in the making, for the `languages` of a checklist."""
    return {"id": language.id, "name": language.name, "required": False}


@dataclass(frozen=True)
class _Source:
    text: str
    checklist: Checklist
    languages: yaml.SequenceNode

    @property
    def tags(self) -> list[str]:
        return [language.id for language in self.checklist.languages]

    def with_language(self, language: Language) -> str:
        if language.id in self.tags:
            return self.text
        return append_entry(self.text, self.languages, declaration(language))


def _read_source(path: Path) -> tuple[_Source | None, list[str]]:
    shown = shown_path(path)
    text, problems = read_text(path, shown)
    checklist, more = loads(text, shown) if text else (None, [])
    errors = sorted(each for each in [*problems, *more] if each.severity is Severity.ERROR)
    if errors:
        others = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
        return None, [f"the checklist has errors; mend them first: {errors[0]}{others}"]
    languages = value_of(parse(text or "", shown)[0], "languages")
    if text is None or checklist is None or not isinstance(languages, yaml.SequenceNode):
        return None, [f"{shown} is empty; write a checklist first"]
    return _Source(text, checklist, languages), []


def _addition(
    settings: Settings, configuration: Path, source: _Source, site: Site, language: Language
) -> Addition:
    before = {settings.source: source.text, configuration: site.text}
    after = {
        settings.source: source.with_language(language),
        configuration: site.with_language(language).text,
    }
    files = dict(_files(settings, source, language))
    if not Offer(language).has_theme and (folder := site.theme_folder):
        files[configuration.parent / theme_path(language, folder)] = theme_text(language)
    return Addition(
        language=language,
        offer=Offer(language),
        source=settings.source,
        changed={path: text for path, text in after.items() if text != before[path]},
        before={path: text for path, text in before.items() if text != after[path]},
        created={path: text for path, text in files.items() if not path.exists()},
        kept=tuple(path for path in files if path.exists()),
        pages=tuple(_stubs(settings, source, language)),
    )


def _files(settings: Settings, source: _Source, language: Language) -> Iterator[tuple[Path, str]]:
    """What translators write in, with all that is to be translated."""
    if language.id not in WRITTEN:
        text = catalog_text(source.checklist.id, language)
        yield catalog_path(settings.locales, language.id), text
    terms = _terms(settings, source.tags)
    yield glossary_path(settings.locales, language.id), glossary_stub(language, terms)
    # A record that is empty says that nothing is translated, where none would say nothing.
    yield review_path(settings.locales, language.id), ""
    for path, original in _stubs(settings, source, language).items():
        yield path, page_stub(original)


def _terms(settings: Settings, languages: list[str]) -> list[str]:
    """What the glossaries of the other languages have a word for, in the source language."""
    terms = [term for each in languages for term in load_glossary(settings.locales, each)[0].terms]
    # A name that stays as it is everywhere needs no word.
    return sorted({each.source for each in terms if each.use != each.source}, key=str.casefold)


def _stubs(settings: Settings, source: _Source, language: Language) -> dict[Path, str]:
    """The hand-written pages of a language, each with its original as people write it."""
    if settings.docs is None:
        return {}
    folder = settings.docs / source.tags[0]
    return {
        settings.docs / language.id / path.relative_to(folder): shown_path(path)
        for path in sorted(folder.rglob("*.md"))
    }


def _missing_folders(path: Path) -> list[Path]:
    """The folders above a file that are not there."""
    return [folder for folder in path.parents if not folder.exists()]


def _remove_empty(folders: list[Path]) -> None:
    for folder in sorted(set(folders), reverse=True):  # the innermost first
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
