"""What has to agree within a record of an API nobody has described further, as found and after a change."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from callsmith.catalog.conditions import Conditions, conditions_of
from callsmith.records import Entity, Json, Toolset
from callsmith.schema import steps
from callsmith.world.agreement.allowed import Keep, allowing
from callsmith.world.agreement.awaited import Awaited, as_awaited, awaited_of
from callsmith.world.agreement.balanced import Balance, balance_of, rebalanced
from callsmith.world.agreement.details import Details, details_of, in_part_of_day, kept, trimmed
from callsmith.world.agreement.lasting import Lasting, lasting_as_changed, lasting_as_found, lasting_of
from callsmith.world.agreement.totals import reckoned_apart
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.stories.chronicle import ordered, reordered
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.lifelines import ACTUAL, Line, line_of
from callsmith.world.stories.machine_runs import ran
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story


class Agreement(Struct, frozen=True):
    """The numbers, moments and details of an entity's records."""

    balance: Balance
    line: Line | None
    details: Details
    told: Conditions = Conditions()
    bounds: Keep | None = None
    awaited: Awaited | None = None
    lasting: Lasting | None = None


_known: dict[tuple[str, str], Agreement | None] = {}


def agreement_of(toolset: Toolset, entity: Entity) -> Agreement | None:
    """What has to agree in an entity's records; None for toolkits that have a story of their own."""
    key = (toolset.hash, entity.key)
    if key not in _known:
        if len(_known) > 2000:
            _known.clear()
        free = unfamiliar(toolset, entity.toolkit) or ran(toolset, entity)
        free = free and entity.key not in toolset.fixtures
        asked = {
            steps(item.sets)[0]
            for tool in toolset.tools
            if free and tool.entity == entity.key and tool.deed == "create"
            for item in tool.inputs
            if item.sets
        }
        line = line_of(entity, asked) if free else None
        _known[key] = (
            Agreement(
                balance_of(entity.schema, reckoned_apart(toolset, entity)),
                line,
                details_of(entity, asked),
                conditions_of(entity, toolset.tools),
                allowing(entity.schema),
                awaited_of(entity, line, toolset.tools),
                lasting_of(toolset, entity),
            )
            if free
            else None
        )
    return _known[key]


def agreed_as_found(agreement: Agreement, record: dict[str, Json], story: Story) -> dict[str, Json]:
    """A record of the population whose moments and details agree."""
    clock = story.population.clock
    if agreement.line is not None:
        record = _touched(agreement.line, ordered(agreement.line, record, clock, story.bits), clock)
        main = agreement.line.of("start", "begun", "made", "done")
        seconds = clock.parse(record.get(main[0].name)) if main and main[0].form == "date-time" else None
        if seconds is not None:
            record = in_part_of_day(agreement.details, record, clock.local(seconds).hour)
    if agreement.awaited is not None:
        record = as_awaited(agreement.awaited, record, clock, story.bits)
    if agreement.lasting is not None:
        record = lasting_as_found(agreement.lasting, record, clock)
    return agreement.told.kept(trimmed(agreement.details, agreement.line, record))


_TOUCHED = {"updated", "modified", "changed"}


def _touched(line: Line, record: dict[str, Json], clock: Clock) -> dict[str, Json]:
    """A record that was last changed no earlier than what last happened to it."""
    past = [
        (seconds, record[moment.name])
        for moment in line.of(*ACTUAL)
        if moment.form == "date-time"
        and (seconds := clock.parse(record.get(moment.name))) is not None
        and seconds <= clock.now
    ]
    for moment in line.of("apart") if past else ():
        if moment.form == "date-time" and _TOUCHED & {*split(moment.name)}:
            last, written = max(past, key=lambda one: one[0])
            seen = clock.parse(record.get(moment.name))
            if seen is not None and seen < last:
                record = {**record, moment.name: written}
    return record


def agreed_as_changed(
    agreement: Agreement, record: dict[str, Json], said: Collection[str], clock: Clock
) -> dict[str, Json]:
    """A record that somebody has made or changed: what follows from what they stated follows."""
    stated = {*said}
    if agreement.line is not None:
        before = dict(record)
        record = reordered(agreement.line, record, clock, said)
        said = {*said, *(name for name, value in record.items() if before.get(name) != value)}
    if agreement.lasting is not None:
        record = lasting_as_changed(agreement.lasting, record, stated, clock)
    record = rebalanced(agreement.balance, record, said)
    record = kept(agreement.details, record, said)
    return record if agreement.bounds is None else agreement.bounds(record)
