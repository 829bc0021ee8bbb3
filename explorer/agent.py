"""Browser user agents: which device and OS version they state. Pure.

Android puts the model behind the OS version; Chrome since 2022 often sends only `Android 10; K`, which
says neither the model nor the version.
iPhones never state their model; Windows 11 still says `Windows NT 10.0`. Firefox on Android says
`Mobile` or `Tablet` in the place of the model. Safari since 26 keeps saying iOS 18.6 or 18.7 and names
the true version as its own.
"""

import re
from typing import NamedTuple

from crawler.names import Platform
from explorer.os_text import OsStated

ANDROID = re.compile(
    r"\bAndroid (\d{1,2}(?:\.\d{1,2}){0,2})(?:; [a-z]{2}[-_][A-Za-z]{2})?(?:; ([^;)]{1,80}))?[;)]"
)
APPLE = re.compile(r"^(?!.*\biPod\b).*\b(iPhone|iPad)\b[^)]{0,80}?\bOS (\d{1,2}(?:_\d{1,2}){0,2})\b")
SAFARI = re.compile(r"\bVersion/(\d{2}(?:\.\d{1,2}){0,2})\b")
LAST_STATED, FIRST_UNSTATED = ("18.6", "18.7"), 26
NO_MODEL = {"K", "Mobile", "Tablet", "wv"}
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
        if model == "K" and android[1] == "10":
            return Agent("", None)
        return Agent(
            "" if model in NO_MODEL else model,
            OsStated(Platform.ANDROID, android[1], f"Android {android[1]}"),
        )
    if apple := APPLE.search(text):
        platform = Platform.IOS if apple[1] == "iPhone" else Platform.IPADOS
        version = _true_version(apple[2].replace("_", "."), text)
        return Agent(apple[1], OsStated(platform, version, f"{platform} {version}"))
    for mark, name in (("CrOS", "Chromebook"), ("Macintosh", "Mac"), ("Windows NT", "Windows")):
        if mark in text:
            return Agent(name, None)
    return Agent("", None)


def _true_version(version: str, text: str) -> str:
    """Return the iOS version, which is the one of Safari where the system's stands still."""
    is_still = any(version == last or version.startswith(f"{last}.") for last in LAST_STATED)
    safari = SAFARI.search(text)
    if is_still and safari and int(safari[1].partition(".")[0]) >= FIRST_UNSTATED:
        return safari[1]
    return version
