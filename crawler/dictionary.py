"""The data dictionary as Markdown: tables, view and macros by their comments, and the exported files."""

import duckdb

from crawler.interface import empty_database, exported_columns, public_macros

TABLES = """
SELECT table_name, comment FROM duckdb_tables()
UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, comment
FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index
"""
# What a column of a file means stands in the first of these tables that has a column of its name.
EXPLAINED_BY = ("compat", "device", "change", "match_key")
FIRST_EXPLAINED_BY = {"devices.csv": "device", "changes.csv": "change"}
FILE_ONLY = {
    ("devices.csv", "model_numbers"): "Its model numbers, a space between them",
    (
        "compat.parquet",
        "key",
    ): "match_key of model number, else of name; all keys of a device: keys.parquet",
    ("index.json", "schema_version"): "Version of names and words: `docs/schema-changelog.md`",
    ("index.json", "built_at"): "How old the data are, UTC",
    ("index.json", "origin"): "bundled while any answer rests on a bundled page, else live",
    ("index.json", "counts"): "Rows of the main tables",
    ("index.json", "database"): "Bytes and sha256 of the database that the files were made from",
    ("index.json", "files"): "Bytes and sha256 of each file; this file is written last, so a whole set shows",
}


def data_dictionary() -> str:
    """Return one part for each table, the view, the macros and each exported file.

    Raises `KeyError` when a file has a column that nothing explains.
    """
    with empty_database() as con:
        comments = dict(con.execute(TABLES).fetchall())
        rows = con.execute(COLUMNS).fetchall()
        macros = _macros(con)
    lines = [
        "# Data dictionary",
        "",
        "Made by `python -m crawler dictionary` from `data/schema.sql` and the exports.",
        "",
    ]
    for table in dict.fromkeys(row[0] for row in rows):
        lines += [f"## {table}", "", f"{comments[table]}.", "", *_head("column", "type", "NULL", "meaning")]
        lines += [
            f"| {column} | {kind} | {'yes' if nullable else 'no'} | {comment} |"
            for name, column, kind, nullable, comment in rows
            if name == table
        ]
        lines.append("")
    meanings = {(row[0], row[1]): row[4] for row in rows}
    return "\n".join([*lines, *macros, *_files(meanings)])


def _macros(con: duckdb.DuckDBPyConnection) -> list[str]:
    lines = [
        "## Macros",
        "",
        "For any DuckDB client that has the file open.",
        "",
        *_head("macro", "gives", "meaning"),
    ]
    for macro in public_macros(con):
        gives = ", ".join(f"{column.name} {column.kind}".strip() for column in macro.columns)
        lines.append(f"| {macro.call} | {gives} | {macro.comment} |")
    return [*lines, ""]


def _files(meanings: dict[tuple[str, str], str]) -> list[str]:
    """Return one part for each exported file."""
    lines = [
        "## Files",
        "",
        "What a build writes into `data/exports/`. CSV files are UTF-8 with a byte order mark; an",
        "apostrophe stands before a cell that a spreadsheet would run as a formula. To join a list of your",
        "own, fold its texts as `match_key` does, join them to `keys.parquet`, devices to `compat.parquet`.",
        "A key can belong to several devices: those sold in Japan come first, a model number before a name,",
        "and several that are left are `ambiguous`, as in the macro `search_device`.",
        "",
    ]
    for file, columns in exported_columns().items():
        what = "key" if file.endswith(".json") else "column"
        is_typed = file.endswith(".parquet")
        lines += [f"### {file}", "", *_head(what, *["type"] * is_typed, "meaning")]
        for name, kind in columns:
            lines.append(f"| {name} | {f'{kind} | ' if is_typed else ''}{_meaning(file, name, meanings)} |")
        lines.append("")
    return lines


def _meaning(file: str, column: str, meanings: dict[tuple[str, str], str]) -> str:
    if (file, column) in FILE_ONLY:
        return FILE_ONLY[file, column]
    for table in (FIRST_EXPLAINED_BY.get(file, ""), *EXPLAINED_BY):
        if (table, column) in meanings:
            return meanings[table, column]
    raise KeyError(
        f"{file}: nothing says what {column!r} means; add it to FILE_ONLY in crawler/dictionary.py"
    )


def _head(*names: str) -> list[str]:
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
