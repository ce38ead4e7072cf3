"""Free times: what a look-up tells that lists moments or days without a name, at which something may be booked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from callsmith.catalog.figures import name_words
from callsmith.records import Schema, Tool
from callsmith.schema import named, settle, steps

_FREE = frozenset(
    "slot slots opening openings availability available free vacancies vacant bookable windows".split()
)
_DAYS = frozenset("calendar collection collections days dates".split())
_STARTS = frozenset("start starts begin begins from time at".split())
_ENDS = frozenset("end ends finish finishes to until".split())
_KEYS = frozenset("id uuid key ref reference".split())


class Openings(Struct, frozen=True):
    """Where a result lists free times, and what of one says from when to when it is."""

    where: str
    start: str
    end: str  # "" where only the beginning is told
    timed: bool = False  # told as the time of a day: "09:30"
    daily: bool = False  # whole days, such as those on which bins are emptied


def openings(tool: Tool) -> Openings | None:
    """The free times that a tool lists; None for a tool that lists anything else."""
    place = tool.yields[0] if len(tool.yields) == 1 else None
    if place is None or not place.many:
        return None
    words = {
        *name_words(tool.name.removeprefix(tool.toolkit)),
        *tool.description.lower().split(),
        *name_words(place.pointer),
    }
    one = named(_at(tool.returns, place.pointer))
    if not words & (_FREE | _DAYS) or any(
        name_words(name)[-1:] and name_words(name)[-1] in _KEYS for name in one
    ):
        return None
    moments = [name for name, schema in one.items() if settle(schema).get("format") == "date-time"]
    hours = [name for name, schema in one.items() if _CLOCK.fullmatch(str(_example(settle(schema))))]
    moments, timed = (moments, False) if moments else (hours, True)
    start = next((name for name in moments if {*name_words(name)} & _STARTS), "")
    end = next((name for name in moments if name != start and {*name_words(name)} & _ENDS), "")
    if start and words & _FREE:
        return Openings(place.pointer, start, end, timed)
    days = [name for name, schema in one.items() if settle(schema).get("format") == "date"]
    alone = len(days) == 1 and not moments and {*name_words(days[0])} & {"date", "day", "on"}
    return Openings(place.pointer, days[0], "", daily=True) if alone else None


_CLOCK = re.compile(r"[0-2][0-9]:[0-5][0-9]")


def _example(schema: Schema) -> object:
    examples = schema.get("examples")
    return schema.get("example") or (examples[0] if isinstance(examples, (list, tuple)) and examples else "")


def _at(schema: Schema, pointer: str) -> Schema:
    here = settle(schema)
    for step in steps(pointer):
        inner = here.get("items") if step == "*" else named(here).get(step)
        here = settle(inner) if isinstance(inner, Mapping) else {}
    return here
