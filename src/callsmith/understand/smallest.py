"""In which unit an API counts money: a sum that says nothing of its own counts as the others beside it do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import TypeVar

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Entity, Field, Parameter, Schema, Tool
from callsmith.schema import types
from callsmith.understand.shapes import last_words

_ALL = re.compile(
    r"\b(?:money|monetary|amounts?|prices?|sums?)\b[^.]{0,60}"
    r"\b(?:minor (?:currency )?units?|cents|pence|smallest (?:currency )?unit)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:whole|major) (?:currency )?units?\b", re.IGNORECASE)
Leaf = TypeVar("Leaf", Field, Parameter)
_OPEN = ("number", "count", "")
_SUMS = frozenset("total subtotal amount price cost vat tax fee charge deposit balance shipping".split())


def in_smallest(tools: Sequence[Tool], kinds: Collection[Entity]) -> tuple[list[Tool], list[Entity]]:
    """The tools and kinds of record of one toolkit, whose whole sums are in cents where others say that they are.

    A kind of record agrees with itself; a toolkit does where it says so of all money, or where no sum has decimals.
    """
    leaves: list[Field | Parameter] = [field for kind in kinds for field in kind.fields]
    leaves += [parameter for tool in tools for parameter in tool.inputs]
    told = any(_ALL.search(str(tool.hints.get("about") or "")) for tool in tools[:1])
    stated = any(leaf.facet == "amount_minor" for leaf in leaves)
    if not told and not stated:
        return [*tools], [*kinds]
    everywhere = told or not any(leaf.facet == "amount" and not _whole(leaf.schema) for leaf in leaves)
    counting = {kind.key for kind in kinds if everywhere or _says(kind.fields)}
    return (
        [
            structs.replace(tool, inputs=tuple(map(_smallest, tool.inputs)))
            if everywhere or tool.entity in counting or _says(tool.inputs)
            else tool
            for tool in tools
        ],
        [
            structs.replace(kind, fields=tuple(map(_smallest, kind.fields))) if kind.key in counting else kind
            for kind in kinds
        ],
    )


def _says(leaves: Iterable[Field | Parameter]) -> bool:
    return any(leaf.facet == "amount_minor" for leaf in leaves)


def _smallest(leaf: Leaf) -> Leaf:
    """A whole sum of money that says nothing of its unit, as one in cents; anything else as it is."""
    words: Sequence[str] = last_words(leaf.pointer)
    money = leaf.facet == "amount" or leaf.facet in _OPEN and bool({*words[-1:]} & _SUMS)
    if not money or not _whole(leaf.schema) or _names_unit(leaf.schema, words):
        return leaf
    return structs.replace(leaf, facet="amount_minor")


def _whole(schema: Schema) -> bool:
    return {*types(schema)} - {"null"} == {"integer"}


def _names_unit(schema: Schema, words: Sequence[str]) -> bool:
    """Whether a sum says that it is in euros, or in whole units."""
    text = str(schema.get("description") or "")
    said = {*words, *re.findall(r"[a-z]+", text.lower())}
    return bool(said & _coins() or _WHOLE.search(text))


@cache
def _coins() -> frozenset[str]:
    money = data.read("catalog/lexicon/places.yaml")["money"]
    return frozenset(word for one in money for word in one["words"])
