"""Reading: one record by its name, a page of those that pass filters, a search in a query language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from callsmith.records import Json, Parameter, Tool
from callsmith.schema import steps
from callsmith.world.inferred.answers import Outcome
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.ordered import in_order
from callsmith.world.inferred.paging import (
    asked_limit,
    first_page,
    promised_limit,
    start_of,
    token_of,
    usual_limit,
)
from callsmith.world.inferred.pointing import first, reader
from callsmith.world.inferred.resolving import titled_so
from callsmith.world.queries.matching import Test, test_for
from callsmith.world.queries.queries import QueryError, query_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Entry

_FEW = 3  # records a list never shows fewer than, if there are more
_BUDGET = 6000  # bytes of an answer whose length nothing says
_HIDDEN: set[Json] = {"TRASH", "SPAM"}
_ASKED = re.compile("in:(trash|spam|anywhere)|label:(trash|spam)|trashed", re.IGNORECASE)


def page(errand: Errand) -> Outcome:
    """The records that pass every filter of the call, newest first or as asked, one page of them."""
    entries = _filtered(errand)
    records: Sequence[Mapping[str, Json]] = [entry.record for entry in entries]
    for order, down in reversed(errand.order or [_order(errand)]):
        records = in_order(records, (order, down), errand.spec.ranks, errand.world.population.clock)
    asked = asked_limit(errand) or promised_limit(errand)
    limit = asked or usual_limit(errand)
    start = start_of(errand, records, limit)
    outcome = _cut(errand, records, start, limit)
    if not asked and len(outcome.records) > _FEW:
        # A page to which nothing gives a size is as long as fits; whoever asks for twenty gets twenty.
        size = len(msgspec.json.encode(errand.spec.answer(outcome)))
        if size > _BUDGET and errand.spec.paged:
            outcome = _cut(errand, records, start, max(_FEW, len(outcome.records) * _BUDGET // size))
    return outcome


def _cut(errand: Errand, records: Sequence[Mapping[str, Json]], start: int, limit: int) -> Outcome:
    more = start + limit < len(records)
    return Outcome(
        arguments=errand.arguments,
        records=records[start : start + limit],
        total=len(records),
        start=start,
        limit=limit,
        token=token_of(errand, start + limit) if more else "",
        before=token_of(errand, start) if more else "",
        page=first_page(errand) + start // max(1, limit),
        container=errand.container.record if errand.container else None,
    )


def _filtered(errand: Errand) -> list[Entry]:
    world, tool = errand.world, errand.spec.tool
    entries: Sequence[Entry] = world.overlay.entries(errand.spec.record_entity)
    tests: list[Test] = []
    links: list[tuple[str, str]] = []
    for parameter, value in errand.stated:
        if parameter.scope or parameter.pointer == tool.id_field:
            continue
        if (
            parameter.facet.startswith("query")
            and isinstance(value, str)
            or parameter.name in ("text", "search")
        ):
            query = query_of(str(value), parameter.facet, errand.spec.fields, world.population)
            tests.append(query.test)
            errand.order.extend(query.order)
        elif parameter.filters:
            tests.append(_filter(errand, parameter, value))
        elif parameter.refers and parameter.refers in errand.found:
            links.append((parameter.refers, errand.found[parameter.refers].uid))
    if errand.container is not None:
        links.append((errand.spec.parent, errand.container.uid))
    said = {parameter.pointer for parameter, _ in errand.stated}
    for parameter in tool.inputs:
        if (
            parameter.filters
            and parameter.facet in ("enum", "language")
            and parameter.default
            and parameter.pointer not in said
        ):
            tests.append(_filter(errand, parameter, parameter.default))
    for pointer, wanted in tool.state.items():
        if not pointer.endswith(("/+", "/-")):
            tests.append(test_for(pointer, "eq", wanted, world.population.clock))
    tests.extend(_hidden(errand))
    kept = list(entries)
    for key, uid in links:
        kept = [entry for entry in kept if entry.links.get(key, uid) == uid]
    for test in tests:
        kept = [entry for entry in kept if test(entry.record)]
    return kept


def _filter(errand: Errand, parameter: Parameter, value: Json) -> Test:
    """A filter by a person's name for a record also takes its other names, such as an e-mail for an account id."""
    clock = errand.world.population.clock
    options = errand.spec.leaf.get(parameter.filters, {}).get("enum")
    if isinstance(value, str) and value.lower() in ("all", "any", "*") and value not in (options or ()):
        return lambda record: True
    if parameter.refers and isinstance(value, str):
        entries = errand.world.named(parameter.refers, value)
        if not entries and parameter.klass == "natural_key":
            entries = titled_so(errand, parameter.refers, value)
        projected = errand.spec.projects.get(parameter.filters, "")
        values = [value, *(first(entry.record, projected) for entry in entries if projected)]
        values += [entry.story.id for entry in entries if entry.story is not None]
        tests = [test_for(parameter.filters, "eq", item, clock) for item in dict.fromkeys(map(str, values))]
        return lambda record: any(test(record) for test in tests)
    return test_for(parameter.filters, parameter.compare, value, clock)


