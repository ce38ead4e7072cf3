"""Numbers of one record that agree: low and high, what is left and what there is, a total and its parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

from msgspec import Struct

from callsmith.records import Json, Schema
from callsmith.world.agreement.bills import billed
from callsmith.world.agreement.following import Numbers, Record, Rule, applied, number, numbers_of
from callsmith.world.agreement.payable import UNKNOWN, Reckoned
from callsmith.world.agreement.quantities import counted
from callsmith.world.stories.story import Story

Step = Callable[[Record], None]
_ENDS = {"low": "high", "min": "max", "minimum": "maximum", "lower": "upper", "diastolic": "systolic"}


class Balance(Struct, frozen=True):
    """What has to agree among the numbers of an object."""

    numbers: Numbers
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]


def balance_of(schema: Schema, reckoned: Reckoned = UNKNOWN) -> Balance:
    """What has to agree in objects of a schema. ``reckoned``: what is known of its money beyond that."""
    numbers = numbers_of(schema)
    rules = (*counted(numbers), *billed(numbers, reckoned)) if numbers.names or numbers.plain else ()
    return Balance(numbers, tuple(_ordered(numbers)), tuple(rules))


def balanced(
    made: Callable[[Story], Json], schema: Schema, reckoned: Reckoned = UNKNOWN
) -> Callable[[Story], Json]:
    """A filler of records whose numbers agree with one another."""
    balance = balance_of(schema, reckoned)
    if not balance.steps and not balance.rules:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if isinstance(record, dict):
            for step in balance.steps:
                step(record)
            applied(balance.rules, record, balance.numbers)
        return record

    return run


def rebalanced(balance: Balance, record: Record, said: Collection[str]) -> Record:
    """A record somebody changed, in which what follows from the fields they stated follows again."""
    made = dict(record)
    applied(balance.rules, made, balance.numbers, said)
    return made


def _ordered(numbers: Numbers) -> Sequence[Step]:
    found: list[Step] = []
    for low, words in numbers.names.items():
        for place, word in enumerate(words):
            other = (*words[:place], _ENDS.get(word, ""), *words[place + 1 :])
            high = next((name for name, of in numbers.names.items() if of == other), "")
            if high:
                found.append(partial(_in_order, low=low, high=high))
    return found


def _in_order(record: Record, low: str, high: str) -> None:
    first, last = number(record, low), number(record, high)
    if first is None or last is None or first < last:
        return
    if first > last:
        record[low], record[high] = last, first
    elif first > 1:
        record[high] = first + max(1, first // 2) if isinstance(first, int) else round(first * 1.5, 2)
