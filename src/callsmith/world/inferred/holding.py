"""What a record comes to by those that lie in it follows when one of them is made, changed or removed."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.records import Json
from callsmith.world.agreement.counted import Counted, counted, worth
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.inferred.errand import Errand
from callsmith.world.stories.story import Entry

_known: dict[tuple[str, str], dict[str, list[Counted]]] = {}


def told_to_holders(errand: Errand, before: Entry | None, after: Entry | None) -> None:
    """Bring the counts and sums of whatever a record lies in into agreement with what has become of it."""
    population, key = errand.world.population, errand.spec.tool.entity
    if not unfamiliar(population.toolset, errand.spec.toolkit):
        return
    known = _known.get((population.toolset.hash, key))
    if known is None:
        if len(_known) > 2000:
            _known.clear()
        part = population.kinds[key].entity
        known = _known[population.toolset.hash, key] = {
            other: found
            for other in population.kinds
            if other != key and (found := counted(population.kinds[other].entity, part))
        }
    for other, numbers in known.items():
        for uid in {
            entry.links[other] for entry in (before, after) if entry is not None and other in entry.links
        }:
            _told(errand, other, uid, numbers, [one if one and one.links.get(other) == uid else None
                                                for one in (before, after)])  # fmt: skip


def _told(errand: Errand, other: str, uid: str, numbers: list[Counted], sides: list[Entry | None]) -> None:
    overlay, part = errand.world.overlay, errand.world.population.kinds[errand.spec.tool.entity].entity
    holder = next((entry for entry in overlay.entries(other) if entry.uid == uid), None)
    if holder is None:
        return
    old, new = (entry.record if entry is not None else None for entry in sides)
    record = dict(holder.record)
    for one in numbers:
        held = record.get(one.name)
        if not isinstance(held, (int, float)) or isinstance(held, bool):
            continue
        first, last = worth(one, part, old), worth(one, part, new)
        if one.sort == "most":
            value: float = max(held, last)
        elif one.sort == "mean":
            value = _mean(record, numbers, held, last) if old is None else held
        else:
            value = max(0, held + last - first)
        record[one.name] = round(value) if isinstance(held, int) or value == round(value) else round(value, 2)
    if record != holder.record:
        overlay.put(other, Entry(uid, record, holder.links, holder.story))


def _mean(record: Mapping[str, Json], numbers: list[Counted], held: float, last: float) -> float:
    """An average with one more; the count beside it has been raised already, or stands after it."""
    counts = [record.get(one.name) for one in numbers if one.sort == "one"]
    many = next((value for value in counts if isinstance(value, int)), 0)
    return round((held * many + last) / (many + 1), 1) if many and last else held
