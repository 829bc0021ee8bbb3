"""One printed line or cell taken apart into name, model numbers, carriers and note."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from crawler.names import Section
from crawler.parser.doubt import doubtful_section
from crawler.parser.footnotes import Mark, take_marks, tidy
from crawler.parser.signs import take_sign
from crawler.parser.tokens import Token, has_model, tokens_of
from crawler.parser.words import (
    EDGES,
    closed_section,
    has_word,
    is_later,
    is_maker,
    is_when,
    section_of,
    section_span,
)

YEAR_MODEL = re.compile(r"[0-9]{4}年?(?:[春夏秋冬])?(?:モデル|版|発売)?")
INNER = re.compile(r"[(（]([^()（）]*)[)）]")
LINE_LIMIT = 500
OPEN_BRACKETS = ("(", "（", "[", "［", "【")


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
    parts = _own_brackets(text) if is_list else []
    if parts:
        return [entry for part in parts for entry in split_entries(part)]
    text, marks, inline = take_marks(text)
    text, refused, signs = take_sign(text)
    text, label = _take_label(text)
    text, section, notes = take_section(text)
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


def _own_brackets(text: str) -> list[str]:
    """Cut `A（SH-1A）、B（SH-2B、3月対応予定）` at `、`: each device has its number, one its own status."""
    if not any(closed_section(inner) and has_model(inner) for inner in INNER.findall(text[:LINE_LIMIT])):
        return []
    parts = re.split(r"[、，,/／]\s*(?![^(（]*[)）])", text)
    is_each = len(parts) > 1 and all(has_model(part) and "※" not in part for part in parts)
    return parts if is_each and len(text) <= LINE_LIMIT else []


def take_section(text: str) -> tuple[str, Section | None, list[str]]:
    """Take `（対応予定）` or `（2025年3月以降）` off the text: (rest, section, the words taken)."""
    notes: list[str] = []
    section: Section | None = None
    kept: list[str] = []
    for part in re.split(r"([(（\[［【][^()（）\[\]［］【】]*[)）\]］】])", text):
        found = closed_section(part) if part[:1] in OPEN_BRACKETS else None
        if found and has_model(part):
            part, said = _cut_bracket(part)
            notes.append(said)
            section = section or found
            kept.append(part)
            continue
        doubt = None if found else _doubt_in(part)
        is_listed = part[:1] in OPEN_BRACKETS and section_of(part) is not None and not has_model(part)
        if found or doubt or is_listed or (part[:1] in OPEN_BRACKETS and is_when(part)):
            notes.append(part.strip(EDGES))
            later = Section.PLANNED if is_later(part) or doubt is Section.PLANNED else None
            section = found or section or later
        else:
            kept.append(part)
    rest = tidy("".join(kept))
    found = closed_section(rest)
    if not found:
        return rest, section, notes
    rest, note = _cut_section(rest)
    return rest, found, [note, *notes] if note else notes


def _doubt_in(part: str) -> Section | None:
    """Return what the unknown words of a bracket may mean: `（来月対応）`; `（2024年モデル）` is a name."""
    if part[:1] not in OPEN_BRACKETS or has_model(part) or YEAR_MODEL.fullmatch(part[1:-1]):
        return None
    return doubtful_section(part.strip(EDGES))


def _cut_bracket(part: str) -> tuple[str, str]:
    """Cut `（SH-51E、3月対応予定）` into (`（SH-51E）`, `3月対応予定`)."""
    inner = re.split(r"\s*[、，,;；/／\s]\s*", part[1:-1])
    models = [text for text in inner if has_model(text) and not closed_section(text)]
    said = [text for text in inner if text not in models]
    if not models:
        start, _ = section_span(part)
        return f"{part[:start]}{part[-1]}", part[start:-1].strip(EDGES)
    return f"{part[0]}{'、'.join(models)}{part[-1]}", "、".join(said)


def _cut_section(text: str) -> tuple[str, str]:
    """Cut `Galaxy S24 3月対応予定` or `対応予定：Galaxy S24` into (the device, the section words)."""
    start, end = section_span(text)
    before, after = text[:start].rstrip(EDGES), text[end:]
    if not before:
        label = re.match(r"[^\s:：]{0,12}[\s:：]+(?=\S)", after)
        return (after[label.end() :], "") if label else (text, "")
    if has_model(after):
        return tidy(f"{before} {after}"), text[start:end].strip(EDGES)
    return before, text[start:].strip(EDGES)


def _take_label(text: str) -> tuple[str, Section | None]:
    """Take `対応機種：` or `来月対応：` off a line: (the devices, PLANNED or EXCLUDED if it says so)."""
    match = re.match(r"([^:：]{2,20})[:：]\s*(?=\S)", text)
    if not match or has_model(match[1]) or has_word(match[1], "brand"):
        return text, None
    found = closed_section(match[1])
    if found:
        return text, found
    doubt = doubtful_section(match[1])
    return text[match.end() :] if doubt or section_of(match[1]) else text, doubt


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
            current.notes += [note] if len(note) > 1 else []
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
