"""What records come to: lines are quantity by price, totals the sum of lines, fees and tax; the rest is not paid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.charges import charging
from callsmith.catalog.data import read
from callsmith.catalog.lives import standing
from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import settle, types
from callsmith.world.agreement.payable import Reckoned
from callsmith.world.agreement.purses import sum_in, with_sum
from callsmith.world.agreement.rates import (
    COSTS,
    Rate,
    by_rates,
    levied,
    levies_of,
    numbers_in,
    rates_of,
    shares_of,
    span_of,
    value_of,
)
from callsmith.world.agreement.repeated import Find, Words, price_of
from callsmith.world.stories.naming import singular, split

_SUMS = "catalog/lexicon/sums.yaml"


@lru_cache(maxsize=1)
def _sums() -> dict[str, frozenset[Words]]:
    return {sort: frozenset(tuple(name.split(" ")) for name in names) for sort, names in read(_SUMS).items()}


class Lines(Struct, frozen=True):
    """The list of what a record is made up of, by the names of its fields; "" for one it has not."""

    name: str
    count: str = ""
    each: str = ""
    total: str = ""
    key: str = ""  # of what is ordered, where only that says the price
    by: str = ""
    price: str = ""


class Totals(Struct, frozen=True):
    """The numbers of one kind of record that have to add up."""

    lines: Lines | None
    whole: str
    net: str
    tax: str
    less: str
    paid: str
    rest: str
    granted: str
    fees: tuple[str, ...]
    rates: tuple[Rate, ...]
    span: tuple[
        str, str
    ]  # the field that counts the days between two moments, and those: "start_date\nend_date"
    levies: tuple[tuple[str, float, tuple[str, ...]], ...]  # what is so much for each of something
    shares: tuple[tuple[str, float], ...]  # what is a part of the price
    loose: str  # how a record goes without the whole: "null", "none", or "" where it must have it
    integers: frozenset[str]  # names that take whole numbers alone, those in lines after the lines' name


_known: dict[tuple[str, str], Totals | None] = {}


def totals_of(toolset: Toolset, entity: Entity) -> Totals | None:
    """Which numbers of an entity's records add up, read off their names; None where none do."""
    key = (toolset.hash, entity.key)
    if key not in _known:
        if len(_known) > 2000:
            _known.clear()
        _known[key] = _totals(toolset, entity)
    return _known[key]


def _totals(toolset: Toolset, entity: Entity) -> Totals | None:
    properties = entity.schema.get("properties", {})
    numbers = numbers_in(properties)
    lines = _lines(toolset, entity, properties)
    whole = _of(numbers, "whole") or (_of(numbers, "of_lines") if lines else "")
    net = _of(numbers, "net")
    rates = tuple(rates_of(toolset, entity, numbers, properties)) if whole or net or not lines else ()
    whole = whole or (_of(numbers, "of_rates") if rates and not net else "")
    rates = rates if whole or net else ()
    found = Totals(
        lines=lines,
        whole=whole,
        net=net,
        tax=_of(numbers, "tax"),
        less=_of(numbers, "less"),
        paid=_of(numbers, "paid"),
        rest=_of(numbers, "rest"),
        granted=_of(numbers, "granted"),
        fees=tuple(
            name
            for words, name in numbers.items()
            if _is_extra(words, any(key for _, key, _, _ in rates), whole=name == whole)
        ),
        rates=rates,
        span=span_of(rates, properties),
        levies=levies_of(properties),
        shares=shares_of(properties),
        loose=_loose(entity, whole),
        integers=frozenset(_integers(properties, lines)),
    )
    return (
        found
        if lines
        or found.levies
        or found.shares
        and whole
        or whole
        and (net or found.rates or found.granted or found.paid and found.rest)
        else None
    )


def _loose(entity: Entity, whole: str) -> str:
    schema = entity.schema.get("properties", {}).get(whole, {})
    if "null" in types(schema) or "null" in types(settle(schema)):
        return "null"
    return "" if whole in entity.schema.get("required", ()) or not entity.schema.get("required") else "none"


