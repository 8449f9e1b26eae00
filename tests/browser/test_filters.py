"""Filters: what they show, what they say of it, and what stands in the address."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from checklist.load import load
from checklist.model import Item
from checklist.shapes import RESERVED_SCOPES
from tests.browser.conftest import OpenContext
from tests.conftest import ROOT
from tests.site import Site

KEY = "checklist:celery-tasks"
ALL, _ = load(ROOT / "checklist/content/celery.yaml")
assert ALL
ITEMS = {item.id: item for item in ALL.items}
SECTIONS = {item.id: section.id for section in ALL.sections for item in section.items}

STATES = {
    "production-broker": {"state": "done"},
    "cap-retries": {"state": "done", "note": "Fünf Versuche, (siehe [#12])"},
    "time-limits": {"state": "na", "reason": "Kein Zeitlimit: nur Zürich"},
    "single-beat": {"state": "risk", "reason": "다음 분기에 처리"},
    "graceful-shutdown": {"state": "todo", "note": "Pregúntele a Begoña"},
    "io-timeouts": {"state": "done", "seen": "2020-01-01.00000000", "day": "2020-01-02"},
}
"""Of one item, what was ticked has changed since."""

Open = Callable[..., Page]


@pytest.fixture(name="open_list")
def opener(page: Page, site: Site) -> Open:
    """Opens the list of a language, with a query and a hash, in a browser that has states."""

    def open_list(query: str = "", language: str = "", states: Any = STATES) -> Page:
        if states:
            page.add_init_script(f"localStorage['{KEY}'] ??= {json.dumps(stored(site, states))}")
        page.goto(f"{site.url}{language}checklist/{query}")
        return page

    return open_list


def stored(site: Site, states: dict[str, dict[str, str]]) -> str:
    """What is in storage when items have these states, set when the page said what it says."""
    seen = {
        row.attributes["data-entry"]: row.attributes["data-seen"]
        for row in site.pages["checklist/index.html"].css("[data-entry]")
    }
    items = {
        id: {"rev": 1, "day": "2026-11-26", "seen": seen[id]} | facts
        for id, facts in states.items()
    }
    projects = {
        "main": {"name": "", "rev": 0, "items": items},
        "other": {
            "name": "billing",
            "rev": 1,
            "items": {"acks-late-for-critical-tasks": {"rev": 1, "state": "done"}},
        },
    }
    return json.dumps(
        {"version": 2, "rev": 1, "current": "main", "projects": projects, "history": []}
    )


def shown(page: Page) -> list[str]:
    """Ids of the items that can be seen."""
    visible: list[str] = page.locator("[data-entry]").evaluate_all(
        "rows => rows.filter(row => row.checkVisibility()).map(row => row.dataset.entry)"
    )
    return visible


def that(condition: Callable[[Item], object]) -> list[str]:
    return [id for id, item in ITEMS.items() if condition(item)]


def field(page: Page, name: str, value: str) -> Locator:
    return page.locator(f'#_filters input[name="{name}"][value="{value}"]')


def text_field(page: Page) -> Locator:
    return page.locator("input[name=q]")


def bar(page: Page, group: str) -> Locator:
    return page.locator(f'.cl-progress[data-gauge="{group}"]')


def told(page: Page) -> Locator:
    """What is said about what is shown."""
    return page.locator(".cl-shown [role=status]")


def open_filters(page: Page) -> None:
    page.locator("[data-do=filters]").click()
    expect(page.locator("#_filters")).to_be_visible()


def address(page: Page) -> SplitResult:
    """As the page has it; Playwright hears of changes a little later."""
    href: str = page.evaluate("location.href")
    return urlsplit(href)


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(address(page).query, keep_blank_values=True)


def restates(page: Page, items: Iterable[str]) -> None:
    """What is said agrees with what is to be seen, and with what should be."""
    expected = list(items)
    assert shown(page) == expected
    expect(told(page)).to_contain_text(f"· {len(ITEMS) - len(expected)} hidden by filters")


# ---- fields

FIELDS: dict[str, dict[str, Callable[[Item], object]]] = {
    "state": {
        "todo": lambda item: STATES.get(item.id, {}).get("state", "todo") == "todo",
        "done": lambda item: STATES.get(item.id, {}).get("state") == "done",
        "na": lambda item: item.id == "time-limits",
        "risk": lambda item: item.id == "single-beat",
        "changed": lambda item: item.id == "io-timeouts",
    },
    "priority": {
        "essential": lambda item: item.priority == "essential",
        "recommended": lambda item: item.priority == "recommended",
        "optional": lambda item: item.priority == "optional",
    },
    "broker": {
        "redis": lambda item: "redis" in item.applies_to.get("broker", ["redis"]),
        "rabbitmq": lambda item: "rabbitmq" in item.applies_to.get("broker", ["rabbitmq"]),
        "sqs": lambda item: "sqs" in item.applies_to.get("broker", ["sqs"]),
    },
    "framework": {
        "django": lambda item: "django" in item.applies_to.get("framework", ["django"]),
    },
    "top": {"1": lambda item: item.top},
}


def test_the_fields_are_those_that_are_tried_here_and_no_scope_can_be_named_like_another(
    site: Site,
) -> None:
    form = site.pages["checklist/index.html"].css_first("#_filters")
    assert form
    choices: dict[str | None, list[str | None]] = {}
    for each in form.css("input"):
        choices.setdefault(each.attributes["name"], []).append(each.attributes["value"])
    assert choices == {name: list(values) for name, values in FIELDS.items()}
    scopes = {field.attributes["data-scope"] for field in form.css("[data-scope]")}
    assert scopes == {scope.id for scope in ALL.scopes} if ALL else False
    others = {each.attributes["name"] for each in form.css("[name]")} - scopes
    assert others | {"q"} <= RESERVED_SCOPES


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_shows_what_has_its_value_and_everything_again_without(
    open_list: Open, name: str
) -> None:
    page = open_list()
    open_filters(page)
    for value, condition in FIELDS[name].items():
        expected = that(condition)
        assert expected
        field(page, name, value).check()
        restates(page, expected)
        assert query(page) == {name: [value]}
        field(page, name, value).uncheck()
        assert shown(page) == list(ITEMS)
        assert query(page) == {}
    expect(told(page)).to_be_empty()


def test_a_section_can_be_chosen(open_list: Open) -> None:
    page = open_list()
    open_filters(page)
    choice = page.locator("select[name=section]")
    options = choice.locator("option").evaluate_all("options => options.map(each => each.value)")
    assert options == ["", *dict.fromkeys(SECTIONS.values())]
    for section in options[1:]:
        choice.select_option(section)
        restates(page, [id for id in ITEMS if SECTIONS[id] == section])
        assert query(page) == {"section": [section]}
    choice.select_option("")
    assert shown(page) == list(ITEMS)


def test_one_of_the_values_of_a_field_is_enough_but_every_field_counts(open_list: Open) -> None:
    page = open_list()
    open_filters(page)
    field(page, "priority", "essential").check()
    field(page, "priority", "optional").check()
    restates(page, that(lambda item: item.priority != "recommended"))
    field(page, "broker", "sqs").check()
    is_mine = FIELDS["broker"]["sqs"]
    restates(page, that(lambda item: item.priority != "recommended" and is_mine(item)))
    field(page, "state", "done").check()
    field(page, "state", "risk").check()
    expected = ["production-broker", "cap-retries", "io-timeouts", "single-beat"]
    restates(page, expected)
    text_field(page).fill("beat")
    restates(page, ["single-beat"])
    expect(page.locator("[data-count]")).to_have_text("(3)")
    assert query(page) == {
        "q": ["beat"],
        "priority": ["essential,optional"],
        "broker": ["sqs"],
        "state": ["done,risk"],
    }


def test_who_uses_redis_and_django_sees_what_is_for_them_and_what_is_for_everyone(
    open_list: Open,
) -> None:
    page = open_list("?broker=redis&framework=django")
    restates(
        page,
        that(
            lambda item: FIELDS["broker"]["redis"](item) and FIELDS["framework"]["django"](item),
        ),
    )
    assert "redis-persistence-and-eviction" in shown(page)
    assert "idempotent-tasks" in shown(page)
    assert "rabbitmq-quorum-queues" not in shown(page)


def test_the_ten_that_matter_first_are_ten(open_list: Open) -> None:
    page = open_list(language="es/")
    open_filters(page)
    page.get_by_label("Los 10 que más importan").check()
    assert shown(page) == that(lambda item: item.top)
    assert len(shown(page)) == 10


def test_another_checklist_has_the_fields_of_its_own_scopes(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + "fr/checklist/")
    open_filters(page)
    group = page.get_by_role("group", name="Transmission")
    expect(group.get_by_role("checkbox")).to_have_count(2)
    group.get_by_label("Riemen").check()
    assert shown(page) == ["belag-pruefen", "licht"]
    expect(told(page)).to_have_text("Affichés : 0 sur 2 faits · 1 masqué par les filtres")
    assert query(page) == {"antrieb": ["riemen"]}
    group.get_by_label("Kette").check()
    assert shown(page) == ["belag-pruefen", "kette-oelen", "licht"]


@pytest.mark.parametrize("scope", ["elements", "hidden", "reset", "constructor"])
def test_a_scope_can_be_named_like_a_part_of_a_form(
    page: Page, small_site: Site, scope: str
) -> None:
    text = small_site.pages["checklist/index.html"].html or ""
    renamed = (
        text.replace('name="antrieb"', f'name="{scope}"')
        .replace('data-scope="antrieb"', f'data-scope="{scope}"')
        .replace("data-in-antrieb", f"data-in-{scope}")
    )
    page.route("**/checklist/?*", lambda route: route.fulfill(body=renamed))
    page.goto(f"{small_site.url}checklist/?{scope}=riemen")
    assert shown(page) == ["belag-pruefen", "licht"]
    open_filters(page)
    field(page, scope, "kette").check()
    field(page, scope, "riemen").uncheck()
    assert query(page) == {scope: ["kette"]}
    assert shown(page) == ["belag-pruefen", "kette-oelen", "licht"]
    page.locator("[data-do=show-all]").click()
    assert query(page) == {}


# ---- text


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("", "quorum", "rabbitmq-quorum-queues"),
        ("", "  CLUSTER   Quorum ", "rabbitmq-quorum-queues"),
        ("", "max_retries cap", "cap-retries"),
        ("", "rabbitmq-quorum", "rabbitmq-quorum-queues"),
        ("", "Zurich", "time-limits"),
        ("", "versuche, [#12]", "cap-retries"),
        ("", "begona shutdown", "graceful-shutdown"),
        ("es/", "cluster quorum", "rabbitmq-quorum-queues"),
        ("es/", "CLÚSTER QUÓRUM", "rabbitmq-quorum-queues"),
        ("es/", unicodedata.normalize("NFD", "clúster quórum"), "rabbitmq-quorum-queues"),
        ("ko/", "쿼럼 클러스터", "rabbitmq-quorum-queues"),
        ("ko/", unicodedata.normalize("NFD", "쿼럼"), "rabbitmq-quorum-queues"),
        ("ko/", "분기", "single-beat"),
    ],
)
def test_text_is_found_in_any_order_case_and_spelling_in_notes_too(
    open_list: Open, language: str, text: str, expected: str
) -> None:
    page = open_list(language=language)
    text_field(page).fill(text)
    found = shown(page)
    assert expected in found
    assert len(found) < 10
    assert query(page) == {"q": [text]}


def test_text_is_just_text(open_list: Open) -> None:
    page = open_list()
    for nothing in ("r.try", ".*", "^", "ret|ack", "zzzz", "(?", "\\", "retries zzzz"):
        text_field(page).fill(nothing)
        restates(page, [])
    for plain in ("(siehe", "[#12]", "[", "(siehe [#12])"):
        text_field(page).fill(plain)
        assert "cap-retries" in shown(page)
        assert len(shown(page)) < len(ITEMS) / 2
    text_field(page).fill("100%&a=b#c+d")
    assert query(page) == {"q": ["100%&a=b#c+d"]}
    page.reload()
    expect(text_field(page)).to_have_value("100%&a=b#c+d")
    text_field(page).fill("  ")
    assert shown(page) == list(ITEMS)


def test_all_that_is_found_by_text_has_it(open_list: Open) -> None:
    page = open_list("?q=retry", states=None)
    texts = page.locator("[data-entry]").evaluate_all(
        """rows => rows.map(row => [row.dataset.entry, row.querySelector("label").textContent
          + row.querySelector(".cl-why").textContent])"""
    )
    expected = [id for id, text in texts if "retry" in f"{id} {text}".lower()]
    assert 1 < len(expected) < 30
    assert shown(page) == expected


def test_a_note_is_found_as_soon_as_it_was_written(open_list: Open) -> None:
    page = open_list()
    row = page.locator('[data-entry="broker-auth-and-tls"]')
    row.locator(".cl-more").click()
    row.locator("[name=note]").fill("Ask Nuñez")
    row.locator("[type=submit]").click()
    text_field(page).fill("nunez")
    assert shown(page) == ["broker-auth-and-tls"]


def test_note_and_reason_are_two_texts(open_list: Open) -> None:
    facts = {"state": "na", "reason": "tasks are quick", "note": "ask Zed"}
    page = open_list(states={"time-limits": facts})
    text_field(page).fill("zed quick")
    assert shown(page) == ["time-limits"]
    for joined in ("zedtasks", "quickask"):
        text_field(page).fill(joined)
        assert shown(page) == []


def test_enter_in_the_field_for_text_stays_on_the_page(open_list: Open) -> None:
    page = open_list("?utm=x", states=None)
    page.evaluate("window.stays = true")
    text_field(page).fill("quorum")
    text_field(page).press("Enter")
    page.wait_for_load_state()
    assert page.evaluate("window.stays") is True
    assert query(page) == {"utm": ["x"], "q": ["quorum"]}


# ---- the address


def test_a_filter_survives_a_reload_and_travels_as_a_bookmark(
    open_list: Open, new_context: OpenContext
) -> None:
    page = open_list()
    entries = page.evaluate("history.length")
    open_filters(page)
    for name, value in (("state", "todo"), ("state", "risk"), ("priority", "essential")):
        field(page, name, value).check()
    page.locator("select[name=section]").select_option("periodic")
    text_field(page).fill("béat")
    restates(page, ["single-beat"])
    assert page.evaluate("history.length") == entries

    page.reload()
    restates(page, ["single-beat"])
    expect(field(page, "state", "todo")).to_be_checked()
    expect(field(page, "state", "done")).not_to_be_checked()
    expect(page.locator("select[name=section]")).to_have_value("periodic")
    expect(text_field(page)).to_have_value("béat")
    expect(page.locator("[data-count]")).to_have_text("(3)")

    someone = new_context().new_page()
    someone.goto(page.url)
    restates(someone, ["single-beat"])


def test_back_and_forward_bring_the_filter_of_each_address(open_list: Open) -> None:
    page = open_list("?priority=optional", states=None)
    optional, essential = shown(page), that(lambda item: item.priority == "essential")
    page.evaluate("location.hash = '#_overview'")
    open_filters(page)
    field(page, "priority", "optional").uncheck()
    field(page, "priority", "essential").check()
    expect(page).to_have_url(re.compile(r"\?priority=essential#_overview$"))
    assert shown(page) == essential

    page.go_back()
    expect(field(page, "priority", "optional")).to_be_checked()
    expect(field(page, "priority", "essential")).not_to_be_checked()
    assert shown(page) == optional
    page.go_forward()
    expect(field(page, "priority", "essential")).to_be_checked()
    assert shown(page) == essential

    page.locator('[data-entry="cap-retries"] .cl-meta a').first.click()
    page.wait_for_url("**/checklist/retries/#cap-retries")
    page.go_back()
    expect(field(page, "priority", "essential")).to_be_checked()
    assert shown(page) == essential


def test_a_filter_chosen_after_a_link_was_followed_is_not_lost(open_list: Open) -> None:
    page = open_list("?ref=mail", states=None)
    page.locator('[data-entry="rate-limit-scope"] .cl-permalink').click()
    expect(page).to_have_url(re.compile(r"#rate-limit-scope$"))
    text_field(page).fill("quorum")
    expected = shown(page)
    assert "rate-limit-scope" not in expected
    page.reload()
    expect(text_field(page)).to_have_value("quorum")
    assert shown(page) == expected
    page.go_back()
    expect(text_field(page)).to_have_value("")
    assert shown(page) == list(ITEMS)
    page.go_forward()
    expect(text_field(page)).to_have_value("quorum")
    assert shown(page) == expected


@pytest.mark.parametrize(
    "unknown",
    [
        "?state=finished",
        "?priority=",
        "?priority=,",
        "?broker=kafka&framework=flask",
        "?section=nowhere",
        "?top=0&q=",
        "?state=constructor&section=__proto__",
        "?broker=%FF%00",
    ],
)
def test_values_that_nothing_has_are_ignored(open_list: Open, unknown: str) -> None:
    page = open_list(unknown)
    assert shown(page) == list(ITEMS)
    expect(page.locator("select[name=section] option:checked")).to_have_text("All sections")
    expect(told(page)).to_be_empty()
    expect(page.locator("[data-do=show-all]")).to_be_hidden()


def test_values_that_are_known_count_beside_those_that_are_not(open_list: Open) -> None:
    page = open_list("?state=finished,risk&priority=urgent")
    restates(page, ["single-beat"])


def test_other_parameters_and_the_hash_stay_as_they_are(open_list: Open) -> None:
    page = open_list("?ref=a%26b%2Cc&state=done&empty=&ref=d#cap-retries")
    open_filters(page)
    field(page, "priority", "essential").check()
    assert query(page) == {
        "ref": ["a&b,c", "d"],
        "empty": [""],
        "priority": ["essential"],
        "state": ["done"],
    }
    assert address(page).fragment == "cap-retries"
    page.locator("[data-do=show-all]").click()
    assert query(page) == {"ref": ["a&b,c", "d"], "empty": [""]}
    assert address(page).fragment == "cap-retries"


def test_the_language_switch_keeps_filter_and_place(open_list: Open) -> None:
    page = open_list("?broker=redis")
    open_filters(page)
    field(page, "priority", "essential").check()
    page.locator('[data-entry="cap-retries"] .cl-permalink').click()
    expected = shown(page)
    page.get_by_role("button", name=re.compile("language", re.IGNORECASE)).hover()
    page.locator('.md-select__link[hreflang="ko"]').click()
    page.wait_for_url("**/ko/checklist/?*#cap-retries")
    assert query(page) == {"broker": ["redis"], "priority": ["essential"]}
    assert shown(page) == expected
    expect(told(page)).to_contain_text(f"필터로 숨긴 항목 {len(ITEMS) - len(expected)}개")


# ---- what is said

SAID = {
    "": (
        "Shown: 1 of 6 done · 1 not applicable · 52 hidden by filters",
        "Shown: 0 of 4 done · 1 accepted risk · 55 hidden by filters",
        "Shown: Nothing to do · 1 not applicable · 58 hidden by filters",
        "3 of 58 done · 1 accepted risk · 1 not applicable",
        "1 of 6 done · 1 not applicable",
        "Show all",
    ),
    "ko/": (
        "표시된 항목: 6개 중 1개 완료 · 해당 없음 1개 · 필터로 숨긴 항목 52개",
        "표시된 항목: 4개 중 0개 완료 · 위험 수용 1개 · 필터로 숨긴 항목 55개",
        "표시된 항목: 할 일 없음 · 해당 없음 1개 · 필터로 숨긴 항목 58개",
        "58개 중 3개 완료 · 위험 수용 1개 · 해당 없음 1개",
        "6개 중 1개 완료 · 해당 없음 1개",
        "모두 표시",
    ),
    "es/": (
        "Mostrados: 1 de 6 completados · 1 no aplica · 52 ocultos por los filtros",
        "Mostrados: 0 de 4 completados · 1 riesgo aceptado · 55 ocultos por los filtros",
        "Mostrados: Nada pendiente · 1 no aplica · 58 ocultos por los filtros",
        "3 de 58 completados · 1 riesgo aceptado · 1 no aplica",
        "1 de 6 completados · 1 no aplica",
        "Mostrar todo",
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_what_is_hidden_is_counted_and_progress_says_of_what(
    open_list: Open, language: str
) -> None:
    limits, periodic, nothing, whole, section, show_all = SAID[language]
    page = open_list("?section=limits", language)
    expect(told(page)).to_have_text(limits)
    expect(bar(page, "total")).to_have_attribute("aria-valuetext", whole)
    expect(bar(page, "limits")).to_have_attribute("aria-valuetext", section)
    open_filters(page)
    page.locator("select[name=section]").select_option("periodic")
    expect(told(page)).to_have_text(periodic)
    page.locator("select[name=section]").select_option("limits")
    field(page, "state", "na").check()
    expect(told(page)).to_have_text(nothing)
    expect(bar(page, "total")).to_have_attribute("aria-valuetext", whole)
    expect(bar(page, "limits")).to_have_attribute("aria-valuetext", section)
    page.get_by_role("button", name=show_all, exact=True).click()
    assert shown(page) == list(ITEMS)
    expect(told(page)).to_be_empty()


def test_what_is_shown_is_said_aloud_in_a_status_that_was_there_before(open_list: Open) -> None:
    page = open_list(states=None)
    expect(told(page)).to_have_count(1)
    assert told(page).evaluate("node => node.checkVisibility()")
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()


def test_headings_of_sections_without_items_vanish(open_list: Open) -> None:
    page = open_list("?broker=sqs&priority=optional", states=None)
    expected = list(dict.fromkeys(SECTIONS[id] for id in shown(page)))
    assert 0 < len(expected) < 6
    headings = page.locator("h2:visible").evaluate_all("nodes => nodes.map(node => node.id)")
    assert headings == [*expected, "_overview"]
    bars = page.locator("[data-group] .cl-progress:visible")
    assert bars.evaluate_all("nodes => nodes.map(node => node.dataset.gauge)") == expected


def test_show_all_empties_every_field_and_leaves_the_focus_in_the_list_of_filters(
    open_list: Open,
) -> None:
    page = open_list("?q=limit&state=todo&priority=essential&section=limits&top=1&broker=redis")
    assert shown(page) == []
    page.locator("[data-do=show-all]").focus()
    page.keyboard.press("Enter")
    assert shown(page) == list(ITEMS)
    assert query(page) == {}
    expect(text_field(page)).to_have_value("")
    expect(page.locator("#_filters input:checked")).to_have_count(0)
    expect(page.locator("select[name=section]")).to_have_value("")
    expect(page.locator("[data-count]")).to_be_empty()
    # The button is gone, and with it the focus would be.
    assert page.evaluate("document.activeElement.closest('.cl-tools') !== null")


def test_the_filters_open_and_close_by_keyboard_and_say_so(open_list: Open) -> None:
    page = open_list(states=None)
    button = page.get_by_role("button", name="Filters")
    expect(page.locator("#_filters")).to_be_hidden()
    text_field(page).focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "risk":
            break
    page.keyboard.press("Space")
    assert query(page) == {"state": ["risk"]}
    button.press("Enter")
    expect(page.locator("#_filters")).to_be_hidden()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_have_text("Filters (1)")
    assert query(page) == {"state": ["risk"]}


# ---- what is hidden comes back when it is needed


def test_a_link_to_a_hidden_item_shows_it(open_list: Open) -> None:
    page = open_list("?priority=optional&ref=mail#cap-retries", states=None)
    expect(page.locator("#cap-retries")).to_be_in_viewport()
    assert shown(page) == list(ITEMS)
    expect(page).to_have_url(re.compile(r"/checklist/\?ref=mail#cap-retries$"))
    for _ in range(2):  # the second time, the address has the hash already
        text_field(page).fill("quorum")
        expect(page.locator("#retries")).to_be_hidden()
        page.locator('.md-sidebar--secondary a[href="#retries"]').click()
        expect(page.locator("#retries")).to_be_in_viewport()
        assert shown(page) == list(ITEMS)
        expect(page).to_have_url(re.compile(r"/checklist/\?ref=mail#retries$"))


def test_a_link_to_an_item_that_is_shown_leaves_the_filter(open_list: Open) -> None:
    page = open_list("?priority=optional#rate-limit-scope", states=None)
    expect(page.locator("#rate-limit-scope")).to_be_in_viewport()
    assert query(page) == {"priority": ["optional"]}
    page.evaluate("location.hash = '#_overview'")
    expect(page.locator("#_overview")).to_be_in_viewport()
    page.evaluate("location.hash = '#nothing-of-this-name'")
    page.evaluate("location.hash = '#%E0%A4%A'")
    assert query(page) == {"priority": ["optional"]}
    assert shown(page) == that(lambda item: item.priority == "optional")


def test_a_link_to_a_hidden_item_by_its_former_id_shows_it(page: Page, small_site: Site) -> None:
    page.goto(small_site.url + "checklist/?antrieb=kette&q=licht#belag-messen")
    expect(page).to_have_url(small_site.url + "checklist/#belag-pruefen")
    assert shown(page) == ["belag-pruefen", "kette-oelen", "licht"]


def test_what_is_ticked_stays_under_the_finger_until_the_filter_is_changed(
    open_list: Open,
) -> None:
    page = open_list("?state=todo&section=periodic", states=None)
    before = shown(page)
    assert "single-beat" in before
    expect(told(page)).to_have_text("Shown: 0 of 4 done · 55 hidden by filters")
    position = page.locator("#single-beat").bounding_box()
    page.locator("#tick_single-beat").check()
    expect(told(page)).to_have_text("Shown: 1 of 4 done · 55 hidden by filters")
    assert shown(page) == before
    assert page.locator("#single-beat").bounding_box() == position
    page.locator("#tick_single-beat").uncheck()
    page.locator("#tick_single-beat").check()
    page.locator('[data-entry="periodic-expires"] .cl-more').click()
    page.locator(".cl-panel [value=na]").check()
    page.locator(".cl-panel [type=submit]").click()
    assert shown(page) == before
    open_filters(page)
    field(page, "priority", "essential").check()
    assert shown(page) == []
    field(page, "priority", "essential").uncheck()
    assert shown(page) == [id for id in before if id not in ("single-beat", "periodic-expires")]


def test_each_project_is_filtered_by_its_own_states(open_list: Open) -> None:
    page = open_list("?state=done")
    assert shown(page) == ["production-broker", "cap-retries", "io-timeouts"]
    page.locator("[data-open=_projects]").click()
    page.get_by_label("billing").check()
    page.keyboard.press("Escape")
    expect(page.locator("[data-project]")).to_have_text("billing")
    restates(page, ["acks-late-for-critical-tasks"])
    assert query(page) == {"state": ["done"]}


def test_ticking_all_that_is_shown_leaves_the_hidden_alone(open_list: Open) -> None:
    page = open_list("?section=limits&priority=essential,recommended")
    some = shown(page)
    page.locator("[data-open=_projects]").click()
    page.locator("[data-do=tick-shown]").click()
    state = page.evaluate(f"JSON.parse(localStorage['{KEY}']).projects.main.items")
    done = {id for id, facts in state.items() if facts["state"] == "done"}
    assert done == {"production-broker", "cap-retries", *some} - {"time-limits"}
    assert shown(page) == some
