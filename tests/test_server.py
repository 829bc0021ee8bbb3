"""The server over HTTP: API, light page, feed, health; caching, limits and what browsers are told."""

import gzip
import json
import re
import shutil
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
import schemathesis
from starlette.applications import Starlette
from starlette.testclient import TestClient

from crawler.names import Capability
from crawler.sources import Folders
from explorer.check import check
from explorer.pc import check_pc
from explorer.queries import Dataset
from explorer.server import Server, application
from explorer.show import show
from explorer.store import Store
from explorer.web import api, cache
from explorer.web.guards import network_of
from explorer.web.settings import Settings
from explorer.wording import say

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def client(built: Folders) -> Iterator[TestClient]:
    """The whole server without Streamlit's own pages, in this process."""
    with _client(built.database, rate="1000000/second") as one:
        yield one


def _client(database: Path, **settings) -> TestClient:
    return TestClient(application(Server(Settings(database, **settings))), raise_server_exceptions=False)


def test_the_api_gives_the_object_of_the_command_line(client: TestClient, data: Dataset):
    for text, os in (("SH-41A", ""), ("アクオスセンス4", "12"), ("Xperia", ""), ("まだないスマホ", "")):
        answer = client.get("/api/v1/check", params={"q": text, "os": os})
        assert answer.status_code == 200
        assert answer.json() == json.loads(json.dumps(check(data, text, os)))
    one = client.get(
        "/api/v1/check", params={"q": "iPhone 15", "for": "iphone_mynumber", "lang": "en"}
    ).json()
    assert one == json.loads(json.dumps(check(data, "iPhone 15", "", (Capability.IPHONE_MYNUMBER,), "en")))
    pc = {"q": "Windows 11", "browser": "Edge", "reader": "RC-S380", "for": "pc_login"}
    assert client.get("/api/v1/check", params=pc).json() == json.loads(
        json.dumps(check_pc(data, "Windows 11", "Edge", "RC-S380", "", "ja", ""))
    )


def test_devices_are_paged_and_filtered(client: TestClient):
    first = client.get("/api/v1/devices", params={"maker": "sharp"}).json()
    assert first["total"] > len(first["devices"]) == 50
    assert {row["maker_en"] for row in first["devices"]} == {"Sharp"}
    second = client.get("/api/v1/devices", params={"maker": "sharp", "page": 2}).json()
    assert not {json.dumps(row) for row in first["devices"]} & {json.dumps(row) for row in second["devices"]}
    assert client.get("/api/v1/devices", params={"page": 9999}).json()["devices"] == []


def test_a_maker_is_meant_by_its_id_or_its_name_and_an_empty_choice_is_none(client: TestClient):
    def total(**asked: str | list[str]) -> int:
        return client.get("/api/v1/devices", params=asked).json()["total"]

    wanted = total(maker="sharp")
    assert wanted > 0
    for name in ("Sharp", "SHARP", "シャープ"):
        assert total(maker=name) == wanted, name
    assert total(maker=["シャープ", "google"]) == wanted + total(maker="Google") > wanted
    assert total(maker="", carrier="", year="") == total() > wanted
    assert total(maker="nobody") == 0


def test_a_device_has_its_numbers_verdicts_and_rows(client: TestClient, data: Dataset):
    listed = next(id for id, rows in data.listings.items() if rows and data.devices[id].model_numbers)
    device = client.get(f"/api/v1/devices/{quote(listed)}").json()
    assert device["name"] == data.devices[listed].name
    assert {one["model_number"] for one in device["numbers"]} == set(data.devices[listed].model_numbers)
    assert {verdict["capability"] for verdict in device["verdicts"]} == set(Capability)
    assert device["printed"][0]["source_id"] == data.listings[listed][0].source_id


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/api/v1/check", 400, "q: expected a device name or model number such as SH-41A, found none"),
        ("/api/v1/check?q=", 400, "such as SH-41A, found only blanks"),
        ("/api/v1/check?q=%20%E3%80%80", 400, "found only blanks"),
        ("/api/v1/check?q=x&for=fly", 400, "found 'fly'"),
        ("/api/v1/check?q=x&lang=fr", 400, "found 'fr'"),
        ("/api/v1/check?q=" + "x" * 600, 400, "at most 500 characters"),
        ("/api/v1/check?q=" + "x" * 5000, 414, "at most 4096 are read"),
        ("/api/v1/devices?page=0", 400, "greater than or equal to 1"),
        ("/api/v1/devices?sort=evil", 400, "found 'evil'"),
        ("/api/v1/devices/no-such", 404, "no device 'no-such'"),
        ("/api/v1/changes?since=yesterday", 400, "found 'yesterday'"),
        ("/api/v1/changes?since=2026/11/01", 400, "such as 2026-11-01, found '2026/11/01'"),
        ("/api/v1/changes?since=1793491200", 400, "since: expected a date such as 2026-11-01"),
        ("/api/v1/devices?status=Supported", 400, "status: input should be 'supported'"),
        ("/api/v1/nothing", 404, "no such address; /api/v1/openapi.json"),
        ("/api/v1/check/?q=SH-41A", 404, "no such address; /api/v1/openapi.json"),
        ("/api/v1", 404, "no such address"),
        ("/api/v2/check?q=x", 404, "no such address"),
    ],
)
def test_a_bad_request_gets_a_problem(client: TestClient, address: str, status: int, words: str):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert words in answer.json()["detail"]
    assert answer.headers["cache-control"] == "no-store"


