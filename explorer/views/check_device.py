"""調べる: one question, one answer. The question stands in the URL: `?q=SH-41A&os=12&for=pc_login`."""

from datetime import datetime
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from crawler.names import Capability, FormFactor, Reason, Status
from explorer import frame
from explorer.card import glossary, how_to_find, other_answers, verdict_card
from explorer.check import check
from explorer.days import JAPAN
from explorer.lookup import find
from explorer.markup import element, plain_label
from explorer.pc import check_pc
from explorer.queries import Dataset, load_dataset
from explorer.url_state import seed_choice
from explorer.wording import say

MAX_TEXT = 200
PC_PARTS = ("browser", "reader", "phone")
GOALS = [capability.value for capability in Capability]


def main() -> None:
    language = frame.current_language()
    data = load_dataset(frame.database_path())
    frame.html(element("h1", say(language, "ui_check", "heading")))
    goal = ask_goal(data, language)
    question = ask_device(goal, language)
    text, os_text = question["q"], question["os"]
    if not text:
        goals = " ".join(say(language, "capability", one) for one in GOALS)
        frame.html(how_to_find(language) + glossary(goals, language))
        return
    answer = check(data, text, os_text, language=language)
    one = next(one for one in answer["answers"] if one["capability"] == goal)
    if goal == Capability.PC_LOGIN:
        browser, reader, phone = (question[part] for part in PC_PARTS)
        one = check_pc(data, text, browser, reader, phone, language, os_text)["answers"][0]
    today = datetime.now(JAPAN).date()
    frame.html(verdict_card(answer, one, os_text, data.sources, language, today))
    bring_into_view((goal, *question.values()))
    offer_candidates(data, answer, language)
    if answer["device"]:
        frame.html(other_answers(answer, goal, os_text, language))
    elif one["status"] == Status.UNKNOWN:
        frame.html(how_to_find(language))


def ask_goal(data: Dataset, language: str) -> str:
    """Return what the person wants to do; while they chose nothing, what fits the device they typed."""
    if st.query_params.get("for") in GOALS:
        st.session_state["is_goal_chosen"] = True
    is_chosen = st.session_state.get("is_goal_chosen", False)
    if is_chosen:
        seed_choice("for", GOALS, GOALS[0], is_default_shown=True)
    else:  # only a choice stands in the URL
        st.session_state["for"] = fitting_goal(data)
        st.query_params.pop("for", None)
    return st.radio(
        say(language, "ui_check", "goal"),
        GOALS,
        key="for",
        format_func=lambda one: say(language, "capability", one),
        persist_state="session",
        on_change=choose_goal,
    )


def choose_goal() -> None:
    st.session_state["is_goal_chosen"] = True


def fitting_goal(data: Dataset) -> str:
    """Return the first use, or for a device of a kind that it is not meant for the first that fits."""
    text, os_text = (
        str(st.session_state.get(key) or st.query_params.get(key) or "").strip()[:MAX_TEXT]
        for key in ("q", "os")
    )
    answer = check(data, text, os_text) if text else None
    if answer is None or answer["device"] is None:
        return GOALS[0]
    if answer["device"]["form_factor"] == FormFactor.COMPUTER:
        return Capability.PC_LOGIN.value
    first, *others = answer["answers"]
    if first["reasons"][0]["code"] != Reason.WRONG_PLATFORM:
        return GOALS[0]
    fitting = [one["capability"] for one in others if one["status"] in (Status.SUPPORTED, Status.CONDITIONAL)]
    return str(next(iter(fitting), GOALS[0]))


def ask_device(goal: str, language: str) -> dict[str, str]:
    """Return what was typed, by its name in the URL."""
    ui = partial(say, language, "ui_check")
    is_pc = goal == Capability.PC_LOGIN
    with st.form("question", border=False):
        typed = {"q": ask_text("q", ui("device"), ui("device_hint_pc" if is_pc else "device_hint"))}
        if st.session_state.get("ask") and not typed["q"]:
            words = escape(say(language, "step", "type_something"))
            frame.html(f'<p class="error" role="alert">{words}</p>')
        typed["os"] = ask_text("os", ui("os"), ui("os_hint"))
        for part in PC_PARTS:
            typed[part] = ask_text(part, ui(part), ui(f"{part}_hint")) if is_pc else ""
        st.form_submit_button(ui("search"), type="primary", width="stretch", key="ask")
    return typed


def ask_text(key: str, label: str, hint: str) -> str:
    text = st.text_input(label, key=key, max_chars=MAX_TEXT, bind="query-params")
    frame.html(element("p", hint, "hint"))
    return (text or "").strip()


def bring_into_view(question: tuple[str, ...]) -> None:
    """Show the answer when it is new or was asked for again: on a phone it lies below the form.

    The focus follows only a press of a button or a fresh page: who moves through the uses with the
    arrow keys stays there.
    """
    before = st.session_state.get("answered")
    st.session_state["answered"] = question
    is_asked = st.session_state.get("ask", False) or st.session_state.pop("is_filled", False)
    if is_asked or before != question:
        frame.show_result(may_focus=is_asked or before is None)


def offer_candidates(data: Dataset, answer: dict[str, Any], language: str) -> None:
    """Draw a button for each device that the text may have meant; it fills the box."""
    own_id = answer["device"]["device_id"] if answer["device"] else None
    others = [one for one in answer["candidates"] if one["device_id"] != own_id]
    if not others:
        return
    frame.html(element("h2", say(language, "ui_check", "candidates")))
    for one in others:
        numbers = say(language, "ui_check", "separator").join(data.devices[one["device_id"]].model_numbers)
        label = f"{one['maker']} {one['name']}" + (f"（{numbers}）" if numbers else "")
        st.button(
            plain_label(label),
            key=f"candidate-{one['device_id']}",
            width="stretch",
            on_click=fill_box,
            args=(text_that_finds(data, one["device_id"]),),
        )


def fill_box(text: str) -> None:
    st.session_state["q"] = text
    st.session_state["is_filled"] = True


def text_that_finds(data: Dataset, device_id: str) -> str:
    """Return a name or model number that means this device and no other, the plainest first."""
    device = data.devices[device_id]
    full_name = f"{device.maker} {device.name}"
    texts = (device.name, full_name, f"{device.maker_en} {device.name}", *device.model_numbers)
    return next((text for text in texts if find(data.index, text).device_id == device_id), full_name)


main()
