"""Command line: `python -m crawler crawl | build | refresh | doctor | status | changes | dictionary`.

Exit codes: 0 good, 1 a page or a guard refused, 2 bad usage, input or surroundings (disk full, another
refresh at work), 3 nothing could be reached.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn
from urllib.parse import urlsplit

from crawler.changelog import describe_changes
from crawler.dictionary import data_dictionary
from crawler.doctor import examine
from crawler.refresh import Asking, build, crawl, refresh
from crawler.report import EXIT_GOOD, EXIT_USAGE, as_json, exit_code, progress, result_lines
from crawler.sources import BadInput, Folders
from crawler.status import describe

Ask = Callable[..., dict[str, Any]]


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("crawler").setLevel(logging.INFO)
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    try:
        return int(options.run(options, Folders()))
    except BadInput as error:
        return _stop(options, str(error))
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_GOOD
    except OSError as error:
        return _stop(
            options, f"{error.filename or 'a file'}: {error.strerror}; what was published before stays"
        )
    except Exception as error:
        logging.getLogger("crawler").exception("this is a mistake of the program, please report it")
        return _stop(options, f"{type(error).__name__}: {error}; what was published before stays")


def _stop(options: argparse.Namespace, reason: str) -> int:
    print(f"error: {reason}", file=sys.stderr)
    if getattr(options, "json", False):
        print(as_json({"error": reason, "exit_code": EXIT_USAGE}))
    return EXIT_USAGE


def _crawl(options: argparse.Namespace, folders: Folders) -> int:
    return _run(options, folders, crawl)


def _refresh(options: argparse.Namespace, folders: Folders) -> int:
    return _run(options, folders, refresh)


def _run(options: argparse.Namespace, folders: Folders, ask: Ask) -> int:
    base_urls = _base_urls(options.base_url or os.environ.get("MYNA_BASE_URLS", "").split())
    asking = Asking(base_urls, options.budget, options.source, options.accept)
    if not options.json:
        print(f"asking the official sites, at most {options.budget:.0f} s in all", flush=True)
    with progress(len(asking.chosen(folders))) as on_done:
        run = ask(folders, asking, on_done)
    code = exit_code(run)
    if options.json:
        print(as_json(run | {"exit_code": code}))
        return code
    for line in result_lines(run, folders.archive):
        print(line, flush=True)
    if "published" in run:
        print(f"{run['published']} {folders.database}")
    return code


def _build(options: argparse.Namespace, folders: Folders) -> int:
    build(folders)
    print(f"built {folders.database}")
    return EXIT_GOOD


def _doctor(options: argparse.Namespace, folders: Folders) -> int:
    base_urls = _base_urls(options.base_url or os.environ.get("MYNA_BASE_URLS", "").split())
    asking = Asking(base_urls, options.budget, options.source)
    return examine(folders, asking, print, options.save)


def _status(options: argparse.Namespace, folders: Folders) -> int:
    for line in describe(folders):
        print(line)
    return 0


def _changes(options: argparse.Namespace, folders: Folders) -> int:
    for line in describe_changes(folders, options.since):
        print(line)
    return 0


def _dictionary(options: argparse.Namespace, folders: Folders) -> int:
    print(data_dictionary(), end="")
    return 0


class Parser(argparse.ArgumentParser):
    """Says bad usage as JSON, too, where JSON was asked for."""

    def error(self, message: str) -> NoReturn:
        if "--json" in sys.argv:
            print(as_json({"error": message, "exit_code": EXIT_USAGE}))
        super().error(message)


def _base_urls(pairs: list[str]) -> dict[str, str]:
    for pair in pairs:
        host, equals, url = pair.partition("=")
        if not (host and equals and _is_address(url)):
            raise BadInput(
                f"--base-url {pair!r}: expected HOST=URL, such as faq.myna.go.jp=http://127.0.0.1:8000"
            )
    return dict(pair.split("=", 1) for pair in pairs)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a date such as 2026-11-01, found {text!r}") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"expected seconds from 1 to 86400, found {text!r}")
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m crawler", description="Collect the official lists.")
    commands = parser.add_subparsers(title="commands", required=True)
    for name, run, text in (
        ("crawl", _crawl, "ask the live sources and archive what is good"),
        ("refresh", _refresh, "crawl, then publish what came of it"),
        ("doctor", _doctor, "ask each source once and show how its page is read; nothing is stored"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        command.add_argument("--source", action="append", default=[], help="only this source (repeatable)")
        command.add_argument("--budget", type=_seconds, default=900, help="seconds for all sources (900)")
        command.add_argument(
            "--base-url",
            action="append",
            metavar="HOST=URL",
            help="ask URL instead of an official host (also: MYNA_BASE_URLS, space-separated)",
        )
        if run is _doctor:
            command.add_argument(
                "--save", action="store_true", help="write the pages and their rows into tests/pages/"
            )
            continue
        command.add_argument(
            "--accept",
            action="append",
            default=[],
            metavar="SOURCE",
            help="let the page pass that a guard refused last, after looking at the difference (repeatable)",
        )
        command.add_argument("--json", action="store_true", help="print the record of the run as JSON")
    for name, run, text in (
        ("build", _build, "replay archive and bundled pages into the database"),
        ("status", _status, "print sources, freshness, counts and last runs"),
        ("dictionary", _dictionary, "print the data dictionary"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)
    command = commands.add_parser("changes", help="print what changed on the official lists")
    command.set_defaults(run=_changes)
    command.add_argument("--since", type=_day, default=date.min, metavar="DATE", help="from this day on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
