"""The FAQ answer that lists phones for reading the card (linked from the article)."""

from crawler.spiders.answer import AnswerSpider


class Faq2587(AnswerSpider):
    name = "faq-2587"
