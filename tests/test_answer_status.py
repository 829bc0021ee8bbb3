"""Status lines and sentences around a list: what is not plainly LISTED closes or asks."""

import pytest

from crawler.answer import Answer
from crawler.names import Section
from tests.test_answer import DEVICE, answer_of, sections

LIST = "<ul><li>AQUOS R9（SH-51E）</li></ul>"
TABLE = "<table><tr><th>機種名</th><th>型番</th></tr><tr><td>AQUOS R9</td><td>SH-51E</td></tr></table>"
LINES = "<p>AQUOS R9（SH-51E）<br>AQUOS R9（SH-51E）</p>"
BLOCKS = {"list": LIST, "table": TABLE, "lines": LINES}


def found(answer: Answer) -> set[tuple[Section, bool]]:
    """Return the sections of the rows, each with whether the rows ask."""
    return {(row.section, bool(row.note)) for row in answer.rows}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("line", ["<p>{}</p>", "<div>{}<br></div>", "<p><b>{}</b></p>", "<h3>{}</h3>"])
@pytest.mark.parametrize(
    ("status", "section"),
    [
        ("対応予定機種（2026年12月1日現在）", Section.PLANNED),
        ("対応予定機種（2026年12月1日更新）", Section.PLANNED),
        ("対応予定機種（PDF）", Section.PLANNED),
        ("対応予定機種［PDF：120KB］", Section.PLANNED),
        ("2026年12月1日現在の対応予定機種", Section.PLANNED),
        ("対応予定機種 更新日：2026年12月1日", Section.PLANNED),
        ("対応予定機種一覧はこちら（PDF）", Section.PLANNED),
        ("動作が確認できなかった機種（PDF）", Section.EXCLUDED),
        ("サポート終了機種（令和8年12月1日時点）", Section.EXCLUDED),
        ("対応していない機種はこちら（PDF）", Section.EXCLUDED),
    ],
)
def test_a_status_line_holds_whatever_date_or_file_stands_beside_it(
    status: str, section: Section, line: str, block: str
) -> None:
    above = "<p>対応機種</p><ul><li>Pixel 9（GUR25）</li></ul>" if line == "<p>{}</p>" else ""
    rows = answer_of(above + line.format(status) + BLOCKS[block]).rows
    assert {row.section for row in rows if row.model == "SH-51E"} == {section}
    assert {row.section for row in rows if row.model == "GUR25"} <= {Section.LISTED}


@pytest.mark.parametrize("shape", ["<p>{}</p>", "<h3>{}</h3>"])
def test_a_listed_title_with_its_date_ends_a_planned_one(shape: str) -> None:
    listed = shape.format("対応機種（2026年12月1日現在）")
    assert sections(f"{shape.format('対応予定')}{LIST}{listed}{LIST}") == [Section.PLANNED, Section.LISTED]


@pytest.mark.parametrize("block", ["list", "table"])
@pytest.mark.parametrize(
    ("sentence", "section"),
    [
        ("次の機種では読み取りが失敗します", Section.EXCLUDED),
        ("次の機種では読み取りが失敗します。", Section.EXCLUDED),
        ("対応していない機種は以下のとおりです。", Section.EXCLUDED),
        ("対応していない機種につきましては下記をご確認ください。", Section.EXCLUDED),
        ("読み取りに対応していない機種の一覧を掲載しています。", Section.EXCLUDED),
        ("読み取りに難のある機種一覧", Section.EXCLUDED),
        ("対応を検討している機種一覧", Section.PLANNED),
        ("対応予定の機種は次の一覧をご覧ください。", Section.PLANNED),
        ("2027年春に対応する機種です。", Section.PLANNED),
        ("以下の機種は2027年3月に対応いたします。", Section.PLANNED),
        ("次ページの機種は対応を予定しています。", Section.PLANNED),
    ],
)
def test_a_sentence_before_the_devices_is_understood(sentence: str, section: Section, block: str) -> None:
    assert sections(f"<p>{sentence}</p>{BLOCKS[block]}") == [section]


