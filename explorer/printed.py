"""A printed row of a list in words: what stands under maker, name, model number and so on. Pure."""

import json
from collections.abc import Mapping
from html import escape

from explorer.wording import load_texts, say

SHOWN = ("section", "maker", "name", "model", "carrier", "note")
DELTA_SIGNS = {"ADD": "＋", "DEL": "－", "MOD": "～"}


def printed_rows(text: str | None) -> list[dict[str, str]]:
    """Return the rows of one side of a change, which are stored as JSON, one a line.

    What is not such a row is kept as the name, so that nothing printed is lost.
    """
    return [_row(line) for line in (text or "").splitlines() if line.strip()]


def _row(line: str) -> dict[str, str]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        return {"name": line}
    return {word: str(row[word]) for word in SHOWN if row.get(word)}


def row_words(row: Mapping[str, str], language: str, different: frozenset[str] = frozenset()) -> str:
    """Return the row as a list of terms; what is `different` on the other side is marked in words."""
    sections, lines = load_texts(language)["section"], []
    for word in SHOWN:
        if value := row.get(word):
            text = sections.get(value, value) if word == "section" else value
            text_language = language if word == "section" else "ja"
            mark = f"<strong>{escape(text)}</strong>" if word in different else escape(text)
            term = escape(say(language, "printed", word))
            lines.append(f'<div><dt>{term}</dt><dd lang="{text_language}">{mark}</dd></div>')
    return f'<dl class="printed">{"".join(lines)}</dl>'


def delta_word(delta: str, language: str) -> str:
    """Return the sign, for the eye only, and the word of a change."""
    sign = f'<span class="mark" aria-hidden="true">{DELTA_SIGNS[delta]}</span>'
    return f'<span class="delta {escape(delta)}">{sign} {escape(say(language, "delta", delta))}</span>'
