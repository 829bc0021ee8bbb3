"""OS versions as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.os_text import parse_os
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
]


@pytest.mark.parametrize(("text", "platform", "version"), SAID)
def test_platform_and_version_are_read(data: Dataset, text, platform, version):
    stated = parse_os(text, data.os_words)
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
    assert parse_os(text, data.os_words) is None


@given(text=st.text(max_size=300))
def test_no_text_raises(data: Dataset, text):
    parse_os(text, data.os_words)
