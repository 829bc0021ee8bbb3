"""What the reading of an answer collects: listings, and the lines that gave none."""

from collections.abc import Iterable, Sequence

from crawler.items import Listing
from crawler.names import Section
from crawler.parser.afterwards import (
    ABOVE,
    PAGE_BEFORE,
    closed,
    is_of_all,
    named_rows,
    said_section,
    speaks_of_print,
)
from crawler.parser.entries import Entry, split_entries
from crawler.parser.footnotes import Footnotes, Mark, tidy
from crawler.parser.lines import may_be_name, row_section
from crawler.parser.makers import is_odd_title
from crawler.parser.outline import Head, Outline
from crawler.parser.prose import is_prose
from crawler.parser.reach import (
    Saying,
    is_left,
    reached_rows,
    speaks_of_above,
    speaks_of_list,
    speaks_of_whole,
)
from crawler.parser.tokens import has_model, models_in
from crawler.parser.words import closed_section, flat, has_word, pattern, section_of, when_of, words

BLOCK_KINDS = ("section", "asks", "maker", "title", "topic")
BARE_FAMILIES = "※*†注註"
# A `h2` with a section of its own inside is a title of the page, as a `h1` is.
PAGE_LEVEL = 2


class Collector:
    """Makes listings under the headings that hold. `rows` and `skipped` fill up in printed order."""

    def __init__(self, question: str = ""):
        self.rows: list[Listing] = []
        self.skipped: list[str] = []
        self.outline = Outline()
        self.footnotes = Footnotes()
        self.place = 0
        self.has_bare_mark = False
        self.block = 0
        self.said: list[tuple[str, Section]] = []
        self.asked: list[str] = []
        self.sayings: list[tuple[Saying, Mark | None]] = []
        section = closed_section(question)
        if section:
            self.outline.open(Head(0, "section", "", section, when_of(question), is_soft=True))

    def add(self, entry: Entry, line: str) -> None:
        """Make a listing of a device under the headings that hold here."""
        if self.outline.in_nav():
            self.skip(line)
            return
        title = self.outline.name_head()
        if not entry.name and title is not None:
            title.is_name = title.has_rows = True
            entry.name = title.text
            if not has_word(title.text, "brand") and not may_be_name(title.text):
                # `取り消し` above a model number alone.
                entry.notes.append(title.text)
        for head in self.outline.heads:
            head.has_rows = head.has_rows or head.kind != "device"
        self._see_marks(entry.marks)
        self._list(entry, self.outline.section(), self._notes(entry))

    def _see_marks(self, marks: Iterable[Mark]) -> None:
        is_bare = any(not mark.number and mark.family in BARE_FAMILIES for mark in marks)
        self.has_bare_mark = self.has_bare_mark or is_bare

    def _list(self, entry: Entry, here: Section, notes: list[str]) -> None:
        maker = self.outline.maker_head()
        if maker is not None and self._is_odd(maker, entry):
            maker = None
        self.rows.append(
            Listing(
                section=row_section(here, entry.section, notes),
                maker=tidy(entry.maker or (maker.text if maker else "")),
                name=tidy(entry.name),
                model=tidy(entry.model),
                carrier=tidy(entry.carrier or self.outline.carrier()),
                note="／".join(notes),
            )
        )

    def _is_odd(self, head: Head, entry: Entry) -> bool:
        """Tell a title that is no maker and says something of the device below it; not one of the page."""
        is_title = head.kind in ("maker", "title") and not head.is_name and bool(head.text)
        inner = self.outline.heads[self.outline.heads.index(head) + 1 :] if is_title else []
        is_of_page = head.level <= 1 or (head.level <= PAGE_LEVEL and any(new.section for new in inner))
        return is_title and not is_of_page and is_odd_title(head.text, entry.name, entry.maker)

    def _notes(self, entry: Entry) -> list[str]:
        """Return the row's own notes, its footnotes, those of its headings, and the date of its section."""
        notes = list(entry.notes)
        notes += [self._said_by(mark, self.place) for mark in entry.marks]
        for head in self.outline.heads:
            notes += [head.text] if self._is_odd(head, entry) else []
            notes += head.notes + [self._said_by(mark, head.place) for mark in head.marks]
        notes.append(self.outline.when())
        return list(dict.fromkeys(filter(None, map(tidy, notes))))

    def _said_by(self, mark: Mark, place: int) -> str:
        """Return the footnote of a mark; a sign that means no more than yes says nothing."""
        text = self.footnotes.resolve(mark, place)
        is_sign = mark.family not in BARE_FAMILIES and not mark.number
        is_yes = flat(text) in words("yes") or section_of(text) is Section.LISTED
        return "" if is_sign and is_yes else text

    def close_said(self, text: str) -> bool:
        """Take the rows that a sentence names, or all above, out of LISTED; return whether it did so.

        One about rows of a colour or weight asks about every row of the page.
        """
        if speaks_of_print(text):
            self.asked.append(text)
            return True
        section = said_section(text)
        if section is None:
            return self._ask_about(text)
        places = named_rows(text, self.rows)
        title = self.outline.name_head()
        if not places and is_of_all(text, section):
            if title is not None and title.kind == "device" and not title.has_rows:
                title.notes.append(text)
                return True
            start = 0 if PAGE_BEFORE.search(text) else self.block
            places = list(range(start, len(self.rows))) or list(range(len(self.rows)))
        for place in places:
            self.rows[place] = closed(self.rows[place], section, text)
        if places:
            return True
        self.said.append((text, section))
        # Of all above, but not surely a plan or a refusal: it asks.
        return self._ask_about(text)

    def _ask_about(self, text: str) -> bool:
        """Put a sentence that is not understood as a note to the rows that it names, or to all above."""
        places = named_rows(text, self.rows) if is_prose(text) else []
        if not places and speaks_of_above(text):
            is_wide = speaks_of_whole(text) and self.outline.section() is Section.LISTED
            places = list(range(0 if is_wide or PAGE_BEFORE.search(text) else self.block, len(self.rows)))
        self._ask(places, text)
        return bool(places)

    def _ask(self, places: Iterable[int], text: str) -> None:
        for place in places:
            self.rows[place] = closed(self.rows[place], self.rows[place].section, text)

    def remember(self, text: str, mark: Mark | None = None) -> None:
        """Keep a sentence that no row took, for the rows around it; `mark`: of the footnote that it is."""
        is_here = self.outline.section() is Section.LISTED or speaks_of_whole(text)
        if not is_here or self.outline.in_nav():
            return
        if speaks_of_list(text):
            self.sayings.append((Saying(text, self.block, len(self.rows), self.place), mark))
        elif is_left(text) and not has_model(text) and not ABOVE.search(text):
            self.skip(text)

    def ask_sayings(self) -> None:
        """Put the sentences about the list as notes to the rows that they reach; report the others."""
        for saying, mark in self.sayings:
            if mark is not None and (mark.family, mark.number, saying.piece) in self.footnotes.used:
                continue
            places = reached_rows(saying, self.rows)
            self._ask(places, saying.text)
            if places and mark is not None:
                self.footnotes.used.add((mark.family, mark.number, saying.piece))
            if not places and tidy(saying.text) not in self.skipped:
                self.skip(saying.text)

    def close_said_before(self) -> None:
        """Take out the rows that a sentence above them names; put those about all rows as notes."""
        for text, section in self.said:
            for place in named_rows(text, self.rows):
                self.rows[place] = closed(self.rows[place], section, text)
        self.ask_sayings()
        for text in self.asked:
            self.rows = [closed(row, row.section, text) for row in self.rows]

    def open(self, head: Head) -> None:
        head.place = self.place
        if head.is_doubt:
            self.skip(head.line)
        self._see_marks(head.marks)
        if head.kind in BLOCK_KINDS:
            self.block = len(self.rows)
        ended = self.outline.open(head)
        head.context = self.outline.section(), self.outline.when()
        self.end(ended)

    def end(self, heads: Sequence[Head]) -> None:
        """Account for headings under which nothing stood: a device without bullets, or an open question."""
        for head in heads:
            if head.has_rows or head.kind not in ("maker", "title", "device") or head.is_link:
                continue
            if head.kind == "device" and (
                self.outline.maker_head() or pattern("brand").match(flat(head.text))
            ):
                self._add_title(head)
            elif head.text:
                self.skip(head.line)

    def _add_title(self, head: Head) -> None:
        """Make a listing of a heading that turned out to be a device, in the section where it stood."""
        section, when = head.context
        for entry in split_entries(head.text):
            marked = [self._said_by(mark, head.place) for mark in (*entry.marks, *head.marks)]
            notes = [*entry.notes, *head.notes, *marked, when]
            self._list(entry, section, list(dict.fromkeys(filter(None, notes))))

    def end_titles(self, level: float) -> None:
        """End the unknown headings that a line with the same sign shows to be devices themselves."""
        ended = [
            head for head in self.outline.heads if head.kind in ("title", "device") and head.level >= level
        ]
        self.outline.heads = [head for head in self.outline.heads if head not in ended]
        self.end(ended)

    def skip(self, text: str, only_models: bool = False) -> None:
        """Report a line that gave no row; `only_models`: not when it is plainly page furniture or prose."""
        if not only_models or has_model(text):
            self.skipped.append(tidy(text))

    def report_lost_models(self, lines: Iterable[str]) -> None:
        """Report every line with a model number that is neither in a row nor reported yet."""
        printed = [f"{row.name} {row.model} {row.carrier} {row.note}" for row in self.rows]
        known = {model for text in [*printed, *self.skipped] for model in models_in(text)}
        for line in lines:
            if not models_in(line) <= known:
                self.skip(line)

    def report_unused_footnotes(self) -> None:
        for (family, number), _, text in self.footnotes.unused():
            is_of_list = said_section(text) is not None or (speaks_of_whole(text) and speaks_of_list(text))
            if number and is_of_list:
                # Its mark stood where no row could see it, in a header say: any row may be meant.
                self.rows = [closed(row, row.section, text) for row in self.rows]
            self.skip(f"{family}{number} {text}", only_models=is_prose(text) and not closed_section(text))
