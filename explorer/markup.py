"""Small pieces of HTML and Markdown in which every value stays plain text. Pure.

Names come from scraped pages and from what people type: nothing in them may act as markup.
"""

import re
from collections.abc import Iterable
from html import escape

SYMBOLS = {
    "supported": "○",
    "conditional": "△",
    "planned": "◇",
    "not_supported": "×",
    "delisted": "－",
    "not_listed": "－",
    "ambiguous": "？",
    "unknown": "？",
}
WORD_JOINER = "\u2060"


def element(tag: str, text: str, css: str = "") -> str:
    """Return `<tag class=css>text</tag>`, the text escaped."""
    attribute = f' class="{css}"' if css else ""
    return f"<{tag}{attribute}>{escape(text)}</{tag}>"


def items(tag: str, texts: Iterable[str]) -> str:
    """Return a list (`ul` or `ol`) of escaped texts."""
    return f"<{tag}>{''.join(element('li', text) for text in texts)}</{tag}>"


def link(url: str, label: str) -> str:
    """Return a link; an address that is not of the web is shown as text only."""
    if not url.startswith(("https://", "http://")):
        return escape(label)
    return f'<a href="{escape(url)}">{escape(label)}</a>'


def status_word(status: str, word: str) -> str:
    """Return the symbol, for the eye only, and the word."""
    return f'<span class="mark" aria-hidden="true">{SYMBOLS[status]}</span> {escape(word)}'


def plain_label(text: str) -> str:
    """Return Markdown that shows `text` as it is, for labels of buttons.

    Backslashes do not stop Streamlit from drawing `:smile:` as a picture and `->` as an arrow: an
    invisible word joiner does.
    """
    joined = re.sub(r"(?<=:)|(?<=[-<>~])(?=[-=>])", WORD_JOINER, " ".join(text.split()))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", joined)
