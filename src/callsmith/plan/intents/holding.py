"""Intents that look into records that hold others: what one holds, or each of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.errors import PlanUnfit
from callsmith.language.words import with_article
from callsmith.meaning import Detail, Source
from callsmith.plan.arguments.fill import SAYABLE, Filled, complete, pointed
from callsmith.plan.describing import some_record
from callsmith.plan.draft import Draft
from callsmith.plan.intents.reading import ask_of, replace_also, report, with_replies
from callsmith.plan.intents.resolving import look_beside
from callsmith.plan.known import SURE, id_taken, names_tenant, salient, tellable
from callsmith.plan.targets import locate
from callsmith.records import Entity, Parameter, Tool


def _held(draft: Draft) -> tuple[Entity, Tool, Parameter, Entity]:
    """A listing of what one record holds: what is listed, by which tool, under which argument, of what."""
    options = []
    for key, tools in draft.known.finders.items():
        for tool in tools:
            for parameter in tool.inputs:
                holder = draft.known.entities.get(parameter.refers)
                if (
                    parameter.klass == "opaque_id"
                    and parameter.confidence >= SURE
                    and holder
                    and holder.key != key
                    and not names_tenant(parameter)
                    and holder.label_pointer
                ):
                    options.append((draft.known.entities[key], tool, parameter, holder))
    entity, tool, parameter, holder = draft.choice(options)
    if "*" in parameter.pointer:
        raise PlanUnfit("it takes many at once")
    if not entity.label_pointer and not tellable(
        entity, draft.known.shown.get((tool.name, entity.key), frozenset())
    ):
        raise PlanUnfit(f"nothing can be told of {with_article(entity.noun)}")
    return entity, tool, parameter, holder


def _all_there_are(draft: Draft, entity: Entity, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a listing shows what it would show without a condition, as it does of records that do not keep it."""
    known = draft.world.records(entity.key)
    shown = {str(pointed(record, entity.id_pointer)) for record in found}
    first = [str(pointed(record, entity.id_pointer)) for record in known[: len(found)]]
    return len(known) > 2 and shown == {*first}


def told_of(entity: Entity, record: Mapping[str, Any]) -> bool:
    """Whether something can be told of a record besides that it is there."""
    every = frozenset(item.pointer for item in entity.fields)
    known = [item.pointer for item in salient(entity, every)]
    return any(pointed(record, one) is not None for one in (entity.label_pointer, *known) if one)


def list_under_two(draft: Draft) -> None:
    """Find two containers and list what each holds."""
    entity, tool, parameter, holder = _held(draft)
    found = [locate(draft, holder, some_record(draft, holder), parameter) for _ in range(2)]
    if found[0].target.label.lower() == found[1].target.label.lower():
        raise PlanUnfit("two of one name")
    asks, calls = [], []
    shared: dict[str, Source] = {}
    told: list[Detail] = []
    for located in found:
        filled = Filled({**shared, parameter.pointer: located.source}, [*located.details, *told], [])
        before = len(filled.details)
        complete(draft, filled, tool, located.record, holder.key)
        if not shared:  # both on the same day
            told = filled.details[before:]
            stated = {item.pointer for item in tool.inputs if item.klass in SAYABLE and not item.scope}
            shared = {
                at: given for at, given in filled.arguments.items() if at in stated - {parameter.pointer}
            }
        calls.append((tool, filled.arguments))
        asks.append(ask_of("list_under", tool, entity, container=located.target, details=filled.details))
    bounds = draft.calls(calls)
    if not parameter.scope and not parameter.filters:
        if any(_all_there_are(draft, entity, draft.records_of(bound, entity.key)) for bound in bounds):
            raise PlanUnfit(f"nothing says which {holder.noun} holds {with_article(entity.noun)}")
    replies = [report(draft, bound, entity, ask) for bound, ask in zip(bounds, asks, strict=True)]
    if not any(told_of(entity, record) for reply in replies for record in reply.records):
        raise PlanUnfit("both containers are empty")
    draft.close("list under two", replace_also(asks[0], asks[1:]), with_replies(replies))


def _having(draft: Draft, entity: Entity, parameter: Parameter) -> frozenset[str]:
    """What holds records of a sort, as the argument of a listing names it; nothing where the records do not say."""
    fields = [item.pointer for item in entity.fields if item.refers == parameter.refers]
    pointer = parameter.filters or (fields[0] if len(fields) == 1 else "")
    records = draft.world.records(entity.key)
    if parameter.scope:
        found = [draft.world.scope_of(entity.key, record).get(parameter.name) for record in records]
    else:
        found = [pointed(record, pointer) for record in records] if pointer else []
    return frozenset(str(one) for one in found if one is not None)


def list_under(draft: Draft) -> None:
    """Find a container and list what it holds."""
    entity, tool, parameter, holder = _held(draft)
    having = _having(draft, entity, parameter)
    take = id_taken(parameter, holder)
    holds = (lambda one: str(pointed(one, take)) in having) if having else None
    record = some_record(draft, holder, fits=holds)
    located = locate(draft, holder, record, parameter)
    filled = Filled({parameter.pointer: located.source}, list(located.details), [])
    complete(draft, filled, tool, record, holder.key)
    bound = draft.call(tool, filled.arguments)
    found = draft.records_of(bound, entity.key)
    if not any(told_of(entity, record) for record in found):
        raise PlanUnfit("the container is empty")
    if not parameter.scope and not parameter.filters and _all_there_are(draft, entity, found):
        raise PlanUnfit(f"nothing says which {holder.noun} holds {with_article(entity.noun)}")
    ask = ask_of("list_under", tool, entity, container=located.target, details=filled.details)
    draft.listed = (entity.key, bound)
    beside = look_beside(draft, bound, entity, holder.key)
    draft.close("list under", ask, report(draft, bound, entity, ask, resolved=beside))
