"""One build of the database as tables in memory, for the pages that filter, count and page in SQL.

The file is opened, copied and closed, so a new build can take its place at any time; the copy has
the devices flat, by model number, which the view `compat` would join anew for each question.
"""

import contextlib
import ctypes
import threading
from pathlib import Path
from typing import Any

import duckdb

from explorer.database import KEPT_FILES, NoDatabase, Stamp, quoted, stamp_of, telling

COPIED = ("meta", "source", "snapshot", "run", "listing", "maker", "device", "device_model")


class Store:
    """A build of the database; each question has a cursor of its own, so sessions do not meet."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.meta: dict[str, str] = dict(self.rows("SELECT key, value FROM meta"))

    def rows(self, sql: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        with self.cursor() as cursor:
            return list(cursor.execute(sql, values or {}).fetchall())

    def is_usable(self) -> bool:
        """Tell whether DuckDB still answers: after an error of its own it closes the whole copy."""
        try:
            self._con.execute("SELECT 1")
        except duckdb.Error:
            return False
        return True

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor to read many rows from; the caller closes it."""
        cursor = self._con.cursor()
        cursor.execute("USE store")
        return cursor


_lock = threading.Lock()
_kept: dict[Path, tuple[Stamp, Store]] = {}


# Where to read: a file, for the build it holds now, or a build that is open.
Place = Path | Store


def open_store(place: Place) -> Store:
    """Return the build that the file holds now; the same build is copied once. An open build is itself.

    Raises `NoDatabase` when the file is missing, damaged or of another kind. Who still reads an older
    build keeps it until they are done.
    """
    if isinstance(place, Store):
        return place
    stamp = stamp_of(place)
    with _lock:
        known = _kept.get(place)
        if known is None or known[0] != stamp or not known[1].is_usable():
            known = _kept[place] = (stamp, _copy(place))
            while len(_kept) > KEPT_FILES:
                del _kept[next(iter(_kept))]
        return known[1]


def _copy(path: Path) -> Store:
    # One thread: what the threads of a copy have taken of memory stays theirs.
    con = duckdb.connect(config={"threads": 1})
    try:
        with telling(path):
            con.execute(f"ATTACH '{quoted(path)}' AS built (READ_ONLY)")
            con.execute("ATTACH ':memory:' AS store (COMPRESS)")
            con.execute("USE built")
            for table in COPIED:
                con.execute(f"CREATE TABLE store.{table} AS FROM built.{table}")
            con.execute(ITEM)
            con.execute(VERDICT)
            con.execute(CHANGE)
            con.execute("USE store")
            con.execute("DETACH built")
            con.execute("CHECKPOINT")
            con.execute("RESET threads")
    except NoDatabase:
        con.close()
        raise
    _give_back()
    return Store(con)


def _give_back() -> None:
    """Let the system have what the copy no longer needs; where the C library knows no way, it stays."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


# One row a model number, or a device without any; `keys` is all that finds it, a line each.
ITEM = """
CREATE TABLE store.item AS
WITH one AS (SELECT DISTINCT device_id, model_number FROM compat),
seller AS (
    SELECT device_id, model_number, list(DISTINCT carrier ORDER BY carrier) AS carriers
    FROM device_model WHERE carrier <> '' GROUP BY ALL
),
keyed AS (
    SELECT o.device_id, o.model_number, string_agg(DISTINCT x.key, chr(10)) AS keys
    FROM one o JOIN match_key x
        ON x.device_id = o.device_id AND (x.model_number IS NULL OR x.model_number = o.model_number)
    GROUP BY ALL
)
SELECT row_number() OVER (ORDER BY o.device_id, o.model_number) AS item_id, o.device_id, o.model_number,
    k.maker_id, k.name_ja, k.name_en, d.name, d.os, d.released, coalesce(d.released[:4], 'unknown') AS year,
    d.is_sold_in_japan, coalesce(s.carriers, []) AS carriers, coalesce(y.keys, '') AS keys
FROM one o JOIN device d USING (device_id) JOIN maker k USING (maker_id)
LEFT JOIN seller s ON s.device_id = o.device_id AND s.model_number = o.model_number
LEFT JOIN keyed y ON y.device_id = o.device_id AND y.model_number IS NOT DISTINCT FROM o.model_number
"""
VERDICT = """
CREATE TABLE store.verdict AS
SELECT i.item_id, c.capability, c.status, c.reason, c.min_os, c.note, c.conditions, (
        SELECT string_agg(DISTINCT l.note, '／' ORDER BY l.note)
        FROM listing l JOIN source s USING (source_id)
        WHERE l.device_id = c.device_id AND l.is_current AND l.note <> ''
            AND (c.model_number IS NULL OR l.model_numbers IS NULL
                OR list_contains(l.model_numbers, c.model_number))
            AND (list_contains(s.capabilities, c.capability)
                OR (c.capability = 'pc_login' AND list_contains(s.capabilities, 'card_reading')))
    ) AS remark, c.origin, c.source_id
FROM compat c JOIN store.item i
    ON i.device_id = c.device_id AND i.model_number IS NOT DISTINCT FROM c.model_number
"""
# `key` folds what is printed, before and after, as a device name is folded.
CHANGE = """
CREATE TABLE store.change AS
SELECT c.*, d.maker_id, match_key(array_to_string(list_transform(
        string_split(concat_ws(chr(10), c.before, c.after), chr(10)),
        lambda printed: concat_ws(' ', printed->>'maker', printed->>'name', printed->>'model')
    ), '/')) AS key
FROM change c LEFT JOIN device d USING (device_id)
"""
