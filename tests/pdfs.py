"""Makes PDF lists for the tests, with a built-in Japanese font: no font file is needed."""

import re
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT, SIZE = "HeiseiKakuGo-W5", 9
WIDTH, HEIGHT = 595, 842
LEFT = 40
PHONE_HEADER = ["No.", "メーカー", "機種名", "型番", "備考"]
PHONE_WIDTHS = [30, 80, 180, 110, 110]
READER_HEADER = ["メーカー", "製品名", "型番", "接続", "対応OS", "備考"]
READER_WIDTHS = [90, 130, 80, 60, 70, 80]
Rows = Sequence[Sequence[str]]
Spans = Mapping[tuple[int, int], tuple[int, int]]

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def width_of(text: str, size: float = SIZE) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


class Paper:
    """Pages to draw on; all heights are measured from the top of the page."""

    def __init__(self, password: str = ""):
        self.buffer = BytesIO()
        lock = StandardEncryption(password, ownerPassword="owner", canPrint=0) if password else None
        self.canvas = Canvas(self.buffer, pagesize=(WIDTH, HEIGHT), encrypt=lock, pageCompression=0)

    def text(self, x: float, top: float, text: str, size: float = SIZE) -> float:
        """Print a line; return the height where the next one may stand."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - top - 0.86 * size, text)
        return top + 1.4 * size

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.canvas.line(x0, HEIGHT - top, x1, HEIGHT - bottom)

    def area(self, x0: float, top: float, x1: float, bottom: float, gray: float) -> None:
        self.canvas.setFillGray(gray)
        self.canvas.rect(x0, HEIGHT - bottom, x1 - x0, bottom - top, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def picture(self, x0: float, top: float, x1: float, bottom: float) -> None:
        image = ImageReader(Image.new("RGB", (4, 4), "red"))
        self.canvas.drawImage(image, x0, HEIGHT - bottom, x1 - x0, bottom - top)

    def table(
        self, top: float, rows: Rows, widths: Sequence[float], spans: Spans | None = None, left: float = LEFT
    ) -> float:
        """Draw a table, `spans` by (row, column): (rows, columns). Return where it ends."""
        heights = [max(cell.count("\n") for cell in row) * 11 + 16 for row in rows]
        ys = [top + sum(heights[:index]) for index in range(len(rows) + 1)]
        xs = [left + sum(widths[:index]) for index in range(len(widths) + 1)]
        covered: set[tuple[int, int]] = set()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if (y, x) in covered:
                    continue
                down, right = (spans or {}).get((y, x), (1, 1))
                covered |= {(y + step, x + side) for step in range(down) for side in range(right)}
                self.frame(xs[x], ys[y], xs[x + right], ys[y + down])
                self.lines(xs[x] + 3, ys[y] + 3, cell)
        return ys[-1]

    def frame(self, x0: float, top: float, x1: float, bottom: float) -> None:
        for rule in (
            (x0, top, x1, top),
            (x0, bottom, x1, bottom),
            (x0, top, x0, bottom),
            (x1, top, x1, bottom),
        ):
            self.rule(*rule)

    def lines(self, x: float, top: float, text: str) -> None:
        for index, line in enumerate(text.split("\n")):
            self.text(x, top + 11 * index, line)

    def turn(self) -> None:
        self.canvas.showPage()

    def done(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def one_table(
    rows: Rows,
    widths: Sequence[float] = PHONE_WIDTHS,
    spans: Spans | None = None,
    before: Sequence[str] = (),
    **paper: str,
) -> bytes:
    """A page with lines and a table, `rows` with its header."""
    page = Paper(**paper)
    top = 100.0
    for line in before:
        top = page.text(LEFT, top, line)
    page.table(top + 10, rows, widths, spans)
    return page.done()


def paged(
    pages: Sequence[Rows],
    header: Sequence[str] = PHONE_HEADER,
    widths: Sequence[float] = PHONE_WIDTHS,
    title: str = "マイナンバーカードの読み取りに対応したスマートフォン一覧",
    date: str = "2025年7月10日現在",
    spans: Sequence[Spans] = (),
) -> bytes:
    """A list with a running title, the date on the first page, a repeated header and page numbers."""
    paper = Paper()
    for number, rows in enumerate(pages, 1):
        paper.text(LEFT, 40, title, 12)
        if number == 1:
            paper.text(400, 60, date)
        paper.table(80, [header, *rows] if header else rows, widths, spans[number - 1] if spans else None)
        paper.text(290, 810, f"{number}/{len(pages)}")
        paper.turn()
    return paper.done()


def phone_list(rows: Rows, per_page: int = 38) -> bytes:
    """A phone list of any length: メーカー, 機種名, 型番 and 備考 of each row; the number is added."""
    numbered = [[str(number), *row] for number, row in enumerate(rows, 1)]
    return paged([numbered[start : start + per_page] for start in range(0, len(rows), per_page)])


def reader_list(rows: Rows) -> bytes:
    """A card reader list."""
    title = "公的個人認証サービス対応ICカードリーダライタ一覧"
    return paged([rows], READER_HEADER, READER_WIDTHS, title, "令和7年7月10日現在")


def without_tables() -> bytes:
    paper = Paper()
    paper.text(LEFT, 100, "対応機種の一覧は準備しています")
    return paper.done()


def without_text() -> bytes:
    paper = Paper()
    paper.frame(50, 50, 300, 300)
    return paper.done()


def many_pages(count: int) -> bytes:
    paper = Paper()
    for _ in range(count):
        paper.turn()
    return paper.done()


def damaged(body: bytes) -> bytes:
    """The same file with its first page packed, and the end of the packed data lost."""
    page = re.search(rb"/Length ([0-9]+)\s*>>\s*stream\r?\n", body[body.rindex(b"/Length") - 2 :])
    assert page is not None
    start = body.rindex(b"/Length") - 2 + page.end()
    text = body[start : start + int(page[1])]
    packed = zlib.compress(text)[: -len(text) // 20]
    return body.replace(page[0], b"/Filter/FlateDecode/Length %d>>stream\n" % len(packed)).replace(
        text, packed
    )


def bomb(megabytes: int) -> bytes:
    """A small file whose page unfolds to very much."""
    squeezer = zlib.compressobj(9)
    part = b"0 0 m 9 9 l S\n" * 75_000
    packed = b"".join(squeezer.compress(part) for _ in range(megabytes)) + squeezer.flush()
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        + b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
