"""The FAQ answer that lists phones for the Android certificate; long, by maker, ends with 対応予定."""

from crawler.spiders.answer import AnswerSpider


class Faq7261(AnswerSpider):
    name = "faq-7261"
