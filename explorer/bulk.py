"""まとめて調べる: a sheet of texts in, a verdict for every row out; no row is lost. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from crawler.names import Capability, Match, Status
from explorer.asked import shortened
from explorer.check import check
from explorer.days import japan_day, say_month
from explorer.headings import DEVICE_WORDS, OS_WORDS, folded_heading
from explorer.headline import headline
from explorer.lookup import find
from explorer.pc import check_pc
from explorer.queries import Dataset
from explorer.sheets import MAX_ROWS, BadFile, Sheet
from explorer.wording import say

MAX_TEXT = 1000
SAMPLE_ROWS = 40
PROGRESS_EVERY = 100
EMPTY, TOO_LONG = "empty", "too_long"
# Rows that a person should look at, the most urgent kind first.
ATTENTION = (Status.AMBIGUOUS.value, Status.UNKNOWN.value, TOO_LONG, EMPTY)
ADDED = (
    "status",
    "match",
    "device",
    "reason",
    "next_step",
    "source",
    "source_url",
    "fetched_on",
    "as_of",
    "confidence",
    "origin",
)


@dataclass(frozen=True)
class Layout:
    """Where things stand in a sheet; `os` is None when no column says it."""

    has_header: bool
    device: int
    os: int | None = None


class Verdict(NamedTuple):
    """The answer for one row: `status` is a word of the vocabulary, or empty / too_long; `cells` as ADDED."""

    status: str
    cells: tuple[str, ...]


class Row(NamedTuple):
    """One row of the list: its number in the file from 1, what was asked, the answer."""

    number: int
    text: str
    os_text: str
    verdict: Verdict


def guess_layout(data: Dataset, sheet: Sheet) -> Layout:
    """Return the likely layout: by the words of the headings, else by what the database recognises."""
    first = [folded_heading(cell) for cell in sheet.rows[0]]
    named = [number for number, word in enumerate(first) if word in DEVICE_WORDS]
    os_columns = [number for number, word in enumerate(first) if word in OS_WORDS]
    # A phone may be called like a heading in one column only if the list has no other.
    body = sheet.rows[1 : SAMPLE_ROWS + 1]
    hits = [_count_hits(data, [row[column] for row in body]) for column in range(len(first))]
    if named or os_columns:
        columns = named or [one for one in range(len(first)) if one not in os_columns] or [0]
        device = max(columns, key=lambda one: (hits[one], -_rank(first[one])))
        return Layout(True, device, os_columns[0] if os_columns and os_columns[0] != device else None)
    device = max(range(len(first)), key=lambda one: hits[one])
    is_heading = len(first) > 1 and hits[device] * 2 >= len(body) > 0
    return Layout(is_heading and not _count_hits(data, [sheet.rows[0][device]]), device)


def _rank(word: str) -> int:
    return DEVICE_WORDS.index(word) if word in DEVICE_WORDS else len(DEVICE_WORDS)


def _count_hits(data: Dataset, texts: Sequence[str]) -> int:
    return sum(
        find(data.index, text[:MAX_TEXT]).match in (Match.EXACT, Match.CLOSE) for text in texts if text
    )


def column_names(sheet: Sheet, layout: Layout, language: str) -> list[str]:
    """Return the headings of the file, or made-up ones where it has none."""
    header = sheet.rows[0] if layout.has_header else [""] * len(sheet.rows[0])
    return [name.strip() or say(language, "bulk", "column", number=n) for n, name in enumerate(header, 1)]


def body_rows(sheet: Sheet, has_header: bool) -> list[list[str]]:
    """Return the rows below the headings. Raises `BadFile` when there are none, or too many."""
    body = sheet.rows[1:] if has_header else sheet.rows
    if not body:
        raise BadFile("header_only")
    if len(body) > MAX_ROWS:
        raise BadFile("rows", limit=MAX_ROWS)
    return body


def check_rows(
    data: Dataset,
    sheet: Sheet,
    layout: Layout,
    capability: Capability,
    language: str,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Row]:
    """Return the answers in the order of the file; a text that comes again is looked up once.

    Raises `BadFile` as `body_rows` does.
    """
    body = body_rows(sheet, layout.has_header)
    known: dict[tuple[str, str], Verdict] = {}
    found, first = [], sheet.above + 1 + layout.has_header
    for done, cells in enumerate(body):
        if done % PROGRESS_EVERY == 0:
            on_progress(done, len(body))
        text = cells[layout.device].strip()
        os_text = shortened(cells[layout.os]) if layout.os is not None else ""
        if (text, os_text) not in known:
            known[text, os_text] = _verdict(data, text, os_text, capability, language)
        found.append(Row(first + done, text, os_text, known[text, os_text]))
    on_progress(len(body), len(body))
    return found


def _verdict(data: Dataset, text: str, os_text: str, capability: Capability, language: str) -> Verdict:
    if not text or len(text) > MAX_TEXT:
        code = TOO_LONG if text else EMPTY
        words = {
            "status": _say_row(language, code),
            "reason": _say_row(language, f"{code}_why", limit=MAX_TEXT),
        }
        return Verdict(code, tuple(words.get(name, "") for name in ADDED))
    if capability is Capability.PC_LOGIN:
        answer = check_pc(data, text, language=language, os_text=os_text)
    else:
        answer = check(data, text, os_text, (capability,), language)
    one = answer["answers"][0]
    words = {
        "status": headline(one, language),
        "match": _say_row(language, f"match_{answer['match']}"),
        "device": _device(answer, language),
        "reason": _joined(reason["text"] for reason in one["reasons"]),
        "next_step": _joined(one["next_steps"]),
        **_evidence(data, one["evidence"], language),
    }
    return Verdict(one["status"], tuple(words.get(name, "") for name in ADDED))


def _device(answer: dict[str, Any], language: str) -> str:
    """Return the device found, else those that may be meant."""
    if device := answer["device"]:
        return f"{device['maker']} {device['name']}"
    names = [f"{one['maker']} {one['name']}" for one in answer["candidates"]]
    return _say_row(language, "candidates", names=" / ".join(dict.fromkeys(names))) if names else ""


def _evidence(data: Dataset, proofs: Sequence[dict[str, Any]], language: str) -> dict[str, str]:
    facts = [proof["fact"] for proof in proofs if proof["fact"]]
    confidence = (fact["confidence"] for fact in facts if fact["confidence"])
    return {
        "source": _joined((data.sources[proof["source_id"]]["title"] for proof in proofs), " / "),
        "source_url": _joined((proof["url"] for proof in proofs), " "),
        "fetched_on": _joined((japan_day(proof["fetched_at"]).isoformat() for proof in proofs), " / "),
        "as_of": _joined((say_month(language, fact["as_of"]) for fact in facts if fact["as_of"]), " / "),
        "confidence": _joined((say(language, "ui_check", f"confidence_{one}") for one in confidence), " / "),
        "origin": _joined((say(language, "ui_origin", proof["origin"]) for proof in proofs), " / "),
    }


def _joined(texts: Any, separator: str = " ") -> str:
    return separator.join(dict.fromkeys(text for text in texts if text))


def _say_row(language: str, code: str, **values: object) -> str:
    return say(language, "bulk_row", code, **values)


def result_table(
    sheet: Sheet, layout: Layout, rows: Sequence[Row], language: str
) -> tuple[list[str], Iterator[list[str]]]:
    """Return headings and rows to save: every column of the file in its order, then the answer."""
    if layout.has_header:
        first, body = list(sheet.rows[0]), sheet.rows[1:]
    else:
        first, body = column_names(sheet, layout, language), sheet.rows
    header = [*first, *(say(language, "bulk_column", name) for name in ADDED)]
    return header, ([*cells, *row.verdict.cells] for cells, row in zip(body, rows, strict=True))


def count_statuses(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many rows got each status, in the order of the vocabulary."""
    counts = Counter(row.verdict.status for row in rows)
    order = [*(status.value for status in Status), TOO_LONG, EMPTY]
    return {status: counts[status] for status in order if counts[status]}


def to_look_at(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that need a person: several devices fit, none is known, nothing to look up."""
    return sorted(
        (row for row in rows if row.verdict.status in ATTENTION),
        key=lambda row: ATTENTION.index(row.verdict.status),
    )
