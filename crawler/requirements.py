"""What a line of the requirements page means: platform, lowest OS, oldest model, NFC.

Only phrasings that can be read without doubt become rules. Any other line stays as text for
the reader (`info`); a line that names a version and is not understood is reported.
"""

import re
import unicodedata
from dataclasses import dataclass

from crawler.items import Requirement
from crawler.names import Platform

OS_FLOOR = re.compile(
    r"(iPadOS|iOS|Android|Windows|macOS)\s{0,3}(\d{1,3}(?:\.\d{1,3}){0,2})\s{0,3}(?:以上|以降)"
)
MODEL_FLOOR = re.compile(r"(iPhone\s{0,3}[0-9A-Za-z]{1,6})\s{0,3}(?:以降|以上)")
NAMES_VERSION = re.compile(r"(?:iOS|Android)\D{0,12}\d")
# A limit from above or an exception: a line that has one is left to the reader.
LIMITS = ("未満", "以下", "まで", "除く", "除き", "非対応", "対象外")
PLATFORMS = {platform.value: platform for platform in Platform}


@dataclass(frozen=True)
class Rule:
    """What one line asks of a device; all fields empty: the line is for the reader only."""

    platform: Platform | None = None
    min_os: str | None = None
    min_model: str | None = None
    needs_nfc: bool = False
    is_understood: bool = True


def read_rule(text: str) -> Rule:
    """Return what a printed line asks for; `is_understood` is False when it holds an unread version."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    os_floors = OS_FLOOR.findall(text)
    models = MODEL_FLOOR.findall(text)
    if any(word in text for word in LIMITS) or len(os_floors) > 1 or len(models) > 1:
        return Rule(is_understood=not (models or NAMES_VERSION.search(text)))
    if os_floors:
        platform, version = os_floors[0]
        return Rule(
            PLATFORMS[platform], version, models[0] if models else None, needs_nfc="NFC" in text.upper()
        )
    if models:
        return Rule(Platform.IOS, min_model=models[0])
    return Rule(is_understood=not NAMES_VERSION.search(text))


def has_floor(rows: list[Requirement], platform: Platform) -> bool:
    """Tell whether any line gives the lowest OS version of `platform`."""
    return any((rule := read_rule(row.text)).platform is platform and rule.min_os for row in rows)
