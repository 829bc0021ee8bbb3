"""Days as people in Japan read them: times are stored in UTC, shown as the day in Japan. Pure."""

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
