"""The PDF that an answer block links to instead of printing its list. Pure: HTML in, HTML out."""

from urllib.parse import urlsplit

from lxml import etree
from lxml import html as markup
from parsel import Selector

from crawler.answer import ANSWER_BEHIND_HEADING, ANSWER_HEADING, BLOCKS
from crawler.parser.pieces import text_of
from crawler.parser.words import closed_section

LINES = {"p", "h2", "h3", "h4", "h5"}
BLOCK_TAGS = LINES | {"div", "li", "td", "th", "dd", "dt", "ul", "ol", "table", "section"}


def linked_pdfs(html: str) -> list[str]:
    """Return the addresses of the PDFs that the answer block of a page links to, as printed, each once."""
    return list(dict.fromkeys(link.get("href") for link in _links(Selector(text=html or "<html/>"))))


def insert_list(html: str, href: str, fragment: str) -> str:
    """Return the page with an HTML fragment behind the line that links to `href`, which governs it."""
    page = Selector(text=html)
    link = next(link for link in _links(page) if link.get("href") == href)
    place = link
    while place.tag not in BLOCK_TAGS and place.getparent() is not None:
        place = place.getparent()
    inner = markup.fragment_fromstring(fragment, create_parent="div")
    said = text_of(place) if place.tag in LINES else text_of(link)
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
        place.append(inner)
    return markup.tostring(page.root, encoding="unicode")


def _links(page: Selector) -> list[markup.HtmlElement]:
    for css in BLOCKS:
        blocks = page.xpath(ANSWER_BEHIND_HEADING) if css == ANSWER_HEADING else page.css(css)
        links = [link.root for block in blocks for link in block.css("a[href]")]
        found = [link for link in links if urlsplit(link.get("href").strip()).path.lower().endswith(".pdf")]
        if found:
            return list(dict.fromkeys(found))
    return []
