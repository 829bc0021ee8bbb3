"""Everybody at once, on loopback: `python -m tests.load [--seconds 60] [DATABASE]` prints a table.

The explorer runs as `make explore` runs it, beside a bare Starlette route and a bare Streamlit script
in the same minutes on the same machine. wrk (a package of every system) makes the plain requests, a
WebSocket client that speaks Streamlit's protocol the live sessions. Nothing but 127.0.0.1 is asked.
"""

import argparse
import asyncio
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from crawler.refresh import build
from crawler.sources import Folders
from tests.live_session import LiveSession
from tests.ports import free_port, wait_until_open

ROOT = Path(__file__).parent.parent
CONNECTIONS = 64
SESSIONS = 100
IDLE = 2000
START_SECONDS = 60
QUERIES = 400
NO_LIMIT = "1000000/second"


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    per_second: float
    p99_ms: float
    errors: int


def main() -> None:
    options = _options()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: `apt-get install wrk`, `brew install wrk`, or your system's package of it")
    _allow_many_files()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or _built(Path(folder))
        with explorer(database) as (url, process):
            before = memory_mb(process)
            _plain(url, options.seconds, Path(folder))
            _flood(url)
            plain = memory_mb(process)
            ours = _live_rate("explorer", url, "ask", options.seconds)
            print(
                f"memory of the server: {before:.0f} MB at first, {plain:.0f} MB after plain requests, "
                f"{memory_mb(process):.0f} MB after live sessions (450)"
            )
        _bare_live(ours, database, options.seconds)


def _plain(url: str, seconds: int, folder: Path) -> None:
    queries = queries_of_tests()
    for name, path in (("/api/v1/check", "/api/v1/check?for=card_reading&q="), ("/lite", "/lite?q=")):
        paths = [path + quote(query) for query in queries]
        size = len(_get(url + paths[0]))
        # The reference before and after: the machine is not the same from minute to minute.
        with bare_route(size) as bare_url:
            before = wrk(bare_url, ["/fixed"], seconds // 2, folder)
            ours = wrk(url, paths, seconds, folder)
            after = wrk(bare_url, ["/fixed"], seconds // 2, folder)
        bare = (before.per_second + after.per_second) / 2
        share = ours.per_second / bare
        print(
            f"{name}: {ours.per_second:,.0f}/s, bare route of {size:,} bytes {bare:,.0f}/s, "
            f"{share:.0%} of it (50%); p99 {ours.p99_ms:.1f} ms (60), {ours.errors} errors (0)"
        )


def _flood(url: str) -> None:
    """Hold idle connections and open new ones all the time; ask /lite in the meantime."""
    host, port = url.removeprefix("http://").split(":")
    idle = [_connected(host, int(port)) for _ in range(IDLE)]
    is_over = threading.Event()
    flood = threading.Thread(target=_open_and_drop, args=(host, int(port), is_over))
    flood.start()
    times = []
    for query in queries_of_tests()[:200]:
        started = time.perf_counter()
        _get(f"{url}/lite?q={quote(query)}")
        times.append((time.perf_counter() - started) * 1000)
    is_over.set()
    flood.join()
    for one in idle:
        one.close()
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"/lite beside {IDLE:,} idle connections and a flood of new ones: p95 {p95:.0f} ms (200)")


def _bare_live(ours: float, database: Path, seconds: int) -> None:
    """Compare with the bare script as `streamlit run` runs it, and with the settings of the explorer."""
    for name, folder in (("bare script", ROOT / "tests"), ("bare script, our settings", ROOT)):
        with bare_script(database, folder) as url:
            bare = _live_rate(name, url, "", seconds)
        print(f"live checks: {ours / bare:.2f} times the {name} (1.5)")


def _live_rate(name: str, url: str, button: str, seconds: int) -> float:
    rate, errors = asyncio.run(_sessions(url, button, seconds))
    print(f"{name}: {SESSIONS} sessions, {rate:.1f} checks a second, {errors} errors (0)", flush=True)
    return rate


async def _sessions(url: str, button: str, seconds: int) -> tuple[float, int]:
    """Return (answers a second, errors) of many sessions that ask one thing after the other."""
    queries = queries_of_tests()
    counts, errors = [0] * SESSIONS, 0
    start = asyncio.Event()

    async def person(number: int) -> None:
        nonlocal errors
        async with LiveSession(url) as session:
            await session.run("")
            ready.release()
            await start.wait()
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                text = queries[(number + 7 * counts[number]) % len(queries)]
                await session.ask(text, "q", button)
                counts[number] += 1
                errors += not session.is_answered
            errors += len(session.errors)

    ready = asyncio.Semaphore(0)
    people = [asyncio.create_task(person(number)) for number in range(SESSIONS)]
    for _ in range(SESSIONS):
        await asyncio.wait_for(ready.acquire(), 120)
    started = time.monotonic()
    start.set()
    results = await asyncio.gather(*people, return_exceptions=True)
    failed = [result for result in results if isinstance(result, BaseException)]
    return sum(counts) / (time.monotonic() - started), errors + len(failed)


def wrk(url: str, paths: list[str], seconds: int, folder: Path) -> Load:
    script = folder / "paths.lua"
    listed = ",\n".join(f'"{path}"' for path in paths)
    script.write_text(f"local paths = {{{listed}}}\nlocal at = 0\n" + NEXT, encoding="utf-8")
    command = [
        "wrk",
        "-t",
        "1",
        "-c",
        str(CONNECTIONS),
        "-d",
        f"{seconds}s",
        "--latency",
        "-s",
        str(script),
        url,
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    socket_errors = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = sum(map(int, socket_errors.groups())) if socket_errors else 0
    return Load(
        float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]],
        errors + (int(other[1]) if other else 0),
    )


