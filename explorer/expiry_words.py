"""The answer of the calculator in words, as HTML. Pure."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from html import escape

from explorer.birthdays import Span, exactly, time_between
from explorer.days import say_day
from explorer.expiry import Expiry, Known, certificate_state, renewal_from, state_of
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
    state = certificate_state(found, known, today)
    parts = [element("h2", ui("result")), element("h3", ui("certificate"))]
    parts.append(_certificate(found, known, today, language))
    parts.append(element("h3", ui("card")))
    parts.append(_span(found.card, state_of(found.card, today), known, today, language))
    steps = (ui(code) for code in next_steps(found, known, today))
    parts += [element("h3", say(language, "help", "steps")), items("ul", steps)]
    if found.doubts:
        parts.append(element("h3", say(language, "help_doubt", "heading")))
        parts.append(items("ul", (say(language, "help_doubt", code) for code in found.doubts)))
    parts.append(element("h3", ui("used")) + items("ul", _used(known, language)))
    tone = TONES[state or _open_state(found, today)]
    return f'<section class="card {tone}" data-result="1">{"".join(parts)}</section>'


def _open_state(found: Expiry, today: date) -> str:
    """Return how things stand where only the card's end is known: never better than not certain."""
    state = state_of(found.card, today)
    return "maybe_ended" if state == "valid" else state


def _certificate(found: Expiry, known: Known, today: date, language: str) -> str:
    ui = partial(say, language, "help_expiry")
    state = certificate_state(found, known, today)
    if found.certificate is None or state is None:
        return element("p", ui("not_told"))
    body = _span(found.certificate, state, known, today, language)
    is_asked = state == "maybe_ended" and not known.renewed and found.certificate != found.card
    return body + (element("p", ui("assumed")) if is_asked else "")


def next_steps(found: Expiry, known: Known, today: date) -> list[str]:
    """Return the codes of what to do next."""
    card = state_of(found.card, today)
    state = certificate_state(found, known, today) or card
    is_open = found.certificate is None and card != "ended"
    if state == "renewable" and _is_of_stay(found.certificate or found.card, known):
        codes = ["next_stay"]
    else:
        codes = [] if is_open and state == "valid" else [f"next_{state}"]
    if is_open:
        codes.append("next_open")
    if card == "ended":
        codes.append("next_card_ended")
    return codes


def _is_of_stay(span: Span, known: Known) -> bool:
    return known.stay_end is not None and span == exactly(known.stay_end)


def _used(known: Known, language: str) -> Iterator[str]:
    """Yield the days that were read: who typed `S25` sees the year that it was taken for."""
    ui = partial(say, language, "help_expiry")
    for name, day in asdict(known).items():
        if day is not None:
            label = ui(f"used_{name}") if name in ("birth", "printed", "renewed") else ui(name)
            yield ui("used_day", name=label, day=_day(language, day))


def _span(span: Span, state: str, known: Known, today: date, language: str) -> str:
    """Return how it stands, the day, and from when it can be renewed."""
    ui, day = partial(say, language, "help_expiry"), partial(_day, language)
    lines = []
    if span.first != span.last:
        lines += [ui("until_or", first=day(span.first), last=day(span.last)), ui("careful")]
    elif state == "maybe_ended":
        lines.append(ui("until_unless", day=day(span.first)))
    else:
        lines.append(ui("until", day=day(span.first)))
    is_of_stay = _is_of_stay(span, known)
    if is_of_stay and state in ("valid", "renewable"):
        lines.append(ui("stay_first"))
    elif state == "valid":
        lines.append(ui("renewal_from", day=day(renewal_from(span.first))))
    word = _verdict(span, state, is_of_stay, today, language)
    return word + "".join(element("p", line) for line in lines)


def _verdict(span: Span, state: str, is_of_stay: bool, today: date, language: str) -> str:
    near, far = sorted((today, span.last if state == "ended" else span.first))
    time = time_words(near, far, language)
    # What ends with a stay is not renewed by itself: only the time that is left is told.
    told = "valid" if is_of_stay and state == "renewable" else state
    mark = f'<span aria-hidden="true">{SYMBOLS[state]}</span> '
    words = escape(say(language, "help_expiry", f"state_{told}", time=time))
    return f'<p class="verdict word {TONES[state]}">{mark}{words}</p>'


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
