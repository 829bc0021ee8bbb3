"""What a fetched page must hold against the last good one before it may replace it. Pure.

A missed minimum refuses the page, a passed maximum warns; the numbers stand in
`data/sources.toml`. A person who has looked at the difference can accept a refused page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crawler.items import Listing, Row
from crawler.names import Section, match_key
from crawler.sources import Source


@dataclass
class Judgement:
    """`refusals` keep the last good data, `warnings` are recorded beside the new."""

    refusals: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def check_page(
    source: Source,
    before: Sequence[Row],
    rows: Sequence[Row],
    printed_before: date | None = None,
    printed_on: date | None = None,
    today: date | None = None,
    unmatched_rows: int = 0,
) -> Judgement:
    """Hold the rows of a page against the registry and against the rows last seen.

    min.rows: how many rows at least; min.makers: makers that must be named, spellings by `|`;
    min.kept_share: how much of the devices listed before is still listed; max.removed_share: how
    much may be gone or changed without a warning; max.unmatched_share: the same of `unmatched_rows`,
    those with a value that no lookup knows. The printed date must not run backwards, nor lie
    after `today`: it would lock out every true date that follows.
    """
    judged = Judgement(warnings=_warnings(source, before, rows, unmatched_rows))
    refuse, name, least = judged.refusals.append, source.source_id, source.assertions.get("min", {})
    if len(set(rows)) < source.min_rows:
        refuse(f"{name}: expected at least {source.min_rows} rows, found {len(set(rows))}")
    makers = {match_key(row.maker) for row in rows if isinstance(row, Listing)}
    for maker in least.get("makers", ()):
        spellings = [match_key(spelling) for spelling in maker.split("|")]
        if not any(spelling in printed for spelling in spellings for printed in makers):
            refuse(f"{name}: expected rows of {maker.split('|')[0]}, found none")
    kept = _kept_share(before, rows)
    if kept is not None and kept < least.get("kept_share", 0):
        wanted = f"at least {least['kept_share']:.0%} of the devices listed before"
        refuse(f"{name}: expected {wanted}, found {kept:.0%}")
    if printed_on and today and printed_on > today:
        refuse(f"{name}: expected an update date that is not to come, found {printed_on}")
    if printed_before and printed_on and printed_on < printed_before:
        refuse(f"{name}: expected an update date from {printed_before} on, found {printed_on}")
    return judged


def _warnings(source: Source, before: Sequence[Row], rows: Sequence[Row], unmatched_rows: int) -> list[str]:
    most, warnings = source.assertions.get("max", {}), []
    gone = len(set(before) - set(rows)) / len(set(before)) if before else 0
    if gone > (allowed := most.get("removed_share", 1)):
        warnings.append(
            f"{gone:.0%} of the rows last seen are gone or changed, at most {allowed:.0%} expected; "
            "compare the page with the official site"
        )
    unknown = unmatched_rows / len(rows) if rows else 0
    if unknown > (allowed := most.get("unmatched_share", 1)):
        warnings.append(
            f"{unknown:.0%} of the rows have a value that no lookup knows, at most {allowed:.0%} expected; "
            f"`python -m crawler doctor --source {source.source_id}` shows them"
        )
    return warnings


def _kept_share(before: Sequence[Row], rows: Sequence[Row]) -> float | None:
    """Return how much of the devices listed before is listed still; None when none was."""
    old, new = _listed(before), _listed(rows)
    return len(old & new) / len(old) if old else None


def _listed(rows: Sequence[Row]) -> set[tuple[str, str]]:
    return {
        (match_key(row.name), match_key(row.model))
        for row in rows
        if isinstance(row, Listing) and row.section is Section.LISTED
    }


def describe_difference(before: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """Return the rows that went (`- `) and came (`+ `), in printed order."""
    old, new = set(before), set(rows)
    gone = [f"- {_text(row)}" for row in dict.fromkeys(before) if row not in new]
    return gone + [f"+ {_text(row)}" for row in dict.fromkeys(rows) if row not in old]


def _text(row: Row) -> str:
    values = (getattr(row, name) for name in row.__dataclass_fields__)
    return " | ".join(str(value) for value in values if value)
