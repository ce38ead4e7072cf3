"""Listings told by what their records belong to: each of these is looked up by the id that the listing gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import msgspec

from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.execute import records_at
from callsmith.language.words import with_article
from callsmith.meaning import Bound, Pick
from callsmith.plan.arguments.fill import pointed
from callsmith.plan.arguments.listing import finder_call
from callsmith.plan.belonging import belongings, getter_of, mute, whole, worded
from callsmith.plan.describing import label_of
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.reading import ask_of, report, some_entity
from callsmith.plan.known import yield_of
from callsmith.ports import drive
from callsmith.records import Call, Entity, Field, Parameter, Tool

MOST = 5  # records whose belongings somebody has looked up one by one
LONGEST = 40  # of what is only told apart by when it was, nobody wants more
_OPEN_ENDED = (
    "to",
    "by",
    "for",
    "with",
    "from",
    "of",
    "at",
    "in",
    "on",
)  # nobody asks for the rented to of each


def list_resolved(draft: Draft) -> None:
    """What there is of a sort, each with the name of what it belongs to.

    What the records belong to is looked up one by one, or listed beside them where nothing looks up one alone.
    """
    options = [draft.known.entities[key] for key in draft.known.finders if belongings(draft.known, key)]
    entity = some_entity(draft, options)
    if draft.listed is not None and draft.listed[0] == entity.key:
        raise PlanUnfit("it was listed before")
    field = draft.choice(belongings(draft.known, entity.key))
    holder = draft.known.entities[field.refers]
    getter = getter_of(draft.known, holder)
    tool, filled, _ = finder_call(draft, entity)
    if getter is None:
        bound, beside = draft.calls(
            [(tool, filled.arguments), (draft.choice(whole(draft.known, holder)), {})]
        )
    else:
        bound = draft.call(tool, filled.arguments)
    found = draft.records_of(bound, entity.key)
    if not 1 <= len(found) <= (MOST if getter else LONGEST):
        raise PlanUnfit(f"{len(found)} {entity.plural} are not told with what they belong to")
    ids = _ids(entity, found, field)
    if any(one in str(filled.arguments) for one in ids):
        raise PlanUnfit(f"which {holder.noun} it is was said")
    if not _named(draft, holder, {*ids}):
        raise PlanUnfit(f"a {holder.noun} without a name")
    if getter is not None:
        _look_up_each(draft, bound, entity, field, getter)
    elif not {*ids} <= {identity(holder, record) for record in draft.records_of(beside, holder.key)}:
        raise PlanUnfit(f"not every {holder.noun} is listed")
    ask = ask_of("list", tool, entity, details=filled.details, state=tool.state)
    key = name_words(holder.id_pointer)  # its vessel, and not its vessel registration
    keyed = "id" not in key and name_words(field.pointer)[-len(key) :] == key
    named = field.phrase and not keyed and field.phrase.rpartition(" ")[2] not in _OPEN_ENDED
    ask = msgspec.structs.replace(ask, field=field.phrase if named else holder.noun)
    draft.listed = (entity.key, bound)
    draft.close("list resolved", ask, report(draft, bound, entity, ask, resolved=True))


def look_beside(draft: Draft, bound: Bound, entity: Entity, known: str) -> bool:
    """Look up who or what each of the listed records is for, besides what is ``known`` of all; whether that was done.

    Of the enrolments in a course people want to know whose they are.

    Raises:
        PlanUnfit: it cannot be looked up, and nothing but when and of what sort the records are would be told.
    """
    found = draft.records_of(bound, entity.key)
    if worded(entity, found):
        return False
    lacking = [item for item in belongings(draft.known, entity.key) if item.refers != known]
    for field in lacking:
        ids = {str(pointed(record, field.pointer)) for record in found} - {"None"}
        holder = draft.known.entities[field.refers]
        getter = getter_of(draft.known, holder)
        if (
            not ids
            or not _named(draft, holder, ids)
            or len(ids) == 1 < len(found)
            or {(holder.key, one) for one in ids} <= draft.seen.keys()
        ):
            continue
        if getter is not None and len(ids) <= MOST:
            _look_up_each(draft, bound, entity, field, getter)
            return True
        if (tool := _showing(draft, holder, ids)) is not None:
            draft.call(tool, {})
            return True
    if lacking and mute(entity, found):
        raise PlanUnfit(f"nothing tells what {with_article(entity.noun)} is for")
    return False


def _named(draft: Draft, holder: Entity, ids: Set[str]) -> bool:
    """Whether all of what these ids are of has a name."""
    records = draft.world.records(holder.key)
    return ids <= {identity(holder, one) for one in records if label_of(holder, one)}


def _showing(draft: Draft, holder: Entity, ids: Set[str]) -> Tool | None:
    """A plain listing of all there are of a sort that shows these."""
    for tool in whole(draft.known, holder):
        result = drive(draft.world.call(Call("peek", tool.name, {})))
        place = yield_of(tool, holder.key)
        shown = [] if result.error or place is None else records_at(result.value, place.pointer)
        if ids <= {identity(holder, record) for _, record in shown}:
            return tool
    return None


def _look_up_each(
    draft: Draft, bound: Bound, entity: Entity, field: Field, getter: tuple[Tool, Parameter]
) -> None:
    ids = [pointed(record, field.pointer) for record in draft.records_of(bound, entity.key)]
    draft.calls([(getter[0], {getter[1].pointer: pick}) for pick in _each(draft, bound, entity, field, ids)])


def _ids(entity: Entity, found: Sequence[Mapping[str, Any]], field: Field) -> list[str]:
    """The id of what each record belongs to.

    Raises:
        PlanUnfit: a record belongs to nothing.
    """
    ids = [pointed(record, field.pointer) for record in found]
    if None in ids:
        raise PlanUnfit(f"a {entity.noun} without a {field.phrase}")
    return [str(one) for one in ids]


def _each(draft: Draft, bound: Bound, entity: Entity, field: Field, ids: Sequence[Any]) -> list[Pick]:
    """Where each of these ids stands first in a listing."""
    place = yield_of(draft.known.tools[bound.step.tool], entity.key)
    where = place.pointer if place is not None else ""
    first = {str(one): index for index, one in reversed([*enumerate(ids)]) if one is not None}
    return [Pick(bound.step.id, where, {}, field.pointer, index) for index in sorted(first.values())]
