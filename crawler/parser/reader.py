"""The pieces of an answer read in order: headings open, lines and table rows become listings."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.names import match_key
from crawler.parser.cells import Odd
from crawler.parser.collector import Collector
from crawler.parser.entries import Entry, split_entries
from crawler.parser.footnotes import read_definitions, take_marks, tidy
from crawler.parser.headings import BULLETS, GLYPHS, MAX_DEPTH, SHORT_SENTENCE, is_prose, read_heading
from crawler.parser.lines import (
    is_announcement,
    is_footnote,
    is_furniture,
    is_lone_mark,
    row_section,
    split_sentences,
)
from crawler.parser.outline import DT_LEVEL, LIST_LEVEL, PROSE_LEVEL, TABLE_LEVEL, Head
from crawler.parser.pieces import Close, Line, Open, Piece, Table, read_pieces
from crawler.parser.tables import Found, Spanning, read_table
from crawler.parser.tokens import has_model
from crawler.parser.words import closed_section, flat, has_word, is_carrier, pattern, when_of

ABOVE = re.compile(r"上記|以上の|上の(?:表|機種)")
NAME_LIMIT = 60


class Reader(Collector):
    """Reads the pieces of one answer."""

    def __init__(self, question: str = ""):
        super().__init__(question)
        self.consumed: set[int] = set()

    def read(self, pieces: Sequence[Piece]) -> None:
        """Read all pieces. Raises `HeaderError` when a table cannot be understood."""
        tables = {
            place: read_table(piece.root) for place, piece in enumerate(pieces) if isinstance(piece, Table)
        }
        for place in range(len(pieces)):
            self._collect_footnotes(place, pieces, tables)
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
        self.report_unused_footnotes()
        self.report_lost_models(line for piece in pieces for line in _lines_of(piece))

    def _collect_footnotes(self, place: int, pieces: Sequence[Piece], tables: dict[int, list[Found]]) -> None:
        piece = pieces[place]
        texts = [found.text for found in tables.get(place, []) if isinstance(found, Spanning)]
        if isinstance(piece, Line) and piece.style != "chrome":
            texts = [piece.text]
            following = pieces[place + 1] if place + 1 < len(pieces) else None
            if isinstance(following, Line) and following.style == "dd" and is_lone_mark(piece.text):
                texts = [f"{piece.text} {following.text}"]
                self.consumed |= {place, place + 1}
        for text in texts:
            for mark, note in read_definitions(text) if is_footnote(text) else []:
                self.footnotes.add(mark, place, note)

    def read_found(self, found: Sequence[Found]) -> None:
        for item in found:
            if isinstance(item, Spanning):
                self.read_line(Line(item.text, "span"), has_list=True)
            elif isinstance(item, Odd):
                self.skip(item.text)
            else:
                self.add(item, item.name or item.model)
        self.end(self.outline.close(TABLE_LEVEL))

    def read_line(self, line: Line, has_list: bool = False) -> None:
        if self.place in self.consumed:
            return
        if line.style == "deleted" or (line.style == "chrome" and not is_announcement(line.text)):
            self.skip(line.text, only_models=line.style == "chrome")
            return
        if is_footnote(line.text):
            definitions = read_definitions(line.text)
            text = definitions[0][1]
            is_heading = not definitions[0][0].number and not self.has_bare_mark and is_announcement(text)
            if not is_heading:
                return
            self.footnotes.used.add((definitions[0][0].family, "", self.place))
            line = replace(line, text=text)
        sentences = split_sentences(line.text)
        for text in sentences:
            self._read_sentence(replace(line, text=text), has_list and text is sentences[-1])

    def _read_sentence(self, line: Line, has_list: bool) -> None:
        head, rest = read_heading(line, self.outline, has_list)
        if head is not None:
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
        elif line.style == "dd" and self._add_detail(line.text):
            return
        elif is_prose(text):
            if ABOVE.search(text) and closed_section(text):
                self.skip(line.text)
            else:
                self._date_section(text)
                self.skip(line.text, only_models=True)
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
        for entry in devices:
            self.add(entry, text)
        section = closed_section(text)
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
        maker = self.outline.maker_head()
        title = self.outline.name_head()
        return maker is not None and not (title and title.is_name) and (is_item or maker.kind == "maker")

    def _add_detail(self, text: str) -> bool:
        """Add a `dd` about the device of its `dt` to the notes; return whether it was one."""
        title = self.outline.name_head()
        if has_model(text) or title is None or not (title.is_name or title.kind == "device"):
            return False
        if title.is_name:
            row = self.rows[-1]
            note = "／".join(filter(None, (row.note, tidy(text))))
            self.rows[-1] = replace(row, note=note, section=row_section(row.section, None, [text]))
        elif is_prose(text):
            title.notes.append(tidy(text))
        else:
            return False
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
