"""All that one build knows of a device: names, numbers, verdicts, printed rows and their changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from crawler.names import match_key
from explorer.printed import SHOWN
from explorer.store import Place, open_store
from explorer.verdict import Device

MAX_NAMES = 12


class Verdict(NamedTuple):
    """The answer for a use when the OS is not known, and the model numbers for which it holds."""

    capability: str
    status: str
    reason: str
    min_os: str | None
    conditions: Sequence[str]
    note: str | None
    remark: str | None
    origin: str | None
    model_numbers: Sequence[str]


class PrintedRow(NamedTuple):
    """A row of a list about the device, and when it was seen."""

    source_id: str
    title: str
    publisher: str
    url: str
    origin: str
    section: str
    maker: str
    name: str
    model: str
    carrier: str
    note: str
    is_current: bool
    first_seen_on: date
    last_seen_on: date
    last_fetched_at: datetime | None
    fact_url: str | None
    fact_as_of: str | None
    fact_confidence: str | None

    def words(self) -> dict[str, str]:
        return {word: getattr(self, word) for word in SHOWN}


class Change(NamedTuple):
    """A change of a list, the printed rows before and after as JSON, one a line."""

    changed_on: date
    source_id: str
    title: str
    url: str
    delta: str
    device_id: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class DeviceRecord:
    """A device; `numbers` has a row (model number, carriers) each, `other_names` are folded."""

    device: Device
    numbers: tuple[tuple[str, Sequence[str]], ...]
    other_names: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    printed: tuple[PrintedRow, ...]
    changes: tuple[Change, ...]


def read_device(place: Place, text: str) -> DeviceRecord | None:
    """Return the device of this id, else the only one with this model number, else None."""
    store = open_store(place)
    found = store.rows(DEVICE, {"text": text})
    if not found:
        return None
    values = {"device_id": found[0][0]}
    items = store.rows(ITEMS, values)
    numbers = tuple((number, tuple(carriers)) for number, carriers, _ in items if number)
    keys = {key for *_, lines in items for key in lines.splitlines()}
    return DeviceRecord(
        Device._make((*found[0], [number for number, _ in numbers], None)),
        numbers,
        _other_names(found[0], [number for number, _ in numbers], keys),
        tuple(Verdict(*row) for row in store.rows(VERDICTS, values)),
        tuple(PrintedRow(*row) for row in store.rows(PRINTED, values)),
        tuple(Change(*row) for row in store.rows(CHANGES, values)),
    )


def _other_names(device: tuple[Any, ...], numbers: Sequence[str], keys: set[str]) -> tuple[str, ...]:
    """Return the keys that are no model number and do not hold the name as it is sold."""
    known, name = {match_key(number) for number in numbers}, match_key(device[4])
    other = {key for key in keys - known if name not in key}
    return tuple(sorted(other, key=lambda key: (len(key), key))[:MAX_NAMES])


DEVICE = """
SELECT d.device_id, k.maker_id, k.name_ja, k.name_en, d.name, d.form_factor, d.os, d.released, d.first_os,
    d.last_os, d.is_sold_in_japan
FROM device d JOIN maker k USING (maker_id)
WHERE d.device_id = coalesce(
    (SELECT device_id FROM device WHERE device_id = $text),
    (SELECT any_value(device_id) FROM item WHERE model_number = $text HAVING count(DISTINCT device_id) = 1)
)
"""
ITEMS = "SELECT model_number, carriers, keys FROM item WHERE device_id = $device_id ORDER BY model_number"
VERDICTS = """
SELECT v.capability, v.status, v.reason, v.min_os, v.conditions, v.note, v.remark, v.origin,
    coalesce(list(i.model_number ORDER BY i.model_number) FILTER (i.model_number IS NOT NULL), [])
FROM verdict v JOIN item i USING (item_id) WHERE i.device_id = $device_id
GROUP BY ALL ORDER BY v.capability, v.status
"""
PRINTED = """
SELECT l.source_id, s.title, s.publisher, s.url, l.origin, l.section, l.maker, l.name, l.model, l.carrier,
    l.note, l.is_current, l.first_seen_on, l.last_seen_on, p.last_fetched_at, l.fact_url, l.fact_as_of,
    l.fact_confidence
FROM listing l JOIN source s USING (source_id)
LEFT JOIN snapshot p ON p.source_id = l.source_id AND p.is_current
WHERE l.device_id = $device_id ORDER BY l.is_current DESC, l.last_seen_on DESC, l.listing_id
"""
CHANGES = """
SELECT c.changed_on, c.source_id, s.title, s.url, c.delta, c.device_id, c.before, c.after
FROM change c JOIN source s USING (source_id)
WHERE c.device_id = $device_id ORDER BY c.changed_on DESC, c.change_id
"""
