"""What is settled last in a record: how it is kept, held and billed follows from what the rest of it says."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from callsmith.records import Entity, Json, Toolset
from callsmith.schema import settle
from callsmith.world.agreement.bought import BOUGHT
from callsmith.world.agreement.holding import held, released
from callsmith.world.agreement.signatures import SIGNATURES
from callsmith.world.agreement.terms import TERMS, ended
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_RULES = (*BOUGHT, held, *TERMS, *SIGNATURES)


def afterwards(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of records in which these follow."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    steps = [step for rule in _RULES if (step := rule(entity, fields, toolset)) is not None]
    if not steps:
        return made
    order = {name: place for place, name in enumerate(fields)}

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.entity != entity.key:
            return record
        before, record = record.keys(), dict(record)
        for step in steps:
            step(record, story)
        if record.keys() <= before:
            return record
        return dict(sorted(record.items(), key=lambda item: order.get(item[0], len(order))))

    return run


def once_changed(entity: Entity, record: dict[str, Json], said: Collection[str]) -> dict[str, Json]:
    """A record that a call has changed, without what is not so any more. ``said``: the fields that changed."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    return ended(entity, fields, released(entity, fields, record, said), said)
