"""Where a table goes on over a page break: what is joined, what is repeated, what is lent."""

from collections.abc import Sequence
from dataclasses import replace

from crawler.names import Section
from crawler.parser.columns import DEVICE_KINDS, kind_of
from crawler.parser.tokens import has_model
from crawler.parser.unknown import says_more
from crawler.parser.words import closed_section, has_word, section_of
from crawler.pdf.ruled import PdfCell, PdfTable
from crawler.pdf.rules import TOUCH

Kinds = list[tuple[PdfCell, str]]


def continues(last: PdfTable, table: PdfTable) -> bool:
    """Tell whether a table at the top of a page has the columns of the one before it, and no other header."""
    if not is_same_grid(last, table):
        return False
    header = _header_height(table)
    if header:
        return _texts(table, header) == _texts(last, header)
    return not _may_be_header(table, _kinds(last))


def is_same_grid(last: PdfTable, table: PdfTable) -> bool:
    """Tell tables of the same width where the edges of one are all edges of the other."""
    few, many = sorted((last.xs, table.xs), key=len)
    is_wide = _is_at(last.xs[0], table.xs[0]) and _is_at(last.xs[-1], table.xs[-1])
    return is_wide and all(any(_is_at(x, other) for other in many) for x in few)


def _is_at(x: float, other: float) -> bool:
    return abs(x - other) <= TOUCH


def _header_height(table: PdfTable) -> int:
    """Return how many rows the header takes up with what stands above it, 0 without one."""
    for index, row in enumerate(table.rows[:3]):
        if any(has_model(cell.text) for cell in row):
            return 0
        kinds = {kind_of(cell.text) for cell in row}
        if kinds & DEVICE_KINDS and len(row) > 1:
            return min(index + max(cell.rowspan for cell in row), len(table.rows))
    return 0


def _may_be_header(table: PdfTable, kinds: Kinds) -> bool:
    """Tell a first row that says more than 対応機種 where devices stand: a header in unknown words."""
    row = table.rows[0] if table.rows else []
    heads = [cell for cell in row if _kind_at(cell, kinds) in DEVICE_KINDS]
    is_said = any(closed_section(cell.text) or _is_status(cell.text) for cell in heads)
    return len(row) > 1 and is_said and not any(has_model(cell.text) for cell in row)


def _is_status(text: str) -> bool:
    """Tell what may be a status in unknown words; a brand makes it a device."""
    return says_more(text) and not has_word(text, "brand")


def _only_text(row: Sequence[PdfCell]) -> str:
    """Return the text of a row with one filled cell, a heading perhaps, '' for any other row."""
    texts = [cell.text for cell in row if cell.text]
    return texts[0] if len(texts) == 1 else ""


def _texts(table: PdfTable, height: int) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows[:height]]


def join_tables(last: PdfTable, table: PdfTable) -> None:
    """Append a table to the one that it continues.

    Its repeated header is left out, but for a line across it that says more than 対応機種.
    A cell that was cut by the page break goes on into the rows below it.
    """
    height = _header_height(table)
    said = [row for row in table.rows[:height] if says_more(_only_text(row))]
    table.rows = said + table.rows[height:]
    kinds = _kinds(last)
    last.xs = sorted({*last.xs, *(x for x in table.xs if not any(_is_at(x, known) for known in last.xs))})
    if table.rows and not said:
        if _is_rest(table.rows[0], kinds):
            _give_back(last, table.rows.pop(0))
        else:
            _go_on(last, table.rows[0], kinds)
    last.rows += table.rows


def _kinds(table: PdfTable) -> Kinds:
    header = table.rows[: _header_height(table)]
    return [(cell, kind_of(cell.text)) for row in header for cell in row if kind_of(cell.text)]


def _kind_at(cell: PdfCell, kinds: Kinds) -> str:
    middle = (cell.x0 + cell.x1) / 2
    return next((kind for head, kind in reversed(kinds) if head.x0 <= middle < head.x1), "")


def _is_rest(row: Sequence[PdfCell], kinds: Kinds) -> bool:
    """Tell the rest of a row that was cut by the page break: no device, but words in other columns."""
    filled = [cell for cell in row if cell.text]
    said = {_kind_at(cell, kinds) for cell in filled} - {"maker", "number"}
    is_cut = bool(kinds) and bool(filled) and all(cell.rowspan == 1 for cell in row)
    return is_cut and bool(said) and not said & DEVICE_KINDS and len(row) > 1


def _give_back(last: PdfTable, row: Sequence[PdfCell]) -> None:
    for cell in row:
        above = _above(last, cell)
        if cell.text and above:
            above.lines, above.text = above.lines + cell.lines, above.text + cell.text
        elif cell.text:
            last.rows[-1].append(cell)


def _go_on(last: PdfTable, row: list[PdfCell], kinds: Kinds) -> None:
    """Let a merged cell above an empty one reach down over it; a device only where both sides are merged."""
    for cell in list(row):
        above = _above(last, cell)
        if cell.text or above is None or not above.text:
            continue
        is_device = _kind_at(cell, kinds) in DEVICE_KINDS
        if cell.rowspan > 1 or (above.rowspan > 1 and not is_device):
            above.rowspan += cell.rowspan
            row.remove(cell)


def _above(last: PdfTable, cell: PdfCell) -> PdfCell | None:
    """Return the cell of the same width that ends with the last row of a table."""
    for index, row in enumerate(last.rows):
        for above in row:
            is_last = index + above.rowspan == len(last.rows)
            if is_last and _is_at(above.x0, cell.x0) and _is_at(above.x1, cell.x1):
                return above
    return None


def lend_header(known: Sequence[PdfTable], table: PdfTable) -> None:
    """Give a table without header that of the last table with the same columns: a heading cut them apart."""
    if _header_height(table):
        return
    for last in reversed(known):
        height = _header_height(last)
        if height and len(last.xs) > 2 and _is_same_shape(last, table):
            if _may_be_header(table, _kinds(last)):
                return
            table.rows = _moved(last.rows[:height], table.xs[0] - last.xs[0]) + table.rows
            return


def _is_same_shape(last: PdfTable, table: PdfTable) -> bool:
    """Tell tables with the same columns, perhaps beside each other."""
    shift = table.xs[0] - last.xs[0]
    is_even = len(last.xs) == len(table.xs)
    return is_even and all(_is_at(x + shift, other) for x, other in zip(last.xs, table.xs, strict=True))


def _moved(rows: Sequence[Sequence[PdfCell]], shift: float) -> list[list[PdfCell]]:
    return [[replace(cell, x0=cell.x0 + shift, x1=cell.x1 + shift) for cell in row] for row in rows]


def lend_section(last: PdfTable, table: PdfTable) -> None:
    """Let the 対応予定 or 対象外 in which a table ended hold for the next one, until that says otherwise."""
    for row in reversed(last.rows):
        text = _only_text(row)
        if has_model(text) or not (section_of(text) or says_more(text)):
            continue
        if section_of(text) is not Section.LISTED or says_more(text):
            head = next(cell for cell in row if cell.text)
            cell = replace(head, x0=table.xs[0], x1=table.xs[-1], rowspan=1)
            table.rows.insert(0, [cell])
        return
