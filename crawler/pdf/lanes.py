"""The order of blocks on a page: top to bottom, but one after the other where tables stand side by side."""

from collections.abc import Sequence
from itertools import combinations

from crawler.pdf.glyphs import TextLine
from crawler.pdf.ruled import Box, PdfTable
from crawler.pdf.rules import TOUCH

WIDE_GAP = 2  # times the letter height
Block = TextLine | PdfTable


def in_order(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks as a reader takes them: a heading over one of two tables stays with that table."""
    ordered = sorted(blocks, key=lambda block: (box_of(block)[1], box_of(block)[0]))
    pair = _side_by_side(ordered)
    if pair is None:
        return ordered
    (_, top, left, _), (right, other, _, _) = map(box_of, pair)
    gutter, first, last = (left + right) / 2, min(top, other), max(top, other)
    parts = [part for block in ordered for part in _split(block, gutter)]
    wide = [box_of(part)[1] for part in parts if box_of(part)[0] < gutter < box_of(part)[2]]
    above = max((place for place in wide if place <= first), default=0.0)
    below = min((place for place in wide if place > last), default=float("inf"))
    lanes: list[list[Block]] = [[], [], [], []]
    for part in parts:
        x0, place, x1, _ = box_of(part)
        is_wide = x0 < gutter < x1
        lane = 0 if place < above or (is_wide and place <= last) else 3 if place >= below else 1
        lanes[2 if lane == 1 and x0 >= gutter else lane].append(part)
    return [block for lane in lanes for block in in_order(lane)]


def box_of(block: Block) -> Box:
    return block.box if isinstance(block, PdfTable) else (block.x0, block.top, block.x1, block.bottom)


def _side_by_side(blocks: Sequence[Block]) -> tuple[PdfTable, PdfTable] | None:
    """Return the first two tables of which one stands wholly left of the other, at the same height."""
    tables = [block for block in blocks if isinstance(block, PdfTable)]
    for one, two in combinations(tables, 2):
        is_level = one.box[1] < two.box[3] and two.box[1] < one.box[3]
        left, right = sorted((one, two), key=lambda table: table.box[0])
        if is_level and left.box[2] <= right.box[0] + TOUCH:
            return left, right
    return None


def _split(block: Block, gutter: float) -> list[Block]:
    """Cut a line that is two, one over each table."""
    if isinstance(block, PdfTable):
        return [block]
    left = tuple(glyph for glyph in block.glyphs if glyph.x1 <= gutter)
    right = tuple(glyph for glyph in block.glyphs if glyph.x0 >= gutter)
    is_cut = len(left) + len(right) == len(block.glyphs) and left and right
    if not is_cut or TextLine(right).x0 - TextLine(left).x1 < WIDE_GAP * block.size:
        return [block]
    return [TextLine(part) for part in (left, right) if TextLine(part).text]
