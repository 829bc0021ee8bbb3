"""The changes of the official lists as an Atom feed (RFC 4287)."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from datetime import date
from functools import partial

from explorer.change_list import say_change
from explorer.device_record import Change
from explorer.wording import say

ATOM = "http://www.w3.org/2005/Atom"
# A name of this feed that no address changes (RFC 4151).
TAG = "tag:mynaportal-devices,2026"


def changes_feed(changes: Sequence[Change], built_at: str, language: str, address: str) -> bytes:
    """Return the feed; `changes` newest first, `built_at` a time with its zone, `address` its own."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"xml:lang": language})
    add = partial(_add, feed)
    add("id", f"{TAG}:changes:{language}")
    add("title", say(language, "ui_lite", "feed_title"))
    add("updated", _moment(changes[0].changed_on) if changes else built_at)
    add("link", rel="self", href=address, type="application/atom+xml")
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", say(language, "ui", "title"))
    for number, change in enumerate(changes):
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        name = f"{change.changed_on}:{change.source_id}:{change.device_id or number}:{change.delta}"
        _add(entry, "id", f"{TAG}:{name}")
        _add(entry, "title", say_change(change, language))
        _add(entry, "updated", _moment(change.changed_on))
        _add(entry, "link", rel="alternate", href=change.url)
        _add(entry, "summary", change.title)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    one = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    one.text = text


def _moment(day: date) -> str:
    """Return the start of a day in Japan."""
    return f"{day.isoformat()}T00:00:00+09:00"
