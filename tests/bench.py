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
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.items import CatalogueRow
from crawler.sources import load_sources
from tests.accuracy import read_queries
from tests.bench_nights import bench_quiet_night, bench_replay, serve_pages

ROOT = Path(__file__).parent.parent
CATALOGUE = urlsplit(load_sources()["play-catalogue"].url).path
NEARBY = ROOT.parent / "shared" / "play" / "supported_devices.csv.gz"


def catalogue_path() -> Path | None:
    path = Path(os.environ.get("PLAY_CATALOGUE") or NEARBY)
    return path if path.exists() else None


def read_catalogue(path: Path) -> bytes:
    raw = path.read_bytes()
    return gzip.decompress(raw) if path.suffix == ".gz" else raw


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


def line(what: str, seconds: float, memory: float, target: str) -> None:
    print(f"{what:58} {seconds:7.2f} s {memory:7.0f} MB   target {target}", flush=True)


def bench(state: str, label: str, seconds: str) -> None:
    def run() -> tuple[float, float]:
        return measure("-m", "explorer", "check", "SH-41A", "--json", MYNA_DATABASE=f"{state}/devices.duckdb")

    line(f"check, one device, {label}", *best(5, run), seconds)


def bench_file(state: Path) -> None:
    """Answer 2,500 mixed queries from a file."""
    texts = [query.text for query in read_queries()]
    path = state / "queries.txt"
    path.write_text("\n".join((texts * 3)[:2500]), encoding="utf-8")
    run = ("-m", "explorer", "check", "--file", str(path), "--json")
    line("check --file, 2,500 mixed queries", *measure(*run, MYNA_DATABASE=f"{state}/devices.duckdb"), "8 s")


def bench_lookup(state: Path) -> None:
    command = [sys.executable, "-m", "tests.bench_lookup", str(state / "devices.duckdb")]
    subprocess.run(command, cwd=ROOT, check=True)


def bench_bulk(state: Path) -> None:
    command = [sys.executable, "-m", "tests.bench_bulk", str(state / "devices.duckdb")]
    subprocess.run(command, cwd=ROOT, check=True)


def archive_copies(state: Path, large: Path, copies: int) -> None:
    """Archive the catalogue `copies` times over, each copy under names of its own."""
    seen = Archive(state / "archive").observations()[-1]
    one = Archive(state / "archive").load(seen.source_id, seen.rows_hash)
    rows = [
        replace(row, name=f"{row.name} {copy}", model=f"{row.model}{copy}") if copy else row
        for copy in range(copies)
        for row in one.rows
        if isinstance(row, CatalogueRow)
    ]
    archive, many = Archive(large / "archive"), replace(one, rows=tuple(rows))
    archive.store(many)
    run = Archive(state / "archive").runs()[-1]
    run["sources"][seen.source_id] |= {"rows_hash": many.rows_hash, "row_count": len(rows)}
    archive.record(run)


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
        catalogue = read_catalogue(path) if path else None
        with tempfile.TemporaryDirectory() as nights:
            bench_quiet_night(Path(nights) / "quiet", catalogue, measure, line)
            bench_replay(Path(nights), measure, line)
        if catalogue is None:
            print("no copy of the Play catalogue at hand (PLAY_CATALOGUE): the rest is passed over")
            return
        server = serve_pages({CATALOGUE: catalogue})
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
        bench_file(Path(state))
        bench_lookup(Path(state))
        bench_bulk(Path(state))
        with tempfile.TemporaryDirectory() as large:
            print("ten times the catalogue (each row ten times, under ten names):", flush=True)
            archive_copies(Path(state), Path(large), 10)
            line("build", *measure("-m", "crawler", "build", MYNA_STATE=large), "-")
            bench_lookup(Path(large))
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
