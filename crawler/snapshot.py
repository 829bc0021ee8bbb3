"""A snapshot: the rows that one page printed, how they are written down, and their hash. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property

from crawler.items import CatalogueRow, Leftover, Listing, Requirement, Row
from crawler.names import Origin, Section

ROW_TYPES: dict[str, type] = {
    row.__name__.lower(): row for row in (Listing, Requirement, CatalogueRow, Leftover)
}


@dataclass(frozen=True)
class Snapshot:
    """The rows of one source as one page printed them. `rows_hash` ignores order and leftovers."""

    source_id: str
    url: str
    origin: Origin
    fetched_at: datetime
    rows: tuple[Row, ...]
    leftovers: tuple[str, ...] = ()
    printed_on: date | None = None
    page: bytes = field(default=b"", repr=False)
    page_before: bytes = field(default=b"", repr=False)

    @cached_property
    def rows_hash(self) -> str:
        return hash_of(to_line(row) for row in self.rows)

    @property
    def page_hash(self) -> str:
        return hashlib.sha256(self.page).hexdigest()[:16]


@dataclass(frozen=True)
class Observation:
    """At `fetched_at` the source printed the rows of this snapshot at `url` ("" where no record says).

    `is_recorded` False: no run says so, only the snapshot itself; it may have been followed by
    an older one that came back. `unread` are printed lines without a row that the snapshot has not.
    """

    source_id: str
    rows_hash: str
    fetched_at: datetime
    printed_on: date | None
    url: str = ""
    row_count: int = 0
    is_recorded: bool = True
    unread: tuple[str, ...] = ()


def hash_of(lines: Iterable[str]) -> str:
    """Return the hash of printed rows, whatever their order and repetition."""
    digest = hashlib.sha256()
    for line in sorted(set(lines)):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()[:16]


def describe(snapshot: Snapshot) -> bytes:
    about = {
        "source_id": snapshot.source_id,
        "url": snapshot.url,
        "rows_hash": snapshot.rows_hash,
        "page_hash": snapshot.page_hash,
        "row_count": len(snapshot.rows),
        "printed_on": snapshot.printed_on.isoformat() if snapshot.printed_on else None,
        "first_fetched_at": snapshot.fetched_at.isoformat(),
    }
    return json.dumps(about, ensure_ascii=False, indent=1).encode()


def to_line(row: Row | Leftover) -> str:
    return json.dumps({"row": type(row).__name__.lower()} | asdict(row), ensure_ascii=False)


def is_leftover(line: str) -> bool:
    return line.startswith('{"row": "leftover"')


def from_line(line: str) -> Row | Leftover:
    fields = json.loads(line)
    kind = ROW_TYPES[fields.pop("row")]
    if "section" in fields and kind is Listing:
        fields["section"] = Section(fields["section"])
    return kind(**fields)
