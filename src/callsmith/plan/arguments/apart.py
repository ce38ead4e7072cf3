"""The two ends of what is asked for differ: nobody sends anything from Boston to Boston."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.catalog.ends import another, other_end
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Source, Stated
from callsmith.plan.draft import Draft
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import valid

_TRIES = 6


def apart_from_its_end(
    draft: Draft, arguments: Mapping[str, Source], tool: Tool, parameter: Parameter, value: Json
) -> Json:
    """The value, or another where the other end of the way has the same.

    Raises:
        PlanUnfit: no other is known.
    """
    names = {one.name: one for one in tool.inputs if one.pointer in arguments}
    twin = other_end(parameter.name, names) if isinstance(value, str) else ""
    beside = arguments[names[twin].pointer] if twin else None
    if not isinstance(beside, Stated) or beside.value != value or not isinstance(value, str):
        return value
    options = [one for one in parameter.schema.get("enum", ()) if one not in (None, value)]
    fresh = (draft.world.invent(tool, parameter, draft.rng) for _ in range(0 if options else _TRIES))
    options = options or [one for one in fresh if isinstance(one, str) and one != value][:1]
    if not options and (other := another(parameter.name, value, int(draft.rng.random() * 1000))):
        options = [other] if valid(parameter.schema, other) else []
    if not options and parameter.sets:
        held = (at for record in draft.world.records(tool.entity) for at in values_at(record, parameter.sets))
        options = sorted({one for one in held if isinstance(one, str) and one not in ("", value)})
    if not options:
        raise PlanUnfit("nobody goes from a place to itself")
    return draft.choice(options)
