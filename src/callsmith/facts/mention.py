"""What a mention is: a stretch of text that names a value, with everything it may mean at a given moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()

NUMBER_WORDS: dict[str, int] = {word: value for value, word in enumerate(UNITS)}
NUMBER_WORDS |= {word: 10 * value for value, word in enumerate(TENS, start=2)}
ORDINAL_WORDS: dict[str, int] = {word: value for value, word in enumerate(ORDINALS, start=1)}

_SMALL = "|".join(sorted([*UNITS, *TENS], key=len, reverse=True))
SPELLED = rf"(?:{_SMALL})(?:[- ](?:{'|'.join(UNITS[1:10])}))?"
"""A number below a hundred in words, as a pattern."""


class Mention(Struct, frozen=True, gc=False):
    """A stretch of text and what it may mean.

    ``days`` are spans of day ordinals, first and last inclusive; ``minutes`` spans of minutes after midnight;
    ``seconds`` lengths of time; ``numbers`` plain values, amounts in major units. A field that says nothing is
    empty; a date that cannot be (Friday 3 March when the 3rd is a Tuesday) has no days at all.
    """

    start: int
    end: int
    kind: str
    text: str
    days: tuple[tuple[int, int], ...] = ()
    minutes: tuple[tuple[int, int], ...] = ()
    seconds: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()
    unit: str = ""  # ISO currency, "%", or "" when none is named


class Clock(Struct, frozen=True):
    """The moment a conversation happens at, taken apart once."""

    moment: datetime
    zone: tzinfo
    today: int  # day ordinal
    weekday: int  # Monday is 0
    minute: int  # of the day
    known: bool = True  # False where no moment is given: relative dates then mean nothing


Builder = Callable[["re.Match[str]", Clock, str], "Sequence[Mention]"]
Reader = tuple["re.Pattern[str]", Builder]


@lru_cache(maxsize=4096)
def clock(now: str, zone: str = "") -> Clock:
    """The clock for ``now`` (ISO date or date-time; "" when unknown) in an IANA ``zone`` ("" keeps its offset)."""
    known = bool(now)
    moment = datetime.fromisoformat(now.replace("Z", "+00:00")) if known else datetime(2026, 1, 1)
    place: tzinfo = moment.tzinfo or UTC
    if zone:
        try:
            place = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            place = moment.tzinfo or UTC
    moment = moment.replace(tzinfo=place) if moment.tzinfo is None else moment.astimezone(place)
    return Clock(moment, place, moment.toordinal(), moment.weekday(), moment.hour * 60 + moment.minute, known)


def spelled(words: str) -> int | None:
    """The value of a number in words: "five", "twenty-five", "twenty five"; None when it is none."""
    total = 0
    for part in re.split(r"[- ]", words):
        value = NUMBER_WORDS.get(part)
        if value is None:
            return None
        total += value
    return total


def add_months(day: int, months: int) -> int:
    """The day ordinal ``months`` later, in the last day of a month when the day does not exist."""
    start = date.fromordinal(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return min(date(year, month + 1, 1).toordinal() + start.day - 1, month_end(year, month + 1))


def month_end(year: int, month: int) -> int:
    """The ordinal of a month's last day."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).toordinal()


def make(match: re.Match[str], kind: str, **meaning: object) -> tuple[Mention, ...]:
    """The mention a whole match makes."""
    return (Mention(match.start(), match.end(), kind, match.group(), **meaning),)  # type: ignore[arg-type]


def table_of(*rows: Sequence[Any]) -> dict[str, list[Reader]]:
    """Readers by the word a mention starts with, from rows of (words, reader, …); words may be one text."""
    table: dict[str, list[Reader]] = {}
    for words, *entries in rows:
        for word in words.split() if isinstance(words, str) else words:
            table.setdefault(word, []).extend(entries)
    return table


def reader(pattern: str, builder: Builder) -> Reader:
    """A pattern for lower-case text and what builds mentions from its match."""
    return re.compile(pattern), builder
