"""Answers kept for the next who asks the same, with what lets a browser, nginx or a CDN keep them too.

Whatever an address answers depends on the address and the build alone, so the version of the build
is the ETag; a new build empties the memory.
"""

import gzip
from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.web.current import Current

CACHED = ("/api/", "/lite", "/feed.atom", "/badge/")
# A page is a minute old at most; while the server is busy or gone, an old one is better than none.
FRESH = b"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
# Said to all, not only to who names an origin: the answer is kept for the next, who may be a page elsewhere.
ANYONE = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"etag")]
GZIP_FROM = 600
LARGEST = 256 << 10


class Kept:
    """An answer as it goes out: the plain one, that nothing has changed, and on demand the gzipped one."""

    def __init__(self, headers: list[tuple[bytes, bytes]], body: bytes, version: str) -> None:
        self.etag = f'W/"{version}"'.encode()
        kept = [one for one in headers if one[0] not in (b"content-length", b"vary", *dict(ANYONE))]
        kept += [(b"etag", self.etag), (b"cache-control", FRESH), (b"vary", b"accept-encoding"), *ANYONE]
        self.known = _start(304, [one for one in kept if one[0] != b"content-type"])
        self.plain = _start(200, [*kept, _length(body)]), body
        self._packed: tuple[Message, bytes] | None = None

    def packed(self) -> tuple[Message, bytes]:
        if self._packed is None:
            start, body = self.plain
            if len(body) < GZIP_FROM:
                return self.plain
            packed = gzip.compress(body, 6, mtime=0)
            kept = [one for one in start["headers"] if one[0] != b"content-length"]
            headers = [*kept, (b"content-encoding", b"gzip"), _length(packed)]
            self._packed = _start(200, headers), packed
        return self._packed

    @property
    def size(self) -> int:
        # Packed it is smaller, but stays beside the plain one.
        return len(self.plain[1]) * 2 + 2048


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
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not is_ours(scope["path"]):
            await self.app(scope, receive, send)
            return
        version = self.current.version
        if version != self.version:
            self.version, self.bytes = version, 0
            self.kept.clear()
        key = scope["raw_path"] + b"?" + scope["query_string"]
        kept = self.kept.get(key)
        if kept is None:
            fetched = _Capture()
            # The rest of the server need not know of HEAD: the body is left out here.
            await self.app({**scope, "method": "GET"}, receive, fetched)
            if fetched.status != 200 or len(fetched.body) > LARGEST:
                await fetched.replay(send, is_head=scope["method"] == "HEAD")
                return
            kept = Kept(fetched.headers, fetched.body, version)
            # What was asked of a build that has gone meanwhile is not kept.
            if version == self.current.version == self.version:
                self._keep(key, kept)
        else:
            self.kept.move_to_end(key)
        await _answer(kept, scope, send)

    def _keep(self, key: bytes, kept: Kept) -> None:
        before = self.kept.pop(key, None)
        self.bytes += kept.size - (before.size if before else 0)
        self.kept[key] = kept
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
        await send(_start(self.status, self.headers))
        await send({"type": "http.response.body", "body": b"" if is_head else self.body})


def is_ours(path: str) -> bool:
    return path.startswith(CACHED)


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


async def _answer(kept: Kept, scope: Scope, send: Send) -> None:
    marks = encodings = b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            encodings = value
        elif name == b"if-none-match":
            marks = value
    if marks and _is_known(marks, kept.etag):
        start, body = kept.known, b""
    else:
        start, body = kept.packed() if b"gzip" in encodings else kept.plain
    # A copy: the server adds its own headers to the list it is given.
    await send({**start, "headers": list(start["headers"])})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_known(marks: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names the version; weak and strong compare alike for GET (RFC 9110)."""
    bare = etag.removeprefix(b"W/")
    return any(mark.strip().removeprefix(b"W/") in (bare, b"*") for mark in marks.split(b","))
