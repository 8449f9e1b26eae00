"""Settings, task options and flags that the checklist names exist in the installed Celery."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import flower.options
import pytest
from celery import Celery, Task, signals
from celery.app.amqp import AMQP
from celery.app.autoretry import add_autoretry_behaviour
from celery.app.defaults import _TO_NEW_KEY, NAMESPACES, flatten
from celery.bin.celery import celery as command
from kombu.messaging import Producer

from checklist.load import loads
from checklist.model import Checklist, Item, Sample
from checklist.problems import Place
from tests.samples.conftest import ROOT, SOURCE

Find = tuple[Place, str]
"""A name and where it stands."""

CODE_SPAN: Final = re.compile(r"(`+)(.+?)\1", re.DOTALL)
ELSEWHERE: Final = frozenset(
    {
        "CELERY_CUSTOM_WORKER_POOL",  # read by the worker itself, before there are settings
        "consumer_timeout",  # RabbitMQ
        "deprecated_features",
        "messages_ready",
        "messages_unacknowledged",
        "pg_try_advisory_xact_lock",  # PostgreSQL
        "statement_timeout",
        "sentry_sdk",
    }
)
"""Names of other software that the texts mention."""
OLD_SETTINGS: Final = frozenset(_TO_NEW_KEY)
"""Names that settings had before Celery 4 and that it still takes."""
GROUPS: Final = tuple(f"{name}_" for name in NAMESPACES if isinstance(NAMESPACES[name], dict))
"""What the names of settings begin with: `task_`, `worker_` and so on."""


@cache
def settings() -> frozenset[str]:
    return frozenset(dict(flatten(NAMESPACES)))


@cache
def decorator_options() -> frozenset[str]:
    """What `@app.task` understands: attributes of tasks and what is read beside them."""
    read = re.findall(r"options\.get\(\s*'(\w+)'", inspect.getsource(add_autoretry_behaviour))
    routing = {"queue", "exchange", "routing_key", "delivery_mode", "compression"}
    decorating = _parameters(Celery._task_from_fun, Celery.task)
    return frozenset({*dir(Task), *read, *routing, *decorating, "shared", "lazy", "filter"})


@cache
def calling_options() -> frozenset[str]:
    """What `apply_async`, `retry`, `signature` and `send_task` understand."""
    takers = (Task.apply_async, Task.retry, Celery.send_task, AMQP.as_task_v2, Producer.publish)
    return frozenset({*_parameters(*takers), "queue", "immutable", "retry_policy"})


@cache
def other_names() -> frozenset[str]:
    """What looks like a setting and is none: signals, attributes of tasks and of their requests."""
    return frozenset({*dir(signals), *decorator_options(), *calling_options()})


@cache
def words_of_sources() -> frozenset[str]:
    """Every word in the sources of Celery and of what it works with; any other is a slip."""
    found: set[str] = set(ELSEWHERE)
    for package in ("celery", "kombu", "amqp", "billiard", "django", "redis", "requests"):
        folder = Path(str(importlib.import_module(package).__file__)).parent
        for path in folder.rglob("*.py"):
            found.update(re.findall(r"\w+", path.read_text("utf-8")))
    return frozenset(found)


def _parameters(*functions: Callable[..., object]) -> set[str]:
    return {name for each in functions for name in inspect.signature(each).parameters}


@cache
def flags(name: str | None = None) -> frozenset[str]:
    """The flags of a `celery` command, or of all of them."""
    commands: dict[str, Any] = command.commands
    chosen = [command, *([commands[name]] if name else _all_commands(commands))]
    parameters = [parameter for each in chosen for parameter in each.params]
    found = {flag for each in parameters for flag in (*each.opts, *each.secondary_opts)}
    if name == "flower":  # leaves its options to Tornado
        found |= {f"--{option}" for option in flower.options.options}
    return frozenset({"--help", *found})


def _all_commands(commands: dict[str, Any]) -> Iterator[Any]:
    for each in commands.values():
        yield each
        yield from _all_commands(getattr(each, "commands", {}))


def unknown_names(checklist: Checklist) -> Iterator[Find]:
    """Every name in a text or a sample that Celery does not know."""
    own = {item.id: _own_names(item) for item in checklist.items}
    for text in checklist.texts:
        _, _, rest = text.id.partition("/")
        known = own.get(rest.partition("/")[0], set())
        for phrase in text.phrases.values():
            for span in CODE_SPAN.finditer(phrase.text):
                for name in set(unknown_in_span(span[2])) - known:
                    yield phrase.place_at(span.start(2) + span[2].find(name)), name
    for sample in checklist.samples:
        yield from _unknown_in_sample(sample)


def _own_names(item: Item) -> set[str]:
    """What the texts of an item may name because its samples, which are checked too, do."""
    return {name for sample in item.samples for name in re.findall(r"\w+", sample.code)}


def unknown_in_span(code: str) -> Iterator[str]:
    """Names in a code span of a text that Celery does not know."""
    for name in re.findall(r"(?<![\w./:-])[a-z]\w*_\w*[a-z]\b", code):
        is_setting = name.startswith(GROUPS)
        if name not in (settings() | other_names() if is_setting else words_of_sources()):
            yield name
    for name in re.findall(r"\bCELERY_(\w+)", code):
        known = name.lower() in settings() or f"CELERY_{name}" in OLD_SETTINGS | ELSEWHERE
        if not known:
            yield f"CELERY_{name}"
    words = code.split()
    if words and (words[0] == "celery" or (len(words) == 1 and words[0].startswith("-"))):
        yield from _unknown_flags(words)


def _unknown_in_sample(sample: Sample) -> Iterator[Find]:
    if sample.language == "python":
        for name, line, column in unknown_in_python(sample.code):
            if name not in sample.mistakes:
                yield sample.place_at(line, column), name
    elif sample.language == "sh":
        for number, line_ in enumerate(sample.code.replace("\\\n", "  ").splitlines(), 1):
            words = shlex.split(line_, comments=True)
            if "celery" in words:
                for name in _unknown_flags(words[words.index("celery") :]):
                    yield sample.place_at(number, 1 + max(0, line_.find(name))), name


def _unknown_flags(words: list[str]) -> Iterator[str]:
    name = next((word for word in words if word in command.commands), None)
    for word in words:
        flag = re.match(r"--[a-z-]+|-[A-Za-z]", word)
        if flag and flag[0] not in flags(name) and not _is_below(name, flag[0]):
            yield flag[0]


def _is_below(name: str | None, flag: str) -> bool:
    """Whether a command that has commands of its own, such as `inspect`, lets one have the flag."""
    group = command.commands.get(name) if name else None
    below = _all_commands(getattr(group, "commands", {}))
    return any(flag in parameter.opts for each in below for parameter in each.params)


def unknown_in_python(code: str) -> Iterator[tuple[str, int, int]]:
    """Settings and options in Python code that Celery does not know, with line and column."""
    for node in ast.walk(ast.parse(code)):
        for name, place, known in _claims(node):
            if name not in known:
                yield name, place.lineno, place.col_offset + 1


def _claims(node: ast.AST) -> Iterator[tuple[str, Any, frozenset[str]]]:
    """Names that a node uses as settings or options, and the names that exist."""
    if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("app.conf"):
        yield node.attr, node, settings() | frozenset(dir(Celery("x").conf))
    if isinstance(node, ast.Call) and (known := _keywords_of(ast.unparse(node.func))):
        yield from ((each.arg, each, known) for each in node.keywords if each.arg)


def _keywords_of(called: str) -> frozenset[str]:
    """The keywords that a function of Celery takes; none for other functions."""
    return next((known() for end, known in _KEYWORDS.items() if called.endswith(end)), frozenset())


_KEYWORDS: Final[dict[str, Callable[[], frozenset[str]]]] = {
    "app.task": decorator_options,
    "shared_task": decorator_options,
    ".apply_async": calling_options,
    ".retry": calling_options,
    ".send_task": calling_options,
    ").set": calling_options,  # of a signature, as in add.s(1).set(…)
    "app.conf.update": settings,
    "Celery": lambda: frozenset(_parameters(Celery.__init__)) | settings(),
}
"""What Celery's functions understand, by how a call of them ends."""


