"""Model and language to Markdown.

Pure: the same checklist, catalog and options always give the same text. The
templates in `templates/<builder>/` decide what a page looks like; here is only
what they need to say it in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from html import escape
from itertools import groupby, islice
from types import CodeType
from typing import Any, Final
from urllib.parse import quote, urlsplit

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, format_percent
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, Template
from jinja2.bccache import Bucket

from checklist.catalog import SOURCE_LANGUAGE, Catalog
from checklist.model import Checklist, Item, Phrase, Resource, Sample, Section, Text
from checklist.notices import Notice, PlaceUrl, notice_of, nowhere, place_of
from checklist.progress import GENERAL, INTERFACE, PAGES, RESOURCES, Progress, Standing, owner_of
from checklist.review import State
from checklist.shapes import RESOURCE_KINDS
from checklist.verification import Verification, series

BUILDERS: Final = ("mkdocs", "plain")
"""What Markdown can be made for: MkDocs with its extensions, or any reader of Markdown."""

TEXT_LIMITS: Final = {"name": 80, "reason": 500, "note": 5000}
"""Characters that a reader's own texts may have, as in `assets/store.mjs`."""

MOST_LISTED: Final = 50
"""Messages that the page about translations lists of each language."""


@dataclass(frozen=True)
class Renderer:
    """Renders the pages of one checklist in one language."""

    checklist: Checklist
    catalog: Catalog
    builder: str = "mkdocs"
    place_url: PlaceUrl = nowhere
    """Gives the address at which a line of a file can be seen; empty for no link."""
    report_url: str = ""
    """Address of a new issue, with `{title}` and `{body}` where these go. Empty for no links."""
    verification: Verification | None = None
    """The record of sample runs, if the pages are to tell of them."""
    progress: Mapping[str, Progress] = field(default_factory=dict, repr=False)
    """How far the languages are, if the pages are to tell of it; in the order of the checklist."""
    guide: str = ""
    """Path of the page on how to translate, below the folder of a language; may be empty."""

    @property
    def language(self) -> str:
        """The language rendered."""
        return self.catalog.language

    def page(self, template: str, **values: object) -> str:
        """The Markdown of a page.

        Args:
            template: name of a template of the builder, without its endings.
            values: what this page is about, for the template.

        Raises:
            jinja2.UndefinedError: a template uses a name that nobody gave it.
        """
        section = values.get("section")
        data = self._script_data(section) if isinstance(section, Section) else self._all_script_data
        return self._template(template).render(values, script_data=data).strip("\n") + "\n"

    def pick(self, text: Text) -> Phrase:
        """A text in the language rendered, or in the source language if it is not translated."""
        return text.pick(self.language, self.checklist.source_language.id, *text.phrases)

    @cached_property
    def translations(self) -> list[Progress]:
        """Of the languages that there is something to translate into, if it is to be told."""
        source = self.checklist.source_language.id
        every = self.progress.values() if len(self.checklist.languages) > 1 else ()
        return [each for each in every if each.language != source or each.open]

    def _template(self, name: str) -> Template:
        return self._environment.get_template(f"{name}.md.jinja")

    @cached_property
    def _environment(self) -> Environment:
        environment = _environment(self.builder).overlay()
        environment.filters = environment.filters | {
            "pick": self.pick,
            "or_title": lambda text, title=self.checklist.title: text or title,
            "scope_names": self._scope_names,
            "source_link": self._source_link,
            "report_link": self._report_link,
            "seen": self._seen,
            "foreign_language": self._foreign_language,
            "notice": self._notices.get,
            "language_name": self._language_name,
            "number": self._number,
            "percent": self.percent,
            "columns": _columns,
            "listed": self._listed,
            "verified_versions": self._verified_versions,
        }
        environment.globals = environment.globals | self._globals()
        return environment

    def _globals(self) -> dict[str, Any]:
        _ = self.catalog.text
        checklist = self.checklist
        return {
            "_": _,
            "ngettext": self.catalog.count,
            "language": self.language,
            "checklist": checklist,
            "subject": checklist.subject.name if checklist.subject else "",
            "resource_kinds": RESOURCE_KINDS,
            **_terms(_),
            "states": _script_texts(_)["states"],
            "limits": TEXT_LIMITS,
            "source_language": self.catalog.name_of(checklist.source_language.id),
            "translations": self.translations,
            "section_titles": {section.id: section.title for section in checklist.sections},
            "guide": self.guide,
            "linked": bool(self.place_url(checklist.title.place)),
        }

    def _scope_names(self, item: Item) -> list[str]:
        scopes = {scope.id: scope.values for scope in self.checklist.scopes}
        return [
            scopes[scope][value] for scope, values in item.applies_to.items() for value in values
        ]

    def _source_link(self, item: Item) -> str:
        return self.place_url(item.place)

    def _report_link(self, item: Item) -> str:
        """Address of a new issue about an item, filled in as far as the page knows it."""
        if not self.report_url:
            return ""
        _ = self.catalog.text
        where = self._source_link(item) or f"{item.place.path}:{item.place.line}"
        question = _("What is wrong?")
        parts = {
            "title": f"{item.id} ({self.language}): ",
            "body": f"{plain(self.pick(item.title))}\n{where}\n\n{question}\n\n",
        }
        return re.sub(
            r"\{(title|body)\}", lambda found: quote(parts[found[1]], safe=""), self.report_url
        )

    def _seen(self, item: Item) -> str:
        """What an item says in substance: `updated` and a hash, with a dot between.

        Kept with a tick, so that the page can tell when it was changed since. Language-neutral:
        of the texts, only the source language counts.
        """
        source = self.checklist.source_language.id
        texts = (
            text.phrases[source].text
            for text in (item.title, item.why, item.how)
            if text and source in text.phrases
        )
        said = [" ".join(each.split()) for each in texts]
        said += [f"{sample.verdict}\n{sample.code}" for sample in item.samples]
        digest = sha256("\0".join(said).encode()).hexdigest()[:8]
        return f"{item.updated or ''}.{digest}"

    def _foreign_language(self, resource: Resource) -> str | None:
        """The name of a resource's language, in the page's, if the two differ."""
        return (
            None if resource.language == self.language else self.catalog.name_of(resource.language)
        )

    @cached_property
    def _notices(self) -> dict[str, Notice]:
        """What to tell about the translations of things, by owner, such as `items/cap-retries`."""
        here = self.progress.get(self.language)
        total = Counter(owner_of(text.id) for text in self.checklist.texts)
        found = {
            owner: notice_of(standings, total[owner], self.place_url)
            for owner, standings in (here.by_owner if here else {}).items()
            if owner in total
        }
        return {owner: notice for owner, notice in found.items() if notice}

    def _listed(self, progress: Progress) -> list[tuple[Standing, str]]:
        """What is most urgent in a language, with its address; not all there may be."""
        first = islice(progress.most_urgent(), MOST_LISTED)
        return [(each, self.place_url(place_of(each))) for each in first]

    def _language_name(self, language: str) -> str:
        """The name of a language as it begins a heading."""
        name = self.catalog.name_of(language)
        return name[:1].upper() + name[1:]

    def _number(self, number: int) -> str:
        return format_decimal(number, locale=self._locale)

    def percent(self, percent: int) -> str:
        """A percentage as the language writes it."""
        return format_percent(percent / 100, locale=self._locale)

    @cached_property
    def _locale(self) -> Locale:
        try:
            return Locale.parse(self.language, sep="-")
        except (UnknownLocaleError, ValueError):
            return Locale.parse(SOURCE_LANGUAGE)

    def _verified_versions(self, sample: Sample, item: Item) -> str:
        """Versions that the sample was verified on, in brief, such as `5.4–5.7`; may be empty."""
        if self.verification is None or self.checklist.subject is None:
            return ""
        versions = self.verification.versions(f"{item.id}/{sample.id}", sample)
        return spans(map(series, versions), map(series, self.verification.all_versions))

    @cached_property
    def _all_script_data(self) -> dict[str, Any]:
        """What the script of a page of all sections needs to know and cannot read off the page."""
        return {
            "aliases": self.checklist.aliases,
            "text": _script_plurals(self.catalog) | _script_texts(self.catalog.text),
        }

    def _script_data(self, section: Section) -> dict[str, Any]:
        """The same for a page of one section, which would otherwise name every item there is."""
        aliases = {alias: item.id for item in section.items for alias in item.aliases}
        return self._all_script_data | {"aliases": aliases}


