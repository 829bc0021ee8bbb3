"""The spiders over real HTTP: polite, bounded, and honest about what failed."""

import gzip
import socket
import time

import pytest

from crawler.archive import Archive
from crawler.crawl import crawl_bundled, crawl_live
from crawler.directions import Directions, directions
from crawler.refresh import Asking, build, crawl
from crawler.settings import POLITE, USER_AGENT
from crawler.sources import Folders, load_sources
from crawler.spiders.play_catalogue import detect_encoding
from tests.conftest import FAST, Site

SOURCES = load_sources()
HEADER = "Retail Branding,Marketing Name,Device,Model\r\n"
MAINTENANCE = "<html><title>メンテナンス中</title><body><p>ただいまメンテナンス中です。</p></body></html>"


def ask(site: Site, *source_ids: str, budget: float = 20, **settings):
    return crawl_live(
        [SOURCES[one] for one in source_ids], directions(SOURCES, site.base_urls), budget, FAST | settings
    )


def test_bundled_pages_give_the_same_rows_over_http_as_from_the_folder(site: Site):
    site.bundled()
    wanted = ["faq-2587", "faq-7261", "mynaapp-requirements"]
    local = crawl_bundled(SOURCES.values(), Folders().bundled)
    for source_id, fetch in ask(site, *wanted).items():
        assert fetch.failure is None, source_id
        assert fetch.rows == local[source_id].rows
        assert len(fetch.rows) > 3
    assert local["jpki-readers"].failure is None


def test_the_crawler_names_itself_and_asks_for_robots_first(site: Site):
    site.bundled()
    ask(site, "faq-7261")
    assert [path for path, _ in site.requests] == ["/robots.txt", "/faq/show/7261"]
    assert {agent for _, agent in site.requests} == {USER_AGENT}
    assert "+https://" in USER_AGENT


