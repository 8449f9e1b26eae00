"""Interface strings in the reader's language.

The strings live in gettext catalogs, `<lang>/LC_MESSAGES/checklist.po`, which
are read as they are: no compiled `.mo` lies about that could be out of date.
A string is identified by its English wording, as gettext has it; English
itself needs no catalog. A project's own catalogs win over the package's, string
by string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.messages.extract import extract
from babel.messages.pofile import PoFileError, read_po
from jinja2.ext import babel_extract

from checklist.problems import Place, Problem

PACKAGE: Final = Path(__file__).parent
SOURCE_LANGUAGE: Final = "en"
"""The language the interface strings are written in."""

Forms = tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """The interface strings of one language."""

    language: str
    messages: Mapping[str, Forms]
    plural: Callable[[int], int]
    """Index of the plural form for a number."""
    path: str = "locales"
    """The project's file, for problems."""
    readable: bool = True
    """Whether its files could be read; otherwise that is the problem to report."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where the project's own file has a string; those of the package are not in here."""

    def text(self, message: str, /, **values: object) -> str:
        """The translation of a string, with its `{placeholders}` filled."""
        forms = self.messages.get(message, (message,))
        return forms[0].format(**values) if values else forms[0]

    def count(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        """The translation in the form that goes with a number, which fills `{n}`."""
        forms = self.messages.get(singular)
        form = forms[self.plural(number)] if forms else _english(singular, plural, number)
        return form.format(n=number, **values)

    def plural_forms(self, singular: str, plural: str) -> dict[str, str]:
        """The forms by CLDR category (`one`, `other`, …), as `Intl.PluralRules` names them."""
        category = _locale(self.language).plural_form
        forms = self.messages.get(singular) or (singular, plural)
        by_category: dict[str, str] = {}
        for number in range(201):  # every category that whole numbers have occurs in here
            index = self.plural(number) if singular in self.messages else int(number != 1)
            by_category.setdefault(category(number), forms[min(index, len(forms) - 1)])
        return by_category

    def name_of(self, language: str) -> str:
        """The name of another language in this one, or its tag if it is not known."""
        try:
            other = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            return language
        return other.get_display_name(_locale(self.language)) or language

    def has(self, message: str) -> bool:
        """Whether the string exists in this language."""
        return self.language == SOURCE_LANGUAGE or message in self.messages


def _english(singular: str, plural: str, number: int) -> str:
    return singular if number == 1 else plural


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


def load_catalog(language: str, folder: Path | None) -> tuple[Catalog, list[Problem]]:
    """The catalog of a language.

    Args:
        language: BCP 47 tag.
        folder: the project's `locales`; its strings win over the package's.

    Returns:
        The catalog, empty if the language has none, and what is wrong with the files.
    """
    messages: dict[str, Forms] = {}
    places: dict[str, Place] = {}
    plural: Callable[[int], int] = c2py("n != 1")
    problems: list[Problem] = []
    for locales in filter(None, (_package_locales(), folder)):
        path = catalog_path(locales, language)
        if path.is_file():
            try:
                found, lines, plural = _read_catalog(path)
                messages |= found
                if locales == folder:
                    places = {key: Place(shown_path(path), line) for key, line in lines.items()}
            except (PoFileError, UnicodeDecodeError, ValueError) as error:
                line = getattr(error, "lineno", None) or 1
                message = f"{error}; correct the catalog"
                place = Place(shown_path(path), line)
                problems.append(Problem(place, "bad-catalog", message))
    shown = shown_path(catalog_path(folder or Path("locales"), language))
    return Catalog(language, messages, plural, shown, not problems, places), problems


def _read_catalog(path: Path) -> tuple[dict[str, Forms], dict[str, int], Callable[[int], int]]:
    """The translated strings of a file, the line of each, and its plural rule.

    Raises:
        PoFileError, UnicodeDecodeError, ValueError: the file is not a catalog, or its
            plural rule and the forms of its strings do not go together.
    """
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    plural = c2py(catalog.plural_expr)
    most = max(map(plural, range(201)))
    messages: dict[str, Forms] = {}
    lines: dict[str, int] = {}
    for entry in catalog:
        string = entry.string or ""
        forms = (string,) if isinstance(string, str) else tuple(string)
        key = entry.id if isinstance(entry.id, str) else entry.id[0]
        if not key or not all(forms) or entry.fuzzy:
            continue
        if not isinstance(entry.id, str) and most >= len(forms):
            message = f"'{key}' has {len(forms)} plural forms, but the rule asks for {most + 1}"
            raise ValueError(message)
        messages[key] = forms
        lines[key] = entry.lineno or 1
    return messages, lines, plural


def shown_path(path: Path) -> str:
    """The path as a person in the current folder would write it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def catalog_path(locales: Path, language: str) -> Path:
    """Where the catalog of a language lies in a `locales` folder."""
    return locales / language / "LC_MESSAGES" / "checklist.po"


@cache
def _package_locales() -> Path | None:
    """The catalogs that come with the package: inside it in a wheel, beside it in a checkout."""
    candidates = (PACKAGE / "locales", PACKAGE.parent / "locales")
    return next((folder for folder in candidates if folder.is_dir()), None)


@cache
def interface_messages() -> Mapping[str, str | None]:
    """Every interface string, read out of the code that uses it, with its plural or `None`."""
    found: dict[str, str | None] = {}
    for path, method in _translatable_files():
        with path.open("rb") as file:
            for _, message, _, _ in extract(method, file, keywords=_KEYWORDS):
                singular, plural = message if isinstance(message, tuple) else (message, None)
                found[singular] = plural or found.get(singular)
    return found


_KEYWORDS: Final = {"_": None, "ui": None, "ngettext": (1, 2), "plural_forms": (1, 2)}


def _translatable_files() -> Iterable[tuple[Path, Any]]:
    for module in ("render.py", "pages.py", "plugin.py"):
        yield PACKAGE / module, "python"
    for folder in ("templates", "theme"):
        for path in sorted(PACKAGE.joinpath(folder).rglob("*.*")):
            yield path, babel_extract
