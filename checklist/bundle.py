"""Our JavaScript modules as one script.

Small modules are good to read; one file is fetched at once and packs a sixth smaller. This is
no bundler for any JavaScript: it knows what our own modules are written with, and refuses the rest.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(
    r'^import (?:\{\s*(?:\w+,\s*)*\w+,?\s*\} from )?"\./([\w-]+\.mjs)";\n', re.MULTILINE
)
_NAMED: Final = r"(?:async )?(?:function|class|const|let)\b"
_EXPORT: Final = re.compile(rf"^export (?={_NAMED})", re.MULTILINE)
_DECLARED: Final = re.compile(rf"^(?:export )?{_NAMED} (.\w*)", re.MULTILINE)
_NESTED: Final = re.compile(r"\$\{[^`{}]*`")
"""A template literal within another: rjsmin takes its white space for that of code."""
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundle(entry: Path) -> str:
    """The text of a module with all that it imports before it, each once.

    Args:
        entry: a module; what it imports lies beside it.

    Raises:
        ValueError: something is written in a way that is not known here, such as a renaming
            import, or two modules declare the same name.
    """
    names: dict[str, str] = {}
    return "\n".join(_module(path, names) for path in _in_order(entry, []))


def _in_order(path: Path, before: list[Path]) -> list[Path]:
    """The modules, each behind those that it imports."""
    for name in _IMPORT.findall(path.read_text("utf-8")):
        if (imported := path.with_name(name)) not in before:
            _in_order(imported, before)
    before.append(path)
    return before


def _module(path: Path, names: dict[str, str]) -> str:
    text = path.read_text("utf-8")
    for name in _DECLARED.findall(text):
        if not name.isidentifier() or names.setdefault(name, path.name) != path.name:
            raise ValueError(f"{path.name}: '{name}' is also in {names.get(name)}; rename it")
    text = _EXPORT.sub("", _IMPORT.sub("", text))
    if left := _LEFT.search(text) or _NESTED.search(text):
        raise ValueError(f"{path.name}: cannot bundle '{left[0]}'")
    return text
