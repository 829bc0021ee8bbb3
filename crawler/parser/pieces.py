"""A page as lines and tables in reading order.

What belongs here: HTML. What does not: what a printed line means.
"""

import re
from dataclasses import dataclass, replace

from lxml import etree

from crawler.parser.markup import (
    BLOCKS,
    CHROME,
    DROPPED,
    HEADINGS,
    STYLES,
    Element,
    emphasis_of,
    has_list,
    image_word,
    is_data_table,
    is_hidden,
    is_struck,
    keeps_lines,
    set_style,
)
from crawler.parser.words import flat

SUPERSCRIPT = re.compile("[⁰¹²³⁴-⁹]+")
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]")
# Letters set apart, `対 応 予 定`: three or more of one character each.
SPACED = re.compile(r"(?<!\S)[ぁ-ヿ一-鿿々](?: [ぁ-ヿ一-鿿々]){2,}(?!\S)")
MARK_TEXT = re.compile(r"\s*\(?([0-9]{1,2}(?:\s*[,、]\s*[0-9]{1,2})*)\)?\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.

    `style`: its tag (h1-h6, li, li-head, dt, dd, td …), chrome (a form), deleted, hidden, option, strong,
    text, or `styled` followed by the class and style that set it apart. `is_detail`: stands in a `dd`.
    """

    text: str
    style: str = "text"
    depth: int = 0
    is_link: bool = False
    is_detail: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """The begin of a list."""


@dataclass(frozen=True, slots=True)
class Close:
    """The end of a list (`li` with nested lists, or `dl`) at a depth."""

    style: str
    depth: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of data, not yet read."""

    root: Element


Piece = Line | Open | Close | Table


def text_of(root: Element) -> str:
    """Return the text of an element on one line."""
    return " ".join(piece.text for piece in read_pieces(root, is_flat=True) if isinstance(piece, Line))


def read_pieces(root: Element, is_flat: bool = False) -> list[Piece]:
    """Return lines and tables of an element in reading order; `is_flat`: tables as lines, too."""
    return _Reader(root, is_flat).read()


class _Reader:
    """One pass over the tree without recursion, so that no depth of nesting can break it."""

    def __init__(self, root: Element, is_flat: bool):
        self.root, self.is_flat = root, is_flat
        self.pieces: list[Piece] = []
        self.chunks: list[tuple[str, str, bool]] = []
        self.styles: list[str] = []
        self.lists: list[list[int]] = []
        self.emphasis: list[tuple[Element, str]] = []
        self.chrome: Element | None = None
        self.links = 0
        self.sup_at = 0
        self.kept: list[Element] = []

    def read(self) -> list[Piece]:
        walk = etree.iterwalk(self.root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if not self.enter(element):
                    walk.skip_subtree()
            else:
                if event == "end":
                    self.leave(element)
                if element is not self.root:
                    self.add(element.tail)
        self.flush()
        return self.pieces

    def add(self, text: str | None) -> None:
        if text:
            text = INVISIBLE.sub("", text)
            for index, part in enumerate(text.split("\n") if self.kept else [text]):
                if index:
                    self.flush()
                self._add_chunk(part)

    def _add_chunk(self, text: str) -> None:
        if text:
            text = SUPERSCRIPT.sub(lambda match: f"[{flat(match.group())}]", text)
            self.chunks.append((text, self.emphasis[0][1] if self.emphasis else "", bool(self.links)))

    def enter(self, element: Element) -> bool:
        """Begin an element; return whether its contents are to be read."""
        tag = str(element.tag)
        self._break(tag)
        if tag in DROPPED:
            return False
        if tag == "option" or is_struck(element) or is_hidden(element):
            self._set_aside(element, tag)
            return False
        if tag in CHROME and self.chrome is None and element is not self.root and not has_list(element):
            self.chrome = element
        if tag == "table" and not self.is_flat and is_data_table(element):
            self._open_list()
            self.pieces.append(Table(element))
            return False
        if tag in ("ul", "ol", "dl"):
            self._open_list()
            self.pieces.append(Open())
        if tag in STYLES:
            self.styles.append(tag)
        if keeps_lines(element):
            self.kept.append(element)
        if tag == "li":
            self.lists.append([])
        if not self.emphasis and (kind := emphasis_of(element, tag)):
            self.emphasis.append((element, kind))
        self.links += tag == "a"
        if tag == "sup":
            self.sup_at = len(self.chunks)
        self.add(image_word(element) if tag == "img" else element.text)
        return True

    def leave(self, element: Element) -> None:
        tag = str(element.tag)
        if tag == "sup":
            self._mark_sup()
        self._break(tag)
        if self.chrome is element:
            self.chrome = None
        if self.kept and self.kept[-1] is element:
            self.kept.pop()
        if self.emphasis and self.emphasis[0][0] is element:
            self.emphasis.pop()
        self.links -= tag == "a"
        if tag in STYLES and self.styles and self.styles[-1] == tag:
            self.styles.pop()
        if tag == "li" and self.lists:
            self.lists.pop()
            self.pieces.append(Close("li", len(self.lists)))
        if tag == "dl":
            self.pieces.append(Close("dl"))

    def _set_aside(self, element: Element, tag: str) -> None:
        """Add what is no part of the printed list as a line of its own kind."""
        text = INVISIBLE.sub("", " ".join(" ".join(element.itertext()).split()))
        kind = "hidden" if is_hidden(element) else "option" if tag == "option" else "deleted"
        if text:
            self.pieces.append(Line(text, kind))

    def _break(self, tag: str) -> None:
        if tag == "br" and self.styles and self.styles[-1] in HEADINGS:
            self.add(" ")
        elif tag in BLOCKS:
            self.flush()

    def _open_list(self) -> None:
        """Make the lines that stood in this `li` before the nested list its head."""
        if self.lists:
            for index in self.lists[-1]:
                line = self.pieces[index]
                if isinstance(line, Line) and line.style == "li":
                    self.pieces[index] = replace(line, style="li-head")
            self.lists[-1] = []

    def _mark_sup(self) -> None:
        """Give a bare number in `sup` the brackets that tell it from the text before it."""
        parts = self.chunks[self.sup_at :]
        text = "".join(part for part, _, _ in parts)
        if not parts:
            return
        match = MARK_TEXT.fullmatch(flat(text))
        if match:
            text = "".join(f"[{number}]" for number in re.findall("[0-9]+", match[1]))
        elif text.strip().upper() in ("TM", "R", "(R)"):
            text = "™" if "T" in text.upper() else "®"
        self.chunks[self.sup_at :] = [(text, *parts[0][1:])]

    def flush(self) -> None:
        chunks = [(text, kind, is_link) for text, kind, is_link in self.chunks if text.strip()]
        text = " ".join("".join(text for text, _, _ in self.chunks).split())
        text = SPACED.sub(lambda match: match.group().replace(" ", ""), text)
        self.chunks = []
        if not text:
            return
        style = self.styles[-1] if self.styles else "text"
        is_detail = style == "dd"
        if style in ("text", "td", "th", "dd"):
            style = set_style(chunks) or style
        if self.chrome is not None:
            style = "chrome"
        if style == "li" and self.lists:
            self.lists[-1].append(len(self.pieces))
        is_link = all(is_link for _, _, is_link in chunks)
        self.pieces.append(Line(text, style, len(self.lists), is_link, is_detail))
