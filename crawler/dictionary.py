"""The data dictionary as Markdown, made from the comments in `data/schema.sql`."""

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
EXPORTS = """## The Parquet files of the exports

`compat.parquet` holds the view `compat` and one column more: `key`, the folded `model_number`, or the folded
`name` where there is none. It stands for the row's own number or name only: a device has many keys (a name
with its maker, other spellings, readings), and each of them on each row would multiply the rows of a table
that people count. They are in `keys.parquet`, one row a key and device: the columns of `match_key`, with
`maker`, `name` and `is_sold_in_japan` of the device. Fold a text as `match_key()` does, join it to
`keys.parquet`, then the device to `compat.parquet`. A key may belong to several devices: those sold in Japan
come first, a model number before a name, and several that are left are `ambiguous`, as in the macro
`search_device`.
"""


def data_dictionary() -> str:
    """Return one section a table: column, type, whether it may be NULL, meaning."""
    with duckdb.connect() as con:
        con.execute((DATA / "schema.sql").read_text(encoding="utf-8"))
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
    return "\n".join([*lines, EXPORTS])
