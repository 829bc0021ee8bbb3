"""From the bytes of a file, or a pasted text, to rows of text: encodings, separators, limits. Pure.

Reads what Japanese Excel writes: CP932, UTF-8 with and without BOM, UTF-16 with BOM; comma, tab or
semicolon; XLSX (see `xlsx.py`). What cannot be read whole is refused: a guess would be wrong silently.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
ENOUGH_ROWS = MAX_ROWS + 2
SAMPLE_LINES, SAMPLE_LETTERS = 200, 200_000
SEPARATORS = ("\t", ",", ";")
BLANKS = " \u3000\t\n,;"
# A first line with which a file tells Excel its separator.
SEPARATOR_NOTE = re.compile(r'"?sep=(\t|[^"\w\s])"?\n', re.IGNORECASE)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "cp932", "euc_jp")
# E-mail's Japanese, seven bits wide: its signs for a change of letters, and how Python calls it.
ESCAPES = re.compile(rb"\x1b[$(]")
MAIL_ENCODINGS = ("iso2022_jp", "iso2022_jp_ext")
HALF_KANA = re.compile("[｡-ﾟ]")
# Bytes that no encoding of Excel's gives a letter; Python has a place for them all the same.
NO_LETTERS = re.compile("[\x80-\x84\x86-\x9f\uf8f0-\uf8f3]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KNOWN_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"MZ\x90",
)


class BadFile(Exception):
    """The file cannot be used: a code of the texts (`bulk_bad`) and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values


class Sheet(NamedTuple):
    """All rows as text, each as long as the longest; rows are meant by their number from 0.

    `uneven` were longer than the first; `unvalued` have a formula whose value was not saved; `broken`
    have a line break in a cell of a text. `above` lines stand above the first row.
    """

    rows: list[list[str]]
    uneven: tuple[int, ...] = ()
    name: str = ""
    others: tuple[str, ...] = ()
    unvalued: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    above: int = 0


def read_file(content: bytes, sheet: str = "") -> Sheet:
    """Return the rows of a file, whatever its name says it is. Raises `BadFile`."""
    if len(content) > MAX_BYTES:
        raise BadFile("too_big", size=f"{len(content) / 1e6:.1f}", limit=MAX_BYTES // 1_000_000)
    if not content.strip():
        raise BadFile("empty")
    if content.startswith(ZIP):
        from explorer.xlsx import read_xlsx

        return read_xlsx(content, sheet)
    if content.startswith(OLE):
        is_locked = "EncryptedPackage".encode("utf-16-le") in content
        raise BadFile("locked" if is_locked else "old_excel")
    return read_text(decode(content))


def decode(content: bytes) -> str:
    """Return the text. Raises `BadFile` when it is none, or in no encoding that Excel writes."""
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), None)
    if encoding:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            raise BadFile("encoding") from error
    if content.startswith(KNOWN_BINARY) or b"\x00" in content:
        raise BadFile("binary")
    names = MAIL_ENCODINGS if ESCAPES.search(content) else ENCODINGS
    texts = [text for name in names if (text := _decoded(content, name)) is not None]
    if not texts:
        is_text = names is MAIL_ENCODINGS or _is_texty(content)
        raise BadFile("encoding" if is_text else "binary")
    # UTF-8 is never right by accident; EUC read as CP932 is full of half-width kana.
    if names is MAIL_ENCODINGS or _decoded(content, "utf-8") is not None:
        return texts[0]
    return min(texts, key=lambda text: len(HALF_KANA.findall(text)))


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if NO_LETTERS.search(text) else text


def _is_texty(content: bytes) -> bool:
    controls = sum(byte < 32 and byte not in b"\t\r\n" for byte in content[:4096])
    return controls < len(content[:4096]) / 100


def read_text(text: str) -> Sheet:
    """Return the rows of CSV, TSV or one text a line. Raises `BadFile`."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if CONTROLS.search(text):
        raise BadFile("binary")
    separator, above = None, 0
    if note := SEPARATOR_NOTE.match(text):
        separator, above, text = note[1], 1, text[note.end() :]
    # Empty rows at the end, as Excel leaves many, need no reading.
    last = len(text.rstrip(BLANKS + (separator or "")))
    text = text[:end] if (end := text.find("\n", last)) >= 0 else text
    separator = separator or _guess_separator(text)
    rows = _parse(text, separator) if separator else [[line] for line in _lines(text)]
    sheet = make_sheet(rows, above=above)
    broken = tuple(number for number, row in enumerate(sheet.rows) if any("\n" in cell for cell in row))
    return sheet._replace(broken=broken)


def make_sheet(
    rows: Iterable[Sequence[str]],
    name: str = "",
    others: Sequence[str] = (),
    unvalued: tuple[int, ...] = (),
    above: int = 0,
) -> Sheet:
    """Return the rows made equally long, without the empty ones at the end. Raises `BadFile`."""
    kept: list[list[str]] = []
    length = max(unvalued, default=-1) + 1  # up to the last row that says something
    for number, row in enumerate(rows):
        if number > MAX_ROWS:  # one more: the first may be the headings
            raise BadFile("rows", limit=MAX_ROWS)
        cells = list(row)
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise BadFile("columns", limit=MAX_COLUMNS, row=above + number + 1)
        kept.append(cells)
        length = max(length, number + 1 if cells else 0)
    if not length:
        raise BadFile("empty")
    kept = kept[:length]
    width = max(1, *map(len, kept))
    usual = len(kept[0])
    uneven = tuple(number for number, row in enumerate(kept) if len(row) > usual) if usual > 1 else ()
    padded = [row + [""] * (width - len(row)) for row in kept]
    return Sheet(padded, uneven, name, tuple(others), unvalued, above=above)


def _parse(text: str, separator: str) -> list[list[str]]:
    """Return the cells; where a quotation mark is left open, every mark counts as a letter."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return list(islice(reader, ENOUGH_ROWS))
    except csv.Error:
        return [line.split(separator) for line in _lines(text)]


def _lines(text: str) -> list[str]:
    """Return the lines, no more than it takes to know that there are too many."""
    return text.split("\n", ENOUGH_ROWS)[:ENOUGH_ROWS]


def _guess_separator(text: str) -> str | None:
    """Return the separator that cuts most lines into the same number of cells, None for plain lines."""
    lines = [line for line in text[:SAMPLE_LETTERS].split("\n", SAMPLE_LINES)[:SAMPLE_LINES] if line.strip()]
    best, most = None, 0.0
    for separator in SEPARATORS:
        rows = [row for row in _parse("\n".join(lines), separator) if row]
        counts = [len(row) for row in rows]
        if not counts or max(counts) < 2 or _cuts_agents(rows):
            continue
        usual = max(set(counts) - {1}, key=counts.count)
        share = counts.count(usual) / len(counts)
        if share > most and (share >= 0.5 or separator == "\t"):
            best, most = separator, share
    return best or (None if '"' not in text else ",")


def _cuts_agents(rows: list[list[str]]) -> bool:
    """Tell whether user agents were cut: `(KHTML, like Gecko)` has a comma of its own."""
    agents = [cell for row in rows for cell in row if cell.lstrip().startswith(("Mozilla/", "Dalvik/"))]
    return any(cell.count("(") != cell.count(")") for cell in agents)
