"""Dates as people in Japan write them: `昭和25年3月5日`, `S25.3.5`, `1950/3/5`, `19500305`. Pure.

Nothing is guessed: a year of two digits or an order of day and month that is not clear is refused.
"""

import re
import unicodedata
from datetime import date

# First and last day; the day on which an era ended belongs to both.
ERAS = {
    "明治": (date(1868, 1, 25), date(1912, 7, 30)),
    "大正": (date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "令和": (date(2019, 5, 1), date.max),
}
LETTERS = dict(zip("MTSHR", ERAS, strict=True))
SHORT = LETTERS | {era[0]: era for era in ERAS}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
KANJI = {sign: number for number, sign in enumerate("〇一二三四五六七八九")}

ERA = rf"(?P<era>{'|'.join(ERAS)}|[{''.join(SHORT)}])"
BETWEEN = r"\s*[./\-年月\s]\s*"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{ERA}[.\s]*(?P<year>元|\d{{1,2}}){BETWEEN}(?P<month>\d{{1,2}}){BETWEEN}(?P<day>\d{{1,2}})\s*日?",
        rf"{ERA}(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        rf"(?:西暦\s*)?(?P<year>\d{{4}}){BETWEEN}(?P<month>\d{{1,2}}){BETWEEN}(?P<day>\d{{1,2}})\s*日?",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})",
        r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    )
)
SHORT_YEAR = re.compile(rf"\d{{1,2}}{BETWEEN}\d{{1,2}}{BETWEEN}\d{{1,2}}\s*日?")
YEAR_LAST = re.compile(r"\d{1,2}[./\-\s]\d{1,2}[./\-\s]\d{4}")
AROUND = re.compile(r"\s*(?:[(（].{1,3}[)）]|生まれ|うまれ|生|[。、])\s*$")


class BadDate(ValueError):
    """The text is no date. `code` says why (a key of the texts), `values` what fills its sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def parse_date(text: str) -> date:
    """Return the day that `text` names. Raises `BadDate`.

    Codes: unreadable, short_year, year_last, no_such_day (year, month, day), not_in_era (era, year).
    """
    plain = _plain(text)
    found = next((match for pattern in PATTERNS if (match := pattern.fullmatch(plain))), None)
    if found is None:
        raise BadDate(_why_not(plain), text=text.strip()[:20])
    parts = found.groupdict()
    year, month = _year(parts["year"], parts.get("era")), _month(parts["month"])
    try:
        day = date(year, month, int(parts["day"]))
    except ValueError:
        raise BadDate("no_such_day", year=year, month=month, day=int(parts["day"])) from None
    if era := _era(parts.get("era")):
        first, last = ERAS[era]
        if not first <= day <= last:
            raise BadDate("not_in_era", era=era, year=year)
    return day


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[‐‑‒–—―−ー]", "-", plain)
    plain = re.sub(r"[〇一二三四五六七八九十]+", lambda found: _number(found[0]), plain)
    while (shorter := AROUND.sub("", plain)) != plain:
        plain = shorter
    return plain


def _number(kanji: str) -> str:
    """Return digits: 二十五 -> 25, 一九五〇 -> 1950; as it is where it is no number."""
    if "十" not in kanji:
        return "".join(str(KANJI[sign]) for sign in kanji)
    tens, _, ones = kanji.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return kanji
    return str(KANJI.get(tens, 1) * 10 + KANJI.get(ones, 0))


def _why_not(plain: str) -> str:
    if SHORT_YEAR.fullmatch(plain):
        return "short_year"
    return "year_last" if YEAR_LAST.fullmatch(plain) else "unreadable"


def _era(word: str | None) -> str | None:
    return SHORT.get(word.upper(), word) if word else None


def _year(text: str, word: str | None) -> int:
    if (era := _era(word)) is None:
        return int(text)
    return ERAS[era][0].year - 1 + (1 if text == "元" else int(text))


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    short = text[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else 0
