"""What of a page no lookup understands: the issues that its rows would make in a build. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

from crawler.catalogue import add_base_catalogue
from crawler.items import Listing, Requirement, Row
from crawler.lookups import Lookups
from crawler.matching import Normaliser
from crawler.normalise import listing_rows, requirement_frame, requirement_table


def unmatched(source_id: str, rows: Sequence[Row], lookups: Lookups) -> tuple[int, list[dict[str, Any]]]:
    """Return (rows with a value that no lookup knows, the issues: source_id, kind, found, tip)."""
    run = Normaliser(lookups)
    add_base_catalogue(run.book, lookups)
    count, issues = 0, []
    for number, row in enumerate(rows):
        run.issues = []
        if isinstance(row, Listing):
            printed = asdict(row) | {"printed_id": number, "source_id": source_id}
            listing_rows(run, SimpleNamespace(**printed))
        elif isinstance(row, Requirement):
            requirement_table(run, requirement_frame([(source_id, "live", row, {})]))
        count += bool(run.issues)
        issues += [issue for issue in run.issues if issue not in issues]
    return count, issues
