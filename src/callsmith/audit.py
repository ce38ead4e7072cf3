"""What is understood of an API, what is left out and why, and what people would say to have each tool called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.plan.known import SURE
from callsmith.recipes.directed import Sample, sample
from callsmith.records import Json, Skipped, Tool, Toolset
from callsmith.understand.enquiring import effect_of
from callsmith.world.journal import Maker
from callsmith.world.stories.numbered import nameless


class ParameterAudit(Struct, frozen=True):
    """One argument."""

    pointer: str
    klass: str
    facet: str
    phrase: str
    confidence: float
    required: bool
    touches: str  # what it refers to, writes or restricts
    excluded: str  # why nobody is made to say it; "" when people may
    reasons: Sequence[str]


class ToolAudit(Struct, frozen=True):
    """One tool. ``excluded`` is why no plan calls it, "" when plans may."""

    name: str
    effect: str
    entity: str
    confidence: float
    phrase: str
    excluded: str
    reasons: Sequence[str]
    parameters: Sequence[ParameterAudit]
    tried: bool = False  # whether a sample was looked for
    request: str = ""
    arguments: Json = None
    unreached: str = ""  # why no row with it came about, where a sample was looked for


class Audit(Struct, frozen=True):
    """One API."""

    name: str
    tools: Sequence[ToolAudit]
    skipped: Sequence[Mapping[str, str]]  # name, where, reason
    entities: Mapping[str, str]  # entity key -> what people call one
    usable: int
    share: float  # of all operations, those that could not be read included
    tried: int
    reached: int  # of those tried: tools that a row which every check passes was made with
    numbered: Sequence[
        str
    ] = ()  # entities whose records are called by their noun and a number, for want of names
    trade: str = ""  # the line of business it is taken to be of


def audit(
    toolset: Toolset,
    skipped: Sequence[Skipped],
    samples: int,
    maker: Maker | None = None,
    wanted: str = "",
) -> Audit:
    """What is understood of a toolset; with samples of so many usable tools, of all if negative.

    ``wanted``: only the tool of that name.
    """
    tools = [tool for tool in toolset.tools if not wanted or tool.name == wanted]
    usable = [tool for tool in tools if not excluded(tool)]
    tried = usable if samples < 0 else _spread(usable, samples)
    chosen = {tool.name: sample(toolset, tool, maker) for tool in tried}
    judged = [_tool(tool, chosen.get(tool.name)) for tool in tools]
    total = len(tools) + (0 if wanted else len(skipped))
    return Audit(
        name=toolset.name,
        tools=judged,
        skipped=[]
        if wanted
        else [
            {"name": one.name, "where": f"{one.where.source}#{one.where.pointer}", "reason": one.reason}
            for one in skipped
        ],
        entities={entity.key: entity.noun for entity in toolset.entities},
        numbered=[entity.key for entity in toolset.entities if nameless(toolset, entity)],
        trade=next((entity.trade for entity in toolset.entities if entity.trade), ""),
        usable=len(usable),
        share=round(len(usable) / total, 4) if total else 0.0,
        tried=len(chosen),
        reached=sum(bool(one.request) for one in chosen.values()),
    )


def _spread(tools: Sequence[Tool], count: int) -> list[Tool]:
    """So many, evenly from the whole list."""
    if len(tools) <= count:
        return list(tools)
    return [tools[place * len(tools) // count] for place in range(count)]


def why_left_out(found: Audit) -> Counter[str]:
    """The reasons for which tools are left out, each with how many tools; names of arguments apart."""
    return Counter(tool.excluded.partition(":")[0] for tool in found.tools if tool.excluded)


def require_usable(toolsets: Sequence[Toolset]) -> None:
    """Refuse tools none of which a plan may call: all that could be made of them is small talk.

    Raises:
        SourceError: with the commonest reasons.
    """
    tools = [tool for toolset in toolsets for tool in toolset.tools]
    reasons = Counter(excluded(tool).partition(":")[0] for tool in tools)
    if not tools or "" in reasons or any(tool.hints.get("live") for tool in tools):
        return
    why = "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common(3))
    raise SourceError(
        f"no plan can call any of its {len(tools)} operations ({why})",
        where=", ".join(toolset.name for toolset in toolsets),
        hint="`callsmith tools audit` says why for each, and writes what can be corrected with --write",
    )


def excluded(tool: Tool) -> str:
    """Why no plan calls a tool, or ""."""
    if tool.effect == "opaque":
        return tool.reasons[-1] if tool.reasons else "it is not understood"
    if tool.confidence < SURE:
        return f"it is not sure enough what it does: {tool.confidence:.2f} of {SURE}"
    unsure = [p.pointer for p in tool.inputs if p.required and p.confidence < SURE]
    return f"it requires what is not understood: {', '.join(unsure)}" if unsure else ""


def _tool(tool: Tool, found: Sample | None) -> ToolAudit:
    return ToolAudit(
        name=tool.name,
        effect=effect_of(tool),
        entity=tool.entity,
        confidence=tool.confidence,
        phrase=tool.phrase,
        excluded=excluded(tool),
        reasons=tool.reasons,
        parameters=[
            ParameterAudit(
                pointer=p.pointer,
                klass=p.klass,
                facet=p.facet,
                phrase=p.phrase,
                confidence=p.confidence,
                required=p.required,
                touches=f"refers to {p.refers}"
                if p.refers
                else f"sets {p.sets}"
                if p.sets
                else f"filters {p.filters} ({p.compare})"
                if p.filters
                else "",
                excluded=f"not sure enough: {p.confidence:.2f} of {SURE}" if p.confidence < SURE else "",
                reasons=p.reasons,
            )
            for p in tool.inputs
        ],
        tried=found is not None,
        request=found.request if found else "",
        arguments=found.arguments if found else None,
        unreached=found.why_not if found else "",
    )
