"""Moments at which people do things lie within the hours in which they are up."""

from __future__ import annotations

from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import table
from callsmith.world.stories.moments import Told

_EARLY, _LATE = 7, 20


def by_day(told: Told) -> None:
    """A record whose moments of what people did are not those of the night, in the order in which they were."""
    if told.line.noun in table()["round_clock"]:
        return
    found = [
        (at, place, moment)
        for place, moment in enumerate(told.line.of("made", "begun", "done", "settled"))
        if moment.form == "date-time" and (at := told.read(moment)) is not None
    ]
    if all(_EARLY <= told.clock.local(at).hour < _LATE for at, _, _ in found):
        return
    moved: dict[int, int] = {}
    last = 0
    starts = [begun for one in told.line.of("start") if (begun := told.read(one)) is not None]
    for at, _, moment in sorted(found, key=lambda one: one[:2]):
        if at not in moved:
            near = _near(told, at)
            ground = max((last, *(begun for begun in starts if begun <= at)))
            near = ground + 600 if near <= ground else near
            moved[at] = last = near if near < told.clock.now - 60 or at > told.clock.now else at
        if moved[at] != at:
            told.write(moment, moved[at])


def _near(told: Told, at: int) -> int:
    """An hour of the same day at which people work."""
    local = told.clock.local(at)
    if _EARLY <= local.hour < _LATE:
        return at
    hour = 8 + mix(told.bits, 861) % 3 if local.hour < _EARLY else 16 + mix(told.bits, 862) % 3
    return at + (hour - local.hour) * 3600 + (mix(told.bits, 863) % 12 * 5 - local.minute) * 60
