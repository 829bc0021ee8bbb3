"""まとめて調べる: a pasted or uploaded list, an answer for every row, a table to save.

The list lives in the session alone; the use stands in the URL (`?for=pc_login`)."""

import hashlib
from functools import partial
from typing import Any

import streamlit as st

from crawler.names import Capability
from explorer import bulk, bulk_show, frame, sheets
from explorer.browse import write_csv
from explorer.markup import element
from explorer.queries import Dataset, load_dataset
from explorer.sheets import BadFile, Sheet
from explorer.url_state import seed_choice
from explorer.wording import say
from explorer.xlsx import MAX_XLSX_CELL, write_xlsx

GOALS = [capability.value for capability in Capability]
WAYS = ["paste", "upload"]
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SAMPLE = 30
LIST, RESULT = "bulk_list", "bulk_result"


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
        key = (given["key"], layout, goal, data.meta["built_at"])
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


def ask_text(language: str) -> dict[str, Any] | None:
    """Return the pasted list, None while there is none. Raises `BadFile`."""
    ui = partial(say, language, "bulk")
    with st.form("bulk_form", border=False):
        text = st.text_area(ui("text"), key="bulk_text", height=200) or ""
        hints = (ui("text_hint"), ui("private_hint"))
        frame.html("".join(element("p", one, "hint") for one in hints))
        is_asked = st.form_submit_button(ui("read"), width="stretch", key="bulk_read")
    content = text.encode(errors="replace")
    key = f"text-{hashlib.sha256(content).hexdigest()}"
    if is_asked and not content.strip():
        raise BadFile("nothing")
    if not is_asked and st.session_state.get(LIST, {}).get("key") != key:
        return None
    return remember(key, "", lambda: read_pasted(text, content))


def read_pasted(text: str, content: bytes) -> Sheet:
    if len(content) > sheets.MAX_BYTES:
        raise BadFile("too_big", size=f"{len(content) / 1e6:.1f}", limit=sheets.MAX_BYTES // 1_000_000)
    return sheets.read_text(text)


def ask_file(language: str) -> dict[str, Any] | None:
    """Return the uploaded list, None while there is none. Raises `BadFile`."""
    ui = partial(say, language, "bulk")
    limits = {"megabytes": sheets.MAX_BYTES // 1_000_000, "rows": sheets.MAX_ROWS}
    file = st.file_uploader(ui("file"), key=f"bulk_file-{language}")
    hints = (ui("file_hint", **limits), ui("private_hint"))
    frame.html("".join(element("p", one, "hint") for one in hints))
    before = st.session_state.get(LIST)
    if file is None:  # the uploader of the other language is empty: the list stays
        return before if before and before["key"].startswith("file-") else None
    chosen = st.session_state.get(f"bulk_sheet-{file.file_id}", "")
    key = f"file-{file.file_id}-{chosen}"
    given = remember(key, file.name, lambda: sheets.read_file(file.getvalue(), chosen))
    if others := given["sheet"].others:
        st.selectbox(
            ui("sheet"),
            others,
            index=others.index(given["sheet"].name),
            key=f"bulk_sheet-{file.file_id}",
        )
    return given


def remember(key: str, name: str, read: Any) -> dict[str, Any]:
    """Return the list of this key, read once. Raises `BadFile` each time for a list that is none."""
    given = st.session_state.get(LIST) or {"key": None}
    if given["key"] != key:
        st.session_state.pop(RESULT, None)
        given = {"key": key, "name": name}
        try:
            given["sheet"] = read()
        except BadFile as error:
            given["bad"] = error
        st.session_state[LIST] = given
    if "bad" in given:
        raise given["bad"]
    return given


def ask_layout(data: Dataset, given: dict[str, Any], language: str) -> bulk.Layout:
    """Return which column holds what, guessed at first. Raises `BadFile` when no row is left."""
    ui, sheet = partial(say, language, "bulk"), given["sheet"]
    if "guess" not in given:
        given["guess"] = bulk.guess_layout(data, sheet)
    draw_found(given, language)
    guess, suffix = given["guess"], f"{given['key']}-{language}"
    has_header = st.checkbox(ui("is_header"), value=guess.has_header, key=f"bulk_header-{given['key']}")
    if has_header and len(sheet.rows) < 2:
        raise BadFile("header_only")
    columns = list(range(len(sheet.rows[0])))
    names = labels(sheet, has_header, language)
    if len(columns) == 1:
        return bulk.Layout(has_header, 0)
    device = st.selectbox(
        ui("device_column"), columns, guess.device, key=f"bulk_device-{suffix}", format_func=names.__getitem__
    )
    os_choices = [-1, *(one for one in columns if one != device)]
    os = guess.os if guess.os in os_choices else -1
    os = st.selectbox(
        ui("os_column"),
        os_choices,
        os_choices.index(os),
        key=f"bulk_os-{suffix}-{device}",
        format_func=lambda one: ui("no_os") if one < 0 else names[one],
    )
    return bulk.Layout(has_header, device, None if os < 0 else os)


def labels(sheet: Sheet, has_header: bool, language: str) -> list[str]:
    """Return for each column its heading and the first text in it."""
    names = bulk.column_names(sheet, bulk.Layout(has_header, 0), language)
    found = []
    for column, name in enumerate(names):
        texts = (row[column].strip() for row in sheet.rows[has_header : bulk.SAMPLE_ROWS])
        text = next((one for one in texts if one), "")[:LONGEST_SAMPLE]
        name = name[:LONGEST_SAMPLE]
        found.append(say(language, "bulk", "sample", name=name, text=text) if text else name)
    return found


def draw_found(given: dict[str, Any], language: str) -> None:
    ui, sheet = partial(say, language, "bulk"), given["sheet"]
    size = {"rows": len(sheet.rows), "columns": len(sheet.rows[0])}
    name = bulk_show.file_name(given["name"])
    lines = [ui("found_file", name=name, **size) if name else ui("found", **size)]
    if sheet.uneven:
        lines.append(ui("uneven", count=len(sheet.uneven), rows=sheet.uneven[0] + 1))
    frame.html(f'<div role="status">{"".join(element("p", line) for line in lines)}</div>')


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
