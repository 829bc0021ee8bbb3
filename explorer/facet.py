"""Filters with counts: boxes whose labels say how many rows a choice would leave, kept in the URL.

Streamlit names a choice by its label, and the labels change with the counts. So what was chosen is
handed on by its code before the boxes are drawn anew (`keep`).
"""

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from explorer.markup import plain_label
from explorer.wording import say


def keep(key: str, box: str) -> None:
    """Hand on what was chosen in a box."""
    st.session_state[key] = st.session_state[box]


def counted(label: str, count: int, language: str) -> str:
    return say(language, "facet", "counted", label=label, count=count)


def ask_some(
    key: str, label: str, names: Mapping[str, str], counts: Mapping[str, int], language: str
) -> None:
    """Draw a box for several choices in the order of `names`; `seed_choices(key, …)` comes before."""
    box = f"{key}-{language}"
    st.session_state[box] = list(st.session_state[key])
    st.multiselect(
        label,
        list(names),
        key=box,
        format_func=lambda one: counted(names[one], counts.get(one, 0), language),
        placeholder=say(language, "ui_browse", "any"),
        select_all=False,  # Streamlit would name that choice in English, and all is what none means here
        on_change=keep,
        args=(key, box),
    )


def ask_one(
    key: str, label: str, names: Mapping[str, str], counts: Mapping[str, int] | None, language: str
) -> None:
    """Draw a box for one choice; without `counts` the names stand alone."""
    box, labels = f"{key}-{language}", dict(names)
    if counts is not None:
        labels = {one: counted(name, counts.get(one, 0), language) for one, name in names.items()}
    st.session_state[box] = st.session_state[key]
    st.selectbox(
        label, list(names), key=box, format_func=lambda one: labels[one], on_change=keep, args=(key, box)
    )


def by_count(names: Mapping[str, str], counts: Mapping[str, int], chosen: Collection[str]) -> dict[str, str]:
    """Return the names that leave something or are chosen, the most frequent first."""
    kept = [one for one in names if counts.get(one) or one in chosen]
    return {one: names[one] for one in sorted(kept, key=lambda one: (-counts.get(one, 0), names[one]))}


def ask_page(key: str, count: int, page_rows: int, filters: object) -> tuple[int, int]:
    """Return the page to show and how many there are; other filters begin again at the first page."""
    if st.session_state.get(f"{key}_shown", filters) != filters:
        st.session_state[key] = 1
    st.session_state[f"{key}_shown"] = filters
    pages = -(-count // page_rows)
    return (st.pagination(pages, key=key, bind="query-params") if pages > 1 else 1), pages


def draw_chosen(chosen: Mapping[str, Sequence[str]], language: str, keys: Sequence[str]) -> None:
    """Say which filters are set, and draw the button that opens them all."""
    between = say(language, "ui_check", "separator")
    words = [f"{name}: {between.join(values)}" for name, values in chosen.items() if values]
    if not words:
        return
    text = plain_label(say(language, "facet", "chosen", filters=say(language, "facet", "and").join(words)))
    st.markdown(text)
    st.button(say(language, "facet", "clear"), key="clear", on_click=clear, args=(keys,))


def clear(keys: Sequence[str]) -> None:
    for key in keys:
        value = st.session_state.get(key)
        st.session_state[key] = [] if isinstance(value, list) else "" if isinstance(value, str) else False
