"""PDF lists: what covers a row is seen; the colours, pictures and bars of a usual page change nothing."""

from collections.abc import Callable

import pytest
from reportlab.lib.colors import CMYKColorSep

from crawler.pdf.document import UnreadablePdf, pdf_html
from tests import pdfs
from tests.pdfs import LEFT, Paper
from tests.test_pdf import NAMED, NAMED_WIDTHS, R9, SENSE, XPERIA, answer_of, as_tuples, devices

RIGHT = LEFT + sum(NAMED_WIDTHS)
TOP, BOTTOM = 96, 112  # of the first device row
ALL = as_tuples(SENSE, R9, XPERIA)
Draw = Callable[[Paper], object]


def page(before: Draw | None = None, after: Draw | None = None, gray: float = 0) -> bytes:
    """A page with a title and a table of three devices, printed in `gray`, and what is drawn around it."""
    paper = Paper()
    if before:
        before(paper)
    paper.canvas.setFillGray(gray)
    paper.text(LEFT, 40, "マイナンバーカードの読み取りに対応したスマートフォン一覧", 12)
    paper.table(80, [NAMED, SENSE, R9, XPERIA], NAMED_WIDTHS)
    paper.canvas.setFillGray(0)
    if after:
        after(paper)
    return paper.done()


def area(x0: float, top: float, x1: float, bottom: float, gray: float = 0) -> Draw:
    return lambda paper: paper.area(x0, top, x1, bottom, gray)


def picture(x0: float, top: float, x1: float, bottom: float) -> Draw:
    return lambda paper: paper.picture(x0, top, x1, bottom)


def shape(gray: float, is_round: bool = True, stroke: int = 0) -> Draw:
    """An area over the first row that is round at its corners, or has a border."""

    def draw(paper: Paper) -> None:
        paper.canvas.setFillGray(gray)
        low, width = pdfs.HEIGHT - BOTTOM, RIGHT - LEFT
        if is_round:
            paper.canvas.roundRect(LEFT, low, width, 16, 4, stroke=stroke, fill=1)
        else:
            paper.canvas.rect(LEFT, low, width, 16, stroke=stroke, fill=1)
        paper.canvas.setFillGray(0)

    return draw


