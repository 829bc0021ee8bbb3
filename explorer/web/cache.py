"""Answers kept for the next who asks the same, with what lets a browser, nginx or a CDN keep them too.

Whatever an address answers depends on the address and the build alone, so the version of the build
is the ETag; a new build empties the memory.
"""

import gzip
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.web.current import Current

CACHED = ("/api/", "/lite", "/feed.atom", "/badge/")
# A page is a minute old at most; while the server is busy or gone, an old one is better than none.
FRESH = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
GZIP_FROM = 600
LARGEST = 256 << 10


@dataclass(frozen=True)
class Kept:
    """An answer with its headers, plain and gzipped."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    packed: bytes

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed) + 512


class AnswerCache:
    """ASGI middleware: keeps good answers to GET, answers 304 and HEAD, packs with gzip."""

    def __init__(self, app: ASGIApp, current: Current, most_bytes: int) -> None:
        self.app = app
        self.current = current
        self.most_bytes = most_bytes
        self.version = ""
        self.bytes = 0
        self.kept: OrderedDict[bytes, Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not _is_ours(scope["path"]):
            await self.app(scope, receive, send)
            return
        version = self.current.version
        if version != self.version:
            self.version, self.bytes = version, 0
            self.kept.clear()
        key = scope["raw_path"] + b"?" + scope["query_string"]
        kept = self.kept.get(key)
        if kept is not None:
            self.kept.move_to_end(key)
            await _answer(kept, version, scope, send)
            return
        fetched = _Capture()
        # The rest of the server need not know of HEAD: the body is left out here.
        await self.app({**scope, "method": "GET"}, receive, fetched)
        if fetched.status != 200 or len(fetched.body) > LARGEST:
            await fetched.replay(send, is_head=scope["method"] == "HEAD")
            return
        kept = Kept(fetched.headers, fetched.body, _packed(fetched))
        # A build that came in the meantime has its own version: what was asked of the old one is not kept.
        if version == self.current.version:
            self._keep(key, kept)
        await _answer(kept, version, scope, send)

    def _keep(self, key: bytes, kept: Kept) -> None:
        self.kept[key] = kept
        self.bytes += kept.size
        while self.bytes > self.most_bytes:
            _, oldest = self.kept.popitem(last=False)
            self.bytes -= oldest.size


class _Capture:
    """Takes an answer instead of the client."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    async def replay(self, send: Send, is_head: bool) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"" if is_head else self.body})


def _is_ours(path: str) -> bool:
    return path.startswith(CACHED)


def _packed(fetched: _Capture) -> bytes:
    is_worth_it = len(fetched.body) >= GZIP_FROM
    return gzip.compress(fetched.body, 6, mtime=0) if is_worth_it else b""


async def _answer(kept: Kept, version: str, scope: Scope, send: Send) -> None:
    asked = Headers(scope=scope)
    is_packed = bool(kept.packed) and "gzip" in asked.get("accept-encoding", "")
    body = kept.packed if is_packed else kept.body
    etag = f'W/"{version}"'
    headers = [one for one in kept.headers if one[0] != b"content-length"]
    message: Message = {"type": "http.response.start", "status": 200, "headers": headers}
    out = MutableHeaders(scope=message)
    out["etag"], out["cache-control"] = etag, FRESH
    if kept.packed:
        out.add_vary_header("Accept-Encoding")
    if _is_known(asked.get("if-none-match", ""), etag):
        message["status"] = 304
        del out["content-type"]
        body = b""
    else:
        if is_packed:
            out["content-encoding"] = "gzip"
        out["content-length"] = str(len(body))
    await send(message)
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_known(marks: str, etag: str) -> bool:
    """Tell whether If-None-Match names the version; weak and strong compare alike for GET (RFC 9110)."""
    bare = etag.removeprefix("W/")
    return any(mark.strip().removeprefix("W/") in (bare, "*") for mark in marks.split(","))
