"""Conversations in which no offered tool does what is asked: the tool is taken away, or was never there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callsmith.errors import PlanUnfit
from callsmith.language.prompts import spoken_tools
from callsmith.meaning import Reply, Round
from callsmith.plan.intents.changing import DISCARDING
from callsmith.plan.known import Known
from callsmith.recipes.offers import NOWHERE, shown
from callsmith.records import Offer, Tool, ToolGraph
from callsmith.seeds import Rng
from callsmith.text import stem, words

WRITES = {
    "update": ("update", "act"),
    "act": ("update", "act"),
    "delete": ("delete", "act"),
    "create": ("create",),
}
CALCULATORS = "a few calculators"
READS = ("read", "list", "search")
LEFT = 3  # tools still offered beside a refusal, or half of a toolset that has fewer than six
SORTS = 3  # of things that a refusal names as what the tools are for


def substitutes(known: Known, wanted: Sequence[Tool]) -> set[str]:
    """The tools any of which would let the assistant do at least part of what ``wanted`` do.

    A read is replaced by whatever shows the same entity; a write by whatever writes the same entity in a like way;
    a message by any way of reaching people.
    """
    taken: set[str] = set()
    for tool in wanted:
        for other in known.toolset.tools:
            if other.name == tool.name or _does(known, other, tool):
                taken.add(other.name)
    return taken


def _does(known: Known, other: Tool, tool: Tool) -> bool:
    if "asked_for" in tool.hints:
        about = {stem(word) for word in words(str(tool.hints.get("asked_for", ""))) if len(word) > 3}
        return bool(
            about & {stem(word) for word in words(f"{other.description} {other.name.replace('_', ' ')}")}
        )
    if tool.deed in READS or tool.deed == "compute":
        entities = {item.entity for item in tool.yields} or {tool.entity}
        return other.deed in READS and any(item.entity in entities for item in other.yields)
    same = other.entity == tool.entity or bool({y.entity for y in other.yields} & {tool.entity})
    alike = (
        other.deed in WRITES.get(tool.deed, ())
        or other.deed == "opaque"
        or tool.deed in WRITES.get(other.deed, ())
    )
    return (same and alike) or (_reaches_people(tool) and _reaches_people(other))


def _reaches_people(tool: Tool) -> bool:
    return tool.deed in ("create", "act") and any(
        item.facet in ("email", "phone") and ("to" in item.name.lower() or "recipient" in item.phrase)
        for item in tool.inputs
    )


def abstaining(
    known: Known, graph: ToolGraph, first: Round, rng: Rng, size: int, *, often: Mapping[str, float] = NOWHERE
) -> tuple[Reply, Offer]:
    """The honest answer to a first request whose tools are not among those offered, and the offer.

    Raises:
        PlanUnfit: too few tools are left to offer.
    """
    wanted = [known.tools[name] for name in _served_by(first)]
    if not wanted:
        raise PlanUnfit("nothing was asked for that takes a tool")
    gone = substitutes(known, wanted)
    left = [tool.name for tool in known.toolset.tools if tool.name not in gone]
    if len(left) < least(len(known.toolset.tools)):
        raise PlanUnfit("nothing would be left to offer")
    offered = shown([], known, graph, size, rng, gone, often=often)
    acting = known.tools[first.ask.tool] if first.ask.tool in known.tools else wanted[-1]
    reply = Reply(
        "cannot",
        ask=first.ask,
        text=_request_noun(known, acting),
        abilities=actions(known, offered.tools, acting, rng),
        choices=_scope(known, offered.tools, acting),
    )
    return reply, offered


def least(tools: int) -> int:
    """How many tools of a toolset are still to be offered where what was asked for is taken away."""
    return min(LEFT, max(1, tools // 2))


def _served_by(first: Round) -> list[str]:
    """The tools without which the request is not met: the one that serves it, or all when they only read."""
    steps = [step.tool for group in first.groups for step in group]
    if first.ask.tool in steps and not first.ask.also:
        return [first.ask.tool]
    return list(dict.fromkeys(steps))


def _request_noun(known: Known, tool: Tool) -> str:
    entity = known.entities.get(tool.entity)
    if tool.deed in READS and entity is not None:
        return f"{'search' if tool.deed == 'search' else 'look up'} {entity.plural}"
    return tool.phrase


def actions(known: Known, offered: Sequence[str], acting: Tool, rng: Rng) -> list[str]:
    """Up to two things the offered tools can do to what was asked about, in words; looking up comes first.

    What is done to other things is no help, and not offered.
    """
    near: list[str] = []
    for tool in (known.tools[name] for name in offered):
        entity = known.entities.get(tool.entity)
        if (
            tool.deed in ("opaque", "read", "delete")
            or tool.verb in DISCARDING
            or entity is None
            and tool.deed != "compute"
        ):
            continue
        listing = tool.deed in READS and entity is not None
        said = f"look up {entity.plural}" if listing and entity is not None else _request_noun(known, tool)
        own = tool.entity == acting.entity or entity is None and acting.deed == "compute"
        # Who wants to see one, or be rid of one, is not helped by making one.
        opposite = acting.deed == "delete" and tool.deed == "create"
        helps = own and (listing or acting.deed not in READS and not opposite)
        if helps and said and said not in near:
            near.append(said)
    rng.shuffle(near)
    chosen = near[: rng.choice((1, 2, 2))]
    return sorted(chosen, key=lambda said: not said.startswith("look up "))


def _scope(known: Known, offered: Sequence[str], acting: Tool) -> list[str]:
    """The few sorts of things that the offered tools are about; none where what was asked for is one of them."""
    if any(known.tools[name].entity == acting.entity for name in offered):
        return []
    if any(known.tools[name].deed == "opaque" or not known.tools[name].entity for name in offered):
        return []  # what some tools are about nobody knows
    about = (known.entities.get(known.tools[name].entity) for name in offered)
    sorts = dict.fromkeys(f"the {entity.plural}" for entity in about if entity is not None and entity.plural)
    if len(sorts) <= SORTS:
        return list(sorts)
    if any(known.tools[name].toolkit == acting.toolkit for name in offered):
        return []  # a VPC is of EC2 too, so that the tools are for EC2 says nothing
    said = spoken_tools(offered, known)
    return [] if said.startswith("the ") else [said]  # of many things the product is named


def abilities(known: Known, offered: Sequence[str]) -> list[str]:
    """Up to four sorts of things that the offered tools work with, as the user's own.

    Raises:
        PlanUnfit: nothing can be said of them.
    """
    nouns: list[str] = []
    for name in offered:
        entity = known.entities.get(known.tools[name].entity)
        if entity is not None and known.tools[name].deed != "opaque" and entity.plural:
            nouns.append(f"your {entity.plural}")
    live = dict.fromkeys(
        f"the {known.tools[name].toolkit} tools" for name in offered if "asked_for" in known.tools[name].hints
    )
    if not nouns and live:
        return [*live]
    if not nouns and any(known.tools[name].deed == "compute" for name in offered):
        return [CALCULATORS]
    if not nouns:
        raise PlanUnfit("nothing can be said of what is offered")
    return list(dict.fromkeys(nouns))[:4]
