"""Command line: `python -m explorer check TEXT` and `python -m explorer serve`.

Exit codes: 0 answered, 2 bad usage or input, 3 no database.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from limits import parse as parse_rate

from crawler.names import Capability
from explorer.check import check
from explorer.database import NoDatabase
from explorer.pc import check_pc
from explorer.queries import Dataset, default_database, load_dataset
from explorer.show import show
from explorer.web.address import BadAddress, try_address
from explorer.web.follow import Follower
from explorer.web.following import add_following, following
from explorer.web.settings import Settings
from explorer.web.workers import run_workers
from explorer.wording import say

MAX_LINE = 10_000


class BadUsage(Exception):
    """What was given, what was expected, what to do."""


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except BadUsage as error:
        print(say(options.lang, "cli", "error", text=error), file=sys.stderr)
        return 2
    except NoDatabase as error:
        text = f"{say(options.lang, 'ui', 'no_database')}: {error}"
        print(say(options.lang, "cli", "error", text=text), file=sys.stderr)
        return 3
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _check(options: argparse.Namespace) -> int:
    if options.file is None and options.text is None:
        raise BadUsage(say(options.lang, "cli", "nothing"))
    if options.file is not None and options.text is not None:
        raise BadUsage(say(options.lang, "cli", "both"))
    if options.text is not None and not options.text.strip():
        raise BadUsage(say(options.lang, "cli", "empty"))
    data = load_dataset(options.database)
    if options.file is None:
        answer = _answer(data, options, options.text)
        print(_json(answer) if options.json else show(answer, options.lang))
        return 0
    for line in _lines(options.file, options.lang):
        answer = _answer(data, options, line)
        print(_json(answer) if options.json else f"{show(answer, options.lang)}\n")
    return 0


def _answer(data: Dataset, options: argparse.Namespace, text: str) -> dict[str, Any]:
    if options.browser or options.reader or options.phone:
        parts = (options.browser, options.reader, options.phone)
        return check_pc(data, text[:MAX_LINE], *parts, options.lang, options.os)
    capabilities = (options.capability,) if options.capability else tuple(Capability)
    return check(data, text[:MAX_LINE], options.os, capabilities, options.lang)


def _lines(name: str, language: str) -> Iterator[str]:
    """Yield the lines of a file in order, empty ones too. Raises `BadUsage` if it cannot be read."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BadUsage(say(language, "cli", "unreadable", name=name, reason=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise BadUsage(say(language, "cli", "not_utf8", name=name, reason=error.reason)) from error
    yield from text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else ()


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _serve(options: argparse.Namespace) -> int:
    try:
        if not options.data:
            return _serve_from(options, options.database)
        with following(options) as follower:
            options.cache = follower.cached.folder
            return _serve_from(options, follower.cached.database, follower)
    except BadAddress as error:
        raise BadUsage(str(error)) from error


def _serve_from(options: argparse.Namespace, database: Path, follower: Follower | None = None) -> int:
    load_dataset(database)
    ports = range(options.port, options.port + options.workers)
    for port in ports:
        try_address(options.host, port)
        print(f"マイナポータル対応機種チェック: http://{options.host}:{port}/", flush=True)
    if len(ports) > 1:
        if follower:
            follower.stop()  # each worker follows by itself, in the same cache
        return run_workers(_worker_arguments(options), ports)
    # Only here: a check from the terminal needs no web server.
    from explorer.server import serve

    os.environ["MYNA_DATABASE"] = str(database)
    settings = Settings(database, options.sessions, options.rate)
    serve(settings, options.host, options.port, options.trusted_proxy, follower)
    return 0


def _worker_arguments(options: argparse.Namespace) -> list[str]:
    names = ["host", "sessions", "rate", "trusted_proxy"]
    names += ["data", "cache", "check_seconds", "max_megabytes"] if options.data else ["database"]
    return [part for name in names for part in (f"--{name.replace('_', '-')}", str(getattr(options, name)))]


def _capability(text: str) -> Capability:
    try:
        return Capability(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"unknown capability {text!r}; choose from: {', '.join(Capability)}"
        ) from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 1 to 65535, found {text!r}")
    return int(text)


def _rate(text: str) -> str:
    try:
        parse_rate(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a rate such as 1200/minute, found {text!r}") from None
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"expected a number from 1, found {text!r}")
    return int(text)


def _add_limits(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--sessions", type=_count, default=Settings.max_sessions, help="people in the live explorer at once"
    )
    command.add_argument(
        "--rate", type=_rate, default=Settings.rate, help="requests of a client to the API and /lite"
    )
    words = "processes, on ports one after the other, for a proxy in front"
    command.add_argument("--workers", type=_count, default=1, help=words)
    command.add_argument(
        "--trusted-proxy",
        default="127.0.0.1",
        metavar="ADDRESSES",
        help="proxies, by commas, whose X-Forwarded-For says who asks (127.0.0.1)",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m explorer", description="Ask the device database.")
    commands = parser.add_subparsers(title="commands", required=True)
    check_command = commands.add_parser("check", help="answer for a device name or model number")
    check_command.set_defaults(run=_check)
    check_command.add_argument("text", nargs="?", help="device name or model number, such as SH-41A")
    check_command.add_argument("--file", help="one text a line; - for standard input")
    check_command.add_argument("--os", default="", help='OS version, such as "Android 12"')
    check_command.add_argument(
        "--for", dest="capability", type=_capability, metavar="CAPABILITY", help=", ".join(Capability)
    )
    for part, example in (("browser", "Chrome"), ("reader", "RC-S380"), ("phone", "SH-41A")):
        check_command.add_argument(f"--{part}", default="", help=f"a PC's {part}, such as {example}")
    check_command.add_argument("--json", action="store_true", help="one JSON object a line")
    check_command.add_argument("--lang", choices=("ja", "en"), default="ja")
    serve_command = commands.add_parser("serve", help="open the explorer")
    serve_command.set_defaults(run=_serve, lang="en")
    serve_command.add_argument("--host", default="127.0.0.1")
    serve_command.add_argument("--port", type=_port, default=8501)
    _add_limits(serve_command)
    data = serve_command.add_mutually_exclusive_group()
    add_following(serve_command, data)
    for place in (check_command, data):
        place.add_argument("--database", type=Path, default=default_database(), help="the DuckDB file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
