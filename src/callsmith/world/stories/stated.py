"""What a user's own record says, laid over what the world would have made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from callsmith.records import Json, Schema
from callsmith.schema import settle, steps, types
from callsmith.world.agreement.settling import rules_of, settled_record
from callsmith.world.inferred.mending import mended
from callsmith.world.inferred.pointing import first, put
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Ground, Story

Make = Callable[[Story], Json]


def as_stated(make: Make, key: str, schema: Schema) -> Make:
    """``make`` for an entity with fixtures: their values stand wherever the record is shown."""

    def run(story: Story) -> Json:
        made = make(story)
        given = story.traits.get("given") if story.entity == key else None
        return laid_over(schema, made, given) if given and isinstance(made, dict) else made

    return run


def as_given(population: Ground, story: Story, make: Callable[[Story], dict[str, Json]]) -> dict[str, Json]:
    """The record of a fixture: its own values, the records it names, and the rest in agreement with both.

    ``make`` gives the full record of a story of any entity, before references are followed.
    """
    kind = population.kinds[story.entity]
    entity = kind.entity
    made = make(story)
    fixture = population.toolset.fixtures[entity.key][story.traits["fixture"]]
    refers = {field.pointer: field for field in entity.fields}
    stated: dict[str, Json] = dict(fixture.values)
    for pointer, place in fixture.links.items():
        target = population.fixed[(refers[pointer].refers, place)]
        stated = {**_shown(entity.schema, pointer, refers[pointer].projects, target, make(target)), **stated}
    record = settled_record(rules_of(entity), laid_over(entity.schema, made, stated), None, population)
    record = laid_over(entity.schema, record, stated)
    whole: dict[str, Json] = mended(entity.schema, record, made, story.bits, entity.toolkit)
    return whole


def _shown(
    schema: Schema, pointer: str, projects: str, target: Story, other: Mapping[str, Json]
) -> dict[str, Json]:
    """The fields by which a record shows another: the id, and what stands beside it in one group."""
    plain = split(pointer)[-1:] == ("id",) and "id" in other
    own = other["id"] if plain else first(other, projects) if projects else None
    own = own if own is not None else target.id
    whole = "integer" in types(_at(schema, pointer)) and str(own).isdigit()
    shown = {pointer: int(own) if whole else own}
    head = pointer.rpartition("/")[0]
    if head:
        group = _at(schema, head)
        for name in group.get("properties", {}):
            if name in other and f"{head}/{name}" != pointer:
                shown[f"{head}/{name}"] = other[name]
    return shown


def laid_over(schema: Schema, record: Mapping[str, Json], given: Mapping[str, Json]) -> dict[str, Json]:
    """The record with ``given`` in the fields that ``schema`` has; None takes a field away, as far as it can go."""
    made = dict(record)
    for pointer, value in given.items():
        if not _at(schema, pointer):
            continue
        made = put(made, pointer, value) if value is not None else without(schema, made, pointer)
    return made


def without(schema: Schema, record: Mapping[str, Json], pointer: str) -> dict[str, Json]:
    """The record without the value at ``pointer``: null, left out, empty, or its whole group away."""
    path = steps(pointer)
    around = _at(schema, pointer.rpartition("/")[0])
    raw = around["properties"][path[-1]]
    own = settle(raw)
    if first(record, pointer) is None:
        return dict(record)
    if "null" in (*types(raw), *types(own)):
        return put(record, pointer, None)
    if path[-1] not in around.get("required", ()):
        return _dropped(record, path)
    if len(path) > 1:
        return without(schema, record, pointer.rpartition("/")[0])
    if "array" in types(own) and not own.get("minItems"):
        return put(record, pointer, [])
    plain = "string" in types(own) and not {"format", "pattern", "enum", "minLength"} & set(own)
    return put(record, pointer, "") if plain else dict(record)


def _dropped(record: Mapping[str, Json], path: tuple[str, ...]) -> dict[str, Json]:
    if len(path) == 1:
        return {name: value for name, value in record.items() if name != path[0]}
    inner = record[path[0]]
    return {**record, path[0]: _dropped(inner, path[1:])}


def _at(schema: Schema, pointer: str) -> Schema:
    made = settle(schema)
    for step in steps(pointer):
        made = made.get("properties", {}).get(step)
        if not isinstance(made, Mapping):
            return {}
        made = settle(made)
    return made
