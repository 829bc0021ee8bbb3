"""How to hold card and phone, shown where a phone can read the card: each with its source. Pure."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

from crawler.names import Capability, FormFactor, Platform, Status
from explorer.days import say_month
from explorer.markup import element, link
from explorer.wording import load_texts, say

GOOD = (Status.SUPPORTED, Status.CONDITIONAL)
PLATFORMS = {Platform.ANDROID.value: ("android", "all"), Platform.IOS.value: ("iphone", "all")}


def is_reading_next(one: Mapping[str, Any], device: Mapping[str, Any] | None) -> bool:
    """Tell whether an answer lets the person read the card with this phone."""
    return (
        device is not None
        and one["capability"] == Capability.CARD_READING
        and one["status"] in GOOD
        and device["form_factor"] in (FormFactor.PHONE, FormFactor.TABLET, FormFactor.FEATURE_PHONE)
    )


def reading_tips(platform: str | None, language: str) -> str:
    """Return the tips that fit a platform, numbered, each with source, date and confidence."""
    kinds = PLATFORMS.get(platform or "", ("android", "iphone", "all"))
    tips = [
        tip
        for code, tip in load_texts(language).items()
        if code.startswith("tip_") and tip["platform"] in kinds
    ]
    rows = "".join(f"<li>{escape(tip['text'])}{_origin(tip, language)}</li>" for tip in tips)
    return (
        f'<section class="tips">{element("h2", say(language, "ui_tips", "heading"))}<ol>{rows}</ol></section>'
    )


def _origin(tip: Mapping[str, str], language: str) -> str:
    ui = partial(say, language, "ui_tips")
    sure = say(language, "ui_check", f"confidence_{tip['confidence']}")
    words = escape(ui("as_of", month=say_month(language, tip["as_of"]), sure=sure))
    return f'<br><span class="facts">{words}{link(tip["source_url"], ui("source"))}</span>'
