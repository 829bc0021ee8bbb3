"""The footnotes and legends of a page, gathered before its rows are read: many stand below them."""

from collections.abc import Mapping, Sequence

from crawler.parser.footnotes import Footnotes, read_definitions
from crawler.parser.lines import is_footnote, is_lone_mark, split_sentences
from crawler.parser.pieces import Line, Piece
from crawler.parser.signs import NO, YES, read_legends
from crawler.parser.tables import Found, Spanning


def collect_footnotes(
    footnotes: Footnotes, place: int, pieces: Sequence[Piece], tables: Mapping[int, Sequence[Found]]
) -> set[int]:
    """Add what the piece at `place` defines; return the places that are nothing but a definition."""
    piece = pieces[place]
    texts = [found.text for found in tables.get(place, []) if isinstance(found, Spanning)]
    consumed: set[int] = set()
    if isinstance(piece, Line) and piece.style != "chrome":
        texts = [piece.text]
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        if isinstance(following, Line) and following.style == "dd" and is_lone_mark(piece.text):
            texts = [f"{piece.text} {following.text}"]
            consumed = {place, place + 1}
    for text in texts:
        _define(footnotes, place, text)
    return consumed


def _define(footnotes: Footnotes, place: int, text: str) -> None:
    legends = [found for part in split_sentences(text) for found in read_legends(part)]
    for mark, note in legends:
        footnotes.add(mark, place, note)
        if mark.family in NO + YES:
            footnotes.used.add((mark.family, mark.number, place))
    if not legends and is_footnote(text):
        for mark, note in read_definitions(text):
            footnotes.add(mark, place, note)
