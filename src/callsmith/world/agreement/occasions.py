"""What is done for somebody from time to time is not done twice on one day."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.records import Entity, Toolset
from callsmith.world.agreement.agreement import agreement_of
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.families import family_of
from callsmith.world.stories.lifelines import Line, Moment
from callsmith.world.stories.moments import told_of
from callsmith.world.stories.story import Entry, Ground

_LONGEST = 60  # weeks that are tried


def once_a_day(population: Ground, entity: Entity, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries of an entity, of which those for one customer, animal or garden are of different days."""
    agreement = agreement_of(population.toolset, entity)
    line = agreement.line if agreement is not None else None
    whom = _for_whom(population.toolset, entity)
    start = next(iter(line.of("start", "day")), None) if line is not None else None
    if line is None or start is None or start.form == "clock" or not whom:
        return entries
    clock, taken, made = population.clock, set[tuple[str, str]](), []
    for entry in entries:
        uid = entry.links.get(whom, "")
        told = told_of(line, dict(entry.record), clock, entry.story.bits if entry.story else 0, ())
        at = told.read(start)
        if not uid or at is None:
            made.append(entry)
            continue
        step = 7 * DAY if at > clock.now else -7 * DAY
        weeks = next((week for week in range(_LONGEST) if (uid, clock.day(at + week * step)) not in taken), 0)
        taken.add((uid, clock.day(at + weeks * step)))
        if weeks:
            for moment in _moving(line):
                moved = told.read(moment) if moment.form != "clock" else None
                if moved is not None and not (moment.name in line.creations and step > 0):
                    told.write(moment, moved + weeks * step)
            entry = Entry(entry.uid, told.record, entry.links, entry.story)
            population.fields[("full", entity.key, entry.uid)] = entry.record
        made.append(entry)
    return tuple(made)


def _moving(line: Line) -> list[Moment]:
    return line.of("made", "begun", "done", "settled", "start", "day", "end", "due", "next")


def _for_whom(toolset: Toolset, entity: Entity) -> str:
    """The entity of whom something is done for, where that is done once a day at most; "" for others."""
    if entity.noun.rpartition(" ")[2] not in data.read("catalog/lexicon/periods.yaml")["once"]:
        return ""
    named = {field.refers for field in entity.fields if field.refers and field.pointer.count("/") == 1}
    others = [other for other in toolset.entities if other.key in named and other.key != entity.key]
    return next((other.key for other in others if family_of(other).name != "staff"), "")
