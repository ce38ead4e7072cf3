"""Numbers of a record that lie within what its schema declares, whatever made them agree with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsmith.records import Schema
from callsmith.schema import named, settle, types

_BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
_DEEP = 6
Keep = Callable[[Any], Any]


def within_bounds(made: Keep, schema: Schema) -> Keep:
    """A filler of records whose numbers keep the bounds their schema declares, whatever made them agree."""
    keep = allowing(schema)
    return made if keep is None else lambda story: keep(made(story))


def allowing(schema: Schema, depth: int = 0) -> Keep | None:
    """What keeps the numbers of a record within their bounds; None where none has any.

    One that is not is left out, or empty, where the schema allows that; else it is put at the bound.
    """
    settled = settle(schema)
    items = settled.get("items")
    if depth < _DEEP and isinstance(items, Mapping):
        keep = allowing(items, depth + 1)
        return (
            None if keep is None else lambda held: list(map(keep, held)) if isinstance(held, list) else held
        )
    rules: dict[str, Keep] = {}
    needed = {*settled.get("required", ())}
    for name, child in named(settled).items() if depth < _DEEP else ():
        if {"integer", "number"} & {*types(child)} and settle(child).keys() & _BOUNDS:
            rules[name] = _bounded(settle(child), name in needed)
        elif (inner := allowing(child, depth + 1)) is not None:
            rules[name] = inner
    return _members(rules) if rules else None


_OUT = object()  # what an optional number out of bounds is replaced with


def _members(rules: Mapping[str, Keep]) -> Keep:
    def keep(held: Any) -> Any:
        if not isinstance(held, Mapping):
            return held
        kept = {name: rules[name](value) if name in rules else value for name, value in held.items()}
        return {name: value for name, value in kept.items() if value is not _OUT}

    return keep


def _bounded(leaf: Schema, needed: bool) -> Keep:
    whole = "number" not in types(leaf)
    low, high = leaf.get("minimum"), leaf.get("maximum")
    above, below = leaf.get("exclusiveMinimum"), leaf.get("exclusiveMaximum")

    def keep(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return value
        fitting = value
        if low is not None and value < low:
            fitting = low
        elif high is not None and value > high:
            fitting = high
        elif above is not None and value <= above:
            fitting = above + (1 if whole else 0.01)
        elif below is not None and value >= below:
            fitting = below - (1 if whole else 0.01)
        if fitting == value:
            return value
        return fitting if needed else None if "null" in types(leaf) else _OUT

    return keep
