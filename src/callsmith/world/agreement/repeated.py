"""Fields that repeat what another record says: beside a unit's id its number, in a line the price of its product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.sums import PERIODS
from callsmith.records import Entity, Field, Json, Schema, Toolset
from callsmith.schema import settle, steps, types
from callsmith.world.stories.naming import singular, split

Words = tuple[str, ...]
Find = Callable[[str, Json], Mapping[str, Json] | None]
"""The record of an entity that a value names; None where there is none."""

_IDS = {
    "id",
    "ids",
    "gid",
    "uid",
    "uuid",
    "guid",
    "sid",
    "key",
    "ref",
    "number",
    "no",
    "nr",
    "code",
    "sku",
    "uri",
}
_NAMED = ("name", "title", "label")
_PRICE = {"price", "rate", "fee", "premium", "rent", "cost", "deposit", "fare", "tariff", "wage"}
_UNITS = {"kg", "gram", "cm", "mm", "km", "sqm", "ml", "litre", "liter", "year", "hp", "kw", "kwh", "cc"}
_SOLE = {"city", "country", "breed", "species", "make", "model", "brand", "manufacturer", "colour", "color", "plate",
         "registration", "region", "postcode", "zip", "sku", "isbn", "vin", "department", "building", "district",
         "venue", "currency", "material", "author", "artist", "crop", "genre", "variety"}  # fmt: skip
_TAILS = {"name", "number", "code", "title", "model", "brand", "plate", "address", "city", "make", "sku", "label",
          "registration", "type", "category", "email", "phone", "colour", "color", "size", "breed"}  # fmt: skip
_UNLIKE = {"status", "state", "created", "updated", "start", "end", "due", "delivery", "pickup", "billing", "shipping",
           "home", "reference", "reason", "payment", "contact", "invoice", "order"}  # fmt: skip
_UNIT_PRICE = (("unit", "price"), ("price",), ("unit", "cost"), ("price", "each"), ("rate",), ("unit", "amount"),
               ("item", "price"))  # fmt: skip


class Copy(Struct, frozen=True):
    """Where records show another: the object, the field that names the other, and what they repeat of it."""

    head: tuple[str, ...]
    key: str
    by: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]  # own field, the field or the parts of a name it repeats
    via: tuple[str, str] = (
        "",
        "",
    )  # what the named record names in turn, and by which field, where that is repeated


_known: dict[tuple[str, str], tuple[Copy, ...]] = {}


def copies_of(toolset: Toolset, entity: Entity) -> tuple[Copy, ...]:
    """What records of an entity repeat of others, read off the names of their fields."""
    known = _known.get((toolset.hash, entity.key))
    if known is None:
        if len(_known) > 2000:
            _known.clear()
        known = _known[(toolset.hash, entity.key)] = tuple(_found(toolset, entity))
    return known


def repeating(record: dict[str, Json], copies: Sequence[Copy], find: Find, keep: set[str]) -> dict[str, Json]:
    """The record with what it repeats as the named records say it; fields in ``keep`` stay as they are."""
    for copy in copies:
        record = _written(record, copy.head, copy, find, keep, "")
    return record


def _written(value: Any, head: tuple[str, ...], copy: Copy, find: Find, keep: set[str], at: str) -> Any:
    if head:
        step, rest = head[0], head[1:]
        if step == "*" and isinstance(value, list):
            return [_written(item, rest, copy, find, keep, f"{at}/*") for item in value]
        if not isinstance(value, dict) or value.get(step) is None:
            return value
        return {**value, step: _written(value[step], rest, copy, find, keep, f"{at}/{step}")}
    if not isinstance(value, dict) or value.get(copy.by) is None:
        return value
    other = find(copy.key, value[copy.by])
    if other is not None and copy.via[0]:
        other = find(copy.via[0], other.get(copy.via[1]))
    if other is None:
        return value
    made = dict(value)
    for name, parts in copy.fields:
        told = [other.get(part) for part in parts]
        if f"{at}/{name}" in keep or any(item is None for item in told):
            continue
        made[name] = told[0] if len(told) == 1 else " ".join(str(item) for item in told)
    return made


def _found(toolset: Toolset, entity: Entity) -> Iterator[Copy]:
    by_key = {other.key: other for other in toolset.entities}
    groups: dict[str, list[Field]] = {}
    for field in entity.fields:
        if field.refers in by_key and field.refers != entity.key:
            groups.setdefault(field.pointer.rpartition("/")[0], []).append(field)
    for head, fields in groups.items():
        properties = object_at(entity.schema, head)
        references = _references(fields, by_key)
        made: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name, schema in properties.items():
            if any(name == steps(field.pointer)[-1] for field, _ in references):
                continue
            found = _source(name, settle(schema), references, "*" in head) or _regular(
                name, entity, references
            )
            if found is not None:
                made.setdefault(found[0], []).append((name, found[1]))
        for field, other in references:
            by = steps(field.pointer)[-1]
            if by in made:
                yield Copy(steps(head), other.key, by, tuple(made[by]))
        told = {name for fields_of in made.values() for name, _ in fields_of}
        yield from _farther(
            steps(head), {n: s for n, s in properties.items() if n not in told}, references, by_key
        )


def _farther(
    head: tuple[str, ...],
    properties: Mapping[str, Schema],
    references: Sequence[tuple[Field, Entity]],
    by_key: Mapping[str, Entity],
) -> Iterator[Copy]:
    """Prices that are those of what the named record names in turn: on a receipt that of the tariff of its session."""
    for name, schema in properties.items():
        if (
            not _PRICE & {*_words(name)}
            or len(_words(name)) < 2
            or not {"integer", "number"} & {*types(settle(schema))}
        ):
            continue
        for field, other in references:
            ways = [
                way
                for way in other.fields
                if way.refers in by_key and way.refers != other.key and way.pointer.count("/") == 1
            ]
            found = [(way, said) for way, last in _references(ways, by_key)
                     if (said := _source(name, settle(schema), [(way, last)], False)) is not None]  # fmt: skip
            if len(found) == 1:
                way, said = found[0]
                yield Copy(
                    head, other.key, steps(field.pointer)[-1], ((name, said[1]),), (way.refers, said[0])
                )
                break


def _references(fields: Sequence[Field], by_key: Mapping[str, Entity]) -> list[tuple[Field, Entity]]:
    """The fields that name records by their keys: of several of one kind, the one called like an id."""
    found: dict[tuple[str, Words], tuple[Field, Entity]] = {}
    for field in fields:
        words = _words(steps(field.pointer)[-1])
        if not words or words[-1] not in _IDS and field.facet not in ("id", "key", "number_key"):
            continue
        stem = _stem(words)
        known = found.get((field.refers, stem))
        if known is None or words[-1] == "id":
            found[(field.refers, stem)] = (field, by_key[field.refers])
    return list(found.values())


def _source(
    name: str, schema: Schema, references: Sequence[tuple[Field, Entity]], inside: bool
) -> tuple[str, tuple[str, ...]] | None:
    """The reference whose record a field repeats, and the fields there."""
    if not {"string", "number", "integer"} & set(types(schema)):
        return None
    words = _words(name)
    plain: list[tuple[str, tuple[str, ...]]] = []
    for field, other in references:
        by = steps(field.pointer)[-1]
        nouns = {_stem(_words(by)), tuple(other.noun.split(" ")), tuple(other.noun.split(" ")[-1:])} - {()}
        rest = next((words[len(noun) :] for noun in nouns if words[: len(noun)] == noun), ())
        if rest and (parts := _fields(other, rest, schema, words)):
            return by, parts
        same = _fields(other, words, schema, words)
        if same and _shared(words, schema, other, same[0]):
            plain.append((by, same))
        elif (
            (inside or words[0] in ("unit", "item") and len(words) > 1)
            and words in _UNIT_PRICE
            and (price := price_of(other))
        ):
            plain.append((by, (price,)))
    return plain[0] if len(plain) == 1 else None


def _regular(
    name: str, entity: Entity, references: Sequence[tuple[Field, Entity]]
) -> tuple[str, tuple[str, ...]] | None:
    """The one sum that falls due again and again of which a payment is: the amount of a rent payment is the rent."""
    if _words(name) != ("amount",):
        return None
    noun = {*entity.noun.split(" "), *split(entity.key.rpartition(".")[2])}
    found = [
        (steps(field.pointer)[-1], (other_name,))
        for field, other in references
        for other_name, schema in other.schema.get("properties", {}).items()
        if {"integer", "number"} & set(types(settle(schema)))
        and (words := {*_words(other_name)}) & PERIODS
        and words & noun
    ]
    return found[0] if len(found) == 1 else None


def _fields(other: Entity, rest: Words, schema: Schema, whole: Words) -> tuple[str, ...]:
    """The fields of the other record that such a field repeats: of that name, or what the record is called."""
    names = {_words(name): name for name in other.schema.get("properties", {})}
    own = names.get(rest) or names.get(whole)
    if own is not None and _alike(schema, settle(other.schema["properties"][own])):
        return (own,)
    if rest in [(word,) for word in _NAMED]:
        parts = [names[part] for part in (("first", "name"), ("last", "name")) if part in names]
        label = steps(other.label_pointer)
        return tuple(parts) if len(parts) == 2 else label if len(label) == 1 else ()
    return ()


def _alike(schema: Schema, other: Schema) -> bool:
    texts = ["string" in types(one) for one in (schema, other)]
    numbers = [bool({"integer", "number"} & set(types(one))) for one in (schema, other)]
    if schema.get("enum") or other.get("enum"):
        return set(map(str, other.get("enum", ()))) <= set(
            map(str, schema.get("enum", other.get("enum", ())))
        )
    moments = ("date", "date-time", "time")
    if (schema.get("format") in moments) != (other.get("format") in moments):
        return False
    return all(texts) or all(numbers)


def _shared(words: Words, schema: Schema, other: Entity, name: str) -> bool:
    """Whether a field of the same name in both is the same thing said twice, not each one's own."""
    if schema.get("format") in ("date", "date-time") or "/" + name == other.id_pointer:
        return False
    if {"integer", "number"} & set(types(schema)):
        return bool(_PRICE & {*words}) and "total" not in words or words[-1] in _UNITS and len(words) > 1
    if _UNLIKE & {*words}:
        return False
    return words[-1] in _SOLE or len(words) > 1 and words[-1] in _TAILS


def price_of(entity: Entity) -> str:
    """The field that says what one of a kind costs; "" where none does, or several."""
    found = [
        name
        for name, schema in entity.schema.get("properties", {}).items()
        if {"integer", "number"} & set(types(settle(schema))) and "price" in _words(name)
    ]
    chosen = [name for name in found if _words(name) in _UNIT_PRICE] or found
    return chosen[0] if len(chosen) == 1 else ""


def object_at(schema: Schema, head: str) -> Mapping[str, Schema]:
    """The fields of the object at a pointer of a schema."""
    made = settle(schema)
    for step in steps(head):
        made = settle(made.get("items", {}) if step == "*" else made.get("properties", {}).get(step, {}))
    found: Mapping[str, Schema] = made.get("properties", {})
    return found


def _words(name: str) -> Words:
    return tuple(singular(word) for word in split(name))


def _stem(words: Words) -> Words:
    return words[:-1] if words and words[-1] in _IDS else words
