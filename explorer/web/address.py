"""Where a server listens: asked before its address is printed, so that what is wrong is said in words."""

import errno
import os
import socket


class BadAddress(Exception):
    """What was found, and what to do."""


def try_address(host: str, port: int) -> None:
    """Raise `BadAddress` when the explorer could not listen there; ask before the address is printed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            if os.name == "posix":  # as the server itself does: a port just left is free
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except (OSError, UnicodeError) as error:
        code = getattr(error, "errno", None)
        if code == errno.EADDRINUSE:
            remedy = "another program uses it; choose another: `PORT=8651 make run`, or --port 8651"
            raise BadAddress(f"port {port}: {remedy}") from error
        if code in (errno.EACCES, errno.EPERM):
            remedy = "not allowed; choose one from 1024: `PORT=8651 make run`, or --port 8651"
            raise BadAddress(f"port {port}: {remedy}") from error
        remedy = "not an address of this computer; try `HOST=127.0.0.1 make run`, or --host 127.0.0.1"
        raise BadAddress(f"host {host}: {remedy}") from error
