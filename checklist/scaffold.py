"""A new project, which can be checked and built at once.

    wishes → `plan` → `files` (path to text) → `create` (on disk, all or nothing)

Nothing in it claims to be what it is not. There are example texts in the
languages that the package speaks; any other language is declared unfinished, and
until somebody writes its texts its pages show those of another, marked as such.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.plurals import get_plural
from babel.messages.pofile import escape
from jinja2 import Environment, PackageLoader, StrictUndefined

from checklist.catalog import Forms, catalog_path, interface_messages, load_catalog
from checklist.shapes import ID, LANGUAGE

WRITTEN: Final = ("en", "ko", "es")
"""Languages that the templates have example texts in, and the package interface strings."""
_THEME_LANGUAGES: Final = """
    af ar az be bg bn ca cs cy da de el en eo es et eu fa fi fr gl he hi hr hu hy id is it ja ka
    kn ko ku-IQ lb lt lv mk mn ms my nb nl nn pl pt pt-BR ro ru sa sh si sk sl sq sr sv ta te th
    tl tr uk ur uz vi zh zh-Hant zh-TW
"""
THEME_LANGUAGES: Final = frozenset(_THEME_LANGUAGES.split())
"""Languages of Material for MkDocs 9.8; a build in any other one fails."""
NAME_LIMIT: Final = 40
"""Characters of a title made from an id, so that the rest of the title has room."""

_SITE_LANGUAGE: Final = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""The tags that mkdocs-static-i18n takes: fewer than a checklist may use."""


@dataclass(frozen=True)
class Language:
    """A language of a new project."""

    id: str
    """BCP 47 tag."""
    built: bool = True
    """Whether the site has it."""

    @cached_property
    def locale(self) -> Locale:
        """What Babel knows about it."""
        return Locale.parse(self.id, sep="-")

    @property
    def name(self) -> str:
        """Its name in itself, as it stands in a list: with a capital where the script has them."""
        name = self.locale.get_display_name(self.locale) or self.id
        # Title case, as Georgian has capitals that nobody writes. A name with a capital inside,
        # such as isiZulu, is complete.
        return name[0].title() + name[1:] if name.split()[0].islower() else name

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    @property
    def base(self) -> str | None:
        """The written language that it is a variety of, if any."""
        return self.locale.language if self.locale.language in WRITTEN else None

    @property
    def required(self) -> bool:
        """Whether it starts out complete."""
        return self.built and self.base is not None

    @property
    def theme(self) -> str:
        """The nearest language of the theme; English for want of one in the same script."""
        language, script = self.locale.language, self.locale.script
        near = [self.id, f"{language}-{script}"]
        usual = get_global("likely_subtags").get(language, "")
        if script is None or f"_{script}" in usual:
            near.append(language)
        return next((each for each in near if each in THEME_LANGUAGES), "en")


@dataclass(frozen=True)
class Plan:
    """What a new project is to be."""

    id: str
    languages: tuple[Language, ...]
    """Those asked for; the first is the source language."""

    @property
    def name(self) -> str:
        """The id as a name: `Release day` for `release-day`."""
        name = self.id.replace("-", " ").capitalize()
        if len(name) <= NAME_LIMIT:
            return name
        return name[: NAME_LIMIT + 1].rpartition(" ")[0] or name[:NAME_LIMIT]

    @property
    def declared(self) -> tuple[Language, ...]:
        """The languages of the YAML: with English for the example texts if nothing else has any."""
        if any(language.base for language in self.languages):
            return self.languages
        return (*self.languages, Language("en", built=False))

    @property
    def written(self) -> list[Language]:
        """The languages that have example texts."""
        return [language for language in self.declared if language.base]

    @property
    def catalogs(self) -> list[Language]:
        """The languages whose interface strings the package does not bring along."""
        return [language for language in self.languages if language.id not in WRITTEN]

    @property
    def without_theme(self) -> list[Language]:
        """The languages that the theme does not have."""
        return [language for language in self.languages if language.id not in THEME_LANGUAGES]


