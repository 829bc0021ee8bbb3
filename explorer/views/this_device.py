"""この端末を調べる: the browser is asked, at the press of a button, what device it runs on."""

from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import frame
from explorer.card import how_to_find
from explorer.markup import element, items
from explorer.own_device import OwnDevice, read_browser
from explorer.wording import lang_of, say

SCRIPT = Path(__file__).parent.parent / "ask_browser.js"
BUTTON = '<button type="button" class="ask-browser"></button>'
CHECK, PC = "views/check_device.py", "views/pc.py"


def main() -> None:
    language = frame.current_language()
    ui = partial(say, language, "ui_this")
    frame.html(element("h1", ui("heading")) + element("p", ui("what"), "lead"))
    frame.html(items("ul", ui("privacy").strip().splitlines()))
    said = ask_browser(ui("ask"))
    if said is not None:
        st.session_state["own_device"] = read_browser(said)
        go_on(st.session_state["own_device"], language)
    elif "own_device" not in st.session_state:
        frame.html(element("h2", ui("by_hand")) + how_to_find(language))
        return
    show_known(st.session_state["own_device"], language)


def ask_browser(label: str) -> dict[str, Any] | None:
    """Draw the button; return what the browser said when it was pressed."""
    component = st.components.v2.component(
        "ask_browser", html=BUTTON, js=SCRIPT.read_text(encoding="utf-8"), isolate_styles=False
    )
    said = component(data={"label": label}, key="browser", on_said_change=lambda: None).said
    return said if isinstance(said, dict) else None


def go_on(device: OwnDevice, language: str) -> None:
    """Leave for the page that answers, when the browser named the device."""
    lang = lang_of(language)
    if device.is_pc and not device.is_in_app:
        browser = {"browser": device.browser} if device.browser else {}
        st.switch_page(PC, query_params={"os": device.text, **browser, **lang})
    if device.text and not device.is_in_app:
        os_text = {"os": device.os_text} if device.os_text else {}
        st.switch_page(CHECK, query_params={"q": device.text, **os_text, **lang})


def show_known(device: OwnDevice, language: str) -> None:
    """Say what the browser told, what it did not, and how to go on."""
    ui = partial(say, language, "ui_this")
    lines = [ui("os_known", os=device.os_text)] if device.os_text else []
    if device.text:
        lines.append(ui("model_known", model=device.text))
    else:
        lines.append(ui("model_hidden_iphone" if device.platform == "iOS" else "model_hidden"))
    if device.is_in_app:
        lines.append(ui("in_app"))
    body = "".join(element("p", line) for line in lines)
    frame.html(
        f'<section class="card" data-result="1" role="status">{element("h2", ui("found"))}{body}</section>'
    )
    values = {"q": device.text, "os": device.os_text}
    query = {name: value for name, value in values.items() if value} | lang_of(language)
    with st.container(key="link-go-on"):
        page = PC if device.is_pc else CHECK
        st.page_link(page, label=ui("go_on_check" if device.text else "go_on"), query_params=query)
    if not device.text:
        frame.html(how_to_find(language))


main()
