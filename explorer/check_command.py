"""`python -m explorer check`: one text, the lines of a file, or the rows of a large file."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.names import Capability
from explorer.check import check
from explorer.large.columns import SUFFIXES, BadTable
from explorer.pc import check_pc
from explorer.queries import Dataset, load_dataset
from explorer.show import show
from explorer.wording import say


class BadUsage(Exception):
    """What was given, what was expected, what to do."""


def add_check(command: argparse.ArgumentParser) -> None:
    """Give the command its options, and what runs it: `run(options)` returns an exit code."""
    command.set_defaults(run=_check)
    command.add_argument("text", nargs="?", help="device name or model number, such as SH-41A")
    command.add_argument("--file", help="one text a line; - for standard input; with --out a table")
    command.add_argument("--os", default="", help='OS version, such as "Android 12"')
    command.add_argument(
        "--for", dest="capability", type=_capability, metavar="CAPABILITY", help=", ".join(Capability)
    )
    for part, example in (("browser", "Chrome"), ("reader", "RC-S380"), ("phone", "SH-41A")):
        command.add_argument(f"--{part}", default="", help=f"a PC's {part}, such as {example}")
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    command.add_argument("--lang", choices=("ja", "en"), default="ja")
    command.add_argument(
        "--out", type=Path, help="answer the table --file (.parquet or .csv) row by row into this one"
    )
    command.add_argument("--column", help="with --out: the column of the device; else found by its heading")
    command.add_argument("--os-column", help="with --out: the column of the OS; else found by its heading")


def _capability(text: str) -> Capability:
    try:
        return Capability(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"unknown capability {text!r}; choose from: {', '.join(Capability)}"
        ) from None


def _check(options: argparse.Namespace) -> int:
    if options.file is None and options.text is None:
        raise BadUsage(say(options.lang, "cli", "nothing"))
    if options.file is not None and options.text is not None:
        raise BadUsage(say(options.lang, "cli", "both"))
    if options.text is not None and not options.text.strip():
        raise BadUsage(say(options.lang, "cli", "empty"))
    if options.out or options.column or options.os_column:
        return _check_table(options)
    if options.file and Path(options.file).suffix.lower() in SUFFIXES:
        raise BadUsage(say(options.lang, "cli", "no_out", name=options.file))
    data = load_dataset(options.database)
    if options.file is None:
        answer = _answer(data, options, options.text)
        print(_json(answer) if options.json else show(answer, options.lang))
        return 0
    for line in _lines(options.file, options.lang):
        answer = _answer(data, options, line)
        print(_json(answer) if options.json else f"{show(answer, options.lang)}\n")
    return 0


def _check_table(options: argparse.Namespace) -> int:
    # Only here: a single answer needs no Arrow.
    from explorer.large.answer import Task, answer_file

    is_whole = options.file not in (None, "-") and options.out
    if not is_whole or options.os or options.json or options.browser or options.reader or options.phone:
        raise BadUsage(say(options.lang, "cli", "table_options"))
    files = (Path(options.file), options.out, options.database)
    task = Task(*files, options.column, options.os_column, _capabilities(options), options.lang)
    try:
        done = answer_file(task)
    except BadTable as error:
        raise BadUsage(say(options.lang, "large_bad", error.code, **error.values)) from error
    counts = {"rows": f"{done.rows:,}", "questions": f"{done.questions:,}", "joined": f"{done.joined:,}"}
    print(say(options.lang, "cli", "answered", name=options.out, **counts))
    return 0


def _capabilities(options: argparse.Namespace) -> tuple[Capability, ...]:
    return (options.capability,) if options.capability else tuple(Capability)


def _answer(data: Dataset, options: argparse.Namespace, text: str) -> dict[str, Any]:
    if options.browser or options.reader or options.phone:
        parts = (options.browser, options.reader, options.phone)
        return check_pc(data, text, *parts, options.lang, options.os)
    return check(data, text, options.os, _capabilities(options), options.lang)


def _lines(name: str, language: str) -> Iterator[str]:
    """Yield the lines of a file in order, empty ones too. Raises `BadUsage` if it cannot be read."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BadUsage(say(language, "cli", "unreadable", name=name, reason=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise BadUsage(say(language, "cli", "not_utf8", name=name)) from error
    yield from text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else ()


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)
