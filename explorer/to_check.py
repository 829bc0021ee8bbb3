"""What is left to check before a device surely works, in words. Pure."""

from collections.abc import Sequence
from typing import Protocol

from crawler.names import Condition
from explorer.evidence import plain_note
from explorer.wording import say


class Open(Protocol):
    """A verdict with what it leaves open."""

    @property
    def min_os(self) -> str | None: ...
    @property
    def note(self) -> str | None: ...
    @property
    def conditions(self) -> Sequence[str]: ...
    @property
    def remark(self) -> str | None: ...
    @property
    def origin(self) -> str | None: ...


def to_check(one: Open, os: str | None, language: str) -> str:
    """Return what is left to check, and the remark as printed where the list has one."""
    remark = plain_note(one.remark or one.note or "", one.origin, language)
    values = {"os": os or "OS", "min_os": one.min_os, "printed": remark}
    if one.conditions:
        # A remark has no full stop: it comes last.
        in_order = sorted(one.conditions, key=lambda each: each == Condition.NOTE)
        # After 「。」 Japanese leaves no blank.
        blank = "" if language == "ja" else " "
        return blank.join(say(language, "step", f"do_{each}", **values) for each in in_order)
    return say(language, "ui_browse", "remark", **values) if one.note else ""
