"""The service worker: a whole build of the site without a network, and never parts of two.

Everything a page loads in these builds tells which build it is of, so that a page can be asked
whose parts it has. The host is like those of static sites: it lets browsers keep a file for ten
minutes, compares by ETag, and can be given another build, or unplugged.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import rjsmin
from playwright.sync_api import BrowserContext, Error, Page, expect

from checklist import offline
from checklist.plugin import PACKAGE
from tests.browser.conftest import OpenContext
from tests.conftest import SMALL
from tests.site import PREFIX, build

Answer = tuple[int, bytes]

MARKS = {
    ".html": "<script>(window.builds ??= []).push('{build}')</script>",
    ".js": "\n;(globalThis.builds ??= []).push('{build}');",
    ".mjs": "\n;(globalThis.builds ??= []).push('{build}');",
    ".css": "\n:root {{ --{build}: 1 }}",
    ".json": "\n{blank}",
}
"""What is appended to a file, so that it tells its build."""


class Host:
    """Serves a folder below a path, and beside it a neighbour."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.asked: list[str] = []
        """Paths of the requests, below the site's."""
        self.watch: Callable[[str], None] = lambda path: None
        """Called with each path before it is answered."""
        self.change: Callable[[str, bytes], bytes] = lambda path, body: body
        """What is done to a body on its way."""
        self.max_age = 600
        """Seconds for which browsers need not ask again."""
        self.trouble = False
        """Whether it answers everything with an error of its own."""
        self.plug()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    def plug(self) -> None:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = host.answer(unquote(urlsplit(self.path).path))
                tag = f'"{hashlib.sha256(body).hexdigest()}"'
                if status == 200 and self.headers["If-None-Match"] == tag:
                    status, body = 304, b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", content_type(urlsplit(self.path).path))
                self.send_header("Cache-Control", f"max-age={host.max_age}")
                self.send_header("ETag", tag)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A browser that hangs up is no fault."""

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def unplug(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, path: str) -> Answer:
        if path == "/neighbour/sw.js":
            return 200, b""
        if not path.startswith(PREFIX):
            return 200, b"<!doctype html><title>Neighbour</title>"
        path = path.removeprefix(PREFIX)
        self.asked.append(path)
        self.watch(path)
        if self.trouble:
            return 503, b"<!doctype html><title>Later</title>"
        file = self.folder / path
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return 404, (self.folder / "404.html").read_bytes()
        return 200, self.change(path, file.read_bytes())


def content_type(path: str) -> str:
    suffix = Path(path).suffix
    if suffix == ".mjs":
        return "text/javascript"
    return (suffix and guess_type(path)[0]) or "text/html; charset=utf-8"


def mark(folder: Path, name: str) -> None:
    """Make every file of a build one of its own, and the worker that of them."""
    for file in folder.rglob("*"):
        if pattern := MARKS.get(file.suffix):
            blank = " " * len(name)
            with file.open("a", encoding="utf-8") as stream:
                stream.write(pattern.format(build=name, blank=blank))
    source = rjsmin.jsmin((PACKAGE / "assets/sw.js").read_text("utf-8"))
    (folder / "sw.js").write_text(offline.worker(source, folder, ["fr"]), "utf-8")


@pytest.fixture(scope="module", name="builds")
def builds_of_the_site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Builds `one` and `three`; one without a worker."""
    root = tmp_path_factory.mktemp("offline")
    shutil.copytree(SMALL, root / "project")
    config = root / "project/mkdocs.yml"
    text = config.read_text("utf-8").replace("plugins:\n", "plugins:\n  - search\n")
    config.write_text(text, "utf-8")
    done = build(root / "project", root / "built", SITE_URL=f"http://127.0.0.1{PREFIX}")
    assert done.returncode == 0, done.stderr
    for name in ("one", "three"):
        shutil.copytree(root / "built", root / name)
        mark(root / name, name)
    text = text.replace("source: checklist.yaml", "source: checklist.yaml\n      offline: false")
    config.write_text(text, "utf-8")
    done = build(root / "project", root / "none", SITE_URL=f"http://127.0.0.1{PREFIX}")
    assert done.returncode == 0, done.stderr
    mark(root / "none", "none")
    (root / "none/sw.js").unlink()
    return {name: root / name for name in ("one", "three", "none")}


