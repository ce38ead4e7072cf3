"""Several things asked for at once: the lines of an order, each with what it is of and how many of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.meaning import Detail, Listed, Pick, Stated
from callsmith.plan.arguments.fill import Filled, locally_required
from callsmith.plan.describing import label_of, some_record
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE, Known, title_pointer
from callsmith.plan.targets import locate
from callsmith.records import Entity, Parameter, Tool

LINES = "lines"
"""The facet of a detail whose values are pairs: how many, and of what."""

_INSIDE = re.compile(r"/([^/]+)/\*/[^/]+")
_COUNTS = {"quantity", "qty", "count", "amount", "pieces", "units", "number"}
_PRICES = ("unitprice", "price", "listprice", "retailprice", "saleprice")
_DEAR, _CHEAP = 60, 10  # in euros
_PLENTY, _SEVERAL, _FEW = (4, 6, 8, 10, 12, 15, 20, 24), (1, 2, 2, 3, 4, 5, 6), (1, 1, 1, 2, 2)


class Lines(Struct, frozen=True):
    """The arguments that say, line by line, what is ordered and how many of it."""

    name: str
    of: Parameter
    count: Parameter


def lines_of(known: Known, tool: Tool) -> Lines | None:
    """The lines that a tool takes, where each says a thing people know by name and how many, and needs no more."""
    if tool.deed != "create":
        return None
    groups: dict[str, list[Parameter]] = {}
    for parameter in tool.inputs:
        inside = _INSIDE.fullmatch(parameter.pointer)
        if inside:
            groups.setdefault(inside[1], []).append(parameter)
    for name, inner in groups.items():
        of = [p for p in inner if p.refers and p.refers != tool.entity and p.confidence >= SURE]
        count = [p for p in inner if _counts(p)]
        more = [p for p in inner if p not in (*of[:1], *count[:1]) and locally_required(tool, p.pointer)]
        holder = known.entities.get(of[0].refers) if of else None
        if (
            len(count) == 1
            and not more
            and holder is not None
            and title_pointer(holder)
            and not holder.person
        ):
            return Lines(name, of[0], count[0])
    return None


def _counts(parameter: Parameter) -> bool:
    words = name_words(parameter.pointer.rpartition("/")[2])
    return bool(words) and words[-1] in _COUNTS and bool({"integer", "number"} & {*_types(parameter.schema)})


def _types(schema: Mapping[str, Any]) -> tuple[str, ...]:
    kind = schema.get("type", ())
    return (kind,) if isinstance(kind, str) else tuple(kind)


def order(draft: Draft, filled: Filled, lines: Lines) -> None:
    """Have the user say how many of which things they want.

    Raises:
        PlanUnfit: none of them can be found.
    """
    holder = draft.known.entities[lines.of.refers]
    sources: list[Pick | Stated] = []
    counts: list[Stated] = []
    said: list[list[Any]] = []
    for _ in range(draft.choice((1, 2, 2, 2, 3))):
        try:
            record = some_record(draft, holder, lasting=True)
            located = locate(draft, holder, record, lines.of)
        except PlanUnfit:
            if said:
                break
            raise
        if not isinstance(located.source, (Pick, Stated)):
            raise PlanUnfit(f"nothing names a {holder.noun}")
        title = label_of(holder, located.shown or record)
        if not title or title in [name for _, name in said]:
            continue
        count = draft.choice(_usual(draft, lines, holder, record))
        sources.append(located.source)
        counts.append(Stated(count))
        said.append([count, title])
    filled.arguments[lines.of.pointer] = Listed(sources)
    filled.arguments[lines.count.pointer] = Listed(counts)
    filled.details.append(
        Detail(lines.name, LINES, holder.noun, "sets", "list", said, noun=holder.noun, required=True)
    )


def _usual(draft: Draft, lines: Lines, holder: Entity, record: Mapping[str, Any]) -> list[int]:
    """How many of a thing people order, by what one costs."""
    names = {"".join(name_words(name)): value for name, value in record.items()}
    price = next((names[name] for name in _PRICES if isinstance(names.get(name), (int, float))), None)
    worth = read("catalog/lexicon/places.yaml")["worth"].get(draft.scene.currency, 1)
    several: tuple[int, ...] = _FEW if price is not None and price / worth >= _DEAR else _SEVERAL
    several = _PLENTY if price is not None and price / worth < _CHEAP else several
    low, high = lines.count.schema.get("minimum", 1), lines.count.schema.get("maximum", 999)
    return [count for count in several if low <= count <= high]
