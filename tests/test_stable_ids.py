"""Ids of devices are promised: docs/schema-changelog.md says what, this holds it."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from crawler.catalogue import add_base_catalogue
from crawler.devices import DeviceBook
from crawler.lookups import Lookups, load_lookups
from crawler.names import match_key
from crawler.refresh import build
from crawler.sources import Folders
from tests.markdown import sections
from tests.test_build import listed, night

PINNED = list(
    csv.DictReader((Path(__file__).parent / "pinned_ids.csv").read_text(encoding="utf-8").splitlines())
)
MOVED = dict(
    re.findall(r"^\| `(.+)` \| `(.+)` \|$", sections("schema-changelog.md")["Device ids"], re.MULTILINE)
)


@pytest.fixture(scope="module")
def lookups() -> Lookups:
    return load_lookups(Folders().lookups)


def catalogue(lookups: Lookups) -> DeviceBook:
    book = DeviceBook()
    add_base_catalogue(book, lookups)
    return book


def test_every_pinned_id_still_means_the_device_it_meant(lookups: Lookups):
    devices, changed = catalogue(lookups).devices, []
    for pinned in PINNED:
        device = devices.get(MOVED.get(pinned["device_id"], pinned["device_id"]))
        words = [device.name, *device.aliases, *device.numbers] if device else []
        if match_key(pinned["name"]) not in map(match_key, words) or device.maker_id != pinned["maker_id"]:
            changed.append(pinned["device_id"])
    assert changed == [], (
        "these ids were published for other devices: keep the first model number, and the old name as an "
        "alias; what cannot be kept goes into the table of docs/schema-changelog.md with a new major version"
    )


def test_an_id_that_went_is_not_given_to_another_device(lookups: Lookups):
    assert set(MOVED) & set(catalogue(lookups).devices) == set()


def test_every_device_of_the_base_catalogue_is_pinned_once(lookups: Lookups):
    ids = [pinned["device_id"] for pinned in PINNED]
    assert len(set(ids)) == len(ids) > 300
    missing = set(catalogue(lookups).devices) - set(ids) - set(MOVED.values())
    assert missing == set(), "new devices: add device_id, maker_id and name to tests/pinned_ids.csv"


def test_a_phone_with_a_model_number_keeps_its_id_under_a_new_name(lookups: Lookups):
    phones = [dict(row) for row in lookups.phones]
    phone = next(row for row in phones if row["name"] == "AQUOS sense4")
    phone["aliases"] = "|".join(filter(None, [phone["aliases"], phone["name"]]))
    phone["name"] = "AQUOS sense four"
    book = catalogue(replace(lookups, phones=phones))
    assert book.devices["SH-41A"].name == "AQUOS sense four"
    assert book.by_name("AQUOS sense4", "sharp") is book.devices["SH-41A"]


def test_a_device_of_a_list_keeps_its_id_through_new_names_and_numbers(folders: Folders):
    night(folders, 1, "faq-7261", listed("Xperia 99"), listed("Xperia 98", "SO-98Y"))
    night(folders, 2, "faq-7261", listed("Xperia 99", "SO-99Y"), listed("Xperia 98 Mark II", "SO-98Y"))
    build(folders)
    with duckdb.connect(str(folders.database), read_only=True) as con:
        ids = con.execute("SELECT device_id FROM device WHERE name LIKE 'Xperia 9_%' ORDER BY 1").fetchall()
        assert ids == [("SO-98Y",), ("sony-xperia-99",)]
        found = [
            con.execute("SELECT device_id FROM search_device(?)", [text]).fetchall()
            for text in ("SO-99Y", "SO-98Y")
        ]
    assert found == [[("sony-xperia-99",)], [("SO-98Y",)]]
