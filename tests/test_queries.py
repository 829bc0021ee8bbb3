"""The hand-written queries that measure the device search."""

import csv
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
QUERIES = ROOT / "tests" / "queries"
LOOKUPS = ROOT / "data" / "lookups"
COLUMNS = ["query", "maker_id", "name", "model_number"]
FAMILIES = (
    "agent",
    "computer",
    "kana_digits",
    "kana_read",
    "maker_name",
    "model_carrier",
    "model_messy",
    "model_printed",
    "name_messy",
    "name_printed",
    "none",
    "typo",
)
# These devices stand only in the tables of data/bundled.
BUNDLED = {
    ("nothing", "CMF Phone 2 Pro"),
    ("oppo", "OPPO Reno A"),
    ("samsung", "Galaxy M23 5G"),
    ("xiaomi", "Mi Note 10 Lite"),
}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(family):
    return read(QUERIES / f"{family}.csv")


@pytest.fixture(scope="module")
def known():
    """The model numbers of each device, by maker and name."""
    numbers = {device: set() for device in BUNDLED}
    for row in read(LOOKUPS / "phones.csv"):
        models = {model.partition(":")[0] for model in row["models"].split("|") if model}
        numbers.setdefault((row["maker_id"], row["name"]), set()).update(models)
    for row in read(LOOKUPS / "card_readers.csv"):
        numbers.setdefault((row["maker_id"], row["name"]), set()).add(row["model_number"])
    for row in read(LOOKUPS / "computers.csv"):
        numbers.setdefault((row["maker_id"], row["name"]), set())
    return numbers


def test_there_is_one_file_for_each_family():
    assert sorted(path.stem for path in QUERIES.glob("*.csv")) == sorted(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_has_the_four_columns_and_rows(family):
    with (QUERIES / f"{family}.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == COLUMNS
    assert rows(family)
    assert all(None not in row and None not in row.values() for row in rows(family))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_is_utf8_with_plain_line_ends(family):
    text = (QUERIES / f"{family}.csv").read_bytes().decode("utf-8")
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert text.endswith("\n")


def test_there_are_at_least_900_queries():
    assert sum(len(rows(family)) for family in FAMILIES) >= 900


@pytest.mark.parametrize("family", FAMILIES)
def test_no_query_is_asked_twice_in_a_family(family):
    counts = Counter(row["query"] for row in rows(family))
    assert [query for query, count in counts.items() if count > 1] == []


def test_no_query_has_two_right_answers():
    answers = {}
    for family in FAMILIES:
        for row in rows(family):
            answers.setdefault(row["query"], set()).add(tuple(row[column] for column in COLUMNS[1:]))
    assert {query: answer for query, answer in answers.items() if len(answer) > 1} == {}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_named_device_is_known(family, known):
    named = [row for row in rows(family) if row["name"] or row["maker_id"]]
    assert [row for row in named if (row["maker_id"], row["name"]) not in known] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_model_number_belongs_to_its_device(family, known):
    numbered = [row for row in rows(family) if row["model_number"]]
    assert [
        row for row in numbered if row["model_number"] not in known.get((row["maker_id"], row["name"]), ())
    ] == []


@pytest.mark.parametrize("family", [family for family in FAMILIES if family not in ("agent", "none")])
def test_every_query_of_a_device_family_names_a_device(family):
    assert [row for row in rows(family) if not row["name"]] == []


def test_no_query_of_none_names_a_device():
    assert [row for row in rows("none") if row["maker_id"] or row["name"] or row["model_number"]] == []


def test_the_devices_outside_the_lookups_stand_on_a_bundled_page():
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "bundled").glob("*.html"))
    assert [name for _, name in BUNDLED if name not in pages] == []