@dataclass(frozen=True)
class Interface:
    """An interface string in a catalog to be written."""

    singular: str
    plural: str | None
    forms: Forms
    """Empty texts where nobody has translated it yet."""


@dataclass(frozen=True)
class Package:
    """This package, as a new project has to require it."""

    name: str
    """Of the distribution, which is not that of the package."""
    version: str
    origin: Mapping[str, Any]
    """Where it was installed from if not from an index, as in PEP 610."""

    @property
    def is_local(self) -> bool:
        """Whether it came from a folder or a file that no other machine has."""
        return str(self.origin.get("url", "")).startswith("file:")

    @property
    def requirement(self) -> str:
        """A line for `requirements.txt`."""
        project, url = f"{self.name}[site]", self.origin.get("url")
        if url is None or self.is_local:
            return f"{project}=={self.version}"
        if vcs := self.origin.get("vcs_info"):
            url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
        return f"{project} @ {url}"


def plan(id: str, languages: Sequence[str]) -> tuple[Plan | None, list[str]]:
    """Look at what is asked for.

    Args:
        id: of the checklist.
        languages: BCP 47 tags, the source language first.

    Returns:
        The plan, or `None` and everything that is wrong, a line each.
    """
    faults = []
    if not ID.fullmatch(id):
        rule = "lower-case words joined by hyphens, such as release-day"
        faults.append(f"the id must be {rule}, not {id!r}")
    faults += filter(None, map(language_fault, dict.fromkeys(languages)))
    faults += [
        f"{tag!r} is there twice; name it once"
        for tag, count in Counter(languages).items()
        if count > 1
    ]
    return (None if faults else Plan(id, tuple(map(Language, languages)))), faults


def language_fault(tag: str) -> str | None:
    """What keeps a checklist, the site or Babel from having a language; `None` if nothing does."""
    if not LANGUAGE.fullmatch(tag):
        return f"a language must be a BCP 47 tag, such as ko or pt-BR, not {tag!r}"
    if not _SITE_LANGUAGE.fullmatch(tag):
        return f"mkdocs-static-i18n has languages and regions of two letters only, not {tag!r}"
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return f"{tag!r} is no language that Babel knows; name another"
    return None


def left_to_do(plan: Plan) -> list[str]:
    """What only people can do, a sentence of Markdown each."""
    sentences = ["Put your own items in the place of the two examples.", *_languages_to_do(plan)]
    if (package := installed()).is_local:
        sentences.append(
            f"Say in `requirements.txt` where to install {package.name} from: "
            "here it came from this machine, where the workflow cannot get it."
        )
    return sentences


def _languages_to_do(plan: Plan) -> Iterator[str]:
    for language in plan.languages:
        name = f"{language.name} ({language.id})"
        if not language.base:
            catalog = catalog_path(Path("locales"), language.id).as_posix()
            yield (
                f"{name} is unfinished, so what it lacks is only a notice. Write the texts that "
                f"`checklist check --notices` names, `{catalog}` and `docs/{language.id}/`; "
                "then delete `required: false` in `checklist.yaml`."
            )
        if language in plan.without_theme and language.theme != language.base:
            yield (
                f"Material for MkDocs has no {name}: its own words are those of "
                f"'{language.theme}' until `{theme_path(language)}` translates them."
            )
    for language in plan.declared:
        if not language.built:
            yield (
                f"{language.name} ({language.id}) is there for the example texts and is not "
                "built: delete it from `checklist.yaml` together with the last of them."
            )


