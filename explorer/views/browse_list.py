"""一覧: the devices of one use, filtered, page by page. The filters stand in the URL."""

from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from crawler.names import Capability, Status
from explorer import browse, frame, table
from explorer.markup import element
from explorer.url_state import seed_choice, seed_choices, seed_switch
from explorer.wording import load_texts, say

GOALS = [capability.value for capability in Capability]
FILTERS = ("world", "maker", "carrier", "status")
STATUSES = [status.value for status in Status if status not in (Status.AMBIGUOUS, Status.UNKNOWN)]


def main() -> None:
    language, path = frame.current_language(), frame.database_path()
    ui = partial(say, language, "ui_browse")
    frame.html(element("h1", ui("heading")))
    filters = ask_filters(path, language)
    count = browse.count_rows(path, filters)
    if not count:
        frame.html(element("p", ui("none")))
        return
    page, pages = ask_page(count, filters)
    rows = browse.read_page(path, filters, page)
    first = (page - 1) * browse.PAGE_ROWS + 1
    caption = ui("range", count=count, first=first, last=first + len(rows) - 1)
    frame.html(f'<p class="hint" data-result="1">{escape(ui("rows_are_numbers"))}</p>')
    frame.html(table.table(rows, caption, language))
    ask_page_below(page, pages)
    st.download_button(
        ui("csv", count=count),
        data=lambda: csv_of(path, filters, language),
        file_name=f"mynaportal-{filters.capability}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def csv_of(path: Path, filters: browse.Filters, language: str) -> bytes:
    rows = table.csv_rows(browse.iterate_rows(path, filters), language)
    return browse.write_csv(table.csv_header(language), rows)


def ask_filters(path: Path, language: str) -> browse.Filters:
    ui = partial(say, language, "ui_browse")
    goal = ask_goal(language)
    text = st.text_input(ui("text"), key="find", bind="query-params")
    is_filtered = any(st.session_state.get(key) or key in st.query_params for key in FILTERS)
    with st.expander(ui("filters"), expanded=is_filtered, key="filters"):
        seed_switch("world")
        is_world = st.toggle(ui("world"), key="world", persist_state="session")
        makers = browse.read_makers(path, is_japan_only=not is_world)
        names = load_texts(language)["ui_carrier"]
        column = 0 if language == "ja" else 1
        return browse.Filters(
            capability=goal,
            makers=ask_some("maker", {one: makers[one][column] for one in makers}, language),
            carriers=ask_some(
                "carrier", {one: names.get(one, one) for one in browse.read_carriers(path)}, language
            ),
            statuses=ask_some("status", {one: say(language, "status", one) for one in STATUSES}, language),
            text=text or "",
            is_japan_only=not is_world,
        )


def ask_goal(language: str) -> str:
    """Return the use to list. The box of each language is its own: a box keeps its first labels."""
    box = f"for-{language}"
    seed_choice("for", GOALS, GOALS[0])
    st.session_state[box] = st.session_state["for"]
    return st.selectbox(
        say(language, "ui_browse", "for"),
        GOALS,
        key=box,
        format_func=lambda one: say(language, "capability_short", one),
        on_change=keep,
        args=("for", box),
    )


def keep(key: str, box: str) -> None:
    """Hand on what was chosen in the box of one language."""
    st.session_state[key] = st.session_state[box]


def ask_some(key: str, labels: dict[str, str], language: str) -> tuple[str, ...]:
    box = f"{key}-{language}"
    seed_choices(key, list(labels))
    st.session_state[box] = list(st.session_state[key])
    chosen = st.multiselect(
        say(language, "ui_browse", key),
        list(labels),
        key=box,
        format_func=lambda one: labels[one],
        placeholder=say(language, "ui_browse", "any"),
        on_change=keep,
        args=(key, box),
    )
    return tuple(chosen)


def ask_page(count: int, filters: browse.Filters) -> tuple[int, int]:
    """Return the page to show and how many there are; other filters begin again at the first page."""
    if st.session_state.get("shown", filters) != filters:
        st.session_state["page"] = 1
    st.session_state["shown"] = filters
    pages = -(-count // browse.PAGE_ROWS)
    return (st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1), pages


def ask_page_below(page: int, pages: int) -> None:
    """Draw the pages again below the list; turning there shows the new page from its beginning."""
    if pages > 1:
        st.session_state["page_below"] = page
        st.pagination(pages, key="page_below", on_change=turn_page)
    if st.session_state.pop("is_turned", False):
        frame.show_result()


def turn_page() -> None:
    st.session_state["page"] = st.session_state["page_below"]
    st.session_state["is_turned"] = True


main()