def _is_extra(words: Words, named: bool, *, whole: bool) -> bool:
    """Whether a sum comes on top: a fee but for those nobody pays who does as agreed, the cost of a delivery.

    ``named``: the price of a unit is that of what the record names, and every other cost comes on top of it.
    """
    sums = _sums()
    if words[:1] in sums["penalty"] or len(words) < 2:
        return words == ("shipping",)
    if whole or "per" in words or {*words} & {"percent", "rate", "min", "max", "total"}:
        return False
    costs = words[-1] in ("cost", "charge", "due", "levy", "tax") and words[:1] not in (
        ("labour",),
        ("labor",),
        ("sale",),
        ("sales",),
    )
    return (
        words[-1] in ("fee", "surcharge", "supplement")
        or words[-1:] in sums["fee"]
        and words[:1] in sums["extra"]
        or named
        and costs
    )


def _integers(properties: Mapping[str, Schema], lines: Lines | None) -> list[str]:
    inner = settle(settle(properties[lines.name]).get("items", {})).get("properties", {}) if lines else {}
    found = (
        {**properties, **{f"{lines.name}/{name}": schema for name, schema in inner.items()}}
        if lines
        else properties
    )
    return [
        name for name, schema in found.items() if types(settle(schema)) in (("integer",), ("integer", "null"))
    ]


def _of(numbers: Mapping[Words, str], sort: str) -> str:
    wanted = _sums()[sort]
    return next((name for words, name in numbers.items() if words in wanted), "")


def _lines(toolset: Toolset, entity: Entity, properties: Mapping[str, Schema]) -> Lines | None:
    by_key = {other.key: other for other in toolset.entities}
    for name, schema in properties.items():
        inner = settle(settle(schema).get("items", {})).get("properties", {})
        numbers = numbers_in(inner)
        count, each = _of(numbers, "count"), _of(numbers, "each") or _per_piece(numbers)
        total = _of({words: of for words, of in numbers.items() if of != each}, "line")
        if not inner or not (each and count or total):
            field = next(
                (
                    field
                    for field in entity.fields
                    if count
                    and field.pointer.startswith(f"/{name}/*/")
                    and price_of_key(field.refers, by_key)
                ),
                None,
            )
            if field is not None:
                by = field.pointer.rpartition("/")[2]
                return Lines(name, count, "", "", field.refers, by, price_of_key(field.refers, by_key))
            continue
        return Lines(name, count, each, total)
    return None


def _per_piece(numbers: Mapping[Words, str]) -> str:
    """A price by its unit, where a line says no other: price per guest."""
    per = (("price", "per"), ("rate", "per"))
    return next((name for words, name in numbers.items() if words[:2] in per), "")


def price_of_key(key: str, by_key: Mapping[str, Entity]) -> str:
    return price_of(by_key[key]) if key in by_key else ""


def reckoned_apart(toolset: Toolset, entity: Entity) -> Reckoned:
    """What other records say of the money of one: which sum follows from their prices, whether those include tax."""
    totals = totals_of(toolset, entity)
    named = totals is not None and any(key for _, key, _, _ in totals.rates)
    fields = entity.schema.get("properties", {})
    lent = bool({*entity.noun.split(" ")} & charging()["given_back"])
    ahead = not lent and any(field.refers for field in entity.fields if field.pointer.count("/") == 1)
    return Reckoned(
        whole=totals.whole if totals is not None and named and not totals.net else "",
        inside=_taxed(toolset, entity.toolkit),
        billed=bool({*entity.noun.split(" ")} & {"invoice", "bill", "statement"}),
        ahead=ahead and bool(standing(fields)),
    )


_taxing: dict[tuple[str, str], bool] = {}


def _taxed(toolset: Toolset, toolkit: str) -> bool:
    """Whether some price of a toolkit is said to include tax."""
    key = (toolset.hash, toolkit)
    if key not in _taxing:
        if len(_taxing) > 200:
            _taxing.clear()
        texts = (
            str(schema.get("description") or "")
            for other in toolset.entities
            if other.toolkit == toolkit
            for name, schema in other.schema.get("properties", {}).items()
            if COSTS & {singular(word) for word in split(name)}
        )
        _taxing[key] = any(_INCLUDED.search(text) for text in texts)
    return _taxing[key]


_INCLUDED = re.compile(
    r"\bincl(?:\.|uding|usive of|udes)? (?:the )?(?:VAT|GST|tax)\b|\b(?:VAT|tax) (?:is )?included\b",
    re.IGNORECASE,
)


