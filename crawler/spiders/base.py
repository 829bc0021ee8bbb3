"""What every spider of this project does: ask for one page, hand it to `parse`, note what failed."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse

from crawler.answer import parse_answer
from crawler.items import Leftover, PageInfo, Row, SourceChanged

# Of no use to a person: the text of an object in the message of a refused connection.
MACHINERY = re.compile(r" ssl:<[^>]*>")
NOT_MODIFIED = 304
CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
TEXT_TYPES = ("html", "xml", "text/plain")


@dataclass
class Fetch:
    """What came of asking one source once. `failure` is None when the page could be read whole."""

    source_id: str
    failure: str | None = "nothing was fetched"
    is_unreachable: bool = True
    fetched_at: datetime | None = None
    page: bytes = b""
    rows: list[Row] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    printed_on: date | None = None
    is_not_modified: bool = False
    validators: dict[str, str] = field(default_factory=dict)


class SourceSpider(Spider):
    """Fetches `address` (the official URL, or where a setting maps it to) into `fetch`."""

    address: str
    last_trouble = ""

    def __init__(self, address: str, validators: Mapping[str, str] | None = None, **kwargs: Any):
        super().__init__(address=address, **kwargs)
        self.fetch = Fetch(self.name)
        # What the last good answer was marked with: an unchanged page then costs a 304.
        self.known = dict(validators or {})

    async def start(self) -> AsyncIterator[Request]:
        meta = {"handle_httpstatus_list": [NOT_MODIFIED]} if self.known else {}
        yield Request(
            self.address,
            headers={CONDITIONS[name]: value for name, value in self.known.items()},
            meta=meta,
            callback=self.read,
            errback=self.failed,
            dont_filter=True,
        )

    def read(self, response: Response) -> Iterator[Any]:
        """Keep the page, then yield its items; a page that changed is noted, not raised."""
        self.fetch.is_unreachable = False
        self.fetch.fetched_at = datetime.now(UTC).replace(microsecond=0)
        self.fetch.page = response.body
        self.fetch.validators = _validators_of(response)
        try:
            self.check_address(response)
            if response.status == NOT_MODIFIED:
                self.fetch.is_not_modified = True
                # A 304 need not repeat its marks: those that were asked with still hold.
                self.fetch.validators = self.known | self.fetch.validators
            else:
                yield from self.parse(response)
        except SourceChanged as change:
            self.fetch.failure = str(change)
        else:
            self.fetch.failure = None

    def failed(self, failure: Any) -> None:
        """Note a request that brought no page: refused, timed out, an error status, robots.txt."""
        response = getattr(failure.value, "response", None)
        if response is not None:
            self.fetch.is_unreachable = False
            self.fetch.failure = f"{self.address}: expected status 200, found {response.status}"
        else:
            detail = MACHINERY.sub("", str(failure.value)) or "no answer"
            self.fetch.failure = f"{self.address}: {failure.type.__name__}: {detail}"

    def check_address(self, response: Response) -> None:
        """Refuse a page that a redirect brought from another host."""
        asked, came = urlsplit(self.address).netloc, urlsplit(response.url).netloc
        if asked != came:
            raise SourceChanged(self.name, f"a page of {asked}", f"a redirect to {came}")

    def text_of(self, response: Response) -> str:
        kind = response.headers.get("Content-Type", b"text/html").decode("latin-1")
        if not isinstance(response, TextResponse) or not any(word in kind for word in TEXT_TYPES):
            raise SourceChanged(self.name, "an HTML page", kind)
        return response.text


def _validators_of(response: Response) -> dict[str, str]:
    found = {name: response.headers.get(name) for name in CONDITIONS}
    return {name: value.decode("latin-1") for name, value in found.items() if value}


class AnswerSpider(SourceSpider):
    """A page with an answer block that lists devices."""

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        answer = parse_answer(self.text_of(response), self.name)
        yield PageInfo(answer.printed_on)
        yield from answer.rows
        yield from map(Leftover, answer.skipped)
