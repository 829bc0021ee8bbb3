"""Excel workbooks (XLSX): rows out of one, rows into one. Pure.

A workbook is a ZIP file: what it would unpack to is checked before anything is unpacked.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from explorer.browse import FORMULA_SIGNS
from explorer.sheets import BadFile, Sheet, make_sheet

MAX_UNPACKED = 60_000_000
MAX_MEMBERS = 500
MAX_XLSX_CELL = 32_767


def read_xlsx(content: bytes, sheet: str = "") -> Sheet:
    """Return the rows of a sheet, the first with content when none is named. Raises `BadFile`."""
    _check_zip(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = [one.title for one in book.worksheets if one.sheet_state == "visible"] or book.sheetnames
        chosen = sheet if sheet in names else _first_filled(book, names)
        found = make_sheet(_rows(book[chosen]), chosen, names if len(names) > 1 else ())
        book.close()
    except BadFile:
        raise
    except Exception as error:  # a damaged workbook fails in openpyxl in every way there is
        raise BadFile("broken_xlsx") from error
    return found


def _check_zip(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise BadFile("broken_xlsx") from error
    if "xl/workbook.xml" not in {one.filename for one in members}:
        raise BadFile("zip")
    if any(one.flag_bits & 1 for one in members):
        raise BadFile("locked")
    # Python unpacks no more of a member than it declares here.
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise BadFile("bomb", limit=MAX_UNPACKED // 1_000_000)


def _first_filled(book: Any, names: Sequence[str]) -> str:
    return next((name for name in names if any(any(row) for row in _rows(book[name]))), names[0])


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # the declared size may be anything
    for row in sheet.iter_rows(values_only=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """Return a value as it reads in Excel, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


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
    if not text.startswith((*FORMULA_SIGNS, "#")):
        return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    cell = WriteOnlyCell(sheet, "")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    cell.data_type = "s"
    cell.quotePrefix = True  # as Excel does for a typed apostrophe: stays text when edited
    return cell
