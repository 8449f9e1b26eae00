"""The shape of a source as JSON Schema, for editors.

An editor that knows the schema completes keys and underlines faults while one
types. What a schema cannot say (that an id is new, that a reference leads
somewhere, that code parses) remains to `checklist check`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from checklist import shapes
from checklist.model import Priority, Verdict
from checklist.shapes import ID, LANGUAGE, Shape

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string", "pattern": r"\S"}
_FLAG: Final[Schema] = {"type": "boolean"}
_ID: Final[Schema] = {"type": "string", "pattern": f"^{ID.pattern}$"}
_LANGUAGE_ID: Final[Schema] = {"type": "string", "pattern": f"^(?:{LANGUAGE.pattern})$"}


def schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a checklist's source."""
    return {
        "$schema": DIALECT,
        "title": "Checklist",
        "description": "A checklist in many languages; `checklist check` says the rest.",
        **_shape(
            shapes.CHECKLIST,
            id=_ID,
            languages={**_list(_shape(shapes.LANGUAGE_ENTRY, **_language())), "minItems": 1},
            title=_line(shapes.TITLE_LIMIT),
            description=_texts(),
            subject=_shape(shapes.SUBJECT, name=_TEXT, package=_TEXT, docs=_TEXT),
            scopes=_named(
                _shape(shapes.SCOPE, label=_line(), values=_named(_TEXT)), shapes.RESERVED_SCOPES
            ),
            sections=_list(_shape(shapes.SECTION, **_section())),
            resources=_list(_shape(shapes.RESOURCE, **_resource())),
        ),
    }


def _language() -> Schema:
    return {"id": _LANGUAGE_ID, "name": _TEXT, "required": _FLAG}


def _section() -> Schema:
    return {
        "id": _new_id(shapes.RESERVED),
        "title": _line(shapes.TITLE_LIMIT),
        "intro": _texts(),
        "items": _list(_shape(shapes.ITEM, **_item())),
        "hint": _TEXT,
    }


def _item() -> Schema:
    return {
        "id": _ID,
        "aliases": _list(_ID),
        "priority": _choice(*Priority),
        "top": _FLAG,
        "updated": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "applies_to": _named(_list(_TEXT)),
        "versions": {"type": "string", "pattern": f"^(?:{shapes.RANGE.pattern})$"},
        "title": _line(shapes.TITLE_LIMIT),
        "why": _texts(),
        "how": _texts(),
        "docs": _list(_TEXT),
        "samples": _list(_shape(shapes.SAMPLE, **_sample())),
        "resources": _list(_TEXT),
        "hint": _TEXT,
    }


def _sample() -> Schema:
    note = _shape(shapes.NOTE, id=_ID, line={"type": "integer", "minimum": 1})
    del note["additionalProperties"]
    note["patternProperties"] = {_LANGUAGE_ID["pattern"]: _phrase(line=True)}
    # `id` itself looks like a language (Indonesian), so it is told apart by name.
    note["propertyNames"] = {"anyOf": [{"enum": shapes.NOTE.known}, _LANGUAGE_ID]}
    return {
        "id": _ID,
        "verdict": _choice(*Verdict),
        "code": _TEXT,
        "language": _choice(*shapes.CODE_LANGUAGES),
        "mistakes": _list(_TEXT),
        "notes": _list(note),
    }


def _resource() -> Schema:
    return {
        "id": _ID,
        "url": _TEXT,
        "title": _TEXT,
        "language": _LANGUAGE_ID,
        "kind": _choice(*shapes.RESOURCE_KINDS),
        "author": _TEXT,
        "year": {"type": "integer", "minimum": 0},
        "about": _line(),
    }


def _shape(shape: Shape, **properties: Schema) -> Schema:
    """A mapping with the keys of a shape; a key without a schema, or the reverse, is a bug."""
    if sorted(properties) != shape.known:
        raise ValueError(f"{shape.name}: {sorted(properties)} are not {shape.known}")
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(shape.required),
        "additionalProperties": False,
    }


def _list(entry: Schema) -> Schema:
    return {"type": "array", "items": entry}


def _named(value: Schema, reserved: Collection[str] = ()) -> Schema:
    return {"type": "object", "additionalProperties": value, "propertyNames": _new_id(reserved)}


def _new_id(reserved: Collection[str]) -> Schema:
    return _ID | ({"not": {"enum": sorted(reserved)}} if reserved else {})


def _choice(*options: str) -> Schema:
    return {"enum": [str(option) for option in options]}


def _texts(phrase: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "additionalProperties": phrase or _phrase(),
        "propertyNames": _LANGUAGE_ID,
    }


def _line(limit: int = 0) -> Schema:
    return _texts(_phrase(line=True, limit=limit))


def _phrase(*, line: bool = False, limit: int = 0) -> Schema:
    """A wording; white space around it does not count, as the loader takes it off."""
    if line:
        length = f"{{1,{limit}}}" if limit else "+"
        return {"type": "string", "pattern": rf"^\s*(?=\S)[^\n]{length}\s*$"}
    return _TEXT
