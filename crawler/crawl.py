"""Runs the spiders: polite, bounded in time, each source on its own.

Scrapy reports success even when a callback raised, so a crawl is judged by its stats here and
a `Fetch` comes back good only when the page was read whole.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from crawler.directions import Directions
from crawler.settings import LOOPBACK, POLITE
from crawler.sources import Source
from crawler.spiders import SPIDERS
from crawler.spiders.base import Fetch

OnDone = Callable[[Fetch], None]

# A page of this project's own folder needs neither robots.txt nor a pause.
# Nor does it fail to answer, and what Scrapy loads to try again takes longer than reading all pages.
FILES = {
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_ENABLED": False,
}
FILES_SECONDS = 60.0
STOP_SECONDS = 2.0
# With less time than this a person is waiting: one retry only.
SHORT_SECONDS = 60.0


def ignore(fetch: Fetch) -> None:
    """Do nothing when a source is done."""


def crawl_live(
    sources: Iterable[Source],
    way: Directions,
    budget_seconds: float,
    settings: Mapping[str, Any] | None = None,
    validators: Mapping[str, Mapping[str, str]] | None = None,
    on_done: OnDone = ignore,
) -> dict[str, Fetch]:
    """Ask each source once, hosts side by side, sources of one host one after the other.

    `way` maps official addresses to another server, and knows which hosts a link may lead to.
    `validators` gives for a source the ETag and Last-Modified of the page that is at hand;
    `on_done` is told of each source as soon as it has answered, or has not.
    Returns a `Fetch` for every source, also for those that did not answer in time.
    """
    run = _Run(way, dict(settings or {}), budget_seconds, validators or {}, on_done)
    return run.ask_all({source: source.url for source in sources})


def crawl_bundled(sources: Iterable[Source], folder: Path) -> dict[str, Fetch]:
    """Read the bundled pages through the same spiders, from the folder instead of the network."""
    return crawl_files({source: folder / source.bundled for source in sources if source.bundled})


def crawl_files(pages: Mapping[Source, Path]) -> dict[str, Fetch]:
    """Read saved pages through the spiders of their sources."""
    run = _Run(Directions(), FILES, FILES_SECONDS, {}, ignore)
    return run.ask_all({source: path.resolve().as_uri() for source, path in pages.items()})


@dataclass(frozen=True)
class _Run:
    way: Directions
    settings: dict[str, Any]
    budget_seconds: float
    validators: Mapping[str, Mapping[str, str]]
    on_done: OnDone

    def ask_all(self, urls: Mapping[Source, str]) -> dict[str, Fetch]:
        by_host: dict[str, list[Source]] = defaultdict(list)
        for source, url in urls.items():
            by_host[urlsplit(self.way.live(url)).netloc].append(source)
        fetches: dict[str, Fetch] = {}

        async def ask_host(sources: list[Source], deadline: float) -> None:
            clock = asyncio.get_running_loop().time
            for place, source in enumerate(sources):
                address = self.way.live(urls[source])
                chosen = POLITE | (LOOPBACK if _is_loopback(address) else {}) | self.settings
                if place:
                    await asyncio.sleep(chosen["DOWNLOAD_DELAY"])
                started = clock()
                fetch = await self.ask(source, urls[source], chosen, deadline - started)
                fetch.seconds = clock() - started
                fetches[source.source_id] = fetch
                self.on_done(fetch)

        async def ask_hosts() -> None:
            deadline = asyncio.get_running_loop().time() + self.budget_seconds
            await asyncio.gather(*(ask_host(sources, deadline) for sources in by_host.values()))

        asyncio.run(ask_hosts())
        return {source.source_id: fetches[source.source_id] for source in urls}

    async def ask(self, source: Source, url: str, settings: dict[str, Any], left: float) -> Fetch:
        """Ask one source within `left` seconds."""
        fetch = Fetch(source.source_id)
        if left <= 0:
            fetch.failure = f"{url}: the time for this run was used up before"
            return fetch
        # One attempt may take half of what is left, so a retry still fits into the budget.
        timeout = min(settings["DOWNLOAD_TIMEOUT"], max(left / 2, 1.0))
        retries = settings["RETRY_TIMES"] if left > SHORT_SECONDS else min(settings["RETRY_TIMES"], 1)
        runner = AsyncCrawlerRunner(settings | {"DOWNLOAD_TIMEOUT": timeout, "RETRY_TIMES": retries})
        crawler = runner.create_crawler(SPIDERS[source.source_id])
        known = self.validators.get(source.source_id, {})
        task = runner.crawl(crawler, url=url, validators=known, directions=self.way, source=source)
        done, _ = await asyncio.wait({task}, timeout=left)
        if done:
            return _judge(crawler, task)
        last = crawler.spider.last_trouble if crawler.spider else ""
        fetch.failure = f"{self.way.live(url)}: no whole answer within {left:.0f} s{last}"
        await _abandon(crawler, task)
        return fetch


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
