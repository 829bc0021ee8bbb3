"""The answer parser: saved pages with hand-checked rows, what it promises, and what no input may do."""

import contextlib
import json
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsel import Selector

from crawler.answer import Answer, parse_answer
from crawler.items import SourceChanged
from crawler.names import Section
from crawler.parser.entries import split_entries
from crawler.parser.selectors import one, some

PAGES = Path(__file__).parent / "pages"
MAIN, TEXT, COLUMN, BEHIND = "div#faq_answer_contents", ".faq_ansCont_txt", ".faq_ans_col", "h2.faq_ans_ttl"
UPDATED = date(2026, 8, 25)
ANSWERS: dict[str, tuple[str, list[str]]] = {
    "accordion": (MAIN, []),
    "body_only": ("main", ["AQUOSの新しいもの", "SH-41Aの使い方"]),
    "excluded_question": (MAIN, []),
    "footnotes": (MAIN, []),
    "headings_h": (MAIN, []),
    "headings_strong": (MAIN, []),
    "items_not_devices": (MAIN, ["再起動", "キャッシュ削除", "Pixel 9（GUR25）"]),
    "lines_brackets": (MAIN, []),
    "lines_pre": (MAIN, []),
    "lines_signs": (BEHIND, []),
    "list_definition": (MAIN, []),
    "list_definition_status": (MAIN, []),
    "list_flat": (COLUMN, ["NFC（Type B）に対応していること"]),
    "list_nested": (MAIN, []),
    "mixed_title": (BEHIND, []),
    "sections_prose": (MAIN, []),
    "sections_unknown": (MAIN, ["来月対応", "NFC非搭載機種"]),
    "sentences_after": (MAIN, ["上記以外の機種は対応していません。"]),
    "signs_legend": (MAIN, []),
    "struck_hidden": (
        MAIN,
        [
            *("Pixel 3（G013B）", "Pixel 4（G020N）", "Pixel 5（G5NZ6）", "Pixel 6（GR1YH）"),
            *("AQUOS R7 | SH-52C", "AQUOS R8 | SH-52D", "Xperia 1（SO-03L）"),
        ],
    ),
    "styled_carriers": (MAIN, []),
    "table_carriers": (MAIN, ["AQUOS zero | － | － | － | － | －"]),
    "table_headless": (MAIN, []),
    "table_makers_inside": (MAIN, []),
    "table_plain": (MAIN, []),
    "table_reordered": (MAIN, []),
    "table_rowspan": (MAIN, []),
    "table_section_rows": (TEXT, []),
    "table_side_by_side": (MAIN, []),
    "table_status": (MAIN, ["ソニー | Xperia 10 VI"]),
    "table_status_anywhere": (MAIN, []),
    "table_upright": (MAIN, []),
    "wrapped_layout": (MAIN, []),
}
FAILURES = {
    "fail_empty": ("an answer page", "an empty page"),
    "fail_empty_answer": ("text in div#faq_answer_contents", "an empty answer block"),
    "fail_login": ("an answer block", "ログイン"),
    "fail_maintenance": ("an answer block", "ただいまメンテナンス中です"),
    "fail_maintenance_inside": ("device rows in div#faq_answer_contents", "メンテナンスのため"),
    "fail_no_faq": ("an answer block", "該当するFAQはありません"),
    "fail_no_rows": ("device rows in div#faq_answer_contents", "対応機種の一覧は"),
    "fail_soft404": ("an answer block", "よくあるご質問"),
    "fail_unknown_header": ("a table with a known header", "甲 | 乙"),
}
SLOW = settings(max_examples=60, deadline=None)


def answer_of(body: str, question: str = "対応している機種を教えてください") -> Answer:
    title = f'<h2 class="faq_qstCont_ttl">{question}</h2>'
    return parse_answer(f'<body>{title}<div id="faq_answer_contents">{body}</div></body>', "test")


def sections(body: str) -> list[Section]:
    return [row.section for row in answer_of(body).rows]


