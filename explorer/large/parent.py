"""Ends a process with the one that asks it. Imports nothing of ours: see `end_with_parent`."""

import os
import threading
from multiprocessing import parent_process


def end_with_parent() -> None:
    """End this process with its parent, however that one ends; else it would wait for ever.

    The thread is there to the end of the process, and with it the modules that its code can see: of
    DuckDB's, which could not be freed then, stderr would tell as of leaks.
    """
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
