"""Days as people in Japan read them: times are stored in UTC, shown as the day in Japan. Pure."""

import re
from datetime import date, datetime, timedelta, timezone

from explorer.wording import say

JAPAN = timezone(timedelta(hours=9), "JST")


def japan_day(moment: str) -> date:
    """Return the day in Japan of an ISO 8601 date (as it is) or UTC time."""
    if len(moment) == len("2026-01-31"):
        return date.fromisoformat(moment)
    return datetime.fromisoformat(moment).astimezone(JAPAN).date()


def say_day(language: str, moment: str) -> str:
    day = japan_day(moment)
    return say(language, "ui", "date", year=day.year, month=day.month, day=day.day)


def say_month(language: str, text: str | None) -> str:
    """Return a month or day as a fact states it (`2020-04`) in words; anything else as it is."""
    if not text:
        return say(language, "ui", "not_known")
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return say(language, "ui", "month", year=int(found[1]), month=int(found[2]))
    return say_day(language, text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text
