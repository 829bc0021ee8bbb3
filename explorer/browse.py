"""The rows of the browse page: filtered, counted, sorted and paged by DuckDB, never all at once."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from crawler.names import FORMULA, Status
from explorer.narrowing import count, count_by_facet, narrow, text_key
from explorer.store import Place, open_store

PAGE_ROWS = 50
ROWS_AT_A_TIME = 2000
NO_YEAR = "unknown"


class Row(NamedTuple):
    """A model number of a device and one verdict, with the maker in both languages."""

    device_id: str
    maker: str
    maker_en: str
    name: str
    model_number: str | None
    carriers: Sequence[str]
    os: str | None
    released: str | None
    capability: str
    status: str
    min_os: str | None
    note: str | None
    conditions: Sequence[str]
    remark: str | None
    origin: str | None
    source_url: str | None
    printed_on: date | None
    last_fetched_at: datetime | None


@dataclass(frozen=True)
class Filters:
    """What to show; an empty tuple or text leaves that filter open."""

    capability: str
    makers: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    text: str = ""
    is_japan_only: bool = True
    sort: str = "newest"

    def where(self, *, but: str = "") -> tuple[str, dict[str, Any]]:
        """Return the condition and its values, without the facet `but`."""
        values: dict[str, Any] = {
            "capability": self.capability,
            "maker": list(self.makers),
            "carrier": list(self.carriers),
            "status": list(self.statuses),
            "year": list(self.years),
            "key": text_key(self.text),
        }
        return narrow(CONDITIONS, values, but, ["i.is_sold_in_japan"] if self.is_japan_only else [])


def count_rows(place: Place, filters: Filters) -> int:
    return count(place, ITEMS, filters)


def count_facets(place: Place, filters: Filters) -> dict[str, dict[str, int]]:
    return count_by_facet(place, ITEMS, FACETS, filters)


def read_page(place: Place, filters: Filters, page: int) -> list[Row]:
    """Return the rows of a page, the first page being 1."""
    sql, values = _select(filters, "LIMIT $limit OFFSET $offset")
    values |= {"limit": PAGE_ROWS, "offset": (page - 1) * PAGE_ROWS}
    return [Row(*row) for row in open_store(place).rows(sql, values)]


def iterate_rows(place: Place, filters: Filters) -> Iterator[Row]:
    """Yield all rows that pass, in the order of the pages."""
    with open_store(place).cursor() as cursor:
        cursor.execute(*_select(filters))
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from (Row(*row) for row in rows)


def write_parquet(place: Place, filters: Filters) -> bytes:
    """Return all rows that pass as a Parquet file: the words of the database, not of a language."""
    sql, values = _select(filters)
    # In memory: the server writes no file.
    with open_store(place).cursor() as cursor, io.BytesIO() as out:
        pq.write_table(cursor.sql(sql, params=values).to_arrow_table(), out, compression="zstd")
        return out.getvalue()


def write_csv(header: list[str], rows: Iterable[list[str]], is_safe: bool = False) -> bytes:
    """Return CSV that Excel opens as it is: UTF-8 with BOM, and no cell that would run as a formula.

    `is_safe`: the caller has disarmed the cells of the rows already.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows(row if is_safe else [safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may run a cell of this text."""
    return re.match(FORMULA, text) is not None


def read_makers(place: Place) -> dict[str, tuple[str, str]]:
    """Return maker id -> (name in Japanese, name in English)."""
    rows = open_store(place).rows("SELECT maker_id, name_ja, name_en FROM maker ORDER BY name_ja")
    return {maker_id: (name_ja, name_en) for maker_id, name_ja, name_en in rows}


def _select(filters: Filters, bounds: str = "") -> tuple[str, dict[str, Any]]:
    """Return the statement and its values; the page is cut before anything is joined to its rows."""
    where, values = filters.where()
    order = f"ORDER BY {ORDERS[filters.sort]}"
    sql = f"""
        WITH shown AS (SELECT i.*, v.* EXCLUDE (item_id) {ITEMS} WHERE {where} {order} {bounds})
        SELECT {COLUMNS} FROM shown r
        LEFT JOIN source s ON s.source_id = r.source_id
        LEFT JOIN snapshot p ON p.source_id = r.source_id AND p.is_current
        {order}
    """
    return sql, values


ITEMS = "FROM verdict v JOIN item i USING (item_id)"
COLUMNS = """
r.device_id, r.name_ja AS maker, r.name_en AS maker_en, r.name, r.model_number, r.carriers, r.os, r.released,
r.capability, r.status, r.min_os, r.note, r.conditions, r.remark, r.origin, s.url AS source_url, p.printed_on,
p.last_fetched_at
"""
CONDITIONS = {
    "capability": "v.capability = $capability",
    "maker": "list_contains($maker::VARCHAR[], i.maker_id)",
    "carrier": "list_has_any($carrier::VARCHAR[], i.carriers)",
    "status": "list_contains($status::VARCHAR[], v.status)",
    "year": "list_contains($year::VARCHAR[], i.year)",
    "key": "$key <> '' AND contains(i.keys, $key)",
}
FACETS = {
    "capability": "v.capability",
    "maker": "i.maker_id",
    "carrier": "unnest(i.carriers)",
    "status": "v.status",
    "year": "i.year",
}
NAMED = "name_ja, name, model_number, device_id"
NEWEST = f"released DESC NULLS LAST, {NAMED}"
ORDERS = {
    "newest": NEWEST,
    "maker": NAMED,
    "name": "name, model_number, name_ja, device_id",
    "status": f"list_position({[status.value for status in Status]}, status), {NEWEST}",
}
