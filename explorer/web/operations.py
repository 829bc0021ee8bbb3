"""What a machine asks a server: is it there, can it answer, how is it doing."""

import time
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.web.current import Current
from explorer.web.follow import Follower

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
# Only these are named: who asks for a million addresses must not make a million counters.
NAMED = (
    "/api/v1/check",
    "/api/v1/devices",
    "/api/v1/changes",
    "/api/v1/sources",
    "/lite",
    "/feed.atom",
    "/healthz",
    "/readyz",
)
FOLDERS = ("/api/v1/devices/", "/badge/")


class Metrics:
    """The counters of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests", "Requests answered", ["path", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "http_request_seconds", "Time to the answer", ["path"], buckets=FAST, registry=self.registry
        )
        self.sessions = Gauge("live_sessions", "People in the live explorer", registry=self.registry)
        self.age = Gauge("data_age_seconds", "Time since the newest page was seen", registry=self.registry)
        # Looking a counter up by its labels takes longer than to count.
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def count(self, path: str, status: int, seconds: float) -> None:
        known = self._known.get((path, status))
        if known is None:
            pair = self.requests.labels(path, str(status)), self.seconds.labels(path)
            known = self._known[path, status] = pair
        known[0].inc()
        known[1].observe(seconds)


class Measured:
    """ASGI middleware that counts requests and times them."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        path = _named(scope["path"])
        try:
            await self.app(scope, receive, sending)
        finally:
            self.metrics.count(path, status, time.perf_counter() - started)


def _named(path: str) -> str:
    if path in NAMED:
        return path
    return next((f"{folder}{{id}}" for folder in FOLDERS if path.startswith(folder)), "explorer")


def routes(
    current: Current, metrics: Metrics, count_sessions: Any, follower: Follower | None = None
) -> list[Route]:
    """Return the routes; `/readyz` answers 200 while there is anything to answer from, however old."""

    async def healthz(_: Request) -> Response:
        return _unkept(JSONResponse({"status": "ok"}))

    async def readyz(_: Request) -> Response:
        data = current.data
        meta = data.meta
        depot = follower.status() if follower else None
        is_stale = current.is_lost or bool(depot and depot["error"])
        ready = {
            "status": "stale" if is_stale else "ready",
            "schema_version": meta["schema_version"],
            "built_at": meta["built_at"],
            "data_at": data.data_at,
            "age_seconds": round(age_of(data.data_at)),
            "origin": meta["origin"],
            "version": current.version,
            "sessions": count_sessions(),
        } | ({"depot": depot} if depot else {})
        return _unkept(JSONResponse(ready))

    async def measured(_: Request) -> Response:
        metrics.sessions.set(count_sessions())
        metrics.age.set(age_of(current.data.data_at))
        return _unkept(Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST))

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", measured)]


def age_of(moment: str) -> float:
    """Return the seconds since a time in ISO 8601."""
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()


def _unkept(answer: Response) -> Response:
    answer.headers["cache-control"] = "no-store"
    return answer
