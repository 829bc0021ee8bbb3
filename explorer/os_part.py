"""The OS that a person writes beside a device name: `iPhone 15 iOS 12`, `Android 12のPixel 6`. Pure.

What is taken off counts as if it had been given as the OS; what cannot be read whole stays where
it is, and then the text names no device.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crawler.names import Platform, fold
from explorer.os_text import OsStated, OsWords, parse_os
from explorer.remarks import without_details

LONGEST_IN_FRONT = 40


def _any(words: str) -> str:
    return "|".join(sorted(map(re.escape, map(fold, words.split())), key=len, reverse=True))


# All that may stand between the name and the OS behind it: with any other word or sign between them
# (`で動かない`, `対応`, `<`, `→`) the OS may be one that the phone does not have.
SAID_OF_IT = """
    です ですが ですけど ですので なので だけど なんですが なんですけど なのですが なのですけど で
    を使って を使っていて を使っています を使ってます を使っている を使ってる を使用中 使用中
    を持って を持っていて を持っています を持ってます を持っている を持ってる
    に機種変した に機種変しました に機種変更した に機種変更しました に変えました に替えました
    に買い替えました に乗り換えました にしました
    中古 中古で 中古の の中古 の中古で 新品 新品で 新品の の新品 未使用 未使用品 中古品
"""
JOINT = re.compile(
    rf"(?:{_any(SAID_OF_IT)}|(?<=[a-z0-9)])\s*[ノハデガ])?[\s(\[「【、。,/|:・]*(?:(?<![a-z])os[ハ:\s]*)?$"
)
MOST_JOINTS = 4
# Between the OS in front and the name.
GAP = re.compile(r"[\s)\]」】、,/|・]+|ノ")
# Signs of names; a limit, an arrow or a cross beside them is none: `<`, `≦`, `~`, `≠`, `×`, `→`.
NAME = re.compile(r"[(\[「【]*[^\W_](?:[\w\s()\[\]「」【】+\-./,、・:'&]*(?:[^\W_]|[)\]」】+]))?")
DASH = re.compile(r"(?<![ァ-ヺー])ー$")
# Words without a meaning to a name that say nothing of an OS either.
MUTE_WORDS = """
    スマホ 携帯 スマフォ スマーホ smartphone smartphones 携帯電話 携帯でんわ ガラケー ガラホ アンドロイド
    アンドロイドスマホ アンドロイド端末 android 端末 たんまつ 機種 きしゅ 型番 製品 モデル model 本体
    ほんたい デバイス device 電話 でんわ 版 製 社製 社 無印 むじるし ノーマル 普通の ふつうの 通常版
    通常モデル の は が を って という 私の わたしの 自分の 僕の うちの 母の 父の 家族の
    カードリーダー カードリーダ icカードリーダー icカードリーダライタ カードリーダライタ リーダライタ
"""
MUTE = frozenset(map(fold, MUTE_WORDS.split()))
# Without a version others are devices, or a typing error: `iPhone 15 Pro Mac`.
NAMED_ALONE = {Platform.ANDROID, Platform.IOS, Platform.IPADOS}
DOUBT = re.compile(r"タブン|多分|カモ|オソラク|恐ラク|\?")
CLOSING = " )]」】、。"


class OsPart(NamedTuple):
    """A text cut in two; `stated` is None where a version is given that no such system has."""

    name: str
    os_text: str
    stated: OsStated | None
    is_in_front: bool = False


class OsFinder:
    """Finds the OS in folded texts; `words` are those of `parse_os`, `generic` those that no name needs."""

    def __init__(self, words: OsWords, generic: Iterable[str] = ()):
        self._words = words
        self._remark = re.compile("|".join(map(re.escape, sorted(set(generic) - MUTE))) or "(?!)")
        # A word that begins with a digit (12L, 24H2) says nothing without its system.
        named = sorted((word for word in words if not word[0].isdigit()), key=len, reverse=True)
        # They come closed up: `macosx` is typed `Mac OS X`.
        one_of = "|".join(" ?".join(map(re.escape, word)) for word in named) or "(?!)"
        self._word = re.compile(rf"(?<![a-z])(?:{one_of})(?![a-z])")
        self._versioned = re.compile(rf"(?:{one_of})\s*(?:os|ver\.?|version|バージョン)?\s*[0-9][0-9.]*")

    def is_in(self, text: str) -> bool:
        return self._word.search(text) is not None

    def is_plain(self, name: str) -> bool:
        """Tell whether a part of a text has only words and signs that can be those of a name."""
        is_name = NAME.fullmatch(name) and not DASH.search(name)
        return bool(is_name) and self._remark.search(name.replace(" ", "")) is None

    def alone(self, text: str, name: str) -> OsStated | None:
        """Return a system named in the text without a version, and not in the name of the device."""
        for met in self._word.finditer(text):
            platform = self._words.get(met[0].replace(" ", ""), ("", None))[0]
            if platform in NAMED_ALONE and platform.lower() not in fold(name):
                return OsStated(platform, None, platform)
        return None

    def around(self, text: str) -> list[str]:
        """Return what stands before and behind the OS: good for candidates, not for answers."""
        return [part.strip() for part in self._versioned.split(text) if part.strip()]

    def parts(self, text: str) -> Iterator[OsPart]:
        """Yield the ways to take an OS off the end of a folded text, then off its front."""
        if DOUBT.search(text):
            return
        for met in self._word.finditer(text):
            name = _without_joint(text[: met.start()])
            if not self.is_plain(name):
                continue
            os_text = text[met.start() :].rstrip(CLOSING)
            stated = parse_os(os_text, self._words)
            if name and stated and (stated.version or stated.platform in NAMED_ALONE):
                yield OsPart(name, _said(stated, os_text), stated)
            elif name and self._versioned.fullmatch(os_text):
                yield OsPart(name, os_text, None)
        yield from self._in_front(text.lstrip("([「【 "))

    def _in_front(self, text: str) -> Iterator[OsPart]:
        if not self._word.match(text):
            return
        for gap in reversed(list(GAP.finditer(text, 0, LONGEST_IN_FRONT))):
            os_text = text[: gap.start()]
            # `Android One S8` begins with a system that is part of the name.
            if (stated := parse_os(os_text, self._words)) and stated.version:
                yield OsPart(text[gap.end() :], _said(stated, os_text), stated, is_in_front=True)
                return


def _without_joint(text: str) -> str:
    """Return what stands before an OS without the listed words and signs that lead to the OS."""
    for _ in range(MOST_JOINTS):
        text = without_details(JOINT.sub("", text))
    return text


def _said(stated: OsStated, os_text: str) -> str:
    """Return the OS as it is usually written: the text has lost its capitals."""
    return " ".join(part for part in (stated.platform, stated.version) if part) or os_text
