"""What a browser says of the device it runs on, as a question for the explorer. Pure.

A browser is asked for its user agent and, where it knows them, its client hints. Both may be
missing, shortened or made up: what is not stated stays open, nothing is guessed.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from crawler.names import Platform
from explorer.agent import SAFARI, read_agent
from explorer.os_text import is_plausible

LONGEST = 100
# Since this value of platformVersion it is Windows 11; 1 to 10 are Windows 10, 0 is older.
WINDOWS_11, WINDOWS_10 = 13, 1
PC_PLATFORMS = (Platform.WINDOWS, Platform.MACOS, Platform.CHROMEOS)
HINT_PLATFORMS = {
    "Android": Platform.ANDROID,
    "Windows": Platform.WINDOWS,
    "macOS": Platform.MACOS,
    "Chrome OS": Platform.CHROMEOS,
    "Chromium OS": Platform.CHROMEOS,
}
AGENT_PLATFORMS = {"Windows": Platform.WINDOWS, "Mac": Platform.MACOS, "Chromebook": Platform.CHROMEOS}
BROWSERS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"))
IN_APP = re.compile(r"\bLine/|\bFBA[NV]/|\bInstagram\b|\bTwitter\b|\bYJApp|\bMicroMessenger/|; wv\)|\bGSA/")
VERSION = re.compile(r"\d{1,3}(?:\.\d{1,4}){0,2}")


class OwnDevice(NamedTuple):
    """What is known: the platform ('' if not), model ('' if not stated), OS as text ('' if not), browser."""

    platform: str
    model: str
    os_text: str
    browser: str
    is_in_app: bool

    @property
    def is_pc(self) -> bool:
        return self.platform in PC_PLATFORMS

    @property
    def text(self) -> str:
        """Return the text to look up, '' when the person must name the device."""
        if self.is_pc:
            return {Platform.MACOS: "Mac", Platform.CHROMEOS: "Chromebook"}.get(
                Platform(self.platform), self.os_text or "Windows"
            )
        return "iPad" if self.platform == Platform.IPADOS else self.model


def read_browser(said: Mapping[str, Any]) -> OwnDevice:
    """Return what a browser says; `said` holds `agent`, `hints` and `touch_points`, any of them odd."""
    agent_text = _text(said.get("agent"), 600)
    hints = said.get("hints")
    hints = hints if isinstance(hints, Mapping) else {}
    device = _by_hints(hints) or _by_agent(agent_text, said.get("touch_points"))
    return device._replace(
        browser=_browser(agent_text, hints, device.platform), is_in_app=bool(IN_APP.search(agent_text))
    )


def _by_hints(hints: Mapping[str, Any]) -> OwnDevice | None:
    platform = HINT_PLATFORMS.get(_text(hints.get("platform")))
    if platform is None:
        return None
    version = VERSION.match(_text(hints.get("platformVersion")))
    stated = version[0] if version else ""
    stated = _windows(stated) if platform is Platform.WINDOWS else re.sub(r"(\.0)+$", "", stated)
    if platform is Platform.CHROMEOS or not stated or not is_plausible(platform, stated):
        stated = ""
    model = _text(hints.get("model")) if platform is Platform.ANDROID else ""
    os_text = f"{platform} {stated}" if stated else ""
    return OwnDevice(platform, "" if model == "K" else model, os_text, "", False)


def _windows(version: str) -> str:
    major = int(version.partition(".")[0] or 0)
    return "11" if major >= WINDOWS_11 else "10" if major >= WINDOWS_10 else ""


def _by_agent(text: str, touch_points: Any) -> OwnDevice:
    agent = read_agent(text)
    if agent is None:
        return OwnDevice("", "", "", "", False)
    if agent.os and agent.os.platform:
        model = agent.text if agent.os.platform == Platform.ANDROID else ""
        return OwnDevice(agent.os.platform, model, agent.os.text, "", False)
    # An iPad calls itself a Mac, but no Mac can be touched.
    if agent.text == "Mac" and isinstance(touch_points, int) and touch_points > 1:
        safari = SAFARI.search(text)
        return OwnDevice(Platform.IPADOS, "", f"iPadOS {safari[1]}" if safari else "", "", False)
    if "Android" in text:
        return OwnDevice(Platform.ANDROID, "", "", "", False)
    # The versions of Windows and macOS in a user agent have stood still for years.
    return OwnDevice(AGENT_PLATFORMS.get(agent.text, ""), "", "", "", False)


def _browser(text: str, hints: Mapping[str, Any], platform: str) -> str:
    """Return the browser by the name that the rules know, '' for any other."""
    brands = hints.get("fullVersionList")
    names = (
        [_text(one.get("brand")) for one in brands if isinstance(one, Mapping)]
        if isinstance(brands, list)
        else []
    )
    for brand, name in (("Microsoft Edge", "Edge"), ("Google Chrome", "Chrome")):
        if brand in names:
            return name
    for mark, name in BROWSERS:
        if mark in text:
            return name
    if "Chrome/" in text:
        return "" if names or "OPR/" in text else "Chrome"
    return "Safari" if "Safari/" in text and SAFARI.search(text) and platform != Platform.ANDROID else ""


def _text(value: Any, longest: int = LONGEST) -> str:
    return " ".join(value.split())[:longest] if isinstance(value, str) else ""
