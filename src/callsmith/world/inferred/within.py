"""Sums that go with a record: what is credited or paid of an invoice is no more than the invoice is of."""

from __future__ import annotations

from callsmith.records import Json, Parameter, Tool
from callsmith.seeds import Rng
from callsmith.world.inferred.errand import Running
from callsmith.world.stories.naming import split

_SUMS = (("total",), ("amount",), ("grand", "total"), ("total", "amount"), ("amount", "due"), ("balance", "due"),
         ("total", "price"), ("invoice", "total"), ("order", "total"))  # fmt: skip
_PARTS = (0.5, 0.5, 1.0)


def within(world: Running, tool: Tool, parameter: Parameter, value: Json, rng: Rng) -> Json:
    """The sum, or part of the smallest that any record it may go with is of, where it is larger than that."""
    if parameter.facet not in ("amount", "amount_minor") or not isinstance(value, (int, float)):
        return value
    named = [one.refers for one in tool.inputs if one.required and one.refers not in ("", tool.entity)]
    own = tool.entity if tool.deed == "act" else ""
    for key in (*named, own):
        least = _least(world, key) if key in world.population.kinds else 0
        if least and value > least:
            part = least * rng.choice(_PARTS)
            return round(part) if part >= 1 and isinstance(value, int) else round(part, 2)
    return value


def _least(world: Running, key: str) -> float:
    """The smallest sum that records of a kind are of, those of nothing left out; 0 where they are of none."""
    sums = [
        value
        for entry in world.overlay.entries(key)
        for name, value in entry.record.items()
        if split(name) in _SUMS and isinstance(value, (int, float)) and value > 0
    ]
    return float(min(sums, default=0))
