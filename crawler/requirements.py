"""What a line of the requirements page means: platform, lowest OS, oldest model, NFC.

Only phrasings that can be read without doubt become rules. A line that may shut a device out and
cannot be read (another version, a model, an exception, an upper limit) is not understood: what
rests on it is at most `conditional`. Any other line stays as text for the reader.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.items import Requirement
from crawler.names import Platform, match_key

OS_FLOOR = re.compile(
    r"(iPadOS|iOS|Android|Windows|macOS)\s{0,3}(\d{1,3}(?:\.\d{1,3}){0,2})\s{0,3}(?:以上|以降)"
)
MODEL_FLOOR = re.compile(r"(iPhone\s{0,3}[0-9A-Za-z]{1,6})\s{0,3}(?:以降|以上)")
PLATFORM_WORD = re.compile(r"(iPhone|iPadOS|iPad|iOS|Android|Windows|macOS|ChromeOS)", re.IGNORECASE)
NFC = re.compile(r"NFC|FeliCa|おサイフケータイ(?!アプリ)", re.IGNORECASE)
# What may stand beside a floor without changing it. Any other word makes the line not understood.
BESIDE_FLOOR = re.compile(
    r"iPhone|iPadOS|iPad|iOS|Android|Windows|macOS|NFC|FeliCa|Type-?[ABF]|おサイフケータイ|OS|"
    r"対応機種|機種|対応|端末|デバイス|スマートフォン|スマホ|パソコン|バージョン|搭載|機能|"
    r"インストール|している|された|した|する|である|ている|こと|かつ|必要|です|ます|[がをのでにはと]|[\W_]",
    re.IGNORECASE,
)
# Sentences that say no more than what is asked for elsewhere: NFC, or a setting the person makes.
NO_LIMIT = re.compile(
    r"FeliCa\(おサイフケータイ\)だけに対応した端末では読み取れません|"
    r"NFC(?: ?\(?Type-?B\)?)?(?:非対応の|に対応していない|を搭載していない)端末では"
    r"(?:ご?利用できません|使えません|読み取れません)|"
    r"画面ロック[^。、]{0,30}設定していない端末では利用できません|ISO/IEC \d+",
)
# A limit from above, an exception or a refusal, whatever it speaks of.
LIMIT = re.compile(
    r"未満|除|不可|不要|非対応|未対応|対象外|対応外|以外|ません|ない|限|一部|終了|停止|超え|より前"
)
NAMES_VERSION = re.compile(r"(?:iOS|Android|iPadOS)\D{0,12}\d", re.IGNORECASE)
# `iPhone XS`, `Pixel 6`: a model that no rule was made of.
NAMES_MODEL = re.compile(r"iPhone\s{0,3}(?!Android|iPad|OS)[0-9A-Za-z]|[A-Za-z]\s{0,2}\d", re.IGNORECASE)
NAMES_DEVICE = re.compile(r"\d|世代|機種|端末|モデル|スマートフォン|スマホ|iPhone|iPad", re.IGNORECASE)
RANGE = re.compile(r"以上|以降|以下|以前|まで|のみ|だけ")
PLATFORMS = {platform.value: platform for platform in Platform}
PLATFORM_OF_WORD = {match_key(platform): platform for platform in Platform} | {
    "iphone": Platform.IOS,
    "ipad": Platform.IPADOS,
}


@dataclass(frozen=True)
class Rule:
    """What one line asks of a device; all fields empty: the line is for the reader only.

    `is_understood` False: it asks for something that could not be read, on `platform` where it
    names a single one.
    """

    platform: Platform | None = None
    min_os: str | None = None
    min_model: str | None = None
    needs_nfc: bool = False
    is_understood: bool = True


def read_rule(text: str) -> Rule:
    """Return what a printed line asks for; `is_understood` is False when that cannot be read whole."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    os_floors, models = OS_FLOOR.findall(text), MODEL_FLOOR.findall(text)
    needs_nfc = NFC.search(text) is not None
    if not os_floors and not models:
        if _may_shut_out(NO_LIMIT.sub("", text)):
            return Rule(_only_platform(text), is_understood=False)
        return Rule(Platform.ANDROID, needs_nfc=True) if needs_nfc else Rule()
    platform = PLATFORMS[os_floors[0][0]] if os_floors else Platform.IOS
    beside = BESIDE_FLOOR.sub("", MODEL_FLOOR.sub("", OS_FLOOR.sub("", text)))
    is_other_platform = _only_platform(text) is not platform
    if beside or is_other_platform or len(os_floors) > 1 or len(models) > 1:
        return Rule(_only_platform(text), is_understood=False)
    return Rule(platform, os_floors[0][1] if os_floors else None, models[0] if models else None, needs_nfc)


def governed(
    sections: Iterable[Mapping[str, str]], section: str, rule: Rule
) -> list[tuple[str, str, Platform | None]]:
    """Return (capability, role, platform) for a line, by the innermost heading that a lookup knows.

    `sections` are the rows of `requirement_sections.csv`. A line that is not understood counts for
    every platform that it may mean, and under an unknown heading for every capability.
    """
    rows = list(sections)
    known = _rows_of_heading(rows, section)
    if not rule.is_understood:
        meant = [row for row in known or rows if row["platform"]]
        if rule.platform:
            meant = [row for row in meant if row["platform"] == rule.platform]
        found = [(row["capability"], row["role"], PLATFORMS[row["platform"]]) for row in meant]
        if found or not known:
            return list(dict.fromkeys(found))
    mine = [row for row in known if row["platform"] == (rule.platform or "")]
    if mine:
        return [(row["capability"], row["role"], rule.platform) for row in mine]
    return [(row["capability"], row["role"], None) for row in known if not row["platform"]]


def is_known_heading(sections: Iterable[Mapping[str, str]], section: str) -> bool:
    return bool(_rows_of_heading(list(sections), section))


def floor_gap(
    sections: Iterable[Mapping[str, str]], lines: Sequence[Requirement], platform: Platform, capability: str
) -> str | None:
    """Return what stands in place of a line on the OS version of `platform` for `capability`.

    None: there is such a line, understood or not, under a heading that the lookup knows.
    """
    rows, astray = list(sections), []
    for line in lines:
        rule = read_rule(line.text)
        if not re.search(rf"{platform}\D{{0,12}}\d", unicodedata.normalize("NFKC", line.text)):
            continue
        if not is_known_heading(rows, line.section):
            astray.append(line)
        elif any(one == capability and on is platform for one, _, on in governed(rows, line.section, rule)):
            return None
    if astray:
        return f"{astray[0].text[:40]!r} under the unknown heading {astray[0].section!r}"
    return f"{len(lines)} lines: {' '.join(line.text for line in lines)[:80]!r}"


def _may_shut_out(text: str) -> bool:
    is_range = RANGE.search(text) and NAMES_DEVICE.search(text)
    return bool(is_range or LIMIT.search(text) or NAMES_VERSION.search(text) or NAMES_MODEL.search(text))


def _only_platform(text: str) -> Platform | None:
    """Return the platform that a line names, None when it names none or several."""
    named = {PLATFORM_OF_WORD[match_key(word)] for word in PLATFORM_WORD.findall(text)}
    return named.pop() if len(named) == 1 else None


def _rows_of_heading(rows: Sequence[Mapping[str, str]], section: str) -> list[Mapping[str, str]]:
    for heading in reversed(section.split(" > ")):
        key = match_key(heading)
        if known := [row for row in rows if match_key(row["word"]) in key]:
            return known
    return []
