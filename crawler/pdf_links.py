"""The PDF that an answer block links to instead of printing its list. Pure: HTML in, HTML or rows out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urldefrag

from lxml import etree
from lxml import html as markup
from parsel import Selector

from crawler.answer import ANSWER_BEHIND_HEADING, ANSWER_HEADING, BLOCKS, Answer, parse_answer
from crawler.items import Listing
from crawler.names import Section
from crawler.parser.afterwards import closed
from crawler.parser.doubt import doubtful_section
from crawler.parser.headings import TITLE_LIMIT, left_over
from crawler.parser.lines import split_sentences
from crawler.parser.links import is_pdf, is_printed, line_of, place_of
from crawler.parser.markup import BLOCKS as BLOCK_TAGS
from crawler.parser.markup import Element
from crawler.parser.pieces import Line, read_pieces, text_of
from crawler.parser.prose import is_calm, is_prose
from crawler.parser.words import closed_section, update_dates

LINES = {"p", "h2", "h3", "h4", "h5"}
SMALL = {"li", "td", "th", "dd"}
NOTHING = re.compile(
    r"[\s（(]*(?:現在|現時点)?(?:は|で|では)?(?:該当)?(?:の?機種は)?"
    r"(?:なし|無し|ありません|ございません|準備中(?:です)?)[)）。\s]*"
)
PROBE = "<table><tr><th>機種名</th><th>型番</th></tr><tr><td>Phone</td><td>ZZ-00Z</td></tr></table>"
PROBED = "ZZ-00Z"


def linked_pdfs(html: str) -> list[str]:
    """Return the addresses of the PDFs that the answer block of a page links to, as printed, each once.

    The place inside a PDF, `#page=2`, is left off.
    """
    return list(dict.fromkeys(_href(link) for link in _links(Selector(text=html or "<html/>"))))


def parse_linked(html: str, href: str, fragment: str, where: str) -> Answer:
    """Return the devices of a linked PDF as if it stood in the page. Raises like `parse_answer`.

    What the page says at the place of the link takes every row out of LISTED, whatever the PDF says
    of itself. A sentence of the block that is not known as harmless (`is_calm`: where the list is, its
    date, how to open it) becomes a note of every row, so that each asks.
    """
    said = list(_sentences(html))
    answer = parse_answer(insert_list(html, href, fragment), where)
    section = _section_at(html, href, where)
    rows = [_under(row, section) for row in answer.rows]
    for text in said:
        rows = [closed(row, row.section, text) for row in rows]
    return replace(answer, rows=rows)


def _section_at(html: str, href: str, where: str) -> Section:
    """Return the section that holds where the link stands: the one that a device printed there gets."""
    rows = parse_answer(insert_list(html, href, PROBE), where).rows
    found = next(row.section for row in rows if row.model == PROBED)
    page = Selector(text=html)
    said = _line_around(next(link for link in _links(page) if _href(link) == href))
    is_title = len(said) <= TITLE_LIMIT and not is_prose(said) and not is_calm(said)
    doubt = doubtful_section(said) if is_title else None
    return found if found is not Section.LISTED else doubt or found


def _under(row: Listing, section: Section) -> Listing:
    is_lifted = row.section is Section.LISTED and section is not Section.LISTED
    return replace(row, section=section) if is_lifted else row


def _sentences(html: str) -> Iterator[str]:
    """Yield the sentences of the block that are not harmless, but for bare titles of other sections."""
    for block in _blocks(Selector(text=html)):
        is_other = False
        for piece in read_pieces(block.root, is_flat=True):
            if not isinstance(piece, Line) or piece.style in ("hidden", "option", "chrome"):
                continue
            for text in split_sentences(piece.text):
                is_title = closed_section(text) is not None and not is_prose(text) and not left_over(text)
                is_none = is_other and bool(NOTHING.fullmatch(text))
                if not is_title and not is_none and not is_calm(text):
                    yield text.strip()
                is_other = is_title


def insert_list(html: str, href: str, fragment: str) -> str:
    """Return the page with an HTML fragment behind the line that links to `href`, which governs it."""
    page = Selector(text=html)
    links = [link for link in _links(page) if _href(link) == href]
    place, child = place_of(links[0])
    said = _line_around(links[0])
    for link in links:
        # Its list is read: no longer one that a person has to look at.
        link.attrib.pop("href")
    inner = markup.fragment_fromstring(fragment, create_parent="div")
    if place.tag in SMALL and is_calm(text_of(place)) and not any(update_dates(text_of(place))):
        # Before a list, `PDFはこちら` in a list item would be a heading of page furniture.
        etree.strip_elements(place, "*", with_tail=True)
        place.text = child = None
    if closed_section(said):
        # A link that says 対応予定 opens that section for its list.
        heading = etree.Element("h4")
        heading.text = said
        inner.insert(0, heading)
    if place.tag in LINES:
        # The text behind the line stays behind the list.
        inner.tail, place.tail = place.tail, None
        place.addnext(inner)
    else:
        _insert_behind(place, child, inner)
    return markup.tostring(page.root, encoding="unicode")


def _line_around(link: Element) -> str:
    """Return what the paragraph or heading around a link says, elsewhere its printed line."""
    place, child = place_of(link)
    return text_of(place) if place.tag in LINES else line_of(place, child)


def _insert_behind(place: Element, child: Element | None, inner: Element) -> None:
    """Insert the list behind the printed line of `child`: before the next `br` or block, else at the end."""
    siblings = child.itersiblings() if child is not None else ()
    behind = next((node for node in siblings if str(node.tag) in BLOCK_TAGS), None)
    if behind is None:
        place.append(inner)
    else:
        behind.addprevious(inner)


def _href(link: Element) -> str:
    return urldefrag(link.get("href").strip()).url


def _blocks(page: Selector) -> Sequence[Selector]:
    """Return the blocks of the first selector that prints a link to a PDF."""
    for css in BLOCKS:
        blocks = page.xpath(ANSWER_BEHIND_HEADING) if css == ANSWER_HEADING else page.css(css)
        if any(map(_is_offered, (link.root for block in blocks for link in block.css("a[href]")))):
            return list(blocks)
    return []


def _links(page: Selector) -> list[Element]:
    links = [link.root for block in _blocks(page) for link in block.css("a[href]")]
    return [link for link in dict.fromkeys(links) if _is_offered(link)]


def _is_offered(link: Element) -> bool:
    return is_pdf(link) and is_printed(link)
