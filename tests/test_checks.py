from __future__ import annotations

from pathlib import Path

import pytest

from checklist.catalog import Catalog
from checklist.checks.addresses import fault_of
from checklist.checks.interface import check_interface, placeholders
from checklist.checks.prose import check_prose
from checklist.load import load
from checklist.model import Checklist
from tests.conftest import SMALL


@pytest.fixture(name="small")
def small_checklist() -> Checklist:
    checklist, _ = load(SMALL / "checklist.yaml")
    assert checklist
    return checklist


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "http://example.org:8080/a?b=c#d",
        "https://[::1]/x",
        "https://예시.kr/",
    ],
)
def test_a_web_address_has_no_fault(address: str) -> None:
    assert fault_of(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1/x",
        "https:///path",
        "example.org",
        "javascript:alert(1)",
        "https://example.org:port/",
        "https://example.org/a b",
        "",
    ],
)
def test_what_no_browser_could_open_has_a_fault(address: str) -> None:
    assert fault_of(address)


def test_a_page_that_a_language_lacks_is_a_problem_at_the_missing_file(
    small: Checklist, tmp_path: Path
) -> None:
    for name in ("de/index.md", "de/mehr/seite.md", "fr/index.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (problem,) = check_prose(small, tmp_path)
    assert (problem.code, problem.place.path) == ("missing-page", f"{tmp_path}/fr/mehr/seite.md")


def test_a_missing_interface_string_is_a_problem(small: Checklist) -> None:
    codes = {each.code for each in check_interface(small, Catalog("fr", {}, lambda _: 0))}
    assert codes == {"missing-ui-string"}


def test_a_lost_placeholder_is_a_problem(small: Checklist) -> None:
    catalog = Catalog("fr", {"Line {line}:": ("Ligne :",)}, lambda _: 0)
    messages = [
        each.message for each in check_interface(small, catalog) if each.code == "ui-placeholders"
    ]
    assert messages == ["'Ligne :' must have {line} as 'Line {line}:' has; correct it"]


@pytest.mark.parametrize("form", ["{line:zz}", "{line!r}"])
def test_another_format_is_another_placeholder(form: str) -> None:
    assert placeholders(form) != placeholders("{line}")


def test_an_unbalanced_brace_is_no_placeholder_of_the_english() -> None:
    assert placeholders("{n} of {done") != placeholders("{n} of {done}")
