"""What a person would hand to a computation: figures, dates and choices that could be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.figures import (
    FIGURES,
    Figure,
    figure_for,
    figure_of,
    measures,
    name_words,
    sizes,
    texts,
    unit_pairs,
)
from callsmith.errors import PlanUnfit
from callsmith.meaning import Ambient, Listed, Stated
from callsmith.plan.arguments.fill import SAYABLE, Filled, detail
from callsmith.plan.arguments.spans import partner
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import types

SOURCES, TARGETS = {"from", "source"}, {"to", "target", "into"}
EXTRA = 0.35  # how often an optional argument is given a value
NOWS = {"today", "now", "current"}
BIRTHS = {"birth", "born", "birthday", "birthdate", "dob"}


class Conversion(Struct, frozen=True):
    """The arguments of a tool that gives a figure in another unit."""

    value: Parameter
    source: Parameter
    target: Parameter


def conversion(tool: Tool) -> Conversion | None:
    """How a tool converts units, if that is what it does."""
    required = [parameter for parameter in tool.inputs if parameter.required]
    source = next((p for p in required if SOURCES & set(name_words(p.name)) and _is_unit(p)), None)
    target = next((p for p in required if TARGETS & set(name_words(p.name)) and _is_unit(p)), None)
    value = next((p for p in required if set(types(p.schema)) & {"number", "integer"}), None)
    if source is None or target is None or value is None or len(required) != 3:
        return None
    if _OF_MONEY.search(
        " ".join((tool.name, tool.description, *(str(p.schema.get("description", "")) for p in required)))
    ):
        return None  # euros are no centimetres
    return Conversion(value, source, target)


_OF_MONEY = re.compile(r"currenc|exchange|forex|money", re.IGNORECASE)


def _is_unit(parameter: Parameter) -> bool:
    options = parameter.schema.get("enum", ())
    if options:
        return sum(bool(measures(str(option))) for option in options) >= 2
    return "unit" in name_words(parameter.name) or parameter.name.lower() in (
        "from",
        "to",
        "source",
        "target",
    )


def reckoned(draft: Draft, tool: Tool, given: Mapping[str, Json] | None = None, without: str = "") -> Filled:
    """Everything a tool needs, stated by the user; ``given`` values are settled, ``without`` is found already.

    Raises:
        PlanUnfit: nothing believable is known for something it needs.
    """
    values: dict[str, Json] = dict(given or {})
    units = conversion(tool)
    if units is not None:
        _units(draft, units, values)
    for parameter in tool.inputs:
        if parameter.pointer in values or parameter.pointer == without:
            continue
        if parameter.required or (not without and _welcome(parameter) and draft.chance(EXTRA)):
            values[parameter.pointer] = believable(draft, tool, parameter, values)
    filled = Filled({}, [], [])
    for parameter in tool.inputs:
        if parameter.pointer in values:
            put(draft, filled, parameter, values[parameter.pointer])
    return filled


def put(draft: Draft, filled: Filled, parameter: Parameter, value: Json) -> None:
    """Have the user state a value, unless it is the present day, which is known."""
    if _present(parameter):
        filled.arguments[parameter.pointer] = Ambient(value)
        return
    if isinstance(value, list):
        filled.details.append(detail(parameter, value, role="sets", shape="list"))
        filled.arguments[parameter.pointer] = Listed([Stated(item) for item in value])
        return
    shape = "flag" if isinstance(value, bool) else "value"
    filled.details.append(detail(parameter, value, role="sets", shape=shape))
    filled.arguments[parameter.pointer] = Stated(value)


def _present(parameter: Parameter) -> bool:
    return parameter.facet in ("date", "date_time") and bool(NOWS & set(name_words(parameter.name)))


def _welcome(parameter: Parameter) -> bool:
    """Whether a person would think of an optional argument."""
    if (
        parameter.confidence < SURE
        or "boolean" in types(parameter.schema)
        or parameter.pointer.count("/") > 1
    ):
        return False
    return bool(parameter.schema.get("enum")) or (
        figure_of(parameter.name) is not None and _numeric(parameter)
    )


def _numeric(parameter: Parameter) -> bool:
    return bool(set(types(parameter.schema)) & {"number", "integer"})


def _units(draft: Draft, units: Conversion, values: dict[str, Json]) -> None:
    source, target, value = units.source.pointer, units.target.pointer, units.value.pointer
    pairs = [
        (one, two)
        for one, two in _pairs(units)
        if values.get(source, one) == one and values.get(target, two) == two
    ]
    values[source], values[target] = draft.choice(pairs)
    if value not in values:
        options = [item for item in sizes(str(values[source])) if allowed(units.value, item)]
        values[value] = draft.choice(options)


def _pairs(units: Conversion) -> Sequence[tuple[str, str]]:
    first, second = (p.schema.get("enum", ()) for p in (units.source, units.target))
    if not first or not second:
        return unit_pairs()
    return [
        (one, two)
        for one in first
        for two in second
        if one != two and measures(str(one)) and measures(str(one)) == measures(str(two))
    ]


def believable(draft: Draft, tool: Tool, parameter: Parameter, values: Mapping[str, Json]) -> Json:
    """A value a person would give, beside those already given.

    Raises:
        PlanUnfit: none is known.
    """
    schema = parameter.schema
    if parameter.confidence < SURE or parameter.klass not in SAYABLE:
        raise PlanUnfit(f"{tool.name} {parameter.pointer} is not understood well enough")
    options = [item for item in schema.get("enum", ()) if item is not None and item != schema.get("default")]
    if options:
        used = [value for value in values.values() if isinstance(value, str)]
        return draft.choice([item for item in options if item not in used])
    if _present(parameter):
        return draft.scene.now[:10] if parameter.facet == "date" else draft.scene.now
    if parameter.facet == "date":
        return _day(draft, tool, parameter, values)
    if parameter.facet == "date_time":
        return _moment(draft, tool, parameter, values)
    if _numeric(parameter):
        if "*" in parameter.pointer:
            return _several(draft, parameter)
        return figure(draft, tool, parameter)
    if "boolean" in types(schema):
        raise PlanUnfit(f"nobody says whether {parameter.name}")
    known = [str(item) for item in schema.get("examples", ())] or list(texts(parameter.name))
    if known:
        used = [value for value in values.values() if isinstance(value, str)]
        return draft.choice([item for item in known if item not in used])
    value = draft.world.invent(tool, parameter, draft.rng)
    if value is None or (isinstance(value, str) and ("\n" in value or len(value) > 80)):
        raise PlanUnfit(f"no believable value for {tool.name} {parameter.pointer}")
    return value


def figure(draft: Draft, tool: Tool, parameter: Parameter) -> Json:
    """A number, by what the argument is called and what its schema allows."""
    options = candidates(parameter, figure_for(tool.name, parameter.name))
    if tool.verb == "round" and parameter.required and "number" in types(parameter.schema):
        options = [item for item in read(FIGURES)["rounded"] if allowed(parameter, item)]
    if not options:
        raise PlanUnfit(f"no number is known that fits {parameter.name}")
    return draft.choice(options)


def candidates(parameter: Parameter, known: Figure | None = None) -> list[float]:
    """Numbers people say for an argument that its schema allows."""
    schema = parameter.schema
    if schema.get("examples"):
        return [item for item in schema["examples"] if isinstance(item, (int, float))]
    known = known or figure_of(parameter.name)
    values: Sequence[float] = known.values if known else read(FIGURES)["plain"]
    if known and known.kind == "percent" and schema.get("maximum", 100) <= 1:
        values = [round(value / 100, 4) for value in values]
    fitting = [value for value in values if allowed(parameter, value) and value != schema.get("default")]
    low, high = schema.get("minimum"), schema.get("maximum")
    if not fitting and low is not None and high is not None and "integer" in types(schema):
        span = int(high) - int(low)
        fitting = sorted({int(low) + span * step // 4 for step in range(1, 4)})
    return fitting


def allowed(parameter: Parameter, value: float) -> bool:
    """Whether a schema's bounds and type let a number be."""
    schema: Mapping[str, Any] = parameter.schema
    if "integer" in types(schema) and "number" not in types(schema) and value != int(value):
        return False
    step = schema.get("multipleOf")
    return (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and not value <= schema.get("exclusiveMinimum", value - 1)
        and not value >= schema.get("exclusiveMaximum", value + 1)
        and (not step or abs(value / step - round(value / step)) < 1e-9)
    )


