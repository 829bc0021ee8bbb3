"""The rows of a printed table, each taken apart into the devices that it names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crawler.parser.cells import Cells, Odd, add_notes, add_section, read_devices, take_cell
from crawler.parser.columns import (
    DEVICE_KINDS,
    Column,
    check_columns,
    guess_columns,
    is_header,
    kind_of,
    read_header,
    spanning_text,
)
from crawler.parser.entries import Entry
from crawler.parser.grid import EMPTY, Cell, Row, read_grid
from crawler.parser.markup import Element
from crawler.parser.pieces import Line, read_pieces
from crawler.parser.words import words


@dataclass(frozen=True)
class Spanning:
    """A line across the whole table: a section, a maker, a footnote or a caption."""

    text: str


Found = Entry | Spanning | Odd


def read_table(table: Element) -> list[Found]:
    """Return what a table prints, in order. Raises `HeaderError` when its columns are not understood."""
    rows = read_grid(table)
    if _is_upright(rows):
        rows = [list(column) for column in zip(*rows, strict=True)]
    caption = table.find("caption")
    lines = read_pieces(caption, is_flat=True) if caption is not None else []
    return [Spanning(line.text) for line in lines if isinstance(line, Line)] + list(_Rows(rows).read())


def _is_upright(rows: Sequence[Row]) -> bool:
    """Tell a table whose header words stand in the first column instead of the first row."""
    first = [kind_of(row[0].text) for row in rows]
    others = [cell for row in rows[:1] for cell in row[1:] if cell is not row[0]]
    is_column = len(rows) > 1 and all(first) and bool(set(first) & DEVICE_KINDS)
    return is_column and not any(kind_of(cell.text) for cell in others)


@dataclass
class _Rows:
    rows: list[Row]
    columns: list[Column] = field(default_factory=list)
    last: dict[tuple[int, str], str] = field(default_factory=dict)

    def read(self) -> Iterator[Found]:
        was_header = False
        for index, row in enumerate(self.rows):
            text = spanning_text(row)
            if any(cell.is_deleted for cell in row):
                yield Odd(" | ".join(cell.text for cell in dict.fromkeys(row) if cell.lines))
            elif text is not None:
                yield Spanning(text)
            elif is_header(row, self.columns, was_header):
                self.columns = read_header(row, self.columns if was_header else [])
                was_header, self.last = True, {}
                continue
            else:
                self.columns = self.columns or guess_columns(self.rows[index:])
                check_columns(self.columns)
                yield from self.read_row(row)
            was_header = False
        if was_header:
            check_columns(self.columns)

    def read_row(self, row: Row) -> Iterator[Found]:
        found: list[Found] = []
        for number, group in enumerate(_groups(self.columns, row)):
            found += self.read_group(number, group)
        if found:
            yield from found
        elif not all(cell.is_blank for cell in row):
            yield Odd(" | ".join(cell.text for cell in dict.fromkeys(row) if cell.lines))

    def read_group(self, number: int, group: list[tuple[Column, Cell]]) -> list[Found]:
        """Return the devices of one group of columns; a table may print several groups side by side."""
        cells = Cells(group)
        if cells.is_blank():
            return []
        maker = self.filled(number, "maker", cells.text("maker")) or self.last.get((0, "maker"), "")
        name = self.filled(number, "name", cells.text("name"))
        carrier = cells.text("carrier")
        if carrier in words("ditto"):
            carrier = self.last.get((number, "carrier"), "")
        self.last[number, "carrier"] = carrier
        maker, maker_note = take_cell(maker)
        carrier, carrier_note = take_cell(carrier)
        lines = cells.lines("name") if cells.text("name") == name else [name]
        devices = list(read_devices(lines, cells.lines("model")))
        found: list[Found] = list(cells.sold(devices)) if cells.has_sellers() else list(devices)
        for entry in found:
            if isinstance(entry, Entry):
                entry.maker = maker or entry.maker
                entry.carrier = "、".join(filter(None, (carrier, entry.carrier)))
                for said in (maker_note, carrier_note):
                    entry.section = entry.section or said.section
                    entry.notes, entry.marks = entry.notes + said.notes, entry.marks + said.marks
                add_section(entry, cells)
                add_notes(entry, cells)
        problem = cells.unclear_status()
        return [Odd(problem)] if problem else found

    def filled(self, number: int, kind: str, text: str) -> str:
        """Return the value of a cell; an empty one or `〃` repeats the cell above."""
        if not text or text in words("ditto"):
            return self.last.get((number, kind), "")
        self.last[number, kind] = text
        return text


def _groups(columns: Sequence[Column], row: Row) -> list[list[tuple[Column, Cell]]]:
    groups: list[list[tuple[Column, Cell]]] = [[]]
    row = row + [EMPTY] * (len(columns) - len(row))
    for column, cell in zip(columns, row, strict=False):
        kinds = {known.kind for known, _ in groups[-1]}
        if column.kind in ("maker", "name") and column.kind in kinds and not column.is_more:
            groups.append([])
        groups[-1].append((column, cell))
    return groups