@pytest.mark.parametrize("name", ANSWERS)
def test_saved_page_gives_its_golden_rows(name: str) -> None:
    answer = parse_answer((PAGES / f"{name}.html").read_text("utf-8"), name)
    golden = (PAGES / f"{name}.jsonl").read_text("utf-8").splitlines()
    assert [asdict(row) for row in answer.rows] == [json.loads(line) for line in golden]
    assert (answer.selector, answer.skipped) == ANSWERS[name]
    assert answer.printed_on == UPDATED


@pytest.mark.parametrize("name", FAILURES)
def test_page_that_is_no_list_raises_with_what_was_met(name: str) -> None:
    with pytest.raises(SourceChanged) as caught:
        parse_answer((PAGES / f"{name}.html").read_text("utf-8"), "faq-0")
    expected, found = FAILURES[name]
    assert caught.value.where == "faq-0"
    assert caught.value.expected.startswith(expected)
    assert found in caught.value.found
    assert len(caught.value.found) <= 100


DEVICE = "<p>AQUOS R9（SH-51E）</p>"


@pytest.mark.parametrize(
    "heading",
    [
        "<h3>対応予定機種（2025年2月以降）</h3>",
        "<h2>対応予定</h2><h3>シャープ</h3>",
        "<h3>対応予定</h3><h4>対応機種</h4>",
        "<h3>シャープ<br>対応予定</h3>",
        "<p>対応予定の機種：</p>",
        "<p>【対応予定】シャープ</p>",
        "<p>◎2025年3月以降の対応を予定しています</p>",
        "<h4>2025年2月以降対応</h4>",
        "<p>2025年2月以降</p>",
        "<p>※以下の機種は順次対応します</p>",
        "<p>（2）対応予定機種</p>",
        "<p><b>シャープ</b>（準備中）</p>",
        "<ul><li>今後対応する機種</li></ul>",
        "<p>次の機種は、来年の対応を予定しています。ご了承ください。</p>",
        "<h3>Coming soon</h3>",
        "<h3><button>対応予定</button></h3>",
        "<p><img src='title.png' alt='対応予定機種'></p>",
        "<aside>対応予定機種</aside>",
    ],
)
def test_nothing_under_a_planned_heading_is_listed(heading: str) -> None:
    assert sections(heading + DEVICE) == [Section.PLANNED]


@pytest.mark.parametrize(
    "heading",
    [
        "<h3>対象外の機種</h3>",
        "<h3>未対応</h3>",
        "<p>■ご利用いただけない機種</p>",
        "<h3>一部のAndroidを除く機種</h3>",
        "<p>以下の機種は対応していません。</p>",
        "<p><strong>対応していません。</strong></p>",
        "<dl><dt>非対応</dt></dl>",
        "<h3>動作が確認できなかった機種</h3>",
    ],
)
def test_nothing_under_an_excluded_heading_is_listed(heading: str) -> None:
    assert sections(heading + DEVICE) == [Section.EXCLUDED]


UNKNOWN_PLANNED = (
    *(
        "来月対応",
        "対応見込みの機種",
        "対応待ち機種",
        "4月1日から利用できる機種",
        "2026年春対応",
        "もうすぐ対応",
    ),
    *(
        "Upcoming",
        "リリース前",
        "テスト中の機種",
        "評価中",
        "現在対応作業中",
        "年内対応",
        "将来対応",
        "後日対応",
    ),
    *("対応スケジュール", "秋以降対応", "次期対応機種", "順次拡大", "発売前", "対応が遅れている機種"),
)
UNKNOWN_EXCLUDED = (
    *(
        "NFC非搭載機種",
        "対応機種から削除した機種",
        "対応を見合わせている機種",
        "動作保証外",
        "対象機種ではありません",
    ),
    *("掲載を終了した機種", "対応不能", "非推奨機種", "ご利用が難しい機種", "一部機能のみ対応", "×の機種"),
    *("Not supported", "Unsupported devices", "Android 10以下の機種", "既知の問題がある機種", "非対應"),
)


