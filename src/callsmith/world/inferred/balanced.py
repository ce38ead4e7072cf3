"""Numbers of one record that agree: low and high, what is left and what there is."""

from __future__ import annotations

from collections.abc import Callable

from callsmith.records import Json, Schema
from callsmith.schema import settle, types
from callsmith.world.inferred.naming import singular, split
from callsmith.world.inferred.story import Story

Record = dict[str, Json]
Step = Callable[[Record], None]
_ENDS = {"low": "high", "min": "max", "minimum": "maximum", "lower": "upper"}
_LEFT = {"left", "available", "remaining", "free", "open"}
_ALL = {"max", "maximum", "capacity", "total"}
_THINGS = {"seat", "place", "spot", "space", "passenger", "guest", "participant", "attendee", "ticket", "bed", "people",
           "slot", "copy", "unit", "stall", "room", "person"}  # fmt: skip
_RATE = {"rate", "price", "fee", "cost"}


def balanced(made: Callable[[Story], Json], schema: Schema) -> Callable[[Story], Json]:
    """A filler of records whose numbers agree with one another."""
    names = {
        name: tuple(singular(word) for word in split(name))
        for name, child in schema.get("properties", {}).items()
        if {"integer", "number"} & set(types(settle(child)))
    }
    steps = [*_ordered(names), *_held(names)]
    if not steps:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if isinstance(record, dict):
            for step in steps:
                step(record)
        return record

    return run


def _number(record: Record, name: str) -> float | None:
    value = record.get(name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _ordered(names: dict[str, tuple[str, ...]]) -> list[Step]:
    found: list[Step] = []
    for low, words in names.items():
        for place, word in enumerate(words):
            other = (*words[:place], _ENDS.get(word, ""), *words[place + 1 :])
            high = next((name for name, of in names.items() if of == other), "")
            if high:
                found.append(lambda record, low=low, high=high: _in_order(record, low, high))  # type: ignore[misc]
    return found


def _in_order(record: Record, low: str, high: str) -> None:
    first, last = _number(record, low), _number(record, high)
    if first is None or last is None or first < last:
        return
    if first > last:
        record[low], record[high] = last, first
    elif first > 1:
        record[high] = first + max(1, first // 2) if isinstance(first, int) else round(first * 1.5, 2)


def _held(names: dict[str, tuple[str, ...]]) -> list[Step]:
    whole = [
        name
        for name, words in names.items()
        if _ALL & {*words} and not _LEFT & {*words} and not _RATE & {*words}
    ]
    rest = [
        name for name, words in names.items() if _LEFT & {*words} and (_THINGS & {*words} or len(words) == 1)
    ]
    if len(whole) != 1:
        return []
    return [lambda record, name=name: _at_most(record, name, whole[0]) for name in rest]  # type: ignore[misc]


def _at_most(record: Record, left: str, whole: str) -> None:
    some, every = _number(record, left), _number(record, whole)
    if isinstance(some, int) and every is not None and some > every >= 0:
        record[left] = some % (int(every) + 1)
