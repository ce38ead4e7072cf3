"""Fields that follow from another of the same record: the beds of a double room, the fuel of an electric car."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.belonging import plainly, told_by_name, told_in
from callsmith.catalog.data import read
from callsmith.catalog.lives import phases, standing, words_of
from callsmith.catalog.sellers import SPENDINGS, costing, sold_by
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.world.agreement.accounted import accounted
from callsmith.world.agreement.granted import granted
from callsmith.world.agreement.measured import MEASURED
from callsmith.world.agreement.worth import WORTH, figure, plain_name
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
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
    steps = [step for rule in _RULES if (step := rule(entity, fields)) is not None]
    if not steps:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict):
            return record
        record = dict(record)
        for step in steps:
            step(record, story)
        return record

    return run


_FLOOR = re.compile(r"\b([1-9])[0-9][0-9]$")


def _by_title(entity: Entity, fields: Fields) -> Step | None:
    told = _told(entity, fields)

    def run(record: dict[str, Any], story: Story) -> None:
        for name, other, options, scheme in told:
            title = str(record.get(name) or "")
            found = told_by_name(title, options) if options else told_in(scheme, title)
            if found and record.get(other) is not None:
                record[other] = found

    return run if told else None


_SPENT_ON = ("description", "purpose", "item", "title")


def _seller(entity: Entity, fields: Fields) -> Step | None:
    """Money is spent where such things are to be had, and about as much as they cost."""
    by = {plain_name(name): name for name in fields}
    what = next((by[name] for name in _SPENT_ON if name in by), "")
    sort = next((by[name] for name in ("category", "expense type", "type", "kind") if name in by), "")
    who = next((by[name] for name in ("merchant", "vendor", "payee", "supplier", "shop") if name in by), "")
    if entity.noun.split(" ")[-1] not in (*SPENDINGS, "item") or not who and not sort:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        told = sold_by(_words(record.get(what))) or sold_by(words_of(str(record.get(sort) or "")))
        if told and who and isinstance(record.get(who), str) and not fields[who].get("enum"):
            record[who] = told[mix(story.bits, 883) % len(told)]
        low, high = costing(str(record.get(sort) or "")) if not what else (0, 0)
        if high and figure(record, "amount"):
            record["amount"] = (low + mix(story.bits, 887) % (high - low)) * story.population.scale

    return run


def _by_value(entity: Entity, fields: Fields) -> Step | None:
    rules = _rules(entity, fields)

    def run(record: dict[str, Any], story: Story) -> None:
        for rule in rules:
            for then in rule.by.get(plainly(record.get(rule.name) or ""), ()):
                _hold(record, then, story.bits)

    return run if rules else None


def _by_name(entity: Entity, fields: Fields) -> Step | None:
    """No switch says what the name denies, and nobody bears their own name as a title."""
    denied, label = _denied(fields), entity.label_pointer[1:]
    title = "title" if "title" in fields and label not in ("", "title") else ""

    def run(record: dict[str, Any], story: Story) -> None:
        for name, words in denied:
            if record.get(name) is True and words & {singular(word) for word in _words(record.get(label))}:
                record[name] = False
        if title and record.get(title) and record[title] == record.get(label):
            record[title] = None if "null" in types(fields[title]) or fields[title].get("nullable") else ""

    return run if denied or title else None


def _some_of(entity: Entity, fields: Fields) -> Step | None:
    within, status = _within(fields), standing(fields)

    def run(record: dict[str, Any], story: Story) -> None:
        stands = plainly(record.get(status) or "")
        for part, whole in within:
            if not figure(record, whole) or record.get(part) is None:
                continue
            if stands == "full" or stands == "empty":
                record[part] = record[whole] if stands == "full" else 0
            elif figure(record, part) > figure(record, whole):
                record[part] = mix(story.bits, 877) % (int(record[whole]) + 1)

    return run if within else None


def _aged(entity: Entity, fields: Fields) -> Step | None:
    born = _born(fields)
    if born is None:
        return None
    year, age = born

    def run(record: dict[str, Any], story: Story) -> None:
        clock = story.population.clock
        if figure(record, year) and record.get(age) is not None:
            record[age] = clock.local(clock.now).year - int(record[year])

    return run


def _undecided(entity: Entity, fields: Fields) -> Step | None:
    """What has not taken place came to nothing yet: no result of an examination that was called off."""
    status = standing(fields)
    options = [one for one in fields[status].get("enum", ()) if one is not None] if status else []
    far = dict(zip(map(str, options), phases(options), strict=True))
    if "over" not in far.values() or len({*far.values()}) < 2:
        return None
    held = {}
    for name in fields:
        listed = [one for one in fields[name].get("enum", ()) if one is not None]
        if {*split(name)} & {"result", "outcome", "verdict"} and name != status and listed:
            waits = next((one for one in listed if plainly(one) in _WAITING), None)
            if waits is not None or "null" in types(fields[name]):
                held[name] = waits

    def run(record: dict[str, Any], story: Story) -> None:
        if far.get(str(record.get(status)), "over") != "over":
            record.update({name: waits for name, waits in held.items() if name in record})

    return run if held else None


_WAITING = ("pending", "none", "not set", "unknown", "open", "undecided")


def _storey(entity: Entity, fields: Fields) -> Step | None:
    named = _floors(fields)
    if named is None:
        return None
    number_of, floor = named

    def run(record: dict[str, Any], story: Story) -> None:
        found = _FLOOR.search(str(record.get(number_of) or ""))
        if found and record.get(floor) is not None:
            record[floor] = int(found[1])

    return run


_RULES: tuple[Callable[[Entity, Fields], Step | None], ...] = (
    _seller,
    _by_title,
    _by_value,
    _by_name,
    _some_of,
    _aged,
    _undecided,
    _storey,
    *WORTH,
    granted,
    *MEASURED,
    accounted,
)


def _born(fields: Mapping[str, Schema]) -> tuple[str, str] | None:
    by = {plain_name(name): name for name in fields}
    year, age = by.get("birth year", by.get("year of birth", "")), by.get("age", "")
    return (year, age) if year and age else None


def _floors(fields: Mapping[str, Schema]) -> tuple[str, str] | None:
    by = {plain_name(name): name for name in fields}
    number_of, floor = by.get("number", by.get("room number", "")), by.get("floor", "")
    return (number_of, floor) if number_of and floor and "integer" in types(fields[floor]) else None


def _words(title: Json) -> list[str]:
    return str(title or "").lower().replace(",", " ").split()


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
    drawn = mix(bits, 853 + len(then.name))
    tenths = isinstance(low, float)
    record[then.name] = (
        round(low + drawn % (int((high - low) * 10) + 1) / 10, 1)
        if tenths
        else low + drawn % (high - low + 1)
    )


def _rules(entity: Entity, fields: Mapping[str, Schema]) -> list[Consequence]:
    found = []
    for line in read(_FILE)["follows"]:
        if not {entity.noun, entity.noun.split(" ")[-1]} & {*line["of"]}:
            continue
        name = next((name for name in fields if plain_name(name) in line["when"]), "")
        if name:
            by = {
                value: tuple(then for word, held in told.items() for then in _thens(word, held, fields, name))
                for value, told in line["is"].items()
            }
            found.append(Consequence(name, by))
    return found


def _thens(word: str, held: Any, fields: Mapping[str, Schema], decides: str) -> list[Then]:
    """The fields of a word, as far as they can hold what follows."""
    found = []
    for name, schema in fields.items():
        words = plain_name(name).split(" ")
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
    spent_on = entity.noun.split(" ")[-1] in SPENDINGS or any(
        plain_name(name) in _SPENT_ON for name in fields
    )
    for line in read(_FILE)["told"]:
        if spent_on and line["scheme"] == "merchants":
            continue
        name = next((name for want in line["when"] for name in fields if plain_name(name) == want), "")
        named = {field.pointer[1:] for field in entity.fields if field.refers} | {entity.label_pointer[1:]}
        for other in fields:
            if (
                name
                and not {name, other} & named
                and plain_name(other) in line["then"]
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


_WHOLE = ("total", "count", "volume", "capacity", "size", "initial", "original", "full")


def _within(fields: Mapping[str, Schema]) -> list[tuple[str, str]]:
    """Numbers that are some of another: the copies that are there, of all copies."""
    found = []
    for name, schema in fields.items():
        words = [singular(word) for word in split(name)]
        rest = [word for word in words if word not in _FREE]
        if len(rest) == len(words) or not rest or not {"integer", "number"} & {*types(schema)}:
            continue
        whole = next(
            (
                other
                for other in fields
                if other != name
                and {"integer", "number"} & {*types(fields[other])}
                and [w for w in map(singular, split(other)) if w not in _WHOLE] == rest
            ),
            "",
        )
        if whole:
            found.append((name, whole))
    return found
