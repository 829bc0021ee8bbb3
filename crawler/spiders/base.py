"""What every spider of this project does: ask for one page, hand it to `parse`, note what failed."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Response, TextResponse

from crawler.directions import Directions
from crawler.items import Row, SourceChanged
from crawler.middlewares import Redirected, plain
from crawler.sources import Source

NOT_MODIFIED = 304
CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
ANSWERED = (DownloadCancelledError, ResponseDataLossError, Redirected)
PAGE_END = re.compile(r"</html\s*>", re.IGNORECASE)
TEXT_TYPES = ("html", "xml", "text/plain")


@dataclass
class Fetch:
    """What came of asking one source once. `failure` is None when the page could be read whole."""

    source_id: str
    failure: str | None = "nothing was fetched"
    is_unreachable: bool = True
    fetched_at: datetime | None = None
    # The official address of the page that printed the rows, where it is not the source's own.
    url: str = ""
    page: bytes = b""
    # The page that led to it and belongs to it, for a list that a page links to.
    page_before: bytes = b""
    rows: list[Row] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    printed_on: date | None = None
    is_not_modified: bool = False
    validators: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    # For a person who looks at how the page was read: what came, and where its rows stood.
    answer: str = ""
    selector: str = ""


class SourceSpider(Spider):
    """Asks for one page, the official `url` or where `directions` map it to, into `fetch`."""

    last_trouble = ""

    def __init__(
        self,
        source: Source,
        url: str,
        directions: Directions,
        validators: Mapping[str, str] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.source, self.url, self.directions = source, url, directions
        self.fetch = Fetch(self.name)
        # What the last good answer was marked with: an unchanged page then costs a 304.
        self.known = dict(validators or {})

    async def start(self) -> AsyncIterator[Request]:
        yield self.ask(self.url, self.read, self.known)

    def ask(
        self, official: str, callback: Callable[..., Any], known: Mapping[str, str], **more: Any
    ) -> Request:
        """Return the request for an official address; `known` makes it conditional."""
        self.fetch.failure = f"{official}: nothing came"
        return Request(
            self.directions.live(official),
            headers={CONDITIONS[name]: known[name] for name in CONDITIONS if name in known},
            meta={"handle_httpstatus_list": [NOT_MODIFIED]} if known else {},
            callback=callback,
            errback=self.failed,
            cb_kwargs={"official": official} | more,
            dont_filter=True,
        )

    async def read(self, response: Response, official: str) -> AsyncIterator[Any]:
        """Keep the page, then yield its items; a page that changed is noted, not raised."""
        self.fetch.fetched_at = datetime.now(UTC).replace(microsecond=0)
        self.fetch.page, self.fetch.url = response.body, official
        self.fetch.validators = _validators_of(response)
        self.fetch.answer = describe(response)
        with self.noting():
            if response.status == NOT_MODIFIED:
                self.fetch.is_not_modified = True
                # A 304 need not repeat its marks: those that were asked with still hold.
                self.fetch.validators = self.known | self.fetch.validators
            else:
                for item in await in_thread(self.parse(response)):
                    yield item

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note a page that is not what it should be as the failure; else that all is well.

        A callback that asks for a further page makes that request last: the failure that `ask`
        notes stands until its answer is read.
        """
        self.fetch.is_unreachable = False
        self.fetch.failure = None
        try:
            yield
        except SourceChanged as change:
            self.fetch.failure = str(change)

    def failed(self, failure: Any) -> None:
        """Note a request that brought no page: refused, timed out, an error status, robots.txt."""
        response, asked = getattr(failure.value, "response", None), failure.request.url
        # A server that sends too much, or less than it said, was reached all the same.
        is_too_large = "DOWNLOAD_MAXSIZE" in str(failure.value)
        self.fetch.is_unreachable = not (response or is_too_large or failure.check(*ANSWERED))
        if response is not None:
            self.fetch.failure = f"{asked}: expected status 200, found {response.status}"
        else:
            is_own = failure.check(IgnoreRequest)
            self.fetch.failure = f"{asked}: {failure.value if is_own else plain(failure.value)}"

    def text_of(self, response: Response) -> str:
        """Return the text of a whole HTML page. Raises `SourceChanged` for another kind, or half a page."""
        kind = response.headers.get("Content-Type", b"text/html").decode("latin-1")
        if not isinstance(response, TextResponse) or not any(word in kind for word in TEXT_TYPES):
            raise SourceChanged(self.name, "an HTML page", kind)
        try:
            text = response.text
        except (LookupError, ValueError) as error:
            raise SourceChanged(self.name, "a page in a known encoding", f"{kind} ({error})") from error
        if text.strip() and not PAGE_END.search(text):
            # What a cut page lacks is its end, where 対象外 and the footnotes stand.
            raise SourceChanged(
                self.name, "a whole page, up to </html>", f"{text[-40:].strip()!r} at its end"
            )
        return text


async def in_thread(items: Iterator[Any]) -> list[Any]:
    """Return the items; a page that takes long to read holds up no other host meanwhile."""
    return await asyncio.to_thread(list, items)


def describe(response: Response) -> str:
    """Return status, kind and size of an answer in one line."""
    kind = response.headers.get("Content-Type", b"no content type").decode("latin-1")
    return f"{response.status} {kind}, {len(response.body):,} bytes"


def _validators_of(response: Response) -> dict[str, str]:
    found = {name: response.headers.get(name) for name in CONDITIONS}
    return {name: value.decode("latin-1") for name, value in found.items() if value}
