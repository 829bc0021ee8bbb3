"""The XML inside a workbook, read as a stream: no tree, no entities, never more than a budget. Pure.

Excel writes rows and cells in their order and each once. What does otherwise is damaged or hostile,
and a guess at what it means would lose rows silently: it raises `ValueError`.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from explorer.sheets import BadFile

# The longest format and the most styles in Excel.
MAX_FORMAT, MAX_STYLES = 255, 65_490
MAX_TAGS = 3_000_000
MAX_LETTERS = 20_000_000
# A cell is one piece of work, its value another, a day not seen before some more.
MAX_WORK = 420_000
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# The days of the Japanese calendar have numbers that no file explains.
JAPANESE_DAYS = (*range(27, 37), *range(50, 59))
Attributes = dict[str, str]


class Part:
    """What is made of a part: what to do at which start and end; texts are those of `t` and `v`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.values = 0  # how many `v` were there
        self.is_mute = False  # in furigana, which repeat the text, and where no text belongs
        self.starts: dict[str, Callable[[Attributes], None]] = {"rPh": lambda _: self._mute(True)}
        self.ends: dict[str, Callable[[], None]] = {"rPh": lambda: self._mute(False)}

    def _mute(self, is_mute: bool) -> None:
        self.is_mute = is_mute

    def take_text(self) -> str:
        """Return what was collected since the last time, with Excel's own escapes undone."""
        text = "".join(self.texts)
        self.texts.clear()
        return ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter.isprintable() or letter in "\t\r\n" else found[0]


class Budget:
    """What may still be read of one workbook: a small file can unfold to hours of work."""

    def __init__(self) -> None:
        self.tags, self.letters, self.work = MAX_TAGS, MAX_LETTERS, MAX_WORK

    def spend(self, tags: int = 0, letters: int = 0, work: int = 0) -> None:
        self.tags -= tags
        self.letters -= letters
        self.work -= work
        if self.tags < 0 or self.letters < 0 or self.work < 0:
            raise BadFile("too_much")


def walk(content: bytes, part: Part, budget: Budget) -> None:
    """Read a part into `part`. Raises `ValueError`, `ExpatError`, or `BadFile` over the budget."""
    budget.spend(tags=content.count(b"<") + content.count(b"/>"))
    parser = expat.ParserCreate("utf-8")  # in another encoding, the tags would not have been counted
    parser.buffer_text = True
    starts, ends = part.starts, part.ends

    def start(name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name in ("t", "v"):
            part.values += name == "v"
            parser.CharacterDataHandler = None if part.is_mute else part.texts.append
        elif name in starts:
            starts[name](attributes)

    def end(name: str) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name in ("t", "v"):
            parser.CharacterDataHandler = None
        elif name in ends:
            ends[name]()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)  # at once: in pieces, a long token would be read again for each
    finally:  # the handlers hold the parser, and the parser them
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


def _refuse_doctype(*declared: Any) -> None:
    raise ValueError("a workbook declares no document type")


def refuse_twice(_: Attributes) -> None:
    """Refuse what would say the same twice, or a second time something else."""
    raise ValueError("an element that Excel writes once, or a choice between two contents")


class Elements(Part):
    """Lists the attributes of the wanted elements."""

    def __init__(self, *wanted: str) -> None:
        super().__init__()
        self.found: dict[str, list[Attributes]] = {name: [] for name in wanted}
        self.starts = {name: found.append for name, found in self.found.items()}


class Strings(Part):
    """The texts that cells refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.starts |= {"si": self._open, "AlternateContent": refuse_twice}
        self.ends["si"] = self._close

    def _open(self, _: Attributes) -> None:
        self.texts.clear()
        self.starts["si"] = refuse_twice

    def _close(self) -> None:
        self.found.append(self.take_text())
        self.starts["si"] = self._open


class Styles(Part):
    """Which styles show a number as a day or time."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = dict.fromkeys(JAPANESE_DAYS, "yyyy-mm-dd") | BUILTIN_FORMATS
        self.styles: list[int] = []
        self.section = ""
        self.starts = {"numFmt": self._code, "xf": self._style}
        for name in ("numFmts", "cellStyleXfs", "cellXfs", "dxfs"):
            self.starts[name] = partial(self._open, name)

    def _open(self, name: str, _: Attributes) -> None:
        self.section = name

    def _code(self, one: Attributes) -> None:
        if self.section == "numFmts":
            self.codes[int(one["numFmtId"])] = one["formatCode"][:MAX_FORMAT]

    def _style(self, one: Attributes) -> None:
        if self.section == "cellXfs":
            self.styles.append(int(one.get("numFmtId", 0)))
            if len(self.styles) > MAX_STYLES:
                raise ValueError(f"more than {MAX_STYLES} styles")

    def days(self) -> dict[int, bool]:
        """Return style -> whether it is a span of time, for those that show days and times."""
        codes = {number: self.codes.get(number) for number in set(self.styles)}
        spans = {number: is_timedelta_format(code) for number, code in codes.items() if is_date_format(code)}
        return {style: spans[number] for style, number in enumerate(self.styles) if number in spans}
