"""The rules by which a value follows from something said or found, each verifiable on its own."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from callsmith.check.context import epoch_of
from callsmith.facts import moments_of, number
from callsmith.facts.amounts import DOLLARS, SYMBOLS, ZERO_DECIMAL
from callsmith.facts.mention import Clock, Mention
from callsmith.records import Json

Rule = Callable[[Json, Sequence[Mention], Clock], bool]

DAY = 24 * 60
_DAY_ONLY = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})$")
_DAY_FIRST = re.compile(r"([0-9]{2})[./-]([0-9]{2})[./-]([0-9]{4})$")
_DAY_BARE = re.compile(r"(20[0-9]{2})([01][0-9])([0-3][0-9])$")
_MONTH_ONLY = re.compile(r"([0-9]{4})-([01][0-9])$")
_TIME_ONLY = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::[0-5][0-9])?$")


# ---------------------------------------------------------------- reading values


def moments_in(value: Json, clock: Clock) -> Sequence[tuple[int, int]]:
    """(day ordinal, minute) readings of an argument: -1 for the minute of a bare date; day 0 for a bare time."""
    if isinstance(value, str):
        bare = _DAY_ONLY.match(value)
        if bare:
            try:
                return ((date(int(bare[1]), int(bare[2]), int(bare[3])).toordinal(), -1),)
            except ValueError:
                return ()
        if found := _DAY_FIRST.match(value):
            day, month, year = int(found[1]), int(found[2]), int(found[3])
            return tuple(
                (date(year, one, two).toordinal(), -1)
                for one, two in dict.fromkeys(((month, day), (day, month)))
                if 0 < one <= 12 and 0 < two <= month_end_day(year, one)
            )
        if found := _DAY_BARE.match(value):
            month, day = int(found[2]), int(found[3])
            if not 0 < month <= 12 or not 0 < day <= month_end_day(int(found[1]), month):
                return ()
            return ((date(int(found[1]), month, day).toordinal(), -1),)
        if _TIME_ONLY.match(value):
            parts = value.split(":")
            return ((0, int(parts[0]) * 60 + int(parts[1])),)
        return moments_of(value, clock)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = epoch_of(value)
        if seconds is not None:
            local = datetime.fromtimestamp(seconds, tz=clock.zone)
            return ((local.toordinal(), local.hour * 60 + local.minute),)
    return ()


def month_end_day(year: int, month: int) -> int:
    """The last day of a month."""
    return monthrange(year, month)[1]


def month_named(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A month that is named, as ``2026-03`` or as its number."""
    found = _MONTH_ONLY.match(value) if isinstance(value, str) else None
    wanted = int(found[2]) if found else value
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        return False
    for first, last in _days(of):
        begun, ended = date.fromordinal(first), date.fromordinal(last)
        whole = begun.day == 1 and ended.day == month_end_day(ended.year, ended.month)
        if whole and begun.month == ended.month == wanted and (found is None or begun.year == int(found[1])):
            return True
    return False


def _days(mentions: Sequence[Mention]) -> Iterable[tuple[int, int]]:
    for mention in mentions:
        yield from mention.days


def on_day(day: int, mentions: Sequence[Mention]) -> bool:
    """Whether a mention names this very day, or a vague stretch that holds it."""
    for mention in mentions:
        for first, last in mention.days:
            if first == day == last:
                return True
    return False


def at_minute(minute: int, mentions: Sequence[Mention]) -> bool:
    """Whether a mention names this time of day, exactly."""
    return any(
        first <= minute <= last and last - first <= 6
        for mention in mentions
        for first, last in mention.minutes
    )


def in_part(minute: int, mentions: Sequence[Mention]) -> bool:
    """Whether a mention names a part of the day that holds this time, on a quarter of an hour."""
    if minute % 15 and minute != DAY - 1:
        return False
    return any(
        first <= minute <= last and last - first > 6
        for mention in mentions
        for first, last in mention.minutes
    )


# ---------------------------------------------------------------- rules of time


