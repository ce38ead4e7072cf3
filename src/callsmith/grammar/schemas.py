"""JSON Schema as shapes of values.

Kept are types, ``enum``, ``const``, properties and which are required, bounds of arrays, whole numbers and strings
as far as they are small, alternatives, ``pattern`` where it is regular, and some formats. All else widens the shape:
the schema check judges it. Of objects with named properties only those are allowed, in the schema's order.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from callsmith.grammar.patterns import pattern
from callsmith.grammar.regular import MANY, either
from callsmith.grammar.shapes import (
    BOOLEAN,
    DEEP,
    NULL,
    NUMBER,
    STRING,
    Choice,
    Leaf,
    Listing,
    Member,
    Record,
    Shape,
    Table,
    anything,
    leaf,
)
from callsmith.grammar.values import FORMATS, integer, number, quoted, string
from callsmith.records import Json, Schema
from callsmith.schema import merged, steps

_AGAIN = 2  # how often a reference is followed inside itself
_LARGE = 10**15  # bounds beyond are those of the machine, not of the matter
_SHOWN = 12  # values of an enumeration that an error lists
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def shape_of(schema: Schema) -> Shape:
    """The shape of the values that a schema allows, references into itself followed."""
    return _known(orjson.dumps(schema))


@lru_cache(maxsize=1024)
def _known(encoded: bytes) -> Shape:
    root = orjson.loads(encoded)
    return _Reader(root).shape(root, DEEP, ())


class _Reader:
    """Reads the parts of one schema."""

    def __init__(self, root: Schema) -> None:
        self.root = root

    def shape(self, schema: Json, deep: int, inside: tuple[str, ...]) -> Shape:
        if not isinstance(schema, Mapping) or deep <= 0:
            return anything(max(0, deep))
        reference = schema.get("$ref")
        if isinstance(reference, str):
            target = self._target(reference)
            if target is None or self._closed(schema, inside):
                return anything(deep)
            return self.shape(target, deep, (*inside, reference))
        if "allOf" in schema:
            return self.shape(merged(self._followed(schema)), deep, inside)
        if "const" in schema:
            return _value(schema["const"])
        if isinstance(schema.get("enum"), Sequence) and schema["enum"]:
            scalars = [value for value in schema["enum"] if not isinstance(value, Mapping | list)]
            whole = [_value(value) for value in schema["enum"] if isinstance(value, Mapping | list)]
            return _choice([*([_one_of(scalars)] if scalars else []), *whole])
        for key in ("anyOf", "oneOf"):
            if isinstance(schema.get(key), Sequence) and schema[key]:
                rest = {name: value for name, value in schema.items() if name != key}
                options = [_both(rest, option) for option in schema[key]]
                open_ = [option for option in options if not self._closed(option, inside)]
                return _choice([self.shape(option, deep, inside) for option in open_ or options])
        return _choice([self._typed(kind, schema, deep, inside) for kind in _types(schema)])

    @staticmethod
    def _closed(schema: Json, inside: tuple[str, ...]) -> bool:
        """Whether a reference has been followed inside itself as often as it is."""
        return isinstance(schema, Mapping) and inside.count(str(schema.get("$ref"))) > _AGAIN

    def _target(self, reference: str) -> Json:
        found: Any = self.root
        if not reference.startswith("#"):
            return None
        for step in steps(reference[1:]):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def _followed(self, schema: Schema) -> Schema:
        """A schema whose ``allOf`` holds no references but those that lead nowhere or in a circle."""
        parts = []
        for part in schema["allOf"]:
            for _ in range(DEEP):
                if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
                    part = self._target(part["$ref"])
            parts.append(part if isinstance(part, Mapping) and "$ref" not in part else {})
        return {**schema, "allOf": parts}

    def _typed(self, kind: str, schema: Schema, deep: int, inside: tuple[str, ...]) -> Shape:
        if kind == "any":
            return anything(deep)
        if kind == "object":
            return self._object(schema, deep, inside)
        if kind == "array":
            low, high = _bounds(schema, "minItems", "maxItems")
            items = schema.get("items")
            if high == 0 or (not low and self._closed(items, inside)):
                return Listing(NULL, 0, 0)
            return Listing(self.shape(items if items is not None else {}, deep - 1, inside), low, high)
        if kind == "string":
            return _string(schema)
        if kind == "integer":
            return _integer(schema)
        if kind == "number":
            least = schema.get("minimum", schema.get("exclusiveMinimum"))
            unsigned = isinstance(least, int | float) and least >= 0
            return leaf(number(signed=False), "a number, not below 0") if unsigned else NUMBER
        return BOOLEAN if kind == "boolean" else NULL

    def _object(self, schema: Schema, deep: int, inside: tuple[str, ...]) -> Shape:
        properties = schema.get("properties")
        needed = schema.get("required") or ()
        if isinstance(properties, Mapping) and properties:
            return Record(
                tuple(
                    Member(name, self.shape(child, deep - 1, inside), name in needed)
                    for name, child in properties.items()
                    if child is not False and (name in needed or not self._closed(child, inside))
                )
            )
        extra = schema.get("additionalProperties")
        if extra is False or (extra is None and isinstance(properties, Mapping)):
            return Record(())
        low = schema.get("minProperties")
        value = self.shape(extra if isinstance(extra, Mapping) else {}, deep - 1, inside)
        return Table(value, 1 if isinstance(low, int) and low > 0 else 0)


def _types(schema: Schema) -> Iterator[str]:
    kind = schema.get("type")
    named = [kind] if isinstance(kind, str) else list(kind) if isinstance(kind, Sequence) else []
    known = [one for one in _TYPES if one in named]
    if known:
        yield from (one for one in known if one != "integer" or "number" not in known)
    elif "properties" in schema:
        yield "object"
    elif "items" in schema:
        yield "array"
    elif "pattern" in schema or schema.get("format") in FORMATS:
        yield "string"
    else:
        yield "any"


def _both(rest: Schema, option: Json) -> Schema:
    """What holds for all alternatives, and one of them."""
    if not isinstance(option, Mapping):
        return rest
    if "$ref" in option:
        return option
    return merged({"allOf": [rest, option]}) if rest.keys() & option.keys() else {**rest, **option}


def _choice(options: Sequence[Shape]) -> Shape:
    flat = [
        one for option in options for one in (option.options if isinstance(option, Choice) else (option,))
    ]
    unique = {(one.regular if isinstance(one, Leaf) else id(one)): one for one in flat}
    kept = tuple(unique.values())
    return kept[0] if len(kept) == 1 else Choice(kept)


def _value(value: Json) -> Shape:
    """Exactly this value."""
    if isinstance(value, Mapping):
        return Record(tuple(Member(name, _value(one), True) for name, one in value.items()))
    if isinstance(value, list):
        return Listing(_choice([_value(one) for one in value]) if value else NULL, len(value), len(value))
    return _one_of([value])


def _one_of(values: Sequence[Json]) -> Shape:
    """One of these scalars."""
    spelled = [json.dumps(value, ensure_ascii=False) for value in values]
    more = f" and {len(spelled) - _SHOWN} others" if len(spelled) > _SHOWN else ""
    label = ("one of " if len(spelled) > 1 else "") + ", ".join(spelled[:_SHOWN]) + more
    return leaf(either(*spelled), label)


def _bounds(schema: Schema, least: str, most: str) -> tuple[int, int | None]:
    low, high = schema.get(least), schema.get(most)
    low = low if isinstance(low, int) and 0 <= low <= MANY else 0
    high = high if isinstance(high, int) and low <= high <= MANY else None
    return low, high


def _string(schema: Schema) -> Shape:
    known = FORMATS.get(schema.get("format", ""))
    if known is not None:
        return leaf(quoted(known[0]), known[1])
    source = schema.get("pattern")
    found = pattern(source) if isinstance(source, str) else None
    if found is not None:
        return leaf(quoted(found), f"a string matching {source}")
    low, high = _bounds(schema, "minLength", "maxLength")
    if not low and high is None:
        return STRING
    size = f"{low} to {high}" if high is not None else f"at least {low}"
    return leaf(string(low, high), f"a string of {size} characters")


def _integer(schema: Schema) -> Shape:
    low, high = (
        _whole(schema, "minimum", "exclusiveMinimum", 1),
        _whole(schema, "maximum", "exclusiveMaximum", -1),
    )
    if low is not None and high is not None and low > high:
        low = high = None
    if low is None and high is None:
        return leaf(integer(), "a whole number")
    size = (
        f"from {low} to {high}"
        if None not in (low, high)
        else f"{low} or more"
        if high is None
        else f"{high} or less"
    )
    return leaf(integer(low, high), f"a whole number, {size}")


def _whole(schema: Schema, inclusive: str, exclusive: str, inwards: int) -> int | None:
    """The bound of a whole number on one side; ``inwards`` is +1 for the lower one."""
    found: list[int] = []
    for key in (inclusive, exclusive):
        bound = schema.get(key)
        if isinstance(bound, int | float) and not isinstance(bound, bool) and abs(bound) < _LARGE:
            nearest = math.ceil(bound) if inwards > 0 else math.floor(bound)
            found.append(nearest + inwards if key == exclusive and nearest == bound else nearest)
    return (max(found) if inwards > 0 else min(found)) if found else None
