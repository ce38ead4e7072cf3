"""Reading and writing values inside records by JSON pointers with ``*`` for every element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from callsmith.records import Json
from callsmith.schema import LAST, last_part, steps

_NONE: tuple[Json, ...] = ()


@lru_cache(maxsize=8192)
def reader(pointer: str) -> Callable[[Json], tuple[Json, ...] | list[Json]]:
    """A function that gives every value at ``pointer``; none where the path ends early."""
    path = steps(pointer)
    if not path:
        return lambda value: (value,)
    if path[-1] == LAST:
        whole = reader(pointer.removesuffix(f"/{LAST}"))
        return lambda value: [last_part(one) for one in whole(value)]
    if len(path) == 1 and path[0] != "*":
        only = path[0]
        return lambda value: (value[only],) if isinstance(value, dict) and only in value else _NONE

    def read(value: Json) -> list[Json]:
        found = [value]
        for step in path:
            if step == "*":
                found = [inner for outer in found if isinstance(outer, (list, tuple)) for inner in outer]
            else:
                found = [outer[step] for outer in found if isinstance(outer, dict) and step in outer]
        return found

    return read


def first(value: Json, pointer: str, missing: Any = None) -> Json:
    """The first value at ``pointer``, or ``missing``."""
    for found in reader(pointer)(value):
        return found
    return missing


def put(value: Mapping[str, Json], pointer: str, new: Json) -> dict[str, Json]:
    """A copy of ``value`` with ``new`` at ``pointer``; what lies beside the path is shared, not copied.

    A ``*`` step writes each of a list's values into the element of that place.
    """
    path = steps(pointer)
    return _put(value, path, new) if path else dict(new)


def _put(value: Json, path: tuple[str, ...], new: Json) -> Json:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step == LAST:
        return f"{str(value).rpartition('/')[0]}/{new}" if value else new
    if step == "*":
        old = list(value) if isinstance(value, (list, tuple)) else []
        news = new if isinstance(new, list) else [new]
        return [_put(old[place] if place < len(old) else {}, rest, item) for place, item in enumerate(news)]
    made = dict(value) if isinstance(value, Mapping) else {}
    made[step] = _put(made.get(step), rest, new)
    return made


def merged(old: Json, new: Json) -> Json:
    """``new`` laid over ``old``, objects member by member; lists and plain values are replaced."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        made = dict(old)
        for name, value in new.items():
            made[name] = merged(made.get(name), value)
        return made
    return new
