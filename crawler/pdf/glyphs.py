"""Printed characters gathered to lines, and lines joined to text as a reader would.

What belongs here: typography. What does not: tables, pages, the meaning of a word beside brand and model.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from crawler.parser.tokens import is_models
from crawler.parser.words import flat, pattern

# Shares of the height of a letter.
SPACE, SAME_LINE, SMALL, REPRINT, MAX_PADDING = 0.25, 0.5, 0.75, 0.1, 0.7
# What a typesetter keeps on one line: a word with the brackets and stops that touch it.
UNBROKEN = re.compile(r"[「『（(【\[〔]*(?:[!-~]+|.)[、。，．）)」』】\]〕]*")
JOINT = re.compile(r"[!-~]$")
HYPHEN = re.compile(r"[-‐‑–−－]$")
BEGIN = re.compile(r"[※＊*■□◆◇▼▽★☆●○◎・【〔①-⑳]|注[0-9０-９]")
OPEN_END = re.compile(r"[-‐‑–−－、,，/／・（(]$")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character. `turn`: 0 upright, 1 read upwards, -1 read downwards."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    is_struck: bool = False
    turn: int = 0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class TextLine:
    """One printed line of text: `glyphs` in reading order, blanks included."""

    glyphs: tuple[Glyph, ...]

    @property
    def x0(self) -> float:
        return min(glyph.x0 for glyph in self.glyphs)

    @property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def top(self) -> float:
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def size(self) -> float:
        return max(glyph.height for glyph in self.glyphs)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self._parts()).strip()

    @property
    def html(self) -> str:
        """The text, escaped; what is struck through in `s`, a small raised mark in `sup`."""
        html = ""
        for style, parts in groupby(self._parts(), key=lambda part: part[1]):
            text = escape("".join(text for text, _ in parts))
            html += f"<{style}>{text}</{style}>" if style else text
        return html.strip()

    def _parts(self) -> list[tuple[str, str]]:
        """Return each character with its style, a blank where the gap before it is as wide as one."""
        size, middle = self.size, (self.top + self.bottom) / 2
        parts: list[tuple[str, str]] = []
        last: Glyph | None = None
        for glyph in self.glyphs:
            is_raised = glyph.height < SMALL * size and glyph.middle < middle and not glyph.turn
            style = "s" if glyph.is_struck else "sup" if is_raised else ""
            if not glyph.text.strip() and parts:
                style = parts[-1][1]
            if last and not glyph.turn and glyph.x0 - last.x1 > SPACE * size:
                parts.append((" ", style if parts[-1][1] == style else ""))
            parts.append((glyph.text, style))
            last = glyph
        return parts


def gather_lines(glyphs: Sequence[Glyph]) -> list[TextLine]:
    """Return the lines that characters form, top to bottom; turned text is one line of its own."""
    rows: list[list[Glyph]] = []
    for glyph in sorted((glyph for glyph in glyphs if not glyph.turn), key=lambda glyph: glyph.middle):
        first = rows[-1][0] if rows else None
        if first and glyph.middle - first.middle < SAME_LINE * max(glyph.height, first.height):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    for turn in (1, -1):
        turned = [glyph for glyph in glyphs if glyph.turn == turn]
        rows.append(sorted(turned, key=lambda glyph: (turn * round(glyph.x0), -turn * glyph.middle)))
    lines = [TextLine(tuple(_once(row))) for row in rows]
    return [line for line in lines if line.glyphs and line.text]


def _once(row: list[Glyph]) -> list[Glyph]:
    """Return a row in reading order without characters that are printed twice to look bold."""
    if row and row[0].turn:
        return row
    kept: list[Glyph] = []
    for glyph in sorted(row, key=lambda glyph: glyph.x0):
        near = [last for last in kept[-2:] if glyph.x0 - last.x0 < REPRINT * glyph.height]
        if not any(last.text == glyph.text for last in near):
            kept.append(glyph)
    return kept


def join_lines(lines: Sequence[TextLine], left: float, right: float) -> list[list[TextLine]]:
    """Return lines between two edges in groups: each group was one line before it was wrapped."""
    if lines and len(lines) > 1 and all(len(line.text) == 1 and not line.text.isascii() for line in lines):
        return [list(lines)]
    groups: list[list[TextLine]] = []
    room = _room(lines, left, right)
    for line in lines:
        if groups and not is_break(groups[-1][-1], line, room):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _room(lines: Sequence[TextLine], left: float, right: float) -> float:
    """Return the width that a line may fill: the cell without its padding, be it set left or centred."""
    if not lines:
        return 0
    gaps = (min(line.x0 for line in lines) - left, right - max(line.x1 for line in lines))
    padding = max(0.0, min(*gaps, MAX_PADDING * max(line.size for line in lines)))
    return right - left - 2 * padding


def is_break(above: TextLine, below: TextLine, room: float) -> bool:
    """Tell whether a line was ended on purpose: the next word would have fitted, or both name a device."""
    if BEGIN.match(below.text):
        return True
    heads = [pattern("brand").match(flat(line.text)) for line in (above, below)]
    if all(heads):
        return True
    if is_models(above.text) and is_models(below.text) and not OPEN_END.search(above.text):
        return True
    return above.x1 - above.x0 + _first_width(above, below) < room


def _first_width(above: TextLine, below: TextLine) -> float:
    """Return the width of the first word of a line, with the blank that would stand before it."""
    text = below.text
    word = UNBROKEN.match(text)
    length = len(word.group()) if word else 1
    glyphs = [glyph for glyph in below.glyphs if glyph.text.strip()][:length]
    blank = SPACE * below.size if _is_spaced(above.text, text) else 0.0
    return glyphs[-1].x1 - glyphs[0].x0 + blank


def _is_spaced(above: str, below: str) -> bool:
    return bool(JOINT.search(above)) and not HYPHEN.search(above) and below[:1].isascii()


def wrapped_html(group: Sequence[TextLine]) -> str:
    """Return the HTML of a group of `join_lines`: a blank between Latin words, nothing beside Japanese."""
    html = group[0].html
    for above, below in pairwise(group):
        html += (" " if _is_spaced(above.text, below.text) else "") + below.html
    return html
