"""The rows of a PDF list: the PDF as HTML, read like the answer of an FAQ page."""

from html import escape

from crawler.answer import Answer, parse_answer
from crawler.pdf import read_pdf


def parse_pdf(body: bytes, where: str, title: str) -> Answer:
    """Return the devices of a PDF list. Raises `SourceChanged` when it is not a readable list.

    `where` names the source in the error; `title` is what the list is about, like the question of a page.
    """
    return parse_fragment(read_pdf(body, where), where, title)


def parse_fragment(fragment: str, where: str, title: str) -> Answer:
    """Return the devices of a PDF that is HTML already. Raises `SourceChanged` like `parse_answer`."""
    return parse_answer(
        f'<body><h2 class="faq_qstCont_ttl">{escape(title)}</h2>'
        f'<div id="faq_answer_contents">{fragment}</div></body>',
        where,
    )
