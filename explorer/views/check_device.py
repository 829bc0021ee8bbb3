"""調べる: one question, one answer. The question stands in the URL: `?q=SH-41A&os=12&for=pc_login`."""

from functools import partial
from html import escape

import streamlit as st

from crawler.names import Capability, FormFactor, Reason, Status
from explorer import answer_view, frame
from explorer.asked import TOO_LONG, shortened
from explorer.card import glossary, how_to_find, other_answers
from explorer.check import check
from explorer.markup import element, items
from explorer.pc import check_pc
from explorer.queries import Dataset, load_dataset
from explorer.url_state import seed_choice
from explorer.wording import lang_of, say

PC_PARTS = ("browser", "reader", "phone")
GOALS = [capability.value for capability in Capability]


def main() -> None:
    language = frame.current_language()
    data = load_dataset(frame.database_path())
    frame.html(element("h1", say(language, "ui_check", "heading")))
    goal = ask_goal(data, language)
    question = ask_device(data, goal, language)
    answer_view.draw_actions()
    if not question["q"]:
        goals = " ".join(say(language, "capability", one) for one in GOALS)
        frame.html(how_to_find(language) + glossary(goals, language))
        return
    show_answer(data, goal, question, language)


def show_answer(data: Dataset, goal: str, question: dict[str, str], language: str) -> None:
    text, os_text = question["q"], question["os"]
    answer = check(data, text, os_text, language=language)
    one = next(one for one in answer["answers"] if one["capability"] == goal)
    if goal == Capability.PC_LOGIN:
        browser, reader, phone = (question[part] for part in PC_PARTS)
        one = check_pc(data, text, browser, reader, phone, language, os_text)["answers"][0]
    address = answer_view.address_of("", {"q": text, "for": goal, **question}, language)
    is_asked = bool(st.session_state.get("ask")) or st.session_state.pop("is_filled", False)
    answer_view.draw_answer(data, answer, one, os_text, address, language)
    answer_view.bring_into_view((goal, *question.values()), is_asked)
    answer_view.offer_candidates(data, answer, language, fill_box)
    if answer["device"]:
        answer_view.draw_share(address, language)
        frame.html(other_answers(answer, goal, os_text, language))
    elif one["status"] == Status.UNKNOWN:
        frame.html(how_to_find(language))


def ask_goal(data: Dataset, language: str) -> str:
    """Return what the person wants to do; while they chose nothing, what fits the device they asked."""
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
    text = asked_text()
    answer = check(data, text, shortened(str(st.query_params.get("os", "")))) if text else None
    if answer is None or answer["device"] is None:
        return GOALS[0]
    if answer["device"]["form_factor"] == FormFactor.COMPUTER:
        return Capability.PC_LOGIN.value
    first, *others = answer["answers"]
    if first["reasons"][0]["code"] != Reason.WRONG_PLATFORM:
        return GOALS[0]
    fitting = [one["capability"] for one in others if one["status"] in (Status.SUPPORTED, Status.CONDITIONAL)]
    return str(next(iter(fitting), GOALS[0]))


def asked_text() -> str:
    """Return the text that was asked; what stands in the box may be on its way to another one."""
    return shortened(str(st.query_params.get("q", "")))


def ask_device(data: Dataset, goal: str, language: str) -> dict[str, str]:
    """Return what was asked, by its name in the URL; `q` is empty while the box holds something else."""
    ui = partial(say, language, "ui_check")
    is_pc = goal == Capability.PC_LOGIN
    if "q" not in st.session_state:
        st.session_state["q"] = asked_text()
    typed = st.text_input(
        ui("device"),
        key="q",
        max_chars=TOO_LONG,
        autocomplete="off",
        live=True,
    )
    typed = (typed or "").strip()
    frame.html(element("p", ui("device_hint_pc" if is_pc else "device_hint"), "hint"))
    if st.session_state.get("ask") and not typed:
        frame.html(f'<p class="error" role="alert">{escape(say(language, "step", "type_something"))}</p>')
    is_asked = typed == asked_text()
    answer_view.offer_suggestions(data, "" if is_asked else typed, language, fill_box)
    question = {"q": typed if is_asked else "", "os": ask_os(language)}
    for part in PC_PARTS:
        question[part] = ask_text(part, ui(part), ui(f"{part}_hint")) if is_pc else ""
    st.button(ui("search"), type="primary", width="stretch", key="ask", on_click=ask_typed)
    if is_pc:
        draw_link("pc", say(language, "ui_pc_link", "text"), language)
    return question


def ask_os(language: str) -> str:
    ui = partial(say, language, "ui_os_find")
    text = ask_text("os", say(language, "ui_check", "os"), say(language, "ui_check", "os_hint"))
    parts = [element("summary", ui("heading"))]
    for kind in ("android", "iphone"):
        parts += [element("h3", ui(kind)), items("ol", ui(f"{kind}_steps").strip().splitlines())]
    frame.html(f'<details class="find">{"".join(parts)}</details>')
    draw_link("this_device", ui("this_link"), language)
    return text


def draw_link(view: str, label: str, language: str) -> None:
    with st.container(key=f"link-{view}"):
        st.page_link(f"views/{view}.py", label=label, query_params=lang_of(language))


def ask_text(key: str, label: str, hint: str) -> str:
    text = st.text_input(label, key=key, max_chars=TOO_LONG, bind="query-params")
    frame.html(element("p", hint, "hint"))
    return (text or "").strip()


def ask_typed() -> None:
    """Ask what stands in the box: from now on it stands in the URL."""
    if text := str(st.session_state.get("q") or "").strip():
        st.query_params["q"] = text
    else:
        st.query_params.pop("q", None)


def fill_box(text: str) -> None:
    st.session_state["q"] = text
    st.session_state["is_filled"] = True
    ask_typed()


main()
