"""A night that brought nothing new: only times move, so the published tables need no replay.

They are copied into a new file with the times of the newest run. The result is the same, table by
table, as a replay would give; a test holds the two together. Whatever is not plain to see (other
code, other rows, lists of one capability that were seen on different days, a damaged file) is left to
the replay.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from crawler.clock import japan_day
from crawler.names import Capability
from crawler.record_tables import newest, run_table
from crawler.snapshot import Observation
from crawler.sources import BadInput, Source
from crawler.warehouse import ORDER, empty_warehouse, insert, published, quoted

Days = dict[str, tuple[date, date]]
# How the rows of a table change; all other tables are copied as they are.
MOVED = {
    "snapshot": "SELECT s.* REPLACE (coalesce(m.fetched_at, last_fetched_at) AS last_fetched_at, "
    "CASE WHEN m.source_id IS NULL THEN s.printed_on ELSE m.printed_on END AS printed_on) "
    "FROM old.snapshot s LEFT JOIN moved m ON m.source_id = s.source_id AND s.is_current "
    "AND s.origin = 'live' ORDER BY s.rowid",
    "listing": "SELECT l.* REPLACE (coalesce(m.new_day, last_seen_on) AS last_seen_on) "
    "FROM old.listing l LEFT JOIN moved m ON m.source_id = l.source_id AND l.is_current ORDER BY l.rowid",
    "support": "SELECT s.* REPLACE (coalesce(m.new_day, last_seen_on) AS last_seen_on) "
    "FROM old.support s LEFT JOIN moved m ON m.source_id = s.source_id AND s.last_seen_on = m.old_day "
    "AND s.reason <> 'delisted' ORDER BY s.rowid",
}


def restamp(
    database: Path,
    schema: Path,
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
        days = _days(database, last, inputs)
        if days is None or not _move_together(days, sources):
            return False
        with published(database) as partial, empty_warehouse(schema, partial) as con:
            con.execute(f"ATTACH '{quoted(database)}' AS old (READ_ONLY)")
            con.register("moved_rows", _moved(last, days))
            con.execute("CREATE TEMP TABLE moved AS FROM moved_rows")
            for name in ORDER:
                if name == "run":
                    insert(con, name, run_table(runs, sources))
                else:
                    rows = MOVED.get(name, f"FROM old.{name} ORDER BY rowid")
                    con.execute(f"INSERT INTO {name} BY NAME {rows}")
            first = "SELECT max(first_fetched_at) FROM snapshot WHERE is_current"
            fetched_at = con.execute(first).fetchall()[0][0].replace(tzinfo=UTC)
            built_at = newest([fetched_at], runs)
            con.execute("UPDATE meta SET value = ? WHERE key = 'built_at'", [built_at])
            con.execute("DETACH old")
    except (duckdb.Error, BadInput):
        # A file that cannot be read whole, or a disk that is full: the replay heals the one, tells the other.
        return False
    return True


def _days(database: Path, last: Mapping[str, Observation], inputs: str) -> Days | None:
    """Return (day in the file, day of the archive) of the current rows of each list.

    None for a file that was made from other code or rows.
    """
    sql = "SELECT source_id, origin, max(last_seen_on) FROM listing WHERE is_current GROUP BY ALL"
    with duckdb.connect(str(database), read_only=True) as con:
        meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
        if meta.get("inputs") != inputs:
            return None
        return {
            source_id: (day, japan_day(last[source_id].fetched_at) if origin == "live" else day)
            for source_id, origin, day in con.execute(sql).fetchall()
        }


def _moved(last: Mapping[str, Observation], days: Days) -> pd.DataFrame:
    """Return for each source seen live: source_id, fetched_at (UTC), printed_on, old_day, new_day."""
    records = [
        (
            seen.source_id,
            pd.Timestamp(seen.fetched_at.astimezone(UTC).replace(tzinfo=None)),
            seen.printed_on,
            *days.get(seen.source_id, (None, None)),
        )
        for seen in last.values()
    ]
    frame = pd.DataFrame(records, columns=["source_id", "fetched_at", "printed_on", "old_day", "new_day"])
    for column in ("fetched_at", "printed_on", "old_day", "new_day"):
        frame[column] = pd.to_datetime(frame[column])
    return frame.astype({"source_id": "str"})


def _move_together(days: Days, sources: Mapping[str, Source]) -> bool:
    """Tell whether the lists of each capability went from one same day to one same other day.

    Then the day in a verdict, which may rest on several of them, is plain to follow.
    """
    pairs: dict[Capability, set[tuple[date, date]]] = defaultdict(set)
    for source_id, pair in days.items():
        for capability in sources[source_id].capabilities:
            pairs[capability].add(pair)
    return all(len(found) == 1 for found in pairs.values())
