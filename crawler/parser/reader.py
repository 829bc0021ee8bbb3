"""The pieces of an answer read in order: headings open, lines and table rows become listings."""

from collections.abc import Sequence
from dataclasses import replace

from crawler.names import Section, match_key
from crawler.parser.afterwards import ABOVE, speaks_of_print
from crawler.parser.cells import Odd
from crawler.parser.collector import Collector
from crawler.parser.definitions import collect_footnotes
from crawler.parser.doubt import doubtful_section
from crawler.parser.entries import Entry, split_entries
from crawler.parser.footnotes import Mark, read_definitions, take_marks, tidy
from crawler.parser.headings import BULLETS, GLYPHS, MAX_DEPTH, SHORT_SENTENCE, read_heading
from crawler.parser.lines import (
    is_announcement,
    is_footnote,
    is_furniture,
    may_be_name,
    note_section,
    row_section,
    split_sentences,
)
from crawler.parser.outline import DT_LEVEL, LIST_LEVEL, PROSE_LEVEL, TABLE_LEVEL, Head
from crawler.parser.pieces import Close, Line, Open, Piece, Table, read_pieces
from crawler.parser.prose import is_prose
from crawler.parser.reach import speaks_of_above
from crawler.parser.signs import mark_of, read_legends
from crawler.parser.tables import Found, Spanning, read_table
from crawler.parser.tokens import has_model
from crawler.parser.unknown import asking_heading
from crawler.parser.words import (
    closed_section,
    flat,
    has_word,
    is_carrier,
    is_when,
    pattern,
    when_of,
    words,
)

NAME_LIMIT = 60


