"""Out of the browser and back: files, the clipboard and shared links, as a reader uses them.

What the pure functions behind it make of any input is in `test_transfer.py`.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import Dialog, FilePayload, Locator, Page, Request, expect

from checklist.load import load
from tests.browser.conftest import OpenContext
from tests.browser.test_transfer import HOSTILE, rendered
from tests.conftest import ROOT
from tests.site import Site

KEY = "checklist:celery-tasks"
SMALL_KEY = "checklist:fahrrad"
DAY = "2026-11-26"
ASSETS = ROOT / "checklist/assets"
ALL, _ = load(ROOT / "checklist/content/celery.yaml")
assert ALL
ITEMS = {item.id: item for item in ALL.items}
SECTIONS = {item.id: section.id for section in ALL.sections for item in section.items}

Items = dict[str, dict[str, str]]

STATES: Items = {
    "cap-retries": {"state": "done", "note": "Five at most,\n- see #12"},
    "rabbitmq-quorum-queues": {"state": "na", "reason": "We use Redis"},
    "single-beat": {"state": "risk", "reason": "Until March | spring", "note": "*Ana* knows"},
    "io-timeouts": {"state": "todo", "note": "=1+1"},
    "of-last-year": {"state": "done", "note": "still true"},
}
"""One has a note alone, and one is no longer in the checklist."""
OWN: Items = {"time-limits": {"state": "done", "note": "mine"}, "cap-retries": {"state": "na"}}
"""What someone has who opens a link."""


# ---- a reader


def stored(items: Items, name: str = "shop") -> str:
    """What is in storage when a project has these items."""
    entries = {id: {"rev": 1, "day": DAY} | facts for id, facts in items.items()}
    projects = {"main": {"name": name, "rev": 1, "items": entries}}
    store = {"version": 2, "rev": 1, "current": "main", "projects": projects, "history": []}
    return json.dumps(store)


Open = Callable[..., Page]


@pytest.fixture(name="open_list")
def list_of_a_reader(page: Page, site: Site) -> Open:
    """Opens the list of a language in a browser whose storage has a project."""

    def open_list(language: str = "", items: Items | None = None, name: str = "shop") -> Page:
        own = json.dumps(stored(STATES if items is None else items, name))
        page.add_init_script(f"localStorage['{KEY}'] ??= {own}")
        page.clock.set_fixed_time(f"{DAY}T12:00:00Z")
        page.goto(f"{site.url}{language}checklist/")
        return page

    return open_list


@pytest.fixture(name="visit")
def visitor(new_context: OpenContext) -> Open:
    """Opens an address in the browser of someone else, who has a project too."""

    def visit(url: str, raw: str = "", key: str = KEY) -> Page:
        entry = {"name": key, "value": raw or stored(OWN, "mine")}
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        state = {"cookies": [], "origins": [{"origin": origin, "localStorage": [entry]}]}
        page = new_context(storage_state=state).new_page()
        page.goto(url)
        return page

    return visit


def kept(page: Page, key: str = KEY) -> str:
    """Everything that a checklist has in storage, byte by byte."""
    text: str = page.evaluate(
        """key => JSON.stringify(Object.entries(localStorage)
          .filter(([name]) => name.startsWith(key)).sort())""",
        key,
    )
    return text


def box(page: Page, item: str) -> Locator:
    return page.locator(f'input[data-item="{item}"]')


def states(page: Page) -> dict[str, str]:
    """Items that are not to do, by what the page shows."""
    shown: dict[str, str] = page.locator("[data-entry]").evaluate_all(
        """rows => Object.fromEntries(rows
          .map(row => [row.dataset.entry, row.dataset.state ?? "todo"])
          .filter(([, state]) => state !== "todo"))"""
    )
    return shown


def open_dialog(page: Page) -> Locator:
    page.locator("[data-open=_transfer]").click()
    dialog = page.locator("#_transfer")
    expect(dialog).to_be_visible()
    return dialog


def download(page: Page, kind: str) -> tuple[str, str]:
    """The name of a file, and its text with what is before it and between its lines."""
    with page.expect_download() as waiting:
        page.locator(f"#_transfer [data-do={kind}]").click()
    file = waiting.value
    return file.suggested_filename, Path(file.path()).read_bytes().decode("utf-8")


def payload(content: Any, name: str = "project.json") -> FilePayload:
    """A file: text and bytes as they are, all else as JSON."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    body = text.encode() if isinstance(text, str) else text
    return {"name": name, "mimeType": "application/json", "buffer": body}


def exported(items: Any, **changes: Any) -> dict[str, Any]:
    return {
        "format": "checklist-project",
        "version": 1,
        "checklist": "celery-tasks",
        "exported": DAY,
        "name": "Ana's",
        "items": items,
    } | changes


def choose(page: Page, content: Any) -> None:
    page.locator("#_transfer [type=file]").set_input_files(payload(content))


def preview(page: Page) -> Locator:
    return page.locator("[data-import]")


def previewed(page: Page) -> list[str]:
    return preview(page).locator("li").all_inner_texts()


def leads_somewhere(site: Site, url: str) -> bool:
    """Whether an address is absolute, within the site, and its page has its anchor."""
    file = site.file_of(url)
    if file is None or not file.is_file():
        return False
    anchor = urlsplit(url).fragment
    page = site.pages[file.relative_to(site.root).as_posix()]
    return not anchor or page.css_first(f"[id='{anchor}']") is not None


# ---- files


