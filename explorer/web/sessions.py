"""A limit on live sessions: who comes when all are taken gets the light page, at once."""

import time
from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.web.guards import network_of

STREAM = "/_stcore/stream"
# From the page to its connection it takes this long at most; until then its place is held.
ARRIVAL_SECONDS = 10.0
# One network (a household, a town hall behind one address) leaves places to the others: it has at most
# half of them, and a quarter with people on their way, or this many where there are few.
LEAST_EACH = 10
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
        self.each, self.arriving_each = max(LEAST_EACH, most // 2), max(LEAST_EACH, most // 4)
        self.live = 0
        self.live_of: Counter[str] = Counter()
        self.arriving: deque[tuple[float, str]] = deque()

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
        network = network_of(scope)
        self._has_arrived(network)
        if self.live >= self.most or self.live_of[network] >= self.each:
            # Accepted first: a refused handshake could not say why.
            await receive()
            await send({"type": "websocket.accept", "subprotocol": _first_protocol(scope)})
            await send({"type": "websocket.close", "code": TRY_AGAIN, "reason": "all places are taken"})
            return
        self.live += 1
        self.live_of[network] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.live -= 1
            self.live_of[network] -= 1
            # Only who is here: the networks of the past would pile up.
            self.live_of += Counter()

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        now, network = time.monotonic(), network_of(scope)
        while self.arriving and self.arriving[0][0] < now - ARRIVAL_SECONDS:
            self.arriving.popleft()
        if self._has_place(network):
            if scope["method"] == "GET":
                self.arriving.append((now, network))
            await self.app(scope, receive, send)
            return
        body = self.light_page(dict(parse_qsl(scope["query_string"].decode("latin-1"))))
        await send(_start(len(body)))
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _has_place(self, network: str) -> bool:
        coming = sum(one == network for _, one in self.arriving)
        own = self.live_of[network] + coming
        is_free = self.live + len(self.arriving) < self.most
        return is_free and own < self.each and coming < self.arriving_each

    def _has_arrived(self, network: str) -> None:
        for one in self.arriving:
            if one[1] == network:
                self.arriving.remove(one)
                return


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
