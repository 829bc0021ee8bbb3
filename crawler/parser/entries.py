"""One printed line or cell taken apart into name, model numbers, carriers and note."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from crawler.names import Section
from crawler.parser.footnotes import Mark, take_marks
from crawler.parser.signs import take_sign
from crawler.parser.statuses import OPEN_BRACKETS, own_brackets, take_front_word, take_label, take_section
from crawler.parser.tokens import Token, tokens_of
from crawler.parser.words import (
    has_word,
    is_maker,
)

# A rest of letters, digits or a sign may point to a footnote: `（予）`, `(1)`, `#`. Mere brackets do not.
SAYS = re.compile(r"[^\W_]|[#＃]")


@dataclass
class Entry:
    """One device as a line or cell prints it; `section` is set when the text itself names one."""

    name: str = ""
    model: str = ""
    carrier: str = ""
    maker: str = ""
    notes: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    section: Section | None = None


@dataclass
class Run:
    """Tokens of a name or of model numbers. `is_new`: cut off by `、`; `is_separated`: behind a separator."""

    is_model: bool
    tokens: list[Token]
    is_separated: bool
    is_new: bool = False


def split_entries(text: str, is_list: bool = True) -> list[Entry]:
    """Return the devices that a printed text names, [] for an empty text.

    `is_list`: whether `、` between names separates devices. Brackets stay in the name unless they
    hold model numbers or carriers: `Pixel 4a (5G)` is a name.
    """
    parts = own_brackets(text) if is_list else []
    if parts:
        return [entry for part in parts for entry in split_entries(part)]
    text, marks, inline = take_marks(text)
    text, refused, signs = take_sign(text)
    text, label, asks = take_label(text)
    text, section, notes = take_section(text)
    text, fronts = take_front_word(text)
    notes += asks + fronts
    marks, section = marks + signs, refused or label or section
    if inline:
        notes.append(inline)
    maker, text = _take_maker(text)
    entries = list(_split(text, is_list))
    for entry in entries:
        entry.maker, entry.section = maker, section or entry.section
        entry.notes += notes
        entry.marks = list(marks)
    return entries


def _take_maker(text: str) -> tuple[str, str]:
    match = re.match(r"([^:：]{1,40})[:：]\s*(?=\S)", text)
    if match and is_maker(match[1]):
        return match[1].strip(), text[match.end() :]
    return "", text


def _split(text: str, is_list: bool) -> Iterator[Entry]:
    runs = _runs(text, is_list)
    is_model_first = len(runs) > 1 and runs[0].is_model
    current = Entry()
    for index, run in enumerate(runs):
        printed = text[run.tokens[0].start : run.tokens[-1].end]
        if run.is_model:
            if is_model_first and current.name:
                yield current
                current = Entry()
            _add_models(current, text, run.tokens)
        elif current.name and (run.is_new or _opens_device(printed, run, is_last=index + 1 == len(runs))):
            yield current
            current = Entry()
            _add_name(current, text, run.tokens)
        elif current.name:
            note = _unwrap(printed)
            current.notes += [note] if SAYS.search(note) else []
        else:
            _add_name(current, text, run.tokens)
    if current.name or current.model:
        yield current


def _opens_device(printed: str, run: Run, is_last: bool) -> bool:
    return run.is_separated and (not is_last or has_word(printed, "brand"))


def _runs(text: str, is_list: bool) -> list[Run]:
    """Cut the tokens into runs of name words and runs of model numbers with their carriers."""
    runs: list[Run] = []
    was_sep = False
    for is_word, group in groupby(tokens_of(text), key=lambda token: token.kind == "word"):
        tokens = list(group)
        is_model = not is_word and any(token.kind in ("model", "model_group") for token in tokens)
        if not is_model and runs and not runs[-1].is_model:
            runs[-1].tokens.extend(tokens)
        else:
            runs.append(Run(is_model, tokens, was_sep))
        was_sep = tokens[-1].kind == "sep" and text[tokens[-1].start] not in ":："
    parts = [part for run in runs for part in (_parts(text, run) if is_list and not run.is_model else [run])]
    for part in parts:
        part.tokens = _trim(part.tokens)
    return [part for part in parts if part.tokens]


def _parts(text: str, run: Run) -> Iterator[Run]:
    """Cut a run of names at `、`: no device name holds one."""
    part = Run(False, [], run.is_separated)
    for token in run.tokens:
        if token.kind == "sep" and text[token.start] in "、，,":
            yield part
            part = Run(False, [], True, True)
        else:
            part.tokens.append(token)
    yield part


def _trim(tokens: list[Token]) -> list[Token]:
    start, end = 0, len(tokens)
    while start < end and tokens[start].kind == "sep":
        start += 1
    while end > start and tokens[end - 1].kind == "sep":
        end -= 1
    return tokens[start:end]


def _add_name(entry: Entry, text: str, tokens: list[Token]) -> None:
    """Set the name; carriers in brackets or behind a colon at its end become the carrier."""
    cut = len(tokens)
    while cut > 1 and tokens[cut - 1].kind in ("carrier_group", "carrier", "sep", "filler"):
        cut -= 1
    tail = tokens[cut:]
    if tail and (tail[0].kind == "carrier_group" or text[tail[0].start] in ":："):
        entry.carrier = _unwrap(text[tail[0].start : tail[-1].end])
    else:
        cut = len(tokens)
    entry.name = text[tokens[0].start : tokens[cut - 1].end]


def _add_models(entry: Entry, text: str, tokens: list[Token]) -> None:
    while tokens[0].kind in ("filler", "sep"):
        tokens = tokens[1:]
    groups = [token for token in tokens if token.kind != "sep"]
    if all(token.kind in ("model_group", "carrier_group") for token in groups):
        contents = {token: text[token.start + 1 : token.end - 1].strip() for token in groups}
        model = "、".join(contents[token] for token in groups if token.kind == "model_group")
        entry.carrier = "、".join(contents[token] for token in groups if token.kind == "carrier_group")
    else:
        model = text[tokens[0].start : tokens[-1].end]
    entry.model = f"{entry.model} {model}".strip()


def _unwrap(text: str) -> str:
    """Return the text without separators and one pair of brackets around it."""
    text = text.strip(" :：、，,/／")
    is_wrapped = text[:1] in OPEN_BRACKETS and text[-1:] in ")）]］" and text.count(text[0]) == 1
    return text[1:-1].strip() if is_wrapped else text
