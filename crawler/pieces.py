"""A page as lines and tables in reading order.

What belongs here: HTML. What does not: what a printed line means.
"""

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from crawler.words import flat, is_when, keys, match_key

Element = Any  # lxml.etree._Element; lxml has no types
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details"),
        *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "html", "legend", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
STYLES = HEADINGS | {"summary", "caption", "figcaption", "legend", "dt", "dd", "li", "td", "th"}
DROPPED = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "iframe", "svg", "object", "textarea"),
        *("select", "button", "rp", "rt"),
    )
)
CHROME = frozenset(("nav", "form", "aside", "footer"))
HEADING_CLASS = re.compile(
    r"(?:^|[\s_-])(?:accordion-?(?:title|header|head)|heading|midashi|ttl|title|headline)(?:$|[\s_-])"
)
HEADING_STYLE = re.compile(
    r"border-(?:left|bottom)\s*:|font-weight\s*:\s*(?:bold|[6-9]00)|background(?:-color)?\s*:"
)
MARK_TEXT = re.compile(r"\s*\(?([0-9]{1,2}(?:\s*[,、]\s*[0-9]{1,2})*)\)?\s*")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
CONTENTS_LIMIT = 50
WRAPPED_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.

    `style`: its tag (h1-h6, li, li-head, dt, dd, td …), chrome (navigation, a form), strong, text, or
    `styled` followed by the class and style that set it apart.
    """

    text: str
    style: str = "text"
    depth: int = 0
    is_link: bool = False


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
            self.chunks.append((text, self.emphasis[0][1] if self.emphasis else "", bool(self.links)))

    def enter(self, element: Element) -> bool:
        """Begin an element; return whether its contents are to be read."""
        tag = str(element.tag)
        self._break(tag)
        if tag in DROPPED:
            return False
        if tag in CHROME and self.chrome is None and element is not self.root and not _has_list(element):
            self.chrome = element
        if tag == "table" and not self.is_flat and _is_data_table(element):
            self._open_list()
            self.pieces.append(Table(element))
            return False
        if tag in ("ul", "ol", "dl"):
            self._open_list()
            self.pieces.append(Open())
        if tag in STYLES:
            self.styles.append(tag)
        if tag == "li":
            self.lists.append([])
        if not self.emphasis and (kind := _emphasis_of(element, tag)):
            self.emphasis.append((element, kind))
        self.links += tag == "a"
        if tag == "sup":
            self.sup_at = len(self.chunks)
        if tag == "img":
            self.add(_image_word(element))
        self.add(element.text)
        return True

    def leave(self, element: Element) -> None:
        tag = str(element.tag)
        if tag == "sup":
            self._mark_sup()
        self._break(tag)
        if self.chrome is element:
            self.chrome = None
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
        self.chunks = []
        if not text:
            return
        style = self.styles[-1] if self.styles else "text"
        if style in ("text", "td", "th", "dd"):
            style = _set_style(chunks) or style
        if self.chrome is not None:
            style = "chrome"
        if style == "li" and self.lists:
            self.lists[-1].append(len(self.pieces))
        is_link = all(is_link for _, _, is_link in chunks)
        self.pieces.append(Line(text, style, len(self.lists), is_link))


def _emphasis_of(element: Element, tag: str) -> str:
    """Return strong or `styled …` for an element that prints a line like a heading, else ''."""
    is_styled = bool(
        HEADING_STYLE.search(element.get("style", ""))
        or HEADING_CLASS.search(element.get("class", "").lower())
    )
    if tag not in ("strong", "b") and not is_styled:
        return ""
    contents = list(islice(element.iterdescendants(), CONTENTS_LIMIT))
    if len(contents) == CONTENTS_LIMIT or any(child.tag in BLOCKS for child in contents):
        return ""
    return f"styled {element.get('class', '')} {element.get('style', '')}" if is_styled else "strong"


def _set_style(chunks: list[tuple[str, str, bool]]) -> str:
    """Return the style of a line that is set like a heading, wholly or up to a bracket or colon."""
    plain = "".join(text for text, kind, _ in chunks if not kind).lstrip()
    first = chunks[0][1]
    return first if not plain or plain[0] in "（([［【:：" else ""


def _is_data_table(table: Element) -> bool:
    """Tell a table of data from one that only lays out other blocks."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return any(sum(child.tag in ("td", "th") for child in row) > 1 for row in table.iterdescendants("tr"))


def _has_list(chrome: Element) -> bool:
    """Tell whether a form, nav, aside or footer wraps a part of the answer instead of standing beside it."""
    contents = islice(chrome.iterdescendants(), WRAPPED_LIMIT)
    return any(child.tag in ("table", "h2", "h3", "h4", "dl") for child in contents)


def _image_word(element: Element) -> str:
    """Return the alt text of an image that stands for a word, such as ○ or ×."""
    alt = element.get("alt", "").strip()
    return alt if match_key(alt) in keys("yes") or alt in ("○", "×") or is_when(alt) else ""
