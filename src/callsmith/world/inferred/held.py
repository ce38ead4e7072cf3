"""What the real records of a toolset hold in a field, as values people would state for it."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.records import Parameter, Tool, Toolset
from callsmith.schema import types

_OPEN = ("enum", "text", "body")  # nobody can think of one but who knows what there is
_SHARED = ("person", "text", "body", "enum", "city", "company", "key")
_COUNTED = ("number", "count", "amount", "duration_minutes", "duration_seconds")
LONGEST = 90


def among_real(toolset: Toolset, tool: Tool, parameter: Parameter) -> Sequence[str]:
    """Values of the field a parameter writes, as the records have them, where they recur or are known no other way.

    Empty where there are no real records.
    """
    place = parameter.sets or parameter.filters
    records = toolset.fixtures.get(tool.entity, ())
    if not place or len(records) < 2 or types(parameter.schema)[:1] != ("string",):
        return ()
    if parameter.schema.get("format") or parameter.facet not in _SHARED:
        return ()
    found = [record.values.get(place) for record in records]
    texts = [text for text in found if isinstance(text, str) and 1 < len(text) <= LONGEST]
    distinct = list(dict.fromkeys(texts))
    recurring = len(distinct) < len(texts)
    return distinct if len(distinct) > 1 and (recurring or parameter.facet in _OPEN) else ()


def among_counted(toolset: Toolset, tool: Tool, parameter: Parameter) -> Sequence[int | float]:
    """The numbers that real records hold in the field a parameter writes; empty where there are none, or one alone."""
    if not parameter.sets or parameter.facet not in _COUNTED:
        return ()
    held = [record.values.get(parameter.sets) for record in toolset.fixtures.get(tool.entity, ())]
    found = {one for one in held if isinstance(one, (int, float)) and not isinstance(one, bool) and one > 0}
    return sorted(found) if len(found) > 1 else ()
