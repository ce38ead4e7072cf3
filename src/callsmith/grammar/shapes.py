"""The shapes of JSON values that a schema allows, each written in one way."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from msgspec import Struct

from callsmith.grammar.regular import Regular, Word, either, python
from callsmith.grammar.values import integer, number, string

DEEP = 10  # levels of objects and arrays inside a value that nothing is known of


class Leaf(Struct, frozen=True, eq=False, dict=True):
    """A value without parts. ``label`` is what an error says was expected."""

    regular: Regular
    label: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(
            f"(?:{python(self.regular)})(?![0-9.eE+-])"
        )  # no number is the beginning of another


class Member(Struct, frozen=True):
    """One property of an object."""

    name: str
    shape: Shape
    required: bool


class Record(Struct, frozen=True, eq=False):
    """An object with these properties and no others, in this order."""

    members: tuple[Member, ...]


class Table(Struct, frozen=True, eq=False):
    """An object with properties of any name."""

    value: Shape
    low: int = 0


class Listing(Struct, frozen=True, eq=False):
    """An array."""

    item: Shape
    low: int = 0
    high: int | None = None


class Choice(Struct, frozen=True, eq=False):
    """Any of these."""

    options: tuple[Shape, ...]


Shape = Leaf | Record | Table | Listing | Choice

STRING = Leaf(string(), "a string")
INTEGER = Leaf(integer(), "a whole number")
NUMBER = Leaf(number(), "a number")
BOOLEAN = Leaf(either("true", "false"), "true or false")
NULL = Leaf(Word("null"), "null")
SCALAR = Choice((STRING, NUMBER, BOOLEAN, NULL))


@lru_cache(maxsize=4096)
def leaf(regular: Regular, label: str) -> Leaf:
    """The leaf of a regular expression, the same object for the same one: what tools share is spelled once."""
    return Leaf(regular, label)


@lru_cache
def anything(deep: int = DEEP) -> Shape:
    """Any JSON value of at most ``deep`` levels."""
    if deep <= 0:
        return SCALAR
    inner = anything(deep - 1)
    return Choice((SCALAR, Table(inner), Listing(inner)))
