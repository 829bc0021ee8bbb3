"""What came, went and changed on the official lists, filtered and paged by DuckDB, newest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from explorer.device_record import Change
from explorer.narrowing import count, count_by_facet, narrow, text_key
from explorer.store import Place, open_store

PAGE_CHANGES = 50
NO_MAKER = "none"


@dataclass(frozen=True)
class ChangeFilters:
    """What to show; an empty tuple or text leaves that filter open."""

    sources: tuple[str, ...] = ()
    deltas: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    text: str = ""
    since: date | None = None

    def where(self, *, but: str = "") -> tuple[str, dict[str, Any]]:
        """Return the condition and its values, without the filter `but`."""
        values: dict[str, Any] = {
            "source": list(self.sources),
            "delta": list(self.deltas),
            "maker": list(self.makers),
            "key": text_key(self.text),
            "since": self.since,
        }
        return narrow(CONDITIONS, values, but)


def count_changes(place: Place, filters: ChangeFilters) -> int:
    return count(place, CHANGES, filters)


def count_change_facets(place: Place, filters: ChangeFilters) -> dict[str, dict[str, int]]:
    return count_by_facet(place, CHANGES, FACETS, filters)


def read_changes(place: Place, filters: ChangeFilters, page: int) -> list[Change]:
    """Return the changes of a page, the first page being 1, the newest night first."""
    where, values = filters.where()
    values |= {"limit": PAGE_CHANGES, "offset": (page - 1) * PAGE_CHANGES}
    sql = f"SELECT {COLUMNS} {CHANGES} WHERE {where} {ORDER} LIMIT $limit OFFSET $offset"
    return [Change(*row) for row in open_store(place).rows(sql, values)]


def count_nights(place: Place) -> dict[str, int]:
    """Return source id -> number of nights on which its live page was read: changes need two."""
    return dict(open_store(place).rows(NIGHTS))


COLUMNS = "c.changed_on, c.source_id, s.title, s.url, c.delta, c.device_id, c.before, c.after"
CHANGES = "FROM change c JOIN source s USING (source_id)"
ORDER = "ORDER BY c.changed_on DESC, c.change_id"
CONDITIONS = {
    "since": "c.changed_on >= $since",
    "source": "list_contains($source::VARCHAR[], c.source_id)",
    "delta": "list_contains($delta::VARCHAR[], c.delta)",
    "maker": f"list_contains($maker::VARCHAR[], coalesce(c.maker_id, '{NO_MAKER}'))",
    "key": "$key <> '' AND contains(c.key, $key)",
}
FACETS = {"source": "c.source_id", "delta": "c.delta", "maker": f"coalesce(c.maker_id, '{NO_MAKER}')"}
NIGHTS = """
SELECT r.source_id, count(DISTINCT (r.started_at + INTERVAL 9 HOUR)::DATE)
FROM run r JOIN source s USING (source_id)
WHERE r.result IN ('new', 'unchanged') AND s.speaks_by = 'model' GROUP BY 1
"""
