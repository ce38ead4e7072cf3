"""Arguments of an operation as one object, wherever in a request each of them travels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.records import Json

JSON_TYPES = ("application/json", "application/vnd.api+json", "application/merge-patch+json", "*/*")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]+")


class Argument(Struct, frozen=True):
    """One thing a request takes: its name there, where it travels, what it may be."""

    name: str
    place: str  # path, query, header, body, form
    schema: Mapping[str, Json]
    required: bool = False


def arguments_of(taken: Sequence[Argument]) -> tuple[dict[str, Json], list[str], dict[str, Json]]:
    """Properties, the required ones, and where each travels: ``{"id": {"in": "path", "name": "id"}}``.

    A name that model interfaces do not take (they allow letters, digits, ``_``, ``.`` and ``-``, at most 64) is
    rewritten. Of two arguments of one name the later is told by its place: ``query`` and ``body`` may both have
    a ``filter``, the second is ``body_filter``. Body properties under their own name are not listed.
    """
    properties: dict[str, Json] = {}
    required: list[str] = []
    places: dict[str, Json] = {}
    for argument in taken:
        base = _UNFIT.sub("_", argument.name).strip("_")[:64] or argument.place
        name = base if base not in properties else f"{argument.place}_{base}"[:64]
        count = 2
        while name in properties:
            name, count = f"{base[:60]}_{count}", count + 1
        properties[name] = argument.schema
        if argument.required:
            required.append(name)
        if argument.place != "body" or name != argument.name:
            places[name] = {"in": argument.place, "name": argument.name}
    return properties, required, places


def chosen(content: Mapping[str, Json], *, only_json: bool = False) -> str:
    """The media type to use of those on offer: JSON, then forms, then the first; "" when there is none."""
    for kind in content:
        bare = kind.split(";")[0].strip().lower()
        if bare in JSON_TYPES or bare.endswith(("+json", "/json")):
            return kind
    if only_json:
        return ""
    for form in FORMS:
        for kind in content:
            if kind.split(";")[0].strip().lower() == form:
                return kind
    return next(iter(content), "")


def flattened(schema: Json, media: str, must: bool, description: str) -> Iterator[Argument]:
    """A body as arguments: the properties of an object each by itself, anything else as one named ``body``."""
    bare = media.split(";")[0].strip().lower()
    structured = chosen({media: None}, only_json=True) != "" or bare in FORMS
    if not structured or not isinstance(schema, Mapping):
        told: dict[str, Any] = {"type": "string", "contentMediaType": bare}
        if description:
            told["description"] = description
        yield Argument("", "body", told, must)
        return
    held = object_alternative(schema)
    if held is None:
        told = dict(schema)
        if description:
            told.setdefault("description", description)
        yield Argument("", "body", told, must)
        return
    place = "form" if bare in FORMS else "body"
    # A body may be optional and its properties not: nobody makes a thing by a request that says nothing of it.
    required = held.get("required", [])
    for name, inner in held["properties"].items():
        yield Argument(name, place, inner if isinstance(inner, Mapping) else {}, name in required)


def object_alternative(schema: Mapping[str, Json]) -> dict[str, Any] | None:
    """The object with properties that a schema is, or that one of its alternatives is."""
    parts = [part for part in schema.get("allOf", ()) if isinstance(part, Mapping)]
    held = [found for part in parts if (found := object_alternative(part))]
    if held or schema.get("properties"):
        properties: dict[str, Json] = {}
        required: list[str] = []
        for part in (*held, schema):
            properties.update(part.get("properties", {}))
        for part in (*held, *parts, schema):
            required += [name for name in part.get("required", []) if name not in required]
        return {"properties": properties, "required": required}
    for word in ("oneOf", "anyOf"):
        for option in schema.get(word, ()):
            if isinstance(option, Mapping) and (found := object_alternative(option)):
                return found
    return None
