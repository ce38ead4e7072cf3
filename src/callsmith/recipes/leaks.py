"""Names of tools and parameters in what a person says: people know what they want done, not what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from callsmith.records import Json
from callsmith.schema import leaves, steps

# Only names that are no words of the language give anything away: "search" may be a tool and is a word.
_JOINED = re.compile(r"[A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)+|[a-z]+[0-9]*[A-Z]\w*")


def leaked(text: str, tools: Sequence[Mapping[str, Json]]) -> str:
    """The first name of a tool or of one of its parameters, as a schema spells it, in a text; "" when there is none."""
    return next((name for name in _names(tools) if _pattern(name).search(text)), "")


def _names(tools: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    for tool in tools:
        if _JOINED.fullmatch(str(tool["name"])):
            yield str(tool["name"])
    for tool in tools:
        for pointer, _, _ in leaves(tool.get("parameters") or {}):
            yield from (step for step in steps(pointer) if "-" not in step and _JOINED.fullmatch(step))


@lru_cache(maxsize=8192)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@./-]){re.escape(name)}(?![\w@-])", 0 if name != name.lower() else re.I)
