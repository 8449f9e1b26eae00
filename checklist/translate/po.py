"""PO files: bytes to values, or to what is wrong with them.

The syntax is read by polib, but not before every line has been looked at: polib drops an
entry without `msgstr`, does not miss a quote, and takes a text that is a path for the file
there. What comes out of here is whole, and knows its line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.characters import BYTE_ORDER_MARK, normalise
from checklist.problems import Place, Problem, Severity
from checklist.translate.scanner import BASE, CONTROL, Block, Scanner

if TYPE_CHECKING:
    import polib

LIMIT: Final = 64 * 2**20
"""Most bytes of a file; a language of a checklist of 10,000 items takes 55 million."""
MOST_PROBLEMS: Final = 20
"""Problems told of one file: what has more is not the file that somebody meant."""
OWNER: Final = "X-Checklist"
"""Header field with the id of the checklist that a file belongs to."""
RECORD: Final = "X-Checklist-Record"
"""Header field that says whether there was a review record, so that fuzzy flags were set."""
KEPT: Final = "kept"

_MAGIC: Final = (b"\xde\x12\x04\x95", b"\x95\x04\x12\xde")
"""How a compiled catalog begins (GNU gettext manual, section 11.3)."""
_CHARSET: Final = re.compile(r"charset=([^\s;]*)")
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "charset", ""})
"""UTF-8, what is a part of it, and the place holder of a template."""
_PATH_LIMIT: Final = 1 << 15
"""Characters that no path has."""


@dataclass(frozen=True, slots=True)
class Translation:
    """An entry of a PO file."""

    id: str
    """Its `msgctxt`."""
    original: tuple[str, ...]
    """Its `msgid`, and `msgid_plural` if it has one."""
    forms: tuple[str, ...]
    """Its `msgstr`, one for each plural form; empty texts where there is nothing yet."""
    fuzzy: bool
    note: str
    """The translator's comment."""
    place: Place
    """Its first `msgstr`."""
    base: str = ""
    """How the hash of the wording began that went out, if a tool has not dropped that."""

    def is_touched(self, hash: str) -> bool:
        """Whether a wording with this hash is another one than went out, as far as is known."""
        return not self.base or not hash.startswith(self.base)


@dataclass(frozen=True)
class Incoming:
    """A PO file that somebody brings back."""

    path: str
    header: Mapping[str, str]
    translations: tuple[Translation, ...]
    """In the order of the file, each id once."""
    obsolete: int = 0
    """Entries that a tool has set aside, `#~`."""
    keeps_flags: bool = True
    """Whether any entry has a flag. All we export have, so otherwise a tool has dropped them."""

    @property
    def tells_fuzzy(self) -> bool:
        """Whether an entry without the fuzzy flag had it taken away, if it needed one."""
        return self.keeps_flags and self.header.get(RECORD, "").strip() == KEPT

    @property
    def language(self) -> str:
        """BCP 47 tag, made of the locale name that gettext has: `sr@latin` is `sr-Latn`."""
        name, _, variant = self.header.get("Language", "").strip().partition("@")
        tag = name.partition(".")[0].replace("_", "-")
        script = {"latin": "Latn", "cyrillic": "Cyrl"}.get(variant)
        return f"{tag}-{script}" if script else tag

    @property
    def translator(self) -> str:
        """The name of `Last-Translator`, without the address; empty if it is a place holder."""
        name = self.header.get("Last-Translator", "").partition("<")[0]
        name = " ".join(CONTROL.sub(" ", name).replace(",", " ").split())
        return "" if name in ("FULL NAME", "Automatically generated", "none") else name


def read_file(path: Path) -> tuple[bytes | None, list[Problem]]:
    """The bytes of a PO file, of one too large no more than it takes to know that."""
    shown = path.as_posix()
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1), []
    except FileNotFoundError:
        reason = "there is no such file; check the path"
    except IsADirectoryError:
        reason = "is a folder; name the PO file in it"
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({getattr(error, 'strerror', None) or error}); check it"
    return None, [Problem(Place(shown), "missing-file", reason)]


