"""A PO file taken over: all of it or nothing.

    bytes → `po.read_po` → `plan_import`, which finds out everything → `apply`, which writes

A plan is made from a project as it was read. Before it is carried out, the project is read once
more under a lock and the plan made anew, so that nobody's edit in between is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from checklist.atomic import locked, replace_texts
from checklist.messages import Kind, Message
from checklist.problems import Place, Problem, Severity, has_errors
from checklist.project import Project, Settings, read_project
from checklist.translate.decisions import Records, decide
from checklist.translate.exporting import plural_count, plural_forms
from checklist.translate.inspection import inspect
from checklist.translate.plans import Plan, diff, texts
from checklist.translate.po import OWNER, Incoming, Translation, read_file, read_po

_NOBODYS: Final = ("", "PACKAGE VERSION", "PACKAGE")
"""Names of projects that tools write where nobody has given one."""
_UNREADABLE: Final = ("bad-catalog", "bad-record", "not-utf-8")
"""Problems of a file that does not say all it could."""
Pairs = list[tuple[Message, Translation]]


def plan_import(
    project: Project, incoming: Incoming, by: str = ""
) -> tuple[Plan | None, list[Problem]]:
    """Find out what an import would do.

    Args:
        project: to be changed.
        incoming: the PO file.
        by: who vouches for the translations; the file's last translator unless given.

    Returns:
        The plan, `None` if the file cannot be taken over as it is; and all that is wrong with
        it, sorted.
    """
    language = _language(project, incoming)
    if fault := _header_fault(project, incoming, language):
        return None, [fault]
    known = {each.id: each for each in project.messages(language) if each.kind is not Kind.PAGE}
    pairs = [(known[each.id], each) for each in incoming.translations if each.id in known]
    if not pairs:
        return None, [_stranger(project, incoming, language)]
    problems = [*_unknown(project, incoming, language, known)]
    problems += _plural_problems(pairs, plural_count(plural_forms(project, language)))
    if has_errors(problems):
        return None, sorted(problems)
    by = by or incoming.translator
    source = project.checklist.source_language.id
    reviews = project.reviews
    records = Records(reviews[language], reviews[source], by, incoming.tells_fuzzy)
    decided = [decide(message, translation, records) for message, translation in pairs]
    plan = Plan(project, language, incoming, by, tuple(step for step, _ in decided))
    problems += (problem for _, more in decided for problem in more)
    problems += _file_problems(plan)
    problems += _record_notice(plan)
    reworded = [step.after for step in plan.steps if step.rewords]
    problems += inspect(project, language, reworded, plan.entries)
    return (None if has_errors(problems) else plan), sorted(problems)


def apply(plan: Plan, settings: Settings) -> list[Problem]:
    """Carry out a plan, on the project as it is now.

    Args:
        plan: as `plan_import` made it.
        settings: where the parts of the project lie.

    Returns:
        What prevented it; then nothing was written. Nothing, if all of it was.

    Raises:
        OSError: a file cannot be written.
        TimeoutError: somebody else has been writing all the time.
    """
    if plan.is_empty:
        return []
    with locked(settings.source):
        unchanged = _as_read(plan)
        project, problems = read_project(settings)
        if project is None:
            return problems
        anew, problems = plan_import(project, plan.incoming, plan.by)
        if anew is None:
            return problems
        made, problems = texts(anew)
        if problems:
            return problems
        for path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
        if replace_texts(made, {path: unchanged[path] for path in made if path in unchanged}):
            return []
    message = "somebody changed the files meanwhile; import the file again"
    return [Problem(Place(plan.incoming.path), "changed-meanwhile", message)]


def _as_read(plan: Plan) -> dict[Path, str]:
    """The files that an import may change, as they are before they are read to be changed."""
    checklist = plan.project.checklist
    names = (
        checklist.title.place.path,
        plan.project.catalogs[plan.language].path,
        plan.project.reviews[plan.language].path,
    )
    paths = filter(Path.is_file, map(Path, names))
    # What is not UTF-8 is a problem of the project and found when that is read.
    return {path: path.read_bytes().decode("utf-8", errors="replace") for path in paths}


def _language(project: Project, incoming: Incoming) -> str:
    """The language of a file as the checklist spells it, if it has it."""
    declared = {each.id.lower(): each.id for each in project.checklist.languages}
    return declared.get(incoming.language.lower(), incoming.language)


def _header_fault(project: Project, incoming: Incoming, language: str) -> Problem | None:
    """Why a file is not for this checklist."""
    place, id = Place(incoming.path), project.checklist.id
    owner = incoming.header.get(OWNER, "").strip()
    name = incoming.header.get("Project-Id-Version", "").strip()
    if owner not in ("", id) or (not owner and name not in _NOBODYS and name.split()[0] != id):
        message = f"the file belongs to '{owner or name}'; this checklist is '{id}'"
        return Problem(place, "other-checklist", message)
    if language in project.catalogs:
        return None
    declared = ", ".join(project.catalogs)
    what = f"'{language}', which the checklist does not declare" if language else "missing"
    message = f"the header field Language is {what}; it must be one of {declared}"
    return Problem(place, "undeclared-language", message)


def _stranger(project: Project, incoming: Incoming, language: str) -> Problem:
    """No entry belongs to anything here."""
    place = Place(incoming.path)
    if language == project.checklist.source_language.id:
        message = f"'{language}' is what the checklist is written in; edit the YAML file instead"
        return Problem(place, "source-language", message)
    message = f"no msgctxt is an id of '{project.checklist.id}'; import a file exported from it"
    return Problem(place, "other-checklist", message)


def _unknown(
    project: Project, incoming: Incoming, language: str, known: Mapping[str, Message]
) -> Iterator[Problem]:
    """Entries that belong to nothing here."""
    texts = {text.id for text in project.checklist.texts}
    aliases = project.checklist.aliases
    for translation in incoming.translations:
        if translation.id in known:
            continue
        kind, _, rest = translation.id.partition("/")
        item, _, part = rest.partition("/")
        if translation.id in texts:
            message = f"'{translation.id}' is written in '{language}', so it is left out; "
            message += "edit the YAML file instead"
        elif kind == "items" and item in aliases:
            message = f"'{translation.id}' is left out, as it is now "
            message += f"'items/{aliases[item]}/{part}'; export that"
        else:
            message = f"there is no '{translation.id}' here (any more), so it is left out; "
            message += "export anew to see what there is"
        yield Problem(translation.place, "unknown-message", message, Severity.WARNING)


def _plural_problems(pairs: Pairs, count: int) -> Iterator[Problem]:
    """Entries with more or fewer forms than the catalog can have."""
    for message, translation in pairs:
        expected = count if len(message.original) > 1 else 1
        found = len(translation.forms)
        if any(translation.forms) and found != expected:
            remedy = f"write msgstr[0] to msgstr[{count - 1}]" if expected > 1 else "write one"
            text = f"'{message.id}' has {found} msgstr, not {expected} as the catalog; {remedy}"
            yield Problem(translation.place, "plural-forms", text)


def _record_notice(plan: Plan) -> Iterator[Problem]:
    """That part of what the file says has no place to be written down."""
    if plan.project.reviews[plan.language].kept:
        return
    if any(step.rewords or step.translation.fuzzy or step.translation.note for step in plan.steps):
        message = (
            f"no record is kept for {plan.language}, so only wordings are taken over; "
            f""
            f"`checklist translate review {plan.language} --all --state translated --by NAME` "
            "begins one"
        )
        yield Problem(Place(plan.incoming.path), "no-record", message, Severity.NOTICE)


def _file_problems(plan: Plan) -> Iterator[Problem]:
    """Files that would lose what is wrong in them if they were written."""
    catalog, review = plan.project.catalogs[plan.language], plan.project.reviews[plan.language]
    concerned = {catalog.path: bool(plan.interface), review.path: bool(plan.entries)}
    for problem in plan.project.problems:
        if concerned.get(problem.place.path) and problem.code in _UNREADABLE:
            yield problem


__all__ = ["apply", "diff", "plan_import", "read_file", "read_po"]
