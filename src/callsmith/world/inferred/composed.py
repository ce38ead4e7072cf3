"""What a look-up shows of other records is those records: the visits of a client's timeline, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.lives import phases, standing
from callsmith.records import Entity, Json, Schema, Tool
from callsmith.schema import settle, types, valid
from callsmith.world.agreement.counted import amount_field
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.inferred.answers import Cut, cut_of
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.ordered import in_order, ranks_of, usual
from callsmith.world.inferred.overall import over_all
from callsmith.world.stories.families import family_of
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Entry

_MARKS = frozenset("count number total num of so far all".split())
_PHASES: Mapping[str, tuple[str, ...]] = {
    "ahead": ("upcoming", "future", "planned", "scheduled", "pending"),
    "going": ("active", "open", "current", "ongoing", "running", "live"),
    "over": ("completed", "past", "finished", "done", "previous", "closed"),
}
_OPEN = frozenset("outstanding unpaid owed due balance open".split())
_REST, _TAKEN = frozenset("free left remaining available".split()), ("used", "taken", "booked", "sold")


class Shown(Struct, frozen=True):
    """A part of an answer that shows records of a kind."""

    name: str
    key: str
    many: bool
    cut: Callable[[Json], Json]


class Parts(Struct, frozen=True):
    """What an answer is made up of beside what is its own."""

    shown: tuple[Shown, ...] = ()
    plain: Mapping[str, Schema] = {}  # values of its own by their names
    needed: frozenset[str] = frozenset()
    named: str = ""  # the pointer of the argument that names what it is about


def linked_as_they_are(errand: Errand, value: Json) -> Json:
    """An answer in which each record that stands inside another is told as it is told itself."""
    population, tool = errand.world.population, errand.spec.tool
    if not unfamiliar(population.toolset, errand.spec.toolkit):
        return value
    places = population.fields.get(("linked", tool.name))
    if places is None:
        near = [
            kind.entity
            for kind in population.kinds.values()
            if kind.entity.toolkit == tool.toolkit and kind.entity.id_pointer and kind.shown
        ]
        places = population.fields["linked", tool.name] = _inside(settle(tool.returns), (), near, 0)
    for path, key, cut in places:
        value = _told_again(errand, value, path, key, cut)
    return value


def _inside(
    schema: Schema, path: tuple[str, ...], near: Sequence[Entity], depth: int
) -> list[tuple[tuple[str, ...], str, Cut]]:
    """Where records stand inside others: the steps to them, their kind, and how much of them is told."""
    found: list[tuple[tuple[str, ...], str, Cut]] = []
    for name, child in schema.get("properties", {}).items():
        inner, here = settle(child), (*path, name)
        if "array" in types(inner):
            inner, here = settle(inner.get("items", {})), (*here, "*")
        if not inner.get("properties") or depth > 3:
            continue
        key = _kind_of(name, inner, near) if depth and here[-1] != "*" else ""
        if key:
            found.append((here, key, cut_of(inner, False)))
        else:
            found += _inside(inner, here, near, depth + 1)
    if not path and "array" in types(schema):
        found += _inside(settle(schema.get("items", {})), ("*",), near, 1)
    return found


def _told_again(errand: Errand, value: Json, path: tuple[str, ...], key: str, cut: Cut) -> Json:
    if isinstance(value, list) and path[:1] == ("*",):
        return [_told_again(errand, one, path[1:], key, cut) for one in value]
    if path and isinstance(value, dict) and path[0] in value:
        return {**value, path[0]: _told_again(errand, value[path[0]], path[1:], key, cut)}
    if path or not isinstance(value, dict):
        return value
    pointer = errand.world.population.kinds[key].entity.id_pointer
    entries = errand.world.overlay.find(key, value.get(pointer[1:]))
    return {**value, **cut(entries[0].record)} if entries and cut is not None else value


def composed(errand: Errand, value: Json) -> Json:
    """The answer of a look-up with the records that lie in what it is about, as they are, and with what follows."""
    population, tool = errand.world.population, errand.spec.tool
    if not isinstance(value, dict) or tool.deed not in ("read", "compute"):
        return value
    if not unfamiliar(population.toolset, errand.spec.toolkit):
        return value
    known = population.fields.get(("composed", tool.name))
    if known is None:
        entities = {key: kind.entity for key, kind in population.kinds.items()}
        known = population.fields["composed", tool.name] = _parts(tool, entities, population.toolset.tools)
    subject = _subject(errand, known) if known.named else None
    return _made(errand, known, subject, value) if subject is not None else value


def _parts(tool: Tool, entities: Mapping[str, Entity], tools: Sequence[Tool]) -> Parts:
    """What a tool's answer shows of other records, where it is no record of its own that others show as well."""
    named = [one for one in tool.inputs if one.required and one.refers in entities]
    fields = settle(tool.returns).get("properties", {})
    if not named or not fields or any(place.many and place.pointer == "/*" for place in tool.yields[:1]):
        return Parts()
    about = named[-1].refers
    if tool.entity == about and not _told_apart(tool, fields, tools):
        return Parts()
    if (
        tool.entity
        and tool.entity != about
        and any(tool.entity == one.entity for one in tools if one is not tool)
    ):
        return Parts()
    near = [one for key, one in entities.items() if key.partition(".")[0] == tool.toolkit and one.id_pointer]
    shown, plain = [], {}
    for name, child in fields.items():
        schema = settle(child)
        many = "array" in types(schema)
        inner = settle(schema.get("items", {})) if many else schema
        found = _kind_of(name, inner, near)
        if found:
            shown.append(Shown(name, found, many, cut_of(inner, many)))
        elif not inner.get("properties") and not many:
            plain[name] = schema
    return Parts(tuple(shown), plain, frozenset(settle(tool.returns).get("required", ())), named[-1].pointer)


