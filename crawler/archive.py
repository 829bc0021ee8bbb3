"""The archive: the only state of the project, append-only.

    archive/<source_id>/<rows_hash>/  rows.jsonl.gz  page.gz  snapshot.json  (page_before.gz: led to it)
    archive/runs.jsonl                one line a run, failed runs too

A snapshot is addressed by the hash of the rows printed on the page, so a page whose banners,
tokens or row order changed gives no new snapshot. What was seen when stands in `runs.jsonl`.
"""

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crawler.items import Leftover
from crawler.names import Origin
from crawler.records import DAMAGE, read_moment, read_observation, read_run
from crawler.snapshot import Observation, Snapshot, describe, from_line, hash_of, is_leftover, to_line
from crawler.sources import BadInput


class Archive:
    """The folder of snapshots and runs. Nothing in it is ever changed, only added."""

    def __init__(self, path: Path):
        self.path = path
        self.runs_file = path / "runs.jsonl"

    def store(self, snapshot: Snapshot) -> bool:
        """Write the snapshot unless its rows are there already; return whether it is new.

        The folder appears complete or not at all: it is written beside and renamed. What a killed
        run left half written beside it is swept away; only the holder of the lock stores.
        """
        home = self.path / snapshot.source_id / snapshot.rows_hash
        if home.exists():
            if self.is_whole(snapshot.source_id, snapshot.rows_hash):
                return False
            home.rename(Path(tempfile.mkdtemp(prefix=".damaged-", dir=home.parent)) / home.name)
        home.parent.mkdir(parents=True, exist_ok=True)
        for left in home.parent.glob(".partial-*"):
            shutil.rmtree(left, ignore_errors=True)
        beside = Path(tempfile.mkdtemp(prefix=".partial-", dir=home.parent))
        try:
            lines = [to_line(row) for row in snapshot.rows]
            lines += [to_line(Leftover(text)) for text in snapshot.leftovers]
            _write(beside / "rows.jsonl.gz", gzip.compress("\n".join(lines).encode(), mtime=0))
            _write(beside / "page.gz", gzip.compress(snapshot.page, mtime=0))
            if snapshot.page_before:
                _write(beside / "page_before.gz", gzip.compress(snapshot.page_before, mtime=0))
            _write(beside / "snapshot.json", describe(snapshot))
            beside.chmod(0o755)
            beside.rename(home)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return True

    def is_whole(self, source_id: str, rows_hash: str) -> bool:
        """Prove a stored snapshot by its hash, without making rows of its lines."""
        home = self.path / source_id / rows_hash
        try:
            _first_seen(home)
            return hash_of(line for line in _lines(home) if not is_leftover(line)) == rows_hash
        except DAMAGE:
            return False

    def load(self, source_id: str, rows_hash: str) -> Snapshot:
        """Return a stored snapshot without its page. Raises `BadInput` when it is not whole."""
        home = self.path / source_id / rows_hash
        try:
            about = _about(home)
            lines = list(_lines(home))
            rows = [from_line(line) for line in lines]
            snapshot = Snapshot(
                source_id=source_id,
                url=about["url"],
                origin=Origin.LIVE,
                fetched_at=read_moment(about["first_fetched_at"]),
                rows=tuple(row for row in rows if not isinstance(row, Leftover)),
                leftovers=tuple(row.text for row in rows if isinstance(row, Leftover)),
                printed_on=date.fromisoformat(about["printed_on"]) if about["printed_on"] else None,
            )
            if hash_of(line for line in lines if not is_leftover(line)) != rows_hash:
                raise ValueError(f"its {len(snapshot.rows)} rows are not those that were stored")
        except DAMAGE as error:
            raise BadInput(
                f"archive: snapshot {source_id}/{rows_hash} cannot be read ({error}); restore the folder "
                "from a backup, or fetch the page again while it is unchanged"
            ) from error
        return snapshot

    def leftovers(self, source_id: str, rows_hash: str) -> set[str]:
        """Return the lines without a row that stood on the page when these rows were stored."""
        kept = (from_line(line) for line in _lines(self.path / source_id / rows_hash) if is_leftover(line))
        return {row.text for row in kept if isinstance(row, Leftover)}

    def record(self, run: dict[str, Any]) -> None:
        """Append one run to `runs.jsonl`, on disk before this returns.

        A last line that an earlier crash left without its end is closed first, so that the new
        record never melts into it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        line = json.dumps(run, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        with _naming(self.runs_file), self.runs_file.open("ab+") as out:
            if out.tell() > 0:
                out.seek(-1, os.SEEK_END)
                if out.read(1) != b"\n":
                    line = b"\n" + line
            out.write(line)
            out.flush()
            os.fsync(out.fileno())

    def runs(self) -> list[dict[str, Any]]:
        """Return the recorded runs, oldest first.

        A line that is no whole record is passed over, and so is one that stands there again.
        """
        if not self.runs_file.exists():
            return []
        runs: dict[str, dict[str, Any]] = {}
        for line in self.runs_file.read_bytes().splitlines():
            if run := read_run(line):
                runs.setdefault(run["run_id"], run)
        return list(runs.values())

    def observations(self) -> list[Observation]:
        """Return what was seen when, oldest first: from the recorded runs, and from each snapshot
        that no run names (a crash before the record, or a lost `runs.jsonl`) when it was fetched.

        The order of the records decides what is newest. A time that runs backwards in it, because
        the clock did, is lifted to the one before: no wrong clock makes an old page answer.
        """
        seen: list[Observation] = []
        latest: dict[str, datetime] = {}
        for run in self.runs():
            for source_id, result in run["sources"].items():
                if result.get("rows_hash"):
                    one = read_observation(source_id, result)
                    latest[source_id] = max(one.fetched_at, latest.get(source_id, one.fetched_at))
                    seen.append(replace(one, fetched_at=latest[source_id]))
        named = {(one.source_id, one.rows_hash) for one in seen}
        seen += self._stored(named)
        return sorted(seen, key=lambda observation: observation.fetched_at)

    def _stored(self, named: set[tuple[str, str]]) -> Iterable[Observation]:
        """Yield the first fetch of each readable snapshot folder that is not among `named`."""
        for file in sorted(self.path.glob("*/[!.]*/snapshot.json")):
            home = file.parent
            if (home.parent.name, home.name) in named:
                continue
            try:
                yield replace(_first_seen(home), is_recorded=False)
            except DAMAGE:
                continue


def _lines(home: Path) -> Iterator[str]:
    with gzip.open(home / "rows.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.removesuffix("\n")


def _first_seen(home: Path) -> Observation:
    about = _about(home)
    moment = about["first_fetched_at"]
    return read_observation(home.parent.name, about | {"rows_hash": home.name, "fetched_at": moment})


def _about(home: Path) -> dict[str, Any]:
    about = json.loads((home / "snapshot.json").read_text(encoding="utf-8"))
    if not isinstance(about, dict) or not isinstance(about.get("url"), str):
        raise ValueError("snapshot.json holds no record")
    return about


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let an error of writing, which names no file, name this one."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, error.filename or str(path)) from error


def _write(path: Path, content: bytes) -> None:
    with _naming(path), path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
