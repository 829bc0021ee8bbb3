"""Signs beside a device or alone in a cell, `★ △ ×`, and the lines that say what a sign means."""

import re

from crawler.names import Section
from crawler.parser.footnotes import Mark, tidy
from crawler.parser.tokens import has_model
from crawler.parser.words import flat, has_word

NO, HALF, YES = "×✕✖✗☓✘❌", "△▲", "○◯〇✓✔"
# Circled numbers are footnotes: one that no line explains in known words stays as a note that asks.
OTHER = "★☆◎●◆◇■□▼▽♦♢◉⭐✩✪①②③④⑤⑥⑦⑧⑨⑩"
TAIL = 40
LEADING = re.compile(rf"^([{NO}{HALF}])\s*(?=\S)")
TRAILING = re.compile(rf"(?<=\S)[\s…‥・:：.\-－―]*([{NO}{HALF}{YES}{OTHER}]+)$")
# A footnote sign in front of a device asks; a bullet (● ◆ ■) only where some line explains it.
FRONT = re.compile(rf"^(?:([※＊*†])\s*([0-9０-９]{{1,2}})|([※＊*†{OTHER}]))(?![0-9０-９])\s*(?=\S)")
BULLETS = "●◆◇■□▼▽♦♢◉"
SIGN = rf"[「『\"(（\[【]?([{NO}{HALF}{YES}{OTHER}])[」』\"）)\]】]?"
# `★印の機種は …` says it anywhere, `★：…` and `★は …` only where a line or sign begins.
MARKED = re.compile(
    rf"{SIGN.replace(OTHER, OTHER + '※＊*')}\s*(?:印|マーク|が?付き|[のが](?:付い|つい|ある))"
)
BEGIN = r"(?:^(?:凡例|記号の?(?:説明|意味)?)?[\s:：]*|(?<=[\s、，,/／;；。)）]))"
DEFINED = re.compile(rf"{BEGIN}※?{SIGN}\s*(?:[:：=＝…‥]|は|\s[-－]\s)\s*")


def take_sign(text: str) -> tuple[str, Section | None, list[Mark]]:
    """Take the signs at both ends off a device: (rest, EXCLUDED for a ×, the other signs as marks)."""
    found = ""
    match = LEADING.match(text)
    if match:
        found, text = match[1], text[match.end() :]
    begin, end = text[:-TAIL], text[-TAIL:]
    match = TRAILING.search(end)
    if match:
        found, text = found + match[1], begin + end[: match.start()]
    section = Section.EXCLUDED if any(sign in NO for sign in found) else None
    return tidy(text), section, [mark_of(sign) for sign in found if sign not in NO]


def take_front(text: str) -> tuple[str, list[Mark]]:
    """Take the sign in front of a device off a cell, `※AQUOS` or `★AQUOS`: (rest, its mark)."""
    match = FRONT.match(text)
    if match is None:
        return text, []
    if match[2]:
        return text[match.end() :], [Mark(match[1] + match[2], flat(match[1]), flat(match[2]))]
    sign = match[3]
    return text[match.end() :], [Mark("" if sign in BULLETS else sign, mark_of(flat(sign)).family, "")]


def mark_of(sign: str) -> Mark:
    """Return the mark for a sign; one that says yes prints nothing where no line explains it."""
    sign = "○" if sign in "◯〇" else sign
    return Mark("" if sign in YES else sign, sign, "")


def cell_marks(text: str) -> list[Mark]:
    """Return the mark of a cell that holds one sign only; it prints nothing where no line explains it."""
    is_sign = len(text) == 1 and text in HALF + YES + OTHER
    return [Mark("", mark_of(text).family, "")] if is_sign else []


def read_legends(text: str) -> list[tuple[Mark, str]]:
    """Return the signs that a line explains with what it says of each, [] for any other line."""
    if has_model(text) or has_word(text, "brand"):
        return []
    found = MARKED.search(text)
    if found:
        return [(Mark(found[1], mark_of(flat(found[1])).family, ""), tidy(text))]
    matches = list(DEFINED.finditer(text))
    if not matches or matches[0].start() > 0:
        return []
    ends = [match.start() for match in matches[1:]] + [len(text)]
    said = [text[match.end() : end].strip(" 　、，,/／;；") for match, end in zip(matches, ends, strict=True)]
    if not all(said):
        return []
    return [(mark_of(match[1]), tidy(meaning)) for match, meaning in zip(matches, said, strict=True)]
