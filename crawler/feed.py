"""The newest changes as an Atom feed for a published build, in the words of `python -m crawler changes`."""

import duckdb

from crawler.changelog import say_change
from crawler.depot.atom import MOST_ENTRIES, Entry, Head, atom_feed

NEWEST = f"""
SELECT c.changed_on, c.source_id, c.device_id, c.delta, c.before, c.after, s.title, s.url
FROM change c JOIN source s USING (source_id)
ORDER BY c.changed_on DESC, c.change_id LIMIT {MOST_ENTRIES}
"""
TITLE = "Changes of the official device lists for マイナポータル"


def build_feed(con: duckdb.DuckDBPyConnection, built_at: str, name: str) -> bytes:
    """Return the feed of a database; `name` is that of the file, by which it names itself."""
    entries = [
        Entry(
            changed_on,
            source_id,
            device_id,
            delta,
            f"{before}{after}",
            say_change(delta, before, after),
            url,
            title,
        )
        for changed_on, source_id, device_id, delta, before, after, title, url in con.execute(
            NEWEST
        ).fetchall()
    ]
    return atom_feed(Head("changes", TITLE, "mynaportal-devices", "en", built_at, name), entries)