def date_relative(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return any(on_day(day, of) and minute in (-1, 0) for day, minute in moments_in(value, clock))


def date_time_relative(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return any(
        minute >= 0 and (on_day(day, of) or day == 0) and at_minute(minute, of)
        for day, minute in moments_in(value, clock)
    )


def part_of_day(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    return any(
        minute >= 0 and (on_day(day, of) or day == 0) and in_part(minute, of)
        for day, minute in moments_in(value, clock)
    )


def range_start(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The first moment of a day or stretch; a bound that itself is excluded may lie a day before."""
    for day, minute in moments_in(value, clock):
        for first, _ in _days(of):
            if minute <= 0 and day in (first, first - 1):
                return True
            if minute == DAY - 1 and day == first - 1:
                return True
    return False


def range_end(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The last moment of a day or stretch: its last day, its last minute, or the midnight that follows."""
    for day, minute in moments_in(value, clock):
        for _, last in _days(of):
            if (
                minute == DAY - 1
                and day == last
                or minute in (-1, 0)
                and day == last + 1
                or minute == -1
                and day == last
            ):
                return True
    return False


def now(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """The present moment, the start of the present day, or its date."""
    return clock.known and any(
        day == clock.today and minute in (-1, 0, clock.minute) for day, minute in moments_in(value, clock)
    )


def duration_end(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A start and a length of time give the end (or an end and a length the start)."""
    lengths = {seconds for mention in of for seconds in mention.seconds}
    return _apart(value, of, lengths, clock)


def _apart(value: Json, of: Sequence[Mention], lengths: Iterable[int], clock: Clock) -> bool:
    for day, minute in moments_in(value, clock):
        if minute < 0:
            for first, last in _days(of):
                if first == last and any(abs(day - first) * 86400 == length for length in lengths):
                    return True
            continue
        for length in lengths:
            for sign in (-1, 1):
                total = day * DAY + minute + sign * (length // 60)
                at, rest = divmod(total, DAY)
                if (day == 0 or on_day(at, of)) and at_minute(rest, of):
                    return True
    return False


def duration_kept(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """Moved, a thing lasts as long as before: of = (new start, old start, old end)."""
    if len(of) != 3:
        return False
    spans = [_total(mention) for mention in of]
    if any(total is None for total in spans):
        return False
    length = (spans[2] or 0) - (spans[1] or 0)
    return any(
        day * DAY + max(minute, 0) == (spans[0] or 0) + length for day, minute in moments_in(value, clock)
    )


def _total(mention: Mention) -> int | None:
    if not mention.days:
        return None
    return mention.days[0][0] * DAY + (mention.minutes[0][0] if mention.minutes else 0)


def duration(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A length of time in seconds, minutes, hours, days or milliseconds."""
    wanted = number(value)
    if wanted is None:
        return isinstance(value, str) and any(
            _iso_length(value) == s for mention in of for s in mention.seconds
        )
    return any(
        abs(wanted * unit - seconds) < 1e-6
        for mention in of
        for seconds in mention.seconds
        for unit in (60, 1, 3600, 86400, 604800, 0.001)
    )


def _iso_length(value: str) -> int:
    match = re.fullmatch(
        r"(?:P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?|([0-9]+)s)", value
    )
    if match is None:
        match = re.fullmatch(r"()(?:([0-9]+)d)? ?(?:([0-9]+)h)? ?(?:([0-9]+)m)?()", value)
        if match is None or not value:
            return -1
        return int(match[2] or 0) * 86400 + int(match[3] or 0) * 3600 + int(match[4] or 0) * 60
    if match[5]:
        return int(match[5])
    return (
        int(match[1] or 0) * 86400 + int(match[2] or 0) * 3600 + int(match[3] or 0) * 60 + int(match[4] or 0)
    )


def timestamp(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """Epoch seconds or milliseconds of a moment, or of a day's or stretch's start or end."""
    return (
        isinstance(value, (int, float))
        and (epoch_of(value) or 1) % 60 in (0, 59)
        and (
            date_time_relative(value, of, clock)
            or range_start(value, of, clock)
            or range_end(value, of, clock)
        )
    )


# ---------------------------------------------------------------- rules of amounts


def amount_minor(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """€64.90 as 6490; a currency without minor unit as it is."""
    wanted = number(value)
    return wanted is not None and any(
        abs(each * (1 if mention.unit in ZERO_DECIMAL else 100) - wanted) < 1e-6
        for mention in of
        for each in mention.numbers
    )


def count_word(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    wanted = number(value)
    return wanted is not None and any(wanted == each for mention in of for each in mention.numbers)


def scaled(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    """A share said in percent and wanted as a fraction, or the other way round."""
    wanted = number(value)
    return wanted is not None and any(
        mention.unit == "%" and abs(each / 100 - wanted) < 1e-9 for mention in of for each in mention.numbers
    )


def currency_symbol(value: Json, of: Sequence[Mention], clock: Clock) -> bool:
    if not isinstance(value, str):
        return False
    wanted = value.upper()
    return any(
        mention.unit == wanted
        or (mention.unit in DOLLARS and wanted in DOLLARS and "$" in mention.text)
        or any(symbol in mention.text for symbol, code in SYMBOLS.items() if code == wanted)
        for mention in of
    )
