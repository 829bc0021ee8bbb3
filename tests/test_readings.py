"""What `data/lookups/readings.csv` promises: one spoken word, one word of a name."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path
from string import ascii_lowercase

import pytest

from crawler.names import fold, match_key

LOOKUPS = Path(__file__).parent.parent / "data" / "lookups"
KINDS = {"maker", "series", "suffix", "letter", "number", "mark", "generation", "ordinal", "generic"}
# A word of these kinds is identity: what is heard must not stand for two of them.
IDENTITY = {"maker", "series", "suffix"}
# Filler in most texts, part of the name in らくらくスマートフォン and AQUOSケータイ.
FILLER_AND_NAME = {"スマホ", "スマフォ", "携帯"}
NUMBERS = {*map(str, range(21)), *map(str, range(30, 101, 10))}
READING = re.compile(r"[ァ-ヺー一-鿿々a-z0-9]+")
# Shorter runs are read letter by letter; a roman numeral is a number after マーク.
LETTERS = re.compile(r"(?<![a-z])(?![ivx]+(?![a-z]))[a-z]{3,}")


def rows_of(name: str) -> list[dict[str, str]]:
    with (LOOKUPS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


ROWS = rows_of("readings")
WORDS = {row["word"] for row in ROWS}


def readings_of(row: dict[str, str]) -> list[str]:
    return row["readings"].split("|")


def surfaces_of(kinds: set[str]) -> dict[str, set[str]]:
    """Return what may be typed, the word itself included, and the words it stands for."""
    surfaces: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        if row["kind"] in kinds:
            for text in (row["word"], *readings_of(row)):
                surfaces[match_key(text)].add(row["word"])
    return surfaces


def test_file_has_three_columns_and_plain_line_ends():
    content = (LOOKUPS / "readings.csv").read_bytes()
    assert content.startswith(b"word,kind,readings\n")
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert all(len(row) == 3 and all(row.values()) for row in ROWS)


def test_kinds_are_known():
    assert {row["kind"] for row in ROWS} == KINDS


def test_a_word_has_one_row_and_stands_folded():
    assert [word for word, count in Counter(map(match_key, WORDS)).items() if count > 1] == []
    assert len(WORDS) == len(ROWS)
    assert [word for word in WORDS if word != fold(word)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["word"])
def test_readings_are_folded_and_differ(row):
    texts = readings_of(row)
    assert [text for text in texts if not READING.fullmatch(text) or text != fold(text)] == []
    assert len({match_key(text) for text in texts}) == len(texts)


def test_no_reading_stands_for_two_words_of_identity():
    assert {text: words for text, words in surfaces_of(IDENTITY).items() if len(words) > 1} == {}


def test_filler_never_swallows_a_word_of_a_name():
    named = surfaces_of(KINDS - {"generic"})
    assert set(surfaces_of({"generic"})) & set(named) <= FILLER_AND_NAME


@pytest.mark.parametrize(("kind", "words"), [("letter", {*ascii_lowercase}), ("number", NUMBERS)])
def test_letters_and_numbers_are_complete(kind, words):
    assert {row["word"] for row in ROWS if row["kind"] == kind} == words


@pytest.mark.parametrize("maker", rows_of("makers"), ids=lambda maker: maker["maker_id"])
def test_makers_have_a_reading(maker):
    spelled = {match_key(text) for text in (maker["maker_id"], maker["name_en"], maker["aliases"])}
    assert spelled & {match_key(row["word"]) for row in ROWS if row["kind"] == "maker"}


def test_words_of_the_base_catalogue_have_a_reading():
    names = [phone["name"] for phone in rows_of("phones")]
    missing = {word: name for name in names for word in LETTERS.findall(fold(name)) if word not in WORDS}
    assert missing == {}, "add a row to data/lookups/readings.csv"
