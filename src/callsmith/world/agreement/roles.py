"""One somebody in each role: ``customer_id``, ``customer_name`` and the ``customer`` shown beside them are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import settle, types, valid
from callsmith.world.agreement.referring import full_of, story_named
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
    roles = _roles(entity)
    if not roles:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.entity != entity.key:
            return record
        for role in roles:
            record = _aligned(record, role, entity, story)
        return record

    return run


def _roles(entity: Entity) -> list[Role]:
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


def _aligned(record: dict[str, Any], role: Role, entity: Entity, story: Story) -> dict[str, Any]:
    properties: Mapping[str, Schema] = entity.schema["properties"]
    shown, told = record.get(role.name), record.get(role.id_field) if role.id_field else None
    if not isinstance(shown, dict):
        empty = {
            flat: None
            for flat in role.beside
            if record.get(flat) is not None and _may_be_null(properties[flat])
        }
        return {**record, **empty} if role.name in record else record
    if told is not None and role.refers:
        named = story_named(story.population, role.refers, told)
        if named is not None:
            own, inner = full_of(named), settle(properties[role.name]).get("properties", {})
            shown = {
                part: own[part] if part in own and valid(inner[part], own[part]) else value
                for part, value in shown.items()
            }
            record = {**record, role.name: shown}
    same = {
        flat: shown[part]
        for flat, part in role.beside.items()
        if flat in record and shown.get(part) is not None and valid(properties[flat], shown[part])
    }
    return {**record, **same}


def _may_be_null(schema: Schema) -> bool:
    return "null" in types(schema) or "null" in types(settle(schema))
