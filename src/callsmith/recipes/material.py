"""What exists in a world, for whoever writes what people want: records by what people know of them, and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.execute import values_at
from callsmith.plan.known import Known
from callsmith.ports import PeopledWorld
from callsmith.records import Entity, Json, Person, Scene
from callsmith.seeds import Rng

FIELDS = 7  # of a record, at most
PEOPLE = 5
LONG = 160  # characters of one value
_UNSAID = ("id", "url", "token", "hash", "etag", "mime", "color")  # facets nobody knows a thing by


def material(world: PeopledWorld, known: Known, tools: Sequence[str], each: int, rng: Rng) -> dict[str, Json]:
    """Some records of every kind the tools work on, people and matters, as plain JSON without ids."""
    shown: dict[str, Json] = {}
    for key in _entities(known, tools):
        entity = known.entities[key]
        records = list(world.records(key))
        drawn = rng.sample(records, min(each, len(records)))
        told = [known_of(entity, record) | _lies_in(world, known, tools, key, record) for record in drawn]
        if any(told):
            shown[entity.plural or entity.noun] = [one for one in told if one]
    values = _values(known, tools)
    if values:
        shown["values people use"] = values
    scene = world.scene
    people = rng.sample(list(scene.people), min(PEOPLE, len(scene.people)))
    shown["people"] = [
        {"name": one.name, "email": one.email, "role": one.role, "company": _house(one, scene)}
        for one in people
    ]
    shown["matters"] = [topic.name for topic in scene.topics][:PEOPLE]
    return shown


def _house(person: Person, scene: Scene) -> str:
    return person.company or (scene.company if person.relation in ("self", "colleague") else "")


def known_of(entity: Entity, record: Mapping[str, Any]) -> dict[str, Json]:
    """What people know of a record: its name first, then a few short facts, by what they are called."""
    told: dict[str, Json] = {}
    fields = sorted(entity.fields, key=lambda field: field.pointer != entity.label_pointer)
    for field in fields:
        labels = field.pointer in (entity.label_pointer,)
        if len(told) >= FIELDS or "*" in field.pointer:
            continue
        if not labels and (field.refers or field.facet in _UNSAID or not field.phrase):
            continue
        found = values_at(record, field.pointer)
        value = found[0] if found else None
        if value in (None, "", [], {}) or isinstance(value, (dict, list)) or len(str(value)) > LONG:
            continue
        told.setdefault(field.phrase or entity.noun, value)
    return told


def _lies_in(
    world: PeopledWorld, known: Known, tools: Sequence[str], key: str, record: Mapping[str, Any]
) -> dict[str, Json]:
    """What people call the container of a record by, where they know it: the repository, not its number."""
    said = {
        parameter.name
        for name in tools
        for parameter in known.tools[name].inputs
        if parameter.scope and parameter.klass == "natural_key"
    }
    scope = {name: value for name, value in world.scope_of(key, record).items() if name in said and value}
    return {"lies in": scope} if scope else {}


def _entities(known: Known, tools: Sequence[str]) -> list[str]:
    """The kinds of records the tools show, act on or lie in, each once."""
    found: dict[str, None] = {}
    for name in tools:
        tool = known.tools[name]
        keys = [tool.entity, *(item.entity for item in tool.yields)]
        keys += [parameter.refers for parameter in tool.inputs]
        found.update((key, None) for key in keys if key in known.entities)
    return list(found)


def _values(known: Known, tools: Sequence[str]) -> dict[str, Json]:
    """Values declared for parameters of tools whose world nobody can look into."""
    return {
        parameter: list(values)[:PEOPLE]
        for name in tools
        for parameter, values in known.tools[name].hints.get("values", {}).items()
    }
