"""Intents that change what is there: a field, a state, several at once, two things brought together."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from callsmith.catalog.allowances import refuses
from callsmith.catalog.another import makes_another
from callsmith.catalog.bodily import measures_of
from callsmith.errors import PlanUnfit
from callsmith.execute import records_at, values_at
from callsmith.meaning import Act, Ask, Bound, Pick, Source, Stated
from callsmith.plan.arguments.fill import Filled, complete, pointed, require, scopes, state
from callsmith.plan.arguments.order import in_order, later
from callsmith.plan.arguments.spans import partner
from callsmith.plan.arguments.ties import tying
from callsmith.plan.arguments.wishes import wished
from callsmith.plan.describing import Described, bygone, label_of, some_record
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.reading import ask_of, keyed_entities, main_entities, some_entity
from callsmith.plan.known import (
    OCCASIONS,
    SURE,
    about_person,
    is_folder,
    owned,
    plain,
    takes_place,
    title_pointer,
    yield_of,
)
from callsmith.plan.makers import ANSWERING
from callsmith.plan.purpose import purposeful
from callsmith.plan.renaming import after_a_matter, is_machinery, says_what_it_is
from callsmith.plan.serving import as_taken, done, focus_on, holders, id_parameter, made, retitled, wrapped
from callsmith.plan.stages import (
    already,
    deed_of,
    later_than,
    only_afterwards,
    out_of_turn,
    puts,
    says_nothing_new,
    together,
    undoes,
)
from callsmith.plan.targets import Located, locate
from callsmith.records import Entity, Json, Parameter, Tool
from callsmith.schema import types

WRITTEN = ("file", "document", "folder", "spreadsheet", "presentation", "page", "sheet")
DISCARDING = ("trash", "archive", "delete", "remove", "cancel", "void", "discard", "decline")


def change(
    draft: Draft, located: Located | None = None, entity: Entity | None = None, titles: bool = True
) -> None:
    """Change one or two fields of a record."""
    if entity is None:
        kinds = [e for e in main_entities(draft) if e.key in draft.known.changers]
        entity = some_entity(draft, kinds, draft.known.changers)
    tool = draft.choice(draft.known.changers.get(entity.key, ()))
    parameter = id_parameter(tool, entity)
    if located is None:
        record = some_record(draft, entity, lasting=True, fits=lambda one: not refuses(tool, entity, one))
        located = locate(draft, entity, record, parameter)
    elif bygone(draft, entity, located.record):
        raise PlanUnfit(f"the {entity.noun} is over")
    if _finished(located.record) or refuses(tool, entity, located.record):
        raise PlanUnfit(f"the {entity.noun} stays as it is")
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, list(located.details), [])
    scopes(draft, filled, tool, located.record, entity.key)
    identifier = identity(entity, located.record)
    settable = [
        p
        for p in tool.inputs
        if p.pointer not in filled.arguments
        and changeable(tool, entity, p)
        and (identifier, p.sets) not in draft.changed
        and (titles or p.sets != entity.label_pointer)
    ]
    before = len(filled.details)
    wanted = draft.choice(settable)
    _new_value(draft, filled, tool, wanted, located.record)
    for other in tool.inputs:
        if other.required and other.pointer not in filled.arguments:
            kept = _kept(draft, entity, located.record, other)
            if kept is not None:
                filled.arguments[other.pointer] = kept
            elif other in settable:
                _new_value(draft, filled, tool, other, located.record)
            else:
                require(draft, filled, tool, other)
    if len(filled.details) == before:
        raise PlanUnfit("nothing to change")
    bound = draft.call(tool, filled.arguments)
    if not all(map(in_order, draft.records_of(bound, entity.key))):
        raise PlanUnfit(f"the {entity.noun} would end before it begins")
    draft.changed.update((identifier, item.sets) for item in tool.inputs if item.pointer in filled.arguments)
    fresh = wanted.sets and pointed(located.record, wanted.sets) in (None, "", [])
    gist = {"fresh": "yes"} if fresh else {}
    ask = ask_of("change", tool, entity, targets=[located.target], details=filled.details, gist=gist)
    focus_on(draft, entity, located.record)
    draft.close("change", ask, done(draft, bound, entity, ask))


_ENDED = ("completed_at", "resolutiondate", "closed_at", "merged_at", "canceled_at", "ended_at",
          "archived_at")  # fmt: skip


def _finished(record: Mapping[str, Any]) -> bool:
    """Whether a record is of something that is done with: nobody gives it another deadline."""
    inner = record.get("fields") if isinstance(record.get("fields"), dict) else {}
    every = {**record, **(inner or {})}
    return any(every.get(name) for name in _ENDED) or any(
        every.get(name) is True for name in ("completed", "checked", "archived", "is_archived")
    )


_INBORN = (("species",), ("breed",), ("gender",), ("sex",), ("genus",))  # what a thing is, it stays


def changeable(tool: Tool, entity: Entity, parameter: Parameter) -> bool:
    """Whether an argument is something people ask to have changed about a record."""
    name = parameter.name.lower()
    started = parameter.facet == "date" and "start" in name
    called_off = (
        parameter.facet == "enum" and "status" in name and entity.noun in OCCASIONS
    )  # has an act of its own
    inner = parameter.facet == "title" and entity.label_pointer and parameter.sets != entity.label_pointer
    lasting = partner(tool, parameter) is not None and not takes_place(entity.noun)  # nobody moves it
    others = bool(inner) and parameter.sets.count("/") > 1  # the title of something it holds
    window = parameter.facet == "time" and parameter.sets.count("/") > 1 and entity.noun not in OCCASIONS
    if tuple(name.split("_")[-1:]) in _INBORN:
        return False
    return wished(tool, parameter) and not (
        _identity(entity, parameter) or started or called_off or others or window or lasting
    )


def _kept(draft: Draft, entity: Entity, record: Mapping[str, Any], parameter: Parameter) -> Source | None:
    """What a tool that replaces a whole record must be given again: the value as last seen, where it still holds."""
    value = pointed(record, parameter.sets) if parameter.sets else None
    if value is None or isinstance(value, (dict, list)):
        return None
    for step, bound in reversed(draft.done.items()):
        item = yield_of(draft.known.tools[bound.step.tool], entity.key)
        found = records_at(bound.result.value, item.pointer) if item is not None else ()
        for index, (_, shown) in enumerate(found):
            same = identity(entity, shown) == identity(entity, record)
            if same and item is not None and pointed(shown, parameter.sets) == value:
                return Pick(step, item.pointer, {}, parameter.sets, index)
    return None


def _identity(entity: Entity, parameter: Parameter) -> bool:
    """Whether a field says who somebody is: that is not changed into somebody else."""
    return entity.person and (
        parameter.sets == entity.label_pointer or parameter.facet in ("email", "person", "username")
    )


def _new_value(
    draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, record: Mapping[str, Any]
) -> None:
    old = pointed(record, parameter.sets)
    only = owned(draft.known.entities[tool.entity], parameter) and len(values_at(record, parameter.sets)) == 1
    if "*" in parameter.sets and old is not None and not only:
        raise PlanUnfit(f"what it has of {parameter.name} would be lost")
    value: Json = None
    if parameter.sets and isinstance(old, str) and parameter.facet in ("title", "file_name"):
        kind = draft.known.entities[tool.entity]
        if says_what_it_is(kind):
            raise PlanUnfit(f"a {kind.noun} stays what it is called")
        value = (
            retitled(draft, old, kind.noun in WRITTEN, is_machinery(kind)) if after_a_matter(kind) else None
        )
    elif isinstance(old, str) and parameter.facet == "phone" and len(old) > 6:
        value = old[:-4] + "".join(draft.choice("0123456789") for _ in range(4))
    measured = parameter.facet in _MEASURES and not parameter.schema.get("enum")
    near = measured and isinstance(old, (int, float)) and not isinstance(old, bool)
    later = later_than(parameter, old)
    for _ in range(6):
        if near and isinstance(old, (int, float)) and old > 0:
            body = measures_of(draft.known.entities[tool.entity]).get(parameter.sets[1:])
            draw = draft.choice(_STEPS)
            value = body.later(old, draw, isinstance(old, int)) if body else _another(draft, parameter, old)
        value = draft.choice(later) if later else value
        trial = Filled(dict(filled.arguments), list(filled.details), [])
        state(draft, trial, tool, parameter, value)
        source = trial.arguments[parameter.pointer]
        if not isinstance(source, Stated) or source.value != old:
            filled.arguments, filled.details = trial.arguments, trial.details
            return
    raise PlanUnfit(f"{parameter.name} has nothing else to be")


_STEPS = (-1.0, -0.5, 0.4, 0.7, 1.0)
_MEASURES = ("amount", "amount_minor", "number", "count", "duration_minutes", "duration_seconds")
_SHARES = (0.75, 0.8, 0.9, 1.1, 1.2, 1.25, 1.5)


def _another(draft: Draft, parameter: Parameter, old: int | float) -> int | float:
    """A number near the present one, as round as people set them: 18 becomes 20, not 140."""
    if isinstance(old, int) and old < 10:
        value: float = old + draft.choice((-2, -1, 1, 1, 2, 2))
    else:
        wanted = old * draft.choice(_SHARES)
        step = 10.0 ** (math.floor(math.log10(wanted)) - 1) * (5 if draft.chance(0.5) else 1)
        value = max(round(wanted / step) * step, step)
    schema = parameter.schema
    value = min(max(value, schema.get("minimum", min(1, old))), schema.get("maximum", value))
    return round(value) if isinstance(old, int) or "number" not in types(schema) else round(value, 2)


def act(
    draft: Draft,
    located: Located | None = None,
    entity: Entity | None = None,
    kind: str = "actors",
    wanted: Tool | None = None,
) -> None:
    """Do something to a record: complete, archive, cancel, star, merge, delete."""
    index: Mapping[str, Sequence[Tool]] = getattr(draft.known, kind)
    if entity is None:
        entity = some_entity(draft, [e for e in keyed_entities(draft, index) if e.key in index], index)
    options = [t for t in index.get(entity.key, ()) if len(other_holders(t, entity)) == 0]
    tool = wanted or draft.choice(options)
    if undoes(tool):
        raise PlanUnfit("nothing says that anything of the sort was done")
    parameter = id_parameter(tool, entity)
    if located is None:
        record = fit_to_act(draft, tool, entity)
        located = locate(draft, entity, record, parameter, in_full(entity, record, tool))
    elif not fitting(draft, tool, entity, located.record):
        raise PlanUnfit("it is so already, or over")
    which = identity(entity, located.record)
    if (entity.key, which) in draft.made or (which, tool.name) in draft.changed:
        raise PlanUnfit("nobody makes a thing only to undo it, or has the same done to it twice")
    located = as_taken(located, parameter, entity)
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, list(located.details), [])
    complete(draft, filled, tool, located.record, entity.key)
    purposeful(tool, filled)
    if says_nothing_new(tool, filled, located.record):
        raise PlanUnfit("it is so already")
    later(tool, filled, located.record)
    if tool.verb in ANSWERING and not _to_answer(draft, entity, located.record):
        raise PlanUnfit("there is no invitation to answer")
    bound = draft.call(tool, filled.arguments)
    draft.stale.add((entity.key, which))
    draft.changed.add((which, tool.name))
    if tool.verb in DISCARDING:
        draft.gone.add((entity.key, which))
    name: Act = "remove" if kind == "removers" else "do"
    ask = ask_of(name, tool, entity, targets=[located.target], details=filled.details, state=tool.state)
    ask = for_good(ask, tool)
    _turn(draft, bound, tool, entity, located.record)
    draft.close("remove" if kind == "removers" else "act", ask, done(draft, bound, entity, ask))


def _turn(draft: Draft, bound: Bound, tool: Tool, entity: Entity, record: Mapping[str, Any]) -> None:
    """Turn the talk to what an act was done to, or to the record that came of it."""
    which = identity(entity, record)
    shown = [one for one in draft.records_of(bound, entity.key) if identity(entity, one) != which]
    if shown and makes_another(tool, entity):
        made(draft, entity, shown)
    else:
        focus_on(draft, entity, record)


def _to_answer(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> bool:
    """Whether a record is somebody else's invitation that this talk has neither answered nor changed."""
    user, identifier = draft.scene.user, identity(entity, record)
    field = about_person(entity, frozenset(item.pointer for item in entity.fields))
    own = field is not None and pointed(record, field.pointer) in (user.email, user.name, user.username)
    touched = (entity.key, identifier) in draft.stale or any(
        known == identifier for known, _ in draft.changed
    )
    return not own and not touched