def _told_apart(tool: Tool, fields: Mapping[str, Schema], tools: Sequence[Tool]) -> bool:
    """Whether another tool shows the record itself, without some of what this one tells."""
    others = (one for one in tools if one.entity == tool.entity and one.deed == "read" and one is not tool)
    seen = [settle(one.returns).get("properties", {}) for one in others]
    return any({*fields} - {*one} for one in seen)


def _kind_of(name: str, schema: Schema, near: Sequence[Entity]) -> str:
    """The kind of record whose fields a part of an answer has, where it is called like it or has them all."""
    own = {*schema.get("properties", {})}
    words = [singular(word) for word in split(name)]
    for entity in near:
        fields = {*entity.schema.get("properties", {})}
        called = words[-1:] == [singular(split(entity.noun)[-1])]
        if entity.id_pointer[1:] in own and len(own) > 1 and (own <= fields if called else own == fields):
            return entity.key
    return ""


def _subject(errand: Errand, parts: Parts) -> tuple[str, Entry] | None:
    """What a look-up is about: the record that its argument names."""
    parameter = next((one for one, _ in errand.stated if one.pointer == parts.named), None)
    if parameter is None:
        return None
    if parameter.pointer == errand.spec.tool.id_field and errand.target is not None:
        return errand.spec.tool.entity, errand.target
    entry = errand.found.get(parameter.refers)
    return (parameter.refers, entry) if entry is not None else None


def _made(errand: Errand, parts: Parts, subject: tuple[str, Entry], value: dict[str, Any]) -> dict[str, Any]:
    key, entry = subject
    made, held = dict(value), {key: [entry]}
    for one in sorted(parts.shown, key=lambda each: each.many):
        rows = _lying_in(errand, one.key, held)
        if rows is None:
            continue
        held.setdefault(one.key, rows)
        records = _in_order(errand, one.key, rows)
        if one.many:
            made[one.name] = [one.cut(record) for record in records]
        elif records:
            made[one.name] = one.cut(records[0])
    _copied(parts, entry.record, made)
    _reckoned(errand, parts, {name: rows for name, rows in held.items() if name != key}, made)
    _left_over(parts, made)
    return {name: made[name] for name in (*value, *made) if name in made}


def _lying_in(errand: Errand, key: str, held: Mapping[str, Sequence[Entry]]) -> list[Entry] | None:
    """The records of a kind that belong to what is told already; None where nothing says which."""
    if key in held:
        return [*held[key]]
    entries = errand.world.overlay.entries(key)
    first, *_ = held
    for one, owners in held.items():
        own = {owner.uid for owner in owners}
        if any(one in entry.links for entry in entries):
            return [entry for entry in entries if entry.links.get(one) in own]
        above = {owner.links[key] for owner in owners if key in owner.links}
        if above and one == first:
            return [entry for entry in entries if entry.uid in above]
    return None


