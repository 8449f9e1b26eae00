"""A built site, as tests look at it: its files, its pages, its address."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser as HTMLParser

PREFIX = "/lists/"
"""The path sites are served below, so that a link that forgets it breaks."""


def build(project: Path, target: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build a project strictly."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=project,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Site:
    """A built site and where it is served."""

    root: Path
    url: str
    """Ends in a slash."""
    languages: tuple[str, ...]
    """The first is the source language, which lies at the root."""

    @cached_property
    def pages(self) -> dict[str, HTMLParser]:
        """Every HTML file by its path below the root."""
        return {
            path.relative_to(self.root).as_posix(): HTMLParser(path.read_bytes())
            for path in sorted(self.root.rglob("*.html"))
        }

    def prefix(self, language: str) -> str:
        """The folder of a language."""
        return "" if language == self.languages[0] else f"{language}/"

    def language_of(self, path: str) -> str:
        """The language of a page."""
        folder = path.partition("/")[0]
        return folder if folder in self.languages[1:] else self.languages[0]

    def in_all_languages(self, path: str) -> list[HTMLParser]:
        """A page of the source language, and the same in the others."""
        return [self.pages[self.prefix(language) + path] for language in self.languages]

    def file_of(self, url: str) -> Path | None:
        """The file that an address within the site leads to; `None` outside of it."""
        if not url.startswith(self.url):
            return None
        path = unquote(urlsplit(url).path).removeprefix(PREFIX)
        file = self.root / path
        return file / "index.html" if path.endswith("/") or not path else file


@contextmanager
def served_site(project: Path, target: Path, languages: tuple[str, ...]) -> Iterator[Site]:
    """Build a project for the address it is then served at."""
    handler = partial(_Handler, directory=str(target))
    with _Server(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}{PREFIX}"
        built = build(project, target, SITE_URL=url)
        assert built.returncode == 0, built.stderr
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Site(target, url, languages)
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Takes a browser that hangs up for what it is."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the site below the prefix, and the nearest 404 page as hosts do."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def translate_path(self, path: str) -> str:
        if not path.startswith(PREFIX):
            return super().translate_path("/outside-the-site")
        return super().translate_path("/" + path.removeprefix(PREFIX))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        folder = self.path.removeprefix(PREFIX).partition("/")[0]
        root = Path(self.directory)
        candidates = (root / folder / "404.html", root / "404.html")
        page = next((path for path in candidates if path.is_file()), None)
        if code != 404 or page is None:
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests print what matters themselves."""
