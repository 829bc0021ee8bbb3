"""One server: the Streamlit explorer, the JSON API, the light page, badges, the feed, the health of it all.

`create_app` puts them together as one ASGI application; `serve` runs it with uvicorn.
"""

import asyncio
import resource
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp
from streamlit.web import bootstrap

from explorer.changes import ChangeFilters, read_changes
from explorer.web import operations
from explorer.web.api import create_api
from explorer.web.badge import badge_answer
from explorer.web.cache import AnswerCache
from explorer.web.current import Current
from explorer.web.feed import changes_feed
from explorer.web.follow import Follower
from explorer.web.guards import Limits, Options, SecurityHeaders
from explorer.web.lite import light_page
from explorer.web.patience import PatientProtocol
from explorer.web.problems import NOT_HERE, problem
from explorer.web.sessions import SessionLimit
from explorer.web.settings import Settings
from explorer.web.uploads import UploadLimit
from explorer.wording import LANGUAGES

SCRIPT = Path(__file__).parent / "app.py"
CONFIG = Path(__file__).parent.parent / ".streamlit" / "config.toml"
# The addresses of the pages in explorer/app.py; importing that would run the script.
PAGES = frozenset(f"/{name}" for name in ("", "help", "pc", "this", "browse", "bulk", "changes", "data"))
MOST_FILES = 65536
# Who has not taken an answer by then does not keep the server from stopping.
FAREWELL_SECONDS = 10


class Server:
    """The parts of one running server, for the application and for tests."""

    def __init__(self, settings: Settings, follower: Follower | None = None) -> None:
        self.settings, self.follower = settings, follower
        self.current = Current(settings.database)
        self.metrics = operations.Metrics()
        self.sessions: SessionLimit | None = None

    def count_sessions(self) -> int:
        return self.sessions.live if self.sessions else 0

    def limit_sessions(self, app: Any) -> SessionLimit:
        """Put the limit around the explorer; there is one for the whole server."""

        def shown(query: dict[str, str]) -> bytes:
            return light_page(self.current.data, query, is_full=True)

        self.sessions = SessionLimit(app, self.settings.max_sessions, PAGES, shown)
        return self.sessions

    @asynccontextmanager
    async def lifespan(self, _: Any) -> AsyncIterator[None]:
        if self.follower:
            self.follower.start()
        following = asyncio.create_task(self.current.follow(self.settings.check_seconds))
        try:
            yield
        finally:
            following.cancel()

    async def lite(self, request: Request) -> Response:
        body = light_page(self.current.data, request.query_params)
        return Response(body, media_type="text/html; charset=utf-8")

    async def badge(self, request: Request) -> Response:
        return badge_answer(self.current.data, request.path_params["name"], request.query_params)

    def feed(self, request: Request) -> Response:
        asked = request.query_params.get("lang", LANGUAGES[0])
        language = asked if asked in LANGUAGES else LANGUAGES[0]
        build = self.current.build
        changes = read_changes(build.store, ChangeFilters(), 1)
        address = "/feed.atom" + ("" if language == LANGUAGES[0] else f"?lang={language}")
        body = changes_feed(changes, build.data.meta["built_at"], language, address)
        return Response(body, media_type="application/atom+xml")


def create_app(server: Server) -> ASGIApp:
    """Return the explorer with all that stands beside it as one ASGI application."""
    uploads = Middleware(UploadLimit, most=server.settings.max_uploads)
    middleware = [*_middleware(), Middleware(server.limit_sessions), uploads]
    explorer = st.App(SCRIPT, routes=_routes(server), middleware=middleware, lifespan=server.lifespan)
    return _guarded(server, explorer)


def application(server: Server) -> ASGIApp:
    """Return all but the explorer: what stands beside it, alone."""
    return _guarded(
        server, Starlette(routes=_routes(server), middleware=_middleware(), lifespan=server.lifespan)
    )


def _guarded(server: Server, app: ASGIApp) -> ASGIApp:
    """Put before the application what most requests need no more than: the answer is at hand."""
    settings = server.settings
    cached = AnswerCache(app, server.current, settings.cache_bytes)
    limited = Limits(cached, settings.rate, settings.max_target, settings.max_body)
    return operations.Measured(limited, server.metrics)


def _routes(server: Server) -> list[BaseRoute]:
    return [
        Mount("/api/v1", create_api(server.current)),
        # Else the explorer would answer with its page, as it does for all it does not know.
        Mount("/api", problem(404, NOT_HERE)),
        Route("/lite", server.lite),
        Route("/badge/{name:path}", server.badge),
        Route("/feed.atom", server.feed),
        *operations.routes(server.current, server.metrics, server.count_sessions, server.follower),
    ]


def _middleware() -> list[Middleware]:
    """Return what every other request passes, the outermost first."""
    return [Middleware(SecurityHeaders), Middleware(Options)]


def configure(flags: dict[str, Any]) -> None:
    """Give Streamlit its look and settings: it reads them only from the folder it was started in."""
    # Uploads stay in memory, whatever their size: by itself this would write larger ones to a file.
    MultiPartParser.spool_max_size = 1 << 30
    tables = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    kept = {f"{table}_{key}": value for table, values in tables.items() for key, value in values.items()}
    bootstrap.load_config_options(kept | flags)


def serve(settings: Settings, host: str, port: int, trusted: str, follower: Follower | None = None) -> None:
    """Run the server until it is stopped. `trusted`: proxies whose word on who asks is taken."""
    _allow_many_files()
    flags = {"server_address": host, "server_port": port, "server_headless": True}
    configure(flags | {"logger_level": "warning"})
    uvicorn.run(
        create_app(Server(settings, follower)),
        host=host,
        port=port,
        http=PatientProtocol,
        loop="uvloop",
        ws="websockets-sansio",
        ws_max_size=32 << 20,
        proxy_headers=True,
        forwarded_allow_ips=trusted,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=20,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
    )


def _allow_many_files() -> None:
    """Let the process hold as many connections as the system lets it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MOST_FILES), hard))
