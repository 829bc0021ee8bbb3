"""What the command line of the crawler takes."""

import argparse
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NoReturn
from urllib.parse import urlsplit

from crawler.publish import KEPT_VERSIONS
from crawler.report import EXIT_USAGE, as_json
from crawler.sources import BadInput


class Parser(argparse.ArgumentParser):
    """Says bad usage as JSON, too, where JSON was asked for."""

    def error(self, message: str) -> NoReturn:
        if "--json" in sys.argv:
            print(as_json({"error": message, "exit_code": EXIT_USAGE}))
        super().error(message)


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


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 10000, found {text!r}")
    return int(text)


def parser(runs: Mapping[str, Callable[..., int]]) -> argparse.ArgumentParser:
    """Return the parser; `runs` has for each command what `options.run` is to be."""
    whole = Parser(prog="python -m crawler", description="Collect the official lists.")
    commands = whole.add_subparsers(title="commands", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=runs[name])
        return command

    for name, text in (
        ("crawl", "ask the live sources and archive what is good"),
        ("refresh", "crawl, then publish what came of it"),
    ):
        command = add(name, text)
        _add_asking(command)
        _add_storing(command)
    doctor = add("doctor", "ask each source once, show how its page is read; nothing is archived")
    _add_asking(doctor)
    doctor.add_argument(
        "--save",
        action="store_true",
        help="write the pages and their rows into tests/pages/live/, to be kept with the tests",
    )
    add("build", "replay archive and bundled pages into the database")
    add("status", "print sources, freshness, counts and last runs")
    add("dictionary", "print the data dictionary")
    changes = add("changes", "print what changed on the official lists")
    changes.add_argument("--since", type=_day, default=date.min, metavar="DATE", help="from this day on")
    _add_publish(add("publish", "copy the build to a folder or bucket from which explorers follow it"))
    return whole


def _add_publish(command: argparse.ArgumentParser) -> None:
    command.add_argument("destination", metavar="DEST", help="a folder, file:///folder or s3://bucket/prefix")
    words = f"versions that stay, with the newest and the one before in any case ({KEPT_VERSIONS})"
    command.add_argument("--keep", type=_count, default=KEPT_VERSIONS, metavar="N", help=words)
    words = "publish also an older build, or over a latest.json that cannot be read"
    command.add_argument("--force", action="store_true", help=words)
    command.add_argument("--json", action="store_true", help="print what was done as JSON")


def _add_asking(command: argparse.ArgumentParser) -> None:
    command.add_argument("--source", action="append", default=[], help="only this source (repeatable)")
    command.add_argument("--budget", type=_seconds, default=900, help="seconds for all sources (900)")
    command.add_argument(
        "--base-url",
        action="append",
        metavar="HOST=URL",
        help="ask URL instead of an official host (also: MYNA_BASE_URLS, space-separated)",
    )


def _add_storing(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="SOURCE",
        help="let the page pass that a guard refused last, after looking at the difference (repeatable)",
    )
    command.add_argument("--json", action="store_true", help="print the record of the run as JSON")


def base_urls(pairs: Sequence[str], known: Collection[str]) -> dict[str, str]:
    """Return the server to ask for each official host, of HOST=URL pairs.

    Raises `BadInput` for a host that is not among the `known`, and for what is no pair.
    """
    for pair in pairs:
        host, equals, url = pair.partition("=")
        if not (host and equals and _is_address(url)):
            raise BadInput(
                f"--base-url {pair!r}: expected HOST=URL, such as faq.myna.go.jp=http://127.0.0.1:8000"
            )
        if host not in known:
            raise BadInput(
                f"--base-url {pair!r}: no source is at {host!r}; known: {', '.join(sorted(known))}"
            )
    return dict(pair.split("=", 1) for pair in pairs)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        names = (parts.hostname or "").rstrip(".").split(".")
        is_plain = not (parts.query or parts.fragment or re.search(r"\s", url))
        return parts.scheme in ("http", "https") and all(names) and parts.port != 0 and is_plain
    except ValueError:
        return False
