"""What a replay starts from: registry, lookups, bundled pages, archive; and the fingerprint of it all."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from crawler.archive import Archive
from crawler.bundled import BundledPage, load_bundled
from crawler.lookups import Lookups, load_lookups, read_table
from crawler.snapshot import Observation, Snapshot
from crawler.sources import Folders, Source, load_sources

DATA_FILES = (".toml", ".sql")


@dataclass
class Material:
    """What a replay starts from. `current` is the snapshot of each source that answers now.

    `inputs` is the `fingerprint` of all of it.
    """

    sources: dict[str, Source]
    lookups: Lookups
    notes: dict[str, str]
    pages: dict[str, BundledPage]
    observations: list[Observation]
    snapshots: dict[tuple[str, str], Snapshot]
    runs: list[dict[str, Any]]
    inputs: str

    @property
    def current(self) -> dict[str, Snapshot]:
        current = {source_id: page.snapshot for source_id, page in self.pages.items()}
        for seen in self.observations:
            current[seen.source_id] = self.snapshots[seen.source_id, seen.rows_hash]
        return {source_id: current[source_id] for source_id in self.sources if source_id in current}


def gather(folders: Folders) -> Material:
    """Read registry, lookups, bundled pages and archive. Raises `BadInput` for what cannot be read."""
    sources, archive = load_sources(folders.data), Archive(folders.archive)
    observations = known_observations(archive, sources)
    inputs = fingerprint(folders, observations)
    needed = needed_snapshots(observations, sources)
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
        inputs=inputs,
    )


def known_observations(archive: Archive, sources: Mapping[str, Source]) -> list[Observation]:
    """Return what was seen of the sources that the registry knows, oldest first."""
    return [seen for seen in archive.observations() if seen.source_id in sources]


def needed_snapshots(
    observations: Sequence[Observation], sources: Mapping[str, Source]
) -> set[tuple[str, str]]:
    """Return (source_id, rows_hash) of all that a replay reads: of a catalogue the newest alone."""
    newest = {seen.source_id: seen for seen in observations}
    return {
        (seen.source_id, seen.rows_hash)
        for seen in observations
        if sources[seen.source_id].speaks_by != "none" or newest[seen.source_id] is seen
    }


def fingerprint(folders: Folders, observations: Sequence[Observation]) -> str:
    """Return a hash of all that a build depends on, save for when the pages last seen were last seen.

    That is: this code, the files below `data`, and the stretches in which each source printed the
    same rows. Two builds of the same fingerprint differ in their times alone.
    """
    code = Path(__file__).parent
    files = [*code.rglob("*.py"), *(file for file in folders.data.glob("*.*") if file.suffix in DATA_FILES)]
    for folder in (folders.lookups, folders.bundled):
        files += [file for file in folder.rglob("*") if file.is_file()]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.name}\n".encode() + file.read_bytes())
    for source_id in sorted({seen.source_id for seen in observations}):
        stretches = _stretches([seen for seen in observations if seen.source_id == source_id])
        for stretch in stretches:
            digest.update(f"{source_id} {stretch}\n".encode())
        # What a page printed beside its rows is no part of their hash.
        rows = folders.archive / source_id / stretches[-1][0] / "rows.jsonl.gz"
        digest.update(rows.read_bytes() if rows.exists() else b"")
    for source_id, seen in sorted({one.source_id: one for one in observations}.items()):
        digest.update(f"{source_id} {seen.unread}\n".encode())
    return digest.hexdigest()[:16]


def _stretches(observations: Sequence[Observation]) -> list[tuple[Any, ...]]:
    """Return (rows, address, is recorded, first seen, last seen) of each stretch of the same rows.

    The last stretch goes on, so it has no end.
    """
    key = attrgetter("rows_hash", "url", "is_recorded")
    stretches = [(same, list(seen)) for same, seen in groupby(observations, key=key)]
    return [
        (*same, seen[0].fetched_at, None if seen is stretches[-1][1] else seen[-1].fetched_at)
        for same, seen in stretches
    ]
