"""The data page as HTML: tables of results, tables of columns, code that opens the file. Pure."""

from collections.abc import Sequence
from functools import partial
from html import escape

from explorer.browse import safe_cell
from explorer.markup import element
from explorer.sandbox import MAX_CELL, Table
from explorer.schema import Column, TableInfo
from explorer.wording import load_texts, say

SHOWN_ROWS = 100
# A test runs the Python one; the paths are those of the README.
OPEN_CLI = """duckdb -readonly data/devices.duckdb "FROM check_device('SH-41A')\""""
OPEN_PYTHON = """import duckdb

query = "SELECT name, capability, status, origin FROM compat WHERE name = 'Pixel 10'"
with duckdb.connect("data/devices.duckdb", read_only=True) as con:
    devices = con.execute(query).df()
print(devices)"""
OPEN_R = """library(duckdb)

con <- dbConnect(duckdb(), "data/devices.duckdb", read_only = TRUE)
query <- "SELECT name, capability, status, origin FROM compat WHERE name = 'Pixel 10'"
devices <- dbGetQuery(con, query)
dbDisconnect(con, shutdown = TRUE)"""


def result_table(found: Table, language: str) -> str:
    """Return what a query found: caption, first rows, and words on what was cut."""
    ui = partial(say, language, "data")
    count = ui("found", count=len(found.rows), seconds=f"{found.seconds:.1f}")
    parts = [element("h2", ui("result")), element("p", count)]
    if found.is_cut:
        parts.append(element("p", ui("is_cut", count=len(found.rows))))
    if found.is_cell_cut:
        parts.append(element("p", ui("is_cell_cut", count=MAX_CELL)))
    if not found.rows:
        parts.append(element("p", ui("none")))
    elif len(found.rows) > SHOWN_ROWS:
        parts.append(element("p", ui("shown_first", count=SHOWN_ROWS, all=len(found.rows))))
    head = "".join(element("th", name) for name in found.columns)
    body = "".join(_result_row(row, found.is_number) for row in found.rows[:SHOWN_ROWS])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    label = escape(ui("result"))
    # Wide tables scroll in their own box, which the keyboard must be able to reach.
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'
    return f'<section data-result="1">{"".join(parts)}{scroll}</section>'


def _result_row(row: Sequence[str | None], is_number: Sequence[bool]) -> str:
    cells = (
        element("td", "" if value is None else value, "number" if is_figure else "")
        for value, is_figure in zip(row, is_number, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def csv_cells(found: Table) -> list[list[str]]:
    """Return the rows for a CSV: texts that Excel would run are disarmed, figures stay figures."""
    return [
        [
            value or "" if is_figure else safe_cell(value or "")
            for value, is_figure in zip(row, found.is_number, strict=True)
        ]
        for row in found.rows
    ]


def refusal(code: str, detail: str, language: str) -> str:
    """Return why there is no result; DuckDB's own words, which are English, folded away."""
    words = element("p", say(language, "data_refused", code, detail=detail), "error")
    if code != "error" or not detail:
        return f'<div role="alert" data-result="1">{words}</div>'
    summary = element("summary", say(language, "data", "duckdb_says"))
    own = f'<details class="words">{summary}<pre lang="en" tabindex="0">{escape(detail)}</pre></details>'
    return f'<div role="alert" data-result="1">{words}{own}</div>'


def schema_table(table: TableInfo, language: str) -> str:
    """Return a table of the database, folded: its name, what it holds, its columns with their comments."""
    ui = partial(say, language, "data")
    size = ui("view") if table.rows is None else ui("rows", count=table.rows)
    meaning = load_texts(language)["data_table"].get(table.name)
    comment = element("p", meaning) if meaning else f'<p lang="en">{escape(table.comment)}</p>'

    def may_be_null(column: Column) -> str:  # of a view it is not known
        return "" if table.rows is None else ui("yes" if column.may_be_null else "no")

    rows = "".join(
        f"<tr>{_header(column.name)}"
        f'<td data-label="{escape(ui("kind"))}">{escape(column.kind)}</td>'
        f'<td data-label="{escape(ui("null"))}">{may_be_null(column)}</td>'
        f'<td data-label="{escape(ui("meaning"))}" lang="en">{escape(column.comment)}</td></tr>'
        for column in table.columns
    )
    head = "".join(f'<th scope="col">{escape(ui(one))}</th>' for one in ("column", "kind", "null", "meaning"))
    body = f'<table class="columns"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    summary = f"<summary><code>{escape(table.name)}</code> {escape(size)}</summary>"
    return f'<details class="words">{summary}{comment}{body}</details>'


def _header(name: str) -> str:
    return f'<th scope="row"><code>{escape(name)}</code></th>'


def size_text(size: int) -> str:
    """Return a size as people read it: `29 KB`, `1.4 MB`."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} KB"