_FOR_GOOD = re.compile(r"permanent|for good|cannot be undone|irreversibl", re.IGNORECASE)


def for_good(ask: Ask, tool: Tool) -> Ask:
    """Whoever wants a thing gone beyond recall says so, where the product also knows a trash."""
    forever = tool.deed == "delete" and _FOR_GOOD.search(tool.description)
    return msgspec.structs.replace(ask, verb="permanently delete") if forever else ask


def in_full(entity: Entity, record: Mapping[str, Any], tool: Tool) -> Described | None:
    """What is deleted is called by its whole title; None leaves the words open."""
    label = label_of(entity, record)
    return Described(label, True, None) if tool.deed == "delete" and label and title_pointer(entity) else None


def remove(draft: Draft, located: Located | None = None, entity: Entity | None = None) -> None:
    """Delete a record."""
    act(draft, located, entity, "removers")


def other_holders(tool: Tool, entity: Entity) -> list[Parameter]:
    return [p for p in holders(tool) if p.refers not in ("", entity.key)]


def fitting(draft: Draft, tool: Tool, entity: Entity, record: Mapping[str, Any]) -> bool:
    """Whether an act is something to do to a record as it is now."""
    if already(record, tool.state) or out_of_turn(entity, record, tool):
        return False
    return only_afterwards(entity, tool) or not bygone(draft, entity, record, deed_of(tool))