@pytest.fixture(name="host")
def host_of_the_first_build(builds: dict[str, Path]) -> Iterator[Host]:
    host = Host(builds["one"])
    yield host
    host.unplug()


@pytest.fixture(name="context")
def context_with_workers(new_context: OpenContext) -> BrowserContext:
    context = new_context(service_workers="allow")
    context.set_default_timeout(30_000)
    return context


def wait_until(page: Page, condition: str) -> None:
    """Wait for a condition in the page that has to be awaited."""
    page.evaluate(
        """async (condition) => {
            const holds = new Function(`return (${condition})`);
            for (let tries = 0; tries < 200; tries++) {
                if (await holds()) return;
                await new Promise((done) => setTimeout(done, 50));
            }
            throw new Error(`${condition} did not come to pass`);
        }""",
        condition,
    )


def visit(page: Page, url: str) -> None:
    """Open a page and wait until the worker that it may get is at work."""
    page.goto(url)
    wait_until(page, "navigator.serviceWorker.getRegistration().then((it) => !!it?.active)")


def wait_for_next_build(page: Page) -> None:
    wait_until(page, "navigator.serviceWorker.getRegistration().then((it) => !!it.waiting)")


def builds_of(page: Page) -> set[str]:
    """The builds of the page and of everything it has loaded, late parts too."""
    page.wait_for_function("document.readyState === 'complete' && window.builds")
    page.wait_for_timeout(200)
    seen = page.evaluate(
        """() => [
            ...window.builds,
            ...[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
                .flatMap((rule) => [...(rule.selectorText === ":root" ? rule.style : [])])
                .map((name) => name.slice(2))
                .filter((name) => ["one", "three", "none"].includes(name)),
        ]"""
    )
    assert len(seen) >= 5, seen
    return set(seen)


def build_of_part(page: Page) -> str:
    """The build of what the page gets when it asks for a part of it."""
    text: str = page.evaluate(
        "fetch(document.querySelector('script[data-code]').src).then((answer) => answer.text())"
    )
    return text.rpartition("push('")[2].partition("'")[0]


def without_patience(path: str, body: bytes) -> bytes:
    """A worker that does not give up after a time, so that it has to see that nothing comes."""
    patience = b"setTimeout(leave, 5000)"
    assert path != "sw.js" or patience in body
    return body.replace(patience, b"0")


def language_is_kept(page: Page, folder: str) -> bool:
    """Whether the cache has all seven pages of a language."""
    count: int = page.evaluate(
        """async (start) => {
            const [name] = await caches.keys();
            const urls = (await (await caches.open(name)).keys()).map(({url}) => url);
            return urls.filter((url) => url.startsWith(start) && url.endsWith("/")).length;
        }""",
        folder,
    )
    return count == 7


def wait_for_language(page: Page, folder: str) -> None:
    for _ in range(200):
        if language_is_kept(page, folder):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{folder} is not kept")


def caches_of(page: Page) -> list[str]:
    """The names of all caches of the origin."""
    names: list[str] = page.evaluate("caches.keys()")
    return names


def is_controlled(page: Page) -> bool:
    controlled: bool = page.evaluate("!!navigator.serviceWorker.controller")
    return controlled


def has_worker(page: Page) -> bool:
    there: bool = page.evaluate(
        "navigator.serviceWorker.getRegistration().then((it) => !!it?.active)"
    )
    return there


