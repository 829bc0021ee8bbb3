"""The folded key and the comparison of versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.names import match_key, meets_floor, slug

SAME = [
    ("SH-41A", "ｓｈ－４１ａ", "SH41A", "sh 41a", "SHー41A", "SH‐41A", "SH−41A", "S H - 4 1 A"),
    ("AQUOS sense4", "ＡＱＵＯＳ　ｓｅｎｓｅ４", "aquos-sense4", "AQUOS® sense4", "AQUOS™sense4"),
    ("Galaxy S20+ 5G", "galaxy s20 plus 5g", "GALAXY S20＋ 5G"),
    ("Pixel 4a (5G)", "pixel4a5g", "Pixel 4a（5G）"),
    ("らくらくスマートフォン", "ラクラクスマートフォン", "ﾗｸﾗｸｽﾏｰﾄﾌｫﾝ"),
    ("ギャラクシー", "ｷﾞｬﾗｸｼｰ", "ぎゃらくしー"),
    ("Xperia 5 Ⅱ", "xperia 5 II"),
    ("Galaxy S20+", "Galaxy S20⁺"),
    ("大画面", "⼤画面"),
]
DIFFERENT = [
    ("Pixel 4a", "Pixel 4a (5G)"),
    ("AQUOS sense4", "AQUOS sense4 plus"),
    ("Galaxy S20 5G", "Galaxy S20+ 5G"),
    ("SH-41A", "SH-41B"),
    ("エース", "エス"),
    ("SH-41", "SH-41ℂ"),
    ("Pixel 4a", "Pixel 4a⑸"),
    ("Pixel 4a", "Pixel 4a㌢"),
]


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: texts[0])
def test_spellings_of_one_name_share_a_key(texts):
    assert len({match_key(text) for text in texts}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_suffixes_and_numbers_are_identity(one, other):
    assert match_key(one) != match_key(other)


@given(st.text())
def test_a_key_is_a_fixed_point_and_holds_no_punctuation(text):
    key = match_key(text)
    assert match_key(key) == key
    assert all(char.isalnum() for char in key)


@given(st.text(), st.sampled_from([" ", "-", "　", "™", "・"]))
def test_spaces_hyphens_and_signs_around_never_change_the_key(text, noise):
    assert match_key(noise + text + noise) == match_key(text)


def test_slug_is_readable_and_safe_in_a_url():
    assert slug("samsung Galaxy S20+ 5G") == "samsung-galaxy-s20-plus-5g"
    assert "/" not in slug("RC-S300/S")


@pytest.mark.parametrize(
    ("version", "floor", "expected"),
    [
        ("12", "11", True),
        ("11", "11", True),
        ("10", "11", False),
        ("12.1", "12", True),
        ("9", "11", False),
        ("16", "16.4", None),
        ("16.4", "16.4", True),
        ("16.3.1", "16.4", False),
        ("17", "16.4", True),
        ("15", "16.4", False),
        ("18.10", "18.5", True),
        ("11", "11.0", True),
        (None, "11", None),
        ("11", None, None),
    ],
)
def test_a_version_is_as_precise_as_its_digits(version, floor, expected):
    assert meets_floor(version, floor) is expected
