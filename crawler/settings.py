"""Scrapy settings: how this crawler names itself and how politely it asks.

Limits follow what is known of the FAQ site (a WAF, a small server): one request at a time per
host, a pause between requests, few retries with growing pauses.
"""

from typing import Any

CONTACT_URL = "https://github.com/mynaportal-devices/mynaportal-devices"
USER_AGENT = f"mynaportal-devices/0.1 (+{CONTACT_URL})"
MAX_PAGE_BYTES = 32 * 1024 * 1024

POLITE: dict[str, Any] = {
    "USER_AGENT": USER_AGENT,
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 2.0,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 2.0,
    "AUTOTHROTTLE_MAX_DELAY": 30.0,
    "RETRY_TIMES": 3,
    "RETRY_BACKOFF_SECONDS": 2.0,
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_MAXSIZE": MAX_PAGE_BYTES,
    "DOWNLOAD_WARNSIZE": 0,
    "REDIRECT_MAX_TIMES": 3,
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "crawler.middlewares.BackoffRetry": 550,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.middlewares.CautiousRobots": 100,
        "crawler.middlewares.SamePage": 50,
    },
    "ITEM_PIPELINES": {"crawler.pipelines.Collect": 100},
    # The asyncio loop alone drives a crawl: several run in one process, tests included.
    "TWISTED_REACTOR_ENABLED": False,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}

# A mirror on this machine (a test, an experiment) is nobody else's server: it needs no pauses.
LOOPBACK: dict[str, Any] = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_BACKOFF_SECONDS": 0.1,
}
