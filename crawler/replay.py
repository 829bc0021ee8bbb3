"""Replay: archive and bundled pages in, all tables out. Everything after the archive is derived here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

import pandas as pd

from crawler.bundled import NO_FACT, BundledPage
from crawler.clock import japan_day
from crawler.history import Seen, changes, trace
from crawler.items import CatalogueRow, Listing, Requirement
from crawler.material import Material
from crawler.names import Origin
from crawler.normalise import PRINTED_COLUMNS, Tables, normalise, requirement_frame
from crawler.record_tables import add_record_tables
from crawler.snapshot import Snapshot
from crawler.support_table import support_table
from crawler.word_tables import login_facts, os_words, pc_rules, reading_rows

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
        day = japan_day(fetched_at)
        self.seen.append(Seen(snapshot.source_id, snapshot.origin, day, ids))


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
    add_record_tables(tables, material, current)
    tables["os_word"] = os_words(material.lookups)
    tables["reading"] = reading_rows(material.lookups)
    tables["pc_rule"] = pc_rules(material.lookups)
    tables["login_fact"] = login_facts(material.lookups)
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
