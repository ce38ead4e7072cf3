"""Intents that do the same to several records: to two, or to all that meet a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from callsmith.catalog.lives import standing, words_of
from callsmith.errors import PlanUnfit
from callsmith.meaning import Act, Detail, Listed, Reply, Source, Target
from callsmith.plan.arguments.bounds import Criteria
from callsmith.plan.arguments.fill import Filled, complete, require, said_name, scopes
from callsmith.plan.arguments.listing import finder_call
from callsmith.plan.describing import bygone
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.changing import fit_to_act, for_good, in_full, other_holders
from callsmith.plan.intents.reading import ask_of, main_entities, some_entity
from callsmith.plan.known import HAPPENING
from callsmith.plan.purpose import purposeful
from callsmith.plan.serving import id_parameter, lists_ids, placed, wrapped
from callsmith.plan.stages import already, deed_of, out_of_turn, undoes
from callsmith.plan.targets import Located, locate
from callsmith.records import Entity, Parameter, Tool


def act_two(draft: Draft) -> None:
    """Do the same to two records."""
    kind = draft.choice([name for name in ("actors", "removers") if getattr(draft.known, name)])
    index: Mapping[str, Sequence[Tool]] = getattr(draft.known, kind)
    entity = some_entity(draft, [e for e in main_entities(draft) if e.key in index], index)
    tool = draft.choice([t for t in index[entity.key] if not other_holders(t, entity) and not undoes(t)])
    parameter = id_parameter(tool, entity)
    records = [fit_to_act(draft, tool, entity) for _ in range(2)]
    found = [locate(draft, entity, r, parameter, in_full(entity, r, tool)) for r in records]
    _apply_to_all(draft, tool, entity, parameter, found)


def act_on_several(draft: Draft) -> None:
    """Do the same to two records, or three, with one call that takes a list of them."""
    kinds = [
        {key: fit for key, tools in index.items() if (fit := [t for t in tools if _takes_several(t)])}
        for index in (draft.known.actors, draft.known.removers)
    ]
    served: Mapping[str, Sequence[Tool]] = draft.choice([kind for kind in kinds if kind])
    entity = some_entity(draft, [e for e in main_entities(draft) if e.key in served], served)
    tool = draft.choice([t for t in served[entity.key] if not other_holders(t, entity)])
    parameter = id_parameter(tool, entity)
    records = [fit_to_act(draft, tool, entity) for _ in range(draft.choice((2, 2, 3)))]
    found = [locate(draft, entity, r, parameter, in_full(entity, r, tool)) for r in records]
    _apply_to_all(draft, tool, entity, parameter, found)


def _all_of(found: Sequence[Located]) -> Listed:
    """The ids of several records as one list."""
    return Listed([one.source for one in found if not isinstance(one.source, Listed)])


def _takes_several(tool: Tool) -> bool:
    return not undoes(tool) and any(p.pointer == tool.id_field and lists_ids(p) for p in tool.inputs)


def _apply_to_all(
    draft: Draft, tool: Tool, entity: Entity, parameter: Parameter, found: Sequence[Located]
) -> None:
    calls: list[tuple[Tool, dict[str, Source]]] = []
    said: list[list[Detail]] = []
    common = Filled({}, [], [])
    for other in tool.inputs:
        if other.required and other is not parameter and not other.scope:
            require(draft, common, tool, other)
    if any(item.facet not in ("label", "enum") for item in common.details):
        raise PlanUnfit("each would be done with something of its own")
    together = lists_ids(parameter)
    for located in found:
        filled = Filled({parameter.pointer: located.source, **common.arguments}, list(located.details), [])
        scopes(draft, filled, tool, located.record, entity.key)
        calls.append((tool, filled.arguments))
        said.append(filled.details)
    targets, details = placed([one.target for one in found], said)
    purposeful(tool, Filled(calls[0][1], [], []))
    if together:
        whole = {**calls[0][1], parameter.pointer: _all_of(found)}
        calls = [(tool, whole)]
    bounds = draft.calls(calls)
    ask = ask_of(
        "remove" if tool.deed == "delete" else "do",
        tool,
        entity,
        targets=targets,
        details=details + common.details,
        state=tool.state,
    )
    ask = for_good(ask, tool)
    replies = [
        Reply("done", [b.step.id], entity.key, draft.records_of(b, entity.key), ask=ask) for b in bounds
    ]
    draft.close("act on two", ask, msgspec.structs.replace(replies[0], also=replies[1:]))


def batch(draft: Draft) -> None:
    """Work through everything that meets a condition."""
    entity = some_entity(
        draft,
        [e for e in main_entities(draft) if e.key in draft.known.actors or e.key in draft.known.removers],
        draft.known.actors,
        draft.known.removers,
    )
    tools = [*draft.known.actors.get(entity.key, ()), *draft.known.removers.get(entity.key, ())]
    tool = draft.choice([t for t in tools if not other_holders(t, entity)])
    parameter = id_parameter(tool, entity)
    lister, filled, criteria = finder_call(draft, entity)
    if parameter.klass != "opaque_id" or not _worked_through(entity, tool, lister, criteria):
        raise PlanUnfit("no condition to work by")
    bound = draft.call(lister, filled.arguments)
    shown = draft.records_of(bound, entity.key)
    world = {identity(entity, r): r for r in draft.world.records(entity.key)}
    found = []
    for record in shown:
        full = world.get(identity(entity, record))
        if (
            full is None
            or already(full, tool.state)
            or bygone(draft, entity, full, deed_of(tool))
            or out_of_turn(entity, full, tool)
        ):
            raise PlanUnfit(f"not all of the {entity.plural} that would be meant are in a state for it")
        found.append(locate(draft, entity, full, parameter))
    if not 2 <= len(found) <= BATCH:
        raise PlanUnfit(f"{len(found)} are no batch")
    calls = [(tool, _with_scope(draft, tool, entity, parameter, located)) for located in found]
    if lists_ids(parameter):
        calls = [(tool, {**calls[0][1], parameter.pointer: _all_of(found)})]
    bounds = draft.calls(calls)
    name: Act = "remove" if tool.deed == "delete" else "do"
    target = Target(entity.noun, entity.plural, "the", filters=filled.details)
    ask = for_good(
        ask_of(name, tool, entity, targets=[target], details=filled.details, state=tool.state), tool
    )
    records = [located.shown for located in found]
    reply = Reply("done", [b.step.id for b in bounds], entity.key, records, total=len(records), ask=ask)
    draft.close("batch", ask, reply)


BATCH = 5  # records that somebody has worked through in one go


def _worked_through(entity: Entity, tool: Tool, lister: Tool, criteria: Criteria) -> bool:
    """Whether a list is one that somebody has worked through: of those that are open or due, where things have states.

    What is tidied away whatever its state, such as mail, is picked by any condition.
    """
    told = {item.parameter for item in criteria.details if item.facet != "limit"}
    stands = standing(entity.schema.get("properties", {}))
    if not told or not stands or deed_of(tool) in HAPPENING["tidying"]:
        return bool(told)
    for parameter in lister.inputs:
        if said_name(parameter) in told:
            picks = parameter.filters.rpartition("/")[2]
            if picks == stands or parameter.facet == "flag" or _DUE & {*words_of(parameter.filters)}:
                return True
    return False


_DUE = frozenset("due overdue deadline expires expiry".split())


def _with_scope(
    draft: Draft, tool: Tool, entity: Entity, parameter: Parameter, located: Located
) -> dict[str, Source]:
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, [], [])
    complete(draft, filled, tool, located.record, entity.key)
    if filled.details:
        raise PlanUnfit("each would need something said of its own")
    return filled.arguments
