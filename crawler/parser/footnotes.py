"""Footnote marks taken off printed values, and the footnotes that they point to."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.parser.words import flat

CORE = r"(?:[※*†]|注|註)\s*[0-9]{1,2}(?![0-9A-Za-z年月日以.]|/[0-9])"
MORE = r"(?:\s*[,、・]\s*(?:[※*†]|注|註)?\s*[0-9]{1,2}(?![0-9A-Za-z.]))*"
NUMBERED = re.compile(rf"\(\s*{CORE}{MORE}\s*\)|{CORE}{MORE}|\[\s*(?:注|※)?\s*[0-9]{{1,2}}\s*\]")
BARE = re.compile(r"\(\s*(?:[※*†]|注|註)\s*\)|[※*†](?=\s*(?:$|[)、,/]))")
INLINE_NOTE = re.compile(r"\s*※\s*(?=\S)")
ONE_MARK = re.compile(r"([※*†注註]?)\s*([0-9]{1,2})")
DEFINITION = re.compile(
    r"\s*(?:\(\s*(?:[※*†]|注|註)\s*[0-9]{0,2}\s*\)|[※†]\s*(?:[0-9]{1,2}(?![0-9A-Za-z年月/.]))?|\*\s*[0-9]{1,2}(?![0-9A-Za-z])"
    r"|\*|[注註]\s*[0-9]{1,2}(?![0-9A-Za-z])|[注註](?=\s*[):])|\[\s*(?:注|※)?\s*[0-9]{1,2}\s*\])\s*[:.):、]?\s*"
)
NEXT_DEFINITION = re.compile(r"(?<=[\s。\u3000])(?=(?:[※*†]|注|註)\s*[0-9]{1,2}(?![0-9A-Za-z年月/]))")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as printed; `family` is its sign ('' for a bare number), `number` its digits or ''."""

    printed: str
    family: str
    number: str


def take_marks(text: str) -> tuple[str, list[Mark], str]:
    """Return (text without marks, its marks, the note that a `※` inside the text opens)."""
    inline = ""
    marks: list[Mark] = []
    normal = flat(text)
    kept: list[str] = []
    position = 0
    for match in NUMBERED.finditer(normal):
        kept.append(text[position : match.start()])
        marks += _marks_in(match.group(), text[match.start() : match.end()])
        position = match.end()
    text = "".join([*kept, text[position:]])
    normal = flat(text)
    for match in reversed(list(BARE.finditer(normal))):
        marks.append(Mark(text[match.start() : match.end()], re.sub(r"[()\s]", "", match.group()), ""))
        text = text[: match.start()] + text[match.end() :]
    opening = INLINE_NOTE.search(text)
    if opening:
        text, inline = text[: opening.start()], text[opening.end() :]
    return tidy(text), marks, tidy(inline)


def _marks_in(normal: str, printed: str) -> Iterator[Mark]:
    found = ONE_MARK.findall(normal)
    family = ""
    for sign, number in found:
        family = sign or family
        yield Mark(printed if len(found) == 1 else f"{family}{number}", family, number)


def tidy(text: str) -> str:
    """Return printed text with whitespace collapsed and nothing else changed."""
    return " ".join(text.split())


def read_definitions(text: str) -> list[tuple[Mark, str]]:
    """Return the footnotes that a line defines, `※1 …` or several in a row; [] for any other line."""
    found: list[tuple[Mark, str]] = []
    if not DEFINITION.match(flat(text)):
        return found
    cuts = [match.start() for match in NEXT_DEFINITION.finditer(flat(text))]
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        part = text[start:end]
        match = DEFINITION.match(flat(part))
        if match:
            printed = part[: match.end()].strip()
            sign = re.sub(r"[\s()\[\]:.、0-9]", "", match.group())
            number = "".join(re.findall(r"[0-9]", match.group()))
            found.append((Mark(printed, sign, number), tidy(part[match.end() :])))
    return found


@dataclass
class Footnotes:
    """All footnotes of a page, each with the position where it stands."""

    places: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    used: set[tuple[str, str, int]] = field(default_factory=set)

    def add(self, mark: Mark, place: int, text: str) -> None:
        self.places.setdefault((mark.family, mark.number), []).append((place, text))

    def resolve(self, mark: Mark, place: int) -> str:
        """Return the footnote of a mark at `place`: the next one below, else the last above, else the mark.

        A page that numbers its footnotes anew under each table is read rightly that way.
        """
        for key in self._candidates(mark):
            notes = self.places[key]
            index = min(bisect_left(notes, (place, "")), len(notes) - 1)
            below = notes[index][0] >= place
            chosen = notes[index] if below else notes[-1]
            self.used.add((*key, chosen[0]))
            return chosen[1] or mark.printed
        return mark.printed

    def _candidates(self, mark: Mark) -> Iterator[tuple[str, str]]:
        if (mark.family, mark.number) in self.places:
            yield mark.family, mark.number
        elif mark.number:
            yield from (key for key in self.places if key[1] == mark.number)

    def unused(self) -> Iterator[tuple[tuple[str, str], int, str]]:
        """Yield (key, place, text) of every footnote to which no mark pointed."""
        for key, notes in self.places.items():
            for place, text in notes:
                if (*key, place) not in self.used:
                    yield key, place, text
