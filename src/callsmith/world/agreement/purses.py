"""Sums of money, whether a field holds the bare number or an object of an amount and its currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from callsmith.records import Json, Schema
from callsmith.schema import settle, types

_AMOUNTS, _CURRENCIES = ("amount", "value"), ("currency", "currencyCode", "currency_code")
_SMALLEST = re.compile(r"\b(?:cents?|pence|minor|smallest)\b", re.IGNORECASE)


def countable(schema: Schema) -> bool:
    """Whether a field holds a number, or a sum of money with its currency."""
    settled = settle(schema)
    if {"integer", "number"} & {*types(settled)}:
        return True
    fields = settled.get("properties", {})
    if not {*_CURRENCIES} & {*fields}:
        return False
    held = [settle(fields[name]) for name in _AMOUNTS if name in fields]
    return any(
        "number" in types(one) and not _SMALLEST.search(str(one.get("description") or "")) for one in held
    )


def sum_in(value: Json) -> float | None:
    """The number that a field holds; None where it holds none."""
    if isinstance(value, Mapping) and {*_CURRENCIES} & {*value}:
        value = next((value[name] for name in _AMOUNTS if name in value), None)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def with_sum(old: Json, new: float) -> Any:
    """What a field holds with another number in the place of its own."""
    if isinstance(old, Mapping):
        return {**old, next(name for name in _AMOUNTS if name in old): float(new)}
    return new
