"""From the bytes of a file, or a pasted text, to rows of text: encodings, separators, limits. Pure.

Reads what Japanese Excel writes: CP932, UTF-8 with and without BOM, UTF-16 with BOM; comma, tab or
semicolon; XLSX (see `xlsx.py`). What cannot be read whole is refused: a guess would be wrong silently.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
SAMPLE_LINES = 200
SEPARATORS = ("\t", ",", ";")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "cp932", "euc_jp")
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
    """All rows as text, each as long as the longest; `uneven` are the rows (from 0) that were not."""

    rows: list[list[str]]
    uneven: tuple[int, ...] = ()
    name: str = ""
    others: tuple[str, ...] = ()


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
    texts = [text for name in ENCODINGS if (text := _decoded(content, name)) is not None]
    if not texts:
        raise BadFile("encoding" if _is_texty(content) else "binary")
    # UTF-8 is never right by accident; EUC read as CP932 is full of half-width kana.
    if _decoded(content, "utf-8") is not None:
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
    if text.startswith("sep=") and "\n" in text:  # a note of Excel's to itself
        text = text.split("\n", 1)[1]
    separator = _guess_separator(text)
    return make_sheet(_parse(text, separator) if separator else [[line] for line in text.split("\n")])


def make_sheet(rows: Iterable[Sequence[str]], name: str = "", others: Sequence[str] = ()) -> Sheet:
    """Return the rows made equally long, without the empty ones at the end. Raises `BadFile`."""
    kept: list[list[str]] = []
    pending = 0
    for row in rows:
        cells = list(row)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            pending += 1
            continue
        if len(cells) > MAX_COLUMNS:
            raise BadFile("columns", limit=MAX_COLUMNS, row=len(kept) + pending + 1)
        if len(kept) + pending > MAX_ROWS:  # one more: the first may be the headings
            raise BadFile("rows", limit=MAX_ROWS)
        kept += [[] for _ in range(pending)] + [cells]
        pending = 0
    if not kept:
        raise BadFile("empty")
    width = max(len(row) for row in kept)
    usual = len(kept[0])
    uneven = tuple(number for number, row in enumerate(kept) if len(row) > usual) if usual > 1 else ()
    return Sheet([row + [""] * (width - len(row)) for row in kept], uneven, name, tuple(others))


def _parse(text: str, separator: str) -> list[list[str]]:
    """Return the cells; where a quotation mark is left open, every mark counts as a letter."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return [line.split(separator) for line in text.split("\n")]


def _guess_separator(text: str) -> str | None:
    """Return the separator that cuts most lines into the same number of cells, None for plain lines."""
    lines = [line for line in text.split("\n")[:SAMPLE_LINES] if line.strip()]
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
