"""What the commands of `checklist translate` do, over the modules of this folder."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Final

from checklist.atomic import locked, replace_text
from checklist.catalog import shown_path
from checklist.glossary import Term
from checklist.problems import did_you_mean, has_errors
from checklist.progress import progress_of
from checklist.project import CONFIGURATION, Project, Settings, read_project
from checklist.report import as_text
from checklist.review import State, dump_review, review_path
from checklist.scaffold import installed
from checklist.translate import plans, reports, reviewing
from checklist.translate.building import build_site
from checklist.translate.exporting import export_po
from checklist.translate.importing import apply, plan_import, read_file, read_po
from checklist.translate.languages import add_language, plan_language
from checklist.translate.pseudo import build_pseudo
from checklist.translate.reviewing import Outcome

OK: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
CANNOT_RUN: Final = 3

Run = Callable[[argparse.Namespace, Settings], int]
Work = Callable[[argparse.Namespace, Settings, Project], int]


def _alone(work: Work) -> Run:
    """As `_opened`, while nobody else changes the project: for commands that write."""

    def run(options: argparse.Namespace, settings: Settings) -> int:
        if not settings.source.is_file():
            return _opened(work)(options, settings)  # which says so
        with locked(settings.source):
            return _opened(work)(options, settings)

    return _writing(run)


def _writing(work: Run) -> Run:
    """Say in one line why something could not be written."""

    def run(options: argparse.Namespace, settings: Settings) -> int:
        try:
            return work(options, settings)
        except ModuleNotFoundError as error:
            if error.name != "polib":
                raise
            remedy = f"pip install '{installed().name}[translate]'"
            print(f"checklist: PO files need polib: {remedy}", file=sys.stderr)
        except TimeoutError:
            print("checklist: somebody else is writing; try again", file=sys.stderr)
        except OSError as error:
            print(f"checklist: cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN

    return run


def _opened(work: Work) -> Run:
    """Load the project first, and hold against it what the command was given."""

    def run(options: argparse.Namespace, settings: Settings) -> int:
        project, problems = read_project(settings)
        if project is None:
            print(as_text(problems), file=sys.stderr)
            return PROBLEMS
        asked = getattr(options, "language", [])
        for tag in [asked] if isinstance(asked, str) else asked:
            if tag not in project.catalogs:
                return _usage(f"there is no language {tag!r}; it has {_listed(project.catalogs)}")
        return work(options, settings, project)

    return run


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _usage(fault: str) -> int:
    print(f"checklist: {fault}", file=sys.stderr)
    return USAGE


@_opened
def status(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """How far every language is."""
    every = [progress_of(project, language.id) for language in project.checklist.languages]
    # The source language has nothing to translate, unless it lacks interface strings.
    every = [each for each in every if each.total.total]
    if options.since is None:
        print(reports.FORMS[options.format](every))
        return OK
    try:
        earlier = json.loads(options.since.read_text("utf-8"))
        print(reports.change(earlier, every))
    except OSError as error:
        return _usage(f"cannot read {options.since}: {error.strerror}")
    except (ValueError, AttributeError, TypeError):
        return _usage(f"{options.since} is no status as `--format json` writes it")
    return OK


@_opened
def todo(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """What to do next, most important first."""
    left = reports.todo(project.checklist, progress_of(project, options.language))
    shown = left if options.limit is None else left[: max(0, options.limit)]
    for standing in shown:
        print(reports.todo_line(standing))
    print(f"{len(left)} to do" + (f", {len(shown)} shown" if len(shown) < len(left) else ""))
    return OK


@_opened
def diff(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """What changed in originals since they were translated."""
    known = {message.id: message for message in project.messages(options.language)}
    ids = reviewing.expand(project, [options.id])
    if missing := [id for id in ids if id not in known]:
        hint = did_you_mean(missing[0], known)
        return _usage(f"there is no {missing[0]!r} in {options.language}{hint}")
    parts = (
        reports.difference(project, known[id], options.language, colour=_has_colour()) for id in ids
    )
    print("\n\n".join(parts))
    return OK


def _has_colour() -> bool:
    """Whether the output is read by a person who wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


