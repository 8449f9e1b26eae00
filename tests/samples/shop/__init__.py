"""The shop that the samples work for; copied into the folder of each check.

Any module and any function of it exists: `from shop import payments`, `from shop.alerts import
send_alert`. What is called is written into a journal; what a call does beyond that (take time,
fail, return something) is what the check has told in advance. A module that a check writes into
the folder itself, such as `shop/tasks.py`, takes precedence.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from types import ModuleType
from typing import Any

from shop.journal import Function


class _AnyModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module below `shop` where there is no file for it."""

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not name.startswith("shop."):
            return None
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        short = spec.name.removeprefix("shop.")

        def attribute(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return Function(f"{short}.{name}")

        module.__getattr__ = attribute  # type: ignore[method-assign]
        return module

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


sys.meta_path.append(_AnyModule())
