"""The pages of a PDF as one flow: page furniture dropped, tables joined across page breaks, as HTML."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from crawler.parser.unknown import says_more
from crawler.parser.words import flat, section_of
from crawler.pdf.glyphs import TextLine, join_lines, wrapped_html
from crawler.pdf.pages import PdfPage
from crawler.pdf.ruled import PdfCell, PdfTable
from crawler.pdf.rules import TOUCH
from crawler.pdf.seams import continues, join_tables, lend_header, lend_section

PAGE_NUMBER = re.compile(
    r"(?:p(?:age|\.)?)?[\s\-]*[0-9]{1,3}(?:\s*(?:/|of|／)\s*[0-9]{1,3})?[\s\-]*(?:ページ|頁|page)?[\s\-]*",
    re.IGNORECASE,
)
MARGIN = 0.12  # the share of a page, above and below, where page numbers stand
LEADING = 1.2  # times the letter height; a larger gap is no wrapped line
Item = PdfTable | list[TextLine]


def flow_html(pages: Sequence[PdfPage]) -> str:
    """Return the HTML of all pages: `p` for a line or a wrapped sentence, `table` for a table."""
    drop_furniture(pages)
    flow: list[Item] = []
    for page in pages:
        is_first = True
        for block in _sentences(page):
            last = flow[-1] if flow else None
            if not isinstance(block, PdfTable):
                flow.append(block)
                continue
            if isinstance(last, PdfTable) and block is page.blocks[0] and continues(last, block):
                join_tables(last, block)
            else:
                _lend(flow, block, is_first)
                flow.append(block)
            is_first = False
    return "\n".join(map(_html, flow))


def _lend(flow: Sequence[Item], table: PdfTable, is_first: bool) -> None:
    """Give a table the header that it lacks; the first of a page, the section in which the last one ended."""
    known = [block for block in flow if isinstance(block, PdfTable)]
    lend_header(known, table)
    between = takewhile(lambda item: not isinstance(item, PdfTable), reversed(flow))
    lines = [line.text for item in between if isinstance(item, list) for line in item]
    if known and is_first and not any(map(section_of, lines)):
        lend_section(known[-1], table)


def drop_furniture(pages: Sequence[PdfPage]) -> None:
    """Take page numbers off, and all but one of a line that stands on every page at one height.

    Of a title the first stays, of a line at the foot the last: it stands between no two tables.

    A line that says anything against a list, or in unknown words, stays wherever it stands.
    """
    seen = Counter(key for page in pages for key in {_title_key(line) for line in page.lines})
    for page in pages:
        gone: set[int] = set()
        for line in page.lines:
            is_title = _count(seen, _title_key(line)) >= len(pages)
            keeper = pages[-1] if line.top > page.height / 2 else pages[0]
            is_again = is_title and page is not keeper
            if not says_more(line.text) and (is_again or _is_page_number(line, page)):
                gone.add(id(line))
        page.blocks = [block for block in page.blocks if id(block) not in gone]


def _title_key(line: TextLine) -> tuple[str, int]:
    return "".join(line.text.split()), round(line.top / TOUCH)


def _count(seen: Counter[tuple[str, int]], key: tuple[str, int]) -> int:
    return sum(seen[key[0], key[1] + step] for step in (-1, 0, 1))


def _is_page_number(line: TextLine, page: PdfPage) -> bool:
    is_outside = line.bottom < MARGIN * page.height or line.top > (1 - MARGIN) * page.height
    return is_outside and bool(PAGE_NUMBER.fullmatch(flat(line.text).strip()))


def _sentences(page: PdfPage) -> Iterator[PdfTable | list[TextLine]]:
    """Yield the tables of a page, and its lines in groups that were one sentence before it was wrapped."""
    run: list[TextLine] = []
    for block in page.blocks:
        if run and not (isinstance(block, TextLine) and _is_below(run[-1], block)):
            yield from join_lines(run, min(line.x0 for line in run), page.right)
            run = []
        if isinstance(block, TextLine):
            run.append(block)
        else:
            yield block
    yield from join_lines(run, min((line.x0 for line in run), default=0.0), page.right)


def _is_below(above: TextLine, line: TextLine) -> bool:
    return line.top - above.bottom < LEADING * above.size and abs(line.size - above.size) <= 1


def _html(block: Item) -> str:
    if isinstance(block, PdfTable):
        return _table_html(block)
    return f"<p>{wrapped_html(block)}</p>"


def _table_html(table: PdfTable) -> str:
    rows = "\n".join(f"<tr>{''.join(_cell_html(cell, table) for cell in row)}</tr>" for row in table.rows)
    return f"<table>\n{rows}\n</table>"


def _cell_html(cell: PdfCell, table: PdfTable) -> str:
    rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    width = table.index(cell.x1) - table.index(cell.x0)
    columns = f' colspan="{width}"' if width > 1 else ""
    return f"<td{rows}{columns}>{'<br>'.join(cell.lines)}</td>"
