"""ログインできないとき: one question a screen, which stands in the URL (`?at=pin_which`).

What people type here, dates of birth above all, stays in its box: no key of this page is bound to the URL.
"""

from functools import partial
from html import escape

import streamlit as st

from explorer import frame
from explorer.help_days import MAX_TEXT, ask_days
from explorer.help_flow import START, ErrorCode, Screen, find_codes, load_codes, load_screens, step_back
from explorer.help_html import chosen, fact_list, host_table
from explorer.login_facts import Fact, read_facts, read_looks
from explorer.markup import element, items, link, plain_label
from explorer.wording import lang_of, load_texts, say

HERE = "views/login_help.py"
PAGES = {"check": "views/check_device.py", "this": "views/this_device.py", "pc": "views/pc.py"}


def main() -> None:
    language, facts = frame.current_language(), read_facts(frame.database_path())
    asked = st.query_params.get("at", START)
    screen = load_screens().get(asked) or load_screens()[START]
    if screen.screen_id != asked:
        frame.html(f'<p class="error" role="alert">{escape(say(language, "help", "no_such"))}</p>')
    is_new = draw_heading(screen, language)
    draw_choices(screen, language)
    is_asked, has_steps = draw_widget(screen, facts, language)
    if screen.choices and screen.facts:
        draw_facts(screen, facts, language)
    elif not screen.choices:
        draw_end(screen, facts, has_steps, language)
    if screen.screen_id != START:
        frame.html(element("p", say(language, "help", "share"), "hint"))
    if is_new or is_asked:
        frame.show_result()


def draw_heading(screen: Screen, language: str) -> bool:
    """Draw the way back and the question; tell whether the screen is another one than before."""
    at, before = screen.screen_id, st.session_state.get("help_trail", ())
    way, back = step_back(before, at)
    st.session_state["help_trail"] = way
    is_new = bool(before) and before[-1] != at
    if is_new:
        # A link to the page that is open already changes no address by itself.
        st.query_params.from_dict(st.query_params.to_dict())
    if at != START:
        with st.container(horizontal=True, key="help_back"):
            link_to(back, say(language, "help", "back"), language)
            link_to(START, say(language, "help", "restart"), language)
    mark = ' data-result="1"' if is_new else ""
    texts = load_texts(language)
    if at == START:
        heading, question = say(language, "help", "heading"), element("h2", texts["help_title"][at])
    else:
        heading, question = texts["help_title"][at], ""
    body = f"<h1{mark}>{escape(heading)}</h1>{question}"
    if at in texts["help_text"]:
        body += element("p", texts["help_text"][at])
    frame.html(body)
    return is_new


def draw_choices(screen: Screen, language: str) -> None:
    if not screen.choices:
        return
    with st.container(key="help_choices", gap="small"):
        for choice in screen.choices:
            link_to(choice.to, label_of(choice.label, language), language)


def label_of(code: str, language: str) -> str:
    """Return the words on the button of a screen: its own, else its title."""
    texts = load_texts(language)
    return texts["help_choice"].get(code) or texts["help_title"][code]


def link_to(to: str, label: str, language: str) -> None:
    query = ({"at": to} if to != START else {}) | lang_of(language)
    st.page_link(HERE, label=plain_label(label), query_params=query, width="stretch")


def draw_end(screen: Screen, facts: dict[str, Fact], has_steps: bool, language: str) -> None:
    """Draw what to do next unless an answer said so, what that rests on, and where else to look."""
    ui = partial(say, language, "help")
    if not has_steps:
        steps = load_texts(language)["help_steps"][screen.screen_id].strip().splitlines()
        frame.html(element("h2", ui("steps")) + items("ol", steps))
    if screen.go:
        frame.html(element("h2", ui("more")))
        with st.container(key="help_go", gap="small"):
            for to in screen.go:
                draw_way(to, language)
    draw_facts(screen, facts, language)
    others = [one for one in (START, "helpline") if one not in (*screen.go, screen.screen_id)]
    frame.html(element("h2", ui("not_solved")))
    with st.container(key="help_others", gap="small"):
        for to in others:
            link_to(to, ui("restart") if to == START else label_of(to, language), language)


def draw_way(to: str, language: str) -> None:
    kind, _, page = to.rpartition(":")
    if not kind:
        link_to(to, label_of(to, language), language)
        return
    label = say(language, "ui", f"page_{page}")
    st.page_link(PAGES[page], label=label, query_params=lang_of(language), width="stretch")


def draw_facts(screen: Screen, facts: dict[str, Fact], language: str) -> None:
    if not screen.facts:
        return
    heading = element("h2", say(language, "help", "facts"))
    note = element("p", say(language, "help", "facts_note"), "facts")
    frame.html(
        f'<section class="rests">{heading}{note}{fact_list(chosen(facts, screen.facts), language)}</section>'
    )


def draw_widget(screen: Screen, facts: dict[str, Fact], language: str) -> tuple[bool, bool]:
    """Draw what a screen has besides words.

    Tell whether it was asked for an answer just now, and whether an answer says what to do next.
    """
    if screen.widget == "hosts":
        notice = link(facts["site_status_page"].url, say(language, "help", "official_notice"))
        frame.html(f'<p class="notice">{notice}</p>')
        frame.html(host_table(read_looks(frame.database_path()), language))
    elif screen.widget == "codes":
        return ask_code(facts, language), False
    elif screen.widget == "calculator":
        return ask_days(language)
    return False, False


def ask_code(facts: dict[str, Fact], language: str) -> bool:
    ui = partial(say, language, "help_code")
    with st.form("help_code", border=False):
        text = st.text_input(ui("box"), key="help_code_text", max_chars=MAX_TEXT, autocomplete="off")
        frame.html(element("p", ui("hint"), "hint"))
        is_asked = st.form_submit_button(ui("search"), type="primary", width="stretch", key="help_code_ask")
    if text and text.strip():
        named, begun = find_codes(text)
        heading = ui("found") if named else ui("partly") if begun else ui("none")
        frame.html(f'<h2 data-result="1" role="status">{escape(heading)}</h2>')
        draw_codes(named or begun, facts, language)
        if not named:
            link_to("helpline", label_of("helpline", language), language)
    with st.expander(ui("all"), key="help_codes_all"):
        frame.html(fact_list(chosen(facts, dict.fromkeys(code.fact for code in load_codes())), language))
    return is_asked


def draw_codes(codes: list[ErrorCode], facts: dict[str, Fact], language: str) -> None:
    for code in codes:
        frame.html(fact_list([facts[code.fact]], language))
        link_to(code.go, load_texts(language)["help_title"][code.go], language)


main()
