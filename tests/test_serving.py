"""The server as a process: live sessions and their limit, data swaps under load, slow and many clients."""

import asyncio
import contextlib
import gzip
import http.client
import itertools
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn
import websockets

from crawler.refresh import build
from crawler.sources import Folders
from explorer.__main__ import main
from explorer.web import patience, workers
from explorer.web.sessions import STREAM, SessionLimit
from explorer.web.uploads import UPLOADS, UploadLimit
from tests.browser import explorer, wait_for
from tests.live_session import LiveSession
from tests.ports import free_port

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def running(built: Folders) -> Iterator[str]:
    with explorer(built.database) as url:
        yield url


def get(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def test_who_comes_when_all_places_are_taken_gets_the_light_page(built: Folders):
    async def visit(url: str) -> None:
        async with LiveSession(url) as one, LiveSession(url) as two:
            for session in (one, two):
                assert "verdict" in await session.run("q=SH-41A")
            status, body, headers = await asyncio.to_thread(get, f"{url}/?q=SH-41A&lang=en")
            assert (status, headers["retry-after"], headers["cache-control"]) == (503, "60", "no-store")
            page = body.decode()
            assert "Many people are here right now" in page
            assert 'class="card conditional"' in page
            with pytest.raises(websockets.ConnectionClosed) as refused:
                async with LiveSession(url) as three:
                    await three.run("q=SH-41A")
            assert refused.value.rcvd.code == 1013
            assert (await asyncio.to_thread(get, f"{url}/lite?q=SH-41A"))[0] == 200
            assert json.loads((await asyncio.to_thread(get, f"{url}/readyz"))[1])["sessions"] == 2
        for _ in range(100):
            if json.loads((await asyncio.to_thread(get, f"{url}/readyz"))[1])["sessions"] == 0:
                break
            await asyncio.sleep(0.1)
        assert (await asyncio.to_thread(get, f"{url}/"))[0] == 200

    with explorer(built.database, "--sessions", "2") as url:
        asyncio.run(visit(url))


def test_a_new_build_under_load_fails_no_request_and_mixes_no_answer(built: Folders, tmp_path: Path):
    database = tmp_path / "devices.duckdb"
    shutil.copy(built.database, database)
    newer = newer_build(tmp_path / "newer")
    seen: list[tuple[int, str, str]] = []
    problems: list[str] = []
    is_over = threading.Event()

    def hammer(url: str, path: str) -> None:
        for number in itertools.count():
            if is_over.is_set():
                return
            # Asked anew, and kept: each address three times.
            status, body, headers = get(f"{url}{path}&n={number // 3}")
            if status != 200:
                problems.append(f"{path}: {status} {body[:200]!r}")
                return
            data = json.loads(body)["data"]
            seen.append((status, data["built_at"], headers["etag"]))

    with explorer(database, "--rate", "1000000/second") as url:
        paths = [
            "/api/v1/check?q=SH-41A",
            "/api/v1/devices?maker=sharp",
            "/api/v1/sources?",
            "/api/v1/check?q=iPhone",
        ]
        threads = [threading.Thread(target=hammer, args=(url, path)) for path in paths]
        for thread in threads:
            thread.start()
        time.sleep(1)
        before = seen[-1][1]
        newer.replace(database)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and before in {built_at for _, built_at, _ in seen[-20:]}:
            time.sleep(0.2)
        is_over.set()
        for thread in threads:
            thread.join()
    assert not problems
    builds = {built_at for _, built_at, _ in seen}
    assert len(builds) == 2
    assert seen[-1][1] == max(builds)
    # What a cache is told belongs to one build: no mark stands for both.
    by_mark: dict[str, set[str]] = {}
    for _, built_at, etag in seen:
        by_mark.setdefault(etag, set()).add(built_at)
    assert [sorted(of_mark) for of_mark in by_mark.values() if len(of_mark) > 1] == []


def newer_build(state: Path) -> Path:
    """Return a database built later: a run is recorded in its archive."""
    from datetime import UTC, datetime

    from crawler.archive import Archive

    folders = Folders(state=state)
    now = datetime.now(UTC).isoformat()
    Archive(folders.archive).record({"run_id": "1", "started_at": now, "finished_at": now, "sources": {}})
    build(folders)
    return folders.database


def test_who_asks_first_does_not_choose_how_the_next_is_answered(running: str):
    """Streamlit packs by itself what a client takes packed: that must not be what is kept."""
    for path in ("/api/v1/check?q=SH-53A", "/lite?q=SH-53A", "/api/v1/openapi.json"):
        status, packed, headers = get(running + path, **{"Accept-Encoding": "gzip"})
        assert (status, headers["content-encoding"]) == (200, "gzip")
        _, plain, headers = get(running + path, **{"Accept-Encoding": "identity"})
        assert "content-encoding" not in headers
        assert gzip.decompress(packed) == plain


@pytest.mark.parametrize(
    ("origin", "is_refused"),
    [
        (None, False),
        ("http://myna.example", False),
        ("http://localhost:3000", False),
        ("https://evil.example", True),
        ("https://myna.example.evil.example", True),
        ("http://[", True),
        ("null", True),
    ],
)
def test_a_session_is_for_our_own_pages(origin: str | None, is_refused: bool):
    """Streamlit, asked by another site, would look up its own address on the internet and wait for it."""
    reached: list[str] = []
    sent: list[str] = []

    async def explorer(scope, receive, send) -> None:
        reached.append(scope["path"])

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message) -> None:
        sent.append(message["type"])

    headers = [(b"host", b"myna.example")] + ([(b"origin", origin.encode())] if origin else [])
    limit = SessionLimit(explorer, 1, frozenset(), lambda query: b"")
    asyncio.run(limit({"type": "websocket", "path": STREAM, "headers": headers}, receive, send))
    assert (sent, reached) == ((["websocket.close"], []) if is_refused else ([], [STREAM]))


