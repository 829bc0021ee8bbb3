"""The data dictionary as Markdown, made from the comments in `data/schema.sql`."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from crawler.sources import DATA

TABLES = """
SELECT table_name, comment FROM duckdb_tables()
UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, comment
FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index
"""


@contextmanager
def empty_tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection whose database has the tables of the schema and no rows."""
    with duckdb.connect() as con:
        con.execute((DATA / "schema.sql").read_text(encoding="utf-8"))
        yield con


def data_dictionary() -> str:
    """Return one section a table: column, type, whether it may be NULL, meaning."""
    with empty_tables() as con:
        comments = dict(con.execute(TABLES).fetchall())
        rows = con.execute(COLUMNS).fetchall()
    lines = ["# Data dictionary", "", "Made by `python -m crawler dictionary` from `data/schema.sql`.", ""]
    for table in dict.fromkeys(row[0] for row in rows):
        lines += [
            f"## {table}",
            "",
            f"{comments[table]}.",
            "",
            "| column | type | NULL | meaning |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {column} | {kind} | {'yes' if nullable else 'no'} | {comment} |"
            for name, column, kind, nullable, comment in rows
            if name == table
        ]
        lines.append("")
    return "\n".join(lines)
