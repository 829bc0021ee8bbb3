"""The page of one device as HTML: names, numbers, verdicts, printed rows, changes. Pure."""

from functools import partial
from html import escape

from crawler.names import Capability, Origin
from explorer.browse_words import Query, list_address, say_carriers
from explorer.card import check_address
from explorer.change_list import change_item
from explorer.days import say_day, say_month
from explorer.device_record import DeviceRecord, PrintedRow, Verdict
from explorer.english import shown_name
from explorer.evidence import plain_note
from explorer.markup import element, link, status_word
from explorer.printed import row_words
from explorer.to_check import to_check
from explorer.wording import say


def device_page(record: DeviceRecord, language: str) -> str:
    """Return the whole page."""
    ui = partial(say, language, "device_page")
    parts = [
        element("h1", f"{_maker(record, language)} {shown_name(record.device.name, language)}"),
        _facts(record, language),
        element("h2", ui("answers")) + element("p", ui("answers_hint")),
        _verdicts(record, language),
        element("h2", ui("numbers")),
        _numbers(record, language),
        _other_names(record, language),
        element("h2", ui("printed")),
        "".join(_printed(row, language) for row in record.printed) or element("p", ui("not_printed")),
        element("h2", ui("changes")),
        _changes(record, language),
    ]
    return f'<article class="device">{"".join(parts)}</article>'


def unknown_device(device_id: str, language: str) -> str:
    ui = partial(say, language, "device_page")
    address = escape(check_address(device_id, Capability.CARD_READING, language))
    return (
        element("h1", ui("unknown"))
        + element("p", ui("unknown_why", text=device_id))
        + f'<p><a class="step" href="{address}" target="_self">{escape(ui("unknown_check"))}</a></p>'
    )


def back_link(language: str, query: Query) -> str:
    words = escape(say(language, "device_page", "back"))
    return f'<p><a class="step" href="{escape(list_address(language, query))}" target="_self">{words}</a></p>'


def _maker(record: DeviceRecord, language: str) -> str:
    return record.device.maker if language == "ja" else record.device.maker_en


def _facts(record: DeviceRecord, language: str) -> str:
    ui = partial(say, language, "device_page")
    unknown = say(language, "ui", "not_known")
    facts = {
        "kind": say(language, "form_factor", record.device.form_factor),
        "os": record.device.os or unknown,
        "first_os": record.device.first_os or unknown,
        "last_os": record.device.last_os or unknown,
        "released": _say_release(record.device.released, language),
        "market": ui("sold_in_japan" if record.device.is_sold_in_japan else "sold_abroad"),
    }
    rows = "".join(
        f"<div>{element('dt', ui(name))}{element('dd', text)}</div>" for name, text in facts.items()
    )
    return f'<dl class="printed">{rows}</dl>{element("p", ui("facts_source"), "hint-below")}'


def _say_release(released: str | None, language: str) -> str:
    if released and len(released) == 4:
        return say(language, "device_page", "in_year", year=released)
    return say_month(language, released)


def _verdicts(record: DeviceRecord, language: str) -> str:
    order = [one.value for one in Capability]
    verdicts = sorted(record.verdicts, key=lambda one: order.index(one.capability))
    return f'<ul class="verdicts">{"".join(_verdict(record, one, language) for one in verdicts)}</ul>'


def _verdict(record: DeviceRecord, one: Verdict, language: str) -> str:
    ui = partial(say, language, "device_page")
    is_split = sum(other.capability == one.capability for other in record.verdicts) > 1
    number = one.model_numbers[0] if one.model_numbers else f"{record.device.maker} {record.device.name}"
    address = escape(check_address(number, one.capability, language))
    word = status_word(one.status, say(language, "status", one.status))
    for_numbers = say(language, "ui_check", "separator").join(one.model_numbers)
    parts = [
        element("h3", say(language, "capability", one.capability)),
        element("p", ui("for_numbers", numbers=for_numbers)) if is_split and for_numbers else "",
        f'<p><span class="word {escape(one.status)}">{word}</span></p>',
        element("p", to_check(one, record.device.os, language)),
        element("p", say(language, "ui_origin", one.origin), "facts") if one.origin else "",
        f'<p><a class="step" href="{address}" target="_self">{escape(ui("why"))}'
        f'<span class="away">（{escape(say(language, "capability_short", one.capability))}）</span></a></p>',
    ]
    return f"<li>{''.join(parts)}</li>"


def _numbers(record: DeviceRecord, language: str) -> str:
    ui = partial(say, language, "device_page")
    if not record.numbers:
        return element("p", ui("no_numbers"))
    sellers = ((number, say_carriers(carriers, language)) for number, carriers in record.numbers)
    rows = "".join(
        f"<tr>{element('td', number)}{element('td', names or ui('no_carrier'))}</tr>"
        for number, names in sellers
    )
    titles = (say(language, "ui_column", column) for column in ("model_number", "carriers"))
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    return f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _other_names(record: DeviceRecord, language: str) -> str:
    if not record.other_names:
        return ""
    names = say(language, "ui_check", "separator").join(record.other_names)
    heading = element("h3", say(language, "device_page", "other_names"))
    return f'{heading}<p lang="ja">{escape(names)}</p>'


def _printed(row: PrintedRow, language: str) -> str:
    ui = partial(say, language, "device_page")
    first, last = (say_day(language, day.isoformat()) for day in (row.first_seen_on, row.last_seen_on))
    if row.origin == Origin.BUNDLED:
        seen = [ui("prepared", day=last), ui("bundled")]
    else:
        days = first if first == last else ui("from_to", first=first, last=last)
        seen = [ui("seen" if row.is_current else "seen_gone", days=days)]
    words = row.words() | {"note": plain_note(row.note, row.origin, language)}
    title = f'<p lang="ja">{link(row.url, row.title)}（{escape(row.publisher)}）</p>'
    lines = "".join(element("p", line, "facts") for line in seen)
    return f'<div class="proof">{title}{lines}{row_words(words, language)}{_fact(row, language)}</div>'


def _fact(row: PrintedRow, language: str) -> str:
    if not row.fact_url:
        return ""
    ui = partial(say, language, "ui_check")
    confidence = ui(f"confidence_{row.fact_confidence}") if row.fact_confidence else "?"
    return (
        f"<p>{escape(ui('fact'))}: {link(row.fact_url, row.fact_url)}</p>"
        f"{element('p', ui('fact_as_of', text=say_month(language, row.fact_as_of)), 'facts')}"
        f"{element('p', ui('fact_confidence', text=confidence), 'facts')}"
    )


def _changes(record: DeviceRecord, language: str) -> str:
    if not record.changes:
        return element("p", say(language, "device_page", "no_changes"))
    rows = "".join(change_item(one, language, is_dated=True) for one in record.changes)
    return f'<ol class="changes">{rows}</ol>'
