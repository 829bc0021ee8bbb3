"""What stands around a device name: an OS counts, harmless words go, everything else asks back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.names import Capability, Match, Status
from explorer.bulk import Layout, check_rows
from explorer.check import check
from explorer.lookup import find
from explorer.pc import check_pc
from explorer.queries import Dataset
from explorer.remarks import ENDINGS, folded, without_remarks, without_tail
from explorer.sheets import Sheet

NAMES = (
    "iPhone 15", "iPhone 7", "iPhone 13 Pro Max", "アイフォン15", "SH-41A", "AQUOS sense4",
    "アクオスセンスフォー", "Pixel 6",
    "Galaxy S22", "ドコモのSO-52A", "Xpera 5 II", "iPad", "MacBook Air", "RC-S380",
    "らくらくスマートフォン F-52B",
)  # fmt: skip
OS_TEXTS = (
    "Android 5", "Android５", "Android 6", "Android 9", "Android 11", "android ver.12", "アンドロイド 12",
    "あんどろいど１３",
    "Android 16", "Android 40", "Android OS 14", "Android 12L", "Android Oreo", "Android 12以上",
    "Android 12 (Go edition)",
    "iOS 12", "ios12", "iOS12.5", "iOS 16.4", "iOS 16", "iOS 18.5", "iOS 26", "iOS 26.1", "iOS 28",
    "iOS 40", "iOS 99",
    "iOS 1.5",
    "iOS 17 or later", "iPhone OS 3", "アイオーエス 15", "iPadOS 17", "Windows 7", "Windows 11 24H2",
    "macOS Sonoma", "Sonoma",
    "macOS 10.15 (Catalina)", "ChromeOS 120", "iOS", "Android",
)  # fmt: skip
# How an OS is written beside a name; in front of it a system without a number may be part of the name.
SHAPES = (
    "{} {}",
    "{}、{}",
    "{}({})",
    "{}（{}）",
    "{} / {}",
    "{}の{}",
    "{} {}です",
    "{} {}でログインできない",
)
IN_FRONT = ("{1} {0}", "{1}の{0}", "({1}) {0}", "{1}、{0}でログインできない")


def statuses(answer: dict) -> list[str]:
    return [one["status"] for one in answer["answers"]]


def said(answer: dict) -> list[list[str]]:
    return [[one["status"], *(reason["code"] for reason in one["reasons"])] for one in answer["answers"]]


# The OS beside the name


@pytest.mark.parametrize("os_text", OS_TEXTS)
@pytest.mark.parametrize("name", NAMES)
def test_an_os_behind_the_name_counts_as_if_given_as_the_os(data: Dataset, name: str, os_text: str):
    beside = check(data, f"{name} {os_text}")
    assert said(beside) == said(check(data, name, os_text))
    assert beside["device"] == check(data, name)["device"]


@settings(max_examples=400, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    system=st.sampled_from(["Android", "iOS", "iPadOS", "アンドロイド", "Ｉｏｓ", "android "]),
    version=st.from_regex(r"[1-9][0-9]?(\.[0-9]{1,2}){0,2}", fullmatch=True),
    shape=st.sampled_from((*SHAPES, *IN_FRONT)),
)
def test_wherever_the_os_stands_it_counts(data: Dataset, name, system, version, shape):
    """In front a version that no system has is not taken off: the text then names no device."""
    found = check(data, shape.format(name, f"{system}{version}"))
    given_apart = check(data, name, f"{system}{version}")
    if found["match"] == Match.NONE:
        assert shape in IN_FRONT
        assert "os_not_understood" in str(given_apart)
    else:
        assert statuses(found) == statuses(given_apart)


@settings(max_examples=400, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    os_text=st.sampled_from(OS_TEXTS),
    before=st.text(max_size=6),
    after=st.text(max_size=6),
)
def test_nothing_around_the_os_makes_the_answer_better(data: Dataset, name, os_text, before, after):
    text = f"{name} {before}{os_text}{after}"
    best = statuses(check(data, name, f"{before}{os_text}{after}"))
    found = check(data, text)
    if found["device"] == check(data, name)["device"]:
        for mine, theirs in zip(statuses(found), best, strict=True):
            assert mine != Status.SUPPORTED or theirs == Status.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 15 iOS 26未満", "iPhone 15 iOS 26にできない", "iPhone 15 iOS 26じゃない",
        "iPhone 15 iOS 26 beta",
        "iPhone 15 iOS 26?", "iPhone 15 iOS 26ですか？", "iPhone 15 ? iOS 26", "たぶんiPhone 15 iOS 26",
        "iPhone 15 not iOS 26", "iPhone 15 たぶんiOS 26", "iPhone 15で使えるiOS 26", "iPhone 15対応iOS 26",
        "iPhone 15 iOS 12 iOS 26",
        "iOS 12 iPhone 15 iOS 26",
        "iOS 26未満のiPhone 15", "iPhone 15 iOS 26が使えない", "iPhone 15 iOS 26に対応",
        "iPhone 15 iOS 26にしたい",
        "iPhone 15 iOS 26使えない", "Pixel 6 Android 12に変えた", "SH-41A アンドロイド12未満",
        "SH-41A Android 9から12",
    ],
)  # fmt: skip
def test_an_os_that_is_not_understood_is_not_passed_over(data: Dataset, text: str):
    assert find(data.index, text).match is Match.NONE
    assert set(statuses(check(data, text))) == {"unknown"}


@pytest.mark.parametrize("text", ["Android One S8", "iPhone 15 Pro Mac", "Windows 11", "Chromebook", "Mac"])
def test_a_system_that_is_part_of_a_name_is_no_os_beside_it(data: Dataset, text: str):
    assert find(data.index, text).os_text == ""


@pytest.mark.parametrize(
    ("text", "os_text", "status", "code"),
    [
        ("iPhone 15 iOS 26", "iOS 26", "supported", "os_is_met"),
        ("iPhone 15 iOS 26", "26", "supported", "os_is_met"),
        ("iPhone 15 iOS 12", "iOS", "conditional", "os_is_below"),
        ("iPhone 15 iOS 16", "16.4", "supported", "os_is_met"),
        ("iPhone 15 iOS 16.4", "16", "supported", "os_is_met"),
        ("iPhone 15 iOS 12", "iOS 26", "conditional", "os_disputed"),
        ("iPhone 15 iOS 26", "iOS 12", "conditional", "os_disputed"),
        ("iPhone 15 iOS 26", "Android 26", "conditional", "os_disputed"),
        ("iPhone 15 iOS 26", "iOS 26未満", "conditional", "os_disputed"),
        ("iPhone 15 iOS 99", "iOS 26", "conditional", "os_disputed"),
        ("iPhone 6 iOS 12", "iOS 26", "not_supported", "os_disputed"),
    ],
)
def test_two_os_that_agree_are_one_and_two_that_differ_ask(data: Dataset, text, os_text, status, code):
    one = check(data, text, os_text)["answers"][0]
    assert one["status"] == status
    assert code in [reason["code"] for reason in one["reasons"]]
    if code == "os_disputed":
        assert one["reasons"][0]["code"] == code
        assert "通り" in one["reasons"][0]["text"]


def test_an_os_of_another_system_is_a_doubt_whatever_its_number(data: Dataset):
    assert "os_of_other_platform" in said(check(data, "SH-41A", "iOS 26"))[0]
    assert "os_of_other_platform" in said(check(data, "iPhone 15 Android 5"))[0]
    assert statuses(check(data, "iPhone 15 Windows 7"))[0] != "supported"


def test_a_phone_of_a_pc_and_a_row_of_a_list_count_their_os_too(data: Dataset):
    def codes(phone: str) -> str:
        return str(
            [one["text"] for one in check_pc(data, "Mac", "Safari", phone=phone)["answers"][0]["reasons"]]
        )

    assert codes("iPhone 15 iOS 12") != codes("iPhone 15")
    rows = check_rows(data, Sheet([["iPhone 15 iOS 12"]]), Layout(False, 0), Capability.CARD_READING, "ja")
    assert rows[0].verdict.status == "conditional"


# Words around the name


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 15を使っています", "iPhone 15です", "iPhone 15でログインできない",
        "iPhone 15でマイナポータルにログインできません",
        "iPhone 15は対応してますか？", "iPhone 15 対応してる？", "iPhone 15で使えますか",
        "iPhone 15ですがログインできません",
        "iPhone 15を使っていますがカードが読み取れない", "iPhone 15に機種変更しました",
        "iPhone 15を持っています。",
        "iPhone 15でうまくログインできない", "iPhone 15の中古",
        "息子のiPhone 15 128GB 黒でログインできない", "iPhone 15なんですが",
        "iPhone 15で読み取りエラーが出ます。どうすればいいですか？", "iPhone 15は対象ですか",
        "iPhone 15でも大丈夫ですか",
    ],
)  # fmt: skip
def test_harmless_words_around_a_name_do_not_hide_it(data: Dataset, text: str):
    found = find(data.index, text)
    assert (found.match, found.device_id) == (Match.EXACT, "apple-iphone-15")


@pytest.mark.parametrize(
    "name", ["iPhone 15", "SH-41A", "アイフォン15", "ドコモのSO-52A", "iPhone SE（第3世代）"]
)
@pytest.mark.parametrize(
    "tail",
    [
        "に買い替える前の機種", "より古い機種", "じゃない方", "の前のモデル", "に似た機種",
        "の一つ前の機種", "用ケース", "を使う前の端末",
        "から機種変しました", "から買い替えた機種", "を持っていない", "は持っていません", "ではない",
        "でない", "を使っていた", "以前", "以降",
        "の次の機種", "と同じ機種", "みたいなスマホ", "風のスマホ", "もどき", "を買う前",
        "の後に買った端末", "の代わりの機種", "に近い機種",
        "と違う機種", "が欲しい", "を売った", "が使えないので別の機種", "対応ケース", "の下位機種",
        "のコピー", "の旧モデル", "の海外版", "の後継",
        "を使える機種を探しています", "はやめました", "の弟分", "シリーズより前", "にしなかった",
        "を使っていません",
    ],
)  # fmt: skip
def test_an_unknown_remark_offers_the_device_and_answers_nothing(data: Dataset, name: str, tail: str):
    found = find(data.index, name + tail)
    assert found.match is Match.NONE
    assert found.device_id is None


def test_the_device_before_an_unknown_remark_is_a_candidate(data: Dataset):
    assert find(data.index, "iPhone 15じゃない方").candidates[0][0] == "apple-iphone-15"
    assert find(data.index, "SH-41Aの一つ前の機種").candidates[0][0] == "SH-41A"


@settings(max_examples=400, deadline=None)
@given(
    name=st.sampled_from(["iPhone 15", "SH-41A"]),
    tail=st.text(
        st.sampled_from("前後旧似違別他同次代古非不無未じゃなよりかわりまでのにをはが機種方型用"), min_size=1
    ),
)
def test_only_listed_words_leave_the_name_alone(data: Dataset, name: str, tail: str):
    found = find(data.index, name + tail)
    if found.match is Match.EXACT:
        left = without_remarks(folded(name + tail)).removeprefix(folded(name))
        assert not set(left) & set("前後旧似違別他同次代古非不無未")


def test_no_listed_ending_denies_or_compares():
    for one in ENDINGS:
        assert not any(
            word in one
            for word in ("前", "後", "以外", "ジャナ", "デハナ", "ヨリ", "似", "違", "カラ機種", "方")
        )


def test_a_tail_is_taken_off_in_whole_listed_endings():
    assert without_tail(folded("iPhone 15でログインできない")) == ("iphone 15", "デログインデキナイ")
    assert without_tail(folded("ドコモ"))[0] == "ドコモ"
    assert without_tail(folded("オッポレノで使えない"))[0] == "オッポレノ"


def test_a_sign_that_no_name_has_stays_one_among_remarks(data: Dataset):
    assert find(data.index, "SH-41Aでログインできない").match is Match.EXACT
    assert find(data.index, "SH-41ℂでログインできない").match is Match.NONE


def test_a_text_too_long_to_read_is_not_read_in_part(data: Dataset):
    assert find(data.index, "iPhone 15 " + "スマホ " * 25 + "の次の").match is Match.NONE
    assert find(data.index, "iPhone 15 " + "スマホ " * 3).device_id == "apple-iphone-15"


# A maker alone


@pytest.mark.parametrize(
    ("text", "maker"),
    [
        ("ソニー", "sony"),
        ("Sony", "sony"),
        ("シャープ", "sharp"),
        ("サムスン", "samsung"),
        ("AQUOS", "sharp"),
    ],
)
def test_a_maker_or_series_alone_lists_its_newest_devices(data: Dataset, text: str, maker: str):
    answer = check(data, text)
    assert (answer["match"], answer["device"]) == ("ambiguous", None)
    listed = [data.devices[one["device_id"]] for one in answer["candidates"]]
    assert len(listed) > 1
    assert {one.maker_id for one in listed} == {maker}
    released = [one.released or "" for one in listed]
    assert released == sorted(released, reverse=True)
    mine = [
        one.released or "" for one in data.devices.values() if one.maker_id == maker and one.is_sold_in_japan
    ]
    assert released[0] == max(mine)


def test_a_carrier_alone_or_a_maker_with_a_foreign_series_lists_nothing(data: Dataset):
    assert find(data.index, "ドコモ").candidates == ()
    assert find(data.index, "ソニー AQUOS").candidates == ()


# What may stand between the name and its OS


@pytest.mark.parametrize(
    "between",
    [
        "で動かない", "で開けない", " 不可 ", " ダメ ", "で動く", "が読める", "で使える", " 対象OS ", "対応",
        " 対応機種: ", " 利用可能 ", " マイナポータルアプリ ", "に入れたい", "を使いたい", "に機種変したい ",
        " 教えて ", "ですか ", " の次は", "と", " 非", "は無理な",
        " < ", "(<", "≦", " ≤ ", " ～", "〜", " ≠ ", "¬", " !", " ×", "✕", "❌", " → ", "⇒",
        " <ドコモ ", " - ", "ー", " >", "≧", "。。→",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["iPhone 12", "アイフォン12"])
@pytest.mark.parametrize("os_text", ["iOS 17", "iOS 17以上", "iOS17です"])
def test_an_os_behind_any_other_word_or_sign_is_not_that_of_the_phone(data: Dataset, name, between, os_text):
    answer = check(data, f"{name}{between}{os_text}")
    assert (answer["match"], set(statuses(answer))) == ("none", {"unknown"})
    assert "iPhone 12" in [one["name"] for one in answer["candidates"]]


@pytest.mark.parametrize("text", ["iOS 17 < iPhone 12", "iOS 17 → iPhone 12", "iOS 17 ×iPhone 12"])
def test_a_sign_between_the_os_in_front_and_the_name_asks_back(data: Dataset, text: str):
    found = find(data.index, text)
    assert found.match is Match.NONE
    assert found.candidates[0][0] == "apple-iphone-12"


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 12です。iOS 17です", "iPhone 12を使っています。iOS 17です", "iPhone 12を使ってます iOS 17",
        "iPhone 12 中古 iOS 17", "iPhone 12の中古で、iOS 17", "iPhone 12 docomo 64GB 黒 iOS 17",
        "iPhone 12 SIMフリー版 (iOS 17)", "iPhone 12に機種変しました iOS 17", "iPhone 12 OSはiOS 17",
        "iPhone 12で、iOS 17", "息子のiPhone 12 (iOS 17)", "iOS 17のiPhone 12を使っています",
        "iOS 17のiPhone 12でログインできない!",
    ],
)  # fmt: skip
def test_listed_words_lead_from_the_name_to_its_os(data: Dataset, text: str):
    assert said(check(data, text))[0] == said(check(data, "iPhone 12", "iOS 17"))[0]


@pytest.mark.parametrize(
    "text",
    [
        "Android iPhone 15", "AndroidのiPhone 15", "Android版 iPhone 15", "アンドロイドのiPhone 15",
        "Android iPhone 12 iOS 17", "iPhone 12 Android iOS 17", "iPhone 12 Android",
        "アンドロイドスマホ iPhone 15",
    ],
)  # fmt: skip
def test_another_system_beside_the_name_is_a_doubt_on_either_side(data: Dataset, text: str):
    assert said(check(data, text))[0][:2] == ["conditional", "os_of_other_platform"]


@pytest.mark.parametrize("text", ["Android Pixel 6", "AndroidのPixel 6", "Android One S8", "iOS iPhone 15"])
def test_the_own_system_in_front_of_a_name_changes_nothing(data: Dataset, text: str):
    name = text.removeprefix("Android").removeprefix("iOS").removeprefix("の").strip()
    name = text if "One" in name else name
    assert said(check(data, text)) in (said(check(data, name)), [["unknown", "unknown"]] * 4)
