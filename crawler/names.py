"""The vocabulary and the folded key: the one module that both packages share.

What belongs here: words that appear in `data/schema.sql`, the API and the pages, and the
folding of a typed or printed text to the key by which devices are stored and found.
What does not: anything that reads a file, a page or the clock.
"""

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


def fold(text: str) -> str:
    """Return `text` as one compares it by eye: NFKC, lower case, katakana, single spaces.

    Trademark signs go first because NFKC would turn ™ into the letters TM.
    """
    text = unicodedata.normalize("NFKC", text.translate(TRADEMARKS)).lower()
    return " ".join(text.translate(HIRAGANA_TO_KATAKANA).split())


def match_key(text: str) -> str:
    """Return the key of a device name or model number, for storing and for searching.

    Width, case, spaces, hyphens, brackets and other punctuation do not count; hiragana counts as
    katakana; `+` reads `plus`; a long vowel mark counts only after kana, elsewhere it is a
    hyphen typed with a Japanese keyboard. `SH-41A`, `ｓｈ４１ａ` and `SHー41A` share `sh41a`.
    An empty string comes back when nothing countable is in `text`.
    """
    kept: list[str] = []
    for char in fold(text).replace("+", "plus"):
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
