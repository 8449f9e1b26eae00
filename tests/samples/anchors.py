"""Lists the anchors of a documentation that Sphinx has built as HTML.

    python -m tests.samples.anchors HTMLDIR OUT

`scripts/anchors` calls it. The list is for checks of links, so it has what somebody would link to
and expect to find again in the next release.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from selectolax.lexbor import LexborHTMLParser as HTMLParser

PAGES: Final = re.compile(
    r"""(?:
        (?:index|faq|glossary) | (?:userguide|getting-started|django|tutorials)/.*
        | history/whatsnew-5\..*
        | reference/(?:index|cli|celery)
        | reference/celery\.(?:app|beat|contrib|exceptions|result|schedules|security|signals|states)
          (?:\..*)?
    )\.html""",
    re.VERBOSE,
)
"""The pages for those who use Celery: a good 150 of 500 kB.

The rest is the code of its modules (80 kB), its internals (120 kB) and the reference of what runs
inside workers (70 kB), none of which an application calls, and old news (60 kB).
"""
BODY: Final = "div.body[role=main]"
"""The text of a page, without search box, navigation and donations."""
POSITIONAL: Final = re.compile(r"(?:id|index-)\d+")
"""Anchors that Sphinx only numbers: the next edit of the page makes them go elsewhere."""


def main(html: Path, out: Path) -> None:
    """Write the list of a folder of HTML pages to a file."""
    entries = sorted(entry for path in html.rglob("*.html") for entry in _entries(path, html))
    if not entries:
        sys.exit(f"{html} has no page of a documentation")
    head = f"# Pages and anchors of the documentation of Celery {_version(html)}: scripts/anchors"
    out.write_text("\n".join([head, *entries, ""]), "utf-8")
    print(f"{len(entries)} entries in {out}")


def _entries(path: Path, html: Path) -> Iterator[str]:
    page = path.relative_to(html).as_posix()
    body = HTMLParser(path.read_text("utf-8")).css_first(BODY)
    if body is None or not PAGES.fullmatch(page):
        return
    yield page
    found = {node.attributes["id"] for node in body.css("[id]")}
    found |= {node.attributes["name"] for node in body.css("a[name]")}
    yield from (f"{page}#{each}" for each in found if each and not POSITIONAL.fullmatch(each))


def _version(html: Path) -> str:
    options = (html / "_static/documentation_options.js").read_text("utf-8")
    found = re.search(r"VERSION: '([^']+)'", options)
    if found is None:
        sys.exit(f"{html} does not say of which version it is")
    return found[1]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tests.samples.anchors HTMLDIR OUT")
    main(*map(Path, sys.argv[1:]))
