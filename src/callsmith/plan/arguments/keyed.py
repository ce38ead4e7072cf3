"""Arguments that say again what a field of the record says, as the type of a package does beside its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callsmith.catalog.machines import alike
from callsmith.execute import values_at
from callsmith.meaning import Pick, Source, Stated
from callsmith.plan.draft import Draft, identity
from callsmith.records import Parameter, Tool
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
