"""An entry more in a YAML file, as its neighbours are written, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.translate.insertion import Entry, append_entry, insert_key, value_of

PAIR: dict[str, str | bool] = {"id": "pt", "name": "Português", "required": False}

CASES = [
    # A line for each entry, in braces.
    ("l:\n  - {id: en}\n", "l:\n  - {id: en}\n  - {id: pt, name: Português, required: false}\n"),
    ("l:\n- {id: en}", "l:\n- {id: en}\n- {id: pt, name: Português, required: false}"),
    (
        "l:\n  -   { id: en }  # first\n# next\nm: 1\n",
        "l:\n  -   { id: en }  # first\n"
        "  -   { id: pt, name: Português, required: false }\n# next\nm: 1\n",
    ),
    (
        'l:\n  - {"id": "en"}\n',
        'l:\n  - {"id": "en"}\n  - {"id": "pt", "name": "Português", "required": false}\n',
    ),
    # Keys below each other.
    (
        "l:\n  - id: en\n    name: E # x\n\n# m\nm: 1\n",
        "l:\n  - id: en\n    name: E # x\n  - id: pt\n    name: Português\n    required: false\n"
        "\n# m\nm: 1\n",
    ),
    (
        "l:\n-\n  id: en\n",
        "l:\n-\n  id: en\n- id: pt\n  name: Português\n  required: false\n",
    ),
    (
        "l:\n  - id: en\n    name: |\n      E\n\nm: 1\n",
        "l:\n  - id: en\n    name: |\n      E\n"
        "  - id: pt\n    name: Português\n    required: false\n\nm: 1\n",
    ),
    (
        "l:\n  - id: en\n    theme:\n      - a\n  # c\n",
        "l:\n  - id: en\n    theme:\n      - a\n"
        "  - id: pt\n    name: Português\n    required: false\n  # c\n",
    ),
    # Brackets.
    ("l: [{id: en}]\n", "l: [{id: en}, {id: pt, name: Português, required: false}]\n"),
    (
        "l: [{id: en} , ] # x\n",
        "l: [{id: en}, {id: pt, name: Português, required: false} , ] # x\n",
    ),
    (
        "l: [{id: en},\n    {id: ko}]\n",
        "l: [{id: en},\n    {id: ko},\n    {id: pt, name: Português, required: false}]\n",
    ),
    (
        "l: [\n  {id: en} ,  # a\n]\n",
        "l: [\n  {id: en} ,  # a\n  {id: pt, name: Português, required: false},\n]\n",
    ),
    (
        "l: [\n  {id: en}  # a\n]\n",
        "l: [\n  {id: en},  # a\n  {id: pt, name: Português, required: false}\n]\n",
    ),
    # Other line ends, and characters outside of the basic plane.
    (
        "# 😀\r\nl:\r\n  - {id: en}\r\nm: 1\r\n",
        "# 😀\r\nl:\r\n  - {id: en}\r\n  - {id: pt, name: Português, required: false}\r\nm: 1\r\n",
    ),
]


def composed(text: str) -> yaml.Node:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert node
    return node


def appended(text: str, entry: Entry) -> str:
    entries = value_of(composed(text), "l")
    assert isinstance(entries, yaml.SequenceNode)
    return append_entry(text, entries, entry)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_entry_is_written_as_its_neighbour_is(text: str, expected: str) -> None:
    assert appended(text, PAIR) == expected
    before, after = yaml.safe_load(text), yaml.safe_load(expected)
    assert after.pop("l") == [*before.pop("l"), PAIR]
    assert after == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l: [en]", "l: [en, pt]"),
        ('l: ["en"]', 'l: ["en", "pt"]'),
        ("l:\n  - en\n  - ko\n", "l:\n  - en\n  - ko\n  - pt\n"),
    ],
)
def test_an_entry_can_be_a_text(text: str, expected: str) -> None:
    assert appended(text, "pt") == expected


@pytest.mark.parametrize(
    "name", ["no", "A, b", "a: b", "{x}", "# x", "it's", 'say "x"', "中文 (繁體)"]
)
def test_a_name_that_yaml_would_read_otherwise_is_quoted(name: str) -> None:
    for text, _ in CASES:
        result = yaml.safe_load(appended(text, {"id": "no", "name": name}))
        assert result["l"][-1] == {"id": "no", "name": name}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t: {a: 1, b: 2}\n", "t: {a: 1, k: v, b: 2}\n"),
        ("t:\n  a: 1  # x\n  b: 2\n", "t:\n  a: 1  # x\n  k: v\n  b: 2\n"),
        (
            "t:\n  a:\n    - 1\n    - 2\n\n  b: 2\n",
            "t:\n  a:\n    - 1\n    - 2\n  k: v\n\n  b: 2\n",
        ),
        ("- t:\n    a: 1", "- t:\n    a: 1\n    k: v"),
    ],
)
def test_a_key_comes_after_another(text: str, expected: str) -> None:
    root = composed(text)
    mapping = value_of(root.value[0] if isinstance(root, yaml.SequenceNode) else root, "t")
    after = value_of(mapping, "a")
    assert isinstance(mapping, yaml.MappingNode)
    assert after
    assert insert_key(text, mapping, after, "k", "v") == expected


SCALARS = st.sampled_from(["en", '"en"', "'e n'", "é😀", "1", "!ENV [A, b]", "{x: [1, 2]}", "[]"])
COMMENTS = st.sampled_from(["", "  # comment", "  # {x: 1}, ]"])


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A file with a list under `l`, laid out in one of many ways."""
    values = draw(st.lists(SCALARS, min_size=1, max_size=4))
    comments = [draw(COMMENTS) for _ in values]
    indent = " " * draw(st.integers(min_value=0, max_value=4))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    style = draw(st.sampled_from(["braces", "block", "row", "column", "trailing"]))
    lines = [f"l:{draw(COMMENTS)}"]
    if style == "row":
        lines = [f"l: [{', '.join(f'{{id: {value}}}' for value in values)}]"]
    elif style in ("column", "trailing"):
        commas = [",", *[","] * (len(values) - 2), "," if style == "trailing" else ""]
        commas = commas[-len(values) :]
        lines = ["l: ["]
        lines += [
            f"  {indent}{{id: {v}}}{k}{c}" for v, k, c in zip(values, commas, comments, strict=True)
        ]
        lines += [" ]"]
    else:
        for value, comment in zip(values, comments, strict=True):
            if style == "braces":
                lines += [f"{indent}- {{id: {value}}}{comment}"]
            else:
                lines += [f"{indent}- id: {value}{comment}", "", f"{indent}  b: {value}"]
    lines += draw(st.lists(st.sampled_from(["", "# end", "m: 1"]), max_size=2, unique=True))
    return newline.join([*lines, ""] if draw(st.booleans()) or style == "block" else lines)


class _Loader(yaml.SafeLoader):
    """Takes any tag."""


def _any_tag(loader: _Loader, suffix: str, node: yaml.SequenceNode) -> Any:
    return [suffix, *loader.construct_sequence(node)]


_Loader.add_multi_constructor("!", _any_tag)


@settings(max_examples=500, deadline=None)
@given(lists())
def test_nothing_else_changes_in_any_layout(text: str) -> None:
    result = appended(text, PAIR)
    before, after = (yaml.load(each, Loader=_Loader) for each in (text, result))  # noqa: S506
    assert after.pop("l") == [*before.pop("l"), PAIR]
    assert after == before
    assert is_still_there(text, result)
    lines = [line.replace("},", "}") for line in result.splitlines()]
    for line in text.splitlines():  # a comma is all that a line may get
        assert line.replace("},", "}") in lines or line.startswith("l: [{")


def is_still_there(text: str, result: str) -> bool:
    """Whether a text can be had from another one by deleting characters."""
    rest = iter(result)
    return all(character in rest for character in text)