@pytest.mark.parametrize("shape", ["<h3>{}</h3>", "<p>【{}】</p>", "<p>■{}</p>", "<p><b>{}</b></p>"])
@pytest.mark.parametrize("heading", [*UNKNOWN_PLANNED, *UNKNOWN_EXCLUDED])
def test_heading_of_unknown_status_words_is_not_listed_and_no_maker(heading: str, shape: str) -> None:
    again = shape.format("対応機種")
    body = f"{again}<p>Pixel 9（GUR25）</p>{shape.format(heading)}{DEVICE}{again}<p>AQUOS R8（SH-52D）</p>"
    rows = answer_of(body).rows
    closed = Section.PLANNED if heading in UNKNOWN_PLANNED else Section.EXCLUDED
    assert [row.section for row in rows] == [Section.LISTED, closed, Section.LISTED]
    assert {row.maker for row in rows} == {""}


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "あ行",
            "A〜F",
            "日本電気",
            "中興通訊",
            "Unihertz",
            "前田電機",
            "その他",
            "法人向け機種",
            "SIMフリー",
        ),
        *("対応機種（2026年8月25日現在）", "2025年3月に追加した機種", "2023年発売", "Android 11以上の機種"),
        *("利用可能なスマートフォン", "カードの読み取りに対応している機種", "ご利用にあたっての注意事項"),
        *("カードの読み取りに対応したスマートフォン", "ご利用前の準備", "対応機種（主なもの）"),
        *("日本国内で販売されている機種", "動作確認が取れた機種", "以下の機種", "Supported devices"),
    ],
)
def test_neutral_heading_leaves_its_devices_listed(heading: str) -> None:
    answer = answer_of(f"<h3>{heading}</h3>{DEVICE}")
    assert [row.section for row in answer.rows] == [Section.LISTED]
    assert answer.skipped == []


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("利用不可", Section.EXCLUDED),
        ("ご使用になれません", Section.EXCLUDED),
        ("NFC非搭載のため利用できません", Section.EXCLUDED),
        ("×", Section.EXCLUDED),
        ("対応時期未定", Section.PLANNED),
        ("2025年3月より", Section.PLANNED),
        ("2026年3月以降対応", Section.PLANNED),
        ("２０２６年３月から対応します。", Section.PLANNED),
        ("現在対応しておらず、対応時期は未定です。", Section.PLANNED),
        ("2025年3月より対応済み", Section.LISTED),
        ("2024年12月に追加", Section.LISTED),
        ("5G非対応", Section.LISTED),
    ],
)
def test_note_that_says_no_takes_its_row_out(text: str, section: Section) -> None:
    row = f"<tr><td>AQUOS R9</td><td>SH-51E</td><td>{text}</td></tr>"
    table = f"<table><tr><th>機種名</th><th>型番</th><th>備考</th></tr>{row}</table>"
    assert sections(table) == [section]
    assert sections(f"<ul><li>AQUOS R9（SH-51E）※1</li></ul><p>※1 {text}</p>") == [section]


@pytest.mark.parametrize("text", ["対応予定", "対応見込み", "3月", "未定", "2026年3月以降", "テスト中"])
def test_status_column_with_a_time_to_come_is_planned(text: str) -> None:
    row = f"<tr><td>AQUOS R9</td><td>{text}</td></tr>"
    assert sections(f"<table><tr><th>機種名</th><th>対応状況</th></tr>{row}</table>") == [Section.PLANNED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<p>AQUOS R9は、現在ご利用いただけません。</p>"),
        ("<p>AQUOS R9（SH-51E）は、現在ご利用いただけません。</p>", ""),
        ("<p>●印の機種は対象外です。</p><ul><li>Pixel 9（GUR25）</li></ul>", ""),
    ],
)
def test_sentence_closes_only_the_device_that_it_names(before: str, after: str) -> None:
    sign = "●" if "●" in before else ""
    items = f"<li>AQUOS R9（SH-51E）{sign}</li><li>AQUOS R9 pro（SH-51F）</li>"
    rows = answer_of(f"{before}<ul>{items}</ul>{after}").rows
    assert [row.section for row in rows if "AQUOS" in row.name] == [Section.EXCLUDED, Section.LISTED]


def test_sentence_about_a_part_of_a_device_only_asks() -> None:
    text = "AQUOS R9のうちSIMフリー版は対応していません。"
    (row,) = answer_of(f"<ul><li>AQUOS R9（SH-51E）</li></ul><p>{text}</p>").rows
    assert (row.section, row.note) == (Section.LISTED, text)


