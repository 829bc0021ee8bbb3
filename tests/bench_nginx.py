"""Requests a second through nginx, with one and with two explorers: `python -m tests.bench_nginx [DATABASE]`.

nginx runs as docs/deploy/nginx.conf says, once keeping answers and once passing every question on. All
of it, and wrk that asks, share the cores of this machine: what a second explorer adds is seen only where
cores are left for it.
"""

import argparse
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from tests.balancer import NGINX, balancer
from tests.load import _built, explorer, queries_of_tests, wrk

SECONDS = 5


def main() -> None:
    missing = [name for name, found in (("nginx", NGINX), ("wrk", shutil.which("wrk"))) if not found]
    if missing:
        print(f"through nginx: not measured, {' and '.join(missing)} missing (`apt-get install ...`)")
        return
    parser = argparse.ArgumentParser(prog="python -m tests.bench_nginx", description=__doc__.split("\n")[0])
    parser.add_argument("database", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    options = parser.parse_args()
    print(f"through nginx, on {os.cpu_count()} cores with wrk on the same:")
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        database = options.database or _built(folder)
        ports = []
        for _ in range(2):
            url, _ = running.enter_context(explorer(database))
            ports.append(int(url.rpartition(":")[2]))
            for is_keeping in (False, True):
                measure(ports, is_keeping, options.seconds, folder)


def measure(ports: list[int], is_keeping: bool, seconds: int, folder: Path) -> None:
    paths = [f"/api/v1/check?for=card_reading&q={quote(query)}" for query in queries_of_tests()]
    place = Path(tempfile.mkdtemp(dir=folder))
    with balancer(ports, place, is_keeping) as url:
        wrk(url, paths, 1, folder)  # each question once
        load = wrk(url, paths, seconds, folder)
    how = "kept by nginx" if is_keeping else "passed on"
    print(
        f"/api/v1/check, {how:13}, explorers: {len(ports)}: {load.per_second:,.0f}/s, "
        f"p99 {load.p99_ms:.1f} ms, {load.errors} errors (0)"
    )


if __name__ == "__main__":
    main()
