"""Follows a depot: looks for a new version, brings it beside, verifies it, swaps it in.

Whatever is wrong at the depot, what was brought before goes on answering.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from typing import Any

from crawler.depot.place import LATEST, Depot, DepotError
from crawler.depot.pointer import MOST_BYTES, BadPointer, Pointer, read_pointer
from explorer.database import SCHEMA_MAJOR, NoDatabase, Stamp, stamp_of
from explorer.web.cached import DATABASE, Cached
from explorer.web.trial import try_database

log = logging.getLogger("explorer")
FIRST_SECONDS = 10.0
FIRST_PAUSE = 0.5
MOST_SKIPPED = 32
MOST_DOWNLOAD_SECONDS = 1800.0


class NoData(NoDatabase):
    """There is nothing to answer from: the depot gives nothing, and no copy of it is at hand."""


class Refused:
    """A version that could not be taken: asked for again after ever longer pauses, counted in checks."""

    def __init__(self) -> None:
        self.version = ""
        self.error: Exception | None = None
        self.wait = self.skipped = 0

    def ask_again(self, version: str, is_needed: bool) -> None:
        """Raise the error of before while it is too early for this version."""
        if self.error and version == self.version and self.skipped < self.wait and not is_needed:
            self.skipped += 1
            raise self.error

    def remember(self, version: str, error: Exception) -> None:
        again = self.wait * 2 if version == self.version else 1
        self.version, self.error = version, error
        self.wait, self.skipped = min(again, MOST_SKIPPED), 0


class Follower:
    """A server's view of a depot. `check` is called by one thread, the rest may be read by any."""

    def __init__(self, depot: Depot, cached: Cached, seconds: float, most_bytes: int) -> None:
        self.depot, self.cached = depot, cached
        self.seconds, self.most_bytes = seconds, most_bytes
        self.pointer: Pointer | None = None
        self.reached_at: datetime | None = None
        self.error: str | None = None
        self._mark: tuple[Any, ...] | None = None
        self._refused = Refused()
        self._stamp: Stamp | None = None
        self._is_bringing = False
        self._came, self._over = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._notice()

    def bring_first(self) -> None:
        """Wait until there is something to answer from: the copy at hand, else what the depot gives.

        Raises `NoData` when nothing begins to come within `FIRST_SECONDS`.
        """
        if self.pointer is not None:
            return
        deadline = time.monotonic() + FIRST_SECONDS
        self.start()
        while not self._came.wait(0.05):
            if time.monotonic() > deadline and not self._is_bringing:
                raise NoData(f"{self.depot.address}: {self.error or 'no answer in time'}")

    def start(self) -> None:
        """Follow in a thread of its own; it holds up no exit, whatever it waits for."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="follower", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._thread:
            self._thread.join(1.0)

    def _run(self) -> None:
        while not self._over.is_set():
            self.check()
            self._over.wait(self.seconds if self.pointer else FIRST_PAUSE)

    def check(self) -> None:
        """Ask the depot once, and take over what is new. What goes wrong is kept in `error` and logged."""
        try:
            self._notice()
            self._look()
        except (DepotError, NoDatabase, OSError) as error:
            reason = error.reason if isinstance(error, DepotError) else _plain(error)
            if reason != self.error:
                log.warning("%s: %s; %s", self.depot.address, reason, self._still())
            self.error = reason
        else:
            if self.error:
                log.warning("%s: well again", self.depot.address)
            self.error = None

    def _still(self) -> str:
        return f"{self.pointer.version} goes on answering" if self.pointer else "nothing to answer from yet"

    def _look(self) -> None:
        mark = self.depot.mark(LATEST)
        if mark is not None and mark == self._mark:
            self.reached_at = datetime.now(UTC)
            return
        raw = self.depot.read(LATEST, MOST_BYTES)
        self.reached_at = datetime.now(UTC)
        try:
            offered = read_pointer(raw)
        except BadPointer as error:
            raise DepotError(self.depot.address, f"{LATEST}: {error}") from error
        self._refuse(offered)
        if self._is_at_hand(offered) or self._take(offered):
            self._mark = mark

    def _refuse(self, offered: Pointer) -> None:
        """Raise `DepotError` for a version that is not to be brought."""
        if DATABASE not in offered.files:
            raise DepotError(self.depot.address, f"{offered.version}: it has no {DATABASE}")
        if offered.schema_major != SCHEMA_MAJOR:
            raise DepotError(
                self.depot.address,
                f"{offered.version}: schema {offered.schema_version}, this explorer reads {SCHEMA_MAJOR}.x; "
                "update it",
            )
        size = offered.files[DATABASE].bytes
        if size > self.most_bytes:
            reason = f"{offered.version}: {size} bytes, at most {self.most_bytes} are taken (--max-megabytes)"
            raise DepotError(self.depot.address, reason)

    def _notice(self) -> None:
        """Learn which version the copy is of, where another process may have put it there.

        Where it is lost or damaged, the version is no longer at hand, though it goes on answering.
        """
        try:
            stamp = stamp_of(self.cached.database)
        except NoDatabase:
            self._stamp = self._mark = None
            return
        if stamp != self._stamp:
            found = self.cached.pointer()
            self.pointer = found if found and found.schema_major == SCHEMA_MAJOR else None
            self._stamp = stamp
            if self.pointer is None:
                self._mark = None
        if self.pointer:
            self._came.set()

    def _is_at_hand(self, offered: Pointer) -> bool:
        """Tell whether the copy is of this version; other files of it may differ."""
        if self._stamp is None or self.pointer is None:
            return False
        if self.pointer.files[DATABASE] != offered.files[DATABASE]:
            return False
        self.pointer = offered
        return True

    def _take(self, offered: Pointer) -> bool:
        """Bring a version and put it in service; False where another process is doing so."""
        self._refused.ask_again(offered.version, self.pointer is None)
        with self.cached.locked() as may_write:
            if not may_write:
                return False
            self._is_bringing = True
            try:
                self._bring(offered)
            except (DepotError, NoDatabase, OSError) as error:
                self._refused.remember(offered.version, error)
                raise
            finally:
                self._is_bringing = False
        self._refused = Refused()
        return True

    def _bring(self, offered: Pointer) -> None:
        before = self.pointer
        wanted, path = offered.files[DATABASE], offered.path_of(DATABASE)
        incoming = self.cached.receive(self._in_time(path), wanted, self.depot.address)
        try:
            found = try_database(incoming)
            if found != [offered.schema_version, offered.built_at.isoformat()]:
                reason = f"{offered.version}: its database says it is another build, {found}"
                raise DepotError(self.depot.address, reason)
            self.cached.adopt(incoming, offered, before)
        finally:
            incoming.unlink(missing_ok=True)
        if before and before.built_at > offered.built_at:
            log.warning("%s: back to the older version %s", self.depot.address, offered.version)
        log.info("%s: version %s came", self.depot.address, offered.version)
        self._notice()

    def _in_time(self, path: str) -> Any:
        """Yield the pieces of a file. Raises `DepotError` when they take too long, or all is over."""
        deadline = time.monotonic() + MOST_DOWNLOAD_SECONDS
        for chunk in self.depot.chunks(path):
            if time.monotonic() > deadline or self._over.is_set():
                raise DepotError(self.depot.address, f"{path}: it did not come in time")
            yield chunk

    def status(self) -> dict[str, Any]:
        """Return what `/readyz` says of the depot; its address is not for everybody."""
        reached = self.reached_at
        return {
            "version": self.pointer.version if self.pointer else None,
            "reached_at": reached.isoformat(timespec="seconds") if reached else None,
            "reached_seconds_ago": round((datetime.now(UTC) - reached).total_seconds()) if reached else None,
            "error": self.error,
        }


def _plain(error: Exception) -> str:
    return f"the cache: {error.strerror}" if isinstance(error, OSError) else str(error)
