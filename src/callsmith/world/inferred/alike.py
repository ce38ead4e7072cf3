"""What a new record comes to, as those that fixtures give come to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from statistics import median

from callsmith.records import Entity, Json, Toolset
from callsmith.schema import types

_COUNTS = ("count", "number")
_SUMS = ("amount", "amount_minor")


def priced_alike(
    record: dict[str, Json], toolset: Toolset, entity: Entity, stated: Collection[str]
) -> dict[str, Json]:
    """A new record whose sums that nobody stated are what so many of the same cost in the records that are there.

    ``stated`` are the fields the call gave. A sum of which the records tell nothing is left as it is.
    """
    held = [fixture.values for fixture in toolset.fixtures.get(entity.key, ())]
    own = {field.pointer[1:]: field for field in entity.fields if field.pointer.count("/") == 1}
    counts = [name for name in stated if name in own and own[name].facet in _COUNTS]
    sorts = [name for name in stated if name in own and isinstance(record.get(name), str)]
    if not held or len(counts) != 1 or not isinstance(quantity := record.get(counts[0]), (int, float)):
        return record
    result = dict(record)
    for name, field in own.items():
        if field.facet in _SUMS and name not in stated:
            each = _each(held, f"/{name}", f"/{counts[0]}", {f"/{one}": record[one] for one in sorts})
            if each is not None:
                whole = types(field.schema)[:1] == ("integer",)
                result[name] = round(each * quantity) if whole else round(each * quantity, 2)
    return result


def _each(
    held: Collection[Mapping[str, Json]], total: str, count: str, like: Mapping[str, Json]
) -> int | float | None:
    """What one costs in the records that say the same of what the call says; of all where none does."""
    rates: list[tuple[int, float]] = []
    for values in held:
        whole, many = values.get(total), values.get(count)
        if isinstance(whole, (int, float)) and isinstance(many, (int, float)) and many > 0:
            rates.append((sum(values.get(at) == value for at, value in like.items()), whole / many))
    most = max((same for same, _ in rates), default=0)
    return median(rate for same, rate in rates if same == most) if rates else None
