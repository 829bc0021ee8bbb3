"""What HTML elements are to the reader: blocks, headings, page furniture, words set apart."""

import re
from itertools import islice
from typing import Any

from crawler.parser.words import is_maker, is_when, section_of, words

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
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "svg",
        "object",
        "textarea",
        "rp",
        "rt",
    )
)
DELETED = frozenset(("del", "s", "strike"))
STRUCK_STYLE = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through")
HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))")
FOLDED = re.compile(r"(?:^|[\s_-])(?:accordion|collaps(?:e|ed|ible)|panel|toggle|tabs?)(?:$|[\s_-])")
PRE_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
CHROME = frozenset(("nav", "form", "aside", "footer"))
HEADING_CLASS = re.compile(
    r"(?:^|[\s_-])(?:accordion-?(?:title|header|head)|heading|midashi|ttl|title|headline)(?:$|[\s_-])"
)
HEADING_STYLE = re.compile(
    r"border-(?:left|bottom)\s*:|font-weight\s*:\s*(?:bold|[6-9]00)|background(?:-color)?\s*:"
)
CONTENTS_LIMIT = 50
WRAPPED_LIMIT = 2000


def is_struck(element: Element) -> bool:
    """Tell an element that prints its text struck out."""
    return element.tag in DELETED or bool(STRUCK_STYLE.search(_style_of(element)))


def is_hidden(element: Element) -> bool:
    """Tell an element that a browser does not print, nor opens on a click on the title before it."""
    if element.get("hidden") is None and not HIDDEN_STYLE.search(_style_of(element)):
        return False
    title = element.getprevious()
    title_class = title.get("class", "") if title is not None else ""
    is_folded = FOLDED.search(element.get("class", "").lower()) or HEADING_CLASS.search(title_class.lower())
    return not is_folded


def keeps_lines(element: Element) -> bool:
    """Tell an element in which a line break of the source is one on the page."""
    return element.tag == "pre" or bool(PRE_STYLE.search(_style_of(element)))


def _style_of(element: Element) -> str:
    return str(element.get("style", "")).lower()


def emphasis_of(element: Element, tag: str) -> str:
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


def set_style(chunks: list[tuple[str, str, bool]]) -> str:
    """Return the style of a line that is set like a heading, wholly or up to a bracket or colon."""
    plain = "".join(text for text, kind, _ in chunks if not kind).lstrip()
    first = chunks[0][1]
    return first if not plain or plain[0] in "（([［【:：" else ""


def is_data_table(table: Element) -> bool:
    """Tell a table of data from one that only lays out other blocks."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return any(sum(child.tag in ("td", "th") for child in row) > 1 for row in table.iterdescendants("tr"))


def has_list(chrome: Element) -> bool:
    """Tell whether a form, nav, aside or footer wraps a part of the answer instead of standing beside it."""
    contents = islice(chrome.iterdescendants(), WRAPPED_LIMIT)
    return any(child.tag in ("table", "h2", "h3", "h4", "dl") for child in contents)


def image_word(element: Element) -> str:
    """Return the alt text of an image that stands for a word: ○, ×, 対応予定機種, シャープ."""
    alt = element.get("alt", "").strip()
    is_word = (
        alt in words("yes") | words("no") or section_of(alt) is not None or is_maker(alt) or is_when(alt)
    )
    return alt if is_word and len(alt) <= CONTENTS_LIMIT else ""
