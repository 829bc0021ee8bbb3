"""The OS that a person writes beside a device name: `iPhone 15 iOS 12`, `Android 12のPixel 6`. Pure.

What is taken off counts as if it had been given as the OS; what cannot be read whole stays where
it is, and then the text names no device.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from crawler.names import Platform
from explorer.os_text import OsStated, OsWords, parse_os

LONGEST_IN_FRONT = 40
# Between the name and the OS behind it, and between the OS in front and the name.
JOINT = re.compile(r"(?:(?<=[a-z0-9)])\s*[ノハデガ])?[\s(\[「【、,/|:・]*(?:os[ハ:\s]*)?$")
GAP = re.compile(r"[\s)\]」】、,/|・]+|ノ")
# Without a version others are devices, or a typing error: `iPhone 15 Pro Mac`.
NAMED_ALONE = {Platform.ANDROID, Platform.IOS, Platform.IPADOS}
DOUBT = re.compile(r"タブン|多分|カモ|オソラク|恐ラク|\?")
# `iPhone 15で使えるiOS 26`: that is not the version that it has.
NOT_ITS_OWN = re.compile("(?:対応|用|使|利用|ツカ|デキ|出来|持ッ|モッ|大丈夫|シテ|教エ)[ァ-ヶー]*$")
CLOSING = " )]」】、。"


class OsPart(NamedTuple):
    """A text cut in two; `stated` is None where a version is given that no such system has."""

    name: str
    os_text: str
    stated: OsStated | None


class OsFinder:
    """Finds the OS in folded texts; `words` are those of `parse_os`."""

    def __init__(self, words: OsWords):
        self._words = words
        # A word that begins with a digit (12L, 24H2) says nothing without its system.
        named = sorted((word for word in words if not word[0].isdigit()), key=len, reverse=True)
        # They come closed up: `macosx` is typed `Mac OS X`.
        one_of = "|".join(" ?".join(map(re.escape, word)) for word in named) or "(?!)"
        self._word = re.compile(rf"(?<![a-z])(?:{one_of})(?![a-z])")
        self._versioned = re.compile(rf"(?:{one_of})\s*(?:os|ver\.?|version|バージョン)?\s*[0-9][0-9.]*")

    def is_in(self, text: str) -> bool:
        return self._word.search(text) is not None

    def parts(self, text: str) -> Iterator[OsPart]:
        """Yield the ways to take an OS off the end of a folded text, then off its front."""
        if DOUBT.search(text):
            return
        for met in self._word.finditer(text):
            name = JOINT.sub("", text[: met.start()])
            if NOT_ITS_OWN.search(name):
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
                yield OsPart(text[gap.end() :], _said(stated, os_text), stated)
                return


def _said(stated: OsStated, os_text: str) -> str:
    """Return the OS as it is usually written: the text has lost its capitals."""
    return " ".join(part for part in (stated.platform, stated.version) if part) or os_text
