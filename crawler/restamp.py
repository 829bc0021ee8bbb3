"""A night that brought nothing new: only times move, so the published tables need no replay.

The result is the same file, table by table, as a replay would give; a test holds the two together.
Whatever is not plain to see (other code, other rows, lists of one capability that were seen on
different days) is left to the replay.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from crawler.material import JAPAN
from crawler.names import Capability
from crawler.record_tables import run_table
from crawler.snapshot import Observation
from crawler.sources import Source
from crawler.warehouse import published

Days = dict[str, tuple[date, date]]


def restamp(
    database: Path,
    sources: Mapping[str, Source],
    observations: Sequence[Observation],
    runs: Sequence[Mapping[str, Any]],
    inputs: str,
) -> bool:
    """Move the times of `database` to those of the newest run; return False where a replay is needed.

    `observations` are those of the archive, oldest first, and `inputs` their fingerprint. The file
    is replaced in one step, or untouched.
    """
    last = {seen.source_id: seen for seen in observations}
    try:
        with duckdb.connect(str(database), read_only=True) as con:
            meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
            days = _days(con, last)
    except duckdb.Error:
        return False
    if meta.get("inputs") != inputs or not _move_together(days, sources):
        return False
    with published(database) as partial:
        shutil.copyfile(database, partial)
        _move_times(partial, last, days, sources, runs, meta["built_at"])
    return True


def _move_times(
    path: Path,
    last: Mapping[str, Observation],
    days: Days,
    sources: Mapping[str, Source],
    runs: Sequence[Mapping[str, Any]],
    built_at: str,
) -> None:
    with duckdb.connect(str(path), config={"threads": 1}) as con:
        for seen in last.values():
            moment = seen.fetched_at.astimezone(UTC).replace(tzinfo=None)
            con.execute(
                "UPDATE snapshot SET last_fetched_at = ?, printed_on = ? "
                "WHERE source_id = ? AND origin = 'live' AND is_current",
                [moment, seen.printed_on, seen.source_id],
            )
        for source_id, (old, new) in days.items():
            con.execute(
                "UPDATE listing SET last_seen_on = ? WHERE source_id = ? AND is_current", [new, source_id]
            )
            con.execute(
                "UPDATE support SET last_seen_on = ? "
                "WHERE source_id = ? AND last_seen_on = ? AND reason <> 'delisted'",
                [new, source_id, old],
            )
        con.execute("DELETE FROM run")
        con.register("incoming", run_table(runs, sources))
        con.execute("INSERT INTO run BY NAME SELECT * FROM incoming")
        moments = [datetime.fromisoformat(run["finished_at"]).astimezone(UTC) for run in runs]
        newest = max([datetime.fromisoformat(built_at), *moments])
        con.execute("UPDATE meta SET value = ? WHERE key = 'built_at'", [newest.isoformat()])


def _days(con: duckdb.DuckDBPyConnection, last: Mapping[str, Observation]) -> Days:
    """Return (day in the file, day of the archive) of the current rows of each list."""
    sql = "SELECT source_id, origin, max(last_seen_on) FROM listing WHERE is_current GROUP BY ALL"
    return {
        source_id: (day, last[source_id].fetched_at.astimezone(JAPAN).date() if origin == "live" else day)
        for source_id, origin, day in con.execute(sql).fetchall()
    }


def _move_together(days: Days, sources: Mapping[str, Source]) -> bool:
    """Tell whether the lists of each capability went from one same day to one same other day.

    Then the day in a verdict, which may rest on several of them, is plain to follow.
    """
    pairs: dict[Capability, set[tuple[date, date]]] = defaultdict(set)
    for source_id, pair in days.items():
        for capability in sources[source_id].capabilities:
            pairs[capability].add(pair)
    return all(len(found) == 1 for found in pairs.values())