def _terms(_: Any) -> dict[str, Mapping[str, str]]:
    """Names of the values that the model knows."""
    return {
        "priorities": {
            "essential": _("Essential"),
            "recommended": _("Recommended"),
            "optional": _("Optional"),
        },
        "verdicts": {"bad": _("Wrong"), "good": _("Right")},
        "kinds": {
            "article": _("Articles"),
            "documentation": _("Documentation"),
            "video": _("Talks"),
            "discussion": _("Discussions"),
            "tool": _("Tools"),
            "course": _("Courses"),
            "book": _("Books"),
        },
        "translation_states": {
            State.STALE: _("Outdated"),
            State.MISSING: _("Missing"),
            State.DRAFT: _("Draft"),
            State.UNRECORDED: _("Not recorded"),
            State.REVIEWED: _("Reviewed"),
        },
        "groups": {
            GENERAL: _("Title and filters"),
            RESOURCES: _("Resources"),
            INTERFACE: _("Interface"),
            PAGES: _("Pages"),
        },
    }


def _columns(progress: Progress) -> list[State]:
    """The states that the table of a language counts apart, beside what is done."""
    if not progress.kept:
        return [State.MISSING]
    some = [each for each in (State.DRAFT, State.UNRECORDED) if progress.total.of(each)]
    return [State.STALE, State.MISSING, *some, State.REVIEWED]


