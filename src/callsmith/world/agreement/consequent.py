"""Fields that follow from another of the same record: the beds of a double room, the fuel of an electric car."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.belonging import plainly, told_by_name, told_in
from callsmith.catalog.data import read
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.seeds import number
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_FILE = "catalog/lexicon/follows.yaml"
_FREE = ("available", "free", "remaining", "left")


class Then(Struct, frozen=True):
    """What a field holds where another has a value: one of a few words, a number between two, or nothing."""

    name: str
    held: Any
    options: tuple[Json, ...] = ()
    nullable: bool = False
    whole: bool = True


class Consequence(Struct, frozen=True):
    """A field that decides, and by its values what others hold."""

    name: str
    by: Mapping[str, tuple[Then, ...]]


def consequent(made: Make, entity: Entity) -> Make:
    """A filler of records whose fields follow from one another where people know that they do."""
    fields = {name: settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    rules = _rules(entity, fields)
    told, denied, within, priced = (
        _told(entity, fields),
        _denied(fields),
        _within(fields),
        _priced(entity, fields),
    )
    label, let = entity.label_pointer[1:], _let(fields)
    owing = {"price", "balance"} <= fields.keys()
    if not any((*let, rules, told, denied, within, priced, owing)):
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict):
            return record
        record = dict(record)
        for name, other, options, scheme in told:
            title = str(record.get(name) or "")
            found = told_by_name(title, options) if options else told_in(scheme, title)
            if found and record.get(other) is not None:
                record[other] = found
        for rule in rules:
            for then in rule.by.get(plainly(record.get(rule.name) or ""), ()):
                _hold(record, then, story.bits)
        for name, words in denied:
            if record.get(name) is True and words & {singular(word) for word in _words(record.get(label))}:
                record[name] = False
        for part, whole in within:
            if _number(record, part) > _number(record, whole) > 0:
                record[part] = mix(story.bits, 877) % (int(record[whole]) + 1)
        if owing and not record.get("balance") and _number(record, "price"):
            record["balance"] = _number(record, "price") * (0, 0, 1, 0, 2)[mix(story.bits, 919) % 5]
        if any(let):
            _rented(record, let, story)
        if priced and _number(record, priced[1]):
            record[priced[0]] = _number(record, priced[1]) * _each(record, fields, story)
        return record

    return run


_RENT = ("monthly rent", "rent", "rent per month", "rent pcm", "price per month", "monthly price")


def _let(fields: Mapping[str, Schema]) -> tuple[str, str, str]:
    """The rent of a dwelling, how many rooms it has, and what is put down for it; nothing where it has no rent."""
    by = {_plain(name): name for name in fields}
    rent = next((by[name] for name in _RENT if name in by), "")
    rooms, deposit = by.get("bedroom", ""), by.get("deposit", by.get("security deposit", ""))
    return (rent, rooms, deposit) if rent and (rooms or deposit) else ("", "", "")


def _rented(record: dict[str, Any], let: tuple[str, str, str], story: Story) -> None:
    """The more rooms the dearer; a deposit is a month's rent, or little more."""
    rent, rooms, deposit = let
    scale = story.population.scale
    if rooms and isinstance(record.get(rooms), int) and _number(record, rent):
        record[rent] = (480 + 240 * record[rooms] + 20 * (mix(story.bits, 907) % 12)) * scale
    if deposit and _number(record, deposit) and _number(record, rent):
        record[deposit] = round(_number(record, rent) * (1, 1, 1.25, 1.5)[mix(story.bits, 911) % 4])


_TOTAL = ("total amount", "total", "total price", "amount", "total cost", "order total")
_PIECES = (
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
        _plain(name): name
        for name, schema in fields.items()
        if {"integer", "number"} & {*types(schema)} and not schema.get("enum")
    }
    dear = [
        name
        for name in by
        if {*name.split(" ")} & {"price", "cost", "fee", "rate", "tax", "discount", "subtotal"}
    ]
    total = next((by[name] for name in _TOTAL if name in by), "")
    pieces = next((by[name] for name in _PIECES if name in by), "")
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


