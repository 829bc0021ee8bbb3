"""What the list of devices and the list of changes share: conditions by facet, counted by DuckDB.

A facet is a name with a condition in SQL whose value is `$name`; an open facet has no value.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from crawler.names import match_key
from explorer.store import Place, open_store


class Filters(Protocol):
    """What to show of a list."""

    def where(self, *, but: str = "") -> tuple[str, dict[str, Any]]:
        """Return the condition and its values, without the facet `but`."""


def narrow(
    conditions: Mapping[str, str], values: Mapping[str, Any], but: str, always: Iterable[str] = ()
) -> tuple[str, dict[str, Any]]:
    """Return the conditions of the facets that have a value, and these values."""
    used = {facet: value for facet, value in values.items() if facet != but and value not in (None, [])}
    return " AND ".join([*(conditions[facet] for facet in used), *always] or ["true"]), used


def text_key(text: str) -> str | None:
    """Return a typed text as the rows are searched by; None where nothing was typed."""
    return match_key(text) if text.strip() else None


def count(place: Place, source: str, filters: Filters) -> int:
    where, values = filters.where()
    return int(open_store(place).rows(f"SELECT count(*) {source} WHERE {where}", values)[0][0])


def count_by_facet(
    place: Place, source: str, facets: Mapping[str, str], filters: Filters
) -> dict[str, dict[str, int]]:
    """Return facet -> value -> how many rows choosing that value alone would leave.

    The other filters stay as they are; values that would leave nothing are not in it.
    """
    store, counts = open_store(place), {}
    for facet, value in facets.items():
        where, values = filters.where(but=facet)
        sql = f"SELECT {value} AS value, count(*) {source} WHERE {where} GROUP BY value"
        counts[facet] = dict(store.rows(sql, values))
    return counts
