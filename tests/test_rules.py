"""What the lines of the requirements page do to the answers, from the archive to the explorer."""

import pandas as pd
import pytest

from crawler.items import Requirement
from crawler.material import gather
from crawler.names import Capability, Section
from crawler.refresh import build
from crawler.replay import replay
from crawler.sources import Folders
from crawler.support_table import TEXT_COLUMNS, _merge
from crawler.validate import check_tables
from explorer.check import check
from explorer.queries import load_dataset
from tests.test_build import ask, listed, night

IOS, ANDROID = "iOS 16.4以上", "Android 11以上、NFC搭載端末"
CARD = "card_reading"


def rules(*texts: str, section: str = "動作環境 > マイナアプリ") -> list[Requirement]:
    return [Requirement(section, text) for text in texts]


def answer(folders: Folders, text: str, capability: str, os_text: str = "") -> dict:
    one = check(load_dataset(folders.database), text, os_text, [Capability(capability)])
    return one["answers"][0]


def reasons(one: dict) -> str:
    return " ".join(reason["text"] for reason in one["reasons"])


@pytest.mark.parametrize(
    ("lines", "phone", "os_text", "status", "text"),
    [
        ([IOS, ANDROID], "iPhone 8", "iOS 16.5", "supported", ""),
        ([IOS, ANDROID], "Redmi Note 9S", "Android 12", "conditional", "NFC"),
        (
            [IOS, "Android 11以上", "NFC（Type-B）対応端末"],
            "Redmi Note 9S",
            "Android 12",
            "conditional",
            "NFC",
        ),
        ([IOS, "Android 11以上", "おサイフケータイ対応端末"], "Redmi Note 9S", "12", "conditional", "NFC"),
        ([IOS, "Android 11以上"], "Redmi Note 9S", "Android 12", "supported", ""),
        (["iOS 16.4以上17.9以前", ANDROID], "iPhone 15", "iOS 18", "conditional", "17.9以前"),
        (["iOS 16.4以上では利用できません", ANDROID], "iPhone 15", "iOS 18", "conditional", "利用できません"),
        ([IOS, ANDROID, "iPhone 8・iPhone Xは対象外"], "iPhone 8", "iOS 16.5", "conditional", "は対象外"),
        ([IOS, ANDROID, "ただし一部機種は利用できません"], "iPhone 8", "iOS 16.5", "conditional", "一部機種"),
        ([IOS, "Android 11以上", "Android 12は除外"], "iPhone 8", "iOS 16.5", "supported", ""),
    ],
)
def test_no_line_that_is_not_read_leaves_supported(folders: Folders, lines, phone, os_text, status, text):
    night(folders, 0, "mynaapp-requirements", *rules(*lines))
    build(folders)
    one = answer(folders, phone, CARD, os_text)
    assert one["status"] == status, reasons(one)
    assert text in reasons(one)


def test_a_model_floor_that_is_not_read_is_never_met_and_is_an_issue(folders: Folders):
    wallet = rules("iPhone 15 Pro以降", "iOS 18.5以上", section="動作環境 > iPhoneのマイナンバーカード")
    night(folders, 0, "mynaapp-requirements", *rules(IOS, ANDROID), *wallet)
    build(folders)
    one = answer(folders, "iPhone XS", "iphone_mynumber", "iOS 18.6")
    assert (one["status"], "iPhone 15 Pro以降" in reasons(one)) == ("conditional", True)
    assert ("iPhone 15 Pro以降",) in ask(folders, "SELECT found FROM issue WHERE kind = 'requirement'")
    sql = "SELECT note FROM support WHERE device_id = 'apple-iphone-xs' AND capability = 'iphone_mynumber'"
    assert "iPhone 15 Pro以降" in ask(folders, sql)[0][0]


