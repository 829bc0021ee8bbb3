"""How the sources are: what was fetched when, what the last runs found, what is overdue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from crawler.names import Origin
from explorer.days import japan_day
from explorer.store import Place, open_store

SHOWN_RUNS = 7
# What the crawler records as the reason of a failure -> the code of a plain sentence.
REASONS = (
    ("busy", r"found 5\d\d|robots\.txt answered 5\d\d"),
    ("robots", r"forbidden by robots"),
    ("no_time", r"used up before|no whole answer within|timed? ?out|took longer"),
    ("gone", r"found (404|410)"),
    ("refused", r"found (401|403|429)"),
    ("moved", r"redirect"),
    ("few_rows", r"at least \d+ rows"),
    ("maker_missing", r"expected rows of"),
    ("many_gone", r"of the devices listed before"),
    ("odd_date", r"update date"),
    ("no_room", r"make room"),
    ("no_network", r"resol|DNS|refused|unreachable|reset|nothing came|connect"),
    ("other_layout", r"expected .+ found|spider raised"),
)


class Run(NamedTuple):
    """What one refresh found at a source."""

    started_at: datetime
    result: str
    reason: str | None
    row_count: int


@dataclass(frozen=True)
class SourceHealth:
    """A source with its current data and its last runs, the newest first."""

    source_id: str
    title: str
    publisher: str
    url: str
    stale_after_days: int
    is_crawled: bool
    origin: str | None
    row_count: int | None
    printed_on: date | None
    last_fetched_at: datetime | None
    runs: tuple[Run, ...] = ()

    def age_days(self, today: date) -> int | None:
        """Return the days since the last fetch by the calendar of Japan; None without a live page."""
        if self.origin != Origin.LIVE or self.last_fetched_at is None:
            return None
        return (today - japan_day(f"{self.last_fetched_at.isoformat()}Z")).days

    def is_overdue(self, today: date) -> bool:
        age = self.age_days(today)
        return age is not None and age > self.stale_after_days


def read_health(place: Place) -> list[SourceHealth]:
    """Return the sources in the order of the registry."""
    store = open_store(place)
    runs: dict[str, list[Run]] = {}
    for source_id, last in store.rows(RUNS):
        runs[source_id] = [Run(*run.values()) for run in last]
    return [SourceHealth(*[*row, tuple(runs.get(row[0], ()))]) for row in store.rows(SOURCES)]


def reason_code(run: Run) -> str:
    """Return the code of the sentence that says how a run went at a source."""
    if run.result in ("new", "unchanged"):
        return run.result
    text = run.reason or ""
    return next((code for code, pattern in REASONS if re.search(pattern, text, re.IGNORECASE)), run.result)


def last_failure(runs: Sequence[Run]) -> Run | None:
    """Return the newest run when it brought nothing, else None."""
    return runs[0] if runs and runs[0].result not in ("new", "unchanged") else None


SOURCES = """
SELECT s.source_id, s.title, s.publisher, s.url, s.stale_after_days, s.is_crawled, p.origin, p.row_count,
    p.printed_on, p.last_fetched_at
FROM source s LEFT JOIN snapshot p ON p.source_id = s.source_id AND p.is_current ORDER BY s.rowid
"""
RUNS = f"""
SELECT source_id, list({{started_at: started_at, result: result, reason: reason, row_count: row_count}}
    ORDER BY rowid DESC)[:{SHOWN_RUNS}]
FROM run GROUP BY source_id
"""
