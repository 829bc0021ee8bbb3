"""The words of a status taken off the text of one device: brackets, labels, tails."""

import re

from crawler.names import Section
from crawler.parser.doubt import doubtful_section
from crawler.parser.footnotes import tidy
from crawler.parser.makers import is_known
from crawler.parser.tokens import has_model
from crawler.parser.unknown import is_against, is_asking, is_harmless
from crawler.parser.words import (
    EDGES,
    closed_section,
    flat,
    has_word,
    is_carrier,
    is_later,
    is_when,
    pattern,
    section_of,
    section_span,
)

OPEN_BRACKETS = ("(", "（", "[", "［", "【")
YEAR_MODEL = re.compile(r"[0-9]{4}年?(?:[春夏秋冬])?(?:モデル|版|発売)?")
FRONT = re.compile(
    r"\s*[(（\[［【〔「『《≪〈<＜]\s*([^()（）\[\]［］【】〔〕「」『』《》≪≫〈〉<>＜＞]{1,40}?)\s*[)）\]］】〕」』》≫〉>＞]\s*(?=\S)"
)
INNER = re.compile(r"[(（]([^()（）]*)[)）]")
LINE_LIMIT = 500


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


def take_label(text: str) -> tuple[str, Section | None, list[str]]:
    """Take `対応機種：` or `来月対応：` off a line: (the devices, PLANNED or EXCLUDED, what it asks)."""
    match = re.match(r"([^:：]{2,20})[:：]\s*(?=\S)", text)
    if not match or has_model(match[1]) or has_word(match[1], "brand"):
        return text, None, []
    found = closed_section(match[1])
    if found:
        return text, found, []
    doubt = doubtful_section(match[1])
    asks = [match[1]] if doubt is None and is_asking(match[1]) else []
    return text[match.end() :] if doubt or asks or section_of(match[1]) else text, doubt, asks


def front_word(text: str) -> str:
    """Return the word in brackets before a device, `【取り消し】Pixel 9`, that says something of it, else ''.

    A maker, a carrier, a status that is known and harmless words are none.
    """
    match = FRONT.match(text)
    rest = text[match.end() :] if match else ""
    if match is None or not (has_model(rest) or pattern("brand").match(flat(rest))):
        return ""
    word = match[1]
    is_said = is_against(word) or section_of(word) is not None or is_when(word)
    is_name = is_known(word) or is_carrier(word) or has_model(word) or has_word(word, "brand")
    is_plain = is_name or is_said or is_harmless(word)
    return "" if is_plain or has_word(word, "nav") else word


def take_front_word(text: str) -> tuple[str, list[str]]:
    """Take such a word off: (the device, the word as a note)."""
    match, word = FRONT.match(text), front_word(text)
    return (text[match.end() :], [word]) if match and word else (text, [])


def own_brackets(text: str) -> list[str]:
    """Cut `A（SH-1A）、B（SH-2B、3月対応予定）` at `、`: each device has its number, one its own status."""
    if not any(closed_section(inner) and has_model(inner) for inner in INNER.findall(text[:LINE_LIMIT])):
        return []
    parts = re.split(r"[、，,/／]\s*(?![^(（]*[)）])", text)
    is_each = len(parts) > 1 and all(has_model(part) and "※" not in part for part in parts)
    return parts if is_each and len(text) <= LINE_LIMIT else []
