"""The SQL box: one query, run by a process of its own that can touch nothing but the database file.

A process, not a thread: some of DuckDB's functions heed no interrupt, and a long text may take more
memory than DuckDB counts. What fails there ends there.
"""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from explorer.database import NoDatabase

ROOT = Path(__file__).parent.parent
MAX_SQL = 5000
MAX_ROWS = 1000
MAX_CELL = 500
MAX_CHARACTERS = 2_000_000
SECONDS = 5.0
GRACE_SECONDS = 1.5
START_SECONDS = 0.5
MAX_AT_ONCE = 2
# Who comes while both places are taken waits for the longest query to end, and is told when even that
# is not enough; the line is short, so nobody waits behind many. (A session runs one query at a time:
# Streamlit starts no second run of a page before the first has ended.)
MAX_WAITING = 4
_slots = threading.BoundedSemaphore(MAX_AT_ONCE)
_line = threading.BoundedSemaphore(MAX_WAITING)


class Refused(Exception):
    """The query gave no table: a code of the texts (`data_refused`), and DuckDB's own words or a name."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class Table(NamedTuple):
    """What a query found, every value as text; NULL is None."""

    columns: list[str]
    is_number: list[bool]
    rows: list[list[str | None]]
    is_cut: bool
    is_cell_cut: bool
    seconds: float


def run_sql(path: Path, sql: str, seconds: float = SECONDS) -> Table:
    """Return what `sql` finds in the database file. Raises `Refused`, or `NoDatabase` without a file."""
    sql = sql.encode(errors="replace").decode()
    if not sql.strip():
        raise Refused("empty")
    if len(sql) > MAX_SQL:
        raise Refused("too_long", str(MAX_SQL))
    if not path.is_file():
        raise NoDatabase(f"{path}: no database; run `make build`")
    with _place(seconds + GRACE_SECONDS + START_SECONDS):
        started = time.monotonic()
        reply = _ask(path, sql, seconds)
    if "refused" in reply:
        raise Refused(reply["refused"], reply.get("detail", ""))
    return Table(**reply, seconds=time.monotonic() - started)


@contextlib.contextmanager
def _place(longest: float) -> Iterator[None]:
    """Hold a place to run in. Raises `Refused` when the line is full, or none got free in `longest` seconds."""
    if not _slots.acquire(blocking=False):
        if not _line.acquire(blocking=False):
            raise Refused("busy")
        try:
            if not _slots.acquire(timeout=longest):
                raise Refused("busy")
        finally:
            _line.release()
    try:
        yield
    finally:
        _slots.release()


def _ask(path: Path, sql: str, seconds: float) -> dict[str, Any]:
    request = {
        "path": str(path.resolve()),
        "sql": sql,
        "rows": MAX_ROWS,
        "cell": MAX_CELL,
        "characters": MAX_CHARACTERS,
        "seconds": seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "explorer.sandbox_child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=ROOT,
            env={},  # nothing of this process can be asked for there
            timeout=seconds + GRACE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("time") from error
    if done.returncode:
        raise Refused("memory")
    return dict(json.loads(done.stdout))
