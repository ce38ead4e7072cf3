"""How long something runs, between the days on which it begins and ends: a term of 12 months ends a year later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import settle, types
from callsmith.world.agreement.terms import after
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.naming import split

_UNITS = {"month": 1, "months": 1, "year": 12, "years": 12}
_LONG = frozenset(("term", "duration", "length", "period", "contract", "lease", "tenancy", "commitment"))
_STARTS = frozenset(("start", "starts", "begin", "begins", "commencement", "commences", "from"))
_ENDS = frozenset(("end", "ends", "expiry", "expires", "until", "to"))
_USUAL = (6, 12, 18, 24, 36)


class Lasting(Struct, frozen=True):
    """The fields that say it, how many months one of its unit is, and the lengths that may be asked for."""

    term: str
    months: int
    start: str
    end: str
    written: Schema  # of the end
    allowed: tuple[int, ...]
    whole: bool  # the end is the last day of it


def lasting_of(toolset: Toolset, entity: Entity) -> Lasting | None:
    """What says of an entity's records how long they run, where days of beginning and end say it too."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    terms = [
        (name, _UNITS[words[-1]])
        for name, schema in fields.items()
        if (words := split(name))
        and words[-1] in _UNITS
        and (len(words) == 1 or {*words} & _LONG)
        and {"integer", "number"} & set(types(schema))
    ]
    days = [name for name, schema in fields.items() if schema.get("format") in ("date", "date-time")]
    starts = [name for name in days if {*split(name)} & _STARTS]
    ends = [name for name in days if {*split(name)} & _ENDS]
    if not len(terms) == len(starts) == len(ends) == 1:
        return None
    asked = [
        int(one)
        for tool in toolset.tools
        if tool.entity == entity.key
        for p in tool.inputs
        if p.sets == f"/{terms[0][0]}"
        for one in p.schema.get("enum", ())
        if isinstance(one, int)
    ]
    shown = [one for one in fields[terms[0][0]].get("enum", ()) if isinstance(one, int)]
    usual = [one // terms[0][1] for one in _USUAL if not one % terms[0][1]]
    return Lasting(
        term=terms[0][0],
        months=terms[0][1],
        start=starts[0],
        end=ends[0],
        written=fields[ends[0]],
        allowed=tuple(sorted({*(shown or asked or usual)})),
        whole="last day" in str(fields[ends[0]].get("description", "")).lower(),
    )


def lasting_as_found(lasting: Lasting, record: dict[str, Json], clock: Clock) -> dict[str, Json]:
    """A record that runs as long as one may ask for, from its beginning, and is over only if it was."""
    start, end = clock.parse(record.get(lasting.start)), clock.parse(record.get(lasting.end))
    if start is None or end is None or end <= start:
        return record
    near = sorted(lasting.allowed, key=lambda one: abs(after(clock, start, one * lasting.months) - end))
    if end <= clock.now:
        begun = after(clock, end + lasting.whole * DAY, -near[0] * lasting.months)
        return {**record, lasting.term: near[0], lasting.start: _written(clock, begun, record[lasting.start])}
    for term in near:
        if _end(lasting, clock, start, term) > clock.now:
            return _ended(lasting, record, clock, start, term)
    begun = after(clock, end + lasting.whole * DAY, -near[0] * lasting.months)
    return {**record, lasting.term: near[0], lasting.start: _written(clock, begun, record[lasting.start])}


def lasting_as_changed(
    lasting: Lasting, record: dict[str, Json], said: Collection[str], clock: Clock
) -> dict[str, Json]:
    """A record whose end follows from its beginning and the length that somebody stated."""
    start, term = clock.parse(record.get(lasting.start)), record.get(lasting.term)
    told = {lasting.term, lasting.start} & {*said} and lasting.end not in said
    if not told or start is None or not isinstance(term, int) or isinstance(term, bool):
        return record
    return _ended(lasting, record, clock, start, term)


def _end(lasting: Lasting, clock: Clock, start: int, term: int) -> int:
    return after(clock, start, term * lasting.months) - lasting.whole * DAY


def _ended(
    lasting: Lasting, record: Mapping[str, Any], clock: Clock, start: int, term: int
) -> dict[str, Json]:
    """The record with its end, and with whatever else fell on the day of the end before."""
    old = record.get(lasting.end)
    new = _written(clock, _end(lasting, clock, start, term), old)
    moved = {
        name: new
        for name, value in record.items()
        if old is not None and value == old and name != lasting.start
    }
    return {**record, **moved, lasting.term: term, lasting.end: new}


def _written(clock: Clock, seconds: int, like: Json) -> str:
    return clock.day(seconds) if isinstance(like, str) and len(like) == 10 else clock.utc(seconds)
