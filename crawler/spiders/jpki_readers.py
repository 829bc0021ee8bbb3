"""The card reader list of J-LIS: a PDF whose name carries the number of its edition."""

from crawler.spiders.pdf import PdfSpider


class JpkiReaders(PdfSpider):
    name = "jpki-readers"
