"""The tables about the collecting itself: source, snapshot, run, meta, and what it could not read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from crawler.material import Material
from crawler.names import Origin
from crawler.normalise import Tables
from crawler.snapshot import Observation, Snapshot
from crawler.sources import Source

SCHEMA_VERSION = "1.3.0"
BUILT_BYTES = "built_bytes"
NOT_IN_TABLE = ("bundled", "assertions", "found_on", "link", "is_link_needed")


def add_record_tables(tables: Tables, material: Material, current: Mapping[str, Snapshot]) -> None:
    """Add source, snapshot, run and meta; add to issue what was not read and what no run names."""
    tables["source"] = _sources(material)
    tables["snapshot"] = _snapshots(material, current)
    tables["run"] = run_table(material.runs, material.sources)
    parts = [tables["issue"], _leftovers(current, material.observations), _unrecorded(material.observations)]
    tables["issue"] = pd.concat(parts, ignore_index=True)
    tables["meta"] = _meta(material, current)


def _sources(material: Material) -> pd.DataFrame:
    # The list moves with its edition: the address where it was seen last is the one to link to.
    seen_at = {seen.source_id: seen.url for seen in material.observations if seen.url}
    records = [
        {name: value for name, value in asdict(one).items() if name not in NOT_IN_TABLE}
        | {"capabilities": [capability.value for capability in one.capabilities]}
        | {"url": seen_at.get(one.source_id, one.url)}
        for one in material.sources.values()
    ]
    return pd.DataFrame(records)


def _snapshots(material: Material, current: Mapping[str, Snapshot]) -> pd.DataFrame:
    times: dict[tuple[str, str, Origin], list[tuple[datetime, date | None]]] = {}
    for page in material.pages.values():
        one = page.snapshot
        times[one.source_id, one.rows_hash, one.origin] = [(one.fetched_at, one.printed_on)]
    for seen in material.observations:
        key = (seen.source_id, seen.rows_hash, Origin.LIVE)
        times.setdefault(key, []).append((seen.fetched_at, seen.printed_on))
    counts = {(id_, hash_): len(one.rows) for (id_, hash_), one in material.snapshots.items()}
    records = [
        {
            "snapshot_id": f"{source_id}:{rows_hash}" + ("" if origin is Origin.LIVE else ":bundled"),
            "source_id": source_id,
            "origin": origin.value,
            "rows_hash": rows_hash,
            "row_count": counts[source_id, rows_hash]
            if origin is Origin.LIVE
            else len(material.pages[source_id].snapshot.rows),
            "printed_on": moments[-1][1],
            "first_fetched_at": moments[0][0],
            "last_fetched_at": moments[-1][0],
            "is_current": (current[source_id].origin, current[source_id].rows_hash) == (origin, rows_hash),
        }
        for (source_id, rows_hash, origin), moments in times.items()
    ]
    return _naive_utc(pd.DataFrame(records), ["first_fetched_at", "last_fetched_at"])


def run_table(runs: Sequence[Mapping[str, Any]], sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return the frame `run`: what each recorded run found at each source, oldest first."""
    columns = ["run_id", "source_id", "started_at", "finished_at", "result", "reason", "row_count", "seconds"]
    records = [
        (
            run["run_id"],
            source_id,
            datetime.fromisoformat(run["started_at"]),
            datetime.fromisoformat(run["finished_at"]),
            result["result"],
            result.get("reason"),
            result.get("row_count", 0),
            result.get("seconds"),
        )
        for run in runs
        for source_id, result in run["sources"].items()
        if source_id in sources
    ]
    frame = pd.DataFrame(records, columns=columns).astype({"seconds": "float64", "reason": "str"})
    return _naive_utc(frame, ["started_at", "finished_at"])


def _leftovers(current: Mapping[str, Snapshot], observations: Sequence[Observation]) -> pd.DataFrame:
    newest_seen = {seen.source_id: seen.unread for seen in observations}
    tip = "this printed line gave no row; if it names a device, teach crawler/answer.py to read it"
    rows = [
        (source_id, "leftover", text, tip)
        for source_id, snapshot in current.items()
        for text in dict.fromkeys((*snapshot.leftovers, *newest_seen.get(source_id, ())))
    ]
    return pd.DataFrame(rows, columns=["source_id", "kind", "found", "tip"])


def _unrecorded(observations: Sequence[Observation]) -> pd.DataFrame:
    """Return an issue for each snapshot that no run names: what was seen after it is not known."""
    tip = "no line of runs.jsonl names this snapshot; restore that file, or refresh to see what holds now"
    rows = [(one.source_id, "archive", one.rows_hash, tip) for one in observations if not one.is_recorded]
    return pd.DataFrame(rows, columns=["source_id", "kind", "found", "tip"])


def _meta(material: Material, current: Mapping[str, Snapshot]) -> pd.DataFrame:
    is_bundled = any(snapshot.origin is Origin.BUNDLED for snapshot in current.values())
    facts = {
        "schema_version": SCHEMA_VERSION,
        "built_at": newest([snapshot.fetched_at for snapshot in current.values()], material.runs),
        "origin": (Origin.BUNDLED if is_bundled else Origin.LIVE).value,
        "inputs": material.inputs,
        BUILT_BYTES: "0",
    }
    return pd.DataFrame(facts.items(), columns=["key", "value"])


def newest(fetched: Sequence[datetime], runs: Sequence[Mapping[str, Any]]) -> str:
    """Return how old the data are: the newest of when pages were first fetched and runs ended, in UTC."""
    moments = [*fetched, *(datetime.fromisoformat(run["finished_at"]) for run in runs)]
    return max(moments).astimezone(UTC).isoformat()


def _naive_utc(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the frame with these times as UTC without a zone, as the tables hold them."""
    for column in columns:
        frame[column] = pd.to_datetime(frame[column], utc=True).dt.tz_localize(None)
    return frame
