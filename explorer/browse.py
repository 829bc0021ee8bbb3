"""The rows of the browse page, read from the view `compat`: filtered, counted and paged by DuckDB."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from crawler.names import match_key
from explorer.queries import NoDatabase

PAGE_ROWS = 50
ROWS_AT_A_TIME = 2000
# Excel reads a cell that begins so as a formula; in Japanese input the wide signs count too.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Row(NamedTuple):
    """A row of `compat`, with the maker in both languages."""

    maker: str
    maker_en: str
    name: str
    model_number: str | None
    carriers: str | None
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
    text: str = ""
    is_japan_only: bool = True

    def parameters(self) -> dict[str, Any]:
        return {
            "capability": self.capability,
            "makers": list(self.makers),
            "carriers": list(self.carriers),
            "statuses": list(self.statuses),
            "key": match_key(self.text) if self.text.strip() else None,
            "is_japan_only": self.is_japan_only,
        }


def count_rows(path: Path, filters: Filters) -> int:
    with _open(path) as con:
        return int(con.execute(f"SELECT count(*) {FROM}", filters.parameters()).fetchall()[0][0])


def read_page(path: Path, filters: Filters, page: int) -> list[Row]:
    """Return the rows of a page, the first page being 1."""
    bounds = {"limit": PAGE_ROWS, "offset": (page - 1) * PAGE_ROWS}
    with _open(path) as con:
        sql = f"{SELECT} {FROM} {ORDER} LIMIT $limit OFFSET $offset"
        return [Row(*row) for row in con.execute(sql, filters.parameters() | bounds).fetchall()]


def iterate_rows(path: Path, filters: Filters) -> Iterator[Row]:
    """Yield all rows that pass, in the order of the pages."""
    with _open(path) as con:
        cursor = con.execute(f"{SELECT} {FROM} {ORDER}", filters.parameters())
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from (Row(*row) for row in rows)


def read_makers(path: Path, is_japan_only: bool) -> dict[str, tuple[str, str]]:
    """Return maker id -> (name in Japanese, name in English), in the order of the names."""
    with _open(path) as con:
        rows = con.execute(MAKERS, {"is_japan_only": is_japan_only}).fetchall()
    return {maker_id: (name_ja, name_en) for maker_id, name_ja, name_en in rows}


def read_carriers(path: Path) -> list[str]:
    with _open(path) as con:
        return [carrier for (carrier,) in con.execute(CARRIERS).fetchall()]


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
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


@contextmanager
def _open(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open read-only and close again, so that a new build can take the place of the file."""
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            yield con
    except duckdb.Error as error:
        raise NoDatabase(f"{path}: {str(error).splitlines()[0]}; run `make build`") from error


SELECT = """
SELECT k.name_ja, k.name_en, c.name, c.model_number, c.carriers, c.os, c.released, c.capability, c.status,
    c.min_os, c.note, c.conditions, (
        SELECT string_agg(DISTINCT l.note, '／' ORDER BY l.note)
        FROM listing l JOIN source s USING (source_id)
        WHERE l.device_id = c.device_id AND l.is_current AND l.note <> ''
            AND (c.model_number IS NULL OR l.model_numbers IS NULL
                OR list_contains(l.model_numbers, c.model_number))
            AND (list_contains(s.capabilities, c.capability)
                OR (c.capability = 'pc_login' AND list_contains(s.capabilities, 'card_reading')))
    ),
    c.origin, c.source_url, c.printed_on, c.last_fetched_at
"""
FROM = """
FROM compat c JOIN device d USING (device_id) JOIN maker k USING (maker_id)
WHERE c.capability = $capability
    AND (c.is_sold_in_japan OR NOT $is_japan_only)
    AND (len($makers) = 0 OR list_contains($makers::VARCHAR[], k.maker_id))
    AND (len($statuses) = 0 OR list_contains($statuses::VARCHAR[], c.status))
    AND (len($carriers) = 0 OR EXISTS (
        FROM device_model m
        WHERE m.device_id = c.device_id AND m.model_number = c.model_number
            AND list_contains($carriers::VARCHAR[], m.carrier)))
    AND ($key IS NULL OR ($key <> '' AND EXISTS (
        FROM match_key x
        WHERE x.device_id = c.device_id AND contains(x.key, $key)
            AND (x.model_number IS NULL OR x.model_number = c.model_number))))
"""
ORDER = "ORDER BY c.released DESC NULLS LAST, k.name_ja, c.name, c.model_number, c.device_id"
MAKERS = """
SELECT DISTINCT k.maker_id, k.name_ja, k.name_en FROM maker k JOIN device d USING (maker_id)
WHERE d.is_sold_in_japan OR NOT $is_japan_only ORDER BY k.name_ja
"""
CARRIERS = "SELECT DISTINCT carrier FROM device_model WHERE carrier <> '' ORDER BY carrier"
