"""調べる as a plain page: no script, no session, the same card and texts. For a day when everybody comes."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from html import escape
from pathlib import Path

from crawler.names import Capability, Status
from explorer.asked import TOO_LONG, shortened
from explorer.card import check_address, glossary, how_to_find, other_answers, verdict_card
from explorer.check import check
from explorer.days import JAPAN, say_day
from explorer.markup import element
from explorer.pc import check_pc
from explorer.queries import Dataset
from explorer.tips import is_reading_next, reading_tips
from explorer.typeahead import label_of, text_that_finds
from explorer.wording import LANGUAGES, say

STYLES = ("card.css", "lite.css")
GOALS = [capability.value for capability in Capability]
PAGE = "./lite"
# In a frame, or on a phone, the answer would lie below what is seen.
ANSWER = f"{PAGE}#answer"


def light_page(data: Dataset, asked: Mapping[str, str], is_full: bool = False) -> bytes:
    """Return the page for the question in `asked` (q, os, for, lang), as it stands in the address.

    What is no language, or no use, counts as not given. `is_full`: the live explorer has no place left.
    """
    language = asked.get("lang", "") if asked.get("lang") in LANGUAGES else LANGUAGES[0]
    goal = asked.get("for", "") if asked.get("for") in GOALS else GOALS[0]
    text, os_text = (shortened(asked.get(name, "")) for name in ("q", "os"))
    parts = [
        _top(text, os_text, goal, language),
        _full(language) if is_full else "",
        element("h1", say(language, "ui_check", "heading")),
        _form(text, os_text, goal, language),
        _answer(data, text, os_text, goal, language) if text else _help(language),
        _foot(data, language),
    ]
    title = escape(say(language, "ui", "title"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        # In a frame of another site, what leads away from this page leaves the frame too.
        '<base target="_top">'
        f"<style>{_style()}</style></head><body>{''.join(parts)}</body></html>"
    ).encode()


def _top(text: str, os_text: str, goal: str, language: str) -> str:
    other = next(one for one in LANGUAGES if one != language)
    address = check_address(text, goal, other, os_text, PAGE)
    name = escape(say(other, "ui", "language_name"))
    switch = f'<a href="{escape(address)}" target="_self" lang="{other}">{name}</a>'
    return f"<header>{element('p', say(language, 'ui', 'title'), 'site')}{switch}</header><main>"


def _full(language: str) -> str:
    return f'<p class="full" role="status">{escape(say(language, "ui_lite", "full"))}</p>'


def _form(text: str, os_text: str, goal: str, language: str) -> str:
    ui = partial(say, language, "ui_check")
    options = "".join(
        f'<option value="{one}"{" selected" if one == goal else ""}>'
        f"{escape(say(language, 'capability', one))}</option>"
        for one in GOALS
    )
    kept = f'<input type="hidden" name="lang" value="{language}">' if language != LANGUAGES[0] else ""
    return (
        f'<form action="{ANSWER}" target="_self"><label for="for">{escape(ui("goal"))}</label>'
        f'<select id="for" name="for">{options}</select>'
        + _box("q", text, ui("device"), ui("device_hint"))
        + _box("os", os_text, ui("os"), ui("os_hint"))
        + f"{kept}<button>{escape(ui('search'))}</button></form>"
    )


def _box(name: str, value: str, label: str, hint: str) -> str:
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" maxlength="{TOO_LONG}" '
        f'autocomplete="off" aria-describedby="{name}-hint">'
        f'<p class="hint" id="{name}-hint">{escape(hint)}</p>'
    )


def _answer(data: Dataset, text: str, os_text: str, goal: str, language: str) -> str:
    answer = check(data, text, os_text, language=language)
    one = next(one for one in answer["answers"] if one["capability"] == goal)
    if goal == Capability.PC_LOGIN:
        one = check_pc(data, text, language=language, os_text=os_text)["answers"][0]
    today = datetime.now(JAPAN).date()
    parts = [verdict_card(answer, one, os_text, data.sources, language, today)]
    device = answer["device"]
    if is_reading_next(one, device):
        parts.append(reading_tips(device["os"], language))
    own_id = device["device_id"] if device else None
    others = [each["device_id"] for each in answer["candidates"] if each["device_id"] != own_id]
    if others:
        parts.append(element("h2", say(language, "ui_check", "candidates")))
        links = "".join(_candidate(data, device_id, os_text, goal, language) for device_id in others)
        parts.append(f'<ul class="others">{links}</ul>')
    if device:
        parts.append(other_answers(answer, goal, os_text, language, ANSWER))
    elif one["status"] == Status.UNKNOWN:
        parts.append(how_to_find(language))
    return f'<div id="answer">{"".join(parts)}</div>'


def _candidate(data: Dataset, device_id: str, os_text: str, goal: str, language: str) -> str:
    address = check_address(text_that_finds(data, device_id), goal, language, os_text, ANSWER)
    label = escape(label_of(data.devices[device_id], language))
    return f'<li><a href="{escape(address)}" target="_self">{label}</a></li>'


def _help(language: str) -> str:
    return how_to_find(language) + glossary(
        " ".join(say(language, "capability", one) for one in GOALS), language
    )


def _foot(data: Dataset, language: str) -> str:
    lines = (
        say(language, "ui", "data_day", day=say_day(language, data.data_at)),
        say(language, "ui", f"data_{data.meta['origin']}"),
        say(language, "ui", "not_official"),
    )
    home = "./" if language == LANGUAGES[0] else f"./?lang={language}"
    more = f'<p><a href="{home}">{escape(say(language, "ui_lite", "explorer"))}</a></p>'
    return f'</main><footer class="data">{"".join(element("p", line) for line in lines)}{more}</footer>'


@cache
def _style() -> str:
    folder = Path(__file__).parent.parent
    return "".join((folder / name).read_text(encoding="utf-8").split("*/", 1)[-1].strip() for name in STYLES)
