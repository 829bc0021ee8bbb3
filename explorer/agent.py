"""Browser user agents: which device and OS version they state. Pure.

Android puts the model behind the OS version; Chrome since 2022 often sends only `K` there.
iPhones never state their model; Windows 11 still says `Windows NT 10.0`.
"""

import re
from typing import NamedTuple

from crawler.names import Platform
from explorer.os_text import OsStated

ANDROID = re.compile(
    r"\bAndroid (\d{1,2}(?:\.\d{1,2}){0,2})(?:; [a-z]{2}[-_][A-Za-z]{2})?(?:; ([^;)]{1,80}))?[;)]"
)
APPLE = re.compile(r"^(?!.*\biPod\b).*\b(iPhone|iPad)\b[^)]{0,80}?\bOS (\d{1,2}(?:_\d{1,2}){0,2})\b")
BUILD = re.compile(r"\s+(?:Build/|MIUI/).*$")


class Agent(NamedTuple):
    """What a user agent states: the text to look up ('' when it hides the model) and the OS."""

    text: str
    os: OsStated | None


def read_agent(text: str) -> Agent | None:
    """Return what a user agent states, None when `text` is no user agent."""
    if not re.match(r"\s*(?:Mozilla/\d|Dalvik/\d)", text[:200]):
        return None
    text = text[:600]
    if android := ANDROID.search(text):
        model = BUILD.sub("", android[2] or "").strip()
        return Agent(
            "" if model == "K" else model, OsStated(Platform.ANDROID, android[1], f"Android {android[1]}")
        )
    if apple := APPLE.search(text):
        platform = Platform.IOS if apple[1] == "iPhone" else Platform.IPADOS
        version = apple[2].replace("_", ".")
        return Agent(apple[1], OsStated(platform, version, f"{platform} {version}"))
    for mark, name in (("CrOS", "Chromebook"), ("Macintosh", "Mac"), ("Windows NT", "Windows")):
        if mark in text:
            return Agent(name, None)
    return Agent("", None)
