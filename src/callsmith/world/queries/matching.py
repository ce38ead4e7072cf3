"""Whether a record satisfies a filter, and in what order records are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from callsmith.records import Json
from callsmith.world.inferred.pointing import reader
from callsmith.world.stories.clock import DAY, Clock, is_date

Test = Callable[[Mapping[str, Json]], bool]


def test_for(pointer: str, compare: str, wanted: Json, clock: Clock) -> Test:
    """A test of the values at ``pointer`` against ``wanted``; any of several values may satisfy it.

    A list of wanted values means one of them for ``eq`` and all of them for ``has``.
    """
    read = reader(pointer)
    if isinstance(wanted, (list, tuple)):
        inner = [test_for(pointer, "eq" if compare == "has" else compare, item, clock) for item in wanted]
        if not inner:
            return lambda record: True
        if compare == "has":
            return lambda record: all(test(record) for test in inner)
        return lambda record: any(test(record) for test in inner)
    same = _comparer(compare, wanted, clock)

    def test(record: Mapping[str, Json]) -> bool:
        for value in read(record):
            if isinstance(value, (list, tuple)):
                if any(same(item) for item in value):
                    return True
            elif same(value):
                return True
        return False

    return test


def _comparer(compare: str, wanted: Json, clock: Clock) -> Callable[[Json], bool]:
    if compare in ("ge", "gt", "le", "lt"):
        return _ordered(compare, wanted, clock)
    if compare in ("contains", "text") and isinstance(wanted, str):
        needle = wanted.lower()
        return lambda value: value is not None and needle in str(value).lower()
    if isinstance(wanted, str):
        return _same_text(wanted, clock)
    if wanted is None:
        return lambda value: value is None
    return lambda value: value == wanted and isinstance(value, bool) == isinstance(wanted, bool) or (
        isinstance(value, str) and value == str(wanted)
    )  # fmt: skip


def _same_text(wanted: str, clock: Clock) -> Callable[[Json], bool]:
    folded = wanted.casefold()
    moment = clock.parse(wanted) if wanted[:1].isdigit() else None
    if moment is None:
        return lambda value: isinstance(value, (str, int)) and str(value).casefold() == folded
    end = moment + DAY if is_date(wanted) else moment + 1

    def same(value: Json) -> bool:
        if isinstance(value, str) and value.casefold() == folded:
            return True
        found = clock.parse(value)
        return found is not None and moment <= found < end

    return same


def _ordered(compare: str, wanted: Json, clock: Clock) -> Callable[[Json], bool]:
    limit = number_of(wanted, clock)
    if limit is None:
        return lambda value: False
    # "Until 3 March" includes that day.
    if compare in ("le", "gt") and is_date(wanted):
        limit += DAY - 1
    tests: dict[str, Callable[[float], bool]] = {
        "ge": lambda number: number >= limit,
        "gt": lambda number: number > limit,
        "le": lambda number: number <= limit,
        "lt": lambda number: number < limit,
    }
    fits = tests[compare]

    def test(value: Json) -> bool:
        number = number_of(value, clock)
        return number is not None and fits(number)

    return test


def number_of(value: Json, clock: Clock) -> float | None:
    """A value as something that can be ordered: numbers as they are, moments as seconds."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        seconds = clock.parse(value)
        if seconds is not None:
            return float(seconds)
        try:
            return float(value)
        except ValueError:
            return None
    return None


def ordering(
    pointer: str, down: bool, clock: Clock, ranks: Mapping[Json, int] | None = None
) -> Callable[[Sequence[Mapping[str, Json]]], list[int]]:
    """A function that gives the indices of records in order of the values at ``pointer``; missing ones last.

    ``ranks``: how high each of its choices is, where it has any.
    """
    read = reader(pointer)

    def order(records: Sequence[Mapping[str, Json]]) -> list[int]:
        keyed: list[tuple[int, float, str, int]] = []
        for place, record in enumerate(records):
            value = next(iter(read(record)), None)
            number = ranks.get(value) if ranks else number_of(value, clock)
            sign = -1.0 if down else 1.0
            if number is not None:
                keyed.append((0, sign * number, "", place))
            elif isinstance(value, str):
                keyed.append((1, 0.0, value.casefold(), place))
            else:
                keyed.append((2, 0.0, "", place))
        keyed.sort()
        if down and any(key[0] == 1 for key in keyed):
            texts = [key for key in keyed if key[0] == 1]
            others = [key for key in keyed if key[0] != 1]
            keyed = (
                [key for key in others if key[0] == 0] + texts[::-1] + [key for key in others if key[0] == 2]
            )
        return [key[3] for key in keyed]

    return order
