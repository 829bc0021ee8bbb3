"""Links of an answer that lead to a PDF."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from crawler.parser.markup import BLOCKS, DROPPED, Element, is_hidden, is_struck
from crawler.parser.pieces import Line, read_pieces, text_of

GONE = ("deleted", "hidden", "option")
LISTS = re.compile("一覧|リスト|機種")


def is_pdf(link: Element) -> bool:
    try:
        return urlsplit(link.get("href", "").strip()).path.lower().endswith(".pdf")
    except ValueError:
        # `http://[bad` is no address.
        return False


def is_printed(link: Element) -> bool:
    """Tell a link that a reader sees: nothing around it is struck out or hidden, nor is its text."""
    around = [link, *link.iterancestors()]
    if any(is_struck(outer) or is_hidden(outer) or outer.tag in DROPPED for outer in around):
        return False
    lines = [piece for piece in read_pieces(link, is_flat=True) if isinstance(piece, Line)]
    return not lines or any(line.style not in GONE for line in lines)


def place_of(link: Element) -> tuple[Element, Element]:
    """Return the block in which a link stands, and the child of the block that holds it."""
    place, child = link.getparent(), link
    while place is not None and str(place.tag) not in BLOCKS and place.getparent() is not None:
        place, child = place.getparent(), place
    return (link if place is None else place), child


def line_of(place: Element, child: Element) -> str:
    """Return the printed line of a block in which its `child` stands."""
    parts = [text_of(child) if len(child) else child.text or "", child.tail or ""]
    before = child.getprevious()
    while before is not None and str(before.tag) not in BLOCKS:
        parts = ["".join(before.itertext()), before.tail or "", *parts]
        before = before.getprevious()
    parts = [(place.text if before is None else before.tail) or "", *parts]
    behind = child.getnext()
    while behind is not None and str(behind.tag) not in BLOCKS:
        parts += ["".join(behind.itertext()), behind.tail or ""]
        behind = behind.getnext()
    return " ".join("".join(parts).split())


def linked_lists(roots: Iterable[Element]) -> Iterator[str]:
    """Yield the printed lines that link to a PDF which looks like a list of its own."""
    for root in roots:
        for link in root.iter("a"):
            if is_pdf(link):
                line = line_of(*place_of(link))
                if LISTS.search(line):
                    yield line