@pytest.mark.parametrize(
    "box",
    [
        (LEFT, 98, RIGHT, 116),
        (150, 80, 250, 110),
        (0, 0, 595, 842),
        (LEFT + 240, 98, LEFT + 252, 110),
        (RIGHT - 20, 110, RIGHT + 60, 140),
    ],
    ids=["row", "stamp", "page", "icon", "edge"],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_picture_over_a_table_refuses_the_list(box: tuple[float, float, float, float], is_first: bool):
    body = page(before=picture(*box)) if is_first else page(after=picture(*box))
    with pytest.raises(UnreadablePdf, match="a picture"):
        pdf_html(body)


@pytest.mark.parametrize(
    "box", [(480, 20, 560, 70), (LEFT, 200, 300, 400), (LEFT, 60, RIGHT, 81)], ids=["logo", "below", "touch"]
)
def test_a_picture_elsewhere_changes_nothing(box: tuple[float, float, float, float]):
    assert devices(page(after=picture(*box))) == ALL


def test_a_picture_over_a_title_refuses_the_list():
    with pytest.raises(UnreadablePdf, match="hides マイナンバーカード"):
        pdf_html(page(after=picture(LEFT, 38, 300, 56)))


@pytest.mark.parametrize("height", [2, 3, 4, 5, 6.5])
@pytest.mark.parametrize("gray", [0, 0.5])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_bar_through_the_letters_strikes_the_row(height: float, gray: float, is_first: bool):
    bar = area(LEFT, 104 - height / 2, RIGHT, 104 + height / 2, gray)
    body = page(before=bar) if is_first else page(after=bar)
    if height > 4.5 and not (is_first and gray):
        # Half of each letter is gone.
        with pytest.raises(UnreadablePdf, match="SH-41A"):
            pdf_html(body)
        return
    answer = answer_of(body)
    assert [row.model for row in answer.rows] == ["SH-51E", "SO-51E"]
    assert any("SH-41A" in text for text in answer.skipped)


@pytest.mark.parametrize("height", [1, 4])
@pytest.mark.parametrize("gray", [0.8, 1])
def test_a_pale_bar_over_the_letters_strikes_the_row(height: float, gray: float):
    answer = answer_of(page(after=area(LEFT, 104 - height / 2, RIGHT, 104 + height / 2, gray)))
    assert [row.model for row in answer.rows] == ["SH-51E", "SO-51E"]


@pytest.mark.parametrize(
    "bar",
    [
        area(LEFT + 83, 108, LEFT + 150, 111),
        area(LEFT + 83, 103.5, LEFT + 150, 109, 0.85),
        area(LEFT, 94, RIGHT, 98),
        area(LEFT + 200, 102, LEFT + 240, 106),
    ],
    ids=["underline", "marker", "border", "beside"],
)
def test_a_bar_under_or_beside_the_letters_strikes_nothing(bar: Draw):
    found = devices(page(before=bar))
    assert [model for _, _, model in found] == ["SH-41A", "SH-51E", "SO-51E"]


@pytest.mark.parametrize(
    "cover",
    [
        area(LEFT + 1, 97, RIGHT - 1, 111, 1),
        area(LEFT + 1, 97, RIGHT - 1, 111, 0),
        area(LEFT + 1, 97, RIGHT - 1, 111, 0.8),
        area(LEFT + 81, 97, LEFT + 259, 111, 1),
        area(0, 0, 595, 842, 1),
        area(LEFT, 96, RIGHT, 104.5, 1),
        shape(1),
        shape(0),
        shape(1, is_round=False, stroke=1),
        shape(0.3, is_round=False, stroke=1),
    ],
    ids=["white", "black", "gray", "cell", "page", "half", "round", "round black", "border", "gray border"],
)
def test_an_area_over_the_letters_refuses_the_list(cover: Draw):
    with pytest.raises(UnreadablePdf, match="an area that hides"):
        pdf_html(page(after=cover))


@pytest.mark.parametrize("cover", [area(LEFT, TOP, RIGHT, BOTTOM, 0.1), shape(0.1)])
def test_letters_as_dark_as_what_is_under_them_refuse_the_list(cover: Draw):
    with pytest.raises(UnreadablePdf, match="an area that hides"):
        pdf_html(page(before=cover))


@pytest.mark.parametrize("gray", [0.95, 1])
def test_white_letters_on_white_refuse_the_list(gray: float):
    with pytest.raises(UnreadablePdf, match="an area that hides"):
        pdf_html(page(before=area(0, 0, 595, 842, 1), gray=gray))


def test_grayed_letters_and_those_in_an_ink_of_its_own_are_read():
    assert devices(page(before=zebra, gray=0.5)) == ALL
    ink = CMYKColorSep(0, 0, 0, 1, spotName="BLACK", density=1)
    paper = Paper()
    zebra(paper)
    paper.canvas.setFillColor(ink)
    paper.table(80, [NAMED, SENSE, R9, XPERIA], NAMED_WIDTHS)
    assert devices(paper.done()) == ALL


def zebra(paper: Paper) -> None:
    paper.area(0, 0, 595, 842, 1)
    for row in range(4):
        paper.area(LEFT, 80 + 16 * row, RIGHT, 96 + 16 * row, 0.85 if row % 2 else 1)


@pytest.mark.parametrize(
    "ground", [zebra, area(LEFT, TOP, RIGHT, BOTTOM, 0.6), shape(0.9), shape(1, is_round=False, stroke=1)]
)
def test_colours_printed_before_the_text_change_nothing(ground: Draw):
    assert devices(page(before=ground)) == ALL


def test_white_letters_on_a_dark_header_are_read():
    paper = Paper()
    paper.area(0, 0, 595, 842, 1)
    paper.area(LEFT, 80, RIGHT, 96, 0.1)
    paper.table(80, [["", "", ""], SENSE, R9, XPERIA], NAMED_WIDTHS)
    paper.canvas.setFillGray(1)
    for x, text in zip((LEFT, LEFT + 80, LEFT + 260), NAMED, strict=True):
        paper.text(x + 3, 83, text)
    body = paper.done()
    assert devices(body) == ALL
    assert "機種名" in pdf_html(body)


def test_cells_printed_one_after_the_other_with_their_colours_are_read():
    paper = Paper()
    for y, row in enumerate([NAMED, SENSE, R9, XPERIA]):
        for x, (left, text) in enumerate(zip((LEFT, LEFT + 80, LEFT + 260), row, strict=True)):
            paper.area(left, 80 + 16 * y, left + NAMED_WIDTHS[x], 96 + 16 * y, 0.9 if y % 2 else 1)
            paper.frame(left, 80 + 16 * y, left + NAMED_WIDTHS[x], 96 + 16 * y)
            paper.text(left + 3, 83 + 16 * y, text)
    assert devices(paper.done()) == ALL
