"""Changes of the official lists as an Atom feed (RFC 4287); the words come from whoever has them. Pure."""

import hashlib
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

ATOM = "http://www.w3.org/2005/Atom"
# A name of this feed that no address changes (RFC 4151).
TAG = "tag:mynaportal-devices,2026"
MOST_ENTRIES = 50


class Head(NamedTuple):
    """What stands above the entries; `built_at` is a time with its zone, `address` the feed's own."""

    name: str
    title: str
    author: str
    language: str
    built_at: str
    address: str


class Entry(NamedTuple):
    """A change, in words; `url` is the official page, `printed` the row before and after."""

    changed_on: date
    source_id: str
    device_id: str | None
    delta: str
    printed: str
    title: str
    url: str
    summary: str


def atom_feed(head: Head, entries: Sequence[Entry]) -> bytes:
    """Return the feed; `entries` newest first."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"xml:lang": head.language})
    add = partial(_add, feed)
    add("id", f"{TAG}:{head.name}")
    add("title", head.title)
    add("updated", _moment(entries[0].changed_on) if entries else head.built_at)
    add("link", rel="self", href=head.address, type="application/atom+xml")
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", head.author)
    for one in entries:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        # A device may change twice on a day, and a row may belong to none: what is printed tells them apart.
        digest = hashlib.sha256(one.printed.encode()).hexdigest()[:12]
        name = f"{one.changed_on}:{one.source_id}:{one.device_id or ''}:{one.delta}:{digest}"
        _add(entry, "id", f"{TAG}:{name}")
        _add(entry, "title", one.title)
        _add(entry, "updated", _moment(one.changed_on))
        _add(entry, "link", rel="alternate", href=one.url)
        _add(entry, "summary", one.summary)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> None:
    one = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    one.text = text


def _moment(day: date) -> str:
    """Return the start of a day in Japan."""
    return f"{day.isoformat()}T00:00:00+09:00"
