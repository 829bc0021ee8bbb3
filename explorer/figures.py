"""The numbers behind the charts of the list, for devices sold in Japan, each device counted once."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import NamedTuple

from crawler.names import meets_floor
from explorer.store import open_store

SHOWN_MAKERS = 12
OTHER_MAKERS = "others"


class MakerFigures(NamedTuple):
    """How the devices of a maker fare; one counts as supported only when all its model numbers are."""

    maker_id: str
    maker: str
    maker_en: str
    supported: int
    conditional: int
    other: int


class ListSize(NamedTuple):
    """How many rows a source had from a day on."""

    source_id: str
    title: str
    day: date
    row_count: int


class OsFigures(NamedTuple):
    """Devices of a year of release against the OS that the official rule asks for."""

    year: str
    below: int
    unknown: int
    reached: int


def count_by_maker(path: Path, capability: str) -> list[MakerFigures]:
    """Return the makers with the most devices, the rest as one line named `OTHER_MAKERS`."""
    values = {"capability": capability, "shown": SHOWN_MAKERS, "others": OTHER_MAKERS}
    return [MakerFigures(*row) for row in open_store(path).rows(BY_MAKER, values)]


def read_list_sizes(path: Path) -> dict[str, list[ListSize]]:
    """Return source id -> its size on the first and last night and on each night that changed it.

    Only lists of devices, only nights on which the live page was read; empty without such nights.
    """
    nights: dict[str, list[ListSize]] = {}
    for row in open_store(path).rows(SIZES):
        nights.setdefault(row[0], []).append(ListSize(*row))
    return {source_id: _turns(sizes) for source_id, sizes in nights.items()}


def _turns(sizes: list[ListSize]) -> list[ListSize]:
    pairs = zip([None, *sizes], sizes, strict=False)
    turns = [one for before, one in pairs if before is None or before.row_count != one.row_count]
    return turns if turns[-1] is sizes[-1] else [*turns, sizes[-1]]


def count_by_os(path: Path, capability: str) -> list[OsFigures]:
    """Return for each year, the newest first, which devices can get the OS that the rule asks for.

    A last OS that is not known, or not precisely enough, counts as `unknown`, never as reached.
    """
    counts: dict[str, Counter[bool | None]] = {}
    for year, last_os, min_os in open_store(path).rows(LAST_OS, {"capability": capability}):
        counts.setdefault(year, Counter())[meets_floor(last_os, min_os)] += 1
    in_order = sorted(counts.items(), key=lambda item: (item[0].isdigit(), item[0]), reverse=True)
    return [OsFigures(year, found[False], found[None], found[True]) for year, found in in_order]


def read_floors(path: Path, capability: str) -> list[tuple[str, str]]:
    """Return (OS, lowest version) as the verdicts of this use ask for it."""
    return [(os, floor) for os, floor in open_store(path).rows(FLOORS, {"capability": capability})]


BY_MAKER = """
WITH one AS (
    SELECT i.device_id, any_value(i.maker_id) AS maker_id, any_value(i.name_ja) AS name_ja,
        any_value(i.name_en) AS name_en, bool_and(v.status = 'supported') AS is_supported,
        bool_or(v.status IN ('supported', 'conditional')) AS is_conditional
    FROM verdict v JOIN item i USING (item_id)
    WHERE v.capability = $capability AND i.is_sold_in_japan AND v.reason <> 'wrong_platform' GROUP BY 1
), maker AS (
    SELECT maker_id, any_value(name_ja) AS name_ja, any_value(name_en) AS name_en,
        count(*) FILTER (is_supported) AS supported,
        count(*) FILTER (is_conditional AND NOT is_supported) AS conditional,
        count(*) FILTER (NOT is_supported AND NOT is_conditional) AS other, count(*) AS devices
    FROM one GROUP BY 1
), ranked AS (SELECT *, row_number() OVER (ORDER BY devices DESC, maker_id) AS rank FROM maker)
SELECT CASE WHEN rank > $shown THEN $others ELSE maker_id END AS line, any_value(name_ja), any_value(name_en),
    sum(supported)::INTEGER, sum(conditional)::INTEGER, sum(other)::INTEGER
FROM ranked GROUP BY line ORDER BY min(rank)
"""
SIZES = """
SELECT r.source_id, s.title, (r.started_at + INTERVAL 9 HOUR)::DATE AS day, arg_max(r.row_count, r.rowid)
FROM run r JOIN source s USING (source_id)
WHERE r.result IN ('new', 'unchanged') AND s.speaks_by = 'model'
GROUP BY ALL ORDER BY min(s.rowid), day
"""
LAST_OS = """
SELECT any_value(i.year), any_value(d.last_os), any_value(v.min_os)
FROM verdict v JOIN item i USING (item_id) JOIN device d USING (device_id)
WHERE v.capability = $capability AND i.is_sold_in_japan AND v.min_os IS NOT NULL GROUP BY i.device_id
"""
FLOORS = """
SELECT DISTINCT i.os, v.min_os FROM verdict v JOIN item i USING (item_id)
WHERE v.capability = $capability AND v.min_os IS NOT NULL AND i.os IS NOT NULL ORDER BY ALL
"""
