"""What narrows a listing to a record: the parts of its name, its signs, its day, what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from callsmith.errors import PlanUnfit
from callsmith.meaning import Detail, Source, Stated
from callsmith.plan.arguments.criteria import time_span
from callsmith.plan.arguments.fill import SAYABLE, Filled, pointed, require, state
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.draft import Draft
from callsmith.plan.known import OCCASIONS, SURE, names_tenant
from callsmith.plan.naming import parts_of_name
from callsmith.plan.signs import signs_of
from callsmith.records import Entity, Parameter, Person, Tool


def by_parts_of_name(tool: Tool, entity: Entity, record: Mapping[str, Any]) -> dict[str, Source]:
    """Arguments that look for somebody by the last name, and by the first, where a name stands in two parts."""
    parts = [one for one in parts_of_name(entity) if isinstance(pointed(record, one), str)]
    return {
        p.pointer: Stated(pointed(record, p.filters))
        for p in tool.inputs
        if p.filters in parts and p.confidence >= SURE and p.compare in ("eq", "contains")
    }


def by_signs(
    tool: Tool, entity: Entity, record: Mapping[str, Any]
) -> list[tuple[dict[str, Source], Person | None, Detail | None]]:
    """A listing narrowed to what the user says of a record that has no name: to its street, to where it goes."""
    told = {sign.pointer: pointed(record, sign.pointer) for sign in signs_of(entity)}
    given: dict[str, Source] = {
        p.pointer: Stated(told[p.filters])
        for p in tool.inputs
        if p.filters in told
        and p.compare == "eq"
        and p.klass != "opaque_id"
        and p.confidence >= SURE
        and p.facet not in MOMENTS
    }
    return [(given, None, None)] if given else []


def on_its_day(
    draft: Draft, tool: Tool, entity: Entity, record: Mapping[str, Any]
) -> tuple[dict[str, Source], Detail] | None:
    """Arguments that restrict a listing of occasions to the day of one of them, and the day as the user says it."""
    if entity.noun not in OCCASIONS:
        return None
    for parameter in tool.inputs:
        if parameter.filters and parameter.facet in ("date_time", "date") and parameter.confidence >= SURE:
            start = pointed(record, parameter.filters)
            if (
                isinstance(start, str)
                and (found := time_span(draft, tool, parameter, start, "day")) is not None
            ):
                pointers, day = found
                return {pointer: Stated(moment) for pointer, moment in pointers.items()}, day
    return None


def held_by(draft: Draft, parameter: Parameter, entity: Entity) -> str:
    """Where a record says what it belongs to, if it is by this that a listing shows it: the owner of an animal."""
    if parameter.klass != "opaque_id" or parameter.refers in ("", entity.key) or "*" in parameter.pointer:
        return ""
    if names_tenant(parameter) or parameter.refers not in draft.known.entities:
        return ""
    fields = [item.pointer for item in entity.fields if item.refers == parameter.refers]
    return parameter.filters or (fields[0] if len(fields) == 1 else "")


def needed(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, record: Mapping[str, Any]) -> None:
    """Fill what a listing requires: what it is restricted to, as the record has it, is said with the record.

    Raises:
        PlanUnfit: it would take a day that has nothing to do with the record, or nothing is known for it.
    """
    value = pointed(record, parameter.filters) if parameter.filters and parameter.compare == "eq" else None
    if value is not None and parameter.klass in SAYABLE and parameter.confidence >= SURE:
        state(draft, filled, tool, parameter, value)
        if parameter.facet == "enum":  # where it lies: the item in the spam queue
            filled.details.append(msgspec.structs.replace(filled.details.pop(), role="names"))
    elif parameter.facet in MOMENTS and not parameter.filters:
        raise PlanUnfit(f"nobody says a {parameter.phrase} only to have something found")
    else:
        require(draft, filled, tool, parameter)
