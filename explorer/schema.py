"""The tables of the database file with their comments, and the ready queries of the data page."""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from explorer.database import once_a_build, open_built

READY = Path(__file__).parent / "ready_queries.toml"


class Column(NamedTuple):
    name: str
    kind: str
    may_be_null: bool
    comment: str


class TableInfo(NamedTuple):
    """A table or view; `rows` is None for a view."""

    name: str
    comment: str
    rows: int | None
    columns: list[Column]


@once_a_build
def read_schema(path: Path) -> list[TableInfo]:
    """Return the view `compat` first, then the tables by name. Raises `NoDatabase`."""
    with open_built(path) as con:
        columns = con.execute(COLUMNS).fetchall()
        tables = con.execute(TABLES).fetchall()
    by_table: dict[str, list[Column]] = {}
    for table, *values in columns:
        by_table.setdefault(table, []).append(Column(*values))
    return [TableInfo(name, comment or "", rows, by_table.get(name, [])) for name, comment, rows in tables]


@cache
def ready_queries() -> dict[str, str]:
    """Return id -> SQL, in the order in which the page offers them."""
    return {
        name: one["sql"].strip() for name, one in tomllib.loads(READY.read_text(encoding="utf-8")).items()
    }


TABLES = """
SELECT view_name AS name, comment, NULL AS size FROM duckdb_views() WHERE NOT internal
UNION ALL (SELECT table_name, comment, estimated_size FROM duckdb_tables() ORDER BY table_name)
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, coalesce(comment, '')
FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index
"""
