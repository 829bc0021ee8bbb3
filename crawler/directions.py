"""Where to ask: official addresses, mapped to another server for tests and mirrors, and who may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.sources import Source


@dataclass(frozen=True)
class Directions:
    """The way to the official pages.

    `base_urls` maps an official host to a base, for tests and mirrors:
    `{"faq.myna.go.jp": "http://127.0.0.1:8000/faq"}`. `hosts` are those that a link may lead to.
    """

    base_urls: Mapping[str, str] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()

    def live(self, official: str) -> str:
        """Return the address to ask: the official one, or the same path below another base URL."""
        parts = urlsplit(official)
        base = self.base_urls.get(parts.netloc)
        if base is None:
            return official
        query = f"?{parts.query}" if parts.query else ""
        return base.rstrip("/") + parts.path + query

    def followed(self, official: str, base: str, href: str) -> str:
        """Return the official address of a link, "" for one that is no address.

        `official` is the page it stands on, `base` the address that the page's links start from.
        """
        host = urlsplit(official).netloc
        mirror = self.base_urls.get(host, "").rstrip("/")
        if mirror and base.startswith(mirror):
            base = f"https://{host}{base[len(mirror) :]}"
        try:
            parts = urlsplit(urldefrag(urljoin(base, href.strip())).url)
            is_plain = parts.port in (None, 443) and parts.username is None
        except ValueError:
            return ""
        return parts._replace(netloc=parts.hostname or "").geturl() if is_plain else parts.geturl()

    def is_allowed(self, official: str) -> bool:
        parts = urlsplit(official)
        return parts.scheme == "https" and parts.netloc in self.hosts


def directions(sources: Mapping[str, Source], base_urls: Mapping[str, str]) -> Directions:
    """Return the way to these sources; links may lead to their hosts and to no other."""
    hosts = {urlsplit(url).netloc for one in sources.values() for url in (one.url, one.found_on) if url}
    return Directions(base_urls, frozenset(hosts))
