"""The service worker of a built site: which files it has, each with its hash.

What the worker does with them is in `assets/sw.js`, and why in ADR 5.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

PLACE: Final = 'JSON.parse("SITE")'
"""What the worker's source has in the place of what it must know of the site."""
NAME: Final = "sw.js"
"""Where the site has its worker; the folder of it is its scope, so it must be the root."""
KINDS: Final = frozenset(
    {".html", ".css", ".js", ".mjs", ".json", ".wasm", ".webmanifest"}
    | {".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico"}
    | {".woff", ".woff2", ".ttf", ".otf"}
)
"""What pages are made of; what a reader downloads, and what is for hosts only, is not kept."""
NOT_FOUND: Final = "404.html"
SEARCH_INDEX: Final = "search/search_index.json"
SEARCH_LANGUAGES: Final = "assets/javascripts/lunr/"
"""Folder of what Material's search loads for the languages of the index, and of much more."""


def worker(source: str, site: Path, languages: Sequence[str]) -> str:
    """The text of the worker: the same for the same site and source.

    Args:
        source: of the worker, with `PLACE` in it.
        site: folder of the built site.
        languages: those that have a folder of their own in it.
    """
    shared: dict[str, str] = {}
    pages: dict[str, dict[str, str]] = {language: {} for language in ["", *languages]}
    for path in _kept(site):
        folder = path.partition("/")[0]
        language = folder if folder in languages else ""
        of_language = language or path.endswith(".html")
        group = pages[language] if of_language else shared
        group[_address(path)] = _hash((site / path).read_bytes())
    build = _hash(json.dumps([source, shared, pages]).encode())
    known = {"build": build, "shared": shared, "pages": list(pages.values())}
    before, after = source.split(PLACE)
    return before + json.dumps(known, separators=(",", ":")) + after


def _kept(site: Path) -> Iterator[str]:
    """Paths of the files that pages need, below the site's folder."""
    search = _search_parts(site)
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site).as_posix()
        if file.suffix not in KINDS or file.name == NOT_FOUND or path == NAME:
            continue
        if any(part.startswith(".") for part in path.split("/")):
            continue
        if path.startswith(SEARCH_LANGUAGES) and path not in search:
            continue
        yield path


def _search_parts(site: Path) -> frozenset[str]:
    """What the worker of Material's search loads beside itself."""
    index = site / SEARCH_INDEX
    if not index.is_file():
        return frozenset()
    languages = json.loads(index.read_text("utf-8"))["config"]["lang"]
    names = {f"min/lunr.{each}.min.js" for each in (*languages, "stemmer.support", "multi")}
    if "ja" in languages:
        names.add("tinyseg.js")
    if not {"hi", "th"}.isdisjoint(languages):
        names.add("wordcut.js")
    return frozenset(SEARCH_LANGUAGES + name for name in names)


def _address(path: str) -> str:
    """Where the site has a file, as links spell it."""
    folder, _, name = path.rpartition("/")
    if name == "index.html":
        return quote(f"{folder}/") if folder else ""
    return quote(path)


def _hash(content: bytes) -> str:
    """Eight characters of a SHA-256, which the worker makes the same way."""
    return base64.b64encode(hashlib.sha256(content).digest()[:6]).decode()