@pytest.fixture(name="schema", scope="module")
def file_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((ASSETS / "project.schema.json").read_text("utf-8")))


def test_what_was_set_by_hand_is_in_the_file_and_goes_to_another_language(
    page: Page, visit: Open, site: Site, schema: Draft202012Validator
) -> None:
    page.clock.set_fixed_time(f"{DAY}T12:00:00Z")
    page.goto(site.url + "ko/checklist/")
    page.locator("[data-open=_projects]").click()
    page.locator("#_projects [name=name]").fill("결제 서버/1")
    page.locator("#_projects [data-do=new]").click()
    page.keyboard.press("Escape")
    box(page, "cap-retries").check()
    set_by_hand(page, "time-limits", "na", reason="짧은 태스크뿐", note="")
    set_by_hand(page, "single-beat", "risk", reason="3월까지", note="둘째 줄\n<i>그대로</i>")
    set_by_hand(page, "io-timeouts", "todo", note="“나중에”")
    box(page, "idempotent-tasks").check()
    box(page, "idempotent-tasks").uncheck()
    open_dialog(page)
    name, text = download(page, "json")

    assert name == f"celery-tasks-결제-서버-1-{DAY}.json"
    file = json.loads(text)
    schema.validate(file)
    seen = {
        row.attributes["data-entry"]: row.attributes["data-seen"]
        for row in site.pages["checklist/index.html"].css("[data-entry]")
    }
    items = {
        "cap-retries": {"state": "done"},
        "io-timeouts": {"state": "todo", "note": "“나중에”"},
        "single-beat": {
            "state": "risk",
            "reason": "3월까지",
            "note": "둘째 줄\n<i>그대로</i>",
        },
        "time-limits": {"state": "na", "reason": "짧은 태스크뿐"},
    }
    for id, facts in items.items():
        if facts["state"] != "todo":
            facts |= {"day": DAY, "seen": seen[id] or ""}
    assert file == exported(items, name="결제 서버/1")

    spanish = visit(site.url + "es/checklist/")
    spanish.clock.set_fixed_time(f"{DAY}T12:00:00Z")
    open_dialog(spanish)
    choose(spanish, text)
    spanish.locator("[value=new]").check()
    expect(preview(spanish)).to_contain_text("Cambiarían 4 puntos")
    assert previewed(spanish) == [
        "Limite los reintentos con max_retries: Pendiente → Hecho",
        "Defina un tiempo de espera en cada llamada de red: nota agregada",
        "Ejecute exactamente un beat por programación de tareas:"
        " Pendiente → Riesgo aceptado · nota agregada · motivo agregado",
        "Defina un límite de tiempo flexible y otro estricto:"
        " Pendiente → No aplica · motivo agregado",
    ]
    spanish.get_by_role("button", name="Importar", exact=True).click()
    expect(spanish.locator("#_transfer")).to_be_hidden()
    expect(spanish.locator("[data-project]")).to_have_text("결제 서버/1")
    expect(spanish.locator("#single-beat .cl-risk")).to_have_text("Riesgo aceptado: 3월까지")
    open_dialog(spanish)
    assert download(spanish, "json") == (name, text)


def set_by_hand(page: Page, item: str, state: str, note: str, reason: str = "") -> None:
    row = page.locator(f'[data-entry="{item}"]')
    row.locator(".cl-more").click()
    row.locator(f"[name=state][value={state}]").check()
    if reason:
        row.locator("[name=reason]").fill(reason)
    row.locator("[name=note]").fill(note)
    row.locator("[type=submit]").click()


@pytest.mark.parametrize(
    ("project", "part"),
    [
        ("", ""),
        ("shop", "-shop"),
        ("../../etc/passwd", "-etc-passwd"),
        ("CON: a?b*c|d", "-CON-a-b-c-d"),
        ("x" * 80, "-" + "x" * 40),
        ("<>", ""),
    ],
)
def test_files_are_named_after_checklist_project_and_day(
    page: Page, small_site: Site, project: str, part: str
) -> None:
    own = json.dumps(stored({"licht": {"state": "done"}}, project))
    page.add_init_script(f"localStorage['{SMALL_KEY}'] ??= {own}")
    page.clock.set_fixed_time(f"{DAY}T12:00:00Z")
    page.goto(small_site.url + "checklist/")
    open_dialog(page)
    for kind, ending in (("json", "json"), ("markdown", "md"), ("csv", "csv")):
        name, text = download(page, kind)
        assert re.sub("-+", "-", name).replace("-2026", "2026") == f"fahrrad{part}{DAY}.{ending}"
        assert text


MARKDOWN = {
    "": (
        "1 of 58 done · 1 accepted risk · 1 not applicable",
        "~~Use quorum queues on a RabbitMQ cluster~~ (Not applicable: We use Redis)",
        "(Accepted risk: Until March | spring)",
        "No longer in the checklist",
        "of-last-year (Done)",
    ),
    "ko/": (
        "58개 중 1개 완료 · 위험 수용 1개 · 해당 없음 1개",
        "~~RabbitMQ 클러스터에서는 쿼럼 큐를 사용하세요~~ (해당 없음: We use Redis)",
        "(위험 수용: Until March | spring)",
        "체크리스트에서 빠진 항목",
        "of-last-year (완료)",
    ),
    "es/": (
        "1 de 58 completados · 1 riesgo aceptado · 1 no aplica",
        "~~Use colas de quórum en un clúster de RabbitMQ~~ (No aplica: We use Redis)",
        "(Riesgo aceptado: Until March | spring)",
        "Ya no están en la lista",
        "of-last-year (Hecho)",
    ),
}


