"""`make bench`: measures the targets, each in a process of its own, and prints a table.

The real catalogue of Google Play is not part of the project. Where PLAY_CATALOGUE names a copy
(CSV or CSV.gz), or one lies in ../shared/play/, it is used; else that part is passed over.
"""

import gzip
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
NEARBY = ROOT.parent / "shared" / "play" / "supported_devices.csv.gz"


def catalogue_path() -> Path | None:
    path = Path(os.environ.get("PLAY_CATALOGUE") or NEARBY)
    return path if path.exists() else None


def measure(*arguments: str, **environment: str) -> tuple[float, float]:
    """Run `python ...` and return (seconds, peak memory in MB). Raises when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL
    )
    _, code, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode not in (0,):
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    return time.monotonic() - started, usage.ru_maxrss / 1024


def best(count: int, run: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """Return the median time of `count` runs and the largest memory."""
    runs = sorted(run() for _ in range(count))
    return runs[count // 2][0], max(memory for _, memory in runs)


def serve(body: bytes) -> ThreadingHTTPServer:
    """Serve the catalogue on loopback, everything else 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = urlsplit(self.path).path.endswith("supported_devices.csv")
            content = body if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def line(what: str, seconds: float, memory: float, target: str) -> None:
    print(f"{what:58} {seconds:7.2f} s {memory:7.0f} MB   target {target}", flush=True)


def bench(state: str, label: str, seconds: str) -> None:
    def run() -> tuple[float, float]:
        return measure("-m", "explorer", "check", "SH-41A", "--json", MYNA_DATABASE=f"{state}/devices.duckdb")

    line(f"check, one device, {label}", *best(5, run), seconds)


def main() -> None:
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as state:
        line(
            "build from the bundled pages",
            *best(3, lambda: measure("-m", "crawler", "build", MYNA_STATE=state)),
            "3 s, 250 MB",
        )
        bench(state, "bundled pages only", "1.0 s")
        path = catalogue_path()
        if path is None:
            print("no copy of the Play catalogue at hand (PLAY_CATALOGUE): the rest is passed over")
            return
        raw = path.read_bytes()
        server = serve(gzip.decompress(raw) if path.suffix == ".gz" else raw)
        base = f"storage.googleapis.com=http://127.0.0.1:{server.server_port}"
        crawl = measure(
            "-m", "crawler", "refresh", "--source", "play-catalogue", "--base-url", base, MYNA_STATE=state
        )
        line("refresh and build with the real catalogue over HTTP", *crawl, "25 s, 500 MB")
        server.shutdown()
        line(
            "build with the real catalogue archived",
            *best(3, lambda: measure("-m", "crawler", "build", MYNA_STATE=state)),
            "-",
        )
        bench(state, "real catalogue", "2.0 s")
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
