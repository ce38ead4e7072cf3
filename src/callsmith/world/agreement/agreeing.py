"""What a call changed stands in its answer, also under other names: a target size, the original size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Json, Schema, Tool
from callsmith.schema import settle, steps, types, valid
from callsmith.world.stories.naming import split

_DEEP = 4  # objects inside one another that are looked into
_MISSING: Any = object()


class Place(Struct, frozen=True):
    """A leaf of an answer that says something about the change."""

    path: tuple[str, ...]
    sort: str  # "after", "before", "worked" or "outcome"
    of: str  # the plain name of the value it repeats
    schema: Schema


def places_of(tool: Tool) -> tuple[Place, ...]:
    """The leaves of a tool's answer that have to agree with what the call said, read off their names."""
    if tool.effect not in ("create", "update", "act"):
        return ()
    said = {_plain(steps(item.pointer)[-1]) for item in tool.inputs if item.sets and "*" not in item.pointer}
    found: list[Place] = []
    _walk(tool.returns, (), said, found)
    return tuple(found)


def agreed(
    value: Json, places: tuple[Place, ...], record: Mapping[str, Json], earlier: Mapping[str, Json]
) -> Json:
    """An answer in which every such leaf says what ``record`` holds after the call, or ``earlier`` before it."""
    if not places or not isinstance(value, dict):
        return value
    after, before = _flat(record), _flat(earlier)
    for place in places:
        old = _at(value, place.path)
        new: Json = _MISSING
        if place.sort == "worked":
            new = True
        elif place.sort == "outcome":
            new = _gone_well(place.schema, old)
        else:
            new = (after if place.sort == "after" else before).get(place.of, _MISSING)
        if old is not _MISSING and new is not _MISSING and new != old and valid(place.schema, new):
            value = _with(value, place.path, new)
    return value


def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = data.read("catalog/lexicon/agreeing.yaml")
    return words


def _plain(name: str) -> str:
    return "".join(split(name))


def _walk(schema: Schema, path: tuple[str, ...], said: set[str], found: list[Place]) -> None:
    settled = settle(schema)
    for name, child in settled.get("properties", {}).items():
        inner = settle(child)
        here = (*path, name)
        if inner.get("properties"):
            if len(here) < _DEEP:
                _walk(inner, here, said, found)
        elif "array" not in types(inner):
            sort, of = _sort_of(here, inner, said)
            if sort:
                found.append(Place(here, sort, of, inner))


def _sort_of(path: tuple[str, ...], schema: Schema, said: set[str]) -> tuple[str, str]:
    """Which side of a change a leaf tells of, and of what; "" for one that tells of none."""
    words, table = split(path[-1]), _words()
    if len(words) > 1 and words[0] in table["after"]:
        return "after", "".join(words[1:])
    if len(words) > 1 and words[0] in table["before"]:
        return "before", "".join(words[1:])
    if "boolean" in types(schema) and words in [tuple(item.split()) for item in table["worked"]]:
        return "worked", ""
    if schema.get("enum") and words[-1:] in (("status",), ("state",)) and set(words) & set(table["changing"]):
        return "outcome", ""
    around = {word for step in path[:-1] for word in split(step)}
    if around & set(table["changing"]) and "".join(words) in said:
        return "after", "".join(words)
    return "", ""


def _gone_well(schema: Schema, old: Json) -> Json:
    """A change that went through did not fail: another of the choices where this one says it did."""
    failing = set(_words()["failing"])
    if not set(split(str(old))) & failing:
        return old
    return next((option for option in schema["enum"] if not set(split(str(option))) & failing), old)


def _flat(record: Mapping[str, Json]) -> dict[str, Json]:
    """A record's own leaves by their plain names."""
    return {_plain(name): value for name, value in record.items() if not isinstance(value, (Mapping, list))}


def _at(value: Json, path: tuple[str, ...]) -> Json:
    for step in path:
        if not isinstance(value, Mapping) or step not in value:
            return _MISSING
        value = value[step]
    return value


def _with(value: dict[str, Json], path: tuple[str, ...], new: Json) -> dict[str, Json]:
    """A copy with one leaf replaced; what is stored is not touched."""
    head, *rest = path
    inner = value[head]
    return {**value, head: _with(inner, tuple(rest), new) if rest and isinstance(inner, dict) else new}
