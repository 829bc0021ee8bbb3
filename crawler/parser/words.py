"""The words by which a printed list is understood, read from `data/lookups/parser_words.csv`.

What belongs here: what a word or a phrase means on its own (a section, a maker, a column, a date).
What does not: anything that depends on where on the page it stands.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from crawler.lookups import parser_words
from crawler.names import Section, fold, match_key

WORDS_FILE = Path(__file__).parents[2] / "data" / "lookups" / "parser_words.csv"

BRACKETS = "()（）[]［］【】〔〕「」『』〈〉《》<>＜＞≪≫"
EDGES = " \t\u3000:：、,，。・/／-－―~〜～" + BRACKETS
NEAR = 40
NUMBER = r"[0-9]{1,4}"
PRINTED_DATE = re.compile(
    r"(?:(?P<era>令和|平成|R|H)\s*(?P<era_year>元|[0-9]{1,2})\s*[年.]|(?P<year>20[0-9]{2})\s*[年/.\-])"
    r"\s*(?P<month>[0-9]{1,2})\s*[月/.\-]\s*(?P<day>[0-9]{1,2})(?![0-9])"
)
ERA_START = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
UPDATED_BEFORE = re.compile(r"(?:最終更新|更新)(?:日時|日)?\s*[(:]?\s*$")
UPDATED_AFTER = re.compile(
    r"日?\s*(?:[(（].{1,3}[)）])?\s*(?:[0-9]{1,2}:[0-9]{2}\s*)?(?:現在|時点|更新|改訂)"
)
WHEN = re.compile(
    rf"(?:(?:{NUMBER}年度?|令和(?:元|[0-9]{{1,2}})年度?)\s*)?[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?"
    rf"|{NUMBER}年度?\s*(?:春|夏|秋|冬|内|中|末|前半|後半|以降|頃)|20[0-9]{{2}}/[0-9]{{1,2}}(?:/[0-9]{{1,2}})?|20[0-9]{{2}}年度?"
)
WHEN_TAIL = re.compile(r"\s*(?:上旬|中旬|下旬|初旬|末|頃|ごろ|以降|より|から|まで|順次|内|中)")
WHEN_TAILS = re.compile(rf"(?:{WHEN_TAIL.pattern})+|[にの]")
LATER = re.compile(r"以降|頃|ごろ|より|から|上旬|中旬|下旬|初旬|順次")
# What a heading says of its own file: `（PDF：120KB）`, `［PDF］`, `PDFファイル`.
FILE = re.compile(
    r"[(\[（［【〔][^()\[\]（）［］【】〔〕]{0,12}(?:PDF|Excel)[^()\[\]（）［］【】〔〕]{0,20}[)\]）］】〕]|PDF(?:ファイル|形式|版)?",
    re.IGNORECASE,
)
AS_OF_LABEL = re.compile(r"(?:最終)?(?:更新|改訂)(?:日時|日)?\s*[:：]?\s*$")
EMPTY_BRACKETS = re.compile(r"[(\[（［【〔]\s*[)\]）］】〕]")
COMPANY = re.compile(
    r"株式会社|合同会社|有限会社|\(株\)|社製|製$|社$|,?\s*(?:inc|llc|co|ltd|corp)\b\.?", re.IGNORECASE
)


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of one kind as printed in the file."""
    return frozenset(word for row_kind, word in _rows() if row_kind == kind)


@cache
def keys(kind: str) -> frozenset[str]:
    """Return the words of one kind as folded keys."""
    return frozenset(filter(None, map(match_key, words(kind))))


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    return tuple((row["kind"], row["word"]) for row in parser_words(WORDS_FILE))


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """Return a regex for any word of a kind, longest first, in `flat` text.

    Latin words match whole words only, with or without their spaces.
    """
    return re.compile(alternatives(kind), re.IGNORECASE)


def alternatives(kind: str) -> str:
    forms = {form for word in words(kind) for form in (flat(word), unicodedata.normalize("NFD", word))}
    is_spaced = kind.startswith(("section_", "doubt_"))
    return "|".join(_as_regex(form, is_spaced) for form in sorted(forms, key=lambda form: (-len(form), form)))


def _as_regex(word: str, is_spaced: bool) -> str:
    """Return a word as regex; `is_spaced`: also where blanks stand between its letters: `対 応 予 定`."""
    parts = list(word) if is_spaced and not word.isascii() else word.split()
    escaped = r"\s?".join(map(re.escape, parts))
    before = r"(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{before}{escaped}{after}"


def flat(text: str) -> str:
    """Return `text` with half/full width unified, one character for one, so that positions hold."""
    return "".join(map(_flat_char, text))


@cache
def _flat_char(char: str) -> str:
    if char in "‐‑‒–−﹣":
        return "-"
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def has_word(text: str, kind: str) -> bool:
    return bool(pattern(kind).search(flat(text)))


