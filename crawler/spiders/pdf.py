"""A list that is a PDF, found on the page that names its current edition."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from parsel import Selector
from scrapy import Request
from scrapy.http import Response
from w3lib.html import get_base_url

from crawler.items import SourceChanged
from crawler.parser.pieces import text_of
from crawler.parser.words import closed_section
from crawler.pdf_answer import parse_pdf
from crawler.spiders.answer import AnswerSpider, items_of

OLD = re.compile(r"旧版|旧(?:アプリ|一覧|リスト)|過去の|以前の|廃止")
LINE_TAGS = {"p", "li", "td", "th", "dd", "dt", "div", "section", "main", "body", "html", "h2", "h3", "h4"}


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
            edition = self.edition_of(response, official)
            yield self.ask(edition, self.read, self.marks_of(edition))

    def edition_of(self, response: Response, official: str) -> str:
        """Return the address of the current edition: of several, the one of the highest number.

        A page that names none leaves the address of the registry, where that never changes. Raises
        `SourceChanged` for a page that names none where it must, for a name of another form, and
        for a link that speaks of another list (旧版, 対象外).
        """
        source, word = self.source, self.source.link or ""
        html = self.text_of(response)
        base, editions, count = get_base_url(html, response.url), {}, 0
        for link in Selector(text=html or "<html/>").css("a[href]"):
            address, count = self.directions.followed(official, base, link.attrib["href"]), count + 1
            name = unquote(urlsplit(address).path).rsplit("/", 1)[-1].lower()
            if word not in name:
                continue
            numbered = re.fullmatch(rf"{re.escape(word)}(\d*)\.pdf", name)
            said = line_of(link.root)
            if numbered is None or closed_section(said) or OLD.search(said):
                found = f"{name} ({said[:60]})"
                raise SourceChanged(self.name, f"a link to {word}NUMBER.pdf, the current list", found)
            editions[address] = int(numbered[1] or 0)
        if not editions and source.is_link_needed:
            raise SourceChanged(self.name, f"a link to {word}NUMBER.pdf on {official}", f"{count} others")
        if len(set(editions.values())) < len(editions):
            raise SourceChanged(self.name, "one link to each edition", ", ".join(editions))
        edition = max(editions, key=lambda address: editions[address], default=source.url)
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


def line_of(link: Any) -> str:
    """Return what the line of a link says, and the heading above it."""
    place = link
    while place.tag not in LINE_TAGS and place.getparent() is not None:
        place = place.getparent()
    headings = place.xpath("preceding::*[self::h1 or self::h2 or self::h3 or self::h4][1]")
    return " ".join(text_of(part) for part in [*headings, place])
