"""Intents that write: create, change, act on, remove, send, connect, share, work through a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from callsmith.errors import PlanUnfit
from callsmith.language.letters import Letter, comment, letter
from callsmith.meaning import Act, Ask, Bound, Detail, Listed, Reply, Source, Stated, Target, Written
from callsmith.plan.draft import Draft
from callsmith.plan.fill import Filled, detail, optional, pointed, require, scopes, state, wished
from callsmith.plan.known import PERSONAL, SURE, plain, title_pointer
from callsmith.plan.reading import ask_of, finder_call, id_parameter, main_entities, some_entity
from callsmith.plan.targets import Located, label_of, locate, some_record
from callsmith.records import Entity, Json, Parameter, Person, Tool

BODY = ("body", "text")
COPYING = ("copy", "duplicate", "clone")
TELLING = (
    "body",
    "text",
    "title",
    "amount",
    "amount_minor",
    "date",
    "date_time",
    "duration_minutes",
    "count",
)
LEANING = (
    "comment",
    "reply",
    "note",
    "attachment",
    "subtask",
    "work log",
    "review",
    "attendee",
    "item",
)  # nothing without what they belong to


def body_parameter(tool: Tool) -> Parameter | None:
    return next(
        (
            p
            for p in tool.inputs
            if p.facet in BODY and p.klass == "content" and p.confidence >= SURE and p.required
        ),
        None,
    )


def recipient_parameter(tool: Tool) -> Parameter | None:
    for parameter in tool.inputs:
        if parameter.facet in ("email", "phone") and parameter.required and parameter.confidence >= SURE:
            return parameter
    return None


def is_message(tool: Tool) -> bool:
    return (
        tool.effect == "create" and body_parameter(tool) is not None and recipient_parameter(tool) is not None
    )


def holders(tool: Tool) -> list[Parameter]:
    """Parameters that name other records to be found first."""
    return [p for p in tool.inputs if p.klass == "opaque_id" and p.required and not p.scope]


def makers(draft: Draft) -> list[tuple[Entity, Tool]]:
    """What can be made and by which tool; things nobody could name, date or price are left to machines."""
    return [
        (draft.known.entities[key], tool)
        for key, tools in draft.known.makers.items()
        for tool in tools
        if key in draft.known.entities
        and (
            draft.known.entities[key].label_pointer
            or any(p.facet in TELLING for p in tool.inputs if p.required)
        )
    ]


def standalone(draft: Draft) -> list[tuple[Entity, Tool]]:
    """What can be made without anything to be found first."""
    return [
        (entity, tool)
        for entity, tool in makers(draft)
        if not is_message(tool)
        and not holders(tool)
        and entity.noun not in LEANING
        and tool.verb not in COPYING
        and _keyed_holder(draft, tool, entity) is None
    ]


def some_maker(draft: Draft, options: Sequence[tuple[Entity, Tool]]) -> tuple[Entity, Tool]:
    """Something to make; what more tools serve comes up more often."""
    entity = some_entity(draft, list({entity.key: entity for entity, _ in options}.values()))
    return draft.choice([pair for pair in options if pair[0].key == entity.key])


def done(draft: Draft, bound: Bound, entity: Entity, ask: Ask) -> Reply:
    return Reply("done", [bound.step.id], entity.key, draft.records_of(bound, entity.key), ask=ask)


def focus_on(draft: Draft, entity: Entity, record: Mapping[str, Any] | None) -> None:
    if record is not None and entity.id_pointer:
        draft.focus = (entity.key, str(pointed(record, entity.id_pointer)))
        draft.focused_at = len(draft.rounds)


def creation(draft: Draft, entity: Entity, tool: Tool, most: int) -> Filled:
    """Arguments for making something: its container, what it needs, and a few things a person would add."""
    filled = Filled({}, [], [])
    records = draft.world.records(entity.key)
    scopes(draft, filled, tool, draft.choice(records) if records else None, entity.key)
    for parameter in sorted((p for p in tool.inputs if p.required), key=lambda p: "amount" not in p.facet):
        if parameter.pointer in filled.arguments:
            continue
        if parameter.klass == "opaque_id":
            _from_holder(draft, filled, parameter)
        elif parameter.facet in BODY and parameter.klass == "content":
            note_for(draft, filled, tool, parameter)
        else:
            require(draft, filled, tool, parameter)
    optional(draft, filled, tool, most)
    return filled


def _from_holder(draft: Draft, filled: Filled, parameter: Parameter) -> Located:
    holder = draft.known.entities.get(parameter.refers)
    if holder is None or parameter.confidence < SURE or not holder.label_pointer:
        raise PlanUnfit(f"nothing is known of what {parameter.name} names")
    located = locate(draft, holder, some_record(draft, holder), parameter)
    filled.arguments[parameter.pointer] = wrapped(parameter, located.source)
    filled.details.extend(located.details)
    filled.container = located.target
    return located


def wrapped(parameter: Parameter, source: Source) -> Source:
    """A source as a parameter takes it: one element where it wants an array."""
    if "*" not in parameter.pointer or isinstance(source, Listed):
        return source
    return Listed([source])


def note_for(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter) -> None:
    group = "code" if any(word in tool.toolkit for word in ("git", "jira")) else "work"
    text = comment(group, draft.rng)
    filled.arguments[parameter.pointer] = Stated(text)
    filled.details.append(detail(parameter, text, role="sets"))


def create(draft: Draft) -> None:
    """Make one thing."""
    entity, tool = some_maker(draft, standalone(draft))
    filled = creation(draft, entity, tool, draft.choice((0, 1, 1, 2, 2, 3)))
    if not filled.details:
        raise PlanUnfit("there is nothing to say about it")
    bound = draft.call(tool, filled.arguments)
    ask = ask_of("create", tool, entity, details=filled.details)
    shown = draft.records_of(bound, entity.key)
    focus_on(draft, entity, shown[0] if shown else None)
    draft.close("create", ask, done(draft, bound, entity, ask))


def create_two(draft: Draft) -> None:
    """Make two things of one sort."""
    entity, tool = some_maker(draft, standalone(draft))
    first, second = (creation(draft, entity, tool, draft.choice((0, 1))) for _ in range(2))
    if first.arguments == second.arguments:
        raise PlanUnfit("both would be the same")
    bounds = draft.calls([(tool, first.arguments), (tool, second.arguments)])
    asks = [ask_of("create", tool, entity, details=filled.details) for filled in (first, second)]
    replies = [done(draft, b, entity, a) for b, a in zip(bounds, asks, strict=True)]
    _close_both(draft, "create two", asks, replies)


def _close_both(draft: Draft, intent: str, asks: Sequence[Ask], replies: Sequence[Reply]) -> None:
    ask = msgspec.structs.replace(asks[0], also=list(asks[1:]))
    draft.close(intent, ask, msgspec.structs.replace(replies[0], also=list(replies[1:])))


def create_under(draft: Draft) -> None:
    """Make something inside, or attached to, a thing found first: a comment, a subtask, a page in a folder."""
    options = [(e, t, p) for e, t in makers(draft) if not is_message(t) for p in _places(draft, t, e)]
    entity, tool, parameter = draft.choice(options)
    holder = draft.known.entities[parameter.refers]
    record = some_record(draft, holder)
    located = locate(draft, holder, record, parameter)
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, list(located.details), [])
    scopes(draft, filled, tool, record, holder.key)
    for other in tool.inputs:
        if not other.required or other.pointer in filled.arguments:
            continue
        if other.facet in BODY and other.klass == "content":
            note_for(draft, filled, tool, other)
        else:
            require(draft, filled, tool, other)
    optional(draft, filled, tool, draft.choice((0, 0, 1)))
    bound = draft.call(tool, filled.arguments)
    details = [item for item in filled.details if item.values != [located.target.key] or item.role != "names"]
    ask = ask_of("create_under", tool, entity, container=located.target, details=details)
    focus_on(draft, holder, record)
    draft.close("create under", ask, done(draft, bound, entity, ask))


def _places(draft: Draft, tool: Tool, entity: Entity) -> list[Parameter]:
    """The arguments that say under what a tool makes something: the one it needs, or one it may take."""
    needed = holders(tool)
    keyed = _keyed_holder(draft, tool, entity)
    if needed or keyed:
        options = [*needed, *([keyed] if keyed else [])]
        return [p for p in options if len(options) == 1 and _titled(draft, p)]
    return [
        p
        for p in tool.inputs
        if p.klass == "opaque_id"
        and p.confidence >= SURE
        and not p.scope
        and p.refers != entity.key
        and _titled(draft, p)
    ]


def _titled(draft: Draft, parameter: Parameter) -> bool:
    holder = draft.known.entities.get(parameter.refers)
    return holder is not None and bool(title_pointer(holder))


def _keyed_holder(draft: Draft, tool: Tool, entity: Entity) -> Parameter | None:
    for parameter in tool.inputs:
        if (
            parameter.klass == "natural_key"
            and parameter.required
            and not parameter.scope
            and parameter.refers not in ("", entity.key)
        ):
            if (
                draft.known.entities.get(parameter.refers)
                and draft.known.entities[parameter.refers].label_pointer
            ):
                return parameter
    return None


# ---------------------------------------------------------------- changing what is there


def change(draft: Draft, located: Located | None = None, entity: Entity | None = None) -> None:
    """Change one or two fields of a record."""
    if entity is None:
        entity = some_entity(draft, [e for e in main_entities(draft) if e.key in draft.known.changers])
    tool = draft.choice(draft.known.changers.get(entity.key, ()))
    parameter = id_parameter(tool, entity)
    if located is None:
        record = some_record(draft, entity)
        located = locate(draft, entity, record, parameter)
    filled = Filled({parameter.pointer: located.source}, list(located.details), [])
    scopes(draft, filled, tool, located.record, entity.key)
    identifier = str(pointed(located.record, entity.id_pointer))
    settable = [
        p
        for p in tool.inputs
        if wished(tool, p)
        and p.pointer not in filled.arguments
        and not _identity(entity, p)
        and (identifier, p.sets) not in draft.changed
    ]
    before = len(filled.details)
    for other in tool.inputs:
        if other.required and other.pointer not in filled.arguments and other not in settable:
            require(draft, filled, tool, other)
    needed = [p for p in settable if p.required]
    chosen = needed or [draft.choice(settable)]
    for item in chosen:
        _new_value(draft, filled, tool, item, located.record)
    if len(filled.details) == before:
        raise PlanUnfit("nothing to change")
    bound = draft.call(tool, filled.arguments)
    draft.changed.update((identifier, item.sets) for item in tool.inputs if item.pointer in filled.arguments)
    ask = ask_of("change", tool, entity, targets=[located.target], details=filled.details)
    focus_on(draft, entity, located.record)
    draft.close("change", ask, done(draft, bound, entity, ask))


def _identity(entity: Entity, parameter: Parameter) -> bool:
    """Whether a field says who somebody is: that is not changed into somebody else."""
    return entity.noun in PERSONAL and (
        parameter.sets == entity.label_pointer or parameter.facet in ("email", "person", "username")
    )


def _new_value(
    draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, record: Mapping[str, Any]
) -> None:
    old = pointed(record, parameter.sets)
    for _ in range(6):
        trial = Filled(dict(filled.arguments), list(filled.details), [])
        state(draft, trial, tool, parameter)
        source = trial.arguments[parameter.pointer]
        if not isinstance(source, Stated) or source.value != old:
            filled.arguments, filled.details = trial.arguments, trial.details
            return
    raise PlanUnfit(f"{parameter.name} has nothing else to be")


def act(
    draft: Draft, located: Located | None = None, entity: Entity | None = None, kind: str = "actors"
) -> None:
    """Do something to a record: complete, archive, cancel, star, merge, delete."""
    index: Mapping[str, Sequence[Tool]] = getattr(draft.known, kind)
    if entity is None:
        entity = some_entity(draft, [e for e in main_entities(draft) if e.key in index])
    tool = draft.choice([t for t in index.get(entity.key, ()) if len(_other_holders(t, entity)) == 0])
    parameter = id_parameter(tool, entity)
    if located is None:
        located = locate(draft, entity, _fit_to_act(draft, tool, entity), parameter)
    elif _already(located.record, tool.state):
        raise PlanUnfit("it is so already")
    filled = Filled({parameter.pointer: located.source}, list(located.details), [])
    scopes(draft, filled, tool, located.record, entity.key)
    for other in tool.inputs:
        if other.required and other.pointer not in filled.arguments:
            require(draft, filled, tool, other)
    bound = draft.call(tool, filled.arguments)
    name: Act = "remove" if kind == "removers" else "do"
    ask = ask_of(name, tool, entity, targets=[located.target], details=filled.details, state=tool.state)
    focus_on(draft, entity, located.record)
    draft.close("remove" if kind == "removers" else "act", ask, done(draft, bound, entity, ask))


def remove(draft: Draft, located: Located | None = None, entity: Entity | None = None) -> None:
    """Delete a record."""
    act(draft, located, entity, "removers")


def _other_holders(tool: Tool, entity: Entity) -> list[Parameter]:
    return [p for p in holders(tool) if p.refers not in ("", entity.key)]


def _already(record: Mapping[str, Any], wanted: Mapping[str, Json]) -> bool:
    return bool(wanted) and all(pointed(record, pointer) == value for pointer, value in wanted.items())


def _fit_to_act(draft: Draft, tool: Tool, entity: Entity) -> Mapping[str, Any]:
    """A record the action would change, in a state the world accepts it in."""
    for _ in range(8):
        record = some_record(draft, entity)
        if not _already(record, tool.state):
            return record
    raise PlanUnfit(f"every {entity.noun} tried is so already")


def act_two(draft: Draft) -> None:
    """Do the same to two records."""
    kind = draft.choice(("actors", "removers"))
    index: Mapping[str, Sequence[Tool]] = getattr(draft.known, kind)
    entity = some_entity(draft, [e for e in main_entities(draft) if e.key in index])
    tool = draft.choice([t for t in index[entity.key] if not _other_holders(t, entity)])
    parameter = id_parameter(tool, entity)
    found = [locate(draft, entity, _fit_to_act(draft, tool, entity), parameter) for _ in range(2)]
    _apply_to_all(
        draft, tool, entity, parameter, found, "act on two", "remove" if kind == "removers" else "do"
    )


def _apply_to_all(
    draft: Draft,
    tool: Tool,
    entity: Entity,
    parameter: Parameter,
    found: Sequence[Located],
    intent: str,
    name: Act,
) -> None:
    calls: list[tuple[Tool, dict[str, Source]]] = []
    details: list[Detail] = []
    common = Filled({}, [], [])
    for other in tool.inputs:
        if other.required and other is not parameter and not other.scope:
            require(draft, common, tool, other)
    for located in found:
        filled = Filled({parameter.pointer: located.source, **common.arguments}, list(located.details), [])
        scopes(draft, filled, tool, located.record, entity.key)
        calls.append((tool, filled.arguments))
        details.extend(item for item in filled.details if item not in details)
    bounds = draft.calls(calls)
    ask = ask_of(
        name,
        tool,
        entity,
        targets=[one.target for one in found],
        details=details + common.details,
        state=tool.state,
    )
    replies = [
        Reply("done", [b.step.id], entity.key, draft.records_of(b, entity.key), ask=ask) for b in bounds
    ]
    draft.close(intent, ask, msgspec.structs.replace(replies[0], also=replies[1:]))


def batch(draft: Draft) -> None:
    """Work through everything that meets a condition."""
    entity = some_entity(
        draft,
        [e for e in main_entities(draft) if e.key in draft.known.actors or e.key in draft.known.removers],
    )
    tools = [*draft.known.actors.get(entity.key, ()), *draft.known.removers.get(entity.key, ())]
    tool = draft.choice([t for t in tools if not _other_holders(t, entity)])
    parameter = id_parameter(tool, entity)
    lister, filled, criteria = finder_call(draft, entity)
    if not criteria.details or parameter.klass != "opaque_id":
        raise PlanUnfit("no condition to work by")
    bound = draft.call(lister, filled.arguments)
    shown = draft.records_of(bound, entity.key)
    world = {str(pointed(r, entity.id_pointer)): r for r in draft.world.records(entity.key)}
    found = []
    for record in shown:
        full = world.get(str(pointed(record, entity.id_pointer)))
        if full is None or _already(full, tool.state):
            raise PlanUnfit("some are so already")
        found.append(locate(draft, entity, full, parameter))
    if not 2 <= len(found) <= 6:
        raise PlanUnfit(f"{len(found)} are no batch")
    calls = [(tool, _with_scope(draft, tool, entity, parameter, located)) for located in found]
    bounds = draft.calls(calls)
    name: Act = "remove" if tool.effect == "delete" else "do"
    target = Target(entity.noun, entity.plural, "the", filters=filled.details)
    ask = ask_of(name, tool, entity, targets=[target], details=filled.details, state=tool.state)
    records = [located.shown for located in found]
    reply = Reply("done", [b.step.id for b in bounds], entity.key, records, total=len(records), ask=ask)
    draft.close("batch", ask, reply)


def _with_scope(
    draft: Draft, tool: Tool, entity: Entity, parameter: Parameter, located: Located
) -> dict[str, Source]:
    filled = Filled({parameter.pointer: located.source}, [], [])
    scopes(draft, filled, tool, located.record, entity.key)
    for other in tool.inputs:
        if other.required and other.pointer not in filled.arguments:
            require(draft, filled, tool, other)
    if filled.details:
        raise PlanUnfit("each would need something said of its own")
    return filled.arguments


def connect(draft: Draft) -> None:
    """Bring two things together: a file into a folder, a task into a project, a label onto a mail."""
    options = []
    for entity in main_entities(draft):
        for tool in (*draft.known.actors.get(entity.key, ()), *draft.known.changers.get(entity.key, ())):
            for parameter in tool.inputs:
                holder = draft.known.entities.get(parameter.refers)
                if (
                    holder
                    and parameter.klass == "opaque_id"
                    and parameter.confidence >= SURE
                    and parameter.pointer != tool.id_field
                    and not plain(parameter.name).startswith(("remove", "unset", "exclude"))
                ):
                    if holder.label_pointer and (
                        holder.key != entity.key or "parent" in parameter.name.lower()
                    ):
                        options.append((entity, tool, parameter, holder))
    entity, tool, parameter, holder = draft.choice(options)
    mine = id_parameter(tool, entity)
    record, container = some_record(draft, entity), some_record(draft, holder)
    located = locate(draft, entity, record, mine)
    within = locate(draft, holder, container, parameter)
    value: Source = wrapped(parameter, within.source)
    filled = Filled(
        {mine.pointer: located.source, parameter.pointer: value}, [*located.details, *within.details], []
    )
    scopes(draft, filled, tool, record, entity.key)
    for other in tool.inputs:
        if other.required and other.pointer not in filled.arguments:
            require(draft, filled, tool, other)
    bound = draft.call(tool, filled.arguments)
    ask = ask_of(
        "connect",
        tool,
        entity,
        targets=[located.target],
        container=within.target,
        details=filled.details,
        field=parameter.name,
    )
    focus_on(draft, entity, record)
    draft.close("connect", ask, done(draft, bound, entity, ask))


# ---------------------------------------------------------------- telling people


def recipient(draft: Draft, tool: Tool) -> tuple[Person, Parameter, Detail, Source]:
    """Somebody to write to, by an address the user gives."""
    parameter = recipient_parameter(tool)
    if parameter is None:
        raise PlanUnfit("it is sent to nobody")
    person = draft.choice(draft.scene.people)
    address = person.phone if parameter.facet == "phone" else person.email
    stated = Stated(address)
    source: Source = Listed([stated]) if "*" in parameter.pointer else stated
    item = Detail(
        parameter.name,
        parameter.facet,
        parameter.phrase,
        "to",
        "value",
        [address],
        shown=person.given,
        required=True,
    )
    return person, parameter, item, source


def written(draft: Draft, tool: Tool, note: Letter, filled: Filled) -> None:
    """Fill the text parameters of a message tool from what is to be said."""
    for parameter in tool.inputs:
        if not parameter.required or parameter.pointer in filled.arguments:
            continue
        if parameter.facet in BODY and parameter.klass == "content":
            filled.arguments[parameter.pointer] = Written(note.body)
        elif parameter.facet == "title" and parameter.klass == "content":
            filled.arguments[parameter.pointer] = Written(note.subject)
        else:
            require(draft, filled, tool, parameter)


def send(draft: Draft, about: tuple[str, str] | None = None) -> None:
    """Write to somebody. ``about`` is (topic, sentence) where the message passes on what was found."""
    entity, tool = draft.choice([(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)])
    person, parameter, item, source = recipient(draft, tool)
    filled = Filled({parameter.pointer: source}, [item], [])
    scopes(draft, filled, tool, None, entity.key)
    note = letter(draft.scene, person, "neutral", draft.rng, plain=parameter.facet == "phone")
    written(draft, tool, note, filled)
    bound = draft.call(tool, filled.arguments)
    gist = {
        "kind": note.kind,
        "say": note.say,
        "given": person.given,
        "topic": note.topic,
        "about": note.about,
    }
    ask = ask_of("send", tool, entity, details=filled.details, gist=gist)
    shown = draft.records_of(bound, entity.key)
    focus_on(draft, entity, shown[0] if shown else None)
    draft.close("send", ask, done(draft, bound, entity, ask))


def send_two(draft: Draft) -> None:
    """Write to two people, each about their own matter."""
    entity, tool = draft.choice([(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)])
    calls, asks = [], []
    for _ in range(2):
        person, parameter, item, source = recipient(draft, tool)
        filled = Filled({parameter.pointer: source}, [item], [])
        scopes(draft, filled, tool, None, entity.key)
        note = letter(draft.scene, person, "neutral", draft.rng, plain=parameter.facet == "phone")
        written(draft, tool, note, filled)
        calls.append((tool, filled.arguments))
        gist = {
            "kind": note.kind,
            "say": note.say,
            "given": person.given,
            "topic": note.topic,
            "about": note.about,
        }
        asks.append(ask_of("send", tool, entity, details=filled.details, gist=gist))
    if asks[0].gist["given"] == asks[1].gist["given"]:
        raise PlanUnfit("both go to one person")
    bounds = draft.calls(calls)
    replies = [done(draft, b, entity, a) for b, a in zip(bounds, asks, strict=True)]
    _close_both(draft, "send two", asks, replies)


def label_text(entity: Entity, record: Mapping[str, Any]) -> str:
    return label_of(entity, record)
