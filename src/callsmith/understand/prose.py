"""What only the descriptions of a record's fields say: the choices of one, the form of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from callsmith.records import Json, Schema
from callsmith.schema import steps, types
from callsmith.understand.leaf import Guess, described

_MOMENT = re.compile(r"\bRFC[ -]?3339\b|\bISO[ -]?8601\b|\bdate-?time\b", re.IGNORECASE)


def told(schema: Schema, guesses: Iterable[tuple[str, Schema, Guess]]) -> Schema:
    """The schema of a record with the choices and forms that its fields' descriptions alone tell."""
    for at, leaf, found in guesses:
        more = _more(schema, at, leaf, found)
        if more:
            schema = _put(schema, steps(at), more)
    return schema


def _more(schema: Schema, at: str, leaf: Schema, found: Guess) -> dict[str, Json]:
    if not {"string", "integer"} & {*types(leaf)} or leaf.keys() & {"format", "enum", "const", "pattern"}:
        return {}
    counted = tuple(types(leaf)) == ("integer",)
    if (found.facet == "enum" or counted) and (options := described(schema, at, leaf).schema.get("enum")):
        return {"enum": list(options)}
    if found.facet == "date_time" and _MOMENT.search(str(leaf.get("description") or "")):
        return {"format": "date-time"}
    return {}


def _put(schema: Schema, path: tuple[str, ...], more: dict[str, Json]) -> Schema:
    """The schema whose leaf at the path says more; as it is where alternatives lie on the way."""
    if not path:
        return schema if schema.keys() & {"anyOf", "oneOf", "allOf"} else {**schema, **more}
    first, rest = path[0], path[1:]
    name = "items" if first == "*" else "properties"
    held: Any = schema.get(name)
    if not isinstance(held, Mapping):
        return schema
    if name == "items":
        return {**schema, name: _put(held, rest, more)}
    return {**schema, name: {**held, first: _put(held[first], rest, more)}} if first in held else schema
