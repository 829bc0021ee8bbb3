"""Lines of the requirements page: rules only where they can be read without doubt."""

import pytest

from crawler.items import Requirement
from crawler.lookups import load_lookups
from crawler.names import Platform
from crawler.requirements import Rule, floor_gap, governed, read_rule
from crawler.sources import Folders
from crawler.spiders.mynaapp_requirements import read_requirements

NFC = Rule(Platform.ANDROID, needs_nfc=True)
UNREAD = Rule(is_understood=False)
UNREAD_IOS = Rule(Platform.IOS, is_understood=False)
UNREAD_ANDROID = Rule(Platform.ANDROID, is_understood=False)
SECTIONS = load_lookups(Folders().lookups).requirement_sections


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("iPhone：iOS 16.4以上", Rule(Platform.IOS, "16.4")),
        ("ｉＯＳ　１６．４以上", Rule(Platform.IOS, "16.4")),
        ("Android：Android 11以降で、NFCを搭載した端末", Rule(Platform.ANDROID, "11", needs_nfc=True)),
        ("機種：iPhone XS以降", Rule(Platform.IOS, min_model="iPhone XS")),
        ("iPhone XS以降（iOS 18.5以降）", Rule(Platform.IOS, "18.5", "iPhone XS")),
        ("Windows 11以降", Rule(Platform.WINDOWS, "11")),
        ("画面ロックを設定していること", Rule()),
        ("NFC（Type-B）対応端末", NFC),
        ("おサイフケータイ対応端末", NFC),
        ("NFC（Type-B）に対応していない端末では利用できません", NFC),
        ("おサイフケータイアプリを最新にします", Rule()),
        ("Android 11以上かつおサイフケータイ対応端末", Rule(Platform.ANDROID, "11", needs_nfc=True)),
        ("Android 11以降（Android 12を除く）", UNREAD_ANDROID),
        ("Android 11以上（NFC） ※Android 12は除外", UNREAD_ANDROID),
        ("Android 11以上を推奨", UNREAD_ANDROID),
        ("Android 11以上（Pixel 6以降）", UNREAD_ANDROID),
        ("iOS 16.4以上、Android 11以降", UNREAD),
        ("iOS 16.4 から使えます", UNREAD_IOS),
        ("iOS 15.0未満では使えません", UNREAD_IOS),
        ("iOS 16.4以上では利用できません", UNREAD_IOS),
        ("iOS 16.4以上（iOS 18は不可）", UNREAD_IOS),
        ("iOS 16.4以上17.9以前", UNREAD_IOS),
        ("iOS 16.4以上である必要はなくなりました", UNREAD_IOS),
        ("機種：iPhone 15 Pro以降", UNREAD_IOS),
        ("iPhone XS、XR以降", UNREAD_IOS),
        ("iPhone 12 mini以降", UNREAD_IOS),
        ("iPhone SE（第2世代）以降", UNREAD_IOS),
        ("iPhone 8・iPhone Xは対象外", UNREAD_IOS),
        ("iPhone XS以降（iPhone 12を除く）", UNREAD_IOS),
        ("機種：iPhone 15、iPhone 16", UNREAD_IOS),
        ("iPhone XS以降、iOS 18.5以上、iOS 26以上", UNREAD_IOS),
        ("Xperia 10のみ", UNREAD),
        ("一部の機種を除きます", UNREAD),
        ("ただし一部機種は利用できません", UNREAD),
        ("次の機種のみ", UNREAD),
        ("NFC対応でも一部機種は利用できません", UNREAD),
    ],
)
def test_a_line_becomes_a_rule_or_stays_text(text, rule):
    assert read_rule(text) == rule


def test_lines_stand_under_all_their_headings():
    html = (
        "<main><h1>動作環境</h1><h2>アプリ</h2><ul><li>iOS 16.4以上</li></ul>"
        "<h2>パソコン</h2><p>Windows</p></main>"
    )
    assert [(row.section, row.text) for row in read_requirements(html)] == [
        ("動作環境 > アプリ", "iOS 16.4以上"),
        ("動作環境 > パソコン", "Windows"),
    ]


@pytest.mark.parametrize(
    ("section", "rule", "expected"),
    [
        (
            "動作環境 > マイナアプリ > Android",
            NFC,
            [("card_reading", "rule", "Android"), ("android_certificate", "floor", "Android")],
        ),
        ("iPhoneのマイナンバーカード", NFC, [("iphone_mynumber", "info", None)]),
        ("マイナアプリ", Rule(), [("card_reading", "info", None)]),
        ("マイナアプリ", UNREAD_IOS, [("card_reading", "rule", "iOS")]),
        (
            "マイナアプリ",
            UNREAD,
            [
                ("card_reading", "rule", "Android"),
                ("card_reading", "rule", "iOS"),
                ("android_certificate", "floor", "Android"),
            ],
        ),
        ("ご注意", UNREAD_IOS, [("card_reading", "rule", "iOS"), ("iphone_mynumber", "rule", "iOS")]),
        ("ご注意", Rule(), []),
    ],
)
def test_a_line_governs_what_its_heading_says_and_an_unread_one_all_that_it_may_mean(section, rule, expected):
    assert governed(SECTIONS, section, rule) == expected


@pytest.mark.parametrize(
    ("section", "text", "found"),
    [
        ("動作環境 > マイナアプリ", "iOS 16.4以上", None),
        ("動作環境 > マイナアプリ", "iOS 16.4以上（iOS 18は不可）", None),
        ("動作環境 > スマートフォン", "iOS 16.4以上", "the unknown heading '動作環境 > スマートフォン'"),
        ("iPhoneのマイナンバーカード", "iOS 16.4以上", "1 lines: 'iOS 16.4以上'"),
        ("マイナアプリ", "Android 11以上", "1 lines"),
    ],
)
def test_a_page_needs_its_floors_under_known_headings(section, text, found):
    gap = floor_gap(SECTIONS, [Requirement(section, text)], Platform.IOS, "card_reading")
    assert gap is None if found is None else found in gap
