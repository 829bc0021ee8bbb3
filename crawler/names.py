"""The vocabulary and the folded key: the one module that both packages share.

What belongs here: words that appear in `data/schema.sql`, the API and the pages, and the
folding of a typed or printed text to the key by which devices are stored and found.
What does not: anything that reads a file, a page or the clock.
"""

import re
import unicodedata
from enum import StrEnum


class Capability(StrEnum):
    """What a person wants to do."""

    CARD_READING = "card_reading"
    ANDROID_CERTIFICATE = "android_certificate"
    IPHONE_MYNUMBER = "iphone_mynumber"
    PC_LOGIN = "pc_login"


class Status(StrEnum):
    """The answer for one device and one capability. Never a boolean."""

    SUPPORTED = "supported"
    CONDITIONAL = "conditional"
    PLANNED = "planned"
    NOT_SUPPORTED = "not_supported"
    DELISTED = "delisted"
    NOT_LISTED = "not_listed"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Where a page came from: fetched from the official site, or written for this project."""

    LIVE = "live"
    BUNDLED = "bundled"


class Section(StrEnum):
    """The block of a list in which a row is printed."""

    LISTED = "listed"
    PLANNED = "planned"
    EXCLUDED = "excluded"


class FormFactor(StrEnum):
    PHONE = "phone"
    TABLET = "tablet"
    FEATURE_PHONE = "feature_phone"
    COMPUTER = "computer"
    CARD_READER = "card_reader"
    UNKNOWN = "unknown"


class Platform(StrEnum):
    ANDROID = "Android"
    IOS = "iOS"
    IPADOS = "iPadOS"
    WINDOWS = "Windows"
    MACOS = "macOS"
    CHROMEOS = "ChromeOS"


class KeyKind(StrEnum):
    """What a stored key was made of."""

    MODEL = "model"
    NAME = "name"
    MAKER_NAME = "maker_name"
    ALIAS = "alias"
    SPOKEN = "spoken"


class Match(StrEnum):
    """How a typed text met the devices."""

    EXACT = "exact"
    CLOSE = "close"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


class Delta(StrEnum):
    """A change of an official list, in three words."""

    ADD = "ADD"
    DEL = "DEL"
    MOD = "MOD"


class Reason(StrEnum):
    """Why a support row has its status; `explorer/texts` has a sentence for each."""

    EXCLUDED = "excluded"
    WRONG_PLATFORM = "wrong_platform"
    OS_OUT_OF_REACH = "os_out_of_reach"
    MODEL_TOO_OLD = "model_too_old"
    PLANNED = "planned"
    LISTED = "listed"
    DELISTED = "delisted"
    RULE = "rule"
    NOT_LISTED = "not_listed"


class Condition(StrEnum):
    """What is still open before a `conditional` answer becomes `supported`."""

    OS = "os"
    NFC = "nfc"
    NOTE = "note"
    MODEL_NUMBER = "model_number"
    MIN_MODEL = "min_model"
    PAIRING = "pairing"


TRADEMARKS = str.maketrans("", "", "™®©℠")
HIRAGANA_TO_KATAKANA = str.maketrans({code: code + 0x60 for code in range(0x3041, 0x3097)})
LONG_VOWEL = "ー"
NO_ASCII_KEY = re.compile("[^a-z0-9]")
# Signs that stand for letters (ℂ ㍍ ⑴ ㈠ ʰ ﷲ, mathematical and rare scripts) and that nobody types in
# a device name. Keys do not spell them out, and do not pass them over: each is one letter of no name.
# The macro match_key of data/schema.sql has the same list.
RARE = re.compile(
    "["
    r"\u02B0-\u02B8\u02E0-\u02E4\u037A\u03D0-\u03D6\u03F0-\u03F2\u03F5\u03F9\u0587\u0675-\u0678"
    r"\u0E33\u0EB3\u0EDC\u0EDD\u10FC\u1D2C-\u1D6A\u1D78\u1D9B-\u1DBF\u1E9A\u20A8\u2100-\u211F"
    r"\u2121\u2123-\u2125\u2127-\u2129\u212C-\u214F\u2150-\u215F\u2189\u2474-\u24EA\u2C7C\u2C7D"
    r"\u2D6F\u3038-\u303A\u309F\u30FF\u3131-\u319F\u3200-\u33FF\uA69C\uA69D\uA770\uA7F2-\uA7F4"
    r"\uA7F8\uA7F9\uAB5C-\uAB5F\uAB69\uFB13-\uFB17\uFB20-\uFB29\uFB4F-\uFDFF\uFE70-\uFEFC"
    r"\uFFA0-\uFFDC\U00010000-\U0001EFFF\U0001F100-\U0001F16F\U0001F190\U0001F200-\U0001F2FF"
    r"\U0001FBF0-\U0001FBF9\U0002EBF0-\U0002EE5D\U0002B739\U00031350-\U0003FFFF"
    "]"
)
NO_NAME_HAS = "〆"
# Letters that leave no mark on paper: a spreadsheet passes some of them over before it looks for a formula.
UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad"
    "\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800"
    "\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
# A cell that begins so is a formula to a spreadsheet, in Japanese also with a wide sign; an apostrophe
# makes it text. Python and DuckDB both read this pattern.
FORMULA = rf"^(?:[\t\r\n]|[{UNSEEN}]*[=+\-@＝＋－＠])"


def fold(text: str) -> str:
    """Return `text` as one compares it by eye: NFKC, lower case, katakana, single spaces.

    Trademark signs go first because NFKC would turn ™ into the letters TM.
    """
    if text.isascii():  # most texts are, and have nothing to fold but case and spaces
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text.translate(TRADEMARKS)).lower()
    return " ".join(text.translate(HIRAGANA_TO_KATAKANA).split())


def match_key(text: str) -> str:
    """Return the key of a device name or model number, for storing and for searching.

    Width, case, spaces, hyphens, brackets and other punctuation do not count; hiragana counts as
    katakana; `+` reads `plus`; a long vowel mark counts only after kana, elsewhere it is a
    hyphen typed with a Japanese keyboard. `SH-41A`, `ｓｈ４１ａ` and `SHー41A` share `sh41a`.
    Signs that no name has (`RARE`) become one letter that no name has.
    An empty string comes back when nothing countable is in `text`.
    """
    if text.isascii():
        return NO_ASCII_KEY.sub("", text.lower().replace("+", "plus"))
    kept: list[str] = []
    for char in fold(RARE.sub(NO_NAME_HAS, text)).replace("+", "plus").replace("ς", "σ"):
        if char == LONG_VOWEL and not (kept and _is_kana(kept[-1])):
            continue
        if char.isalnum():
            kept.append(char)
    return "".join(kept)


def _is_kana(char: str) -> bool:
    return "ァ" <= char <= "ヿ"


def slug(text: str) -> str:
    """Return `text` as part of an id or URL: folded, runs of anything else become one hyphen."""
    folded = fold(text).replace("+", " plus ")
    words = "".join(char if char.isalnum() or char == LONG_VOWEL else " " for char in folded)
    return "-".join(words.split())


def meets_floor(version: str | None, floor: str | None) -> bool | None:
    """Tell whether an OS version reaches `floor`; None when that cannot be known.

    A version is as precise as its digits: `16` is some 16.x, so against `16.4` nothing is known,
    while `17` meets it and `15` does not.
    """
    if not version or not floor:
        return None
    have, need = ([int(part) for part in text.split(".")] for text in (version, floor))
    for position, needed in enumerate(need):
        if position >= len(have):
            return True if not any(need[position:]) else None
        if have[position] != needed:
            return have[position] > needed
    return True
