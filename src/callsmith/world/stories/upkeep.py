"""Things that are kept for years: built, then seen to from time to time, and to be seen to again."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import Moment
from callsmith.world.stories.moments import Told
from callsmith.world.stories.naming import split

_YEAR = 365 * DAY
_WARRANTED = {
    "is",
    "in",
    "under",
    "has",
    "within",
    "warranty",
    "guarantee",
    "active",
    "valid",
    "covered",
    "still",
}


def kept_up(told: Told) -> None:
    """A record whose thing was there before it was seen to, and is seen to again after that."""
    line = told.line
    origins = [moment for moment in line.of("origin") if told.read(moment) is not None]
    seen = [moment for moment in line.of("tended") if told.read(moment) is not None]
    begun = _there_since(told, origins)
    if seen:
        _seen_to(told, seen, begun)
    warranted = [moment for moment in line.of("lasting") if "warranty" in split(moment.name)]
    for moment in warranted if begun is not None else ():
        if told.read(moment) is not None:
            told.write(moment, (begun or 0) + (2, 3, 5, 5, 10)[mix(told.bits, 885) % 5] * _YEAR)
    _under_warranty(told, begun, warranted)


def _under_warranty(told: Told, begun: int | None, until: list[Moment]) -> None:
    """A switch that says whether a thing is under warranty, as the day tells on which that ends, or its age."""
    ends = next((at for moment in until if (at := told.read(moment)) is not None), None)
    ends = begun + 3 * _YEAR if ends is None and begun is not None else ends
    if ends is None:
        return
    for name, value in told.record.items():
        words = {*split(name)}
        if isinstance(value, bool) and words & {"warranty", "guarantee"} and words <= _WARRANTED:
            told.record[name] = ends > told.clock.now


def _there_since(told: Told, origins: list[Moment]) -> int | None:
    """Writes since when the thing is there, one step after another; gives the last."""
    known = data.read("catalog/lexicon/tended.yaml")["origins"]
    places = {word: place for place, word in enumerate(known)}
    named = [
        (next((places[word] for word in split(moment.name) if word in places), len(places)), moment)
        for moment in origins
    ]
    start = next((told.read(moment) for moment in told.line.of("start")), None)
    at: int | None = None
    for place, moment in sorted(named, key=lambda one: one[0]):
        if at is None:
            low, high = [*known.values()][place] if place < len(places) else (0.5, 8)
            days = int(low * 365) + mix(told.bits, 881) % max(1, int((high - low) * 365))
            at = told.clock.at(-days, 9 + mix(told.bits, 882) % 7, mix(told.bits, 883) % 12 * 5)
            at = at if told.clock.local(at).weekday() < 5 else at - 2 * DAY
            at = _of_year(told, at)
            if start is not None and start < at:
                at = start - (0, 0, 1, 2)[mix(told.bits, 884) % 4] * _YEAR
        else:
            at += (3 + mix(told.bits, 880) % 25) * DAY
        at = min(at, told.clock.now - DAY)
        told.write(moment, at)
    return at


def _of_year(told: Told, at: int) -> int:
    """The moment in the year that the record itself says: a car of 2019 was registered in 2019."""
    local = told.clock.local(at)
    for name, value in told.record.items():
        words = {*split(name)}
        if "year" in words and words <= {"year", "model", "built", "build"} and isinstance(value, int):
            return at - (local.year - value) * _YEAR if 1900 < value < local.year else at
    return at


def _seen_to(told: Told, seen: list[Moment], begun: int | None) -> None:
    """Writes when it was last seen to, after it was there, and when that is due again."""
    clock, bits = told.clock, told.bits
    start = next((told.read(moment) for moment in told.line.of("start")), None)
    every = _every(told, seen[0])
    passed = every * (4 + mix(bits, 886) % 92) // 100
    if mix(bits, 887) % 8 == 0 and told.line.of("next", "due"):
        passed = every * (102 + mix(bits, 888) % 12) // 100
    at = clock.now - passed
    if every > 2 * DAY:
        at = clock.at(-max(1, passed // DAY), 8 + mix(bits, 889) % 9)
        at = at if clock.local(at).weekday() < 5 or every < 7 * DAY else at - 2 * DAY
    if begun is not None and at < begun + 20 * DAY:
        at = begun + (clock.now - begun) * 6 // 10
    for place, moment in enumerate(seen):
        if "renewed" in split(moment.name) and start is not None:
            if begun is not None and begun < start <= clock.now:
                told.write(moment, start)
            elif moment.optional:
                told.drop(moment.name, nullable=moment.nullable)
            continue
        told.write(moment, min(at, clock.now - min(600, every // 4)) - place * every // 5)
    for moment in told.line.of("next", "due"):
        if told.read(moment) is not None and not told.line.status:
            again = at + every
            past = clock.local(again).weekday() - 4
            told.write(moment, again + (7 - 4 - past) * DAY if past > 0 and every > 7 * DAY else again)


def _every(told: Told, moment: Moment) -> int:
    """After how long a thing is seen to again: as its own number says, or as is usual."""
    known = data.read("catalog/lexicon/tended.yaml")
    for name, value in told.record.items():
        words = split(name)
        unit = next((known["units"][word] for word in words if word in known["units"]), 0)
        if unit and {*words} & {*known["every"]} and isinstance(value, (int, float)) and value > 0:
            return int(value * unit)
    usual = known["usual"]
    options = next((usual[word] for word in split(moment.name) if word in usual), usual["any"])
    return int(options[mix(told.bits, 890) % len(options)]) * DAY
