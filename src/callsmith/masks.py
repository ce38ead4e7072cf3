"""Masks, arguments that name the parts of a record: what is written, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from callsmith.meaning import Fixed, Source
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import settle, steps

_WRITING = ("create", "update", "act")


def masked(tool: Tool, given: Mapping[str, Source]) -> Mapping[str, Source]:
    """The arguments with every mask of a writing tool naming what is written, and nothing else.

    A mask is known by its default, which names properties of the body. Where nothing of the body is written the
    default stays.
    """
    if tool.effect not in _WRITING:
        return given
    found = dict(given)
    for parameter in tool.inputs:
        source = given.get(parameter.pointer)
        if parameter.facet != "mask" or not isinstance(source, Fixed):
            continue
        if "update" in parameter.name.lower() and _names(source.value) == ["*"]:
            if parts := _written(tool, given):
                found[parameter.pointer] = Fixed(mask_value(parameter, parts))
            continue
        body = _body(tool, _names(source.value))
        others = [pointer for pointer in given if pointer != parameter.pointer]
        written = list(dict.fromkeys(name for pointer in others if (name := _inside(pointer, body))))
        if written:
            found[parameter.pointer] = Fixed(mask_value(parameter, written))
    return found


def _written(tool: Tool, given: Mapping[str, Source]) -> list[str]:
    """What a call writes, as a mask of an update names it: ``rotation.nextRotationTime``."""
    beside = tool.hints.get("places", {})  # what says which record, and does not stand in it
    places = [
        p.pointer
        for p in tool.inputs
        if p.sets and p.pointer in given and "*" not in p.pointer and steps(p.pointer)[0] not in beside
    ]
    return [".".join(steps(place)) for place in places]


def left_out(tool: Tool, record: Mapping[str, Any], named: Mapping[str, Json]) -> frozenset[str]:
    """The parts of a record, by its schema, that the masks of a call do not name.

    ``named`` are the values of arguments by pointer. Plain fields beside the parts (an id, a kind) always come back.
    """
    parts = {name for name, inner in record.get("properties", {}).items() if _is_part(inner)}
    wanted: set[str] = set()
    for parameter in tool.inputs:
        names = set(_names(named[parameter.pointer])) if parameter.pointer in named else set()
        if parameter.facet == "mask" and names and names <= parts:
            wanted |= names
    return frozenset(parts - wanted) if wanted else frozenset()


def projected(tool: Tool, arguments: Mapping[str, Any], value: Json) -> Json:
    """A result without what the masks of its call leave out; the result itself where they leave out nothing."""
    masks = [p for p in tool.inputs if p.facet == "mask" and p.name in arguments]
    if not masks or not tool.yields:
        return value
    named = {parameter.pointer: arguments[parameter.name] for parameter in masks}
    for item in tool.yields:
        record = _schema_at(tool.returns, steps(item.pointer))
        hidden = left_out(tool, record, named) - set(record.get("required", ()))
        value = _without(value, steps(item.pointer), hidden) if hidden else value
    return value


def _without(value: Json, path: tuple[str, ...], hidden: frozenset[str]) -> Json:
    if not path:
        return {k: v for k, v in value.items() if k not in hidden} if isinstance(value, dict) else value
    if path[0] == "*":
        return [_without(item, path[1:], hidden) for item in value] if isinstance(value, list) else value
    if not isinstance(value, dict) or path[0] not in value:
        return value
    return {**value, path[0]: _without(value[path[0]], path[1:], hidden)}


def _schema_at(schema: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
    here: Mapping[str, Any] = settle(schema)
    for step in path:
        inner = here.get("items") if step == "*" else here.get("properties", {}).get(step)
        here = settle(inner) if isinstance(inner, Mapping) else {}
    return here


def _names(value: Json) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else str(value).split(",")


def _body(tool: Tool, names: list[str]) -> str | None:
    """The pointer of the object whose parts a mask names: the arguments themselves, or one of them."""
    for pointer, inner in _objects(tool):
        if all(_is_part(inner.get(name)) for name in names):
            return pointer
    return None


def _objects(tool: Tool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    top: Mapping[str, Any] = settle(tool.parameters).get("properties", {})
    yield "", top
    for name, inner in top.items():
        if isinstance(inner, Mapping):
            yield f"/{name}", settle(inner).get("properties", {})


def _is_part(schema: Any) -> bool:
    return isinstance(schema, Mapping) and bool({"properties", "items"} & settle(schema).keys())


def _inside(pointer: str, body: str | None) -> str:
    """The part of a body that an argument is, or lies in; plain arguments beside the body's parts are none."""
    if body is None or not pointer.startswith(f"{body}/"):
        return ""
    path = steps(pointer.removeprefix(body))
    return path[0] if len(path) > (0 if body else 1) else ""


def mask_value(parameter: Parameter, names: list[str]) -> Json:
    """Names as a mask takes them: an array, or one string with commas."""
    return list(names) if parameter.pointer.endswith("/*") else ",".join(names)