@pytest.mark.parametrize("language", MARKDOWN)
def test_the_task_list_is_whole_and_in_the_language_of_the_page_with_links_that_work(
    open_list: Open, site: Site, language: str
) -> None:
    summary, not_applicable, risk, gone, left = MARKDOWN[language]
    page = open_list(language)
    open_dialog(page)
    name, text = download(page, "markdown")
    assert name == f"celery-tasks-shop-{DAY}.md"

    html = rendered(text)
    source = site.pages[f"{language}checklist/index.html"]
    title = source.css_first("h1")
    assert title
    (heading,) = html.css("h1")
    assert heading.text() == f"{title.text()} — shop"
    assert html.css("p")[0].text() == summary
    headings = [each.text() for each in html.css("h2")]
    assert headings == [each.text() for each in source.css("[data-group] h2")] + [gone]

    labels = {
        label.attributes["for"]: label.text() for label in source.css("[data-entry] > p label")
    }
    links = html.css("li > a, li > s > a")
    assert [link.text() for link in links] == [labels[f"tick_{id}"] for id in ITEMS]
    prefix = f"{site.url}{language}checklist/"
    assert [link.attributes["href"] for link in links] == [
        f"{prefix}{SECTIONS[id]}/#{id}" for id in ITEMS
    ]
    addresses = [link.attributes["href"] or "" for link in html.css("a")]
    assert len(addresses) == 1 + 13 + 59
    assert [url for url in addresses if not leads_somewhere(site, url)] == []

    lines = text.splitlines()
    (line,) = (line for line in lines if "rabbitmq-quorum-queues" in line)
    assert re.sub(r"\[(.*)\]\(.*?\)~~", r"\1~~", line) == f"- {not_applicable}"
    assert len(html.css("li input")) == 58
    assert len(html.css("li input[checked]")) == 1
    assert risk in html.css_first("body").text()  # type: ignore[union-attr]
    assert html.css("li")[-1].text().startswith(left)
    quotes = [quote.text().split() for quote in html.css("blockquote")]
    assert quotes == [
        ["Five", "at", "most,", "-", "see", "#12"],
        ["=1+1"],
        ["*Ana*", "knows"],
        ["still", "true"],
    ]


COLUMNS = {
    "": "Section,Id,Item,Priority,Status,Reason,Note,Date,Address",
    "ko/": "섹션,ID,항목,우선순위,상태,이유,메모,날짜,주소",
    "es/": "Sección,ID,Punto,Prioridad,Estado,Motivo,Nota,Fecha,Dirección",
}
RISK = {
    "": ("Essential", "Accepted risk"),
    "ko/": ("필수", "위험 수용"),
    "es/": ("Esencial", "Riesgo aceptado"),
}


@pytest.mark.parametrize("language", COLUMNS)
def test_the_table_has_a_row_of_every_item_and_no_formula(
    open_list: Open, site: Site, language: str
) -> None:
    page = open_list(language)
    open_dialog(page)
    name, text = download(page, "csv")
    assert name == f"celery-tasks-shop-{DAY}.csv"
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert ",".join(header) == COLUMNS[language]
    assert [row[1] for row in rows] == [*ITEMS, "of-last-year"]
    by_id = {row[1]: row for row in rows}
    source = site.pages[f"{language}checklist/index.html"]
    label = source.css_first("label[for=tick_single-beat]")
    section = source.css_first("#periodic")
    assert label
    assert section
    priority, state = RISK[language]
    assert by_id["single-beat"] == [
        section.text(),
        "single-beat",
        label.text(),
        priority,
        state,
        "Until March | spring",
        "*Ana* knows",
        DAY,
        f"{site.url}{language}checklist/periodic/#single-beat",
    ]
    assert by_id["cap-retries"][6] == "Five at most,\n- see #12"
    assert by_id["io-timeouts"][6] == "'=1+1"
    assert by_id["time-limits"][5:8] == ["", "", ""]
    assert by_id["of-last-year"][6:] == ["still true", DAY, ""]
    addresses = [row[8] for row in rows if row[1] in ITEMS]
    assert [url for url in addresses if not leads_somewhere(site, url)] == []


@pytest.mark.parametrize("items", [{}, {id: {"state": "na"} for id in ITEMS}], ids=["", "na"])
def test_a_project_with_nothing_to_tell_is_exported_too(
    open_list: Open, schema: Draft202012Validator, items: Items
) -> None:
    page = open_list(items=items)
    open_dialog(page)
    file = json.loads(download(page, "json")[1])
    schema.validate(file)
    assert list(file["items"]) == sorted(items)
    text = download(page, "markdown")[1]
    assert text.count("- [ ] ") == (0 if items else 59)
    assert text.count("\n- ~~") == (59 if items else 0)


# ---- the clipboard


@pytest.mark.parametrize(
    "clipboard",
    [
        "",
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})",
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no'))",
    ],
    ids=["as it is", "not there", "forbidden"],
)
def test_the_task_list_and_the_link_are_copied(open_list: Open, site: Site, clipboard: str) -> None:
    page = open_list("ko/", name="")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader = page.context.new_page()
    reader.goto(site.url + "404.html")
    page.bring_to_front()
    if clipboard:
        page.evaluate(f"() => {{ {clipboard} }}")
    open_dialog(page)
    _, markdown = download(page, "markdown")
    link = page.locator("[data-link]").input_value()
    for name, expected in (("copy-markdown", markdown), ("copy-link", link)):
        reader.bring_to_front()
        reader.evaluate("navigator.clipboard.writeText('nothing')")
        page.bring_to_front()
        button = page.locator(f"[data-do={name}]")
        button.click()
        expect(page.locator("[data-copied]")).to_have_text("복사했습니다.")
        expect(button).to_be_focused()
        reader.bring_to_front()
        assert reader.evaluate("navigator.clipboard.readText()") == expected
    assert page.locator("textarea").count() == 0


