"""Laying what a call says over a record: plain fields, lists, people and labels as the product shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from callsmith.records import Json, Parameter
from callsmith.schema import settle, steps, types
from callsmith.world.inferred.errand import Errand
from callsmith.world.inferred.pointing import first, put
from callsmith.world.inferred.specs import settled_leaf
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.persons_known import person_named
from callsmith.world.stories.story import Entry, Story

_HANDLES = {"login", "username", "name"}  # what people and labels are named by in lists of them
ADD, REMOVE = {"add", "added", "append"}, {"remove", "removed", "delete"}


def laid(errand: Errand, record: dict[str, Json], story: Story | None) -> dict[str, Json]:
    """Lays the call's values over a record."""
    verb = errand.spec.tool.verb
    for parameter, value in errand.stated:
        words = split(parameter.name)
        if (
            errand.spec.tool.deed == "act"
            and verb in ADD | REMOVE
            and isinstance(value, list)
            and not parameter.sets
        ):
            words = (verb, *words)
        if words and words[0] in ADD | REMOVE and len(words) > 1:
            record = _relabelled(errand, record, words, value)
            continue
        if not parameter.sets:
            continue
        target = _person_at(errand, parameter, value)
        if target is not None:
            record = put(record, target[0], target[1])
            continue
        record = _written(errand, record, parameter, value)
    return _linked_names(errand, record)


def _written(errand: Errand, record: dict[str, Json], parameter: Parameter, value: Json) -> dict[str, Json]:
    path = steps(parameter.sets)
    entry = errand.by.get(parameter.pointer)
    if entry is not None and "*" in path and len(path) > path.index("*") + 2:
        return placed(errand, record, parameter.sets, entry)
    if "*" in path:
        value = value if isinstance(value, list) else [value]
        star = path.index("*")
        if star == len(path) - 1:
            head = "/" + "/".join(path[:-1])
            schema = settled_leaf(
                errand.world.population.kinds[errand.spec.tool.entity].entity.schema, parameter.sets
            )
            rows = (
                [element(errand, parameter.sets, item) for item in value]
                if schema.get("properties")
                else list(value)
            )
            if errand.spec.tool.deed == "act" and errand.spec.tool.verb in ADD:
                old = list(first(record, head) or [])
                rows = old + [row for row in rows if row not in old]
            return put(record, head, rows)
        head = "/" + "/".join(path[:star])
        if errand.spec.tool.deed == "act" and errand.spec.tool.verb in ADD:
            rows = [element(errand, f"{head}/*", item) for item in value]
            old = list(first(record, head) or [])
            return put(record, head, old + [row for row in rows if row not in old])
        if f"{head}\n" not in errand.cleared:
            errand.cleared.add(f"{head}\n")
            record = put(record, head, [{} for _ in value])
        old = list(first(record, head, []))
        inner = "/" + "/".join(path[star + 1 :])
        rows = [put(old[place] if place < len(old) else {}, inner, item) for place, item in enumerate(value)]
        if (
            errand.spec.referring.get(parameter.sets)
            or set(split(parameter.sets.rsplit("/", 1)[-1])) & _HANDLES
        ):
            rows = [
                {**row, **element(errand, f"{head}/*", item)} for row, item in zip(rows, value, strict=True)
            ]
        return put(record, head, _completed(errand, head, rows))
    name = parameter.refers
    if name and isinstance(value, str):
        entry = errand.by.get(parameter.pointer)
        projected = errand.spec.projects.get(parameter.sets, "")
        if entry is not None and projected:
            value = first(entry.record, projected, value)
    return put(record, parameter.sets, value)


def _completed(errand: Errand, head: str, rows: list[Any]) -> list[Any]:
    """Elements a call gave in part, such as guests by their address, with what the product adds."""
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head + "/*")
    made = []
    for row in rows:
        email = next((value for name, value in row.items() if "email" in split(name)), None)
        person = person_named(errand.world.population, email)
        row = dict(row)
        for name, child in schema.get("properties", {}).items():
            words = set(split(name))
            if name in row or child.get("enum") is None and person is None:
                continue
            if child.get("enum") and name in schema.get("required", ()):
                waiting = [
                    option for option in child["enum"] if stem(str(option)) in ("needs_action", "pending")
                ]
                row[name] = (waiting or child["enum"])[0]
            elif person is not None and "name" in words and "string" in types(settle(child)):
                row[name] = person.name
        made.append(row)
    return made


def _person_at(errand: Errand, parameter: Parameter, value: Json) -> tuple[str, Json] | None:
    """A person set by id or handle stands in the record with name and address, as the product shows people."""
    path = steps(parameter.sets)
    if len(path) < 2 or "*" in path or not isinstance(value, str):
        return None
    entry = errand.by.get(parameter.pointer)
    found = entry.record if entry is not None else {}
    if entry is None and parameter.facet in ("username", "email") and path[-1] in (*_HANDLES, "email"):
        found = _kept_person(errand, value) or _known_person(errand, value)
    if not found:
        return None
    head = "/" + "/".join(path[:-1])
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head)
    if len(schema.get("properties", {})) < 2:
        return None
    row = {name: found[name] for name in schema["properties"] if name in found}
    return (head, row) if set(schema.get("required", ())) <= set(row) else None


