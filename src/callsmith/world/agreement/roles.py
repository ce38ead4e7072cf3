"""One somebody in each role: ``customer_id``, ``customer_name`` and the ``customer`` shown beside them are the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import settle, types, valid
from callsmith.world.agreement.referring import full_of, story_named
from callsmith.world.agreement.repeated import Find
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]


class Role(Struct, frozen=True):
    """An object of a record and the fields beside it that say the same of what it shows."""

    name: str
    beside: Mapping[str, str]  # field of the record -> field of the object
    refers: str  # the kind of record that the id beside it names, or ""
    id_field: str  # that id, or ""


def one_in_each_role(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of records that show in each role the one whose id and name they say beside it."""
    if not roles_of(entity):
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.entity != entity.key:
            return record

        def find(key: str, value: Json) -> Mapping[str, Json] | None:
            named = story_named(story.population, key, value)
            return None if named is None else full_of(named)

        return as_shown(record, entity, find, set())

    return run


def as_shown(record: dict[str, Any], entity: Entity, find: Find, stated: Collection[str]) -> dict[str, Any]:
    """A record in which the one shown in a role is the one named beside it; who is ``stated`` to be none is none."""
    for role in roles_of(entity):
        record = _aligned(record, role, entity, find, f"/{role.id_field}" in stated)
    return record


def roles_of(entity: Entity) -> list[Role]:
    """The objects of an entity's records beside which others of its fields say the same."""
    properties = entity.schema.get("properties", {})
    refers = {field.pointer: field.refers for field in entity.fields if field.refers}
    found = []
    for name, schema in properties.items():
        inner = settle(schema).get("properties", {})
        if not inner:
            continue
        words = {(*split(name), *split(part)): part for part in inner}
        beside = {
            flat: words[tuple(split(flat))]
            for flat in properties
            if tuple(split(flat)) in words and flat != name
        }
        ids = [
            flat
            for flat, part in beside.items()
            if split(part)[-1:] in (["id"], ("id",)) and f"/{flat}" in refers
        ]
        if beside:
            found.append(
                Role(name, beside, refers.get(f"/{ids[0]}", "") if ids else "", ids[0] if ids else "")
            )
    return found


def _aligned(record: dict[str, Any], role: Role, entity: Entity, find: Find, stated: bool) -> dict[str, Any]:
    properties: Mapping[str, Schema] = entity.schema["properties"]
    inner = settle(properties[role.name])
    shown, told = record.get(role.name), record.get(role.id_field) if role.id_field else None
    own = find(role.refers, told) if role.refers and told is not None else None
    if own is not None:
        parts = {
            name: own[name]
            for name, schema in inner["properties"].items()
            if name in own and valid(schema, own[name])
        }
        if isinstance(shown, dict):
            shown = {name: parts.get(name, value) for name, value in shown.items()}
        elif parts.keys() >= {*inner.get("required", inner["properties"])}:
            shown = parts
    elif stated and told is None and _may_be_null(properties[role.name]):
        shown = None
    record = {**record, role.name: shown} if role.name in record or own is not None else record
    for flat, part in role.beside.items():
        said = shown.get(part) if isinstance(shown, dict) else None
        if flat in record and (
            valid(properties[flat], said) if said is not None else _may_be_null(properties[flat])
        ):
            if isinstance(shown, dict) and said is None:
                continue
            record[flat] = said
    return record


def _may_be_null(schema: Schema) -> bool:
    return "null" in types(schema) or "null" in types(settle(schema))
