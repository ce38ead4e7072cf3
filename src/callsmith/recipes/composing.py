"""What a dialogue gives to make a conversation of: a scenario, a composed task, functions, and a world for them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from callsmith.compose import tasks
from callsmith.compose.functions import Function
from callsmith.graph import build
from callsmith.models.asking import Asking
from callsmith.records import Json, Kind, Tool, Toolset, Where
from callsmith.understand import understand
from callsmith.understand.inference import usable

TOOLKIT = "functions"  # what the toolkit of functions made for one conversation is called


class Idea(Struct, frozen=True):
    """What a dialogue led to."""

    scenario: str  # as varied
    composed: tasks.Composed
    infeasible: str  # why the composed task cannot be done; "" when it can


async def imagined(
    asking: Asking, prompts: tasks.Prompts, dialogue: Json, kind: Kind, corrections: int
) -> Idea:
    """A composed task of a kind: in sequence for ``dependent``, side by side and then in sequence otherwise.

    Raises:
        ModelError: no answer can be had.
        Unanswered: an answer had no usable form.
    """
    seen = await tasks.scenario(asking, prompts, dialogue, corrections)
    varied = await tasks.expanded(asking, prompts, seen, corrections)
    task = await tasks.atomic(asking, prompts, varied, corrections)
    compose = tasks.sequential if kind == "dependent" else tasks.parallel_sequential
    composed = await compose(asking, prompts, task, corrections)
    good, why = await tasks.feasible(
        asking, prompts, composed.composition, composed.parts, corrections=corrections
    )
    return Idea(varied, composed, "" if good else why)


def toolset_of(functions: Sequence[Function]) -> Toolset:
    """The functions, understood."""
    tools = [
        Tool(
            name=function.name,
            toolkit=TOOLKIT,
            description=function.description,
            parameters=function.parameters,
            returns=function.returns,
            where=Where(TOOLKIT, f"/{index}"),
        )
        for index, function in enumerate(functions)
    ]
    return understand(TOOLKIT, tools)


def unworldly(toolset: Toolset, functions: Sequence[Function]) -> str:
    """Why no world can be inferred for functions, "" when one can.

    One that knew some of them alone would not do: what it tells, and what is told beside it, would not be of the
    same things.
    """
    unsure = next((tool.name for tool in toolset.tools if not usable(tool)), "")
    if unsure:
        return f"{unsure} is not understood well enough"
    ids = {(tool.name, p.name) for tool in toolset.tools for p in tool.inputs if p.klass == "opaque_id"}
    fed = {
        (edge.source, edge.target, edge.target_pointer)
        for edge in build(toolset).edges
        if edge.kind == "feeds"
    }
    for function in functions:
        for link in function.takes:
            at = (link.function, function.name, f"/{link.parameter}")
            listed = (*at[:2], f"{at[2]}/*")
            if (function.name, link.parameter) in ids and at not in fed and listed not in fed:
                return f"what {link.function} gives is not known to be what {function.name} takes"
    return ""
