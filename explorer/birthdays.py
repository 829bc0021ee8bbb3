"""Birthdays, months and spans of days. Pure: what the calendar says, nothing of cards."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Span:
    """A day that lies between these two; both are the same where the facts decide."""

    first: date
    last: date

    def until(self, other: "Span") -> "Span":
        return Span(min(self.first, other.first), min(self.last, other.last))


def exactly(day: date) -> Span:
    return Span(day, day)


def hull(spans: Iterable[Span]) -> Span:
    together = list(spans)
    return Span(min(span.first for span in together), max(span.last for span in together))


def birthday(birth: date, year: int, leap: int) -> date:
    """Return the birthday in a year; of 29 February in a common year 28 February, or 1 March (`leap` 29)."""
    if (birth.month, birth.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28) if leap == 28 else date(year, 3, 1)
    return birth.replace(year=year)


def birthday_span(birth: date, year: int) -> Span:
    """Return the birthday in a year, both readings of 29 February."""
    return Span(birthday(birth, year, 28), birthday(birth, year, 29))


def is_birthday(birth: date, day: date) -> bool:
    span = birthday_span(birth, day.year)
    return day in (span.first, span.last)


def birthdays_after(birth: date, since: Span, count: int) -> Span:
    """Return where the `count`-th birthday after a day lies, whichever way the open points are read."""
    days = [
        _nth_birthday(birth, day, count, leap, is_own_day_counted)
        for day in (since.first, since.last)
        for leap in (28, 29)
        for is_own_day_counted in (True, False)
    ]
    return Span(min(days), max(days))


def _nth_birthday(birth: date, since: date, count: int, leap: int, is_own_day_counted: bool) -> date:
    first = max(since.year, birth.year + 1)
    day = birthday(birth, first, leap)
    if day < since or (day == since and not is_own_day_counted):
        first += 1
    return birthday(birth, first + count - 1, leap)


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def time_between(first: date, last: date) -> tuple[int, int, int]:
    """Return whole years and months and the days that are left over, rounded down; `first` comes first."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, months) > last:
        months -= 1
    return months // 12, months % 12, (last - add_months(first, months)).days