def _words(title: Json) -> list[str]:
    return str(title or "").lower().replace(",", " ").split()


def _number(record: Mapping[str, Any], name: str) -> float:
    value = record.get(name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def _hold(record: dict[str, Any], then: Then, bits: int) -> None:
    if record.get(then.name) is None:
        return
    if then.held is None:
        if then.nullable:
            record[then.name] = None
        return
    if isinstance(then.held[0], str):
        record[then.name] = then.held[0] if not then.options else then.options[0]
        return
    low, high = then.held
    record[then.name] = low + mix(bits, 853 + len(then.name)) % (high - low + 1)


def _rules(entity: Entity, fields: Mapping[str, Schema]) -> list[Consequence]:
    found = []
    for line in read(_FILE)["follows"]:
        if not {entity.noun, entity.noun.split(" ")[-1]} & {*line["of"]}:
            continue
        name = next((name for name in fields if _plain(name) in line["when"]), "")
        if name:
            by = {
                value: tuple(then for word, held in told.items() for then in _thens(word, held, fields, name))
                for value, told in line["is"].items()
            }
            found.append(Consequence(name, by))
    return found


def _plain(name: str) -> str:
    return " ".join(singular(word) for word in split(name))


def _thens(word: str, held: Any, fields: Mapping[str, Schema], decides: str) -> list[Then]:
    """The fields of a word, as far as they can hold what follows."""
    found = []
    for name, schema in fields.items():
        words = _plain(name).split(" ")
        plain = " ".join(words)
        if name == decides or not (
            plain == word or plain.endswith(f" {word}") or word in words[:2] and len(word) > 2
        ):
            continue
        numeric, options = bool({"integer", "number"} & {*types(schema)}), schema.get("enum") or ()
        if held is not None and isinstance(held[0], str):
            fit = tuple(option for want in held for option in options if plainly(option or "") == want)
            if numeric or options and not fit:
                continue
            found.append(Then(name, held, fit))
        elif held is None or numeric:
            found.append(Then(name, held, (), "null" in types(schema) or schema.get("nullable", False)))
    return found


def _told(entity: Entity, fields: Mapping[str, Schema]) -> list[tuple[str, str, tuple[Json, ...], str]]:
    found = []
    for line in read(_FILE)["told"]:
        name = next((name for want in line["when"] for name in fields if _plain(name) == want), "")
        named = {field.pointer[1:] for field in entity.fields if field.refers} | {entity.label_pointer[1:]}
        for other in fields:
            if (
                name
                and not {name, other} & named
                and _plain(other) in line["then"]
                and "string" in types(fields[other])
            ):
                options = tuple(one for one in fields[other].get("enum", ()) if one is not None)
                found.append((name, other, options, line["scheme"]))
    return found


def _denied(fields: Mapping[str, Schema]) -> list[tuple[str, set[str]]]:
    table: Mapping[str, Sequence[str]] = read(_FILE)["denied"]
    return [
        (name, {*words})
        for name, schema in fields.items()
        if "boolean" in types(schema)
        for word, words in table.items()
        if word in split(name)
    ]


def _within(fields: Mapping[str, Schema]) -> list[tuple[str, str]]:
    """Numbers that are some of another: the copies that are there, of all copies."""
    found = []
    for name, schema in fields.items():
        words = [singular(word) for word in split(name)]
        rest = [word for word in words if word not in _FREE]
        if len(rest) == len(words) or not rest or "integer" not in types(schema):
            continue
        whole = next(
            (
                other
                for other in fields
                if other != name
                and [w for w in map(singular, split(other)) if w not in ("total", "count")] == rest
            ),
            "",
        )
        if whole:
            found.append((name, whole))
    return found
