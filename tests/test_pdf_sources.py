"""Lists that come as a PDF: found by their link, read like a page, from official hosts only."""

import time
from urllib.parse import urlsplit

import pytest

from crawler.archive import Archive
from crawler.crawl import crawl_live
from crawler.directions import directions
from crawler.items import SourceChanged
from crawler.names import Section
from crawler.refresh import Asking, build, crawl
from crawler.sources import Folders, load_sources
from crawler.spiders.base import Fetch
from tests.conftest import FAST, Site
from tests.pdfs import phone_list, reader_list
from tests.test_build import ask as sql

SOURCES = load_sources()
READERS = [["ソニー", "PaSoRi", "RC-S380", "非接触", "Windows", ""]] + [
    ["ＮＴＴコミュニケーションズ", f"ACR{n}-NTTCom", f"ACR{n}-NTTCom", "接触", "Windows", ""]
    for n in range(39, 52)
]
PHONES = [["シャープ", "AQUOS sense4", "SH-41A", ""], ["ソニー", "Xperia 10 II", "SO-41A", ""]] + [
    ["ソニー", f"Xperia T{n}", f"SO-{n}T", ""] for n in range(100, 160)
]
INDEX = "/prepare/reader_writer.html"
PDF = {"content_type": "application/pdf"}


def fetch(site: Site, source_id: str) -> Fetch:
    return crawl_live([SOURCES[source_id]], directions(SOURCES, site.base_urls), 20, FAST)[source_id]


def editions(*hrefs: str) -> str:
    links = "".join(f'<li><a href="{href}">一覧（PDF）</a></li>' for href in hrefs)
    return f"<html><title>ICカードリーダライタのご用意</title><ul>{links}</ul></html>"


def test_the_current_edition_is_found_by_its_link_whatever_its_number(site: Site):
    site.page_at(INDEX, editions("pdf/num_rwlist9.pdf", "pdf/num_rwlist12.pdf", "pdf/num_rwlist11.pdf"))
    site.page_at("/prepare/pdf/num_rwlist12.pdf", reader_list(READERS), **PDF)
    found = fetch(site, "jpki-readers")
    assert found.failure is None
    assert found.url == "https://www.jpki.go.jp/prepare/pdf/num_rwlist12.pdf"
    assert (found.rows[0].maker, found.rows[0].model, len(found.rows)) == ("ソニー", "RC-S380", 14)
    assert str(found.printed_on) == "2025-07-10"
    assert [path for path, _ in site.requests] == ["/robots.txt", INDEX, "/prepare/pdf/num_rwlist12.pdf"]


def test_a_page_that_names_no_edition_is_refused_for_readers_and_done_without_for_phones(site: Site):
    site.page_at(INDEX, editions("pdf/other.pdf"))
    site.page_at("/prepare/pdf/num_rwlist11.pdf", reader_list(READERS), **PDF)
    site.page_at("/prepare/pdf/nfclist.pdf", phone_list(PHONES), **PDF)
    assert "expected a link to num_rwlistNUMBER.pdf" in fetch(site, "jpki-readers").failure
    phones = fetch(site, "jpki-nfc")
    assert phones.failure is None
    assert {row.section for row in phones.rows} == {Section.LISTED}
    assert len(phones.rows) == len(PHONES)


@pytest.mark.parametrize(
    ("links", "words"),
    [
        (["pdf/nfclist.pdf", "pdf/nfclist_2.pdf"], "found nfclist_2.pdf"),
        (["pdf/nfclist_2026.pdf?v=1"], "found nfclist_2026.pdf"),
        (["pdf/nfclist2.pdf", "old/nfclist2.pdf"], "expected one link to each edition"),
        (["pdf/x.pdf#対応していない機種一覧 nfclist"], None),
    ],
)
def test_a_name_of_another_form_is_no_edition(site: Site, links: list[str], words: str | None):
    site.page_at(INDEX, editions(*links))
    site.page_at("/prepare/pdf/nfclist.pdf", phone_list(PHONES), **PDF)
    found = fetch(site, "jpki-nfc")
    assert (found.failure is None) if words is None else words in found.failure


@pytest.mark.parametrize(
    "around",
    [
        '<h2>対応していない機種</h2><p><a href="pdf/nfclist2.pdf">一覧（PDF）</a></p>',
        '<p>旧版（2019年）<a href="pdf/nfclist2.pdf">PDF</a></p>',
        '<ul><li><a href="pdf/nfclist2.pdf">対応予定機種の一覧</a></li></ul>',
    ],
)
def test_a_link_that_speaks_of_another_list_is_refused(site: Site, around: str):
    site.page_at(INDEX, f"<html><title>x</title><body>{around}</body></html>")
    site.page_at("/prepare/pdf/nfclist2.pdf", phone_list(PHONES), **PDF)
    assert "expected a link to nfclistNUMBER.pdf, the current list" in fetch(site, "jpki-nfc").failure


