"""Recognition: the rules, and bad input of every kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.names import Match, match_key
from explorer.check import check
from explorer.index import KeyHit, build_index
from explorer.lookup import find
from explorer.queries import Dataset
from explorer.verdict import Device


def name_of(data: Dataset, text: str) -> str | None:
    found = find(data.index, text)
    return data.devices[found.device_id].name if found.device_id else None


@pytest.mark.parametrize("text", ["Galaxy", "ギャラクシー", "iPhone", "Sony Xperia", "シャープ", "AQUOS"])
def test_a_maker_or_series_alone_lists_candidates_and_answers_nothing(data: Dataset, text):
    found = find(data.index, text)
    assert found.device_id is None
    assert found.match in (Match.AMBIGUOUS, Match.NONE)


@pytest.mark.parametrize(
    "text", ["SH-99Z", "Xperia 99", "iPhone 1", "Pixel 4b", "SC-51CX", "AQUOS sense99", "Galaxy S22 mini"]
)
def test_numbers_and_suffixes_are_identity(data: Dataset, text):
    assert find(data.index, text).match is Match.NONE


def test_a_model_number_beats_a_name_and_a_contradiction_is_ambiguous(data: Dataset):
    assert find(data.index, "AQUOS sense4 SH-41A").model_number == "SH-41A"
    found = find(data.index, "Pixel 6 SH-41A")
    assert found.match is Match.AMBIGUOUS
    assert len(found.candidates) == 2


def test_the_carrier_tells_the_model_number(data: Dataset):
    assert find(data.index, "ドコモのGalaxy S22").model_number == "SC-51C"
    assert find(data.index, "Galaxy S22 au版").model_number == "SCG13"


def test_another_maker_than_the_phone_has_is_not_overheard(data: Dataset):
    assert find(data.index, "ソニー AQUOS wish").match is Match.NONE


def test_one_typing_error_is_close_two_are_not(data: Dataset):
    assert find(data.index, "Xpera 5 II").match is Match.CLOSE
    assert name_of(data, "Xpera 5 II") == "Xperia 5 II"
    assert find(data.index, "Xpra 5 II").match is Match.NONE


def test_a_name_of_tomorrow_is_found_by_its_reading(data: Dataset):
    from explorer.reading import readings

    read = readings("アクオスセンス十二プラス", data.index.lexicon)
    assert "aquossense12plus" in [one.name for one in read]


def test_a_user_agent_gives_device_and_os(data: Dataset):
    text = "Mozilla/5.0 (Linux; Android 12; SO-52A Build/58.2.A) AppleWebKit/537.36 Chrome/120 Mobile"
    found = find(data.index, text)
    assert (found.device_id, found.os.platform, found.os.version) == ("SO-52A", "Android", "12")
    hidden = find(data.index, text.replace("SO-52A Build/58.2.A", "K"))
    assert (hidden.match, hidden.os.version) == (Match.NONE, "12")


BAD = [
    "",
    " ",
    "a" * 10_000,
    "ア" * 10_000,
    "9" * 10_000,
    "a b " * 2_500,
    "\x00\x01\x02",
    "💥" * 50,
    "'; DROP TABLE device; --",
    "<script>alert(1)</script>",
    "\u202eSH-41A\u202c",
    "Mozilla/5.0 " + "(" * 5_000,
    "Mozilla/5.0 (Linux; Android " + "1" * 5_000,
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_input_is_none_or_a_device_never_an_exception(data: Dataset, text):
    answer = check(data, text)
    assert answer["match"] in list(Match)
    assert answer["query"] == text


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60), os_text=st.text(max_size=20))
def test_no_text_raises_or_is_supported_by_chance(data: Dataset, text, os_text):
    answer = check(data, text, os_text)
    assert {one["capability"] for one in answer["answers"]} == {
        "card_reading",
        "android_certificate",
        "iphone_mynumber",
        "pc_login",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("iPhone 13 Pro Max 256GB", "iPhone 13 Pro Max"),
        ("iPhone 17 Proでログインできない", "iPhone 17 Pro"),
        ("息子のiPhone 13", "iPhone 13"),
        ("Galaxy S22 黒", "Galaxy S22"),
        ("iPhone 13に機種変しました", "iPhone 13"),
        ("SH-41A 64GB", "AQUOS sense4"),
        ("so-53bでログインできない", "Xperia 5 III"),
    ],
)
def test_remarks_around_a_name_do_not_hide_it(data: Dataset, text: str, name: str):
    found = find(data.index, text)
    assert found.device_id is not None
    assert data.devices[found.device_id].name == name


@pytest.mark.parametrize(
    "text",
    [
        "iPhone 1/7",
        "iPhone 1-7",
        "アイフォン1の7",
        "Pixel 1 0",
        "iPhone 14 Plus 2",
        "iPhone XS Max2",
        "Xperia 10 V 2",
        "iPhone 17用カードリーダー",
        "SH-41A以外",
        "SH-41Aの後継機種",
        "macaroni",
        "マックシェイク",
        "Windows 7 のガラケー",
        "Pro",
        "5",
    ],
)
def test_a_text_that_means_something_else_is_answered_with_candidates_at_most(data: Dataset, text: str):
    assert find(data.index, text).match is Match.NONE


def test_numbers_and_siblings_of_the_world_catalogue_never_lift_a_name():
    keys = {
        "iphone15": [KeyHit("i15", "name", None)],
        "iphone13": [KeyHit("i13", "name", None)],
        "sma515f": [KeyHit("a51", "model", "SM-A515F")],
        "promax256gb": [KeyHit("fake", "model", "Pro Max 256GB")],
        "galaxya51": [KeyHit("a51", "name", None)],
        "galaxya515g": [KeyHit("a515g", "name", None)],
    }
    base = ("phone", None, None, None, None)
    devices = [
        Device("i15", "apple", "", "", "iPhone 15", *base, True, ()),
        Device("i13", "apple", "", "", "iPhone 13", *base, True, ()),
        Device("a515g", "samsung", "", "", "Galaxy A51 5G", *base, True, ()),
        Device("a51", "samsung", "", "", "Galaxy A51", *base, False, ("SM-A515F",)),
        Device("fake", "x", "", "", "Pro Max", *base, False, ("Pro Max 256GB",)),
    ]
    words = [("iphone", "iphone", "series"), ("galaxy", "galaxy", "series")]
    words += [("pro", "pro", "suffix"), ("max", "max", "suffix")]
    index = build_index(keys, devices, {}, words, {})
    assert find(index, "iPhone 15 SM-A515F").match is Match.AMBIGUOUS
    assert find(index, "SM-A515F iPhone 15").match is Match.AMBIGUOUS
    assert find(index, "Galaxy A51").match is Match.AMBIGUOUS
    assert find(index, "iPhone 13 Pro Max 256GB").match is Match.NONE


@pytest.mark.parametrize(
    "text", ["一" * 80, "センス" * 27, "テンテン" * 20, "漢" * 80, "é" * 200, "ニ" * 200]
)
def test_a_long_text_costs_no_more_than_a_name(data: Dataset, text: str, monkeypatch: pytest.MonkeyPatch):
    """Counted in keys made, not in seconds, so that a busy machine does not fail it."""
    made = 0

    def counted(name: str) -> str:
        nonlocal made
        made += 1
        return match_key(name)

    monkeypatch.setattr("explorer.hits.match_key", counted)
    assert find(data.index, text).match is Match.NONE
    assert made < 100


@pytest.mark.parametrize(
    "text",
    [
        "iPhone いち5", "アイフォンじゅう5", "iPhone 1ご", "Galaxy S ニ 2", "Pixel 1ぜろ",
        "iPhone 1 docomo 5", "iPhone 1 SIMフリー 5", "iPhone 1スマホ5", "iPhone 1機種5", "iPhone 1は5",
        "iPhone 1版5", "iPhone 1ー5", "iPhone 1™5", "iPhone 1y5", "iPhone 1 au 7", "iPhone 1 6 16GB",
        "Galaxy S2 docomo 2", "Pixel 1 docomo 0", "Xperia 1 au 0 III", "アイフォン1ドコモ5",
        "iPhone １ドコモ５",
        "iPhone 1 docomo 5 iOS 17", "iOS 17のiPhone 1 docomo 5", "SH-4 docomo 1A", "SC-5 ドコモ 1C",
    ],
)  # fmt: skip
def test_digits_typed_apart_are_never_one_number(data: Dataset, text: str):
    found = find(data.index, text)
    assert (found.match, found.device_id) == (Match.NONE, None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("エックスペリア テンツー", "Xperia 10 II"),
        ("アイフォン ジュウゴ", "iPhone 15"),
        ("Xperia 5 2 ドコモ", "Xperia 5 II"),
        ("iPhone 15 docomo 128GB", "iPhone 15"),
        ("iPhone 15™", "iPhone 15"),
        ("AQUOS sense 4 SH-41A", "AQUOS sense4"),
        ("Galaxy S22 SC-51C", "Galaxy S22"),
    ],
)
def test_numbers_typed_whole_or_read_out_count(data: Dataset, text: str, name: str):
    assert name_of(data, text) == name


@pytest.mark.parametrize(
    "text",
    ["iPhone SE", "アイフォンSE", "Apple iPhone SE", "iPhone SE iOS 17", "iPhone SEでログインできない"],
)
def test_a_name_that_only_comes_with_generations_asks_which(data: Dataset, text: str):
    answer = check(data, text)
    assert (answer["match"], answer["device"]) == ("ambiguous", None)
    names = [one["name"] for one in answer["candidates"]]
    assert names == [f"iPhone SE（第{number}世代）" for number in (3, 2, 1)]


def test_a_generation_that_is_named_and_a_foreign_maker_do_not_ask(data: Dataset):
    assert name_of(data, "iPhone SE 第2世代") == "iPhone SE（第2世代）"
    assert find(data.index, "ソニー iPhone SE").match is Match.NONE
    assert name_of(data, "iPad Air") == "iPad"


@pytest.mark.parametrize(
    ("text", "maker"),
    [
        ("iPhone 18", "apple"),
        ("アイフォン 18", "apple"),
        ("Nothing Phone 2", "nothing"),
        ("Pixel 30", "google"),
        ("Galaxy S99", "samsung"),
        ("Xperia 99", "sony"),
        ("アクオス 99", "sharp"),
        ("ソニー iPhone 18", "sony"),
    ],
)
def test_no_candidate_is_of_another_maker_than_the_text_names(data: Dataset, text: str, maker: str):
    answer = check(data, text)
    assert answer["match"] == Match.NONE
    assert {data.devices[one["device_id"]].maker_id for one in answer["candidates"]} <= {maker}
