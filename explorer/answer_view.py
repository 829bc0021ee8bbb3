"""An answer as the pages 調べる and パソコン draw it: card, what to do next, share, near devices."""

from collections.abc import Callable, Set
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from crawler.names import Match
from explorer import frame
from explorer.card import verdict_card
from explorer.days import JAPAN, say_day
from explorer.markup import element, plain_label
from explorer.queries import Dataset
from explorer.share import full_address, print_lines, share_box
from explorer.tips import is_reading_next, reading_tips
from explorer.typeahead import label_of, suggest, text_that_finds
from explorer.wording import say

ACTIONS = (Path(__file__).parent / "actions.js").read_text(encoding="utf-8")


def draw_actions() -> None:
    """Let the buttons inside drawn HTML work, and Enter in the search box check."""
    st.html(f"<script>{ACTIONS}</script>", unsafe_allow_javascript=True)


def draw_answer(
    data: Dataset, answer: dict[str, Any], one: dict[str, Any], os_text: str, address: str, language: str
) -> None:
    """Draw the card; `answer` is an object of the JSON contract, `one` of its answers."""
    now = datetime.now(JAPAN)
    card = verdict_card(answer, one, os_text, data.sources, language, now.date())
    frame.html(card + print_lines(address, say_day(language, now.isoformat()), language))
    if is_reading_next(one, answer["device"]):
        frame.html(reading_tips(answer["device"]["os"], language))


def draw_share(address: str, language: str) -> None:
    frame.html(share_box(address, language))


def address_of(path: str, values: dict[str, str], language: str) -> str:
    """Return the full address of an answer of this explorer, as the browser reaches it."""
    return full_address(str(st.context.url or ""), path, values, language)


def bring_into_view(question: tuple[str, ...], is_asked: bool) -> None:
    """Show the answer when it is new or was asked for again: on a phone it lies below the form.

    The focus follows only a press of a button or a fresh page: who moves through the uses with the
    arrow keys stays there.
    """
    before = st.session_state.get("answered")
    st.session_state["answered"] = question
    if is_asked or before != question:
        frame.show_result(may_focus=is_asked or before is None)


def offer_candidates(
    data: Dataset, answer: dict[str, Any], language: str, choose: Callable[[str], None]
) -> None:
    """Draw a button for each device that the text may have meant; `choose(text)` takes it."""
    own_id = answer["device"]["device_id"] if answer["device"] else None
    others = [one["device_id"] for one in answer["candidates"] if one["device_id"] != own_id]
    if not others:
        return
    if answer["match"] == Match.NONE:  # near names only: none of them was named
        frame.html(element("h2", say(language, "ui_near", "heading")))
        frame.html(element("p", say(language, "ui_near", "not_here")))
    else:
        frame.html(element("h2", say(language, "ui_check", "candidates")))
    for device_id in others:
        st.button(
            plain_label(label_of(data.devices[device_id], language)),
            key=f"candidate-{device_id}",
            width="stretch",
            on_click=choose,
            args=(text_that_finds(data, device_id),),
        )


def offer_suggestions(
    data: Dataset,
    typed: str,
    language: str,
    choose: Callable[[str], None],
    kinds: Set[str] = frozenset(),
) -> None:
    """Draw the devices that an unfinished text may become; `choose(text)` takes the one pressed."""
    ui = partial(say, language, "ui_suggest")
    found = suggest(data, typed, language, kinds)
    words = ui("one" if len(found) == 1 else "found", count=len(found)) if found else ui("none")
    # The place stays, so that screen readers hear what is said there.
    frame.html(f'<p class="suggested" role="status">{escape(words if len(typed) > 1 else "")}</p>')
    with st.container(key="suggestions"):
        for one in found:
            st.button(
                plain_label(one.label),
                key=f"suggestion-{one.device_id}",
                width="stretch",
                on_click=choose,
                args=(one.text,),
            )