def _relabelled(
    errand: Errand, record: dict[str, Json], words: Sequence[str], value: Json
) -> dict[str, Json]:
    noun = stem("_".join(words[1:]))
    schema = errand.world.population.kinds[errand.spec.tool.entity].entity.schema
    lists = dict.fromkeys(
        pointer[: pointer.index("/*") + 2] for pointer in errand.spec.fields if "/*" in pointer
    )
    for pointer in lists:
        path = steps(pointer)
        if path[-1:] == ("*",) and noun in (stem(path[-2]), stem(path[-2]) + "_id"):
            old = list(first(record, "/" + "/".join(path[:-1]), []))
            news = value if isinstance(value, list) else str(value).split(",")
            if (
                old
                and isinstance(old[0], Mapping)
                or len(path) > 1
                and settled_leaf(schema, pointer).get("properties")
            ):
                news = [element(errand, pointer, item) for item in news]
            only = settled_leaf(schema, "/" + "/".join(path[:-1])).get("maxItems") == 1
            if words[0] in ADD:
                old = [] if only else old
                old += [item for item in news if item not in old]
            else:
                old = [item for item in old if item not in news]
            return put(record, "/" + "/".join(path[:-1]), old)
    return record


def element(errand: Errand, pointer: str, value: Json) -> Json:
    """An element of a list of records, found by the id or address a call gives."""
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, pointer)
    names = schema.get("properties", {})
    for inner, key in errand.spec.referring.items():
        if inner.startswith(pointer + "/"):
            named = errand.world.named(key, value)
            if named:
                return {name: named[0].record[name] for name in names if name in named[0].record}
    whole = _as_shown(errand, pointer, value)
    if whole is not None:
        return whole
    person = person_named(errand.world.population, value)
    kept = _kept_person(errand, value) if person is not None else {}
    if kept:
        return {name: kept[name] for name in names if name in kept}
    if person is not None and "@" not in str(value):  # by their handle: each field says what it holds
        known = _known_person(errand, value)
        return {name: known[name] for name in names if name in known}
    row = {name: value for name in names if "email" in split(name) or name in ("id", "gid")}
    return {**row, **({"name": person.name} if person and "name" in names else {})}


def _known_person(errand: Errand, value: Json) -> Mapping[str, Json]:
    """What is known of the person of that handle or address; empty where there is none."""
    person = person_named(errand.world.population, value)
    if person is None:
        return {}
    return {"name": person.name, "email": person.email, "login": person.username, "username": person.username}


def _kept_person(errand: Errand, value: Json) -> Mapping[str, Json]:
    """The toolkit's own record of the person of that handle or address; empty where it keeps none."""
    world = errand.world
    key = world.population.people.get(errand.spec.toolkit, "")
    for entry in world.overlay.entries(key) if key in world.population.kinds else ():
        if value in (entry.record.get("login"), entry.record.get("username"), entry.record.get("email")):
            return entry.record
    return {}


def _as_shown(errand: Errand, pointer: str, value: Json) -> Json:
    """A person or label in a list as the product would show it there, taken from how it shows such a list at all."""
    world, key = errand.world, errand.spec.tool.entity
    head = pointer[: pointer.index("/*")]
    person = person_named(world.population, value)
    model = errand.targets[0].story if errand.targets and errand.targets[0].story else None
    if model is None:
        model = next((story for story in world.population.stories(key)), None)
    if model is None or not isinstance(value, str):
        return None
    for turn in range(6):
        if person is not None:
            like = structs.replace(
                model, bits=model.bits + turn, owner=person, author=person, others=(person,), fresh=False
            )
        else:
            like = structs.replace(model, traits={**model.traits, "tags": [value]}, fresh=False)
        for row in first(world.population.shape(key).full(like), head) or []:
            if isinstance(row, Mapping) and any(value == inner for inner in row.values()):
                return row
    return None


def _linked_names(errand: Errand, record: dict[str, Json]) -> dict[str, Json]:
    """Fields that copy a linked record follow when the link was set."""
    for pointer, key in errand.spec.referring.items():
        entry = errand.found.get(key)
        projected = errand.spec.projects.get(pointer, "")
        head = pointer.rpartition("/")[0]
        if entry is None or "*" in pointer or key == errand.spec.tool.entity or not projected:
            continue
        if head and not isinstance(first(record, head), Mapping):
            continue
        if any(p.refers == key and p.sets.rpartition("/")[0] == head for p, _ in errand.stated if p.sets):
            value = first(entry.record, projected)
            if pointer.rsplit("/", 1)[-1] == "id" and "id" in entry.record:
                value = entry.record["id"]
            if value is not None and head:
                record = put(record, pointer, value)
    return record


def placed(errand: Errand, record: dict[str, Json], pointer: str, entry: Entry) -> dict[str, Json]:
    """A place in a list of places: the row of the same project gives way to the new one."""
    head = pointer[: pointer.index("/*")]
    schema = settled_leaf(errand.world.population.kinds[errand.spec.tool.entity].entity.schema, head + "/*")
    row: dict[str, Json] = {}
    for name, child in schema.get("properties", {}).items():
        names = settle(child).get("properties", {})
        source = entry.record if f"/{name}/" in pointer else entry.record.get(name)
        if names and isinstance(source, Mapping):
            row[name] = {inner: source[inner] for inner in names if inner in source}
    kept = [old for old in first(record, head) or [] if all(old.get(name) != row[name] for name in row)]
    whole = errand.world.population.kinds[errand.spec.tool.entity].entity.schema
    record = put(record, head, [row] if settled_leaf(whole, head).get("maxItems") == 1 else [*kept, row])
    for name, value in row.items():
        # What the place lies in is listed too: a task moved to a section is in that section's project.
        beside = settled_leaf(whole, f"/{name}s")
        if f"/{name}/" not in pointer and beside.get("items"):
            old = (
                []
                if beside.get("maxItems") == 1
                else [item for item in first(record, f"/{name}s") or [] if item != value]
            )
            record = put(record, f"/{name}s", [*old, value])
    return record
