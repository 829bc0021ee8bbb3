"""Scripts take turns. A hundred at once would not be faster: Python lets one run, and the change costs."""

import contextlib
import threading
from collections.abc import Iterator

AT_ONCE = 3
# A script that takes long (a list of 20,000, a query) must not keep the others waiting.
LONGEST_WAIT = 1.0
_places = threading.BoundedSemaphore(AT_ONCE)


@contextlib.contextmanager
def taking_turns() -> Iterator[None]:
    """Wait for a place, but not for long."""
    has_place = _places.acquire(timeout=LONGEST_WAIT)
    try:
        yield
    finally:
        if has_place:
            _places.release()
