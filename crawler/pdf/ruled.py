"""The ruled tables of a page: cells from rules, spans from the edges of cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pdfplumber.table import merge_edges

from crawler.pdf.glyphs import Glyph, TextLine, gather_lines, join_lines, wrapped_html
from crawler.pdf.rules import TOUCH, Fill, Rule

FAR = 1_000_000
CLOSE = 0.15  # the share of a letter
BAND = 20  # points; cells are looked up by the height of a character
Box = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(eq=False)
class PdfCell:
    """A cell between two vertical edges; `rowspan` counts rows, `lines` are HTML, `text` is for comparing."""

    x0: float
    x1: float
    rowspan: int = 1
    lines: list[str] = field(default_factory=list)
    text: str = ""


@dataclass(eq=False)
class PdfTable:
    """A table: `xs` its vertical edges, `rows` the cells that begin in each row, left to right."""

    box: Box
    xs: list[float]
    ys: list[float]
    rows: list[list[PdfCell]]

    def index(self, x: float) -> int:
        """Return which of the vertical edges is nearest to a place."""
        return min(range(len(self.xs)), key=lambda index: abs(self.xs[index] - x))


def find_cells(page: Any, rules: Sequence[Rule], fills: Sequence[Fill]) -> list[list[Box]]:
    """Return the cells of each table of two cells or more.

    Colour makes cells where no rule does; a mark behind a few words inside a cell makes none.
    """
    rules = _joined(rules)
    ruled = _find(page, [*rules, *_closing(rules)])
    cells = [cell for table in ruled for cell in table]
    sides = [side for fill in fills if not any(_is_mark(fill, cell) for cell in cells) for side in fill.sides]
    if not sides:
        return ruled
    edges = _joined([*rules, *sides])
    return _find(page, [*edges, *_closing(edges)])


def _is_mark(fill: Fill, cell: Box) -> bool:
    inside = cell[0] - TOUCH <= fill.x0 and fill.x1 <= cell[2] + TOUCH
    inside = inside and cell[1] - TOUCH <= fill.top and fill.bottom <= cell[3] + TOUCH
    return inside and (fill.x0 - cell[0] > TOUCH or cell[2] - fill.x1 > TOUCH)


def _find(page: Any, rules: Sequence[Rule]) -> list[list[Box]]:
    flat = [_edge(rule) for rule in rules if rule.is_flat]
    upright = [_edge(rule) for rule in rules if not rule.is_flat]
    if len(flat) < 2 or len(upright) < 2:
        return []
    settings = {
        "vertical_strategy": "explicit",
        "horizontal_strategy": "explicit",
        "explicit_vertical_lines": upright,
        "explicit_horizontal_lines": flat,
        "snap_tolerance": TOUCH,
        "join_tolerance": TOUCH,
        "intersection_tolerance": TOUCH,
    }
    return [[tuple(cell) for cell in table.cells] for table in page.find_tables(settings)]


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Return rules snapped to each other, the parts of one rule joined; double rules become one."""
    edges = merge_edges(list(map(_edge, rules)), TOUCH, TOUCH, TOUCH, TOUCH)
    return [Rule(edge["x0"], edge["top"], edge["x1"], edge["bottom"]) for edge in edges]


def _edge(rule: Rule) -> dict[str, Any]:
    return {
        "object_type": "rule_edge",
        "orientation": "h" if rule.is_flat else "v",
        "x0": rule.x0,
        "x1": rule.x1,
        "top": rule.top,
        "bottom": rule.bottom,
        "width": rule.x1 - rule.x0,
        "height": rule.bottom - rule.top,
    }


def _closing(rules: Sequence[Rule]) -> list[Rule]:
    """Return the outer borders that a table leaves open at its sides, top or bottom.

    Without them the text of the outer columns, a status say, would be torn from its row.
    """
    flat = [(rule.top, rule.x0, rule.x1) for rule in rules if rule.is_flat]
    upright = [(rule.x0, rule.top, rule.bottom) for rule in rules if not rule.is_flat]
    sides = [Rule(x, top, x, bottom) for x, top, bottom in _open_ends(flat, upright)]
    ends = [Rule(x0, y, x1, y) for y, x0, x1 in _open_ends(upright, flat)]
    return sides + ends


Line = tuple[float, float, float]  # where it stands, from, to


