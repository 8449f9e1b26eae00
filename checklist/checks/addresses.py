"""Is every address one that a browser could open?

Only the syntax is looked at, offline. It matters early: an address such as
`http://[::1/x` stops MkDocs with a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from checklist.checks.markup import prose_of
from checklist.model import Address, Checklist, Phrase
from checklist.problems import Problem

_LINK: Final = re.compile(r"\]\(\s*<?([^)\s>]*)")
_AUTOLINK: Final = re.compile(r"(?<!\()(?<!\( )<([A-Za-z][A-Za-z0-9+.-]*:[^\s>]*)>")
_EXECUTED: Final = re.compile(r"(?:javascript|data|vbscript):", re.IGNORECASE)


def check_addresses(checklist: Checklist) -> Iterator[Problem]:
    """Addresses of resources, documentation and links in texts that are not valid."""
    for address in addresses_of(checklist):
        if _EXECUTED.match(unescape(address.url)):
            message = f"'{address.url}' would run in the reader's browser; link a web page"
            yield Problem(address.place, "unsafe-link", message)
        elif fault := fault_of(address.url):
            message = f"'{address.url}' is not a web address: {fault}; correct it"
            yield Problem(address.place, "invalid-url", message)


def addresses_of(checklist: Checklist) -> Iterator[Address]:
    """Every address in a checklist, valid or not, those in texts too."""
    yield from checklist.addresses
    for text in checklist.texts:
        for phrase in text.phrases.values():
            yield from _links(phrase)


def fault_of(address: str) -> str | None:
    """What is wrong with a web address, or `None`.

    The rules are those of RFC 3986 as far as `urllib` applies them, with
    `http` and `https` as the only schemes and no white space.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port  # raises if it is no number
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("http", "https"):
        return "it must begin with https:// or http://"
    if not host:
        return "it has no host"
    if re.search(r"\s", address):
        return "it contains white space"
    return None


def _links(phrase: Phrase) -> Iterator[Address]:
    prose = prose_of(phrase.text)
    for link in (_LINK, _AUTOLINK):
        for match in link.finditer(prose):
            yield Address(match[1], phrase.place_at(match.start(1)))
