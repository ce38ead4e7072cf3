"""A result that is awaited is that of what lies ahead, and what took place has one: a test nobody has taken yet."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.lives import LIVES, standing
from callsmith.records import Entity, Json, Tool
from callsmith.schema import settle, steps, types
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import Line, Moment
from callsmith.world.stories.naming import split

_RESULTS = frozenset("result outcome verdict".split())


class Awaited(Struct, frozen=True):
    """The field that tells how something came out, what it says before, when that is, and what comes with it."""

    name: str
    waiting: Json
    results: tuple[Json, ...]
    begins: Moment
    details: tuple[tuple[str, bool], ...] = ()  # with whether they may be null


def awaited_of(entity: Entity, line: Line | None, tools: Sequence[Tool]) -> Awaited | None:
    """The result that an entity's records await; None where they have states, or nothing tells when it takes place."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    starts = line.of("start") if line is not None else []
    if not starts or starts[0].form not in ("date", "date-time") or standing(fields):
        return None
    open_ones = {*data.read(LIVES)["undecided"]}
    for name, schema in fields.items():
        options = [one for one in schema.get("enum", ()) if one is not None]
        waiting = [one for one in options if "".join(split(str(one))) in open_ones]
        if {*split(name)} & _RESULTS and len(waiting) == 1 and len(options) > 2:
            rest = tuple(one for one in options if one not in waiting)
            return Awaited(name, waiting[0], rest, starts[0], _beside(entity, name, tools))
    return None


def _beside(entity: Entity, name: str, tools: Sequence[Tool]) -> tuple[tuple[str, bool], ...]:
    """The fields that are only set by what sets the result."""
    own = [tool for tool in tools if tool.entity == entity.key]
    sets = [(tool.deed, [steps(item.sets)[0] for item in tool.inputs if item.sets]) for tool in own]
    with_it = {one for deed, names in sets if deed != "create" and name in names for one in names}
    others = {one for deed, names in sets if deed == "create" or name not in names for one in names}
    fields = entity.schema["properties"]
    needed = entity.schema.get("required", ())
    loose = ((one, "null" in types(fields[one])) for one in fields if one in with_it - others - {name})
    return tuple((one, null) for one, null in loose if null or one not in needed)


def as_awaited(awaited: Awaited, record: dict[str, Json], clock: Clock, bits: int) -> dict[str, Json]:
    """A record whose result is known where it took place, and only there."""
    at = clock.parse(record.get(awaited.begins.name))
    if at is None or awaited.name not in record:
        return record
    made = dict(record)
    ahead = record[awaited.name] == awaited.waiting
    days = 1 + mix(bits, 871) % 30 if ahead else -1 - mix(bits, 871) % 60
    if ahead != (at > clock.now) or not 8 <= clock.local(at).hour < 18:
        days += (
            {5: 2, 6: 1}.get(clock.weekday(days), 0) if ahead else -{5: 1, 6: 2}.get(clock.weekday(days), 0)
        )
        at = clock.at(days, 8 + mix(bits, 872) % 9, mix(bits, 873) % 4 * 15)
    if awaited.begins.form == "date":
        made[awaited.begins.name] = clock.day(at)
    else:
        plain = not str(record[awaited.begins.name]).endswith("Z")
        at = at // 300 * 300
        made[awaited.begins.name] = clock.iso(at) if plain else clock.utc(at)
    for name, null in awaited.details if ahead else ():
        if null:
            made[name] = None
        else:
            made.pop(name, None)
    return made
