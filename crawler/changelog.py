"""Changes of the official lists in words, as `python -m crawler changes` prints them."""

import json
from collections.abc import Iterator
from datetime import date

import duckdb

from crawler.sources import BadInput, Folders

CHANGES = """
SELECT changed_on, source_id, delta, before, after FROM change
WHERE changed_on >= ? ORDER BY changed_on, change_id
"""
SIGNS = {"ADD": "+", "DEL": "-", "MOD": "~"}


def describe_changes(folders: Folders, since: date = date.min) -> Iterator[str]:
    """Yield one line a change, oldest first. Raises `BadInput` when there is no readable database."""
    if not folders.database.exists():
        raise BadInput(f"{folders.database}: no database yet; run `make build`")
    try:
        with duckdb.connect(str(folders.database), read_only=True) as con:
            rows = con.execute(CHANGES, [since]).fetchall()
    except duckdb.Error as error:
        raise BadInput(f"{folders.database}: cannot be read ({error}); run `make build`") from error
    for day, source_id, delta, before, after in rows:
        yield f"{day}  {source_id:12}  {SIGNS[delta]} {say_change(delta, before, after)}"
    if not rows:
        yield "no change recorded" + (f" since {since}" if since > date.min else "")


def say_change(delta: str, before: str | None, after: str | None) -> str:
    """Return a change in a line, such as `MOD  planned: ソニー Xperia … -> listed: ソニー Xperia …`."""
    texts = [_text(printed) for printed in (before, after) if printed]
    return f"{delta}  {' -> '.join(texts)}"


def _text(printed: str) -> str:
    """Return the printed rows of one device as `section: maker name model …`, rows split by `; `."""
    texts = []
    for line in printed.split("\n"):
        row = json.loads(line)
        words = (row[word] for word in ("maker", "name", "model", "carrier", "note"))
        texts.append(f"{row['section']}: {' '.join(word for word in words if word)}")
    return "; ".join(texts)
