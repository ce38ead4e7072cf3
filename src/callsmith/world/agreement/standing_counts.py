"""What follows from all that lies in a record: how many are free, busy or broken, what they weigh together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from callsmith.catalog.lives import standing
from callsmith.records import Entity, Json, Toolset
from callsmith.schema import settle, types
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_MARKS = {"count", "number", "total", "num", "of", "now", "currently", "no"}
_ALIKE: tuple[set[str], ...] = (
    {"available", "free", "vacant", "open", "idle"},
    {"occupied", "busy", "taken", "used", "charging"},
    {"faulted", "faulty", "broken", "defective"},
)


def counted_so(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of records that count and measure together what lies in them as it stands."""
    found, sums = _counts(toolset, entity), _sums(toolset, entity)
    if not found and not sums:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.entity != entity.key or story.fresh:
            return record
        population = story.population
        record = dict(record)
        for name, key, part in sums:
            population.stories(key)
            values = [population.full(child).get(part) for child in story.children.get(key, ())]
            whole = sum(float(str(one)) for one in values if isinstance(one, (int, float)))
            record[name] = round(whole) if whole == round(whole) else round(whole, 1)
        for name, key, status, states in found:
            if record.get(name) is None:
                continue
            population.stories(key)
            children = [population.full(child) for child in story.children.get(key, ())]
            record[name] = sum(child.get(status) in states for child in children)
        return record

    return run


def _counts(toolset: Toolset, entity: Entity) -> list[tuple[str, str, str, frozenset[Json]]]:
    """Counts of an entity by the states they are of: the field, the kind of record, its status, the states."""
    numbers = {
        name: {singular(word) for word in split(name)}
        for name, schema in entity.schema.get("properties", {}).items()
        if {"integer", "number"} & {*types(settle(schema))}
    }
    found: list[tuple[str, str, str, frozenset[Json]]] = []
    if not any(words & _MARKS or len(words) == 2 for words in numbers.values()):
        return found
    for part in toolset.entities:
        if not _lies_in(part, entity):
            continue
        fields = part.schema.get("properties", {})
        status = standing(fields)
        if not status:
            continue
        nouns = {singular(word) for word in split(part.noun)}
        options = [one for one in settle(fields[status]).get("enum", ()) if one]
        counted = any(
            words & nouns and words & _MARKS and words <= nouns | _MARKS for words in numbers.values()
        )
        for name, words in numbers.items():
            said = words - _MARKS - nouns
            if (
                len(said) == 1
                and (words & nouns or counted and words & _MARKS)
                and (states := _states(said, options))
            ):
                found.append((name, part.key, status, states))
    return found


_MEASURES = {"kg", "km", "kwh", "litre", "liter", "tonne", "hour", "minute", "mile", "point", "page"}


def _sums(toolset: Toolset, entity: Entity) -> list[tuple[str, str, str]]:
    """Measures of an entity that are the sum of those of what lies in it: the kilograms that somebody has given."""
    found = []
    for name, schema in entity.schema.get("properties", {}).items():
        words = [singular(word) for word in split(name)]
        unit = {*words} & _MEASURES
        if "total" not in words or len(unit) != 1 or not {"integer", "number"} & {*types(settle(schema))}:
            continue
        parts = [
            (part.key, own)
            for part in toolset.entities
            if _lies_in(part, entity)
            for own, inner in part.schema.get("properties", {}).items()
            if unit <= {singular(word) for word in split(own)}
            and {"integer", "number"} & {*types(settle(inner))}
            and not {"per", "price", "rate"} & {*split(own)}
        ]
        if len(parts) == 1:
            found.append((name, *parts[0]))
    return found


def _lies_in(part: Entity, entity: Entity) -> bool:
    """Whether records of a kind lie in one of an entity."""
    if part.key == entity.key:
        return False
    return part.parent == entity.key or any(
        field.refers == entity.key and field.pointer.count("/") == 1 for field in part.fields
    )


def _states(said: set[str], options: Sequence[Json]) -> frozenset[Json]:
    """The states that a word tells, or one that says the same."""
    alike = next((group for group in _ALIKE if said & group), said)
    same = frozenset(one for one in options if {*split(str(one))} <= said)
    return same or frozenset(one for one in options if {*split(str(one))} <= alike)
