"""Loads a build of the database into memory: all that a check needs."""

import atexit
import gc
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from crawler.names import Origin
from explorer.database import expect_schema, once_a_build, open_built
from explorer.index import Index, KeyHit, build_index
from explorer.verdict import Device, Evidence, PcRule, RuleLine, Support

DATA = Path(__file__).parent.parent / "data"


def default_database() -> Path:
    """Return the file to read unless another is named: MYNA_DATABASE, or what is built below MYNA_STATE."""
    state = Path(os.environ.get("MYNA_STATE") or DATA)
    return Path(os.environ.get("MYNA_DATABASE") or state / "devices.duckdb")


@dataclass(frozen=True)
class Dataset:
    """One build of the database in memory: what a check needs, by device id."""

    meta: dict[str, str]
    index: Index
    devices: dict[str, Device]
    support: dict[str, tuple[Support, ...]]
    listings: dict[str, tuple[Evidence, ...]]
    rules: tuple[RuleLine, ...]
    sources: dict[str, dict[str, Any]]
    pc_rules: tuple[PcRule, ...] = ()

    @cached_property
    def data_at(self) -> str:
        """Return when the newest official page was last seen, ISO 8601 in UTC; without one, a bundled page.

        A build can be younger: a night in which nothing could be fetched makes one too.
        """
        seen = [
            (row["origin"] == Origin.LIVE, row["last_fetched_at"])
            for row in self.sources.values()
            if row["last_fetched_at"]
        ]
        return f"{max(seen)[1].isoformat()}Z" if seen else self.meta["built_at"]


def load_dataset(path: Path) -> Dataset:
    """Return the dataset of the file as it is now; the same build is loaded once.

    Raises `NoDatabase` when the file is missing, damaged or of another kind.
    """
    return _load(path)


@once_a_build
def _load(path: Path) -> Dataset:
    # Millions of small records that all stay: looking for garbage among them is time lost.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        with open_built(path) as con:
            data = _read(con)
        expect_schema(path, data.meta["schema_version"])
        # Nor is any later search to walk through them: with the world catalogue that stops a server for
        # the better part of a second. What goes with a build is freed by its reference counts.
        gc.freeze()
        # Not past the end: modules that cannot be freed then complain of leaks on stderr.
        atexit.register(gc.unfreeze)
        return data
    finally:
        if was_collecting:
            gc.enable()


def _read(con: duckdb.DuckDBPyConnection) -> Dataset:
    sources = {row["source_id"]: row for row in _dicts(con, SOURCES)}
    devices = {row[0]: Device(*row) for row in con.execute(DEVICES).fetchall()}
    hits: dict[str, list[KeyHit]] = {}
    for key, device_id, kind, number in con.execute(KEYS).fetchall():
        hits.setdefault(key, []).append(KeyHit(device_id, kind, number))
    support: dict[str, list[Support]] = {}
    for *values, device_ids in con.execute(SUPPORT).fetchall():
        row = Support(*values)
        for device_id in device_ids:
            support.setdefault(device_id, []).append(row)
    listings: dict[str, list[Evidence]] = {}
    for device_id, *values in con.execute(LISTINGS).fetchall():
        listings.setdefault(device_id, []).append(Evidence(*values))
    carriers: dict[str, list[tuple[str, str]]] = {}
    for device_id, number, carrier in con.execute(CARRIERS).fetchall():
        carriers.setdefault(device_id, []).append((number, carrier))
    os_words = {word: (os, version) for word, os, version in con.execute(OS_WORDS).fetchall()}
    return Dataset(
        meta=dict(con.execute("SELECT key, value FROM meta").fetchall()),
        index=build_index(hits, devices.values(), carriers, con.execute(READINGS).fetchall(), os_words),
        devices=devices,
        support=_shared(support),
        listings={device_id: tuple(rows) for device_id, rows in listings.items()},
        rules=tuple(RuleLine(*row) for row in con.execute(RULES).fetchall()),
        sources=sources,
        pc_rules=tuple(PcRule(*row) for row in con.execute(PC_RULES).fetchall()),
    )


def _shared(support: dict[str, list[Support]]) -> dict[str, tuple[Support, ...]]:
    """Return tuples, one object for all devices that fare alike: the world catalogue is large."""
    tuples: dict[tuple[int, ...], tuple[Support, ...]] = {}
    return {
        device_id: tuples.setdefault(tuple(map(id, rows)), tuple(rows)) for device_id, rows in support.items()
    }


def _dicts(con: duckdb.DuckDBPyConnection, sql: str) -> Iterable[dict[str, Any]]:
    cursor = con.execute(sql)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


SOURCES = """
SELECT s.*, p.origin, p.printed_on, p.row_count, p.last_fetched_at
FROM source s LEFT JOIN snapshot p ON p.source_id = s.source_id AND p.is_current
"""
DEVICES = """
SELECT d.device_id, k.maker_id, k.name_ja, k.name_en, d.name, d.form_factor, d.os, d.released, d.first_os,
    d.last_os, d.is_sold_in_japan, coalesce(m.numbers, []), d.interface
FROM device d JOIN maker k USING (maker_id)
LEFT JOIN (
    SELECT device_id, list(model_number ORDER BY first_row) AS numbers
    FROM (SELECT device_id, model_number, min(rowid) AS first_row FROM device_model GROUP BY ALL)
    GROUP BY device_id
) m USING (device_id)
"""
KEYS = "SELECT key, device_id, kind, model_number FROM match_key"
SUPPORT = """
SELECT capability, model_number, status, reason, conditions, min_os, min_model, note, source_id, origin,
    first_seen_on, last_seen_on, list(device_id)
FROM support GROUP BY ALL
"""
LISTINGS = """
SELECT l.device_id, l.source_id, s.url, l.origin, l.section, l.maker, l.name, l.model, l.carrier, l.note,
    l.model_numbers, l.is_current, l.first_seen_on, l.last_seen_on, p.printed_on, p.last_fetched_at,
    l.fact_url, l.fact_as_of, l.fact_confidence, l.expanded_from
FROM listing l JOIN source s USING (source_id)
LEFT JOIN snapshot p ON p.source_id = l.source_id AND p.is_current
WHERE l.device_id IS NOT NULL ORDER BY l.listing_id
"""
RULES = """
SELECT r.source_id, s.url, r.origin, r.capability, r.role, r.platform, r.min_os, r.is_understood, r.section,
    r.printed, p.printed_on, p.last_fetched_at, r.fact_url, r.fact_as_of, r.fact_confidence
FROM requirement r JOIN source s USING (source_id)
LEFT JOIN snapshot p ON p.source_id = r.source_id AND p.is_current
ORDER BY r.requirement_id
"""
CARRIERS = "SELECT device_id, model_number, carrier FROM device_model WHERE carrier <> '' ORDER BY rowid"
READINGS = "SELECT reading, word, kind FROM reading"
PC_RULES = "SELECT kind, name, words, platforms, fact_url, fact_as_of, fact_confidence FROM pc_rule"
OS_WORDS = "SELECT word, platform, version FROM os_word"
