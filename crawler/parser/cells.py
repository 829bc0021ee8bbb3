"""The cells of one table row, by the kind of their column, read as devices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.names import Section, match_key
from crawler.parser.columns import Column
from crawler.parser.doubt import doubtful_section, is_over
from crawler.parser.entries import Entry, split_entries
from crawler.parser.footnotes import take_marks
from crawler.parser.grid import Cell
from crawler.parser.headings import is_device_like, left_over
from crawler.parser.lines import note_section
from crawler.parser.signs import cell_marks, take_front, take_sign
from crawler.parser.statuses import take_section
from crawler.parser.tokens import has_model, is_models
from crawler.parser.unknown import is_asking
from crawler.parser.words import closed_section, flat, is_when, section_of, words

TIMING = re.compile("対応.*時期|提供時期|開始時期")


@dataclass(frozen=True)
class Odd:
    """A row or cell that is printed and yields no device."""

    text: str


@dataclass
class Cells:
    """The cells of one group, by the kind of their column."""

    group: list[tuple[Column, Cell]]

    def of(self, kind: str) -> list[tuple[Column, Cell]]:
        return [(column, cell) for column, cell in self.group if column.kind == kind and not cell.is_blank]

    def lines(self, kind: str) -> list[str]:
        return [line for cell in dict.fromkeys(cell for _, cell in self.of(kind)) for line in cell.lines]

    def text(self, kind: str) -> str:
        return " ".join(self.lines(kind))

    def is_blank(self) -> bool:
        return not any(self.of(kind) for kind in ("name", "model", "seller"))

    def has_sellers(self) -> bool:
        return any(column.kind == "seller" for column, _ in self.group)

    def unclear_status(self) -> str:
        """Return the printed row when its 対応状況 cannot be read, or a × has no known meaning; else ''."""
        for column, cell in self.group:
            if column.kind == "other" and flat(cell.text) in words("no"):
                return " | ".join(cell.text for _, cell in self.group if cell.lines)
            is_status = column.kind == "status" and column.section is None
            if is_status and not match_key(cell.text) and flat(cell.text) not in words("yes") | words("no"):
                if cell.is_blank and cell.text in words("blank"):
                    continue
                return " | ".join(cell.text for _, cell in self.group if cell.lines)
        return ""

    def sold(self, devices: list[Entry]) -> Iterator[Entry | Odd]:
        """Yield one device for each carrier column that prints a model number or ○."""
        base = devices[0] if devices else Entry()
        refused: list[str] = []
        found: list[Entry] = []
        for column, cell in self.of("seller"):
            entry = _sold(base, column, cell)
            if entry is None:
                refused.append(f"{column.title} {cell.text}")
            else:
                found.append(entry)
        models = [match_key(entry.model) for entry in found]
        if base.model and not any(match_key(base.model) in model for model in models):
            found.append(base)
        yield from found
        if refused and not found and base.name:
            yield Entry(base.name, notes=[*base.notes, *refused], marks=base.marks, section=Section.EXCLUDED)
        elif refused:
            yield from (Odd(f"{base.name} {text}") for text in refused)


def _sold(base: Entry, column: Column, cell: Cell) -> Entry | None:
    """Return the device as one carrier sells it, None when the cell says ×."""
    text, marks, inline = take_marks(cell.text)
    text, section, notes = take_section(text)
    normal = flat(text)
    if normal in words("no"):
        return None
    entry = Entry(base.name, "", column.title, "", [*base.notes, *notes], [*base.marks, *marks])
    entry.section = section or base.section or column.section
    rest = text[1:] if normal[:1] in words("yes") else "" if normal in words("yes") else text
    if has_model(rest) or (rest.isascii() and rest.strip()):
        entry.model = rest.strip()
    elif not section or normal[:1] in words("yes"):
        entry.model = base.model
        if not entry.section and rest == text:
            entry.section = _stated(rest) or (Section.EXCLUDED if rest.strip() == "未" else None)
        entry.notes += [rest.strip(" ()（）")] if rest else []
    entry.notes += [inline] if inline else []
    return entry


def take_cell(text: str) -> tuple[str, Entry]:
    """Take `（対応予定）` or `※対象外` off a maker or carrier: (its name, what the cell says of the row)."""
    rest, marks, inline = take_marks(text)
    rest, refused, signs = take_sign(rest)
    rest, section, notes = take_section(rest)
    for part in re.findall(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]", rest):
        doubt = doubtful_section(part)
        if doubt:
            notes, section = [*notes, part.strip()], section or doubt
            rest = re.sub(rf"\s*.{re.escape(part)}.", "", rest)
    said = Entry(notes=[*notes, inline] if inline else notes, marks=[*marks, *signs])
    said.section = refused or section or (note_section(inline) if inline else None)
    return rest, said


def read_devices(names: list[str], models: list[str]) -> Iterator[Entry]:
    """Yield the devices of a name cell and a model cell, each a list of printed lines."""
    if not models:
        is_one = len(names) > 1 and all(is_models(line) or line[:1] in "(（※" for line in names[1:])
        yield from _read_lines([" ".join(names)] if is_one else names)
    elif len(names) == len(models):
        for name, model in zip(names, models, strict=True):
            yield _device(name, model)
    else:
        yield _device(" ".join(names), " ".join(models))


def _read_lines(lines: list[str]) -> Iterator[Entry]:
    """Yield the devices of a cell that prints one a line, perhaps under headings such as 【対応予定】."""
    section: Section | None = None
    asks: list[str] = []
    for line in lines:
        found = section_of(line) or doubtful_section(line)
        is_odd = len(lines) > 1 and is_asking(line)
        if (found or is_odd) and not has_model(line) and not is_device_like(left_over(line)):
            section = section if is_odd else None if found is Section.LISTED else found
            asks = [line] if is_odd else []
            continue
        line, marks = take_front(line)
        for entry in split_entries(line):
            entry.section, entry.marks = entry.section or section, entry.marks + marks
            entry.notes = entry.notes + asks
            yield entry


def _device(name: str, model: str) -> Entry:
    (name, fronts), (model, more) = take_front(name), take_front(model)
    found = split_entries(name, is_list=False)
    entry = found[0] if len(found) == 1 else Entry(name)
    model, marks, inline = take_marks(model)
    model, refused, signs = take_sign(model)
    model, section, notes = take_section(model)
    section, marks = refused or section, fronts + more + marks + signs
    if name and (not entry.name or not name.rstrip().endswith((")", "）"))):
        entry.name, entry.model = take_sign(take_marks(name)[0])[0], ""
    if entry.model and match_key(entry.model) not in match_key(model):
        model = f"{entry.model}、{model}"
    entry.model, entry.section = model, entry.section or section
    entry.marks += marks
    entry.notes += notes + ([inline] if inline else [])
    return entry


def add_section(entry: Entry, cells: Cells) -> None:
    """Let 対応状況 cells and headers such as 対応予定機種 decide the section; the stricter one wins."""
    for column, cell in cells.group:
        is_plan = column.section is not None and not cell.is_blank and flat(cell.text) not in words("no")
        if is_plan and column.kind != "seller":
            entry.section = entry.section or column.section
        if column.kind == "status" and column.section is None:
            if flat(cell.text) in words("no") or (cell.is_blank and cell.text):
                entry.section = Section.EXCLUDED
            elif flat(cell.text) not in words("yes") and not (is_when(cell.text) and "日" in column.title):
                entry.section = _stated(cell.text) or entry.section
        elif TIMING.search(column.title) and not cell.is_blank:
            entry.section = entry.section or _stated(cell.text)
        if column.kind in ("status", "other", "seller"):
            entry.marks += cell_marks(cell.text)


def _stated(text: str) -> Section | None:
    """Return the section that a cell of 対応状況 or 対応時期 states; a date alone is one to come."""
    text = take_marks(text)[0]
    if is_over(text):
        return None
    to_come = is_when(text) or doubtful_section(text) is Section.PLANNED
    return closed_section(text) or (Section.PLANNED if to_come else note_section(text))


def add_notes(entry: Entry, cells: Cells) -> None:
    for column, cell in cells.group:
        if column.asks and not cell.is_blank:
            entry.notes.append(column.title)
        if cell.is_blank or column.kind not in ("note", "status", "extra", "other"):
            continue
        text, marks, inline = take_marks(cell.text)
        entry.marks += marks
        is_plain = column.kind == "status" and (flat(text) in words("yes") | words("no") or section_of(text))
        if column.kind == "note" or column.section:
            text = "" if flat(text) in words("yes") else text
        elif text and not is_plain:
            text = f"{column.title}：{text}" if column.title else text
        elif is_plain:
            text = "" if text in _plain_statuses() else text
        entry.notes += [part for part in (text, inline) if part]


def _plain_statuses() -> frozenset[str]:
    return words("yes") | words("no") | words("section_planned") | words("section_excluded")
