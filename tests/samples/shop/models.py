"""Rows of the shop: `Order.objects.get(pk=1)`; any model exists, and so does any method of it.

Rows are shared by all processes of a check. A row that was never added has only its key, unless it
was deleted.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from shop.journal import FOLDER, Function, write

ROWS: Final = FOLDER / "rows.json"


@contextmanager
def all_rows() -> Iterator[dict[str, Any]]:
    """All rows, under a lock; what is changed in them is stored."""
    with ROWS.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        rows = json.loads(file.read() or "{}")
        yield rows
        file.truncate(0)
        file.write(json.dumps(rows))


class DoesNotExist(Exception):
    """There is no such row."""


class Objects:
    """What `objects` of a model answers."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    def get(self, pk: Any) -> Model:
        row = self.filter(pk=pk).first()
        if row is None:
            raise self._model.DoesNotExist(pk)
        return row

    def filter(self, **wanted: Any) -> Rows:
        return Rows(self._model, wanted)

    def create(self, **values: Any) -> Model:
        with all_rows() as rows:
            pk = values.pop("pk", None) or len(rows) + 1
            rows[f"{self._model.__name__}/{pk}"] = values
        write(f"{self._model.__name__}.created", [pk], values)
        return self._model(pk, values)

    def all(self) -> Rows:
        return Rows(self._model, {})


class Rows:
    """The rows of a model that fit."""

    def __init__(self, model: type[Model], wanted: dict[str, Any]) -> None:
        self._model, self._wanted = model, wanted

    def __iter__(self) -> Iterator[Model]:
        pk = self._wanted.get("pk")
        others = {name: value for name, value in self._wanted.items() if name != "pk"}
        with all_rows() as rows:
            found = dict(rows)
        prefix = f"{self._model.__name__}/"
        if pk is not None:
            found = {f"{prefix}{pk}": found.get(f"{prefix}{pk}", {})}
        for key, values in found.items():
            fits = key.startswith(prefix) and values is not None
            if fits and all(values.get(name) == value for name, value in others.items()):
                yield self._model(json.loads(key.removeprefix(prefix)), values)

    def first(self) -> Model | None:
        return next(iter(self), None)

    def exists(self) -> bool:
        return self.first() is not None

    def update(self, **values: Any) -> int:
        changed = list(self)
        with all_rows() as rows:
            for row in changed:
                rows[row.key] = rows.get(row.key, {}) | values
        return len(changed)

    def values_list(self, name: str, *, flat: bool = True) -> list[Any]:
        return [row.pk if name == "pk" else getattr(row, name) for row in self]


class Model:
    """A row; an attribute that it does not have is a method that is written into the journal."""

    objects: Objects
    DoesNotExist: type[DoesNotExist] = DoesNotExist

    def __init_subclass__(cls) -> None:
        cls.objects = Objects(cls)

    def __init__(self, pk: Any, values: dict[str, Any]) -> None:
        self.pk = self.id = pk
        vars(self).update(values)

    @property
    def key(self) -> str:
        return f"{type(self).__name__}/{self.pk}"

    def save(self, update_fields: list[str] | None = None) -> None:
        values = {name: value for name, value in vars(self).items() if name not in ("pk", "id")}
        chosen = {name: values[name] for name in update_fields or values}
        Function(f"{type(self).__name__}.save")(self.pk, **chosen)
        with all_rows() as rows:
            rows[self.key] = rows.get(self.key, {}) | chosen

    def delete(self) -> None:
        with all_rows() as rows:
            rows[self.key] = None

    def refresh_from_db(self) -> None:
        with all_rows() as rows:
            vars(self).update(rows.get(self.key) or {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what pickle, JSON and copy look for
            raise AttributeError(name)
        return Function(f"{type(self).__name__}.{name}", self.pk)


class _AnyFunction(type(Model)):  # type: ignore[misc]
    """Makes any attribute of a model a function, as in `Order.export(2026)`."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Function(f"{cls.__name__}.{name}")


def __getattr__(name: str) -> type[Model]:
    if name.startswith("_"):
        raise AttributeError(name)
    model: type[Model] = _AnyFunction(name, (Model,), {"__module__": __name__})
    globals()[name] = model
    return model
