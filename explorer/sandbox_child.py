"""Runs one query for the SQL box, in a process of its own: `sandbox.py` starts it and may kill it.

In: one JSON object on standard input (path, sql, and the limits). Out: one JSON object, either
{"columns", "is_number", "rows", "is_cut", "is_cell_cut"} or {"refused": code, "detail": text}.
"""

import contextlib
import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

import duckdb

from explorer.sql_policy import find_forbidden

LOCKED = {
    "access_mode": "READ_ONLY",
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "memory_limit": "256MB",
    "threads": "1",
}
LOCKS = ("SET python_enable_replacements = false", "SET lock_configuration = true")
TABLES = (
    "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
)
MEMORY_BYTES = 1 << 30
MAX_COLUMNS = 100
NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "UHUGEINT")


class Refused(Exception):
    """The query does not run: a code of the texts, and what it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


def main() -> None:
    request = json.load(sys.stdin)
    _limit_memory()
    try:
        reply = _answer(**request)
    except Refused as refused:
        reply = {"refused": refused.code, "detail": refused.detail}
    except duckdb.InterruptException:
        reply = {"refused": "time"}
    except (duckdb.OutOfMemoryException, MemoryError):
        reply = {"refused": "memory"}
    except (duckdb.Error, RecursionError) as error:
        reply = {"refused": "error", "detail": str(error).replace(request["path"], "devices.duckdb")}
    json.dump(reply, sys.stdout)


def _answer(path: str, sql: str, rows: int, cell: int, characters: int, seconds: float) -> dict[str, Any]:
    with open_locked(path) as con:
        timer = threading.Timer(seconds, con.interrupt)
        timer.daemon = True
        timer.start()
        try:
            columns, is_number, found = _run(con, sql, rows + 1, cell + 1)
        finally:
            timer.cancel()
    kept, is_cell_cut = _cut(found[:rows], cell, characters)
    return {
        "columns": columns,
        "is_number": is_number,
        "rows": kept,
        "is_cut": len(kept) < len(found),
        "is_cell_cut": is_cell_cut,
    }


@contextlib.contextmanager
def open_locked(path: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file so that nothing but the file can be read, and no setting changed."""
    with duckdb.connect(path, config=dict(LOCKED)) as con:
        for lock in LOCKS:
            con.execute(lock)
        yield con


def _run(con: duckdb.DuckDBPyConnection, sql: str, rows: int, cell: int) -> tuple[Any, Any, list[Any]]:
    """Return names, whether each column holds numbers, and rows of text, cut inside DuckDB."""
    inner = f"FROM (\n{_only_statement(con, sql)}\n)"
    _admit(con, inner)
    described = con.execute(f"{inner} LIMIT 0").description or []
    if len(described) > MAX_COLUMNS:
        raise Refused("columns", str(MAX_COLUMNS))
    names = [f"c{number}" for number in range(len(described))]
    cells = ", ".join(f"left(CAST({name} AS VARCHAR), {cell})" for name in names)
    found = con.execute(f"SELECT {cells} {inner} t({', '.join(names)}) LIMIT {rows}").fetchall()
    is_number = [any(word in str(kind).upper() for word in NUMBERS) for _, kind, *_ in described]
    return [column[0] for column in described], is_number, found


def _only_statement(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise Refused("several" if statements else "empty")
    _admit(con, statements[0].query)
    return _without_end(str(statements[0].query))


def _without_end(sql: str) -> str:
    """Return the query without the semicolons that end it, and the remarks behind them."""
    content = sql.encode()
    for start, kind in reversed(duckdb.tokenize(sql)):  # places count in bytes
        if kind != duckdb.token_type.comment:
            if content[start : start + 1] != b";":
                break
            content = content[:start]
    return content.decode()


def _admit(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise `Refused` for all but one SELECT on what may be read."""
    ((text,),) = con.execute("SELECT json_serialize_sql($sql::VARCHAR)", {"sql": sql}).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        if tree.get("error_type") == "parser":
            raise Refused("error", tree["error_message"])
        raise Refused("not_select")
    tables = {name.lower() for (name,) in con.execute(TABLES).fetchall()}
    if (name := find_forbidden(tree["statements"], tables)) is not None:
        raise Refused("forbidden", name)


def _cut(rows: list[Any], cell: int, characters: int) -> tuple[list[list[str | None]], bool]:
    """Return the rows that fit into `characters`, and whether a cell was longer than `cell`."""
    kept: list[list[str | None]] = []
    is_cell_cut = False
    for row in rows:
        is_cell_cut = is_cell_cut or any(value is not None and len(value) > cell for value in row)
        kept.append([value if value is None else value[:cell] for value in row])
        characters -= sum(len(value or "") for value in row)
        if characters < 0:
            break
    return kept, is_cell_cut


def _limit_memory() -> None:
    """Bound the memory of this process: DuckDB's own limit does not count the texts of one row."""
    with contextlib.suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
