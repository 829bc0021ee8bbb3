"""Until when card and certificate last: cases worked out by hand, and what holds for any days."""

import csv
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explorer.birthdays import Span, add_months, time_between
from explorer.expiry import FIRST_ISSUE, LONGEST_WAIT, Expiry, Known, renewal_from, state_of, work_out
from explorer.expiry_check import find_problem
from explorer.wording import load_texts

TODAY = date(2026, 11, 25)
LEAPS = [(2, 28), (3, 1)]
DAYS = [field.name for field in fields(Known)]
# What is known, last day of card and certificate, what is not certain, or why there is no answer.
# `a..b` where the day is not sure, `-` where nothing tells it.
CASES = list(csv.DictReader((Path(__file__).parent / "expiry_cases.csv").read_text("utf-8").splitlines()))


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str) -> Span:
    first, _, last = text.partition("..")
    return Span(day(first), day(last or first))


def days_of(row: dict[str, str]) -> Known:
    return Known(**{name: day(row[name]) for name in DAYS if row[name]})


@pytest.mark.parametrize("row", CASES, ids=[row["name"] for row in CASES])
def test_cases_worked_out_by_hand(row: dict[str, str]):
    facts = days_of(row)
    assert (find_problem(facts, TODAY) or "") == row["problem"]
    if not row["problem"]:
        certificate = None if row["certificate"] == "-" else span(row["certificate"])
        doubts = tuple(row["doubts"].split())
        assert work_out(facts, TODAY) == Expiry(span(row["card"]), certificate, doubts)


def test_the_table_has_a_case_for_every_code():
    texts = load_texts("ja")
    said = {code for row in CASES for code in row["doubts"].split()}
    assert said == set(texts["help_doubt"]) - {"heading"}
    of_reading = {"needed", "unreadable", "short_year", "year_last", "no_such_day", "not_in_era"}
    assert {row["problem"] for row in CASES} - {""} == set(texts["help_problem"]) - of_reading


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
    """Draw a person, an application and an issue; one in two was born on 29 February, many are minors."""
    birth = draw(st.dates(date(1900, 1, 1), TODAY - timedelta(days=1)) | st.dates(date(1995, 1, 1), TODAY))
    if draw(st.booleans()):
        birth = date(max(birth.year // 4 * 4, 1904), 2, 29)
    applied = draw(st.dates(max(birth, FIRST_ISSUE), TODAY))
    issued = draw(st.dates(applied, min(TODAY, add_months(applied, LONGEST_WAIT))))
    return Known(birth, applied, issued)


def is_birthday_of(birth: date, one: date, leap: tuple[int, int]) -> bool:
    """Tell by month and day; born on 29 February, a common year has it on `leap`."""
    if (birth.month, birth.day) != (2, 29) or (one.month, one.day) == (2, 29):
        return (one.month, one.day) == (birth.month, birth.day)
    has_29th = (date(one.year, 3, 1) - timedelta(days=1)).day == 29
    return not has_29th and (one.month, one.day) == leap


def walk(birth: date, start: date, leap: tuple[int, int]) -> list[date]:
    """Return the next 11 birthdays by looking at every day: another way than the code goes."""
    met, one = [], max(start, birth + timedelta(days=1))
    while len(met) < 11:
        if is_birthday_of(birth, one, leap):
            met.append(one)
        one += timedelta(days=1)
    return met


def walked(facts: Known) -> tuple[set[date], set[date]]:
    """Return the last days that the card and the certificate may have, all readings of the rules."""
    cards, certificates = set(), set()
    is_new_rule = facts.applied >= date(2022, 4, 1)
    readings = {leap: walk(facts.birth, facts.issued, leap) for leap in LEAPS}
    starts = (
        LEAPS if (facts.birth.month, facts.birth.day) == (2, 29) else [(facts.birth.month, facts.birth.day)]
    )
    years = {
        facts.applied.year - facts.birth.year - ((facts.applied.month, facts.applied.day) < x) for x in starts
    }
    for met in readings.values():
        for after in (met, [one for one in met if one != facts.issued]):
            certificates.add(after[4])
            cards |= {after[9] if age >= (18 if is_new_rule else 20) else after[4] for age in years}
    return cards, certificates


@settings(deadline=None)
@given(lives())
def test_walking_day_by_day_ends_on_the_same_days(facts: Known):
    cards, certificates = walked(facts)
    found = work_out(facts, TODAY)
    assert found.card == Span(min(cards), max(cards))
    assert found.certificate == Span(min(certificates), max(certificates))


@settings(deadline=None)
@given(lives(), st.integers(0, 12), st.sampled_from(LEAPS))
def test_a_printed_birthday_is_taken_where_the_walk_ends_and_nowhere_else(
    facts: Known, years: int, leap: tuple[int, int]
):
    """Leap days apart, whose two readings mix: there the code may take a day more, never one less."""
    first = date(facts.issued.year + years, 1, 1)
    printed = walk(facts.birth, first, leap)[0]
    assume(facts.issued <= printed <= add_months(TODAY, 120))
    is_taken = find_problem(replace(facts, printed=printed), TODAY) is None
    cards = walked(facts)[0]
    assert is_taken or printed not in cards
    if (facts.birth.month, facts.birth.day) != (2, 29):
        assert is_taken == (printed in cards)


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


@given(lives(), st.integers(0, 540))
def test_the_day_of_receipt_is_never_taken_for_the_day_of_issue(facts: Known, wait: int):
    received = min(TODAY, facts.issued + timedelta(days=wait), add_months(facts.applied, LONGEST_WAIT))
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
