"""Replay: archive and bundled pages in, all tables out. Everything after the archive is derived here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pandas as pd

from crawler.archive import Archive
from crawler.bundled import NO_FACT, BundledPage, load_bundled
from crawler.history import Seen, changes, trace
from crawler.items import CatalogueRow, Listing, Requirement
from crawler.lookups import Lookups, load_lookups, read_table
from crawler.names import Origin
from crawler.normalise import PRINTED_COLUMNS, Tables, normalise, requirement_frame
from crawler.snapshot import Observation, Snapshot
from crawler.sources import Folders, Source, load_sources
from crawler.support_table import support_table
from crawler.word_tables import os_words, pc_rules, reading_rows

SCHEMA_VERSION = "1.0.0"
JAPAN = timezone(timedelta(hours=9))
NO_EXPANSION = {"expanded_from": None}


@dataclass
class Sightings:
    """Every distinct printed row with its number, and which of them were seen when."""

    printed: dict[tuple[str, Origin, Listing], int] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def add(self, snapshot: Snapshot, fetched_at: datetime) -> None:
        ids = tuple(
            self.printed.setdefault((snapshot.source_id, snapshot.origin, row), len(self.printed))
            for row in snapshot.rows
            if isinstance(row, Listing)
        )
        day = fetched_at.astimezone(JAPAN).date()
        self.seen.append(Seen(snapshot.source_id, snapshot.origin, day, ids))


@dataclass
class Material:
    """What a replay starts from. `current` is the snapshot of each source that answers now."""

    sources: dict[str, Source]
    lookups: Lookups
    notes: dict[str, str]
    pages: dict[str, BundledPage]
    observations: list[Observation]
    snapshots: dict[tuple[str, str], Snapshot]
    runs: list[dict[str, Any]]

    @property
    def current(self) -> dict[str, Snapshot]:
        current = {source_id: page.snapshot for source_id, page in self.pages.items()}
        for seen in self.observations:
            current[seen.source_id] = self.snapshots[seen.source_id, seen.rows_hash]
        return {source_id: current[source_id] for source_id in self.sources if source_id in current}


def gather(folders: Folders) -> Material:
    """Read registry, lookups, bundled pages and archive. Raises `BadInput` for what cannot be read."""
    sources, archive = load_sources(folders.data), Archive(folders.archive)
    observations = [seen for seen in archive.observations() if seen.source_id in sources]
    catalogues = {
        seen.source_id: seen for seen in observations if sources[seen.source_id].speaks_by == "none"
    }
    needed = {
        (seen.source_id, seen.rows_hash)
        for seen in observations
        if catalogues.get(seen.source_id, seen) is seen
    }
    observations = [seen for seen in observations if (seen.source_id, seen.rows_hash) in needed]
    notes = read_table(folders.lookups / "conditions.csv", ("condition", "note"))
    return Material(
        sources=sources,
        lookups=load_lookups(folders.lookups),
        notes={row["condition"]: row["note"] for row in notes},
        pages=load_bundled(sources, folders),
        observations=observations,
        snapshots={key: archive.load(*key) for key in sorted(needed)},
        runs=archive.runs(),
    )


def replay(material: Material) -> Tables:
    """Return all tables of `data/schema.sql` except those that the file itself derives."""
    current, sightings = material.current, Sightings()
    for page in material.pages.values():
        sightings.add(page.snapshot, page.snapshot.fetched_at)
    for seen in material.observations:
        sightings.add(material.snapshots[seen.source_id, seen.rows_hash], seen.fetched_at)
    dates = trace(sightings.seen)
    printed = _printed_frame(sightings, material.pages)
    printed = printed[printed["printed_id"].isin(dates["printed_id"])]
    tables = normalise(
        printed[PRINTED_COLUMNS],
        _requirement_rows(current, material.pages),
        _catalogue(current),
        material.lookups,
    )
    tables["change"] = changes(sightings.seen, printed, tables["listing"])
    tables["listing"] = (
        tables["listing"]
        .merge(printed, on="printed_id")
        .merge(dates, on="printed_id")
        .drop(columns="printed_id")
    )
    origins = {source_id: snapshot.origin.value for source_id, snapshot in current.items()}
    tables["support"] = support_table(tables.frames, material.sources, origins, material.notes)
    tables["source"] = _sources(material.sources)
    tables["snapshot"] = _snapshots(material, current)
    tables["run"] = _runs(material)
    parts = [tables["issue"], _leftovers(current), _unrecorded(material.observations)]
    tables["issue"] = pd.concat(parts, ignore_index=True)
    tables["os_word"] = os_words(material.lookups)
    tables["reading"] = reading_rows(material.lookups)
    tables["pc_rule"] = pc_rules(material.lookups)
    tables["meta"] = _meta(material, current)
    return tables


def _printed_frame(sightings: Sightings, pages: Mapping[str, BundledPage]) -> pd.DataFrame:
    records = []
    for (source_id, origin, row), printed_id in sightings.printed.items():
        fact = pages[source_id].fact_of(row) if origin is Origin.BUNDLED else NO_FACT | NO_EXPANSION
        record = asdict(row) | {"section": row.section.value}
        records.append({"printed_id": printed_id, "source_id": source_id} | record | fact)
    columns = [*PRINTED_COLUMNS, *NO_FACT, *NO_EXPANSION]
    return pd.DataFrame(records, columns=columns)


def _requirement_rows(current: Mapping[str, Snapshot], pages: Mapping[str, BundledPage]) -> pd.DataFrame:
    rows = []
    for source_id, snapshot in current.items():
        for row in snapshot.rows:
            if isinstance(row, Requirement):
                is_bundled = snapshot.origin is Origin.BUNDLED
                fact = pages[source_id].fact_of(row) if is_bundled else NO_FACT
                rows.append((source_id, snapshot.origin.value, row, fact))
    return requirement_frame(rows)


def _catalogue(current: Mapping[str, Snapshot]) -> pd.DataFrame:
    rows = [
        (row.brand, row.name, row.device, row.model)
        for snapshot in current.values()
        for row in snapshot.rows
        if isinstance(row, CatalogueRow)
    ]
    return pd.DataFrame(rows, columns=["brand", "name", "device", "model"])


def _sources(sources: Mapping[str, Source]) -> pd.DataFrame:
    records = [
        {name: value for name, value in asdict(one).items() if name not in ("bundled", "assertions")}
        | {"capabilities": [capability.value for capability in one.capabilities]}
        for one in sources.values()
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


def _runs(material: Material) -> pd.DataFrame:
    columns = ["run_id", "source_id", "started_at", "finished_at", "result", "reason", "row_count"]
    records = [
        (
            run["run_id"],
            source_id,
            datetime.fromisoformat(run["started_at"]),
            datetime.fromisoformat(run["finished_at"]),
            result["result"],
            result.get("reason"),
            result.get("row_count", 0),
        )
        for run in material.runs
        for source_id, result in run["sources"].items()
        if source_id in material.sources
    ]
    return _naive_utc(pd.DataFrame(records, columns=columns), ["started_at", "finished_at"])


def _leftovers(current: Mapping[str, Snapshot]) -> pd.DataFrame:
    tip = "this printed line gave no row; if it names a device, teach crawler/answer.py to read it"
    rows = [
        (source_id, "leftover", text, tip)
        for source_id, snapshot in current.items()
        for text in dict.fromkeys(snapshot.leftovers)
    ]
    return pd.DataFrame(rows, columns=["source_id", "kind", "found", "tip"])


def _unrecorded(observations: Sequence[Observation]) -> pd.DataFrame:
    """Return an issue for each snapshot that no run names: what was seen after it is not known."""
    tip = "no line of runs.jsonl names this snapshot; restore that file, or refresh to see what holds now"
    rows = [(one.source_id, "archive", one.rows_hash, tip) for one in observations if not one.is_recorded]
    return pd.DataFrame(rows, columns=["source_id", "kind", "found", "tip"])


def _meta(material: Material, current: Mapping[str, Snapshot]) -> pd.DataFrame:
    moments = [snapshot.fetched_at for snapshot in current.values()]
    moments += [datetime.fromisoformat(run["finished_at"]) for run in material.runs]
    is_bundled = any(snapshot.origin is Origin.BUNDLED for snapshot in current.values())
    facts = {
        "schema_version": SCHEMA_VERSION,
        "built_at": max(moments).astimezone(UTC).isoformat(),
        "origin": (Origin.BUNDLED if is_bundled else Origin.LIVE).value,
    }
    return pd.DataFrame(facts.items(), columns=["key", "value"])


def _naive_utc(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the frame with these times as UTC without a zone, as the tables hold them."""
    for column in columns:
        frame[column] = pd.to_datetime(frame[column], utc=True).dt.tz_localize(None)
    return frame
