"""Listings that somebody would ask for: which tool, under which conditions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from callsmith.errors import PlanUnfit
from callsmith.meaning import Stated
from callsmith.plan.apart import apart
from callsmith.plan.arguments.bounds import Criteria
from callsmith.plan.arguments.criteria import choose_criteria, may_filter, time_span
from callsmith.plan.arguments.fill import Filled, require, scopes
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.draft import Draft
from callsmith.plan.known import OCCASIONS, names_tenant
from callsmith.plan.pages import conditional
from callsmith.records import Entity, Parameter, Tool

SURVEYED = 12  # records of a sort that somebody may want to see all of


def narrowed_by(tool: Tool, arguments: Mapping[str, Any]) -> frozenset[str]:
    """The fields whose value a call settles, by what it says or by what it leaves to a default."""
    return frozenset(
        p.filters
        for p in tool.inputs
        if p.filters and (p.pointer in arguments or p.default is not None or "default" in p.schema)
    )


def finder_call(draft: Draft, entity: Entity, most: int = 2) -> tuple[Tool, Filled, Criteria]:
    """A listing or search that a person would want, with what they say of it."""
    tools = [
        tool
        for tool in draft.known.finders[entity.key]
        if (
            not entity.label_pointer
            or entity.label_pointer in draft.known.shown.get((tool.name, entity.key), ())
        )
        and not any(p.required and p.klass == "opaque_id" and not names_tenant(p) for p in tool.inputs)
    ]
    tool = draft.choice([one for one in tools if not apart(one, entity)])
    records = draft.world.records(entity.key)
    record = draft.choice(records)
    filled = Filled({}, [], [])
    scopes(draft, filled, tool, record, entity.key)
    if filled.missing:
        raise PlanUnfit(f"{tool.name} lists within something to be found first")
    criteria = choose_criteria(draft, tool, entity, record, most)
    if conditional(tool) and not any(p.filters and p.pointer in criteria.arguments for p in tool.inputs):
        raise PlanUnfit(f"{tool.name} has to be narrowed")
    many = not criteria.details and len(records) > SURVEYED
    if many and draft.chance(0.85 if _narrows(tool) else 0.3):
        raise PlanUnfit(f"nobody asks for every {entity.noun}")
    if not filled.arguments.keys().isdisjoint(criteria.arguments):
        raise PlanUnfit("it would be said twice")
    if entity.noun in OCCASIONS and not any(item.facet in MOMENTS for item in criteria.details):
        if any(p.filters and p.facet in MOMENTS for p in tool.inputs) and draft.chance(0.9):
            raise PlanUnfit(f"it is some day's {entity.plural} that are asked for")
    filled.arguments.update({pointer: Stated(value) for pointer, value in criteria.arguments.items()})
    filled.details.extend(criteria.details)
    for parameter in tool.inputs:
        if parameter.required and parameter.pointer not in filled.arguments:
            if not _period(draft, filled, tool, parameter):
                require(draft, filled, tool, parameter)
    return tool, filled, criteria


def _narrows(tool: Tool) -> bool:
    """Whether a listing takes a condition: who cannot say one asks for all there is."""
    return any(may_filter(p) or p.klass == "query" for p in tool.inputs)


def _period(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter) -> bool:
    """Whether a parameter was one end of a period that has to be named, and a recent one was."""
    ago = timedelta(days=draft.choice((0, 1, 2, 3, 5, 7, 8)))
    recent = (datetime.fromisoformat(draft.scene.now) - ago).isoformat()
    found = time_span(draft, tool, parameter, recent, draft.choice(("day", "week", "week")))
    if found is None:
        return False
    filled.arguments.update({pointer: Stated(moment) for pointer, moment in found[0].items()})
    filled.details.append(found[1])
    return True
