"""PDF lists: what is printed becomes the rows a reader would read, and what is no list is refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crawler.pdf
from crawler.answer import Answer
from crawler.items import SourceChanged
from crawler.names import Section
from crawler.pdf import read_pdf
from crawler.pdf.document import UnreadablePdf, pdf_html
from crawler.pdf_answer import parse_fragment, parse_pdf
from tests import pdfs
from tests.pdfs import LEFT, PHONE_HEADER, PHONE_WIDTHS, Paper, one_table, paged, width_of

NAMED, NAMED_WIDTHS = ["メーカー", "機種名", "型番"], [80, 180, 110]
TITLE = "マイナンバーカードの読み取りに対応したスマートフォン一覧"
SENSE = ["シャープ", "AQUOS sense4", "SH-41A"]
R9 = ["シャープ", "AQUOS R9", "SH-51E"]
XPERIA = ["ソニー", "Xperia 1 VI", "SO-51E"]
PIXEL = ["Google", "Pixel 9", "GUR25"]


def answer_of(body: bytes, title: str = "対応している機種を教えてください") -> Answer:
    return parse_fragment(pdf_html(body), "test", title)


def devices(body: bytes) -> list[tuple[str, str, str]]:
    return [(row.maker, row.name, row.model) for row in answer_of(body).rows]


def sections(body: bytes) -> dict[str, Section]:
    return {row.model: row.section for row in answer_of(body).rows}


def named(*rows: list[str], **more: object) -> bytes:
    return one_table([NAMED, *rows], NAMED_WIDTHS, **more)  # type: ignore[arg-type]


def cell_lines(text: str, width: float) -> list[str]:
    """Return the lines of a name cell that prints `text`, a line feed where a line ends."""
    html = pdf_html(one_table([["機種名", "備考"], [text, "-"]], [width, 60]))
    return html.split("<td>")[3].split("</td>")[0].split("<br>")


def as_tuples(*rows: list[str]) -> list[tuple[str, ...]]:
    return [tuple(row) for row in rows]


def test_pages_with_repeated_headers_are_one_table():
    body = paged([[["1", *SENSE, ""], ["2", *R9, ""]], [["3", *XPERIA, ""]], [["4", *PIXEL, ""]]])
    html = pdf_html(body)
    assert html.count("<table>") == 1
    assert html.count("機種名") == 1
    assert devices(body) == as_tuples(SENSE, R9, XPERIA, PIXEL)


def test_pages_without_repeated_headers_are_one_table():
    pages = [[PHONE_HEADER, ["1", *SENSE, ""]], [["2", *XPERIA, ""]]]
    assert devices(paged(pages, header=[])) == as_tuples(SENSE, XPERIA)


def test_page_numbers_are_dropped_and_running_titles_stand_once():
    html = pdf_html(paged([[["1", *SENSE, ""]], [["2", *R9, ""]]]))
    assert "1/2" not in html
    assert "2/2" not in html
    assert html.count(TITLE) == 1


@pytest.mark.parametrize(
    "number", ["- {} -", "{} / 3", "{} ページ", "P.{}", "Page {} of 3", "－{}－", "{}頁"]
)
def test_every_form_of_page_number_is_known(number: str):
    paper = Paper()
    for page, row in enumerate((SENSE, R9, XPERIA), 1):
        paper.table(80, [NAMED, row], NAMED_WIDTHS)
        paper.text(290, 800, number.format(page))
        paper.turn()
    html = pdf_html(paper.done())
    assert html.count("<table>") == 1
    assert "<p>" not in html


def test_running_title_with_a_status_word_is_kept_on_every_page():
    body = paged([[["1", *SENSE, ""]], [["2", *R9, ""]]], title="対応予定機種一覧")
    assert pdf_html(body).count("対応予定機種一覧") == 2
    assert set(sections(body).values()) == {Section.PLANNED}


DOUBTFUL = (
    "テスト中の機種",
    "検討機種",
    "NFC非搭載機種",
    "参考機種",
    "β版",
    "以下の機種では時間がかかります",
)


@pytest.mark.parametrize("place", ["line", "row", "wide row"])
@pytest.mark.parametrize("heading", DOUBTFUL)
def test_doubtful_heading_on_every_page_holds_on_every_page(heading: str, place: str):
    """Page 1 ends in a block of 対応機種; the heading at the top of page 2 is no furniture."""
    paper = Paper()
    spans = {(0, 0): (1, 3), (3, 0): (1, 3)} if place == "wide row" else {(3, 0): (1, 3)}
    inside = [[heading, "", ""]] if place != "line" else []
    for rows in ([SENSE, ["対応機種", "", ""], R9], [XPERIA, ["対応機種", "", ""], PIXEL]):
        if place == "line":
            paper.text(LEFT, 50, f"■{heading}")
        paper.table(80, [*inside, NAMED, *rows], NAMED_WIDTHS, spans if inside else {(2, 0): (1, 3)})
        paper.turn()
    try:
        rows = answer_of(paper.done()).rows
    except SourceChanged:
        assert (place, heading) == ("row", DOUBTFUL[-1])
        return
    plain = {row.model for row in rows if row.section is Section.LISTED and not row.note}
    assert not plain & {"SH-41A", "SO-51E"}
    assert {row.model for row in rows} == {"SH-41A", "SH-51E", "SO-51E", "GUR25"}


@pytest.mark.parametrize("heading", DOUBTFUL[:3])
def test_first_row_that_may_be_a_header_in_doubtful_words_is_no_device(heading: str):
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.turn()
    paper.table(80, [["会社", heading, "符号"], XPERIA], NAMED_WIDTHS)
    try:
        rows = answer_of(paper.done()).rows
    except SourceChanged:
        return
    assert not [
        row for row in rows if row.model == "SO-51E" and row.section is Section.LISTED and not row.note
    ]


@pytest.mark.parametrize("heading", DOUBTFUL[:5])
@pytest.mark.parametrize("foot", ["", "※ OSの更新が必要です"])
def test_doubtful_section_inside_a_table_holds_over_the_page_break(heading: str, foot: str):
    paper = Paper()
    paper.table(80, [NAMED, SENSE, [heading, "", ""], R9], NAMED_WIDTHS, {(2, 0): (1, 3)})
    paper.text(LEFT, 780, foot)
    paper.turn()
    paper.table(80, [NAMED, XPERIA], NAMED_WIDTHS)
    rows = answer_of(paper.done()).rows
    plain = [row.model for row in rows if row.section is Section.LISTED and not row.note]
    assert plain == ["SH-41A"]


def test_printed_date_is_found_in_both_calendars():
    rows = [[["1", *SENSE, ""]]]
    for printed in (
        "2025年7月10日現在",
        "令和7年7月10日現在",
        "（２０２５年７月１０日時点）",
        "2025/07/10更新",
    ):
        assert answer_of(paged(rows, date=printed)).printed_on == date(2025, 7, 10)


def test_merged_maker_cell_holds_for_all_its_rows():
    body = named(SENSE, ["", *R9[1:]], XPERIA, spans={(1, 0): (2, 1)})
    assert 'rowspan="2"' in pdf_html(body)
    assert devices(body) == as_tuples(SENSE, R9, XPERIA)


def test_merged_cells_across_columns_become_colspans():
    body = named(["対応予定機種", "", ""], SENSE, spans={(1, 0): (1, 3)})
    assert 'colspan="3"' in pdf_html(body)
    assert sections(body) == {"SH-41A": Section.PLANNED}


def test_maker_cell_cut_by_a_page_break_keeps_its_maker():
    first = [["1", *SENSE, ""], ["2", "", "AQUOS R8", "SH-52D", ""]]
    second = [["3", "", *R9[1:], ""], ["4", "", "AQUOS R7", "SH-52C", ""], ["5", *XPERIA, ""]]
    for spans in ([{(1, 1): (2, 1)}, {(1, 1): (2, 1)}], []):
        body = paged([first, second], spans=spans)
        assert [maker for maker, _, _ in devices(body)] == ["シャープ"] * 4 + ["ソニー"]
    second[0][1] = "シャープ"
    assert [maker for maker, _, _ in devices(paged([first, second]))] == ["シャープ"] * 4 + ["ソニー"]


def test_note_cell_cut_by_a_page_break_holds_for_the_rows_on_both_sides():
    first = [["1", *SENSE, ""], ["2", *R9, "対応予定"], ["3", "", "AQUOS R8", "SH-52D", ""]]
    second = [["4", "", "AQUOS R7", "SH-52C", ""], ["5", *XPERIA, ""], ["6", *PIXEL, ""]]
    found = sections(paged([first, second], spans=[{(2, 4): (2, 1)}, {(1, 4): (2, 1)}]))
    assert [model for model, section in found.items() if section is Section.LISTED] == ["SH-41A", "GUR25"]


def test_row_cut_by_a_page_break_keeps_its_note():
    body = paged(
        [[["1", *SENSE, ""], ["2", *R9, "この機種は"]], [["", "", "", "", "対象外"], ["3", *XPERIA, ""]]]
    )
    rows = answer_of(body).rows
    assert [row.model for row in rows] == ["SH-41A", "SH-51E", "SO-51E"]
    assert [row.section for row in rows] == [Section.LISTED, Section.EXCLUDED, Section.LISTED]


def test_model_of_the_page_before_is_never_given_to_another_device():
    first = [
        ["1", *SENSE, ""],
        ["2", "シャープ", "AQUOS R8", "SH-52D", ""],
        ["3", "", "AQUOS R8 pro", "", ""],
    ]
    second = [["4", "シャープ", "AQUOS R9 pro", "", ""]]
    rows = answer_of(paged([first, second], spans=[{(2, 3): (2, 1)}, {}])).rows
    assert [(row.name, row.model) for row in rows][-1] == ("AQUOS R9 pro", "")


def test_heading_between_tables_ends_the_continuation_and_holds():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.turn()
    paper.text(LEFT, 60, "■対応予定機種")
    paper.table(80, [R9, XPERIA], NAMED_WIDTHS)
    body = paper.done()
    assert devices(body) == as_tuples(SENSE, R9, XPERIA)
    assert list(sections(body).values()) == [Section.LISTED, Section.PLANNED, Section.PLANNED]


def test_heading_at_the_foot_of_a_page_holds_for_the_next_page():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.text(LEFT, 780, "■対象外の機種")
    paper.text(290, 810, "1/2")
    paper.turn()
    paper.table(80, [NAMED, R9], NAMED_WIDTHS)
    assert sections(paper.done()) == {"SH-41A": Section.LISTED, "SH-51E": Section.EXCLUDED}


@pytest.mark.parametrize("foot", ["", "※ OSの更新が必要です"])
@pytest.mark.parametrize("header", [[], [NAMED]])
@pytest.mark.parametrize("widths", [NAMED_WIDTHS, [90, 170, 110]])
def test_section_inside_a_table_holds_over_the_page_break(
    foot: str, header: list[list[str]], widths: list[float]
):
    paper = Paper()
    paper.table(80, [NAMED, SENSE, ["対応予定機種", "", ""], R9], NAMED_WIDTHS, {(2, 0): (1, 3)})
    paper.text(LEFT, 780, foot)
    paper.turn()
    paper.table(80, [*header, XPERIA, PIXEL], widths)
    assert list(sections(paper.done()).values()) == [Section.LISTED] + [Section.PLANNED] * 3


BLOCKS = {"対応予定機種": Section.PLANNED, "対象外の機種": Section.EXCLUDED, "対応機種": Section.LISTED}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_page_break_changes_a_section(data: st.DataObject):
    """Sections inside the table or above it, headers repeated or not, broken anywhere: rows keep theirs."""
    paper, here, expected = Paper(), Section.LISTED, []
    serial = 10
    for _ in range(data.draw(st.integers(1, 4), label="pages")):
        rows: list[list[str]] = [NAMED] if serial == 10 or data.draw(st.booleans(), label="header") else []
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        word = data.draw(st.sampled_from(["", "", *BLOCKS]), label="heading")
        if word:
            paper.text(LEFT, 50, f"■{word}")
            here = BLOCKS[word]
        for _ in range(data.draw(st.integers(1, 4), label="rows")):
            inner = data.draw(st.sampled_from(["", "", *BLOCKS]), label="section") if not word else ""
            if inner and rows:
                spans[len(rows), 0] = (1, 3)
                rows.append([inner, "", ""])
                here = BLOCKS[inner]
            rows.append(["シャープ", f"AQUOS R{serial}", f"SH-{serial}A"])
            expected.append((f"SH-{serial}A", here))
            serial += 1
        paper.table(80, rows, NAMED_WIDTHS, spans)
        paper.turn()
    found = sections(paper.done())
    assert set(found) == {model for model, _ in expected}
    for model, section in expected:
        assert found[model] is section or section is Section.LISTED


def test_empty_page_between_changes_nothing():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.turn()
    paper.turn()
    paper.table(80, [["", *R9[1:]]], NAMED_WIDTHS)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


def test_planned_column_is_no_listed_row():
    header = [*NAMED, "対応状況"]
    rows = [header, [*SENSE, "○"], [*R9, "対応予定"], [*XPERIA, "×"]]
    found = sections(one_table(rows, [*NAMED_WIDTHS, 80]))
    assert found == {"SH-41A": Section.LISTED, "SH-51E": Section.PLANNED, "SO-51E": Section.EXCLUDED}


def test_status_in_the_margin_of_a_table_counts_for_its_row():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.text(LEFT + 380, 80 + 2 * 16 + 3, "対象外")
    assert sections(paper.done()) == {"SH-41A": Section.LISTED, "SH-51E": Section.EXCLUDED}


def test_status_half_over_the_border_of_a_table_counts_for_its_row():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.text(LEFT - 20, 80 + 2 * 16 + 3, "対象外")
    found = sections(paper.done())
    assert found["SH-41A"] is Section.LISTED
    assert found.get("SH-51E") is not Section.LISTED


def test_sentence_wrapped_outside_of_tables_is_one_sentence():
    paper = Paper()
    text = "次の機種については、現在のところマイナンバーカードの読み取りに対応し"
    size = 370 / (width_of(text) / 9)
    paper.text(LEFT, 50, text, size)
    paper.text(LEFT, 50 + 1.4 * size, "ておりません。", size)
    paper.table(100, [NAMED, SENSE], NAMED_WIDTHS)
    assert sections(paper.done()) == {"SH-41A": Section.EXCLUDED}


def test_struck_out_row_is_not_listed():
    for row_wide in (False, True):
        paper = Paper()
        end = paper.table(80, [NAMED, SENSE, R9, XPERIA], NAMED_WIDTHS)
        middle = 80 + 2 * 16 + 3 + 4.5
        if row_wide:
            paper.rule(LEFT, middle, LEFT + sum(NAMED_WIDTHS), middle)
        else:
            paper.rule(LEFT + 83, middle, LEFT + 83 + width_of(R9[1]), middle)
        assert end == 80 + 4 * 16
        body = paper.done()
        assert "<s>AQUOS R9</s>" in pdf_html(body)
        answer = answer_of(body)
        assert [row.model for row in answer.rows] == ["SH-41A", "SO-51E"]
        assert any("SH-51E" in text for text in answer.skipped)


def test_crossed_out_row_is_not_listed():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.rule(LEFT, 112, LEFT + 370, 128)
    paper.rule(LEFT, 128, LEFT + 370, 112)
    assert [row.model for row in answer_of(paper.done()).rows] == ["SH-41A"]


@pytest.mark.parametrize("shape", ["curve", "polyline", "area", "white"])
def test_row_crossed_out_by_a_curve_is_not_listed(shape: str):
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    low, high, right = pdfs.HEIGHT - 128, pdfs.HEIGHT - 112, LEFT + 370
    path = paper.canvas.beginPath()
    path.moveTo(LEFT, high)
    if shape == "curve":
        path.curveTo(LEFT + 100, high - 2, right - 100, low + 2, right, low)
    else:
        path.lineTo(LEFT + 185, (low + high) / 2)
        path.lineTo(right, low)
        path.lineTo(right, low + 1)
    paper.canvas.setFillGray(1 if shape == "white" else 0)
    is_filled = shape in ("area", "white")
    paper.canvas.drawPath(path, stroke=0 if is_filled else 1, fill=1 if is_filled else 0)
    models = [row.model for row in answer_of(paper.done()).rows]
    assert models == (["SH-41A", "SH-51E"] if shape == "white" else ["SH-41A"])


def test_round_corners_and_a_ring_around_a_row_leave_it_listed():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.canvas.roundRect(LEFT + 81, pdfs.HEIGHT - 127, 80, 14, 4)
    paper.canvas.ellipse(LEFT - 60, pdfs.HEIGHT - 170, LEFT + 430, pdfs.HEIGHT - 60)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


def test_underlined_row_stays_listed():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.rule(LEFT + 83, 80 + 32 + 12.5, LEFT + 83 + width_of(R9[1]), 80 + 32 + 12.5)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("AQUOS sense4\nAQUOS R9", 180, ["AQUOS sense4", "AQUOS R9"]),
        ("らくらくスマートフォン\nらくらくホン", 110, ["らくらくスマートフォン", "らくらくホン"]),
        ("Xperia 1 VI\nXperia 10 VI", 60, ["Xperia 1 VI", "Xperia 10 VI"]),
        ("Galaxy S24\nUltra", 65, ["Galaxy S24 Ultra"]),
        ("Galaxy Z\nFlip5", 180, ["Galaxy Z", "Flip5"]),
        ("らくらくスマー\nトフォン", 70, ["らくらくスマートフォン"]),
        ("SH-41A\nSH-51E", 40, ["SH-41A", "SH-51E"]),
        ("SH-\n41A", 25, ["SH-41A"]),
        ("A\nQ", 15, ["A Q"]),
        ("シ\nャ\nー\nプ", 60, ["シャープ"]),
    ],
)
def test_line_break_is_told_from_a_wrap(text: str, width: float, expected: list[str]):
    assert cell_lines(text, width) == expected


def test_two_model_numbers_never_melt():
    body = named(["シャープ", "AQUOS sense4", "SH-41A\nSH-M15"])
    assert devices(body) == [("シャープ", "AQUOS sense4", "SH-41A SH-M15")]
    narrow = one_table([NAMED, ["シャープ", "AQUOS sense4", "SH-41A\nSH-M15"]], [80, 180, 40])
    assert devices(narrow) == [("シャープ", "AQUOS sense4", "SH-41A SH-M15")]


def test_small_raised_mark_is_no_part_of_the_model_number():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.text(LEFT + 263 + width_of("SH-41A"), 80 + 16 + 2, "1", 5)
    assert "SH-41A<sup>1</sup>" in pdf_html(paper.done())


def test_text_printed_twice_to_look_bold_is_read_once():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.lines(LEFT + 83.3, 80 + 16 + 3, SENSE[1])
    assert devices(paper.done()) == as_tuples(SENSE)


def test_full_width_text_stays_as_printed():
    row = ["シャープ", "ＡＱＵＯＳ　ｓｅｎｓｅ４", "ＳＨ－４１Ａ"]
    # The font of the tests prints the hyphen as a minus.
    assert answer_of(named(row)).rows[0].model == "ＳＨ－４１Ａ".replace("－", "−")
    assert "ＡＱＵＯＳ\u3000ｓｅｎｓｅ４" in pdf_html(named(row))


def test_signs_of_html_are_text():
    html = pdf_html(named(["シャープ", "A<b>&amp;", "SH-41A"]))
    assert "A&lt;b&gt;&amp;amp;" in html


def test_tables_side_by_side_are_two_tables():
    paper = Paper()
    paper.table(80, [NAMED[1:], SENSE[1:], R9[1:]], [120, 80])
    paper.table(80, [NAMED[1:], XPERIA[1:]], [120, 80], left=300)
    body = paper.done()
    assert pdf_html(body).count("<table>") == 2
    assert [model for _, _, model in devices(body)] == ["SH-41A", "SH-51E", "SO-51E"]


@pytest.mark.parametrize("shift", [0, 12])
@pytest.mark.parametrize("planned", ["left", "right"])
def test_heading_of_a_table_beside_another_holds_for_its_table(planned: str, shift: float):
    paper = Paper()
    heads = ("■対応予定機種", "■対応機種") if planned == "left" else ("■対応機種", "■対応予定機種")
    paper.text(LEFT, 60, heads[0])
    paper.text(300, 60 + shift, heads[1])
    paper.table(80 + shift, [NAMED[1:], SENSE[1:]], [120, 80])
    paper.table(80 + shift, [NAMED[1:], XPERIA[1:]], [120, 80], left=300)
    found = sections(paper.done())
    planned_model, listed_model = ("SH-41A", "SO-51E") if planned == "left" else ("SO-51E", "SH-41A")
    assert found == {planned_model: Section.PLANNED, listed_model: Section.LISTED}


def test_tables_side_by_side_may_share_one_header():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], [60, 110, 70])
    paper.table(80, [XPERIA, ["", "Xperia 5 V", "SO-53D"]], [60, 110, 70], left=300)
    assert devices(paper.done()) == as_tuples(SENSE, R9, XPERIA, ["ソニー", "Xperia 5 V", "SO-53D"])


def test_table_with_other_columns_is_a_table_of_its_own():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.turn()
    paper.table(80, [["製品名", "メーカー型番", "対応状況"], ["Pixel 9", "GUR25", "×"]], [120, 120, 130])
    body = paper.done()
    assert pdf_html(body).count("<table>") == 2
    assert sections(body) == {"SH-41A": Section.LISTED, "GUR25": Section.EXCLUDED}


def test_double_rules_are_one_border():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.rule(LEFT, 98, LEFT + 370, 98)
    paper.rule(LEFT + 82, 80, LEFT + 82, 128)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


def test_open_sides_are_closed():
    paper = Paper()
    rows = [[*NAMED, "対応状況"], [*SENSE, "○"], [*R9, "対象外"]]
    xs = [LEFT, 120, 300, 410, 480]
    for index in range(4):
        paper.rule(LEFT, 80 + 16 * index, 480, 80 + 16 * index)
    for x in xs[1:-1]:
        paper.rule(x, 80, x, 128)
    for y, row in enumerate(rows):
        for x, cell in zip(xs, row, strict=False):
            paper.text(x + 3, 83 + 16 * y, cell)
    assert sections(paper.done()) == {"SH-41A": Section.LISTED, "SH-51E": Section.EXCLUDED}


def test_coloured_cells_and_marked_words_change_nothing():
    paper = Paper()
    paper.area(0, 0, 595, 842, 1)
    paper.area(LEFT, 80, LEFT + 370, 96, 0.8)
    paper.area(LEFT + 83, 98, LEFT + 110, 110, 0.9)
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


def test_cells_of_colour_alone_are_a_table():
    paper = Paper()
    for y, row in enumerate([NAMED, SENSE, R9]):
        for x, cell in zip((LEFT, 120, 300), row, strict=True):
            paper.area(x, 80 + 16 * y, x + (80 if x == LEFT else 180 if x == 120 else 110), 96 + 16 * y, 0.9)
            paper.text(x + 3, 83 + 16 * y, cell)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


def test_card_readers_are_read_with_their_connection():
    readers = [
        ["ソニー", "RC-S380", "RC-S380/S", "USB", "Windows", ""],
        ["NTTコム", "ACR39-NTTCom", "ACR39U", "USB", "Windows\nmacOS", "販売終了"],
    ]
    answer = answer_of(pdfs.reader_list(readers))
    assert [(row.maker, row.name, row.model) for row in answer.rows] == [
        ("ソニー", "RC-S380", "RC-S380/S"),
        ("NTTコム", "ACR39-NTTCom", "ACR39U"),
    ]
    assert answer.rows[0].note == "接続：USB／対応OS：Windows"
    assert answer.printed_on == date(2025, 7, 10)


def test_long_list_keeps_every_row():
    rows = [["シャープ", f"AQUOS sense{index}", f"SH-{index % 90 + 10}A", ""] for index in range(200)]
    assert [row.name for row in answer_of(pdfs.phone_list(rows)).rows] == [row[1] for row in rows]


def test_foot_line_on_every_page_cuts_no_table():
    paper = Paper()
    for row in (SENSE, ["", *R9[1:]]):
        paper.table(80, [NAMED, row], NAMED_WIDTHS)
        paper.text(LEFT, 780, "J-LIS 公的個人認証サービス")
        paper.turn()
    assert devices(paper.done()) == as_tuples(SENSE, R9)


def test_header_in_unknown_words_for_a_status_is_no_row():
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.turn()
    paper.table(80, [["会社", "使えないもの", "符号"], XPERIA], NAMED_WIDTHS)
    try:
        found = sections(paper.done())
    except SourceChanged:
        return
    assert found.get("SO-51E") is not Section.LISTED


def test_word_that_runs_over_a_border_stays_whole():
    maker = ["NTTコミュニケーションズ", "ACR39-NTTCom", "ACR39U"]
    for width in (80, 60, 85):
        assert devices(one_table([NAMED, maker], [width, 280, 110])) == as_tuples(maker)


def test_struck_out_by_a_reviewer_is_not_listed():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    low, high = pdfs.HEIGHT - 128, pdfs.HEIGHT - 114
    box = [LEFT + 80, low, LEFT + 260, high]
    paper.canvas.highlightAnnotation("", box, QuadPoints=[*box[:2], box[2], low, LEFT + 80, high, *box[2:]])
    body = paper.done().replace(b"/Highlight", b"/StrikeOut")
    assert [row.model for row in answer_of(body).rows] == ["SH-41A"]


def test_each_line_struck_out_by_a_reviewer_is_struck():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9, XPERIA, PIXEL], NAMED_WIDTHS)
    quads: list[float] = []
    for top in (112, 144):
        low, high = pdfs.HEIGHT - top - 16, pdfs.HEIGHT - top - 2
        quads += [LEFT + 80, high, LEFT + 260, high, LEFT + 80, low, LEFT + 260, low]
    frame = [LEFT + 80, pdfs.HEIGHT - 160, LEFT + 260, pdfs.HEIGHT - 114]
    paper.canvas.highlightAnnotation("", frame, QuadPoints=quads)
    body = paper.done().replace(b"/Highlight", b"/StrikeOut")
    assert [row.model for row in answer_of(body).rows] == ["SH-41A", "SO-51E"]


MARKS = ("FreeText", "Stamp", "Ink", "Line", "Square", "Highlight", "Polygon", "Caret", "Watermark")


def marked(kind: str, text: str, top: float, **more: object) -> bytes:
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    low = pdfs.HEIGHT - top - 10
    paper.canvas.highlightAnnotation(text, [LEFT + 80, low, LEFT + 260, low + 10], **more)
    # Names of one length, or the places of all objects in the file would be wrong.
    return paper.done().replace(b"/Highlight", f"/{kind}".ljust(len("/Highlight")).encode())


@pytest.mark.parametrize(("text", "top"), [("", 115), ("参照", 115), ("対応予定", 115), ("対応予定", 20)])
@pytest.mark.parametrize("kind", MARKS)
def test_a_mark_laid_over_the_page_later_refuses_it(kind: str, text: str, top: float):
    with pytest.raises(UnreadablePdf, match="a list without a stamp"):
        pdf_html(marked(kind, text, top))


@pytest.mark.parametrize(
    ("kind", "text", "top", "more"),
    [
        *(("Link", "", 115, {}), ("Popup", "対応予定", 115, {}), ("Text", "2025年7月10日現在", 20, {})),
        *(("Stamp", "対応予定", 115, {"F": 2}), ("Widget", "", 115, {})),
    ],
)
def test_a_link_and_a_mark_that_nobody_sees_change_nothing(kind: str, text: str, top: float, more: dict):
    assert devices(marked(kind, text, top, **more)) == as_tuples(SENSE, R9)


def test_footnotes_under_each_other_stay_apart():
    paper = Paper()
    paper.table(
        80,
        [NAMED, ["シャープ", "AQUOS sense4 ※1", "SH-41A"], ["シャープ", "AQUOS R9 ※2", "SH-51E"]],
        NAMED_WIDTHS,
    )
    paper.text(LEFT, 140, "※1 " + "本体を最新のソフトウェアに更新してからご利用ください" + "。" * 10)
    paper.text(LEFT, 153, "※2 対象外です。")
    assert sections(paper.done()) == {"SH-41A": Section.LISTED, "SH-51E": Section.EXCLUDED}


def test_turned_page_is_read_like_any_other():
    paper = Paper()
    paper.canvas.setPageRotation(90)
    paper.canvas.translate(595, 0)
    paper.canvas.rotate(90)
    paper.canvas.translate(0, -247)
    paper.table(260, [NAMED, SENSE, R9], NAMED_WIDTHS)
    assert devices(paper.done()) == as_tuples(SENSE, R9)


ERRORS = {
    "nothing": (b"", "a PDF", "nothing"),
    "HTML": (b"<html>login</html>", "a PDF", "<html>"),
    "broken": (b"%PDF-1.7\nrubbish\n%%EOF", "a readable PDF", "broken"),
    "cut": (named(SENSE)[:900], "a", ""),
    "locked": (named(SENSE, password="secret"), "an open PDF", "encrypted"),
    "without tables": (pdfs.without_tables(), "a PDF with ruled tables", "without tables"),
    "picture": (pdfs.without_text(), "a PDF with text", "a picture without text"),
    "long": (pdfs.many_pages(301), "at most 300 pages", "301 pages"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_is_no_list_is_refused_with_what_was_met(name: str):
    body, expected, found = ERRORS[name]
    with pytest.raises(SourceChanged) as caught:
        read_pdf(body, "jpki-nfc")
    assert caught.value.where == "jpki-nfc"
    assert caught.value.expected.startswith(expected)
    assert found in caught.value.found
    assert len(caught.value.found) <= 100


def test_damaged_page_is_refused_and_never_half_read():
    with pytest.raises(SourceChanged, match="damaged data"):
        read_pdf(pdfs.damaged(named(SENSE, R9, XPERIA)), "test")


def test_endless_page_ends_after_its_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crawler.pdf, "SECONDS", 2)
    with pytest.raises(SourceChanged, match="2 seconds"):
        read_pdf(pdfs.bomb(50), "test")


def test_bomb_ends_at_the_limit_of_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(crawler.pdf, "MEGABYTES", 150)
    with pytest.raises(SourceChanged, match="more memory"):
        read_pdf(pdfs.bomb(300), "test")


def test_list_from_the_network_is_read_in_a_process_of_its_own():
    answer = parse_pdf(pdfs.phone_list([[*SENSE, ""], [*R9, ""]]), "test", "対応機種")
    assert [row.model for row in answer.rows] == ["SH-41A", "SH-51E"]


def test_title_of_a_list_decides_where_nothing_else_does():
    assert answer_of(named(SENSE), "対応予定の機種").rows[0].section is Section.PLANNED


def test_widths_of_the_test_list_fit_its_page():
    assert sum(PHONE_WIDTHS) + LEFT < pdfs.WIDTH


@pytest.mark.parametrize("title", ["対応予定機種（2026年12月1日現在）", "対応予定機種（PDF）"])
def test_a_status_with_a_date_holds_above_and_between_tables(title: str):
    assert sections(named(SENSE, before=[title])) == {"SH-41A": Section.PLANNED}
    paper = Paper()
    paper.table(80, [NAMED, SENSE], NAMED_WIDTHS)
    paper.text(LEFT, 150, title)
    paper.table(180, [NAMED, R9], NAMED_WIDTHS)
    assert sections(paper.done()) == {"SH-41A": Section.LISTED, "SH-51E": Section.PLANNED}


@pytest.mark.parametrize("text", ["網掛けの機種は対応予定です", "グレーの機種は利用できません"])
@pytest.mark.parametrize("top", [40, 200])
def test_rows_ask_when_a_sentence_speaks_of_their_colour(text: str, top: int):
    paper = Paper()
    paper.area(LEFT, 96, LEFT + sum(NAMED_WIDTHS), 112, 0.8)
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.text(LEFT, top, text)
    rows = answer_of(paper.done()).rows
    assert [row.model for row in rows] == ["SH-41A", "SH-51E"]
    assert all(text in row.note for row in rows)


def test_a_sentence_about_the_page_before_closes_the_rows_of_that_page():
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9], NAMED_WIDTHS)
    paper.turn()
    paper.text(LEFT, 40, "前ページの機種は現在利用できません。")
    paper.table(80, [NAMED, XPERIA], NAMED_WIDTHS)
    closed = {"SH-41A": Section.EXCLUDED, "SH-51E": Section.EXCLUDED}
    assert sections(paper.done()) == {**closed, "SO-51E": Section.LISTED}


def stamped(text: str, angle: float, size: float = 40) -> bytes:
    paper = Paper()
    paper.table(80, [NAMED, SENSE, R9, XPERIA, PIXEL], NAMED_WIDTHS)
    paper.canvas.saveState()
    paper.canvas.translate(120, pdfs.HEIGHT - 160)
    paper.canvas.rotate(angle)
    paper.canvas.setFont(pdfs.FONT, size)
    paper.canvas.drawString(0, 0, text)
    paper.canvas.restoreState()
    return paper.done()


@pytest.mark.parametrize("text", ["対応予定", "利用できません", "準備中"])
@pytest.mark.parametrize(("angle", "size"), [(45, 40), (30, 20), (90, 20), (0, 40), (0, 18)])
def test_a_stamp_that_speaks_against_the_list_refuses_it(text: str, angle: float, size: float):
    with pytest.raises(SourceChanged, match="a list without a stamp"):
        read_pdf(stamped(text, angle, size), "test")


def test_any_other_text_across_the_page_is_reported():
    answer = answer_of(stamped("社外秘です。", 45))
    assert {row.section for row in answer.rows} == {Section.LISTED}
    assert answer.skipped == ["社外秘です。"]