@pytest.mark.parametrize("gone", ["<s>{}</s>", '<div style="display:none">{}</div>', "<del><p>{}</p></del>"])
def test_an_edition_struck_out_or_hidden_is_never_taken(site: Site, gone: str):
    withdrawn = gone.format('<a href="pdf/nfclist2.pdf">一覧（PDF）</a>')
    site.page_at("/prepare/pdf/nfclist.pdf", phone_list(PHONES), **PDF)
    for number in (1, 2):
        site.page_at(f"/prepare/pdf/nfclist{number}.pdf", phone_list(PHONES), **PDF)
    site.page_at(INDEX, f"<html><body>{withdrawn}</body></html>")
    assert "nfclist2.pdf struck out or hidden" in fetch(site, "jpki-nfc").failure
    site.page_at(INDEX, f'<html><body>{withdrawn}<p><a href="pdf/nfclist1.pdf">一覧</a></p></body></html>')
    found = fetch(site, "jpki-nfc")
    assert found.failure is None
    assert found.url.endswith("/nfclist1.pdf")


@pytest.mark.parametrize(
    "href",
    [
        "pdf/num_rwlist12.pdf?v=3#page=1",
        "PDF/../pdf/num%5Frwlist12.PDF?v=3",
        "https://WWW.jpki.go.jp:443/prepare/pdf/num_rwlist12.pdf?v=3",
    ],
)
def test_an_edition_is_known_however_its_address_is_written(site: Site, href: str):
    site.page_at(INDEX, editions("http://[bad", "javascript:void(0)", "mailto:a@b.c", href))
    for path in ("/prepare/pdf/num_rwlist12.pdf", "/prepare/pdf/num_rwlist12.PDF"):
        site.page_at(path, reader_list(READERS), **PDF)
    found = fetch(site, "jpki-readers")
    assert found.failure is None
    assert found.url.startswith("https://www.jpki.go.jp/prepare/pdf/num")


def test_the_links_of_a_page_start_where_its_base_says(site: Site):
    page = editions("num_rwlist12.pdf").replace("<title>", '<base href="/prepare/pdf/"><title>')
    site.page_at(INDEX, page)
    site.page_at("/prepare/pdf/num_rwlist12.pdf", reader_list(READERS), **PDF)
    assert fetch(site, "jpki-readers").failure is None


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.invalid/num_rwlist12.pdf",
        "http://www.jpki.go.jp/prepare/pdf/num_rwlist12.pdf",
        "https://www.jpki.go.jp@evil.invalid/num_rwlist12.pdf",
        "file:///etc/num_rwlist12.pdf",
        "//evil.invalid/num_rwlist12.pdf",
    ],
)
def test_a_link_to_anywhere_but_an_official_host_is_never_followed(site: Site, href: str):
    site.page_at(INDEX, editions(href))
    assert "expected a PDF of one of the official hosts" in fetch(site, "jpki-readers").failure
    assert [path for path, _ in site.requests] == ["/robots.txt", INDEX]


def test_an_unchanged_pdf_costs_a_304_and_a_new_edition_is_asked_for_whole(site: Site, folders: Folders):
    asked = []

    def marked(handler) -> None:
        asked.append((urlsplit(handler.path).path[-6:], handler.headers.get("If-None-Match")))
        body = b"" if asked[-1][1] == '"a"' else reader_list(READERS)
        handler.send_response(200 if body else 304)
        handler.send_header("ETag", '"a"')
        handler.send_header("Content-Type", "application/pdf")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.replies["/prepare/pdf/num_rwlist12.pdf"] = site.replies["/prepare/pdf/num_rwlist13.pdf"] = marked
    results = []
    for number in (12, 12, 13):
        site.page_at(INDEX, editions(f"pdf/num_rwlist{number}.pdf"))
        asking = Asking(site.base_urls, 20, ["jpki-readers"], settings=FAST)
        results.append(crawl(folders, asking)["sources"]["jpki-readers"])
    assert asked == [("12.pdf", None), ("12.pdf", '"a"'), ("13.pdf", None)]
    assert [result["result"] for result in results] == ["new", "unchanged", "unchanged"]
    assert results[2]["url"].endswith("num_rwlist13.pdf")
    build(folders)
    assert sql(folders, "SELECT url FROM source WHERE source_id = 'jpki-readers'") == [
        ("https://www.jpki.go.jp/prepare/pdf/num_rwlist13.pdf",)
    ]


