"""What one costs and how many there are of it: an hour's price in a record or in what it books, and its hours."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from callsmith.catalog.charges import charging, is_extra, sums_named, unit_paid
from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import settle
from callsmith.world.agreement.purses import countable, sum_in, with_sum
from callsmith.world.agreement.repeated import Copy, Find, Words, copies_of
from callsmith.world.stories.naming import singular, split

Rate = tuple[str, str, str, str]
"""The field of a count, the kind of record that says what one costs, the field that names it, and the price there."""
_COUNTED = {"kilo": ("kg",), "kilogram": ("kg",), "hour": ("hr",),
            "person": ("passenger", "guest", "people", "participant", "person", "player", "attendee"),
            "kilometre": ("km",), "kilometer": ("km",)}  # fmt: skip


def numbers_in(properties: Mapping[str, Schema]) -> dict[Words, str]:
    return {
        tuple(singular(word) for word in split(name)): name
        for name, schema in properties.items()
        if countable(schema)
    }


def rates_of(
    toolset: Toolset, entity: Entity, numbers: Mapping[Words, str], properties: Mapping[str, Schema]
) -> list[Rate]:
    """What one costs and how many there are: an hour's price in the record or in what it books, and its hours."""
    sources: list[tuple[str, str, Mapping[Words, str]]] = [("", "", numbers)]
    by_key = {other.key: other for other in toolset.entities}
    for copy in (*copies_of(toolset, entity), *_plain(entity)):
        if not copy.head and copy.key in by_key:
            sources.append((copy.key, copy.by, numbers_in(by_key[copy.key].schema.get("properties", {}))))
    counts = {words: name for words, name in numbers.items() if not COSTS & {*words}}
    for key, by, of in sources:
        several = [
            (count, key, by, name) for words, name in of.items() if (count := _of_a_sort(words, counts))
        ]
        if len(several) > 1:
            return several
        held = by_key[key].schema.get("properties", {}) if key else properties
        for words, name in of.items():
            unit = _unit(words, settle(held[name])) or ("quantity" if key and words in _PIECE else "")
            count = _counting(unit, counts) or _spanned(unit, properties)
            if count:
                return [(count, key, by, name)]
    return _of_one(entity, sources[1:], by_key) or _of_a_block(toolset, entity, counts)


ANY = "*"
"""Stands for whichever record of a kind, where they all cost about the same."""


def _of_a_block(toolset: Toolset, entity: Entity, counts: Mapping[Words, str]) -> list[Rate]:
    """A price for so many hours at once, where just one kind of record says what an hour costs: ten driving lessons."""
    blocks = [unit for unit in ("hour", "lesson", "session") if (unit,) in counts]
    if not blocks or ("price",) not in numbers_in(entity.schema.get("properties", {})):
        return []
    found = []
    for other in toolset.entities:
        fields = other.schema.get("properties", {})
        units = {name: unit_paid(words, str(settle(fields[name]).get("description") or ""))
                 for words, name in numbers_in(fields).items()}  # fmt: skip
        if other.toolkit == entity.toolkit and other.key != entity.key:
            found += [(other.key, name, unit) for name, unit in units.items() if unit in blocks]
    count = counts.get((found[0][2],), "") if len(found) == 1 else ""
    return [(count, found[0][0], ANY, found[0][1])] if count else []


def _of_one(
    entity: Entity, sources: Sequence[tuple[str, str, Mapping[Words, str]]], by_key: Mapping[str, Entity]
) -> list[Rate]:
    """What a record is for one of, where just one of those it names has one price: the wash of a programme."""
    if entity.noun.split(" ")[-1] in charging()["settled"]:
        return []
    priced = {}
    for key, by, numbers in sources:
        fields = by_key[key].schema.get("properties", {})
        found = [name for words, name in numbers.items() if _is_price(words, settle(fields[name]))]
        if len(found) == 1:
            priced[key, found[0]] = by
    return [("", key, by, name) for (key, name), by in priced.items()] if len(priced) == 1 else []


