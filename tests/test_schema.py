"""The schema and the loader tell the same story."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checklist.cli import main
from checklist.load import loads
from checklist.schema import schema
from checklist.shapes import RESERVED_SCOPES
from tests.conftest import ROOT, SMALL

CELERY = ROOT / "checklist/content/celery.yaml"
SHAPE_CODES = {
    "empty-value",
    "malformed-id",
    "malformed-value",
    "missing-key",
    "not-one-line",
    "too-long",
    "unknown-key",
    "unknown-value",
    "wrong-type",
    "ambiguous-scalar",
}
"""Problems of shape; all others are about what a schema cannot see."""


class TextLoader(yaml.SafeLoader):
    """Reads days as text, as YAML 1.2 and editors do."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(name="validator", scope="module")
def schema_validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def instance(text: str) -> Any:
    return yaml.load(text, Loader=TextLoader)  # noqa: S506  # a SafeLoader


def codes(text: str) -> set[str]:
    return {problem.code for problem in loads(text, "a.yaml")[1]}


@pytest.mark.parametrize("path", [CELERY, SMALL / "checklist.yaml"], ids=lambda path: path.name)
def test_a_sound_source_is_valid(validator: Draft202012Validator, path: Path) -> None:
    text = path.read_text("utf-8")
    assert not codes(text)
    assert [error.message for error in validator.iter_errors(instance(text))] == []


@pytest.mark.parametrize("code", sorted(SHAPE_CODES))
def test_a_source_of_the_wrong_shape_is_invalid(validator: Draft202012Validator, code: str) -> None:
    text = (ROOT / "tests/broken" / f"{code}.yaml").read_text("utf-8")
    assert not validator.is_valid(instance(text))


@pytest.mark.parametrize("name", sorted(RESERVED_SCOPES))
def test_a_scope_cannot_be_named_like_another_field_of_the_filter(
    validator: Draft202012Validator, name: str
) -> None:
    text = (SMALL / "checklist.yaml").read_text("utf-8")
    text = text.replace("  antrieb:", f"  {name}:").replace("{antrieb:", f"{{{name}:")
    assert codes(text) == {"malformed-id"}
    assert [list(error.path) for error in validator.iter_errors(instance(text))] == [["scopes"]]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a value."""
    found = [here]
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*here, key))
    return found


SOURCE = instance((SMALL / "checklist.yaml").read_text("utf-8"))
ODD: list[Any] = ["", " ", "x", "Ä b", "no", 7, 1.5, True, None, [], {}, ["x"], {"xx": "y"}, "a\nb"]
ODD += ["x" * 81, "2026-13-01", "2026-02-03", ">=1", "essential", "index"]
ODD += [{"de": "Neu"}, {"de": ""}]


@given(st.sampled_from(paths(SOURCE)[1:]), st.sampled_from(ODD), st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_they_agree_about_any_change(path: tuple[Any, ...], value: Any, delete: bool) -> None:
    changed = copy.deepcopy(SOURCE)
    target = changed
    for key in path[:-1]:
        target = target[key]
    if delete:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    text = yaml.dump(changed, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False)
    text = re.sub(r"updated: '([-0-9]+)'", r"updated: \1", text)  # days stand without quotes
    valid = Draft202012Validator(schema()).is_valid(instance(text))
    loaded = codes(text)
    assert valid == (not loaded & SHAPE_CODES), (path, value, loaded)


def test_the_command_prints_the_schema_that_is_committed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schema"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == schema()
    assert (ROOT / "checklist/schema.json").read_text("utf-8") == printed


def test_our_source_opens_with_the_line_that_tells_editors() -> None:
    first = CELERY.read_text("utf-8").split("\n")[0]
    marker, _, target = first.partition("$schema=")
    assert marker == "# yaml-language-server: "
    assert (CELERY.parent / target).resolve() == ROOT / "checklist/schema.json"
