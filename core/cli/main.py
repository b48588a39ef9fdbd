# SPDX-License-Identifier: Apache-2.0
"""Arguments in, exit code out. Each command is imported only when it runs: `flops` must start fast."""

import argparse
import datetime
import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.cli.output import prepare
from core.errors import BadAnswers, CannotRead, WeighbridgeError

if TYPE_CHECKING:
    from core.documents import Printer

COMMANDS = ("scan", "flops", "weigh", "write", "check", "rules", "rulebook")

EXIT_DONE, EXIT_FINDINGS, EXIT_USAGE, EXIT_CANNOT_READ = 0, 1, 2, 3

DESCRIPTION = (
    "Weighs the training compute of a model, says which rules apply, and writes its documents. Offline."
)


def build_parser() -> argparse.ArgumentParser:
    """The parser for every command; docs/cli.md describes the same."""
    parser = argparse.ArgumentParser(prog="weighbridge", description=DESCRIPTION)
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    scan = commands.add_parser("scan", help="every fact found in a folder, with file and key")
    scan.add_argument("path", metavar="FOLDER")
    scan.add_argument("--base", metavar="FOLDER", help="folder of the base model, if you have it")
    scan.add_argument("--json", action="store_true")

    flops = commands.add_parser("flops", help="parameters and operations from a config.json alone")
    flops.add_argument("path", metavar="CONFIG_OR_FOLDER")
    flops.add_argument("--seq", type=int, metavar="N", help="sequence length in tokens")
    flops.add_argument("--batch", type=int, metavar="N")
    flops.add_argument("--input", action="append", default=[], metavar="KEY=VALUE")
    flops.add_argument("--class", dest="model_class", metavar="NAME")
    flops.add_argument("--part", default="main", metavar="NAME")
    flops.add_argument("--adapter", metavar="ADAPTER_CONFIG")
    flops.add_argument("--json", action="store_true")

    weigh = commands.add_parser("weigh", help="compute, energy, and what applies")
    _project_arguments(weigh, "path")
    weigh.add_argument("--json", action="store_true")
    weigh.add_argument("--explain", action="store_true", help="show every step of the arithmetic")
    weigh.add_argument(
        "--answers-schema", action="store_true", help="print the JSON Schema of an answers file"
    )

    write = commands.add_parser("write", help="write the documents")
    _project_arguments(write, "path")
    write.add_argument("--out", metavar="DIR", help="folder for the documents")
    write.add_argument("--only", metavar="ID,…", help="only these documents")
    write.add_argument(
        "--as",
        dest="formats",
        default="md",
        metavar="FORMAT,…",
        help="md, docx, pdf (documents in Markdown only)",
    )
    write.add_argument("--zip", metavar="FILE", help="also pack the documents and their manifest")
    write.add_argument(
        "--replace", action="store_true", help="replace files that differ (the difference is printed)"
    )

    check = commands.add_parser("check", help="what is wrong in a card or a folder, before you publish it")
    check.add_argument("paths", nargs="+", metavar="README_OR_FOLDER")
    check.add_argument("--off", default="", metavar="RULE,…", help="leave these rules out")
    check.add_argument("--answers", metavar="FILE", help="your answers: then all that is owed is listed too")
    check.add_argument("--on", metavar="DATE", type=_date, help="judge by the rules of this day (YYYY-MM-DD)")
    shape = check.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true")
    shape.add_argument("--sarif", action="store_true", help="SARIF 2.1.0, for code hosts")

    rules = commands.add_parser("rules", help="the rulebook as it stands on a date")
    rules.add_argument("--on", metavar="DATE", type=_date)
    rules.add_argument("--json", action="store_true")
    rules.add_argument(
        "--calendar", action="store_true", help="what starts, ends or falls due after the date"
    )
    rules.add_argument("--words", action="store_true", help="what the words of the trade mean")
    rules.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="ID=VALUE",
        help="move a line (10^22, /10, x10) or put a plan in force, and show who is caught",
    )
    rules.add_argument("--for", dest="path", metavar="PATH", help="with --what-if: your model")
    rules.add_argument("--answers", metavar="FILE", help="with --for: your answers")
    rules.add_argument("--base", metavar="FOLDER", help="with --for: folder of the base model")

    book = commands.add_parser("rulebook", help="load newer rules from a signed file, or go back")
    book.add_argument(
        "action",
        nargs="?",
        default="show",
        choices=("show", "check", "load", "back", "trust"),
        help="show what is in use; check or load FILE; go back to the app's own rules; trust a key FILE",
    )
    book.add_argument("paths", nargs="*", metavar="FILE [RELEASE…]", help="and releases to judge by both")
    book.add_argument("--answers", metavar="FILE", help="your answers for the releases")
    book.add_argument("--on", metavar="DATE", type=_date)
    book.add_argument("--json", action="store_true")
    return parser


def _project_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(
        name, metavar="PATH", nargs="?", help="a model folder, one of its files, or a saved project"
    )
    parser.add_argument("--answers", metavar="FILE", help="YAML or JSON with your answers")
    parser.add_argument("--base", metavar="FOLDER", help="folder of the base model, if you have it")
    parser.add_argument(
        "--stages",
        metavar="WORDS",
        help='stages of the training, for example "sft tokens 50M lora; dpo tokens 8M"',
    )
    parser.add_argument(
        "--on", metavar="DATE", type=_date, help="judge by the rules of this day (YYYY-MM-DD)"
    )


def _date(value: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date like 2026-11-23") from error


def main(argv: Sequence[str], *, today: datetime.date, printer: "Printer | None" = None) -> int:
    """Run one command; `printer` makes PDF files. Returns 0 done, 1 findings, 2 usage, 3 cannot read; never raises for bad input."""
    parser = build_parser()
    prepare(json="--json" in argv or "--sarif" in argv)
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:
        return EXIT_DONE if stop.code in (0, None) else EXIT_USAGE
    if arguments.version:
        from core.version import version

        print(f"weighbridge {version()}")
        return EXIT_DONE
    if arguments.command is None:
        parser.print_help()
        return EXIT_USAGE
    try:
        arguments.printer = printer
        module = importlib.import_module(f"core.cli.{arguments.command}")
        result: int = module.run(arguments, today)
        return result
    except BrokenPipeError:
        return EXIT_DONE
    except BadAnswers as error:
        return _tell(error, EXIT_USAGE)
    except CannotRead as error:
        return _tell(error, EXIT_CANNOT_READ)
    except WeighbridgeError as error:
        return _tell(error, EXIT_CANNOT_READ)


def _tell(error: WeighbridgeError, code: int) -> int:
    for part in (error.what, error.why, error.todo):
        if part:
            print(part, file=sys.stderr)
    return code
