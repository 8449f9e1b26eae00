"""Does every link into the subject's documentation go to a heading that is there?

What is there is known offline, from a list of the pages and their anchors. A browser that does not
find an anchor shows the top of the page and says nothing, so nobody would notice otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from difflib import get_close_matches
from html import unescape
from typing import Final
from urllib.parse import unquote, urlsplit

from checklist.checks.addresses import addresses_of, fault_of
from checklist.model import Address, Checklist
from checklist.problems import Problem

INDEX: Final = "index.html"
"""The page that a server shows for a folder."""


def check_anchors(
    checklist: Checklist, anchors: Mapping[str, Set[str]], others: Iterable[Address] = ()
) -> Iterator[Problem]:
    """Links to pages or anchors that the documentation does not have.

    Args:
        checklist: the checklist; without `subject.docs` no link is looked at.
        anchors: the anchors of each page, by its path below `subject.docs`.
        others: addresses that stand outside of the checklist.
    """
    docs = checklist.subject and checklist.subject.docs
    if not docs or fault_of(docs):
        return
    for address in (*addresses_of(checklist), *others):
        target = _target(address.url, docs)
        if target and (message := _fault(*target, anchors)):
            yield Problem(address.place, "unknown-anchor", message)


def _target(url: str, docs: str) -> tuple[str, str] | None:
    """Page and anchor of an address, or `None` if it is not below the documentation."""
    url = unescape(url)
    if fault_of(url):
        return None  # a problem already
    link, root = urlsplit(url), urlsplit(docs)
    folder = unquote(root.path).rstrip("/") + "/"
    path = unquote(link.path)
    if link.netloc.lower() != root.netloc.lower() or not f"{path}/".startswith(folder):
        return None
    return path[len(folder) :], unquote(link.fragment)


def _fault(page: str, anchor: str, anchors: Mapping[str, Set[str]]) -> str | None:
    if page not in anchors and (not page or page.endswith("/")):
        page += INDEX
    if page not in anchors:
        return f"the list of anchors has no page '{page}'; {_remedy(page, anchors)}"
    if anchor and anchor not in anchors[page]:
        return f"'{page}' has no anchor '{anchor}'; {_remedy(anchor, anchors[page])}"
    return None


def _remedy(name: str, known: Iterable[str]) -> str:
    # Sorted, as the order of a set differs from run to run and that of equals would too.
    near = get_close_matches(name, sorted(known), n=1)
    return f"did you mean '{near[0]}'?" if near else "correct it, or make the list of anchors anew"
