"""まとめて調べる: an answer for every row of a list, a table to save.

The list lives in the session alone; the use stands in the URL (`?for=pc_login`)."""

from functools import partial
from typing import Any

import streamlit as st

from crawler.names import Capability
from explorer import bulk, bulk_show, frame
from explorer.browse import write_csv
from explorer.bulk_input import RESULT, ask_file, ask_layout, ask_text
from explorer.markup import element
from explorer.queries import Dataset, load_dataset
from explorer.sheets import BadFile, Sheet
from explorer.url_state import seed_choice
from explorer.wording import say
from explorer.xlsx import MAX_XLSX_CELL, write_xlsx

GOALS = [capability.value for capability in Capability]
WAYS = ["paste", "upload"]
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def main() -> None:
    language = frame.current_language()
    data = load_dataset(frame.database_path())
    ui = partial(say, language, "bulk")
    frame.html(element("h1", ui("heading")) + "".join(element("p", ui(one)) for one in ("intro", "privacy")))
    goal = Capability(ask_one("for", GOALS, ui("goal"), "capability", language))
    way = ask_one("way", WAYS, ui("way"), "bulk", language)
    try:
        given = ask_text(language) if way == "paste" else ask_file(language)
        if given is None:
            st.session_state.pop(RESULT, None)
            return
        layout = ask_layout(data, given, language)
        # The inputs, not the time: a refresh that found nothing new leaves the answers as they are.
        key = (given["key"], layout, goal, data.meta["inputs"])
        is_asked = st.button(ui("run"), type="primary", width="stretch", key="bulk_run")
        run(data, given["sheet"], layout, goal, key, language, is_asked)
    except BadFile as error:
        draw_bad(error, language)
        return
    result = st.session_state.get(RESULT)
    if result and result["key"] == key:
        draw_result(given["sheet"], layout, goal, result["rows"], language)
        if is_asked:
            frame.show_result()


def ask_one(name: str, codes: list[str], label: str, table: str, language: str) -> str:
    """Draw a choice that stands in the URL; the box of each language keeps its own labels."""
    box = f"bulk_{name}-{language}"
    seed_choice(name, codes, codes[0])
    st.session_state[box] = st.session_state[name]
    return st.radio(
        label,
        codes,
        key=box,
        format_func=lambda one: say(language, table, one),
        on_change=keep,
        args=(name, box),
    )


def keep(name: str, box: str) -> None:
    st.session_state[name] = st.session_state[box]


def run(
    data: Dataset,
    sheet: Sheet,
    layout: bulk.Layout,
    goal: Capability,
    key: tuple[Any, ...],
    language: str,
    is_asked: bool,
) -> None:
    """Check the rows when asked, and again in the other language when that was chosen."""
    before = st.session_state.get(RESULT)
    is_spoken = before is not None and before["key"] == key and before["language"] != language
    if not is_asked and not is_spoken:
        return
    bar = st.progress(0.0)

    def show(done: int, total: int) -> None:
        bar.progress(done / total, say(language, "bulk", "progress", done=done, total=total))

    rows = bulk.check_rows(data, sheet, layout, goal, language, show)
    bar.empty()
    st.session_state[RESULT] = {"key": key, "language": language, "rows": rows}


def draw_bad(error: BadFile, language: str) -> None:
    words = element("p", say(language, "bulk_bad", error.code, **error.values), "error")
    frame.html(f'<div role="alert">{words}</div>')


def draw_result(
    sheet: Sheet, layout: bulk.Layout, goal: Capability, rows: list[bulk.Row], language: str
) -> None:
    ui = partial(say, language, "bulk")
    frame.html(bulk_show.summary(rows, language))
    draw_downloads(sheet, layout, rows, language)
    frame.html(bulk_show.attention(rows, goal, language) + bulk_show.first_rows(rows, language))
    frame.html(element("p", ui("privacy"), "hint"))


def draw_downloads(sheet: Sheet, layout: bulk.Layout, rows: list[bulk.Row], language: str) -> None:
    ui = partial(say, language, "bulk")
    table = partial(bulk.result_table, sheet, layout, rows, language)
    st.download_button(
        ui("save_csv"),
        data=lambda: write_csv(*table()),
        file_name="mynaportal-result.csv",
        mime="text/csv",
        on_click="ignore",
        key="bulk_csv",
    )
    if all(len(cell) <= MAX_XLSX_CELL for row in sheet.rows for cell in row):
        st.download_button(
            ui("save_xlsx"),
            data=lambda: write_xlsx(*table()),
            file_name="mynaportal-result.xlsx",
            mime=TYPES,
            on_click="ignore",
            key="bulk_xlsx",
        )
    else:
        frame.html(element("p", ui("too_long_for_xlsx")))
    frame.html(element("p", ui("save_why"), "hint") + element("p", ui("save_safe"), "hint"))


main()