# ---- importing

PROJECT: Items = {
    "cap-retries": {"state": "done", "note": "old note"},
    "single-beat": {"state": "risk", "reason": "until March"},
    "io-timeouts": {"state": "na", "reason": "no network"},
}
FILE: Items = {
    "acks-late-for-critical-tasks": {"note": "ask Ana"},
    "cap-retries": {"state": "done", "day": "2026-01-01", "note": "new note"},
    "of-last-year": {"state": "done", "day": DAY},
    "single-beat": {"state": "done", "day": DAY},
    "time-limits": {"state": "na", "day": DAY, "reason": "all are short"},
}
ACKS = "Acknowledge late where work must not be lost"
BEAT = "Run exactly one beat for each schedule"
CHANGES = {
    "merge": [
        f"{ACKS}: note added",
        "Cap retries with max_retries: note replaced",
        "of-last-year: To do → Done",
        f"{BEAT}: Accepted risk → Done · reason removed",
        "Set a soft and a hard time limit: To do → Not applicable · reason added",
    ],
    "replace": [
        f"{ACKS}: note added",
        "Cap retries with max_retries: note replaced",
        "Give every network call a time-out: Not applicable → To do · reason removed",
        "of-last-year: To do → Done",
        f"{BEAT}: Accepted risk → Done · reason removed",
        "Set a soft and a hard time limit: To do → Not applicable · reason added",
    ],
    "new": [
        f"{ACKS}: note added",
        "Cap retries with max_retries: To do → Done · note added",
        "of-last-year: To do → Done",
        f"{BEAT}: To do → Done",
        "Set a soft and a hard time limit: To do → Not applicable · reason added",
    ],
}
AFTER: dict[str, Items] = {
    "merge": {
        "acks-late-for-critical-tasks": {"state": "todo", "note": "ask Ana"},
        "cap-retries": {"state": "done", "note": "new note"},
        "io-timeouts": {"state": "na", "reason": "no network"},
        "of-last-year": {"state": "done"},
        "single-beat": {"state": "done"},
        "time-limits": {"state": "na", "reason": "all are short"},
    },
}
AFTER["replace"] = {id: facts for id, facts in AFTER["merge"].items() if id != "io-timeouts"}
AFTER["new"] = AFTER["replace"]


def told(page: Page) -> Items:
    """States, reasons and notes of the project shown, as it is exported."""
    items = json.loads(download(page, "json")[1])["items"]
    return {
        id: {key: text for key, text in facts.items() if key in ("state", "reason", "note")}
        for id, facts in items.items()
    }


@pytest.mark.parametrize("mode", CHANGES)
def test_an_import_tells_what_it_changes_and_changes_just_that(open_list: Open, mode: str) -> None:
    page = open_list(items=PROJECT)
    before = kept(page)
    open_dialog(page)
    assert told(page) == PROJECT
    choose(page, exported(FILE))
    expect(preview(page)).to_contain_text("5 items would change")
    expect(page.locator("[value=merge]")).to_be_checked()
    page.locator(f"[value={mode}]").check()
    assert previewed(page) == CHANGES[mode]
    expect(preview(page)).to_contain_text(f"{len(CHANGES[mode])} items would change")
    assert kept(page) == before

    page.locator("[data-do=import]").click()
    expect(page.locator("#_transfer")).to_be_hidden()
    expect(page.locator("[data-project]")).to_have_text("Ana's" if mode == "new" else "shop")
    assert states(page) == {
        id: facts["state"]
        for id, facts in AFTER[mode].items()
        if id in ITEMS and facts["state"] != "todo"
    }
    expect(page.locator("#cap-retries .cl-note")).to_have_text("new note")
    open_dialog(page)
    assert preview(page).inner_text() == ""
    assert told(page) == AFTER[mode]
    page.reload()
    open_dialog(page)
    assert told(page) == AFTER[mode]


def test_an_import_can_be_undone(open_list: Open) -> None:
    page = open_list(items=PROJECT)
    open_dialog(page)
    choose(page, exported(FILE))
    page.locator("[value=replace]").check()
    page.locator("[data-do=import]").click()
    expect(page.locator(".cl-toast [role=status]")).to_have_text("File imported into “shop”")
    page.locator(".cl-toast [data-do=undo]").click()
    open_dialog(page)
    assert told(page) == PROJECT


def test_a_project_of_the_same_name_is_left_alone_by_a_new_one(open_list: Open) -> None:
    page = open_list(items=PROJECT, name="Ana's")
    open_dialog(page)
    choose(page, exported(FILE))
    page.locator("[value=new]").check()
    page.locator("[data-do=import]").click()
    projects = page.evaluate(f"JSON.parse(localStorage['{KEY}']).projects")
    assert [each["name"] for each in projects.values()] == ["Ana's", "Ana's"]
    before = json.loads(stored(PROJECT, "Ana's"))["projects"]
    assert projects["main"] == before["main"]


