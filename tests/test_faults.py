"""Bad nights on the network: whatever a server does, the last good data go on answering."""

import socket
from typing import Any

import pytest

from tests.conftest import Reply
from tests.fault_night import AMPLE, ASKED, FAQ_HOST, NEIGHBOUR, OTHER_HOST, PAGE, PATHS, VICTIM, Night
from tests.fault_pages import (
    LOGIN,
    MAINTENANCE,
    NOT_FOUND,
    answer,
    drip,
    endless,
    first_fails,
    huge,
    reset,
    short,
    silent,
    zipped,
)
from tests.pdfs import many_pages, one_table, without_tables, without_text

UNREACHABLE = "faq-7261: could not be fetched"
FAILED = "faq-7261: FAILED"
WHOLE_HOST = (NEIGHBOUR, VICTIM)
MEGABYTE = 1024 * 1024

# What the victim's page does: (id, reply, budget in seconds, exit code, words in the message).
PAGES: list[tuple[str, Any, float, int, tuple[str, ...]]] = [
    ("the connection is reset in the middle of the page", reset, AMPLE, 1, (FAILED, "/faq/show/7261")),
    ("the server accepts and never answers", silent, 6, 0, (UNREACHABLE, "/faq/show/7261")),
    ("the page drips in, byte by byte", drip, 6, 0, (UNREACHABLE, "/faq/show/7261")),
    ("the page ends before its Content-Length", short(PAGE), AMPLE, 1, (FAILED, "/faq/show/7261")),
    ("the gzip of the page is cut in half", zipped(PAGE.encode(), 0.5), AMPLE, 1, (FAILED, "expected")),
    ("the gzip of the page lacks its end", zipped(PAGE.encode(), 0.97), AMPLE, 1, (FAILED, "expected")),
    ("the page lacks its end and no length tells it", endless(PAGE, 0.97), AMPLE, 1, (FAILED, "expected")),
    ("the page is of 50 MB", huge(50), AMPLE, 1, (FAILED, "33554432")),
    (
        "403 of a firewall",
        Reply(b"blocked", status=403),
        AMPLE,
        1,
        (FAILED, "expected status 200, found 403"),
    ),
    ("404", Reply(NOT_FOUND.encode(), status=404), AMPLE, 1, (FAILED, "expected status 200, found 404")),
    ("410", Reply(NOT_FOUND.encode(), status=410), AMPLE, 1, (FAILED, "expected status 200, found 410")),
    ("500", Reply(b"oops", status=500), AMPLE, 1, (FAILED, "expected status 200, found 500")),
    (
        "429 with Retry-After",
        Reply(b"slow down", status=429, headers={"Retry-After": "3600"}),
        AMPLE,
        1,
        (FAILED, "expected status 200, found 429"),
    ),
    (
        "503 with a maintenance page",
        Reply(MAINTENANCE.encode(), status=503),
        AMPLE,
        1,
        (FAILED, "expected status 200, found 503"),
    ),
    (
        "200 with a maintenance page",
        Reply(MAINTENANCE.encode()),
        AMPLE,
        1,
        (FAILED, "expected an answer block", "found メンテナンス中"),
    ),
    (
        "200 with a page that says not found",
        Reply(NOT_FOUND.encode()),
        AMPLE,
        1,
        (FAILED, "expected an answer block", "found ページが見つかりません"),
    ),
    ("200 and nothing else", Reply(b""), AMPLE, 1, (FAILED, "expected an answer page, found an empty page")),
]


@pytest.mark.parametrize(
    ("reply", "budget", "code", "words"), [pytest.param(*case[1:], id=case[0]) for case in PAGES]
)
def test_the_last_good_data_answer_on_when(night: Night, reply, budget, code, words):
    night.site.replies[PATHS[VICTIM]] = reply
    night.survives(code, *words, budget=budget)


def test_a_zip_bomb_is_refused(night: Night):
    night.site.replies[PATHS[VICTIM]] = zipped(bytes(210 * MEGABYTE))
    night.survives(1, FAILED, "33554432")


def test_a_redirect_to_another_host_is_refused(night: Night):
    other = night.site.url.replace("127.0.0.1", "localhost")
    night.site.page_at("/copy", PAGE)
    night.site.page(VICTIM, "", status=301, headers={"Location": f"{other}/copy"})
    night.survives(1, FAILED, "expected a page of 127.0.0.1", "found a redirect to localhost")


