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
from pathlib import Path
from typing import Any, NamedTuple

from explorer.database import NoDatabase
from explorer.sql_line import Busy, Line

ROOT = Path(__file__).parent.parent
MAX_SQL = 5000
MAX_ROWS = 1000
MAX_CELL = 500
MAX_CHARACTERS = 2_000_000
SECONDS = 5.0
GRACE_SECONDS = 1.5
START_SECONDS = 0.5
LOOK_SECONDS = 0.1
MAX_AT_ONCE = 2
# Who comes while both places are taken waits for the longest query to end, in a line that is short.
MAX_WAITING = 4
_line = Line(MAX_AT_ONCE, MAX_WAITING)


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


def run_sql(path: Path, sql: str, seconds: float = SECONDS, asker: str = "") -> Table:
    """Return what `sql` finds in the database file. Raises `Refused`, or `NoDatabase` without a file.

    A newer query of the same `asker` ends this one.
    """
    sql = sql.encode(errors="replace").decode()
    if not sql.strip():
        raise Refused("empty")
    if len(sql) > MAX_SQL:
        raise Refused("too_long", str(MAX_SQL))
    if not path.is_file():
        raise NoDatabase(f"{path}: no database; run `make build`")
    try:
        with _line.place(asker, seconds + GRACE_SECONDS + START_SECONDS) as ticket:
            started = time.monotonic()
            reply = _ask(path, sql, seconds, ticket.over)
    except Busy as error:
        raise Refused("busy") from error
    if "refused" in reply:
        raise Refused(reply["refused"], reply.get("detail", ""))
    return Table(**reply, seconds=time.monotonic() - started)


def _ask(path: Path, sql: str, seconds: float, over: threading.Event) -> dict[str, Any]:
    request = {
        "path": str(path.resolve()),
        "sql": sql,
        "rows": MAX_ROWS,
        "cell": MAX_CELL,
        "characters": MAX_CHARACTERS,
        "seconds": seconds,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "explorer.sandbox_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={},  # nothing of this process can be asked for there
    ) as child:
        try:
            out = _reply(child, json.dumps(request).encode(), seconds + GRACE_SECONDS, over)
        finally:
            child.kill()
    if child.returncode:
        raise Refused("memory")
    return dict(json.loads(out))


def _reply(child: "subprocess.Popen[bytes]", request: bytes, seconds: float, over: threading.Event) -> bytes:
    """Return what the process says. Raises `Refused` after `seconds`, `Busy` once it is `over`."""
    until, given = time.monotonic() + seconds, [request]
    while time.monotonic() < until:
        if over.is_set():
            raise Busy
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.communicate(given.pop() if given else None, timeout=LOOK_SECONDS)[0]
    raise Refused("time")