def test_methods(client: TestClient):
    whole = client.get("/api/v1/check?q=SH-41A")
    head = client.head("/api/v1/check?q=SH-41A")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    for address in ("/api/v1/check?q=SH-41A", "/lite?q=SH-41A", "/badge/SH-41A.svg", "/feed.atom"):
        post = client.post(address)
        assert (post.status_code, post.headers["content-type"]) == (405, "application/problem+json")
        assert post.headers["allow"] == "GET, HEAD, OPTIONS"
    preflight = client.options(
        "/api/v1/check", headers={"origin": "https://example.jp", "access-control-request-method": "GET"}
    )
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, "*")
    assert "GET" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "if-none-match"
    asked = client.options("/api/v1/check")
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    too_much = client.post("/api/v1/check", content=b"x" * 100_000)
    assert too_much.status_code == 413


@pytest.mark.parametrize("first", [{}, {"origin": "https://a.example"}])
def test_a_page_of_any_site_may_read_whoever_asked_first(built: Folders, first: dict[str, str]):
    with _client(built.database, rate="3/minute") as client:
        client.get("/api/v1/check?q=SH-41A", headers=first)
        asked = [
            client.get(f"/api/v1/{path}", headers={"origin": "https://b.example"})
            for path in ("check?q=SH-41A", "check?q=", "check?q=SH-41A", "x" * 6000)
        ]
        assert [answer.status_code for answer in asked] == [200, 400, 429, 414]
        for answer in asked:
            assert answer.headers.get_list("access-control-allow-origin") == ["*"]
            assert "retry-after" in answer.headers["access-control-expose-headers"]
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_explorer_is_read_by_its_own_pages_only(client: TestClient):
    answer = client.get("/", headers={"origin": "https://example.jp"})
    assert "access-control-allow-origin" not in answer.headers


def test_an_answer_is_kept_by_its_etag(client: TestClient):
    for address in ("/api/v1/check?q=SH-41A", "/lite?q=SH-41A", "/feed.atom", "/api/v1/sources"):
        first = client.get(address, headers={"accept-encoding": "identity"})
        assert "max-age=60" in first.headers["cache-control"]
        for etag in (first.headers["etag"], "*", f'"x", {first.headers["etag"]}'):
            again = client.get(address, headers={"if-none-match": etag})
            assert (again.status_code, again.content, again.headers["etag"]) == (
                304,
                b"",
                first.headers["etag"],
            )
        assert client.get(address, headers={"if-none-match": '"old"'}).status_code == 200


def test_a_long_answer_is_packed_where_the_client_unpacks(client: TestClient):
    plain = client.get("/api/v1/check?q=SH-41A", headers={"accept-encoding": "identity"})
    packed = client.get("/api/v1/check?q=SH-41A", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    for answer in (plain, packed):
        assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    ("encodings", "is_packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip; q=1.0", True),
        ("gzip;q=0", False),
        ("br, gzip ; q=0.00", False),
        ("br", False),
        ("xgzip", False),
    ],
)
def test_only_a_client_that_says_so_gets_gzip(client: TestClient, encodings: str, is_packed: bool):
    answer = client.get("/api/v1/check?q=SH-41A", headers={"accept-encoding": encodings})
    assert answer.headers.get("content-encoding") == ("gzip" if is_packed else None)
    assert answer.json()["query"] == "SH-41A"


