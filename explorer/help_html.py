"""Facts about logins and looks at the official hosts as HTML. Pure; every value is escaped."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlsplit

from explorer.days import JAPAN, say_day, say_month
from explorer.login_facts import Fact, Look
from explorer.markup import element, link
from explorer.wording import say

COPY, PAGE = "copy", "page"


def fact_list(facts: Iterable[Fact], language: str) -> str:
    """Return the facts, each with its source, date and confidence."""
    rows = "".join(f"<li>{fact_item(fact, language)}</li>" for fact in facts)
    return f'<ul class="login-facts">{rows}</ul>'


def fact_item(fact: Fact, language: str) -> str:
    text = element("p", fact.ja if language == "ja" else fact.en)
    return f'{text}<p class="facts">{origin(fact, language)}</p>'


def origin(fact: Fact, language: str) -> str:
    """Return where a fact comes from: a link or the address, its date, and whether it is certain."""
    parts = [_source(fact, language), escape(_date(fact, language))]
    if fact.confidence != "high":
        parts.append(element("strong", say(language, "help", f"confidence_{fact.confidence}")))
    return " ・ ".join(parts)


def _source(fact: Fact, language: str) -> str:
    address = urlsplit(fact.url)
    if fact.via == COPY or not address.netloc:
        return escape(say(language, "help", "source_no_link", url=address.netloc or fact.url))
    return link(fact.url, say(language, "help", "source", host=address.netloc))


def _date(fact: Fact, language: str) -> str:
    is_unknown = fact.as_of == "unknown"
    if fact.via != PAGE:
        code = "as_of_unknown_guess" if is_unknown else "as_of_guess"
    else:
        code = "as_of_unknown" if is_unknown else "as_of"
    return say(language, "help", code, month=say_month(language, fact.as_of))


def host_table(looks: Iterable[Look], language: str) -> str:
    """Return what the newest looks found, by host, in plain words."""
    hosts: dict[str, list[Look]] = {}
    for look in looks:
        if look.result:
            hosts.setdefault(look.host, []).append(look)
    heading = element("h2", say(language, "help_host", "heading"))
    note = element("p", say(language, "help_host", "note"))
    if not hosts:
        return heading + note + element("p", say(language, "help_host", "never"))
    rows = "".join(_host(host, seen, language) for host, seen in sorted(hosts.items()))
    return f'{heading}{note}<ul class="hosts">{rows}</ul>'


def _host(host: str, looks: list[Look], language: str) -> str:
    results = dict.fromkeys(say(language, "help_host", str(look.result)) for look in looks)
    if len(results) > 1:
        lines = [say(language, "help_host", "some", result=one) for one in results]
    else:
        lines = list(results)
    newest = max(look.looked_at for look in looks if look.looked_at)
    lines.append(f"{say(language, 'help_host', 'column_time')}: {_time(newest, language)}")
    if good := [look.last_good_at for look in looks if look.last_good_at]:
        lines.append(say(language, "help_host", "last_good", day=_day(max(good), language)))
    return f"<li>{element('strong', host)}{''.join(element('p', line) for line in lines)}</li>"


def _time(moment: datetime, language: str) -> str:
    there = _in_japan(moment)
    return say(
        language, "help_host", "time", day=_day(moment, language), hour=there.hour, minute=there.minute
    )


def _day(moment: datetime, language: str) -> str:
    return say_day(language, _in_japan(moment).date().isoformat())


def _in_japan(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(JAPAN)


def chosen(facts: Mapping[str, Fact], ids: Iterable[str]) -> list[Fact]:
    """Return facts by id, in this order. Raises KeyError; a test holds that every id is known."""
    return [facts[one] for one in ids]
