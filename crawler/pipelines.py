"""Item pipeline: gathers what a spider yields into its `Fetch`."""

from typing import Any

from crawler.items import Leftover, PageInfo


class Collect:
    """Keeps rows in printed order on `spider.fetch`; nothing is filtered here."""

    def __init__(self, crawler: Any):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Collect":
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        fetch = self.crawler.spider.fetch
        if isinstance(item, PageInfo):
            fetch.printed_on, fetch.selector = item.printed_on, item.selector
        elif isinstance(item, Leftover):
            fetch.leftovers.append(item.text)
        else:
            fetch.rows.append(item)
        return item