def test_one_network_leaves_places_to_the_others():
    opened: list[str] = []

    async def explorer(scope, receive, send) -> None:
        opened.append(scope["client"][0])

    async def send(message) -> None:
        pass

    limit = SessionLimit(explorer, 100, frozenset({"/"}), lambda query: b"")
    page = {"type": "http", "method": "GET", "path": "/", "query_string": b""}

    async def open_page(address: str) -> None:
        await limit({**page, "client": (address, 1)}, None, send)

    for _ in range(200):
        asyncio.run(open_page("192.0.2.1"))
        asyncio.run(open_page("2001:db8::7"))
        asyncio.run(open_page("2001:db8::8"))
    asyncio.run(open_page("192.0.2.2"))
    assert Counter(opened) == {"192.0.2.1": 25, "2001:db8::7": 13, "2001:db8::8": 12, "192.0.2.2": 1}


@pytest.mark.parametrize("path", ["/api/v1", "/api/v2/check", "/api/v1/x"])
def test_the_explorer_does_not_answer_for_the_api(running: str, path: str):
    status, _, headers = get(running + path)
    assert (status, headers["content-type"]) == (404, "application/problem+json")


def test_a_page_of_the_explorer_is_not_kept_as_an_answer(running: str):
    """What is no address of ours is the explorer's to answer, whatever it begins with."""
    for path in ("/litera", "/feed.atoms"):
        _, body, headers = get(running + path)
        assert b"<script" in body
        assert "max-age=60" not in headers.get("cache-control", "")
        assert "'unsafe-inline'" in headers["content-security-policy"]


def test_files_of_a_session_end_at_a_limit(running: str):
    """Streamlit itself limits each file, not how many a session keeps."""
    token = get(f"{running}/_stcore/health")[2]["set-cookie"].split(";")[0]
    name, _, value = token.partition("=")
    headers = {
        "Cookie": f"{name}={value}",
        "X-Xsrftoken": value,
        "Content-Type": "multipart/form-data; boundary=b",
    }
    file = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n%s\r\n--b--\r\n'

    def give(session_id: str, name: str) -> int:
        body = file % (b"x" * (18 << 20))
        with contextlib.closing(http.client.HTTPConnection(running.removeprefix("http://"))) as one:
            one.putrequest("PUT", f"/_stcore/upload_file/{session_id}/{name}")
            for field, text in (headers | {"Content-Length": str(len(body))}).items():
                one.putheader(field, text)
            one.endheaders()
            # What is refused is so by its head.
            if name != "last":
                one.send(body)
            return one.getresponse().status

    files = ("1", "2", "3", "last")

    async def visit() -> list[int]:
        async with LiveSession(running) as session:
            await session.run("", "bulk")
            return [await asyncio.to_thread(give, session.session_id, name) for name in files]

    assert asyncio.run(visit()) == [204, 204, 204, 503]


def test_an_upload_says_how_long_it_is():
    answers: list[int] = []

    async def send(message) -> None:
        answers.append(message.get("status", 0))

    scope = {"type": "http", "method": "PUT", "path": f"{UPLOADS}a/b", "headers": []}
    asyncio.run(UploadLimit(None, 1)(scope, None, send))
    assert answers[0] == 411


def test_the_server_writes_no_file(built: Folders):
    """With a limit of 0 bytes on any file it writes, pages, answers and downloads are as ever."""

    def no_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    async def visit(url: str) -> None:
        async with LiveSession(url) as session:
            assert "verdict" in await session.run("q=SH-41A")
            assert await session.run("", "browse")
            assert not session.errors

    with explorer(built.database, preexec_fn=no_files, env=os.environ | {"TMPDIR": "/nonexistent"}) as url:
        for path in ("/api/v1/check?q=SH-41A", "/lite?q=SH-41A", "/feed.atom", "/api/v1/devices"):
            assert get(url + path)[0] == 200
        asyncio.run(visit(url))


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/media/../../../etc/passwd",
        "//etc/passwd",
        "/lite/../../etc/passwd",
        "/api/v1/devices/..%2f..%2fetc%2fpasswd",
        "/component/x/../../../etc/passwd",
    ],
)
def test_no_address_leads_to_a_file(running: str, path: str):
    host, port = running.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"root:" not in answer


