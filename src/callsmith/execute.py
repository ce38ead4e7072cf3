"""A symbolic step and a world give a bound call and its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from callsmith.errors import PlanUnfit
from callsmith.facts.printed import structured
from callsmith.meaning import Bound, Listed, Pick, Source, Step
from callsmith.ports import World, drive
from callsmith.records import Call, Json
from callsmith.schema import LAST, last_part, selection, steps
from callsmith.seeds import number

CALL_ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def call_id(seed: int, ordinal: int) -> str:
    """``call_`` and nine letters or digits: short enough for every export format."""
    rest = number(seed, ordinal, "call")
    letters = []
    for _ in range(9):
        rest, letter = divmod(rest, len(CALL_ID_ALPHABET))
        letters.append(CALL_ID_ALPHABET[letter])
    return "call_" + "".join(letters)


def perform(step: Step, done: Mapping[str, Bound], world: World, identifier: str) -> Bound:
    """Bind a step's arguments from what was done before, and execute it."""
    call = Call(identifier, step.tool, arguments(step, done))
    return Bound(step, call, drive(world.call(call)))


def arguments(step: Step, done: Mapping[str, Bound]) -> dict[str, Any]:
    """The arguments object of a step.

    Raises:
        PlanUnfit: a value refers to a record the earlier result does not single out.
    """
    built: dict[str, Any] = {}
    for pointer, source in step.arguments.items():
        place(built, pointer, bind(source, done))
    return built


def bind(source: Source, done: Mapping[str, Bound]) -> Json:
    if isinstance(source, Listed):
        return [bind(item, done) for item in source.items]
    if isinstance(source, Pick):
        value = structured(done[source.step].result.value)
        return fetch(chosen(source, value), source.take)
    return source.value


def chosen(pick: Pick, value: Json) -> Any:
    """The record of a result that a pick means."""
    found = list(records_at(value, pick.where))
    if pick.match:
        found = [record for _, record in found if matches(record, pick.match)]
        if len(found) != 1:
            raise PlanUnfit(f"{len(found)} records of {pick.step} match what was said, not one")
        return found[0]
    if not -len(found) <= pick.index < len(found):
        raise PlanUnfit(f"{pick.step} has no record {pick.index}")
    return found[pick.index][1]


def matches(record: Any, wanted: Mapping[str, Json]) -> bool:
    return all(value in values_at(record, pointer) for pointer, value in wanted.items())


def records_at(value: Json, pointer: str) -> Iterator[tuple[str, Any]]:
    """Every object at a pointer that may hold ``*`` or ``*Key=Name``, with its concrete pointer."""
    yield from _walk(value, steps(pointer), "")


def _walk(value: Json, steps: Sequence[str], at: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield at, value
    elif steps[0].startswith("*") and isinstance(value, list):
        wanted = selection(steps[0])
        for index, item in enumerate(value):
            if wanted is None or (isinstance(item, dict) and item.get(wanted[0]) == wanted[1]):
                yield from _walk(item, steps[1:], f"{at}/{index}")
    elif isinstance(value, dict) and steps[0] in value:
        yield from _walk(value[steps[0]], steps[1:], f"{at}/{steps[0]}")


def values_at(record: Any, pointer: str) -> list[Json]:
    """Every value at a pointer that may hold ``*`` or ``*Key=Name``."""
    path = steps(pointer)
    if path and path[-1] == LAST:
        return [last_part(value) for value in values_at(record, pointer.removesuffix(f"/{LAST}"))]
    if "*" in pointer and any(step == "*" or selection(step) for step in path):
        return [value for _, value in records_at(record, pointer)]
    value = record
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return []
        value = value[step]
    return [value]


def fetch(record: Any, pointer: str) -> Json:
    """The first value at a pointer.

    Raises:
        PlanUnfit: there is none.
    """
    for value in values_at(record, pointer):
        return value
    raise PlanUnfit(f"the record has nothing at {pointer!r}")


def place(target: dict[str, Any], pointer: str, value: Json) -> None:
    """Put a value at an argument pointer, making the objects and one-element arrays on the way.

    ``/attendees/*/email`` with a list of values makes one object per value.
    """
    steps = pointer.split("/")[1:]
    if "*" not in steps:
        for step in steps[:-1]:
            target = target.setdefault(step, {})
        target[steps[-1]] = value
        return
    cut = steps.index("*")
    for step in steps[: cut - 1]:
        target = target.setdefault(step, {})
    values = value if isinstance(value, list) else [value]
    rest = steps[cut + 1 :]
    if not rest:
        target[steps[cut - 1]] = list(values)
        return
    items = target.setdefault(steps[cut - 1], [{} for _ in values])
    for item, single in zip(items, values, strict=True):
        place(item, "/" + "/".join(rest), single)
