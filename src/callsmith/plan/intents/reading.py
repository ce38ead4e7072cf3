"""Intents that read: list, count, look up, find the latest, compare, look inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Act, Ask, Bound, Reply
from callsmith.plan.arguments.fill import Filled, complete, pointed
from callsmith.plan.arguments.listing import finder_call, narrowed_by
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.asked import HALVES, UNASKED, asked_field
from callsmith.plan.belonging import bare
from callsmith.plan.centrality import central
from callsmith.plan.describing import label_of, some_record
from callsmith.plan.draft import Draft
from callsmith.plan.known import (
    Known,
    housekeeping,
    salient,
    sort_field,
    title_in,
    title_pointer,
)
from callsmith.plan.pages import goes_on, in_all
from callsmith.plan.pasted import pasted, told_by_id
from callsmith.plan.serving import id_parameter, placed, wrapped
from callsmith.plan.signs import told_at
from callsmith.plan.targets import Located, by_key, locate
from callsmith.records import Entity, Field, Tool


def main_entities(draft: Draft) -> list[Entity]:
    """Entities whose records have a title and can be listed."""
    return [
        entity
        for key, entity in draft.known.entities.items()
        if title_pointer(entity) and key in draft.known.finders
    ]


def keyed_entities(draft: Draft, index: Mapping[str, Sequence[Tool]]) -> list[Entity]:
    """Entities to talk about, those among them that nothing lists but whose key people have at hand: a booking."""
    keyed = [
        entity
        for key, entity in draft.known.entities.items()
        if key not in draft.known.finders
        and any(_told_by_key(tool, key) for tool in index.get(key, ()))
        or told_by_id(draft.known, entity, index.get(key, ()))
    ]
    return [*main_entities(draft), *keyed]


def _told_by_key(tool: Tool, key: str) -> bool:
    """Whether a tool is told by a key that people say which record it is to work on."""
    return any(
        p.pointer == tool.id_field and p.klass == "natural_key" and p.refers == key for p in tool.inputs
    )


def ask_of(act: Act, tool: Tool, entity: Entity, **more: Any) -> Ask:
    return Ask(
        act=act,
        tool=tool.name,
        verb=tool.verb,
        noun=entity.noun,
        plural=entity.plural,
        phrase=tool.phrase,
        **more,
    )


def asking(item: Field) -> dict[str, Any]:
    """How an ask names the field that is wanted."""
    choices = [str(option) for option in item.schema.get("enum", ()) if option is not None]
    return {"field": item.phrase, "field_facet": item.facet, "field_choices": choices}


def report(
    draft: Draft,
    bound: Bound,
    entity: Entity,
    ask: Ask,
    act: Literal["report", "count"] = "report",
    *,
    resolved: bool = False,
) -> Reply:
    """What a listing showed; ``resolved``: what its records belong to is shown beside it.

    Raises:
        PlanUnfit: it says too little of them.
    """
    records = draft.records_of(bound, entity.key)
    tool = draft.known.tools[bound.step.tool]
    if act == "report" and not resolved and bare(draft.known, entity, tool, bound.step.arguments, records):
        raise PlanUnfit(f"only when and of what sort a {entity.noun} is would be told")
    if act == "report" and _alike_all(draft, bound, entity, records):
        raise PlanUnfit(f"nothing tells one {entity.noun} from another")
    if (
        act == "report"
        and records
        and title_pointer(entity)
        and not any(title_in(entity, r) for r in records)
    ):
        raise PlanUnfit(f"no {entity.noun} shows its name")
    total, more = in_all(bound.result.value), goes_on(bound.result.value, len(records))
    if total < 0 and not more:
        total = len(records)
    return Reply(
        act="none" if not records else act,
        steps=[bound.step.id],
        entity=entity.key,
        records=records,
        total=total,
        ask=ask,
        more=more,
    )


def _alike_all(draft: Draft, bound: Bound, entity: Entity, records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether several records show nothing that people tell them apart by: neither a name of its own nor anything."""
    if len(records) < 2:
        return False
    if title_pointer(entity):
        names = {title_in(entity, record).lower() for record in records}
        return len(records) > 2 and len(names) == 1
    shown = draft.known.shown.get((bound.step.tool, entity.key), frozenset())
    told = [item.pointer for item in salient(entity, shown)]
    told += [item.pointer for item in entity.fields if item.facet in ("body", "text", "number", "count")]
    told += [sort.pointer] if (sort := sort_field(entity, shown)) is not None else []
    rows = [[pointed(record, pointer) for pointer in told] for record in records]
    bare = sum(all(value in (None, "", []) for value in row) for row in rows)
    return bare > 1 or len({str(row) for row in rows}) == 1


