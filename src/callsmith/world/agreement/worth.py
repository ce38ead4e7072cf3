"""Numbers that follow from the rest of a record: a price, a rent by its rooms, how far apart two towns lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog.belonging import told_in
from callsmith.catalog.data import read
from callsmith.catalog.ends import another, other_end
from callsmith.records import Entity, Schema
from callsmith.schema import types
from callsmith.seeds import number
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_FILE = "catalog/lexicon/follows.yaml"


def figure(record: Mapping[str, Any], name: str) -> float:
    value = record.get(name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def plain_name(name: str) -> str:
    """The words of a field, each in the singular."""
    return " ".join(singular(word) for word in split(name))


def cost(entity: Entity, fields: Fields) -> Step | None:
    scheme, label = _sold(entity, fields), entity.label_pointer[1:]

    def run(record: dict[str, Any], story: Story) -> None:
        cost = 0 if story.amount else _usual(str(record.get(label) or ""), scheme, story)
        if cost and record.get("price") is not None:
            record["price"] = cost

    return run if scheme else None


def far_apart(entity: Entity, fields: Fields) -> Step | None:
    """What goes from town to town goes to another, and that is far."""
    way = _way(fields)
    if way is None:
        return None
    first, last, far = way
    label = entity.label_pointer[1:]

    def run(record: dict[str, Any], story: Story) -> None:
        if record.get(first) and record.get(first) == record.get(last):
            code, known = story.population.place["code"], read("catalog/lexicon/places.yaml")["cities"]
            towns = [one["city"] for one in known if one["code"] == code]
            towns = towns if len(towns) > 1 else [one["city"] for one in known]
            rest = [town for town in towns if town != record[first]]
            record[last] = rest[mix(story.bits, 947) % len(rest)]
        named = _GOAL.search(str(record.get(label) or ""))
        if named and record.get(last) and named[1] != record.get(first):
            record[last] = named[1]  # where a weekend in Bergen goes
        if far and record.get(first) and record.get(last) and figure(record, far):
            record[far] = 120 + 5 * (mix(story.bits, 929) % 140)

    return run


def owing(entity: Entity, fields: Fields) -> Step | None:
    def run(record: dict[str, Any], story: Story) -> None:
        if not record.get("balance") and figure(record, "price"):
            record["balance"] = figure(record, "price") * (0, 0, 1, 0, 2)[mix(story.bits, 919) % 5]

    return run if {"price", "balance"} <= fields.keys() else None


def dwelling(entity: Entity, fields: Fields) -> Step | None:
    let = _let(fields)

    def run(record: dict[str, Any], story: Story) -> None:
        _rented(record, let, story)

    return run if any(let) else None


def ordered_pieces(entity: Entity, fields: Fields) -> Step | None:
    priced = _priced(entity, fields)

    def run(record: dict[str, Any], story: Story) -> None:
        total, pieces = priced
        if figure(record, pieces) and (story.fresh or record.get(total) is not None):
            each = (
                24 + number(story.population.bits, story.entity) % 30 if plain_name(pieces) in _NIGHTS else 0
            )
            each = (each + mix(story.bits, 941) % 3 * 4) * story.population.scale
            record[total] = figure(record, pieces) * (each or _each(record, fields, story))

    return run if priced else None


def _sold(entity: Entity, fields: Mapping[str, Schema]) -> str:
    """The scheme by which the names of wares tell what such things cost; "" for what is no ware."""
    noun, held = entity.noun.split(" ")[-1], fields.get("price", {})
    if noun not in ("product", "item", "article", "good", "sku") or not {"integer", "number"} & {
        *types(held)
    }:
        return ""
    return "food" if entity.trade == "supermarket" else "goods"


def _usual(title: str, scheme: str, story: Story) -> float:
    """What a thing of that name costs, ending as prices do; 0 where nobody knows."""
    sort = told_in(scheme, title)
    found = next((line for line in read(_FILE)["prices"] if line[0] == scheme and line[1] == sort), None)
    if found is None:
        return 0
    low, high = found[2], found[3]
    drawn = mix(story.bits, 937)
    value = low + drawn % (high - low + 1)
    return int(value * story.population.scale)


_GOAL = re.compile(r"\b(?:in|to) ([A-Z][\w-]+(?: [A-Z][\w-]+)?)$")
_STARTS, _GOALS = (
    ("origin", "from", "departure", "start", "pickup"),
    ("destination", "to", "arrival", "end", "dropoff"),
)


def _way(fields: Mapping[str, Schema]) -> tuple[str, str, str] | None:
    """Two towns and how far it is between them."""
    by = {
        plain_name(name): name
        for name in fields
        if "string" in types(fields[name]) and not fields[name].get("enum")
    }
    ends = [
        next((name for plain, name in by.items() if _is_end(plain.split(" "), words)), "")
        for words in (_STARTS, _GOALS)
    ]
    numbers = {plain_name(name): name for name in fields}
    far = numbers.get("distance km", numbers.get("distance", ""))
    return (ends[0], ends[1], far) if all(ends) else None


def _is_end(words: list[str], ends: tuple[str, ...]) -> bool:
    return (
        words[0] in ends
        and (words[1:] in ([], ["city"], ["town"]))
        and (len(words) > 1 or words[0] in ("origin", "destination"))
    )


_RENT = ("monthly rent", "rent", "rent per month", "rent pcm", "price per month", "monthly price")


def _let(fields: Mapping[str, Schema]) -> tuple[str, str, str]:
    """The rent of a dwelling, how many rooms it has, and what is put down for it; nothing where it has no rent."""
    by = {plain_name(name): name for name in fields}
    rent = next((by[name] for name in _RENT if name in by), "")
    rooms, deposit = by.get("bedroom", ""), by.get("deposit", by.get("security deposit", ""))
    return (rent, rooms, deposit) if rent and (rooms or deposit) else ("", "", "")


def _rented(record: dict[str, Any], let: tuple[str, str, str], story: Story) -> None:
    """The more rooms the dearer; a deposit is a month's rent, or little more."""
    rent, rooms, deposit = let
    scale = story.population.scale
    if rooms and isinstance(record.get(rooms), int) and figure(record, rent):
        record[rent] = (480 + 240 * record[rooms] + 20 * (mix(story.bits, 907) % 12)) * scale
    if deposit and figure(record, deposit) and figure(record, rent):
        record[deposit] = round(figure(record, rent) * (1, 1, 1.25, 1.5)[mix(story.bits, 911) % 4])


