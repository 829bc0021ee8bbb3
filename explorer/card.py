"""The verdict as HTML: word, reasons, next steps, evidence. Pure; every value is escaped."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from crawler.names import Origin
from explorer.days import japan_day, say_day, say_month
from explorer.headline import headline
from explorer.markup import element, items, link, status_word
from explorer.wording import lang_of, load_texts, say

Sources = Mapping[str, Mapping[str, Any]]
SAME_PAGE = ("source_id", "url", "origin", "printed_on", "fetched_at")


def verdict_card(
    answer: Mapping[str, Any],
    one: Mapping[str, Any],
    os_text: str,
    sources: Sources,
    language: str,
    today: date,
) -> str:
    """Return the card of one capability: `answer` as `check()` returns it, `one` of its answers."""
    ui = partial(say, language, "ui_check")
    status = one["status"]
    parts = [
        element("p", say(language, "capability", one["capability"]), "goal"),
        *_subject(answer, os_text, language),
        f'<p class="verdict" role="status">{_word(one, language)}</p>',
        _bundled_banner(one, language),
        element("h3", ui("reasons")) + items("ul", (reason["text"] for reason in one["reasons"])),
        element("h3", ui("next_steps")) + items("ol", one["next_steps"]),
    ]
    if one["evidence"]:
        parts.append(element("h3", ui("evidence")) + _proofs(one["evidence"], sources, language, today))
    parts.append(glossary("".join(parts), language))
    return f'<section class="card {escape(status)}" data-result="1">{"".join(parts)}</section>'


def _subject(answer: Mapping[str, Any], os_text: str, language: str) -> list[str]:
    ui = partial(say, language, "ui_check")
    device = answer["device"]
    if device is None:
        return [element("p", ui("your_text", text=answer["query"]), "facts")]
    facts = [say(language, "form_factor", device["form_factor"])]
    if device["model_numbers"]:
        facts.append(ui("numbers", numbers=ui("separator").join(device["model_numbers"])))
    if os_text:
        facts.append(ui("your_os", text=os_text))
    close = [element("p", ui("close_match", text=answer["query"]))] if answer["match"] == "close" else []
    heading = element("h2", f"{device['maker']} {device['name']}")
    return [*close, heading, *(element("p", fact, "facts") for fact in facts)]


def _bundled_banner(one: Mapping[str, Any], language: str) -> str:
    first = next((proof for proof in one["evidence"] if proof["origin"] == Origin.BUNDLED), None)
    if first is None:
        return ""
    ui = partial(say, language, "ui_check")
    words = element("strong", ui("bundled")) + element("p", ui("bundled_why"))
    return f'<div class="bundled">{words}<p>{link(first["url"], ui("official"))}</p></div>'


def _proofs(proofs: Sequence[Mapping[str, Any]], sources: Sources, language: str, today: date) -> str:
    """Return the evidence, what stands on the same page under one title."""
    pages: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for proof in proofs:
        pages.setdefault(tuple(str(proof[key]) for key in SAME_PAGE), []).append(proof)
    return "".join(_page(page, sources, language, today) for page in pages.values())


def _page(page: Sequence[Mapping[str, Any]], sources: Sources, language: str, today: date) -> str:
    first, ui = page[0], partial(say, language, "ui_check")
    source, is_live = sources[first["source_id"]], first["origin"] == Origin.LIVE
    days = []
    if is_live and first["printed_on"]:
        days.append(ui("printed_on", day=say_day(language, first["printed_on"])))
    days.append(ui("fetched_on" if is_live else "written_on", day=say_day(language, first["fetched_at"])))
    age = (today - japan_day(first["fetched_at"])).days
    if is_live and age > source["stale_after_days"]:
        days.append(ui("age", days=age))
    pointer = say(language, "evidence", "no_row")
    label = ""
    if any(proof["printed"] != pointer for proof in page):
        label = element("p", ui("quote_live" if is_live else "quote_bundled"), "facts")
    quotes = dict.fromkeys((proof["printed"], _fact(proof["fact"], language)) for proof in page)
    body = "".join(
        f'<blockquote lang="{language if printed == pointer else "ja"}">{escape(printed)}</blockquote>{fact}'
        for printed, fact in quotes
    )
    title = f"{link(first['url'], source['title'])}（{escape(source['publisher'])}）"
    facts = "".join(element("p", day, "facts") for day in days)
    return f'<div class="proof"><p lang="ja">{title}</p>{facts}{label}{body}</div>'


def glossary(text: str, language: str) -> str:
    """Return what the hard words in `text` mean, folded away."""
    lines = [line.partition(": ") for line in load_texts(language)["gloss"].values()]
    meanings = [f"{word}: {meaning}" for word, _, meaning in lines if word in text]
    if not meanings:
        return ""
    summary = element("summary", say(language, "ui_check", "words"))
    return f'<details class="words">{summary}{items("ul", meanings)}</details>'


def _fact(fact: Mapping[str, Any] | None, language: str) -> str:
    """Return where a bundled statement was found, folded away."""
    if fact is None:
        return ""
    ui = partial(say, language, "ui_check")
    confidence = ui(f"confidence_{fact['confidence']}") if fact["confidence"] else "?"
    return (
        f"<details>{element('summary', ui('fact'))}<ul>"
        f"<li>{escape(ui('fact_url'))}{link(fact['url'], fact['url'])}</li>"
        f"{element('li', ui('fact_as_of', text=say_month(language, fact['as_of'])))}"
        f"{element('li', ui('fact_confidence', text=confidence))}</ul></details>"
    )


def other_answers(
    answer: Mapping[str, Any], chosen: str, os_text: str, language: str, page: str = "./"
) -> str:
    """Return the other capabilities of the device, each a link to its own answer on `page`."""
    others = [one for one in answer["answers"] if one["capability"] != chosen]
    rows = []
    for one in others:
        address = check_address(answer["query"], one["capability"], language, os_text, page)
        words = escape(say(language, "capability", one["capability"]))
        rows.append(
            f'<li><a href="{escape(address)}" target="_self">{words}</a><br>'
            f'<span class="word {escape(one["status"])}">{_word(one, language)}</span></li>'
        )
    return f'{element("h2", say(language, "ui_check", "others"))}<ul class="others">{"".join(rows)}</ul>'


def _word(one: Mapping[str, Any], language: str) -> str:
    return status_word(one["status"], headline(one, language))


def check_address(text: str, capability: str, language: str, os_text: str = "", page: str = "./") -> str:
    """Return the address of an answer, relative to any page of the explorer; `page` may end in `#place`."""
    values = {"q": text, "for": capability, "os": os_text} | lang_of(language)
    path, mark, place = page.partition("#")
    return f"{path}?{urlencode({name: value for name, value in values.items() if value})}{mark}{place}"


def how_to_find(language: str) -> str:
    """Return the steps by which a person finds the model number."""
    ui = partial(say, language, "ui_find")
    parts = [element("h2", ui("heading"))]
    for kind in ("android", "iphone"):
        parts += [element("h3", ui(kind)), items("ol", ui(f"{kind}_steps").strip().splitlines())]
    return f'<section class="find">{"".join(parts)}</section>'
