"""What records without a name belong to, and whether a listing says too little of them without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.plan.arguments.fill import pointed
from callsmith.plan.known import Known
from callsmith.plan.serving import id_parameter
from callsmith.plan.signs import addressed, by_the_clock, signs_of
from callsmith.records import Entity, Field, Parameter, Tool
from callsmith.text import coded

_NAMING = (
    "person",
    "username",
    "email",
    "company",
    "title",
    "body",
)  # of what else is told by its time alone
_TELLING = ("person", "username", "email", "company", "place", "title", "body", "text", "label", "key")


def belongings(known: Known, key: str) -> list[Field]:
    """The fields by which records that have no name say what they belong to, where its name can be looked up."""
    holders = known.entities
    return [
        one
        for one in _tied(known, key)
        if holders[one.refers].label_pointer != holders[one.refers].id_pointer
    ]


def _tied(known: Known, key: str) -> list[Field]:
    """The fields by which records that have no name say what they belong to, named or not."""
    entity = known.entities[key]
    if key not in known.nameless and not addressed(entity) and entity.label_pointer != entity.id_pointer:
        return []
    found = []
    for item in entity.fields:
        holder = known.entities.get(item.refers) if item.refers and item.pointer.count("/") == 1 else None
        if holder is None or holder.key == key or by_the_clock(holder):
            continue
        if holder.label_pointer and not _one_of_many(item):
            if getter_of(known, holder) or whole(known, holder):
                found.append(item)
    return found


def _at_hand(known: Known, item: Field, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether people know what records belong to by the very number that they show: ticket 3815."""
    numbered = any(sign.role == "number" for sign in signs_of(known.entities[item.refers]))
    ids = [pointed(record, item.pointer) for record in found]
    return numbered or all(isinstance(one, str) and coded(one) for one in ids)


def _one_of_many(item: Field) -> bool:
    """Whether a field names one of what lies in a record, and nothing that the record belongs to: its latest charge."""
    return name_words(item.pointer)[:1] in _ONES


_ONES = tuple(
    (word,) for word in ("latest", "last", "first", "default", "current", "next", "previous", "newest")
)


def bare(
    known: Known, entity: Entity, tool: Tool, given: Mapping[str, Any], found: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether a listing says of its records only what sort, when and how they are, and not what they belong to.

    Of what somebody asked for by what it belongs to, that is known.
    """
    named = {p.refers for p in tool.inputs if p.pointer in given and p.refers}
    lacking = [
        item
        for item in _tied(known, entity.key)
        if item.refers not in named
        and not _at_hand(known, item, found)
        and all(pointed(record, item.pointer) is not None for record in found)
    ]
    timed = by_the_clock(entity) and not _most_show(entity, found, _NAMING)
    return bool(lacking) and not named and (timed or mute(entity, found))


def mute(entity: Entity, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether most of these records say only of what sort, when and how they are."""
    return not _most_show(entity, found, _TELLING)


def worded(entity: Entity, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether most of these records are told by what was written: comments, reports of damage."""
    return _most_show(entity, found, ("body",))


def _most_show(entity: Entity, found: Sequence[Mapping[str, Any]], facets: Sequence[str]) -> bool:
    told = [
        item.pointer
        for item in entity.fields
        if item.facet in facets and not item.refers and not item.phrase.endswith(" by")  # who wrote it down
    ]
    speaking = [one for one in found if any(pointed(one, at) not in (None, "", []) for at in told)]
    return 2 * len(speaking) >= len(found)


def getter_of(known: Known, holder: Entity) -> tuple[Tool, Parameter] | None:
    for tool in known.getters.get(holder.key, ()):
        try:
            parameter = id_parameter(tool, holder)
        except PlanUnfit:
            continue
        if "*" not in parameter.pointer and all(p is parameter or not p.required for p in tool.inputs):
            return tool, parameter
    return None


def whole(known: Known, holder: Entity) -> list[Tool]:
    """The listings of all there are of what records belong to."""
    return [tool for tool in known.finders.get(holder.key, ()) if not any(p.required for p in tool.inputs)]
