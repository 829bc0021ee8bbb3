"""The build that answers now. A new one is read beside it and takes its place whole."""

import asyncio
import hashlib
import logging
from pathlib import Path

from explorer.database import NoDatabase, stamp_of
from explorer.queries import Dataset, load_dataset

log = logging.getLogger("explorer")


class Current:
    """The dataset in service, and what identifies it to a cache."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = stamp_of(path)
        self.data = load_dataset(path)
        self.version = version_of(self.data)
        self.is_lost = False

    async def follow(self, seconds: float) -> None:
        """Look for a new build for ever. What cannot be read is passed over: the old one goes on."""
        while True:
            await asyncio.sleep(seconds)
            try:
                stamp = await asyncio.to_thread(stamp_of, self.path)
                if stamp != self.stamp:
                    data = await asyncio.to_thread(load_dataset, self.path)
                    self.data, self.version, self.stamp = data, version_of(data), stamp
                    log.info("now answering from the build of %s", data.meta["built_at"])
                self.is_lost = False
            except NoDatabase as error:
                if not self.is_lost:
                    log.warning("%s; the build of %s goes on answering", error, self.data.meta["built_at"])
                self.is_lost = True


def version_of(data: Dataset) -> str:
    """Return what changes whenever an answer may."""
    parts = (data.meta[key] for key in ("schema_version", "inputs", "built_at"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