def test_a_heading_that_is_a_sentence_is_understood() -> None:
    assert sections(f"<h3>次の機種では読み取りが失敗します</h3>{LIST}") == [Section.EXCLUDED]


@pytest.mark.parametrize("shape", ["<p>{}</p>", "<h3>{}</h3>"])
def test_an_announcement_in_unknown_words_asks_about_what_it_announces(shape: str) -> None:
    text = "以下の機種では読み取りに時間がかかります"
    rows = answer_of(f"{DEVICE}{shape.format(text)}{LIST}<h3>対応機種</h3>{LIST}").rows
    assert [row.note for row in rows] == ["", text, ""]


@pytest.mark.parametrize("block", ["list", "table"])
@pytest.mark.parametrize(
    "sentence",
    [
        *("以下の機種でご利用いただけます。", "以下の機種に対応しています。", "対応機種は以下のとおりです。"),
        *("次のスマートフォンをご確認ください。", "以下の機種です。", "対応機種一覧を掲載しています。"),
        *("マイナンバーカードの読み取りに対応する機種は以下のとおりです。", "2025年3月に対応した機種です。"),
        *("対応機種を掲載しています。掲載のない機種は対応していません。",),
        *("2025年3月に対応機種を追加しました。", "赤字は今回追加した機種です。"),
    ],
)
def test_a_plain_sentence_before_the_devices_asks_nothing(sentence: str, block: str) -> None:
    assert found(answer_of(f"<p>{sentence}</p>{BLOCKS[block]}")) == {(Section.LISTED, False)}


UNSEEN = (
    *("網掛けの機種は対応予定です", "グレーの機種は利用できません", "色付きの機種は対応予定です。"),
    *(
        "赤字の機種は対応していません",
        "太字の機種は2027年3月に対応いたします。",
        "下線のある機種は対象外です",
    ),
    *("背景色が黄色の機種は対応予定です", "黄色の機種は対応予定", "着色した機種はご利用いただけません。"),
    *("※網掛けの機種は対応予定です", "網掛け：対応予定", "赤字は対応予定"),
)


@pytest.mark.parametrize("place", ["{0}{1}", "{1}{0}"])
@pytest.mark.parametrize("shape", ["<p>{}</p>", "<h3>{}</h3>"])
@pytest.mark.parametrize("sentence", UNSEEN)
def test_a_sentence_about_colour_or_weight_asks_about_every_row(
    sentence: str, shape: str, place: str
) -> None:
    answer = answer_of(place.format(shape.format(sentence), LIST + TABLE))
    assert found(answer) == {(Section.LISTED, True)}


@pytest.mark.parametrize(
    "sentence",
    [
        "前ページの機種は現在利用できません。",
        "前のページの機種は対応していません。",
        "前頁の表の機種は対象外です。",
    ],
)
def test_a_sentence_about_the_page_before_closes_its_rows(sentence: str) -> None:
    rows = answer_of(f"<h3>シャープ</h3>{LIST}<h3>ソニー</h3>{LIST}<p>{sentence}</p>{TABLE}").rows
    assert [row.section for row in rows] == [Section.EXCLUDED, Section.EXCLUDED, Section.LISTED]


@pytest.mark.parametrize(
    ("link", "leftover"),
    [
        ('<p><a href="more.pdf">対応予定機種一覧（PDF）</a></p>', ["対応予定機種一覧（PDF）"]),
        ('<p>その他の機種は<a href="more.pdf#page=2">こちら</a></p>', ["その他の機種はこちら"]),
        ('<div>x<br>全機種リスト：<a href="/MORE.PDF?v=1">PDF</a><br></div>', ["全機種リスト：PDF"]),
        ('<p><a href="how.pdf">操作方法（PDF）</a></p>', []),
        ('<p><a href="http://[bad">対応機種一覧</a></p>', []),
        ('<p><a href="list.html">対応機種一覧</a></p>', []),
    ],
)
def test_a_linked_list_beside_printed_rows_is_reported(link: str, leftover: list[str]) -> None:
    answer = answer_of(LIST + link)
    assert [row.section for row in answer.rows] == [Section.LISTED]
    assert [line for line in answer.skipped if line != "x"] == leftover