def test_settings_are_polite():
    assert POLITE["ROBOTSTXT_OBEY"]
    assert POLITE["AUTOTHROTTLE_ENABLED"]
    assert POLITE["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert POLITE["DOWNLOAD_DELAY"] >= 1
    assert POLITE["DOWNLOAD_MAXSIZE"] <= 64 * 1024 * 1024


def test_robots_that_forbid_are_obeyed(site: Site):
    site.bundled()
    site.page_at("/robots.txt", "User-agent: *\nDisallow: /faq/", content_type="text/plain")
    fetch = ask(site, "faq-7261")["faq-7261"]
    assert "robots.txt" in fetch.failure
    assert "/faq/show/7261" not in [path for path, _ in site.requests]


@pytest.mark.parametrize(("status", "is_asked"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_robots_file_that_is_missing_allows_all_and_one_that_fails_allows_nothing(
    site: Site, status: int, is_asked: bool
):
    site.bundled()
    site.page_at("/robots.txt", "User-agent: *\nDisallow: /", status=status)
    fetch = ask(site, "faq-7261")["faq-7261"]
    assert ("/faq/show/7261" in [path for path, _ in site.requests]) == is_asked
    assert is_asked or f"robots.txt answered {status}" in fetch.failure
    assert is_asked == (fetch.failure is None)


def test_one_host_is_never_asked_twice_at_a_time(site: Site):
    active, most = 0, 0

    def slow(handler) -> None:
        nonlocal active, most
        active += 1
        most = max(most, active)
        time.sleep(0.2)
        active -= 1
        handler.send_error(404)

    site.replies["/faq/show/2587"] = site.replies["/faq/show/7261"] = slow
    ask(site, "faq-2587", "faq-7261")
    assert most == 1


def test_a_failing_request_is_tried_again_after_a_growing_pause(site: Site):
    site.bundled()
    moments = []
    good = site.replies["/faq/show/7261"]

    def twice_broken(handler) -> None:
        moments.append(time.monotonic())
        if len(moments) < 3:
            handler.send_error(503)
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(good.body)

    site.replies["/faq/show/7261"] = twice_broken
    fetch = ask(site, "faq-7261", budget=90, RETRY_TIMES=3, RETRY_BACKOFF_SECONDS=0.2)["faq-7261"]
    assert fetch.failure is None
    assert moments[1] - moments[0] >= 0.2
    assert moments[2] - moments[1] >= 0.4


@pytest.mark.parametrize(
    ("body", "reply", "words"),
    [
        (MAINTENANCE, {}, "expected"),
        ("", {}, "expected"),
        ("no", {"status": 403}, "status 200, found 403"),
        ("no", {"status": 404}, "status 200, found 404"),
        ("no", {"status": 503}, "status 200, found 503"),
        (b"%PDF-1.7", {"content_type": "application/pdf"}, "an HTML page, found application/pdf"),
        (
            "x",
            {"status": 302, "headers": {"Location": "http://localhost.invalid/login"}},
            "localhost.invalid",
        ),
    ],
)
def test_a_page_that_is_not_the_list_is_a_failure_with_a_reason(site: Site, body, reply, words):
    site.page("faq-7261", body, **reply)
    fetch = ask(site, "faq-7261")["faq-7261"]
    assert words in fetch.failure
    assert fetch.rows == []


def test_a_redirect_to_another_host_is_refused_though_its_page_is_good(site: Site):
    site.bundled()
    good = site.replies["/faq/show/7261"].body
    other = site.url.replace("127.0.0.1", "localhost")
    site.page_at("/copy", good)
    site.page("faq-7261", "x", status=302, headers={"Location": f"{other}/copy"})
    fetch = ask(site, "faq-7261")["faq-7261"]
    assert "a redirect to localhost" in fetch.failure
    assert fetch.rows == []


@pytest.mark.parametrize(
    ("target", "is_followed"),
    [
        ("/faq/show/7261?site_domain=default", True),
        ("/faq/show/7261/", True),
        ("/faq/show/2587", False),
        ("/login", False),
    ],
)
def test_a_redirect_may_lead_to_the_same_page_only(site: Site, target: str, is_followed: bool):
    site.bundled()
    good = site.replies["/faq/show/7261"]

    def moved(handler) -> None:
        if handler.path == "/faq/show/7261":
            handler.send_response(302)
            handler.send_header("Location", target)
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("Content-Type", good.content_type)
        handler.end_headers()
        handler.wfile.write(good.body)

    for path in ("/faq/show/7261", "/faq/show/7261/", "/login"):
        site.replies[path] = moved
    fetch = ask(site, "faq-7261")["faq-7261"]
    assert (fetch.failure is None) == is_followed
    assert is_followed or "found a redirect to" in fetch.failure
    assert is_followed or [path for path, _ in site.requests] == ["/robots.txt", "/faq/show/7261"]
    assert not fetch.is_unreachable


def test_floors_under_an_unknown_heading_fail_the_page(site: Site):
    site.page(
        "mynaapp-requirements",
        "<main><h1>動作環境</h1><h2>スマートフォン</h2><p>iOS 16.4以上</p><p>Android 11以上（NFC搭載）</p>"
        "<h2>パソコン</h2><p>Windows 11以降</p></main></html>",
    )
    fetch = ask(site, "mynaapp-requirements")["mynaapp-requirements"]
    assert "the unknown heading '動作環境 > スマートフォン'" in fetch.failure
    assert fetch.rows == []


def test_a_page_larger_than_the_limit_is_refused(site: Site):
    site.page("faq-7261", b"<html>" + b"x" * 200_000)
    fetch = ask(site, "faq-7261", DOWNLOAD_MAXSIZE=100_000)["faq-7261"]
    assert fetch.failure is not None


def test_when_nothing_answers_the_whole_run_stays_within_its_budget(site: Site):
    with socket.create_server(("127.0.0.1", 0), backlog=5) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        base_urls = dict.fromkeys(site.base_urls, url)
        started = time.monotonic()
        sources = [one for one in SOURCES.values() if one.is_crawled]
        fetches = crawl_live(sources, directions(SOURCES, base_urls), 3, FAST)
        assert time.monotonic() - started < 3 + 5
    assert all(fetch.failure and fetch.is_unreachable for fetch in fetches.values())
    assert len(fetches) == len(sources)


def test_refused_connections_are_told_apart_from_bad_pages(site: Site):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    fetch = crawl_live([SOURCES["faq-7261"]], directions(SOURCES, {"faq.myna.go.jp": url}), 20, FAST)[
        "faq-7261"
    ]
    assert fetch.is_unreachable
    assert "Refused" in fetch.failure


def test_a_spider_that_raises_is_a_failure_not_a_success(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.bundled()

    def broken(self, response, **kwargs):
        yield from ()
        raise RuntimeError("bug")

    monkeypatch.setattr("crawler.spiders.answer.AnswerSpider.parse", broken)
    assert "RuntimeError" in ask(site, "faq-7261")["faq-7261"].failure


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
def test_the_catalogue_is_read_in_whatever_encoding_it_comes(site: Site, encoding):
    text = HEADER + 'Sharp,"AQUOS, sense4",Jerid,SH-41A\r\nSony,Xperia ™ 1,x,SO-03L\r\n'
    assert detect_encoding(text.encode(encoding)).startswith(encoding[:5])
    site.page("play-catalogue", text.encode(encoding), content_type="application/octet-stream")
    fetch = ask(site, "play-catalogue")["play-catalogue"]
    assert fetch.failure is None
    assert [(row.name, row.model) for row in fetch.rows] == [
        ("AQUOS, sense4", "SH-41A"),
        ("Xperia ™ 1", "SO-03L"),
    ]


@pytest.mark.parametrize(
    "text",
    ["Brand,Name,Device,Model\r\n", "", HEADER + "Sharp,AQUOS,Jerid\r\n", "<html>maintenance</html>"],
)
def test_a_catalogue_with_other_columns_is_refused(site: Site, text):
    site.page("play-catalogue", text.encode("utf-16"), content_type="text/csv")
    fetch = ask(site, "play-catalogue")["play-catalogue"]
    assert "play-catalogue: expected" in fetch.failure
    assert fetch.rows == []


def test_the_mapped_address_keeps_path_and_query():
    way = Directions({"faq.myna.go.jp": "http://127.0.0.1:1/mirror/"})
    expected = "http://127.0.0.1:1/mirror/faq/show/2587?category_id=10&site_domain=default"
    assert way.live(SOURCES["faq-2587"].url) == expected
    assert Directions().live(SOURCES["faq-7261"].url) == SOURCES["faq-7261"].url


def asking(site: Site, **more) -> Asking:
    return Asking(site.base_urls, 20, ["faq-7261"], settings=FAST, **more)


def long_list(count: int) -> str:
    rows = "".join(f"<tr><td>Xperia T{n}</td><td>SO-{n:03}T</td></tr>" for n in range(100, 100 + count))
    table = f"<table><tr><th>機種名</th><th>型番</th></tr>{rows}</table>"
    return (
        '<html><body><div class="okw_bread_list">FAQ</div><h2 class="faq_qstCont_ttl">機種は？</h2>'
        f'<div id="faq_answer_contents"><h3>【ソニー】</h3>{table}</div></body></html>'
    )


def test_a_good_night_is_archived_and_recorded(site: Site, folders: Folders):
    site.page("faq-7261", guarded(160))
    run = crawl(folders, asking(site))
    again = crawl(folders, asking(site))
    assert run["sources"]["faq-7261"]["result"] == "new"
    assert again["sources"]["faq-7261"]["result"] == "unchanged"
    archive = Archive(folders.archive)
    assert [one["run_id"] for one in archive.runs()] == [run["run_id"], again["run_id"]]
    home = folders.archive / "faq-7261" / run["sources"]["faq-7261"]["rows_hash"]
    assert gzip.decompress((home / "page.gz").read_bytes()).decode() == guarded(160)


def test_a_broken_page_is_recorded_as_failed_and_the_published_data_is_untouched(
    site: Site, folders: Folders
):
    site.page("faq-7261", guarded(160))
    crawl(folders, asking(site))
    build(folders)
    before = folders.database.read_bytes()
    for page in (MAINTENANCE, guarded(3)):
        site.page("faq-7261", page)
        run = crawl(folders, asking(site))
        assert run["sources"]["faq-7261"]["result"] == "failed"
        assert run["sources"]["faq-7261"]["reason"]
    assert "at least 150 rows, found 4" in run["sources"]["faq-7261"]["reason"]
    assert folders.database.read_bytes() == before
    assert len(list((folders.archive / "faq-7261").iterdir())) == 1
    assert len(Archive(folders.archive).runs()) == 3


def guarded(count: int, day: str = "") -> str:
    """A list that names the makers which the registry asks for."""
    sharp = "<h3>【シャープ】</h3><ul><li>AQUOS sense4（SH-41A）</li></ul>"
    return long_list(count).replace("<h3>", f"<p>更新日：{day}</p>{sharp}<h3>" if day else f"{sharp}<h3>", 1)


def night(site: Site, folders: Folders, page: str, **more) -> dict:
    site.page("faq-7261", page)
    return crawl(folders, asking(site, **more))["sources"]["faq-7261"]


def test_a_list_that_lost_much_gets_a_warning(site: Site, folders: Folders):
    assert night(site, folders, guarded(250))["warnings"] == []
    found = night(site, folders, guarded(180))
    assert found["result"] == "new"
    assert found["warnings"][0].startswith("28% of the rows last seen are gone or changed, at most 10%")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (guarded(160, "2026-11-02"), "expected at least 50% of the devices listed before, found"),
        (guarded(350, "2026-11-02").replace("【ソニー】", "【対応予定】"), "expected rows of ソニー"),
        (long_list(350), "expected rows of シャープ, found none"),
        (guarded(350, "2026-10-31"), "expected an update date from 2026-11-01 on, found 2026-10-31"),
        (guarded(20, "2026-11-02"), "expected at least 150 rows, found 21"),
        (guarded(350, "2099-01-01"), "expected an update date that is not to come"),
    ],
)
def test_a_page_that_a_guard_refuses_changes_nothing_and_leaves_the_difference(
    site: Site, folders: Folders, page: str, words: str
):
    first = night(site, folders, guarded(350, "2026-11-01"))
    found = night(site, folders, page)
    assert found["result"] == "failed"
    assert words in found["reason"]
    assert Archive(folders.archive).observations()[-1].rows_hash == first["rows_hash"]
    text = (folders.archive / found["difference"]).read_text(encoding="utf-8")
    assert text.startswith("# faq-7261: expected")
    assert [line for line in text.splitlines() if line[0] in "+-"][:10] == found["shown"]


def test_a_person_can_accept_the_refused_page_and_only_that_one(site: Site, folders: Folders):
    night(site, folders, guarded(350))
    refused = night(site, folders, guarded(160))
    other = night(site, folders, guarded(161), accept=["faq-7261"])
    assert (refused["result"], other["result"]) == ("failed", "failed")
    found = night(site, folders, guarded(161), accept=["faq-7261"])
    assert found["result"] == "new"
    assert found["warnings"][-1].startswith("accepted by hand: faq-7261: expected at least 50%")
    assert night(site, folders, guarded(161))["result"] == "unchanged"


def test_an_unchanged_page_costs_a_304_and_changes_nothing(site: Site, folders: Folders):
    asked = []

    def marked(handler) -> None:
        asked.append(handler.headers.get("If-None-Match"))
        is_known = asked[-1] == '"v1"'
        body = b"" if is_known else guarded(160).encode()
        handler.send_response(304 if is_known else 200)
        if not is_known:  # a 304 need not say it again
            handler.send_header("ETag", '"v1"')
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.replies["/faq/show/7261"] = marked
    runs = [crawl(folders, asking(site)) for _ in range(3)]
    results = [run["sources"]["faq-7261"] for run in runs]
    assert asked == [None, '"v1"', '"v1"']
    assert [result["result"] for result in results] == ["new", "unchanged", "unchanged"]
    assert len({result["rows_hash"] for result in results}) == 1
    assert [result["row_count"] for result in results] == [161, 161, 161]
    assert len(list((folders.archive / "faq-7261").iterdir())) == 1
    build(folders)


def test_a_304_that_nobody_asked_for_is_a_failure(site: Site, folders: Folders):
    site.page("faq-7261", b"", status=304)
    found = crawl(folders, asking(site))["sources"]["faq-7261"]
    assert (found["result"], "304" in found["reason"]) == ("failed", True)


@pytest.mark.parametrize("spoil", ["rows", "reader"])
def test_the_page_is_asked_for_whole_when_the_rows_at_hand_cannot_serve(
    site: Site, folders: Folders, monkeypatch: pytest.MonkeyPatch, spoil: str
):
    asked = []

    def marked(handler) -> None:
        asked.append(handler.headers.get("If-None-Match"))
        body = guarded(160).encode()
        handler.send_response(200)
        handler.send_header("ETag", '"v1"')
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.replies["/faq/show/7261"] = marked
    run = crawl(folders, asking(site))
    home = folders.archive / "faq-7261" / run["sources"]["faq-7261"]["rows_hash"]
    if spoil == "rows":
        (home / "rows.jsonl.gz").write_bytes(b"")
    else:
        monkeypatch.setattr("crawler.refresh.reader_version", lambda: "another")
    crawl(folders, asking(site))
    assert asked == [None, None]
    assert len(Archive(folders.archive).load("faq-7261", home.name).rows) == 161


def test_an_old_refusal_cannot_be_accepted_after_a_good_page_came(site: Site, folders: Folders):
    night(site, folders, guarded(350))
    assert night(site, folders, guarded(160))["result"] == "failed"
    assert night(site, folders, guarded(351))["result"] == "new"
    assert night(site, folders, guarded(160), accept=["faq-7261"])["result"] == "failed"
