"""The build that answers now. A new one is read beside it and takes its place whole."""

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import NamedTuple

from explorer.database import Stamp, stamp_of
from explorer.queries import Dataset, load_dataset
from explorer.store import Store, open_store

log = logging.getLogger("explorer")


class Build(NamedTuple):
    """One build, in memory whole: whatever becomes of its file, it goes on answering."""

    stamp: Stamp
    data: Dataset
    store: Store
    version: str


class Current:
    """The build in service. Who needs more than one part of it takes `build` once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.build = read_build(path)
        self.is_lost = False

    @property
    def data(self) -> Dataset:
        return self.build.data

    @property
    def version(self) -> str:
        """What identifies the build to a cache."""
        return self.build.version

    async def follow(self, seconds: float) -> None:
        """Look for a new build for ever. What cannot be read is passed over: the old one goes on."""
        while True:
            await asyncio.sleep(seconds)
            try:
                if not await asyncio.to_thread(self._is_of_now):
                    self.build = await asyncio.to_thread(read_build, self.path)
                    log.info("now answering from the build of %s", self.data.meta["built_at"])
                self.is_lost = False
            # A file may open and still not be ours: nothing it holds may end the search for a better one.
            except Exception as error:
                if not self.is_lost:
                    words = "%s: %r; the build of %s goes on answering"
                    log.warning(words, self.path, error, self.data.meta["built_at"])
                self.is_lost = True

    def _is_of_now(self) -> bool:
        """Tell whether this is the build of the file as it is now, and answers."""
        return stamp_of(self.path) == self.build.stamp and self.build.store.is_usable()


def read_build(path: Path) -> Build:
    """Return the build that the file holds now. Raises `NoDatabase` when it cannot be read."""
    while True:
        stamp = stamp_of(path)
        data, store = load_dataset(path), open_store(path)
        # Another came between the two: they are not of one build.
        if stamp == stamp_of(path):
            return Build(stamp, data, store, version_of(data))


def version_of(data: Dataset) -> str:
    """Return what changes whenever an answer may."""
    parts = (data.meta[key] for key in ("schema_version", "inputs", "built_at"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
