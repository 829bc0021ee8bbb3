"""The list of devices as an HTML table (a stack of cards on a phone) and as rows of CSV. Pure."""

from collections.abc import Iterable, Iterator
from html import escape

from explorer.browse import Row
from explorer.browse_words import Query, device_address, say_carriers
from explorer.english import shown_name
from explorer.markup import element, link, status_word
from explorer.to_check import to_check
from explorer.wording import say

SHOWN = ("name", "model_number", "carriers", "status", "note", "origin")
SAVED = (
    "maker",
    "name",
    "model_number",
    "carriers",
    "os",
    "released",
    "capability",
    "status",
    "min_os",
    "note",
    "origin",
    "source_url",
    "printed_on",
    "last_fetched_at",
)


def csv_header(language: str) -> list[str]:
    return [say(language, "ui_column", column) for column in SAVED]


def csv_rows(rows: Iterable[Row], language: str) -> Iterator[list[str]]:
    for row in rows:
        words = {
            "maker": _maker(row, language),
            "carriers": _carriers(row, language),
            "capability": say(language, "capability_short", row.capability),
            "status": say(language, "status", row.status),
            "name": shown_name(row.name, language),
            "note": to_check(row, row.os, language),
            "origin": say(language, "ui_origin", row.origin) if row.origin else "",
            "printed_on": row.printed_on.isoformat() if row.printed_on else "",
            "last_fetched_at": row.last_fetched_at.isoformat() + "Z" if row.last_fetched_at else "",
        }
        yield [words[column] if column in words else getattr(row, column) or "" for column in SAVED]


def table(rows: Iterable[Row], caption: str, language: str, query: Query) -> str:
    """Return the table; each device links to its own page, which finds the way back by `query`."""
    head = "".join(f'<th scope="col">{escape(say(language, "ui_column", one))}</th>' for one in SHOWN)
    body = "".join(_row(row, language, query) for row in rows)
    return (
        f'<table class="devices">{element("caption", caption)}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: Row, language: str, query: Query) -> str:
    maker = _maker(row, language)
    address = device_address(row.device_id, language, query)
    name = f'<a href="{escape(address)}" target="_self">{escape(shown_name(row.name, language))}</a>'
    word = status_word(row.status, say(language, "status", row.status))
    cells = {
        "model_number": escape(row.model_number or ""),
        "carriers": escape(_carriers(row, language)),
        "status": f'<span class="word {escape(row.status)}">{word}</span>',
        "note": escape(to_check(row, row.os, language)),
        "origin": _origin(row, language),
    }
    labelled = "".join(
        f'<td data-label="{escape(say(language, "ui_column", column))}">{cell}</td>'
        for column, cell in cells.items()
    )
    return f'<tr><th scope="row"><span class="maker">{escape(maker)}</span> {name}</th>{labelled}</tr>'


def _origin(row: Row, language: str) -> str:
    """Return where the answer comes from, with the official page."""
    if row.origin is None or row.source_url is None:
        return ""
    official = link(row.source_url, say(language, "ui_column", "source_url"))
    return f"{escape(say(language, 'ui_origin', row.origin))} {official}"


def _maker(row: Row, language: str) -> str:
    return row.maker if language == "ja" else row.maker_en


def _carriers(row: Row, language: str) -> str:
    return say_carriers(row.carriers, language)
