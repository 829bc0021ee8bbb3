"""What `python -m crawler status` prints: sources and their age, counts, last runs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb

from crawler.archive import Archive
from crawler.report import GOOD
from crawler.sources import BadInput, Folders

SOURCES = """
SELECT s.source_id, coalesce(p.origin, '-') AS origin, coalesce(p.row_count, 0) AS row_count,
    p.last_fetched_at, p.printed_on, s.stale_after_days, s.is_crawled
FROM source s LEFT JOIN snapshot p ON p.source_id = s.source_id AND p.is_current
ORDER BY s.rowid
"""
TABLES = (
    "maker",
    "device",
    "device_model",
    "match_key",
    "listing",
    "requirement",
    "support",
    "change",
    "issue",
)


def describe(folders: Folders, now: datetime | None = None) -> Iterator[str]:
    """Yield the lines of the report. Raises `BadInput` when there is no readable database."""
    now = now or datetime.now(UTC)
    if not folders.database.exists():
        raise BadInput(f"{folders.database}: no database yet; run `make build`")
    try:
        with duckdb.connect(str(folders.database), read_only=True) as con:
            yield from _database_lines(con, now)
    except duckdb.Error as error:
        raise BadInput(f"{folders.database}: cannot be read ({error}); run `make build`") from error
    runs = Archive(folders.archive).runs()
    yield from _trouble_lines(runs)
    yield from _run_lines(runs[-5:])


def _database_lines(con: duckdb.DuckDBPyConnection, now: datetime) -> Iterator[str]:
    meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
    about = f"schema {meta['schema_version']}, origin {meta['origin']}"
    yield f"database: {about}, newest run or list {meta['built_at']}"
    yield ""
    yield f"{'source':22} {'origin':8} {'rows':>6}  {'last seen':10} {'printed':10}  note"
    for source_id, origin, rows, seen, printed, stale_days, is_crawled in con.execute(SOURCES).fetchall():
        note = "" if is_crawled else "no parser for its live form yet"
        if seen and origin == "live" and (age := (now.replace(tzinfo=None) - seen).days) > stale_days:
            note = f"STALE: {age} days old, {stale_days} allowed"
        yield (f"{source_id:22} {origin:8} {rows:>6}  {_day(seen):10} {_day(printed):10}  {note}".rstrip())
    yield ""
    for table in TABLES:
        (count,) = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
        yield f"{table:22} {count:>8} rows"


def _trouble_lines(runs: list[dict[str, Any]]) -> Iterator[str]:
    """Yield for each source whose last run was not good since when, and why; and what was warned of."""
    since: dict[str, tuple[str, int]] = {}
    newest: dict[str, dict[str, Any]] = {}
    for run in runs:
        for source_id, result in run["sources"].items():
            newest[source_id] = result
            first, count = since.get(source_id, (run["started_at"][:10], 0))
            if result["result"] in GOOD:
                since.pop(source_id, None)
            else:
                since[source_id] = (first, count + 1)
    for source_id, (first, count) in since.items():
        result = newest[source_id]
        yield ""
        yield f"{source_id}: {result['result']} since {first} ({count} runs): {result.get('reason')}"
        if "difference" in result:
            yield f"  difference: {result['difference']} in the archive"
    for source_id, result in newest.items():
        yield from (f"{source_id}: WARNING: {warning}" for warning in result.get("warnings", ()))


def _run_lines(runs: list[dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield "last runs:" if runs else "last runs: none recorded"
    for run in runs:
        results = ", ".join(f"{name} {one['result']}" for name, one in run["sources"].items())
        yield f"  {run['started_at'][:19]}  {results}"


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"
