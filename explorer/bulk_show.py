"""The result of a bulk check as HTML: counts, rows to look at, first rows. Pure; values are escaped."""

from collections.abc import Sequence
from functools import partial
from html import escape

from explorer.bulk import ADDED, Row, count_statuses, to_look_at
from explorer.card import check_address
from explorer.markup import SYMBOLS, element
from explorer.wording import load_texts, say

SHOWN_ROWS = 50
SHOWN_ATTENTION = 20
# The box of the check page holds no more; a longer text would arrive cut.
LONGEST_LINKED = 200
LONGEST_NAME = 60
SHOWN = ("device", "status", "reason", "next_step", "origin", "source", "fetched_on", "as_of", "confidence")
FOLDED = ("reason", "next_step", "origin", "source", "fetched_on", "as_of", "confidence")


def summary(rows: Sequence[Row], language: str) -> str:
    """Return how many rows were checked and how many got each answer, in words."""
    ui = partial(say, language, "bulk")
    lines = "".join(
        f"<li>{_word(status, language)}: {escape(ui('count', count=count))}</li>"
        for status, count in count_statuses(rows).items()
    )
    heading = element("h2", ui("counts")) + element("p", ui("done", count=len(rows)))
    return f'<section data-result="1">{heading}<ul class="counts">{lines}</ul></section>'


def attention(rows: Sequence[Row], capability: str, language: str) -> str:
    """Return the rows that a person should look at, each a link to its own check."""
    ui = partial(say, language, "bulk")
    urgent = to_look_at(rows)
    heading = element("h2", ui("attention"))
    if not urgent:
        return heading + element("p", ui("attention_none"))
    lines = "".join(
        f"<li>{escape(ui('line', number=row.number))}: {_linked(row, capability, language)}<br>"
        f"{_word(row.verdict.status, language)}"
        f"{_hint(row)}</li>"
        for row in urgent[:SHOWN_ATTENTION]
    )
    rest = len(urgent) - SHOWN_ATTENTION
    more = element("p", ui("more", count=rest)) if rest > 0 else ""
    return f'{heading}{element("p", ui("attention_why"))}<ul class="attention">{lines}</ul>{more}'


def first_rows(rows: Sequence[Row], language: str) -> str:
    """Return the first rows as a table; on a phone a stack."""
    ui = partial(say, language, "bulk")
    title = ui("all_rows") if len(rows) <= SHOWN_ROWS else ui("first_rows", count=SHOWN_ROWS)
    body = "".join(_row(row, language) for row in rows[:SHOWN_ROWS])
    names = [ui("your_text"), *(_column(one, language) for one in SHOWN if one not in FOLDED)]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    table = f'<table class="columns"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return element("h2", title) + table


def _row(row: Row, language: str) -> str:
    answer = dict(zip(ADDED, row.verdict.cells, strict=True))
    line = element("span", say(language, "bulk", "line", number=row.number), "maker")
    facts = "".join(
        element("li", f"{_column(name, language)}: {answer[name]}") for name in FOLDED if answer[name]
    )
    folded = f"<details><summary>{escape(_column('reason', language))}</summary><ul>{facts}</ul></details>"
    text = escape(_short(row.text)) + (f" / {escape(_short(row.os_text))}" if row.os_text else "")
    return (
        f'<tr><th scope="row">{line} {text}</th>'
        f'<td data-label="{escape(_column("device", language))}">{escape(answer["device"])}</td>'
        f'<td data-label="{escape(_column("status", language))}">{_word(row.verdict.status, language)}'
        f"{folded if facts else ''}</td></tr>"
    )


def _column(name: str, language: str) -> str:
    """Return the name of a column without the mark that tells it from the person's own."""
    return say(language, "bulk_column", name).partition("】" if language == "ja" else "] ")[2]


def _word(status: str, language: str) -> str:
    texts = load_texts(language)
    word = texts["status"].get(status) or texts["bulk_row"][status]
    mark = f'<span class="mark" aria-hidden="true">{SYMBOLS.get(status, "！")}</span>'
    return f'<span class="word {escape(status)}">{mark} {escape(word)}</span>'


def _linked(row: Row, capability: str, language: str) -> str:
    if not row.text or len(row.text) > LONGEST_LINKED:
        return escape(_short(row.text))
    address = check_address(row.text, capability, language, row.os_text)
    return f'<a href="{escape(address)}" target="_blank">{escape(_short(row.text))}</a>'


def _hint(row: Row) -> str:
    device = row.verdict.cells[ADDED.index("device")]
    return f"<br>{escape(device)}" if device else ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINKED else f"{text[:LONGEST_LINKED]}…"


def file_name(name: str) -> str:
    """Return a file name as the page shows it, however long it is."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 15]}…{name[-14:]}"
