"""The nightly part of `make bench`: a night without news, and the replay of a thousand nights.

All official sites are played by a server on loopback that knows ETags. Pauses are not needed there,
so what is measured is what a refresh takes beyond them.
"""

import os
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.items import Listing
from crawler.names import Origin, Section
from crawler.snapshot import Snapshot
from crawler.sources import DATA, load_sources
from tests.pdfs import phone_list, reader_list
from tests.test_crawl import guarded
from tests.test_pdf_sources import INDEX, PHONES, READERS, editions

NIGHTS = (125, 250, 500, 1000)
ROWS, CHANGED = 300, 3


def official_pages(catalogue: bytes | None) -> dict[str, bytes]:
    """Return a page for the path of every source that is large enough for the guards."""
    path = {source_id: urlsplit(source.url).path for source_id, source in load_sources().items()}
    pages = {
        path["faq-2587"]: guarded(60).encode(),
        path["faq-7261"]: guarded(200).encode(),
        path["mynaapp-requirements"]: (DATA / "bundled" / "mynaapp-requirements.html").read_bytes(),
        path["jpki-nfc"]: phone_list(PHONES),
        INDEX: editions("pdf/num_rwlist12.pdf", "pdf/nfclist.pdf").encode(),
        "/prepare/pdf/num_rwlist12.pdf": reader_list(READERS),
    }
    return pages | ({path["play-catalogue"]: catalogue} if catalogue else {})


def serve_pages(pages: dict[str, bytes]) -> ThreadingHTTPServer:
    """Serve these pages with an ETag each; a page that is known costs a 304."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(urlsplit(self.path).path)
            mark = f'"{sha256(body or b"").hexdigest()[:8]}"'
            is_known = self.headers.get("If-None-Match") == mark
            self.send_response(404 if body is None else 304 if is_known else 200)
            content = b"" if body is None or is_known else body
            kind = "application/pdf" if content.startswith(b"%PDF") else "text/html; charset=utf-8"
            self.send_header("Content-Type", "text/csv" if self.path.endswith(".csv") else kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", mark)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def bytes_of(archive: Path) -> dict[str, int]:
    return {
        str(path.relative_to(archive)): path.stat().st_size for path in archive.rglob("*") if path.is_file()
    }


def bench_quiet_night(state: Path, catalogue: bytes | None, measure: Callable, line: Callable) -> None:
    """Refresh twice from the same pages and measure the second time."""
    server = serve_pages(official_pages(catalogue))
    hosts = {urlsplit(source.url).netloc for source in load_sources().values()}
    bases = " ".join(f"{host}=http://127.0.0.1:{server.server_port}" for host in hosts)
    environment = {"MYNA_STATE": str(state), "MYNA_BASE_URLS": bases}
    sources = [
        word
        for source_id in load_sources()
        if catalogue or source_id != "play-catalogue"
        for word in ("--source", source_id)
    ]
    line(
        f"first night, all sources{'' if catalogue else ' but the catalogue'}",
        *measure("-m", "crawler", "refresh", *sources, **environment),
        "-",
    )
    before = bytes_of(state / "archive")
    found = measure("-m", "crawler", "refresh", *sources, **environment)
    line("a night in which nothing changed", *found, "5 s, 250 MB")
    after = bytes_of(state / "archive")
    grown = {name: size - before.get(name, 0) for name, size in after.items() if size != before.get(name)}
    print(f"  new bytes in the archive: {grown}", flush=True)
    server.shutdown()
    server.server_close()


def archive_nights(state: Path, count: int) -> None:
    """Archive `count` nights of a list of 300 rows, 1 % of which change each night."""
    archive, when, chance = Archive(state / "archive"), datetime(2020, 1, 1, 18, tzinfo=UTC), random.Random(1)
    rows = [_row(number) for number in range(ROWS)]
    for night in range(count):
        for _ in range(CHANGED if night else 0):
            rows[chance.randrange(ROWS)] = _row(ROWS + chance.randrange(10**6))
        one = Snapshot("faq-7261", load_sources()["faq-7261"].url, Origin.LIVE, when, tuple(rows), page=b"x")
        archive.store(one)
        result = {
            "result": "new",
            "row_count": ROWS,
            "rows_hash": one.rows_hash,
            "fetched_at": when.isoformat(),
            "printed_on": None,
        }
        moments = dict.fromkeys(("started_at", "finished_at"), when.isoformat())
        archive.record({"run_id": f"{night}", **moments, "sources": {"faq-7261": result}})
        when += timedelta(days=1)


def _row(number: int) -> Listing:
    return Listing(Section.LISTED, "シャープ", f"AQUOS test{number}", f"SH-{number:03d}X")


def bench_replay(state: Path, measure: Callable, line: Callable) -> None:
    """Print how the build grows with the number of nights in the archive."""
    for count in NIGHTS:
        home = state / str(count)
        archive_nights(home, count)
        found = measure("-m", "crawler", "build", MYNA_STATE=str(home))
        line(f"replay of {count:,} nights, 300 rows, 1 % changed a night", *found, "20 s for 1,000")
    print(f"  {os.cpu_count()} cores; four times the nights may take about four times as long", flush=True)
