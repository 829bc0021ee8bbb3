"""One page of a PDF as blocks in printed order: lines of text and ruled tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.pdf.glyphs import Glyph, TextLine, gather_lines
from crawler.pdf.lanes import Block, box_of, in_order
from crawler.pdf.ruled import PdfTable, add_beside, find_cells, read_tables
from crawler.pdf.rules import read_rules, read_slants, take_strikes

SQUARE = 0.01


@dataclass
class PdfPage:
    """What stands on a page. `blocks` in printed order; `height` of the paper, `right` edge of the print."""

    number: int
    height: float
    blocks: list[Block]
    right: float

    @property
    def lines(self) -> list[TextLine]:
        return [block for block in self.blocks if isinstance(block, TextLine)]


def read_page(page: Any) -> PdfPage:
    """Return the blocks of a pdfplumber page. Text across the page (a watermark) comes last."""
    across = [char for char in page.chars if _is_across(char)]
    level = [_glyph(char) for char in page.chars if not _is_across(char)]
    rules, fills = read_rules(page)
    rules, glyphs = take_strikes(rules, read_slants(page), level)
    tables, loose = read_tables(find_cells(page, rules, fills), glyphs)
    lines = [line for line in gather_lines(loose) if not _goes_beside(line, tables)]
    blocks = in_order([*lines, *tables])
    right = max((box_of(block)[2] for block in blocks), default=0.0)
    if across:
        blocks.append(TextLine(tuple(map(_glyph, across))))
    return PdfPage(page.page_number, float(page.height), blocks, right)


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