def test_collapsed_panel_behind_its_title_is_printed() -> None:
    answer = answer_of(f"<h3 class='accordion-title'>シャープ</h3><div style='display:none'>{DEVICE}</div>")
    assert [row.maker for row in answer.rows] == ["シャープ"]


@pytest.mark.parametrize(
    "text",
    [
        "AQUOS R9（対応予定）",
        "AQUOS R9（来月対応）",
        "AQUOS R9（SH-51E、3月対応予定）",
        "来月対応：AQUOS R9（SH-51E）",
        "AQUOS R9（SH-51E） 2025年3月対応予定",
        "AQUOS R9（SH-51E）※対応予定",
        "AQUOS R9（SH-51E）は対応予定",
        "対応予定：AQUOS R9",
    ],
)
def test_a_row_that_says_planned_itself_is_planned(text: str) -> None:
    assert sections(f"<h3>対応機種</h3><ul><li>{text}</li></ul>") == [Section.PLANNED]


def test_unknown_status_between_table_rows_or_cell_lines_opens_a_section() -> None:
    rows = "<tr><td>AQUOS R8</td><td>SH-52D</td></tr><tr><td>来月対応</td><td></td></tr>"
    table = (
        f"<table><tr><th>機種名</th><th>型番</th></tr>{rows}<tr><td>AQUOS R9</td><td>SH-51E</td></tr></table>"
    )
    lines = "AQUOS R8<br>【来月対応】<br>AQUOS R9"
    cell = f"<table><tr><th>機種名</th><th>備考</th></tr><tr><td>{lines}</td><td></td></tr></table>"
    assert sections(table) == sections(cell) == [Section.LISTED, Section.PLANNED]


def test_row_whose_footnote_says_excluded_is_excluded() -> None:
    body = "<ul><li>AQUOS R9※1</li><li>AQUOS R8</li></ul><p>※1 本機種は対象外です。</p>"
    assert sections(body) == [Section.EXCLUDED, Section.LISTED]


@pytest.mark.parametrize(
    "text",
    [
        "なお、Android 10以下の機種はご利用いただけません。",
        "以下の機種以外は対応していません。",
        "<strong>ご注意：非対応の機種ではログインができませんので、あらかじめご了承ください。</strong>",
    ],
)
def test_a_general_sentence_opens_no_section(text: str) -> None:
    assert sections(f"<p>{text}</p>{DEVICE}") == [Section.LISTED]


def test_section_lasts_until_a_heading_of_the_same_or_higher_level() -> None:
    body = (
        "<h3>対応予定</h3><h4>ソニー</h4><p>Xperia 1（SO-51G）</p>"
        f"<h3>対応機種</h3>{DEVICE}<h4>対象外</h4><p>Galaxy A20（SC-02M）</p>"
        "<h2>対応端末</h2><p>Pixel 5（G5NZ6）</p>"
    )
    assert sections(body) == [Section.PLANNED, Section.LISTED, Section.EXCLUDED, Section.LISTED]


def test_section_behind_a_maker_holds_for_that_maker_only() -> None:
    body = f"<h4>シャープ（対応予定）</h4>{DEVICE}<h4>ソニー</h4><p>Xperia 1（SO-03L）</p>"
    assert [(row.maker, row.section) for row in answer_of(body).rows] == [
        ("シャープ", Section.PLANNED),
        ("ソニー", Section.LISTED),
    ]


def test_month_of_a_planned_heading_stands_in_the_note_of_each_row() -> None:
    rows = answer_of(f"<h3>対応予定（2025年2月以降）</h3>{DEVICE}<p>Pixel 10（GL066）※試験中</p>").rows
    assert [row.note for row in rows] == ["2025年2月以降", "試験中／2025年2月以降"]


@pytest.mark.parametrize(
    ("mark", "line"),
    [
        ("※1", "※1 注の文"),
        ("*2", "＊2：注の文"),
        ("注1", "（注1）注の文"),
        ("[1]", "[1] 注の文"),
        ("<sup>1</sup>", "<sup>※1</sup>注の文"),
        ("<sup>※３</sup>", "※3 注の文"),
        ("¹", "※1 注の文"),
        ("※", "※注の文"),
    ],
)
def test_footnote_mark_is_taken_off_and_resolved(mark: str, line: str) -> None:
    (row,) = answer_of(f"<ul><li>AQUOS sense4（SH-41A）{mark}</li></ul><p>{line}</p>").rows
    assert (row.name, row.model, row.note) == ("AQUOS sense4", "SH-41A", "注の文")


