"""Valid sources in every layout that YAML has, written by hand and by chance.

A dumper knows one layout, people know hundreds. Every scalar here has a style of its own,
every comment a number, so that what gets lost is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

LANGUAGES = ("en", "pt-BR", "ko", "no")
"""In the order declared; YAML 1.1 reads the last one as false."""

PLAIN = [
    *("Retry late", "재시도 횟수를 정하세요", "Ünïcödé 👩‍💻", "a_b `code` *it*", "e.g. 5 % of it"),
    *("it's", 'a "b" c', "x - y", "http://e.example/?a=1#b", "مهم جدا", "to be, or not", "a\\b"),
    *("x#y", "yes and no", "0 is none", "(a) b", "~60 s"),
]
"""What a plain scalar can say in a block."""
NASTY = [
    "[link](https://e.example/a_(b))",
    *("a: b", "- a", "a #b", "#a", "@a", "|a", "!a", "&a", "*a", "%a", "`a`", '"a"', "'a'", "[a]"),
    *("{a}", "> a", "? a", ": a", "a:", "a\tb", "no", "404", "2026-01-01", "~", "1e3", "null"),
    *("=", "<<", "---", "...", "--- a", "it's: 'so'", 'say: "so"', "a, b", "{{ x }}", "12:30:00"),
    *(
        "«¿Sí?»: “¡no!”",
        "👩‍💻: 🏔",
        "مهم: جدا",
        "0x1F",
        "0o7",
        ".5",
        "1_000",
        "-",
        "?",
        ":",
        "'",
        '"',
    ),
    *(
        "\\",
        "a\\",
        "\\n",
        "a  b",
        "\u00a0a",
        "=======",
        "# a",
        "!!str a",
        "a ]",
        "b }",
        "a,",
        "\\\\x",
    ),
    *(
        "on",
        "true",
        "Yes",
        "-a",
        "?a",
        ":a",
        "a :b",
        "a ?b",
        "a?",
        "%",
        "@",
        "$x",
        "^",
        "a|b",
        "a>",
    ),
]
"""What is something else in YAML, unless one takes care."""
LONG = (
    "A long one that says `celery -A shop worker` and goes on with 재시도 until the line is full, "
)
BLOCKS = [
    "- one\n- two `x`",
    "1. one\n2. two",
    "> said\n\nand quoted",
    "```python\nx = '<b>'\n\n    y: z\n```",
    "a\n\nb",
    "a  \nb",
    "- a\n\n  b\n\n      code",
    "Do:\n\n- `--n=1`: x\n- y",
    "a\\\nb",
    "| a | b |\n| - | - |\n| c | d |",
    "# Title\n\ntext",
    "one\n=======\ntwo",
]


def line_wordings() -> st.SearchStrategy[str]:
    """Wordings of one line, at most 80 characters."""
    piece = st.one_of(st.sampled_from(PLAIN), st.sampled_from(NASTY))
    joined = st.lists(piece, min_size=1, max_size=3).map(" ".join)
    return joined.map(str.strip).filter(lambda text: 0 < len(text) <= 80)


def block_wordings() -> st.SearchStrategy[str]:
    """Wordings of any length."""
    long = st.integers(1, 4).map(lambda times: (LONG * times).strip())
    piece = st.one_of(line_wordings(), st.sampled_from(BLOCKS), long)
    return st.lists(piece, min_size=1, max_size=3).map("\n\n".join)


@dataclass
class Source:
    """A source that is being written."""

    draw: st.DrawFn
    comments: int = 0
    anchors: int = 0
    seen: list[str] = field(default_factory=list)

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def one_of(self, options: Sequence[str]) -> str:
        return self.draw(st.sampled_from(options))

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}: {{no}} \"key\": 'x'"

    def maybe_comment(self) -> str:
        """Behind a scalar on the same line."""
        return self.one_of(["", "", "", "  ", f" {self.comment()}", f"   {self.comment()} "])

    def between(self, indent: int) -> str:
        """Lines between two entries of a block."""
        pad = " " * indent
        return self.one_of(["", "", "", "", "\n", f"{pad}{self.comment()}\n", f"\n{pad}#\n\n"])

    def properties(self) -> str:
        self.anchors += 1
        anchor = f"&a{self.anchors} "
        return self.one_of(["", "", "", "", "", "", "!!str ", anchor, f"!!str {anchor}"])

    # ---- scalars

    def scalar(self, wording: str, indent: int, line: bool) -> str:
        """A value in a block mapping with keys at a column: all that follows the colon."""
        styles = ["'", '"', '"', "|", "|", ">"]
        is_plain = "\n" not in wording and any(wording == plain for plain in PLAIN)
        style = self.one_of(["", "", ""] if is_plain and self.chance(60) else styles)
        if style in ("|", ">"):
            return self.block(wording, indent, style, line)
        where = self.one_of([" ", " ", " ", "  ", "\n" + " " * (indent + 1)])
        shown = self.inline(wording, style, indent, line, flow=False)
        return f"{where}{self.properties()}{shown}{self.maybe_comment()}\n"

    def inline(self, wording: str, style: str, indent: int, line: bool, flow: bool) -> str:
        """A plain or quoted scalar, at times on several lines."""
        breaks = "\n" + " " * (indent + 2)
        if "\n" in wording or style == '"':
            return '"' + self.escaped(wording, breaks if self.chance(30) else None) + '"'
        if style == "'":
            text = wording.replace("'", "''")
            return "'" + (self.broken(text, breaks) if self.chance(30) else text) + "'"
        return self.broken(wording, breaks) if self.chance(30) and not flow else wording

    def broken(self, text: str, breaks: str) -> str:
        """Folded at single spaces between letters, where no parser sees anything else."""
        return re.sub(r"(?<=\w) (?=\w)", lambda _: breaks if self.chance(40) else " ", text)

    def escaped(self, text: str, breaks: str | None) -> str:
        text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        text = text.replace("\n", "\\n")
        if self.chance(20):
            text = re.sub("[^\x00-\x7f]", lambda match: f"\\U{ord(match[0]):08x}", text)
        return self.broken(text, breaks) if breaks else text

    def block(self, wording: str, indent: int, style: str, line: bool) -> str:
        depth = self.draw(st.integers(1, 4))
        chomping = self.one_of(["", "-", "-", "+"])
        own = ""
        header = f"{style}{chomping}"
        if self.chance(25):
            header = self.one_of([f"{style}{depth}{chomping}", f"{style}{chomping}{depth}"])
            own = self.one_of(["", "", "  "]) if style == "|" and "\n" not in wording else ""
        lines = wording.split("\n") if own else self.lines(wording, style, line)
        pad = " " * (indent + depth)
        body = "".join(f"{pad}{own}{each}\n" if each else "\n" for each in lines)
        where = self.one_of([" ", " ", "  "])
        after = self.one_of(["", "", "", "\n", "\n\n", " \n"])
        return f"{where}{self.properties()}{header}{self.maybe_comment()}\n{body}{after}"

    def lines(self, wording: str, style: str, line: bool) -> list[str]:
        if style == ">":
            if re.search(r"^\s", wording, re.MULTILINE):
                return self.one_line_blocks(wording)
            wording = re.sub(r"\n+", lambda match: match[0] + "\n", wording)
            return self.broken(wording, "\n").split("\n")
        if line or "```" in wording or not self.chance(40):
            return wording.split("\n")
        return re.sub(r"(?<=[a-z]) (?=[a-z])", self.break_or_space, wording).split("\n")

    def break_or_space(self, _: re.Match[str]) -> str:
        return "\n" if self.chance(20) else " "

    def one_line_blocks(self, wording: str) -> list[str]:
        """Something a folded block can say."""
        return [" ".join(wording.split())]

    # ---- texts

    def key(self, name: str) -> str:
        return self.one_of([name, name, name, name, f'"{name}"', f"'{name}'"])

    def text(self, key: str, indent: int, wordings: dict[str, str], line: bool) -> str:
        """A key and the languages under it."""
        pad = " " * indent
        if self.chance(40):
            return f"{pad}{key}: {self.flow(list(wordings.items()), indent, line)}"
        inner = indent + self.draw(st.integers(1, 4))
        return f"{pad}{key}:{self.maybe_comment()}\n" + self.entries(wordings, inner, line)

    def entries(self, wordings: dict[str, str], indent: int, line: bool) -> str:
        pad = " " * indent
        text = ""
        for language, wording in wordings.items():
            text += self.between(indent) + pad
            if self.chance(8):
                text += f"? {language}{self.maybe_comment()}\n{pad}"
            else:
                text += self.key(language)
            text += f":{self.scalar(wording, indent, line)}"
        return text

    def flow(self, entries: list[tuple[str, str]], indent: int, line: bool) -> str:
        """A mapping in braces, with the line's end."""
        gap = "\n" + " " * (indent + 2) if self.chance(30) else ""
        shown = []
        for name, wording in entries:
            styles = ["'", '"'] if name in LANGUAGES else [""]
            if wording in PLAIN and not re.search("[][{},?:]", wording):
                styles = ["", "", "'", '"']
            style = self.one_of(styles)
            value = self.inline(wording, style, indent, line, flow=True)
            key = self.key(name)
            if self.chance(5):
                shown.append(f"? {key} : {value}")
            elif key != name and style == '"' and self.chance(40):
                shown.append(f"{key}:{value}")  # as in JSON
            else:
                shown.append(f"{key}: {self.properties()}{value}")
        if not gap:
            end = self.one_of(["", "", ",", " ", " , "])
            between = self.one_of([", ", ", ", ",", " ,  "])
            return "{" + between.join(shown) + end + "}" + self.maybe_comment() + "\n"
        lines = [f"{gap}{each}" for each in shown]
        comments = [self.one_of(["", "", f" {self.comment()}"]) for _ in shown]
        commas = [","] * (len(shown) - 1) + [self.one_of(["", ","])]
        joined = "".join(
            each + comma + comment
            for each, comma, comment in zip(lines, commas, comments, strict=True)
        )
        return "{" + joined + f"\n{' ' * indent}" + " }" + self.maybe_comment() + "\n"

    def note(self, id: str, number: int, wordings: dict[str, str], indent: int) -> str:
        """An entry of a list whose languages stand beside other keys."""
        pad = " " * indent
        if self.chance(50):
            entries = [("id", id), ("line", str(number)), *wordings.items()]
            return f"{pad}- {self.flow(entries, indent + 2, True)}"
        text = f"id: {id}{self.maybe_comment()}\n{pad}  line: {number}\n"
        return f"{pad}- {text}" + self.entries(wordings, indent + 2, True)


