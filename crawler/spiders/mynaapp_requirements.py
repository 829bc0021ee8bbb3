"""What the app asks of a phone: rules (OS, NFC, model) instead of a list of devices."""

from collections.abc import Iterator
from typing import Any

from parsel import Selector
from scrapy.http import Response

from crawler.items import Requirement, SourceChanged
from crawler.lookups import COLUMNS, read_table
from crawler.names import Capability, Platform
from crawler.requirements import floor_gap
from crawler.sources import DATA
from crawler.spiders.base import SourceSpider

HEADINGS = ("h1", "h2", "h3", "h4", "dt", "th")
LINES = ("li", "p", "dd", "td")


class MynaappRequirements(SourceSpider):
    name = "mynaapp-requirements"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Requirement]:
        rows = list(read_requirements(self.text_of(response)))
        sections = read_table(DATA / "lookups" / "requirement_sections.csv", COLUMNS["requirement_sections"])
        for platform in (Platform.IOS, Platform.ANDROID):
            if found := floor_gap(sections, rows, platform, Capability.CARD_READING):
                expected = f"a line such as '{platform} 12以上' under a heading of requirement_sections.csv"
                raise SourceChanged(self.name, expected, found)
        yield from rows


def read_requirements(html: str) -> Iterator[Requirement]:
    """Yield each innermost line of the page under the headings above it, joined by ` > `."""
    sel = Selector(text=html)
    blocks = sel.css("main") or sel.css("article") or sel.css("body")
    path: dict[int, str] = {}
    for block in blocks[:1]:
        for element in block.css(",".join(HEADINGS + LINES)):
            tag = element.root.tag
            text = " ".join(" ".join(element.css("::text").getall()).split())
            if not text:
                continue
            if tag in HEADINGS:
                level = HEADINGS.index(tag)
                path = {depth: title for depth, title in path.items() if depth < level} | {level: text}
            elif not element.xpath("|".join(f".//{inner}" for inner in LINES)):
                yield Requirement(section=" > ".join(path.values()), text=text)