def test_a_kept_page_does_not_outlive_its_day(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    """The light page says how old a list is: the day is part of the version."""
    first = client.get("/lite?q=SH-41A")
    known = {"if-none-match": first.headers["etag"]}
    assert client.get("/lite?q=SH-41A", headers=known).status_code == 304
    monkeypatch.setattr(cache, "today", lambda: date(2031, 1, 1))
    assert client.get("/lite?q=SH-41A", headers=known).status_code == 200


ON_FILE = ("/api/v1/devices", "/api/v1/changes", "/api/v1/sources", "/api/v1/devices/SH-41A", "/feed.atom")


@pytest.mark.parametrize("loss", ["gone", "damaged", "of another kind", "without its words"])
def test_what_becomes_of_the_file_is_no_matter_to_the_build_in_memory(
    built: Folders, tmp_path: Path, loss: str
):
    database = tmp_path / "devices.duckdb"
    shutil.copy(built.database, database)
    with _client(database, check_seconds=0.05) as client:
        built_at = client.get("/readyz").json()["built_at"]
        _lose(database, loss)
        _wait(client, "stale")
        for address in (*ON_FILE, "/api/v1/check?q=SH-41A"):
            assert client.get(address).status_code == 200
        assert client.get("/api/v1/sources").json()["data"]["built_at"] == built_at
        # And a good file is found again.
        shutil.copy(built.database, tmp_path / "good")
        (tmp_path / "good").replace(database)
        _wait(client, "ready")


def _lose(database: Path, loss: str) -> None:
    other = database.with_suffix(".other")
    shutil.copy(database, other)
    if loss == "damaged":
        other.write_bytes(other.read_bytes()[:50_000])
    elif loss != "gone":
        with duckdb.connect(str(other)) as con:
            con.execute("DROP VIEW compat" if loss == "of another kind" else "DELETE FROM meta")
    if loss == "gone":
        database.unlink()
    else:
        other.replace(database)


def _wait(client: TestClient, status: str) -> None:
    deadline = time.monotonic() + 20
    while client.get("/readyz").json()["status"] != status:
        assert time.monotonic() < deadline, f"not {status} in time"
        time.sleep(0.02)


def test_one_mark_stands_for_one_build_only(built: Folders, tmp_path: Path):
    """Where the file is newer than the build in service, all answers are still of that build."""
    database = tmp_path / "devices.duckdb"
    shutil.copy(built.database, database)
    with _client(database, check_seconds=3600) as client:
        mark = client.get("/api/v1/check?q=SH-41A").headers["etag"]
        shutil.copy(built.database, tmp_path / "newer")
        with duckdb.connect(str(tmp_path / "newer")) as con:
            con.execute("UPDATE meta SET value = '2031-01-01T00:00:00+00:00' WHERE key = 'built_at'")
        (tmp_path / "newer").replace(database)
        for address in ON_FILE:
            answer = client.get(address)
            assert answer.headers["etag"] == mark
            assert "2031-01-01" not in answer.text


def test_an_answer_that_a_new_build_came_in_between_is_asked_again(
    built: Folders, monkeypatch: pytest.MonkeyPatch
):
    server = Server(Settings(built.database))
    asked: list[int] = []

    def read(store: Store) -> list:
        asked.append(len(asked))
        if len(asked) == 1:
            server.current.build = server.current.build._replace(version="newer")
        return []

    monkeypatch.setattr(api, "read_health", read)
    answer = TestClient(application(server)).get("/api/v1/sources")
    assert (answer.status_code, asked, "newer" in answer.headers["etag"]) == (200, [0, 1], True)
    assert answer.json()["sources"] == []


def test_a_mistake_of_the_program_is_a_problem_too(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api, "read_health", fail)
    answer = client.get("/api/v1/sources?fresh=1")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ZeroDivision" not in answer.text


def test_every_answer_has_the_security_headers(client: TestClient):
    for address in ("/lite", "/api/v1/check?q=x", "/api/v1/nothing", "/healthz", "/feed.atom"):
        headers = client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_the_light_page_is_small_and_has_the_card_of_the_explorer(client: TestClient):
    for query in ("", "q=SH-41A", "q=Xperia&lang=en", "q=まだない", "q=iPhone+15&for=iphone_mynumber&os=26"):
        page = client.get(f"/lite?{query}")
        assert page.status_code == 200
        assert len(page.content) < 15 * 1024
        assert "<script" not in page.text
    assert 'class="card conditional"' in client.get("/lite?q=SH-41A").text


def test_the_light_page_answers_as_the_explorer_does(client: TestClient, data: Dataset):
    for text, goal in (("Windows 11", "pc_login"), ("Chromebook", "pc_login"), ("iPhone 15", "card_reading")):
        whole = check(data, text) if goal != "pc_login" else check_pc(data, text)
        one = next(one for one in whole["answers"] if one["capability"] == goal)
        page = client.get("/lite", params={"q": text, "for": goal}).text
        assert f'class="card {one["status"]}"' in page
        assert [reason["text"] for reason in one["reasons"] if escape(reason["text"]) not in page] == []


def test_an_end_far_behind_is_not_cut_off_the_question(client: TestClient):
    far = " " * 200
    unread = "は読み取れませんでした"
    assert 'class="card unknown"' in client.get("/lite", params={"q": f"SH-41A{far}以外"}).text
    assert unread not in client.get("/lite?q=iPhone+15&os=iOS+26").text
    assert unread in client.get("/lite", params={"q": "iPhone 15", "os": f"iOS 26{far}未満"}).text


@pytest.mark.parametrize("name", ["q", "os", "for", "lang"])
def test_markup_in_the_question_stays_text(client: TestClient, name: str):
    page = client.get("/lite", params={"q": "SH-41A", name: HOSTILE})
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "alert(1)" not in page.text or "&lt;script&gt;" in page.text


def test_who_gives_an_os_that_is_too_old_reads_first_that_it_does_not_work(client: TestClient, data: Dataset):
    too_old, unsaid = (
        say("ja", *words) for words in (("ui_check", "not_with_this_os"), ("status", "conditional"))
    )
    heads = [
        re.search(r'class="verdict" role="status">(.*?)</p>', client.get("/lite", params=asked).text)[1]
        for asked in (
            {"q": "SH-41A", "os": "Android 8"},
            {"q": "SH-41A"},
            {"q": "SH-41A", "os": "Android 12"},
        )
    ]
    assert [too_old in head for head in heads] == [True, False, False]
    assert [unsaid in head for head in heads] == [False, True, True]
    assert f"{too_old}  [conditional]" in show(check(data, "SH-41A", "8"), "ja")


def test_the_feed_is_atom(client: TestClient):
    root = ElementTree.fromstring(client.get("/feed.atom").content)
    assert root.tag == f"{ATOM}feed"
    for part in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{part}")


def test_health_and_metrics(client: TestClient, data: Dataset):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["schema_version"]) == ("ready", data.meta["schema_version"])
    assert ready["data_at"] == data.data_at
    assert ready["age_seconds"] > 0
    client.get("/api/v1/check?q=SH-41A")
    text = client.get("/metrics").text
    assert 'http_requests_total{path="/api/v1/check",status="200"}' in text
    assert "data_age_seconds" in text


