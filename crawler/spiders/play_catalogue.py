"""Google's catalogue of certified Android devices: CSV, UTF-16 today, about 54,000 rows."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from crawler.items import CatalogueRow, SourceChanged
from crawler.spiders.base import SourceSpider

HEADER = ["Retail Branding", "Marketing Name", "Device", "Model"]
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class PlayCatalogue(SourceSpider):
    name = "play-catalogue"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[CatalogueRow]:
        encoding = detect_encoding(response.body)
        lines = io.TextIOWrapper(io.BytesIO(response.body), encoding=encoding, newline="")
        try:
            yield from self.read_rows(csv.reader(lines))
        except (UnicodeError, csv.Error) as error:
            raise SourceChanged(self.name, f"CSV in {encoding}", str(error)) from error

    def read_rows(self, rows: Iterator[list[str]]) -> Iterator[CatalogueRow]:
        header = next(rows, [])
        if [word.strip() for word in header] != HEADER:
            raise SourceChanged(self.name, f"the columns {HEADER}", str(header)[:120])
        for number, row in enumerate(rows, start=2):
            if len(row) != len(HEADER):
                raise SourceChanged(self.name, f"4 cells in line {number}", f"{len(row)}: {str(row)[:80]}")
            yield CatalogueRow(*(" ".join(cell.split()) for cell in row))


def detect_encoding(body: bytes) -> str:
    """Return the encoding by byte order mark, else by where the NUL bytes of ASCII text stand."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return encoding
    if body[1:64:2].count(0) > 16:
        return "utf-16-le"
    if body[0:64:2].count(0) > 16:
        return "utf-16-be"
    return "utf-8"
