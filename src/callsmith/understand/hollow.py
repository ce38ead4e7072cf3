"""Results that say only that something comes back: ``{data: object, successful: boolean}``, and how to fill them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from callsmith.catalog import data
from callsmith.records import Entity, Schema
from callsmith.schema import settle, types
from callsmith.understand.words import tokens


@cache
def known() -> Mapping[str, Any]:
    """What records usually hold, and what stands around them."""
    content: Mapping[str, Any] = data.read("understand/records.yaml")
    return content


def hollow(returns: Schema) -> bool:
    """Whether a result schema says nothing of what the data are."""
    return not returns or _bare(returns) or bool(_place(returns))


def filled(returns: Schema, record: Schema, many: str) -> Schema:
    """The schema with the record where its data stand; ``many``: the property that holds a list of them, or ""."""
    listed = {"type": "array", "items": record}
    name = _place(returns) if returns else ""
    if not name:
        return _object({many: listed}) if many else record
    inside = settle(returns)["properties"]
    if "array" in types(settle(inside[name])):
        held: Schema = listed if many else {"type": "array", "items": record, "maxItems": 1}
    else:
        held = _object({many: listed}) if many else record
    needed = list(dict.fromkeys([*returns.get("required", ()), name]))
    return {**returns, "type": "object", "properties": {**inside, name: held}, "required": needed}


def _object(properties: Mapping[str, Schema]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _bare(schema: Schema) -> bool:
    """An object, or something, of which nothing further is said."""
    settled = settle(schema)
    if any(key in settled for key in ("enum", "const", "format", "pattern")) or settled.get("properties"):
        return False
    if "array" in types(settled):
        items = settled.get("items")
        return not isinstance(items, Mapping) or _bare(items)
    extra = settled.get("additionalProperties")
    described = isinstance(extra, Mapping) and bool(extra)
    return not described and types(settled) in ((), ("object",), ("object", "null"))


def _place(returns: Schema) -> str:
    """The one property that holds the data where all others only say how it went, or ""."""
    inside = settle(returns).get("properties")
    if not isinstance(inside, Mapping):
        return ""
    holding = ""
    for name, schema in inside.items():
        words = " ".join(tokens(name))
        if words in known()["around"] and not holding and isinstance(schema, Mapping) and _bare(schema):
            holding = name
        elif words not in known()["beside"]:
            return ""
    return holding


def undeclared_record(entity: Entity) -> bool:
    """Whether a record without an identity is mostly something undeclared."""
    telling = [field for field in entity.fields if field.facet not in ("version", "mask", "object")]
    return any(field.facet == "object" for field in entity.fields) and len(telling) < 4
