"""Writes to a depot: each file whole or not at all, the pointer only where nobody else moved it."""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.depot.place import LATEST, WRITABLE, Depot, DepotError, NotThere, open_depot
from crawler.depot.pointer import StoredFile
from crawler.lock import one_at_a_time

LOCK = ".publish.lock"
WAIT_SECONDS = 120.0


class Moved(Exception):
    """Somebody else moved the pointer meanwhile."""


@contextmanager
def writable(address: str) -> Iterator[Depot]:
    """Give a depot to write to. In a folder one publisher writes at a time; a second one waits.

    A bucket has no lock: there each file arrives whole, and the pointer moves only from where it was.
    Raises `DepotError`, and `BadInput` when another publisher is at work for long.
    """
    depot = open_depot(address, WRITABLE)
    if depot.scheme != "file":
        yield depot
        return
    root = Path(depot.root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        (root / LOCK).touch()
    except OSError as error:
        raise DepotError(address, f"no folder that can be written to ({error.strerror})") from error
    with one_at_a_time(root, WAIT_SECONDS, LOCK):
        for left in root.glob(".*.partial"):
            left.unlink(missing_ok=True)
        yield depot


def holds(depot: Depot, name: str, wanted: StoredFile) -> bool:
    """Tell whether the depot has this very file: it is read back and hashed."""
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in depot.chunks(name):
            digest.update(chunk)
            size += len(chunk)
            if size > wanted.bytes:
                return False
    except NotThere:
        return False
    return StoredFile(size, digest.hexdigest()) == wanted


def put(depot: Depot, name: str, content: bytes, **conditions: Any) -> None:
    """Write a file; until it is whole, whoever reads finds the one that was there before, if any."""
    with depot.telling(name):
        if depot.scheme != "file":
            depot.fs.pipe_file(depot.path(name), content, **conditions)
            return
        target = Path(depot.path(name))
        depot.fs.makedirs(str(target.parent), exist_ok=True)
        # At the root, where the next publisher clears away what a killed one left.
        partial = Path(depot.root) / f".{target.name}.{secrets.token_hex(4)}.partial"
        try:
            depot.fs.pipe_file(str(partial), content)
            _settle(partial)
            depot.fs.mv(str(partial), str(target))
            _settle(target.parent)
        finally:
            partial.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Wait until what was written is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move_pointer(depot: Depot, content: bytes, mark: tuple[Any, ...] | None) -> None:
    """Write the pointer where it still has this mark, None for none yet. Raises `Moved` where not."""
    if depot.scheme == "file":
        put(depot, LATEST, content)
        return
    try:
        put(depot, LATEST, content, **({"IfMatch": mark[0]} if mark else {"IfNoneMatch": "*"}))
    except DepotError as error:
        code = getattr(error.__cause__, "errno", None)
        if code == errno.ENOSYS:
            # A store that knows no conditions: the last one wins.
            put(depot, LATEST, content)
        elif code == errno.EINVAL or isinstance(error.__cause__, FileExistsError):
            raise Moved from error
        else:
            raise
