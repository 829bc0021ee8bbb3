"""The answer of the calculator in words, as HTML. Pure."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from html import escape

from explorer.birthdays import Span, time_between
from explorer.days import say_day
from explorer.expiry import Expiry, Known, renewal_from, state_of
from explorer.markup import element, items
from explorer.wording import say

# Which look of the cards fits how things stand; the words say it too.
TONES = {
    "ended": "not_supported",
    "maybe_ended": "delisted",
    "last_day": "delisted",
    "renewable": "conditional",
    "valid": "supported",
}
SYMBOLS = {"ended": "×", "maybe_ended": "？", "last_day": "△", "renewable": "△", "valid": "○"}


def result_card(found: Expiry, known: Known, today: date, language: str) -> str:
    """Return the answer: certificate and card, what to do next, what is not certain, from which days."""
    ui = partial(say, language, "help_expiry")
    urgent = found.certificate or found.card
    state = state_of(urgent, today)
    parts = [element("h2", ui("result"))]
    parts.append(element("h3", ui("certificate")))
    if found.certificate is None:
        parts.append(element("p", ui("not_told")))
    else:
        parts.append(_span(found.certificate, today, language))
        if state in ("ended", "maybe_ended") and "renewed" not in found.doubts:
            parts.append(element("p", ui("assumed")))
    parts += [element("h3", ui("card")), _span(found.card, today, language)]
    parts += [element("h3", say(language, "help", "steps")), _steps(found, state, today, language)]
    if found.doubts:
        parts.append(element("h3", say(language, "help_doubt", "heading")))
        parts.append(items("ul", (say(language, "help_doubt", code) for code in found.doubts)))
    parts.append(element("h3", ui("used")) + items("ul", _used(known, language)))
    return f'<section class="card {TONES[state]}" data-result="1">{"".join(parts)}</section>'


def _used(known: Known, language: str) -> Iterator[str]:
    """Yield the days that were read: who typed `S25` sees the year that it was taken for."""
    ui = partial(say, language, "help_expiry")
    for name, day in asdict(known).items():
        if day is not None:
            label = ui(f"used_{name}") if name in ("birth", "printed") else ui(name)
            yield ui("used_day", name=label, day=_day(language, day))


def _steps(found: Expiry, state: str, today: date, language: str) -> str:
    codes = [f"next_{state}"]
    if state_of(found.card, today) == "ended":
        codes.append("next_card_ended")
    return items("ul", (say(language, "help_expiry", code) for code in codes))


def _span(span: Span, today: date, language: str) -> str:
    """Return the day, how long that is from now, and from when it can be renewed."""
    ui, day = partial(say, language, "help_expiry"), partial(_day, language)
    state = state_of(span, today)
    near, far = sorted((today, span.last if state == "ended" else span.first))
    time = time_words(near, far, language)
    mark = f'<span aria-hidden="true">{SYMBOLS[state]}</span> '
    word = f'<p class="verdict word {TONES[state]}">{mark}{escape(ui(f"state_{state}", time=time))}</p>'
    if span.first == span.last:
        lines = [ui("until", day=day(span.first))]
    else:
        lines = [ui("until_or", first=day(span.first), last=day(span.last)), ui("careful")]
    start = renewal_from(span.first)
    if state == "valid":
        lines.append(ui("renewal_from", day=day(start)))
        if start.day != span.first.day:
            lines.append(ui("renewal_month_end"))
    return word + "".join(element("p", line) for line in lines)


def time_words(first: date, last: date, language: str) -> str:
    """Return the time between two days in words, rounded down: years and months, or days."""
    years, months, days = time_between(first, last)
    if not (years or months):
        return _count("days", days, language).strip()
    parts = (("years", years), ("months", months))
    return "".join(_count(unit, number, language) for unit, number in parts if number).strip()


def _count(unit: str, number: int, language: str) -> str:
    return say(language, "help_expiry", unit, n=number)


def _day(language: str, day: date) -> str:
    return say_day(language, day.isoformat())
