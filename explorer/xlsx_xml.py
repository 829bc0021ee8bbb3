"""The XML inside a workbook, read as a stream: no tree, no entities, never more than a budget. Pure.

Excel writes rows and cells in their order and each once. What does otherwise is damaged or hostile,
and a guess at what it means would lose rows silently: it raises `ValueError`.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from explorer.sheets import MAX_COLUMNS, MAX_ROWS, BadFile

# Of a worksheet in Excel; so are the longest format and the most styles.
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MAX_FORMAT, MAX_STYLES = 255, 65_490
MAX_TAGS = 3_000_000
MAX_LETTERS = 20_000_000
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# The days of the Japanese calendar have numbers that no file explains.
JAPANESE_DAYS = (*range(27, 37), *range(50, 59))
Attributes = dict[str, str]


class Done(Exception):
    """What follows in this part is not needed."""


class Part:
    """What is made of a part: what to do at which start and end; texts are those of `t` and `v`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_furigana = False  # they repeat the text
        self.starts: dict[str, Callable[[Attributes], None]] = {"rPh": lambda _: self._furigana(True)}
        self.ends: dict[str, Callable[[], None]] = {"rPh": lambda: self._furigana(False)}

    def _furigana(self, is_furigana: bool) -> None:
        self.is_furigana = is_furigana

    def take_text(self) -> str:
        """Return what was collected since the last time, with Excel's own escapes undone."""
        text = "".join(self.texts)
        self.texts.clear()
        return ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter.isprintable() or letter in "\t\r\n" else found[0]


class Budget:
    """What may still be read of one workbook: a small file can unfold to hours of work."""

    def __init__(self, tags: int = MAX_TAGS, letters: int = MAX_LETTERS) -> None:
        self.tags, self.letters = tags, letters

    def spend(self, tags: int = 0, letters: int = 0) -> None:
        self.tags -= tags
        self.letters -= letters
        if self.tags < 0 or self.letters < 0:
            raise BadFile("too_much")


def walk(content: bytes, part: Part, budget: Budget) -> None:
    """Read a part into `part`. Raises `ValueError`, `ExpatError`, or `BadFile` over the budget."""
    budget.spend(tags=content.count(b"<") + content.count(b"/>"))
    parser = expat.ParserCreate("utf-8")  # in another encoding, the tags would not have been counted
    parser.buffer_text = True
    starts, ends = part.starts, part.ends

    def start(name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name in ("t", "v"):
            parser.CharacterDataHandler = None if part.is_furigana else part.texts.append
        elif name in starts:
            starts[name](attributes)

    def end(name: str) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name in ("t", "v"):
            parser.CharacterDataHandler = None
        elif name in ends:
            ends[name]()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)  # at once: in pieces, a long token would be read again for each
    except Done:
        pass
    finally:  # the handlers hold the parser, and the parser them
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


def _refuse_doctype(*declared: Any) -> None:
    raise ValueError("a workbook declares no document type")


class Elements(Part):
    """Lists the attributes of the wanted elements."""

    def __init__(self, *wanted: str) -> None:
        super().__init__()
        self.found: dict[str, list[Attributes]] = {name: [] for name in wanted}
        self.starts = {name: found.append for name, found in self.found.items()}


class Strings(Part):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ends["si"] = lambda: self.found.append(self.take_text())


class Styles(Part):
    """Which styles show a number as a day or time."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = dict.fromkeys(JAPANESE_DAYS, "yyyy-mm-dd") | BUILTIN_FORMATS
        self.styles: list[int] = []
        self.section = ""
        self.starts = {"numFmt": self._code, "xf": self._style}
        for name in ("numFmts", "cellStyleXfs", "cellXfs", "dxfs"):
            self.starts[name] = partial(self._open, name)

    def _open(self, name: str, _: Attributes) -> None:
        self.section = name

    def _code(self, one: Attributes) -> None:
        if self.section == "numFmts":
            self.codes[int(one["numFmtId"])] = one["formatCode"][:MAX_FORMAT]

    def _style(self, one: Attributes) -> None:
        if self.section == "cellXfs":
            self.styles.append(int(one.get("numFmtId", 0)))
            if len(self.styles) > MAX_STYLES:
                raise ValueError(f"more than {MAX_STYLES} styles")

    def days(self) -> dict[int, bool]:
        """Return style -> whether it is a span of time, for those that show days and times."""
        codes = {number: self.codes.get(number) for number in set(self.styles)}
        spans = {number: is_timedelta_format(code) for number, code in codes.items() if is_date_format(code)}
        return {style: spans[number] for style, number in enumerate(self.styles) if number in spans}


class Rows(Part):
    """The cells of a worksheet that hold something, by row number; `read` is given kind, style and text."""

    def __init__(self, read: Callable[[str, int, str], str], budget: Budget) -> None:
        super().__init__()
        self.read, self.budget = read, budget
        self.found: dict[int, list[str]] = {}
        self.row, self.row_text, self.column = 0, "", 0
        self.cell: Attributes | None = None
        self.cells: list[str] = []
        self.starts |= {"row": self._open_row, "c": self._open_cell}
        self.ends |= {"c": self._keep, "row": self._close_row, "sheetData": self._end}

    def _open_row(self, attributes: Attributes) -> None:
        row = int(attributes.get("r", self.row + 1))
        if not self.row < row <= LAST_ROW or self.cells:
            raise ValueError(f"row {row} after row {self.row}")
        self.row, self.row_text, self.column = row, str(row), 0

    def _close_row(self) -> None:
        if self.cells:
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
        self.texts.clear()

    def _keep(self) -> None:
        cell, self.cell = self.cell or {}, None
        if not self.texts:
            return
        text = self.read(cell.get("t", "n"), int(cell.get("s", 0)), self.take_text())
        if not text or text.isspace():
            return
        if self.column > MAX_COLUMNS:
            raise BadFile("columns", limit=MAX_COLUMNS, row=self.row)
        if self.row > MAX_ROWS + 1:  # one more: the first may be the headings
            raise BadFile("rows", limit=MAX_ROWS)
        self.cells += [""] * (self.column - len(self.cells) - 1) + [text]

    def _end(self) -> None:
        if self.cells:
            raise ValueError("cells outside a row")
        raise Done


@lru_cache(LAST_COLUMN)
def column_number(letters: str) -> int:
    """Return 1 for A, 28 for AB. Raises `ValueError` for what is no column of a worksheet."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise ValueError(f"no column {letters[:20]}")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
