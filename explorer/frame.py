"""What surrounds every page: language, menu, the line about the data, the message when there are none."""

import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.queries import DATABASE, Dataset
from explorer.wording import LANGUAGES, say, say_day

STYLE = Path(__file__).parent / "style.css"


def database_path() -> Path:
    return Path(os.environ.get("MYNA_DATABASE") or DATABASE)


def current_language() -> str:
    return str(st.session_state["lang"])


def html(body: str) -> None:
    """Draw HTML whose values are escaped already, marked with its language for screen readers."""
    st.html(f'<div lang="{current_language()}">{body}</div>')


def draw_top(pages: Sequence[Any]) -> None:
    language = current_language()
    html(f'<p class="site">{escape(say(language, "ui", "title"))}</p>')
    with st.container(horizontal=True, key="menu"):
        for page in pages:
            st.page_link(page, query_params={} if language == LANGUAGES[0] else {"lang": language})


def draw_language() -> None:
    language = current_language()
    st.radio(
        say(language, "ui", "language"),
        LANGUAGES,
        key="lang",
        format_func=lambda one: say(one, "ui", "language_name"),
        horizontal=True,
        persist_state="session",
    )


def draw_data_line(data: Dataset) -> None:
    """Say how old the data are and where they come from."""
    language = current_language()
    day = say_day(language, data.meta["built_at"])
    lines = (
        say(language, "ui", "data_day", day=day),
        say(language, "ui", f"data_{data.meta['origin']}"),
        say(language, "ui", "not_official"),
    )
    html('<footer class="data">' + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</footer>")


def draw_no_database(error: Exception) -> None:
    language = current_language()
    html(
        '<section class="card not_supported" role="alert">'
        f"<h2>{escape(say(language, 'ui', 'no_database'))}</h2>"
        f"<p>{escape(say(language, 'ui', 'no_database_step'))}</p>"
        f'<p lang="en"><code>{escape(str(error))}</code></p></section>'
    )
