"""A refresh: ask the live sources, archive what is good, record the run, publish."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crawler.archive import Archive
from crawler.crawl import OnDone, crawl_live, ignore
from crawler.directions import Directions, directions
from crawler.exports import export_apart
from crawler.lock import REFRESH, one_at_a_time
from crawler.lookups import load_lookups
from crawler.material import fingerprint, gather, known_observations, needed_snapshots
from crawler.replay import replay
from crawler.restamp import restamp
from crawler.settle import Night, validators_of
from crawler.snapshot import Observation
from crawler.sources import BadInput, Folders, Source, load_sources
from crawler.validate import check_tables
from crawler.versions import code_version, reader_version
from crawler.warehouse import build_warehouse

# Longer than any build takes, so that a second one waits for its turn.
WAIT_SECONDS = 120.0


def build(folders: Folders) -> None:
    """Replay archive and bundled pages into the database. Raises `BadInput`; then nothing changed."""
    with one_at_a_time(folders.state, WAIT_SECONDS):
        _replay(folders)


def _replay(folders: Folders) -> None:
    tables = replay(gather(folders))
    if broken := check_tables(tables):
        raise BadInput(f"nothing was published: {'; '.join(broken)}")
    build_warehouse(tables, folders.data / "schema.sql", folders.database)
    export_apart(folders.database.resolve(), folders.exports.resolve())


def publish(folders: Folders) -> bool:
    """Bring the database up to the archive; return whether its rows had to be built anew.

    After a night that brought nothing new only its times move. Raises `BadInput` as `build` does.
    """
    with one_at_a_time(folders.state, WAIT_SECONDS):
        sources, archive = load_sources(folders.data), Archive(folders.archive)
        observations = known_observations(archive, sources)
        inputs = fingerprint(folders, observations)
        # A damaged snapshot must be told, though its rows are published: the replay does so.
        is_whole = all(archive.is_whole(*one) for one in sorted(needed_snapshots(observations, sources)))
        if is_whole and restamp(folders.database, sources, observations, archive.runs(), inputs):
            export_apart(folders.database.resolve(), folders.exports.resolve())
            return False
        _replay(folders)
        return True


@dataclass(frozen=True)
class Asking:
    """How a run asks: where (`base_urls`), for how long, whom (all, or `only` these), and for whose
    refused page a person has looked at the difference (`accept`)."""

    base_urls: Mapping[str, str] = field(default_factory=dict)
    budget_seconds: float = 900
    only: Sequence[str] = ()
    accept: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def chosen(self, folders: Folders) -> list[Source]:
        """Return the sources to ask. Raises `BadInput` for a name that is none, or is not crawled."""
        registry = load_sources(folders.data)
        chosen = _chosen(registry, self.only)
        for one in _chosen(registry, self.accept) if self.accept else []:
            if one not in chosen:
                raise BadInput(f"--accept {one.source_id}: it is not asked; add --source {one.source_id}")
        return chosen

    def way(self, folders: Folders) -> Directions:
        """Return where to ask; links may lead to the hosts of the registry."""
        return directions(load_sources(folders.data), self.base_urls)


def refresh(folders: Folders, asking: Asking, on_done: OnDone = ignore) -> dict[str, Any]:
    """Crawl, then publish whatever came of it; return the run with `published` (rebuilt, restamped).

    Where nothing could be published the run has `error` instead: what it found is archived all the
    same. Raises `BadInput` when another refresh is at work, or for a source that is none.
    """
    with one_at_a_time(folders.state, 0, REFRESH):
        run = _crawl(folders, asking, on_done)
        try:
            return run | {"published": "rebuilt" if publish(folders) else "restamped"}
        except (BadInput, OSError) as error:
            return run | _unpublished(folders, run, str(error))


def _unpublished(folders: Folders, run: Mapping[str, Any], error: str) -> dict[str, Any]:
    """Record why nothing was published, beside the record of the run, which stands already."""
    now = datetime.now(UTC).isoformat()
    about = {"run_id": f"{run['run_id']}-publish", "started_at": run["started_at"], "finished_at": now}
    with contextlib.suppress(OSError):
        Archive(folders.archive).record({**about, "sources": {}, "error": error})
    return {"error": error}


def crawl(folders: Folders, asking: Asking, on_done: OnDone = ignore) -> dict[str, Any]:
    """Ask the live sources, archive good pages, record and return the run.

    The run has run_id, started_at, finished_at, seconds, code_version and, under `sources`, for
    each source what `Night.settle` says of it. Raises `BadInput` as `refresh` does.
    """
    with one_at_a_time(folders.state, 0, REFRESH):
        return _crawl(folders, asking, on_done)


def _crawl(folders: Folders, asking: Asking, on_done: OnDone) -> dict[str, Any]:
    started = datetime.now(UTC)
    sources, accepted = asking.chosen(folders), set(asking.accept)
    archive, reader = Archive(folders.archive), reader_version()
    night = Night(archive, load_lookups(folders.lookups), started.strftime("%Y%m%dT%H%M%S.%fZ"))
    known = {key: marks for key, marks in validators_of(archive, reader).items() if key not in accepted}
    # Read before asking: a 304 speaks of the rows that were at hand then.
    observations = archive.observations()
    seen = {one.source_id: [old for old in observations if old.source_id == one.source_id] for one in sources}
    fetches = crawl_live(sources, asking.way(folders), asking.budget_seconds, asking.settings, known, on_done)
    with one_at_a_time(folders.state, WAIT_SECONDS):
        results = {
            one.source_id: night.settle(
                one, fetches[one.source_id], seen[one.source_id], one.source_id in accepted
            )
            for one in sources
        }
        finished = datetime.now(UTC)
        run = {
            "run_id": night.run_id,
            "started_at": started.isoformat(),
            "finished_at": finished.isoformat(),
            "seconds": round((finished - started).total_seconds(), 1),
            "code_version": code_version(),
            "reader": reader,
            "warnings": _clock_warnings(archive, started)
            + _overdue(archive, sources, seen, results, started),
            "sources": results,
        }
        archive.record(run)
    return run


def _overdue(
    archive: Archive,
    sources: Sequence[Source],
    seen: Mapping[str, Sequence[Observation]],
    results: Mapping[str, dict[str, Any]],
    now: datetime,
) -> list[str]:
    """Mark each source that gave nothing for longer than it may; return a warning for each.

    One that never gave anything counts from the first run that asked it.
    """
    asked: dict[str, datetime] = {}
    for run in archive.runs():
        for source_id in run["sources"]:
            asked.setdefault(source_id, datetime.fromisoformat(run["started_at"]))
    warnings = []
    for source in sources:
        result, before = results[source.source_id], seen[source.source_id]
        since = before[-1].fetched_at if before else asked.get(source.source_id, now)
        days = (now - since).days
        if not result.get("rows_hash") and days > source.stale_after_days:
            result["is_overdue"] = True
            allowed = f"{source.stale_after_days} allowed; what was there before answers"
            warnings.append(f"{source.source_id}: nothing came for {days} days, {allowed}")
    return warnings


def _clock_warnings(archive: Archive, now: datetime) -> list[str]:
    """Return a warning when the clock stands before a run that is already recorded."""
    latest = max((datetime.fromisoformat(run["finished_at"]) for run in archive.runs()), default=now)
    if latest <= now:
        return []
    return [
        f"the clock says {now:%Y-%m-%d %H:%M} UTC, but a run of {latest:%Y-%m-%d %H:%M} is recorded: set the "
        "clock right. The pages of now answer, under the later date"
    ]


def _chosen(sources: Mapping[str, Source], only: Iterable[str]) -> list[Source]:
    crawled = {source_id: one for source_id, one in sources.items() if one.is_crawled}
    unknown = [source_id for source_id in only if source_id not in crawled]
    if unknown:
        raise BadInput(f"no source {unknown[0]!r} can be crawled; choose from: {', '.join(crawled)}")
    return [crawled[source_id] for source_id in (list(only) or crawled)]
