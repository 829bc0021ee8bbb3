"""A page with an answer block that lists devices; the list itself may be a PDF that the block links to."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy.http import Response
from w3lib.html import get_base_url

from crawler.answer import Answer, parse_answer
from crawler.items import Leftover, PageInfo, SourceChanged
from crawler.pdf import read_pdf
from crawler.pdf_links import linked_pdfs, parse_linked
from crawler.spiders.base import SourceSpider, describe, in_thread


class AnswerSpider(SourceSpider):
    """Reads the answer block of a page. Where it prints no list but links to one PDF, that is read."""

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        html = self.text_of(response)
        try:
            answer = parse_answer(html, self.name)
        except SourceChanged as change:
            yield self.follow_pdf(response, html, change)
        else:
            yield from items_of(answer)

    def follow_pdf(self, response: Response, html: str, change: SourceChanged) -> Any:
        """Return the request for the only PDF of the block. Raises the `change` when there is none."""
        hrefs = linked_pdfs(html)
        if not hrefs:
            raise change
        if len(hrefs) > 1:
            raise SourceChanged(self.name, "a list, or a link to one PDF", f"{len(hrefs)} PDFs: {hrefs[:3]}")
        official = self.directions.followed(self.url, get_base_url(html, response.url), hrefs[0])
        if not self.directions.is_allowed(official):
            raise SourceChanged(self.name, "a PDF of one of the official hosts", official)
        return self.ask(official, self.read_list, {}, html=html, href=hrefs[0])

    async def read_list(self, response: Response, official: str, html: str, href: str) -> AsyncIterator[Any]:
        """Read the PDF as if it stood in the page, where its link stands: headings hold for it too."""
        self.fetch.page, self.fetch.page_before = response.body, html.encode()
        self.fetch.answer += f"; then {describe(response)}"
        # Its marks say nothing of the page around it, so the next run asks for both whole.
        self.fetch.validators = {}
        with self.noting():
            for item in await in_thread(self.parse_list(response, html, href)):
                yield item

    def parse_list(self, response: Response, html: str, href: str) -> Iterator[Any]:
        fragment = read_pdf(response.body, self.name)
        yield from items_of(parse_linked(html, href, fragment, self.name))


def items_of(answer: Answer) -> Iterator[Any]:
    """Yield what the page says of itself, its rows in printed order, and what gave none."""
    yield PageInfo(answer.printed_on, answer.selector)
    yield from answer.rows
    yield from map(Leftover, answer.skipped)
