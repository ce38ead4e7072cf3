"""Records that a call made or changed, in agreement with the records they name now."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.records import Entity, Json, Toolset
from callsmith.world.agreement.cases import cases_of, once_due
from callsmith.world.agreement.referring import in_agreement
from callsmith.world.agreement.repeated import copies_of
from callsmith.world.agreement.roles import as_shown
from callsmith.world.agreement.totals import totals_of
from callsmith.world.fields.measures import built_in, unfamiliar
from callsmith.world.inferred.errand import Errand


def as_called(
    errand: Errand, record: dict[str, Json], earlier: Mapping[str, Json] | None = None
) -> dict[str, Json]:
    """A record that a call made or changed, in agreement with the records it names now and with what the call says."""
    population, key = errand.world.population, errand.spec.tool.entity
    toolset, entity = population.toolset, population.kinds[key].entity
    stated = {parameter.sets for parameter, _ in errand.stated if parameter.sets}

    def find(other: str, value: Json) -> Mapping[str, Json] | None:
        held = errand.world.overlay.find(other, value) if value is not None else ()
        return held[0].record if held else None

    if not built_in(entity.toolkit):
        record = as_shown(record, entity, find, stated)
    if not unfamiliar(toolset, entity.toolkit):
        return record
    if earlier is not None:
        names = {copy.head[0] if copy.head else copy.by for copy in copies_of(toolset, entity)}
        names |= {pointer.split("/")[1] for pointer in stated}
        changed = {name for name in names if record.get(name) != earlier.get(name)}
        if not changed & _grounds(toolset, entity):
            return record
    return once_due(in_agreement(record, toolset, entity, find, stated), entity, stated)


def _grounds(toolset: Toolset, entity: Entity) -> set[str]:
    """The fields on which others of a record rest: what it names, its lines, counts and prices."""
    totals = totals_of(toolset, entity)
    found = {copy.head[0] if copy.head else copy.by for copy in copies_of(toolset, entity)}
    if totals is not None:
        found |= {name for count, _, by, _ in totals.rates for name in (*count.split("\n"), by)}
        found |= {totals.lines.name if totals.lines else "", totals.less, *totals.fees}
    return (found | {case.by for case in cases_of(entity)}) - {""}
