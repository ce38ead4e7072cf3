"""A toolset for a row that comes without one: its own tool definitions, understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.records import Json, Tool, Toolset, Where
from callsmith.understand import understand


def toolset_of(definitions: Sequence[Mapping[str, Json]]) -> Toolset:
    """What the tools of a row mean, as far as names, descriptions and parameter schemas tell."""
    tools = []
    for index, each in enumerate(definitions):
        name = str(each.get("name", ""))
        parameters = each.get("parameters")
        tools.append(
            Tool(
                name=name,
                toolkit=name.split("_", 1)[0] if "_" in name else "row",
                description=str(each.get("description") or ""),
                parameters=parameters
                if isinstance(parameters, Mapping)
                else {"type": "object", "properties": {}},
                where=Where("row", f"/tools/{index}"),
            )
        )
    return understand("row", tools)
