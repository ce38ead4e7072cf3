"""How long ago something was that has come so far: stages take their time, and what is told of took place before."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.lives import phases, stands_aside, words_of
from callsmith.catalog.turns import participles
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import Moment, table
from callsmith.world.stories.moments import Told
from callsmith.world.stories.naming import split


def looked_back(told: Told) -> bool:
    """Whether the time of a thing is over though it is not: photos that are edited, what a complaint is about."""
    line, stands = told.line, told.record.get(told.line.status) if told.line.status else None
    if is_told_afterwards(told):
        return True
    if stands not in line.options or told.phase not in ("ahead", "going"):
        return False
    deeds = {*participles(line.noun)}
    states = [{*words_of(str(one))} for one in line.options]
    first = next(
        (at for at, words in enumerate(states) if words & deeds or words & {*table()["aftermath"]}), 0
    )
    return 0 < first <= line.options.index(stands) and not stands_aside(stands)


def is_told_afterwards(told: Told) -> bool:
    """Whether a record tells of something that took place on a day: a missed collection, a damage."""
    names = [moment.name for moment in told.line.of("start")]
    return any(tells_of(told.line.noun, name) for name in names)


def tells_of(noun: str, name: str) -> bool:
    """Whether a day is that of what a complaint or a report is about, and not one on which somebody answers it."""
    known = table()
    return noun in known["told_afterwards"] and not {*split(name)} & {*known["answering"]}


def come_so_far(told: Told, base: int, *, short: bool) -> int:
    """When something was made that has come through several stages by now, and never later than now."""
    line, now = told.line, told.clock.now
    stands = told.record.get(line.status) if line.status else None
    if stands not in line.options or told.phase not in ("ahead", "going") or short:
        return base
    along = [one for one, phase in zip(line.options, phases(line.options), strict=True) if phase != "dropped"]
    passed = 1 if stands_aside(stands) else along.index(stands) if stands in along else 0
    latest = now - 300 - passed * (6 + mix(told.bits, 861) % 12) * 3600
    return base if base <= latest else base - ((base - latest) // DAY + 1) * DAY


def told_afterwards(told: Told, made: Sequence[Moment], base: int) -> None:
    """What is told of something that went wrong was told hours or days after it."""
    lasted = told.lasts if told.line.of("end") else 0
    at = base + lasted + (8 + mix(told.bits, 862) % 10) * 3600 + mix(told.bits, 863) % 2 * DAY
    at = min(at, told.clock.now - (5 + mix(told.bits, 864) % 240) * 60)
    for moment in made:
        told.write(moment, max(at, base))
