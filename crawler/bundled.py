"""The bundled pages: read through the same spiders, each row with the public fact behind it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.crawl import crawl_bundled
from crawler.items import Listing, Requirement, Row
from crawler.lookups import read_table
from crawler.names import Origin
from crawler.snapshot import Snapshot
from crawler.sources import BadInput, Folders, Source

LIST_COLUMNS = ("section", "maker", "name", "model", "source_url", "as_of", "confidence", "expanded_from")
RULE_COLUMNS = ("section", "text", "source_url", "as_of", "confidence")
WRITTEN_ON = re.compile(rb'<meta name="written-on" content="(\d{4}-\d{2}-\d{2})">')
NO_FACT = {"fact_url": None, "fact_as_of": None, "fact_confidence": None}


@dataclass(frozen=True)
class BundledPage:
    """A bundled page and, for each of its rows, the fact: url, date, confidence, range."""

    snapshot: Snapshot
    facts: dict[tuple[str, ...], dict[str, Any]]

    def fact_of(self, row: Row) -> dict[str, Any]:
        """Return fact_url, fact_as_of, fact_confidence (and expanded_from for a list row)."""
        return self.facts[_key(row)]


def load_bundled(sources: dict[str, Source], folders: Folders) -> dict[str, BundledPage]:
    """Return the bundled page of every source that has one.

    Raises `BadInput` when a page cannot be read, or a row has no line in the manifest.
    """
    fetches = crawl_bundled(sources.values(), folders.bundled)
    pages = {}
    for source_id, fetch in fetches.items():
        page = folders.bundled / str(sources[source_id].bundled)
        written = WRITTEN_ON.search(fetch.page)
        if fetch.failure or written is None:
            reason = fetch.failure or "no <meta name='written-on'> with a date"
            raise BadInput(f"{page}: cannot be read ({reason}); restore it from git")
        snapshot = Snapshot(
            source_id=source_id,
            url=sources[source_id].url,
            origin=Origin.BUNDLED,
            fetched_at=datetime.fromisoformat(written[1].decode()).replace(tzinfo=UTC),
            rows=tuple(fetch.rows),
            leftovers=tuple(fetch.leftovers),
            printed_on=fetch.printed_on,
            page=fetch.page,
        )
        is_rules = any(isinstance(row, Requirement) for row in fetch.rows)
        manifest = page.with_suffix(".manifest.csv")
        lines = read_table(manifest, RULE_COLUMNS if is_rules else LIST_COLUMNS)
        facts = {_manifest_key(line): _fact(line) for line in lines}
        bare = [row for row in fetch.rows if _key(row) not in facts]
        if bare:
            raise BadInput(f"{manifest}: no line for {_key(bare[0])}; every bundled row names its source")
        pages[source_id] = BundledPage(snapshot, facts)
    return pages


def _key(row: Row) -> tuple[str, ...]:
    if isinstance(row, Requirement):
        return row.section.split(" > ")[-1], row.text
    if isinstance(row, Listing):
        return row.section.value, row.maker, row.name, row.model
    raise BadInput(f"a bundled page holds list rows or requirement lines, found {row!r}")


def _manifest_key(line: dict[str, str]) -> tuple[str, ...]:
    if "text" in line:
        return line["section"], line["text"]
    return line["section"], line["maker"], line["name"], line["model"]


def _fact(line: dict[str, str]) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "fact_url": line["source_url"],
        "fact_as_of": line["as_of"] or None,
        "fact_confidence": line["confidence"],
    }
    if "expanded_from" in line:
        fact["expanded_from"] = line["expanded_from"] or None
    return fact
