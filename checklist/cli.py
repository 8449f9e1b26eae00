"""The `checklist` command.

Exit codes: 0 all is well, 1 there are problems, 2 wrong usage, 3 could not run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from checklist import __version__
from checklist.pages import pages
from checklist.problems import Severity, has_errors, strictly, tolerant
from checklist.progress import progress_of
from checklist.project import CONFIGURATION, Settings, examine, settings_of
from checklist.render import BUILDERS, Renderer
from checklist.report import REPORTS, as_text
from checklist.scaffold import create, left_to_do, plan
from checklist.schema import schema
from checklist.translate.parsers import add_parsers

OK: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
CANNOT_RUN: Final = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    try:
        return _run(argv)
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT_RUN


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has printed usage or help
        return int(stop.code or 0)
    if "source" not in options:  # the command is about no checklist that is there
        return int(options.run(options))
    if options.locales and not options.locales.is_dir():
        print(f"{parser.prog}: {options.locales} is not a folder of catalogs", file=sys.stderr)
        return USAGE
    settings = _settings(options)
    if settings is None:
        print(
            f"{parser.prog}: name the YAML file: {CONFIGURATION} names none here", file=sys.stderr
        )
        return USAGE
    code: int = options.run(options, settings)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("checklist", description="Check and render a checklist.")
    parser.add_argument("--version", action="version", version=__version__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "source", nargs="?", type=Path, help="the YAML file (default: the one mkdocs.yml names)"
    )
    common.add_argument(
        "--locales", type=Path, help="folder of the interface catalogs (default: locales)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "check", parents=[common], help="say all that is wrong, with file, line and column"
    )
    command.add_argument("--format", choices=REPORTS, default="text", help="how to say it")
    weight = command.add_mutually_exclusive_group()
    weight.add_argument("--strict", action="store_true", help="count warnings as errors")
    weight.add_argument(
        "--gaps", action="store_true", help="count missing translations as warnings"
    )
    command.add_argument(
        "--notices", action="store_true", help="say what languages in the making lack, too"
    )
    command.set_defaults(run=_check)
    command = commands.add_parser(
        "render", parents=[common], help="write the pages as Markdown, a folder for each language"
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    command.add_argument("--builder", choices=BUILDERS, default="mkdocs", help="what for")
    command.set_defaults(run=_render)
    command = commands.add_parser("schema", help="print the JSON Schema of a source, for editors")
    command.set_defaults(run=_schema)
    command = commands.add_parser("new", help="make a project that can be built at once")
    command.add_argument("folder", type=Path, metavar="DIR", help="where to: a new or empty folder")
    command.add_argument("--id", required=True, help="permanent id, such as release-day")
    command.add_argument(
        "--languages", required=True, metavar="TAGS", help="such as en,pt-BR; the source first"
    )
    command.set_defaults(run=_new)
    add_parsers(commands)
    return parser


def _settings(options: argparse.Namespace) -> Settings | None:
    configured = settings_of()
    if options.source is None:
        if configured is None or options.locales is None:
            return configured
        return Settings(configured.source, options.locales, configured.docs)
    return Settings(options.source, options.locales or Path("locales"))


def _check(options: argparse.Namespace, settings: Settings) -> int:
    _, problems = examine(settings)
    if options.strict:
        problems = strictly(problems)
    if options.gaps:
        problems = tolerant(problems)
    # What a language in the making lacks would bury what is wrong.
    is_shown = options.notices or options.format == "json"
    shown = [each for each in problems if is_shown or each.severity is not Severity.NOTICE]
    print(REPORTS[options.format](shown))
    if options.format == "text" and (count := len(problems) - len(shown)):
        print(f"{count} more about languages in the making; --notices lists them")
    return PROBLEMS if has_errors(problems) else OK


def _render(options: argparse.Namespace, settings: Settings) -> int:
    project, problems = examine(settings)
    if project is None or has_errors(problems):
        print(as_text(problems), file=sys.stderr)
        return PROBLEMS
    written = 0
    progress = {each: progress_of(project, each) for each in project.catalogs}
    try:
        for language, catalog in project.catalogs.items():
            renderer = Renderer(
                project.checklist,
                catalog,
                options.builder,
                verification=project.verification,
                progress=progress,
            )
            for page in pages(renderer):
                path = options.out / language / page.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(page.markdown, encoding="utf-8")
                written += 1
    except OSError as error:
        print(f"checklist: cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN
    print(f"{written} pages in {options.out}")
    return OK


def _schema(options: argparse.Namespace) -> int:
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return OK


def _new(options: argparse.Namespace) -> int:
    wanted, faults = plan(options.id, [tag.strip() for tag in options.languages.split(",")])
    if wanted is None:
        print("\n".join(f"checklist: {fault}" for fault in faults), file=sys.stderr)
        return USAGE
    try:
        written = create(options.folder, wanted)
    except OSError as error:
        print(f"checklist: cannot write {options.folder}: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN
    if written is None:
        print(f"checklist: {options.folder} is in use; name a new or empty folder", file=sys.stderr)
        return PROBLEMS
    print(f"{len(written)} files in {options.folder}; left to do:")
    print("\n".join(f"- {each}" for each in left_to_do(wanted)))
    return OK
