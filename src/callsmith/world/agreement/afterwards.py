"""What is settled last in a record: how it is kept, held and billed follows from what the rest of it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from callsmith.catalog.lives import standing, state_named
from callsmith.records import Entity, Json, Toolset
from callsmith.schema import settle
from callsmith.world.agreement.bought import BOUGHT
from callsmith.world.agreement.holding import held, released
from callsmith.world.agreement.signatures import SIGNATURES, newly_asked
from callsmith.world.agreement.terms import TERMS, ended
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.naming import split
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


def once_made(
    entity: Entity, record: dict[str, Json], stated: Mapping[str, Json], clock: Clock
) -> dict[str, Json]:
    """A new record with the moment of the state it stands in, and the end of the days that the call gives it."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    status = standing(fields)
    options = [option for option in fields[status].get("enum", ()) if option] if status else []
    days = next((value for name, value in stated.items() if _days(split(name)) and isinstance(value, int)), 0)
    made = newly_asked(record, fields)
    for name, schema in fields.items():
        words = split(name)
        if schema.get("format") == "date" and days and {*words} & {"due"}:
            made[name] = clock.day(clock.now + days * 86400)
        if schema.get("format") != "date-time" or made.get(name) is not None:
            continue
        if options and made.get(status) in options[:2] and state_named(words, options) == made.get(status):
            made[name] = clock.utc(clock.now)
        elif days and {*words} & {"expires", "expiry"}:
            made[name] = clock.utc(clock.now + days * 86400)
    return made


def _days(words: Sequence[str]) -> bool:
    return words[-1:] == ("days",) and bool(
        {*words} & {"expires", "expire", "valid", "expiry", "loan", "rental", "hire"}
    )
