"""What is read off or measured: codes begin with their section, meters run on, the measures of a body agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from callsmith.records import Entity, Schema
from callsmith.schema import types
from callsmith.seeds import number
from callsmith.world.agreement.addressed import addressed
from callsmith.world.agreement.bodied import bodied
from callsmith.world.agreement.employed import employed
from callsmith.world.agreement.worth import figure, plain_name
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_CODE = re.compile(r"([A-Za-z]{1,3})([- .]?)([0-9]{1,4})")


def sectioned(entity: Entity, fields: Fields) -> Step | None:
    """A code that is made of another field and a number begins with that field: berth B14 on pontoon B."""
    found = [one for name, schema in fields.items() if (one := _made_of(name, schema, fields)) is not None]
    if not found:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        for name, section, between, width in found:
            if record.get(section) and record.get(name):
                record[name] = f"{record[section]}{between}{story.ordinal + 1:0{width}d}"

    return run


def _made_of(name: str, schema: Schema, fields: Fields) -> tuple[str, str, str, int] | None:
    shown = [schema.get("example"), *schema.get("examples", ())]
    told = next((match for one in shown if isinstance(one, str) and (match := _CODE.fullmatch(one))), None)
    if told is None or "string" not in types(schema) or schema.get("enum"):
        return None
    for other, held in fields.items():
        options = [str(one) for one in held.get("enum", ()) if one is not None]
        if other != name and told[1] in options and all(len(one) < 4 for one in options):
            return name, other, told[2], len(told[3]) if told[3][0] == "0" else 1
    return None


_ALWAYS = frozenset(
    ("odometer", "odometer km", "mileage", "mileage km", "engine hour", "hour meter", "odometer reading")
)
_COUNTERS = _ALWAYS | {
    "kwh",
    "reading",
    "meter reading",
    "counter",
    "counter reading",
    "cubic metre",
    "m3",
    "value",
}


def metered(entity: Entity, fields: Fields) -> Step | None:
    """Readings of one meter rise with the days on which they are taken."""
    nouns = {singular(word) for word in split(entity.noun)}
    days = [name for name, schema in fields.items() if schema.get("format") in ("date", "date-time")
            and not {*split(name)} & {"created", "updated", "next", "due"}]  # fmt: skip
    counters = [
        name
        for name, schema in fields.items()
        if {"integer", "number"} & {*types(schema)}
        and plain_name(name) in (_COUNTERS if nouns & {"meter", "odometer"} else _ALWAYS)
    ]
    holders = [field.refers for field in entity.fields if field.refers and field.pointer.count("/") == 1]
    if (
        not days
        or len(counters) != 1
        or not nouns & {"reading", "log", "entry", "record", "fill", "refuel", "check"}
    ):
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        held = next((story.links[key] for key in (*holders, *story.links) if key in story.links), None)
        if held is None or not figure(record, counters[0]):
            return
        try:
            day = date.fromisoformat(str(record.get(days[0]))[:10])
        except ValueError:
            return
        drawn = number(story.population.bits, held.entity, held.id)
        far = plain_name(counters[0]) in _ALWAYS
        since = (day - date.fromisoformat(story.population.clock.day(story.population.clock.now))).days + 1500
        daily, first = (20 + drawn % 60, drawn % 40_000) if far else ((2 + drawn % 9) / 2, drawn % 900)
        value = first + daily * since + mix(story.bits, 997) % 10 / 10
        record[counters[0]] = (
            round(value) if far or "number" not in types(fields[counters[0]]) else round(value, 1)
        )

    return run


_SPEEDS = {  # kilometres an hour, and the minutes for which nothing moves
    "flight": (760, 30), "ride": (30, 3), "transfer": (48, 5), "run": (10, 0), "walk": (4.6, 0), "hike": (3.6, 0),
    "drive": (52, 2), "delivery": (26, 4), "journey": (70, 5), "swim": (2.4, 0), "cycle": (21, 0), "workout": (9, 2),
}  # fmt: skip


def travelled(entity: Entity, fields: Fields) -> Step | None:
    """How far something went is as far as one gets in the time that it took."""
    noun = entity.noun.rpartition(" ")[2]
    by = {plain_name(name): name for name in fields}
    far = next(
        (by[name] for name in ("distance km", "distance", "distance metre", "distance m") if name in by), ""
    )
    long = next((by[name] for name in _TOOK if name in by), "")
    if noun not in _SPEEDS or not far or not long:
        return None
    speed, rest = _SPEEDS[noun]
    per = 1000 if plain_name(far).split(" ")[-1] in ("m", "metre") else 1

    def run(record: dict[str, Any], story: Story) -> None:
        minutes = figure(record, long) / (60 if "second" in plain_name(long) else 1)
        if minutes and figure(record, far):
            pace = speed * (85 + mix(story.bits, 1013) % 31) / 100
            gone = max(minutes - rest, minutes / 3) / 60 * pace * per
            whole = "number" not in types(fields[far]) or gone > 100
            record[far] = round(gone) if whole else round(gone, 1)

    return run


_TOOK = (
    "duration minute",
    "duration min",
    "duration",
    "duration second",
    "minute",
    "travel time minute",
    "moving time",
)

MEASURED = (sectioned, bodied, metered, travelled, employed, addressed)
