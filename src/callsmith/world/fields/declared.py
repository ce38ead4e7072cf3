"""What a definition says of a number: its bounds, what is usual, what it is paid for."""

from __future__ import annotations

import re

from callsmith.records import Schema, Toolset
from callsmith.schema import types
from callsmith.world.stories.naming import singular

_PAID = re.compile(
    r"\b(?:per|each|every|for (?:an?|one|each)|of (?:an?|one|each|every)) ([a-z]{3,})", re.IGNORECASE
)
_MEASURED = (
    "month",
    "week",
    "year",
    "day",
    "hour",
    "minute",
    "person",
    "unit",
    "item",
    "kilo",
    "customer",
    "night",
)


def stated_at(toolset: Toolset, entity: str, pointer: str, schema: Schema) -> Schema:
    """The schema of a number with what the call that makes such a record says of it: bounds, default, choices."""
    known = {"default", "minimum", "maximum", "description", "enum"}
    if known <= schema.keys() or not pointer:
        return schema
    for tool in toolset.tools:
        if tool.entity == entity and tool.deed == "create":
            for item in tool.inputs:
                if item.sets == pointer:
                    return {**{name: item.schema[name] for name in known & item.schema.keys()}, **schema}
    return schema


def shown_at(toolset: Toolset, entity: str, pointer: str, schema: Schema) -> Schema:
    """The schema of a text with the form and the examples that calls give which set it or look for it."""
    if "string" not in types(schema) or not pointer or schema.keys() & _TOLD:
        return schema
    for tool in toolset.tools:
        for item in tool.inputs if tool.entity == entity else ():
            if pointer == item.sets and "enum" in item.schema and types(item.schema) == ("string",):
                return {**schema, "enum": item.schema["enum"]}
            if pointer in (item.sets, item.filters) and "string" in types(item.schema):
                if any(len(str(one).split()) > _NAME for one in item.schema.get("examples", ())):
                    continue  # somebody's own words
                if not item.schema.keys() & {"enum", "const"} and (told := item.schema.keys() & _SHOWN):
                    return {**{name: item.schema[name] for name in _SHOWN if name in told}, **schema}
    return schema


_NAME = 4  # words
_TOLD = frozenset(("enum", "const", "pattern", "format", "examples", "default"))
_SHOWN = ("pattern", "examples")


def paid_for(schema: Schema) -> str:
    """What a price is that of, as its description says: "price of each clean"; "" for other numbers."""
    found = _PAID.search(str(schema.get("description") or ""))
    word = singular(found[1].lower()) if found else ""
    return "" if word in _MEASURED else word