def test_a_redirect_to_a_login_page_is_refused(night: Night):
    night.site.page_at("/login", LOGIN)
    night.site.page(VICTIM, "", status=302, headers={"Location": f"{night.site.url}/login"})
    night.survives(1, FAILED, "expected the page /faq/show/7261", "found a redirect to /login")


def test_a_redirect_in_a_circle_is_refused(night: Night):
    night.site.page(VICTIM, "", status=302, headers={"Location": night.site.url + PATHS[VICTIM]})
    night.survives(0, UNREACHABLE, "redirect")


def test_a_500_that_passes_heals_within_the_run(night: Night):
    night.site.replies[PATHS[VICTIM]] = first_fails(PAGE, 500)
    night.survives(0, "faq-7261: unchanged, 330 rows", lost=())


def test_a_good_gzip_is_read(night: Night):
    night.site.replies[PATHS[VICTIM]] = zipped(PAGE.encode())
    night.survives(0, "faq-7261: unchanged, 330 rows", lost=())


def test_a_host_name_that_is_not_known_costs_only_its_own_sources(night: Night):
    night.base_urls[FAQ_HOST] = "http://nowhere.invalid"
    night.survives(0, UNREACHABLE, "http://nowhere.invalid/faq/show/", lost=WHOLE_HOST, budget=6)


def test_a_refused_connection_costs_only_its_own_sources(night: Night):
    night.base_urls[FAQ_HOST] = closed_address()
    night.survives(0, UNREACHABLE, night.base_urls[FAQ_HOST], "refused", lost=WHOLE_HOST)


def test_when_no_host_can_be_reached_the_exit_code_says_so(night: Night):
    night.base_urls = dict.fromkeys(night.base_urls, closed_address())
    night.survives(3, UNREACHABLE, "no live source gave a page", "go on answering", lost=ASKED)


def test_robots_that_forbid_are_obeyed(night: Night):
    night.site.page_at("/robots.txt", "User-agent: *\nDisallow: /faq/", content_type="text/plain")
    text = night.survives(0, UNREACHABLE, "robots.txt", lost=WHOLE_HOST, heal=PAGE)
    assert f"{OTHER_HOST}: unchanged" in text


def test_robots_that_are_missing_allow(night: Night):
    night.site.page_at("/robots.txt", NOT_FOUND, status=404)
    night.survives(0, "faq-7261: unchanged, 330 rows", lost=())


@pytest.mark.parametrize(
    "reply", [Reply(b"<html>oops</html>", status=500), reset], ids=["a 500", "a reset connection"]
)
def test_robots_that_cannot_be_had_forbid(night: Night, reply):
    """RFC 9309 section 2.3.1.4: a robots.txt that cannot be had means complete disallow."""
    night.site.replies["/robots.txt"] = reply
    text = night.survives(3, UNREACHABLE, "robots.txt", lost=ASKED)
    assert "rows" not in text


LIST = "/files/list.pdf"
ONE_PHONE = [["No.", "メーカー", "機種名", "型番", "備考"], ["1", "シャープ", "AQUOS sense4", "SH-41A", ""]]
# What an answer links to instead of printing its list: (id, body, words in the message).
PDFS = [
    ("a broken PDF", b"%PDF-1.7\nrubbish\n%%EOF", "expected a readable PDF, found a broken one"),
    ("half a PDF", one_table(ONE_PHONE)[:-700], "expected a whole PDF, up to %%EOF"),
    ("an encrypted PDF", one_table(ONE_PHONE, password="secret"), "found one encrypted with a password"),
    ("a PDF without tables", without_tables(), "found a PDF without tables"),
    ("a picture as PDF", without_text(), "found a picture without text"),
    ("a PDF of 301 pages", many_pages(301), "expected at most 300 pages"),
    ("a list of one phone", one_table(ONE_PHONE), "expected at least 150 rows, found 1"),
    ("a page instead of a PDF", MAINTENANCE.encode(), "expected a PDF"),
]


@pytest.mark.parametrize(("body", "words"), [pytest.param(*case[1:], id=case[0]) for case in PDFS])
def test_the_last_good_data_answer_on_when_the_list_became(night: Night, body: bytes, words: str):
    night.site.page(VICTIM, answer(f'<p>一覧は<a href="{LIST}">PDF</a>です。</p>'))
    night.site.page_at(LIST, body, content_type="application/pdf")
    night.survives(1, FAILED, words)


def closed_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"