def test_mark_without_footnote_stays_in_the_note() -> None:
    (row,) = answer_of("<ul><li>AQUOS sense4（SH-41A※3）</li></ul>").rows
    assert (row.model, row.note) == ("SH-41A", "※3")


def test_footnote_to_which_nothing_points_is_reported() -> None:
    assert answer_of(f"{DEVICE}<p>※2 5Gモデルのみ</p>").skipped == ["※2 5Gモデルのみ"]


@pytest.mark.parametrize(
    ("text", "name", "model", "carrier"),
    [
        ("AQUOS sense4（SH-41A）", "AQUOS sense4", "SH-41A", ""),
        ("AQUOS sense4 SH-41A", "AQUOS sense4", "SH-41A", ""),
        ("AQUOS sense4：SH-41A / SH-M15、A003SH", "AQUOS sense4", "SH-41A / SH-M15、A003SH", ""),
        ("Xperia 5 II（ドコモ SO-52A、au SOG02）", "Xperia 5 II", "ドコモ SO-52A、au SOG02", ""),
        ("Galaxy S22　SC-51C（docomo）", "Galaxy S22", "SC-51C（docomo）", ""),
        ("Galaxy S22（docomo）", "Galaxy S22", "", "docomo"),
        ("Pixel 4a (5G)", "Pixel 4a (5G)", "", ""),
        ("Nothing Phone (2a)", "Nothing Phone (2a)", "", ""),
        ("iPhone SE（第3世代）", "iPhone SE（第3世代）", "", ""),
        ("OPPO A5 2020", "OPPO A5 2020", "", ""),
        ("Galaxy A52 5G", "Galaxy A52 5G", "", ""),
        ("Pixel 7（128GB）", "Pixel 7（128GB）", "", ""),
        ("SH-41A AQUOS sense4", "AQUOS sense4", "SH-41A", ""),
        ("ＳＨ－４１Ａ　ＡＱＵＯＳ", "ＡＱＵＯＳ", "ＳＨ－４１Ａ", ""),
    ],
)
def test_line_is_taken_apart_as_printed(text: str, name: str, model: str, carrier: str) -> None:
    (entry,) = split_entries(text)
    assert (entry.name, entry.model, entry.carrier) == (name, model, carrier)


def test_prose_is_dropped_but_never_a_model_number() -> None:
    answer = answer_of(
        f"<p>カードを用意してください。</p>{DEVICE}<p>SH-41Aは確認しています。</p><p>その他の端末あり</p>"
    )
    assert answer.skipped == ["SH-41Aは確認しています。", "その他の端末あり"]


@pytest.mark.parametrize(
    ("text", "printed_on"),
    [
        ("最終更新：２０２６年８月２５日", UPDATED),
        ("2026/08/25 10:00 更新", UPDATED),
        ("2026.8.25時点", UPDATED),
        ("令和8年8月25日（火）現在", UPDATED),
        ("更新日：2026年13月45日", None),
        ("公開日時 : 2020/06/04", None),
    ],
)
def test_printed_update_date_is_read(text: str, printed_on: date | None) -> None:
    answer = answer_of(f"<p>{text}</p>{DEVICE}")
    assert (answer.printed_on, len(answer.rows), answer.skipped) == (printed_on, 1, [])


def test_struck_out_device_is_reported_not_listed() -> None:
    rows = "<tr><td>Pixel 5</td><td>G5NZ6</td></tr><tr><td><s>Pixel 4</s></td><td></td></tr>"
    table = f"<table><tr><th>機種名</th><th>型番</th></tr>{rows}</table>"
    answer = answer_of(f"{table}<ul><li>Pixel 6</li><li><del>Pixel 3（G013B）</del></li></ul>")
    assert [row.name for row in answer.rows] == ["Pixel 5", "Pixel 6"]
    assert answer.skipped == ["Pixel 4", "Pixel 3（G013B）"]


