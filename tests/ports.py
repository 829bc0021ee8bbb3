"""Ports of this machine for servers that a test runs."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable


def free_port(count: int = 1) -> int:
    """Return the first of `count` neighbouring ports that are free."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first, contextlib.ExitStack() as others:
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):
                for number in range(1, count):
                    others.enter_context(socket.create_server(("127.0.0.1", port + number)))
                return port


def wait_until_open(
    port: int, process: "subprocess.Popen[bytes]", seconds: float, tell: Callable[[], str]
) -> None:
    """Wait until the process listens there. Raises `RuntimeError` with what `tell` says when it does not."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(tell()) from None
            time.sleep(0.05)
