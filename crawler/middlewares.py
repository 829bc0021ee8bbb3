"""Downloader middleware: a retry that waits longer each time."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response


class BackoffRetry(RetryMiddleware):
    """Scrapy's retry, with a pause of RETRY_BACKOFF_SECONDS, doubled at each further try."""

    def __init__(self, settings: Any):
        super().__init__(settings)
        self.backoff_seconds = settings.getfloat("RETRY_BACKOFF_SECONDS")

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        return await self._wait(super().process_response(request, response), f"status {response.status}")

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:
        return await self._wait(super().process_exception(request, exception), repr(exception)[:200])

    async def _wait(self, outcome: Any, trouble: str) -> Any:
        if isinstance(outcome, Request):
            self.crawler.spider.last_trouble = f"; before that: {trouble}"
            await asyncio.sleep(self.backoff_seconds * 2 ** (outcome.meta["retry_times"] - 1))
        return outcome
