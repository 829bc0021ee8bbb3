"""A printed table as a rectangle of cells, its rowspans and colspans filled in."""

from dataclasses import dataclass

from crawler.parser.markup import Element, is_hidden, is_struck
from crawler.parser.pieces import Line, read_pieces
from crawler.parser.words import flat, words

MAX_COLUMNS, MAX_SPAN = 50, 1000


class HeaderError(Exception):
    """A table cannot be read: no header word is known, its cells do not tell. The text says what was met."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell with its printed lines; a spanned cell is the same object in every place of the grid."""

    lines: tuple[str, ...] = ()
    is_header: bool = False
    is_deleted: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def is_blank(self) -> bool:
        """Whether the cell prints nothing, or only a dash or なし."""
        return not self.text or self.text in words("blank") or flat(self.text) in words("blank")


Row = list[Cell]
Spans = dict[int, tuple[int, Cell]]
EMPTY = Cell()


def read_grid(table: Element) -> list[Row]:
    """Return the rows that print something, all of one width. Raises `HeaderError` above 50 columns.

    A rowspan ends with its thead, tbody or tfoot, and a tfoot stands last, as in a browser.
    """
    rows: list[Row] = []
    spans: Spans = {}
    group = None
    for element in sorted(table.iterdescendants("tr"), key=lambda row: row.getparent().tag == "tfoot"):
        if element.getparent() is not group:
            group, spans = element.getparent(), {}
        row, spans = _fill_row(element, spans)
        if len(row) > MAX_COLUMNS:
            raise HeaderError(f"a row of more than {MAX_COLUMNS} cells")
        rows.append(row)
    width = max(map(len, rows), default=0)
    return [row + [EMPTY] * (width - len(row)) for row in rows if any(cell.lines for cell in row)]


def _fill_row(element: Element, spans: Spans) -> tuple[Row, Spans]:
    row: Row = []
    below: Spans = {}
    is_row_deleted = any(is_struck(outer) or is_hidden(outer) for outer in _row_and_group(element))
    for child in element.iterchildren("td", "th"):
        if is_hidden(child):
            continue
        _take_spans(row, spans, below)
        lines = [piece for piece in read_pieces(child, is_flat=True) if isinstance(piece, Line)]
        is_deleted = is_row_deleted or any(line.style == "deleted" for line in lines)
        lines = [line for line in lines if line.style not in ("hidden", "option")]
        cell = Cell(tuple(line.text for line in lines if line.text), child.tag == "th", is_deleted)
        height = _span(child, "rowspan") or MAX_SPAN
        for _ in range(min(_span(child, "colspan") or 1, MAX_COLUMNS + 1)):
            if height > 1:
                below[len(row)] = (height - 1, cell)
            row.append(cell)
        if len(row) > MAX_COLUMNS:
            break
    _take_spans(row, spans, below)
    return row, below


def _row_and_group(row: Element) -> list[Element]:
    group = row.getparent()
    return [row] if group is None or group.tag == "table" else [row, group]


def _take_spans(row: Row, spans: Spans, below: Spans) -> None:
    """Append the cells that hang down from the rows above at this place."""
    while len(row) in spans:
        height, cell = spans[len(row)]
        if height > 1:
            below[len(row)] = (height - 1, cell)
        row.append(cell)


def _span(element: Element, name: str) -> int:
    text = flat(element.get(name, "1")).strip()
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 6 else 1
