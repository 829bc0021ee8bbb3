"""What becomes of one fetched page: archived, or refused with the difference written to a file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.archive import Archive
from crawler.guards import check_page, describe_difference
from crawler.items import Listing, Row
from crawler.judging import judge
from crawler.lookups import Lookups
from crawler.names import Origin
from crawler.snapshot import Observation, Snapshot
from crawler.sources import Source
from crawler.spiders.base import Fetch

SHOWN_LINES = 10
OTHER_PAGE = (
    "--accept did not apply: this is not the page, or not the reason, that was refused last; look again"
)
NEW_LINES = (
    "{} lines are new beside the same rows and gave none; `python -m crawler doctor --source {}` shows them"
)
# A page of unread lines is a changed layout; the record of the run stays small.
MOST_UNREAD = 50
STILL_TO_COME = "the page will be refused again each night until {}, its printed date"
NOTHING_TO_ACCEPT = "--accept was not needed: nothing was refused"
LASTING = "a page with other rows will be refused for this again, unless data/sources.toml asks for less"


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

        result (new, unchanged, failed, unreachable), row_count, seconds, warnings; a failure has
        reason and, where a guard refused the page, refused_hash, difference (its file), counts and
        shown (its first lines); a good page has rows_hash, url, fetched_at, printed_on, sections
        (rows by section), unmatched_rows and unread (lines without a row that the stored page had
        not). `seen` is what was seen of the source before, oldest first. `is_accepted` lets the page
        pass that was refused last, and no other: a person can only have looked at that one.
        """
        about: dict[str, Any] = {"seconds": round(fetch.seconds, 1), "warnings": []}
        if fetch.failure is not None or fetch.fetched_at is None:
            about["result"] = "unreachable" if fetch.is_unreachable else "failed"
            about["warnings"] = ["--accept did not apply: no list could be read"] if is_accepted else []
            return about | {"reason": fetch.failure, "row_count": 0}
        if fetch.is_not_modified and seen:
            return about | _not_modified(fetch, seen[-1])
        try:
            return about | self._take(source, fetch, seen, is_accepted)
        except OSError as error:
            # The other sources go on, and the run records what stopped this one.
            where = f"{error.filename or self.archive.path}: {error.strerror}"
            reason = f"{source.source_id}: the page is good but could not be archived ({where}); make room"
            return about | {"result": "failed", "reason": reason, "row_count": len(fetch.rows)}

    def _take(
        self, source: Source, fetch: Fetch, seen: Sequence[Observation], is_accepted: bool
    ) -> dict[str, Any]:
        """Archive the page, or refuse it."""
        finding = judge(self.archive, self.lookups, source, fetch, seen)
        snapshot, refusals = _snapshot(source, fetch, finding.printed_on), finding.judgement.refusals
        is_same = bool(seen) and seen[-1].rows_hash == snapshot.rows_hash
        # What the page would be refused for also without any change: the floors of the registry.
        lasting = check_page(source, fetch.rows, fetch.rows).refusals
        if is_same:
            # Somebody let these very rows pass a floor; to refuse them again would change nothing.
            refusals = [reason for reason in refusals if reason not in lasting]
        # The page of a damaged snapshot heals it.
        is_healing = is_same and not self.archive.is_whole(source.source_id, snapshot.rows_hash)
        is_passed = is_accepted and _waits(self.archive, source, snapshot, refusals)
        if refusals and not (is_passed or is_healing):
            refused = _refused(self.archive, snapshot, finding.before, refusals, self.run_id)
            return refused | {"warnings": [OTHER_PAGE] if is_accepted else []}
        passed = "accepted by hand" if is_passed else "heals its damaged snapshot"
        warnings = finding.judgement.warnings + [f"{passed}: {reason}" for reason in refusals]
        if is_passed or is_same:
            warnings += [f"{LASTING}: {reason}" for reason in lasting]
        if is_passed and fetch.printed_on and not finding.printed_on:
            warnings.append(STILL_TO_COME.format(fetch.printed_on))
        if is_accepted and not is_passed:
            warnings.append(NOTHING_TO_ACCEPT)
        is_stored = self.archive.store(snapshot)
        if is_stored and is_same:
            warnings.append("the damaged snapshot of these rows was written anew")
        unread = [] if is_stored else self._unread(snapshot)
        if unread and not (is_same and set(unread) <= set(seen[-1].unread)):
            warnings.append(NEW_LINES.format(len(unread), source.source_id))
        return _record(snapshot, fetch) | {
            "result": "unchanged" if is_same else "new",
            "warnings": warnings,
            "sections": count_sections(fetch.rows),
            "unmatched_rows": finding.unmatched_rows,
            "unread": unread,
        }

    def _unread(self, snapshot: Snapshot) -> list[str]:
        """Return the printed lines without a row that the page did not have when its rows were stored."""
        stored = self.archive.leftovers(snapshot.source_id, snapshot.rows_hash)
        return [text for text in dict.fromkeys(snapshot.leftovers) if text not in stored][:MOST_UNREAD]


def _snapshot(source: Source, fetch: Fetch, printed_on: date | None) -> Snapshot:
    assert fetch.fetched_at is not None
    return Snapshot(
        source_id=source.source_id,
        url=fetch.url or source.url,
        origin=Origin.LIVE,
        fetched_at=fetch.fetched_at,
        rows=tuple(fetch.rows),
        leftovers=tuple(fetch.leftovers),
        printed_on=printed_on,
        page=fetch.page,
        page_before=fetch.page_before,
    )


def _record(snapshot: Snapshot, fetch: Fetch) -> dict[str, Any]:
    return {
        "row_count": len(snapshot.rows),
        "rows_hash": snapshot.rows_hash,
        "url": snapshot.url,
        "fetched_at": snapshot.fetched_at.isoformat(),
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
        "unread": list(last.unread),
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
    gone = sum(line.startswith("-") for line in lines)
    counts = f"{gone} rows gone or changed, {len(lines) - gone} new or changed"
    head = [f"# {text}" for text in (*reasons, counts)]
    path.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")
    return {
        "result": "failed",
        "reason": "; ".join(reasons),
        "row_count": len(snapshot.rows),
        "refused_hash": snapshot.rows_hash,
        "difference": str(path.relative_to(archive.path)),
        "counts": counts,
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