def test_related_questions_give_no_rows() -> None:
    answer = answer_of(
        f"{DEVICE}<h3>関連するFAQ</h3><ul><li>AQUOS R8（SH-52D）が使えない</li><li>ログイン</li></ul>"
    )
    assert len(answer.rows) == 1
    assert answer.skipped == ["AQUOS R8（SH-52D）が使えない"]


def test_selectors_say_what_they_expected() -> None:
    page = Selector(text="<p>a</p><p>b</p>")
    assert len(some(page, "p", "here")) == 2
    with pytest.raises(SourceChanged, match="one element for p, found 2"):
        one(page, "p", "here")
    with pytest.raises(SourceChanged, match="elements for li, found none"):
        some(page, "li", "here")


SCRAPS = st.sampled_from(
    [
        *("<table>", "<tr>", "<td>", "<th rowspan=999999>", "<td colspan=9999>", "</table>", "<ul>", "<li>"),
        *("</li>", "</ul>", "<dl>", "<dt>", "<dd>", "<h3>", "</h3>", "<br>", "<strong>", "</strong>"),
        *("<sup>1</sup>", "<form>", "<!-- -->", "対応予定", "対応機種", "対象外", "【シャープ】", "■ソニー"),
        *("（", "）", "(", "[", "※1", "※", "注2", "AQUOS", "SH-41A", "（SH-41A）", "、", "：", "/", "○", "×"),
        *("－", "機種名", "型番", "備考", "ドコモ", "au", "2025年2月以降", "更新日：2026年8月25日", "です。"),
        *("\x00", "\ud800", " "),
    ]
)


@SLOW
@given(st.lists(SCRAPS | st.text(max_size=8), max_size=60))
def test_no_html_raises_anything_but_source_changed(parts: list[str]) -> None:
    for html in ("".join(parts), f'<div id="faq_answer_contents">{" ".join(parts)}</div>'):
        try:
            answer = parse_answer(html, "fuzz")
        except SourceChanged:
            continue
        assert all(row.name or row.model for row in answer.rows)


@SLOW
@given(st.lists(SCRAPS | st.just("MODEL"), max_size=60))
def test_no_model_number_vanishes(parts: list[str]) -> None:
    models = [f"SH-{number}A" for number in range(10, 10 + parts.count("MODEL"))]
    html = " ".join(parts)
    for model in models:
        html = html.replace("MODEL", f"AQUOS（{model}）", 1)
    try:
        answer = answer_of(html)
    except SourceChanged:
        return
    printed = " ".join([f"{row.name} {row.model} {row.note}" for row in answer.rows] + answer.skipped)
    assert [model for model in models if model not in printed] == []


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[tuple[str, str, str]]]:
    """Return an HTML table with columns in any order and merged maker cells, and its devices."""
    makers = draw(
        st.lists(
            st.sampled_from(["シャープ", "ソニー", "Google", "OPPO"]), min_size=1, max_size=4, unique=True
        )
    )
    order = draw(st.permutations(["maker", "name", "model"]))
    words = {
        "maker": draw(st.sampled_from(["メーカー", "ﾒｰｶｰ", "製造会社", "ブランド"])),
        "name": draw(st.sampled_from(["機種名", "端末名", "製品名", "対応機種"])),
        "model": draw(st.sampled_from(["型番", "型式", "モデル番号", "品番"])),
    }
    rows = ["<tr>" + "".join(f"<th>{words[kind]}</th>" for kind in order) + "</tr>"]
    devices: list[tuple[str, str, str]] = []
    for maker in makers:
        count = draw(st.integers(1, 4))
        for index in range(count):
            name, model = f"Phone {maker} {index}", f"SH-{10 + len(devices)}A"
            devices.append((maker, name, model))
            cells = {"name": f"<td>{name}</td>", "model": f"<td>{model}</td>"}
            cells["maker"] = f"<td rowspan={count}>{maker}</td>" if index == 0 else ""
            rows.append("<tr>" + "".join(cells[kind] for kind in order) + "</tr>")
    return f"<table>{''.join(rows)}</table>", devices


