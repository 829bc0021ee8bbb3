"""The one line that a person reads first. Pure."""

from collections.abc import Mapping
from typing import Any

from crawler.names import Status
from explorer.wording import say


def headline(one: Mapping[str, Any], language: str) -> str:
    """Return the verdict of one answer of `check()` in words.

    It is the word of its status but where the OS that was given is too old: the phone may work after an
    update, and as it is, it does not.
    """
    is_too_old = any(reason["code"] == "os_is_below" for reason in one["reasons"])
    if is_too_old and one["status"] == Status.CONDITIONAL:
        return say(language, "ui_check", "not_with_this_os")
    return say(language, "status", one["status"])
