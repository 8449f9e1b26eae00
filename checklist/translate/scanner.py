"""The lines of a PO file: what polib would not complain about, and where each entry stands.

The grammar is that of the GNU gettext manual, section "The Format of PO Files".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from checklist.problems import Place, Problem

CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters and separators that no text has, and at some of which polib breaks lines."""
_STRING: Final = r'"[^"\\]*(?:\\[abfnrtv"\\][^"\\]*)*"'
_FIELD: Final = re.compile(rf"(msgctxt|msgid_plural|msgid|msgstr(?:\[[0-9]\])?)[ \t]*{_STRING}")
_MORE: Final = re.compile(_STRING)
_KEYWORD: Final = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[[0-9]\])?)(?![\w\[])")
_OBSOLETE: Final = re.compile(r"#~[ \t]*msgid[ \t]")
BASE: Final = "#. as exported:"
"""Comment with the first digits of the hash of the wording that went out."""
_SILENT: Final = ("#.", "#:", "#|", "#=", "#~")
"""Comments that say nothing about a translation that its checklist would not know better."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where an entry stands: numbers of lines, 1-based."""

    first: int
    """Its `msgctxt` or `msgid`."""
    msgstr: int
    end: int
    """The line after its last string."""


@dataclass
class Scanner:
    """Looks at every line of a PO file, in order, for what polib would not complain about."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    """The entries, without those that are obsolete."""
    obsolete: int = 0
    _number: int = 0
    _last: str = ""
    """The field that was read last; empty outside of entries."""
    _first: int = 0
    _msgstr: int = 0
    _may_go_on: bool = False
    """Whether a string that stands alone would belong to the last field."""

    def read(self, line: str) -> str:
        """Look at the next line.

        Returns:
            The line as polib is to read it: empty if it says nothing about a translation.
        """
        self._number += 1
        if control := CONTROL.search(line):
            message = f"the character U+{ord(control[0]):04X} is not allowed; delete it"
            place = Place(self.path, self._number, control.start() + 1)
            self.problems.append(Problem(place, "control-character", message))
        line = line.strip(" \t")
        if line.startswith("#"):
            return self._comment(line)
        if line and _MORE.fullmatch(line):
            if not self._may_go_on:
                self._problem("this string belongs to no field; put it below its msgstr or msgid")
        elif found := _FIELD.fullmatch(line):
            self._field(found[1])
        elif line:
            self._problem('this is not PO; write a keyword and a "string" with \\" for quotes')
            if keyword := _KEYWORD.match(line):
                self._field(keyword[1])
            self._may_go_on = True  # so that the lines below are not reported as well
        return line

    def finish(self) -> None:
        """Note the last entry."""
        self._number += 1
        self._close()

    def _comment(self, line: str) -> str:
        if line.startswith("#~"):
            self.obsolete += bool(_OBSOLETE.match(line))
        elif self._last:
            self._close()
        self._may_go_on = False
        if line == "#," or (line.startswith(_SILENT) and not line.startswith(BASE)):
            return ""
        if line.startswith(BASE):
            return line
        return f"#, {line[2:]}" if line.startswith("#,") else f"# {line[1:].removeprefix(' ')}"

    def _field(self, name: str) -> None:
        begins = name in ("msgctxt", "msgid") and self._last != "msgctxt"
        if begins:
            self._close()
            self._first = self._number
        elif name not in _following(self._last):
            self._problem(f"{name} cannot stand here; an entry is msgctxt, msgid, msgstr")
            self._first = self._first if self._last else self._number
        if name in ("msgstr", "msgstr[0]"):
            self._msgstr = self._number
        self._last = name
        self._may_go_on = True

    def _close(self) -> None:
        """End the entry that is being read, at the line before this one."""
        if self._last.startswith("msgstr"):
            self.blocks.append(Block(self._first, self._msgstr, self._number))
        elif self._last:
            place = Place(self.path, self._first)
            message = "the entry that begins here has no msgstr; add it, empty if need be"
            self.problems.append(Problem(place, "broken-po", message))
        self._last = ""

    def _problem(self, message: str) -> None:
        self.problems.append(Problem(Place(self.path, self._number), "broken-po", message))


def _following(name: str) -> tuple[str, ...]:
    """The fields that may follow another in its entry."""
    if name.startswith("msgstr["):
        return (f"msgstr[{int(name[7]) + 1}]",)
    after = {
        "msgctxt": ("msgid",),
        "msgid": ("msgid_plural", "msgstr"),
        "msgid_plural": ("msgstr[0]",),
    }
    return after.get(name, ())
