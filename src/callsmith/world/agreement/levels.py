"""How much of a whole there is agrees with the state that tells it: an empty tank, a goal reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from callsmith.catalog.lives import partly, phases, standing
from callsmith.records import Entity, Json
from callsmith.schema import settle, types
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_WHOLE = frozenset("capacity target goal contracted".split())
_AIM = frozenset("target goal".split())
_PART = frozenset("level stored raised delivered filled pledged".split())
_FREE = frozenset("free remaining left available".split())
_SHARE = frozenset("percent pct percentage progress".split())
_GIVERS = frozenset("donor backer supporter contributor".split())
_NONE, _ALL = frozenset("empty drained".split()), frozenset("full filled fulfilled".split())
_REACHED = frozenset("reached funded successful completed achieved".split())
_SHORT = frozenset("missed failed unfunded unsuccessful".split())
_NEW = frozenset("draft planned created new".split())


class Level(Struct, frozen=True):
    """The whole, the part of it that is there, and what else says how much that is."""

    whole: str
    part: str
    free: str
    shares: tuple[str, ...]
    givers: tuple[str, ...]
    status: str
    told: Mapping[str, str]
    aim: bool


def levelled(made: Make, entity: Entity) -> Make:
    """A filler of records in which as much of a whole is there as their state tells."""
    level = level_of(entity)
    if level is None:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        return at_its_level(level, record, story.bits) if isinstance(record, dict) else record

    return run


def level_of(entity: Entity) -> Level | None:
    """The whole and the part of it that an entity's records tell of; None where there is not one of each."""
    fields = {name: settle(child) for name, child in entity.schema.get("properties", {}).items()}
    words = {
        name: {singular(word) for word in split(name)}
        for name, schema in fields.items()
        if {"integer", "number"} & {*types(schema)}
    }
    share = tuple(name for name, said in words.items() if said & _SHARE)
    rest = {name: said for name, said in words.items() if name not in share and "per" not in said}
    wholes = [name for name, said in rest.items() if said & _WHOLE]
    parts = [name for name, said in rest.items() if said & _PART and not said & _FREE and name not in wholes]
    status = standing(fields)
    if len(wholes) != 1 or len(parts) != 1 or not status:
        return None
    free = [name for name, said in rest.items() if said & _FREE]
    options = [str(one) for one in fields[status].get("enum", ()) if one is not None]
    return Level(
        wholes[0],
        parts[0],
        free[0] if len(free) == 1 else "",
        share if len(share) == 1 else (),
        tuple(name for name, said in rest.items() if said & _GIVERS),
        status,
        dict(zip(options, phases(options), strict=True)),
        bool(words[wholes[0]] & _AIM),
    )


def at_its_level(level: Level, record: Mapping[str, Json], bits: int) -> dict[str, Json]:
    """A record of which as much is there as its state tells, and whose other figures follow from that."""
    made = dict(record)
    whole, part, now = made.get(level.whole), made.get(level.part), str(made.get(level.status))
    if not _number(whole) or not _number(part) or not float(str(whole)):
        return made
    every, some = float(str(whole)), float(str(part))
    if level.aim and some > 2 * every:
        every = _round(some * (105 + mix(bits, 1801) % 60) / 100)
        made[level.whole] = every if isinstance(whole, float) else round(every)
    some = _round(every * _hundredths(level, now, 100 * some / every, bits) / 100)
    made[level.part] = some if isinstance(part, float) and some != round(some) else round(some)
    if level.free and _number(made.get(level.free)):
        left = max(0.0, round(every - float(str(made[level.part])), 2))
        made[level.free] = round(left) if left == round(left) else left
    for name in level.shares:
        if _number(made.get(name)):
            made[name] = round(100 * float(str(made[level.part])) / every)
    for name in level.givers:
        if isinstance(made.get(name), int):
            made[name] = (made[name] or 1 + mix(bits, 1803) % 40) if made[level.part] else 0
    return made


def _hundredths(level: Level, now: str, told: float, bits: int) -> float:
    """How many hundredths of the whole are there in a state, near those that were told."""
    words, draw = {*split(now)}, 10 + mix(bits, 1802) % 81
    if words & _NONE or words & _NEW or level.told.get(now) == "ahead" and any(map(partly, level.told)):
        return 0
    if partly(now):
        return draw
    if words & _ALL:
        return 100
    if words & _REACHED and level.aim:
        return 100 + mix(bits, 1802) % 50
    short = words & _SHORT or level.aim and level.told.get(now) == "going"
    return draw if short and not 0 < told < 100 or told > 100 and not level.aim or told < 0 else told


def _round(value: float) -> float:
    """A sum as people write one."""
    step = 100 if value >= 20_000 else 10 if value >= 2000 else 1
    return round(value / step) * step if value >= 20 else round(value, 1)


def _number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def unused(entity: Entity, record: Mapping[str, Json], said: Collection[str]) -> dict[str, Json]:
    """A new record of which nothing is used up yet: all of a voucher's value remains."""
    made = dict(record)
    for name, value in record.items():
        words = [word for word in split(name) if word not in ("remaining", "left", "current")]
        if name in said or not _number(value) or len(words) == len(split(name)) or not words:
            continue
        marks = ("face", "initial", "original", "nominal", "total", "full")
        whole = next(
            (
                other
                for other in record
                if other != name and [word for word in split(other) if word not in marks] == words
            ),
            "",
        )
        if whole and _number(record[whole]):
            made[name] = record[whole]
    return made
