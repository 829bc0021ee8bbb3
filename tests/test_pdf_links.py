"""The PDF to which an answer links instead of printing its list: what the answer says of it holds."""

import pytest

from crawler.answer import Answer
from crawler.names import Section
from crawler.pdf_links import linked_pdfs, parse_linked

ROWS = "<tr><td>AQUOS R9</td><td>SH-51E</td></tr><tr><td>Xperia 1 VI</td><td>SO-51E</td></tr>"
FRAGMENT = f"<p>対応機種一覧</p><table><tr><td>機種名</td><td>型番</td></tr>{ROWS}</table><p>対応機種</p>"
LINK = '<a href="/list.pdf">PDF</a>'


def page(body: str) -> str:
    return (
        '<html><h2 class="faq_qstCont_ttl">対応しているスマートフォンは？</h2>'
        f'<div id="faq_answer_contents"><p>更新日：2026-08-01</p>{body}</div></html>'
    )


def linked(body: str) -> Answer:
    (href,) = linked_pdfs(page(body))
    return parse_linked(page(body), href, FRAGMENT, "test")


LAYOUTS = {
    "paragraphs": "<p>{}</p><p>" + LINK + "</p>",
    "lines": "<p>{}<br>" + LINK + "</p>",
    "lines of a div": "<div>{}<br>" + LINK + "<br>対応機種<br>準備中です</div>",
    "table": "<table><tr><th>{}</th><td>"
    + LINK
    + "</td></tr><tr><th>対応機種</th><td>準備中</td></tr></table>",
    "definition": "<dl><dt>{}</dt><dd>" + LINK + "</dd></dl>",
    "items": "<ul><li>{}<ul><li>" + LINK + "</li></ul></li></ul>",
    "heading": "<h3>{}</h3>" + LINK,
    "link": '<p><a href="/list.pdf">{}</a></p>',
    "bare link": '<a href="/list.pdf">{}</a>',
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("動作が確認できなかった機種（PDF）", Section.EXCLUDED),
        ("サポート終了機種（PDF）", Section.EXCLUDED),
        ("対応していない機種はこちら（PDF）", Section.EXCLUDED),
        ("対応予定機種（2026年12月1日現在）", Section.PLANNED),
        ("対応予定機種", Section.PLANNED),
    ],
)
def test_a_status_beside_the_link_takes_the_whole_list_out(text: str, section: Section, layout: str) -> None:
    assert {row.section for row in linked(LAYOUTS[layout].format(text)).rows} == {section}


@pytest.mark.parametrize(
    ("body", "section"),
    [
        (f"<p>読み取りに対応していない機種の一覧を掲載しています。</p><p>{LINK}</p>", Section.EXCLUDED),
        ('<p>旧アプリの対応機種一覧は<a href="/list.pdf">こちら</a></p>', Section.EXCLUDED),
        (f"<p>次の機種では読み取りが失敗します</p>{LINK}", Section.EXCLUDED),
        (f"<p>{LINK}は対象外の機種です。</p>", Section.EXCLUDED),
        (f"{LINK}は対象外の機種です。", Section.EXCLUDED),
        (f"<p>2027年春に対応する機種です。</p><p>{LINK}</p>", Section.PLANNED),
        (f"<p>以下の機種は2027年3月に対応いたします。</p><p>{LINK}</p>", Section.PLANNED),
        (f"<p>{LINK}</p><p>上記の機種は対応予定です。</p>", Section.PLANNED),
    ],
)
def test_a_sentence_about_the_linked_list_is_understood(body: str, section: Section) -> None:
    assert {row.section for row in linked(body).rows} == {section}


@pytest.mark.parametrize(
    "text",
    [
        *("店頭でご確認ください。", "別アプリの対応機種一覧です。", "一部の機種では利用できません。"),
        *("旧アプリの対応機種一覧はこちら", "2027年から対応する機種の資料です。", "法人向けの一覧です。"),
    ],
)
@pytest.mark.parametrize("body", ["<p>{}</p><p>" + LINK + "</p>", "<p>" + LINK + "</p><p>{}</p>"])
def test_a_sentence_that_is_not_known_as_harmless_asks_about_every_row(text: str, body: str) -> None:
    rows = linked(body.format(text)).rows
    assert all(text in row.note or row.section is not Section.LISTED for row in rows)