def _script_plurals(catalog: Catalog) -> dict[str, Mapping[str, str]]:
    """Strings with a number that the script shows, by plural category."""
    return {
        "progress": catalog.plural_forms("{done} of {n} done", "{done} of {n} done"),
        "na": catalog.plural_forms("{n} not applicable", "{n} not applicable"),
        "risk": catalog.plural_forms("{n} accepted risk", "{n} accepted risks"),
        "hidden": catalog.plural_forms("{n} hidden by filters", "{n} hidden by filters"),
        "changes": catalog.plural_forms("{n} item would change", "{n} items would change"),
        "unknown": catalog.plural_forms(
            "{n} item of it is not in this checklist.",
            "{n} items of it are not in this checklist.",
        ),
    }


def _script_texts(_: Any) -> dict[str, Any]:
    """Strings that the script shows."""
    return {
        "blocked": _(
            "This browser does not let the page store anything: ticks are lost when you leave."
        ),
        "damaged": _("The ticks stored here could not be read. A copy was kept; you start afresh."),
        "newer": _(
            "The ticks stored here come from a newer version of this page. Reload to go on."
        ),
        "nothing": _("Nothing to do"),
        "inSection": _("{section}: {progress}"),
        "reasoned": _("{state}: {reason}"),
        "states": {
            "todo": _("To do"),
            "done": _("Done"),
            "na": _("Not applicable"),
            "risk": _("Accepted risk"),
        },
        "unnamed": _("My project"),
        "copyOf": _("{name} (copy)"),
        "imported": _("Imported project"),
        "losses": {
            "bulk": _("Several items of “{project}” ticked"),
            "reset": _("“{project}” cleared"),
            "import": _("File imported into “{project}”"),
            "note": _("Text changed in “{project}”"),
            "rename": _("“{project}” renamed"),
            "delete": _("“{project}” deleted"),
        },
        "shown": _("Shown: {progress}"),
        "note": {
            "added": _("note added"),
            "changed": _("note replaced"),
            "removed": _("note removed"),
        },
        "reason": {
            "added": _("reason added"),
            "changed": _("reason replaced"),
            "removed": _("reason removed"),
        },
        "faults": {
            "damaged": _("This file is damaged or was changed by hand. Nothing was imported."),
            "foreign": _("This file was not exported from a checklist. Nothing was imported."),
            "other": _("This file belongs to another checklist. Nothing was imported."),
            "older": _("This file has a format that is no longer read. Nothing was imported."),
            "newer": _("This file comes from a newer version of this page. Reload and try again."),
            "large": _("This file is larger than any exported project. Nothing was imported."),
        },
        "same": _("The file says nothing that is not here already."),
        "shared": _("You are looking at a shared list. Your own projects are as you left them."),
        "shareFaults": {
            "damaged": _("This link is damaged or incomplete. Ask for a new one."),
            "newer": _("This link comes from a newer version of this page. Reload to see it."),
        },
        "sharedName": _("Shared list"),
        "copied": _("Copied"),
        "gone": _("No longer in the checklist"),
        "columns": [
            _("Section"),
            _("Id"),
            _("Item"),
            _("Priority"),
            _("Status"),
            _("Reason"),
            _("Note"),
            _("Date"),
            _("Address"),
        ],
    }