def fit_to_act(draft: Draft, tool: Tool, entity: Entity) -> Mapping[str, Any]:
    """A record the action would change, in a state the world accepts it in."""

    def fits(record: Mapping[str, Any]) -> bool:
        return not already(record, tool.state) and not out_of_turn(entity, record, tool)

    verb = deed_of(tool)
    for _ in range(8):
        lasting = not only_afterwards(entity, tool)
        record = some_record(draft, entity, lasting=lasting, verb=verb, fits=fits)
        if tool.verb not in ANSWERING or _to_answer(draft, entity, record):
            return record
    raise PlanUnfit(f"every {entity.noun} tried is so already")


def _closed(holder: Entity, container: Mapping[str, Any]) -> bool:
    """Whether a place takes nothing: a calendar one may only read, or a label that is the product's own."""
    label = label_of(holder, container)
    own = holder.noun == "label" and label.isupper() or container.get("primary") is True
    return own or "oliday" in label or pointed(container, "/accessRole") in ("reader", "freeBusyReader")


def _references(draft: Draft, tool: Tool, entity: Entity) -> list[Parameter]:
    """The arguments by which a tool about an entity names another record that people have a name for."""
    found = []
    for parameter in tool.inputs:
        holder = draft.known.entities.get(parameter.refers)
        if holder is None or not holder.label_pointer or parameter.klass != "opaque_id":
            continue
        parting = plain(parameter.name).startswith(("remove", "unset", "exclude"))
        if parameter.confidence < SURE or parameter.pointer == tool.id_field or parameter.scope or parting:
            continue
        if holder.key != entity.key or "parent" in parameter.name.lower():
            found.append(parameter)
    return found


