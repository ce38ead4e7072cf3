"""Moments a person might name in a request."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.records import Json, Parameter, Tool
from callsmith.seeds import Rng
from callsmith.world.inferred.errand import Running
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.naming import split
from callsmith.world.stories.passing import tells_of
from callsmith.world.stories.planned import lies_behind, observing, some_birth, words_of_birth

_STARTS, _ENDS = (
    {"start", "starts", "from", "since", "min", "begin", "after"},
    {"end", "ends", "until", "max", "before"},
)


_MINUTES = (1800, 1800, 3600, 3600, 5400)
_DAYS = tuple(day * 86_400 for day in (1, 2, 3, 4, 5, 7, 7, 10, 14))


def _coming(
    world: Running, tool: Tool, parameter: Parameter, rng: Rng, lasting: Sequence[int] = _MINUTES
) -> int:
    """A moment; the end of a span follows the start thought of before, in whatever order they are asked for."""
    words = set(split(parameter.pointer))
    known = world.invented.pop(tool.name, None)
    if words & _ENDS and known is not None and known > 0:
        return known + rng.choice(lasting)
    if words & _STARTS and known is not None and known < 0:
        return -known - rng.choice(lasting)
    moment = _moment(world, rng)
    if words & _STARTS:
        world.invented[tool.name] = moment
    elif words & _ENDS:
        world.invented[tool.name] = -moment
    return moment


def _moment(world: Running, rng: Rng) -> int:
    clock = world.population.clock
    for _ in range(20):
        day = rng.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14))
        if clock.weekday(day) < 5:
            break
    return clock.at(day, rng.choice((9, 10, 10, 11, 13, 14, 14, 15, 16)), rng.choice((0, 0, 30)))


def date_time(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    noted = tool.deed == "create" and observing(tool)
    if noted or tool.deed in ("create", "update") and lies_behind(tool.verb, parameter.name):
        clock = world.population.clock
        moment = clock.at(
            -rng.choice((0, 0, 0, 1, 1, 2)), rng.choice((8, 9, 10, 11)), rng.choice((0, 0, 15, 30))
        )
        return clock.iso(min(moment, clock.now // 900 * 900 - 1800))
    return world.population.clock.iso(_coming(world, tool, parameter, rng))


def date(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    if words_of_birth() & {*split(parameter.name)}:
        kind, clock = world.population.kinds.get(tool.entity), world.population.clock
        born = some_birth(clock, kind, rng)
        age = world.invented.pop(f"{tool.name}\nage", 0)
        if age:
            born = clock.now - (age * 365 + age // 4 + 20 + rng.randrange(300)) * DAY
        world.invented[f"{tool.name}\nborn"] = max(1, int((clock.now - born) / DAY / 365.25))
        return clock.day(born)
    reported = tool.deed == "create" and tells_of(tool.entity.rpartition("_")[2], parameter.name)
    if lies_behind(tool.verb, parameter.name) or observing(tool) or reported:
        clock = world.population.clock
        return clock.day(clock.at(-rng.choice((0, 0, 1, 1, 2, 3, 4, 6)), 12))
    return world.population.clock.day(_coming(world, tool, parameter, rng, _DAYS))


def _hour_of(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> str:
    """A time of day; an end lies after the beginning thought of before, in whatever order they are asked for."""
    words, key = set(split(parameter.pointer)), f"{tool.name}\nhour"
    known = world.invented.pop(key, 0)
    if words & (_STARTS | _ENDS):
        last = bool(words & _ENDS)
        other = known if known and (known > 0) == last else 0
        lasts = rng.choice((1, 2, 2, 3, 4))
        hour = abs(other) + (lasts if last else -lasts) if other else rng.choice((7, 8, 9, 13, 16, 17))
        world.invented[key] = -hour if last else hour
        return f"{max(hour, 5):02d}:{rng.choice((0, 0, 30)):02d}"
    return f"{rng.choice((9, 10, 11, 13, 14, 15, 16)):02d}:{rng.choice((0, 0, 30)):02d}"


def time(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    """A time of day, with its seconds where the format wants them."""
    made = _hour_of(world, tool, parameter, rng)
    return f"{made}:00" if parameter.schema.get("format") == "time" else made


def timestamp(world: Running, tool: Tool, parameter: Parameter, rng: Rng) -> Json | None:
    return _coming(world, tool, parameter, rng)


def states_age(name: str) -> bool:
    """Whether a number is how many years old somebody is, and no limit."""
    words = {*split(name)}
    return "age" in words and not words & {
        "months",
        "weeks",
        "days",
        "min",
        "max",
        "minimum",
        "maximum",
        "limit",
    }