def test_a_file_without_anything_new_says_so_and_cannot_be_imported(open_list: Open) -> None:
    page = open_list(items=PROJECT)
    open_dialog(page)
    text = download(page, "json")[1]
    choose(page, text)
    for mode in ("merge", "replace"):
        page.locator(f"[value={mode}]").check()
        expect(preview(page)).to_have_text("The file says nothing that is not here already.")
        expect(page.locator("[data-do=import]")).to_be_disabled()
    page.locator("[value=new]").check()
    expect(page.locator("[data-do=import]")).to_be_enabled()


def test_an_import_that_is_given_up_changes_nothing(open_list: Open) -> None:
    page = open_list(items=PROJECT)
    before = kept(page)
    dialog = open_dialog(page)
    options = page.locator("[data-import-options]")
    expect(options).to_be_hidden()
    choose(page, exported(FILE))
    expect(options).to_be_visible()
    choose(page, exported({"time-limits": {"state": "done"}}))
    expect(preview(page)).to_contain_text("1 item would change")
    assert previewed(page) == ["Set a soft and a hard time limit: To do → Done"]
    choose(page, "{")
    expect(options).to_be_hidden()
    assert previewed(page) == []
    choose(page, exported(FILE))
    expect(options).to_be_visible()
    page.locator("#_transfer [type=file]").set_input_files([])
    expect(options).to_be_hidden()
    assert preview(page).inner_text() == ""
    choose(page, exported(FILE))
    expect(options).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    assert kept(page) == before
    assert states(page) == {id: facts["state"] for id, facts in PROJECT.items()}


def test_the_preview_is_right_also_after_other_changes(open_list: Open) -> None:
    page = open_list(items=PROJECT)
    open_dialog(page)
    choose(page, exported(FILE))
    expect(preview(page)).to_contain_text("5 items would change")
    page.keyboard.press("Escape")
    set_by_hand(page, "time-limits", "done", note="")
    set_by_hand(page, "acks-late-for-critical-tasks", "todo", note="ask Bo")
    open_dialog(page)
    expected = list(CHANGES["merge"])
    expected[0] = f"{ACKS}: note replaced"
    expected[-1] = "Set a soft and a hard time limit: Done → Not applicable · reason added"
    assert previewed(page) == expected
    page.locator("[data-do=import]").click()
    assert states(page)["time-limits"] == "na"


def test_a_former_id_in_a_file_is_the_item_of_today(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + "checklist/")
    box(page, "belag-pruefen").check()
    box(page, "belag-pruefen").uncheck()
    open_dialog(page)
    items = {"belag-messen": {"state": "done", "day": DAY}, "verloren": {"state": "na"}}
    choose(page, exported(items, checklist="fahrrad"))
    for mode in ("merge", "replace", "new"):
        page.locator(f"[value={mode}]").check()
        assert sorted(previewed(page)) == [
            "Prüfen Sie die Bremsbeläge: Offen → Erledigt",
            "verloren: Offen → Nicht zutreffend",
        ]
    page.locator("[value=replace]").check()
    page.locator("[data-do=import]").click()
    assert states(page) == {"belag-pruefen": "done"}
    page.reload()
    assert states(page) == {"belag-pruefen": "done"}
    open_dialog(page)
    assert told(page) == {"belag-pruefen": {"state": "done"}, "verloren": {"state": "na"}}


