"""A list that is a PDF, found on the page that names its current edition."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from parsel import Selector
from scrapy import Request
from scrapy.http import Response

from crawler.items import SourceChanged
from crawler.pdf_answer import parse_pdf
from crawler.spiders.answer import AnswerSpider, items_of


class PdfSpider(AnswerSpider):
    """Asks `found_on` for the current edition, then for the edition. A bundled page is HTML."""

    async def start(self) -> AsyncIterator[Request]:
        if self.source.found_on and not self.url.startswith("file:"):
            yield self.ask(self.source.found_on, self.read_index, {})
        else:
            yield self.ask(self.url, self.read, self.marks_of(self.url))

    def marks_of(self, official: str) -> dict[str, str]:
        """Return the marks of the last answer, if it came from this very address."""
        return self.known if self.known.get("url") == official else {}

    def read_index(self, response: Response, official: str) -> Iterator[Any]:
        with self.noting():
            self.check_address(response)
            edition = self.edition_of(response, official)
            yield self.ask(edition, self.read, self.marks_of(edition))

    def edition_of(self, response: Response, official: str) -> str:
        """Return the address of the current edition: of several, the one of the highest number.

        Raises `SourceChanged` when the page names none, unless its address never changes.
        """
        assert self.source is not None
        assert self.source.link is not None
        sel = Selector(text=self.text_of(response) or "<html/>")
        links = [
            self.directions.followed(official, response.url, href)
            for href in sel.css("a::attr(href)").getall()
        ]
        found = [link for link in links if re.search(self.source.link, link)]
        if not found and self.source.is_link_needed:
            raise SourceChanged(
                self.name, f"a link to {self.source.link} on {official}", f"{len(links)} others"
            )
        edition = max(found, key=_number_of, default=self.source.url)
        if not self.directions.is_allowed(edition):
            raise SourceChanged(self.name, "a PDF of one of the official hosts", edition)
        return edition

    async def read(self, response: Response, official: str) -> AsyncIterator[Any]:
        async for item in super().read(response, official):
            yield item
        self.fetch.validators |= {"url": official} if self.fetch.validators else {}

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        if self.url.startswith("file:") and not response.url.endswith(".pdf"):
            yield from super().parse(response)
        else:
            yield from items_of(parse_pdf(response.body, self.name, self.source.title))


def _number_of(link: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", link.rsplit("/", 1)[-1])]
