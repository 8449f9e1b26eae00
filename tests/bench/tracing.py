"""What the main thread of a page does for an action, read from a trace of Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.figures import CannotRunError

CATEGORIES: Final = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
"""What of Chromium must be traced."""
FIRST: Final = ("keydown", "mouseup")
"""Events an action begins with; a button of the mouse that goes down does nothing yet."""
PHASES: Final[Mapping[str, str]] = {
    "EventDispatch": "script",
    "FunctionCall": "script",
    "MinorGC": "script",
    "MajorGC": "script",
    "UpdateLayoutTree": "style",
    "Layout": "layout",
    "PrePaint": "paint",
    "Paint": "paint",
    "Layerize": "paint",
    "Commit": "paint",
}
"""What Chromium calls a piece of work, and what it counts as here."""


@dataclass(frozen=True)
class Piece:
    """Something that a thread did; times are in milliseconds."""

    thread: tuple[int, int]
    name: str
    start: float
    end: float
    cpu: float
    """What it ran, without its waits."""
    event: str
    """The type of the event it dispatched, if any."""

    def holds(self, other: Piece) -> bool:
        """Whether the other was done as a part of it."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Busy:
    """What an action took of the main thread, in milliseconds."""

    cpu: float
    """What the thread ran."""
    wall: float
    """The same with its waits, also those for a core that others had."""
    phases: Mapping[str, float]
    """Of the CPU; what remains has no name in a trace."""


def busy(trace: bytes, last: str) -> Busy:
    """Read what the one action of a trace took.

    Counted are all tasks of the page's main thread, from the one with the first event of the
    action to the one that hands the next frame after its last event to the compositor. What the
    compositor and the GPU make of it does not keep the main thread.

    Args:
        trace: as JSON.
        last: type of the action's last event, such as "click".
    """
    pieces = sorted(_pieces(trace), key=lambda piece: (piece.start, -piece.end))
    begin = _first(pieces, "EventDispatch", FIRST)
    main = [piece for piece in pieces if piece.thread == begin.thread and piece.end > begin.start]
    effect = _first(main, "EventDispatch", [last])
    frame = _first([piece for piece in main if piece.start >= effect.end], "Commit")
    tasks = [piece for piece in main if piece.name == "RunTask" and piece.start < frame.start]
    parts = [piece for piece in main if any(task.holds(piece) for task in tasks)]
    wall = sum(task.end - task.start for task in tasks)
    return Busy(sum(task.cpu for task in tasks), wall, _phases(parts))


def _pieces(trace: bytes) -> Iterator[Piece]:
    """All that was done, of what matters here."""
    for event in json.loads(trace)["traceEvents"]:
        if event["ph"] == "X" and (event["name"] == "RunTask" or event["name"] in PHASES):
            start, long, cpu = (event.get(key, 0) / 1000 for key in ("ts", "dur", "tdur"))
            dispatched = event["args"].get("data", {}).get("type", "")
            thread = event["pid"], event["tid"]
            yield Piece(thread, event["name"], start, start + long, cpu, dispatched)


def _first(pieces: Iterable[Piece], name: str, events: Sequence[str] = ("",)) -> Piece:
    for piece in pieces:
        if piece.name == name and piece.event in events:
            return piece
    raise CannotRunError(f"the trace lacks a {name} {' or '.join(events)}")


def _phases(parts: Sequence[Piece]) -> Mapping[str, float]:
    """The CPU of each phase, without that of other phases within it."""
    phases = dict.fromkeys(PHASES.values(), 0.0)
    around: list[Piece] = []
    for piece in parts:
        if piece.name not in PHASES:
            continue
        while around and not around[-1].holds(piece):
            around.pop()
        if around:
            phases[PHASES[around[-1].name]] -= piece.cpu
        phases[PHASES[piece.name]] += piece.cpu
        around.append(piece)
    return phases
