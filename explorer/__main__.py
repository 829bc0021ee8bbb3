"""Command line: `python -m explorer check TEXT` and `python -m explorer serve`.

Exit codes: 0 answered, 2 bad usage or input, 3 no database.
"""

import argparse
import os
import sys
from pathlib import Path

from limits import parse as parse_rate

from explorer.check_command import BadUsage, add_check
from explorer.database import NoDatabase
from explorer.queries import default_database, load_dataset
from explorer.web.address import BadAddress, try_address
from explorer.web.settings import Settings
from explorer.web.workers import run_workers
from explorer.wording import say


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


def _serve(options: argparse.Namespace) -> int:
    # Only here: a check from the terminal needs no web server.
    from explorer.server import serve

    load_dataset(options.database)
    ports = range(options.port, options.port + options.workers)
    for port in ports:
        try:
            try_address(options.host, port)
        except BadAddress as error:
            raise BadUsage(str(error)) from error
        print(f"マイナポータル対応機種チェック: http://{options.host}:{port}/", flush=True)
    if len(ports) > 1:
        return run_workers(_worker_arguments(options), ports)
    os.environ["MYNA_DATABASE"] = str(options.database)
    settings = Settings(options.database, options.sessions, options.rate)
    serve(settings, options.host, options.port, options.trusted_proxy)
    return 0


def _worker_arguments(options: argparse.Namespace) -> list[str]:
    values = {
        "host": options.host,
        "database": options.database,
        "sessions": options.sessions,
        "rate": options.rate,
        "trusted-proxy": options.trusted_proxy,
    }
    return [part for name, value in values.items() for part in (f"--{name}", str(value))]


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
    add_check(check_command)
    serve_command = commands.add_parser("serve", help="open the explorer")
    serve_command.set_defaults(run=_serve, lang="en")
    serve_command.add_argument("--host", default="127.0.0.1")
    serve_command.add_argument("--port", type=_port, default=8501)
    _add_limits(serve_command)
    for command in (check_command, serve_command):
        default = default_database()
        command.add_argument("--database", type=Path, default=default, help="the DuckDB file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
