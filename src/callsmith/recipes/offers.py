"""Which tools a conversation shows: those it needs among others, so that being shown gives nothing away."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from callsmith.plan.known import Known
from callsmith.records import Offer, ToolGraph
from callsmith.sample import offer
from callsmith.seeds import Rng

USUAL = (
    0.6  # chance for each of the toolset's ways in (its lists and searches) to be shown although not needed
)
LEAST = 3


def shown(
    needed: Sequence[str], known: Known, graph: ToolGraph, size: int, rng: Rng, gone: Collection[str] = ()
) -> Offer:
    """The tools of one conversation, in the order shown.

    A conversation that acts nearly always looks something up first; were lists and searches offered only where
    they are called, the offer would tell the call. ``gone`` are tools that must not be among them.
    """
    pool = msgspec.structs.replace(
        known.toolset, tools=[tool for tool in known.toolset.tools if tool.name not in gone]
    )
    names = {tool.name for tool in pool.tools}
    ways_in = sorted({tool.name for tools in known.finders.values() for tool in tools} & names - set(needed))
    rng.shuffle(ways_in)
    room = max(size, len(needed) + 2, LEAST) - len(needed)
    usual = [name for name in ways_in if rng.random() < USUAL][: max(1, room // 2)]
    return offer([*needed, *usual], pool, graph, max(size, len(needed) + 2, LEAST), rng)
