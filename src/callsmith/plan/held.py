"""Intents that work on what has no name, found as the one that somebody has: the order of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.meaning import Pick, Target
from callsmith.plan.arguments.fill import Filled, complete, pointed
from callsmith.plan.describing import bygone, label_of
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.changing import act, change, other_holders
from callsmith.plan.known import SURE, Known, id_taken, names_tenant, title_pointer, yield_of
from callsmith.plan.serving import id_parameter
from callsmith.plan.stages import already, deed_of, out_of_turn
from callsmith.plan.targets import Located, locate
from callsmith.records import Entity, Json, Parameter, Tool

Held = tuple[Entity, Tool, Parameter, Entity]


def _listings(draft: Draft) -> list[Held]:
    """Listings of what something has, of things that nothing else finds: which, by what, under which argument."""
    found = []
    for key, tools in draft.known.finders.items():
        entity = draft.known.entities[key]
        bound = all(any(p.required and p.klass == "opaque_id" for p in tool.inputs) for tool in tools)
        if title_pointer(entity) and not bound and not _described(entity):
            continue
        for tool in tools:
            for parameter in tool.inputs:
                holder = draft.known.entities.get(parameter.refers)
                if (
                    holder is not None
                    and holder.key != key
                    and parameter.klass == "opaque_id"
                    and parameter.confidence >= SURE
                    and "*" not in parameter.pointer
                    and not names_tenant(parameter)
                    and title_pointer(holder)
                    and not _somebodys(draft.known, entity, holder)
                ):
                    found.append((entity, tool, parameter, holder))
    return found


def _somebodys(known: Known, entity: Entity, holder: Entity) -> bool:
    """Whether records are each somebody's, and what holds them is nobody: an enrolment is Ana's, in a course."""
    others = (known.entities.get(item.refers) for item in entity.fields if item.pointer.count("/") == 1)
    return not holder.person and any(one is not None and one.person for one in others)


_PROSE = (
    "description",
    "problem",
    "issue",
    "text",
    "notes",
    "note",
    "message",
    "reason",
    "details",
    "complaint",
)


def _described(entity: Entity) -> bool:
    """Whether records go by what was written down of them, as faults do, of which many read alike."""
    words = name_words(title_pointer(entity).rpartition("/")[2])
    return bool(words) and words[-1] in _PROSE


def _fits(draft: Draft, tool: Tool, entity: Entity, record: Mapping[str, Any]) -> bool:
    """Whether somebody would have that done to a record: it is neither over nor done."""
    verb = deed_of(tool) if tool.deed == "act" else ""
    if bygone(draft, entity, record, verb):
        return False
    return tool.deed != "act" or not already(record, tool.state) and not out_of_turn(entity, record, tool)


def _found(draft: Draft, held: Held, acting: Tool) -> Located:
    """The one record of the sort that something has, found by a look at what it has.

    Raises:
        PlanUnfit: it has none, or several that might be meant.
    """
    entity, tool, parameter, holder = held
    field = next((item for item in entity.fields if item.refers == holder.key), None)
    pointer = parameter.filters or (field.pointer if field else "")
    whose = _with_one(draft, acting, entity, pointer) if pointer else None
    take = id_taken(parameter, holder)
    held_by = next((one for one in draft.world.records(holder.key) if pointed(one, take) == whose), None)
    if whose is None or held_by is None:
        raise PlanUnfit(f"nothing says what has a {entity.noun}")
    draft.used.add(identity(holder, held_by))
    located = locate(draft, holder, held_by, parameter)
    filled = Filled({parameter.pointer: located.source}, list(located.details), [])
    complete(draft, filled, tool, held_by, holder.key)
    bound = draft.call(tool, filled.arguments)
    shown = draft.records_of(bound, entity.key)
    fitting = [place for place, one in enumerate(shown) if _fits(draft, acting, entity, one)]
    if len(fitting) != 1 or len(shown) > _MOST:
        raise PlanUnfit(f"{len(fitting)} of the {entity.plural} might be meant")
    place, where = fitting[0], yield_of(tool, entity.key)
    wanted = id_taken(id_parameter(acting, entity), entity)
    if pointed(shown[place], wanted) is None:
        raise PlanUnfit(f"the {entity.noun} was seen without its {wanted}")
    name = label_of(holder, located.shown or held_by)
    theirs = located.target.holder
    target = Target(
        entity.noun, entity.plural, "label", label=name, exact=True, title=name, whose=True, holder=theirs
    )
    source = Pick(bound.step.id, where.pointer if where else "", {}, wanted, place)
    meant = next(
        one
        for one in draft.world.records(entity.key)
        if identity(entity, one) == identity(entity, shown[place])
    )
    details = [item for item in filled.details if item.role != "names"]
    return Located(meant, shown[place], source, target, details, bound, entity)


def _with_one(draft: Draft, acting: Tool, entity: Entity, pointer: str) -> Json:
    """Who or what has just one record of which somebody would have that done."""
    having: dict[str, list[Json]] = {}
    for record in draft.world.records(entity.key):
        whose = pointed(record, pointer)
        if whose is not None and _fits(draft, acting, entity, record):
            having.setdefault(str(whose), []).append(whose)
    return draft.choice([found[0] for found in having.values() if len(found) == 1])


_MOST = 4  # of what one has, beyond which nobody says "the order"


def act_on_held(draft: Draft) -> None:
    """Do something to the one record that somebody has: cancel a customer's order, which has no name."""
    options = [
        (held, tool, kind)
        for held in _listings(draft)
        for kind in ("actors", "removers", "changers")
        for tool in getattr(draft.known, kind).get(held[0].key, ())
        if not other_holders(tool, held[0]) and tool.id_field
    ]
    held, tool, kind = draft.choice(options)
    located = _found(draft, held, tool)
    if kind == "changers":
        change(draft, located, held[0])
    else:
        act(draft, located, held[0], kind, tool)
