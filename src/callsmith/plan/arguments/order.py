"""Whether times follow one another as they should: an end after its beginning, what is put off after when it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callsmith.errors import PlanUnfit
from callsmith.meaning import Stated
from callsmith.plan.arguments.fill import Filled, pointed
from callsmith.plan.arguments.spans import ENDS, STARTS
from callsmith.plan.known import plain
from callsmith.records import Tool

_WAYS = {"destination", "origin", "route", "line", "gate", "platform", "flightnumber"}
PUTTING_OFF = ("postpone", "defer", "delay", "extend", "prolong", "adjourn")


def later(tool: Tool, filled: Filled, record: Mapping[str, Any]) -> None:
    """Refuse to put something off to a time before the one it has.

    Raises:
        PlanUnfit: what is put off would come sooner.
    """
    for parameter in tool.inputs if tool.verb in PUTTING_OFF else ():
        source = filled.arguments.get(parameter.pointer)
        now = pointed(record, parameter.sets or f"/{parameter.name}")
        if parameter.facet in ("date", "date_time") and isinstance(source, Stated) and isinstance(now, str):
            if str(source.value)[:10] <= now[:10]:
                raise PlanUnfit("nothing is put off to a day that comes sooner")


def in_order(record: Mapping[str, Any]) -> bool:
    """Whether no time of a record ends before it begins."""
    held = {plain(name): value for name, value in record.items() if isinstance(value, str)}
    going = bool(held.keys() & _WAYS)  # what goes somewhere arrives after it has left
    for name, begun in held.items():
        for start, end in zip(STARTS, ENDS, strict=True):
            if going and start.startswith("arriv"):
                continue
            ended = held.get(name.replace(start, end)) if start in name else None
            if ended is not None and begun[:4].isdigit() and ended[:10] < begun[:10]:
                return False
    return True
