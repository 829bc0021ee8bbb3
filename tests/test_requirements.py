"""Lines of the requirements page: rules only where they can be read without doubt."""

import pytest

from crawler.names import Platform
from crawler.requirements import Rule, read_rule
from crawler.spiders.mynaapp_requirements import read_requirements


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
        ("Android 11以降（Android 12を除く）", Rule(is_understood=False)),
        ("iOS 16.4以上、Android 11以降", Rule(is_understood=False)),
        ("iOS 16.4 から使えます", Rule(is_understood=False)),
        ("iOS 15.0未満では使えません", Rule(is_understood=False)),
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