@SLOW
@given(tables())
def test_no_device_of_a_table_is_lost(table: tuple[str, list[tuple[str, str, str]]]) -> None:
    html, devices = table
    answer = answer_of(html)
    assert [(row.maker, row.name, row.model) for row in answer.rows] == devices
    assert answer.skipped == []


PLANNED_HEADINGS = st.sampled_from(
    [
        "<h2>対応予定機種</h2>",
        "<p>■対応予定</p>",
        "<p>【今後対応】</p>",
        "<p><b>準備中</b></p>",
        "<p>対応予定（3月）</p>",
    ]
)
BELOW = st.sampled_from(
    [
        "<h3>シャープ</h3>",
        "<h4>ソニー</h4>",
        "<p>【Google】</p>",
        "<p>■OPPO</p>",
        "<p><b>京セラ</b></p>",
        "<p>Android 11以上が必要です。</p>",
        "<ul><li>AQUOS R9</li><li>Xperia 1（SO-03L）</li></ul>",
        "<ul><li>シャープ<ul><li>AQUOS R8（SH-52D）</li></ul></li></ul>",
        "<p>Pixel 5<br>・Galaxy S22　SC-51C（docomo）</p>",
        "<table><tr><th>機種名</th><th>型番</th></tr><tr><td>Pixel 7</td><td>GVU6C</td></tr></table>",
        "<dl><dt>シャープ</dt><dd>AQUOS wish</dd><dt>Galaxy S23</dt><dd>SC-51D</dd></dl>",
    ]
)


@SLOW
@given(st.lists(BELOW, max_size=4), PLANNED_HEADINGS, st.lists(BELOW, max_size=8))
def test_what_stands_under_a_planned_heading_never_comes_out_listed(
    above: list[str], heading: str, below: list[str]
) -> None:
    before = f"{DEVICE}{''.join(above)}<h5>その他</h5>"
    listed = len(answer_of(before).rows)
    rows = answer_of(f"{before}{heading}{''.join(below)}").rows
    assert all(row.section is Section.PLANNED for row in rows[listed:])
    assert len(rows) - listed == len(answer_of(f"{DEVICE}{''.join(below)}").rows) - 1


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20000 + DEVICE,
        "<ul><li>シャープ" * 3000 + DEVICE,
        "<table><tr><td>" * 2000 + DEVICE,
        "<table>" + "<tr><td rowspan=65534 colspan=1000>x</td></tr>" * 300 + "</table>",
        "<p>" + "（" * 30000 + "</p>",
        "<p>" + "1月" * 20000 + "対応予定</p>",
        "<p>" + "※1、" * 10000 + "</p>",
        "<p>" + "AQUOS、SH-41A " * 5000 + "</p>",
        "<ul><li>AQUOS R9" + "・" * 30000 + "</li></ul>",
        "<h3>" + "対応 " * 5000 + "</h3>" + DEVICE,
        "<ul>" + "<li>AQUOS R9（SH-51E）</li>" * 500 + "</ul>" + "<p>AQUOS R9は対象外です。</p>" * 100,
        "".join(f'<p style="border-left:{i}px">【対応予定{i}】</p>{DEVICE}' for i in range(800)),
    ],
)
def test_no_page_makes_it_hang(html: str) -> None:
    # Of this process's own time: other programs on the machine do not count.
    began = time.process_time()
    with contextlib.suppress(SourceChanged):
        answer_of(html)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("sentence", "section"),
    [
        ("なお、AQUOS R9については準備が整い次第ご利用いただけます。", Section.PLANNED),
        ("SH-54Dは対象、SH-51Eは3月末までお待ちください。", Section.PLANNED),
        ("AQUOS R9は動作いたしません。", Section.EXCLUDED),
        ("これらの機種では、電子証明書の搭載はできません。", Section.EXCLUDED),
        ("以上、対応予定機種。", Section.PLANNED),
    ],
)
def test_a_sentence_in_other_words_closes_its_device(sentence: str, section: Section) -> None:
    body = f"<h3>シャープ</h3><ul><li>AQUOS R9（SH-51E）</li></ul><p>{sentence}</p>"
    assert sections(body) == [section]


