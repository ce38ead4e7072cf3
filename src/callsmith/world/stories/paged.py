"""How many records a tool shows at once by its definition, and so how many of a kind there are to be shown."""

from __future__ import annotations

import re

from callsmith.records import Entity, Parameter, Tool, Toolset
from callsmith.schema import leaves
from callsmith.world.stories.naming import stem

_SIZES = ("count", "limit", "per_page", "page_size", "max_result")
_DEFAULT = re.compile(
    r"\bdefaults?(?: (?:value|page size|limit))?(?:[:=]| is| to| of)? ?[`'\"]?([0-9]{1,4})\b", re.IGNORECASE
)
_UP_TO = re.compile(
    r"\b(?:returns?|shows?|lists?|gives?)(?: only)?(?: the)? (?:up to|at most|no more than|first|a maximum of)"
    r" ([0-9]{1,3})\b",
    re.IGNORECASE,
)
_LONG = 10  # records from which on a page is long
_LEAST, _BUDGET, _LEAF = 8, 6000, 22  # records; bytes of a page; bytes of a field in it


def counts(parameter: Parameter) -> bool:
    """Whether a parameter says how many records a page holds."""
    return parameter.facet == "limit" or stem(parameter.name) in _SIZES


def limit_promised(tool: Tool) -> int:
    """How many records a tool shows of a call that does not say how many; 0 where its definition does not say."""
    for parameter in tool.inputs:
        if counts(parameter):
            told = _DEFAULT.search(str(parameter.schema.get("description") or ""))
            value = parameter.schema.get("default", parameter.default)
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
            if told:
                return max(1, int(told[1]))
    up_to = _UP_TO.search(tool.description)
    return max(1, int(up_to[1])) if up_to else 0


def most_shown(toolset: Toolset, entity: Entity) -> int:
    """How many records fit into one page that is as long as is promised; 0 where no long one is."""
    long = any(
        place.many and place.entity == entity.key and limit_promised(tool) > _LONG
        for tool in toolset.tools
        for place in tool.yields[:1]
    )
    fields = sum(1 for pointer, _, _ in leaves(entity.schema) if "*" not in pointer)
    return max(_LEAST, _BUDGET // (_LEAF * max(1, fields))) if long else 0
