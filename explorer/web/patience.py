"""Connections that send nothing, send their request a byte at a time or take no answer do not stay."""

import socket
from asyncio import TimerHandle, Transport
from contextlib import suppress

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
HEAD_BYTES = 32 << 10
TAKING_SECONDS = 30.0


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with a limit on how long and how large the head of a request may be.

    uvicorn itself waits for ever for the first request, keeps whatever headers come, and an answer for
    whoever does not read it. What was upgraded to a WebSocket is no longer ours.
    """

    head_timer: TimerHandle | None = None
    head_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)
        # The kernel ends a connection that takes nothing for so long; Linux only.
        if one := transport.get_extra_info("socket"):
            with suppress(AttributeError, OSError):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(TAKING_SECONDS * 1000))

    def data_received(self, data: bytes) -> None:
        if self.head_timer is None and self._is_between_requests():
            self.head_timer, self.head_bytes = self.loop.call_later(HEAD_SECONDS, self._give_up), 0
        super().data_received(data)
        if self.head_timer is not None:
            self.head_bytes += len(data)
            if self.head_bytes > HEAD_BYTES:
                self._give_up()

    def on_headers_complete(self) -> None:
        self._stop_timer()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _stop_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

    def _give_up(self) -> None:
        self._stop_timer()
        if not self.transport.is_closing():
            self.transport.close()
