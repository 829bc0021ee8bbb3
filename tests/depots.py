"""Depots for the tests: builds of any age, a folder or a bucket to publish to, a file system that fails."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from crawler.depot.place import LATEST, Depot, open_depot
from crawler.depot.pointer import Pointer, read_pointer
from crawler.exports import write_exports
from crawler.sources import DATA, Folders
from crawler.warehouse import empty_warehouse

KEYS = {"AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "tester", "AWS_DEFAULT_REGION": "us-east-1"}


def small_build(state: Path, built_at: str, schema_version: str = "1.2.0") -> Folders:
    """Return folders with a build of a source and a change: quick to make and to publish."""
    state.mkdir()
    folders = Folders(state=state)
    facts = {"schema_version": schema_version, "built_at": built_at, "origin": "bundled", "inputs": built_at}
    with empty_warehouse(DATA / "schema.sql", folders.database) as con:
        con.executemany("INSERT INTO meta VALUES (?, ?)", list(facts.items()))
        con.execute(
            "INSERT INTO source VALUES ('faq-7261', 'https://faq', 'FAQ', 'X', [], 'html', 'model', 9, true)"
        )
        row = '{"section": "listed", "maker": "ソニー", "name": "X", "model": "", "carrier": "", "note": ""}'
        con.execute("INSERT INTO change VALUES (1, 'faq-7261', '2026-11-01', 'ADD', NULL, NULL, ?)", [row])
    write_exports(folders.database, folders.exports)
    return folders


def whole_build(built: Folders, state: Path, built_at: str) -> Folders:
    """Return folders with a copy of a build that says it was built at another time."""
    state.mkdir()
    folders = Folders(state=state)
    shutil.copy(built.database, folders.database)
    with duckdb.connect(str(folders.database)) as con:
        con.execute("UPDATE meta SET value = ? WHERE key = 'built_at'", [built_at])
    write_exports(folders.database, folders.exports)
    return folders


# To get ready for a bucket takes a client longer than to ask it.
opened = cache(open_depot)


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Run an S3 server on loopback for as long as this is open; give the environment that leads there."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = KEYS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    try:
        with patch.dict(os.environ, environment):
            yield environment
    finally:
        server.stop()


def new_bucket() -> str:
    """Make an empty bucket at the server of the environment; return its address."""
    name = f"bucket-{secrets.token_hex(4)}"
    open_depot(f"s3://{name}").fs.mkdir(name)
    return f"s3://{name}"


def latest(address: str) -> Pointer | None:
    """Return the newest version, after reading every file of it back."""
    depot = opened(address)
    try:
        pointer = read_pointer(depot.read(LATEST, 1 << 20))
    except Exception as error:
        if "not there" in str(error):
            return None
        raise
    for name, wanted in pointer.files.items():
        content = b"".join(depot.chunks(pointer.path_of(name)))
        found = (len(content), hashlib.sha256(content).hexdigest())
        assert found == (wanted.bytes, wanted.sha256), f"{name} is not whole"
    return pointer


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Failing:
    """A file system whose n-th operation fails, before or after it is done."""

    COUNTED = ("open", "pipe_file", "mv", "makedirs", "rm", "ls", "info")

    def __init__(self, fs: Any, fail_at: int, is_done_first: bool = False) -> None:
        self.fs, self.fail_at, self.is_done_first = fs, fail_at, is_done_first
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.fs, name)
        if name not in self.COUNTED:
            return real

        def spoiled(*args: Any, **kwargs: Any) -> Any:
            self.count += 1
            is_now = self.count == self.fail_at
            if is_now and not self.is_done_first:
                raise OSError(5, f"spoiled {name}")
            result = real(*args, **kwargs)
            if is_now:
                raise OSError(5, f"spoiled {name}")
            return result

        return spoiled


@contextmanager
def failing_at(number: int, is_done_first: bool = False) -> Iterator[list[Failing]]:
    """Let the n-th operation of the depot that is opened next fail."""
    made: list[Failing] = []

    def spoiled(*args: Any) -> Depot:
        depot = opened(*args)
        made.append(Failing(depot.fs, number, is_done_first))
        return replace(depot, fs=made[0])

    with patch("crawler.upload.open_depot", spoiled):
        yield made


def spoil_pointer(folder: Path, **values: Any) -> None:
    """Change what the pointer of a folder says."""
    about = json.loads((folder / LATEST).read_text())
    (folder / LATEST).write_text(json.dumps(about | values))