@pytest.mark.parametrize(
    ("trusted", "codes"), [("127.0.0.1", [200, 200, 429, 200]), ("192.0.2.1", [200, 200, 429, 429])]
)
def test_behind_a_trusted_proxy_the_person_counts(built: Folders, trusted: str, codes: list[int]):
    with explorer(built.database, "--rate", "2/minute", "--trusted-proxy", trusted) as url:
        people = ["198.51.100.1"] * 3 + ["198.51.100.2"]
        found = [get(f"{url}/lite", **{"X-Forwarded-For": person})[0] for person in people]
    assert found == codes


def test_workers_are_whole_servers_on_neighbouring_ports(built: Folders):
    port = free_port(2)
    command = [sys.executable, "-m", "explorer", "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--database", str(built.database)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        for number in range(2):
            wait_for(f"http://127.0.0.1:{port + number}/readyz", process)
            assert get(f"http://127.0.0.1:{port + number}/lite?q={quote('アクオス')}")[0] == 200
    finally:
        process.terminate()
        assert process.wait(60) == 0


def test_a_worker_that_does_not_stop_keeps_nobody(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "STOP_SECONDS", 0.5)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('.', flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with contextlib.ExitStack() as opened:
        command = [sys.executable, "-c", deaf]
        processes = [opened.enter_context(subprocess.Popen(command, **pipes)) for _ in range(2)]
        for process in processes:
            assert process.stdout.readline() == b".\n"
        workers._stop(processes)
    assert [process.returncode for process in processes] == [-signal.SIGKILL, -signal.SIGKILL]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--port", "65535", "--workers", "2"], 2, "would end at 65536, above 65535"),
        (["--port", "65530", "--workers", "2", "--database", "/nonexistent/x.duckdb"], 3, "no database"),
        (["--rate", "0/minute"], 2, "expected a rate such as 1200/minute"),
        (["--trusted-proxy", "127.0.0.1,nginx"], 2, "such as 127.0.0.1,10.0.0.0/8, found 'nginx'"),
        (["--trusted-proxy", "10.0.0.0/99"], 2, "found '10.0.0.0/99'"),
    ],
)
def test_what_cannot_be_served_is_said_in_words(
    built: Folders, capsys: pytest.CaptureFixture[str], options: list[str], code: int, words: str
):
    try:
        found = main(["serve", "--database", str(built.database), *options])
    except SystemExit as error:
        found = error.code
    assert (found, words in capsys.readouterr().err) == (code, True)


@contextmanager
def patient_server(monkeypatch: pytest.MonkeyPatch, body: bytes = b"ok") -> Iterator[int]:
    """Run the protocol alone, with little patience."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)

    async def app(scope, receive, send) -> None:
        length = str(len(body)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": body})

    port = free_port()
    config = uvicorn.Config(app, port=port, http=patience.PatientProtocol, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)


REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_client_that_sends_nothing_or_little_is_sent_away(monkeypatch: pytest.MonkeyPatch):
    with patient_server(monkeypatch) as port:
        for start in (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "):
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                client.sendall(start)
                began = time.monotonic()
                assert client.recv(100) == b""
                assert 0.3 < time.monotonic() - began < 4


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux ends such connections")
@pytest.mark.parametrize("is_reading", [False, True])
def test_who_takes_no_answer_is_sent_away_and_who_reads_slowly_is_not(
    monkeypatch: pytest.MonkeyPatch, is_reading: bool
):
    monkeypatch.setattr(patience, "TAKING_SECONDS", 0.5)
    size = 16 << 20
    with patient_server(monkeypatch, b"x" * size) as port, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)
        client.settimeout(10)
        client.connect(("127.0.0.1", port))
        client.sendall(REQUEST)
        taken, began = 0, time.monotonic()
        while is_reading and time.monotonic() - began < 2:
            taken += len(client.recv(64 << 10))
            time.sleep(0.02)
        if not is_reading:
            time.sleep(2)
        with contextlib.suppress(ConnectionError):
            while taken < size and (data := client.recv(1 << 20)):
                taken += len(data)
    assert (taken >= size) == is_reading


def test_a_client_that_asks_again_has_time_again(monkeypatch: pytest.MonkeyPatch):
    with patient_server(monkeypatch) as port, socket.create_connection(("127.0.0.1", port), 5) as client:
        for _ in range(3):
            client.sendall(REQUEST)
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
            time.sleep(0.3)


def test_endless_headers_end_the_connection(monkeypatch: pytest.MonkeyPatch):
    with patient_server(monkeypatch) as port, socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with contextlib.suppress(ConnectionError):
            for number in range(200):
                client.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))
                time.sleep(0.001)
            client.sendall(b"\r\n")
            assert b"200" not in client.recv(1000)


def test_many_idle_connections_starve_nobody(built: Folders):
    with explorer(built.database) as url:
        host, port = url.removeprefix("http://").split(":")
        idle = [socket.create_connection((host, int(port)), 10) for _ in range(500)]
        try:
            assert get(f"{url}/lite?q=SH-41A")[0] == 200
        finally:
            for one in idle:
                one.close()
