"""What a reader is told about a translation: that it is stale, missing or unchecked.

Only data: the templates find the words for it, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from checklist.differences import as_html, words
from checklist.messages import Kind
from checklist.problems import Place
from checklist.progress import Standing
from checklist.review import State

TOLD: Final = (State.STALE, State.MISSING, State.DRAFT)
"""What readers are told of, most important first. That a wording is not in the record tells
nothing about it."""

PlaceUrl = Callable[[Place], str]
"""Gives the address at which a place can be seen; empty if there is none."""


def nowhere(place: Place) -> str:
    """A `PlaceUrl` of files that nobody can see."""
    return ""


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed in an original since its translation was made."""

    html: str
    """With `<del>` and `<ins>`."""
    url: str
    """Of the line with the translation; may be empty."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Texts that are missing."""

    url: str
    """Of the line where the first is to be added; may be empty."""
    is_partial: bool
    """Whether other texts of the same thing are there."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What there is to tell about the translations of one item, section, resource or page."""

    state: State
    """The most important one."""
    url: str
    """Of the line that somebody should look at first; may be empty."""
    revisions: tuple[Revision, ...]
    """One for each stale text; of a page nobody would read one."""
    gap: Gap | None


def notice_of(standings: Sequence[Standing], total: int, place_url: PlaceUrl) -> Notice | None:
    """The notice for what stands together, or `None` if there is nothing to tell.

    Args:
        standings: its messages that need somebody.
        total: how many messages it has.
        place_url: gives addresses of lines.
    """
    told = {state: [each for each in standings if each.state is state] for state in TOLD}
    state = next((state for state in TOLD if told[state]), None)
    if state is None:
        return None
    missing = told[State.MISSING]
    return Notice(
        state=state,
        url=place_url(place_of(told[state][0])),
        revisions=tuple(
            _revision(each, place_url)
            for each in told[State.STALE]
            if each.message.kind is Kind.TEXT
        ),
        gap=Gap(place_url(place_of(missing[0])), len(missing) < total) if missing else None,
    )


def place_of(standing: Standing) -> Place:
    """Where somebody would go to work on a message; a page that is missing begins as a copy."""
    message = standing.message
    is_to_be_copied = message.kind is Kind.PAGE and not message.wording
    return message.source_place if is_to_be_copied else message.place


def _revision(standing: Standing, place_url: PlaceUrl) -> Revision:
    message = standing.message
    html = as_html(words(standing.earlier[0], message.original[0]))
    return Revision(html, place_url(message.place))
