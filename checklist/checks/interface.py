"""Is every interface string there, with the placeholders of the English?"""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from checklist.catalog import Catalog, interface_messages
from checklist.model import Checklist
from checklist.problems import Place, Problem, Severity


def check_interface(checklist: Checklist, catalog: Catalog) -> Iterator[Problem]:
    """Strings that a language lacks, or whose placeholders differ."""
    language = next(each for each in checklist.languages if each.id == catalog.language)
    severity = Severity.ERROR if language.required else Severity.NOTICE
    place = Place(catalog.path)
    if not catalog.readable:
        return
    for message, plural in interface_messages().items():
        if not catalog.has(message):
            text = f"'{message}' has no {language.name} ({language.id}); translate it"
            yield Problem(place, "missing-ui-string", text, severity)
            continue
        expected = placeholders(plural or message)
        for form in catalog.messages.get(message, ()):
            if placeholders(form) != expected:
                names = ", ".join(f"{{{name}}}" for name in sorted(expected)) or "no placeholders"
                text = f"'{form}' must have {names} as '{message}' has; correct it"
                yield Problem(place, "ui-placeholders", text)


def placeholders(string: str) -> set[str]:
    """What stands in braces, `{n}` and the like, with its format if it has one."""
    try:
        return {
            name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            for _, name, spec, conversion in Formatter().parse(string)
            if name is not None
        }
    except ValueError:
        return {"an unbalanced brace"}
