"""Bounds by which people narrow a listing: flats under 1,500, houses with at least three bedrooms."""

from __future__ import annotations

from math import ceil, floor

from msgspec import Struct

from callsmith.meaning import Detail
from callsmith.plan.arguments.fill import detail, pointed
from callsmith.plan.draft import Draft
from callsmith.records import Entity, Json, Parameter
from callsmith.schema import types, valid

LIMITING = ("ge", "gt", "le", "lt")
_FACETS = ("amount", "amount_minor", "count", "number", "percent")
_STEPS = ((10, 1), (50, 5), (200, 10), (1000, 50), (10_000, 500), (100_000, 5000), (10_000_000, 50_000))
_CENTS = 100


class Criteria(Struct):
    """Arguments and what the user says for them."""

    arguments: dict[str, Json]
    details: list[Detail]


def limited(draft: Draft, entity: Entity, parameter: Parameter, value: Json, criteria: Criteria) -> int:
    """Add a round bound that a value keeps to and another record does not; how many were added."""
    known = parameter.facet in _FACETS and isinstance(value, (int, float)) and not isinstance(value, bool)
    if not known or value <= 0 or any(item.shape in ("least", "most") for item in criteria.details):
        return 0
    below = parameter.compare in ("ge", "gt")
    bound = _round(parameter, value, below=below)
    found = [pointed(record, parameter.filters) for record in draft.world.records(entity.key)]
    others = [one for one in found if isinstance(one, (int, float)) and one != value]
    if bound <= 0 or not any(one < bound if below else one > bound for one in others):
        return 0
    if not valid(parameter.schema, bound):
        return 0
    shape = "least" if below else "most"
    criteria.arguments[parameter.pointer] = bound
    shown = draft.scene.currency if parameter.facet.startswith("amount") else ""
    criteria.details.append(detail(parameter, bound, role="filters", shape=shape, shown=shown))
    return 1


def _round(parameter: Parameter, value: float, *, below: bool) -> float:
    """The next round number below or above a value; a year as it is."""
    whole = "integer" in types(parameter.schema)
    if {*parameter.phrase.split()} & {"year", "vintage"}:
        return value
    unit = _CENTS if parameter.facet == "amount_minor" else 1
    size = value / unit
    step = next((step for most, step in _STEPS if size < most), 500_000)
    near = (floor(size / step) if below else ceil(size / step)) * step
    if parameter.compare in ("gt", "lt") and near == size:
        near += -step if below else step
    made = near * unit
    return int(made) if whole or float(made).is_integer() else made
