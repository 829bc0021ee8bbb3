"""When each printed row was seen, and what changed from night to night. Pure replay.

Only live observations make history: a bundled page is no statement of the official list, so the
switch from bundled to live is never shown as a change.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from crawler.names import Delta, Origin, match_key

CHANGE_COLUMNS = ["source_id", "changed_on", "delta", "device_id", "before", "after"]
SHOWN = ("section", "maker", "name", "model", "carrier", "note")


@dataclass(frozen=True)
class Seen:
    """On `day` the source printed exactly the rows `printed_ids`."""

    source_id: str
    origin: Origin
    day: date
    printed_ids: tuple[int, ...]


def trace(seen: Sequence[Seen]) -> pd.DataFrame:
    """Return printed_id, origin, first_seen_on, last_seen_on, is_current for every row ever seen.

    `seen` is ordered by time. Once a source has a live observation, its bundled one is dropped:
    rows that only the bundled page prints do not come back.
    """
    rows: dict[int, dict[str, Any]] = {}
    for source_id, observations in _answering(seen).items():
        for observation in observations:
            for printed_id in observation.printed_ids:
                row = rows.setdefault(printed_id, {"first_seen_on": observation.day})
                row["last_seen_on"] = observation.day
                row["origin"] = observation.origin.value
        current = set(observations[-1].printed_ids)
        for observation in observations:
            for printed_id in observation.printed_ids:
                rows[printed_id] |= {"source_id": source_id, "is_current": printed_id in current}
    records = [{"printed_id": printed_id} | row for printed_id, row in rows.items()]
    columns = ["printed_id", "origin", "first_seen_on", "last_seen_on", "is_current"]
    return pd.DataFrame(records, columns=columns)


def changes(seen: Sequence[Seen], printed: pd.DataFrame, listing: pd.DataFrame) -> pd.DataFrame:
    """Return the frame `change` (columns `CHANGE_COLUMNS`), oldest first.

    `printed` has printed_id and the printed columns; `listing` says which devices a row speaks
    of. Rows about the same device count as one, so a number or note that changes is a MOD.
    """
    rows = {row["printed_id"]: row for row in printed.to_dict("records")}
    devices: dict[int, list[str]] = {}
    for printed_id, device_id in zip(listing["printed_id"], listing["device_id"], strict=True):
        devices.setdefault(printed_id, []).append(device_id)
    records = []
    for source_id, observations in _answering(seen).items():
        if observations[0].origin is not Origin.LIVE:
            continue
        states = [_state(observation.printed_ids, rows, devices) for observation in observations]
        pairs = zip(states, states[1:], observations[1:], strict=False)
        for before, after, observation in pairs:
            for delta, device_id, old, new in _compare(before, after):
                records.append((source_id, observation.day, delta.value, device_id, old, new))
    records.sort(key=lambda record: record[1])
    return pd.DataFrame(records, columns=CHANGE_COLUMNS)


def _answering(seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    """Return the observations of each source that count: the live ones, else the bundled one."""
    by_source: dict[str, list[Seen]] = {}
    for observation in seen:
        by_source.setdefault(observation.source_id, []).append(observation)
    return {
        source_id: [one for one in observations if one.origin is Origin.LIVE] or observations[-1:]
        for source_id, observations in by_source.items()
    }


State = dict[tuple[str, ...], tuple[str | None, tuple[str, ...]]]


def _state(
    printed_ids: Iterable[int], rows: dict[int, dict[str, Any]], devices: dict[int, list[str]]
) -> State:
    """Return what stands for each row identity: its device and the printed rows as JSON, sorted."""
    state: State = {}
    for printed_id in printed_ids:
        row, device_ids = rows[printed_id], sorted(devices.get(printed_id, ()))
        key = tuple(device_ids) or (match_key(row["maker"]), match_key(row["name"]))
        text = json.dumps({word: str(row[word]) for word in SHOWN}, ensure_ascii=False)
        device_id = device_ids[0] if len(device_ids) == 1 else None
        texts = state.get(key, (None, ()))[1]
        state[key] = (device_id, tuple(sorted({*texts, text})))
    return state


def _compare(before: State, after: State) -> Iterable[tuple[Delta, str | None, str | None, str | None]]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        device_id = (new or old or (None, ()))[0]
        delta = Delta.MOD if old and new else Delta.ADD if new else Delta.DEL
        yield delta, device_id, "\n".join(old[1]) if old else None, "\n".join(new[1]) if new else None
