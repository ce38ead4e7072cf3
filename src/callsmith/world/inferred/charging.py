"""What calling a thing off costs: nothing while it is early enough, as the description of the call says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from callsmith.catalog.lives import called_off
from callsmith.records import Json
from callsmith.schema import settle, types
from callsmith.world.agreement.agreement import agreement_of
from callsmith.world.inferred.errand import Errand
from callsmith.world.stories.naming import split

_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_AMOUNT = r"(?P<count>[0-9]+)[- ](?P<unit>minute|hour|day|week)s?"
_LATE = re.compile(rf"\b(?:less than|under|fewer than|within|later than) {_AMOUNT}")
_EARLY = re.compile(
    rf"\b(?:free|no charge|no fee|without charge)\b[^.]*?\b(?:up to|until|more than|at least) {_AMOUNT}"
)
_COSTS = re.compile(r"\b(?:fee|charge[ds]?|costs?|penalty)\b")
_FEE = frozenset("fee charge penalty charged".split())
_OFF = frozenset("late cancel cancellation cancelation cancelling".split())
_PRICE = frozenset("price cost total amount".split())


def charged(errand: Errand, record: dict[str, Json], old: Mapping[str, Json]) -> dict[str, Json]:
    """A record that was called off with what that costs, where the call says until when it costs nothing."""
    population, tool = errand.world.population, errand.spec.tool
    text = tool.description.lower()
    told = _EARLY.search(text) or _LATE.search(text)
    if told is None or not _COSTS.search(text) or not called_off(record) or called_off(old):
        return record
    entity = population.kinds[tool.entity].entity
    agreement = agreement_of(population.toolset, entity)
    starts = agreement.line.of("start", "day") if agreement is not None and agreement.line is not None else []
    begins = next(
        (at for one in starts if (at := population.clock.parse(record.get(one.name))) is not None), None
    )
    waived = any("waive" in split(item.name) and value is True for item, value in errand.stated)
    early = begins is not None and begins - population.clock.now >= int(told["count"]) * _UNITS[told["unit"]]
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    price = next((record[name] for name in fields if {*split(name)} & _PRICE and record.get(name)), None)
    for name, schema in fields.items():
        if (
            not {*split(name)} & _FEE
            or not {*split(name)} & _OFF
            or not {"number", "integer"} & {*types(schema)}
        ):
            continue
        if waived or early:
            record = {**record, name: 0}
        elif begins is not None and "in full" in text and isinstance(price, (int, float)):
            record = {**record, name: price}
    return record
