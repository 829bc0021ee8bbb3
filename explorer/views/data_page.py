"""データ: the tables themselves: an SQL box, the schema, how to open the file, the files to save.

The example that is chosen stands in the URL (`?ready=by_maker`); a query runs only when asked.
"""

from functools import partial
from pathlib import Path
from uuid import uuid4

import streamlit as st

from explorer import data_show, frame, sandbox
from explorer.browse import write_csv
from explorer.data_show import OPEN_CLI, OPEN_PYTHON, OPEN_R
from explorer.markup import element
from explorer.queries import load_dataset
from explorer.schema import read_schema, ready_queries
from explorer.url_state import seed_choice
from explorer.wording import load_texts, say

OWN = "own"
EXAMPLES = ((None, "open_cli", OPEN_CLI), ("python", "open_python", OPEN_PYTHON), ("r", "open_r", OPEN_R))


def main() -> None:
    language, path = frame.current_language(), frame.database_path()
    ui = partial(say, language, "data")
    frame.html(element("h1", ui("heading")) + element("p", ui("intro")))
    draw_box(path, language)
    draw_schema(path, language)
    draw_ways_to_open(language)
    draw_files(path.parent / "exports", language)
    version = load_dataset(path).meta["schema_version"]
    promises = (ui("promise_text", version=version), ui("promise_ids"), ui("promise_versions"))
    frame.html(element("h2", ui("promise")) + "".join(element("p", one) for one in promises))


def draw_box(path: Path, language: str) -> None:
    ui = partial(say, language, "data")
    frame.html(element("h2", ui("ask")) + element("p", ui("ask_why")))
    ask_ready(language)
    with st.form("sql_form", border=False):
        sql = st.text_area(ui("box"), key="sql", height=220)
        limits = {"seconds": int(sandbox.SECONDS), "rows": sandbox.MAX_ROWS, "characters": sandbox.MAX_SQL}
        frame.html(element("p", ui("box_hint", **limits), "hint"))
        is_asked = st.form_submit_button(ui("run"), type="primary", width="stretch", key="run_sql")
    if is_asked:
        st.session_state["sql_outcome"] = run(path, sql or "", ui("running"))
    if "sql_outcome" in st.session_state:
        draw_outcome(st.session_state["sql_outcome"], language)
        if is_asked:
            frame.show_result()


def ask_ready(language: str) -> None:
    """Draw the examples; choosing one fills the box. The box of each language keeps its own labels."""
    box, codes = f"ready-{language}", [*ready_queries(), OWN]
    seed_choice("ready", codes, codes[0])
    st.session_state[box] = st.session_state["ready"]
    if "sql" not in st.session_state:  # a fresh page, or one come back to
        st.session_state.pop("sql_outcome", None)
        st.session_state["sql"] = ready_queries().get(st.session_state["ready"], "")
    titles = load_texts(language)["data_ready"] | {OWN: say(language, "data", "own")}
    st.selectbox(
        say(language, "data", "ready"),
        codes,
        key=box,
        format_func=lambda one: titles[one],
        on_change=fill_box,
        args=(box,),
    )


def fill_box(box: str) -> None:
    st.session_state["ready"] = st.session_state[box]
    st.session_state["sql"] = ready_queries().get(st.session_state[box], "")
    st.session_state.pop("sql_outcome", None)


def run(path: Path, sql: str, words: str) -> sandbox.Table | sandbox.Refused:
    with st.spinner(words):
        try:
            return sandbox.run_sql(path, sql, asker=st.session_state.setdefault("asker", uuid4().hex))
        except sandbox.Refused as refused:
            return refused


def draw_outcome(outcome: sandbox.Table | sandbox.Refused, language: str) -> None:
    if isinstance(outcome, sandbox.Refused):
        frame.html(data_show.refusal(outcome.code, outcome.detail, language))
        return
    frame.html(data_show.result_table(outcome, language))
    if outcome.rows:
        st.download_button(
            say(language, "data", "csv"),
            data=lambda: write_csv(outcome.columns, data_show.csv_cells(outcome), is_safe=True),
            file_name="mynaportal-result.csv",
            mime="text/csv",
            on_click="ignore",
            key="sql_csv",
        )


def draw_schema(path: Path, language: str) -> None:
    ui = partial(say, language, "data")
    tables = "".join(data_show.schema_table(table, language) for table in read_schema(path))
    frame.html(element("h2", ui("schema")) + element("p", ui("schema_why")) + tables)


def draw_ways_to_open(language: str) -> None:
    ui = partial(say, language, "data")
    frame.html(element("h2", ui("open")) + element("p", ui("open_why")))
    for kind, title, code in EXAMPLES:
        frame.html(element("h3", ui(title)))
        st.code(code, language=kind, wrap_lines=True)


def draw_files(folder: Path, language: str) -> None:
    ui = partial(say, language, "data")
    frame.html(element("h2", ui("files")) + element("p", ui("files_why")))
    files = [folder / name for name in load_texts(language)["data_file"] if (folder / name).is_file()]
    if not files:
        frame.html(element("p", ui("no_files")))
    for path in files:
        frame.html(element("p", say(language, "data_file", path.name), "file"))
        st.download_button(
            ui("file_size", name=path.name, size=data_show.size_text(path.stat().st_size)),
            data=path.read_bytes,
            file_name=path.name,
            on_click="ignore",
            key=f"file-{path.name}",
        )


main()
