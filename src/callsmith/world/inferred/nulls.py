"""Restoring in an entity's schema which fields may be null, as the tools that return it say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from callsmith.records import Entity, Schema, Toolset
from callsmith.schema import settle, steps, types


def with_nulls(entity: Entity, toolset: Toolset) -> Entity:
    """The entity with ``null`` allowed wherever some tool's answer allows it."""
    schema: Any = entity.schema
    for tool in toolset.tools:
        for place in tool.yields:
            if place.entity == entity.key:
                schema = _joined(schema, _at(tool.returns, place.pointer))
    return structs.replace(entity, schema=schema)


def _at(schema: Schema, pointer: str) -> Schema:
    for step in steps(pointer):
        schema = settle(schema)
        schema = (
            settle(schema.get("items", {})) if step == "*" else schema.get("properties", {}).get(step, {})
        )
    return schema


def _joined(own: Any, shown: Schema) -> Any:
    if not isinstance(own, Mapping) or not isinstance(shown, Mapping):
        return own
    made = dict(own)
    settled = settle(shown)
    properties = settled.get("properties")
    mine = made.get("properties")
    if isinstance(properties, Mapping) and isinstance(mine, Mapping):
        made["properties"] = {
            name: _nullable(_joined(child, properties[name]), properties[name])
            if name in properties
            else child
            for name, child in mine.items()
        }
    if isinstance(made.get("items"), Mapping) and isinstance(settled.get("items"), Mapping):
        made["items"] = _joined(made["items"], settled["items"])
    return made


def _nullable(own: Any, shown: Schema) -> Any:
    if "null" not in types(shown) and "null" not in types(settle(shown)):
        return own
    if not isinstance(own, Mapping) or "null" in types(own):
        return own
    made = dict(own)
    if "type" in made:
        made["type"] = [*types(made), "null"]
    if "enum" in made and None not in made["enum"]:
        made["enum"] = [*made["enum"], None]
    return made