UNKNOWN = (
    *("検討機種", "候補機種", "保留機種", "参考機種", "リコール機種", "対応打ち切り機種", "対応切れ"),
    *("近々対応機種", "先行対応機種", "β版対応機種", "β版", "ベータ版", "Out of scope", "アウト"),
    *("検討端末一覧", "特別対応機種", "回収対象機種"),
)
CALM = (
    *(
        "シャープ",
        "日本電気",
        "Unihertz",
        "ドコモ",
        "対応機種",
        "対応機種一覧（全120機種）",
        "最新の対応機種",
    ),
    *(
        "カードの読み取りに対応したスマートフォン",
        "NFC搭載スマートフォン",
        "2023年発売の機種",
        "新規対応機種",
    ),
    *(
        "Android端末",
        "マイナポータルアプリ対応機種",
        "スマホ用電子証明書対応機種",
        "シャープ製の機種",
        "その他",
    ),
    *("TONEスマートフォン", "ログアウトについて", "AQUOSシリーズ", "au（KDDI）対応機種"),
)
SHAPES = ("<h3>{}</h3>", "<p>【{}】</p>", "<p>■{}</p>", "<p><b>{}</b></p>")


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("heading", UNKNOWN)
def test_a_heading_in_unknown_words_asks_about_its_rows(heading: str, shape: str, block: str) -> None:
    listed, maker = shape.format("対応機種"), shape.format("シャープ")
    body = f"{DEVICE}{shape.format(heading)}{BLOCKS[block]}{maker}{DEVICE}{listed}{DEVICE}"
    rows = answer_of(body).rows
    assert all(heading in row.note for row in rows[1:-1])
    assert (rows[0].note, rows[-1].note, rows[-1].section) == ("", "", Section.LISTED)
    assert heading not in {row.maker for row in rows}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("shape", [*SHAPES, "<p>{}</p>"])
@pytest.mark.parametrize("heading", CALM)
def test_a_harmless_heading_asks_nothing(heading: str, shape: str, block: str) -> None:
    assert found(answer_of(shape.format(heading) + BLOCKS[block])) == {(Section.LISTED, False)}


@pytest.mark.parametrize("heading", UNKNOWN)
@pytest.mark.parametrize(
    "body",
    [
        "<p>{}</p>" + LIST,
        "<p>{}</p>" + TABLE,
        "<p>{}</p>" + DEVICE,
        "<p>{}：AQUOS R9（SH-51E）</p>",
        "<h3>{}（PDF：120KB）</h3>" + DEVICE,
        "<table><tr><th>機種名</th><th>型番</th></tr><tr><td>{}</td><td></td></tr>"
        "<tr><td>AQUOS R9</td><td>SH-51E</td></tr></table>",
        "<ul><li>{}<ul><li>AQUOS R9（SH-51E）</li></ul></li></ul>",
        "<dl><dt>{}</dt><dd>AQUOS R9（SH-51E）</dd></dl>",
    ],
)
def test_unknown_words_ask_wherever_they_stand(body: str, heading: str) -> None:
    assert found(answer_of(body.format(heading))) == {(Section.LISTED, True)}


def test_unknown_words_over_a_column_or_in_a_cell_ask() -> None:
    head = "<table><tr><th>{}</th><th>型番</th></tr><tr><td>{}AQUOS R9</td><td>{}</td></tr></table>"
    assert found(answer_of(head.format("検討機種", "", "SH-51E"))) == {(Section.LISTED, True)}
    assert found(answer_of(head.format("機種名", "【検討機種】<br>", ""))) == {(Section.LISTED, True)}


def test_unknown_words_never_lift_rows_out_of_a_plan() -> None:
    body = f"<h3>対応予定機種</h3>{LIST}<h3>先行対応機種</h3>{LIST}"
    assert sections(body) == [Section.PLANNED, Section.PLANNED]