@st.composite
def wordings(draw: st.DrawFn, line: bool) -> dict[str, str]:
    """A wording in some of the languages, in any order."""
    chosen = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True))
    wording = line_wordings() if line else block_wordings()
    return {language: draw(wording) for language in chosen}


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The text of a valid source."""
    source = Source(draw)
    step = draw(st.integers(0, 2))
    inner = step + 2

    def text(key: str, indent: int, line: bool) -> str:
        found = source.text(key, indent, draw(wordings(line)), line)
        return source.between(indent) + found

    parts = [
        draw(st.sampled_from(["", "---\n", "# c0: head\n\n", "%YAML 1.1\n---\n"])),
        "id: any\n",
        "languages: [{id: en, name: English}, {id: pt-BR, name: P},\n",
        '  {id: ko, name: K}, {id: "no", name: N}]\n',
        text("title", 0, True),
        text("description", 0, False),
        "sections:\n" + " " * step + "- id: sec\n",
        text("title", inner, True),
        text("intro", inner, False),
        " " * inner + "items:\n",
    ]
    for number in range(draw(st.integers(1, 2))):
        pad = " " * (inner + step)
        deep = inner + step + 2
        parts += [
            f"{pad}- id: item-{number}\n{pad}  priority: optional\n",
            text("title", deep, True),
            text("why", deep, False),
            f"{pad}  samples:\n{pad}  - id: s\n{pad}    verdict: bad\n",
            f"{pad}    code: |\n{pad}      x = 1  # no comment\n\n{pad}      y: 'z'\n",
            f"{pad}    notes:\n",
            source.note("n1", 1, draw(wordings(True)), deep + 2),
            source.note("n3", 3, draw(wordings(True)), deep + 2),
        ]
    end = draw(st.sampled_from(["", "", "\n", "# c99: end\n", "...\n"]))
    whole = "".join(parts) + end
    return whole.rstrip("\n") if not end and draw(st.integers(0, 9)) == 0 else whole
