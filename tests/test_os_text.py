"""OS versions as people write them."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.names import fold
from explorer.check import check
from explorer.os_text import is_out, parse_os
from explorer.queries import Dataset

SAID = [
    ("Android12", "Android", "12"),
    ("アンドロイド 12", "Android", "12"),
    ("あんどろいど１３", "Android", "13"),
    ("Android 8.1.0", "Android", "8.1.0"),
    ("Android OS 14", "Android", "14"),
    ("android ver.12", "Android", "12"),
    ("Android バージョン 12", "Android", "12"),
    ("iOS 17.4.1", "iOS", "17.4.1"),
    ("ios17", "iOS", "17"),
    ("iPadOS 17.1", "iPadOS", "17.1"),
    ("17", None, "17"),
    ("１７．４", None, "17.4"),
    ("Ver.12", None, "12"),
    ("Windows 11 24H2", "Windows", "11"),
    ("Windows10", "Windows", "10"),
    ("Win11", "Windows", "11"),
    ("ウィンドウズ 11", "Windows", "11"),
    ("macOS Sonoma", "macOS", "14"),
    ("Sonoma", "macOS", "14"),
    ("macOS 14.5", "macOS", "14.5"),
    ("macOS Big Sur", "macOS", "11"),
    ("High Sierra", "macOS", "10.13"),
    ("Android", "Android", None),
    ("アンドロイド１２", "Android", "12"),
    ("Android12L", "Android", "12.1"),
    ("Android 12 (Go edition)", "Android", "12"),
    ("Android 12以上", "Android", "12"),
    ("Android 12 以降です", "Android", "12"),
    ("iOS 17 or later", "iOS", "17"),
    ("iOS 17.4.1 (21E236)", "iOS", "17.4.1"),
    ("iOS26です。", "iOS", "26"),
    ("OS: Android 12", "Android", "12"),
    ("Android-12", "Android", "12"),
    ("iPadOS", "iPadOS", None),
    ("Windows 11 Home 64bit", "Windows", "11"),
    ("Windows 10 Version 22H2", "Windows", "10"),
    ("macOS Sonoma 14.5", "macOS", "14.5"),
    ("macOS 10.15 (Catalina)", "macOS", "10.15"),
    ("Chrome OS 120", "ChromeOS", "120"),
    ("12以上", None, "12"),
]

# The number in these is not, or perhaps not, the version of the device.
NOT_SAID = [
    *("iOS 26未満", "iOS 26以下", "iOS 26まで", "iOS 26より前", "iOS 26より古い", "iOS 26の前", "26未満"),
    *(
        "iOS 26ではない",
        "iOS 26じゃない",
        "iOS 26にできない",
        "iOS 26にできません",
        "iOS 26不可",
        "iOS 26非対応",
    ),
    *("Android 12未満", "Android 12以下", "Android 12ではない", "Android 13にアップデートできない"),
    *(
        "Android 16に更新予定",
        "iOS 26にする予定",
        "たぶんiOS 26",
        "iOS 26かも",
        "iOS 26?",
        "iOS 26？",
        "iOS 26ですか",
    ),
    *(
        "iOS 26以上ではない",
        "iOS 26以降にできない",
        "以上 iOS 26",
        "~iOS 26",
        "iOS ~26",
        "<26",
        "iOS <= 26",
        "iOS 26-",
    ),
    *("iOS 26 beta", "iOS 26ベータ", "iOS 26 β", "iOS 26b1", "iOS 26 RC", "iOS 26 Developer Preview"),
    *(
        "below iOS 26",
        "under Android 12",
        "not iOS 26",
        "can't update to iOS 26",
        "before iOS 26",
        "until iOS 26",
    ),
    *("iOS 26 planned", "no iOS 26", "older than iOS 26", "iOS 26 or earlier", "iOS 26 maybe", "pre-iOS 26"),
    *(
        "17 16",
        "17/16",
        "17,16",
        "17→26",
        "iOS 17 / Android 14",
        "iOS 17 Android 17",
        "Android 9 から 12 にアップデート",
    ),
    *(
        "Android 12-13",
        "iOS 17～26",
        "iOS/iPadOS 17",
        "Sonoma Ventura",
        "Sonoma 13",
        "Ventura 14.5",
        "iOS Sonoma",
    ),
    *(
        "iOS 99",
        "iOS 41",
        "iOS 20",
        "99",
        "999.999",
        "0",
        "iOS 0",
        "Android 29",
        "Android 21",
        "Windows 98",
        "macOS 20",
    ),
    *(
        "iOS 2026",
        "iOS 17.",
        "17..4",
        "iOS 17.4.1.2.3",
        "Windows 95",
        "Windows Phone 8",
        "Windows 11 Insider",
        "MacBook Air M2",
    ),
    "iOS 26" + " " * 200 + "未満",
]


@pytest.mark.parametrize(("text", "platform", "version"), SAID)
def test_platform_and_version_are_read(data: Dataset, text, platform, version):
    stated = parse_os(text, data.index.os_words)
    assert (stated.platform, stated.version) == (platform, version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "なにか",
        "ColorOS 13",
        "One UI 6.1",
        "EMUI 12",
        "HyperOS 2",
        "最新",
        "v",
        "iPhone",
        "💥",
        "<b>",
    ],
)
def test_what_is_no_os_version_is_not_taken_for_one(data: Dataset, text):
    assert parse_os(text, data.index.os_words) is None


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_limit_a_doubt_or_two_versions_are_no_version(data: Dataset, text):
    assert parse_os(text, data.index.os_words) is None


@pytest.mark.parametrize("text", NOT_SAID)
def test_such_a_text_never_closes_the_condition(data: Dataset, text):
    plain = check(data, "iPhone 13")["answers"]
    assert "supported" in {one["status"] for one in check(data, "iPhone 13", "iOS 26")["answers"]}
    assert [one["status"] for one in check(data, "iPhone 13", text)["answers"]] == [
        one["status"] for one in plain
    ]


@given(before=st.text(max_size=5), after=st.text(max_size=5))
def test_letters_around_a_version_are_never_passed_over(data: Dataset, before, after):
    """Whatever stands there: the version is 26 or nothing, and no letter that means nothing is in it."""
    stated = parse_os(f"{before} iOS 26 {after}", data.index.os_words)
    if stated is not None:
        assert (stated.platform, stated.version) == ("iOS", "26")


@given(text=st.text(st.characters(categories=["Lo", "So", "Sm"]), min_size=1, max_size=5))
def test_an_unknown_letter_behind_the_version_leaves_it_open(data: Dataset, text):
    left = re.sub("以上|以降|デス|プロ|ホーム|ビット|[+]", "", fold(text))
    assume(left)
    assert parse_os(f"iOS 26{text}", data.index.os_words) is None


@given(text=st.text(max_size=300))
def test_no_text_raises(data: Dataset, text):
    parse_os(text, data.index.os_words)


@pytest.mark.parametrize("os_text", ["28", "40", "iOS 40", "iOS 28", "18.99", "27.77"])
def test_a_version_that_is_not_out_meets_no_floor(data: Dataset, os_text: str):
    for answer in check(data, "iPhone 12", os_text)["answers"]:
        assert answer["status"] != "supported", answer["capability"]
        if answer["capability"] in ("card_reading", "iphone_mynumber"):
            assert answer["reasons"][0]["code"] != "os_is_met"
            assert "os_not_understood" in [reason["code"] for reason in answer["reasons"]]


@pytest.mark.parametrize(
    ("platform", "version", "year", "expected"),
    [
        ("iOS", "27", 2026, True),
        ("iOS", "28", 2026, False),
        ("iOS", "28", 2027, True),
        ("Android", "17", 2026, True),
        ("Android", "18", 2026, False),
        ("macOS", "10.15.7", 2026, True),
        ("Windows", "11", 2026, True),
        ("ChromeOS", "150", 2026, True),
    ],
)
def test_the_newest_version_grows_with_the_year_of_the_data(platform, version, year, expected):
    assert is_out(platform, version, year) is expected
