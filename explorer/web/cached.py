"""The copy of a depot's database that a server answers from, in a folder that servers may share.

`followed.json` beside it names what may lie there: the copy is one of those, by size and checksum, or it
is not used. At most two copies take room: the one that answers and the one that is coming.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.depot.place import LATEST, DepotError
from crawler.depot.pointer import Pointer, StoredFile, read_pointer

DATABASE = "devices.duckdb"
LOCK = ".lock"
INCOMING = ".incoming-"


class NotOurs(Exception):
    """The folder holds a database that no depot gave; its message says so."""


class Cached:
    """The folder with the copy. Raises `OSError` where it cannot be used, `NotOurs` where it is not one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.database = self.folder / DATABASE
        self._about = self.folder / "followed.json"
        self.folder.mkdir(parents=True, exist_ok=True)
        # What a depot gives is known before it is there, so this one was built here, or put here by hand.
        if self.database.exists() and not self._about.exists():
            raise NotOurs(f"{DATABASE} in it came from no depot; name an empty folder")
        (self.folder / LOCK).touch()

    def pointer(self) -> Pointer | None:
        """Return the version that the copy is of; None where there is none that is whole."""
        try:
            found = _mark(self.database)
        except OSError:
            return None
        return next((one for one in self._known() if one.files[DATABASE] == found), None)

    def _known(self) -> list[Pointer]:
        with suppress(OSError, ValueError, TypeError, KeyError):
            texts = json.loads(self._about.read_bytes())
            found = [read_pointer(text.encode()) for text in texts]
            return [one for one in found if DATABASE in one.files]
        return []

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Tell whether this process may write; another one of this machine may be at it."""
        with (self.folder / LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            for left in self.folder.glob(f"{INCOMING}*"):
                left.unlink(missing_ok=True)
            yield True

    def receive(self, chunks: Iterable[bytes], wanted: StoredFile, address: str) -> Path:
        """Write what comes to a file beside; return it. Raises `DepotError` for other bytes than wanted."""
        path = self.folder / f"{INCOMING}{os.getpid()}.duckdb"
        try:
            if _written(path, chunks, wanted.bytes) != wanted:
                reason = f"{DATABASE}: not the bytes that {LATEST} names; the depot is damaged"
                raise DepotError(address, reason)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def adopt(self, incoming: Path, pointer: Pointer, before: Pointer | None) -> None:
        """Put a verified file in the place of the copy, in one step."""
        known = [pointer, *([before] if before else [])]
        about = self._about.with_name(f"{INCOMING}{os.getpid()}.json")
        # First what may lie there, then the file: killed in between, the old copy is still known.
        about.write_text(json.dumps([one.as_json().decode() for one in known]), encoding="utf-8")
        about.replace(self._about)
        incoming.replace(self.database)


def _written(path: Path, chunks: Iterable[bytes], most: int) -> StoredFile:
    """Write what comes to the disk, little beyond `most` bytes; return what it was."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                break
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return StoredFile(size, digest.hexdigest())


def _mark(path: Path) -> StoredFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return StoredFile(file.tell(), digest.hexdigest())
