"""`checklist translate …`: what can be typed, and which command it leads to."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from checklist.review import RECORDED, State
from checklist.translate import commands, reports
from checklist.translate.commands import Run

_Parser = argparse.ArgumentParser
_Command = Callable[..., _Parser]
"""Adds a command: name, what runs it, help, and parsers with options of its own."""


def add_parsers(subparsers: argparse._SubParsersAction[_Parser]) -> None:
    """Add `translate` and what it can do to the commands of the command line."""
    help_ = "see, exchange and review translations"
    group = subparsers.add_parser("translate", help=help_, description=help_)
    common = _Parser(add_help=False)
    common.add_argument("--source", type=Path, help="the YAML file (default: of mkdocs.yml)")
    common.add_argument("--locales", type=Path, help="folder of catalogs and records")
    parsers = group.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Run, help_: str, *parents: _Parser) -> _Parser:
        parser = parsers.add_parser(name, parents=[*parents, common], help=help_, description=help_)
        parser.set_defaults(run=run)
        return parser

    _add_what_shows(command)
    _add_exchange(command)
    _add_what_records(command)
    _add_languages(command)


def _add_what_shows(command: _Command) -> None:
    added = command("status", commands.status, "how far every language is, by section")
    added.add_argument("--format", choices=reports.FORMS, default="table", help="how to say it")
    help_ = "what differs from a status in JSON, in Markdown"
    added.add_argument("--since", type=Path, metavar="FILE", help=help_)
    added = command("todo", commands.todo, "what to do next, most important first", _language())
    added.add_argument("--limit", type=int, metavar="N", help="at most so many lines")
    added = command("diff", commands.diff, "what changed since a text was translated")
    added.add_argument("id", metavar="ID", help="such as items/cap-retries/title")
    added.add_argument("language", metavar="LL", help="such as ko or pt-BR")
    added = command("glossary", commands.glossary, "the words we agreed on", _language())
    added.add_argument("word", nargs="?", default="", metavar="WORD", help="part of a term")


def _add_exchange(command: _Command) -> None:
    help_ = "write a PO file for Poedit and its like"
    added = command("export", commands.export, help_, _language())
    added.add_argument("--out", type=Path, metavar="FILE", help="where to (default: the output)")
    added.add_argument("--only", default="", metavar="ID", help="one item or section")
    added = command("import", commands.import_, "take over a PO file, all of it or nothing")
    added.add_argument("file", type=Path, metavar="FILE", help="the PO file")
    added.add_argument("--by", metavar="NAME", type=_name, help="the translator")
    added.add_argument("--dry-run", action="store_true", help="show what would change")


def _add_what_records(command: _Command) -> None:
    signed = _Parser(add_help=False)
    signed.add_argument("--by", required=True, metavar="NAME", type=_name, help="your name")
    added = command("review", commands.review, "enter texts in the record", _language(), signed)
    added.add_argument("id", nargs="*", metavar="ID", help="such as items/cap-retries/title")
    added.add_argument("--all", action="store_true", help="all that are not in the record")
    added.add_argument("--state", choices=RECORDED, default="reviewed", type=State)
    added.add_argument("--note", help="for the next translator")
    help_ = "a stale translation is right as it is"
    added = command("still-valid", commands.still_valid, help_, signed)
    added.add_argument("id", nargs="+", metavar="ID")
    added.add_argument("--language", action="append", default=[], metavar="LL", help="only these")
    help_ = "an edit of the original changed no meaning"
    added = command("same-meaning", commands.same_meaning, help_, signed)
    added.add_argument("id", nargs="+", metavar="ID")
    help_ = "the earlier original is that of LL"
    added.add_argument("--made-from", default="", metavar="LL", help=help_)
    added = command("waive", commands.waive, "a check is wrong about a translation", _language())
    added.add_argument("id", metavar="ID")
    added.add_argument("code", metavar="CODE", help="of the problem, such as numbers-differ")
    why = added.add_mutually_exclusive_group(required=True)
    why.add_argument("--reason", type=_name, help="why, for whoever reads it")
    why.add_argument("--remove", action="store_true", help="take it back")


def _add_languages(command: _Command) -> None:
    help_ = "begin a new language, and build the site with it"
    added = command("add", commands.add, help_, _language())
    added.add_argument("--no-build", action="store_true", help="only write the files")
    added = command("pseudo", commands.pseudo, "build the site in a made-up language")
    help_ = "where to (default: site-pseudo)"
    added.add_argument("--out", type=Path, metavar="DIR", help=help_)


def _language() -> _Parser:
    parser = _Parser(add_help=False)
    parser.add_argument("language", metavar="LL", help="such as ko or pt-BR")
    return parser


def _name(text: str) -> str:
    """A name or a reason: one line that says something."""
    cleaned = " ".join(text.split())
    if not cleaned or not cleaned.isprintable():
        raise argparse.ArgumentTypeError("write a line of text")
    return cleaned
