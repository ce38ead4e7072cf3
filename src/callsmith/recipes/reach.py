"""Which tools a request can be built on: what people say is enough for them, or other tools find the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from callsmith.plan.known import Known
from callsmith.plan.serving import sought
from callsmith.records import Tool
from callsmith.seeds import Rng

MORE = 4  # tools that find what others need, at most


def direct(tool: Tool) -> bool:
    """Whether a call needs nothing that has to be looked up first."""
    return not any(map(sought, tool.inputs))


def with_finders(names: Sequence[str], known: Known, pool: Collection[str], rng: Rng) -> list[str]:
    """Tools with those of a pool that find what they cannot do without, and what these cannot, in turn."""
    taken = list(names)
    for name in taken:  # grows while it is walked
        for parameter in filter(sought, known.tools[name].inputs):
            finders = [tool for tool in known.finders.get(parameter.refers, ()) if tool.name in pool]
            if not finders or any(tool.name in taken for tool in finders) or len(taken) >= len(names) + MORE:
                continue
            plain = [tool for tool in finders if direct(tool)]
            taken.append(rng.choice(plain or finders).name)
    return taken
