"""How an assistant comes by the address of somebody the user only names: what it can look up need not be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from callsmith.execute import records_at
from callsmith.plan.arguments.fill import pointed
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE, yield_of
from callsmith.ports import drive
from callsmith.records import Call, Entity, Json, Parameter, Person, Tool


class Lookup(Struct, frozen=True):
    """A call whose result holds somebody's address, and where in it."""

    tool: Tool
    arguments: Mapping[str, Json]  # argument pointer -> value, all of it from what the user said
    where: str  # pointer of the records
    index: int  # of the record
    pointer: str  # of the address in the record


def address_lookup(draft: Draft, person: Person, facet: str) -> Lookup | None:
    """The first look-up by a person's name that shows one address for it and no other; None when there is none.

    ``facet`` is ``email`` or ``phone``.
    """
    wanted = person.phone if facet == "phone" else person.email
    for tool, arguments in _by_name(draft, person):
        result = drive(draft.world.call(Call("lookup", tool.name, dict(arguments_of(arguments)))))
        for item in tool.yields:
            entity = draft.known.entities.get(item.entity)
            if result.error or entity is None:
                continue
            shown = [
                record for _, record in records_at(result.value, item.pointer) if isinstance(record, Mapping)
            ]
            for pointer in _address_fields(entity, facet):
                values = [pointed(record, pointer) for record in shown]
                if values and all(_digits(value, facet) == _digits(wanted, facet) for value in values):
                    return Lookup(tool, arguments, item.pointer, 0, pointer)
    return None


def arguments_of(arguments: Mapping[str, Json]) -> dict[str, Json]:
    """Flat arguments by name; look-ups by name take no nested ones."""
    return {pointer.lstrip("/"): value for pointer, value in arguments.items()}


def _by_name(draft: Draft, person: Person) -> Iterator[tuple[Tool, dict[str, Json]]]:
    """Calls that look for a person by the name a user would say."""
    for tools in draft.known.finders.values():
        for tool in tools:
            for parameter in tool.inputs:
                if parameter.confidence < SURE or parameter.pointer.count("/") != 1:
                    continue
                value = _named_in(tool, parameter, draft, person)
                if value and not any(p.required and p.pointer != parameter.pointer for p in tool.inputs):
                    yield tool, {parameter.pointer: value}


def _named_in(tool: Tool, parameter: Parameter, draft: Draft, person: Person) -> str:
    entity = draft.known.entities.get(tool.entity)
    if parameter.facet == "query:gmail" and any(yield_of(tool, key) for key in (tool.entity,)):
        return f"from:{person.given.lower()}"
    people = entity is not None and entity.person
    if parameter.facet == "query:text" and people:
        return person.given
    if (
        people
        and entity is not None
        and parameter.filters == entity.label_pointer
        and parameter.compare != "eq"
    ):
        return person.given
    return ""


def _address_fields(entity: Entity, facet: str) -> list[str]:
    return [
        field.pointer
        for field in entity.fields
        if field.facet == facet and "*" not in field.pointer and field.pointer.count("/") <= 2
    ]


def _digits(value: Json, facet: str) -> str:
    text = str(value or "")
    return "".join(char for char in text if char.isdigit()) if facet == "phone" else text.lower()
