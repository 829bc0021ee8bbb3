"""What the reading of an answer collects: listings, and the lines that gave none."""

from collections.abc import Iterable, Sequence

from crawler.items import Listing
from crawler.names import Section
from crawler.parser.entries import Entry, split_entries
from crawler.parser.footnotes import Footnotes, tidy
from crawler.parser.headings import is_prose
from crawler.parser.lines import row_section
from crawler.parser.outline import Head, Outline
from crawler.parser.tokens import has_model, models_in
from crawler.parser.words import closed_section, flat, pattern, when_of


class Collector:
    """Makes listings under the headings that hold. `rows` and `skipped` fill up in printed order."""

    def __init__(self, question: str = ""):
        self.rows: list[Listing] = []
        self.skipped: list[str] = []
        self.outline = Outline()
        self.footnotes = Footnotes()
        self.place = 0
        self.has_bare_mark = False
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
        for head in self.outline.heads:
            head.has_rows = head.has_rows or head.kind != "device"
        self.has_bare_mark = self.has_bare_mark or any(not mark.number for mark in entry.marks)
        self._list(entry, self.outline.section(), self._notes(entry))

    def _list(self, entry: Entry, here: Section, notes: list[str]) -> None:
        maker = self.outline.maker_head()
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

    def _notes(self, entry: Entry) -> list[str]:
        """Return the row's own notes, its footnotes, those of its headings, and the date of its section."""
        notes = list(entry.notes)
        notes += [self.footnotes.resolve(mark, self.place) for mark in entry.marks]
        for head in self.outline.heads:
            notes += head.notes + [self.footnotes.resolve(mark, head.place) for mark in head.marks]
        notes.append(self.outline.when())
        return list(dict.fromkeys(filter(None, map(tidy, notes))))

    def open(self, head: Head) -> None:
        head.place = self.place
        if head.is_doubt:
            self.skip(head.line)
        self.has_bare_mark = self.has_bare_mark or any(not mark.number for mark in head.marks)
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
        marked = [self.footnotes.resolve(mark, head.place) for mark in head.marks]
        for entry in split_entries(head.text):
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
            self.skip(f"{family}{number} {text}", only_models=is_prose(text))
