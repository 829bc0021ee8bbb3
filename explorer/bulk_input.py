"""What a person gives to the bulk check: a pasted or uploaded list, and which of its columns hold what.

The list lives in the session alone, under `LIST`; its answers, under `RESULT`, go when it goes.
"""

import hashlib
from functools import partial
from typing import Any

import streamlit as st

from explorer import bulk, bulk_show, frame, sheets
from explorer.markup import element
from explorer.queries import Dataset
from explorer.sheets import BadFile, Sheet
from explorer.wording import say

LONGEST_SAMPLE = 30
LIST, RESULT = "bulk_list", "bulk_result"


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
    file = st.file_uploader(ui("file"), key=f"bulk_file-{language}", on_change=forget)
    hints = (ui("file_hint", **limits), ui("private_hint"))
    frame.html("".join(element("p", one, "hint") for one in hints))
    before = st.session_state.get(LIST)
    if file is None:  # the uploader of the other language is empty: the list stays
        return usable(before) if before and before["key"].startswith("file-") else None
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


def forget() -> None:
    """Drop the list and its answers: the file was taken away, or another one is on its way."""
    st.session_state.pop(LIST, None)
    st.session_state.pop(RESULT, None)


def remember(key: str, name: str, read: Any) -> dict[str, Any]:
    """Return the list of this key, read once. Raises `BadFile` each time for a list that is none."""
    given = st.session_state.get(LIST) or {"key": None}
    if given["key"] != key:
        st.session_state.pop(RESULT, None)
        given = {"key": key, "name": name}
        try:
            given["sheet"] = read()
        except BadFile as error:
            given["bad"] = (error.code, error.values)
        st.session_state[LIST] = given
    return usable(given)


def usable(given: dict[str, Any]) -> dict[str, Any]:
    """Return a list that was read. Raises `BadFile`, a new one each time: one that is kept would grow."""
    if "bad" in given:
        code, values = given["bad"]
        raise BadFile(code, **values)
    return given


def ask_layout(data: Dataset, given: dict[str, Any], language: str) -> bulk.Layout:
    """Return which column holds what, guessed at first. Raises `BadFile` for no row or too many."""
    ui, sheet = partial(say, language, "bulk"), given["sheet"]
    if "guess" not in given:
        given["guess"] = bulk.guess_layout(data, sheet)
    draw_found(given, language)
    guess, suffix = given["guess"], f"{given['key']}-{language}"
    has_header = st.checkbox(ui("is_header"), value=guess.has_header, key=f"bulk_header-{given['key']}")
    bulk.body_rows(sheet, has_header)
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
    notices = {"uneven": sheet.uneven, "broken": sheet.broken, "unvalued": sheet.unvalued}
    for code, rows in notices.items():
        if rows:
            lines.append(ui(code, count=len(rows), rows=sheet.above + rows[0] + 1))
    frame.html(f'<div role="status">{"".join(element("p", line) for line in lines)}</div>')
