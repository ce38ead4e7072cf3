"""Free times that a look-up lists: on the days asked for, in working hours, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from callsmith.catalog.figures import name_words
from callsmith.catalog.openings import Openings
from callsmith.records import Json
from callsmith.seeds import number
from callsmith.world.stories.clock import Clock

_OPENS, _CLOSES, _STEP = 9 * 60, 17 * 60, 30  # minutes of the day
_LENGTHS = ("minutes", "duration", "mins", "length")
_MOST = 5
_SATURDAY = 5


def free_times(
    clock: Clock,
    place: Openings,
    like: Mapping[str, Json],
    days: tuple[date, date] | None,
    *,
    long: int,
    bits: int,
    choices: Mapping[str, Sequence[Json]],
) -> Sequence[Mapping[str, Json]]:
    """Free times made after one record, earliest first.

    Args:
        clock: the time of the world.
        place: where the result says when one begins and ends.
        like: a record whose other fields they share.
        days: the first and the last day asked for; the next days where none is.
        long: minutes that each takes; 0 where nobody said.
        bits: what tells one answer from another.
        choices: fields of a few values each, which days take in turn.
    """
    now = clock.local(clock.now)
    if place.daily:
        return _days(place, like, days[0] if days else now.date(), choices, bits)
    first, last = days or (now.date() + timedelta(days=1), now.date() + timedelta(days=3))
    length = long or 30
    found = []
    span = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    span = [day for day in span if day.weekday() < _SATURDAY] or span
    for at in range(2 + bits % (_MOST - 1)):
        day = span[number(bits, at, "day") % len(span)]
        minute = _OPENS + number(bits, at, "minute") % ((_CLOSES - _OPENS - length) // _STEP + 1) * _STEP
        start = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=clock.tz)
        if start > now:
            found.append(start)
    return [_made(clock, place, like, start, length) for start in _apart(sorted(found), length)]


def _days(
    place: Openings, like: Mapping[str, Json], after: date, choices: Mapping[str, Sequence[Json]], bits: int
) -> Sequence[Mapping[str, Json]]:
    """Days to come: of what goes round in turns one a week, else some of the next."""
    found: list[Mapping[str, Json]] = []
    day = after
    for at in range(3 + bits % 2):
        if choices:  # the same day of each week, whatever was asked for
            day += timedelta(days=7 if at else (bits % _SATURDAY - day.weekday()) % 7)
        else:
            day += timedelta(days=1 + number(bits, at) % 4)
            day += timedelta(days=7 - day.weekday() if day.weekday() >= _SATURDAY else 0)
        week = day.toordinal() // 7
        turns = {name: values[(bits + week) % len(values)] for name, values in choices.items()}
        counts = {
            name: 1 + number(bits, at, name) % 6
            for name, value in like.items()
            if isinstance(value, int) and not isinstance(value, bool)
        }
        found.append({**like, **turns, **counts, place.start: day.isoformat()})
    return found


def _apart(starts: Sequence[datetime], length: int) -> list[datetime]:
    kept: list[datetime] = []
    for one in starts:
        if not kept or one - kept[-1] >= timedelta(minutes=length):
            kept.append(one)
    return kept


def _made(
    clock: Clock, place: Openings, like: Mapping[str, Json], start: datetime, length: int
) -> Mapping[str, Json]:
    made = dict(like)
    for name, value in like.items():
        if {*name_words(name)} & {*_LENGTHS} and isinstance(value, int) and not isinstance(value, bool):
            made[name] = length
        elif name_words(name)[-1:] in (("date",), ("day",)) and isinstance(value, str) and len(value) == 10:
            made[name] = start.date().isoformat()
    for name, moment in ((place.start, start), (place.end, start + timedelta(minutes=length))):
        if name and place.timed:
            made[name] = f"{moment:%H:%M}"
        elif name:
            zulu = str(like.get(name, "")).endswith("Z")
            made[name] = (clock.utc if zulu else clock.iso)(int(moment.timestamp()))
    return made