class Reader(Collector):
    """Reads the pieces of one answer."""

    def __init__(self, question: str = ""):
        super().__init__(question)
        self.consumed: set[int] = set()
        self.term = range(0)

    def read(self, pieces: Sequence[Piece]) -> None:
        """Read all pieces. Raises `HeaderError` when a table cannot be understood."""
        tables = {
            place: read_table(piece.root) for place, piece in enumerate(pieces) if isinstance(piece, Table)
        }
        for place in range(len(pieces)):
            self.consumed |= collect_footnotes(self.footnotes, place, pieces, tables)
        for self.place, piece in enumerate(pieces):
            following = pieces[self.place + 1] if self.place + 1 < len(pieces) else None
            if isinstance(piece, Line):
                self.read_line(piece, isinstance(following, Open | Table))
            elif isinstance(piece, Table):
                self.read_found(tables[self.place])
            elif isinstance(piece, Close):
                level = LIST_LEVEL + min(piece.depth + 1, MAX_DEPTH) if piece.style == "li" else DT_LEVEL
                self.end(self.outline.close(level, keep_sections=piece.style == "dl"))
        self.end(self.outline.close(0))
        self.close_said_before()
        self.report_unused_footnotes()
        self.report_lost_models(line for piece in pieces for line in _lines_of(piece))

    def read_found(self, found: Sequence[Found]) -> None:
        start = len(self.rows)
        for item in found:
            if isinstance(item, Spanning):
                self.block = start if ABOVE.search(item.text) else self.block
                self.read_line(Line(item.text, "span"), has_list=True)
            elif isinstance(item, Odd):
                self.skip(item.text)
            else:
                self.add(item, item.name or item.model)
        self.end(self.outline.close(TABLE_LEVEL))

    def read_line(self, line: Line, has_list: bool = False) -> None:
        if self.place in self.consumed:
            return
        if line.style == "option":
            self.skip(line.text, only_models=not has_word(line.text, "brand"))
            return
        if line.style in ("deleted", "hidden") or (line.style == "chrome" and not is_announcement(line.text)):
            self.skip(line.text, only_models=line.style == "chrome")
            return
        if line.style == "dt":
            self.term = range(0)
        if is_footnote(line.text) and not read_legends(line.text):
            announced = self._read_footnote(line.text)
            if not announced:
                return
            line = replace(line, text=announced)
        sentences = split_sentences(line.text)
        for text in sentences:
            self._read_sentence(replace(line, text=text), has_list and text is sentences[-1])

    def _read_footnote(self, printed: str) -> str:
        """Read a footnote; return its text when it announces the devices below it, else ''."""
        definitions = read_definitions(printed)
        mark, text = definitions[0]
        is_said = self.close_said(text)
        is_plain = not is_said and not mark.number
        is_heading = is_plain and not self.has_bare_mark and is_announcement(text)
        if is_said or is_heading:
            self.footnotes.used.add((mark.family, mark.number, self.place))
        elif is_plain:
            self.remember(text, mark)
        return text if is_heading else ""

    def _read_sentence(self, line: Line, has_list: bool) -> None:
        if read_legends(line.text) or (line.is_detail and self._add_detail(line.text)):
            return
        is_said = is_prose(line.text) or speaks_of_above(line.text) or speaks_of_print(line.text)
        if is_said and self.close_said(line.text):
            return
        head, rest = read_heading(line, self.outline, has_list)
        if head is not None:
            head.marks += self._legend_marks(line.text)
            self.open(head)
            line = Line(rest)
            head, rest = read_heading(line, self.outline, False) if match_key(rest) else (None, rest)
            if head is not None:
                self.open(head)
                line = Line(rest)
        if match_key(line.text):
            self.read_text(line)

    def read_text(self, line: Line) -> None:
        """Read a line that is no heading: prose, page furniture, or devices."""
        text = take_marks(line.text)[0]
        if self.outline.in_nav() or is_furniture(text):
            self.skip(line.text, only_models=True)
        elif is_prose(text):
            is_of_above = bool(ABOVE.search(text) and closed_section(text))
            if not is_of_above:
                self._date_section(text)
            self.remember(text)
            self.skip(line.text, only_models=not is_of_above)
        else:
            self.read_devices(line)

    def read_devices(self, line: Line) -> None:
        text = line.text
        is_item = line.style in ("li", "li-head", "dd", "td", "dt") or bool(BULLETS.match(text))
        bare = BULLETS.sub("", text).rstrip("。")
        if bare[:1] in tuple(GLYPHS):
            self.end_titles(self.outline.level_of(bare[0]))
            bare = bare.lstrip(GLYPHS + " \u3000")
        entries = split_entries(bare)
        devices = [entry for entry in entries if self.is_device(entry, is_item)]
        if devices and line.style == "dt":
            self.end_titles(DT_LEVEL)
        start = len(self.rows)
        for entry in devices:
            entry.marks += self._legend_marks(text)
            self.add(entry, text)
        self.term = range(start, len(self.rows)) if line.style == "dt" else self.term
        section = closed_section(text)
        is_short = not is_item and len(text) <= SHORT_SENTENCE and not has_word(text, "brand")
        if not devices and not section and is_short and not has_model(text):
            section = doubtful_section(text)
            head = None if section else asking_heading(text, PROSE_LEVEL)
            if head is not None and head.kind == "asks":
                self.open(head)
                return
            self.skip(text, only_models=section is None)
        if not devices and section and len(text) <= SHORT_SENTENCE * 2 and not has_model(text):
            self.open(Head(PROSE_LEVEL, "section", "", section, when_of(text), line=text))
        elif len(devices) < max(len(entries), 1):
            self.skip(text)

    def is_device(self, entry: Entry, is_item: bool) -> bool:
        """Tell whether an entry names a device: by its model number, or as a plausible name in its place."""
        name = entry.name
        if len(name) > NAME_LIMIT or is_carrier(name):
            return False
        if entry.model:
            return True
        if not name or name.isdigit() or has_word(name, "not_name") or has_word(name, "nav"):
            return False
        if any(pattern(kind).match(flat(name)) for kind in ("brand", "maker")):
            return True
        if not may_be_name(name):
            return False
        maker = self.outline.maker_head()
        title = self.outline.name_head()
        return maker is not None and not (title and title.is_name) and (is_item or maker.kind == "maker")

    def _legend_marks(self, text: str) -> list[Mark]:
        """Return the sign at the begin of a line when some line of the page says what it means."""
        mark = mark_of(flat(text.strip()[:1]))
        return [mark] if mark.family and (mark.family, "") in self.footnotes.places else []

    def _add_detail(self, text: str) -> bool:
        """Add what a `dd` says about the device of its `dt`; return whether it was about that."""
        title = self.outline.name_head()
        is_named = title is not None and title.is_name
        said = closed_section(text) or note_section(text) or (Section.PLANNED if is_when(text) else None)
        is_status = said or flat(text) in words("yes") or is_prose(text)
        is_status = is_status and not has_word(text, "brand")
        if has_model(text) or read_definitions(text):
            return False
        if self.term and is_status:
            places = list(self.term)
        elif is_named:
            places = [len(self.rows) - 1]
        elif title is not None and title.kind == "device" and is_status:
            title.notes += [] if flat(text) in words("yes") else [tidy(text)]
            return True
        else:
            return False
        is_plain = flat(text) in words("yes")
        for place in places:
            row = self.rows[place]
            note = row.note if is_plain else "／".join(filter(None, (row.note, tidy(text))))
            section = row_section(row.section, said if self.term else None, [text])
            self.rows[place] = replace(row, note=note, section=section)
        return True

    def _date_section(self, text: str) -> None:
        """Take the month of a section from the sentence under its heading."""
        head = self.outline.section_head()
        if head is not None and not head.when and closed_section(text):
            head.when = when_of(text)


def _lines_of(piece: Piece) -> list[str]:
    if isinstance(piece, Line):
        return [piece.text]
    inner = read_pieces(piece.root, is_flat=True) if isinstance(piece, Table) else []
    return [line.text for line in inner if isinstance(line, Line)]