def some_entity(draft: Draft, options: Sequence[Entity], *serving: Mapping[str, Sequence[Tool]]) -> Entity:
    """An entity to talk about, in proportion to the tools that would serve (``serving``, else those that find it).

    So each of several hundred tools comes up. What an API is chiefly about, what many tools work with,
    comes up more often than what it also has.

    Raises:
        PlanUnfit: there is none.
    """
    if not options:
        raise PlanUnfit("no entity serves")
    indexes = serving or (draft.known.finders,)
    weights = [
        sum(len(index.get(entity.key, ())) for index in indexes) * central(draft.known, entity)
        for entity in options
    ]
    if not any(weights):
        raise PlanUnfit("no tool serves any of them")
    return options[draft.weighted(weights)]


_OF_ONE = ("email", "phone", "limit", "person", "title", "query:text")  # what tells one record, or how many


def show_list(draft: Draft, act: Literal["list", "count"] = "list") -> None:
    """What is there, under one or two conditions."""
    counted = [draft.known.entities[key] for key in draft.known.nameless] if act == "count" else []
    entity = some_entity(draft, [*main_entities(draft), *counted])
    if draft.listed is not None and draft.listed[0] == entity.key:
        raise PlanUnfit("it was listed before")
    tool, filled, _ = finder_call(draft, entity)
    if act == "count" and any(item.facet in _OF_ONE for item in filled.details):
        raise PlanUnfit("nobody counts what is one, or as many as they say")
    bound = draft.call(tool, filled.arguments)
    found = draft.records_of(bound, entity.key)
    if not found and not draft.chance(0.15):
        raise PlanUnfit("nothing to list")
    ask = ask_of(act, tool, entity, details=filled.details, state=tool.state)
    reply = report(draft, bound, entity, ask, "count" if act == "count" else "report")
    if act == "count" and reply.more:
        raise PlanUnfit("a page is not a count")
    draft.listed = (entity.key, bound)
    if len(found) == 1:
        draft.turn_to(entity, found[0])
    draft.close("count" if act == "count" else "show list", ask, reply)


def count(draft: Draft) -> None:
    """How many there are of a sort."""
    show_list(draft, "count")


def list_two(draft: Draft) -> None:
    """Two listings at once: of two sorts of thing, or under two values of one condition."""
    entities = main_entities(draft)
    entities += [draft.known.entities[key] for key in draft.known.finders if key in draft.known.nameless]
    first = some_entity(draft, entities)
    second = draft.choice([entity for entity in entities if entity.key != first.key] or entities)
    calls, asks = [], []
    for entity in (first, second):
        tool, filled, _ = finder_call(draft, entity, 1)
        calls.append((tool, filled.arguments))
        asks.append(ask_of("list", tool, entity, details=filled.details, state=tool.state))
    if calls[0][0] is calls[1][0] and _alike(*calls[0], calls[1][1]):
        raise PlanUnfit("both listings are the same")
    bounds = draft.calls(calls)
    replies = [report(draft, b, e, a) for b, e, a in zip(bounds, (first, second), asks, strict=True)]
    if not any(reply.records for reply in replies):
        raise PlanUnfit("both listings are empty")
    head = replace_also(asks[0], asks[1:])
    draft.close("list two", head, with_replies(replies))