def test_who_asks_too_often_is_told_when_to_come_again(built: Folders):
    with _client(built.database, rate="3/minute") as client:
        codes = [client.get("/api/v1/check?q=SH-41A").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        refused = client.get("/lite")
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert client.get("/healthz").status_code == 200
        assert 'status="429"' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        (":::", ":::"),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, network: str):
    assert network_of({"client": (address, 1)}) == network


def test_the_document_describes_every_answer(built: Folders):
    """schemathesis makes up questions from the document and holds the answers to it."""
    app: Starlette = application(Server(Settings(built.database, rate="1000000/second")))
    document = json.loads(TestClient(app).get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    asked = 0
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()
        for case in _examples(strategy, 40):
            case.call_and_validate()
            asked += 1
    assert asked > 150


def _examples(strategy, count: int) -> list:
    from hypothesis import HealthCheck, Phase, given, settings

    found: list = []

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case) -> None:
        found.append(case)

    collect()
    return found


@pytest.mark.parametrize("evil", ["x%0d%0aset-cookie:%20a=b", "x%0aX-Evil:%201", "x\u2028y"])
def test_nothing_typed_goes_into_a_header(client: TestClient, evil: str):
    for address in (
        f"/lite?q={evil}",
        f"/api/v1/check?q={evil}",
        f"/lite?lang={evil}",
        f"/api/v1/devices/{evil}",
    ):
        headers = client.get(address).headers
        assert "set-cookie" not in headers
        assert "x-evil" not in headers
        assert not [value for value in headers.values() if "\n" in value or "evil" in value.lower()]


def test_no_header_changes_an_answer_that_is_kept(client: TestClient):
    odd = {
        "x-forwarded-host": "evil.example",
        "host": "evil.example",
        "accept-language": "en",
        "origin": "https://evil.example",
        "x-original-url": "/lite",
        "cookie": "lang=en",
    }
    for address in ("/lite?q=SO-52A", "/api/v1/check?q=SO-52A", "/feed.atom?lang=en"):
        first = client.get(address, headers=odd)
        assert first.content == client.get(address).content
        assert b"evil.example" not in first.content
        assert not [value for value in first.headers.values() if "evil" in value]


def test_gzip_is_whole(client: TestClient):
    with client.stream("GET", "/lite?q=SH-41A", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert gzip.decompress(raw).endswith(b"</html>")
