"""A finished build, ready to be published: its files verified, opened, and described.

The files stay open: whatever is built meanwhile, those of this build are read.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from crawler.datapackage import describe_package
from crawler.depot.pointer import Pointer, StoredFile, version_name
from crawler.exports import FILES
from crawler.feed import build_feed
from crawler.lock import one_at_a_time
from crawler.refresh import WAIT_SECONDS
from crawler.sources import BadInput, Folders

DATABASE, FEED, PACKAGE = "devices.duckdb", "changes.atom", "datapackage.json"
INDEX = FILES[-1]


@dataclass(frozen=True)
class Build:
    """The files of a build by name, what they must be, and the pointer that names them."""

    contents: Mapping[str, BinaryIO]
    pointer: Pointer

    def content(self, name: str) -> bytes:
        file = self.contents[name]
        file.seek(0)
        return file.read()


@contextmanager
def finished_build(folders: Folders) -> Iterator[Build]:
    """Give the build that is published here. Raises `BadInput` where it is not whole."""
    if not folders.database.exists():
        raise BadInput(f"{folders.database}: no database yet; run `make build`")
    paths = {DATABASE: folders.database} | {name: folders.exports / name for name in FILES}
    with ExitStack() as stack:
        # Whoever builds holds this lock, so all files are of the same build.
        with one_at_a_time(folders.state, WAIT_SECONDS):
            contents: dict[str, BinaryIO] = {
                name: stack.enter_context(_opened(path)) for name, path in paths.items()
            }
            marks = {name: _mark(file) for name, file in contents.items()}
            _verify(folders, contents[INDEX].read(), marks)
            meta, more = _described(folders.database, marks)
        for name, content in more.items():
            contents[name] = BytesIO(content)
            marks[name] = _mark(contents[name])
        built_at = datetime.fromisoformat(meta["built_at"])
        version = version_name(built_at, marks)
        yield Build(contents, Pointer(version, meta["schema_version"], built_at, marks))


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); run `make build`") from error


def _mark(file: BinaryIO) -> StoredFile:
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    size = file.tell()
    file.seek(0)
    return StoredFile(size, digest.hexdigest())


def _verify(folders: Folders, index: bytes, marks: Mapping[str, StoredFile]) -> None:
    """Raise `BadInput` for a file that is not the one of which index.json has the checksum."""
    try:
        about = json.loads(index)
        wanted: dict[str, Any] = {DATABASE: about["database"]}
        wanted |= {name: about["files"][name] for name in FILES[:-1]}
        named = {name: StoredFile(one["bytes"], one["sha256"]) for name, one in wanted.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{folders.exports / INDEX}: not whole or of another version; run `make build`"
        ) from error
    odd = [name for name, one in named.items() if marks[name] != one]
    if odd:
        raise BadInput(
            f"{', '.join(odd)}: not the file of which {folders.exports / INDEX} has the checksum: "
            "database and exports are of two builds; run `make build`"
        )


def _described(database: Path, marks: Mapping[str, StoredFile]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the facts of the database, and the files that are made of them for a publish."""
    try:
        with duckdb.connect(str(database), read_only=True) as con:
            meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
            sources = con.execute("SELECT title, url FROM source ORDER BY rowid").fetchall()
            feed = build_feed(con, meta["built_at"], FEED)
    except duckdb.Error as error:
        raise BadInput(f"{database}: cannot be read ({error}); run `make build`") from error
    listed = {**marks, FEED: _mark(BytesIO(feed))}
    package = json.dumps(describe_package(listed, meta, sources), ensure_ascii=False, indent=1)
    return meta, {FEED: feed, PACKAGE: f"{package}\n".encode()}
