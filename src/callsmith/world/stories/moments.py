"""A record whose moments are being put in order: how they are read and written, and how long it all takes."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Json
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import Line, Moment, table
from callsmith.world.stories.standing import phase_of

_CLOCK = re.compile(r"([0-2]?[0-9]):([0-5][0-9])(?::[0-9]{2})?$")


class Told(Struct):
    """A record whose moments are being put in order."""

    line: Line
    record: dict[str, Json]
    clock: Clock
    bits: int
    said: Collection[str] = ()
    local: bool = False  # written with the offset of the place
    lasts: int = 0
    phase: str = ""

    def read(self, moment: Moment) -> int | None:
        value = self.record.get(moment.name)
        if moment.form != "clock":
            return self.clock.parse(value)
        found = _CLOCK.match(value) if isinstance(value, str) else None
        if found is None:
            return self.clock.parse(value)
        day = next((self.clock.parse(self.record.get(other.name)) for other in self.line.of("day")), None)
        return None if day is None else day + int(found[1]) * 3600 + int(found[2]) * 60

    def write(self, moment: Moment, seconds: int) -> None:
        if moment.name in self.said:
            return
        local = self.clock.local(seconds)
        if moment.form == "clock":
            self.record[moment.name] = f"{local.hour:02d}:{local.minute // 5 * 5:02d}"
        elif moment.form == "date":
            self.record[moment.name] = local.date().isoformat()
        else:
            old = self.record.get(moment.name)
            plain = isinstance(old, str) and not old.endswith("Z") if old else self.local
            self.record[moment.name] = self.clock.iso(seconds) if plain else self.clock.utc(seconds)

    def drop(self, name: str, *, nullable: bool) -> None:
        if nullable:
            self.record[name] = None
        else:
            self.record.pop(name, None)


def told_of(line: Line, record: dict[str, Json], clock: Clock, bits: int, said: Collection[str]) -> Told:
    told = Told(line, record, clock, bits, said)
    told.local = any(
        isinstance(record.get(m.name), str)
        and "T" in str(record[m.name])
        and not str(record[m.name]).endswith("Z")
        for m in line.moments
        if m.form == "date-time"
    )
    told.phase = phase_of(line, record)
    told.lasts = _lasts(told)
    return told


def _lasts(told: Told) -> int:
    """How long it takes: as its own number says, or as such things last."""
    value = told.record.get(told.line.length) if told.line.length else None
    if isinstance(value, (int, float)) and value > 0:
        if (
            value * told.line.unit > 10 * 3600
            and any(moment.form == "clock" for moment in told.line.moments)
            and told.line.length not in told.said
        ):
            value = told.record[told.line.length] = max(1, 3600 * (2 + int(value) % 7) // told.line.unit)
        if told.line.unit >= DAY or not _apart(told):
            return int(value * told.line.unit)
    if told.line.noun in table()["long"]:
        return (180 + mix(told.bits, 809) % 900) * DAY
    roles = (
        ("start", "end")
        if told.line.of("start") and told.line.of("end")
        else ("start", "end", "begun", "done")
    )
    if all(moment.form == "date" for moment in told.line.moments if moment.role in roles):
        if by_month(told):
            return (1 + mix(told.bits, 811) % 14) * 30 * DAY  # what is paid by the month lasts for months
        weeks = 7 * (1 + mix(told.bits, 815) % 5) if told.line.noun in table()["weeks"] else 0
        return (1 + weeks + mix(told.bits, 811) % 6) * DAY
    arranged = any(
        moment.form == "clock"
        or moment.role == "end"
        or moment.role == "start"
        and moment.form == "date-time"
        and told.line.noun not in table()["slow"]
        for moment in told.line.moments
    )
    arranged = arranged or 0 < told.line.unit < DAY and bool(told.line.of("start"))
    if told.line.noun not in table()["quick"] and not arranged:
        return (1 + mix(told.bits, 811) % 6) * DAY + mix(told.bits, 812) % 9 * 3600
    known = data.read("catalog/lexicon/happenings.yaml")["lasting"]
    long = known.get(told.line.noun, (30, 45, 60, 60, 90, 120))
    return int(long[mix(told.bits, 813) % len(long)]) * 60


def by_month(told: Told) -> bool:
    """Whether it is paid by the month."""
    return any(name.lower().startswith("monthly") for name in told.record)


def _apart(told: Told) -> bool:
    """Whether the minutes of a work say nothing of how long it lay: asked for one day, done another in an hour."""
    return told.line.noun not in table()["quick"] and not told.line.of("start", "begun", "end")


def measure(told: Told) -> None:
    """The number of nights, days or hours between two moments."""
    line = told.line
    over = line.measured and told.phase == "over"
    if not line.length or line.length in told.said or told.record.get(line.length) is None and not over:
        return
    pairs = (
        (("begun", "done"), ("start", "done"), ("made", "done"), ("start", "end"))
        if told.phase == "over" and line.of("done") and line.measured
        else (("start", "end"), ("made", "due"))
    )
    for first, last in pairs:
        ends_of = [next(iter(line.of(role)), None) for role in (first, last)]
        begun, ended = (told.read(moment) if moment is not None else None for moment in ends_of)
        if begun is None or ended is None or ended <= begun:
            continue
        if line.unit < DAY and any(moment is not None and moment.form == "date" for moment in ends_of):
            continue  # a day does not tell how many minutes
        if first == "made" and line.unit < DAY and _apart(told):
            continue
        if line.unit >= DAY:
            ends = [date.fromisoformat(told.clock.day(moment)) for moment in (begun, ended)]
            told.record[line.length] = max(1, (ends[1] - ends[0]).days * DAY // line.unit)
        else:
            pause = _pause(told)
            value = (ended - begun) / line.unit - pause * 60 / line.unit
            whole = line.unit < 3600 or isinstance(told.record.get(line.length), int)
            told.record[line.length] = max(1, round(value)) if whole else _plain(value)
        return


def _plain(value: float) -> float:
    near = round(value * 4) / 4
    return int(near) if near == int(near) else near


def _pause(told: Told) -> float:
    """The minutes of a break, which are not worked."""
    name = next((name for name in told.record if "break" in name.lower() and "min" in name.lower()), "")
    value = told.record.get(name)
    if not isinstance(value, (int, float)) or name in told.said:
        return 0
    if value > told.lasts / 360:  # a sixth of the time
        value = told.record[name] = 0 if told.lasts < 3 * 3600 else (15, 30, 30, 45)[int(value) % 4]
    return value


def age(told: Told) -> None:
    if told.line.born is None:
        return
    birth, age, days = told.line.born
    born = told.clock.parse(told.record.get(birth))
    ended = told.clock.parse(told.record.get(told.line.died)) if told.line.died else None
    start = next(iter(told.line.of("start")), None)
    begun = told.read(start) if start is not None and told.line.died else None
    if begun is not None and ended is not None and not 0 < begun - ended < 30 * DAY:
        ended = begun - (3 + mix(told.bits, 871) % 9) * DAY  # a funeral is soon after
        told.record[told.line.died] = told.clock.day(ended)
    if born is None or age in told.said or birth not in told.record:
        return
    first, last = (
        datetime.fromisoformat(told.clock.day(moment)).date() for moment in (born, ended or told.clock.now)
    )
    years = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    told.record[age] = years if days == 365 else (last - first).days // days
