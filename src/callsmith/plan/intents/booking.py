"""Intents that book what is free: who or what it is with is found, then the free times, then the first is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct, structs

from callsmith.catalog.openings import Openings, openings
from callsmith.errors import PlanUnfit
from callsmith.execute import records_at
from callsmith.meaning import Pick, Source, Stated
from callsmith.plan.arguments.fill import detail
from callsmith.plan.arguments.sent import as_sent
from callsmith.plan.arguments.spans import partner
from callsmith.plan.draft import Draft
from callsmith.plan.intents.enquiring import day_of
from callsmith.plan.intents.making import asked_of, creation, turn_to_made
from callsmith.plan.known import SURE, Known
from callsmith.plan.makers import makers
from callsmith.plan.serving import done
from callsmith.records import Entity, Parameter, Tool

_MOMENTS = ("date_time", "timestamp")
_DAYS = ("date", "date_time")


class Booking(Struct, frozen=True):
    """A tool that books, and the one that tells what is free for it."""

    entity: Entity
    tool: Tool
    start: Parameter
    finder: Tool
    day: Parameter
    free: Openings


def book_first_free(draft: Draft) -> None:
    """Book the first time that is free on a day."""
    link = draft.choice([*bookings(draft)])
    taken = {link.start.pointer}
    ends = partner(link.tool, link.start)
    if ends is not None:
        taken |= {one.pointer for one in ends}
    bare = structs.replace(link.tool, inputs=[p for p in link.tool.inputs if p.pointer not in taken])
    filled = creation(draft, link.entity, bare, draft.choice((0, 0, 1)))
    today = datetime.fromisoformat(draft.scene.now).date()
    day = day_of(draft, link.finder, today, weekly=False)
    given: dict[str, Source] = {link.day.pointer: Stated(as_sent(link.day, day))}
    for parameter in link.finder.inputs:
        same = _same(link.tool, parameter)
        if same is not None and same.pointer in filled.arguments:
            given[parameter.pointer] = filled.arguments[same.pointer]
        elif parameter.required and parameter.pointer not in given:
            raise PlanUnfit(f"{link.finder.name} needs {parameter.name} besides a day")
    until = partner(link.finder, link.day)
    if until is not None:
        given[until[1].pointer] = Stated(as_sent(until[1], day))
    looked = draft.call(link.finder, given)
    found = [record for _, record in records_at(looked.result.value, link.free.where)]
    if not found:
        raise PlanUnfit("nothing is free")
    first = found[0]
    arguments: dict[str, Source] = {
        **filled.arguments,
        link.start.pointer: _pick(looked.step.id, link, link.free.start),
    }
    if ends is not None:
        if not link.free.end:
            raise PlanUnfit("nothing tells until when it is free")
        arguments[ends[1].pointer] = _pick(looked.step.id, link, link.free.end)
    bound = draft.call(link.tool, arguments)
    when = detail(link.day, day, role="filters", shape="first")
    ask = asked_of(link.tool, link.entity, filled.container, [*filled.details, when])
    turn_to_made(draft, link.tool, link.entity, bound)
    at = detail(link.start, first[link.free.start], role="sets")
    told = msgspec.structs.replace(ask, details=[*filled.details, at])
    draft.close("book first free", ask, done(draft, bound, link.entity, told))


def _pick(step: str, link: Booking, name: str) -> Pick:
    return Pick(step, link.free.where, {}, f"/{name}", 0)


def bookings(draft: Draft) -> Iterator[Booking]:
    """The tools that book at a time, each with one that tells which times are free."""
    finders = [(tool, free) for tool in draft.known.enquired if (free := openings(tool)) and not free.timed]
    for entity, tool in makers(draft) if finders else ():
        starts = [p for p in tool.inputs if p.required and p.facet in _MOMENTS and p.confidence >= SURE]
        pair = partner(tool, starts[0]) if starts else None
        if not starts or len(starts) > (2 if pair is not None else 1):
            continue
        start = pair[0] if pair is not None else starts[0]
        for finder, free in finders:
            days = [p for p in finder.inputs if p.required and p.facet in _DAYS]
            if len(days) == 1 and _goes_with(draft.known, tool, finder, days[0]):
                yield Booking(entity, tool, start, finder, days[0], free)


def _goes_with(known: Known, tool: Tool, finder: Tool, day: Parameter) -> bool:
    """Whether a booking says all that is asked with what is free."""
    rest = [p for p in finder.inputs if p.required and p is not day]
    return bool(rest) and all((same := _same(tool, p)) is not None and same.required for p in rest)


def _same(tool: Tool, parameter: Parameter) -> Parameter | None:
    """The argument of a booking that is also one of a look-up: it names the same record, or has the same name."""

    def alike(other: Parameter) -> bool:
        if parameter.refers or other.refers:
            return parameter.refers == other.refers
        return _plain(other.name) == _plain(parameter.name)

    return next((p for p in tool.inputs if alike(p) and p.confidence >= SURE), None)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