def connect(draft: Draft) -> None:
    """Bring two things together: a file into a folder, a task into a project, a label onto a mail."""
    options = [
        (entity, tool, parameter, draft.known.entities[parameter.refers])
        for entity in main_entities(draft)
        for tool in (*draft.known.actors.get(entity.key, ()), *draft.known.changers.get(entity.key, ()))
        for parameter in tying(tool, _references(draft, tool, entity))
    ]
    entity, tool, parameter, holder = draft.choice(options)
    mine = id_parameter(tool, entity)
    deed = tool.deed == "act"
    record = fit_to_act(draft, tool, entity) if deed else some_record(draft, entity, lasting=True)
    container = some_record(draft, holder)
    if entity.key == holder.key and not (is_folder(container) and not is_folder(record)):
        raise PlanUnfit("nothing goes into what is no folder")
    if together(entity, record, parameter, container, holder):
        raise PlanUnfit("they are together already")
    if _closed(holder, container) or out_of_turn(entity, record, tool):
        raise PlanUnfit("nothing is put there by people, or now")
    located = locate(draft, entity, record, mine)
    within = locate(draft, holder, container, parameter)
    value: Source = wrapped(parameter, within.source)
    filled = Filled(
        {mine.pointer: wrapped(mine, located.source), parameter.pointer: value},
        [*located.details, *within.details],
        [],
    )
    complete(draft, filled, tool, record, entity.key)
    if any(item.role != "names" for item in filled.details):
        raise PlanUnfit(f"{tool.name} takes more than to bring two things together")
    bound = draft.call(tool, filled.arguments)
    # Droplets are added to a load balancer, and not it to them; whoever is given a job is said to be given it.
    into = puts(tool, holder) and not holder.person
    put, one, other = (holder, within, located) if into else (entity, located, within)
    said = {"targets": [one.target], "container": other.target, "details": filled.details}
    ask = ask_of("connect", tool, put, field=parameter.name, **said)
    focus_on(draft, entity, record)
    draft.close("connect", ask, done(draft, bound, put, ask))