def summed(record: dict[str, Json], totals: Totals, find: Find, keep: set[str]) -> dict[str, Json]:
    """The record with sums that are right; fields whose pointer is in ``keep`` stay as they are."""
    made = dict(record)
    levied(made, totals.levies, keep)
    base = _of_lines(made, totals.lines, totals, find, keep) if totals.lines else None
    if base is None:
        base = by_rates(made, totals.rates, totals.span, find)
        if base is None and any(count in made and made[count] is None for count, _, _, _ in totals.rates):
            return _yet_to_come(made, totals, keep)
    for name in (totals.net, totals.tax, totals.whole) if base is not None or totals.whole in made else ():
        if name and made.get(name) is None:
            made[name] = 0.0
    _added(made, totals, base, keep)
    return made


def _yet_to_come(record: dict[str, Json], totals: Totals, keep: set[str]) -> dict[str, Json]:
    """A record of which nobody knows yet what it comes to, as how long it takes is not known."""
    if totals.loose and totals.whole in record and f"/{totals.whole}" not in keep:
        if totals.loose == "null":
            record[totals.whole] = None
        else:
            del record[totals.whole]
    return record


def _of_lines(
    record: dict[str, Json], lines: Lines, totals: Totals, find: Find, keep: set[str]
) -> float | None:
    rows = record.get(lines.name)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        return None
    whole, news = 0.0, []
    for row in rows:
        count = value_of(row, lines.count) if lines.count else 1
        each = value_of(row, lines.each)
        if lines.key:
            other = find(lines.key, row.get(lines.by))
            each = value_of(other, lines.price) if other is not None else None
        if each is not None and count is not None:
            part: float | None = round(count * each, 2)
            if lines.total in row and f"/{lines.name}/*/{lines.total}" not in keep:
                whole_only = f"{lines.name}/{lines.total}" in totals.integers
                row = {**row, lines.total: _written(part or 0, row[lines.total], whole_only)}
        else:
            part = value_of(row, lines.total)
        if part is None:
            return None
        whole += part
        news.append(row)
    record[lines.name] = news
    return round(whole, 2)


def _added(record: dict[str, Json], totals: Totals, base: float | None, keep: set[str]) -> None:
    for name, share in totals.shares:
        if base is not None and value_of(record, name) is not None and f"/{name}" not in keep:
            record[name] = with_sum(record[name], round(base * share, 2))
    fees = sum(value_of(record, name) or 0 for name in totals.fees)
    less = value_of(record, totals.less) or 0
    old = value_of(record, totals.whole)
    if base is None:
        if old is None:
            return
        old = old if fees < old else old + fees  # what comes on top is never all there is to pay
        base = max(round((old - fees + less) / (1.2 if totals.net and totals.tax else 1), 2), 0)
    less = less if less < base else 0
    tax = round(base * 0.2, 2) if totals.net and totals.tax else 0
    whole = base + fees - less + tax
    if totals.tax and not totals.net:
        tax = round(whole - whole / 1.2, 2)
    granted = value_of(record, totals.granted)
    values = {totals.less: less, totals.net: base, totals.tax: tax, totals.whole: whole}
    if totals.paid and totals.rest:
        states = {(word,) for name in ("status", "state") for word in split(str(record.get(name) or ""))}
        paid = min(whole, value_of(record, totals.paid) or round(whole * 0.3))
        paid = whole if states & _sums()["done"] else paid
        values |= {totals.paid: paid, totals.rest: whole - paid}
    if granted is not None and granted > whole:
        granted = values[totals.granted] = whole * 0.8 if whole >= 5 else whole
    if totals.granted and totals.paid and not totals.rest:
        values[totals.paid] = granted or whole  # what an insurer pays is what it has granted
    for name, value in values.items():
        old = record.get(name)
        if name and sum_in(old) is not None and f"/{name}" not in keep:
            record[name] = _written(value, old, name in totals.integers)


def _written(value: float, old: Json, whole_only: bool) -> Json:
    """A number written as the one it replaces: whole where that is a whole one and nothing is lost."""
    whole = whole_only or isinstance(old, int) and value == round(value)
    return with_sum(old, round(value) if whole else round(value, 2))
