"""Sums that somebody states of a record, in keeping with those that the record has: awarded, paid, knocked down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from callsmith.catalog.figures import name_words
from callsmith.catalog.sums import kept_to, rounded
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE
from callsmith.records import Entity, Json, Parameter, Tool
from callsmith.schema import valid

_MONEY = ("amount", "amount_minor")
Choice = Callable[[Sequence[float]], float]


def sum_of(draft: Draft, tool: Tool, parameter: Parameter, record: Mapping[str, Any], key: str) -> Json:
    """The sum a call would state of a record; None where its sums do not tell."""
    entity = draft.known.entities.get(key)
    if entity is None or tool.entity != key or parameter.confidence < SURE or parameter.klass == "opaque_id":
        return None
    return in_keeping(tool, parameter, entity, record, draft.choice)


def in_keeping(
    tool: Tool, parameter: Parameter, entity: Entity, record: Mapping[str, Any], choice: Choice
) -> Json:
    """A sum that keeps to those of a record; None where they do not tell."""
    if parameter.facet not in _MONEY or tool.deed not in ("act", "update"):
        return None
    sums = _sums(entity, record, parameter)
    kept = kept_to(parameter.name, [*sums], name_words(tool.name))
    if kept is None:
        return None
    bids = [sums[one] for one in kept.of if "bid" in name_words(one)] if kept.sort == "knocked" else []
    if bids:
        value = max(bids)
    elif kept.low and sums[kept.low] < sums[kept.high]:
        low, high = sums[kept.low], sums[kept.high]
        value = rounded(low + (high - low) * choice((0.2, 0.35, 0.5, 0.65, 0.8, 1.0)))
    elif kept.of:
        base, share = sums[kept.of[0]], choice(kept.shares)
        value = base if share == 1 else rounded(base * share)
    else:
        return None
    value = int(value) if value == int(value) else round(value, 2)
    return value if value and valid(parameter.schema, value) else None


def _sums(entity: Entity, record: Mapping[str, Any], parameter: Parameter) -> dict[str, float]:
    """The sums of a record, but for the one that is stated."""
    facets = {field.pointer: field.facet for field in entity.fields}
    return {
        name: float(value)
        for name, value in record.items()
        if facets.get(f"/{name}", "number") in (parameter.facet, "number")
        and f"/{name}" != parameter.sets
        and isinstance(value, (int, float))
        and not isinstance(value, bool)
        and value > 0
    }
