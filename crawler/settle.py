"""What becomes of one fetched page: archived, or refused with the difference written to a file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from crawler.archive import Archive
from crawler.guards import check_page, describe_difference
from crawler.items import Listing, Row
from crawler.lookups import Lookups
from crawler.names import Origin
from crawler.snapshot import Observation, Snapshot
from crawler.sources import BadInput, Source
from crawler.spiders.base import Fetch
from crawler.unmatched import unmatched

SHOWN_LINES = 10
JAPAN = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Night:
    """One run at work: where it archives, and what it holds the pages against."""

    archive: Archive
    lookups: Lookups
    run_id: str

    def settle(
        self, source: Source, fetch: Fetch, last: Observation | None, is_accepted: bool = False
    ) -> dict[str, Any]:
        """Archive a good page; return what the run records of this source.

        result (new, unchanged, failed, unreachable), row_count, seconds; a failure has reason and,
        where a guard refused the page, refused_hash, difference (its file) and shown (its first
        lines); a good page has rows_hash, url, fetched_at, printed_on, sections (rows by section),
        unmatched_rows and warnings. `is_accepted` lets the page pass that was refused last, and
        no other: a person can only have looked at that one.
        """
        seconds = {"seconds": round(fetch.seconds, 1)}
        if fetch.failure is not None or fetch.fetched_at is None:
            result = "unreachable" if fetch.is_unreachable else "failed"
            return seconds | {"result": result, "reason": fetch.failure, "row_count": 0}
        if fetch.is_not_modified and last is not None:
            return seconds | _not_modified(fetch, last)
        try:
            return seconds | self._judge(source, fetch, fetch.fetched_at, last, is_accepted)
        except OSError as error:
            # The other sources go on, and the run records what stopped this one.
            where = f"{error.filename or self.archive.path}: {error.strerror}"
            reason = f"{source.source_id}: the page is good but could not be archived ({where}); make room"
            return seconds | {"result": "failed", "reason": reason, "row_count": len(fetch.rows)}

    def _judge(
        self, source: Source, fetch: Fetch, fetched_at: datetime, last: Observation | None, is_accepted: bool
    ) -> dict[str, Any]:
        snapshot = Snapshot(
            source_id=source.source_id,
            url=fetch.url or source.url,
            origin=Origin.LIVE,
            fetched_at=fetched_at,
            rows=tuple(fetch.rows),
            leftovers=tuple(fetch.leftovers),
            printed_on=fetch.printed_on,
            page=fetch.page,
            page_before=fetch.page_before,
        )
        before = rows_before(self.archive, last)
        dates = (last.printed_on if last else None, fetch.printed_on, fetched_at.astimezone(JAPAN).date())
        unmatched_rows, _ = unmatched(source.source_id, fetch.rows, self.lookups)
        judged = check_page(source, before, fetch.rows, *dates, unmatched_rows=unmatched_rows)
        is_accepted = is_accepted and refused_last(self.archive, source) == snapshot.rows_hash
        if judged.refusals and not is_accepted:
            return _refused(self.archive, snapshot, before, judged.refusals, self.run_id)
        return {
            "result": "new" if self.archive.store(snapshot) else "unchanged",
            "warnings": judged.warnings + [f"accepted by hand: {reason}" for reason in judged.refusals],
            "row_count": len(fetch.rows),
            "sections": count_sections(fetch.rows),
            "unmatched_rows": unmatched_rows,
            "rows_hash": snapshot.rows_hash,
            "url": snapshot.url,
            "fetched_at": fetched_at.isoformat(),
            "printed_on": fetch.printed_on.isoformat() if fetch.printed_on else None,
            "validators": fetch.validators,
        }


def count_sections(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows stand in each section of a list."""
    return dict(Counter(row.section.value for row in rows if isinstance(row, Listing)))


def _not_modified(fetch: Fetch, last: Observation) -> dict[str, Any]:
    """Return the record of a 304: the rows last seen, seen again."""
    assert fetch.fetched_at is not None
    return {
        "result": "unchanged",
        "is_not_modified": True,
        "warnings": [],
        "row_count": last.row_count,
        "rows_hash": last.rows_hash,
        "url": last.url,
        "fetched_at": fetch.fetched_at.isoformat(),
        "printed_on": last.printed_on.isoformat() if last.printed_on else None,
        "validators": fetch.validators,
    }


def validators_of(archive: Archive, reader: str) -> dict[str, dict[str, str]]:
    """Return for each source the marks of its last good page, for a conditional request.

    Only where the rows at hand are whole and were read by the same code (`reader`): after a
    mended parser, or a lost snapshot, the page itself is needed again.
    """
    last: dict[str, tuple[str, dict[str, str]]] = {}
    for run in archive.runs():
        for source_id, result in run["sources"].items():
            if result.get("rows_hash"):
                marks = result.get("validators") or {}
                last[source_id] = result["rows_hash"], marks if run.get("reader") == reader else {}
    return {
        source_id: marks
        for source_id, (rows_hash, marks) in last.items()
        if marks and archive.is_whole(source_id, rows_hash)
    }


def _refused(
    archive: Archive, snapshot: Snapshot, before: tuple[Row, ...], reasons: list[str], run_id: str
) -> dict[str, Any]:
    lines = describe_difference(before, snapshot.rows)
    path = archive.path / "refused" / f"{snapshot.source_id}-{run_id}.diff"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*(f"# {reason}" for reason in reasons), *lines, ""]), encoding="utf-8")
    return {
        "result": "failed",
        "reason": "; ".join(reasons),
        "row_count": len(snapshot.rows),
        "refused_hash": snapshot.rows_hash,
        "difference": str(path.relative_to(archive.path)),
        "shown": lines[:SHOWN_LINES],
    }


def refused_last(archive: Archive, source: Source) -> str | None:
    """Return the hash of the refused page that still waits for a person: none came through since."""
    waiting = None
    for run in archive.runs():
        result = run["sources"].get(source.source_id, {})
        waiting = None if result.get("rows_hash") else result.get("refused_hash", waiting)
    return waiting


def rows_before(archive: Archive, last: Observation | None) -> tuple[Row, ...]:
    """Return the rows last seen; none when there are none or their snapshot is damaged."""
    if last is None:
        return ()
    try:
        return archive.load(last.source_id, last.rows_hash).rows
    except BadInput:
        return ()
