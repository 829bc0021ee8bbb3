"""調べる: one question, one answer. The question stands in the URL: `?q=SH-41A&os=12&for=pc_login`."""

from datetime import datetime
from typing import Any

import streamlit as st

from crawler.names import Capability, Status
from explorer import frame
from explorer.card import how_to_find, other_answers, verdict_card
from explorer.check import check
from explorer.days import JAPAN
from explorer.lookup import find
from explorer.markup import element, plain_label
from explorer.queries import Dataset, load_dataset
from explorer.url_state import seed_choice
from explorer.wording import say

MAX_TEXT = 200
GOALS = [capability.value for capability in Capability]


def main() -> None:
    language = frame.current_language()
    data = load_dataset(frame.database_path())
    frame.html(element("h1", say(language, "ui_check", "heading")))
    goal = ask_goal(language)
    text, os_text, is_asked = ask_device(language)
    if not text:
        frame.html(how_to_find(language))
        return
    answer = check(data, text, os_text, language=language)
    one = next(one for one in answer["answers"] if one["capability"] == goal)
    today = datetime.now(JAPAN).date()
    frame.html(verdict_card(answer, one, os_text, data.sources, language, today))
    if is_asked or st.session_state.pop("is_filled", False):
        frame.show_result()
    offer_candidates(data, answer, language)
    if answer["device"]:
        frame.html(other_answers(answer, goal, os_text, language))
    elif one["status"] == Status.UNKNOWN:
        frame.html(how_to_find(language))


def ask_goal(language: str) -> str:
    seed_choice("for", GOALS, GOALS[0])
    return st.radio(
        say(language, "ui_check", "goal"),
        GOALS,
        key="for",
        format_func=lambda one: say(language, "capability", one),
        persist_state="session",
    )


def ask_device(language: str) -> tuple[str, str, bool]:
    with st.form("question", border=False):
        text = st.text_input(
            say(language, "ui_check", "device"), key="q", max_chars=MAX_TEXT, bind="query-params"
        )
        frame.html(element("p", say(language, "ui_check", "device_hint"), "hint"))
        os_text = st.text_input(
            say(language, "ui_check", "os"), key="os", max_chars=MAX_TEXT, bind="query-params"
        )
        frame.html(element("p", say(language, "ui_check", "os_hint"), "hint"))
        is_asked = st.form_submit_button(say(language, "ui_check", "search"), type="primary", width="stretch")
    return (text or "").strip(), (os_text or "").strip(), is_asked


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
