"""One page of a PDF as blocks in printed order: lines of text, ruled tables; stamps over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from crawler.parser.unknown import says_more
from crawler.parser.words import closed_section, section_span
from crawler.pdf.covers import hidden_text, pictures_over, read_covers, take_bars
from crawler.pdf.glyphs import Glyph, TextLine, gather_lines
from crawler.pdf.lanes import Block, box_of, in_order
from crawler.pdf.marks import read_marks, read_strikes
from crawler.pdf.ruled import PdfTable, add_beside, find_cells, read_tables
from crawler.pdf.rules import LARGE, read_rules, read_slants, take_strikes

SQUARE = 0.01


@dataclass
class PdfPage:
    """What stands on a page. `blocks` in printed order; `height` of the paper, `right` edge of the print.

    `stamp` is what a text over the tables says against them, `対応予定`, or what was laid over them, a
    mark, a picture, a white area: no row shows which it means.
    """

    number: int
    height: float
    blocks: list[Block]
    right: float
    stamp: str = ""

    @property
    def lines(self) -> list[TextLine]:
        return [block for block in self.blocks if isinstance(block, TextLine)]


def read_page(page: Any) -> PdfPage:
    """Return the blocks of a pdfplumber page. Text across it (a watermark) comes last, to be reported."""
    across = [char for char in page.chars if _is_across(char)]
    level = [char for char in page.chars if not _is_across(char)]
    rules, fills = read_rules(page)
    covers = read_covers(page, level)
    bars, fills = take_bars(fills, covers)
    strokes = [*rules, *bars, *read_strikes(page)]
    rules, glyphs = take_strikes(strokes, read_slants(page), list(map(_glyph, level)))
    tables, loose = read_tables(find_cells(page, rules, fills), glyphs)
    found = gather_lines(loose)
    stamps = ["".join(glyph.text for glyph in group) for group in _stamps(across, glyphs, tables)]
    stamps += [line.text for line in found if line.glyphs[0].turn]
    stamps += _turned_over(glyphs, tables)
    lines = [line for line in found if not _goes_beside(line, tables)]
    blocks = in_order([*lines, *tables])
    right = max((box_of(block)[2] for block in blocks), default=0.0)
    if across:
        # Struck text is never read as rows or headings, and always reported.
        blocks.append(TextLine(tuple(replace(_glyph(char), is_struck=True) for char in across)))
    stamps = [text for text in stamps if says_more(text)] + read_marks(page, tables)
    stamps += pictures_over(page, tables)
    if hidden := hidden_text(covers):
        stamps.append(f"an area that hides {hidden}")
    stamp = next((text.strip() for text in stamps), "")
    return PdfPage(page.page_number, float(page.height), blocks, right, stamp)


def _stamps(
    across: Sequence[dict[str, Any]], glyphs: Sequence[Glyph], tables: Sequence[PdfTable]
) -> Iterator[list[Glyph]]:
    """Yield the texts across the page, and those in large letters over a table."""
    yield list(map(_glyph, across))
    usual = median(glyph.height for glyph in glyphs) if glyphs else 0.0
    yield [
        glyph
        for glyph in glyphs
        if glyph.height > LARGE * usual
        and any(table.box[1] <= glyph.middle <= table.box[3] for table in tables)
    ]


def _turned_over(glyphs: Sequence[Glyph], tables: Sequence[PdfTable]) -> list[str]:
    """Return turned texts whose 対応予定 no single cell holds: it lies across several."""
    texts = [cell.text for table in tables for row in table.rows for cell in row]
    turned = [line.text for line in gather_lines([glyph for glyph in glyphs if glyph.turn])]
    said = [text for text in turned if closed_section(text)]
    return [text for text in said if not any(_word_of(text) in cell for cell in texts)]


def _word_of(text: str) -> str:
    start, end = section_span(text)
    return text[start:end]


def _is_across(char: dict[str, Any]) -> bool:
    a, b = char["matrix"][:2]
    return abs(a) > SQUARE and abs(b) > SQUARE


def _glyph(char: dict[str, Any]) -> Glyph:
    a, b = char["matrix"][:2]
    turn = 0 if char["upright"] or abs(a) > abs(b) else 1 if b > 0 else -1
    return Glyph(char["text"], char["x0"], char["top"], char["x1"], char["bottom"], turn=turn)


def _goes_beside(line: TextLine, tables: Sequence[PdfTable]) -> bool:
    """Put a line in the margin of a table, or in a hole of it, into its row; return whether it was one."""
    x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
    level = [table for table in tables if table.box[1] <= y <= table.box[3]]
    is_caption = any(table.box[0] < x < table.box[2] for table in tables if table not in level)
    if not level or is_caption:
        return False
    add_beside(min(level, key=lambda table: max(x - table.box[2], table.box[0] - x)), line)
    return True
