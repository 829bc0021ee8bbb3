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
from crawler.parser.links import is_printed, place_of
from crawler.parser.markup import Element
from crawler.parser.pieces import text_of
from crawler.parser.words import closed_section
from crawler.pdf_answer import parse_pdf
from crawler.spiders.answer import AnswerSpider, items_of

OLD = re.compile(r"旧版|旧(?:アプリ|一覧|リスト)|過去の|以前の|廃止")


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
        for a link that speaks of another list (旧版, 対象外). A link struck out or hidden is never taken.
        """
        source, word = self.source, self.source.link or ""
        editions, gone = self.editions_on(response, official)
        if not editions and (gone or source.is_link_needed):
            found = f"{gone[0]} struck out or hidden" if gone else "no such link"
            raise SourceChanged(self.name, f"a link to {word}NUMBER.pdf on {official}", found)
        if len(set(editions.values())) < len(editions):
            raise SourceChanged(self.name, "one link to each edition", ", ".join(editions))
        edition = max(editions, key=lambda address: editions[address], default=source.url)
        if not self.directions.is_allowed(edition):
            raise SourceChanged(self.name, "a PDF of one of the official hosts", edition)
        return edition

    def editions_on(self, response: Response, official: str) -> tuple[dict[str, int], list[str]]:
        """Return the number of each edition that a page links to, by address, and the names struck out."""
        word, html = self.source.link or "", self.text_of(response)
        base, editions, gone = get_base_url(html, response.url), {}, []
        for link in Selector(text=html or "<html/>").css("a[href]"):
            address = self.directions.followed(official, base, link.attrib["href"])
            name = unquote(urlsplit(address).path).rsplit("/", 1)[-1].lower()
            if word not in name:
                continue
            if not is_printed(link.root):
                gone.append(name)
                continue
            numbered = re.fullmatch(rf"{re.escape(word)}(\d*)\.pdf", name)
            said = heading_and_block(link.root)
            if numbered is None or closed_section(said) or OLD.search(said):
                found = f"{name} ({said[:60]})"
                raise SourceChanged(self.name, f"a link to {word}NUMBER.pdf, the current list", found)
            editions[address] = int(numbered[1] or 0)
        return editions, gone

    async def read(self, response: Response, official: str) -> AsyncIterator[Any]:
        async for item in super().read(response, official):
            yield item
        self.fetch.validators |= {"url": official} if self.fetch.validators else {}

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        if self.url.startswith("file:") and not response.url.endswith(".pdf"):
            yield from super().parse(response)
        else:
            yield from items_of(parse_pdf(response.body, self.name, self.source.title))


def heading_and_block(link: Element) -> str:
    """Return the text of the last heading above a link and of the block in which it stands."""
    place, _ = place_of(link)
    headings = place.xpath("preceding::*[self::h1 or self::h2 or self::h3 or self::h4][1]")
    return " ".join(text_of(part) for part in [*headings, place])
