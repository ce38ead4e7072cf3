"""The one moment of a world, and how times are computed and written against it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]+)?"
    r"\s*(Z|z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
DAY = 86400


@lru_cache(maxsize=4096)
def _local(seconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(seconds, ZoneInfo(zone))


@lru_cache(maxsize=4096)
def _utc_text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """Times as whole seconds since 1970, read and written in the scene's time zone."""

    def __init__(self, now: str, zone: str) -> None:
        self.zone = zone
        self.text = now
        self.tz = ZoneInfo(zone)
        self.now = int(datetime.fromisoformat(now).timestamp())
        self.today = datetime.fromisoformat(now).date()

    def local(self, seconds: int) -> datetime:
        """The moment as local date and time."""
        return _local(seconds, self.zone)

    def iso(self, seconds: int) -> str:
        """``2026-03-03T14:20:00+01:00``"""
        return _local(seconds, self.zone).isoformat()

    def utc(self, seconds: int) -> str:
        """``2026-03-03T13:20:00Z``"""
        return _utc_text(seconds)

    def day(self, seconds: int) -> str:
        """``2026-03-03``, the local date."""
        return _local(seconds, self.zone).date().isoformat()

    def at(self, days: int, hour: int, minute: int = 0) -> int:
        """Local ``hour:minute`` so many days from today."""
        day = self.today + timedelta(days=days)
        return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.tz).timestamp())

    def weekday(self, days: int) -> int:
        """0 for Monday, so many days from today."""
        return (self.today + timedelta(days=days)).weekday()

    def parse(self, text: object) -> int | None:
        """Seconds of an ISO date or date-time (a date means its local start), or None."""
        return _seconds(text, self.zone) if isinstance(text, str) else None


@lru_cache(maxsize=4096)
def _seconds(text: str, zone: str) -> int | None:
    found = _ISO.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        plain = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    if offset is None:
        return int(plain.replace(tzinfo=ZoneInfo(zone)).timestamp())
    if offset in "Zz":
        return int(plain.replace(tzinfo=UTC).timestamp())
    sign = -1 if offset[0] == "-" else 1
    digits = offset[1:].replace(":", "")
    minutes = sign * (int(digits[:2]) * 60 + int(digits[2:]))
    if abs(minutes) >= 1440:
        return None
    return int(plain.replace(tzinfo=timezone(timedelta(minutes=minutes))).timestamp())


def is_date(text: object) -> bool:
    """Whether ``text`` is a date without a time."""
    if not isinstance(text, str) or len(text) != 10:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
