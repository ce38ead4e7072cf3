"""Numbers that follow from results without standing in them: how many, how much in all, by how much they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from callsmith.check.context import Context
from callsmith.records import Json

_MOST = 60  # values of one field beyond which differences are not formed


def arrays(value: Json) -> Iterator[list[Json]]:
    """Every array of a value, outermost first."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, list):
            yield here
            stack.extend(here)
        elif isinstance(here, Mapping):
            stack.extend(here.values())


def derived_numbers(value: Json) -> set[float]:
    """Lengths of arrays, how many elements share a value, sums, differences and means of a numeric field."""
    out: set[float] = set()
    for array in arrays(value):
        out.add(float(len(array)))
        records = [item for item in array if isinstance(item, Mapping)]
        if not records:
            numbers = [
                float(item) for item in array if isinstance(item, (int, float)) and not isinstance(item, bool)
            ]
            out |= _arithmetic(numbers)
            continue
        fields: dict[str, list[Json]] = {}
        for record in records:
            _collect(record, "", fields, 0)
        for values in fields.values():
            counted = Counter(_bucket(item) for item in values)
            out.update(float(many) for many in counted.values())
            out.update(float(len(records) - many) for many in counted.values())
            out.add(float(len(values)))
            out.add(float(len(records) - len(values)))
            out.add(float(len(counted)))
            numbers = [
                float(item)
                for item in values
                if isinstance(item, (int, float)) and not isinstance(item, bool)
            ]
            out |= _arithmetic(numbers)
    if isinstance(value, Mapping):
        numbers = [
            float(item)
            for item in value.values()
            if isinstance(item, (int, float)) and not isinstance(item, bool)
        ]
        if 2 <= len(numbers) <= 12:
            out |= {abs(a - b) for a in numbers for b in numbers}
    return out


def _collect(record: Mapping[str, Json], prefix: str, fields: dict[str, list[Json]], depth: int) -> None:
    for key, value in record.items():
        if isinstance(value, Mapping) and depth < 3:
            _collect(value, f"{prefix}/{key}", fields, depth + 1)
        elif isinstance(value, list):
            fields.setdefault(f"{prefix}/{key}#", []).append(len(value))
            for item in value:
                if isinstance(item, (str, int)):
                    fields.setdefault(f"{prefix}/{key}/*", []).append(item)
        elif value is not None:
            fields.setdefault(f"{prefix}/{key}", []).append(value)


def _bucket(value: Json) -> Json:
    """Values that are counted together: a moment by its day."""
    if isinstance(value, str) and len(value) > 10 and value[:4].isdigit() and value[4:5] == "-":
        return value[:10]
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _arithmetic(numbers: list[float]) -> set[float]:
    if not numbers:
        return set()
    out = {round(sum(numbers), 6), round(sum(numbers) / len(numbers), 2)}
    if len(numbers) <= _MOST:
        out |= {round(abs(a - b), 6) for a in numbers for b in numbers}
    return out


def counts_of(context: Context) -> set[float]:
    """How many calls went out together, of one tool, or in all; and the people and things users enumerated."""
    out: set[float] = set()
    by_message = Counter(each.message for each in context.calls if each.succeeded)
    by_tool = Counter(each.call.name for each in context.calls if each.succeeded)
    out.update(float(many) for many in by_message.values())
    out.update(float(many) for many in by_tool.values())
    for each in context.calls:
        for value in each.arguments.values():
            if isinstance(value, list):
                out.add(float(len(value)))
    sizes = [
        len(array)
        for each in context.results
        if each.result is not None
        for array in arrays(each.result.value)
    ]
    if 2 <= len(sizes) <= 12:
        out.update(float(a + b) for index, a in enumerate(sizes) for b in sizes[index + 1 :])
    return out
