"""The public names and words of the schema: `python -m tests.schema_names` saves those of this version
in tests/schema, a file for each major and minor number.

One line each: a column of a table, view, macro or file with its type, or a word that a column can hold.
Texts (comments, notes) and the steps of match_key are not among them.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from crawler.interface import empty_database, exported_columns, public_macros
from crawler.names import Condition, Status
from crawler.record_tables import SCHEMA_VERSION

SAVED = Path(__file__).parent / "schema"
WORDS = re.compile(r"(\w+) IN \(([^()]*)\)")
COLUMNS = """
SELECT table_name, column_name, data_type || if(is_nullable, ' or NULL', '')
FROM duckdb_columns() WHERE NOT internal
"""
CHECKS = "SELECT table_name, expression FROM duckdb_constraints() WHERE constraint_type = 'CHECK'"


def public_names() -> list[str]:
    """Return the lines, sorted."""
    with empty_database() as con:
        names = {f"column {table}.{name} {kind}" for table, name, kind in con.execute(COLUMNS).fetchall()}
        names |= set(_words(con))
        for macro in public_macros(con):
            names |= {f"macro {macro.call} {' '.join(column)}" for column in macro.columns}
    for file, columns in exported_columns().items():
        names |= {f"file {file} {' '.join(column).strip()}" for column in columns}
    return sorted(names)


def _words(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table, expression in con.execute(CHECKS).fetchall():
        for column, words in WORDS.findall(expression):
            yield from (f"word {table}.{column} {word}" for word in re.findall(r"'([^']*)'", words))
    yield from (f"word check_device.status {word}" for word in Status)
    yield from (f"word support.conditions {word}" for word in Condition)


def saved_names(version: str) -> Path:
    """Return the file of a version; versions that differ in texts alone share it."""
    return SAVED / f"{version.rpartition('.')[0]}.txt"


def fingerprint(names: list[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


if __name__ == "__main__":
    lines = public_names()
    saved_names(SCHEMA_VERSION).write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(f"{SCHEMA_VERSION} {fingerprint(lines)}")
