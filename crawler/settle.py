"""What becomes of one fetched page: archived, or refused with the difference written to a file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.archive import Archive
from crawler.clock import japan_day
from crawler.guards import check_page, describe_difference
from crawler.items import Listing, Row
from crawler.lookups import Lookups
from crawler.names import Origin
from crawler.snapshot import Observation, Snapshot
from crawler.sources import BadInput, Source
from crawler.spiders.base import Fetch
from crawler.unmatched import unmatched

SHOWN_LINES = 10


@dataclass(frozen=True)
class Night:
    """One run at work: where it archives, and what it holds the pages against."""

    archive: Archive
    lookups: Lookups
    run_id: str

    def settle(
        self, source: Source, fetch: Fetch, seen: Sequence[Observation], is_accepted: bool = False
    ) -> dict[str, Any]:
        """Archive a good page; return what the run records of this source.

        result (new, unchanged, failed, unreachable), row_count, seconds; a failure has reason and,
        where a guard refused the page, refused_hash, difference (its file) and shown (its first
        lines); a good page has rows_hash, url, fetched_at, printed_on, sections (rows by section),
        unmatched_rows and warnings. `seen` is what was seen of the source before, oldest first.
        `is_accepted` lets the page pass that was refused last, and no other: a person can only
        have looked at that one.
        """
        seconds = {"seconds": round(fetch.seconds, 1)}
        if fetch.failure is not None or fetch.fetched_at is None:
            result = "unreachable" if fetch.is_unreachable else "failed"
            return seconds | {"result": result, "reason": fetch.failure, "row_count": 0}
        if fetch.is_not_modified and seen:
            return seconds | _not_modified(fetch, seen[-1])
        try:
            return seconds | self._judge(source, fetch, fetch.fetched_at, seen, is_accepted)
        except OSError as error:
            # The other sources go on, and the run records what stopped this one.
            where = f"{error.filename or self.archive.path}: {error.strerror}"
            reason = f"{source.source_id}: the page is good but could not be archived ({where}); make room"
            return seconds | {"result": "failed", "reason": reason, "row_count": len(fetch.rows)}

    def _judge(
        self,
        source: Source,
        fetch: Fetch,
        fetched_at: datetime,
        seen: Sequence[Observation],
        is_accepted: bool,
    ) -> dict[str, Any]:
        today, printed_on = japan_day(fetched_at), fetch.printed_on
        is_to_come = printed_on is not None and printed_on > today
        snapshot = Snapshot(
            source_id=source.source_id,
            url=fetch.url or source.url,
            origin=Origin.LIVE,
            fetched_at=fetched_at,
            rows=tuple(fetch.rows),
            leftovers=tuple(fetch.leftovers),
            # A date to come would lock out every true one that follows, so not even a person lets it in.
            printed_on=None if is_to_come else printed_on,
            page=fetch.page,
            page_before=fetch.page_before,
        )
        before = rows_before(self.archive, seen)
        printed_before = next((one.printed_on for one in reversed(seen) if one.printed_on), None)
        unmatched_rows, _ = unmatched(source.source_id, fetch.rows, self.lookups)
        judged = check_page(source, before, fetch.rows, printed_before, printed_on, today, unmatched_rows)
        # The page of a damaged snapshot heals it.
        is_same = bool(seen) and seen[-1].rows_hash == snapshot.rows_hash
        is_healing = is_same and not self.archive.is_whole(source.source_id, snapshot.rows_hash)
        is_accepted = is_accepted and _waits(self.archive, source, snapshot, judged.refusals)
        if judged.refusals and not (is_accepted or is_healing):
            return _refused(self.archive, snapshot, before, judged.refusals, self.run_id)
        passed = "accepted by hand" if is_accepted else "heals its damaged snapshot"
        return {
            "result": "new" if self.archive.store(snapshot) else "unchanged",
            "warnings": judged.warnings + [f"{passed}: {reason}" for reason in judged.refusals],
            "row_count": len(fetch.rows),
            "sections": count_sections(fetch.rows),
            "unmatched_rows": unmatched_rows,
            "rows_hash": snapshot.rows_hash,
            "url": snapshot.url,
            "fetched_at": fetched_at.isoformat(),
            "printed_on": snapshot.printed_on.isoformat() if snapshot.printed_on else None,
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


def _waits(archive: Archive, source: Source, snapshot: Snapshot, refusals: Sequence[str]) -> bool:
    """Tell whether this page, refused last for these reasons, still waits for a person."""
    waiting: dict[str, Any] = {}
    for run in archive.runs():
        result = run["sources"].get(source.source_id, {})
        if result.get("rows_hash"):
            waiting = {}
        elif result.get("refused_hash"):
            waiting = result
    is_same = waiting.get("refused_hash") == snapshot.rows_hash
    return is_same and waiting.get("reason") == "; ".join(refusals)


def rows_before(archive: Archive, seen: Sequence[Observation]) -> tuple[Row, ...]:
    """Return the rows seen last; where their snapshot is damaged, those of the last one that is whole."""
    for rows_hash in dict.fromkeys(one.rows_hash for one in reversed(seen)):
        try:
            return archive.load(seen[-1].source_id, rows_hash).rows
        except BadInput:
            continue
    return ()
