"""A fetched page held against what was seen of its source before. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.archive import Archive
from crawler.clock import japan_day
from crawler.guards import Judgement, check_page
from crawler.items import Row
from crawler.lookups import Lookups
from crawler.snapshot import Observation
from crawler.sources import BadInput, Source
from crawler.spiders.base import Fetch
from crawler.unmatched import unmatched


@dataclass(frozen=True)
class Finding:
    """What the guards say of a page on a day in Japan; `before` are the rows it is compared with.

    `printed_on` is None for a date to come: it would lock out every true one that follows, so not
    even a person lets it in. `issues` say of the `unmatched_rows` which values no lookup knows.
    """

    today: date
    before: tuple[Row, ...]
    printed_on: date | None
    judgement: Judgement
    unmatched_rows: int
    issues: list[dict[str, str]]


def judge(
    archive: Archive, lookups: Lookups, source: Source, fetch: Fetch, seen: Sequence[Observation]
) -> Finding:
    """Hold a page that was read whole against the registry and against `seen`, oldest first."""
    assert fetch.fetched_at is not None
    today, before = japan_day(fetch.fetched_at), rows_before(archive, seen)
    printed_before = next((one.printed_on for one in reversed(seen) if one.printed_on), None)
    count, issues = unmatched(source.source_id, fetch.rows, lookups)
    judgement = check_page(source, before, fetch.rows, printed_before, fetch.printed_on, today, count)
    if seen and not before:
        unread = "the rows seen last cannot be read, so there is nothing to compare with"
        judgement.refusals.append(f"{source.source_id}: {unread}; restore their snapshot, or accept the page")
    is_to_come = fetch.printed_on is not None and fetch.printed_on > today
    return Finding(today, before, None if is_to_come else fetch.printed_on, judgement, count, issues)


def rows_before(archive: Archive, seen: Sequence[Observation]) -> tuple[Row, ...]:
    """Return the rows seen last; where their snapshot is damaged, those of the last one that is whole."""
    for rows_hash in dict.fromkeys(one.rows_hash for one in reversed(seen)):
        try:
            return archive.load(seen[-1].source_id, rows_hash).rows
        except BadInput:
            continue
    return ()
