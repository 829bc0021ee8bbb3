"""Who may run a query now: a few at once, a few more waiting in their turn, one query a session.

Streamlit begins a run of a page while the run before still waits for its query: a person who presses
twice would hold two places. So the newer query of a session ends the older, whose answer nobody sees.
"""

import contextlib
import threading
from collections.abc import Iterator


class Busy(Exception):
    """There is no place, or a newer query of the same session took it."""


class Ticket:
    """A query that waits or runs; `over` is set once a newer one of its session took its place."""

    def __init__(self) -> None:
        self.over = threading.Event()


class Line:
    """At most `places` run at once and `waiting` more wait, first come, first served."""

    def __init__(self, places: int, waiting: int) -> None:
        self.places, self.most_waiting = places, waiting
        self.waiting: list[Ticket] = []
        self.running: set[Ticket] = set()
        self._newest: dict[str, Ticket] = {}
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def place(self, asker: str, seconds: float) -> Iterator[Ticket]:
        """Hold a place. Raises `Busy` when the line is full, or after `seconds` without a place."""
        ticket = Ticket()
        with self._changed:
            self._join(asker, ticket)
            try:
                self._changed.wait_for(lambda: ticket.over.is_set() or self._is_next(ticket), seconds)
                if ticket.over.is_set() or not self._is_next(ticket):
                    raise Busy
                self.running.add(ticket)
            finally:
                self.waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield ticket
        finally:
            with self._changed:
                self.running.remove(ticket)
                if self._newest.get(asker) is ticket:
                    del self._newest[asker]
                self._changed.notify_all()

    def _join(self, asker: str, ticket: Ticket) -> None:
        if before := self._newest.pop(asker, None):
            before.over.set()
            self._changed.notify_all()
        if sum(not one.over.is_set() for one in self.waiting) >= self.most_waiting:
            raise Busy
        if asker:
            self._newest[asker] = ticket
        self.waiting.append(ticket)

    def _is_next(self, ticket: Ticket) -> bool:
        first = next((one for one in self.waiting if not one.over.is_set()), None)
        return first is ticket and len(self.running) < self.places
