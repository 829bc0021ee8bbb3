"""Tables into one DuckDB file: built beside, checked, published by rename."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from crawler.normalise import Tables
from crawler.quoting import quoted
from crawler.sources import BadInput

# An older storage format, so that DuckDB 1.5 reads the file too, not only 2.0.
STORAGE_VERSION = "v1.2.0"
ORDER = [
    "meta",
    "source",
    "snapshot",
    "maker",
    "device",
    "device_model",
    "match_key",
    "listing",
    "requirement",
    "support",
    "change",
    "run",
    "issue",
    "os_word",
    "reading",
    "pc_rule",
    "login_fact",
]
NUMBERED = {"listing", "requirement", "change", "issue"}


def build_warehouse(tables: Tables, schema: Path, target: Path) -> None:
    """Write all tables to `target`, which is replaced only when the new file is whole.

    Raises `BadInput` with the constraint that a row violates; `target` is untouched then.
    """
    with published(target) as partial:
        _write(tables, schema, partial)


@contextmanager
def published(target: Path) -> Iterator[Path]:
    """Give a path to write the new database to; it takes the place of `target` when that went well.

    Raises `BadInput` when DuckDB refuses it; `target` is untouched then.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name of this process's own: whatever else runs, only a file that is whole gets published.
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    for left in target.parent.glob(f"{target.name}.*.partial*"):
        left.unlink(missing_ok=True)
    try:
        yield partial
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.replace(target)
    except duckdb.Error as error:
        raise BadInput(
            f"the new database was refused and nothing was published: {error}{_tip(error)}"
        ) from error
    finally:
        partial.unlink(missing_ok=True)
        partial.with_name(f"{partial.name}.wal").unlink(missing_ok=True)


def _write(tables: Tables, schema: Path, path: Path) -> None:
    with empty_warehouse(schema, path) as con:
        for name in ORDER:
            insert(con, name, tables[name])


@contextmanager
def empty_warehouse(schema: Path, path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection whose default database is a new file with the tables of the schema."""
    # One thread: rows keep their order, so a rebuild is identical, and memory stays small.
    con = duckdb.connect(config={"threads": 1})
    try:
        con.execute(
            f"ATTACH '{quoted(path)}' AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}', BLOCK_SIZE 16384)"
        )
        con.execute("USE warehouse")
        con.execute(schema.read_text(encoding="utf-8"))
        yield con
        con.execute("USE memory")
        con.execute("DETACH warehouse")
    finally:
        con.close()


def insert(con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Write a frame to the table of that name; tables that number their rows get the numbers here."""
    if name in NUMBERED:
        frame = frame.assign(**{f"{name}_id": range(1, len(frame) + 1)})
    if len(frame):
        con.register("incoming", frame)
        con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
        con.unregister("incoming")


def _tip(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.ConstraintException | duckdb.ConversionException):
        return "; the row named there breaks a rule of data/schema.sql"
    return "; make room or give write access there, then run it again"
