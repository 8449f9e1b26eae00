"""The pure part of the script, called in the browser it runs in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.site import Site


@pytest.fixture(name="call")
def call_store(page: Page, site: Site) -> Any:
    page.goto(site.url)

    def call(name: str, *arguments: Any) -> Any:
        return page.evaluate(
            """async ([url, name, args]) => (await import(url))[name](...args)""",
            [f"{site.url}assets/checklist/store.mjs", name, list(arguments)],
        )

    return call


def test_what_is_stored_is_read_again(call: Any) -> None:
    ticks = {"a-b": "2026-11-20"}
    assert call("parse", call("serialize", ticks)) == {"condition": "ok", "ticks": ticks}


def test_nothing_stored_is_no_fault(call: Any) -> None:
    assert call("parse", None) == {"condition": "ok", "ticks": {}}


def test_ids_that_objects_have_of_their_own_are_ids_like_any_other(call: Any) -> None:
    raw = '{"version": 1, "ticks": {"constructor": "2026-11-20", "__proto__": "2026-11-20"}}'
    ticks = call("parse", raw)["ticks"]
    assert call("countDone", ticks, ["constructor", "valueof", "toString"]) == 1


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ({"old": "2026-01-01"}, {"new": "2026-01-01"}),
        ({"old": "2026-01-01", "new": "2026-02-02"}, {"new": "2026-02-02"}),
        ({"new": "2026-02-02", "old": "2026-01-01"}, {"new": "2026-02-02"}),
        ({"other": "2026-01-01"}, {"other": "2026-01-01"}),
    ],
)
def test_the_tick_under_the_present_id_wins(
    call: Any, ticks: dict[str, str], expected: dict[str, str]
) -> None:
    assert call("rename", ticks, {"old": "new"}) == expected
