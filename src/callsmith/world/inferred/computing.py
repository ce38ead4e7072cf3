"""Tools that compute, computed for real: units, time zones, sums."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callsmith.records import Json, Tool
from callsmith.schema import settle, types
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.naming import split

# Each unit's kind and how many of the kind's first unit it is.
_UNITS: dict[str, tuple[str, float]] = {
    "m": ("length", 1.0), "meter": ("length", 1.0), "metre": ("length", 1.0), "km": ("length", 1000.0),
    "kilometer": ("length", 1000.0), "kilometre": ("length", 1000.0), "cm": ("length", 0.01),
    "centimeter": ("length", 0.01), "mm": ("length", 0.001), "millimeter": ("length", 0.001),
    "mile": ("length", 1609.344), "mi": ("length", 1609.344), "yard": ("length", 0.9144), "yd": ("length", 0.9144),
    "foot": ("length", 0.3048), "feet": ("length", 0.3048), "ft": ("length", 0.3048),
    "inch": ("length", 0.0254), "in": ("length", 0.0254), "kg": ("mass", 1.0), "kilogram": ("mass", 1.0),
    "g": ("mass", 0.001), "gram": ("mass", 0.001), "mg": ("mass", 1e-6), "t": ("mass", 1000.0),
    "tonne": ("mass", 1000.0), "lb": ("mass", 0.45359237), "pound": ("mass", 0.45359237),
    "oz": ("mass", 0.028349523125), "ounce": ("mass", 0.028349523125), "l": ("volume", 1.0),
    "liter": ("volume", 1.0), "litre": ("volume", 1.0), "ml": ("volume", 0.001), "milliliter": ("volume", 0.001),
    "gallon": ("volume", 3.785411784), "gal": ("volume", 3.785411784), "cup": ("volume", 0.2365882365),
    "pint": ("volume", 0.473176473), "s": ("time", 1.0), "second": ("time", 1.0), "min": ("time", 60.0),
    "minute": ("time", 60.0), "h": ("time", 3600.0), "hour": ("time", 3600.0), "day": ("time", 86400.0),
    "week": ("time", 604800.0), "celsius": ("temperature", 1.0), "c": ("temperature", 1.0),
    "fahrenheit": ("temperature", 1.0), "f": ("temperature", 1.0), "kelvin": ("temperature", 1.0),
    "k": ("temperature", 1.0), "byte": ("data", 1.0), "b": ("data", 1.0), "kb": ("data", 1000.0),
    "mb": ("data", 1e6), "gb": ("data", 1e9), "tb": ("data", 1e12), "kmh": ("speed", 1 / 3.6),
    "km/h": ("speed", 1 / 3.6), "mph": ("speed", 0.44704), "m/s": ("speed", 1.0),
}  # fmt: skip
_SUMS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_NAMED: dict[str, Callable[[float, float], float]] = {
    "add": operator.add, "sum": operator.add, "plus": operator.add, "subtract": operator.sub,
    "minus": operator.sub, "multiply": operator.mul, "times": operator.mul, "divide": operator.truediv,
    "power": operator.pow,
}  # fmt: skip


def compute(tool: Tool, arguments: Mapping[str, Json], clock: Clock) -> dict[str, Json] | None:
    """The answer's fields by name, or None when the arguments are of no kind that is known here."""
    for attempt in (_converted, _zoned, _expression, _calculated):
        value = attempt(tool, arguments, clock)
        if value is not None:
            return _fields(tool, value, arguments)
    return None


def _fields(tool: Tool, value: Json, arguments: Mapping[str, Json]) -> dict[str, Json]:
    """The value under the first field that can hold it, arguments under their own names."""
    made: dict[str, Json] = dict(arguments)
    wanted = ("number", "integer") if isinstance(value, (int, float)) else ("string",)
    for name, child in settle(tool.returns).get("properties", {}).items():
        if name not in arguments and set(types(settle(child))) & set(wanted):
            made[name] = (
                int(value) if types(settle(child)) == ("integer",) and isinstance(value, float) else value
            )
            return made
    made["result"] = value
    return made


