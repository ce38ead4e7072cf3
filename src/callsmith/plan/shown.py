"""A call that should show a record, and whether what it shows can be told to be the one meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from callsmith.execute import arguments, records_at, values_at
from callsmith.meaning import Detail, Step, Target
from callsmith.plan.arguments.fill import Filled
from callsmith.plan.describing import Described, label_of
from callsmith.plan.draft import Draft, identity
from callsmith.plan.known import about_person, yield_of
from callsmith.plan.pages import goes_on
from callsmith.ports import drive
from callsmith.records import Call, Entity, Person, Tool


class Search(Struct, frozen=True):
    """A call that should show a record, and what the user must have said for it."""

    tool: Tool
    filled: Filled
    person: Person | None  # whom the arguments name
    by_label: bool  # whether the arguments hold the title's words
    day: Detail | None = None  # the day the arguments restrict it to
    holder: Target | None = None  # somebody whose it is, or something with a name of its own, found first


def where_shown(tool: Tool, entity: Entity) -> str:
    """Where in what a tool answers the records of a sort stand."""
    item = yield_of(tool, entity.key)
    return item.pointer if item else ""


def person_shown(draft: Draft, tool: Tool, entity: Entity) -> bool:
    """Whether the records that a tool shows say whom they are from or by."""
    return about_person(entity, draft.known.shown.get((tool.name, entity.key), frozenset())) is not None


def peek(
    draft: Draft, search: Search, entity: Entity, record: Mapping[str, Any], described: Described
) -> int | str:
    """Which of the records a search shows is the one meant: its index, or why it cannot be told."""
    call = Call(
        "peek",
        search.tool.name,
        arguments(Step("peek", search.tool.name, search.filled.arguments), draft.done),
    )
    result = drive(draft.world.call(call))
    if result.error:
        return f"answers {result.error}"
    where = where_shown(search.tool, entity)
    shown = [item for _, item in records_at(result.value, where)]
    if search.person is None and not person_shown(draft, search.tool, entity):
        described = msgspec.structs.replace(described, person=None)  # nothing would tell whose it is
    wanted = identity(entity, record)
    at = [i for i, item in enumerate(shown) if identity(entity, item) == wanted]
    if len(at) != 1:
        return "does not show it"
    fitting = [i for i, item in enumerate(shown) if fits(entity, item, described, search)]
    if len(fitting) > 1 or (fitting and fitting != at):
        return "several fit"
    if not fitting and not (search.by_label and len(shown) == 1):
        return "what it shows does not single it out"
    if not (fitting and described.exact) and goes_on(result.value, len(shown)):
        return "its first page does not tell whether another fits"
    return at[0]


def fits(entity: Entity, shown: Mapping[str, Any], described: Described, search: Search) -> bool:
    """Whether a shown record answers to the description, as far as the result tells."""
    label = label_of(entity, shown)
    wanted = described.label.lower()
    if not label or (wanted != label.lower() if described.exact else wanted not in label.lower()):
        return False
    if described.person is None:
        return True
    own = {described.person.email, described.person.name, described.person.username}
    for item in entity.fields:
        if item.facet in ("email", "person", "username") and own & set(values_at(shown, item.pointer)):
            return True
    return search.person is not None
