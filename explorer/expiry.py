"""Until when a card and its electronic certificate can be used. Pure: days in, spans of days out.

The rules are facts of the table login_fact: card_adult_10th, card_age_20_before_2022, card_issue_day,
card_date_of_acceptance, card_residence_period, cert_5th, cert_5_before_card, cert_renewed_6th,
cert_renewal_start. Where they leave something open, the answer is a span: its first day is the careful
one, to act upon.
Days that cannot be are found by `explorer.expiry_check`, which comes first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from explorer.birthdays import (
    Span,
    add_months,
    birthday,
    birthday_span,
    birthdays_after,
    exactly,
    hull,
    is_birthday,
)

ADULT_AT_18_FROM = date(2022, 4, 1)
FIRST_APPLICATION, FIRST_ISSUE = date(2015, 10, 1), date(2016, 1, 1)
CARD_YEARS, YOUNG_CARD_YEARS, CERTIFICATE_YEARS = 10, 5, 5
# Renewed before its end a certificate is said to last a birthday longer; which it was, nobody is asked.
RENEWED_YEARS = (5, 6)
RENEWAL_MONTHS = 3
# Months from the application to the card in hand. No source gives a limit, and more than a year happens:
# cards wait at the counter until they are fetched. Too long only widens a span; too short would call a
# wrong day certain.
LONGEST_WAIT = 18


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

    @property
    def is_begun(self) -> bool:
        """Whether a day tells when the card was issued, if only roughly."""
        return any((self.applied, self.issued, self.received))


@dataclass(frozen=True)
class Expiry:
    """Last days of use, and codes of what is not sure; the certificate is None where nothing tells it."""

    card: Span
    certificate: Span | None
    doubts: tuple[str, ...]


def work_out(known: Known, today: date) -> Expiry:
    """Return until when card and certificate last; `find_problem` must have found none."""
    whole = exactly(known.printed) if known.printed else rule_span(known, issue_span(known, today))
    card = whole.until(exactly(known.stay_end)) if known.stay_end else whole
    certificate = _certificate(known, today)
    if certificate is not None:
        certificate = certificate.until(card)
    found = Expiry(card, certificate, ())
    return replace(found, doubts=tuple(_doubts(known, whole, found, today)))


def issue_span(known: Known, today: date) -> Span:
    """Return when the card was issued, as far as the days tell; `printed` is not asked."""
    if known.issued:
        return exactly(known.issued)
    last = known.received or min(today, known.renewed or today)
    first = FIRST_ISSUE
    if known.applied:
        first = known.applied
        last = min(last, known.received or add_months(known.applied, LONGEST_WAIT))
    elif known.received:
        first = add_months(known.received, -LONGEST_WAIT)
    first = max(first, FIRST_ISSUE, known.birth)
    return Span(first, max(first, last))


def rule_span(known: Known, issued: Span) -> Span:
    """Return the last day that the rules give a card issued then, without a period of stay."""
    return hull(birthdays_after(known.birth, issued, years) for years in card_years(known, issued))


def card_years(known: Known, issued: Span) -> set[int]:
    """Return for how many birthdays a card issued then may have been made: 5, 10 or both."""
    since = known.issued or known.received or issued.first
    first = max(min(add_months(since, -LONGEST_WAIT), issued.first), FIRST_APPLICATION)
    applied = exactly(known.applied) if known.applied else Span(first, issued.last)
    # Nobody turns from adult to young, so the two ends tell of all days between.
    return {
        CARD_YEARS if _is_adult(known.birth, day, leap) else YOUNG_CARD_YEARS
        for day in (applied.first, applied.last)
        for leap in (28, 29)
    }


def _is_adult(birth: date, applied: date, leap: int) -> bool:
    age = 18 if applied >= ADULT_AT_18_FROM else 20
    return applied >= birthday(birth, birth.year + age, leap)


def printed_years(known: Known, today: date) -> set[int]:
    """Return for how many birthdays a card that ends on the printed day was made.

    Empty where no rule gives that day: the year in which the card must have been issued then does not
    meet the days known, or the age on the day of the application.
    """
    printed, fitting = known.printed, set()
    if printed is None or not is_birthday(known.birth, printed):
        return set()
    window = issue_span(known, today)
    for years in (YOUNG_CARD_YEARS, CARD_YEARS):
        first = max(window.first, birthday(known.birth, printed.year - years, 28))
        last = min(window.last, birthday(known.birth, printed.year - years + 1, 29))
        reach = birthdays_after(known.birth, window, years)
        is_in_reach = first <= last and reach.first <= printed <= reach.last
        if is_in_reach and years in card_years(known, Span(first, last)):
            fitting.add(years)
    return fitting


def _certificate(known: Known, today: date) -> Span | None:
    if known.renewed:
        renewed = exactly(known.renewed)
        return hull(birthdays_after(known.birth, renewed, years) for years in RENEWED_YEARS)
    if known.printed and (fitting := printed_years(known, today)):
        first_year = known.printed.year + CERTIFICATE_YEARS
        return hull(
            birthday_span(known.birth, first_year - years) if years == CARD_YEARS else exactly(known.printed)
            for years in fitting
        )
    if known.is_begun:
        return birthdays_after(known.birth, issue_span(known, today), CERTIFICATE_YEARS)
    return None


def _doubts(known: Known, whole: Span, found: Expiry, today: date) -> Iterable[str]:
    fitting = printed_years(known, today)
    is_open = any(one and one.first != one.last for one in (found.card, found.certificate))
    yield from _doubts_of_stay(known, whole)
    if is_open and (not known.printed or not (fitting or known.renewed)):
        yield from _doubts_of_issue(known, today)
    counted = known.renewed or (None if fitting else known.issued)
    if is_open and counted and is_birthday(known.birth, counted):
        yield "issued_on_birthday"
    if (known.birth.month, known.birth.day) == (2, 29):
        yield "leap_day"
    if known.renewed and found.certificate and found.certificate.first != found.certificate.last:
        yield "renewed"
    if known.printed and not fitting and known.printed != known.stay_end:
        yield "printed_no_birthday"
    if fitting and not (known.renewed or known.is_begun):
        yield "from_printed"


def _doubts_of_stay(known: Known, whole: Span) -> Iterable[str]:
    if known.stay_end is None:
        return
    if known.stay_end > whole.last:
        yield "stay_later"
    elif known.printed and known.stay_end < known.printed:
        yield "stay_before_printed"
    else:
        yield "stay"


def _doubts_of_issue(known: Known, today: date) -> Iterable[str]:
    if not known.is_begun:
        return
    issued = issue_span(known, today)
    if issued.first != issued.last:
        yield "issue_not_known"
    elif not known.applied and not known.printed and len(card_years(known, issued)) > 1:
        yield "application_not_known"


def renewal_from(end: date) -> date:
    """Return when less than three months are left: the later of the days that offices name."""
    return add_months(end, -RENEWAL_MONTHS) + timedelta(days=1)


def state_of(span: Span, today: date) -> str:
    """Return the code of how things stand: ended, maybe_ended, last_day, renewable or valid."""
    if span.last < today:
        return "ended"
    if span.first < today:
        return "maybe_ended"
    if span.first == today:
        return "last_day"
    return "renewable" if renewal_from(span.first) <= today else "valid"


def certificate_state(found: Expiry, known: Known, today: date) -> str | None:
    """Return how the certificate stands, None where nothing tells it.

    Without a day of renewal it may have been renewed, for as long as the card lasts.
    """
    if found.certificate is None:
        return None
    state = state_of(found.certificate, today)
    is_renewal_possible = known.renewed is None and found.card.last >= today
    return "maybe_ended" if state == "ended" and is_renewal_possible else state
