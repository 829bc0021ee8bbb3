"""Recognition: the rules, and bad input of every kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.names import Match
from explorer.check import check
from explorer.lookup import find
from explorer.queries import Dataset


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
