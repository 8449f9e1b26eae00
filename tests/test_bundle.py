"""Modules as one script: in order, each once, and nothing that is not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklist.bundle import bundle
from checklist.plugin import PACKAGE


def modules(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.mjs").write_text(text, "utf-8")
    return folder / "entry.mjs"


def test_what_is_imported_stands_before_what_imports_it_and_once(tmp_path: Path) -> None:
    entry = modules(
        tmp_path,
        entry='import { b } from "./b.mjs";\n'
        'import { a } from "./a.mjs";\nimport "./c.mjs";\nb(a);\n',
        a="export const a = 1;\n",
        b='import {\n  a,\n} from "./a.mjs";\nexport function b() { return a; }\n',
        c="last();\n",
    )
    assert bundle(entry).split("\n\n") == [
        "const a = 1;",
        "function b() { return a; }",
        "last();",
        "b(a);\n",
    ]


def test_our_own_script_is_whole(tmp_path: Path) -> None:
    text = bundle(PACKAGE / "assets" / "checklist.mjs")
    for module in (PACKAGE / "assets").glob("*.mjs"):
        last = module.read_text("utf-8").strip().splitlines()[-1]
        assert last.removeprefix("export ") in text, module.name


@pytest.mark.parametrize(
    "text",
    [
        'import { a as b } from "./a.mjs";\n',
        'import * as all from "./a.mjs";\n',
        'import a from "./a.mjs";\n',
        'import { a } from "https://elsewhere.example/a.mjs";\n',
        "export default 1;\n",
        'export * from "./a.mjs";\n',
        "export { b };\n",
        "const a = `${b ? ` ${c} ` : d}`;\n",
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    entry = modules(tmp_path, entry=text, a="export const a = 1;\n")
    with pytest.raises(ValueError, match="cannot bundle"):
        bundle(entry)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("const a = 1;\n", "export const a = 2;\n"),
        ("function a() {}\n", "async function a() {}\n"),
        ("class a {}\n", "let a;\n"),
        ("const { b } = {};\n", ""),
    ],
)
def test_a_name_that_two_modules_have_is_refused(tmp_path: Path, one: str, other: str) -> None:
    entry = modules(tmp_path, entry=f'import "./a.mjs";\n{one}', a=other)
    with pytest.raises(ValueError, match="rename it"):
        bundle(entry)
