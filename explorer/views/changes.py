"""更新履歴: what came, went and changed on the official lists, and how the sources are."""

from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from crawler.names import Delta
from explorer import changes, frame
from explorer.browse import read_makers
from explorer.change_list import change_list
from explorer.days import JAPAN
from explorer.facet import ask_page, ask_some, by_count, draw_chosen
from explorer.health import SourceHealth, read_health
from explorer.health_cards import health_cards
from explorer.markup import element
from explorer.url_state import seed_choices
from explorer.wording import say

MAX_TEXT = 200
FACETS = {"from": "source", "kind": "delta", "by": "maker"}
BOXES = (*FACETS, "changed")


def main() -> None:
    language, path = frame.current_language(), frame.database_path()
    ui = partial(say, language, "changes")
    sources = read_health(path)
    frame.html(element("h1", ui("heading")) + element("p", ui("about")))
    frame.html(f"<details>{element('summary', ui('bundled'))}{element('p', ui('bundled_why'))}</details>")
    if changes.count_changes(path, changes.ChangeFilters()):
        show_changes(path, sources, language)
    else:
        show_why_none(path, language)
    frame.html(element("h2", say(language, "health", "heading")))
    frame.html(element("p", say(language, "health", "about")))
    frame.html(health_cards(sources, datetime.now(JAPAN).date(), language))


def show_why_none(path: Path, language: str) -> None:
    """Say why there is no change to show: no live page yet, one night only, or nothing happened."""
    ui, nights = partial(say, language, "changes"), changes.count_nights(path)
    code = "none_live" if not nights else "none_one" if max(nights.values()) == 1 else "none_changed"
    words = element("strong", ui("none")) + element("p", ui(code))
    frame.html(f'<div class="bundled" role="status">{words}</div>')


def show_changes(path: Path, sources: list[SourceHealth], language: str) -> None:
    ui = partial(say, language, "changes")
    filters = ask_filters(path, sources, language)
    count = changes.count_changes(path, filters)
    if not count:
        frame.html(f'<p role="status">{escape(ui("no_match"))}</p>')
        return
    page, _ = ask_page("night", count, changes.PAGE_CHANGES, filters)
    rows = changes.read_changes(path, filters, page)
    first = (page - 1) * changes.PAGE_CHANGES + 1
    words = ui("range", count=count, first=first, last=first + len(rows) - 1)
    frame.html(f'<p role="status">{escape(words)}</p>' + change_list(rows, language))


def ask_filters(path: Path, sources: list[SourceHealth], language: str) -> changes.ChangeFilters:
    """Draw the filters; return what they are set to."""
    ui, state = partial(say, language, "changes"), st.session_state
    makers = {one: both[language != "ja"] for one, both in read_makers(path).items()}
    names = {
        "from": {one.source_id: one.title for one in sources},
        "kind": {one.value: say(language, "delta", one.value) for one in Delta},
        "by": makers | {changes.NO_MAKER: ui("no_maker")},
    }
    for key, values in names.items():
        seed_choices(key, list(values))
    text = (state.get("changed", st.query_params.get("changed", "")) or "")[:MAX_TEXT]
    filters = changes.ChangeFilters(tuple(state["from"]), tuple(state["kind"]), tuple(state["by"]), text)
    counts = changes.count_change_facets(path, filters)
    names["by"] = by_count(names["by"], counts["maker"], filters.makers)
    st.text_input(say(language, "ui_browse", "text"), key="changed", bind="query-params", max_chars=MAX_TEXT)
    with st.expander(say(language, "ui_browse", "filters"), key="change_filters"):
        for key, facet in FACETS.items():
            ask_some(key, ui(f"filter_{facet}"), names[key], counts[facet], language)
    chosen = {ui(f"filter_{facet}"): [names[key][one] for one in state[key]] for key, facet in FACETS.items()}
    chosen[say(language, "ui_browse", "text")] = [text.strip()] if text.strip() else []
    draw_chosen(chosen, language, BOXES)
    return filters


main()
