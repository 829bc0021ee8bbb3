"""Downloader middlewares: a retry that waits longer each time, and a robots.txt that is taken seriously."""

import asyncio
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

LONGEST_PAUSE = 30.0
# Of no use to a person: the text of an object in the message of a refused connection.
MACHINERY = re.compile(r" ssl:<[^>]*>")
HTTP_CLIENT_ERROR, HTTP_SERVER_ERROR = 400, 500
NOTHING_ALLOWED = b"User-agent: *\nDisallow: /"


class BackoffRetry(RetryMiddleware):
    """Scrapy's retry, with a pause of RETRY_BACKOFF_SECONDS, doubled at each further try.

    A server that asks for a longer pause (Retry-After) gets it, up to LONGEST_PAUSE; beyond that its
    answer stands, and the next run asks again.
    """

    def __init__(self, settings: Any):
        super().__init__(settings)
        self.backoff_seconds = settings.getfloat("RETRY_BACKOFF_SECONDS")

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        wanted = asked_pause(response)
        if wanted > LONGEST_PAUSE:
            return response
        return await self._wait(
            super().process_response(request, response), f"status {response.status}", wanted
        )

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        return await self._wait(super().process_exception(request, exception), plain(exception))

    async def _wait(self, outcome: Any, trouble: str, wanted: float = 0) -> Any:
        if isinstance(outcome, Request):
            self.crawler.spider.last_trouble = f"; before that: {trouble}"
            pause = self.backoff_seconds * 2 ** (outcome.meta["retry_times"] - 1)
            await asyncio.sleep(max(pause, wanted))
        return outcome


def asked_pause(response: Response) -> float:
    """Return the seconds that a Retry-After header asks for, given in seconds or as a date; 0 without one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0)
    except (ValueError, TypeError):
        return 0


def plain(error: Any) -> str:
    """Return kind and text of an error, without the text of an object that a refused connection prints."""
    return f"{type(error).__name__}: {MACHINERY.sub('', str(error)) or 'no answer'}"[:200]


class Redirected(IgnoreRequest):
    """A redirect that leads to another page than the one asked for; it is not followed."""


class SamePage:
    """Lets a redirect lead to the same page only: same scheme, host and path, but for a last slash.

    Another host may be anybody's; another path may be another list of the same site, whose phones
    would then count for a use that it does not speak of. robots.txt may move within its host.
    """

    def process_request(self, request: Request) -> None:
        for first in request.meta.get("redirect_urls", [])[:1]:
            asked, came = urlsplit(first), urlsplit(request.url)
            if (asked.scheme, asked.netloc) != (came.scheme, came.netloc):
                raise Redirected(f"expected a page of {asked.netloc}, found a redirect to {came.netloc}")
            is_robots = bool(request.meta.get("dont_obey_robotstxt"))
            if asked.path.rstrip("/") != came.path.rstrip("/") and not is_robots:
                raise Redirected(f"expected the page {asked.path}, found a redirect to {came.path}")


class CautiousRobots(RobotsTxtMiddleware):
    """Scrapy's robots.txt, but a server that cannot say what it allows allows nothing (RFC 9309, 2.3.1.4).

    A robots.txt that is not there (4xx) allows all.
    """

    def __init__(self, crawler: Any):
        super().__init__(crawler)
        self.unreachable: dict[str, Exception] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTP_SERVER_ERROR:
            self.crawler.spider.last_trouble = f"; before that: robots.txt answered {response.status}"
            response = response.replace(body=NOTHING_ALLOWED)
        elif response.status >= HTTP_CLIENT_ERROR:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.unreachable[netloc] = exc
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: Any, request: Request) -> None:
        if (error := self.unreachable.get(urlsplit(request.url).netloc)) is not None:
            raise IgnoreRequest(f"robots.txt: {plain(error)}") from error
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as forbidden:
            raise IgnoreRequest(f"{forbidden}{self.crawler.spider.last_trouble}") from forbidden