@_alone
def review(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """Enter wordings in the record."""
    if bool(options.id) == options.all:
        return _usage("name texts, or say --all")
    if options.all and options.state is State.REVIEWED:
        return _usage("nobody reviews all at once: name texts, or say --state translated")
    outcome = reviewing.review(
        project,
        options.language,
        reviewing.expand(project, options.id),
        by=options.by,
        state=options.state,
        note=options.note,
    )
    code = _written(outcome, settings, project)
    stale = progress_of(project, options.language).total.of(State.STALE)
    if options.all and stale and code == OK:
        print(f"{stale} stale left as they are; see `checklist translate todo {options.language}`")
    return code


@_alone
def still_valid(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """Stale translations are right as they are."""
    ids = reviewing.expand(project, options.id)
    outcome = reviewing.still_valid(project, ids, options.language, options.by)
    return _written(outcome, settings, project)


@_alone
def same_meaning(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """An edit of an original changed no meaning."""
    ids = reviewing.expand(project, options.id)
    if options.made_from and options.made_from not in project.catalogs:
        return _usage(
            f"there is no language {options.made_from!r}; it has {_listed(project.catalogs)}"
        )
    outcome = reviewing.same_meaning(project, ids, options.by, options.made_from)
    return _written(outcome, settings, project)


@_alone
def waive(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """A check is wrong about a wording, or is no longer."""
    if options.remove:
        outcome = reviewing.unwaive(project, options.language, options.id, options.code)
    else:
        outcome = reviewing.waive(
            project, options.language, options.id, options.code, options.reason
        )
    return _written(outcome, settings, project)


def _written(outcome: Outcome, settings: Settings, project: Project) -> int:
    """Write the records, or say what is in the way."""
    # What could not be read of a record would be lost.
    written = {review.path for review in outcome.reviews}
    if unread := [each for each in project.problems if each.place.path in written]:
        print(as_text(unread), file=sys.stderr)
        return PROBLEMS
    if outcome.faults:
        print("\n".join(f"checklist: {fault}" for fault in outcome.faults), file=sys.stderr)
        return PROBLEMS
    for review in outcome.reviews:
        path = review_path(settings.locales, review.language)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, dump_review(review))
        print(f"written: {shown_path(path)}")
    print(f"{outcome.changed} changed in the record")
    return OK


@_opened
def glossary(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """The words agreed on."""
    terms = project.glossaries[options.language].terms
    word = options.word.casefold()
    found = [term for term in terms if word in f"{term.source} {term.use}".casefold()]
    for term in found:
        print(_term(term))
    print(f"{len(found)} of {len(terms)} terms")
    return OK if found or not word else PROBLEMS


def _term(term: Term) -> str:
    parts = [f"{term.source}: {term.use}"]
    if term.avoid:
        parts.append(f"not {', '.join(term.avoid)}")
    if term.reading:
        parts.append(f"read aloud {term.reading}")
    return "; ".join([*parts, *([term.note] if term.note else [])])


@_writing
@_opened
def export(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """Write a PO file."""
    owners = {section.id for section in project.checklist.sections}
    owners |= {item.id for item in project.checklist.items}
    if options.only and options.only not in owners:
        hint = did_you_mean(options.only, owners)
        return _usage(f"there is no item or section {options.only!r}{hint}")
    address = _addresses(project, settings, options.language)
    text = export_po(project, options.language, only=options.only, item_url=address)
    if options.out is None:
        sys.stdout.write(text)
        return OK
    replace_text(options.out, text)
    print(f"written: {options.out}")
    return OK


def _addresses(project: Project, settings: Settings, language: str) -> Callable[[str], str] | None:
    """Where an item stands on the site in a language, if the site has an address for others."""
    if not settings.site_url or "://127.0.0.1" in settings.site_url:
        return None
    checklist = project.checklist
    folder = "" if language == checklist.source_language.id else f"{language}/"
    root = f"{settings.site_url.rstrip('/')}/{folder}checklist"
    sections = {item.id: section.id for section in checklist.sections for item in section.items}
    return lambda item: f"{root}/{sections[item]}/#{item}"


@_writing
@_opened
def import_(options: argparse.Namespace, settings: Settings, project: Project) -> int:
    """Take over a PO file."""
    data, problems = read_file(options.file)
    incoming, plan = None, None
    if data is not None:
        incoming, more = read_po(data, shown_path(options.file))
        problems += more
    if incoming is not None:
        plan, more = plan_import(project, incoming, options.by or "")
        problems += more
    if plan is not None and not has_errors(problems):
        problems += plans.texts(plan)[1] if options.dry_run else apply(plan, settings)
    if problems:
        print(as_text(sorted(problems)), file=sys.stderr)
    if plan is None or has_errors(problems):
        print("checklist: nothing was changed", file=sys.stderr)
        return PROBLEMS
    if options.dry_run and (changes := plans.diff(plan, colour=_has_colour())):
        print(changes)
    print(", ".join(f"{number} {what}" for what, number in plan.summary.items() if number))
    return OK


@_writing
def add(options: argparse.Namespace, settings: Settings) -> int:
    """Begin a language."""
    addition, faults = plan_language(settings, CONFIGURATION, options.language)
    if addition is None:
        print("\n".join(f"checklist: {fault}" for fault in faults), file=sys.stderr)
        return PROBLEMS
    written = add_language(addition)
    if not written:
        print("checklist: somebody changed the files meanwhile; try again", file=sys.stderr)
        return CANNOT_RUN
    for path in written:
        print(f"written: {path}")
    print("\n".join(addition.sentences))
    if options.no_build:
        return OK
    print("Building the site …", flush=True)
    code = build_site(CONFIGURATION)
    if code == OK:
        print("The site can be built with it; scripts/serve or `mkdocs serve` shows it.")
    return code


@_writing
def pseudo(options: argparse.Namespace, settings: Settings) -> int:
    """Build the site in a made-up language."""
    return build_pseudo(settings, CONFIGURATION, options.out)
