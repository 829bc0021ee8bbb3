"""一覧: the devices of one use, filtered, page by page; `?device=SH-41A` shows one of them.

The filters stand in the URL, also while a device is shown: they lead back to the list.
"""

from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from crawler.names import Capability, Status
from explorer import browse, charts, figures, frame, table
from explorer.browse_words import Query
from explorer.device_page import back_link, device_page, unknown_device
from explorer.device_record import read_device
from explorer.facet import ask_one, ask_page, ask_some, by_count, draw_chosen
from explorer.markup import element
from explorer.url_state import seed_choice, seed_choices, seed_switch
from explorer.wording import load_texts, say

MAX_TEXT = 200
GOALS = [capability.value for capability in Capability]
STATUSES = [status.value for status in Status if status not in (Status.AMBIGUOUS, Status.UNKNOWN)]
FACETS = ("maker", "carrier", "status", "year")
CLEARED = (*FACETS, "find")
YEARS = [str(year) for year in range(1990, 2100)] + [browse.NO_YEAR]


def main() -> None:
    language, path = frame.current_language(), frame.database_path()
    if device_id := st.query_params.get("device", "")[:MAX_TEXT]:
        show_device(path, device_id, language)
    else:
        show_list(path, language)


def query() -> Query:
    """Return what stands in the URL."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def show_device(path: Path, device_id: str, language: str) -> None:
    record = read_device(path, device_id)
    page = device_page(record, language) if record else unknown_device(device_id, language)
    frame.html(back_link(language, query()) + page)


def show_list(path: Path, language: str) -> None:
    ui = partial(say, language, "ui_browse")
    frame.html(element("h1", ui("heading")))
    filters = ask_filters(path, language)
    count = browse.count_rows(path, filters)
    if count:
        show_rows(path, filters, count, language)
        offer_files(path, filters, count, language)
    else:
        frame.html(f'<p role="status">{escape(ui("none"))}</p>')
    offer_charts(path, filters.capability, language)


def show_rows(path: Path, filters: browse.Filters, count: int, language: str) -> None:
    ui = partial(say, language, "ui_browse")
    page, pages = ask_page("page", count, browse.PAGE_ROWS, filters)
    rows = browse.read_page(path, filters, page)
    first = (page - 1) * browse.PAGE_ROWS + 1
    caption = ui("range", count=count, first=first, last=first + len(rows) - 1)
    frame.html(f'<p class="hint" data-result="1">{escape(ui("rows_are_numbers"))}</p>')
    frame.html(table.table(rows, caption, language, query()))
    ask_page_below(page, pages)


def offer_files(path: Path, filters: browse.Filters, count: int, language: str) -> None:
    ui, name = partial(say, language, "browse_list"), f"mynaportal-{filters.capability}"
    frame.html(element("h2", ui("files")) + element("p", ui("files_words")))
    with st.container(horizontal=True, key="files"):
        st.download_button(
            say(language, "ui_browse", "csv", count=count),
            data=lambda: csv_of(path, filters, language),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            ui("parquet", count=count),
            data=lambda: browse.write_parquet(path, filters),
            file_name=f"{name}.parquet",
            mime="application/vnd.apache.parquet",
            on_click="ignore",
        )


def csv_of(path: Path, filters: browse.Filters, language: str) -> bytes:
    rows = table.csv_rows(browse.iterate_rows(path, filters), language)
    return browse.write_csv(table.csv_header(language), rows)


def offer_charts(path: Path, capability: str, language: str) -> None:
    ui = partial(say, language, "browse_chart")
    frame.html(element("h2", ui("heading")))
    seed_switch("charts")
    if not st.toggle(ui("show"), key="charts", persist_state="session"):
        return
    goal = say(language, "capability", capability)
    frame.html(element("p", ui("about", goal=goal)))
    frame.html(charts.maker_chart(figures.count_by_maker(path, capability), language))
    by_os = figures.count_by_os(path, capability)
    frame.html(charts.os_chart(by_os, figures.read_floors(path, capability), language))
    frame.html(charts.size_charts(figures.read_list_sizes(path), language))


def ask_filters(path: Path, language: str) -> browse.Filters:
    """Draw the filters; return what they are set to."""
    ui, more = partial(say, language, "ui_browse"), partial(say, language, "browse_list")
    makers = {one: both[language != "ja"] for one, both in browse.read_makers(path).items()}
    seed_filters(list(makers), language)
    filters = read_filters()
    counts = browse.count_facets(path, filters)
    names = {
        "maker": by_count(makers, counts["maker"], filters.makers),
        "carrier": load_texts(language)["ui_carrier"],
        "status": {one: say(language, "status", one) for one in STATUSES},
        "year": name_years(counts["year"], filters.years, language),
    }
    labels = {facet: more("year") if facet == "year" else ui(facet) for facet in FACETS}
    goals = {one: say(language, "capability_short", one) for one in GOALS}
    ask_one("for", ui("for"), goals, counts["capability"], language)
    st.text_input(ui("text"), key="find", bind="query-params", max_chars=MAX_TEXT)
    with st.expander(ui("filters"), key="filters"):
        for facet in FACETS:
            ask_some(facet, labels[facet], names[facet], counts[facet], language)
        st.toggle(ui("world"), key="world", persist_state="session")
    chosen = {labels[facet]: [names[facet][one] for one in st.session_state[facet]] for facet in FACETS}
    typed = filters.text.strip()
    draw_chosen(chosen | {ui("text"): [typed] if typed else []}, language, CLEARED)
    ask_one("sort", more("sort"), {one: more(f"sort_{one}") for one in browse.ORDERS}, None, language)
    return filters


def seed_filters(makers: list[str], language: str) -> None:
    """Take the filters from the URL on a fresh page, and put them there."""
    seed_choice("for", GOALS, GOALS[0])
    seed_choice("sort", list(browse.ORDERS), "newest")
    seed_switch("world")
    seed_choices("maker", makers)
    seed_choices("carrier", list(load_texts(language)["ui_carrier"]))
    seed_choices("status", STATUSES)
    seed_choices("year", YEARS)


def read_filters() -> browse.Filters:
    """Return the filters as the boxes left them, or as the URL has them on a fresh page."""
    state = st.session_state
    text = state.get("find", st.query_params.get("find", "")) or ""
    return browse.Filters(
        capability=state["for"],
        makers=tuple(state["maker"]),
        carriers=tuple(state["carrier"]),
        statuses=tuple(state["status"]),
        years=tuple(state["year"]),
        text=text[:MAX_TEXT],
        is_japan_only=not state["world"],
        sort=state["sort"],
    )


def name_years(counts: dict[str, int], chosen: tuple[str, ...], language: str) -> dict[str, str]:
    """Return the years, the newest first, the unknown one last."""
    years = sorted({*counts, *chosen} - {browse.NO_YEAR}, reverse=True)
    return {year: year for year in years} | {browse.NO_YEAR: say(language, "browse_chart", "no_year")}


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