NEXT = """request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def queries_of_tests() -> list[str]:
    """Return texts that people type: those of tests/queries, in their order, each once."""
    import csv

    texts: dict[str, None] = {}
    for file in sorted((ROOT / "tests" / "queries").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            texts |= {row["query"]: None for row in csv.DictReader(lines) if row["query"].strip()}
    step = max(1, len(texts) // QUERIES)
    return list(texts)[::step][:QUERIES]


@contextmanager
def explorer(database: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [sys.executable, "-m", "explorer", "serve", "--port", str(port), "--database", str(database)]
    with running([*command, "--rate", NO_LIMIT, "--sessions", "500"], port) as process:
        yield f"http://127.0.0.1:{port}", process


@contextmanager
def bare_route(size: int) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bare_app:app", "--port", str(port)]
    options = ["--log-level", "warning", "--no-access-log", "--loop", "uvloop", "--http", "httptools"]
    with running([*command, *options], port, {"MYNA_BARE_BYTES": str(size)}):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def bare_script(database: Path, folder: Path) -> Iterator[str]:
    """`folder`: where Streamlit is started, so whose `.streamlit/config.toml` holds."""
    port = free_port()
    script = str(ROOT / "tests" / "bare_script.py")
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    options = ["--server.headless", "true", "--browser.gatherUsageStats", "false", "--logger.level", "error"]
    with running([*command, *options], port, {"MYNA_DATABASE": str(database)}, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def running(
    command: list[str], port: int, env: dict[str, str] | None = None, folder: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block; it has answered when the block begins."""
    process = subprocess.Popen(command, cwd=folder, env=os.environ | (env or {}), stdout=subprocess.DEVNULL)
    try:
        wait_until_open(port, process, START_SECONDS, lambda: f"no server: {' '.join(command)}")
        yield process
    finally:
        process.terminate()
        process.wait(30)


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def _open_and_drop(host: str, port: int, is_over: threading.Event) -> None:
    while not is_over.is_set():
        _connected(host, port).close()
        time.sleep(0.001)


def _connected(host: str, port: int) -> socket.socket:
    return socket.create_connection((host, port), 10)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


def _built(folder: Path) -> Path:
    folders = Folders(state=folder)
    build(folders)
    return folders.database


def _allow_many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("database", type=Path, nargs="?", help="else one is built from the bundled pages")
    parser.add_argument("--seconds", type=int, default=60, help="for each load (60)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
