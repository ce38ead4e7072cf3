"""Records in agreement with those they name: what they repeat of them, and what they come to by their prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.world.agreement.rates import ANY
from callsmith.world.agreement.repeated import Find, copies_of, repeating
from callsmith.world.agreement.totals import summed, totals_of
from callsmith.world.stories.story import Ground, Story, uid_of

Make = Callable[[Story], Any]


def agreeing(made: Make, toolset: Toolset, entity: Entity, schema: Schema, adding: bool = True) -> Make:
    """A filler of records that agree with the records they name, and of what other records show of them.

    Without ``adding`` they only repeat what those say, and what they come to stays.
    """
    copies, totals = copies_of(toolset, entity), totals_of(toolset, entity) if adding else None
    if not copies and totals is None:
        return made
    whole = schema.get("properties", {}).keys() >= entity.schema.get("properties", {}).keys()

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.entity != entity.key:
            return record
        if not whole:  # shown inside another record, which says the same of it
            own = full_of(story)
            return {name: own.get(name, value) for name, value in record.items()}
        find = finder(story.population, entity.key)
        if not adding:
            return repeating(record, copies, find, set())
        return in_agreement(record, toolset, entity, find, set())

    return run


def in_agreement(
    record: dict[str, Json], toolset: Toolset, entity: Entity, find: Find, keep: set[str]
) -> dict[str, Json]:
    """A record in agreement with those it names; fields whose pointer is in ``keep`` are as somebody said."""
    made = repeating(record, copies_of(toolset, entity), find, keep)
    totals = totals_of(toolset, entity)
    made = made if totals is None else summed(made, totals, find, keep)
    if made.keys() == record.keys():
        return made
    order = {name: place for place, name in enumerate(entity.schema.get("properties", {}))}
    return dict(sorted(made.items(), key=lambda item: order.get(item[0], len(order))))


def finder(population: Ground, own: str) -> Find:
    """How records as they were at first are found from one of the entity ``own``."""
    order = list(population.kinds)

    def find(key: str, value: Json) -> Mapping[str, Json] | None:
        if key not in population.kinds or value is None:
            return None
        stories = population.stories(key) if value == ANY else ()
        story = stories[0] if stories else story_named(population, key, value)
        if story is None:
            return None
        before = order.index(key) < order.index(own)
        # What comes later may show this one in turn: it is looked at as far as it says things of its own.
        return full_of(story) if before or not _leaning(population, key) else None

    return find


def full_of(story: Story) -> Mapping[str, Json]:
    """The full record of a story, made once; empty for one that is being made, by whatever it counts or shows."""
    population = story.population
    at = ("full", story.entity, uid_of(story))
    known: Mapping[str, Json] | None = population.fields.get(at)
    if known is None:
        population.fields[at] = {}
        try:
            known = population.full(story)
        except BaseException:
            del population.fields[at]
            raise
        population.fields[at] = known
    return known


def story_named(population: Ground, key: str, value: Json) -> Story | None:
    """The story of the record of a kind that a reference names by its id, key, number or title."""
    return _named(population, key).get(str(value)) if key in population.kinds else None


def _leaning(population: Ground, key: str) -> bool:
    toolset, entity = population.toolset, population.kinds[key].entity
    return bool(copies_of(toolset, entity)) or totals_of(toolset, entity) is not None


def _named(population: Ground, key: str) -> dict[str, Story]:
    """The stories of an entity by what references to them hold: their id, else their key, number or title."""
    known: dict[str, Story] | None = population.fields.get(("by", key))
    if known is None:
        known = {}
        stories = population.stories(key)
        for name in ("id", "key", "number", "title"):
            for story in stories:
                value = getattr(story, name)
                if value:
                    known.setdefault(str(value), story)
        population.fields[("by", key)] = known
    return known
