"""A user's own records as the population of a toolset's entities: fields filled, references followed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct, structs

from callsmith import seeds
from callsmith.errors import SourceError
from callsmith.records import Entity, Fixture, Json, Table, Toolset
from callsmith.schema import valid
from callsmith.text import short
from callsmith.understand.columns import Target, Unmatched, converted, matched, targets_of
from callsmith.understand.words import singular, tokens

REF = "ref"  # a column whose values name the rows for other files, and nothing else
SPOKEN = 200  # characters of what a record is called by
_CALLED = ("email", "key", "login", "username", "name", "slug")


class Row(Struct):
    """A record while it is being read: what it says, and what it names in other files."""

    where: str
    values: dict[str, Json]
    named: dict[str, str] = {}  # pointer -> the name of another record
    ref: str = ""
    links: dict[str, int] = {}


Population = dict[str, list[Row]]


def populated(toolset: Toolset, tables: Sequence[tuple[str, Table]]) -> Toolset:
    """The toolset with the records of ``tables`` as the whole population of the entities they are said to be.

    A field that names a record of another file is a reference to it. A record that is named, and whose kind no
    file holds, is made with that id or that name.

    Raises:
        SourceError: a noun is no entity, a column no field, a cell no value of its field, or a reference names
            nothing; with file, row, column and what would fit.
    """
    entities = {entity.key: entity for entity in toolset.entities}
    rows: Population = {}
    for noun, table in tables:
        entity = _entity(toolset, noun, table.path)
        if entity.key in rows:
            raise SourceError(f"{entity.key} has a file already", where=table.path)
        rows[entity.key] = list(_rows(entity, table))
    files = frozenset(rows)
    for key in list(rows):
        _follow(key, rows, files, entities)
        _labelled(entities[key], rows, files, entities)
    for key in files:
        _distinct(entities[key], rows[key])
    fixtures = {key: [Fixture(row.values, row.links) for row in held] for key, held in sorted(rows.items())}
    encoded = msgspec.json.encode(fixtures, order="sorted")
    return structs.replace(
        toolset, fixtures=fixtures, hash=seeds.identity("populated", toolset.hash, encoded)
    )


def _entity(toolset: Toolset, noun: str, path: str) -> Entity:
    wanted = _one(noun)
    found = [entity for entity in toolset.entities if entity.key == noun] or [
        entity
        for entity in toolset.entities
        if wanted in (_one(entity.noun), _one(entity.key.rsplit(".", 1)[-1]))
    ]
    if len(found) == 1:
        return found[0]
    keys = [
        entity.key
        for entity in found or toolset.entities
        if found or entity.id_pointer or entity.label_pointer
    ]
    what = f"{noun} means several things" if found else f"these tools know no {noun}"
    raise SourceError(what, where=path, hint="one of " + ", ".join(keys[:40]))


def _one(noun: str) -> str:
    words = tokens(noun.replace(" ", "_"))
    return "_".join((*words[:-1], singular(words[-1]))) if words else ""


def _rows(entity: Entity, table: Table) -> Iterator[Row]:
    targets = targets_of(entity)
    fills = _fills(entity, table, targets)
    for where, cells in table.rows:
        row = Row(where, {}, {}, "", {})
        for column in table.columns:
            held = fills.get(column, ())
            try:
                if column in fills:
                    for target in held:
                        _fill(row, target, cells.get(column), entity)
                else:
                    row.ref = "" if cells.get(column) is None else str(cells[column])
            except Unmatched as error:
                own = any(target.pointer == entity.id_pointer for target in held) and not error.hint
                error.hint = "leave the column out, or call it ref: ids are then made" if own else error.hint
                raise _wrong(where, column, error) from error
        yield _told_apart(row, targets, entity)


def _fills(entity: Entity, table: Table, targets: Mapping[str, Target]) -> dict[str, list[Target]]:
    """The field of every column; a column without any value may stand for all fields of a group."""
    fills: dict[str, list[Target]] = {}
    taken: dict[str, str] = {}
    for column in table.columns:
        if column.lower() == REF and "/ref" not in targets:
            continue
        head = "/" + column.replace(".", "/") + "/"
        group = [target for pointer, target in targets.items() if pointer.startswith(head)]
        if group and all(cells.get(column) is None for _, cells in table.rows):
            fills[column] = group
            continue
        try:
            target = matched(column, entity, targets)
        except Unmatched as error:
            raise _wrong(table.path, column, error) from error
        if target.pointer in taken:
            raise SourceError(
                f"columns {short(taken[target.pointer])} and {short(column)} are one field, {target.pointer}",
                where=table.path,
            )
        taken[target.pointer] = column
        fills[column] = [target]
    return fills


def _told_apart(row: Row, targets: Mapping[str, Target], entity: Entity) -> Row:
    """Of several fields that name one record, the surest is the reference; the others are plain values."""
    for pointer in list(row.named):
        head = pointer.rpartition("/")[0]
        others = [
            at
            for at in row.named
            if at.rpartition("/")[0] == head and targets[at].refers == targets[pointer].refers
        ]
        if head and others[0] != pointer:
            row.values[pointer] = converted(row.named.pop(pointer), targets[pointer])
    return row


def _fill(row: Row, target: Target, value: Json, entity: Entity) -> None:
    if value is None:
        if target.pointer == entity.id_pointer:
            raise Unmatched("every record needs its id", "or leave the column out: ids are then made")
        if target.pointer not in row.named:
            row.values.setdefault(target.pointer, None)
    elif target.refers:
        row.values.pop(target.pointer, None)
        row.named[target.pointer] = str(value)
    else:
        made = row.values[target.pointer] = converted(value, target)
        spoken = target.pointer == entity.label_pointer and target.facet not in ("body", "text")
        if spoken and isinstance(made, str) and (len(made) > SPOKEN or "\n" in made):
            raise Unmatched(
                f"{len(made):,} characters are no name", f"one line of at most {SPOKEN}: people say it whole"
            )


def _wrong(where: str, column: str, error: Unmatched) -> SourceError:
    return SourceError(f"column {short(column)}: {error}", where=where, hint=error.hint)


# ---------------------------------------------------------------- references


def _follow(key: str, rows: Population, files: frozenset[str], entities: Mapping[str, Entity]) -> None:
    """Every name of another record becomes a link to it."""
    targets = targets_of(entities[key])
    indexes: dict[str, dict[str, list[int]]] = {}
    for row in rows[key]:
        for pointer, name in row.named.items():
            if len(name) > SPOKEN:
                raise SourceError(f"{pointer}: {len(name):,} characters name no record", where=row.where)
            other = targets[pointer].refers
            entity = entities.get(other)
            if entity is None:
                raise SourceError(f"{pointer} refers to {other}, which no tool knows", where=row.where)
            held = rows.setdefault(other, [])
            index = indexes.get(other)
            if index is None:
                known = [_projected(target, entity) for target in targets.values() if target.refers == other]
                index = indexes[other] = _index(entity, held, known)
            places = index.get(name.casefold(), [])
            if not places and other not in files:
                held.append(Row(row.where, _implied(entity, name, row, targets[pointer]), {}, "", {}))
                places = index[name.casefold()] = [len(held) - 1]
            if len(places) > 1 and entity.parent:
                row.values[pointer] = converted(
                    name, targets[pointer]
                )  # an id that recurs in every container
                continue
            if len(places) != 1:
                raise _lost(row, pointer, name, entity, list(index), bool(places))
            row.links[pointer] = places[0]


def _labelled(
    entity: Entity, rows: Population, files: frozenset[str], entities: Mapping[str, Entity]
) -> None:
    """Labels that records carry by name are labels there are, where no file lists them."""
    kind = next(
        (e for e in entities.values() if e.toolkit == entity.toolkit and _one(e.noun) in ("label", "tag")),
        None,
    )
    if kind is None or kind.key in files:
        return
    at = [target.pointer for target in targets_of(entity).values() if target.facet == "label"]
    held = rows.get(kind.key, [])
    known = {str(row.values.get(kind.label_pointer)) for row in held}
    for row in rows[entity.key]:
        for name in (
            name for pointer in at for name in row.values.get(pointer) or () if isinstance(name, str)
        ):
            if name not in known:
                known.add(name)
                held.append(Row(row.where, {kind.label_pointer: name}, {}, "", {}))
    if held:
        rows[kind.key] = held


def _index(entity: Entity, held: Sequence[Row], more: Sequence[str]) -> dict[str, list[int]]:
    """Names of the records -> their places; what one name means by the surer field, it means by no other."""
    index: dict[str, list[int]] = {}
    pointers = dict.fromkeys(
        (entity.id_pointer, entity.label_pointer, *more, *(f"/{name}" for name in _CALLED))
    )
    for pointer in (REF, *filter(None, pointers)):
        level: dict[str, list[int]] = {}
        for place, row in enumerate(held):
            name = row.ref if pointer == REF else row.values.get(pointer)
            if name not in (None, ""):
                level.setdefault(str(name).casefold(), []).append(place)
        for name, places in level.items():
            index.setdefault(name, places)
    return index


def _projected(target: Target, entity: Entity) -> str:
    """The field of the record named that the value is: its plain id for ``issueId``, whatever else names it."""
    plain = "/id" in targets_of(entity) and tokens(target.pointer)[-1:] == ("id",)
    return "/id" if plain else target.projects


def _implied(entity: Entity, name: str, row: Row, by: Target) -> dict[str, Json]:
    """What is known of a record from its being named, and from what stands beside its name in one group."""
    targets = targets_of(entity)
    made = _from_name(entity, name, by, targets)
    head = by.pointer.rpartition("/")[0]
    for pointer, value in row.values.items():
        own = pointer.removeprefix(head)
        if (
            head
            and value is not None
            and pointer.startswith(head + "/")
            and own in targets
            and own not in made
        ):
            made[own] = value
    return made


def _from_name(entity: Entity, name: str, by: Target, targets: Mapping[str, Target]) -> dict[str, Json]:
    projects = _projected(by, entity)
    if projects in targets and projects not in (entity.id_pointer, entity.label_pointer):
        try:
            return {projects: converted(name, targets[projects])}
        except Unmatched:
            pass
    target = targets.get(entity.id_pointer)
    email = next((at for at, known in targets.items() if known.facet == "email"), "")
    if "@" in name and email:
        return {email: name}
    marked = target is not None and any(word in target.schema for word in ("pattern", "format"))
    if target is not None and (
        marked or not entity.label_pointer or "integer" in str(target.schema.get("type"))
    ):
        try:
            return {entity.id_pointer: converted(name, target)}
        except Unmatched:
            pass
    label = targets.get(entity.label_pointer)
    if label is not None and valid(label.schema, name):
        return {label.pointer: name}
    return {entity.id_pointer: name}


def _lost(row: Row, pointer: str, name: str, entity: Entity, known: list[str], several: bool) -> SourceError:
    if several:
        return SourceError(
            f"{pointer}: several {entity.plural} are called {short(name)}",
            where=row.where,
            hint="give their ids, or a column ref",
        )
    close = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    hint = (
        f"did you mean {close[0]}?"
        if close
        else f"there are {', '.join(short(one, 30) for one in known[:8])}"
    )
    return SourceError(f"{pointer}: no {entity.noun} is called {short(name)}", where=row.where, hint=hint)


def _distinct(entity: Entity, rows: Sequence[Row]) -> None:
    """Ids are given once; what counts anew in every container, once in each."""
    seen: dict[tuple[Json, int | None], str] = {}
    within = [
        target.pointer
        for target in targets_of(entity).values()
        if target.refers and target.refers == entity.parent
    ]
    if entity.parent and not within:
        return  # nobody knows in which container each of them lies
    for row in rows:
        own = row.values.get(entity.id_pointer)
        held = next((row.links[at] for at in within if at in row.links), None)
        if own is None:
            continue
        if (own, held) in seen:
            raise SourceError(
                f"the id {short(str(own))} is given twice",
                where=row.where,
                hint=f"first at {seen[own, held]}",
            )
        seen[own, held] = row.where
