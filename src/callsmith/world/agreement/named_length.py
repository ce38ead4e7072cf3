"""How long something is valid follows from its sort: a half-day pass ends on its day, a six-day one five days later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from callsmith.catalog.lives import phase, standing
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.world.agreement.terms import after
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import line_of
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_ONE_BY_ONE = "one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: at + 1 for at, word in enumerate(_ONE_BY_ONE.split())}
_NUMBERS |= {"single": 1, "half": 1, "fourteen": 14, "twenty": 20, "thirty": 30}
_SECONDS = {
    "hour": 3600,
    "h": 3600,
    "day": DAY,
    "daily": DAY,
    "week": 7 * DAY,
    "weekly": 7 * DAY,
    "weekend": 2 * DAY,
}
_MONTHS = {"month": 1, "monthly": 1, "quarter": 3, "quarterly": 3, "season": 5, "seasonal": 5, "year": 12}
_MONTHS |= {"yearly": 12, "annual": 12}
_SORT = frozenset("type kind sort category pass ticket duration validity length tariff".split())
_FROM, _TO = (
    frozenset("from start starts begin begins".split()),
    frozenset("until to till end ends expires expiry".split()),
)


class Length(Struct, frozen=True):
    """The sort of an entity's records that tells how long they run, and from when and until when they do."""

    sort: str
    lengths: Mapping[str, tuple[int, int]]  # seconds and months by sort
    start: str
    end: str
    days: bool
    status: str
    made: tuple[str, ...]
    fields: Mapping[str, Schema]


def long_as_named(made: Make, entity: Entity) -> Make:
    """A filler of records that run as long as their sort tells."""
    length = length_of(entity)
    if length is None:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        return as_long(length, record, story) if isinstance(record, dict) else record

    return run


def length_of(entity: Entity) -> Length | None:
    """What tells of an entity's records how long they run; None where no sort does."""
    fields = {name: settle(child) for name, child in entity.schema.get("properties", {}).items()}
    moments = [name for name, schema in fields.items() if schema.get("format") in ("date", "date-time")]
    starts = [name for name in moments if {*split(name)} & _FROM]
    ends = [name for name in moments if {*split(name)} & _TO]
    status = standing(fields)
    for name, schema in fields.items():
        options = [one for one in schema.get("enum", ()) if isinstance(one, str)]
        lengths = {one: told for one in options if (told := named_length(one)) is not None}
        if (
            name == status
            or not {*split(name)} & _SORT
            or len(lengths) < 2
            or 2 * len(lengths) < len(options)
        ):
            continue
        if len(starts) != 1 or len(ends) != 1 or "string" not in types(schema):
            return None
        line = line_of(entity)
        made = tuple(one.name for one in line.of("made") if one.name != starts[0]) if line is not None else ()
        dates = fields[ends[0]].get("format") == "date"
        return Length(name, lengths, starts[0], ends[0], dates, status, made, fields)
    return None


def named_length(sort: str) -> tuple[int, int] | None:
    """How many seconds or months something of a sort is valid, where the sort tells."""
    words = [singular(word) for word in split(sort)]
    numbers = [_NUMBERS.get(word) or int(word) for word in words if word in _NUMBERS or word.isdigit()]
    many = numbers[0] if numbers else 1
    unit = next((word for word in words if word in _SECONDS or word in _MONTHS), "")
    if not unit:
        return None
    if "half" in words and unit == "day":
        return 4 * 3600, 0
    return (many * _SECONDS[unit], 0) if unit in _SECONDS else (0, many * _MONTHS[unit])


def _ended(length: Length, clock: Clock, start: int, told: tuple[int, int]) -> int:
    seconds, months = told
    end = after(clock, start, months) if months else start + seconds
    return end - DAY if length.days and (months or seconds >= DAY) else end


def as_long(length: Length, record: Mapping[str, Json], story: Story) -> dict[str, Json]:
    """A record that ends when its sort says, and did so before now only if it is over."""
    made, clock = dict(record), story.population.clock
    told, start = length.lengths.get(str(made.get(length.sort))), clock.parse(made.get(length.start))
    if told is None or start is None:
        return made
    over = phase(made.get(length.status)) in ("over", "dropped") if length.status else False
    end = _ended(length, clock, start, told)
    late = clock.now if not length.days else clock.now - DAY
    if over and "expired" in split(str(made.get(length.status))) and end > late:
        start -= end - late + (1 + mix(story.bits, 1901) % 20) * DAY
    elif not over and end < clock.now:
        lasts = max(end - start, 3600)
        start = clock.now - lasts * (1 + mix(story.bits, 1902) % 6) // 8
    _write(made, length, length.start, start, clock)
    _write(made, length, length.end, _ended(length, clock, start, told), clock)
    for name in length.made:
        at = clock.parse(made.get(name))
        if at is not None and at > start:
            _write(made, length, name, start - (1 + mix(story.bits, 1903) % 30) * 3600, clock)
    return made


def made_as_long(
    length: Length, record: Mapping[str, Json], said: Collection[str], clock: Clock
) -> dict[str, Json]:
    """A new record that ends when its sort says, counted from when it begins."""
    made = dict(record)
    if length.start not in said and made.get(length.start) is not None:
        _write(made, length, length.start, clock.now, clock)
    told, start = length.lengths.get(str(made.get(length.sort))), clock.parse(made.get(length.start))
    if told is not None and start is not None and length.end not in said:
        _write(made, length, length.end, _ended(length, clock, start, told), clock)
    return made


def _write(made: dict[str, Json], length: Length, name: str, at: int, clock: Clock) -> None:
    old = made.get(name)
    local = isinstance(old, str) and "T" in old and not old.endswith("Z")
    date = length.fields[name].get("format") == "date"
    made[name] = clock.day(at) if date else clock.iso(at) if local else clock.utc(at)
