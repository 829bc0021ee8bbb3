"""Runs the spiders: polite, bounded in time, each source on its own.

Scrapy reports success even when a callback raised, so a crawl is judged by its stats here and
a `Fetch` comes back good only when the page was read whole.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from crawler.settings import LOOPBACK, POLITE
from crawler.sources import Source
from crawler.spiders import SPIDERS
from crawler.spiders.base import Fetch

log = logging.getLogger(__name__)

# A page of this project's own folder needs neither robots.txt nor a pause.
BUNDLED = {"ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
STOP_SECONDS = 2.0
# With less time than this a person is waiting: one retry only.
SHORT_SECONDS = 60.0


def live_address(source: Source, base_urls: Mapping[str, str]) -> str:
    """Return the address to ask: the official URL, or the same path below another base URL.

    `base_urls` maps an official host to a base, for tests and mirrors:
    `{"faq.myna.go.jp": "http://127.0.0.1:8000/faq"}`.
    """
    parts = urlsplit(source.url)
    base = base_urls.get(parts.netloc)
    if base is None:
        return source.url
    query = f"?{parts.query}" if parts.query else ""
    return base.rstrip("/") + parts.path + query


def crawl_live(
    sources: Iterable[Source],
    base_urls: Mapping[str, str],
    budget_seconds: float,
    settings: Mapping[str, Any] | None = None,
    validators: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Fetch]:
    """Ask each source once, hosts side by side, sources of one host one after the other.

    `validators` gives for a source the ETag and Last-Modified of the page that is at hand.
    Returns a `Fetch` for every source, also for those that did not answer in time.
    """
    addresses = {source.source_id: live_address(source, base_urls) for source in sources}
    return _run(addresses, dict(settings or {}), budget_seconds, validators or {})


def crawl_bundled(sources: Iterable[Source], folder: Path) -> dict[str, Fetch]:
    """Read the bundled pages through the same spiders, from the folder instead of the network."""
    addresses = {
        source.source_id: (folder / source.bundled).resolve().as_uri() for source in sources if source.bundled
    }
    return _run(addresses, BUNDLED, 60, {})


def _run(
    addresses: dict[str, str],
    settings: dict[str, Any],
    budget_seconds: float,
    validators: Mapping[str, Mapping[str, str]],
) -> dict[str, Fetch]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for source_id, address in addresses.items():
        by_host[urlsplit(address).netloc].append(source_id)
    fetches = {source_id: Fetch(source_id) for source_id in addresses}

    async def ask_all() -> None:
        deadline = asyncio.get_running_loop().time() + budget_seconds
        await asyncio.gather(
            *(_ask_host(ids, addresses, settings, deadline, fetches, validators) for ids in by_host.values())
        )

    asyncio.run(ask_all())
    return fetches


async def _ask_host(
    source_ids: list[str],
    addresses: dict[str, str],
    settings: dict[str, Any],
    deadline: float,
    fetches: dict[str, Fetch],
    validators: Mapping[str, Mapping[str, str]],
) -> None:
    for source_id in source_ids:
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            fetches[source_id].failure = f"{addresses[source_id]}: the time for this run was used up before"
            continue
        # One attempt may take half of what is left, so a retry still fits into the budget.
        chosen = POLITE | (LOOPBACK if _is_loopback(addresses[source_id]) else {}) | settings
        timeout = min(chosen["DOWNLOAD_TIMEOUT"], max(left / 2, 1.0))
        retries = chosen["RETRY_TIMES"] if left > SHORT_SECONDS else min(chosen["RETRY_TIMES"], 1)
        runner = AsyncCrawlerRunner(chosen | {"DOWNLOAD_TIMEOUT": timeout, "RETRY_TIMES": retries})
        crawler = runner.create_crawler(SPIDERS[source_id])
        known = validators.get(source_id, {})
        task = runner.crawl(crawler, address=addresses[source_id], validators=known)
        done, _ = await asyncio.wait({task}, timeout=left)
        if done:
            fetches[source_id] = _judge(crawler, task)
        else:
            last = crawler.spider.last_trouble if crawler.spider else ""
            fetches[source_id].failure = f"{addresses[source_id]}: no whole answer within {left:.0f} s{last}"
            await _abandon(crawler, task)


def _is_loopback(address: str) -> bool:
    return urlsplit(address).hostname in ("127.0.0.1", "::1", "localhost")


async def _abandon(crawler: Crawler, task: "asyncio.Task[None]") -> None:
    """Stop a crawl that did not end in time, without waiting for its request."""
    stopping = asyncio.ensure_future(crawler.stop_async())
    await asyncio.wait({stopping, task}, timeout=STOP_SECONDS)
    for unfinished in (stopping, task):
        unfinished.cancel()
    await asyncio.wait({stopping, task}, timeout=STOP_SECONDS)


def _judge(crawler: Crawler, task: "asyncio.Task[None]") -> Fetch:
    """Return the spider's fetch, failed when Scrapy's stats say that something went wrong."""
    error = task.exception()
    if error is not None or crawler.spider is None:
        return Fetch(crawler.spidercls.name, failure=f"the crawl broke: {error!r}")
    fetch: Fetch = crawler.spider.fetch
    stats = crawler.stats.get_stats()
    raised = sorted(key for key in stats if key.startswith("spider_exceptions/"))
    if raised:
        fetch.failure = f"the spider raised: {', '.join(raised)}"
    if fetch.failure is None and stats.get("finish_reason") != "finished":
        fetch.failure = f"the crawl ended with {stats.get('finish_reason')!r}"
    if fetch.failure is not None:
        fetch.rows.clear()
        fetch.leftovers.clear()
    return fetch