_TOTAL = (
    "total amount",
    "total",
    "total price",
    "amount",
    "total cost",
    "order total",
    "fee",
    "total fee",
    "price",
    "cost",
)
_NIGHTS = ("night", "number of night", "night count", "day", "number of day")
_PIECES = (
    *_NIGHTS,
    "quantity",
    "qty",
    "bag",
    "bags",
    "piece",
    "unit",
    "box",
    "copy",
    "pack",
    "bottle",
    "bunch",
    "loaf",
    "tray",
    "crate",
)


def _priced(entity: Entity, fields: Mapping[str, Schema]) -> tuple[str, ...]:
    """The total of an order and its count of pieces, where nothing says what one of them costs."""
    by = {
        plain_name(name): name
        for name, schema in fields.items()
        if {"integer", "number"} & {*types(schema)} and not schema.get("enum")
    }
    dear = [
        name
        for name in by
        if {*name.split(" ")} & {"price", "cost", "fee", "rate", "tax", "discount", "subtotal", "deposit"}
    ]
    total = next((by[name] for name in _TOTAL if name in by), "")
    pieces = next((by[name] for name in _PIECES if name in by), "")
    if by.get("fee") == total or by.get("price") == total or by.get("cost") == total:
        pieces = pieces if plain_name(pieces) in _NIGHTS else ""  # of a single piece, elsewhere
    return (total, pieces) if total and pieces and not [name for name in dear if by[name] != total] else ()


def _each(record: Mapping[str, Any], fields: Mapping[str, Schema], story: Story) -> int:
    """What one piece costs: the same of the same thing."""
    names = [
        name
        for name in fields
        if {*split(name)} & {"product", "item", "coffee", "name", "sku", "title", "good"}
    ]
    what = next(
        (str(record[name]) for name in names if isinstance(record.get(name), str) and record[name]), ""
    )
    return int((6 + number(story.population.bits, story.entity, what) % 23) * story.population.scale)


def two_ends(entity: Entity, fields: Fields) -> Step | None:
    """What goes from one to another goes to another: rooms, accounts, sorts of money."""
    texts = [name for name, schema in fields.items() if "string" in types(schema)]
    pairs = [(name, twin) for at, name in enumerate(texts) if (twin := other_end(name, texts)) in texts[at:]]
    pairs = [
        (a, b)
        for a, b in pairs
        if not {fields[a].get("format"), fields[b].get("format")} & {"date", "date-time"}
    ]

    def run(record: dict[str, Any], story: Story) -> None:
        for name, twin in pairs:
            value = record.get(name)
            if not isinstance(value, str) or not value or record.get(twin) != value:
                continue
            options = [one for one in fields[twin].get("enum", ()) if one not in (None, value)]
            draw = mix(story.bits, 953)
            record[twin] = (options[draw % len(options)] if options else another(twin, value, draw)) or value

    return run if pairs else None


WORTH = (cost, far_apart, two_ends, owing, dwelling, ordered_pieces)
