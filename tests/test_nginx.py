"""What nginx does by docs/deploy/nginx.conf, before two small servers that tell what they were asked."""

import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.balancer import CONFIGURATION, balancer, need_nginx


class Teller(ThreadingHTTPServer):
    """Answers with its own name and the headers it got; `max_age` seconds may an answer be kept."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TellerHandler)
        self.asked: list[tuple[str, str | None]] = []
        self.max_age, self.status = 60, 200
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class TellerHandler(BaseHTTPRequestHandler):
    server: Teller
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        mark = self.headers.get("If-None-Match")
        self.server.asked.append((self.path, mark))
        status = 304 if mark and self.server.status == 200 else self.server.status
        body = b"" if status == 304 else json.dumps([self.server.server_port, dict(self.headers)]).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Length", str(len(body))),
            ("ETag", 'W/"one"'),
            ("Vary", "accept-encoding"),
            ("Cache-Control", f"public, max-age={self.server.max_age}, stale-if-error=600"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def tellers() -> Iterator[list[Teller]]:
    pair = [Teller(), Teller()]
    yield pair
    for one in pair:
        one.close()


@pytest.fixture
def url(tellers: list[Teller], tmp_path: Path) -> Iterator[str]:
    need_nginx()
    with balancer([one.server_port for one in tellers], tmp_path) as address:
        yield address


def ask(url: str, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """Return status, what the server told, and the headers of the answer by their small names."""
    request = urllib.request.Request(
        url, headers={name.replace("_", "-"): one for name, one in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, json.loads(answer.read() or b"null"), found
    except urllib.error.HTTPError as error:
        return error.code, None, {name.lower(): value for name, value in error.headers.items()}


def test_the_configuration_is_one(tmp_path: Path):
    command = [need_nginx(), "-t", "-p", f"{tmp_path}/", "-c", str(CONFIGURATION)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, "successful" in result.stderr) == (0, True), result.stderr


@pytest.mark.parametrize("path", ["/api/v1/check", "/browse"])
def test_who_asks_is_whom_nginx_saw_and_not_who_is_claimed(url: str, path: str):
    told = ask(
        url + path, X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9", Host="checker.example"
    )[1][1]
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["Host"] == "checker.example"


def test_counters_are_for_the_inside_alone(url: str, tellers: list[Teller]):
    assert ask(f"{url}/metrics")[0] == 404
    assert [one.asked for one in tellers] == [[], []]


def test_a_visitor_comes_back_to_the_same_explorer(url: str, tellers: list[Teller]):
    at = set()
    for _ in range(24):
        _, (port, _), headers = ask(f"{url}/")
        cookie = re.fullmatch(r"(place=[0-9a-f]{3}); Path=/; HttpOnly; SameSite=Lax", headers["set-cookie"])[
            1
        ]
        for path in ("/", "/bulk", "/_stcore/stream", "/media/x"):
            _, (again, _), headers = ask(url + path, Cookie=cookie)
            assert again == port
            assert "set-cookie" not in headers
        at.add(port)
    assert at == {one.server_port for one in tellers}


def test_a_cookie_that_is_none_of_ours_is_replaced(url: str):
    for cookie in ("place=", "place=zzz", "place=0123456789abcdef", "other=1"):
        assert ask(f"{url}/", Cookie=cookie)[2]["set-cookie"].startswith("place=")


def test_a_browser_without_cookies_stays_at_one_explorer(url: str):
    assert len({ask(f"{url}/_stcore/upload_file/x", User_Agent="one")[1][0] for _ in range(12)}) == 1


def test_a_cookie_leads_to_the_other_while_its_explorer_is_down(url: str, tellers: list[Teller]):
    cookies = [f"place={number:03x}" for number in range(0, 4096, 256)]
    before = [ask(f"{url}/", Cookie=one)[1][0] for one in cookies]
    tellers[0].close()
    after = [ask(f"{url}/", Cookie=one) for one in cookies]
    assert {status for status, _, _ in after} == {200}
    assert {told[0] for _, told, _ in after} == {tellers[1].server_port}
    assert tellers[0].server_port in before


def test_answers_are_kept_by_what_they_depend_on_and_nothing_else(url: str, tellers: list[Teller]):
    address = f"{url}/api/v1/check?q=SH-41A"
    first = ask(address, Accept_Encoding="gzip, br", Cookie="place=001", Origin="https://town.example")
    assert (first[0], first[2]["x-cache"]) == (200, "MISS")
    assert "Cookie" not in first[1][1]
    assert first[1][1]["Accept-Encoding"] == "gzip"
    again = ask(address, Accept_Encoding="br, gzip;q=0.5", Origin="https://other.example")
    assert (again[2]["x-cache"], again[1]) == ("HIT", first[1])
    assert ask(address, Accept_Encoding="identity")[2]["x-cache"] == "MISS"
    assert ask(address.replace("41A", "41B"))[2]["x-cache"] == "MISS"
    assert ask(address, Accept_Encoding="gzip", If_None_Match='W/"one"')[0] == 304
    assert sum(len(one.asked) for one in tellers) == 3
    assert "x-cache" not in ask(f"{url}/browse")[2]


def test_an_old_answer_is_asked_for_again_by_its_mark(url: str, tellers: list[Teller]):
    for one in tellers:
        one.max_age = 1
    address = f"{url}/lite?q=SH-41A"
    first = ask(address)
    marks = until(lambda: ask(address) and [mark for one in tellers for _, mark in one.asked if mark])
    assert set(marks) == {'W/"one"'}
    assert ask(address)[:2] == (200, first[1])


@pytest.mark.parametrize("is_there", [True, False], ids=["errors", "gone"])
def test_an_old_answer_is_better_than_none(url: str, tellers: list[Teller], is_there: bool):
    for one in tellers:
        one.max_age = 1
    address = f"{url}/api/v1/check?q=SH-41A"
    first = ask(address)
    for one in tellers:
        one.status = 503
        if not is_there:
            one.close()
    assert until(lambda: ask(address)[2].get("x-cache") == "STALE")
    assert ask(address)[:2] == (200, first[1])
    assert ask(f"{url}/browse")[0] in (502, 503)


def test_an_error_is_not_kept(url: str, tellers: list[Teller]):
    for one in tellers:
        one.status = 404
        one.max_age = 0
    assert ask(f"{url}/badge/x.svg")[0] == 404
    for one in tellers:
        one.status = 200
    assert ask(f"{url}/badge/x.svg")[0] == 200


def until(found: Any, seconds: float = 10) -> Any:
    """Return what `found()` gives as soon as it is something."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
    return value
