"""OS versions as people write them: `Android12`, `アンドロイド 12`, `iOS 17.4.1`, `17`. Pure.

Every letter must be understood, or nothing is: `iOS 26未満`, `iOS 26にできない` and `iOS 26 beta`
hold a number that is not the version of the device.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crawler.names import fold
from explorer.asked import TOO_LONG

OsWords = Mapping[str, tuple[str, str | None]]
VERSION = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4}){0,3}(?![0-9.])")
# Spaces between two numbers stay, they tell `17 16` from `1716`; so does what is left of other signs.
SPACES = re.compile(r"(?<![0-9]) | (?![0-9])")
# What says nothing of the version. `v` counts before a digit only; a build stands in brackets.
HARMLESS = re.compile(
    r"(?:version|ver|バージョン|os|goedition|go)[.:]?|v\.?(?=[0-9])|(?:デス)?。?$|[-_:](?=[0-9])"
    r"|\([0-9]{2}[a-z][0-9]{1,4}\)|[() ]"
)
EDITION = re.compile(r"home|pro|enterprise|education|ホーム|プロ|(?:64|32)-?(?:bit|ビット)|[0-9]{2}h[12]")
# The person says no more than the lower bound, and that much counts.
AT_LEAST = re.compile(r"以上|以降|\+|or(?:later|newer|higher)")

# First and last major version that can be meant, with room for the years to come. What lies outside
# is a typing error or counts something else, and must not pass for a very new system.
PLAUSIBLE: Mapping[str | None, tuple[tuple[int, int], ...]] = {
    # 16 in 2025, one a year; from 21 on people read off the API level (API 29 is Android 10).
    "Android": ((1, 20),),
    # The number of the year since 26 (2025): 19 to 25 never came out.
    "iOS": ((1, 18), (26, 40)),
    "iPadOS": ((1, 18), (26, 40)),
    # 10.x until 2020, then 11 to 15; 16 to 25 never came out.
    "macOS": ((10, 15), (26, 40)),
    # There was no 9; 95, 98 and 2000 are old, not new.
    "Windows": ((1, 8), (10, 20)),
    # Counts as Chrome does: 140 in 2025, about nine a year.
    "ChromeOS": ((1, 200),),
    # A number alone may be of any phone.
    None: ((1, 20), (26, 40)),
}


# The newest major version of a year; what is newer is a typing error, whatever it would meet.
NEWEST: Mapping[str, Callable[[int], int]] = {
    "Android": lambda year: year - 2009,  # 16 in 2025, one a year
    "iOS": lambda year: year - 1999,  # 26 in 2025, one a year; so do iPadOS and macOS
    "iPadOS": lambda year: year - 1999,
    "macOS": lambda year: year - 1999,
}
# Of the second number: iOS came to 18.7, macOS to 10.15.
LARGEST_MINOR = 15
YEAR_OF_WRITING = 2026


@dataclass(frozen=True)
class OsStated:
    """What a person said of the OS; platform None: only a number was given."""

    platform: str | None
    version: str | None
    text: str


@dataclass(frozen=True)
class OsGiven:
    """The OS of a question: as understood (None: not), as written, and whether two were given that differ."""

    stated: OsStated | None = None
    text: str = ""
    is_disputed: bool = False


@dataclass
class _Read:
    """What was met on the way through a text."""

    platforms: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    releases: set[str] = field(default_factory=set)


def parse_os(text: str, words: OsWords) -> OsStated | None:
    """Return what `text` says, None when it is not understood from end to end.

    Several versions or platforms, limits, negations, plans and doubts are not understood. `words`
    maps folded words to (platform, version), from the table `os_word`.
    """
    folded = fold(text) if len(text) < TOO_LONG else ""
    read = _read(SPACES.sub("", folded), sorted(words, key=len, reverse=True), words)
    if read is None or len(read.platforms) > 1:
        return None
    platform = next(iter(read.platforms), None)
    version = _one_version(read)
    if version is None:
        return None if read.numbers or read.releases or platform is None else OsStated(platform, None, text)
    return OsStated(platform, version, text) if is_plausible(platform, version) else None


def either_os(typed: OsGiven, beside: OsGiven) -> OsGiven:
    """Return the OS given in a field of its own, and beside the name: the more precise, if they agree."""
    if not typed.text or not beside.text:
        return typed if typed.text else beside
    one, other = typed.stated, beside.stated
    if one is None or other is None:
        is_same = one is other and fold(typed.text) == fold(beside.text)
        return typed if is_same else OsGiven(None, f"{typed.text} / {beside.text}", True)
    short, long = sorted((one.version or "", other.version or ""), key=len)
    platforms = {one.platform, other.platform} - {None}
    if len(platforms) > 1 or (short and not f"{long}.".startswith(f"{short}.")):
        return OsGiven(None, f"{typed.text} / {beside.text}", True)
    return typed if (one.version or "") == long else beside


def is_plausible(platform: str | None, version: str) -> bool:
    """Tell whether a platform (None: any phone) has or will soon have such a version."""
    major = int(version.partition(".")[0])
    return any(first <= major <= last for first, last in PLAUSIBLE.get(platform, ()))


def is_out(platform: str, version: str, year: int) -> bool:
    """Tell whether such a version of a platform can be in use in a year."""
    major, minor = [*map(int, version.split(".")), 0][:2]
    is_new_enough = major <= NEWEST[platform](year) if platform in NEWEST else True
    return is_plausible(platform, version) and is_new_enough and minor <= LARGEST_MINOR


def _read(rest: str, longest_first: list[str], words: OsWords) -> _Read | None:
    """Take known words and numbers off the front of the text; None when something else is there."""
    read = _Read()
    is_after_version = False
    while rest:
        word = next((word for word in longest_first if rest.startswith(word)), None)
        if word is not None:
            platform, release = words[word]
            read.platforms.add(platform)
            read.releases |= {release} if release else set()
            rest, is_after_version = rest[len(word) :], release is not None
            continue
        edition = EDITION.match(rest) if read.platforms == {"Windows"} else None
        met = edition or HARMLESS.match(rest) or (AT_LEAST.match(rest) if is_after_version else None)
        is_after_version = False
        if met is None:
            met = VERSION.match(rest)
            if met is None:
                return None
            read.numbers.add(met[0])
            is_after_version = True
        rest = rest[met.end() :]
    return read


def _one_version(read: _Read) -> str | None:
    """Return the version if there is one: `Sonoma 14.5` is 14.5, `Sonoma 13` and `17 16` are none."""
    if len(read.numbers) > 1 or len(read.releases) > 1:
        return None
    number, release = next(iter(read.numbers), None), next(iter(read.releases), None)
    if number is None or release is None:
        return number or release
    return number if f"{number}.".startswith(f"{release}.") else None
