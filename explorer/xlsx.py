"""Excel workbooks (XLSX): rows out of one, rows into one. Pure.

A workbook is a ZIP file of XML: what it would unpack to is checked before anything is unpacked.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from functools import lru_cache
from math import isfinite
from posixpath import join, normpath
from typing import Any, TypeVar
from xml.parsers.expat import ExpatError

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from explorer.browse import is_formula
from explorer.sheets import BadFile, Sheet, make_sheet
from explorer.xlsx_rows import Rows
from explorer.xlsx_xml import Budget, Elements, Part, Strings, Styles, walk

MAX_UNPACKED = 30_000_000
MAX_MEMBERS = MAX_SHEETS = 500
MAX_CACHED, DAY_WORK = 100_000, 4
MAX_XLSX_CELL = 32_767
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
AnyPart = TypeVar("AnyPart", bound=Part)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# How a damaged or lying file fails in `zipfile`, `zlib`, `expat` and here.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, EOFError, OSError, RuntimeError),
    *(ValueError, LookupError, OverflowError),
)


def read_xlsx(content: bytes, sheet: str = "") -> Sheet:
    """Return the rows of a sheet, the first with content when none is named. Raises `BadFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_zip(archive.infolist())
            return Book(archive).read(sheet)
    except BROKEN as error:
        raise BadFile("broken_xlsx") from error


def _check_zip(members: Sequence[zipfile.ZipInfo]) -> None:
    if BOOK not in {one.filename for one in members}:
        raise BadFile("zip")
    if any(one.flag_bits & 1 for one in members):
        raise BadFile("locked")
    if any(one.compress_type not in METHODS for one in members):
        raise BadFile("broken_xlsx")
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise BadFile("too_much")


class Book:
    """An open workbook; all that is read of it comes out of one budget."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.budget = archive, Budget()
        book = self._walk(BOOK, Elements("sheet", "workbookPr")).found
        relations = self._walk(RELATIONS, Elements("Relationship")).found["Relationship"]
        if len(book["sheet"]) > MAX_SHEETS:
            raise BadFile("too_much")
        kinds = {one["Id"]: one["Type"].rpartition("/")[2] for one in relations}
        paths = {one["Id"]: normpath(join("/xl", one["Target"]))[1:] for one in relations}
        self.sheets: dict[str, str] = {}
        self.visible: list[str] = []
        for one in book["sheet"]:
            number = next((value for key, value in one.items() if key.endswith(":id")), "")
            if kinds[number] == "worksheet":
                self.sheets[one["name"]] = paths[number]
                self.visible += [one["name"]] * (one.get("state", "visible") == "visible")
        self.is_mac = any(one.get("date1904") in ("1", "true") for one in book["workbookPr"])
        of_kind = {kind: paths[number] for number, kind in kinds.items()}
        strings, styles = of_kind.get("sharedStrings"), of_kind.get("styles")
        self.strings = self._walk(strings, Strings()).found if strings else []
        self.days = self._walk(styles, Styles()).days() if styles else {}

    def read(self, wanted: str) -> Sheet:
        """Return a sheet, the first with content when none has that name. Raises `BadFile`."""
        names = self.visible or list(self.sheets)
        days = lru_cache(MAX_CACHED)(self._value)

        def read(kind: str, style: int, raw: str) -> str:
            return (days if style in self.days else self._value)(kind, style, raw)

        for name in [wanted] if wanted in names else names:
            part = self._walk(self.sheets[name], Rows(read, self.budget))
            if rows := part.found:
                every = (rows.get(number, ()) for number in range(1, max(rows) + 1))
                unvalued = tuple(number - 1 for number in part.unvalued)
                return make_sheet(every, name, names if len(names) > 1 else (), unvalued)
        raise BadFile("empty")

    def _walk(self, name: str, part: AnyPart) -> AnyPart:
        """Return `part` when it has read the member `name`, never more of it than is declared."""
        size = self.archive.getinfo(name).file_size
        with self.archive.open(name) as member:
            content = member.read(size + 1)
        if len(content) != size:
            raise ValueError(f"{name} is not as long as declared")
        walk(content, part, self.budget)
        return part

    def _value(self, kind: str, style: int, raw: str) -> str:
        """Return a value as it reads in Excel, dates in ISO form. Raises `ValueError`, `IndexError`."""
        if kind == "s":
            if (number := int(raw)) < 0:
                raise ValueError(f"no text has the number {number}")
            return self.strings[number]
        if kind == "b":
            return "TRUE" if raw.strip() in ("1", "true") else "FALSE"
        if kind == "d":
            self.budget.spend(work=DAY_WORK)
            return _written(from_ISO8601(raw))
        if kind != "n":
            return raw
        value = _number(raw)
        if style in self.days:
            self.budget.spend(work=DAY_WORK)
            epoch = MAC_EPOCH if self.is_mac else WINDOWS_EPOCH
            with suppress(OverflowError, ValueError):  # Excel shows #### then
                return _written(from_excel(value, epoch, timedelta=self.days[style]))
        return _written(value)


def _number(raw: str) -> int | float:
    try:
        return int(raw)
    except ValueError:
        value = float(raw)
        if not isfinite(value):
            raise
        return value


def _written(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook in which every cell is text: nothing in it runs as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("result")
    sheet.freeze_panes = "A2"
    for row in (header, *rows):
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    if not is_formula(text) and not text.startswith("#"):
        return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    cell = WriteOnlyCell(sheet, "")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    cell.data_type = "s"
    cell.quotePrefix = True  # as Excel does for a typed apostrophe: stays text when edited
    return cell
