"""The changes of the official lists as an Atom feed, in the words of the explorer."""

from collections.abc import Sequence

from crawler.depot.atom import Entry, Head, atom_feed
from explorer.change_list import say_change
from explorer.device_record import Change
from explorer.wording import say


def changes_feed(changes: Sequence[Change], built_at: str, language: str, address: str) -> bytes:
    """Return the feed; `changes` newest first, `built_at` a time with its zone, `address` its own."""
    title, author = say(language, "ui_lite", "feed_title"), say(language, "ui", "title")
    entries = [
        Entry(
            change.changed_on,
            change.source_id,
            change.device_id,
            change.delta,
            f"{change.before}{change.after}",
            say_change(change, language),
            change.url,
            change.title,
        )
        for change in changes
    ]
    return atom_feed(Head(f"changes:{language}", title, author, language, built_at, address), entries)
