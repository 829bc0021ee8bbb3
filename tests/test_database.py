"""Opening the database file: one place, one reading for each build, one way to fail."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from crawler.sources import Folders
from explorer import queries
from explorer.database import NoDatabase, once_a_build, open_built, stamp_of
from explorer.login_facts import read_facts
from explorer.queries import load_dataset
from explorer.schema import read_schema
from explorer.store import open_store

ROOT = Path(__file__).parent.parent


@pytest.fixture
def live(built: Folders, tmp_path: Path) -> Path:
    return Path(shutil.copy(built.database, tmp_path / "live.duckdb"))


def test_many_who_ask_at_once_wait_for_one_reading(live: Path):
    times = []

    @once_a_build
    def read(path: Path) -> object:
        times.append(path)
        time.sleep(0.05)
        return object()

    gate = threading.Barrier(8)

    def ask() -> object:
        gate.wait()
        return read(live)

    with ThreadPoolExecutor(8) as pool:
        found = {id(one.result()) for one in [pool.submit(ask) for _ in range(8)]}
    assert (len(found), len(times)) == (1, 1)


def test_the_dataset_is_loaded_once_by_two_sessions(live: Path, monkeypatch: pytest.MonkeyPatch):
    times, original = [], queries._read
    monkeypatch.setattr(queries, "_read", lambda con: times.append(1) or original(con))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(load_dataset, [live, live])
    assert one is other
    assert len(times) == 1


class Stand:
    """What was read of a file of this size."""

    def __init__(self, size: int) -> None:
        self.size = size


def test_a_new_build_is_read_anew_and_the_one_before_forgotten(live: Path):
    read = once_a_build(lambda path: Stand(path.stat().st_size))
    before = weakref.ref(read(live))
    assert read(live) is before()
    live.write_bytes(b"x" * 7)
    assert read(live).size == 7
    assert before() is None


def test_a_file_of_another_major_schema_is_refused(live: Path):
    with duckdb.connect(str(live)) as con:
        con.execute("UPDATE meta SET value = '9.0.0' WHERE key = 'schema_version'")
    with pytest.raises(NoDatabase, match=r"schema 9\.0\.0, this explorer reads 1\.x; update it"):
        load_dataset(live)


@pytest.mark.parametrize("change", ["time", "inode", "size"])
def test_a_stamp_tells_builds_apart(live: Path, change: str):
    before = stamp_of(live)
    if change == "inode":
        beside = Path(shutil.copy2(live, live.with_name("beside")))
        beside.replace(live)
    elif change == "size":
        live.write_bytes(live.read_bytes() + b"x")
    os.utime(live, ns=(before.changed_at_ns, before.changed_at_ns + (change == "time")))
    assert [a != b for a, b in zip(before, stamp_of(live), strict=True)].count(True) == 1


def test_the_schema_and_the_facts_are_read_once_a_build(live: Path):
    assert read_schema(live) is read_schema(live)
    assert read_facts(live) is read_facts(live)
    before = read_schema(live)
    os.utime(live)
    assert read_schema(live) is not before


@pytest.mark.parametrize("read", [load_dataset, open_store, read_facts, read_schema])
@pytest.mark.parametrize("kind", ["missing", "damaged", "folder"])
def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path: Path, read, kind: str):
    path = tmp_path / "it's.duckdb"
    if kind == "damaged":
        path.write_bytes(b"no database" * 1000)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(NoDatabase, match="make build"):
        read(path)


def test_a_file_that_another_program_has_open_to_write_is_told_so(live: Path):
    code = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    command = [sys.executable, "-c", code, str(live)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(NoDatabase, match="another program has it open to write"):
            load_dataset(live)
        other.communicate("\n", timeout=30)
    assert load_dataset(live).devices


def test_the_file_is_opened_to_read_only(live: Path):
    with open_built(live) as con, pytest.raises(duckdb.Error):
        con.execute("DELETE FROM meta")


def test_one_place_opens_the_file():
    opening = re.compile(r"duckdb\.connect\(\S|ATTACH '\{")
    found = {
        path.name for path in (ROOT / "explorer").rglob("*.py") if opening.search(path.read_text("utf-8"))
    }
    # Beside it: the copy in memory, the box for SQL in a process of its own, an example to read, the
    # working file of a large join, the table made for Spark.
    assert found == {"database.py", "store.py", "sandbox_child.py", "data_show.py", "join.py", "spark.py"}
