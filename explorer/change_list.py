"""The changes as HTML: by night, what was printed before and after, in words. Pure."""

from collections.abc import Iterable
from functools import partial
from html import escape
from itertools import groupby

from explorer.browse_words import device_address
from explorer.days import say_day
from explorer.device_record import Change
from explorer.markup import element, link
from explorer.printed import SHOWN, delta_word, printed_rows, row_words
from explorer.wording import say


def change_list(changes: Iterable[Change], language: str) -> str:
    """Return the changes under a heading for each night; `changes` is ordered by night."""
    nights = []
    for day, of_night in groupby(changes, key=lambda one: one.changed_on):
        rows = "".join(change_item(one, language) for one in of_night)
        heading = element("h3", say_day(language, day.isoformat()))
        nights.append(f'{heading}<ol class="changes">{rows}</ol>')
    return "".join(nights)


def change_item(one: Change, language: str, is_dated: bool = False) -> str:
    """Return one change as a list item, with its day where no heading says it."""
    ui = partial(say, language, "changes")
    before, after = printed_rows(one.before), printed_rows(one.after)
    name = next((_name(row) for row in (after or before)), "")
    day = f'<span class="day">{escape(say_day(language, one.changed_on.isoformat()))}</span> '
    title = escape(name or ui("no_name"))
    if one.device_id and not is_dated:
        address = escape(device_address(one.device_id, language))
        title = f'<a href="{address}" target="_self" lang="ja">{title}</a>'
    different = _different(before, after)
    sides = "".join(
        f'<div class="side">{element("p", ui(side), "facts")}'
        f"{''.join(row_words(row, language, different) for row in rows)}</div>"
        for side, rows in (("before", before), ("after", after))
        if rows
    )
    source = f'<p class="facts" lang="ja">{link(one.url, one.title)}</p>'
    return (
        f"<li><p>{day if is_dated else ''}{delta_word(one.delta, language)} {title}</p>{sides}{source}</li>"
    )


def say_change(one: Change, language: str) -> str:
    """Return a change in a line: what happened, and the device as printed."""
    before, after = printed_rows(one.before), printed_rows(one.after)
    name = next((_name(row) for row in (after or before)), "") or say(language, "changes", "no_name")
    return f"{say(language, 'delta', one.delta)}: {name}"


def _name(row: dict[str, str]) -> str:
    """Return maker, name and model number as printed, the maker once where the name begins with it."""
    maker, name = row.get("maker", ""), row.get("name", "")
    words = (maker if not name.startswith(maker) else "", name, row.get("model", ""))
    return " ".join(word for word in words if word)


def _different(before: list[dict[str, str]], after: list[dict[str, str]]) -> frozenset[str]:
    """Return the words whose value is not the same on both sides; empty unless both have one row."""
    if len(before) != 1 or len(after) != 1:
        return frozenset()
    return frozenset(word for word in SHOWN if before[0].get(word) != after[0].get(word))
