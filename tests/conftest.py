"""Fixtures: a built database, a scratch state folder, a local server that plays the official sites."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.refresh import build
from crawler.sources import DATA, Folders, load_sources
from explorer.queries import Dataset, load_dataset
from tests.browser import CHROMIUM, PHONE, chromium, explorer, need_for_pages, settled

pytest.register_assert_rewrite("tests.fault_night")
from tests.fault_night import Good, Night, make_good  # noqa: E402

# Fast where a person would not be: the tests ask a server of their own.
FAST = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_BACKOFF_SECONDS": 0.01, "RETRY_TIMES": 1}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A database built from the bundled pages alone; treat it as read-only."""
    folders = Folders(state=tmp_path_factory.mktemp("state"))
    build(folders)
    return folders


@pytest.fixture(scope="session")
def data(built: Folders) -> Dataset:
    return load_dataset(built.database)


@pytest.fixture
def open_page(built: Folders, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run a page of the explorer: `open_page("browse_list", other_database, find="AQUOS")`."""
    from tests.app import open_app  # Streamlit takes its time: the tests of the crawler do without

    def open_page(view: str = "", path: Path = built.database, **query: str | list[str]) -> Any:
        monkeypatch.setenv("MYNA_DATABASE", str(path))
        return open_app(view, query)

    return open_page


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """An empty state folder of this test's own."""
    return Folders(state=tmp_path / "state")


@dataclass
class Reply:
    """What the local server answers for a path."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A local server that plays all official hosts; `replies` maps a URL path to its answer."""

    url: str
    replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)

    @property
    def base_urls(self) -> dict[str, str]:
        hosts = {urlsplit(source.url).netloc for source in load_sources().values()}
        return dict.fromkeys(hosts, self.url)

    def page(self, source_id: str, body: bytes | str, **reply: object) -> None:
        """Answer the path of a source with this body."""
        self.page_at(urlsplit(load_sources()[source_id].url).path, body, **reply)

    def page_at(self, path: str, body: bytes | str, **reply: object) -> None:
        raw = body.encode() if isinstance(body, str) else body
        self.replies[path] = Reply(raw, **reply)  # type: ignore[arg-type]

    def bundled(self) -> None:
        """Answer every crawled HTML source with its bundled page."""
        for source in load_sources().values():
            if source.bundled and source.is_crawled:
                self.page(source.source_id, (DATA / "bundled" / source.bundled).read_bytes())


@contextmanager
def serving() -> Iterator[Site]:
    """Run a local server in a thread for as long as this is open."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            site.requests.append((path, self.headers.get("User-Agent", "")))
            reply = site.replies.get(path, Reply(b"not here", status=404))
            if not isinstance(reply, Reply):
                reply(self)
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    """The state after one good night, and what a second good night would publish; read-only."""
    with serving() as site:
        return make_good(site, tmp_path_factory.mktemp("good"))


@pytest.fixture
def night(good: Good, site: Site, tmp_path: Path) -> Night:
    """A copy of the good state, with a site that answers well until a test spoils it."""
    return Night(good, site, tmp_path / "state")


@pytest.fixture(scope="module")
def browser(built: Folders) -> Iterator[Any]:
    """Debian's Chromium, one for the tests of a module; skips where there is none.

    Playwright keeps an event loop in this thread: what crawls in process comes before or after it.
    """
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def explorer_url(built: Folders) -> Iterator[str]:
    """The explorer as a process, on the database of the bundled pages."""
    need_for_pages(CHROMIUM, "Chromium")
    with explorer(built.database) as url:
        yield url


@pytest.fixture(scope="module")
def windows(browser: Any) -> Iterator[Callable[..., Any]]:
    """Give a window of a size; tabs of one window share what they loaded, and cookies."""
    known: dict[str, Any] = {}

    def window(size: dict[str, int], **options: Any) -> Any:
        name = repr((size, sorted(options.items())))
        if name not in known:
            known[name] = browser.new_context(viewport=size, locale="ja-JP", **options)
        known[name].clear_cookies()
        return known[name]

    yield window
    for one in known.values():
        one.close()


@pytest.fixture
def open_url(windows: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Open a full address in a tab of its own."""
    pages = []

    def open_url(url: str, size: dict[str, int] = PHONE, **options: Any) -> Any:
        page = windows(size, **options).new_page()
        pages.append(page)
        page.goto(url)
        return settled(page)

    yield open_url
    for page in pages:
        page.close()


@pytest.fixture
def open_tab(open_url: Callable[..., Any], explorer_url: str) -> Callable[..., Any]:
    """Open a page of the explorer in a tab of its own: `open_tab("/?q=SH-41A", size=PHONE)`."""
    return lambda path="/", *size, **options: open_url(explorer_url + path, *size, **options)
