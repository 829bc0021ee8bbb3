"""Reads what the database knows of logins: the facts, and what the last refresh saw of the official hosts."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from explorer.database import once_a_build, open_built


@dataclass(frozen=True)
class Fact:
    """A row of `login_fact`."""

    fact_id: str
    ja: str
    en: str
    url: str
    as_of: str
    confidence: str
    via: str


@dataclass(frozen=True)
class Look:
    """What the newest look at a page of a host found; times are UTC, None where there was none."""

    host: str
    result: str | None
    looked_at: datetime | None
    last_good_at: datetime | None


def read_facts(path: Path) -> dict[str, Fact]:
    """Return all facts by id. Raises `NoDatabase`."""
    return _read(path)[0]


def read_looks(path: Path) -> tuple[Look, ...]:
    """Return one look for each official page that holds a list. Raises `NoDatabase`."""
    return _read(path)[1]


@once_a_build
def _read(path: Path) -> tuple[dict[str, Fact], tuple[Look, ...]]:
    with open_built(path) as con:
        facts = [Fact(*row) for row in con.execute(FACTS).fetchall()]
        looks = con.execute(LOOKS).fetchall()
    return (
        {fact.fact_id: fact for fact in facts},
        tuple(Look(urlsplit(url).netloc, *values) for url, *values in looks),
    )


FACTS = "SELECT fact_id, fact_ja, fact_en, fact_url, fact_as_of, fact_confidence, via FROM login_fact"
LOOKS = """
SELECT s.url, r.result, r.finished_at, p.last_good_at
FROM source s
LEFT JOIN (
    SELECT source_id, arg_max(result, finished_at) AS result, max(finished_at) AS finished_at
    FROM run GROUP BY source_id
) r USING (source_id)
LEFT JOIN (
    SELECT source_id, max(last_fetched_at) AS last_good_at
    FROM snapshot WHERE origin = 'live' GROUP BY source_id
) p USING (source_id)
WHERE len(s.capabilities) > 0
ORDER BY s.source_id
"""