def faults_of(page: Page) -> list[str]:
    """What goes wrong in the page from now on, as its console has it."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda entry: faults.append(entry.text) if entry.type == "error" else None)
    return faults


def test_after_one_visit_every_page_of_its_language_opens_without_a_network(
    context: BrowserContext, host: Host
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.unplug()
    context.set_offline(True)
    for path in ("", "checklist/", "checklist/bremsen/", "print/", "resources/"):
        for address in (path, path + "?state=todo#x", path + "index.html"):
            page.goto(host.url + address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert builds_of(page) == {"one"}
    host.plug()


def test_ticks_and_the_search_work_without_a_network(context: BrowserContext, host: Host) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.locator('[data-item="belag-pruefen"]').check()
    host.unplug()
    context.set_offline(True)
    page.goto(host.url + "checklist/antrieb/")
    page.locator('[data-item="licht"]').check()
    page.goto(host.url + "print/")
    expect(page.locator('[data-item="belag-pruefen"]')).to_be_checked()
    expect(page.locator('[data-item="licht"]')).to_be_checked()
    field = page.locator(".md-search__input")
    field.click()
    field.press_sequentially("Bremsen")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    host.plug()


def test_a_language_is_kept_when_it_is_visited_and_not_before(
    context: BrowserContext, host: Host
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    assert language_is_kept(page, host.url + "checklist/") is False
    assert not [path for path in host.asked if path.startswith("fr/")]
    host.unplug()
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto(host.url + "fr/checklist/")
    page.wait_for_url("chrome-error:**")
    page.goto(host.url + "checklist/")
    assert builds_of(page) == {"one"}
    host.plug()
    page.goto(host.url + "fr/checklist/")
    assert builds_of(page) == {"one"}
    wait_for_language(page, host.url + "fr/")
    host.unplug()
    page.goto(host.url + "fr/print/")
    assert builds_of(page) == {"one"}
    host.plug()


def test_a_first_visit_in_another_language_keeps_that_one(
    context: BrowserContext, host: Host
) -> None:
    page = context.new_page()
    visit(page, host.url + "fr/")
    assert language_is_kept(page, host.url + "fr/")
    assert {path for path in host.asked if path.startswith("checklist/")} == set()


def test_a_deploy_shows_at_the_second_navigation_and_whole(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.folder = builds["three"]
    page.goto(host.url + "checklist/")
    assert builds_of(page) == {"one"}
    wait_for_next_build(page)
    page.goto(host.url + "print/?state=todo#bremsen")
    assert builds_of(page) == {"three"}
    assert is_controlled(page)
    assert page.url == host.url + "print/?state=todo#bremsen"
    assert len(caches_of(page)) == 1
    page.go_back()
    assert builds_of(page) == {"three"}
    assert page.url == host.url + "checklist/"
    host.unplug()
    page.goto(host.url + "checklist/bremsen/")
    assert builds_of(page) == {"three"}
    host.plug()


def test_the_next_build_keeps_the_same_languages_and_asks_for_what_is_new_only(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.goto(host.url + "fr/")
    wait_for_language(page, host.url + "fr/")
    page.goto(host.url + "checklist/")
    host.folder = builds["three"]
    host.asked.clear()
    page.goto(host.url + "checklist/")
    wait_for_next_build(page)
    assert "fr/print/" in host.asked
    assert "assets/images/favicon.png" not in host.asked  # the same in both builds
    page.goto(host.url)
    assert builds_of(page) == {"three"}
    host.unplug()
    page.goto(host.url + "fr/print/")
    assert builds_of(page) == {"three"}
    host.plug()


@pytest.mark.parametrize("delay", [0, 250, 1000])
def test_tabs_that_are_opened_while_the_next_build_takes_over_are_whole(
    context: BrowserContext, host: Host, builds: dict[str, Path], delay: int
) -> None:
    first = context.new_page()
    visit(first, host.url + "checklist/")
    host.folder = builds["three"]
    first.goto(host.url + "checklist/")
    wait_for_next_build(first)
    second, third = context.new_page(), context.new_page()
    first.evaluate("void setTimeout(() => (location.href = '../print/'))")
    first.wait_for_timeout(delay)
    second.goto(host.url + "checklist/bremsen/", wait_until="commit")
    third.goto(host.url + "resources/", wait_until="commit")
    seen = [builds_of(page) for page in (first, second, third)]
    first.wait_for_timeout(2000)
    assert [builds_of(page) for page in (first, second, third)] == seen
    assert [len(each) for each in seen] == [1, 1, 1]
    assert len(set.union(*seen)) == 1
    assert [{build_of_part(page)} for page in (first, second, third)] == seen


def test_a_next_build_that_does_not_take_over_does_not_hold_up_the_reader(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    host.max_age = 0  # else the browser itself keeps parts of the old build
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.folder = builds["three"]
    host.change = lambda path, body: body.replace(b"worker.skipWaiting()", b"0")
    page.goto(host.url + "checklist/")
    wait_for_next_build(page)
    page.goto(host.url + "print/#bremsen")
    assert builds_of(page) == {"three"}
    assert not is_controlled(page)
    assert page.url == host.url + "print/#bremsen"


def test_a_deploy_shows_at_once_when_the_site_was_closed_meanwhile(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.folder = builds["three"]
    page.goto(host.url + "checklist/")
    wait_for_next_build(page)
    page.close()
    page = context.new_page()
    page.goto(host.url + "checklist/")
    assert builds_of(page) == {"three"}


def test_a_deploy_waits_while_another_tab_shows_the_old_build(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    first = context.new_page()
    visit(first, host.url + "checklist/")
    second = context.new_page()
    second.goto(host.url + "print/")
    host.folder = builds["three"]
    first.goto(host.url + "checklist/")
    wait_for_next_build(first)
    for path in ("print/", "checklist/bremsen/", "checklist/"):
        first.goto(host.url + path)
        assert builds_of(first) == {"one"}
    assert build_of_part(second) == "one"
    second.close()
    first.goto(host.url + "print/")
    assert builds_of(first) == {"three"}


def test_a_link_opened_in_a_new_tab_is_of_the_build_of_the_tab_it_is_in(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    first = context.new_page()
    visit(first, host.url + "checklist/")
    host.folder = builds["three"]
    first.goto(host.url + "checklist/")
    wait_for_next_build(first)
    with context.expect_page() as opened:
        first.evaluate("void open('../print/', '_blank', 'noopener')")
    second = opened.value
    assert builds_of(second) == {"one"}
    first.wait_for_timeout(1500)  # time enough for the next build to take over, if it would
    assert build_of_part(first) == "one"


@pytest.mark.parametrize("after", [1, 5, 10, 18])
def test_a_deploy_during_the_first_visit_is_never_kept_in_part(
    context: BrowserContext, host: Host, builds: dict[str, Path], after: int
) -> None:
    began: list[str] = []

    def swap(path: str) -> None:
        if path == "sw.js" or began:
            began.append(path)
        if len(began) == after:
            host.folder = builds["three"]

    host.watch = swap
    page = context.new_page()
    page.goto(host.url + "checklist/")
    for _ in range(200):
        if len(began) < after:
            page.wait_for_timeout(50)
    assert len(began) >= after
    state = page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            const worker = registration?.installing ?? registration?.active;
            while (worker?.state === "installing") {
                await new Promise((done) => setTimeout(done, 20));
            }
            return worker?.state ?? "redundant";
        }"""
    )
    if state == "redundant":
        assert caches_of(page) == []
    for _ in range(2):  # the first may be what the host has, the second is whole in any case
        page.goto(host.url + "checklist/")
        if is_controlled(page):
            assert len(builds_of(page)) == 1
    for _ in range(10):  # a worker that found no page open keeps the language from the next one on
        visit(page, host.url + "checklist/")
        if language_is_kept(page, host.url):
            break
        page.wait_for_timeout(300)
    host.unplug()
    page.goto(host.url + "print/")
    assert len(builds_of(page)) == 1
    host.plug()


