"""The health of the sources as HTML. Pure."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from html import escape

from explorer.days import japan_day, say_day
from explorer.health import Run, SourceHealth, last_failure, reason_code
from explorer.markup import element, link
from explorer.wording import say


def health_cards(sources: Sequence[SourceHealth], today: date, language: str) -> str:
    cards = "".join(_card(one, today, language) for one in sources)
    return f'<ul class="health">{cards}</ul>'


def _card(one: SourceHealth, today: date, language: str) -> str:
    ui = partial(say, language, "health")
    state = _state(one, today)
    sign = f'<span class="mark" aria-hidden="true">{ui(f"sign_{state}")}</span>'
    facts = "".join(
        f"<div>{element('dt', term)}<dd>{words}</dd></div>" for term, words in _facts(one, today, language)
    )
    return (
        f'<li><h3 lang="ja">{link(one.url, one.title)}</h3>'
        f'<p class="state is-{state}">{sign} {escape(ui(f"state_{state}"))}</p>'
        f'<dl class="printed">{facts}</dl>{_runs(one.runs, language)}</li>'
    )


def _state(one: SourceHealth, today: date) -> str:
    """Return good, failed (older data still answer), overdue, bundled, or none (nothing at hand)."""
    if one.origin is None:
        return "none"
    if one.age_days(today) is None:
        return "bundled"
    if one.is_overdue(today):
        return "overdue"
    return "failed" if last_failure(one.runs) else "good"


def _facts(one: SourceHealth, today: date, language: str) -> list[tuple[str, str]]:
    """Return terms and their words, the words as HTML."""
    ui = partial(say, language, "health")
    facts = [(ui("publisher"), f'<span lang="ja">{escape(one.publisher)}</span>')]
    if one.origin:
        facts.append((ui("origin"), escape(say(language, "ui_origin", one.origin))))
    age = one.age_days(today)
    if one.last_fetched_at:
        day = say_day(language, f"{one.last_fetched_at.isoformat()}Z")
        term = ui("prepared" if age is None else "fetched")
        facts.append((term, escape(day if age is None else ui("day_and_age", day=day, days=age))))
    if age is not None:
        facts.append((ui("due"), escape(ui("due_days", days=one.stale_after_days))))
        printed = say_day(language, one.printed_on.isoformat()) if one.printed_on else ui("no_printed")
        facts.append((ui("printed_on"), escape(printed)))
    if one.row_count is not None:
        facts.append((ui("rows"), escape(ui("row_count", count=one.row_count))))
    facts.append((ui("last_run"), _last_run(one, language)))
    return facts


def _last_run(one: SourceHealth, language: str) -> str:
    ui = partial(say, language, "health")
    if not one.is_crawled:
        return escape(ui("not_crawled"))
    if not one.runs:
        return escape(ui("no_run"))
    run = one.runs[0]
    words = ui("run_says", day=_day(run, language), words=ui(f"reason_{reason_code(run)}"))
    return escape(words) + _raw(run, language)


def _raw(run: Run, language: str) -> str:
    """Return the reason as recorded, folded away: it is for who runs this."""
    if not run.reason:
        return ""
    summary = element("summary", say(language, "health", "raw"))
    return f'<details>{summary}<code lang="en">{escape(run.reason)}</code></details>'


def _runs(runs: Sequence[Run], language: str) -> str:
    ui = partial(say, language, "health")
    if not runs:
        return ""
    rows = "".join(
        f"<tr>{element('td', _day(run, language))}{element('td', ui(f'result_{run.result}'))}"
        f"{element('td', str(run.row_count) if run.result in ('new', 'unchanged') else ui('no_rows'))}</tr>"
        for run in runs
    )
    head = "".join(
        f'<th scope="col">{escape(ui(name))}</th>' for name in ("run_day", "run_result", "run_rows")
    )
    return (
        f"<details>{element('summary', ui('runs', count=len(runs)))}"
        f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>'
    )


def _day(run: Run, language: str) -> str:
    return say_day(language, japan_day(f"{run.started_at.isoformat()}Z").isoformat())
