"""A refresh: ask the live sources, archive what is good, record the run, build when anything was good."""

import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.archive import Archive, Snapshot
from crawler.crawl import crawl_live
from crawler.items import Row
from crawler.lock import one_at_a_time
from crawler.names import Origin
from crawler.replay import gather, replay
from crawler.sources import BadInput, Folders, Source, load_sources
from crawler.spiders.base import Fetch
from crawler.validate import check_rows, check_tables, warn_rows
from crawler.warehouse import build_warehouse

GOOD = ("new", "unchanged")
# Longer than any build takes, so that a second one waits for its turn.
WAIT_SECONDS = 120.0


def build(folders: Folders) -> None:
    """Replay archive and bundled pages into the database. Raises `BadInput`; then nothing changed."""
    with one_at_a_time(folders.state, WAIT_SECONDS):
        tables = replay(gather(folders))
        if broken := check_tables(tables):
            raise BadInput(f"nothing was published: {'; '.join(broken)}")
        build_warehouse(tables, folders.data / "schema.sql", folders.database)


def crawl(
    folders: Folders,
    base_urls: Mapping[str, str],
    budget_seconds: float,
    only: Iterable[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Ask the live sources (all, or `only` these), archive good pages, record and return the run.

    The run has run_id, started_at, finished_at, code_version and, under `sources`, for each
    source: result (new, unchanged, failed, unreachable), reason, row_count, and for a good page
    rows_hash, fetched_at, printed_on and, where much of the list went away, a warning.
    """
    started = datetime.now(UTC)
    sources = _chosen(load_sources(folders.data), only)
    archive = Archive(folders.archive)
    fetches = crawl_live(sources, base_urls, budget_seconds, settings)
    with one_at_a_time(folders.state, WAIT_SECONDS):
        last = {seen.source_id: seen.rows_hash for seen in archive.observations()}
        results = {
            one.source_id: _settle(archive, one, fetches[one.source_id], last.get(one.source_id))
            for one in sources
        }
        run = {
            "run_id": started.strftime("%Y%m%dT%H%M%S.%fZ"),
            "started_at": started.isoformat(),
            "finished_at": datetime.now(UTC).isoformat(),
            "code_version": _code_version(),
            "sources": results,
        }
        archive.record(run)
    return run


def _chosen(sources: Mapping[str, Source], only: Iterable[str]) -> list[Source]:
    crawled = {source_id: one for source_id, one in sources.items() if one.is_crawled}
    unknown = [source_id for source_id in only if source_id not in crawled]
    if unknown:
        raise BadInput(f"no source {unknown[0]!r} can be crawled; choose from: {', '.join(crawled)}")
    return [crawled[source_id] for source_id in (list(only) or crawled)]


def _settle(archive: Archive, source: Source, fetch: Fetch, last_hash: str | None) -> dict[str, Any]:
    """Archive a good page; return what the run records of this source."""
    reason = fetch.failure or check_rows(source, fetch.rows)
    if reason is not None or fetch.fetched_at is None:
        result = "unreachable" if fetch.is_unreachable else "failed"
        return {"result": result, "reason": reason, "row_count": len(fetch.rows)}
    snapshot = Snapshot(
        source_id=source.source_id,
        url=source.url,
        origin=Origin.LIVE,
        fetched_at=fetch.fetched_at,
        rows=tuple(fetch.rows),
        leftovers=tuple(fetch.leftovers),
        printed_on=fetch.printed_on,
        page=fetch.page,
    )
    before = _rows_before(archive, source.source_id, last_hash)
    return {
        "result": "new" if archive.store(snapshot) else "unchanged",
        "warning": warn_rows(source, before, fetch.rows),
        "row_count": len(fetch.rows),
        "rows_hash": snapshot.rows_hash,
        "fetched_at": fetch.fetched_at.isoformat(),
        "printed_on": fetch.printed_on.isoformat() if fetch.printed_on else None,
    }


def _rows_before(archive: Archive, source_id: str, rows_hash: str | None) -> tuple[Row, ...]:
    """Return the rows last seen; none when there are none or their snapshot is damaged."""
    if rows_hash is None or not archive.is_whole(source_id, rows_hash):
        return ()
    return archive.load(source_id, rows_hash).rows


def _code_version() -> str:
    """Return the git commit of this code, `unknown` outside a checkout."""
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return asked.stdout.strip() or "unknown"
