"""The charts of the list: bars that are the cells of a table, so that the numbers stand beside them. Pure."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from explorer.days import say_day
from explorer.figures import OTHER_MAKERS, ListSize, MakerFigures, OsFigures
from explorer.markup import element
from explorer.wording import say

Line = tuple[str, tuple[int, ...]]


def maker_chart(figures: Sequence[MakerFigures], language: str) -> str:
    """Return how many devices of each maker work, plainly or on conditions."""
    ui = partial(say, language, "browse_chart")
    if not figures:
        return element("h3", ui("makers")) + element("p", ui("empty"))
    lines = [(_maker(one, language), (one.supported, one.conditional, one.other)) for one in figures]
    kinds = ("supported", "conditional", "other")
    totals = [sum(values[place] for _, values in lines) for place in range(3)]
    words = ui("makers_words", supported=totals[0], conditional=totals[1], other=totals[2])
    return _chart(ui("makers"), words, ui("maker"), kinds, lines, language)


def _maker(one: MakerFigures, language: str) -> str:
    if one.maker_id == OTHER_MAKERS:
        return say(language, "browse_chart", "other_makers")
    return one.maker if language == "ja" else one.maker_en


def os_chart(figures: Sequence[OsFigures], floors: Sequence[tuple[str, str]], language: str) -> str:
    """Return what the lowest OS leaves out, by year of release."""
    ui = partial(say, language, "browse_chart")
    if not figures:
        return element("h3", ui("os")) + element("p", ui("os_none"))
    lines = [
        (one.year if one.year.isdigit() else ui("no_year"), (one.below, one.unknown, one.reached))
        for one in figures
    ]
    below, unknown, reached = (sum(values[place] for _, values in lines) for place in range(3))
    asked = say(language, "ui_check", "separator").join(
        ui("floor", os=os, version=version) for os, version in floors
    )
    words = ui("os_words", asked=asked, below=below, unknown=unknown, reached=reached)
    return _chart(ui("os"), words, ui("year"), ("below", "os_unknown", "reached"), lines, language)


def size_charts(sizes: Mapping[str, Sequence[ListSize]], language: str) -> str:
    """Return how long each list was from night to night; says so when no live page was read yet."""
    ui = partial(say, language, "browse_chart")
    if not sizes:
        return element("h3", ui("size")) + element("p", ui("size_none"))
    charts = []
    for nights in sizes.values():
        lines = [(say_day(language, one.day.isoformat()), (one.row_count,)) for one in nights[-12:]]
        words = ui("size_one") if len(nights) == 1 else ui("size_words")
        title = ui("size_of", title=nights[-1].title)
        charts.append(_chart(title, words, ui("night"), ("rows",), lines, language))
    return "".join(charts)


def _chart(
    title: str, words: str, first: str, kinds: Sequence[str], lines: Sequence[Line], language: str
) -> str:
    """Return a table with a bar under the name of each line, its parts told apart by pattern too."""
    longest = max((sum(values) for _, values in lines), default=0) or 1
    names = [say(language, "browse_chart", kind) for kind in kinds]
    legend = "".join(
        f'<li><span class="bar {kind}" aria-hidden="true"></span> {escape(name)}</li>'
        for kind, name in zip(kinds, names, strict=True)
    )
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (first, *names))
    body = "".join(_line(label, values, kinds, longest) for label, values in lines)
    return (
        f"{element('h3', title)}{element('p', words)}"
        f'<ul class="legend">{legend}</ul>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
        f'<table class="chart"><caption class="away">{escape(title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(label: str, values: Sequence[int], kinds: Sequence[str], longest: int) -> str:
    bars = "".join(
        f'<span class="bar {kind}" style="width:{value / longest:.1%}"></span>'
        for kind, value in zip(kinds, values, strict=True)
        if value
    )
    numbers = "".join(f"<td>{value}</td>" for value in values)
    drawn = f'<span class="bars" aria-hidden="true">{bars}</span>'
    return f'<tr><th scope="row">{escape(label)}{drawn}</th>{numbers}</tr>'