def _several(draft: Draft, parameter: Parameter) -> list[Json]:
    options = candidates(parameter)
    draft.rng.shuffle(options)
    chosen = options[: draft.choice((3, 3, 4, 4, 5))]
    if len(chosen) < 2:
        raise PlanUnfit(f"no list of numbers is known for {parameter.name}")
    return chosen


def _day(draft: Draft, tool: Tool, parameter: Parameter, values: Mapping[str, Json]) -> str:
    today = datetime.fromisoformat(draft.scene.now).date()
    if BIRTHS & set(name_words(parameter.name)):
        return (today - timedelta(days=draft.rng.randint(22 * 365, 64 * 365))).isoformat()
    pair = partner(tool, parameter)
    first = pair is None or pair[0] is parameter
    other = None if pair is None else values.get(pair[1 if first else 0].pointer)
    if isinstance(other, str):
        at = date.fromisoformat(other)
        ahead = draft.choice((4, 7, 10, 12, 14, 18, 21, 25, 30, 38, 45))
        return (at - timedelta(days=ahead) if first else at + timedelta(days=ahead)).isoformat()
    day = today + timedelta(days=draft.choice((1, 2, 3, 4, 5, 7, 9, 11, 14, 18, 24, 31, 40)))
    while day.weekday() > 4:  # most of what is counted or due begins on a working day
        day += timedelta(days=1)
    return day.isoformat()


def _moment(draft: Draft, tool: Tool, parameter: Parameter, values: Mapping[str, Json]) -> str:
    now = datetime.fromisoformat(draft.scene.now)
    pair = partner(tool, parameter)
    first = pair is None or pair[0] is parameter
    other = None if pair is None else values.get(pair[1 if first else 0].pointer)
    if isinstance(other, str):
        length = timedelta(minutes=draft.choice((30, 45, 60, 90, 120, 180)))
        at = datetime.fromisoformat(other)
        return (at - length if first else at + length).isoformat()
    value = draft.world.invent(tool, parameter, draft.rng)
    if isinstance(value, str):
        return value
    day = now + timedelta(days=draft.choice((1, 2, 3, 4, 6, 8)))
    return day.replace(
        hour=draft.choice((9, 10, 11, 13, 14, 15, 16)), minute=draft.choice((0, 0, 30)), second=0
    ).isoformat()
