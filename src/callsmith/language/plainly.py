"""What is told of a thing that has no dates, people or states: its weekday, its twelve customers, what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.quantities import unit_alone
from callsmith.catalog.quantities import written as in_unit
from callsmith.language.named_details import one_of_them
from callsmith.language.particulars import Particulars
from callsmith.language.relating import chosen, counted, figure, in_units, located, measure
from callsmith.language.stating import STATES, opaque
from callsmith.language.words import humanised
from callsmith.plan.known import housekeeping, plain
from callsmith.plan.signs import told_at
from callsmith.records import Entity, Field, Json
from callsmith.text import coded

_LONG = 30  # characters of a text that is told beside a name
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLACES = ("room", "hall", "studio", "test centre", "venue")
_RANKS = ("enum", "count", "number", "amount", "amount_minor", "text", "key")


def plainly(
    particulars: Particulars, entity: Entity, record: Mapping[str, Any], label: str, asked: Sequence[Json]
) -> list[str]:
    """The fields of a record as they are called, the sort of a thing first, its numbers after."""
    told: list[tuple[int, str]] = []
    for item in entity.fields:
        value = record.get(item.pointer[1:]) if item.pointer.count("/") == 1 else None
        if (
            item.facet not in _RANKS
            or item.pointer in (entity.id_pointer, entity.label_pointer, *told_at(entity))
            or housekeeping(item)
            or particulars.asked_for_later(entity, item)
            or isinstance(value, (bool, dict, list))
            or value in (None, "", *asked)
            or plain(str(value)) in plain(label)
            or len(item.phrase.removeprefix("number of ").split()) > 2
            or item.phrase.lower() in STATES  # told already, if at all
        ):
            continue
        if said := _said(particulars, item, value, record):
            told.append((_RANKS.index(item.facet), said))
    return list(dict.fromkeys(said for _, said in sorted(told, key=lambda pair: pair[0])))


def _said(particulars: Particulars, item: Field, value: Json, record: Mapping[str, Any]) -> str:
    field = item.phrase.lower()
    if isinstance(value, str) and value.lower() in _WEEKDAYS:
        return value.capitalize()
    if isinstance(value, str) and item.facet == "enum" and chosen(field, [value]):
        return particulars.fact(item, value, record)
    if isinstance(value, str):
        words = humanised(value) if item.facet == "enum" else value
        usual = words.lower() in read("language/en/relating.yaml")["usual"]
        if (
            usual
            or opaque(value)
            or len(words) > _LONG
            or item.facet == "key"
            and not (coded(value) and item.refers)
        ):
            return ""
        return located(words) if field in _PLACES and words[:1].isupper() else f"{field} {words}"
    if not isinstance(value, (int, float)):
        return ""
    if item.facet in ("amount", "amount_minor"):
        return _named_sum(particulars, item, value, record)
    if name_words(item.pointer)[-1:] == ("count",) and field.endswith(" count") and isinstance(value, int):
        return _so_many(value, field.removesuffix(" count"))
    if counted(field) or field.startswith("number of ") or field.startswith("total "):
        things = field.removeprefix("number of ")
        return f"{figure(value)} {one_of_them(things) if value == 1 else things}" if counted(things) else ""
    unit, _, rest = field.partition(" ")
    if unit in ("years", "months") and rest and isinstance(value, int):
        return f"{value} {unit if value != 1 else unit[:-1]} of {rest.removeprefix('of ')}"
    if unit := unit_alone(field):
        return in_unit(unit, figure(value))
    if in_units(field, value):
        return measure(field, in_units(field, value))
    return f"{field} {figure(value)}" if value else ""


def _so_many(value: int, thing: str) -> str:
    """A count of things by their name in the singular: no customers, one customer, 12 customers."""
    several = f"{thing[:-1]}ies" if thing.endswith("y") and thing[-2:-1] not in "aeiou" else f"{thing}s"
    return f"no {several}" if value == 0 else f"{value} {thing if value == 1 else several}"


def _named_sum(particulars: Particulars, item: Field, value: float, record: Mapping[str, Any]) -> str:
    text = particulars.value(value, item, record)
    if item.phrase.lower() in ("value", "total value", "worth"):
        return f"worth {text}"
    return f"{item.phrase.lower()} {text}" if value else ""