def answer(body: str) -> str:
    return (
        '<html><h2 class="faq_qstCont_ttl">対応しているスマートフォンは？</h2>'
        f'<div id="faq_answer_contents"><p>更新日：2026-08-01</p>{body}</div></html>'
    )


def test_a_list_that_an_answer_links_to_is_read_as_if_it_stood_there(site: Site, folders: Folders):
    site.page("faq-2587", answer('<p>一覧は<a href="/files/list.pdf?v=2">こちら（PDF）</a>です。</p>'))
    site.page_at("/files/list.pdf", phone_list(PHONES), **PDF)
    result = crawl(folders, Asking(site.base_urls, 20, ["faq-2587"], settings=FAST))["sources"]["faq-2587"]
    assert (result["result"], result["sections"]) == ("new", {"listed": len(PHONES)})
    assert result["url"] == SOURCES["faq-2587"].url
    home = Archive(folders.archive).path / "faq-2587" / result["rows_hash"]
    assert {path.name for path in home.iterdir()} == {
        "page.gz",
        "page_before.gz",
        "rows.jsonl.gz",
        "snapshot.json",
    }


@pytest.mark.parametrize(
    ("body", "section"),
    [
        ('<h3>対応予定機種</h3><p><a href="/files/list.pdf">一覧（PDF）</a></p>', Section.PLANNED),
        ('<h3>対応していない機種</h3><ul><li><a href="/files/list.pdf">一覧</a></li></ul>', Section.EXCLUDED),
        ('<p><a href="/files/list.pdf">一覧</a></p><p>上記の機種は対応予定です。</p>', Section.PLANNED),
        ('<p><a href="/files/list.pdf">対応予定機種の一覧（PDF）</a></p>', Section.PLANNED),
    ],
)
def test_what_the_answer_says_around_the_link_holds_for_the_list(site: Site, body: str, section: Section):
    site.page("faq-2587", answer(body))
    site.page_at("/files/list.pdf", phone_list(PHONES), **PDF)
    found = fetch(site, "faq-2587")
    assert found.failure is None
    assert {row.section for row in found.rows} == {section}


@pytest.mark.parametrize(
    ("body", "reply", "words"),
    [
        (
            '<a href="https://evil.invalid/list.pdf">一覧</a>',
            {},
            "expected a PDF of one of the official hosts",
        ),
        ('<a href="/a.pdf">一覧</a><a href="/b.pdf">一覧</a>', {}, "a link to one PDF, found 2 PDFs"),
        ('<a href="/files/list.pdf">一覧</a>', {"status": 404}, "expected status 200, found 404"),
        ('<a href="/files/list.pdf">一覧</a>', {}, "PDF"),
        ("<p>準備中です。</p>", {}, "expected device rows"),
    ],
)
def test_a_link_that_leads_to_no_list_fails_with_its_reason(site: Site, body: str, reply: dict, words: str):
    site.page("faq-2587", answer(body))
    site.page_at("/files/list.pdf", b"%PDF-1.7 broken", **PDF, **reply)
    found = fetch(site, "faq-2587")
    assert words in found.failure
    assert found.rows == []


def test_a_pdf_that_takes_long_to_read_holds_up_no_other_host(site: Site, monkeypatch: pytest.MonkeyPatch):
    order = []

    def slow(body: bytes, where: str) -> str:
        time.sleep(1.5)
        order.append("list read")
        raise SourceChanged(where, "a list", "a slow one")

    def later(handler) -> None:
        time.sleep(0.5)
        order.append("other host answered")
        handler.send_error(404)

    monkeypatch.setattr("crawler.pdf_answer.read_pdf", slow)
    site.page_at("/prepare/pdf/nfclist.pdf", b"%PDF-", **PDF)
    site.page_at(INDEX, editions())
    site.replies["/mynaapp/system-requirements/"] = later
    bases = site.base_urls | {"services.digital.go.jp": site.url.replace("127.0.0.1", "localhost")}
    wanted = [SOURCES["jpki-nfc"], SOURCES["mynaapp-requirements"]]
    fetches = crawl_live(wanted, directions(SOURCES, bases), 20, FAST)
    assert order == ["other host answered", "list read"]
    assert "found 404" in fetches["mynaapp-requirements"].failure