def test_an_unread_line_holds_back_a_list_and_a_pc_too(folders: Folders):
    night(folders, 0, "mynaapp-requirements", *rules(IOS, "Android 11以上（NFC） ※Android 12は除外"))
    night(folders, 0, "faq-2587", listed("Xperia 1 VI", "SO-51E"))
    build(folders)
    assert answer(folders, "SO-51E", CARD, "Android 14")["status"] == "conditional"
    assert "Android 12は除外" in reasons(answer(folders, "SO-51E", "pc_login"))


def test_lines_without_any_floor_can_be_built_and_stray_floors_are_issues(folders: Folders):
    night(
        folders,
        0,
        "mynaapp-requirements",
        *rules("iOS 16.4以上", section="スマートフォン"),
        *rules("画面ロック"),
    )
    build(folders)
    tables = replay(gather(folders))
    for table, columns in (("requirement", ["platform", "min_os", "min_model"]), ("support", TEXT_COLUMNS)):
        assert {str(tables[table][column].dtype) for column in columns} == {"str"}
    assert ask(folders, "SELECT DISTINCT min_os, min_model, platform FROM requirement") == [
        (None, None, None)
    ]
    assert ("iOS 16.4以上",) in ask(folders, "SELECT found FROM issue WHERE kind = 'requirement'")


def line(**more) -> dict:
    plain = {"source_id": "r", "origin": "live", "role": "rule", "printed": "", "is_understood": True}
    return plain | {"min_os": None, "min_model": None, "needs_nfc": False} | more


def test_lines_are_joined_to_the_safe_side():
    joined = _merge(
        [
            line(min_os="9", needs_nfc=True, printed="a"),
            line(min_os="11", role="floor", printed="b", is_understood=False),
            line(min_os="10.5", min_model="iPhone XS"),
            line(min_model="iPhone 12"),
        ],
        {"iphonexs": "2018-09-21", "iphone12": "2020-10-23"},
    )
    assert (joined.min_os, joined.min_model, joined.needs_nfc) == ("11", "iPhone 12", True)
    assert (joined.is_sufficient, joined.unread) == (False, ("b",))
    assert _merge([line(), line()], {}).is_sufficient


def test_the_text_on_model_numbers_names_none_that_is_shut_out(folders: Folders):
    night(folders, 0, "mynaapp-requirements", *rules(IOS, ANDROID))
    rows = [listed("Xperia 1 VI", "SO-51E"), listed("Xperia 1 VI", "SOG13")]
    rows[1] = type(rows[1])(Section.EXCLUDED, rows[1].maker, rows[1].name, rows[1].model)
    night(folders, 0, "faq-7261", *rows)
    build(folders)
    text = reasons(answer(folders, "Xperia 1 VI", "android_certificate"))
    assert "SO-51E" in text
    assert "SOG13" not in text


def test_without_printed_model_numbers_no_empty_list_is_shown(folders: Folders):
    night(folders, 0, "mynaapp-requirements", *rules(IOS, ANDROID))
    night(folders, 0, "faq-7261", listed("Xperia 1 VI", carrier="SIMフリー"))
    build(folders)
    text = reasons(answer(folders, "Xperia 1 VI", "android_certificate"))
    assert "型番によって変わります" in text
    assert "型番: " not in text or "型番: XQ" in text


@pytest.mark.parametrize("section", ["excluded", "planned"])
def test_supported_beside_a_row_that_shuts_out_is_never_published(folders: Folders, section):
    night(folders, 0, "faq-7261", listed("Xperia 1 V", "SO-51D"))
    tables = replay(gather(folders))
    assert check_tables(tables) == []
    support, rows = tables["support"], tables["listing"]
    good = support[(support["status"] == "supported") & (support["capability"] == "iphone_mynumber")].iloc[0]
    barred = rows.iloc[[0]].assign(
        device_id=good["device_id"], source_id=good["source_id"], section=section, is_current=True
    )
    tables["listing"] = pd.concat([rows, barred], ignore_index=True)
    assert check_tables(tables) == [f"{good['device_id']}: supported, but {section} on the list"]
