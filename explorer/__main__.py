"""Command line: `python -m explorer check TEXT` and `python -m explorer serve`.

Exit codes: 0 answered, 2 bad usage or input, 3 no database.
"""

import argparse
import errno
import json
import os
import socket
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.names import Capability
from explorer.check import check
from explorer.database import NoDatabase
from explorer.pc import check_pc
from explorer.queries import Dataset, default_database, load_dataset
from explorer.show import show
from explorer.wording import say

CONFIG = Path(__file__).parent.parent / ".streamlit" / "config.toml"
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
    from starlette.formparsers import MultiPartParser
    from streamlit.web import bootstrap

    # Uploads stay in memory, whatever their size: by itself this would write larger ones to a file.
    MultiPartParser.spool_max_size = 1 << 30
    load_dataset(options.database)
    _try_address(options.host, options.port)
    os.environ["MYNA_DATABASE"] = str(options.database)
    print(f"マイナポータル対応機種チェック: http://{options.host}:{options.port}/", flush=True)
    # Streamlit reads the look only from the folder it was started in; here it comes along.
    tables = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    flags = {f"{table}_{key}": value for table, values in tables.items() for key, value in values.items()}
    flags |= {"server_address": options.host, "server_port": options.port, "server_headless": True}
    # The address stands above already.
    flags |= {"logger_hideWelcomeMessage": True, "logger_level": "warning"}
    bootstrap.load_config_options(flags)
    bootstrap.run(str(Path(__file__).parent / "app.py"), False, [], flags)
    return 0


def _try_address(host: str, port: int) -> None:
    """Raise `BadUsage` when the explorer could not listen there; ask before the address is printed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            if os.name == "posix":  # as the server itself does: a port just left is free
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except (OSError, UnicodeError) as error:
        code = getattr(error, "errno", None)
        if code == errno.EADDRINUSE:
            remedy = "another program uses it; choose another: `PORT=8651 make run`, or --port 8651"
            raise BadUsage(f"port {port}: {remedy}") from error
        if code in (errno.EACCES, errno.EPERM):
            remedy = "not allowed; choose one from 1024: `PORT=8651 make run`, or --port 8651"
            raise BadUsage(f"port {port}: {remedy}") from error
        remedy = "not an address of this computer; try `HOST=127.0.0.1 make run`, or --host 127.0.0.1"
        raise BadUsage(f"host {host}: {remedy}") from error


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
    for command in (check_command, serve_command):
        default = default_database()
        command.add_argument("--database", type=Path, default=default, help="the DuckDB file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
