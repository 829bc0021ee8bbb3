"""Records of `runs.jsonl` and `snapshot.json`, read back. A file can be spoiled: nothing is trusted."""

import json
import re
import zlib
from datetime import date, datetime
from typing import Any, NoReturn

from crawler.snapshot import Observation

YEARS = range(2020, 2100)
RESULTS = ("new", "unchanged", "failed", "unreachable")
MOST_ROWS = 10**8
# What reading a damaged file can raise.
DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, RecursionError, zlib.error)


def read_run(line: bytes) -> dict[str, Any] | None:
    """Return the record of a run; None for a line that is no whole one, or of another version's words."""
    try:
        run = json.loads(line, parse_constant=_refuse)
        # Half a character cannot be stored in the database again.
        json.dumps(run, ensure_ascii=False).encode()
        for moment in (run["started_at"], run["finished_at"]):
            read_moment(moment)
        _check_texts(run.get("warnings", []))
        for source_id, result in run["sources"].items():
            _check_result(source_id, result)
        is_whole = isinstance(run["run_id"], str) and isinstance(run.get("error", ""), str)
    except DAMAGE:
        return None
    return run if is_whole else None


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"no number: {word}")


def _check_result(source_id: str, result: dict[str, Any]) -> None:
    """Raise one of `DAMAGE` unless this is what a run records of a source."""
    if result["result"] not in RESULTS:
        raise ValueError(f"no result: {result['result']}")
    for name in ("row_count", "seconds", "unmatched_rows"):
        _check_number(result.get(name) or 0)
    for name in ("warnings", "unread", "shown"):
        _check_texts(result.get(name, []))
    for name in ("reason", "refused_hash", "difference", "counts"):
        if not isinstance(result.get(name) or "", str):
            raise TypeError(f"no text: {name}")
    if result.get("rows_hash"):
        read_observation(source_id, result)


def _check_number(value: Any) -> None:
    if isinstance(value, bool) or not 0 <= value <= MOST_ROWS:
        raise ValueError(f"no count: {value}")


def _check_texts(values: Any) -> None:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("no list of texts")


def read_observation(source_id: str, result: dict[str, Any]) -> Observation:
    """Return what a record of one source says; raises one of `DAMAGE` when it is none."""
    if not re.fullmatch("[0-9a-f]{16}", result["rows_hash"]):
        raise ValueError(f"no hash: {result['rows_hash']}")
    printed = result.get("printed_on")
    return Observation(
        source_id,
        result["rows_hash"],
        read_moment(result["fetched_at"]),
        date.fromisoformat(printed) if printed else None,
        url=str(result.get("url", "")),
        row_count=int(result.get("row_count", 0)),
        unread=tuple(result.get("unread", ())),
    )


def read_moment(text: str) -> datetime:
    """Return a recorded time; raises ValueError for one without a zone or of no time of ours."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError(f"no time of a run: {text}")
    return moment
