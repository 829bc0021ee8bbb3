"""OS versions as people write them: `Android12`, `アンドロイド 12`, `iOS 17.4.1`, `17`. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.names import fold, match_key

OsWords = Mapping[str, tuple[str, str | None]]
VERSION = re.compile(r"(?<![0-9.])(\d{1,3}(?:\.\d{1,4}){0,3})(?![0-9.])")
NOISE = re.compile(r"\b(?:version|ver|os)\b\.?|バージョン|\b[vV](?=\d)")


@dataclass(frozen=True)
class OsStated:
    """What a person said of the OS; platform None: only a number was given."""

    platform: str | None
    version: str | None
    text: str


def parse_os(text: str, words: OsWords) -> OsStated | None:
    """Return what `text` says, None when it says nothing that is understood.

    `words` maps folded words to (platform, version), from the table `os_word`.
    """
    folded = fold(text[:200])
    if not folded:
        return None
    known = sorted(((word, *words[word]) for word in words), key=lambda row: -len(row[0]))
    key = match_key(folded)
    platform = next((platform for word, platform, _ in known if key.startswith(word)), None)
    release = next((row for row in known if row[2] and _ends_with_word(key, row[0], words)), None)
    if release is not None:
        return OsStated(release[1], release[2], text)
    found = VERSION.findall(NOISE.sub(" ", re.sub(r"([a-zァ-ヶー])(\d)", r"\1 \2", folded)))
    if not found:
        return OsStated(platform, None, text) if platform and key in words else None
    if platform is None and not re.fullmatch(r"[\d.\s]+", NOISE.sub(" ", folded).strip()):
        return None
    return OsStated(platform, found[0].strip("."), text)


def _ends_with_word(key: str, word: str, words: OsWords) -> bool:
    """Tell whether the key is a release name, alone or behind its platform (`macossonoma`)."""
    return key == word or (key.endswith(word) and key.removesuffix(word) in words)