@pytest.mark.parametrize(
    "body",
    [
        '<p>一覧は<a href="/list.pdf?v=2">こちら（PDF）</a>です。</p>',
        f"<p>{LINK}</p>",
        f"<ul><li>{LINK}</li></ul>",
        f"<p>対応機種一覧（2026年8月1日現在）</p>{LINK}<p>PDFの閲覧にはAdobe Readerが必要です。</p>",
        f"<p>対応機種については、以下のPDFをご覧ください。</p>{LINK}",
        f"<p>一覧をダウンロードしてご確認ください。</p>{LINK}<p>一覧に掲載のない機種は対応していません。</p>",
        f"<p>マイナンバーカードの読み取りに対応したスマートフォン等一覧（PDF：120KB）</p>{LINK}",
        f"<h3>対応機種</h3><p>{LINK}</p><h3>対応予定機種</h3><p>現在ありません。</p>",
        f"<table><tr><th>対応機種</th><td>{LINK}</td></tr><tr><th>対応予定機種</th><td>なし</td></tr></table>",
    ],
)
def test_a_plain_link_leaves_its_list_listed_and_asks_nothing(body: str) -> None:
    answer = linked(body)
    assert [(row.section, row.note) for row in answer.rows] == [(Section.LISTED, "")] * 2
    assert answer.skipped == []


@pytest.mark.parametrize(
    ("body", "hrefs"),
    [
        ('<a href="http://[bad">x</a><a href="/list.pdf">一覧</a>', ["/list.pdf"]),
        ('<a href="/list.pdf#page=2">2</a><a href=" /list.pdf ">一覧</a>', ["/list.pdf"]),
        ('<a href="/a.pdf">一覧</a><a href="/b.pdf">一覧</a>', ["/a.pdf", "/b.pdf"]),
        ('<a href="http://[bad.pdf">x</a>', []),
    ],
)
def test_an_odd_link_hides_no_other_and_a_place_in_a_pdf_is_that_pdf(body: str, hrefs: list[str]) -> None:
    assert linked_pdfs(page(body)) == hrefs


@pytest.mark.parametrize(
    "gone",
    [
        *("<s>{}</s>", "<p><del>{}</del></p>", '<p style="text-decoration: line-through">{}</p>'),
        *("<p hidden>{}</p>", '<div style="display:none"><p>{}</p></div>', "<noscript>{}</noscript>"),
    ],
)
def test_a_link_struck_out_or_hidden_is_not_followed(gone: str) -> None:
    body = gone.format(LINK)
    assert linked_pdfs(page(body)) == []
    assert linked_pdfs(page(body + '<p><a href="/new.pdf">一覧</a></p>')) == ["/new.pdf"]


@pytest.mark.parametrize("inside", ["<s>対応機種一覧</s>", '<span style="display:none">一覧</span>'])
def test_a_link_whose_words_are_struck_out_or_hidden_is_not_followed(inside: str) -> None:
    assert linked_pdfs(page(f'<p><a href="/list.pdf">{inside}</a></p>')) == []


def test_a_link_in_a_folded_panel_or_around_a_picture_is_followed() -> None:
    folded = f'<h3 class="accordion-title">一覧</h3><div style="display:none">{LINK}</div>'
    assert linked_pdfs(page(folded)) == ["/list.pdf"]
    assert linked_pdfs(page('<p><a href="/list.pdf"><img src="a.png"></a></p>')) == ["/list.pdf"]


@pytest.mark.parametrize("text", ["検討機種", "先行対応機種", "β版"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_unknown_words_beside_the_link_ask_about_every_row(text: str, layout: str) -> None:
    rows = linked(LAYOUTS[layout].format(text)).rows
    assert all(text in row.note or row.section is not Section.LISTED for row in rows)
