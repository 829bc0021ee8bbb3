"""What the columns of a printed table hold: by header words, or by their cells where that is safe."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.names import Section, match_key
from crawler.parser.doubt import doubtful_section
from crawler.parser.footnotes import read_definitions, take_marks
from crawler.parser.grid import Cell, HeaderError, Row
from crawler.parser.tokens import has_model, is_models
from crawler.parser.unknown import is_asking
from crawler.parser.words import (
    closed_section,
    flat,
    is_carrier,
    is_maker,
    is_mixed,
    keys,
    pattern,
    section_of,
    without,
    words,
)

KINDS = ("name", "model", "maker", "carrier", "note", "status", "extra", "number")
DEVICE_KINDS = {"name", "model"}
GLYPH = re.compile(r"[【■□◆◇▼▽★☆〈《＜<]")


@dataclass(frozen=True)
class Column:
    """What a column holds: one of KINDS, `seller` (the header is a carrier) or `other`.

    `section` is set when the header itself says 対応予定 or 対象外; `is_more` for the places that a
    header cell spans beyond its first; `asks` when a header over devices says what is not known.
    """

    kind: str
    title: str
    section: Section | None = None
    is_more: bool = False
    asks: bool = False


def kind_of(title: str) -> str:
    """Return the kind of column for a header that is a known word, '' for any other text."""
    title = take_marks(title)[0]
    for text in (title, re.split(r"[(\[]", flat(title))[0]):
        for kind in KINDS:
            if match_key(text) in keys(f"column_{kind}") or text in words(f"column_{kind}"):
                return kind
    plain = match_key(without(title, "section_planned", "section_excluded"))
    return "name" if closed_section(title) and plain in keys("column_name") else ""


def guess_kind(title: str) -> str:
    """Return the kind of the longest header word inside the text: `お使いの機種名` is a name."""
    best = (0, "")
    for kind in KINDS:
        for match in pattern(f"column_{kind}").finditer(flat(title)):
            best = max(best, (match.end() - match.start(), kind))
    return best[1]


def spanning_text(row: Row) -> str | None:
    """Return the text of a row that is one line across the table, or whose only cell is a heading."""
    filled = [cell for cell in dict.fromkeys(row) if cell.lines]
    if len(filled) == 2 and any(not note for _, note in read_definitions(filled[0].text)):
        return f"{filled[0].text} {filled[1].text}"
    if len(filled) == 2 and row.count(filled[1]) > 1 and is_maker(filled[0].text):
        # The merged maker cell stands beside every row, also beside a line across the others.
        filled = filled[1:]
    if len(filled) != 1 or len(row) < 2:
        return None
    text = filled[0].text
    is_heading = (
        is_maker(text)
        or bool(GLYPH.match(text))
        or bool(read_definitions(text))
        or (section_of(text) is not None and not has_model(text))
        or (len(filled[0].lines) == 1 and _is_unknown_status(text))
    )
    return text if is_heading or len(set(row)) == 1 else None


def _is_unknown_status(text: str) -> bool:
    is_device = has_model(text) or bool(pattern("brand").search(flat(text)))
    return not is_device and (doubtful_section(text) is not None or is_asking(text))


def is_header(row: Row, columns: Sequence[Column], was_header: bool) -> bool:
    """Tell a header row. `columns` are those known so far, `was_header` whether the row above was one."""
    cells = [cell for cell in dict.fromkeys(row) if cell.lines]
    if any(has_model(cell.text) for cell in cells):
        return False
    kinds = [kind_of(cell.text) or ("seller" if seller_of(cell.text) else "") for cell in cells]
    is_known = all(kinds)
    if set(kinds) & DEVICE_KINDS and (is_known or sum(kind not in ("", "seller") for kind in kinds) > 1):
        return True
    if was_header:
        return is_known
    if columns:
        return False
    if all(cell.is_header for cell in cells) and len(cells) > 1:
        return True
    guessed = [guess_kind(cell.text) for cell in cells]
    return all(guessed) and bool(set(guessed) & DEVICE_KINDS) and len(cells) > 1


def read_header(row: Row, above: Sequence[Column]) -> list[Column]:
    """Return the columns of a header row; `above` is the header row that it refines, if any.

    Raises `HeaderError` when there is no place where a device could stand.
    """
    columns: list[Column] = []
    for index, cell in enumerate(row):
        column = _column(cell, is_more=index > 0 and row[index - 1] is cell)
        upper = above[index] if index < len(above) else None
        if upper and (column.kind == "other" or not cell.lines or column.title == upper.title):
            column = upper
        elif upper:
            column = Column(column.kind, column.title, column.section or upper.section, asks=column.asks)
        columns.append(column)
    return columns


def check_columns(columns: Sequence[Column]) -> None:
    """Raise `HeaderError` when no column could hold a device, unless all are known to hold other things."""
    kinds = {column.kind for column in columns}
    if not kinds & DEVICE_KINDS and not kinds <= {"extra", "number", "note"}:
        raise HeaderError("the header " + " | ".join(dict.fromkeys(column.title for column in columns)))


def seller_of(title: str) -> str:
    """Return the carrier that a header such as `ドコモ`, `型番（ドコモ）` or `au 型番` names, else ''."""
    inside = re.search(r"[(（]([^()（）]+)[)）]\s*$", title)
    if inside and kind_of(title) == "model" and is_carrier(inside[1]):
        return inside[1].strip()
    if not is_carrier(title):
        return ""
    matches = list(pattern("carrier").finditer(flat(title)))
    has_filler = without(title, "filler") != flat(title)
    return title[matches[0].start() : matches[-1].end()] if has_filler else title


def _column(cell: Cell, is_more: bool) -> Column:
    title = take_marks(cell.text)[0]
    kind = kind_of(title) or guess_kind(title) or "other"
    doubt = doubtful_section(title) if kind == "name" else None
    section = None if is_mixed(title) else closed_section(title) or doubt
    seller = seller_of(title)
    if seller:
        return Column("seller", seller, section)
    asks = kind in DEVICE_KINDS and section is None and not kind_of(title) and is_asking(title)
    return Column(kind, title, section, is_more, asks)


def guess_columns(rows: Sequence[Row]) -> list[Column]:
    """Return the columns of a table without header, told by their cells.

    Safe means: all cells of one column are model numbers (or hold one beside a name), and one
    column is left for the name. Raises `HeaderError` otherwise.
    """
    rows = [row for row in rows if spanning_text(row) is None]
    columns = [_guess([row[index] for row in rows]) for index in range(len(rows[0]))]
    kinds = [column.kind for column in columns]
    if "other" in kinds or kinds.count("name") > 1 or not {"model", "named"} & set(kinds):
        raise HeaderError("a first row " + " | ".join(cell.text for cell in dict.fromkeys(rows[0])))
    if kinds.count("named") + kinds.count("name") != 1:
        raise HeaderError("a first row " + " | ".join(cell.text for cell in dict.fromkeys(rows[0])))
    return [Column("name" if column.kind == "named" else column.kind, "") for column in columns]


def _guess(cells: Sequence[Cell]) -> Column:
    texts = [take_marks(cell.text)[0] for cell in cells if not cell.is_blank]
    if not texts:
        return Column("extra", "")
    tests = {
        "model": is_models,
        "named": has_model,
        "maker": is_maker,
        "carrier": is_carrier,
        "number": lambda text: text.isdigit() and len(text) < 4,
        "status": lambda text: text in words("yes") | words("no") or closed_section(text) is not None,
        "name": lambda text: len(text) < 60 and "。" not in text,
    }
    return Column(next((kind for kind, test in tests.items() if all(map(test, texts))), "other"), "")