def _argument(arguments: Mapping[str, Json], *wanted: set[str]) -> Json:
    for words in wanted:
        for name, value in arguments.items():
            if words <= set(split(name)):
                return value
    return None


def _converted(tool: Tool, arguments: Mapping[str, Json], clock: Clock) -> float | None:
    amount = _argument(arguments, {"value"}, {"amount"}, {"quantity"})
    source = _argument(arguments, {"from", "unit"}, {"source", "unit"}, {"from"})
    target = _argument(arguments, {"to", "unit"}, {"target", "unit"}, {"to"})
    if isinstance(amount, bool) or not isinstance(amount, (int, float)):
        return None
    if not isinstance(source, str) or not isinstance(target, str):
        return None
    one, two = _unit(source), _unit(target)
    if one is None or two is None or one[0] != two[0]:
        return None
    if one[0] == "temperature":
        return round(_from_kelvin(_to_kelvin(float(amount), source), target), 4)
    return round(float(amount) * one[1] / two[1], 6)


def _unit(name: str) -> tuple[str, float] | None:
    plain = name.strip().lower().lstrip("°")
    return _UNITS.get(plain) or _UNITS.get(plain.removesuffix("s")) or _UNITS.get(plain.removesuffix("es"))


def _to_kelvin(value: float, unit: str) -> float:
    letter = unit.strip().lower().lstrip("°")[0]
    return value + 273.15 if letter == "c" else (value - 32) / 1.8 + 273.15 if letter == "f" else value


def _from_kelvin(value: float, unit: str) -> float:
    letter = unit.strip().lower().lstrip("°")[0]
    return value - 273.15 if letter == "c" else (value - 273.15) * 1.8 + 32 if letter == "f" else value


def _zoned(tool: Tool, arguments: Mapping[str, Json], clock: Clock) -> str | None:
    moment = _argument(arguments, {"date", "time"}, {"datetime"}, {"time"}, {"timestamp"})
    target = _argument(arguments, {"to"}, {"target"}, {"zone"}, {"timezone"})
    source = _argument(arguments, {"from"}, {"source"})
    if not isinstance(target, str) or "/" not in target and target != "UTC":
        return None
    try:
        zone = ZoneInfo(target)
        home = ZoneInfo(source) if isinstance(source, str) else clock.tz
    except (ZoneInfoNotFoundError, ValueError):
        return None
    if moment is None:
        return clock.local(clock.now).astimezone(zone).isoformat()
    try:
        local = datetime.fromisoformat(str(moment).replace("Z", "+00:00"))
    except ValueError:
        return None
    return (local if local.tzinfo else local.replace(tzinfo=home)).astimezone(zone).isoformat()


def _expression(tool: Tool, arguments: Mapping[str, Json], clock: Clock) -> float | None:
    text = _argument(arguments, {"expression"}, {"formula"}, {"calculation"})
    if not isinstance(text, str) or len(text) > 200:
        return None
    try:
        return _value(ast.parse(text.replace("^", "**"), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None


def _value(node: ast.expr) -> float:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    ):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = _value(node.operand)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow) and (abs(right) > 64 or abs(left) > 1e6):
            raise ValueError("too large")
        return _SUMS[type(node.op)](left, right)
    raise ValueError("not arithmetic")


def _calculated(tool: Tool, arguments: Mapping[str, Json], clock: Clock) -> float | None:
    numbers = [
        value
        for value in arguments.values()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    listed = next((value for value in arguments.values() if isinstance(value, list)), None)
    if listed and all(isinstance(value, (int, float)) for value in listed):
        numbers = list(listed)
    chosen = next(
        (_NAMED[word] for word in (*split(tool.name), *map(str, arguments.values())) if word in _NAMED), None
    )
    if chosen is None or len(numbers) < 2:
        return None
    total = numbers[0]
    for value in numbers[1:]:
        if chosen is operator.truediv and not value:
            return None
        total = chosen(total, value)
    return total