def _hidden(errand: Errand) -> list[Test]:
    """What lies in the trash is not listed unless a call asks for it."""
    asked = {word for parameter, value in errand.stated if value for word in split(parameter.name)}
    text = " ".join(str(value) for parameter, value in errand.stated if parameter.klass == "query")
    if asked & {"trash", "trashed", "deleted", "archived", "hidden"} or _ASKED.search(text):
        return []
    tests: list[Test] = []
    for pointer in errand.spec.fields:
        names = [step for step in steps(pointer) if step != "*"]
        words = split(names[-1]) if names else ()
        if words in (("label", "ids"), ("labels",)) and errand.spec.family in ("mail", "thread"):
            tests.append(_without(pointer, _HIDDEN))
        elif words in (("trashed",), ("deleted",)) and len(names) == 1:
            tests.append(_without(pointer, {True}))
        elif pointer == "/status" and errand.spec.family == "event" and "status" not in asked:
            tests.append(_without(pointer, {"cancelled"}))
    return tests


def _without(pointer: str, unwanted: set[Json]) -> Test:
    read = reader(pointer)
    return lambda record: not any(value in unwanted for value in read(record))


def _order(errand: Errand) -> tuple[str, bool]:
    """By which field, and whether downwards: as the call asks, else newest first, appointments by their start."""
    spec = errand.spec
    for parameter, value in errand.stated:
        if parameter.facet == "order" and isinstance(value, str):
            asked = _asked_order(errand, value)
            if asked and not (
                value.lower() in ("asc", "desc")
                and any(p.facet == "order" and p is not parameter for p, _ in errand.stated)
            ):
                return asked
    return spec.order


def _asked_order(errand: Errand, value: str) -> tuple[str, bool] | None:
    words = split(value.split(",")[0])
    down = bool(set(words) & {"desc", "descending", "newest"}) or value.startswith("-")
    for parameter in errand.spec.inputs:
        side = first(errand.arguments, parameter.pointer, parameter.default)
        if parameter.facet == "order" and str(side).lower() in ("asc", "desc"):
            down = str(side).lower() == "desc"
    wanted = [word for word in words if word not in ("desc", "asc", "descending", "ascending")]
    for parameter, flag in errand.stated:
        if "ascending" in split(parameter.name):
            down = not flag
    if not wanted:
        return (errand.spec.order[0], value.lower() != "asc") if errand.spec.order[0] else None
    for pointer in errand.spec.fields:
        name = split(pointer.replace("/*", "").rsplit("/", 1)[-1])
        if set(wanted) <= set(name) | set(split(pointer)) and set(wanted) & set(split(pointer)):
            return pointer, down
    heads = {word[:6] for word in wanted} - {"time", "at", "date"}
    for pointer in errand.spec.fields:
        if heads & {word[:6] for word in split(pointer)}:
            return pointer, down
    return None


def one(errand: Errand, tool: Tool) -> Outcome:
    """The record the call names."""
    entry = errand.target
    return Outcome(
        arguments=errand.arguments,
        records=(entry.record,) if entry is not None else (),
        total=1,
        container=errand.container.record if errand.container else None,
    )


__all__ = ["QueryError", "one", "page"]
