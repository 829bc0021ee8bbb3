"""What holds for every request: lengths, how often, and what a browser is told to be careful of."""

import math
import time
from ipaddress import IPv6Address, IPv6Network

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.web.cache import is_ours
from explorer.web.problems import problem

PLAIN = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# Streamlit's page builds its widgets by inline scripts and styles, and compiles some at run time.
EXPLORER_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss: data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
# The light page has no script, and may stand inside another site.
LIGHT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'"
)
DATA_BELOW = ("/api/", "/badge/")
DATA_PAGES = ("/feed.atom", "/healthz", "/readyz", "/metrics")
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
METHODS = "GET, HEAD, OPTIONS"
ALLOWED = {
    "allow": METHODS,
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": "if-none-match",
    "access-control-max-age": "86400",
}


class SecurityHeaders:
    """ASGI middleware: the same headers on every answer, also on errors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = _headers_of(scope["path"])

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, sending)


class Options:
    """ASGI middleware: says what may be done: to OPTIONS, the preflight of a browser and other methods."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_ours(scope["path"]) or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=ALLOWED)(scope, receive, send)
        else:
            refusal = problem(405, f"this is only read; expected one of {METHODS}", {"allow": METHODS})
            await refusal(scope, receive, send)


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


EXPLORER = _encoded(PLAIN | {"content-security-policy": EXPLORER_POLICY})
LIGHT = _encoded(PLAIN | {"content-security-policy": LIGHT_POLICY})
# Open data: a page of any site may read them. The same on every answer, so a cache may keep it for all.
DATA = _encoded(
    {
        "x-content-type-options": "nosniff",
        "content-security-policy": DATA_POLICY,
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "etag, retry-after",
    }
)


def _headers_of(path: str) -> list[tuple[bytes, bytes]]:
    if path == "/lite":
        return LIGHT
    return DATA if path.startswith(DATA_BELOW) or path in DATA_PAGES else EXPLORER


class Limits:
    """ASGI middleware: refuses what is too long, and a client that asks too often.

    `rate` is counted by address, of IPv6 by network: who has one address there has all of them.
    Behind a proxy that is trusted, uvicorn has put the address of the person in place of the proxy's.
    """

    def __init__(self, app: ASGIApp, rate: str, max_target: int, max_body: int) -> None:
        self.app = app
        self.limit = parse(rate)
        self.max_target = max_target
        self.max_body = max_body
        self.counter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._refusal(scope) if scope["type"] == "http" else None
        if answer is None:
            await self.app(scope, receive, send)
            return
        answer.raw_headers.extend(_headers_of(scope["path"]))
        await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        length = len(scope["raw_path"]) + len(scope["query_string"])
        if length > self.max_target:
            return problem(414, f"the address has {length} bytes, at most {self.max_target} are read")
        if not is_ours(scope["path"]):
            return None
        if not scope["path"].isprintable():
            # No name of ours; the routes would not see the part behind a line break.
            return problem(404, "the address has characters that cannot be printed")
        size = Headers(scope=scope).get("content-length", "0")
        if not size.isdecimal() or int(size) > self.max_body:
            return problem(413, f"nothing is read from a request here, at most {self.max_body} bytes pass")
        client = network_of(scope)
        if self.counter.hit(self.limit, client):
            return None
        ends_at = self.counter.get_window_stats(self.limit, client).reset_time
        seconds = max(1, math.ceil(ends_at - time.time()))
        detail = f"more than {self.limit} from {client}; wait, or take the whole data: they are open"
        return problem(429, detail, {"retry-after": str(seconds)})


def network_of(scope: Scope) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 network of an IPv6 address."""
    address = str(scope["client"][0]) if scope.get("client") else ""
    if ":" not in address:
        return address
    try:
        one = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(one.ipv4_mapped or IPv6Network((one, 64), strict=False))
