"""Arguments that say again what a field of the record says, as the type of a package does beside its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.machines import INNER, PARTS, alike, service_named, services
from callsmith.execute import values_at
from callsmith.meaning import Detail, Pick, Source, Stated
from callsmith.plan.draft import Draft, identity
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import valid


def as_shown(
    draft: Draft, tool: Tool, parameter: Parameter, record: Mapping[str, Any], key: str
) -> Source | None:
    """Where the value of an argument comes from that a record has under the argument's own name; None elsewhere.

    What was looked up is taken from there; of a record that the user names it has to be said (``Stated``).
    """
    entity = draft.known.entities.get(key)
    if entity is None or tool.deed not in ("read", "delete", "update", "act", "list"):
        return None
    pointer = f"/{parameter.name}"
    in_path = f"{{{parameter.name}}}" in str(tool.hints.get("path", ""))
    beside = parameter.required and parameter.facet == "key" and alike(parameter.schema)
    if parameter.pointer != pointer or parameter.refers or not (in_path or beside):
        return None
    value = next(iter(values_at(record, pointer)), None)
    if value is None or not isinstance(value, (str, int)) or not valid(parameter.schema, value):
        return None
    pick, shown = draft.seen.get((key, identity(entity, record)), (None, {}))
    if pick is not None and next(iter(values_at(shown, pointer)), None) == value:
        return Pick(pick.step, pick.where, {}, pointer, pick.index)
    return Stated(value)


def key_there(
    draft: Draft, tool: Tool, parameter: Parameter, record: Mapping[str, Any] | None
) -> Json | None:
    """The key of what a record lies in, as the record itself has it, or one under which something is there."""
    pointer = f"/{parameter.name}"
    if record is not None and (own := _first(record, pointer)) is not None:
        return own
    others = [
        f"/{p.name}" for p in tool.inputs if p.klass == "natural_key" and p.refers and p is not parameter
    ]
    known = {str(value) for value in (record or {}).values() if isinstance(value, (str, int))}
    keys = [
        key
        for one in (draft.world.records(tool.entity) if tool.entity else ())
        if (key := _first(one, pointer)) is not None
        and (not known or any(str(_first(one, other)) in known for other in others))
    ]
    return draft.choice(keys) if keys else draft.world.invent(tool, parameter, draft.rng)


def _first(record: Mapping[str, Any], pointer: str) -> Json:
    return next(iter(values_at(record, pointer)), None)


def names_new(draft: Draft, tool: Tool, parameter: Parameter) -> bool:
    """Whether an argument is the key of what a tool makes, which is none that is there already."""
    entity = draft.known.entities.get(tool.entity)
    return entity is not None and tool.deed == "create" and parameter.sets == entity.id_pointer != ""


def of_service(draft: Draft, parameter: Parameter, details: Sequence[Detail]) -> str:
    """A service as the one example shows one, that which the user has named before; "" for any other argument."""
    shown = [str(one) for one in parameter.schema.get("examples", ())]
    last = shown[0].rpartition("-")[2] if len(shown) == 1 and " " not in shown[0] else ""
    if not last or last not in PARTS or last == shown[0] or parameter.refers:
        return ""
    said = [str(item.values[0]) for item in details if item.facet == "title" and item.values]
    named = next((found for text in said if (found := service_named(text, last))), "")
    rest = [word for word in services() if word not in PARTS and word not in INNER]
    return named or f"{draft.choice(rest)}-{last}"