@pytest.mark.parametrize(
    "sentence",
    [
        "AQUOS R9は、店頭でご確認のうえお求めください。",
        "以上の機種は次期バージョンからご利用いただけます。",
    ],
)
def test_a_sentence_that_is_not_understood_asks_about_the_device_it_names(sentence: str) -> None:
    body = f"<h3>シャープ</h3><ul><li>AQUOS R9（SH-51E）</li></ul><p>{sentence}</p>"
    assert [(row.section, row.note) for row in answer_of(body).rows] == [(Section.LISTED, sentence)]


@pytest.mark.parametrize(("mark", "note"), [("①", "①"), ("(1)", "1"), ("（予）", "予"), ("#", "#")])
def test_a_mark_that_no_line_explains_in_known_words_asks(mark: str, note: str) -> None:
    body = f"<h3>シャープ</h3><ul><li>AQUOS R9（SH-51E）{mark}</li></ul><p>{mark} 対応予定</p>"
    assert [(row.section, row.note) for row in answer_of(body).rows] == [(Section.LISTED, note)]


def test_a_footnote_of_a_plan_whose_mark_no_row_bears_asks_about_every_row() -> None:
    table = "<table><tr><th>機種名※1</th><th>型番</th></tr><tr><td>AQUOS R9</td><td>SH-51E</td></tr></table>"
    rows = answer_of(f"<h3>シャープ</h3>{table}<p>※1 対応予定の機種です</p>").rows
    assert [(row.section, row.note) for row in rows] == [(Section.LISTED, "対応予定の機種です")]


def test_a_line_across_a_table_counts_beside_a_merged_maker_cell() -> None:
    rows = "<tr><td rowspan=3>ソニー</td><td>Xperia 5 V</td><td>SO-53D</td></tr>"
    rows += "<tr><td colspan=2>以下、対応予定</td></tr><tr><td>Xperia 1 VI</td><td>SO-51E</td></tr>"
    table = f"<table><tr><th>メーカー</th><th>機種名</th><th>型番</th></tr>{rows}</table>"
    assert sections(table) == [Section.LISTED, Section.PLANNED]


@pytest.mark.parametrize("heading", ["自己責任でご利用いただく機種", "並行輸入品", "SIMフリー（×）"])
def test_a_heading_of_reserve_lists_nothing(heading: str) -> None:
    assert sections(f"<h3>{heading}</h3><ul><li>Xperia 1 VI（SO-51E）</li></ul>") == [Section.EXCLUDED]


@pytest.mark.parametrize(
    ("legend", "name", "model", "expected"),
    [
        ("※ 印の機種は、2099年9月以降に対応予定です。", "※AQUOS R9", "SH-51E", Section.PLANNED),
        ("★印の機種は対応予定です", "★AQUOS R9", "SH-51E", Section.PLANNED),
        ("●印の機種は対応していません", "●AQUOS R9", "SH-51E", Section.EXCLUDED),
        ("※1 対応予定", "※1AQUOS R9", "SH-51E", Section.PLANNED),
        ("※印の機種は対応予定です", "AQUOS R9", "※SH-51E", Section.PLANNED),
        ("＊印は対応予定です", "＊AQUOS R9（SH-51E）", "", Section.PLANNED),
    ],
)
def test_a_sign_in_front_of_a_device_in_a_cell_counts_as_one_behind_it(
    legend: str, name: str, model: str, expected: Section
) -> None:
    header = "<tr><th>機種名</th>" + ("<th>型番</th>" if model else "") + "</tr>"
    cells = f"<td>{name}</td>" + (f"<td>{model}</td>" if model else "")
    (row,) = answer_of(f"<p>{legend}</p><table>{header}<tr>{cells}</tr></table>").rows
    assert (row.name, row.model, row.section) == ("AQUOS R9", "SH-51E", expected)


@pytest.mark.parametrize(("sign", "note"), [("※", "※"), ("★", "★"), ("●", "")])
def test_a_sign_in_front_that_no_line_explains_asks_unless_it_is_a_bullet(sign: str, note: str) -> None:
    table = f"<tr><th>機種名</th><th>型番</th></tr><tr><td>{sign}AQUOS R9</td><td>SH-51E</td></tr>"
    (row,) = answer_of(f"<table>{table}</table>").rows
    assert (row.name, row.note) == ("AQUOS R9", note)
