"""Choices that stand in the URL by their code (`?for=pc_login`), whatever the language of the labels.

Text boxes use `bind="query-params"`; for choices that would write the label into the URL.
Call these before the widget with the same key is drawn.
"""

from collections.abc import Sequence

import streamlit as st


def seed_choice(key: str, options: Sequence[str], default: str, is_default_shown: bool = False) -> None:
    """Set the value of a one-choice widget from the URL, and the URL from the value."""
    value = st.session_state.get(key, st.query_params.get(key, default))
    value = value if value in options else default
    _store(key, value)
    _publish(key, [] if value == default and not is_default_shown else [value])


def seed_choices(key: str, options: Sequence[str]) -> None:
    """Set the values of a multiselect from the URL, and the URL from the values."""
    values = st.session_state.get(key, st.query_params.get_all(key))
    values = [one for one in dict.fromkeys(values) if one in options]
    _store(key, values)
    _publish(key, values)


def seed_switch(key: str) -> None:
    """Set a toggle from the URL (`?world=1`), and the URL from the toggle."""
    is_on = bool(st.session_state.get(key, st.query_params.get(key) == "1"))
    _store(key, is_on)
    _publish(key, ["1"] if is_on else [])


def _store(key: str, value: str | bool | list[str]) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _publish(key: str, values: list[str]) -> None:
    if st.query_params.get_all(key) == values:
        return
    if values:
        st.query_params[key] = values
    else:
        del st.query_params[key]
