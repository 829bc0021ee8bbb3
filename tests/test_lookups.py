"""What the lookups of `data/lookups/` promise: one word, one meaning; one row, one device."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from parsel import Selector

from crawler.lookups import Lookups, load_lookups, split_list
from crawler.names import FormFactor, Platform, fold, match_key
from crawler.sources import Folders

FOLDERS = Folders()
FILES = (
    "makers",
    "carriers",
    "phones",
    "card_readers",
    "os",
    "notes",
)
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
VERSION = re.compile(r"\d{1,2}(\.\d{1,2})*")
URL = re.compile(r"https?://\S+|public repository")

# Words that several devices share: none of them may stand for one device.
SHARED_WORDS = (
    "iPhone",
    "iPhone SE",
    "iPhone 1",
    "iPad",
    "iPad Air",
    "iPad mini",
    "iPad Pro",
    "Pixel",
    "Galaxy A32",
    "Galaxy A51",
    "Galaxy A52",
    "Galaxy Note20 Ultra",
    "AQUOS sense",
    "BASIO",
    "GRATINA",
    "かんたんスマホ",
    "らくらくスマートフォン",
)

# Patterns for notes that live pages print and that no bundled page needs.
EXPECTED_ON_LIVE_PAGES = {
    "アップデート",
    "バージョンアップ",
    "問い合わせ",
    "問合せ",
    "注意",
    "必要",
    "条件",
    "一部",
    "除く",
    "除き",
    "限る",
    "限り",
    "限定",
    "のみ",
    "だけ",
    "以上",
    "以前",
    "未満",
    "国内",
    "非対応",
    "未対応",
    "対象外",
    "対応していません",
    "搭載していない",
    "できない",
    "できません",
    "使えない",
    "使えません",
    "不可",
    "制限",
    "不具合",
    "終了",
    "停止",
    "検証中",
    "調整中",
    "未定",
    "月に追加",
    "日に追加",
}


@pytest.fixture(scope="module")
def lookups() -> Lookups:
    return load_lookups(FOLDERS.lookups)


def keys_by_owner(
    rows: Iterable[dict[str, str]], owner: str, columns: tuple[str, ...]
) -> dict[str, set[str]]:
    owners: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for column in columns:
            for word in split_list(row[column]):
                owners[match_key(word)].add(row[owner])
    return owners


def numbers_of(phone: dict[str, str]) -> Iterator[tuple[str, str]]:
    for pair in split_list(phone["models"]):
        number, _, carrier = pair.rpartition(":")
        yield number, carrier


def device_of(phone: dict[str, str]) -> tuple[str, str]:
    return phone["maker_id"], phone["name"]


def version_of(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


@pytest.mark.parametrize("name", FILES)
def test_lookup_files_are_plain_utf8_with_unix_lines_and_no_stray_spaces(name: str) -> None:
    data = (FOLDERS.lookups / f"{name}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.endswith(b"\n")
    for row in csv.reader(data.decode("utf-8").splitlines()):
        for cell in row:
            assert cell == cell.strip(), row
            assert cell.count("|") == 0 or "" not in [word.strip() for word in cell.split("|")], row


@pytest.mark.parametrize("table", ["makers", "carriers"])
def test_a_word_never_means_two_makers_or_two_carriers(lookups: Lookups, table: str) -> None:
    owner = table.removesuffix("s") + "_id"
    rows = getattr(lookups, table)
    assert len({row[owner] for row in rows}) == len(rows)
    assert all(re.fullmatch(r"[a-z][a-z-]*", row[owner]) for row in rows)
    owners = keys_by_owner(rows, owner, (owner, *(column for column in rows[0] if column != owner)))
    assert "" not in owners
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("table", ["phones", "card_readers", "computers"])
def test_every_maker_id_exists(lookups: Lookups, table: str) -> None:
    known = {row["maker_id"] for row in lookups.makers}
    assert {row["maker_id"] for row in getattr(lookups, table)} <= known


def test_every_maker_printed_on_a_bundled_page_is_known(lookups: Lookups) -> None:
    for path in sorted(FOLDERS.bundled.glob("*.manifest.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            makers = {row["maker"] for row in csv.DictReader(lines) if "maker" in row}
        assert {maker for maker in makers if match_key(maker) not in lookups.maker_words} == set(), path.name


@pytest.mark.parametrize(
    ("printed", "maker_id"),
    [
        ("ソニーモバイルコミュニケーションズ", "sony"),
        ("富士通", "fcnt"),
        ("Fujitsu", "fcnt"),
        ("ＳＡＭＳＵＮＧ", "samsung"),
        ("LGE", "lg"),
        ("Oppo", "oppo"),
        ("Redmi", "xiaomi"),
        ("CMF by Nothing", "nothing"),
        ("NTT Com", "ntt-com"),
    ],
)
def test_legal_former_and_catalogue_names_find_their_maker(
    lookups: Lookups, printed: str, maker_id: str
) -> None:
    assert lookups.maker_words[match_key(printed)] == maker_id


@pytest.mark.parametrize(
    ("printed", "carrier_id"),
    [
        ("ドコモ", "docomo"),
        ("NTT docomo", "docomo"),
        ("KDDI", "au"),
        ("SoftBank", "sb"),
        ("Y!mobile", "ymobile"),
        ("UQ mobile", "uq"),
        ("楽天モバイル", "rakuten"),
        ("オープンマーケット", "free"),
    ],
)
def test_printed_carriers_are_known(lookups: Lookups, printed: str, carrier_id: str) -> None:
    assert lookups.carrier_words[match_key(printed)] == carrier_id


def test_a_phone_stands_in_one_row(lookups: Lookups) -> None:
    keys = [(phone["maker_id"], match_key(phone["name"])) for phone in lookups.phones]
    assert all(key for _, key in keys)
    assert len(set(keys)) == len(keys)


def test_no_name_alias_or_model_number_can_mean_another_device(lookups: Lookups) -> None:
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for phone in lookups.phones:
        words = [phone["name"], *split_list(phone["aliases"]), *(number for number, _ in numbers_of(phone))]
        for word in words:
            owners[match_key(word)].add(device_of(phone))
            owners[match_key(f"{phone['maker_id']} {word}")].add(device_of(phone))
    for reader in lookups.card_readers:
        for word in {reader["name"], reader["model_number"]}:
            owners[match_key(word)].add(device_of(reader))
    for computer in lookups.computers:
        for word in (computer["name"], *split_list(computer["aliases"])):
            owners[match_key(word)].add(device_of(computer))
    assert "" not in owners
    assert {key: devices for key, devices in owners.items() if len(devices) > 1} == {}


def test_no_alias_repeats_the_key_of_its_own_device(lookups: Lookups) -> None:
    for phone in lookups.phones:
        keys = [match_key(word) for word in (phone["name"], *split_list(phone["aliases"]))]
        assert len(set(keys)) == len(keys), phone["name"]


@pytest.mark.parametrize("word", SHARED_WORDS)
def test_a_word_that_several_devices_share_stands_for_none(lookups: Lookups, word: str) -> None:
    for phone in lookups.phones:
        keys = {match_key(known) for known in (phone["name"], *split_list(phone["aliases"]))}
        assert match_key(word) not in keys, phone["name"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("iPhone SE (3rd generation)", "iPhone SE（第3世代）"),
        ("iPhone SE3", "iPhone SE（第3世代）"),
        ("iPhone 13 Mini", "iPhone 13 mini"),
        ("iPhone 6S", "iPhone 6s"),
        ("Pixel 5a", "Pixel 5a (5G)"),
        ("iPad (10th generation)", "iPad（第10世代）"),
    ],
)
def test_the_spellings_of_one_device_lead_to_one_row(lookups: Lookups, written: str, name: str) -> None:
    found = [
        phone["name"]
        for phone in lookups.phones
        if match_key(written) in map(match_key, (phone["name"], *split_list(phone["aliases"])))
    ]
    assert found == [name]


def test_a_number_stands_once_for_each_carrier_and_only_for_known_carriers(lookups: Lookups) -> None:
    carriers = {row["carrier_id"] for row in lookups.carriers}
    for phone in lookups.phones:
        pairs = list(numbers_of(phone))
        assert len(set(pairs)) == len(pairs), phone["name"]
        for number, carrier in pairs:
            assert re.fullmatch(r"[0-9A-Z]+(-[0-9A-Z]+)*", number), (phone["name"], number)
            assert carrier in carriers, (phone["name"], carrier)


def test_the_words_of_the_base_catalogue_belong_to_the_vocabulary(lookups: Lookups) -> None:
    forms = {FormFactor.PHONE, FormFactor.TABLET, FormFactor.FEATURE_PHONE}
    for phone in lookups.phones:
        assert phone["form_factor"] in forms, phone["name"]
        if phone["form_factor"] == FormFactor.FEATURE_PHONE:
            assert phone["os"] == "", phone["name"]
        elif phone["maker_id"] == "apple":
            expected = Platform.IPADOS if phone["form_factor"] == FormFactor.TABLET else Platform.IOS
            assert phone["os"] == expected, phone["name"]
        else:
            assert phone["os"] == Platform.ANDROID, phone["name"]


def test_dates_and_versions_are_well_formed_and_in_order(lookups: Lookups) -> None:
    for phone in lookups.phones:
        assert phone["released"] == "" or DATE.fullmatch(phone["released"]), phone["name"]
        versions = [version for version in (phone["first_os"], phone["last_os"]) if version]
        assert all(VERSION.fullmatch(version) for version in versions), phone["name"]
        assert sorted(versions, key=version_of) == versions, phone["name"]
        assert phone["os"] or not versions, phone["name"]


def test_card_readers_say_how_they_read_and_where_that_is_known_from(lookups: Lookups) -> None:
    numbers = [match_key(reader["model_number"]) for reader in lookups.card_readers]
    assert len(set(numbers)) == len(numbers)
    for reader in lookups.card_readers:
        assert reader["interface"] in ("contact", "contactless")
        assert URL.fullmatch(reader["source_url"])
        assert reader["as_of"] == "" or DATE.fullmatch(reader["as_of"])
        assert reader["confidence"] in ("high", "medium", "low")


def test_an_os_word_means_one_platform_or_one_release(lookups: Lookups) -> None:
    words = [match_key(row["word"]) for row in lookups.os]
    assert "" not in words
    assert len(set(words)) == len(words)
    for row in lookups.os:
        assert row["platform"] in set(Platform), row
        assert row["kind"] in ("platform", "release"), row
        assert (row["version"] == "") == (row["kind"] == "platform"), row
        assert row["version"] == "" or VERSION.fullmatch(row["version"]), row
    platforms = {row["platform"] for row in lookups.os if row["kind"] == "platform"}
    assert platforms == set(Platform)


@pytest.mark.parametrize(
    ("word", "platform", "version"),
    [
        ("macOS Sonoma", Platform.MACOS, "14"),
        ("High Sierra", Platform.MACOS, "10.13"),
        ("macOS Tahoe", Platform.MACOS, "26"),
        ("Windows 11 24H2", Platform.WINDOWS, "11"),
        ("Windows 10 22H2", Platform.WINDOWS, "10"),
        ("Android Pie", Platform.ANDROID, "9"),
    ],
)
def test_a_release_name_gives_its_version(
    lookups: Lookups, word: str, platform: Platform, version: str
) -> None:
    text = fold(word)
    fitting = [row for row in lookups.os if row["kind"] == "release" and fold(row["word"]) in text]
    longest = max(fitting, key=lambda row: len(row["word"]))
    assert (longest["platform"], longest["version"]) == (platform, version)


@pytest.mark.parametrize(
    ("note", "is_asking"),
    [
        ("本体ソフトの更新が必要です", True),
        ("一部の機種を除く", True),
        ("2025年10月に追加", False),
        ("2025年10月9日に追加", False),
        ("2025年10月に追加。本体の更新が要ります", True),
        ("2025年10月に追加。NFC Type-Bには非対応", True),
        ("公式サイトに追加の条件があります", True),
        ("青色は取り扱いがありません", None),
        ("", None),
    ],
)
def test_a_note_asks_whenever_any_part_of_it_asks(
    lookups: Lookups, note: str, is_asking: bool | None
) -> None:
    assert lookups.is_note_asking(note) is is_asking


def test_note_patterns_are_folded_distinct_and_explained(lookups: Lookups) -> None:
    patterns = [row["pattern"] for row in lookups.notes]
    assert len(set(patterns)) == len(patterns)
    for row in lookups.notes:
        assert row["pattern"] == unicodedata.normalize("NFKC", row["pattern"]) != ""
        assert row["effect"] in ("asks", "info")
        assert row["meaning"]


def test_every_note_pattern_is_used_or_expected(lookups: Lookups) -> None:
    pages = (Selector(text=path.read_text("utf-8")) for path in FOLDERS.bundled.glob("*.html"))
    printed = unicodedata.normalize(
        "NFKC", "\n".join(text for page in pages for text in page.css("#faq_answer_contents ::text").getall())
    )
    unused = {row["pattern"] for row in lookups.notes if row["pattern"] not in printed}
    assert unused - EXPECTED_ON_LIVE_PAGES == set()
    assert {row["pattern"] for row in lookups.notes} >= EXPECTED_ON_LIVE_PAGES
