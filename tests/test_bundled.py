"""What the pages of `data/bundled/` promise: each printed row rests on a fact, and says how sure it is."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from parsel import Selector

from crawler.answer import Answer, parse_answer
from crawler.items import Listing
from crawler.lookups import Lookups, load_lookups
from crawler.names import Section, match_key
from crawler.requirements import read_rule
from crawler.sources import Folders, load_sources
from crawler.spiders.mynaapp_requirements import read_requirements

FOLDERS = Folders()
ANSWER_PAGES = ("faq-2587", "faq-7261", "jpki-readers")
REQUIREMENTS_PAGE = "mynaapp-requirements"
PAGES = (*ANSWER_PAGES, REQUIREMENTS_PAGE)
CONTENT = dict.fromkeys(ANSWER_PAGES, "#faq_answer_contents") | {REQUIREMENTS_PAGE: "main"}

AS_OF = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
URL = re.compile(r"https?://[^\s/]+(/\S*)?|public repository")
OPEN_RANGE = "以降"
BANNER = ("公式のページではありません", "このプロジェクトのために書いた", "載っているのは")

# What each page prints; a change of a page is a change of an answer and must be meant.
ROWS = {
    "faq-2587": {"listed": 2, "excluded": 3},
    "faq-7261": {"listed": 43, "excluded": 2, "planned": 4},
    "jpki-readers": {"listed": 4},
}


def html_of(page: str) -> str:
    return (FOLDERS.bundled / f"{page}.html").read_text(encoding="utf-8")


def manifest_of(page: str) -> list[dict[str, str]]:
    path = FOLDERS.bundled / f"{page}.manifest.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def parse(page: str) -> Answer:
    return parse_answer(html_of(page), page)


def key_of(row: Listing) -> tuple[str, str, str, str]:
    return str(row.section.value), row.maker, row.name, row.model


def newest(manifest: list[dict[str, str]]) -> date:
    """Return the newest `as_of`; a bare month counts from its first day, an unknown date not at all."""
    return max(date.fromisoformat(f"{row['as_of']}-01"[:10]) for row in manifest if row["as_of"])


@pytest.fixture(scope="module")
def lookups() -> Lookups:
    return load_lookups(FOLDERS.lookups)


def test_the_registry_and_the_folder_name_the_same_pages() -> None:
    registered = {source.bundled for source in load_sources(FOLDERS.data).values() if source.bundled}
    assert registered == {f"{page}.html" for page in PAGES}
    assert {path.name for path in FOLDERS.bundled.iterdir()} == {
        *registered,
        *(f"{Path(name).stem}.manifest.csv" for name in registered),
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_where_a_reader_sees_it_that_it_is_not_the_official_page(page: str) -> None:
    selector = Selector(text=html_of(page))
    outside = " ".join(selector.xpath("//body//strong/text()").getall())
    inside = " ".join(selector.css(f"{CONTENT[page]} ::text").getall())
    assert selector.css("meta[name=written-on]::attr(content)").getall() == ["2026-11-24"]
    for words in BANNER:
        assert words in outside
        assert words not in inside


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_the_date_of_its_newest_fact(page: str) -> None:
    printed = re.findall(r"更新日時\s*[:：]\s*(\d{4}/\d{2}/\d{2})", html_of(page))
    assert printed == [newest(manifest_of(page)).strftime("%Y/%m/%d")]


@pytest.mark.parametrize("page", PAGES)
def test_every_row_has_a_source_a_date_or_none_and_a_confidence(page: str) -> None:
    for row in manifest_of(page):
        assert URL.fullmatch(row["source_url"]), row
        assert row["as_of"] == "" or AS_OF.fullmatch(row["as_of"]), row
        assert row["confidence"] in ("high", "medium", "low"), row


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_each_printed_row_has_one_manifest_line_and_the_reverse(page: str) -> None:
    columns = ("section", "maker", "name", "model")
    known = Counter(tuple(row[column] for column in columns) for row in manifest_of(page))
    printed = Counter(key_of(row) for row in parse(page).rows)
    assert printed == known
    assert set(known.values()) == {1}


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_a_page_is_read_whole_with_its_date(page: str) -> None:
    answer = parse(page)
    assert list(answer.skipped) == []
    assert answer.printed_on == newest(manifest_of(page))


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_the_sections_hold_the_rows_that_are_meant_for_them(page: str) -> None:
    assert Counter(row.section.value for row in parse(page).rows) == ROWS[page]


def test_mistaken_and_unreadable_devices_are_printed_as_excluded() -> None:
    excluded = {
        row.name for page in ANSWER_PAGES for row in parse(page).rows if row.section is Section.EXCLUDED
    }
    assert excluded == {"Galaxy M23 5G", "OPPO Reno14 5G", "OPPO Reno A", "OPPO A73", "iPad（全機種）"}


def test_planned_devices_are_printed_with_their_month() -> None:
    planned = [row for row in parse("faq-7261").rows if row.section is Section.PLANNED]
    assert [row.name for row in planned] == ["Pixel 9", "Pixel 9 Pro", "Pixel 9 Pro XL", "Pixel 9 Pro Fold"]
    assert all("2025年2月以降" in row.note for row in planned)


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_no_device_stands_in_two_sections(page: str) -> None:
    sections: dict[str, set[str]] = {}
    for row in parse(page).rows:
        sections.setdefault(match_key(row.name), set()).add(row.section.value)
    assert {name: found for name, found in sections.items() if len(found) > 1} == {}


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_an_uncertain_or_expanded_row_asks_the_person_to_check(page: str, lookups: Lookups) -> None:
    notes = {key_of(row): row.note for row in parse(page).rows}
    for row in manifest_of(page):
        note = notes[row["section"], row["maker"], row["name"], row["model"]]
        if row["confidence"] != "high" or OPEN_RANGE in row["expanded_from"]:
            assert lookups.is_note_asking(note) is True, row
            assert "公式の一覧で確認してください" in note, row


def test_only_named_devices_of_a_sure_source_are_printed_without_a_note() -> None:
    plain = {row.name for page in ANSWER_PAGES for row in parse(page).rows if not row.note}
    assert plain == {"Pixel 10", "Pixel 10 Pro", "Pixel 10 Pro XL", "Pixel 10 Pro Fold"}


@pytest.mark.parametrize("page", ANSWER_PAGES)
def test_every_printed_note_is_known(page: str, lookups: Lookups) -> None:
    for row in parse(page).rows:
        assert not row.note or lookups.is_note_asking(row.note) is not None, row


def test_an_expanded_row_is_a_phone_of_the_base_catalogue_with_its_own_numbers(lookups: Lookups) -> None:
    known = {(phone["maker_id"], phone["name"]): phone for phone in lookups.phones}
    for row in manifest_of("faq-7261"):
        if row["expanded_from"]:
            phone = known[lookups.maker_words[match_key(row["maker"])], row["name"]]
            numbers = {pair.rpartition(":")[0] for pair in phone["models"].split("|")} - {""}
            assert row["model"] in (numbers or {""}), row


@pytest.mark.parametrize(
    ("statement", "oldest", "newest_day"),
    [
        ("Pixel 4a (5G) 以降", "2020-11-05", "2023-05-15"),
        ("Galaxy Note20 Ultra 5G 以降", "2020-10", "2023-05"),
    ],
)
def test_an_open_range_is_expanded_only_to_phones_that_are_surely_in_it(
    lookups: Lookups, statement: str, oldest: str, newest_day: str
) -> None:
    known = {(phone["maker_id"], phone["name"]): phone for phone in lookups.phones}
    rows = [row for row in manifest_of("faq-7261") if row["expanded_from"].startswith(statement)]
    assert rows
    for row in rows:
        phone = known[lookups.maker_words[match_key(row["maker"])], row["name"]]
        released = phone["released"]
        assert phone["form_factor"] == "phone"
        # A bare year counts from its first month to its last: a phone of `2020` is not surely in.
        first = released if len(released) > 4 else f"{released}-01"
        last = released if len(released) > 4 else f"{released}-12"
        assert oldest <= first
        assert last <= newest_day


def test_the_requirements_page_prints_its_manifest_line_by_line() -> None:
    selector = Selector(text=html_of(REQUIREMENTS_PAGE)).css("main")
    printed: list[tuple[str, str]] = []
    heading = ""
    for element in selector.css("h2, h3, li, p"):
        text = " ".join("".join(element.css("::text").getall()).split())
        if element.root.tag in ("h2", "h3"):
            heading = text
        else:
            printed.append((heading, text))
    assert printed == [(row["section"], row["text"]) for row in manifest_of(REQUIREMENTS_PAGE)]
    assert not selector.css("table, dl")


def test_the_spider_reads_the_same_lines_of_the_requirements_page() -> None:
    rows = list(read_requirements(html_of(REQUIREMENTS_PAGE)))
    manifest = manifest_of(REQUIREMENTS_PAGE)
    assert [row.text for row in rows] == [row["text"] for row in manifest]
    assert all(row.section.endswith(line["section"]) for row, line in zip(rows, manifest, strict=True))


def test_an_uncertain_requirement_asks_the_person_to_check(lookups: Lookups) -> None:
    for row in manifest_of(REQUIREMENTS_PAGE):
        if row["confidence"] != "high":
            assert lookups.is_note_asking(row["text"]) is True, row
            assert re.search("公式の一覧|公式サイト", row["text"]), row


def test_only_sure_facts_become_rules_and_they_are_the_known_floors() -> None:
    floors = set()
    for row in manifest_of(REQUIREMENTS_PAGE):
        rule = read_rule(row["text"])
        assert rule.is_understood, row
        if rule.min_os or rule.min_model:
            assert row["confidence"] == "high", row
            floors.add((row["section"], rule.platform, rule.min_os, rule.min_model, rule.needs_nfc))
    assert floors == {
        ("マイナアプリ（ログイン・カードの読み取り）", "iOS", "16.4", None, False),
        ("マイナアプリ（ログイン・カードの読み取り）", "Android", "11", None, True),
        ("iPhoneのマイナンバーカード", "iOS", None, "iPhone XS", False),
        ("iPhoneのマイナンバーカード", "iOS", "18.5", None, False),
    }
