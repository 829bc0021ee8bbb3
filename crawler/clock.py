"""Days as people in Japan count them."""

from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))


def japan_day(moment: datetime) -> date:
    """Return the day of a moment (with its zone) in Japan."""
    return moment.astimezone(JAPAN).date()
