"""The NFC phone list of J-LIS, a PDF."""

from crawler.spiders.pdf import PdfSpider


class JpkiNfc(PdfSpider):
    name = "jpki-nfc"
