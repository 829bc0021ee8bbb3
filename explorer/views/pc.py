"""パソコン: three choices, one answer.

They stand in the URL: `/pc?os=Windows+11&browser=Edge&reader=RC-S380`.
Old links to the check page (`/?q=Windows+11&for=pc_login&browser=Edge`) go on working there.
"""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from crawler.names import FormFactor, Match
from explorer import answer_view, frame
from explorer.asked import TOO_LONG, shortened
from explorer.lookup import find
from explorer.markup import element
from explorer.pc import check_pc
from explorer.queries import Dataset, load_dataset
from explorer.wording import say

OTHER, NONE = "other", ""
SYSTEMS = ("Windows 11", "Windows 10", "Mac", "Chromebook")
WAYS = {
    "reader": frozenset({FormFactor.CARD_READER.value}),
    "phone": frozenset({FormFactor.PHONE.value, FormFactor.FEATURE_PHONE.value, FormFactor.TABLET.value}),
}


def main() -> None:
    language = frame.current_language()
    data = load_dataset(frame.database_path())
    ui = partial(say, language, "ui_pc")
    if "pc-os" not in st.session_state:  # a fresh visit: what the address asks is answered
        st.session_state["pc_is_asked"] = bool(in_url("os"))
        st.session_state.pop("answered_pc", None)
    frame.html(element("h1", ui("heading")) + element("p", ui("what"), "lead"))
    browsers = list(dict.fromkeys(rule.name for rule in data.pc_rules if rule.kind == "browser"))
    question = {
        "os": ask_choice("os", SYSTEMS, language),
        "browser": ask_choice("browser", browsers, language),
    }
    question |= ask_way(data, language)
    if st.button(ui("search"), type="primary", width="stretch", key="ask-pc"):
        st.session_state["pc_is_asked"] = True
        if not question["os"]:
            words = ui("name_os" if st.session_state["pc-os"] == OTHER else "choose_os")
            frame.html(f'<p class="error" role="alert">{escape(words)}</p>')
    answer_view.draw_actions()
    if st.session_state["pc_is_asked"] and question["os"]:
        show_answer(data, question, language)


def show_answer(data: Dataset, question: dict[str, str], language: str) -> None:
    parts = (question["browser"], question["reader"], question["phone"])
    answer = check_pc(data, question["os"], *parts, language, way=st.session_state["pc-way"])
    address = answer_view.address_of("pc", question, language)
    answer_view.draw_answer(data, answer, answer["answers"][0], "", address, language)
    is_asked = bool(st.session_state.get("ask-pc"))
    # Who is still choosing stays where they are.
    if is_asked or "answered_pc" not in st.session_state:
        frame.show_result()
    st.session_state["answered_pc"] = True
    answer_view.offer_candidates(data, answer, language, partial(fill, "os"))
    answer_view.draw_share(address, language)


def in_url(key: str) -> str:
    return shortened(str(st.query_params.get(key, "")))


def ask_choice(name: str, options: Sequence[str], language: str) -> str:
    """Return one of the options, or what was typed for another one; '' when nothing was chosen."""
    ui = partial(say, language, "ui_pc")
    value, key = in_url(name), f"pc-{name}"
    if key not in st.session_state:
        is_listed = value in options
        st.session_state[key] = value if is_listed else OTHER if value else (None if name == "os" else NONE)
        st.session_state[f"{key}-text"] = "" if is_listed else value
    words = {OTHER: ui(f"{name}_other"), NONE: ui("not_known")}
    chosen = st.radio(
        ui(name),
        [*options, OTHER] if name == "os" else [*options, OTHER, NONE],
        key=key,
        horizontal=True,
        format_func=lambda one: words.get(one, one),
    )
    if chosen == OTHER:
        chosen = ask_text(f"{key}-text", ui(f"{name}_text"), ui(f"{name}_text_hint"))
    publish(name, chosen or "")
    return chosen or ""


def ask_way(data: Dataset, language: str) -> dict[str, str]:
    """Return the card reader and the phone that were named; at most one of them is set."""
    ui = partial(say, language, "ui_pc")
    if "pc-way" not in st.session_state:
        named = next((way for way in WAYS if in_url(way)), NONE)
        st.session_state["pc-way"] = named or (in_url("way") if in_url("way") in WAYS else NONE)
        for way in WAYS:
            st.session_state[f"pc-{way}"] = in_url(way)
    way = st.radio(ui("way"), [*WAYS, NONE], key="pc-way", format_func=lambda one: ui(f"way_{one or 'open'}"))
    publish("way", way)
    question = dict.fromkeys(WAYS, "")
    if way:
        key = f"pc-{way}"
        question[way] = ask_text(key, ui(f"{way}_text"), ui(f"{way}_text_hint"))
        if question[way] and find(data.index, question[way]).match is not Match.EXACT:
            answer_view.offer_suggestions(data, question[way], language, partial(fill, way), WAYS[way])
    for one, text in question.items():
        publish(one, text)
    return question


def ask_text(key: str, label: str, hint: str) -> str:
    kept = st.session_state.get(key, "")
    st.session_state[key] = kept  # keep it while the box is away
    text = st.text_input(label, key=key, max_chars=TOO_LONG)
    frame.html(element("p", hint, "hint"))
    return (text or "").strip()


def fill(name: str, text: str) -> None:
    if name == "os":
        st.session_state["pc-os"] = OTHER
        name = "os-text"
    st.session_state[f"pc-{name}"] = text


def publish(name: str, value: str) -> None:
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value:
        st.query_params.pop(name, None)


main()
