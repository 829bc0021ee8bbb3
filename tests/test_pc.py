"""PCs: OS, browser and the way to read the card; the worst part decides."""

import pytest

from crawler.names import Status
from explorer.pc import WORST_FIRST, check_pc
from explorer.queries import Dataset


def ask(data: Dataset, *arguments: str, **parts: str) -> tuple[str, set[str]]:
    one = check_pc(data, *arguments, **parts)["answers"][0]
    return one["status"], {reason["code"] for reason in one["reasons"]}


@pytest.mark.parametrize(
    ("os_text", "parts", "status", "code"),
    [
        ("Windows 11", {}, "conditional", "pc_needs_way"),
        ("Windows 11", {"browser": "Chrome", "reader": "RC-S380"}, "conditional", "pc_reader"),
        ("Windows 11", {"browser": "エッジ", "reader": "ACR39-NTTCom"}, "conditional", "pc_browser"),
        ("Windows 10", {"browser": "Safari", "reader": "RC-S380"}, "not_listed", "pc_browser_elsewhere"),
        ("macOS Sonoma", {"browser": "Safari", "phone": "Pixel 7"}, "conditional", "pc_phone"),
        ("MacBook Air", {"browser": "Brave", "phone": "Pixel 7"}, "not_listed", "pc_browser_unknown"),
        ("Mac", {"browser": "Safari", "phone": "iPhone 7"}, "not_supported", "pc_phone"),
        ("Mac", {"browser": "Safari", "phone": "Galaxy"}, "ambiguous", "pc_phone_unknown"),
        ("Mac", {"browser": "Safari", "reader": "冷蔵庫"}, "unknown", "pc_reader_unknown"),
        ("Mac", {"browser": "Safari", "reader": "Pixel 7"}, "not_supported", "pc_reader_is_other"),
        ("Mac", {"browser": "Safari", "phone": "RC-S380"}, "not_supported", "pc_phone_is_other"),
        ("Chromebook", {"browser": "Chrome", "reader": "RC-S380"}, "not_supported", "pc_no_card_reader"),
        ("Chromebook", {"browser": "Chrome", "phone": "iPhone 15"}, "conditional", "pc_way_phone"),
    ],
)
def test_the_worst_part_decides(data: Dataset, os_text, parts, status, code):
    found, codes = ask(data, os_text, **parts)
    assert (found, code in codes) == (status, True)


def test_contact_and_contactless_readers_are_told_apart(data: Dataset):
    texts = [
        " ".join(one["text"] for one in check_pc(data, "Windows 11", reader=reader)["answers"][0]["reasons"])
        for reader in ("ACR39-NTTCom", "RC-S380")
    ]
    assert "接触型。カードを差し込みます" in texts[0]
    assert "非接触型。カードを上に置きます" in texts[1]


def test_no_combination_is_supported_because_what_is_known_is_old(data: Dataset):
    for os_text in ("Windows 11", "Mac", "Chromebook"):
        for browser in ("", "Chrome", "Edge", "Safari", "Firefox", "x"):
            for way in (
                {},
                {"reader": "RC-S380"},
                {"phone": "iPhone 15"},
                {"reader": "RC-S380", "phone": "SH-41A"},
            ):
                assert ask(data, os_text, browser=browser, **way)[0] != "supported"


def test_a_phone_in_the_place_of_the_pc_is_answered_as_a_phone(data: Dataset):
    assert check_pc(data, "Pixel 7")["device"]["name"] == "Pixel 7"
    assert check_pc(data, "冷蔵庫")["device"] is None


def test_browsers_of_the_stated_system_only_are_advised(data: Dataset):
    steps = " ".join(check_pc(data, "Windows 11")["answers"][0]["next_steps"])
    assert "Edge、Chrome、Firefox" in steps
    assert "Safari" not in steps


def test_a_phone_that_cannot_read_leaves_the_card_reader(data: Dataset):
    one = check_pc(data, "iPhone 6")["answers"][0]
    assert one["next_steps"][0] == "このスマホでは読み取れません。ICカードリーダーを使えばログインできます。"
    assert any("iOS 16.4" in proof["printed"] for proof in one["evidence"])


def test_dates_are_said_in_words(data: Dataset):
    one = check_pc(data, "Windows 11", "Chrome")["answers"][0]
    assert any("2020年4月の情報" in reason["text"] for reason in one["reasons"])


def test_every_status_has_its_place_in_the_order():
    assert set(WORST_FIRST) == set(Status)


def test_both_languages_answer(data: Dataset):
    one = check_pc(data, "Windows 11", "Chrome", "RC-S380", language="en")["answers"][0]
    assert all(reason["text"].isascii() or "PaSoRi" in reason["text"] for reason in one["reasons"])


@pytest.mark.parametrize(
    "browser",
    [
        "Chromeではない",
        "Chrome以外",
        "Chromeじゃない",
        "クロームより前",
        "Chromeの代わり",
        "Chromebook",
        "Safari以外",
    ],
)
def test_a_browser_that_is_denied_is_not_that_browser(data: Dataset, browser: str):
    for os_text in ("Windows 11", "Mac"):
        status, codes = ask(data, os_text, browser=browser, phone="iPhone 15")
        assert status == "not_listed"
        assert "pc_browser_unknown" in codes


@pytest.mark.parametrize(
    "browser",
    [
        "chrome",
        "Google Chrome 120.0.6099.109",
        "クロームです",
        "Chromeブラウザ",
        "Chrome 最新版",
        "クロームを使っています",
        "Google Chrome バージョン 120.0（公式ビルド）（64 ビット）",
    ],
)
def test_a_browser_may_be_named_with_its_version(data: Dataset, browser: str):
    assert "pc_browser" in ask(data, "Mac", browser=browser)[1]


def test_a_chosen_way_counts_before_its_model_is_known(data: Dataset):
    reader = check_pc(data, "Chromebook", "Chrome", way="reader")["answers"][0]
    assert reader["status"] == "not_supported"
    assert "pc_no_card_reader" in [reason["code"] for reason in reader["reasons"]]
    windows = check_pc(data, "Windows 11", "Chrome", way="reader")["answers"][0]
    assert windows["status"] == "conditional"
    assert "pc_needs_reader" in [reason["code"] for reason in windows["reasons"]]
    phone = check_pc(data, "Chromebook", "Chrome", way="phone")["answers"][0]
    assert (phone["status"], "pc_needs_phone" in [one["code"] for one in phone["reasons"]]) == (
        "conditional",
        True,
    )
    assert not [step for answer in (windows, phone) for step in answer["next_steps"] if "どちら" in step]