REFUSED: dict[str, tuple[str, list[Any]]] = {
    "damaged": (
        "This file is damaged or was changed by hand. Nothing was imported.",
        [
            "",
            "{",
            json.dumps(exported(FILE))[:-20],
            b"\x89PNG\r\n\x1a\n\x00\xff",
            json.dumps(exported(FILE)).encode("utf-16-le"),
            exported(FILE, name="n" * 81),
            exported({"time-limits": {"state": "doing"}}),
            exported({"time-limits": {"note": "n" * 5001}}),
            exported({"Time Limits": {"state": "done"}}),
            exported([]),
            exported(FILE, extra=1),
        ],
    ),
    "foreign": (
        "This file was not exported from a checklist. Nothing was imported.",
        ["null", "[]", {"version": 2, "projects": {}}, exported(FILE, format="other")],
    ),
    "other": (
        "This file belongs to another checklist. Nothing was imported.",
        [exported(FILE, checklist="fahrrad"), exported({}, checklist="<img src=x>")],
    ),
    "older": (
        "This file has a format that is no longer read. Nothing was imported.",
        [exported(FILE, version=0)],
    ),
    "newer": (
        "This file comes from a newer version of this page. Reload and try again.",
        [exported(FILE, version=2), exported({}, version=99, checklist="x", more=1)],
    ),
    "large": (
        "This file is larger than any exported project. Nothing was imported.",
        [json.dumps(exported(FILE)) + " " * 1_000_000, b" " * 4_000_001],
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_of_no_use_is_refused_with_the_reason_and_nothing_changes(
    open_list: Open, fault: str
) -> None:
    reason, files = REFUSED[fault]
    page = open_list(items=PROJECT)
    before = kept(page, "")
    open_dialog(page)
    for file in files:
        choose(page, exported(FILE))
        expect(page.locator("[data-import-options]")).to_be_visible()
        choose(page, file)
        expect(preview(page)).to_have_text(reason)
        expect(page.locator("[data-import-options]")).to_be_hidden()
        assert preview(page).locator("*").count() == 0
    assert kept(page, "") == before
    assert told(page) == PROJECT


def test_the_reason_is_told_in_the_language_of_the_page(visit: Open, site: Site) -> None:
    page = visit(site.url + "ko/checklist/")
    open_dialog(page)
    choose(page, exported(FILE, version=7))
    expect(preview(page)).to_have_text(
        "이 페이지의 더 새로운 버전에서 내보낸 파일입니다. 페이지를 새로 고친 뒤 다시 시도하세요."
    )


def test_hostile_text_in_a_file_is_just_text(open_list: Open) -> None:
    page = open_list(items={})
    ran: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    image = "<img src=x onerror=alert(1)>"
    name = f"{image}<script>alert(2)</script>"
    note = "\n".join(HOSTILE)
    items = {
        "cap-retries": {"state": "done", "day": DAY, "note": note},
        "single-beat": {"state": "risk", "day": DAY, "reason": name, "note": name},
        "constructor": {"state": "na", "day": DAY, "reason": image, "note": image},
        "valueof": {"state": "done", "day": DAY},
    }
    open_dialog(page)
    choose(page, exported(items, name=name))
    expect(preview(page)).to_contain_text("4 items would change")
    assert set(preview(page).locator("*").evaluate_all("all => all.map(e => e.localName)")) == {
        "ul",
        "li",
    }
    assert "constructor: To do → Not applicable · note added · reason added" in previewed(page)
    page.locator("[value=new]").check()
    page.locator("[data-do=import]").click()

    expect(page.locator("[data-project]")).to_have_text(name)
    texts = page.locator("#cap-retries .cl-note, #single-beat :is(.cl-risk, .cl-note)")
    shown = texts.evaluate_all("all => all.map(each => each.textContent)")
    assert [each.replace("\r\n", "\n") for each in shown] == [
        note.replace("\r\n", "\n"),
        f"Accepted risk: {name}",
        name,
    ]
    assert page.locator(".cl-mine").locator("img, script, a, code, b, i").count() == 0
    page.locator("[data-open=_projects]").click()
    page.locator("[data-do=rename]").locator("xpath=ancestor::form").locator("[name=name]").fill(
        image
    )
    page.locator("[data-do=rename]").click()
    assert page.locator("#_projects").locator("img, script").count() == 0
    expect(page.locator("[data-history]")).to_contain_text(name)
    expect(page.locator("[data-projects]")).to_contain_text(image)
    page.keyboard.press("Escape")
    open_dialog(page)
    html = rendered(download(page, "markdown")[1])
    assert html.css("img, script") == []
    assert len(html.css("h1, h2")) == 1 + 13 + 1
    assert len(html.css("li input")) == 59
    assert image in (html.css_first("h1").text() if html.css_first("h1") else "")  # type: ignore[union-attr]
    cells = list(csv.reader(io.StringIO(download(page, "csv")[1].removeprefix("\ufeff"))))
    assert [row for row in cells if any(re.match(r"[=+\-@\t\r]", cell) for cell in row)] == []
    page.reload()
    assert page.locator(".cl-mine, [data-project]").locator("img, script").count() == 0
    # On the page for paper, too.
    page.goto(page.url.replace("/checklist/", "/print/"))
    expect(page.locator("[data-entry=single-beat] .cl-note")).to_have_text(name)
    assert page.locator(".cl-mine, [data-project]").locator("img, script").count() == 0
    assert ran == []


# ---- shared links


@pytest.fixture(name="link")
def link_of_a_reader(open_list: Open) -> str:
    """A link to the English list with the states above."""
    return link_of(open_list())


def link_of(page: Page) -> str:
    open_dialog(page)
    return page.locator("[data-link]").input_value()


SHARED = {
    id: facts["state"] for id, facts in STATES.items() if id in ITEMS and facts["state"] != "todo"
}
BANNER = "You are looking at a shared list. Your own projects are as you left them."


def banner(page: Page) -> Locator:
    return page.locator(".cl-shared-banner")


def test_a_link_shows_states_and_neither_notes_nor_reasons_and_can_only_be_read(
    link: str, visit: Open
) -> None:
    page = visit(link)
    own = kept(page)
    assert own == json.dumps([[KEY, stored(OWN, "mine")]], separators=(",", ":"))
    expect(banner(page).locator("[role=status]")).to_have_text(BANNER)
    expect(page.locator("[data-project]")).to_have_text("Shared list")
    assert states(page) == SHARED
    checked = page.locator("input[data-item]:checked")
    assert checked.evaluate_all("boxes => boxes.map(box => box.dataset.item)") == ["cap-retries"]
    expect(page.locator(".cl-progress[data-gauge=total]")).to_have_attribute(
        "aria-valuetext", "1 of 58 done · 1 accepted risk · 1 not applicable"
    )
    assert page.locator(".cl-note").count() == 0
    expect(page.locator("#single-beat .cl-risk")).to_have_text("Accepted risk")
    # When the states were set is not in the link, so nothing can be said of changes since.
    assert page.locator(".cl-changed").count() == 0

    expect(page.locator("input[data-item]:enabled")).to_have_count(0)
    expect(page.locator(".cl-more:visible")).to_have_count(0)
    expect(page.locator("[data-open=_projects]")).to_be_hidden()
    page.locator("label[for=tick_time-limits]").click(force=True)
    page.locator('[data-entry="time-limits"] .cl-details').focus()
    for key in "xeu":
        page.keyboard.press(key)
    assert states(page) == SHARED
    assert page.locator(".cl-panel").count() == 0
    page.reload()
    assert states(page) == SHARED
    assert kept(page) == own


def test_a_shared_list_becomes_a_project_when_it_is_copied(link: str, visit: Open) -> None:
    page = visit(link)
    page.get_by_role("button", name="Copy to my projects").click()
    expect(banner(page)).to_be_hidden()
    assert "#" not in page.evaluate("location.href")
    expect(page.locator("[data-project]")).to_have_text("Shared list")
    assert states(page) == SHARED
    assert page.locator(".cl-changed").count() == 0
    box(page, "time-limits").check()
    page.reload()
    assert states(page) == SHARED | {"time-limits": "done"}

    projects = page.evaluate(f"JSON.parse(localStorage['{KEY}']).projects")
    assert projects.pop("main") == json.loads(stored(OWN, "mine"))["projects"]["main"]
    (copy,) = projects.values()
    assert copy["name"] == "Shared list"
    assert set(copy["items"]) == {*SHARED, "time-limits"}
    assert not any("note" in each or "reason" in each for each in copy["items"].values())


def test_the_way_back_leads_to_ones_own_project(link: str, visit: Open) -> None:
    page = visit(link.replace("#", "?state=done#"))
    own = kept(page)
    assert page.locator("[data-entry]:visible").count() == 1
    expect(page.locator("#cap-retries")).to_be_visible()
    page.get_by_role("button", name="Back to my project").click()
    expect(banner(page)).to_be_hidden()
    assert page.evaluate("location.href").endswith("/checklist/?state=done")
    expect(page.locator("[data-project]")).to_have_text("mine")
    assert states(page) == {id: facts["state"] for id, facts in OWN.items()}
    # What the filter shows is one's own, too.
    assert page.locator("[data-entry]:visible").count() == 1
    expect(page.locator("#time-limits")).to_be_visible()
    expect(page.locator("#time-limits .cl-note")).to_have_text("mine")
    assert kept(page) == own
    box(page, "time-limits").uncheck()
    assert kept(page) != own


def test_a_link_that_is_followed_in_an_open_list_loses_nothing_that_was_typed(
    link: str, visit: Open, site: Site
) -> None:
    page = visit(site.url + "checklist/")
    page.locator("#single-beat .cl-more").click()
    page.locator(".cl-panel [name=note]").press_sequentially("half a")
    page.evaluate("hash => location.hash = hash", urlsplit(link).fragment)
    expect(banner(page)).to_be_visible()
    assert states(page) == SHARED
    assert page.locator(".cl-panel").count() == 0
    page.go_back()
    expect(banner(page)).to_be_hidden()
    assert states(page) == {id: facts["state"] for id, facts in OWN.items()}
    expect(page.locator("#single-beat .cl-note")).to_have_text("half a")


def test_links_within_the_page_do_not_leave_the_shared_list(link: str, visit: Open) -> None:
    page = visit(link)
    page.locator('.md-sidebar--secondary a[href="#retries"]').click()
    expect(page.locator("#retries")).to_be_in_viewport()
    page.locator('[data-entry="cap-retries"] .cl-permalink').click()
    expect(page.locator("#cap-retries")).to_be_in_viewport()
    expect(banner(page).locator("[role=status]")).to_have_text(BANNER)
    assert states(page) == SHARED
    page.get_by_role("button", name="Back to my project").click()
    assert states(page) == {id: facts["state"] for id, facts in OWN.items()}


def test_what_is_exported_of_a_shared_list_says_whose_it_is(link: str, visit: Open) -> None:
    page = visit(link)
    open_dialog(page)
    name, text = download(page, "json")
    file = json.loads(text)
    assert file["name"] == "Shared list"
    assert name.startswith("celery-tasks-Shared-list-")
    assert {id: facts["state"] for id, facts in file["items"].items()} == SHARED
    name, text = download(page, "markdown")
    assert name.startswith("celery-tasks-Shared-list-")
    assert text.split("\n")[0].endswith(" — Shared list")
    assert page.locator("[data-link]").input_value() == link
    expect(page.locator("#_transfer [type=file]")).to_be_hidden()


@pytest.mark.parametrize("language", ["", "ko/", "es/"])
def test_a_link_to_every_item_in_mixed_states_has_less_than_200_characters(
    open_list: Open, visit: Open, language: str
) -> None:
    dice = random.Random(59)  # noqa: S311  # nothing secret
    items = {id: {"state": dice.choice(["done", "na", "risk"])} for id in ITEMS}
    link = link_of(open_list(language, items))
    fragment = "#" + urlsplit(link).fragment
    assert fragment.startswith("#share=1")
    assert len(fragment) < 200
    assert states(visit(link)) == {id: facts["state"] for id, facts in items.items()}


def test_a_link_works_on_the_page_of_another_language(link: str, visit: Open) -> None:
    page = visit(link.replace("/checklist/", "/ko/checklist/"))
    assert states(page) == SHARED
    expect(banner(page).locator("[role=status]")).to_have_text(
        "공유받은 목록을 보고 있습니다. 내 프로젝트는 그대로 남아 있습니다."
    )
    page.get_by_role("button", name=re.compile("언어|language", re.IGNORECASE)).hover()
    page.locator('.md-select__link[hreflang="es"]').click()
    page.wait_for_url("**/es/checklist/#share=*")
    assert states(page) == SHARED
    expect(banner(page).locator("[role=status]")).to_have_text(
        "Está viendo una lista compartida. Sus proyectos siguen como los dejó."
    )


def test_a_link_that_is_damaged_or_newer_says_so_and_changes_nothing(
    link: str, visit: Open, site: Site
) -> None:
    page = visit(site.url + "checklist/")
    own = kept(page)
    code = link.partition("#share=")[2]
    middle = len(code) // 2
    other = "A" if code[middle] != "A" else "B"
    damaged = "This link is damaged or incomplete. Ask for a new one."
    newer = "This link comes from a newer version of this page. Reload to see it."
    for broken, reason in (
        ("", damaged),
        (code[:-1], damaged),
        (code[:middle], damaged),
        (code[:middle] + other + code[middle + 1 :], damaged),
        (code + "A", damaged),
        (code.lower(), damaged),
        ("%00%ff", damaged),
        ("<img src=x onerror=alert(1)>", damaged),
        ("2" + code[1:], newer),
        ("9", newer),
    ):
        page.evaluate("hash => location.hash = hash", f"#share={broken}")
        expect(banner(page).locator("[role=status]")).to_have_text(reason)
        expect(page.get_by_role("button", name="Copy to my projects")).to_be_hidden()
        expect(page.locator("[data-project]")).to_have_text("mine")
        assert states(page) == {id: facts["state"] for id, facts in OWN.items()}
        expect(box(page, "time-limits")).to_be_enabled()
    assert kept(page) == own
    page.goto(site.url + "es/checklist/#share=2abc")
    expect(banner(page).locator("[role=status]")).to_contain_text("versión más reciente")
    assert kept(page) == own
    page.locator("[data-do=leave-shared]").click()
    expect(banner(page)).to_be_hidden()
    assert "#" not in page.evaluate("location.href")
    box(page, "single-beat").check()
    assert kept(page) != own


def test_a_good_link_after_a_damaged_one_is_shown(link: str, visit: Open, site: Site) -> None:
    page = visit(site.url + "checklist/#share=nonsense")
    page.evaluate("hash => location.hash = hash", urlsplit(link).fragment)
    expect(banner(page).locator("[role=status]")).to_have_text(BANNER)
    expect(page.get_by_role("button", name="Copy to my projects")).to_be_visible()
    assert states(page) == SHARED


def test_a_link_of_another_checklist_is_no_link_of_this_one(
    link: str, visit: Open, small_site: Site
) -> None:
    page = visit(small_site.url + "fr/checklist/#" + urlsplit(link).fragment)
    expect(page.locator("[data-do=copy-shared]")).to_be_hidden()
    assert states(page) == {}


def test_a_link_of_another_year_names_items_by_former_ids_and_counts_the_unknown(
    visit: Open, small_site: Site
) -> None:
    page = visit(small_site.url, stored({"kette-oelen": {"state": "done"}}), SMALL_KEY)
    page.route(
        "**/trial/*.mjs",
        lambda route: route.fulfill(
            body=(ASSETS / route.request.url.rpartition("/")[2]).read_text("utf-8"),
            content_type="text/javascript",
        ),
    )

    def code(shared: dict[str, str]) -> str:
        text: str = page.evaluate(
            """async ([url, shared]) => (await import(url))
              .encodeShare("fahrrad", shared, Object.keys(shared))""",
            [f"{small_site.url}trial/transfer.mjs", shared],
        )
        return text

    last_year = {"belag-messen": "done", "licht": "na", "winterreifen": "risk", "glocke": "done"}
    two, one = code(last_year), code({"belag-messen": "risk", "glocke": "na", "licht": "todo"})
    page.goto(f"{small_site.url}fr/checklist/#share={two}")
    assert states(page) == {"belag-pruefen": "done", "licht": "na"}
    status = banner(page).locator("[role=status]")
    expect(status).to_contain_text("2 points de la liste partagée ne sont pas dans celle de")
    page.evaluate("hash => location.hash = hash", f"#share={one}")
    expect(status).to_contain_text("1 point de la liste partagée n’est pas dans celle de")
    assert states(page) == {"belag-pruefen": "risk"}
    assert json.loads(kept(page, SMALL_KEY))[0][1] == stored({"kette-oelen": {"state": "done"}})
    page.locator("[data-do=copy-shared]").click()
    page.reload()
    assert states(page) == {"belag-pruefen": "risk"}


def test_nothing_of_it_is_sent(link: str, new_context: OpenContext, site: Site) -> None:
    context = new_context()
    requests: list[Request] = []
    context.on("request", lambda request: requests.append(request))
    page = context.new_page()
    page.goto(link)
    page.wait_for_load_state("networkidle")
    assert states(page) == SHARED
    code = link.partition("#share=")[2]
    assert len(requests) > 3
    assert {request.method for request in requests} == {"GET"}
    assert [each.url for each in requests if not each.url.startswith((site.url, "data:"))] == []
    assert [each.url for each in requests if code in each.url and "#" not in each.url] == []
    assert [each for each in requests if code in str(each.all_headers())] == []

    requests.clear()
    page.locator("[data-do=copy-shared]").click()
    set_by_hand(page, "time-limits", "na", reason="zz-secret", note="zz-secret")
    page.locator("input[name=q]").fill("zz-secret")
    expect(page.locator("[data-entry]:visible")).to_have_count(1)
    open_dialog(page)
    for kind in ("json", "markdown", "csv"):
        assert download(page, kind)[1]
    page.locator("[data-do=copy-link]").click()
    choose(page, exported(FILE))
    page.locator("[data-do=import]").click()
    expect(page.locator(".cl-toast")).to_be_visible()
    page.wait_for_timeout(300)
    # Chromium asks for the icon again when the address has changed.
    assert {each.url for each in requests if not each.url.startswith("blob:")} <= {
        f"{site.url}assets/checklist/favicon.svg"
    }
    assert context.cookies() == []