def is_maker(text: str) -> bool:
    """Tell whether the whole text names makers that are known: `シャープ（SHARP）`, `ソニー株式会社`."""
    parts = [part for part in re.split(r"[()/\[\]]", COMPANY.sub("", fold(text))) if match_key(part)]
    return bool(parts) and all(match_key(part) in keys("maker") for part in parts)


def is_carrier(text: str) -> bool:
    """Tell whether the whole text is carrier names: `ドコモ`, `KDDI（au）`, `au／UQ mobile`."""
    left, count = pattern("carrier").subn(" ", flat(text))
    return count > 0 and not match_key(pattern("filler").sub("", left))


def section_of(text: str) -> Section | None:
    """Return the section that a heading, cell or phrase speaks of, None when it speaks of none.

    Doubt goes against LISTED: an unknown phrasing with 予定 or 対象外 is never LISTED.
    """
    if _is_negated_plan(text) or (
        has_word(text, "section_excluded") and not has_word(text, "section_planned")
    ):
        return Section.EXCLUDED
    if has_word(text, "section_planned"):
        return Section.PLANNED
    return Section.LISTED if has_word(text, "section_listed") else None


def closed_section(text: str) -> Section | None:
    """Return PLANNED or EXCLUDED when the text speaks of it, else None."""
    found = section_of(text)
    return None if found is Section.LISTED else found


def section_span(text: str) -> tuple[int, int]:
    """Return where the first word for PLANNED or EXCLUDED stands, its date included; (0, 0) for none."""
    normal = flat(text)
    matches = [pattern(kind).search(normal) for kind in ("section_planned", "section_excluded")]
    spans = [match.span() for match in matches if match]
    if not spans:
        return 0, 0
    start, end = min(spans)
    near = max(0, start - NEAR)
    head = normal[near:start].rstrip(EDGES)
    date_span = next(
        (match for match in WHEN.finditer(head) if not WHEN_TAILS.sub("", head[match.end() :])), None
    )
    return (near + date_span.start() if date_span else start), end


def _is_negated_plan(text: str) -> bool:
    return any("予定" in word and word in text for word in words("section_excluded"))


def is_mixed(text: str) -> bool:
    """Tell whether a heading covers listed rows as well as others: `対応機種および対応予定機種`."""
    rest = without(text, "section_excluded", "section_planned")
    return rest != flat(text) and has_word(rest, "section_listed")


def without(text: str, *kinds: str) -> str:
    """Return flat text with the words of those kinds taken out."""
    text = flat(text)
    for kind in kinds:
        text = pattern(kind).sub("", text)
    return text


def when_of(text: str) -> str:
    """Return the month or date printed in a heading, with its 以降 or 頃, '' when there is none."""
    normal = flat(text)
    as_of = [span for span, _ in _updates(normal)]
    match = next((m for m in WHEN.finditer(normal) if not any(a <= m.start() < b for a, b in as_of)), None)
    if not match:
        return ""
    end = match.end()
    while tail := WHEN_TAIL.match(normal, end):
        end = tail.end()
    return text[match.start() : end].strip()


def is_when(text: str) -> bool:
    """Tell whether the whole text is a date: `2025年2月以降`."""
    found = when_of(text)
    return bool(found) and found == text.strip(EDGES)


def is_later(text: str) -> bool:
    """Tell whether the whole text is a time from which on something will hold: `2025年2月以降`."""
    return is_when(text) and bool(LATER.search(text))


def drop_updates(normal: str) -> str:
    """Return flat text without the dates that it prints as its own update."""
    for start, end in reversed([span for span, _ in _updates(normal)]):
        normal = normal[:start] + UPDATED_AFTER.sub("", normal[end:], count=1)
    return normal


def without_edition(text: str) -> str:
    """Return a printed text without its own date of update and without what it says of its file."""
    for start, end in reversed([span for span, _ in _updates(flat(text))]):
        after = UPDATED_AFTER.match(flat(text), end)
        text = AS_OF_LABEL.sub("", text[:start]) + text[after.end() if after else end :]
    return EMPTY_BRACKETS.sub("", FILE.sub("", text)).strip()


def update_dates(text: str) -> Iterator[date]:
    """Yield the dates that the text prints as its own update or as-of date; impossible ones are left out."""
    for _, found in _updates(flat(text)):
        if found:
            yield found


def _updates(normal: str) -> Iterator[tuple[tuple[int, int], date | None]]:
    for match in PRINTED_DATE.finditer(normal):
        before, after = (
            normal[max(0, match.start() - 12) : match.start()],
            normal[match.end() : match.end() + 24],
        )
        if UPDATED_BEFORE.search(before) or UPDATED_AFTER.match(after):
            yield match.span(), _as_date(match)


def _as_date(match: re.Match[str]) -> date | None:
    if match["era"]:
        year = ERA_START[match["era"]] + (1 if match["era_year"] == "元" else int(match["era_year"]))
    else:
        year = int(match["year"])
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
