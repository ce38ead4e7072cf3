"""Beginnings and ends: which arguments are the two of one, and how long things last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from callsmith.plan.draft import Draft
from callsmith.plan.known import (
    HAPPENING,
    plain,
)
from callsmith.records import Parameter, Tool

STARTS = ("start", "from", "since", "timemin", "after", "begin", "gte", "checkin", "arrival", "arrives", "arrive",
          "validfrom", "pickup", "mintime", "minstarttime", "min", "arriv", "pickup")  # fmt: skip

ENDS = ("end", "to", "until", "timemax", "before", "finish", "lte", "checkout", "departure", "departs", "depart",
        "validuntil", "dropoff", "maxtime", "maxstarttime", "max", "leav", "return")  # fmt: skip

MOMENTS = ("date_time", "date", "timestamp", "time")


MINUTES = (15, 30, 30, 30, 45, 60, 60, 60, 90, 120)


def partner(tool: Tool, parameter: Parameter) -> tuple[Parameter, Parameter] | None:
    """The (start, end) pair a moment parameter belongs to."""
    if parameter.facet not in MOMENTS or parameter.facet == "time":
        return None
    path = plain(parameter.pointer)
    for ours, theirs, first in ((STARTS, ENDS, True), (ENDS, STARTS, False)):
        for here, there in zip(ours, theirs, strict=True):
            if here not in path:
                continue
            twin = path.replace(here, there)
            for other in tool.inputs:
                if other.facet == parameter.facet and other is not parameter and plain(other.pointer) == twin:
                    return (parameter, other) if first else (other, parameter)
    return None


def lasting(draft: Draft, tool: Tool) -> Sequence[int]:
    """How many minutes such a thing may last."""
    entity = draft.known.entities.get(tool.entity)
    noun = entity.noun if entity is not None else ""
    lengths: Mapping[str, Sequence[int]] = HAPPENING["lasting"]
    return lengths.get(noun) or lengths.get(noun.rpartition(" ")[2]) or MINUTES


def day_range(moment: datetime, whole: str, zone: str) -> tuple[str, str]:
    """The day or week around a moment, as ISO [start, end) with the zone's offset on each."""
    at = moment.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    if whole == "week":
        at -= timedelta(days=at.weekday())
        return at.isoformat(), (at + timedelta(days=7)).isoformat()
    return at.isoformat(), (at + timedelta(days=1)).isoformat()
