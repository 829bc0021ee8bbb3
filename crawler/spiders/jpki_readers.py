"""The card reader list of J-LIS. The official list is a PDF, for which no parser exists yet."""

from crawler.spiders.base import AnswerSpider


class JpkiReaders(AnswerSpider):
    name = "jpki-readers"
