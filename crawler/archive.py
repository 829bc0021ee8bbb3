"""The archive: the only state of the project, append-only.

    archive/<source_id>/<rows_hash>/  rows.jsonl.gz  page.gz  snapshot.json
    archive/runs.jsonl                one line a run, failed runs too

A snapshot is addressed by the hash of the rows printed on the page, so a page whose banners,
tokens or row order changed gives no new snapshot. What was seen when stands in `runs.jsonl`.
"""

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from crawler.items import CatalogueRow, Leftover, Listing, Requirement, Row
from crawler.names import Origin, Section
from crawler.sources import BadInput

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

    @cached_property
    def rows_hash(self) -> str:
        digest = hashlib.sha256()
        for line in sorted({_to_line(row) for row in self.rows}):
            digest.update(line.encode() + b"\n")
        return digest.hexdigest()[:16]

    @property
    def page_hash(self) -> str:
        return hashlib.sha256(self.page).hexdigest()[:16]


@dataclass(frozen=True)
class Observation:
    """At `fetched_at` the source printed the rows of this snapshot."""

    source_id: str
    rows_hash: str
    fetched_at: datetime
    printed_on: date | None


class Archive:
    """The folder of snapshots and runs. Nothing in it is ever changed, only added."""

    def __init__(self, path: Path):
        self.path = path
        self.runs_file = path / "runs.jsonl"

    def store(self, snapshot: Snapshot) -> bool:
        """Write the snapshot unless its rows are there already; return whether it is new.

        The folder appears complete or not at all: it is written beside and renamed.
        """
        home = self.path / snapshot.source_id / snapshot.rows_hash
        if home.exists():
            return False
        home.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".partial-", dir=home.parent))
        try:
            lines = [_to_line(row) for row in snapshot.rows]
            lines += [_to_line(Leftover(text)) for text in snapshot.leftovers]
            _write(beside / "rows.jsonl.gz", gzip.compress("\n".join(lines).encode(), mtime=0))
            _write(beside / "page.gz", gzip.compress(snapshot.page, mtime=0))
            _write(beside / "snapshot.json", _describe(snapshot))
            beside.chmod(0o755)
            beside.rename(home)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        return True

    def load(self, source_id: str, rows_hash: str) -> Snapshot:
        """Return a stored snapshot without its page. Raises `BadInput` when it is not whole."""
        home = self.path / source_id / rows_hash
        try:
            about = json.loads((home / "snapshot.json").read_text(encoding="utf-8"))
            lines = gzip.decompress((home / "rows.jsonl.gz").read_bytes()).decode().splitlines()
            rows = [_from_line(line) for line in lines]
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise BadInput(
                f"archive: snapshot {source_id}/{rows_hash} cannot be read ({error}); "
                "restore the folder from a backup"
            ) from error
        return Snapshot(
            source_id=source_id,
            url=about["url"],
            origin=Origin.LIVE,
            fetched_at=datetime.fromisoformat(about["first_fetched_at"]),
            rows=tuple(row for row in rows if not isinstance(row, Leftover)),
            leftovers=tuple(row.text for row in rows if isinstance(row, Leftover)),
            printed_on=date.fromisoformat(about["printed_on"]) if about["printed_on"] else None,
        )

    def record(self, run: dict[str, Any]) -> None:
        """Append one run to `runs.jsonl`, on disk before this returns.

        A last line that an earlier crash left without its end is closed first, so that the new
        record never melts into it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        line = json.dumps(run, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        with self.runs_file.open("ab+") as out:
            if out.tell() > 0:
                out.seek(-1, os.SEEK_END)
                if out.read(1) != b"\n":
                    line = b"\n" + line
            out.write(line)
            out.flush()
            os.fsync(out.fileno())

    def runs(self) -> list[dict[str, Any]]:
        """Return the recorded runs, oldest first; a line that a crash cut short is passed over."""
        if not self.runs_file.exists():
            return []
        runs = []
        for line in self.runs_file.read_bytes().splitlines():
            try:
                run = json.loads(line)
            except ValueError:
                continue
            if isinstance(run, dict) and "run_id" in run:
                runs.append(run)
        return runs

    def observations(self) -> list[Observation]:
        """Return what was seen when, oldest first, from the recorded runs."""
        seen = []
        for run in self.runs():
            for source_id, result in run.get("sources", {}).items():
                if result.get("rows_hash"):
                    printed = result.get("printed_on")
                    seen.append(
                        Observation(
                            source_id,
                            result["rows_hash"],
                            datetime.fromisoformat(result["fetched_at"]),
                            date.fromisoformat(printed) if printed else None,
                        )
                    )
        return sorted(seen, key=lambda observation: observation.fetched_at)


def _describe(snapshot: Snapshot) -> bytes:
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


def _to_line(row: Row | Leftover) -> str:
    return json.dumps({"row": type(row).__name__.lower()} | asdict(row), ensure_ascii=False)


def _from_line(line: str) -> Row | Leftover:
    fields = json.loads(line)
    kind = ROW_TYPES[fields.pop("row")]
    if "section" in fields and kind is Listing:
        fields["section"] = Section(fields["section"])
    return kind(**fields)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def only_partial(folder: Path) -> Iterable[Path]:
    """Return the half-written folders that a crash may have left in `folder`."""
    return folder.glob("*/.partial-*")
