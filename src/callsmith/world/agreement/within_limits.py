"""Counts that keep to the limit beside them, and what only comes of being late: fines and reminders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from callsmith.catalog.lives import phases, standing
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.standing import late
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_LIMIT = frozenset("max maximum limit capacity".split())
_COUNT = frozenset("count number of current total no".split())
_TAKEN = frozenset("used taken occupied booked".split())
_WAITING = frozenset("waiting waitlist waitlisted".split())
_FULL = (("is", "full"), ("full",), ("sold", "out"), ("is", "sold", "out"))


class Limits(Struct, frozen=True):
    """The counts of an entity's records that keep to a limit, and what comes of being late."""

    status: str = ""
    told: Mapping[str, str] = {}
    counts: tuple[tuple[str, str], ...] = ()  # a count, and its limit
    full: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    fines: tuple[tuple[str, bool], ...] = ()  # with whether they may be left out
    reminders: tuple[str, ...] = ()
    due: str = ""
    pay: tuple[str, str, str] = ("", "", "")  # the gross sum, what is taken off it, and the net


def within_limits(made: Make, entity: Entity) -> Make:
    """A filler of records whose counts keep to their limits, and that tell of a fine where one is late alone."""
    limits = limits_of(entity)
    if not (limits.counts or limits.fines or limits.reminders or limits.pay[0]):
        return made

    def run(story: Story) -> Json:
        record = made(story)
        return kept_within(limits, record, story) if isinstance(record, dict) else record

    return run


def limits_of(entity: Entity) -> Limits:
    """Which numbers of an entity's records have a limit, and which come of being late."""
    fields = {name: settle(child) for name, child in entity.schema.get("properties", {}).items()}
    status = standing(fields)
    options = [str(one) for one in fields[status].get("enum", ()) if one is not None] if status else []
    words = {name: [singular(word) for word in split(name)] for name in fields}
    numbers = [name for name in fields if {"integer", "number"} & {*types(fields[name])}]
    counts = _limited(numbers, words)
    needed = entity.schema.get("required", ())
    return Limits(
        status,
        dict(zip(options, phases(options), strict=True)),
        counts,
        tuple(name for name, one in fields.items() if "boolean" in types(one) and split(name) in _FULL)
        if counts
        else (),
        tuple(name for name in numbers if {*words[name]} & _WAITING) if counts else (),
        tuple((name, name not in needed) for name in numbers if _fine(words[name])) if options else (),
        tuple(
            name
            for name in numbers
            if {"reminder", "count"} <= {*words[name]} or words[name][:1] == ["reminder"]
        ),
        next((name for name in fields if {*words[name]} & {"due"} and _dated(fields[name])), ""),
        _pay(numbers, words),
    )


def _pay(numbers: list[str], words: Mapping[str, list[str]]) -> tuple[str, str, str]:
    """A gross sum, the one thing that is taken off it, and the net; empty where there is not one of each."""
    found = [
        [
            name
            for name in numbers
            if {*words[name]} & marks and not {*words[name]} & {"rate", "percent", "kg", "weight"}
        ]
        for marks in ({"gross"}, {"fee", "deduction", "commission"}, {"net"})
    ]
    return (found[0][0], found[1][0], found[2][0]) if all(len(one) == 1 for one in found) else ("", "", "")


def _dated(schema: Schema) -> bool:
    return schema.get("format") in ("date", "date-time")


def _fine(words: list[str]) -> bool:
    return words[-1:] in (["fine"], ["penalty"]) or words in (
        ["late", "fee"],
        ["overdue", "fee"],
        ["fine", "amount"],
    )


def _limited(numbers: list[str], words: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    found = []
    for limit in numbers:
        what = [word for word in words[limit] if word not in _LIMIT]
        bare = len(what) == len(words[limit])  # the seats themselves, beside those that are used
        if not what or bare and len(what) > 1:
            continue
        count = next(
            (
                name
                for name in numbers
                if name != limit
                and {*words[name]} & (_TAKEN if bare else _COUNT)
                and [word for word in words[name] if word not in _COUNT | _TAKEN] == what
            ),
            "",
        )
        if count:
            found.append((count, limit))
    return tuple(found)


def kept_within(limits: Limits, record: Mapping[str, Json], story: Story) -> dict[str, Json]:
    """A record whose counts keep to their limits, without a fine or reminders where nothing is late."""
    made, now, clock = dict(record), str(record.get(limits.status)), story.population.clock
    for count, limit in limits.counts:
        most, many = made.get(limit), made.get(count)
        if isinstance(most, int) and isinstance(many, int) and most > 0 and many > most:
            many = made[count] = max(1, most * (55 + mix(story.bits, 1701) % 46) // 100)
        if isinstance(most, int) and isinstance(many, int):
            made |= {name: many >= most for name in limits.full if name in made}
            made |= {name: 0 for name in limits.waiting if made.get(name) and many < most}
    for name, loose in limits.fines:
        if made.get(name) and limits.told.get(now) in ("ahead", "going") and not late(now):
            if loose:
                del made[name]
            else:
                made[name] = 0
    gross, taken, net = (made.get(name) for name in limits.pay)
    if isinstance(gross, (int, float)) and isinstance(taken, (int, float)) and isinstance(net, (int, float)):
        if not 0 <= taken < gross / 2:
            taken = made[limits.pay[1]] = round(gross * (3 + mix(story.bits, 1703) % 9) / 100, 2)
        made[limits.pay[2]] = round(gross - taken, 2)
    for name in limits.reminders:
        if isinstance(made.get(name), int) and not isinstance(made[name], bool):
            made[name] = 1 + mix(story.bits, 1702) % 3 if _was_late(limits, made, now, clock) else 0
    return made


def _was_late(limits: Limits, record: Mapping[str, Json], now: str, clock: Clock) -> bool:
    """Whether a record says that it is late, or has been due for days and is not over."""
    due = clock.parse(record.get(limits.due)) if limits.due else None
    open_yet = limits.told.get(now) in ("ahead", "going")
    return late(now) or open_yet and due is not None and due < clock.now - 3 * 86_400
