"""The cells of a worksheet, read as a stream. Pure.

Excel writes one list of rows, rows and cells in their order and each once, and one value in a cell.
What does otherwise is damaged or hostile: it raises `ValueError`, like the rest of `xlsx_xml.py`.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from explorer.sheets import MAX_COLUMNS, MAX_ROWS, BadFile
from explorer.xlsx_xml import Attributes, Budget, Part, refuse_twice

# Of a worksheet in Excel.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Rows(Part):
    """The cells that hold something, by row number; `read` is given kind, style and text.

    `unvalued` are the rows with a formula whose value was not saved: they are kept, however empty.
    """

    def __init__(self, read: Callable[[str, int, str], str], budget: Budget) -> None:
        super().__init__()
        self.read, self.budget = read, budget
        self.found: dict[int, list[str]] = {}
        self.unvalued: list[int] = []
        self.row, self.row_text, self.column = 0, "", 0
        self.cell: Attributes | None = None
        self.is_formula = self.is_inline = False
        self.cells: list[str] = []
        self.starts["sheetData"] = self._open_list

    def _open_list(self, _: Attributes) -> None:
        self.starts |= {"row": self._open_row, "c": self._open_cell, "is": self._open_inline}
        self.starts |= {"f": self._open_formula, "AlternateContent": refuse_twice, "sheetData": refuse_twice}
        self.ends |= {"c": self._keep, "row": self._close_row, "sheetData": self._end}

    def _open_row(self, attributes: Attributes) -> None:
        row = int(attributes.get("r", self.row + 1))
        if not self.row < row <= LAST_ROW or self.cells:
            raise ValueError(f"row {row} after row {self.row}")
        self.row, self.row_text, self.column = row, str(row), 0

    def _close_row(self) -> None:
        if self.cells or self.unvalued[-1:] == [self.row]:
            self.budget.spend(letters=sum(map(len, self.cells)))
            self.found[self.row], self.cells = self.cells, []

    def _open_cell(self, attributes: Attributes) -> None:
        column = self.column + 1
        if reference := attributes.get("r"):
            letters = reference.rstrip("0123456789")
            column = column_number(letters)
            if reference[len(letters) :] != self.row_text:
                raise ValueError(f"cell {reference} in row {self.row}")
        if not self.column < column <= LAST_COLUMN or self.cell is not None:
            raise ValueError(f"cell {reference} after column {self.column}")
        self.column, self.cell = column, attributes
        self.is_formula = self.is_inline = False
        self.texts.clear()
        self.values = 0
        self.budget.spend(work=1)

    def _open_inline(self, _: Attributes) -> None:
        if self.is_inline:
            raise ValueError(f"two texts in a cell of row {self.row}")
        self.is_inline = True

    def _open_formula(self, _: Attributes) -> None:
        self.is_formula = True

    def _keep(self) -> None:
        cell, self.cell = self.cell or {}, None
        if self.values + self.is_inline > 1:
            raise ValueError(f"two values in a cell of row {self.row}")
        kind = cell.get("t", "n")
        if not self.texts:
            # A formula may result in no text; without that kind, it was not worked out.
            if self.is_formula and not (self.values and kind == "str"):
                self._note_unvalued()
            return
        self.budget.spend(work=1)
        text = self.read(kind, int(cell.get("s", 0)), self.take_text())
        if not text or text.isspace():
            return
        if self.column > MAX_COLUMNS:
            raise BadFile("columns", limit=MAX_COLUMNS, row=self.row)
        self._check_row()
        if missing := self.column - len(self.cells) - 1:
            self.cells += [""] * missing
        self.cells.append(text)

    def _note_unvalued(self) -> None:
        self._check_row()
        if self.unvalued[-1:] != [self.row]:
            self.unvalued.append(self.row)

    def _check_row(self) -> None:
        if self.row > MAX_ROWS + 1:  # one more: the first may be the headings
            raise BadFile("rows", limit=MAX_ROWS)

    def _end(self) -> None:
        """Take nothing of what follows, but look out for a second list."""
        if self.cells:
            raise ValueError("cells outside a row")
        self._mute(True)
        self.starts.clear()
        self.ends.clear()
        self.starts["sheetData"] = refuse_twice


@lru_cache(LAST_COLUMN)
def column_number(letters: str) -> int:
    """Return 1 for A, 28 for AB. Raises `ValueError` for what is no column of a worksheet."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise ValueError(f"no column {letters[:20]}")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
