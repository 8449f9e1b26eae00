"""Every check that translations have, run on those that a PO file brings before they are taken.

The checks are the same as everywhere; only the places they point at are lines of the PO file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checklist.characters import fatal_problems, text_problems
from checklist.checks import check
from checklist.checks.interface import placeholders
from checklist.checks.wordings import check_wordings
from checklist.messages import Kind, Message
from checklist.problems import Problem
from checklist.project import Project
from checklist.review import Entry, record


def inspect(
    project: Project, language: str, messages: Iterable[Message], entries: Iterable[Entry]
) -> Iterator[Problem]:
    """What is wrong with new wordings.

    Args:
        project: as it stands.
        language: of the wordings.
        messages: with the wordings as they are to be.
        entries: lines of the record that go with them, for what they waive.
    """
    messages = list(messages)
    for message in messages:
        yield from _character_problems(message)
        yield from _length_problems(message)
        yield from _placeholder_problems(message)
    yield from _text_problems(project, language, messages)
    review = record(replace(project.reviews[language], entries={}), entries)
    same = project.reviews[project.checklist.source_language.id]
    yield from check_wordings(messages, project.glossaries[language], review, same)


def _character_problems(message: Message) -> Iterator[Problem]:
    for phrase in message.wording:
        found = [*fatal_problems(phrase.text, ""), *text_problems(phrase.text, "")]
        for problem in found:
            if problem.code != "conflict-marker":  # is none inside a wording
                text = f"{message.id}: {problem.message}"
                yield replace(problem, place=phrase.place, message=text)


def _length_problems(message: Message) -> Iterator[Problem]:
    """The limits of a text, as `fields.Reader` has them."""
    text = message.text
    for phrase in message.wording if text else ():
        if text and text.line and "\n" in phrase.text:
            words = f"{message.id} must be one line; join its lines"
            yield Problem(phrase.place, "not-one-line", words)
        elif text and text.limit and len(phrase.text) > text.limit:
            count = len(phrase.text)
            words = f"{message.id} has {count} characters; shorten it to {text.limit}"
            yield Problem(phrase.place, "too-long", words)


def _placeholder_problems(message: Message) -> Iterator[Problem]:
    """As `checks.interface`, which looks at whole catalogs."""
    if message.kind is not Kind.INTERFACE:
        return
    expected = placeholders(message.original[-1])
    names = ", ".join(f"{{{name}}}" for name in sorted(expected)) or "no placeholders"
    for phrase in message.wording:
        if placeholders(phrase.text) != expected:
            words = f"'{phrase.text}' must have {names} as '{message.original[-1]}' has; correct it"
            yield Problem(phrase.place, "ui-placeholders", words)


def _text_problems(
    project: Project, language: str, messages: Iterable[Message]
) -> Iterator[Problem]:
    """The checks of a checklist, on one that has nothing but the new wordings."""
    checklist = project.checklist
    texts = tuple(
        replace(message.text, phrases={language: message.wording[0]}, faulty=frozenset())
        for message in messages
        if message.text
    )
    alone = replace(
        checklist,
        languages=tuple(each for each in checklist.languages if each.id == language),
        texts=texts,
        sections=(),
        resources=(),
        samples=(),
        addresses=(),
    )
    yield from check(alone)
