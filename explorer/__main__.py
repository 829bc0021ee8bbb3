"""Command line: `python -m explorer check TEXT` and `python -m explorer serve`.

Exit codes: 0 answered, 2 bad usage or input, 3 no database.
"""

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.names import Capability
from explorer.check import check
from explorer.pc import check_pc
from explorer.queries import DATABASE, Dataset, NoDatabase, load_dataset
from explorer.show import show

CONFIG = Path(__file__).parent.parent / ".streamlit" / "config.toml"
MAX_LINE = 10_000


class BadUsage(Exception):
    """What was given, what was expected, what to do."""


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except BadUsage as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except NoDatabase as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _check(options: argparse.Namespace) -> int:
    if options.file is None and options.text is None:
        raise BadUsage("nothing to check; give a device name or --file FILE (- for standard input)")
    if options.file is not None and options.text is not None:
        raise BadUsage("both a text and --file were given; give one of them")
    if options.text is not None and not options.text.strip():
        raise BadUsage("the text is empty; give a device name or model number, such as SH-41A")
    data = load_dataset(options.database)
    if options.file is None:
        answer = _answer(data, options, options.text)
        print(_json(answer) if options.json else show(answer, options.lang))
        return 0
    for line in _lines(options.file):
        answer = _answer(data, options, line)
        print(_json(answer) if options.json else f"{show(answer, options.lang)}\n")
    return 0


def _answer(data: Dataset, options: argparse.Namespace, text: str) -> dict[str, Any]:
    if options.browser or options.reader or options.phone:
        text = f"{text} {options.os}".strip()
        return check_pc(data, text, options.browser, options.reader, options.phone, options.lang)
    capabilities = (options.capability,) if options.capability else tuple(Capability)
    return check(data, text[:MAX_LINE], options.os, capabilities, options.lang)


def _lines(name: str) -> Iterator[str]:
    """Yield the lines of a file in order, empty ones too. Raises `BadUsage` if it cannot be read."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BadUsage(f"{name}: cannot be read ({error.strerror}); give an existing text file") from error
    except UnicodeDecodeError as error:
        raise BadUsage(f"{name}: not UTF-8 text ({error.reason}); save it as UTF-8") from error
    yield from text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else ()


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _serve(options: argparse.Namespace) -> int:
    from streamlit.web import bootstrap

    load_dataset(options.database)
    os.environ["MYNA_DATABASE"] = str(options.database)
    print(f"マイナポータル対応機種チェック: http://{options.host}:{options.port}/", flush=True)
    # Streamlit reads the look only from the folder it was started in; here it comes along.
    tables = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    flags = {f"{table}_{key}": value for table, values in tables.items() for key, value in values.items()}
    flags |= {"server_address": options.host, "server_port": options.port, "server_headless": True}
    bootstrap.load_config_options(flags)
    bootstrap.run(str(Path(__file__).parent / "app.py"), False, [], flags)
    return 0


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
    serve_command.set_defaults(run=_serve)
    serve_command.add_argument("--host", default="127.0.0.1")
    serve_command.add_argument("--port", type=_port, default=8501)
    for command in (check_command, serve_command):
        default = Path(os.environ.get("MYNA_DATABASE") or DATABASE)
        command.add_argument("--database", type=Path, default=default, help="the DuckDB file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
