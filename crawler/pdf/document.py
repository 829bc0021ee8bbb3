"""A whole PDF opened, checked and read: what may be wrong with the file is told here."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pdfplumber
from pdfminer import pdftypes
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from crawler.pdf.flow import flow_html
from crawler.pdf.pages import PdfPage, read_page
from crawler.pdf.ruled import PdfTable

MAX_PAGES = 300
UNREADABLE = "(cid:"
MAX_UNREADABLE = 0.02
MAX_HTML = 20_000_000


class UnreadablePdf(Exception):
    """A PDF that is not read: `expected` and `found` in words."""

    def __init__(self, expected: str, found: str):
        self.expected, self.found = expected, found
        super().__init__(f"expected {expected}, found {found}")


@contextmanager
def _no_losses() -> Iterator[None]:
    """Make damaged data an error; pdfminer would read on as if a part of the page were not printed."""
    kept = pdftypes.decompress_corrupted
    pdftypes.decompress_corrupted = _refuse
    try:
        yield
    finally:
        pdftypes.decompress_corrupted = kept


def _refuse(data: bytes) -> bytes:
    raise UnreadablePdf("a whole PDF", f"{len(data):,} bytes of damaged data")


def pdf_html(body: bytes) -> str:
    """Return a PDF as an HTML fragment. Raises `UnreadablePdf`."""
    if b"%PDF-" not in body[:1024]:
        raise UnreadablePdf("a PDF", repr(body[:20]) if body else "nothing")
    if b"%%EOF" not in body[-1024:]:
        raise UnreadablePdf("a whole PDF, up to %%EOF", f"{body[-20:]!r} at its end")
    try:
        with _no_losses(), pdfplumber.open(BytesIO(body), raise_unicode_errors=False) as pdf:
            pages = _read_pages(pdf)
    except (UnreadablePdf, MemoryError):
        raise
    except Exception as error:
        # pdfminer raises whatever a broken file leads it to.
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, (MemoryError, UnreadablePdf)):
            raise cause from None
        if isinstance(cause, PDFPasswordIncorrect):
            raise UnreadablePdf("an open PDF", "one encrypted with a password") from error
        raise UnreadablePdf("a readable PDF", f"a broken one ({type(cause).__name__})") from error
    stamped = next((page for page in pages if page.stamp), None)
    if stamped is not None:
        raise UnreadablePdf("a list without a stamp", f"{stamped.stamp!r} over page {stamped.number}")
    if not any(len(block.xs) > 2 for page in pages for block in page.blocks if isinstance(block, PdfTable)):
        raise UnreadablePdf("a PDF with ruled tables", "a PDF without tables")
    html = flow_html(pages)
    if len(html) > MAX_HTML:
        raise UnreadablePdf("a list", f"{len(html):,} characters of text")
    return html


def _read_pages(pdf: Any) -> list[PdfPage]:
    if len(pdf.pages) > MAX_PAGES:
        raise UnreadablePdf(f"at most {MAX_PAGES} pages", f"{len(pdf.pages)} pages")
    pages, letters, unreadable, pictures = [], 0, 0, []
    for page in pdf.pages:
        texts = [char["text"] for char in page.chars if char["text"].strip()]
        letters += len(texts)
        unreadable += sum(text.startswith(UNREADABLE) for text in texts)
        if page.images and not texts:
            pictures.append(str(page.page_number))
        pages.append(read_page(page))
        page.close()
    if not letters:
        raise UnreadablePdf("a PDF with text", "a picture without text" if pages else "no pages")
    if pictures:
        raise UnreadablePdf("text on every page", f"a picture alone on page {', '.join(pictures)}")
    if unreadable > MAX_UNREADABLE * letters:
        raise UnreadablePdf("text that can be read", f"{unreadable} signs of {letters} without a meaning")
    return pages