def _open_ends(along: Sequence[Line], across: Sequence[Line]) -> Iterator[Line]:
    """Yield what is missing between the ends of neighbouring rules that others connect."""
    ends: dict[int, list[Line]] = {}
    for place, start, stop in sorted(along):
        for key, end in ((1, start), (2, stop)):
            ends.setdefault(key * FAR + round(end / TOUCH), []).append((place, start, stop))
    for key, lines in ends.items():
        side = 1 if key < 2 * FAR else 2
        for one, two in pairwise(lines):
            if _is_open(one, two, one[side], across):
                yield one[side], one[0], two[0]


def _is_open(one: Line, two: Line, end: float, across: Sequence[Line]) -> bool:
    middle = (one[0] + two[0]) / 2
    between = [place for place, start, stop in across if start <= middle <= stop]
    inside = [place for place in between if max(one[1], two[1]) <= place <= min(one[2], two[2])]
    return bool(inside) and not any(abs(place - end) <= TOUCH for place in between)


def read_tables(tables: Sequence[list[Box]], glyphs: Sequence[Glyph]) -> tuple[list[PdfTable], list[Glyph]]:
    """Return the tables with their texts, and the characters that stand in none of their cells."""
    inside: dict[Box, list[Glyph]] = {cell: [] for table in tables for cell in table}
    bands: dict[int, list[Box]] = {}
    for box in sorted(inside, key=_area):
        for band in range(int(box[1] // BAND), int(box[3] // BAND) + 1):
            bands.setdefault(band, []).append(box)
    loose: list[Glyph] = []
    for run in _runs(glyphs):
        for glyph, home in zip(run, _homes(run, bands), strict=True):
            (loose if home is None else inside[home]).append(glyph)
    return [_as_table(cells, inside) for cells in tables], loose


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield characters that were printed one directly behind the other."""
    run: list[Glyph] = []
    for glyph in glyphs:
        last = run[-1] if run else glyph
        is_next = abs(glyph.x0 - last.x1) < CLOSE * glyph.height
        if run and not (is_next and abs(glyph.middle - last.middle) < CLOSE * glyph.height):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _homes(run: Sequence[Glyph], bands: dict[int, list[Box]]) -> list[Box | None]:
    """Return the cell of each character; a word that runs over a border stays whole."""
    boxes: list[Box | None] = []
    for glyph in run:
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.middle
        near = bands.get(int(y // BAND), [])
        boxes.append(next((box for box in near if box[0] <= x < box[2] and box[1] <= y < box[3]), None))
    if len(set(boxes)) == 1:
        return boxes
    first = boxes[0]
    is_left_set = first is not None and 0 <= run[0].x0 - first[0] < run[0].height
    home = first if is_left_set else max(filter(None, boxes), key=boxes.count)
    return [home] * len(boxes)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _as_table(cells: Sequence[Box], inside: dict[Box, list[Glyph]]) -> PdfTable:
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    rows: list[list[PdfCell]] = [[] for _ in ys[1:]]
    covered: set[tuple[int, int]] = set()
    for cell in cells:
        first, last = ys.index(cell[1]), ys.index(cell[3])
        columns = range(xs.index(cell[0]), xs.index(cell[2]))
        covered |= {(row, column) for row in range(first, last) for column in columns}
        rows[first].append(_as_cell(cell, last - first, inside[cell]))
    for row in range(len(rows)):
        holes = [column for column in range(len(xs) - 1) if (row, column) not in covered]
        rows[row] += [PdfCell(xs[column], xs[column + 1]) for column in holes]
        rows[row].sort(key=lambda cell: cell.x0)
    return PdfTable((xs[0], ys[0], xs[-1], ys[-1]), xs, ys, rows)


def _as_cell(box: Box, rowspan: int, glyphs: Sequence[Glyph]) -> PdfCell:
    lines = gather_lines(glyphs)
    groups = join_lines(lines, box[0], box[2])
    html = [wrapped_html(group) for group in groups]
    return PdfCell(box[0], box[2], rowspan, html, "".join("".join(line.text.split()) for line in lines))


def add_beside(table: PdfTable, line: TextLine) -> None:
    """Add a line that stands beside a row of the table to that row, as a cell behind its last."""
    middle = (line.top + line.bottom) / 2
    row = max(index for index, y in enumerate(table.ys[:-1]) if y <= middle)
    width = table.xs[-1]
    beside = next((cell for cell in table.rows[row] if cell.x0 >= width), None)
    if beside is None:
        beside = PdfCell(width, width)
        table.rows[row].append(beside)
    beside.lines.append(line.html)
    beside.text += line.text
