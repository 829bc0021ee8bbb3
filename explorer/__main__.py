"""Command line: `python -m explorer check TEXT` and `python -m explorer serve`.

Exit codes: 0 answered, 2 bad usage or input, 3 no database.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from limits import parse as parse_rate

from explorer.check_command import BadUsage, add_check
from explorer.database import NoDatabase, stamp_of
from explorer.queries import default_database, load_dataset
from explorer.web.address import BadAddress, try_address
from explorer.web.arguments import addresses, whole_number
from explorer.web.follow import Follower
from explorer.web.following import add_following, following
from explorer.web.settings import Settings
from explorer.web.workers import run_workers
from explorer.wording import say

MAX_PORT = 65535
HINT = "ブラウザで開いてください。終わるときは Ctrl-C (open it in a browser; Ctrl-C ends it)"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
COUNT = whole_number("a number", 1, 100_000)


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
    logging.basicConfig(format=LOG_FORMAT)
    logging.getLogger("explorer").setLevel(logging.INFO)
    try:
        if not options.data:
            return _serve_from(options, options.database)
        with following(options) as follower:
            options.cache = follower.cached.folder
            return _serve_from(options, follower.cached.database, follower)
    except BadAddress as error:
        raise BadUsage(str(error)) from error


def _serve_from(options: argparse.Namespace, database: Path, follower: Follower | None = None) -> int:
    ports = range(options.port, options.port + options.workers)
    if ports[-1] > MAX_PORT:
        raise BadUsage(
            f"{len(ports)} workers from port {ports[0]} would end at {ports[-1]}, above {MAX_PORT}"
        )
    for port in ports:
        try_address(options.host, port)
    if len(ports) > 1:
        # Each worker holds the data; who only starts them need not.
        stamp_of(database)
        if follower:
            follower.stop()  # each worker follows by itself, in the same cache
        return run_workers(_worker_arguments(options), ports)
    load_dataset(database)
    host = f"[{options.host}]" if ":" in options.host else options.host
    print(f"マイナポータル対応機種チェック: http://{host}:{options.port}/\n{HINT}", flush=True)
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


def _rate(text: str) -> str:
    try:
        if parse_rate(text).amount < 1:
            raise ValueError
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a rate such as 1200/minute, found {text!r}") from None
    return text


def _add_limits(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--sessions",
        type=COUNT,
        default=Settings.max_sessions,
        help="people in the live explorer at once (%(default)s)",
    )
    command.add_argument(
        "--rate",
        type=_rate,
        default=Settings.rate,
        help="requests of a client to the API and /lite (%(default)s)",
    )
    words = "processes, on ports one after the other, for a proxy in front (%(default)s)"
    command.add_argument("--workers", type=COUNT, default=1, help=words)
    command.add_argument(
        "--trusted-proxy",
        type=addresses,
        default="127.0.0.1",
        metavar="ADDRESSES",
        help="proxies, by commas, whose X-Forwarded-For says who asks (%(default)s)",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m explorer", description="Ask the device database.")
    commands = parser.add_subparsers(title="commands", required=True)
    check_command = commands.add_parser("check", help="answer for a device name or model number")
    add_check(check_command)
    serve_command = commands.add_parser("serve", help="open the explorer")
    serve_command.set_defaults(run=_serve, lang="en")
    serve_command.add_argument(
        "--host", default="127.0.0.1", help="%(default)s; 0.0.0.0 for all addresses of this machine"
    )
    port = whole_number("a port", 1, MAX_PORT)
    serve_command.add_argument("--port", type=port, default=8501, help="%(default)s")
    _add_limits(serve_command)
    data = serve_command.add_mutually_exclusive_group()
    add_following(serve_command, data)
    for place in (check_command, data):
        place.add_argument("--database", type=Path, default=default_database(), help="the DuckDB file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
