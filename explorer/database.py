"""Opens `devices.duckdb`: read-only, and closed again, so a new build can take its place any time."""

import contextlib
import functools
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import duckdb

KEPT_FILES = 2
# The names and words that the explorer knows; docs/schema-changelog.md says when the number grows.
SCHEMA_MAJOR = 1
Read = TypeVar("Read")


class NoDatabase(Exception):
    """There is no database that can be read; the message says what to do."""


def expect_schema(path: Path, version: str) -> None:
    """Raise `NoDatabase` for a file whose names may mean something else."""
    if version.partition(".")[0] != str(SCHEMA_MAJOR):
        raise NoDatabase(f"{path}: schema {version}, this explorer reads {SCHEMA_MAJOR}.x; update it")


class Stamp(NamedTuple):
    """What tells one build of the file from another."""

    changed_at_ns: int
    inode: int
    size: int


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of the file as it is now. Raises `NoDatabase` when there is none."""
    try:
        stat = path.stat()
    except OSError as error:
        raise NoDatabase(f"{path}: no database ({error.strerror}); run `make build`") from error
    return Stamp(stat.st_mtime_ns, stat.st_ino, stat.st_size)


@contextlib.contextmanager
def open_built(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file to read. Raises `NoDatabase` when it is missing, damaged or of another kind."""
    with telling(path), duckdb.connect(str(path), read_only=True) as con:
        yield con


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Tell what goes wrong in DuckDB as `NoDatabase`, with what to do."""
    try:
        yield
    except duckdb.CatalogException as error:
        raise NoDatabase(f"{path}: made by another version or another program; run `make build`") from error
    except duckdb.Error as error:
        if "Could not set lock" in str(error):
            words = "another program has it open to write; close it there, or open it there with -readonly"
            raise NoDatabase(f"{path}: {words}") from error
        reason = str(error).splitlines()[0]
        raise NoDatabase(f"{path}: cannot be read ({reason}); run `make build`") from error


def once_a_build(read: Callable[[Path], Read]) -> Callable[[Path], Read]:
    """Keep what `read` returns for the build of a file: many sessions ask at once, and it is read once.

    Of each file only the newest: who still works with an older one holds it.
    """
    lock = threading.Lock()
    kept: dict[Path, tuple[Stamp, Read]] = {}

    @functools.wraps(read)
    def ask(path: Path) -> Read:
        stamp = stamp_of(path)
        with lock:
            known = kept.get(path)
            if known is None or known[0] != stamp:
                known = kept[path] = (stamp, read(path))
                while len(kept) > KEPT_FILES:
                    del kept[next(iter(kept))]
            return known[1]

    return ask


def quoted(path: Path) -> str:
    """Return a path as it stands between the quotation marks of SQL."""
    return str(path).replace("'", "''")


def quoted_file(path: Path) -> str:
    """Return the path of the one file that is read, as above: DuckDB takes `*`, `?` and `[` for patterns."""
    return re.sub(r"([\[*?])", r"[\1]", quoted(path.absolute()))
