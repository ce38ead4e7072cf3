"""What an estimate comes to: so much as is asked about, at the prices of what it names."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.catalog.charges import charging
from callsmith.records import Entity, Json
from callsmith.world.agreement.bills import billed
from callsmith.world.agreement.cases import cases_of
from callsmith.world.agreement.following import applied, numbers_of
from callsmith.world.agreement.payable import Reckoned
from callsmith.world.agreement.purses import sum_in
from callsmith.world.stories.naming import singular, split


def estimated(
    made: dict[str, Json],
    asked: Mapping[str, Json],
    named: list[Mapping[str, Json]],
    entity: Entity,
    *,
    taxed: bool,
) -> None:
    """Brings the sums of an answer into agreement with what is asked and with the prices of the records it names.

    ``taxed``: those prices include tax.
    """
    prices: dict[str, Json] = {}
    for record in named:
        for name, value in record.items():
            if sum_in(value) is not None and charging()["rated"] & {singular(word) for word in split(name)}:
                prices.setdefault(name, value)
    if not prices:
        return
    stated = {name: value for name, value in asked.items() if sum_in(value) is not None}
    known: dict[str, Json] = {**prices, **made, **stated}
    known.update({name: value for name, value in prices.items() if name in made and name not in stated})
    apart = {case.name: 0 for case in cases_of(entity) if not case.by}
    known.update(apart)
    fields = {name: {"type": "number"} for name, value in known.items() if sum_in(value) is not None}
    numbers = numbers_of({"properties": fields})
    applied(billed(numbers, Reckoned(inside=taxed)), known, numbers, {*prices, *stated})
    made.update({name: known[name] for name in (*made, *apart) if name in made or known[name]})