class CompiledOnce(BytecodeCache):
    """Keeps compiled templates, as each language has an environment but all have the same ones."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Called before a template is compiled."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Called after a template was compiled."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


@cache
def _environment(builder: str) -> Environment:
    # No escaping: the output is Markdown. The templates escape what goes into HTML.
    environment = Environment(  # noqa: S701
        loader=PackageLoader("checklist", f"templates/{builder}"),
        undefined=StrictUndefined,
        bytecode_cache=CompiledOnce(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "attribute": attribute,
        "docs_label": docs_label,
        "fence": fence,
        "literal": literal,
        "plain": plain,
        "text": lambda phrase: phrase.text,
        "quoted": quoted,
        "script_json": script_json,
        "target": target,
        "version_range": version_range,
    }
    return environment


def plain(phrase: Phrase) -> str:
    """A wording without its inline Markdown and on one line, for attributes and titles."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", phrase.text)
    text = re.sub(r"(?<!\\)(?:`+|\*+)", "", text)
    return " ".join(re.sub(r"\\([\\`*_{}\[\]()>#+\-.!])", r"\1", text).split())


def attribute(value: object) -> str:
    """A plain text as the value of an attribute of HTML that stands in Markdown.

    What is code or emphasis to Markdown is so across tags too, and would swallow them.
    """
    return re.sub(r"[\\`*_\[\]{}]", lambda match: f"&#{ord(match[0])};", escape(str(value)))


def literal(value: object) -> str:
    """A plain text as Markdown that shows exactly that text."""
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}\[\]#|!])", r"\\\1", text)


def fence(code: str) -> str:
    """A fence longer than any run of backticks in the code."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    return "`" * max(3, longest + 1)


def docs_label(url: str) -> str:
    """A page of the documentation in brief: `tasks#task-retry` for `…/tasks.html#task-retry`."""
    parts = urlsplit(url)
    folder, _, page = parts.path.rpartition("/")
    name = page.removesuffix(".html")
    if name in ("", "index"):
        name = folder.rpartition("/")[2]
    return f"{name}#{parts.fragment}" if parts.fragment else name or parts.netloc


def version_range(text: str) -> str:
    """A range of versions for people: `≥ 5.3, < 6` for `>=5.3,<6`."""
    for sign, shown in (">=", "≥"), ("<=", "≤"), ("!=", "≠"):
        text = text.replace(sign, shown)
    return re.sub(r"\s*([≥≤≠<>=~]+)\s*", "\\1\N{NO-BREAK SPACE}", text).replace(",", ", ")


def spans(some: Iterable[str], every: Iterable[str]) -> str:
    """Some of an ordered list in brief: what stands in a row becomes a span, such as `5.4–5.6`."""
    chosen = set(some)
    runs = groupby(dict.fromkeys(every), key=lambda each: each in chosen)
    rows = [list(row) for is_chosen, row in runs if is_chosen]
    return ", ".join(row[0] if len(row) == 1 else f"{row[0]}–{row[-1]}" for row in rows)


def quoted(value: object) -> str:
    """A text as a double-quoted scalar, for the front matter."""
    return json.dumps(str(value), ensure_ascii=False)


def script_json(value: object) -> str:
    """JSON that can stand in a `<script>`: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def target(url: str) -> str:
    """An address as the target of a Markdown link, with what would end it percent-encoded."""
    return re.sub(r"[\s()<>`\\\[\]{}\"'|^]", lambda match: quote(match[0], safe=""), url)
