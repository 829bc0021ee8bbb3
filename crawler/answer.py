"""The answer block of an FAQ page: which devices it prints, in which section, with which notes.

Pure: HTML in, rows out. Whatever is printed becomes a row, a heading, a footnote, or a line in
`skipped`; nothing is dropped because it was not understood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parsel import Selector

from crawler.items import Listing, SourceChanged
from crawler.parser.grid import HeaderError
from crawler.parser.links import linked_lists
from crawler.parser.pieces import Line, Piece, read_pieces, text_of
from crawler.parser.reader import Reader
from crawler.parser.words import has_word, update_dates

BLOCKS = ("div#faq_answer_contents", ".faq_ansCont_txt", ".faq_ans_col", "h2.faq_ans_ttl")
ANSWER_HEADING = BLOCKS[-1]
ANSWER_BEHIND_HEADING = (
    "//h2[contains(concat(' ', normalize-space(@class), ' '), ' faq_ans_ttl ')]/following-sibling::*[1]"
)
LAST_RESORT = ("main", "article", "body")
QUESTION = "h2.faq_qstCont_ttl, h1"
FOUND_LIMIT = 80


@dataclass(frozen=True)
class Answer:
    """What one page prints.

    `rows` in printed order, `printed_on` the update date that it states, `selector` the one that
    found the answer block, `skipped` every printed line that looks like content and gave no row, and every
    link to a PDF that looks like a list: its rows are not among these.
    """

    rows: list[Listing]
    printed_on: date | None
    selector: str
    skipped: list[str]


def parse_answer(html: str | Selector, where: str) -> Answer:
    """Return the devices of an answer page. Raises `SourceChanged` when it is not a readable list.

    `where` names the source in the error.
    """
    page = html if isinstance(html, Selector) else _selector_of(html)
    title = _title_of(page)
    if not title:
        raise SourceChanged(where, "an answer page", "an empty page")
    selector, blocks = _find_block(page, where, title)
    question = " ".join(text_of(element.root) for element in page.css("h2.faq_qstCont_ttl")[:1])
    pieces = [piece for block in blocks for piece in read_pieces(block.root)]
    reader = Reader(question)
    try:
        reader.read(pieces)
    except HeaderError as error:
        raise SourceChanged(
            where, "a table with a known header (機種名, 型番 …)", str(error)[:FOUND_LIMIT]
        ) from error
    text = " ".join(text_of(block.root) for block in blocks)
    is_sure = selector in BLOCKS and not has_word(text, "maintenance")
    if not reader.rows or not (is_sure or any(row.model for row in reader.rows)):
        raise SourceChanged(where, f"device rows in {selector}", text[:FOUND_LIMIT])
    links = dict.fromkeys(linked_lists(block.root for block in blocks))
    skipped = reader.skipped + [line for line in links if line not in reader.skipped]
    return Answer(reader.rows, _printed_on(page, pieces), selector, skipped)


def _selector_of(html: str) -> Selector:
    """Parse any text; characters that UTF-8 cannot hold would stop lxml."""
    return Selector(text=html.encode("utf-8", "replace").decode("utf-8"), type="html")


def _title_of(page: Selector) -> str:
    """Return the title of a page, or the begin of its text, for messages; '' for an empty page."""
    if not hasattr(page.root, "iter"):
        return ""
    titles = page.css("title")
    title = " ".join("".join(titles[:1].css("::text").getall()).split())
    return (title or text_of(page.root))[:FOUND_LIMIT]


def _find_block(page: Selector, where: str, title: str) -> tuple[str, list[Selector]]:
    """Return (selector, elements) of the first selector whose elements print something."""
    matched = ""
    for css in BLOCKS:
        found = page.xpath(ANSWER_BEHIND_HEADING) if css == ANSWER_HEADING else page.css(css)
        matched = matched or (css if found else "")
        blocks = [block for block in _outermost(found) if text_of(block.root)]
        if blocks:
            return css, blocks
    if matched:
        raise SourceChanged(where, f"text in {matched}", "an empty answer block")
    questions = [text_of(element.root) for element in page.css(QUESTION)]
    failures = [text for text in (title, *questions) if has_word(text, "failure")]
    if questions and not failures:
        for css in LAST_RESORT:
            blocks = [block for block in page.css(css)[:1] if text_of(block.root)]
            if blocks:
                return css, blocks
    raise SourceChanged(
        where, "an answer block (" + ", ".join(BLOCKS) + ")", [*failures, title][0][:FOUND_LIMIT]
    )


def _outermost(found: Sequence[Selector]) -> list[Selector]:
    """Return the elements that stand in no other of them."""
    roots = {block.root for block in found}
    return [block for block in found if not any(parent in roots for parent in block.root.iterancestors())]


def _printed_on(page: Selector, pieces: Sequence[Piece]) -> date | None:
    """Return the latest update date printed in the answer, else on the page."""
    lines = [piece.text for piece in pieces if isinstance(piece, Line)]
    for texts in (
        lines,
        [piece.text for piece in read_pieces(page.root, is_flat=True) if isinstance(piece, Line)],
    ):
        dates = [found for text in texts for found in update_dates(text)]
        if dates:
            return max(dates)
    return None
