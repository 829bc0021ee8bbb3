"""A limit on live sessions: who comes when all are taken gets the light page, at once."""

import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = "/_stcore/stream"
# From the page to its connection it takes this long at most; until then its place is held.
ARRIVAL_SECONDS = 10.0
# 1013 of the WebSocket registry: try again later.
TRY_AGAIN = 1013
RETRY_SECONDS = 60
LOCAL = ("localhost", "127.0.0.1", "0.0.0.0")

LightPage = Callable[[dict[str, str]], bytes]


class SessionLimit:
    """ASGI middleware that counts the connections of live sessions.

    `pages` are the addresses of the explorer; past the limit a page is answered with 503 and the
    light page (`light_page(query)`), so a browser shows something that works.
    """

    def __init__(self, app: ASGIApp, most: int, pages: frozenset[str], light_page: LightPage) -> None:
        self.app = app
        self.most = most
        self.pages = pages
        self.light_page = light_page
        self.live = 0
        self.arriving: deque[float] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == STREAM:
            await self._connect(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] in self.pages and scope["method"] in ("GET", "HEAD"):
            await self._open(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        if is_foreign(Headers(scope=scope)):
            await receive()
            await send({"type": "websocket.close"})
            return
        if self.arriving:
            self.arriving.popleft()
        if self.live >= self.most:
            # Accepted first: a refused handshake could not say why.
            await receive()
            await send({"type": "websocket.accept", "subprotocol": _first_protocol(scope)})
            await send({"type": "websocket.close", "code": TRY_AGAIN, "reason": "all places are taken"})
            return
        self.live += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.live -= 1

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        now = time.monotonic()
        while self.arriving and self.arriving[0] < now - ARRIVAL_SECONDS:
            self.arriving.popleft()
        if self.live + len(self.arriving) < self.most:
            if scope["method"] == "GET":
                self.arriving.append(now)
            await self.app(scope, receive, send)
            return
        body = self.light_page(dict(parse_qsl(scope["query_string"].decode("latin-1"))))
        await send(_start(len(body)))
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def is_foreign(headers: Headers) -> bool:
    """Tell whether a page of another site asks for a session.

    Streamlit refuses it too, but first asks the internet for its own address, and holds up everybody
    until there is an answer.
    """
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        asked_by = urlsplit(origin)
    except ValueError:
        return True
    return asked_by.netloc != headers.get("host") and asked_by.hostname not in LOCAL


def _first_protocol(scope: Scope) -> str | None:
    protocols = scope.get("subprotocols") or [None]
    return protocols[0]


def _start(length: int) -> Message:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(length).encode()),
        (b"retry-after", str(RETRY_SECONDS).encode()),
        (b"cache-control", b"no-store"),
    ]
    return {"type": "http.response.start", "status": 503, "headers": headers}
