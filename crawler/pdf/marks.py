"""Marks laid over a finished page as annotations: strokes through text, stamps, notes, drawings.

pdfplumber reads none of their looks, so a mark that may say something of a row refuses the page.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.pdftypes import resolve1

from crawler.parser.prose import is_calm
from crawler.pdf.ruled import PdfTable
from crawler.pdf.rules import Rule

# What prints nothing on the page, or leads elsewhere.
SILENT = {
    "Link",
    "Popup",
    "PrinterMark",
    "TrapNet",
    "Screen",
    "Movie",
    "Sound",
    "FileAttachment",
    "RichMedia",
}
HIDDEN = 2  # the flag of an annotation that is neither shown nor printed
QUAD = 8  # numbers: x and y of four corners


def read_strikes(page: Any) -> list[Rule]:
    """Return the strokes that a reviewer laid over the text, one for each line of text.

    On a turned page the corners are turned too: there the frame of the whole mark has to do.
    """
    found: list[Rule] = []
    for mark in page.annots:
        if _kind(mark) == "StrikeOut":
            quads = [] if page.rotation else list(_quads(mark))
            for x0, top, x1, bottom in quads or [(mark["x0"], mark["top"], mark["x1"], mark["bottom"])]:
                found.append(Rule(x0, (top + bottom) / 2, x1, (top + bottom) / 2))
    return found


def _quads(mark: dict[str, Any]) -> Iterator[tuple[float, float, float, float]]:
    """Yield the frame of each line of a mark, its height measured from the top of the page."""
    points = [float(resolve1(value)) for value in resolve1(mark["data"].get("QuadPoints")) or []]
    frame = [float(resolve1(value)) for value in resolve1(mark["data"]["Rect"])]
    right, up = mark["x0"] - min(frame[0::2]), mark["top"] + max(frame[1::2])
    for start in range(0, len(points) - QUAD + 1, QUAD):
        xs, ys = points[start : start + QUAD : 2], points[start + 1 : start + QUAD : 2]
        yield min(xs) + right, up - max(ys), max(xs) + right, up - min(ys)


def read_marks(page: Any, tables: Sequence[PdfTable]) -> list[str]:
    """Return what each other visible mark says, or its kind: over a table any, elsewhere all but harmless."""
    found = []
    for mark in page.annots:
        kind, text = _kind(mark), _text_of(mark)
        is_silent = kind in SILENT or kind == "StrikeOut" or (kind == "Widget" and not text)
        is_shown = not int(resolve1(mark["data"].get("F")) or 0) & HIDDEN
        if is_silent or not is_shown:
            continue
        if any(_is_over(mark, table) for table in tables) or not text or not is_calm(text):
            found.append(text or f"a mark ({kind})")
    return found


def _kind(mark: dict[str, Any]) -> str:
    return str(getattr(resolve1(mark["data"].get("Subtype")), "name", ""))


def _text_of(mark: dict[str, Any]) -> str:
    text = mark["contents"] or resolve1(mark["data"].get("V")) or ""
    if isinstance(text, bytes):
        text = text.decode("utf-16" if text[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1", "replace")
    return " ".join(str(getattr(text, "name", text)).split())


def _is_over(mark: dict[str, Any], table: PdfTable) -> bool:
    x0, top, x1, bottom = table.box
    return bool(mark["x0"] < x1 and x0 < mark["x1"] and mark["top"] < bottom and top < mark["bottom"])
