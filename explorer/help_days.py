"""The calculator of login help: asks the days of a card, draws until when it lasts.

What is typed stays in its box: no key here is bound to the URL, nothing is stored.
"""

from datetime import date, datetime
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from explorer import frame
from explorer.days import JAPAN
from explorer.expiry import Known, work_out
from explorer.expiry_check import find_problem
from explorer.expiry_words import result_card
from explorer.japanese_dates import BadDate, parse_date
from explorer.markup import element
from explorer.wording import say

MAX_TEXT = 80
MAIN_DAYS, CARD_DAYS = ("birth", "printed", "renewed"), ("applied", "issued", "received")
# The boxes are of a form: what is changed in one stays in the browser until the button is pressed.
STALE = (Path(__file__).parent / "stale.js").read_text(encoding="utf-8")


def ask_days(language: str) -> tuple[bool, bool]:
    """Ask what is known of a card, and draw until when it lasts.

    Tell whether it was asked just now, and whether the answer says what to do next.
    """
    ui = partial(say, language, "help_expiry")
    frame.html(element("p", ui("private"), "notice") + element("p", ui("how")))
    with st.form("help_days", border=False):
        days = {name: _ask_day(name, language) for name in MAIN_DAYS}
        with st.expander(ui("others"), key="help_days_others"):
            frame.html(element("p", ui("others_hint")))
            days |= {name: _ask_day(name, language) for name in CARD_DAYS}
        with st.expander(ui("special"), key="help_days_special"):
            days["stay_end"] = _ask_day("stay_end", language)
        is_asked = st.form_submit_button(ui("submit"), type="primary", width="stretch", key="help_days_ask")
    texts = [str(st.session_state.get(f"help_day_{name}") or "").strip() for name in days]
    is_readable = all(day for day, text in zip(days.values(), texts, strict=True) if text)
    if (is_readable and any(texts)) or (is_asked and not any(texts)):
        return is_asked, _draw_answer(days, is_asked, language)
    return is_asked, False


def _ask_day(name: str, language: str) -> date | None:
    """Return the day that was typed; None where there is none, or none that can be read."""
    ui = partial(say, language, "help_expiry")
    text = st.text_input(ui(name), key=f"help_day_{name}", max_chars=MAX_TEXT, autocomplete="off")
    if name != "birth":
        frame.html(element("p", ui(f"{name}_hint"), "hint"))
    if not (text and text.strip()):
        return None
    try:
        return parse_date(text)
    except BadDate as error:
        frame.html(_error(say(language, "help_problem", error.code, **error.values)))
        return None


def _draw_answer(days: dict[str, date | None], is_asked: bool, language: str) -> bool:
    """Draw the answer, and hide it as soon as somebody changes a box above it; tell whether it is one."""
    # Counted, so that the same answer asked for again is drawn anew and in sight again.
    count = st.session_state.get("help_days_count", 0) + is_asked
    st.session_state["help_days_count"] = count
    changed = element("p", say(language, "help_expiry", "changed"), "notice")
    told = f'<div role="status" class="changed">{changed}</div>'
    body, is_found = _answer(days, language)
    answer = f'<div class="answered">{body}</div>'
    frame.html(f'<div data-boxes="help_day_" data-count="{count}">{told}{answer}</div>')
    st.html(f"<script>{STALE}</script>", unsafe_allow_javascript=True)
    return is_found


def _answer(days: dict[str, date | None], language: str) -> tuple[str, bool]:
    """Return the answer and True, or what is wrong and False."""
    today = datetime.now(JAPAN).date()
    birth, others = days["birth"], {name: day for name, day in days.items() if name != "birth"}
    if birth is None:
        return _error(say(language, "help_problem", "needed")), False
    known = Known(birth, **others)
    if problem := find_problem(known, today):
        return _error(say(language, "help_problem", problem)), False
    return result_card(work_out(known, today), known, today, language), True


def _error(words: str) -> str:
    return f'<p class="error" role="alert" data-result="1">{escape(words)}</p>'
