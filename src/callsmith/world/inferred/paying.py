"""A payment taken of a bill: what has been paid is more by it, what is left is less, and paid in full it is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.lives import standing
from callsmith.records import Json, Schema
from callsmith.schema import settle, types
from callsmith.world.agreement.worth import figure
from callsmith.world.fields.measures import built_in
from callsmith.world.inferred.errand import Errand
from callsmith.world.stories.naming import singular, split

_PAYING = frozenset("pay payment payments instalment repayment remittance settle".split())
_SUMS = ("amount", "amount_minor")
_PAID = ({"paid"}, {"amount", "paid"}, {"total", "paid"}, {"paid", "amount"}, {"paid", "to", "date"})
_LEFT = (
    {"balance"}, {"balance", "due"}, {"amount", "due"}, {"outstanding"}, {"outstanding", "balance"},
    {"amount", "outstanding"}, {"amount", "remaining"}, {"remaining", "balance"},
)  # fmt: skip


def paid_in(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """A record with the sum that a call pays in taken off what is owed; any other as it is."""
    tool = errand.spec.tool
    kind = errand.world.population.kinds[tool.entity]
    told = {singular(word) for word in (*split(tool.name), *split(tool.part))}
    if built_in(tool.toolkit) or not told & _PAYING:
        return record
    amount = next(
        (value for parameter, value in errand.stated if parameter.facet in _SUMS and not parameter.sets), None
    )
    fields = kind.entity.schema.get("properties", {})
    paid, left = _named(fields, _PAID), _named(fields, _LEFT)
    if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not (paid or left):
        return record
    made: dict[str, Any] = dict(record)
    owed = figure(record, left) if left else None
    for name, value in ((paid, figure(record, paid) + amount), (left, max(0, (owed or 0) - amount))):
        if name:
            made[name] = round(value) if value == round(value) else round(value, 2)
    status = standing(fields)
    states = [one for one in settle(fields[status]).get("enum", ()) if one] if status else []
    over = owed is not None and amount >= owed
    now = next((one for one in states if _says(one, over)), None)
    return {**made, status: now} if now is not None else made


def _named(fields: Mapping[str, Schema], wanted: Sequence[set[str]]) -> str:
    """The number among the fields that goes by one of these names; "" where none does."""
    return next(
        (
            name
            for names in wanted
            for name, schema in fields.items()
            if {*split(name)} == names and {"integer", "number"} & {*types(settle(schema))}
        ),
        "",
    )


def _says(state: Json, over: bool) -> bool:
    words = split(str(state))
    partly = bool({*words} & {"part", "partial", "partially", "partly"})
    return "paid" in words and "un" not in words and partly != over