@pytest.fixture(name="ours", scope="module")
def our_text() -> str:
    return SOURCE.read_text("utf-8")


def find(text: str) -> list[str]:
    checklist, problems = loads(text, SOURCE.relative_to(ROOT).as_posix())
    assert checklist, problems
    return [f"{place}: Celery knows no '{name}'" for place, name in unknown_names(checklist)]


def test_every_setting_option_and_flag_exists(ours: str) -> None:
    assert not find(ours)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("`worker_prefetch_multiplier", "`worker_prefetch_multiplicator"),
        ("app.conf.worker_prefetch_multiplier", "app.conf.worker_prefetch_factor"),
        ("@app.task(soft_time_limit=45", "@app.task(soft_limit=45"),
        ("@app.task(acks_late=True", "@app.task(ack_late=True"),
        ("retry(countdown=30", "retry(countdwon=30"),
        ("worker -Q mail -n", "worker -Y mail -n"),
        ("`worker -B`", "`celery worker --with-beat`"),
        ("mistakes: [retry_limit]", "mistakes: [retry_limits]"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_its_place(
    ours: str, right: str, wrong: str
) -> None:
    assert right in ours
    offset = ours.index(right)
    line = ours[:offset].count("\n") + 1
    found = find(ours[:offset] + wrong + ours[offset + len(right) :])
    lines = [int(each.split(":")[1]) for each in found]
    assert any(line <= each <= line + 15 for each in lines), found