def _in_order(errand: Errand, key: str, rows: Sequence[Entry]) -> list[Mapping[str, Json]]:
    population = errand.world.population
    entity = population.kinds[key].entity
    leaf = {f"/{name}": settle(child) for name, child in entity.schema.get("properties", {}).items()}
    order = usual(entity, leaf, family_of(entity).name)
    return in_order([entry.record for entry in rows], order, ranks_of(leaf), population.clock)


def _copied(parts: Parts, record: Mapping[str, Json], made: dict[str, Any]) -> None:
    """What the record tells itself is told as it tells it."""
    for name, schema in parts.plain.items():
        if name == "id" or name not in record:
            continue
        if record[name] is not None and valid(schema, record[name]):
            made[name] = record[name]
        elif record[name] is None and "null" in types(schema):
            made[name] = None
        elif name not in parts.needed:
            made.pop(name, None)


def _reckoned(
    errand: Errand, parts: Parts, held: Mapping[str, Sequence[Entry]], made: dict[str, Any]
) -> None:
    """How many of the records there are, in all or in a state, and what they come to."""
    for name, schema in parts.plain.items():
        if not {"integer", "number"} & {*types(schema)}:
            continue
        words = [singular(word) for word in split(name)]
        for key, rows in held.items():
            entity = errand.world.population.kinds[key].entity
            records = [entry.record for entry in rows]
            told = _many(words, entity, records) if "integer" in types(schema) else None
            told = _sum(words, entity, records) if told is None else told
            if told is not None:
                made[name] = told
                break
        else:
            if name in made and held and name not in parts.needed and {*words} & {*_MARKS, *_OPEN, "amount"}:
                del made[name]  # a sum of nothing that is told


def _many(words: Sequence[str], entity: Entity, records: Sequence[Mapping[str, Json]]) -> int | None:
    noun = {singular(word) for word in split(entity.noun)}
    said = {*words} - _MARKS - noun
    if not {*words} & noun and not {*words} & _MARKS or len(said) > 2:
        return None
    if not said:
        return len(records) if noun & {*words} else None
    status = standing(entity.schema.get("properties", {}))
    options = (
        [one for one in settle(entity.schema["properties"][status]).get("enum", ()) if one] if status else []
    )
    states = {one for one in options if {singular(word) for word in split(str(one))} == said}
    if not states:
        states = {
            one
            for one, phase in zip(options, phases(options), strict=True)
            if said <= {*_PHASES.get(phase, ())}
        }
    return sum(record.get(status) in states for record in records) if states else None


def _sum(words: Sequence[str], entity: Entity, records: Sequence[Mapping[str, Json]]) -> Json:
    """What a sum named so comes to: of a field, or of the amounts of records of the kind that it is named after."""
    if not records:
        return 0 if {*words} & {"total", "outstanding"} else None
    told = over_all({*words}, records, len(records), 0)
    if told is not None:
        return told
    amount, fields = amount_field(entity), entity.schema.get("properties", {})
    owed = {*words} & _OPEN
    balance = next((name for name in fields if owed and {*split(name)} & _OPEN), "")
    named = any(word[:5] == split(entity.noun)[-1][:5] for word in words)
    if not amount or not (named or balance) or not owed and "total" not in words:
        return None
    status = standing(fields)
    options = [one for one in settle(fields[status]).get("enum", ()) if one] if status else []
    told_off = dict(zip(options, phases(options), strict=True))
    rows = [one for one in records if told_off.get(str(one.get(status))) != "dropped"]
    if owed and not balance:
        rows = [one for one in rows if told_off.get(str(one.get(status))) in ("ahead", "going")]
    values = [one.get(balance or amount) for one in rows]
    whole = sum(float(str(one)) for one in values if isinstance(one, (int, float)))
    return round(whole) if whole == round(whole) else round(whole, 2)


def _left_over(parts: Parts, made: dict[str, Any]) -> None:
    """What is left of a number of which the answer tells how many are taken."""
    for name in parts.plain:
        words = split(name)
        stem = [word for word in words if word not in _REST]
        if len(stem) == len(words) or not isinstance(made.get(name), int):
            continue
        whole = next((made[one] for one in made if [*split(one)] in (stem, ["capacity"])), None)
        taken = next((made[one] for one in made if {*split(one)} & {*_TAKEN}), None)
        if isinstance(whole, int) and isinstance(taken, int) and whole >= taken:
            made[name] = whole - taken
