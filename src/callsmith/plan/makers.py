"""What a toolset lets people have made, and which of it needs nothing to be found first."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.plan.arguments.messages import is_message, of_somebody, recipient_parameter
from callsmith.plan.draft import Draft
from callsmith.plan.intents.reading import some_entity
from callsmith.plan.known import COPYING, SURE
from callsmith.plan.lines import lines_of
from callsmith.plan.serving import holders
from callsmith.records import Entity, Parameter, Tool

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
    "person",
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
    "payment",
)
# Nobody asks for one in these words.
UNMADE = ("permission", "sharing rule", "invitee", "message", "membership")
ANSWERING = ("reply", "respond", "answer")


def makers(draft: Draft) -> list[tuple[Entity, Tool]]:
    """What can be made and by which tool; things nobody could name, date or price are left to machines."""
    return [
        (draft.known.entities[key], tool)
        for key, tools in draft.known.makers.items()
        for tool in tools
        if key in draft.known.entities
        and (draft.known.entities[key].noun not in UNMADE or is_message(tool))
        and (
            draft.known.entities[key].label_pointer
            or any(p.facet in TELLING for p in tool.inputs if p.required)
            or len(holders(tool)) > 1
            or sum(p.required and p.klass == "natural_key" and p.confidence >= SURE for p in tool.inputs) > 1
            or tool.hints.get("executed")
            and sum(p.required and bool(p.sets) and p.confidence >= SURE for p in tool.inputs) > 1
            or lines_of(draft.known, tool)
            or holders(tool)
            and any(p.required and p.klass == "preference" and p.confidence >= SURE for p in tool.inputs)
        )
    ]


def standalone(draft: Draft) -> list[tuple[Entity, Tool]]:
    """What can be made without anything to be found first."""
    return [
        (entity, tool)
        for entity, tool in makers(draft)
        if (recipient_parameter(tool) is None or of_somebody(tool))
        and not holders(tool)
        and (entity.noun not in LEANING or _paid_for(tool))
        and tool.verb not in COPYING
        and keyed_holder(draft, tool, entity) is None
        and lines_of(draft.known, tool) is None
        and not leaning(draft, tool, entity)
    ]


def _paid_for(tool: Tool) -> bool:
    """Whether a sum is paid for somebody whom a key names, and not for a bill that is found first."""
    needed = [p for p in tool.inputs if p.required and p.confidence >= SURE]
    keyed = any(p.klass == "natural_key" and not p.refers and p.facet == "number_key" for p in needed)
    return keyed and any(p.facet in ("amount", "amount_minor") for p in needed)


def leaning(draft: Draft, tool: Tool, entity: Entity) -> bool:
    """Whether such a thing is only ever listed of something, which whoever makes it may name: captions of a video."""
    listings = draft.known.finders.get(entity.key, ())
    of = [{p.refers for p in one.inputs if p.required and p.klass == "opaque_id"} for one in listings]
    held = set().union(*of) if of and all(of) else set()
    return any(p.klass == "opaque_id" and not p.required and p.refers in held for p in tool.inputs)


def some_maker(draft: Draft, options: Sequence[tuple[Entity, Tool]]) -> tuple[Entity, Tool]:
    """Something to make; what more tools serve comes up more often."""
    serving: dict[str, list[Tool]] = {}
    for entity, tool in options:
        serving.setdefault(entity.key, []).append(tool)
    entity = some_entity(draft, list({entity.key: entity for entity, _ in options}.values()), serving)
    return entity, draft.choice(serving[entity.key])


def keyed_holder(draft: Draft, tool: Tool, entity: Entity) -> Parameter | None:
    """The argument that names by a key of its own what something is made in."""
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