def _is_price(words: Words, schema: Schema) -> bool:
    """Whether a number is what one of a thing costs, and not an hour of it or something beside it."""
    beside = {*words} & (
        charging()["case_rules"] | {"old", "original", "purchase", "half", "reserve", "starting"}
    )
    plain = words[-1] in ("price", "fee", "fare") and not is_extra(words) and not beside
    return plain and not unit_paid(words, str(schema.get("description") or "")) and len(words) < 4


def span_of(rates: Sequence[Rate], properties: Mapping[str, Schema]) -> tuple[str, str]:
    """The count of days that a price is for, where the record also says from when until when."""
    for count, _, _, _ in rates:
        unit = next((singular(word) for word in split(count) if singular(word) in ("day", "night")), "")
        if "\n" not in count and (between := _spanned(unit, properties)):
            return count, between
    return "", ""


def _of_a_sort(words: Words, counts: Mapping[Words, str]) -> str:
    """How many there are of those whose price is named by their sort: the adults of an adult fare."""
    rest = [word for word in words if word not in COSTS]
    if len(rest) != 1 or len(words) != 2:
        return ""
    return next((name for other, name in counts.items() if other in ((rest[0],), (rest[0], "count"))), "")


COSTS = frozenset(("price", "rate", "fee", "cost", "charge", "fare", "tariff"))

_PIECE = (("price",), ("sale", "price"), ("selling", "price"), ("retail", "price"), ("list", "price"))
"""What one of a thing costs that a record orders a quantity of."""


def _plain(entity: Entity) -> list[Copy]:
    return [
        Copy((), field.refers, field.pointer[1:], ())
        for field in entity.fields
        if field.refers and field.pointer.count("/") == 1 and field.facet in ("id", "key", "number_key")
    ]


def _unit(words: Words, schema: Schema) -> str:
    """Of what a price is the price of one: an hour, a player, a piece; "" for the price of the whole."""
    if {*words} & {"late", "overdue", "cancellation", "idle", "min", "minimum", "max", "maximum"}:
        return ""
    if "per" in words[:-1] and COSTS | {"rent"} & {*words}:
        each = words[words.index("per") + 1 :]
        return "m3" if each == ("m", "3") else each[0]
    if words in (("unit", "price"), ("price", "each"), ("unit", "cost")):
        return "quantity"
    if words == ("rate",):
        return unit_paid(words, str(schema.get("description") or "")) or "hour"
    return unit_paid(words, str(schema.get("description") or ""))


def _counting(unit: str, counts: Mapping[Words, str]) -> str:
    """The field that says how many there are of what a price is for one of."""
    wanted = {unit, *_COUNTED.get(unit, ())} - {""}
    found = [
        words for words in counts if {*_joined(words)} & wanted and not charging()["no_count"] & {*words}
    ]
    if not found and unit == "hour":
        found = [
            words
            for words in counts
            if {*words} <= charging()["lasting"] and {*words} & {"minute", "min", "duration"}
        ]
    return counts[min(found, key=len)] if found else ""


def _joined(words: Words) -> list[str]:
    return " ".join(words).replace("m 3", "m3").split(" ")


def _spanned(unit: str, properties: Mapping[str, Schema]) -> str:
    """Two moments between which nights, days or hours are counted: "start_date\nend_date"."""
    form = {"night": ("date", "date-time"), "day": ("date", "date-time"), "hour": ("date-time",)}.get(
        unit, ()
    )
    held = [name for name, schema in properties.items() if settle(schema).get("format") in form]
    starts = [name for name in held if _STARTS & {*split(name)} and not _APART & {*split(name)}
              and "out" not in split(name)]  # fmt: skip
    ends = [name for name in held if _ENDS & {*split(name)} and not _APART & {*split(name)}]
    return f"{starts[0]}\n{ends[0]}" if len(starts) == 1 and len(ends) == 1 else ""


_STARTS = frozenset("start starts from arrival begin begins checkin check pickup started".split())
_ENDS = frozenset("end ends until to departure return checkout out dropoff ended".split())
_APART = frozenset("valid period created updated expires".split())


