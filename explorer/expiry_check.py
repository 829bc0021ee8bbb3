"""Days that cannot be, or that contradict each other: told by name instead of a certain answer. Pure."""

from datetime import date

from explorer.birthdays import add_months, is_birthday
from explorer.expiry import (
    CARD_YEARS,
    FIRST_APPLICATION,
    FIRST_ISSUE,
    Known,
    issue_span,
    printed_years,
    rule_span,
)

OLDEST_YEARS = 130


def find_problem(known: Known, today: date) -> str | None:
    """Return the code of the first thing that cannot be, None when all days fit each other."""
    return _odd_day(known, today) or _contradiction(known, today)


def _odd_day(known: Known, today: date) -> str | None:
    past = (known.applied, known.issued, known.received, known.renewed)
    ends = [end for end in (known.printed, known.stay_end) if end]
    checks = (
        ("birth_in_future", known.birth > today),
        ("birth_too_long_ago", known.birth < add_months(today, -12 * OLDEST_YEARS)),
        ("nothing_known", not (known.is_begun or known.printed)),
        ("in_future", any(day > today for day in past if day)),
        ("before_birth", any(day < known.birth for day in (*past, *ends) if day)),
        ("before_cards", any(day < FIRST_ISSUE for day in (*past[1:], *ends) if day)),
        ("before_applications", known.applied is not None and known.applied < FIRST_APPLICATION),
        ("wrong_order", not _in_order(*past)),
        ("ends_before_issue", any(end < day for end in ends for day in past if day)),
        (
            "printed_too_late",
            known.printed is not None and known.printed > add_months(today, 12 * CARD_YEARS),
        ),
    )
    return next((code for code, is_wrong in checks if is_wrong), None)


def _in_order(*days: date | None) -> bool:
    known = [day for day in days if day]
    return known == sorted(known)


def _contradiction(known: Known, today: date) -> str | None:
    """Return what is wrong between days each of which could be; they are within the calendar by now."""
    issued = issue_span(known, today)
    if known.printed is None:
        is_late = known.renewed is not None and known.renewed > rule_span(known, issued).last
        return "renewed_after_card" if is_late else None
    if known.printed > rule_span(known, issued).last:
        return "printed_does_not_fit"
    # A period of stay may end on a birthday; only then no rule of ages stands behind the day.
    is_rule_needed = is_birthday(known.birth, known.printed) and known.printed != known.stay_end
    return "printed_does_not_fit" if is_rule_needed and not printed_years(known, today) else None
