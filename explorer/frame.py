"""What surrounds every page: language, menu, the line about the data, the message when there are none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.days import say_day
from explorer.markup import element
from explorer.queries import Dataset, default_database
from explorer.wording import LANGUAGES, lang_of, say

STYLES = (Path(__file__).parent / "card.css", Path(__file__).parent / "style.css")
ICON = Path(__file__).parent / "icon.svg"
ALWAYS_SHOWN = 3
SHOW_RESULT = """
const before = document.activeElement;
setTimeout(() => {
  const result = document.querySelector("[data-result]");
  const now = document.activeElement;
  // Who went on to something else in the meantime stays there.
  if (!result || ![before, document.body, result].includes(now)) return;
  if (MAY_FOCUS) { result.tabIndex = -1; result.focus({preventScroll: true}); }
  result.scrollIntoView();
}, WAIT);
"""


def database_path() -> Path:
    return default_database()


def current_language() -> str:
    return str(st.session_state["lang"])


def html(body: str) -> None:
    """Draw HTML whose values are escaped already, marked with its language for screen readers."""
    st.html(f'<div lang="{current_language()}">{body}</div>')


def draw_top(pages: Sequence[Any]) -> None:
    """Draw the name of the site, the menu and the button for the other language."""
    language = current_language()
    # Streamlit's page says `en`: labels and buttons of its own would be read out in English.
    st.html(f"<script>document.documentElement.lang = '{language}'</script>", unsafe_allow_javascript=True)
    other = next(one for one in LANGUAGES if one != language)
    html(element("p", say(language, "ui", "title"), "site"))
    with st.container(horizontal=True, vertical_alignment="center", key="menu"):
        for page in pages[:ALWAYS_SHOWN]:
            _link(page, language)
        with st.popover(say(language, "ui", "menu_more"), key="more"):
            for page in pages[ALWAYS_SHOWN:]:
                _link(page, language)
        st.button(say(other, "ui", "language_name"), key="language", on_click=_speak, args=(other,))


def _link(page: Any, language: str) -> None:
    st.page_link(page, query_params=lang_of(language))


def _speak(language: str) -> None:
    st.session_state["lang"] = language


def draw_data_line(data: Dataset) -> None:
    """Say how old the data are and where they come from."""
    language = current_language()
    day = say_day(language, data.data_at)
    lines = (
        say(language, "ui", "data_day", day=day),
        say(language, "ui", f"data_{data.meta['origin']}"),
        say(language, "ui", "not_official"),
    )
    html(f'<footer class="data">{"".join(element("p", line) for line in lines)}</footer>')


def draw_no_database(error: Exception) -> None:
    language = current_language()
    heading = element("h2", say(language, "ui", "no_database"))
    # Where the file lies is nobody's business but that of who runs the site.
    told = str(error).replace(f"{database_path().parent}/", "")
    step = element("p", say(language, "ui", "no_database_step")) + element("code", told)
    html(f'<section class="card not_supported" role="alert">{heading}{step}</section>')


def show_result(may_focus: bool = True) -> None:
    """Bring the result into view and read it out: on a phone it lies below the form."""
    st.session_state["results"] = st.session_state.get("results", 0) + 1
    script = SHOW_RESULT.replace("MAY_FOCUS", "true" if may_focus else "false")
    # Twice: on a fresh page what stands below the result may not be drawn yet.
    scripts = "".join(f"{{{script.replace('WAIT', wait)}}}" for wait in ("100", "500"))
    st.html(f"<script>/* {st.session_state['results']} */{scripts}</script>", unsafe_allow_javascript=True)
