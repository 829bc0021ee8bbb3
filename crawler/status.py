"""What `python -m crawler status` prints: sources and their age, counts, last runs."""

from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from crawler.archive import Archive
from crawler.report import GOOD
from crawler.sources import BadInput, Folders, load_sources

PUBLISHING = "publishing"
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
    yield from _trouble_lines(runs, load_sources(folders.data))
    yield from _run_lines(runs[-5:])


def _database_lines(con: duckdb.DuckDBPyConnection, now: datetime) -> Iterator[str]:
    meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
    origins = {origin for (origin,) in con.execute("SELECT origin FROM snapshot WHERE is_current").fetchall()}
    origin = "live in part, else bundled" if len(origins) > 1 else meta["origin"]
    about = f"schema {meta['schema_version']}, origin {origin}"
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


def _trouble_lines(runs: list[dict[str, Any]], known: Container[str]) -> Iterator[str]:
    """Yield what the last runs of each source, and of publishing, did not get done: since when, and why."""
    since: dict[str, tuple[str, int]] = {}
    newest: dict[str, dict[str, Any]] = {}
    for run in runs:
        results = {id_: one for id_, one in run["sources"].items() if id_ in known}
        newest |= results
        for name, is_good in [
            *((id_, one["result"] in GOOD) for id_, one in results.items()),
            _published(run),
        ]:
            first, count = since.get(name, (run["started_at"][:10], 0))
            since[name] = (first, count + 1)
            if is_good:
                del since[name]
    for name, (first, count) in since.items():
        result = newest.get(name, {"result": "failed", "reason": runs[-1].get("error")})
        yield ""
        yield f"{name}: {result['result']} since {first} (runs: {count}): {result.get('reason')}"
        if "difference" in result:
            yield f"  difference: {result['difference']} in the archive"
    warned = [(name, warning) for name, one in newest.items() for warning in one.get("warnings", ())]
    yield from (f"{name}: WARNING: {warning}" for name, warning in warned)
    yield from (f"WARNING: {warning}" for warning in (runs[-1].get("warnings", ()) if runs else ()))


def _published(run: Mapping[str, Any]) -> tuple[str, bool]:
    return PUBLISHING, "error" not in run


def _run_lines(runs: list[dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield "last runs:" if runs else "last runs: none recorded"
    for run in runs:
        results = ", ".join(f"{name} {one['result']}" for name, one in run["sources"].items())
        results = results or "nothing could be published"
        yield f"  {run['started_at'][:19]}  {results}"


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "-"