def files(plan: Plan) -> dict[str, str]:
    """Every file of the project: path to text."""
    texts = {
        "README.md": _render("README.md", plan=plan, left=left_to_do(plan)),
        "checklist.yaml": _render("checklist.yaml", plan=plan),
        "mkdocs.yml": _render("mkdocs.yml", plan=plan),
        "requirements.txt": _render("requirements.txt", package=installed()),
        ".gitignore": _render("gitignore"),
        ".github/workflows/check.yml": _render("workflow.yml"),
    }
    for language in plan.languages:
        texts[f"docs/{language.id}/index.md"] = _home(plan, language)
    for language in plan.catalogs:
        path = catalog_path(Path("locales"), language.id).as_posix()
        texts[path] = catalog_text(plan.id, language)
    for language in plan.without_theme:
        texts[theme_path(language)] = theme_text(language)
    return texts


def create(folder: Path, plan: Plan) -> list[str] | None:
    """Write a project.

    Either all of it is there afterwards or nothing, even if the process is killed. (In the
    current folder that does not hold for the moment of the last step, which moves several files.)

    Returns:
        The paths written, or `None` if the folder is in use and was left alone.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = folder.resolve()
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        return None
    texts = files(plan)
    # Beside the folder, because a folder can only be renamed within a file system.
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        made = Path(temporary, "project")
        for path, text in texts.items():
            file = made / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        _move(made, folder)
    return sorted(texts)


def _move(made: Path, folder: Path) -> None:
    if folder == Path.cwd():
        # Replacing it would leave the shell that we were called from in a folder that is gone.
        for each in made.iterdir():
            each.rename(folder / each.name)
    else:
        made.replace(folder)


def _home(plan: Plan, language: Language) -> str:
    shown = language if language.base else plan.written[0]
    attributes = "" if shown is language else f' lang="{shown.id}"'
    if shown.direction != language.direction:
        attributes += f' dir="{shown.direction}"'
    return _render("home.md", plan=plan, language=language, shown=shown, attributes=attributes)


def catalog_text(
    project: str, language: Language, strings: Iterable[Interface] | None = None
) -> str:
    """A catalog of interface strings.

    Args:
        project: id of the checklist.
        language: of the catalog.
        strings: what is in it; by default every string, filled in a variety of a language that
            the package speaks and empty in any other.
    """
    plural = get_plural(language.locale)
    return _render(
        "catalog.po",
        project=project,
        language=language,
        plurals=plural.num_plurals,
        plural_forms=str(plural),
        strings=list(_interface(language, plural.num_plurals) if strings is None else strings),
    )


def _interface(language: Language, plurals: int) -> Iterator[Interface]:
    known = load_catalog(language.base, None)[0].messages if language.base else {}
    for singular, plural in interface_messages().items():
        english = (singular, plural) if plural else (singular,)
        empty = ("",) * (plurals if plural else 1)
        forms = english if language.base == "en" else known.get(singular, empty)
        yield Interface(singular, plural, forms)


def theme_path(language: Language, folder: str = "theme") -> str:
    """Where the theme looks for its own words in a language.

    Args:
        folder: the `theme.custom_dir` of the site.
    """
    return f"{folder}/partials/languages/{language.id}.html"


def theme_text(language: Language) -> str:
    """The theme's words in a language that it does not have: those of the nearest one."""
    return _render("theme.html", language=language)


def installed() -> Package:
    """This package as it is installed here."""
    commands = entry_points(group="console_scripts", name="checklist")
    distribution = next(command.dist for command in commands if command.dist)
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    return Package(distribution.name, distribution.version, origin)


def _render(template: str, **values: Any) -> str:
    # No escaping: none of the files is HTML but a template with nothing foreign in it.
    environment = Environment(  # noqa: S701
        loader=PackageLoader("checklist", "templates/project"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"po": escape, "scalar": scalar}
    return environment.get_template(f"{template}.jinja").render(values)


def scalar(text: str, flow: bool = False) -> str:
    """A text as YAML, quoted only where it would be read as something else.

    Args:
        flow: whether it stands in brackets or braces, where a comma has a meaning.
    """
    try:
        is_plain = yaml.safe_load(f"[{text}]" if flow else text) == ([text] if flow else text)
    except yaml.YAMLError:
        is_plain = False
    return text if is_plain else json.dumps(text, ensure_ascii=False)
