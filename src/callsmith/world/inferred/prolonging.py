"""A thing that was prolonged by some time ends that much later, and lasts that much longer."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.records import Json
from callsmith.schema import steps
from callsmith.world.agreement.agreement import agreement_of
from callsmith.world.inferred.errand import Errand
from callsmith.world.stories.moments import told_of
from callsmith.world.stories.naming import singular, split

PROLONGING = ("extend", "prolong", "lengthen", "stretch")
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "night": 86400, "week": 604800}
_MORE = frozenset("extra additional more further by added extension extend".split())


def prolonged(errand: Errand, record: dict[str, Json], old: Mapping[str, Json]) -> dict[str, Json] | None:
    """The record, as much longer as the call says; None where it says no such thing."""
    population, tool = errand.world.population, errand.spec.tool
    if tool.verb not in PROLONGING:
        return None
    agreement = agreement_of(population.toolset, population.kinds[tool.entity].entity)
    line = agreement.line if agreement is not None else None
    for parameter, value in errand.stated:
        words = [singular(word) for word in split(parameter.name)]
        unit = next((_UNITS[word] for word in words if word in _UNITS), 0)
        own = steps(parameter.sets)[0] if parameter.sets else ""
        more = {*words} & _MORE or not own
        if (
            line is None
            or not unit
            or not more
            or isinstance(value, bool)
            or not isinstance(value, (int, float))
        ):
            continue
        seconds = int(value * unit)
        told = told_of(line, {**record, own: old.get(own)} if own else dict(record), population.clock, 0, ())
        ends = line.of("end") or line.of("due", "lasting")[:1]
        for moment in ends:
            if (at := told.read(moment)) is not None:
                told.write(moment, at + seconds)
        lasts = old.get(line.length) if line.length else None
        if isinstance(lasts, (int, float)) and line.unit:
            told.record[line.length] = lasts + seconds // line.unit
        return told.record if ends or lasts is not None else None
    return None
