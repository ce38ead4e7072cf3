"""The shapes of JSON values that a schema allows, each written in one way."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from msgspec import Struct

from callsmith.grammar.regular import Regular, python
from callsmith.grammar.values import integer, literal, number, string

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
BOOLEAN = Choice((Leaf(literal(True), "true"), Leaf(literal(False), "false")))
NULL = Leaf(literal(None), "null")


@lru_cache
def anything(deep: int = DEEP) -> Shape:
    """Any JSON value of at most ``deep`` levels."""
    scalars = (STRING, NUMBER, *BOOLEAN.options, NULL)
    if deep <= 0:
        return Choice(scalars)
    inner = anything(deep - 1)
    return Choice((*scalars, Table(inner), Listing(inner)))
