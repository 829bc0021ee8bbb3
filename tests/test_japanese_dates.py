"""Dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.japanese_dates import ERAS, LETTERS, BadDate, parse_date

BORN = date(1950, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "1950年3月5日",
        "昭和25年3月5日",
        "昭和２５年３月５日",
        "昭和二十五年三月五日",
        "S25.3.5",
        "s25/3/5",
        "S250305",
        "昭25年3月5日",
        "昭和 25年 3月 5日",
        "1950/3/5",
        "1950-03-05",
        "1950.3.5",
        "1950 3 5",
        "１９５０／３／５",
        "19500305",
        "１９５０年０３月０５日",
        "一九五〇年三月五日",
        "西暦1950年3月5日",
        " 1950年 3月 5日 ",
        "1950年3月5日生まれ",
        "1950年3月5日(日)",
        "5 March 1950",
        "March 5, 1950",
        "5th Mar 1950",
    ],
)
def test_every_common_way_to_write_a_day_is_read(text: str):
    assert parse_date(text) == BORN


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("R6.2.29", date(2024, 2, 29)),
        ("㍻元年1月8日", date(1989, 1, 8)),
        ("大正15年12月25日", date(1926, 12, 25)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("M45.7.30", date(1912, 7, 30)),
        ("平成十年十二月三十一日", date(1998, 12, 31)),
    ],
)
def test_eras_are_read_to_their_edges(text: str, day: date):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2月30日", "unreadable"),
        ("1950年2月30日", "no_such_day"),
        ("2023/2/29", "no_such_day"),
        ("1950年13月1日", "no_such_day"),
        ("1950年0月1日", "no_such_day"),
        ("0000/1/1", "no_such_day"),
        ("昭和65年1月1日", "not_in_era"),
        ("昭和64年1月8日", "not_in_era"),
        ("令和元年4月30日", "not_in_era"),
        ("昭和0年1月1日", "not_in_era"),
        ("50/3/5", "short_year"),
        ("50年3月5日", "short_year"),
        ("3/5/1950", "year_last"),
        ("5 Foo 1950", "no_such_day"),
        ("", "unreadable"),
        ("きのう", "unreadable"),
        ("1950", "unreadable"),
        ("195035", "unreadable"),
        ("<b>1950/3/5</b>", "unreadable"),
        ("²⁰²⁰/①/①", "read"),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(text: str, code: str):
    if code == "read":
        assert parse_date(text) == date(2020, 1, 1)
        return
    with pytest.raises(BadDate) as raised:
        parse_date(text)
    assert raised.value.code == code


def written(day: date) -> list[str]:
    forms = [f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year:04}/{day.month}/{day.day}"]
    for letter, era in LETTERS.items():
        first, last = ERAS[era]
        if first <= day <= last and (year := day.year - first.year + 1) < 100:
            forms += [f"{era}{year}年{day.month}月{day.day}日", f"{letter}{year}.{day.month}.{day.day}"]
            forms.append(f"{letter}{year:02}{day.month:02}{day.day:02}")
    return forms


@given(st.dates(min_value=date(1868, 1, 25), max_value=date(2100, 12, 31)))
def test_a_day_written_in_any_form_is_that_day(day: date):
    assert {parse_date(text) for text in written(day)} == {day}


@given(st.text(max_size=30))
def test_any_text_gives_a_day_or_a_reason(text: str):
    reasons = {"unreadable", "short_year", "year_last", "no_such_day", "not_in_era"}
    assert outcome(text) in reasons | {"read"}


def outcome(text: str) -> str:
    try:
        parse_date(text)
    except BadDate as error:
        return error.code
    return "read"