def test_an_update_that_fails_leaves_the_old_build_alone(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    before = caches_of(page)
    host.folder = builds["three"]
    host.change = lambda path, body: body + b" " if path == "print/" else body
    state = page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            await registration.update();
            const worker = registration.installing;
            while (worker.state === "installing") {
                await new Promise((done) => setTimeout(done, 20));
            }
            return worker.state;
        }"""
    )
    assert state == "redundant"
    assert caches_of(page) == before
    for path in ("print/", "checklist/"):
        page.goto(host.url + path)
        assert builds_of(page) == {"one"}


def test_a_language_not_kept_comes_whole_after_a_deploy(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.folder = builds["three"]
    address = host.url + "fr/checklist/?state=todo#freins"
    page.goto(address)
    assert builds_of(page) == {"three"}
    assert page.url == address
    assert is_controlled(page)
    host.unplug()
    page.goto(host.url + "fr/print/")
    assert builds_of(page) == {"three"}
    host.plug()


def test_a_language_not_kept_comes_whole_beside_a_tab_of_the_old_build(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.close()  # and with it what the browser keeps for pages of one process
    old, page = context.new_page(), context.new_page()
    old.goto(host.url + "print/")
    page.goto(host.url + "checklist/")
    page.wait_for_timeout(2000)  # for the look for a new build, which would fetch its parts
    host.folder = builds["three"]
    address = host.url + "fr/checklist/?state=todo#freins"
    page.goto(address)
    assert builds_of(page) == {"three"}
    assert page.url == address
    assert not is_controlled(page)
    assert build_of_part(old) == "one"


def test_a_language_that_the_host_rewrites_comes_without_a_worker(
    context: BrowserContext, host: Host
) -> None:
    host.change = lambda path, body: (
        body + b"<!-- x -->" if path.startswith("fr/") else without_patience(path, body)
    )
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.goto(host.url + "fr/checklist/")
    assert builds_of(page) == {"one"}
    assert not is_controlled(page)
    page.wait_for_timeout(500)
    assert not has_worker(page)


@pytest.mark.parametrize("path", ["new/", "nothing/here/"])
def test_a_page_the_old_build_does_not_have_gets_nothing_of_it(
    context: BrowserContext, host: Host, builds: dict[str, Path], path: str, tmp_path: Path
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.goto(host.url + "checklist/")  # so that the browser has what the worker gave
    host.folder = tmp_path / "site"
    shutil.copytree(builds["three"], host.folder)
    shutil.copytree(host.folder / "print", host.folder / "new")
    # The 404 page has absolute addresses, so it has the parts of the site as well.
    page.goto(host.url + path)
    assert is_controlled(page)
    assert builds_of(page) == {"three"}


def test_a_part_of_another_build_is_refused(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.goto(host.url + "checklist/")
    host.folder = builds["three"]
    page.evaluate(
        """async (url) => {
            const [name] = await caches.keys();
            await (await caches.open(name)).delete(url);
        }""",
        host.url + "assets/checklist/checklist.mjs",
    )
    with pytest.raises(Error, match="Failed to fetch"):
        build_of_part(page)


def test_a_server_in_trouble_does_not_end_what_is_kept(context: BrowserContext, host: Host) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.trouble = True
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto(host.url + "fr/checklist/")
    page.wait_for_url("chrome-error:**")
    page.goto(host.url + "print/")
    assert is_controlled(page)
    assert builds_of(page) == {"one"}
    page.wait_for_timeout(1000)
    assert has_worker(page)
    assert len(caches_of(page)) == 1


def test_what_others_have_on_the_origin_is_left_alone(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    host.max_age = 0
    page = context.new_page()
    neighbour = f"http://127.0.0.1:{host.port}/neighbour/"
    page.goto(neighbour)
    theirs = ["checklist:/:12345678", "checklist:/lists/x/:12345678", "own"]
    page.evaluate(
        """async (names) => {
            localStorage.setItem("theirs", "kept");
            for (const name of names) await (await caches.open(name)).put("x", new Response("x"));
            await navigator.serviceWorker.register("sw.js");
        }""",
        theirs,
    )
    visit(page, host.url + "checklist/")
    assert len(caches_of(page)) == len(theirs) + 1
    host.folder = builds["three"]
    page.goto(host.url + "checklist/")
    wait_for_next_build(page)
    page.goto(host.url + "print/")
    assert builds_of(page) == {"three"}
    assert len(caches_of(page)) == len(theirs) + 1
    host.folder = builds["none"]
    page.goto(host.url + "checklist/")
    page.wait_for_function("!navigator.serviceWorker.controller && window.builds")
    assert builds_of(page) == {"none"}
    assert sorted(caches_of(page)) == sorted(theirs)
    assert page.evaluate("localStorage.getItem('theirs')") == "kept"
    page.goto(neighbour)
    assert has_worker(page)


def test_a_build_without_a_worker_takes_the_old_one_away(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    host.max_age = 0  # else the browser itself keeps parts of the old build
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.locator('[data-item="belag-pruefen"]').check()
    host.folder = builds["none"]
    page.goto(host.url + "print/?state=todo#bremsen")
    page.wait_for_function("!navigator.serviceWorker.controller && window.builds")
    assert builds_of(page) == {"none"}
    assert page.url == host.url + "print/?state=todo#bremsen"
    assert not has_worker(page)
    assert caches_of(page) == []
    expect(page.locator('[data-item="belag-pruefen"]')).to_be_checked()


def test_a_page_without_a_worker_takes_away_what_an_old_build_left(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    host.max_age = 0  # else the browser itself keeps parts of the old build
    host.change = without_patience
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.folder = builds["none"]
    faults = faults_of(page)
    page.goto(host.url + "fr/print/")  # not kept, so it comes from the host
    assert builds_of(page) == {"none"}
    wait_until(page, "caches.keys().then((names) => names.length === 0)")
    assert not has_worker(page)
    assert faults == []


def test_without_a_network_nothing_is_taken_away(context: BrowserContext, host: Host) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    host.unplug()
    page.goto(host.url + "print/")
    page.wait_for_timeout(1000)
    assert has_worker(page)
    assert len(caches_of(page)) == 1
    host.plug()


def test_a_host_that_rewrites_pages_means_no_worker_and_no_fault(
    context: BrowserContext, host: Host
) -> None:
    host.change = lambda path, body: body + b"<!-- x -->" if body.startswith(b"\n<!d") else body
    page = context.new_page()
    faults = faults_of(page)
    for path in ("checklist/", "print/", "fr/"):
        page.goto(host.url + path)
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert builds_of(page) == {"one"}
    assert not has_worker(page)
    assert caches_of(page) == []
    assert faults == []
    assert host.asked.count("sw.js") >= 3


def test_no_fault_where_workers_are_not_to_be_had(new_context: OpenContext, host: Host) -> None:
    """In a sandbox, even asking for them throws."""
    page = new_context(service_workers="allow").new_page()
    faults = faults_of(page)
    page.goto(f"http://127.0.0.1:{host.port}/neighbour/")
    page.evaluate(
        """(url) => new Promise((done) => {
            const frame = document.createElement("iframe");
            frame.sandbox = "allow-scripts";
            frame.onload = done;
            frame.src = url;
            document.body.append(frame);
        })""",
        host.url + "checklist/",
    )
    page.wait_for_timeout(500)
    # The script ran, which in a sandbox other sites' scripts may do as well.
    expect(page.frame_locator("iframe").locator(".md-dialog__inner")).to_have_role("status")
    assert [each for each in faults if "orker" in each or "aches" in each] == []


def test_a_navigation_that_was_called_off_does_not_hold_up_the_next_build(
    context: BrowserContext, host: Host, builds: dict[str, Path]
) -> None:
    page = context.new_page()
    visit(page, host.url + "checklist/")
    page.goto(host.url + "checklist/")
    page.evaluate(
        """() => {
            location.href = "../print/";
            // Long enough for the answer, which a busy page cannot take.
            for (const end = Date.now() + 300; Date.now() < end; );
            stop();
        }"""
    )
    page.wait_for_timeout(100)
    assert page.url == host.url + "checklist/"
    host.folder = builds["three"]
    page.goto(host.url + "checklist/")
    wait_for_next_build(page)
    page.goto(host.url + "print/")
    assert builds_of(page) == {"three"}
    assert is_controlled(page)


def test_query_and_fragment_go_along_to_another_language(
    context: BrowserContext, host: Host
) -> None:
    page = context.new_page()
    page.goto(host.url + "resources/?state=done#x")
    link = page.locator(".md-select__link[lang=fr]")
    page.locator(".md-select > button").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(link).to_have_attribute("href", host.url + "fr/resources/?state=done#x")
    page.evaluate("history.replaceState(null, '', '?state=todo')")
    page.mouse.move(5, 5)
    link.hover()
    expect(link).to_have_attribute("href", host.url + "fr/resources/?state=todo")
    page.evaluate("history.replaceState(null, '', '?state=na#y')")
    link.click()
    expect(page).to_have_url(host.url + "fr/resources/?state=na#y")


def test_the_minified_style_says_the_same(page: Page, host: Host, builds: dict[str, Path]) -> None:
    page.goto(host.url)
    # White space in the value of a custom property is kept as written, and says nothing.
    rules = """(text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return [...sheet.cssRules].map((rule) => rule.cssText.replace(/([,:]) +/g, "$1"));
    }"""
    written = (PACKAGE / "assets/checklist.css").read_text("utf-8")
    served = (builds["one"] / "assets/checklist/checklist.css").read_text("utf-8")
    assert len(served) < len(written)
    *rest, own_mark = page.evaluate(rules, served)
    assert rest == page.evaluate(rules, written)
    assert "one" in own_mark
