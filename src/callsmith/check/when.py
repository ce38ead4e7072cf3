"""Finding where a date, a time or a moment in an argument comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from callsmith.check import rules
from callsmith.check.context import Context, Place
from callsmith.check.reading import CallAt, Reading, flatten
from callsmith.facts import number
from callsmith.facts.mention import Mention
from callsmith.records import Derived, Found, Json, Origin, Said


def _as_mention(moment: Sequence[int]) -> Mention:
    day, minute = moment[0], moment[1]
    return Mention(
        0, 0, "date_time", "", days=((day, day),), minutes=((minute, minute),) if minute >= 0 else ()
    )


class When:
    """Origins of the moments in one call's arguments."""

    def __init__(self, context: Context, each: CallAt) -> None:
        self.context = context
        self.each = each
        self.reading: Reading = context.reading
        self.clock = context.clock

    def origin(self, pointer: str, value: Json) -> Origin | None:
        """Where a date, a time or a moment comes from; None when it is none or comes from nowhere."""
        readings = rules.moments_in(value, self.clock)
        if not readings:
            return None
        single: list[tuple[str, rules.Rule]] = [("date_relative", rules.date_relative)]
        if any(minute > 0 for _, minute in readings):
            single = []
        spoken = self._spoken(value, readings, single)
        pieced = isinstance(spoken, Derived) and any(isinstance(part, Found) for part in spoken.of)
        if spoken is not None and not pieced:
            return spoken
        found = self.context.found(value) or self._moment_found(readings)
        if found is not None or spoken is not None:
            return found or spoken  # what a result shows whole is not pieced together from the talk
        return self._moved(pointer, value, readings) or self._present(value)

    def _spoken(
        self, value: Json, readings: Sequence[tuple[int, int]], single: Sequence[tuple[str, rules.Rule]]
    ) -> Origin | None:
        """A date, a bound of a stretch, or a date and a time that texts name, the latest text first."""
        edges = [*single, ("range_start", rules.range_start), ("range_end", rules.range_end)]
        for text, mention in self.context.mentioned():
            if not mention.days or text.place == "system":
                continue
            for name, rule in edges:
                if rule(value, [mention], self.clock):
                    return Derived(name, (text.origin(mention.start, mention.end),))
        for day, minute in readings:
            if minute < 0:
                continue
            days = self._naming(lambda mention: day == 0 or rules.on_day(day, [mention]))  # noqa: B023
            times = self._naming(lambda mention: rules.at_minute(minute, [mention]))  # noqa: B023
            name = "date_time_relative"
            if times is None:
                times = self._naming(lambda mention: rules.in_part(minute, [mention]))  # noqa: B023
                name = "part_of_day"
            if times is None:
                times, name = self._time_found(minute), "date_time_relative"
            if times is None:
                continue
            if day == 0:
                return Derived(name, (times,))
            days = days or self._today(day) or self._day_found(day)
            if days is not None and type(days) is type(times) and not isinstance(days, Said):
                continue  # the present moment, or a found one: other rules say so more exactly
            if days is not None:
                return Derived(name, (days, times) if days != times else (days,))
        return None

    def _naming(self, fits: Callable[[Mention], bool]) -> Place | None:
        for text, mention in self.context.mentioned():
            if (mention.days or mention.minutes) and fits(mention):
                return text.origin(mention.start, mention.end)
        return None

    def _today(self, day: int) -> Place | None:
        """A time alone means today's, or tomorrow's once it has passed."""
        if not self.clock.known or day != self.clock.today:
            return None
        for text in self.context.texts:
            if text.place == "system":
                for mention in text.mentions:
                    if rules.on_day(day, [mention]):
                        return text.origin(mention.start, mention.end)
        return None

    def _day_found(self, day: int) -> Found | None:
        for there, _, call, pointer in reversed(self.context.moments()):
            if there == day:
                return Found(call, pointer)
        return None

    def _time_found(self, minute: int) -> Found | None:
        for _, there, call, pointer in reversed(self.context.moments()):
            if there == minute:
                return Found(call, pointer)
        return None

    def _moment_found(self, readings: Sequence[tuple[int, int]]) -> Found | None:
        for there, at, call, pointer in reversed(self.context.moments()):
            for day, minute in readings:
                if there == day and (at == minute or minute == -1):
                    return Found(call, pointer)
        return None

    def _moved(self, pointer: str, value: Json, readings: Sequence[tuple[int, int]]) -> Origin | None:
        """An end that follows from the call's own start and a length, or a moment shifted by a length."""
        lengths = [(text, mention) for text, mention in self.context.mentioned() if mention.seconds]
        siblings = [
            _as_mention(moment)
            for place, here in flatten(self.each.arguments)
            if place != pointer
            for moment in rules.moments_in(here, self.clock)
        ]
        for text, mention in lengths:
            for sibling in siblings:
                if rules.duration_end(value, [mention, sibling], self.clock):
                    return Derived("duration_end", (text.origin(mention.start, mention.end),))
            for day, minute, call, place in reversed(self.context.moments()):
                if rules.duration_end(value, [mention, _as_mention((day, minute))], self.clock):
                    return Derived(
                        "duration_end", (Found(call, place), text.origin(mention.start, mention.end))
                    )
        return self._kept(value, siblings)

    def _kept(self, value: Json, siblings: Sequence[Mention]) -> Origin | None:
        """An end as far from the call's start as a found thing's end is from its start."""
        by_parent: dict[tuple[str, str], list[tuple[int, int, str, str]]] = {}
        for moment in self.context.moments():
            if moment[1] >= 0:
                top = moment[3].split("/")
                by_parent.setdefault((moment[2], "/".join(top[:-2]) if len(top) > 2 else ""), []).append(
                    moment
                )
                by_parent.setdefault((moment[2], "/".join(top[:-1])), []).append(moment)
        for moments in by_parent.values():
            for first in moments:
                for last in moments:
                    span = (last[0] - first[0]) * 1440 + last[1] - first[1]
                    if not 0 < span <= 1440:
                        continue
                    for sibling in siblings:
                        of = [sibling, _as_mention(first[:2]), _as_mention(last[:2])]
                        if rules.duration_kept(value, of, self.clock):
                            return Derived(
                                "duration_kept", (Found(first[2], first[3]), Found(last[2], last[3]))
                            )
        for each in reversed(self.context.results):
            for place, here in self.reading.leaves(each):
                if "duration" in place.lower() and number(here) is not None:
                    for unit in (60, 1):
                        length = Mention(0, 0, "duration", "", seconds=(int((number(here) or 0) * unit),))
                        if any(
                            rules.duration_end(value, [length, sibling], self.clock) for sibling in siblings
                        ):
                            return Derived("duration_end", (Found(each.call.id, place),))
        return None

    def _present(self, value: Json) -> Origin | None:
        if rules.now(value, (), self.clock):
            for text in self.context.texts:
                if text.place == "system":
                    for mention in text.mentions:
                        if mention.days:
                            return Derived("now", (text.origin(mention.start, mention.end),))
        return None
