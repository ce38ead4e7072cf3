"""Which tools a conversation shows: those it needs among others, so that being shown gives nothing away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from callsmith.plan.known import Known
from callsmith.records import Offer, ToolGraph
from callsmith.sample import offer
from callsmith.seeds import Rng
from callsmith.understand.inference import usable

USUAL = (
    0.6  # chance for each of the toolset's ways in (its lists and searches) to be shown although not needed
)
OFTEN = 0.1  # share of talks that begin with a tool, from which on it is nearly always shown
SURELY = 0.95
USED, UNUSED = 0.015, 0.005  # weights among the other tools of those that a plan may call, and of the rest
LEAST = 3
NOWHERE: Mapping[str, float] = {}


def shown(
    needed: Sequence[str],
    known: Known,
    graph: ToolGraph,
    size: int,
    rng: Rng,
    gone: Collection[str] = (),
    *,
    often: Mapping[str, float] = NOWHERE,
) -> Offer:
    """The tools of one conversation, in the order shown.

    A conversation that acts nearly always looks something up first; were lists and searches offered only where
    they are called, the offer would tell the call. ``gone`` are tools that must not be among them. ``often`` says
    how often talks begin with a tool: what is never called would tell that the rest is.
    """
    pool = msgspec.structs.replace(
        known.toolset, tools=[tool for tool in known.toolset.tools if tool.name not in gone]
    )
    names = {tool.name for tool in pool.tools}
    ways_in = sorted({tool.name for tools in known.finders.values() for tool in tools} & names - set(needed))
    rng.shuffle(ways_in)
    room = max(size, len(needed) + 2, LEAST) - len(needed)
    usual = [name for name in ways_in if rng.random() < USUAL][: max(1, room // 2)]
    first = [name for name, share in sorted(often.items()) if share >= OFTEN and name in names]
    first = [name for name in first if name not in needed and rng.random() < SURELY]
    rng.shuffle(first)
    first = first[: max(1, room - 1)]
    asked = [*first, *(name for name in usual if name not in first)][: max(len(first), room // 2, 1)]
    weights = {
        tool.name: often.get(tool.name, 0.0) + (USED if usable(tool) else UNUSED) for tool in pool.tools
    }
    return offer(
        [*needed, *asked], pool, graph, max(size, len(needed) + 2, LEAST), rng, weights if often else None
    )
