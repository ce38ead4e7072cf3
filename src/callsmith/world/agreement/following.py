"""Rules by which one number of a record follows from others, and how they are applied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.lives import phases, standing
from callsmith.records import Json, Schema
from callsmith.schema import settle, types
from callsmith.world.agreement.purses import countable, sum_in, with_sum
from callsmith.world.stories.naming import singular, split

Record = dict[str, Json]


class Rule(Struct, frozen=True):
    """What a field holds as others have it; a ``bound`` one only draws a believable value where nobody states one."""

    out: str
    of: tuple[str, ...]
    work: Callable[[Record], float | None]
    bound: bool = False


class Numbers(Struct, frozen=True):
    """The numbers of an object by the words of their names, and its lists of objects with theirs."""

    names: Mapping[str, tuple[str, ...]]
    whole: frozenset[str]
    lists: Mapping[str, Numbers]
    plain: frozenset[str] = frozenset()  # lists of anything
    status: str = ""
    states: Mapping[str, str] = {}  # how far each state is


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    table: dict[str, Any] = data.read("catalog/lexicon/reckonings.yaml")
    return {
        name: frozenset(held) if isinstance(held, list) and name != "main" else held
        for name, held in table.items()
    }


def words_in(name: str) -> Any:
    """A list of the table of words, as a set; a mapping as it stands."""
    return _table()[name]


def numbers_of(schema: Schema, depth: int = 0) -> Numbers:
    """The numbers an object holds."""
    names: dict[str, tuple[str, ...]] = {}
    whole, plain = set(), set()
    lists: dict[str, Numbers] = {}
    for name, child in schema.get("properties", {}).items():
        held = settle(child)
        kinds = {*types(held)}
        if countable(held) and not held.get("enum"):
            names[name] = tuple(
                " ".join(singular(word) for word in split(name)).replace("m 3", "m3").split(" ")
            )
            if kinds & {"integer"} and "number" not in kinds:
                whole.add(name)
        elif "array" in kinds:
            plain.add(name)
            items = held.get("items")
            items = settle(items) if isinstance(items, Mapping) else {}
            if items.get("properties") and not depth:
                lists[name] = numbers_of(items, 1)
    status = standing(schema.get("properties", {}))
    options = (
        [option for option in settle(schema["properties"][status]).get("enum", ()) if option]
        if status
        else []
    )
    states = dict(zip(map(str, options), phases(options), strict=True))
    return Numbers(names, frozenset(whole), lists, frozenset(plain), status, states)


def number(record: Mapping[str, Json], name: str) -> float | None:
    """What a field holds, where that is a number."""
    return sum_in(record.get(name))


def applied(
    rules: Sequence[Rule], record: Record, numbers: Numbers, said: Collection[str] | None = None
) -> None:
    """Brings the numbers of a record into agreement; of one that somebody changed only what they did not state."""
    for rule in rules:
        if said is not None and (rule.bound or rule.out in said or not {*said} & {*rule.of}):
            continue
        if rule.out not in record and said is None:
            continue
        value = rule.work(record)
        if value is None:
            continue
        near = round(value)
        record[rule.out] = with_sum(
            record.get(rule.out), near if rule.out in numbers.whole or near == value else round(value, 2)
        )
        if said is not None:
            said = {*said, rule.out}


def drawn(value: float | None, size: int) -> int:
    """A number below ``size`` that what was drawn before decides."""
    return int((value or 0) * 37 + (value or 0) * 100 // 7) % size