def read_po(data: bytes, shown: str) -> tuple[Incoming | None, list[Problem]]:
    """Read a PO file.

    Args:
        data: its bytes.
        shown: its name in problems.

    Returns:
        What it holds (`None` if something makes it useless) and what is wrong with it.

    Raises:
        ImportError: polib is not installed.
    """
    text, problems = _decoded(data, shown)
    if text is None:
        return None, problems
    scanner = Scanner(shown)
    lines = [scanner.read(line) for line in text.split("\n")]
    scanner.finish()
    if scanner.problems:
        return None, _capped(scanner.problems)
    file = _parsed("\n".join(lines))
    problems = [*_header_problems(file, shown)]
    found = list(_translations(file, scanner.blocks, shown, problems))
    if not found and not problems:
        message = "no entry has a msgctxt; start from `checklist translate export`"
        problems.append(Problem(Place(shown), "no-msgctxt", message))
    problems = _capped(problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    keeps_flags = any(entry.flags for entry in file)
    return Incoming(shown, file.metadata, tuple(found), scanner.obsolete, keeps_flags), problems


def _decoded(data: bytes, shown: str) -> tuple[str | None, list[Problem]]:
    """The text of a file that may be a PO file."""
    if len(data) > LIMIT:
        message = f"is larger than {LIMIT >> 20} MiB; export and import it section by section"
        return None, [Problem(Place(shown), "too-large", message)]
    if data.startswith(_MAGIC):
        message = "is a compiled catalog; import the .po file that it was made from"
        return None, [Problem(Place(shown), "not-po", message)]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "is UTF-16; save the file as UTF-8"
        return None, [Problem(Place(shown), "not-utf-8", message)]
    if not re.search(rb"(?:^|[\r\n])[ \t]*msgid[ \t]*\"", data):
        message = "is no PO file: it has no msgid; import what a translation tool has saved as .po"
        return None, [Problem(Place(shown), "not-po", message)]
    try:
        text = normalise(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        return None, [Problem(Place(shown, line), "not-utf-8", message)]
    return text.removeprefix(BYTE_ORDER_MARK), []


def _parsed(text: str) -> polib.POFile:
    # Only when there is a PO file to be read: the base package does without polib.
    import polib

    # A text that is the path of a file would be read as that file; none is as long as this.
    return polib.pofile(text + "\n" * _PATH_LIMIT, encoding="utf-8", wrapwidth=0)


def _header_problems(file: polib.POFile, shown: str) -> Iterator[Problem]:
    charset = _CHARSET.search(file.metadata.get("Content-Type", ""))
    if charset and charset[1].lower() not in _UTF_8:
        message = f"the header says {charset[1]}; save the file as UTF-8"
        yield Problem(Place(shown), "not-utf-8", message)
    for name, value in file.metadata.items():
        if found := CONTROL.search(name + value):
            message = f"the header has the character U+{ord(found[0]):04X}; delete it"
            yield Problem(Place(shown), "control-character", message)


def _translations(
    file: polib.POFile, blocks: list[Block], shown: str, problems: list[Problem]
) -> Iterator[Translation]:
    starts = [block.first for block in blocks]
    lines: dict[str, int] = {}
    for entry in file:
        # An entry of polib begins with its comments.
        block = blocks[bisect_left(starts, entry.linenum or 0)]
        found = _translation(entry, Place(shown, block.msgstr))
        if fault := _fault(entry, found, lines):
            problems.append(Problem(Place(shown, block.first), *fault))
            continue
        lines[found.id] = block.first
        yield found


def _translation(entry: polib.POEntry, place: Place) -> Translation:
    plural = entry.msgstr_plural
    return Translation(
        id=entry.msgctxt or "",
        original=(entry.msgid, entry.msgid_plural) if entry.msgid_plural else (entry.msgid,),
        forms=tuple(plural[index] for index in sorted(plural)) if plural else (entry.msgstr,),
        fuzzy="fuzzy" in entry.flags,
        note=tidy_note(entry.tcomment),
        place=place,
        base=entry.comment.removeprefix(BASE.removeprefix("#. ")).strip(),
    )


Fault = tuple[str, str, Severity]
"""Code, message and weight of a problem."""


def _fault(entry: polib.POEntry, found: Translation, lines: Mapping[str, int]) -> Fault | None:
    texts = (text.replace("\r\n", "\n") for text in (found.id, *found.original, *found.forms))
    if control := next(filter(None, map(CONTROL.search, texts)), None):
        message = f"the entry has the character U+{ord(control[0]):04X}; delete it"
        return "control-character", message, Severity.ERROR
    if not entry.msgctxt:
        if not entry.msgid:
            return "broken-po", "there are two headers; delete one of them", Severity.ERROR
        message = f"'{_short(entry.msgid)}' has no msgctxt, so it is left out; export it anew"
        return "no-msgctxt", message, Severity.WARNING
    if not entry.msgid:
        return "broken-po", f"'{found.id}' has no msgid; export it anew", Severity.ERROR
    if found.id in lines:
        message = f"'{found.id}' is already on line {lines[found.id]}; keep one of them"
        return "duplicate-msgctxt", message, Severity.ERROR
    return None


def tidy_note(text: str) -> str:
    """A translator's comment without what a PO file cannot keep: the white space around lines."""
    return "\n".join(CONTROL.sub(" ", line).rstrip() for line in text.splitlines()).strip("\n")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _capped(problems: list[Problem]) -> list[Problem]:
    """The first problems, and how many more there are; errors before anything else."""
    problems = sorted(problems, key=lambda each: (each.severity is not Severity.ERROR, each.place))
    if len(problems) <= MOST_PROBLEMS:
        return problems
    left = len(problems) - MOST_PROBLEMS
    last = problems[MOST_PROBLEMS]
    message = f"there are {left} more problems from here on; is this the right file?"
    return [*problems[:MOST_PROBLEMS], Problem(last.place, last.code, message, last.severity)]
