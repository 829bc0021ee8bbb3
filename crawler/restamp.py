"""A night that brought nothing new: only times move, so the published tables need no replay.

A copy of the file gets the times of the newest run. The result is the same, table by table, as a
replay would give; a test holds the two together. Whatever is not plain to see (other code, other
rows, lists of one capability that were seen on different days, a damaged file) is left to the replay.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Any

import duckdb

from crawler.clock import japan_day
from crawler.names import Capability
from crawler.record_tables import BUILT_BYTES, newest, run_table
from crawler.snapshot import Observation
from crawler.sources import BadInput, Source
from crawler.warehouse import ORDER, published

Days = dict[str, tuple[date, date]]
# Each update leaves some room unused; a file that grew beyond this is written anew.
MAX_GROWTH = 1.5


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
        days = _days(database, last, inputs)
        if days is None or not _move_together(days, sources):
            return False
        with published(database) as partial:
            shutil.copyfile(database, partial)
            with duckdb.connect(str(partial), config={"threads": 1}) as con:
                _move_times(con, last, days)
                _replace_runs(con, sources, runs)
                _read_all(con)
    except (duckdb.Error, BadInput):
        # A file that cannot be read whole, or a disk that is full: the replay heals the one, tells the other.
        return False
    return True


def _days(database: Path, last: Mapping[str, Observation], inputs: str) -> Days | None:
    """Return (day in the file, day of the archive) of the current rows of each list.

    None for a file that was made from other code or rows, or has grown too much.
    """
    sql = "SELECT source_id, origin, max(last_seen_on) FROM listing WHERE is_current GROUP BY ALL"
    with duckdb.connect(str(database), read_only=True) as con:
        meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
        size, built = database.stat().st_size, int(meta.get(BUILT_BYTES, 0))
        if meta.get("inputs") != inputs or (built and size > built * MAX_GROWTH):
            return None
        return {
            source_id: (day, japan_day(last[source_id].fetched_at) if origin == "live" else day)
            for source_id, origin, day in con.execute(sql).fetchall()
        }


def _move_times(con: duckdb.DuckDBPyConnection, last: Mapping[str, Observation], days: Days) -> None:
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


def _replace_runs(
    con: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], runs: Sequence[Mapping[str, Any]]
) -> None:
    con.execute("DELETE FROM run")
    con.register("incoming", run_table(runs, sources))
    con.execute("INSERT INTO run BY NAME SELECT * FROM incoming")
    first = con.execute("SELECT max(first_fetched_at) FROM snapshot WHERE is_current").fetchall()[0][0]
    built_at = newest([first.replace(tzinfo=UTC)], runs)
    con.execute("UPDATE meta SET value = ? WHERE key = 'built_at'", [built_at])
    size = "(SELECT block_size * total_blocks FROM pragma_database_size())"
    con.execute(f"UPDATE meta SET value = {size} WHERE key = ? AND value = '0'", [BUILT_BYTES])


def _read_all(con: duckdb.DuckDBPyConnection) -> None:
    """Read every block once. Raises `duckdb.Error` for a file that rotted on disk."""
    for name in ORDER:
        con.execute(f"SELECT bit_xor(hash(t)) FROM {name} t").fetchall()


def _move_together(days: Days, sources: Mapping[str, Source]) -> bool:
    """Tell whether the lists of each capability went from one same day to one same other day.

    Then the day in a verdict, which may rest on several of them, is plain to follow.
    """
    pairs: dict[Capability, set[tuple[date, date]]] = defaultdict(set)
    for source_id, pair in days.items():
        for capability in sources[source_id].capabilities:
            pairs[capability].add(pair)
    return all(len(found) == 1 for found in pairs.values())