def _alike(tool: Tool, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two calls of a listing differ in nothing but how many records they ask for."""
    counts = {p.pointer for p in tool.inputs if p.facet in ("limit", "order")}
    return {k: v for k, v in one.items() if k not in counts} == {
        k: v for k, v in other.items() if k not in counts
    }


def replace_also(ask: Ask, also: Sequence[Ask]) -> Ask:
    return msgspec.structs.replace(ask, also=list(also))


def with_replies(replies: Sequence[Reply]) -> Reply:
    return msgspec.structs.replace(replies[0], also=list(replies[1:]))


def get_record(
    draft: Draft, getter: Tool, entity: Entity, record: Mapping[str, Any]
) -> tuple[Located, Bound]:
    """Find a record and read it whole."""
    parameter = id_parameter(getter, entity)
    bare = not told_more(draft.known, getter, entity)
    by_id = draft.chance(0.9 if bare else 0.1) and pasted(parameter, entity)
    located = by_key(draft, entity, record, parameter) if by_id else locate(draft, entity, record, parameter)
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, list(located.details), [])
    complete(draft, filled, getter, record, entity.key)
    bound = draft.call(getter, filled.arguments)
    return msgspec.structs.replace(located, details=filled.details), bound


def told_more(known: Known, getter: Tool, entity: Entity) -> frozenset[str]:
    """What reading a record whole shows that no listing of such records does."""
    listed = [
        known.shown.get((tool.name, entity.key), frozenset()) for tool in known.finders.get(entity.key, ())
    ]
    return known.shown[getter.name, entity.key].difference(*listed)


def look_up(draft: Draft) -> None:
    """Find one record and answer a question about it."""
    entity = some_entity(
        draft,
        [e for e in keyed_entities(draft, draft.known.getters) if e.key in draft.known.getters],
        draft.known.getters,
    )
    getter = draft.choice(draft.known.getters[entity.key])
    record = some_record(draft, entity)
    located, bound = get_record(draft, getter, entity, record)
    new = draft.known.shown[getter.name, entity.key]
    if located.bound is not None:
        seen = draft.known.shown[located.bound.step.tool, entity.key]
        new = frozenset(new - seen)
        if not new:
            raise PlanUnfit("the search says it all already")
    answer_from(draft, "look up", getter, located, bound, new)


def answer_from(
    draft: Draft, intent: str, getter: Tool, located: Located, bound: Bound, new: frozenset[str]
) -> None:
    """Ask about a record that was read whole, and answer with a field (one of ``new``) from what was read."""
    entity = located.entity
    shown = draft.records_of(bound, entity.key)
    if not shown:
        raise PlanUnfit("the record is not shown")
    item = asked_field(draft, entity, shown[0], new, whether=True)
    ask = ask_of("look_up", getter, entity, targets=[located.target], details=located.details, **asking(item))
    draft.turn_to(entity, located.record)
    reply = Reply("answer", [bound.step.id], entity.key, shown, field=item.pointer, ask=ask)
    draft.close(intent, ask, reply)


def find_and_tell(draft: Draft) -> None:
    """Find one record by search and answer from what the search shows."""
    entity = some_entity(draft, main_entities(draft))
    record = some_record(draft, entity)
    located = locate(draft, entity, record, None)
    if located.bound is None:
        raise PlanUnfit("it is known already")
    tool = draft.known.tools[located.bound.step.tool]
    visible = draft.known.shown[tool.name, entity.key] - narrowed_by(tool, located.bound.step.arguments)
    item = asked_field(draft, entity, located.shown, visible, whether=True)
    ask = ask_of(
        "look_up",
        tool,
        entity,
        targets=[located.target],
        details=located.details,
        **asking(item),
    )
    reply = Reply("answer", [located.bound.step.id], entity.key, [located.shown], field=item.pointer, ask=ask)
    draft.turn_to(entity, record)
    draft.close("find and tell", ask, reply)


def compare(draft: Draft) -> None:
    """Two records side by side on one field."""
    entity = some_entity(draft, main_entities(draft))
    getters = draft.known.getters.get(entity.key, ())
    records = [some_record(draft, entity), some_record(draft, entity)]
    pairs: list[tuple[Located, Mapping[str, Any], str]] = []
    whole = bool(getters) and draft.chance(0.5)
    for record in records:
        if whole:
            located, bound = get_record(draft, getters[0], entity, record)
            shown: Mapping[str, Any] = draft.records_of(bound, entity.key)[0]
        else:
            located = locate(draft, entity, record, None)
            if located.bound is None:
                raise PlanUnfit("it is known already")
            bound, shown = located.bound, located.shown
        pairs.append((located, shown, bound.step.id))
    known = [located.shown for located, _, _ in pairs] if whole else []
    item = _compared_on(draft, entity, [shown for _, shown, _ in pairs], known)
    if label_of(entity, records[0]).lower() == label_of(entity, records[1]).lower():
        raise PlanUnfit("two of one name")
    tool = draft.known.tools[draft.done[pairs[0][2]].step.tool]
    targets, details = placed([p[0].target for p in pairs], [list(p[0].details) for p in pairs])
    ask = ask_of(
        "compare",
        tool,
        entity,
        targets=targets,
        details=details,
        **asking(item),
    )
    reply = Reply(
        "compare", [p[2] for p in pairs], entity.key, [p[1] for p in pairs], field=item.pointer, ask=ask
    )
    draft.close("compare", ask, reply)


def _compared_on(
    draft: Draft, entity: Entity, shown: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> Field:
    """A field that sets two records apart, or one that both have; what is ``known`` of them is not read again.

    Raises:
        PlanUnfit: everything was known already.
    """
    first, second = shown
    told = {
        item.pointer for item in entity.fields if known and all(values_at(one, item.pointer) for one in known)
    }
    comparable = (*MOMENTS, "amount", "amount_minor", "duration_minutes", "enum")
    options = [
        item
        for item in entity.fields
        if item.facet in comparable
        and item.pointer not in told_at(entity) | told
        and 0 < len(item.phrase.split()) <= 2
        and not item.phrase.endswith(HALVES)
        and not any(word in item.phrase for word in UNASKED)
        and not (entity.person and item.facet in MOMENTS)  # nobody asks who of two is older, or came first
        and item.pointer.count("/") <= 2
        and all(pointed(record, item.pointer) not in (None, 0) for record in shown)
        and (item.facet != "enum" or item.phrase in ("status", "state", "priority"))
        and (pointed(first, item.pointer) != pointed(second, item.pointer) or draft.chance(0.15))
    ]
    if options:
        return draft.choice(options)
    shared = {
        item.pointer
        for item in entity.fields
        if all(pointed(record, item.pointer) is not None for record in shown)
        and item.facet != "enum"
        and not housekeeping(item)
        and not (entity.person and item.facet in MOMENTS)
    }
    return asked_field(draft, entity, first, shared - told)
