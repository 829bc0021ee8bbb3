"""Headings that say of their devices what nobody listed, `検討機種`, `β版対応機種`: the rows below them ask.

What belongs here: whether every word of a heading is known as harmless. What does not: words that are
known to speak against a list (`closed_section`, `doubtful_section`).
"""

import re

from crawler.parser.doubt import LISTED_SIGN, NOUN, doubtful_section, without_neutral
from crawler.parser.outline import Head
from crawler.parser.prose import CALM, KANA_NO, PLAIN, announces, is_calm, is_prose
from crawler.parser.tokens import has_model
from crawler.parser.words import (
    closed_section,
    flat,
    has_word,
    is_carrier,
    is_maker,
    pattern,
    when_of,
    without,
    without_edition,
)

DEVICES = re.compile(rf"{NOUN}|{LISTED_SIGN}|対応|携帯電話|リスト", re.IGNORECASE)
DEVICES_LAST = re.compile(
    rf"(?:{NOUN}|{LISTED_SIGN})(?:など|等)?(?:の?(?:一覧|リスト|情報))?表?[\s)）\]］】〕」』:：。]*$", re.I
)
KATAKANA = re.compile("[ァ-ヴー]")
KANJI = re.compile("[一-鿿]")
NAMES = re.compile("スマホ|スマートフォン|タブレット|携帯電話")
OTHERS = re.compile("機種|端末|モデル|製品|対応")
DIGITS = re.compile("[0-9]+")
# `要問合せ`, `範囲外`; `主要`, `要件` and `海外` say nothing against a device.
ASKS = re.compile(
    r"(?<![必主重概需不強摘])要(?![件望約求素領点旨因所員])|(?<=[一-鿿])(?<![海内])外(?![部国付])"
)
# The parts of a list in the order of its letters.
ORDER = re.compile(r"[A-Zぁ-ん]\s*(?:[~〜～\-―]\s*[A-Zぁ-ん])?(?:行|$)")
NEWS = ("new", "新", "追加", "追記", "公式", "official")
LIMIT = 60


def is_against(text: str) -> bool:
    """Tell a text that says, or may say, 対応予定 or 対象外 of something."""
    return (closed_section(text) or doubtful_section(text)) is not None


def is_asking(text: str) -> bool:
    """Tell a heading about devices with words that are not known as harmless.

    A maker, a brand or a plain title of other words, which may be a maker, is none; nor is
    `TONEスマートフォン`, which may be a device.
    """
    if len(text) > LIMIT:
        return False
    text = without_edition(text) or text
    if has_model(text) or is_prose(text) or is_maker(text) or is_carrier(text):
        return False
    if is_against(text):
        return False
    if _has_asking_word(text):
        return True
    bare = without_neutral(without(text, "brand"))
    if not DEVICES.search(bare):
        return False
    if KANA_NO.search(bare):
        return True
    left = _left(bare)
    return bool(left) and bool(KANJI.search(left) or not NAMES.search(text) or OTHERS.search(text))


def is_harmless(text: str) -> bool:
    """Tell a title all of whose words are known as harmless: `最新機種`, `あ行`, `A～Z`."""
    bare = without_neutral(without_edition(text) or text)
    if flat(text).lower() in NEWS:
        return True
    return not _left(ORDER.sub("", bare)) and not KANA_NO.search(bare) and not is_against(text)


def _left(bare: str) -> str:
    """Return what no list of harmless words knows."""
    when = when_of(bare)
    bare = without(bare.replace(when, "") if when else bare, "calm", "nav", "meta", "topic", "maker")
    bare = without(bare, "carrier", "other_maker", "filler")
    return PLAIN.sub("", DIGITS.sub("", CALM.sub("", bare)))


def _has_asking_word(text: str) -> bool:
    """Tell `アウト` as a word, not in the midst of `ログアウト`."""
    if ASKS.search(without_neutral(text)):
        return True
    found = pattern("asking").finditer(flat(text))
    return any(not KATAKANA.search(match.group()) or not _is_inside(text, *match.span()) for match in found)


def _is_inside(text: str, start: int, end: int) -> bool:
    return bool(KATAKANA.search(text[max(0, start - 1) : start] + text[end : end + 1]))


def says_more(text: str) -> bool:
    """Tell a text that says more of devices than that they are listed: against them, or in unknown words."""
    return is_against(text) or is_asking(text) or (announces(text) and not is_calm(text))


def asking_heading(text: str, level: float) -> Head | None:
    """Return the heading whose words every row below it bears as a note, None for a harmless one.

    One that ends in 機種 and the like holds until the next section, any other as a title does.
    """
    if not is_asking(text) or has_word(text, "nav"):
        return None
    is_block = _has_asking_word(text) or DEVICES_LAST.search(without_neutral(flat(text)))
    return Head(level, "asks" if is_block else "topic", "", notes=[text], line=text, is_doubt=True)