def levies_of(properties: Mapping[str, Schema]) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    """Sums that a description says are so much for each of what a record counts: 1.50 per person and night."""
    counts = {words: name for words, name in numbers_in(properties).items() if not COSTS & {*words}}
    found = []
    for name, schema in properties.items():
        text = str(settle(schema).get("description") or "")
        sums, per = sums_named(text), _EACH.search(text)
        if len(sums) != 1 or per is None or not countable(schema) or "per" in split(name):
            continue
        units = [
            singular(word) for word in re.findall(r"[a-z]+", per[1].lower()) if word not in ("and", "per")
        ]
        by = [_counting(_UNITS.get(unit, unit), counts) for unit in units]
        if by and all(by):
            found.append((name, sums[0], tuple(by)))
    return tuple(found)


def shares_of(properties: Mapping[str, Schema]) -> tuple[tuple[str, float], ...]:
    """Sums that a description says are so many hundredths of the price: 5 percent of the order."""
    found = []
    for name, schema in properties.items():
        told = _SHARE.search(str(settle(schema).get("description") or ""))
        if told is not None and countable(schema) and not {*split(name)} & {"rate", "percent", "percentage"}:
            found.append((name, 0.5 if told[1] is None else float(told[1]) / 100))
    return tuple(found)


_SHARE = re.compile(
    r"\b(?:half|([0-9]+(?:\.[0-9]+)?) ?(?:%|percent|per cent)) of (?:the )?"
    r"(?:order|total|price|subtotal|amount|fare|sum|bid|booking)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:per|for (?:each|every)|each) ([a-z]+(?: and (?:per )?[a-z]+)?)", re.IGNORECASE)
_UNITS = {"guest": "person", "adult": "person", "passenger": "person", "player": "person", "head": "person"}


def levied(
    record: dict[str, Json], levies: Sequence[tuple[str, float, tuple[str, ...]]], keep: set[str]
) -> None:
    """Brings such sums into agreement with what a record counts."""
    for name, each, by in levies:
        counts = [value_of(record, one) for one in by]
        if f"/{name}" not in keep and value_of(record, name) is not None and None not in counts:
            record[name] = with_sum(record[name], round(each * math.prod(one or 0 for one in counts), 2))


def by_rates(
    record: dict[str, Json], rates: Sequence[Rate], span: tuple[str, str], find: Find
) -> float | None:
    count, between = span
    if count and record.get(count) is None and (days := _spent(record, between)) is not None:
        record[count] = round(days)
    parts = [_part(record, rate, find) for rate in rates]
    known = [part for part in parts if part is not None]
    return round(sum(known), 2) if known else None


def _part(record: dict[str, Json], rate: Rate, find: Find) -> float | None:
    """What so many of what has a price come to."""
    count, key, by, name = rate
    other = find(key, ANY if by == ANY else record.get(by)) if key else record
    each = value_of(other, name) if other is not None else None
    many = _spent(record, count) if "\n" in count else value_of(record, count) if count else 1
    if each is None or many is None:
        return None
    timed = "\n" not in count and {*split(count)} & {"minute", "minutes", "min", "duration"}
    minutes = bool(timed) and not {*split(name)} & {"minute", "minutes", "min"}
    if by == ANY:
        return float(round(each * many * 0.95))
    return each * (many / 60 if minutes else many)


def _spent(record: Mapping[str, Json], names: str) -> float | None:
    """The days, or the hours of one day, between two moments."""
    written = [str(record.get(name) or "") for name in names.split("\n")]
    try:
        first, last = (datetime.fromisoformat(one.replace("Z", "+00:00")) for one in written)
    except ValueError:
        return None
    hours = (last.replace(tzinfo=None) - first.replace(tzinfo=None)).total_seconds() / 3600
    return hours if 0 < hours < 24 else max(1, (last.date() - first.date()).days)


def value_of(record: Mapping[str, Json] | None, name: str) -> float | None:
    return sum_in(record.get(name)) if record is not None and name else None
