"""The lookups of `data/lookups/`: odd spellings, the base catalogue, the meaning of notes.

Loaded once a build and handed to the pure stages. A value that no lookup knows becomes an
issue there; it is never guessed away here.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crawler.names import match_key
from crawler.sources import BadInput

COLUMNS = {
    "makers": ("maker_id", "name_ja", "name_en", "aliases"),
    "carriers": ("carrier_id", "name_ja", "aliases"),
    "phones": (
        "maker_id",
        "name",
        "aliases",
        "form_factor",
        "os",
        "released",
        "first_os",
        "last_os",
        "models",
    ),
    "card_readers": (
        "maker_id",
        "name",
        "model_number",
        "interface",
        "source_url",
        "as_of",
        "confidence",
    ),
    "computers": ("maker_id", "name", "aliases", "form_factor", "os"),
    "families": ("printed", "os"),
    "notes": ("pattern", "effect", "meaning"),
    "requirement_sections": ("word", "platform", "capability", "role"),
    "pc_rules": ("kind", "name", "words", "platforms", "source_url", "as_of", "confidence"),
    "readings": ("word", "kind", "readings"),
    "login_facts": (
        "fact_id",
        "topic",
        "fact_ja",
        "fact_en",
        "source_url",
        "as_of",
        "confidence",
        "via",
    ),
    "os": ("platform", "word", "version", "kind"),
}
BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
COMPANY = re.compile(
    r"株式会社|合同会社|有限会社|[(（]株[)）]|㈱|\b(?:Inc|Corp(?:oration)?|Co|Ltd)\b[.,]?", re.IGNORECASE
)


@dataclass(frozen=True)
class Lookups:
    """All lookup tables as lists of dicts with the columns of `COLUMNS`, and the folded words."""

    makers: list[dict[str, str]]
    carriers: list[dict[str, str]]
    phones: list[dict[str, str]]
    card_readers: list[dict[str, str]]
    computers: list[dict[str, str]]
    families: list[dict[str, str]]
    notes: list[dict[str, str]]
    requirement_sections: list[dict[str, str]]
    pc_rules: list[dict[str, str]]
    readings: list[dict[str, str]]
    login_facts: list[dict[str, str]]
    os: list[dict[str, str]]
    maker_words: dict[str, str]
    carrier_words: dict[str, str]
    family_words: dict[str, str]

    def maker_of(self, word: str) -> str | None:
        """Return the maker id of a printed maker, with or without company form and brackets.

        `ソニーモバイル株式会社（Sony）` is known by either part; None when no part is known.
        """
        outside = BRACKETS.sub(" ", word)
        for part in (word, COMPANY.sub("", outside), outside, *BRACKETS.findall(word)):
            if (found := self.maker_words.get(match_key(part))) is not None:
                return found
        return None

    def is_note_asking(self, note: str) -> bool | None:
        """Tell whether a printed note asks the person for something; None when no pattern knows it."""
        text = unicodedata.normalize("NFKC", note)
        effects = {row["effect"] for row in self.notes if row["pattern"] in text}
        return None if not effects else "asks" in effects


def load_lookups(folder: Path) -> Lookups:
    """Read every lookup. Raises `BadInput` that names file, line and column."""
    tables = {name: read_table(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    parser_words(folder / "parser_words.csv")
    return Lookups(
        **tables,
        maker_words=_words(tables["makers"], "maker_id", ("maker_id", "name_ja", "name_en", "aliases")),
        carrier_words=_words(tables["carriers"], "carrier_id", ("carrier_id", "name_ja", "aliases")),
        family_words=_words(tables["families"], "os", ("printed",)),
    )


def parser_words(path: Path) -> list[dict[str, str]]:
    """Return the words (kind, word) that the parser reads a page by. Raises `BadInput`, also for none."""
    rows = read_table(path, ("kind", "word"))
    if not rows:
        raise BadInput(f"{path}: expected the words of a list, found none; restore it from git")
    return rows


def read_table(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV file whose header is exactly `columns`."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            if tuple(reader.fieldnames or ()) != tuple(columns):
                raise BadInput(
                    f"{path}: expected the columns {', '.join(columns)}; found {reader.fieldnames}; "
                    "restore the header line"
                )
            rows = list(reader)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); restore it from git") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: not UTF-8 CSV ({error}); save it as UTF-8") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadInput(f"{path}, line {number}: expected {len(list(columns))} cells; mend that line")
    return rows


def split_list(cell: str) -> list[str]:
    """Return the values of a cell that separates them by `|`."""
    return [value.strip() for value in cell.split("|") if value.strip()]


def _words(rows: list[dict[str, str]], target: str, columns: Iterable[str]) -> dict[str, str]:
    return {
        match_key(word): row[target] for row in rows for column in columns for word in split_list(row[column])
    }
