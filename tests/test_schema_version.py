"""The schema is an interface with a version: no name or word changes without a new one."""

import re
from itertools import pairwise

import pytest

from crawler.record_tables import SCHEMA_VERSION
from tests.markdown import sections
from tests.schema_names import SAVED, fingerprint, public_names, saved_names

VERSION = re.compile(r"\d+\.\d+\.\d+")
HOW = (
    f"the public names or words are not those saved for {SCHEMA_VERSION}. Raise SCHEMA_VERSION in "
    "crawler/record_tables.py (major: something went or changed; minor: something was added), add a part "
    "to docs/schema-changelog.md, and run `python -m tests.schema_names`"
)


def parts() -> dict[str, str]:
    return {
        title: body for title, body in sections("schema-changelog.md").items() if VERSION.fullmatch(title)
    }


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def read_saved(version: str) -> list[str]:
    return saved_names(version).read_text(encoding="utf-8").splitlines()


def least_version(before: str, old: list[str], new: list[str]) -> tuple[int, ...]:
    """Return the lowest version that may have the new names after a version with the old ones."""
    major, minor, patch = number(before)
    if set(old) - set(new):
        return major + 1, 0, 0
    return (major, minor + 1, 0) if set(new) - set(old) else (major, minor, patch)


def test_no_public_name_or_word_changed_without_a_new_version():
    now, saved = public_names(), read_saved(SCHEMA_VERSION) if saved_names(SCHEMA_VERSION).exists() else []
    assert sorted(set(now) ^ set(saved)) == [], HOW
    assert len(now) > 250


def test_the_changelog_begins_with_this_version_and_falls():
    versions = list(parts())
    assert versions[0] == SCHEMA_VERSION
    assert versions == sorted(versions, key=number, reverse=True)
    assert {path.name for path in SAVED.iterdir()} == {saved_names(version).name for version in versions}


@pytest.mark.parametrize("version", parts())
def test_the_saved_names_of_a_version_are_those_it_was_published_with(version: str):
    printed = re.search(r"Fingerprint: `(\w+)`", parts()[version])
    assert printed
    assert fingerprint(read_saved(version)) == printed[1]


def test_each_version_is_as_high_as_what_changed_asks():
    versions = [*reversed(parts())]
    assert len(versions) > 2
    for before, after in pairwise(versions):
        assert number(after) >= least_version(before, read_saved(before), read_saved(after))


@pytest.mark.parametrize(
    ("new", "least"),
    [
        (["word a.b x"], (2, 0, 0)),
        (["word a.b x", "word a.b y", "word a.b z"], (1, 3, 0)),
        (["word a.b x", "word a.b renamed"], (2, 0, 0)),
        (["word a.b y", "word a.b x"], (1, 2, 3)),
    ],
    ids=["less", "more", "renamed", "same"],
)
def test_what_went_asks_for_a_major_number_and_what_came_for_a_minor_one(
    new: list[str], least: tuple[int, ...]
):
    assert least_version("1.2.3", ["word a.b x", "word a.b y"], new) == least


@pytest.mark.parametrize(
    "name",
    [
        "column compat.status VARCHAR or NULL",
        "word support.status not_listed",
        "word check_device.status unknown",
        "word support.conditions nfc",
        "macro check_device(text) status VARCHAR",
        "file compat.parquet conditions VARCHAR[]",
        "file devices.csv model_numbers",
        "file index.json schema_version",
    ],
)
def test_names_of_every_kind_are_watched(name: str):
    assert name in read_saved(SCHEMA_VERSION)
