"""Until when card and certificate last: cases worked out by hand, and what holds for any days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.expiry import (
    FIRST_ISSUE,
    Expiry,
    Known,
    Span,
    add_months,
    find_problem,
    renewal_from,
    state_of,
    time_between,
    work_out,
)

TODAY = date(2026, 11, 25)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str) -> Span:
    first, _, last = text.partition("..")
    return Span(day(first), day(last or first))


def known(birth: str, **days: str) -> Known:
    return Known(day(birth), **{name: day(text) for name, text in days.items()})


# birth, what is known, last day of the card, last day of the certificate; `a..b` where it is not sure.
BY_HAND = {
    "adult, birthday soon after issue": (
        known("1950-03-05", applied="2016-02-01", issued="2016-02-20"),
        "2025-03-05",
        "2020-03-05",
    ),
    "adult, issued the day after a birthday": (
        known("1950-03-05", applied="2016-02-20", issued="2016-03-06"),
        "2026-03-05",
        "2021-03-05",
    ),
    "18, accepted one day before the change": (
        known("2003-06-10", applied="2022-03-31", issued="2022-04-20"),
        "2026-06-10",
        "2026-06-10",
    ),
    "18, accepted on the day of the change": (
        known("2003-06-10", applied="2022-04-01", issued="2022-04-20"),
        "2031-06-10",
        "2026-06-10",
    ),
    "20 on the day after the old rule ended": (
        known("2002-04-01", applied="2022-03-31", issued="2022-04-15"),
        "2027-04-01",
        "2027-04-01",
    ),
    "20 on the last day of the old rule": (
        known("2002-03-31", applied="2022-03-31", issued="2022-04-15"),
        "2032-03-31",
        "2027-03-31",
    ),
    "accepted on the 18th birthday": (
        known("2004-04-01", applied="2022-04-01", issued="2022-04-15"),
        "2032-04-01",
        "2027-04-01",
    ),
    "accepted the day before the 18th birthday": (
        known("2005-05-02", applied="2023-05-01", issued="2023-05-20"),
        "2028-05-02",
        "2028-05-02",
    ),
    "child": (
        known("2010-12-31", applied="2020-05-01", issued="2020-05-20"),
        "2024-12-31",
        "2024-12-31",
    ),
    "newborn": (
        known("2025-01-10", applied="2025-01-20", issued="2025-02-10"),
        "2030-01-10",
        "2030-01-10",
    ),
    "residence period ends first": (
        known("1990-01-15", applied="2024-01-10", issued="2024-02-01", stay_end="2026-10-31"),
        "2026-10-31",
        "2026-10-31",
    ),
    "residence period between certificate and card": (
        known("1990-01-15", applied="2024-01-10", issued="2024-02-01", stay_end="2031-10-31"),
        "2031-10-31",
        "2029-01-15",
    ),
    "born on 29 February, ends in common years": (
        known("1960-02-29", applied="2020-03-01", issued="2020-03-15"),
        "2030-02-28..2030-03-01",
        "2025-02-28..2025-03-01",
    ),
    "born on 29 February, card ends in a leap year": (
        known("1960-02-29", applied="2018-03-01", issued="2018-03-15"),
        "2028-02-29",
        "2023-02-28..2023-03-01",
    ),
    "born on 29 February, 18 on 28 February or on 1 March": (
        known("2008-02-29", applied="2026-02-28", issued="2026-03-20"),
        "2031-02-28..2036-02-29",
        "2031-02-28..2031-03-01",
    ),
    "issued on a birthday": (
        known("1980-07-07", applied="2023-06-20", issued="2023-07-07"),
        "2032-07-07..2033-07-07",
        "2027-07-07..2028-07-07",
    ),
    "only the application is known": (
        known("1980-07-07", applied="2023-06-20"),
        "2032-07-07..2033-07-07",
        "2027-07-07..2028-07-07",
    ),
    "applied before the first cards were issued": (
        known("1950-03-05", applied="2015-11-10"),
        "2025-03-05..2026-03-05",
        "2020-03-05..2021-03-05",
    ),
    "only the issue is known, near the change of age": (
        known("2003-06-10", issued="2022-04-20"),
        "2026-06-10..2031-06-10",
        "2026-06-10",
    ),
    "only the issue is known, long an adult": (
        known("1950-03-05", issued="2022-04-20"),
        "2032-03-05",
        "2027-03-05",
    ),
    "only the day of receipt is known": (
        known("1950-03-05", received="2016-04-01"),
        "2025-03-05..2026-03-05",
        "2020-03-05..2021-03-05",
    ),
    "the date on the card, adult": (known("1950-03-05", printed="2027-03-05"), "2027-03-05", "2022-03-05"),
    "the date on the card, child": (known("2010-12-31", printed="2024-12-31"), "2024-12-31", "2024-12-31"),
    "the date on the card, young adult": (
        known("2004-05-02", printed="2032-05-02"),
        "2032-05-02",
        "2027-05-02",
    ),
    "the date on the card, born on 29 February": (
        known("1960-02-29", printed="2028-02-29"),
        "2028-02-29",
        "2023-02-28..2023-03-01",
    ),
    "the certificate was renewed": (
        known("1950-03-05", printed="2029-03-05", renewed="2024-01-20"),
        "2029-03-05",
        "2028-03-05",
    ),
    "a renewed certificate ends with the card": (
        known("1950-03-05", printed="2027-03-05", renewed="2024-01-20"),
        "2027-03-05",
        "2027-03-05",
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_cases_worked_out_by_hand(name: str):
    facts, card, certificate = BY_HAND[name]
    assert find_problem(facts, TODAY) is None
    found = work_out(facts, TODAY)
    assert found.card == span(card)
    assert found.certificate == span(certificate)


def test_a_printed_date_that_is_no_birthday_tells_nothing_of_the_certificate():
    found = work_out(known("1990-01-15", printed="2027-10-31"), TODAY)
    assert (found.card, found.certificate) == (span("2027-10-31"), None)
    assert found.doubts == ("printed_no_birthday",)


@pytest.mark.parametrize(
    ("facts", "doubts"),
    [
        (known("1950-03-05", applied="2016-02-01", issued="2016-02-20"), ()),
        (known("1950-03-05", applied="2016-02-01"), ("issue_not_known",)),
        (known("1950-03-05", issued="2022-04-20"), ()),
        (known("2003-06-10", issued="2022-04-20"), ("application_not_known",)),
        (known("1980-07-07", applied="2023-06-20", issued="2023-07-07"), ("issued_on_birthday",)),
        (known("1960-02-29", applied="2020-03-01", issued="2020-03-15"), ("leap_day",)),
        (known("1950-03-05", printed="2027-03-05"), ("from_printed",)),
        (known("1950-03-05", printed="2027-03-05", renewed="2024-01-20"), ("renewed",)),
    ],
)
def test_whatever_is_not_sure_is_said(facts: Known, doubts: tuple[str, ...]):
    assert work_out(facts, TODAY).doubts == doubts


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        (known("2026-11-26", applied="2026-11-25"), "birth_in_future"),
        (known("1890-01-01", applied="2020-01-01"), "birth_too_long_ago"),
        (known("1950-03-05"), "nothing_known"),
        (known("1950-03-05", renewed="2024-01-01"), "nothing_known"),
        (known("1950-03-05", applied="2026-11-26"), "in_future"),
        (known("2020-03-05", applied="2020-03-04"), "before_birth"),
        (known("1950-03-05", issued="2015-12-31"), "before_cards"),
        (known("1950-03-05", applied="2015-09-30"), "before_applications"),
        (known("1950-03-05", applied="2020-02-02", issued="2020-02-01"), "wrong_order"),
        (known("1950-03-05", issued="2020-02-02", received="2020-02-01"), "wrong_order"),
        (known("1950-03-05", issued="2020-02-02", stay_end="2020-02-01"), "ends_before_issue"),
        (known("1950-03-05", printed="2037-03-05"), "printed_too_late"),
        (known("2000-05-05", printed="2026-05-05"), "age_does_not_fit"),
    ],
)
def test_days_that_cannot_be_are_named(facts: Known, problem: str):
    assert find_problem(facts, TODAY) == problem


@pytest.mark.parametrize(
    ("end", "start"),
    [
        ("2026-05-31", "2026-02-28"),
        ("2024-05-31", "2024-02-29"),
        ("2026-05-29", "2026-02-28"),
        ("2026-12-31", "2026-09-30"),
        ("2026-03-05", "2025-12-05"),
        ("2026-01-31", "2025-10-31"),
    ],
)
def test_three_months_before_knows_the_ends_of_months(end: str, start: str):
    assert renewal_from(day(end)) == day(start)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ("2026-11-24", "ended"),
        ("2026-11-25", "last_day"),
        ("2026-11-26", "renewable"),
        ("2027-02-25", "renewable"),
        ("2027-02-26", "valid"),
        ("2026-11-24..2027-11-24", "maybe_ended"),
        ("2025-11-24..2026-11-24", "ended"),
    ],
)
def test_the_birthday_itself_is_the_last_day(days: str, state: str):
    assert state_of(span(days), TODAY) == state


@pytest.mark.parametrize(
    ("first", "last", "time"),
    [
        ("2026-11-25", "2027-02-25", (0, 3, 0)),
        ("2026-11-25", "2027-02-24", (0, 2, 30)),
        ("2026-11-25", "2031-01-25", (4, 2, 0)),
        ("2026-01-31", "2026-02-28", (0, 1, 0)),
        ("2026-11-25", "2026-11-25", (0, 0, 0)),
    ],
)
def test_time_is_rounded_down(first: str, last: str, time: tuple[int, int, int]):
    assert time_between(day(first), day(last)) == time


@st.composite
def lives(draw: st.DrawFn) -> Known:
    birth = draw(st.dates(date(1900, 1, 1), TODAY - timedelta(days=1)))
    leap = draw(st.booleans())
    if leap:
        birth = date(birth.year // 4 * 4 or 1904, 2, 29) if birth.year >= 1904 else date(1904, 2, 29)
        assume(birth < TODAY)
    applied = draw(st.dates(max(birth, FIRST_ISSUE), TODAY))
    issued = draw(st.dates(applied, min(TODAY, add_months(applied, 12))))
    return Known(birth, applied, issued)


@given(lives())
def test_a_card_lasts_four_to_ten_years_and_the_certificate_no_longer(facts: Known):
    found = work_out(facts, TODAY)
    assert found.certificate is not None
    for one in (found.card, found.certificate):
        assert add_months(facts.issued, 12 * 4) <= one.first <= one.last
    assert found.card.last <= add_months(facts.issued, 120) + timedelta(days=1)
    assert found.certificate.first <= found.card.first
    assert found.certificate.last <= found.card.last
    assert found.certificate.last <= add_months(facts.issued, 60) + timedelta(days=1)


def encloses(outer: Expiry, inner: Expiry) -> bool:
    pairs = ((outer.card, inner.card), (outer.certificate, inner.certificate))
    return all(o.first <= i.first and i.last <= o.last for o, i in pairs)


@given(lives())
def test_knowing_less_never_gives_a_later_day_to_act_upon(facts: Known):
    exact = work_out(facts, TODAY)
    assert encloses(work_out(replace(facts, issued=None), TODAY), exact)
    assert encloses(work_out(replace(facts, applied=None), TODAY), exact)


@given(lives(), st.integers(0, 365))
def test_the_day_of_receipt_is_never_taken_for_the_day_of_issue(facts: Known, wait: int):
    received = min(TODAY, facts.issued + timedelta(days=wait), add_months(facts.applied, 12))
    assume(received >= facts.issued)
    exact = work_out(facts, TODAY)
    assert encloses(work_out(Known(facts.birth, received=received), TODAY), exact)


@given(lives())
def test_the_date_on_the_card_agrees_with_the_rules(facts: Known):
    exact = work_out(facts, TODAY)
    assume(exact.card.first == exact.card.last and exact.certificate.first == exact.certificate.last)
    printed = work_out(Known(facts.birth, printed=exact.card.first), TODAY)
    assert printed.certificate is not None
    assert printed.certificate.first <= exact.certificate.first


@given(lives(), st.dates(FIRST_ISSUE, date(2040, 1, 1)))
def test_nothing_outlasts_the_residence_period(facts: Known, stay_end: date):
    found = work_out(replace(facts, stay_end=stay_end), TODAY)
    assert max(found.card.last, found.certificate.last) <= stay_end


@given(
    st.dates(), *[st.none() | st.dates() for _ in range(6)], st.dates(date(2020, 1, 1), date(2035, 12, 31))
)
def test_any_days_give_a_problem_or_an_answer(
    birth, applied, issued, received, printed, renewed, stay, today
):
    facts = Known(birth, applied, issued, received, printed, renewed, stay)
    if find_problem(facts, today) is None:
        found = work_out(facts, today)
        assert found.card.first <= found.card.last
