"""Answers kept for the next who asks the same, with what lets a browser, nginx or a CDN keep them too.

Whatever an address answers depends on the address, the build and the day alone (the light page says how
old a list is), so build and day are the ETag; a new one empties the memory.
"""

import gzip
import re
from collections import OrderedDict
from datetime import date, datetime
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.days import JAPAN
from explorer.web.current import Current

OURS = ("/lite", "/feed.atom")
OURS_BELOW = ("/api/", "/badge/")
# A page is a minute old at most; while the server is busy or gone, an old one is better than none.
FRESH = b"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
GZIP_FROM = 600
LARGEST = 256 << 10


class Kept:
    """An answer as it goes out: the plain one, that nothing has changed, and on demand the gzipped one."""

    def __init__(self, headers: list[tuple[bytes, bytes]], body: bytes, version: str) -> None:
        self.etag = f'W/"{version}"'.encode()
        kept = [one for one in headers if one[0] not in (b"content-length", b"vary")]
        kept += [(b"etag", self.etag), (b"cache-control", FRESH), (b"vary", b"accept-encoding")]
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
        self._empty_for(self._version())
        key = scope["raw_path"] + b"?" + scope["query_string"]
        kept = self.kept.get(key)
        if kept is None:
            version, fetched = await self._fetch(scope, receive, send)
            if fetched.status != 200 or len(fetched.body) > LARGEST:
                await fetched.replay(send, is_head=scope["method"] == "HEAD")
                return
            kept = Kept(fetched.headers, fetched.body, version)
            if version == self.version:
                self._keep(key, kept)
        else:
            self.kept.move_to_end(key)
        await _answer(kept, scope, send)

    async def _fetch(self, scope: Scope, receive: Receive, send: Send) -> tuple[str, "_Capture"]:
        """Return the answer of the rest of the server, and of which version it is."""
        # Kept for whoever asks next, it must not depend on who asked first: no header goes on, and the
        # rest of the server, which would pack for that one client, knows of neither gzip nor HEAD.
        while True:
            version, fetched = self._version(), _Capture()
            try:
                # A copy for each try: the routes write into it.
                await self.app({**scope, "method": "GET", "headers": []}, receive, fetched)
            except Exception:
                # The routes answer a mistake of theirs, then let it go on to be logged.
                if fetched.is_begun:
                    await fetched.replay(send, is_head=scope["method"] == "HEAD")
                raise
            # Asked again where a new build came in between: nobody knows which of them answered.
            if version == self._version():
                return version, fetched

    def _version(self) -> str:
        return f"{self.current.version}-{today().toordinal()}"

    def _empty_for(self, version: str) -> None:
        if version != self.version:
            self.version, self.bytes = version, 0
            self.kept.clear()

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
        self.is_begun = False
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_begun = True
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    async def replay(self, send: Send, is_head: bool) -> None:
        await send(_start(self.status, self.headers))
        await send({"type": "http.response.body", "body": b"" if is_head else self.body})


def is_ours(path: str) -> bool:
    """Tell whether an address is one of those beside the explorer that the build alone answers."""
    return path in OURS or path.startswith(OURS_BELOW)


def today() -> date:
    return datetime.now(JAPAN).date()


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
        start, body = kept.packed() if takes_gzip(encodings) else kept.plain
    # A copy: the server adds its own headers to the list it is given.
    await send({**start, "headers": list(start["headers"])})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@lru_cache(maxsize=256)
def takes_gzip(encodings: bytes) -> bool:
    """Tell whether Accept-Encoding names gzip, and not to refuse it (`q=0`)."""
    for one in encodings.lower().split(b","):
        name, _, weight = one.partition(b";")
        if name.strip() == b"gzip":
            return re.fullmatch(rb"\s*q\s*=\s*0(\.0*)?\s*", weight) is None
    return False


def _is_known(marks: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names the version; weak and strong compare alike for GET (RFC 9110)."""
    bare = etag.removeprefix(b"W/")
    return any(mark.strip().removeprefix(b"W/") in (bare, b"*") for mark in marks.split(b","))
