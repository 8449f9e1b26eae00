"""Does the code of every sample parse in its language?"""

from __future__ import annotations

import ast
import configparser
import json
import re
import shlex
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import yaml

from checklist.model import Checklist, Sample
from checklist.problems import Problem

Fault = tuple[int, int, str]
"""1-based line, 1-based column and what is wrong."""


def check_samples(checklist: Checklist) -> Iterator[Problem]:
    """Code that does not parse. Shell is only checked for quotes that do not close."""
    for sample in checklist.samples:
        if fault := _fault(sample):
            line, column, what = fault
            message = f"sample '{sample.id}' is not valid {sample.language}: {what}"
            place = sample.place_at(line, column)
            yield Problem(place, "sample-syntax", message + "; correct the code")


def _fault(sample: Sample) -> Fault | None:
    try:
        return _FAULTS.get(sample.language, _no_fault)(sample.code)
    except (RecursionError, MemoryError):
        return 1, 1, "it is nested too deeply to be parsed"


def _no_fault(code: str) -> Fault | None:
    return None


def _python(code: str) -> Fault | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            ast.parse(code)
    except SyntaxError as error:
        return error.lineno or 1, error.offset or 1, error.msg
    except ValueError as error:  # a null byte
        return 1, 1, str(error)
    return None


def _yaml(code: str) -> Fault | None:
    try:
        for _ in yaml.compose_all(code, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return (mark.line + 1, mark.column + 1, str(error.problem)) if mark else (1, 1, str(error))
    except yaml.YAMLError as error:
        return 1, 1, str(error).splitlines()[0]
    return None


def _json(code: str) -> Fault | None:
    try:
        json.loads(code)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno, error.msg
    return None


def _toml(code: str) -> Fault | None:
    try:
        tomllib.loads(code)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line, column = map(int, found.groups()) if found else (1, 1)
        return line, column, re.sub(r" \(at .*\)", "", str(error))
    return None


def _ini(code: str) -> Fault | None:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(code)
    except configparser.MissingSectionHeaderError as error:
        return error.lineno, 1, "the first line must be a [section]"
    except configparser.ParsingError as error:
        return error.errors[0][0], 1, "this line is neither a key nor a section"
    return None


def _shell(code: str) -> Fault | None:
    try:
        shlex.split(code, comments=True)
    except ValueError as error:
        return 1, 1, str(error)
    return None


_FAULTS: Final[Mapping[str, Callable[[str], Fault | None]]] = {
    "python": _python,
    "yaml": _yaml,
    "json": _json,
    "toml": _toml,
    "ini": _ini,
    "sh": _shell,
}
