"""Until when a card and its electronic certificate can be used. Pure: days in, spans of days out.

The rules are facts of the table login_fact: card_adult_10th, card_age_20_before_2022, card_issue_day,
card_date_of_acceptance, card_residence_period, cert_5th, cert_5_before_card, cert_renewal. Where they
leave something open, the answer is a span: its first day is the careful one, to act upon.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ADULT_AT_18_FROM = date(2022, 4, 1)
FIRST_APPLICATION, FIRST_ISSUE = date(2015, 10, 1), date(2016, 1, 1)
CARD_YEARS, YOUNG_CARD_YEARS, CERTIFICATE_YEARS = 10, 5, 5
RENEWAL_MONTHS = 3
# Taken as the longest way from the application to the card in hand; no source says how long it is.
LONGEST_WAIT_MONTHS = 12
# Ages on the last day that is printed: applied for below 20 or, from 18, for ten birthdays.
OLDEST_WITH_YOUNG_CARD, YOUNGEST_WITH_ADULT_CARD = 25, 27


@dataclass(frozen=True)
class Known:
    """What a person knows; one of applied, issued, received or printed is needed."""

    birth: date
    applied: date | None = None
    issued: date | None = None
    received: date | None = None
    printed: date | None = None
    renewed: date | None = None
    stay_end: date | None = None


@dataclass(frozen=True)
class Span:
    """The last day of use lies between these two; both are the same where the facts decide."""

    first: date
    last: date

    def until(self, other: "Span") -> "Span":
        return Span(min(self.first, other.first), min(self.last, other.last))


@dataclass(frozen=True)
class Expiry:
    """Last days of use, and codes of what is not sure; the certificate is None where nothing tells it."""

    card: Span
    certificate: Span | None
    doubts: tuple[str, ...]


def work_out(known: Known, today: date) -> Expiry:
    """Return until when card and certificate last; `find_problem` must have found none."""
    issued = _issue_span(known, today)
    card = _card(known, issued) if issued else _exactly(known.printed)
    if known.printed:
        card = _exactly(known.printed)
    elif known.stay_end:
        card = card.until(_exactly(known.stay_end))
    certificate = _certificate(known, issued)
    if certificate is not None:
        certificate = certificate.until(card)
    return Expiry(card, certificate, tuple(_doubts(known, issued, certificate)))


def find_problem(known: Known, today: date) -> str | None:
    """Return the code of the first thing that cannot be, None when all days fit each other."""
    past = (known.applied, known.issued, known.received, known.renewed)
    begun = known.issued or known.received or known.applied
    ends = [end for end in (known.printed, known.stay_end) if end]
    checks = (
        ("birth_in_future", known.birth > today),
        ("birth_too_long_ago", known.birth < add_months(today, -12 * 130)),
        ("nothing_known", not (begun or known.printed)),
        ("in_future", any(day > today for day in past if day)),
        ("before_birth", any(day < known.birth for day in (*past, *ends) if day)),
        ("before_cards", any(day < FIRST_ISSUE for day in (*past[1:], *ends) if day)),
        ("before_applications", known.applied is not None and known.applied < FIRST_APPLICATION),
        ("wrong_order", not _in_order(known.applied, known.issued, known.received, known.renewed)),
        ("ends_before_issue", any(end < day for end in ends for day in past[1:] if day)),
        ("printed_too_late", known.printed is not None and known.printed > add_months(today, 12 * 10)),
        ("age_does_not_fit", begun is None and _age_when_printed(known) == 26),
    )
    return next((code for code, is_wrong in checks if is_wrong), None)


def _in_order(*days: date | None) -> bool:
    known = [day for day in days if day]
    return known == sorted(known)


def _issue_span(known: Known, today: date) -> Span | None:
    if known.issued:
        return _exactly(known.issued)
    if not (known.applied or known.received):
        return None
    last = known.received or min(today, add_months(_day(known.applied), LONGEST_WAIT_MONTHS))
    first = known.applied or add_months(_day(known.received), -LONGEST_WAIT_MONTHS)
    first = max(first, FIRST_ISSUE, known.birth)
    return Span(first, max(first, last))


def _card(known: Known, issued: Span) -> Span:
    if known.applied:
        applied = _exactly(known.applied)
    else:
        first = add_months(known.issued or issued.last, -LONGEST_WAIT_MONTHS)
        applied = Span(max(first, FIRST_APPLICATION), issued.last)
    is_adult = {
        _is_adult(known.birth, day, leap) for day in (applied.first, applied.last) for leap in (28, 29)
    }
    return _hull(
        _birthdays_after(known.birth, issued, CARD_YEARS if one else YOUNG_CARD_YEARS) for one in is_adult
    )


def _is_adult(birth: date, applied: date, leap: int) -> bool:
    age = 18 if applied >= ADULT_AT_18_FROM else 20
    return applied >= birthday(birth, birth.year + age, leap)


def _certificate(known: Known, issued: Span | None) -> Span | None:
    if known.renewed:
        return _birthdays_after(known.birth, _exactly(known.renewed), CERTIFICATE_YEARS)
    if issued:
        return _birthdays_after(known.birth, issued, CERTIFICATE_YEARS)
    printed, age = _day(known.printed), _age_when_printed(known)
    if age is None:
        return None
    if age <= OLDEST_WITH_YOUNG_CARD:
        return _exactly(printed)
    return Span(
        *(birthday(known.birth, printed.year - CARD_YEARS + CERTIFICATE_YEARS, leap) for leap in (28, 29))
    )


def _age_when_printed(known: Known) -> int | None:
    """Return the age that is reached on the last day printed; None where that is no birthday."""
    if known.printed is None:
        return None
    days = {birthday(known.birth, known.printed.year, leap) for leap in (28, 29)}
    return known.printed.year - known.birth.year if known.printed in days else None


def _doubts(known: Known, issued: Span | None, certificate: Span | None) -> Iterable[str]:
    if known.stay_end:
        yield "stay"
    if issued and issued.first != issued.last:
        yield "issue_not_known"
    if known.issued and not known.applied and not known.printed and len(_ages(known)) > 1:
        yield "application_not_known"
    counted = known.renewed or known.issued
    if counted and counted in {birthday(known.birth, counted.year, leap) for leap in (28, 29)}:
        yield "issued_on_birthday"
    if (known.birth.month, known.birth.day) == (2, 29):
        yield "leap_day"
    if known.renewed:
        yield "renewed"
    elif certificate is None:
        yield "printed_no_birthday"
    elif issued is None:
        yield "from_printed"


def _ages(known: Known) -> set[bool]:
    issued = _day(known.issued)
    return {
        _is_adult(known.birth, day, leap)
        for day in (max(add_months(issued, -LONGEST_WAIT_MONTHS), FIRST_APPLICATION), issued)
        for leap in (28, 29)
    }


def _birthdays_after(birth: date, since: Span, count: int) -> Span:
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


def birthday(birth: date, year: int, leap: int) -> date:
    """Return the birthday in a year; of 29 February in a common year 28 February, or 1 March (`leap` 29)."""
    if (birth.month, birth.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28) if leap == 28 else date(year, 3, 1)
    return birth.replace(year=year)


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def renewal_from(end: date) -> date:
    return add_months(end, -RENEWAL_MONTHS)


def state_of(span: Span, today: date) -> str:
    """Return the code of how things stand: ended, maybe_ended, last_day, renewable or valid."""
    if span.last < today:
        return "ended"
    if span.first < today:
        return "maybe_ended"
    if span.first == today:
        return "last_day"
    return "renewable" if renewal_from(span.first) <= today else "valid"


def time_between(first: date, last: date) -> tuple[int, int, int]:
    """Return whole years and months and the days that are left over, rounded down; `first` comes first."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, months) > last:
        months -= 1
    return months // 12, months % 12, (last - add_months(first, months)).days


def _hull(spans: Iterable[Span]) -> Span:
    together = list(spans)
    return Span(min(span.first for span in together), max(span.last for span in together))


def _exactly(day: date | None) -> Span:
    return Span(_day(day), _day(day))


def _day(day: date | None) -> date:
    if day is None:
        raise ValueError("a day is needed here; ask find_problem first")
    return day
