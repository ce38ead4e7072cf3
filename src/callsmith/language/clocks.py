"""Times of day in places, as a tool's result holds them and an answer says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callsmith.language.grammar import capitalised, unmarked
from callsmith.language.voicing import Voicing
from callsmith.meaning import Ask
from callsmith.records import Json


def clocks_in(value: Json) -> list[tuple[str, datetime]]:
    """(zone, moment) of the clock readings an object is made of; [] where it is made of anything else."""
    if not isinstance(value, Mapping):
        return []
    own = [value] if "timezone" in value else [item for item in value.values() if isinstance(item, Mapping)]
    found = []
    for item in own:
        zone = item.get("timezone", item.get("time_zone"))
        moment = item.get("datetime", item.get("time"))
        if not isinstance(zone, str) or not isinstance(moment, str) or len(moment) < 16:
            return []
        try:
            found.append((zone, datetime.fromisoformat(moment)))
        except ValueError:
            return []
    return found


def _clock_time(voice: Voicing, at: datetime) -> str:
    """A time of day, written the same way throughout."""
    if voice.speaker.american:
        return f"{at.hour % 12 or 12}:{at.minute:02d} {'AM' if at.hour < 12 else 'PM'}"
    return f"{at.hour}:{at.minute:02d}"


def time_told(voice: Voicing, ask: Ask, clocks: Sequence[tuple[str, datetime]]) -> str:
    places = {str(item.values[0]): item.shown for item in ask.details if item.facet == "time_zone"}

    def place(zone: str) -> str:
        return places.get(zone) or zone.rpartition("/")[2].replace("_", " ")

    zone, last = clocks[-1]
    forms: tuple[str, ...]
    time = _clock_time(voice, last)
    if len(clocks) == 1:
        same = last.date().isoformat() == voice.plan.scene.now[:10]
        day = "" if same and voice.chance(0.7) else f" on {last:%A}"
        forms = (f"It's {time}{day} in {place(zone)}.", f"{capitalised(time)}{day} in {place(zone)}.")
        return unmarked(voice.pick((forms[0], forms[0], forms[1])))
    first_zone, first = clocks[0]
    begun = _clock_time(voice, first)
    days = (last.date() - first.date()).days
    shift = {0: "", 1: " the next day", -1: " the day before"}.get(days, f" on {last:%A}")
    forms = (
        f"{capitalised(begun)} in {place(first_zone)} is {time}{shift} in {place(zone)}.",
        f"It's {time}{shift} in {place(zone)}.",
        f"That's {time}{shift} in {place(zone)}.",
        f"Then it's {time}{shift} in {place(zone)}.",
    )
    return unmarked(voice.pick(forms))


def time_beside(
    voice: Voicing, ask: Ask, clocks: Sequence[tuple[str, datetime]], before: Sequence[Any]
) -> str:
    """A second time, told after a first: "22:45 on Friday in Seoul"."""
    places = {str(item.values[0]): item.shown for item in ask.details if item.facet == "time_zone"}
    zone, at = clocks[-1]
    day = f" on {at:%A}" if at.date() != before[-1][1].date() else ""
    return f"{_clock_time(voice, at)}{day} in {places.get(zone) or zone.rpartition('/')[2].replace('_', ' ')}"
