"""Until when card and certificate last: cases worked out by hand, and what holds for any days."""

import csv
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explorer.birthdays import Span, add_months, time_between
from explorer.expiry import (
    FIRST_ISSUE,
    LONGEST_WAIT,
    Expiry,
    Known,
    certificate_state,
    renewal_from,
    state_of,
    work_out,
)
from explorer.expiry_check import find_problem
from explorer.expiry_words import next_steps, result_card
from explorer.wording import load_texts, say

TODAY = date(2026, 11, 25)
LEAPS = [(2, 28), (3, 1)]
DAYS = [field.name for field in fields(Known)]
# What is known, last day of card and certificate, how the certificate stands, what is not certain, or why
# there is no answer.
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
        found = work_out(facts, TODAY)
        assert found == Expiry(span(row["card"]), certificate, doubts)
        assert certificate_state(found, facts, TODAY) == (row["state"] if row["state"] != "-" else None)


def test_the_table_has_a_case_for_every_code():
    texts = load_texts("ja")
    said = {code for row in CASES for code in row["doubts"].split()}
    assert said == set(texts["help_doubt"]) - {"heading"}
    of_reading = {"needed", "unreadable", "short_year", "year_last", "no_such_day", "not_in_era"}
    assert {row["problem"] for row in CASES} - {""} == set(texts["help_problem"]) - of_reading


@pytest.mark.parametrize(
    ("end", "start"),
    [
        # The two examples of Nerima, the source of the fact.
        ("2023-07-07", "2023-04-08"),
        ("2023-05-28", "2023-03-01"),
        ("2026-05-31", "2026-03-01"),
        ("2024-05-31", "2024-03-01"),
        ("2024-05-28", "2024-02-29"),
        ("2026-05-29", "2026-03-01"),
        ("2026-12-31", "2026-10-01"),
        ("2026-03-05", "2025-12-06"),
        ("2026-01-31", "2025-11-01"),
        ("2026-02-28", "2025-11-29"),
    ],
)
def test_less_than_three_months_knows_the_ends_of_months(end: str, start: str):
    assert renewal_from(day(end)) == day(start)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ("2026-11-24", "ended"),
        ("2026-11-25", "last_day"),
        ("2026-11-26", "renewable"),
        ("2027-02-24", "renewable"),
        ("2027-02-25", "valid"),
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


@st.composite
def renewals(draw: st.DrawFn) -> Known:
    facts = draw(lives())
    known = replace(facts, renewed=draw(st.dates(facts.issued, TODAY)))
    assume(find_problem(known, TODAY) is None)
    return known


@settings(deadline=None)
@given(renewals())
def test_a_renewed_certificate_lasts_five_or_six_walked_birthdays_and_no_longer_than_the_card(facts: Known):
    cards, renewed = walked(facts)[0], set()
    for leap in LEAPS:
        met = walk(facts.birth, facts.renewed, leap)
        for after in (met, [one for one in met if one != facts.renewed]):
            renewed |= {after[4], after[5]}
    found = work_out(facts, TODAY)
    assert found.certificate == Span(min(*renewed, *cards), min(max(renewed), max(cards)))
    if found.certificate.first < TODAY <= found.certificate.last:
        assert certificate_state(found, facts, TODAY) == "maybe_ended"


@given(lives() | renewals(), st.dates(TODAY, date(2045, 1, 1)))
def test_a_certificate_has_ended_for_certain_only_with_the_card_or_after_a_renewal_known(
    facts: Known, today: date
):
    found = work_out(facts, today)
    if certificate_state(found, facts, today) == "ended":
        assert found.card.last < today or facts.renewed
        assert found.certificate.last < today


@given(st.dates(date(2016, 1, 1), date(2045, 1, 1)))
def test_renewal_starts_after_the_last_day_that_is_three_months_or_more_before(end: date):
    one = end
    while (one.month - end.month) % 12 != 9 or one.day > end.day:
        one -= timedelta(days=1)
    assert renewal_from(end) == one + timedelta(days=1)


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


# --- the answer in words


def answer(language: str = "ja", **days: str) -> tuple[str, list[str]]:
    facts = Known(**{name: day(text) for name, text in days.items()})
    assert find_problem(facts, TODAY) is None
    found = work_out(facts, TODAY)
    return result_card(found, facts, TODAY, language), next_steps(found, facts, TODAY)


def words(code: str, table: str = "help_expiry") -> str:
    return say("ja", table, code)


def test_a_first_certificate_that_ended_may_have_been_renewed_and_that_is_asked():
    page, steps = answer(birth="1950-03-05", printed="2029-03-05")
    assert "切れているかもしれません" in page
    assert "×" not in page
    assert "更新していなければ、2024年3月5日までです。" in page
    assert "電子証明書を更新しましたか。" in page
    assert steps == ["next_maybe_ended"]


def test_a_renewed_certificate_may_last_a_birthday_longer():
    page, steps = answer(birth="1950-12-05", printed="2030-12-05", renewed="2021-11-20")
    assert "切れているかもしれません" in page
    assert "早ければ 2025年12月5日まで、遅ければ 2026年12月5日まで" in page
    assert "×" not in page
    assert words("renewed", "help_doubt") in page
    assert words("assumed") not in page
    assert steps == ["next_maybe_ended"]


def test_a_card_that_ended_took_the_certificate_with_it():
    page, steps = answer(birth="1950-03-05", printed="2026-03-05")
    assert words("assumed") not in page
    assert steps == ["next_ended", "next_card_ended"]


def test_the_cause_stays_open_while_the_end_of_the_certificate_is_not_known():
    page, steps = answer(birth="1990-01-15", printed="2028-10-31", stay_end="2028-10-31")
    assert words("not_told") in page
    assert words("next_valid") not in page
    assert 'class="card supported"' not in page
    assert steps == ["next_open"]


def test_a_stay_comes_before_the_card_and_no_range_is_told_where_none_is_shown():
    for end, step in (("2027-09-30", "next_valid"), ("2026-12-20", "next_stay")):
        page, steps = answer(birth="1990-10-15", received="2025-02-01", stay_end=end)
        assert words("stay_first") in page
        assert "更新できるのは" not in page
        assert "今から更新できます" not in page
        assert words("issue_not_known", "help_doubt") not in page
        assert steps == [step]


def test_the_first_day_of_renewal_is_the_careful_one_and_not_called_certain():
    page, _ = answer(birth="1990-07-07", printed="2032-07-07")
    assert "2027年4月8日ごろから" in page
    page, _ = answer("en", birth="1990-07-07", printed="2032-07-07")
    assert "from about 2027-04-08" in page
