"""A refresh: ask the live sources, archive what is good, record the run, build when anything was good."""

import hashlib
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.archive import Archive
from crawler.crawl import crawl_live
from crawler.exports import export_apart
from crawler.lock import one_at_a_time
from crawler.replay import gather, replay
from crawler.settle import settle, validators_of
from crawler.sources import BadInput, Folders, Source, load_sources
from crawler.validate import check_tables
from crawler.warehouse import build_warehouse

GOOD = ("new", "unchanged")
# Longer than any build takes, so that a second one waits for its turn.
WAIT_SECONDS = 120.0


def build(folders: Folders) -> None:
    """Replay archive and bundled pages into the database. Raises `BadInput`; then nothing changed."""
    with one_at_a_time(folders.state, WAIT_SECONDS):
        tables = replay(gather(folders))
        if broken := check_tables(tables):
            raise BadInput(f"nothing was published: {'; '.join(broken)}")
        build_warehouse(tables, folders.data / "schema.sql", folders.database)
        export_apart(folders.database.resolve(), folders.exports.resolve())


def crawl(
    folders: Folders,
    base_urls: Mapping[str, str],
    budget_seconds: float,
    only: Iterable[str] = (),
    settings: Mapping[str, Any] | None = None,
    accept: Iterable[str] = (),
) -> dict[str, Any]:
    """Ask the live sources (all, or `only` these), archive good pages, record and return the run.

    The run has run_id, started_at, finished_at, code_version and, under `sources`, for each
    source, what `settle` says of it. `accept` names sources whose refused page a person has
    looked at and found right.
    """
    started = datetime.now(UTC)
    run_id = started.strftime("%Y%m%dT%H%M%S.%fZ")
    registry, accepted = load_sources(folders.data), set(accept)
    _chosen(registry, accepted)
    sources = _chosen(registry, only)
    archive = Archive(folders.archive)
    reader = _reader_version()
    known = {key: marks for key, marks in validators_of(archive, reader).items() if key not in accepted}
    # Read before asking: a 304 speaks of the rows that were at hand then.
    last = {seen.source_id: seen for seen in archive.observations()}
    fetches = crawl_live(sources, base_urls, budget_seconds, settings, known)
    with one_at_a_time(folders.state, WAIT_SECONDS):
        results = {
            source_id: settle(
                archive, one, fetches[source_id], last.get(source_id), run_id, source_id in accepted
            )
            for one in sources
            for source_id in [one.source_id]
        }
        run = {
            "run_id": run_id,
            "started_at": started.isoformat(),
            "finished_at": datetime.now(UTC).isoformat(),
            "code_version": _code_version(),
            "reader": reader,
            "sources": results,
        }
        archive.record(run)
    return run


def _chosen(sources: Mapping[str, Source], only: Iterable[str]) -> list[Source]:
    crawled = {source_id: one for source_id, one in sources.items() if one.is_crawled}
    unknown = [source_id for source_id in only if source_id not in crawled]
    if unknown:
        raise BadInput(f"no source {unknown[0]!r} can be crawled; choose from: {', '.join(crawled)}")
    return [crawled[source_id] for source_id in (list(only) or crawled)]


def _reader_version() -> str:
    """Return a hash of the code and words that turn a page into rows."""
    home = Path(__file__).parent
    files = [home / "answer.py", *home.glob("parser/*.py"), *home.glob("spiders/*.py")]
    files.append(home.parent / "data" / "lookups" / "parser_words.csv")
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _code_version() -> str:
    """Return the git commit of this code, `unknown` outside a checkout."""
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return asked.stdout.strip() or "unknown"
