"""What others build on: the names of tables, columns, macros and files, read from where they are made.

Nothing is listed by hand here: `data/schema.sql` is run, and the exports of an empty database are
written and read back.
"""

import json
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb

from crawler.exports import write_exports
from crawler.quoting import quoted
from crawler.sources import DATA


class Column(NamedTuple):
    """A column of a table, macro or file; `kind` is its type, empty in CSV and JSON."""

    name: str
    kind: str


class Macro(NamedTuple):
    """A macro of the interface; one that gives a value has a single column without a name."""

    call: str
    comment: str
    columns: list[Column]


def empty_database(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database with the schema and no rows."""
    con = duckdb.connect(path)
    con.execute((DATA / "schema.sql").read_text(encoding="utf-8"))
    return con


def public_macros(con: duckdb.DuckDBPyConnection) -> list[Macro]:
    """Return the macros in the order of the schema, without the steps of match_key."""
    macros = []
    for name, parameters, is_table, comment in con.execute(MACROS).fetchall():
        sample = f"{name}({', '.join(['NULL::VARCHAR'] * len(parameters))})"
        described = con.execute(f"DESCRIBE {'FROM' if is_table else 'SELECT'} {sample}").fetchall()
        columns = [Column(column if is_table else "", kind) for column, kind, *_ in described]
        macros.append(Macro(f"{name}({', '.join(parameters)})", comment, columns))
    return macros


def exported_columns() -> dict[str, list[Column]]:
    """Return file -> its columns, for each file of the exports; for `index.json` its keys."""
    with tempfile.TemporaryDirectory() as made:
        database = Path(made) / "empty.duckdb"
        with empty_database(str(database)) as con:
            con.execute("INSERT INTO meta VALUES ('schema_version', ''), ('built_at', ''), ('origin', '')")
        return {path.name: _columns_of(path) for path in write_exports(database, Path(made) / "exports")}


def _columns_of(path: Path) -> list[Column]:
    if path.suffix == ".json":
        return [Column(key, "") for key in json.loads(path.read_text(encoding="utf-8"))]
    with duckdb.connect() as con:
        described = con.execute(f"DESCRIBE FROM '{quoted(path)}'").fetchall()
    return [Column(name, kind if path.suffix == ".parquet" else "") for name, kind, *_ in described]


MACROS = """
SELECT function_name, parameters, function_type = 'table_macro', comment
FROM duckdb_functions() WHERE NOT internal AND NOT starts_with(function_name, 'fold_')
ORDER BY function_oid
"""
