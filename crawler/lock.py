"""One run at a time: two locks, one for a whole refresh, one for whoever writes archive or database.

The lock belongs to the process (flock), so a run that was killed leaves no dead lock behind.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.sources import BadInput

STEP_SECONDS = 0.05
WRITE = ".lock"
REFRESH = ".refresh.lock"


@contextmanager
def one_at_a_time(state: Path, wait_seconds: float, name: str = WRITE) -> Iterator[None]:
    """Hold a lock of this state folder. Raises `BadInput` when another run holds it for longer.

    `WRITE` is held for the moment of writing. `REFRESH` is held from the first request to the
    publish, so two refreshes never run together, while a build need not wait for a slow site.
    """
    state.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_seconds
    with (state / name).open("a+") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise BadInput(_held(lock.name)) from None
                time.sleep(STEP_SECONDS)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _held(path: str) -> str:
    holder = Path(path).read_text() or "unknown"
    return f"{path}: another run (process {holder}) is at work; wait for its end, then try again"
