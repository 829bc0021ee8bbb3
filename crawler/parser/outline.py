"""The headings that hold at a place of the page, and until where each one holds.

A section lasts until a heading of the same or a higher level opens another one; a maker heading
does not end it. Where a heading is in doubt, its section is not LISTED.
"""

from dataclasses import dataclass, field

from crawler.names import Section
from crawler.parser.footnotes import Mark

DEVICE_CONTEXT = ("maker", "title", "series", "device", "carrier")
TEXT_LEVEL, PROSE_LEVEL, DT_LEVEL, LIST_LEVEL, TABLE_LEVEL = 10, 39, 40, 50, 1000
MAX_STYLES = 28


@dataclass(eq=False)
class Head:
    """One heading.

    `kind`: section, maker, series, device, carrier, when (a date), topic, nav; title: a word that is
    not known, a maker or a device; asks: a section in unknown words, which are a note of its rows.

    `is_scoped`: its section holds only as long as its title; `is_soft`: any section heading ends it;
    `is_doubt`: its words are not known and its section is a guess, to be reported.
    """

    level: float
    kind: str
    text: str
    section: Section | None = None
    when: str = ""
    is_scoped: bool = False
    is_soft: bool = False
    is_doubt: bool = False
    has_rows: bool = False
    is_name: bool = False
    is_link: bool = False
    line: str = ""
    notes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    place: int = 0
    context: tuple[Section, str] = (Section.LISTED, "")


@dataclass
class Outline:
    """The headings that hold at the place that is being read, outermost first."""

    heads: list[Head] = field(default_factory=list)
    styles: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def open(self, head: Head) -> list[Head]:
        """Add a heading; return those that it ends."""
        ended = [old for old in self.heads if _ends(old, head) or self._is_behind(old, head)]
        self.heads = [old for old in self.heads if old not in ended] + [head]
        return ended

    def close(self, level: float, keep_sections: bool = False) -> list[Head]:
        """End the headings of a level and below it, as a list or table closes; return them."""
        ended = [
            old
            for old in self.heads
            if old.level >= level and not (keep_sections and old.kind in ("section", "asks"))
        ]
        self.heads = [old for old in self.heads if old not in ended]
        return ended

    def _is_behind(self, old: Head, new: Head) -> bool:
        """Tell a maker that a section in another text style leaves behind: a block of its own at the end.

        The maker stays when it had no rows yet, or when the section replaces one that stood under it.
        """
        if new.kind != "section" or not TEXT_LEVEL <= new.level < DT_LEVEL or not old.has_rows:
            return False
        inner = self.heads[self.heads.index(old) + 1 :]
        return old.kind in DEVICE_CONTEXT and not any(head.kind == "section" for head in inner)

    def level_of(self, style: str) -> float:
        """Return the level of a text style: the earlier on the page, the higher."""
        order = self.styles.setdefault(style, len(self.styles))
        return TEXT_LEVEL + min(order, MAX_STYLES)

    def section_head(self) -> Head | None:
        """Return the innermost heading that is not LISTED: a 対応機種 inside 対応予定 does not lift it."""
        closed = [head for head in self.heads if head.section not in (None, Section.LISTED)]
        return closed[-1] if closed else None

    def section(self) -> Section:
        head = self.section_head()
        return head.section or Section.LISTED if head else Section.LISTED

    def when(self) -> str:
        head = self.section_head()
        if head is None:
            return ""
        dates = [inner.text for inner in self.heads if inner.kind == "when"]
        return dates[-1] if dates else head.when

    def maker_head(self) -> Head | None:
        known = [
            head for head in self.heads if head.kind == "maker" or (head.kind == "section" and head.text)
        ]
        titles = [head for head in self.heads if head.kind == "title" and not head.is_name]
        found = known or titles
        return found[-1] if found else None

    def name_head(self) -> Head | None:
        """Return the innermost heading when it may be a device name: model numbers alone stand under it."""
        named = [head for head in self.heads if head.kind in ("maker", "title", "device")]
        return named[-1] if named and named[-1].kind != "maker" else None

    def carrier(self) -> str:
        return next((head.text for head in reversed(self.heads) if head.kind == "carrier"), "")

    def in_nav(self) -> bool:
        return any(head.kind == "nav" for head in self.heads)


def _ends(old: Head, new: Head) -> bool:
    if old.kind == "nav":
        return new.section is not None or new.kind in ("maker", "asks") or new.level <= old.level
    if old.kind == "asks":
        # Like a section, it holds for the makers under it.
        opens = new.section is not None or new.kind == "asks"
        return opens and not new.is_scoped and new.level <= old.level
    if old.section is not None and not old.is_scoped:
        opens = new.section is not None and not new.is_scoped
        return opens and (new.level <= old.level or old.is_soft)
    if new.kind in ("device", "series") and old.kind in ("maker", "carrier"):
        return False
    return new.level <= old.level
