"""Reaches a depot through fsspec: opens it, reads from it, says in plain words what is wrong with it."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

LATEST = "latest.json"
CHUNK = 4 << 20
CONNECT_SECONDS, STALL_SECONDS = 10, 30
READABLE = ("file", "s3", "http", "https")
WRITABLE = ("file", "s3")
KINDS = {
    PermissionError: "no access; see the permissions, for a bucket AWS_ACCESS_KEY_ID and its like",
    TimeoutError: "no answer in time",
    ConnectionError: "cannot be reached",
}


class DepotError(Exception):
    """`reason` says what is wrong without the address, which the message has in front of it."""

    def __init__(self, address: str, reason: str, detail: str = "") -> None:
        self.reason = reason
        super().__init__(f"{address}: {reason}" + (f" ({detail})" if detail else ""))


class BadDepot(DepotError):
    """No depot can be at this address, or a package that reaches it is missing."""


class NotThere(DepotError):
    """The file, or all of the depot, is not there."""


@dataclass(frozen=True)
class Depot:
    """A depot that can be read; names are relative to its root, their parts split by `/`."""

    address: str
    scheme: str
    root: str
    fs: Any

    def path(self, name: str) -> str:
        return f"{self.root}/{name}"

    def mark(self, name: str) -> tuple[Any, ...] | None:
        """Return what changes when the file does, None where only its content tells."""
        with self.telling(name):
            info = self.fs.info(self.path(name))
        if self.scheme == "file":
            return (info["mtime"], info["size"], info["ino"])
        return (info["ETag"],) if info.get("ETag") else None

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece."""
        # No cache, nothing read ahead: what is read is asked for piece by piece.
        how = {"s3": {"cache_type": "none"}, "file": {}}.get(self.scheme, {"block_size": 0})
        with self.telling(name), self.fs.open(self.path(name), "rb", **how) as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def read(self, name: str, most: int) -> bytes:
        """Return a small file. Raises `DepotError` for one above `most` bytes."""
        found = b""
        for chunk in self.chunks(name):
            found += chunk
            if len(found) > most:
                raise DepotError(self.address, f"{name}: more than {most} bytes; it is none of ours")
        return found

    @contextmanager
    def telling(self, name: str) -> Iterator[None]:
        """Tell whatever goes wrong at the depot as `DepotError`."""
        try:
            yield
        except DepotError:
            raise
        except FileNotFoundError as error:
            cause = error.__cause__
            if self.scheme.startswith("http") and isinstance(cause, Exception) and _status(cause) != 404:
                # So fsspec calls whatever hinders it there.
                raise DepotError(self.address, f"{name}: {_kind(cause)}", _first_line(cause)) from error
            is_bucket = "The specified bucket" in str(error)
            where = "the bucket is not there; make it" if is_bucket else f"{name}: not there"
            raise NotThere(self.address, where) from error
        # The libraries behind fsspec raise what they like.
        except Exception as error:
            raise DepotError(self.address, f"{name}: {_kind(error)}", _first_line(error)) from error


def open_depot(address: str, schemes: Sequence[str] = READABLE) -> Depot:
    """Return the depot at a path, file://, s3://, http:// or https:// address; nothing is asked yet.

    Keys and endpoint come from the environment alone (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, …).
    Raises `BadDepot`.
    """
    import fsspec  # takes its time, and few commands reach a depot

    scheme, root = _split(address, schemes)
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    try:
        if scheme == "s3":
            limits = {"connect_timeout": CONNECT_SECONDS, "read_timeout": STALL_SECONDS}
            options["config_kwargs"] = limits | {"retries": {"max_attempts": 2}}
        elif scheme in ("http", "https"):
            options["client_kwargs"] = {"timeout": _patience()}
        return Depot(address, scheme, root, fsspec.filesystem(scheme, **options))
    except ImportError as error:
        extra = "s3" if scheme == "s3" else "http"
        raise BadDepot(address, f"a package is missing; pip install 'mynaportal-devices[{extra}]'") from error


def _split(address: str, schemes: Sequence[str]) -> tuple[str, str]:
    """Return scheme and root of an address. Raises `BadDepot`."""
    if "://" not in address:
        if not address.strip():
            raise BadDepot(repr(address), "expected a folder or an address")
        return "file", str(Path(address).absolute())
    parts = urlsplit(address)
    expected = f"expected a folder or {', '.join(f'{one}://…' for one in schemes)}"
    if parts.scheme not in schemes:
        raise BadDepot(address, f"unknown scheme {parts.scheme!r}; {expected}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        # Not repeated: it may hold a key.
        raise BadDepot(
            f"{parts.scheme}://…",
            "an address with a key, a ? or a # is not taken; keys go into the environment",
        )
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost") or not parts.path.strip("/"):
            raise BadDepot(address, "expected file:///folder")
        return "file", url2pathname(parts.path).rstrip("/")
    if not parts.netloc:
        raise BadDepot(address, f"no {'bucket' if parts.scheme == 's3' else 'host'} is named; {expected}")
    path = parts.netloc + parts.path.rstrip("/")
    return parts.scheme, path if parts.scheme == "s3" else f"{parts.scheme}://{path}"


def _patience() -> Any:
    import aiohttp

    return aiohttp.ClientTimeout(None, connect=CONNECT_SECONDS, sock_read=STALL_SECONDS)


def _kind(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "no room left; make room, then run it again"
    if _status(error):
        return f"the server answers with status {_status(error)}"
    words = next((words for kind, words in KINDS.items() if isinstance(error, kind)), None)
    if words is None and any(part in type(error).__name__ for part in ("Connect", "Timeout", "Disconnect")):
        words = KINDS[ConnectionError]
    if words is None and "Credentials" in type(error).__name__:
        words = KINDS[PermissionError]
    return words or f"failed with {type(error).__name__}"


def _status(error: Exception) -> int | None:
    """Return the HTTP status of an error of the web, None for any other."""
    return 404 if isinstance(error, FileNotFoundError) else getattr(error, "status", None)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")
