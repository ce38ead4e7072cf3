"""The default recipe: plan, execute, then speak, and let every check judge the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Struct

from callsmith import mix, seeds
from callsmith.check.expect import Expectation
from callsmith.check.run import judge
from callsmith.config import Config
from callsmith.errors import IMPOSSIBLE, PlanUnfit
from callsmith.execute import arguments
from callsmith.graph import build
from callsmith.language.voice import Worded, word
from callsmith.meaning import Plan, Step, Trace
from callsmith.plan import duties
from callsmith.plan.draft import Draft
from callsmith.plan.known import Known, known
from callsmith.plan.planner import odds_of, plan_rounds, untried
from callsmith.ports import PeopledWorld, World
from callsmith.recipes.offers import shown
from callsmith.recipes.origins import disagreement
from callsmith.recipes.shared import Shared
from callsmith.recipes.talk import small_talk
from callsmith.recipes.without import abilities, abstaining
from callsmith.records import (
    Attempt,
    Call,
    Conversation,
    Kind,
    Offer,
    Slot,
    Tape,
    Tool,
    ToolGraph,
    Toolset,
    WorldState,
)
from callsmith.text import mask
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Journal, Maker

Register = Literal["casual", "neutral", "formal"]

REGISTERS: tuple[Register, ...] = ("casual", "casual", "neutral", "neutral", "neutral", "formal")
TWINS = 0.35  # share of no-tool slots that repeat another slot's first request with its tool taken away
ALTERNATIVES = 4  # sequences stored with a row at most
TWIN_REACH = 64  # how far back a twin is looked for


class SlotSequence(Protocol):
    """The slots of a run by index."""

    def __getitem__(self, index: int) -> Slot: ...


class Parts(Struct, frozen=True):
    """What a process keeps for all its slots."""

    seed: int
    toolsets: Mapping[str, Toolset]
    slots: Any  # SlotSequence
    locales: tuple[str, ...]
    thoughts: bool
    offer: tuple[int, int]  # fewest and most tools shown
    worlds: Mapping[str, Maker] = {}  # by toolset, where its worlds are not inferred from its tools
    settings: Config = Config(toolkits=())  # what recipes in which models speak go by
    shared: Shared | None = None  # what attempts of a run in which models speak may know of one another


@runtime_checkable
class Rehearsing(Protocol):
    """A maker that has a world of the same records on which openings can be tried."""

    def rehearse(self, seed: int) -> PeopledWorld: ...


class Drafted(Struct, frozen=True):
    """A plan that was bound and executed, its trace, and what the row says of its descent."""

    plan: Plan
    trace: Trace
    lineage: Mapping[str, Any]
    kept: int = 0  # the draft it is


_GRAPHS: dict[str, ToolGraph] = {}


def graph_of(toolset: Toolset) -> ToolGraph:
    """The graph of a toolset, made once per process."""
    if toolset.hash not in _GRAPHS:
        _GRAPHS[toolset.hash] = build(toolset)
    return _GRAPHS[toolset.hash]


# kinds by which the tools are known that talks begin with
LIKELY: Sequence[Kind] = ("single", "dependent", "parallel")
DRAFTS_A_WORLD = 32  # that openings are tried on: as many as an ordinary kind needs
_ODDS: dict[tuple[str, Kind], list[float]] = {}
_BEGUN: dict[tuple[str, Kind], Mapping[str, float]] = {}  # tool -> how often talks of a kind begin with it


def world_of(toolset: Toolset, maker: Maker | None, seed: int, journal: Journal, draft: int) -> PeopledWorld:
    """A world a toolset lives in: one its maker gives, or one inferred from its tools."""
    if maker is None:
        return InferredWorld(toolset, seed)
    return maker.make(toolset, seed, journal, draft)


def odds(toolset: Toolset, kind: Kind, maker: Maker | None = None) -> list[float]:
    """How the planner weighs a kind's openings for a toolset, found once per process."""
    rehearsing = maker if isinstance(maker, Rehearsing) else None
    if maker is not None and maker.live and rehearsing is None:
        return untried(kind, known(toolset))
    key = (toolset.hash, kind)
    if key not in _ODDS:

        def draft(trial: int) -> Draft:
            purpose = seeds.number(toolset.hash, kind, trial, "odds")
            world_seed = seeds.number(toolset.hash, trial // DRAFTS_A_WORLD, "odds")
            world: PeopledWorld
            if rehearsing is not None:
                world = rehearsing.rehearse(world_seed)
            else:
                world = world_of(toolset, maker, world_seed, Journal(), trial)
            tried[trial] = Draft(known(toolset), world, lambda: world, seeds.rng(purpose), purpose)
            return tried[trial]

        tried: dict[int, Draft] = {}
        _ODDS[key] = odds_of(kind, draft)
        _BEGUN[key] = begun(_ODDS[key], tried)
    return _ODDS[key]


def begun(odds: Sequence[float], tried: Mapping[int, Draft]) -> Mapping[str, float]:
    """How often a kind's conversations begin with a tool, as the drafts tell that its openings were tried on."""
    found: dict[str, float] = {}
    for trial, draft in sorted(tried.items()):
        for tool in called(draft)[:1]:
            found[tool] = found.get(tool, 0.0) + odds[trial % len(odds)]
    return found


def likely(toolset: Toolset, maker: Maker | None = None) -> Mapping[str, float]:
    """The share of conversations that begin with a tool, roughly; nothing for tools that nobody tried out."""
    for kind in LIKELY:
        odds(toolset, kind, maker)
    found: dict[str, float] = {}
    begun = [counts for kind in LIKELY if any((counts := _BEGUN.get((toolset.hash, kind), {})).values())]
    for counts in begun:
        for tool, times in counts.items():
            found[tool] = found.get(tool, 0.0) + times / sum(counts.values()) / len(begun)
    return found


def attempt(parts: Parts, slot: Slot, number: int) -> Attempt:
    """One try at filling a slot; a plan that cannot be bound is a rejected attempt with its reason."""
    maker = parts.worlds.get(slot.toolset)
    journal = maker.journal(slot.index, number) if maker is not None else Journal()
    try:
        drafted, worded = made(parts, slot, number, journal)
    except PlanUnfit as unfit:
        return unplanned(parts, slot, number, unfit, journal)
    return judged(parts, slot, number, drafted, worded, journal)


def unplanned(parts: Parts, slot: Slot, number: int, unfit: PlanUnfit, journal: Journal) -> Attempt:
    """The attempt that found no plan, with the reason."""
    maker = parts.worlds.get(slot.toolset)
    tape = Tape(journal.calls) if maker is not None and maker.live else None
    # What cannot be asked may be another request in the next try, where the tool is to be missing.
    final = unfit.final and slot.kind != "no_tool"
    why = f"{IMPOSSIBLE if final else 'plan'}: {unfit}"
    return Attempt(slot.index, number, None, rejected=why[:200], tape=tape)


def judged(
    parts: Parts, slot: Slot, number: int, drafted: Drafted, worded: Worded, journal: Journal
) -> Attempt:
    """The attempt that a plan and its words are, with what every check says of them."""
    maker = parts.worlds.get(slot.toolset)
    toolset = parts.toolsets[slot.toolset]
    untraced = row(parts, slot, drafted, worded)
    executed = drafted.trace.groups
    tape = Tape(journal.calls, drafted.kept) if maker is not None and maker.live else None
    expectation = Expectation(
        calls=[[bound.call for bound in group] for item in executed for group in item],
        turns=[len(item) for item in executed],
    )
    verdicts, origins = judge(untraced, toolset, expectation, again=_again(untraced, toolset, maker, tape))
    conversation = msgspec.structs.replace(untraced, provenance=origins)
    apart = disagreement(executed, origins)
    failed = next((verdict for verdict in verdicts if verdict.outcome == "fail"), None)
    first = worded.said[min(worded.said)]
    skeleton = mask(first.text, [(start, end) for _, start, end in first.spans], drafted.plan.scene.now)
    rejected = f"{failed.check}: {failed.reason}" if failed else f"origins: {apart}" if apart else ""
    return Attempt(
        slot.index, number, conversation, verdicts, rejected[:200], expectation.calls, skeleton, tape
    )


def _again(
    conversation: Conversation, toolset: Toolset, maker: Maker | None, tape: Tape | None
) -> Callable[[], World] | None:
    """What gives the world of a conversation once more, where it is not inferred."""
    state = conversation.world
    if maker is None or state is None:
        return None
    calls = [item for item in tape.calls if item.draft == tape.kept] if tape is not None else []
    return lambda: maker.again(state, toolset, calls)


def made(
    parts: Parts, slot: Slot, number: int, journal: Journal, twins: bool = True
) -> tuple[Drafted, Worded]:
    """The plan and the words of one attempt; a twin, where there may be any, takes the words of the slot it repeats.

    Raises:
        PlanUnfit: no plan of the kind binds here.
    """
    rng = seeds.rng(parts.seed, slot.toolset, slot.index, number, "plan")
    maker = parts.worlds.get(slot.toolset)
    again = twins and (
        maker is None or not maker.live
    )  # what is not ours need not answer the same to another's request
    alike = slot.kind == "no_tool" and number == 0 and again and rng.random() < TWINS
    twin = _twin(parts, slot) if alike else None
    if twin is not None:
        try:
            return _repeated(parts, slot, twin, rng)
        except PlanUnfit:
            pass  # the other's request cannot be made impossible here: this slot asks something of its own
    drafted = planned(parts, slot, number, rng, journal)
    index = known(parts.toolsets[slot.toolset])
    return drafted, word(
        drafted.plan, drafted.trace, index, seeds.rng(parts.seed, slot.toolset, slot.index, number, "wording")
    )


def _twin(parts: Parts, slot: Slot) -> Slot | None:
    for back in range(1, TWIN_REACH):
        if slot.index < back:
            return None
        other = parts.slots[slot.index - back]
        if (
            other.kind in ("single", "dependent")
            and other.toolset == slot.toolset
            and other.seed == slot.seed
        ):
            used = any(parts.slots[slot.index - between].kind == "no_tool" for between in range(1, back))
            return None if used else other
    return None


def _repeated(parts: Parts, slot: Slot, twin: Slot, rng: seeds.Rng) -> tuple[Drafted, Worded]:
    donor, worded = made(parts, twin, 0, Journal())
    toolset = parts.toolsets[slot.toolset]
    maker = parts.worlds.get(slot.toolset)
    reply, tools = abstaining(
        known(toolset), graph_of(toolset), donor.plan.rounds[0], rng, rng.randint(*parts.offer),
        often=likely(toolset, maker),
    )  # fmt: skip
    plan = msgspec.structs.replace(
        donor.plan,
        kind="no_tool",
        intent="no tool",
        offer=tools,
        rounds=[msgspec.structs.replace(donor.plan.rounds[0], groups=[], reply=reply)],
    )
    trace = Trace([[]], donor.trace.before, donor.trace.before)
    own = word(plan, trace, known(toolset), rng)
    first = worded.said[min(worded.said)]
    messages = [worded.messages[0], worded.messages[1], own.messages[-1]]
    lineage = {"twin_of": row_id(parts.seed, twin, toolset)}
    return Drafted(plan, trace, lineage), Worded(messages, {1: first})


def planned(parts: Parts, slot: Slot, number: int, rng: seeds.Rng, journal: Journal) -> Drafted:
    """Bind and execute a plan of the slot's kind."""
    toolset = parts.toolsets[slot.toolset]
    index = known(toolset)
    size = rng.randint(*parts.offer)

    maker = parts.worlds.get(slot.toolset)
    last = 0
    turns = mix.turns(parts.slots, slot, number)

    def draft(trial: int) -> Draft:
        nonlocal last
        last = trial
        purpose = seeds.number(parts.seed, slot.toolset, slot.index, number, "draft", trial)

        def world() -> PeopledWorld:
            return world_of(toolset, maker, slot.seed, journal, trial)

        spread = turns[1:] if trial in (0, duties.FIRST) else ()
        return Draft(index, world(), world, seeds.rng(purpose), purpose, spread)

    if slot.kind == "chat":
        done = draft(0)
        tools = shown([], index, graph_of(toolset), size, rng, often=likely(toolset, maker))
        done.rounds = small_talk(abilities(index, tools.tools), _register(rng), rng)
        done.executed = [[] for _ in done.rounds]
    elif slot.kind == "no_tool":
        done, tools = _without(index, maker, draft, rng, size)
    else:
        ours = maker is None or not maker.live
        found = duties.owed(slot.kind, index, draft, mix.duty(slot, number), rng) if ours else None
        done = found or plan_rounds(slot.kind, draft, odds(toolset, slot.kind, maker), turns[0])
        tools = shown(called(done), index, graph_of(toolset), size, rng, often=likely(toolset, maker))
    return finished(parts, slot, done, tools, rng, last)


def finished(parts: Parts, slot: Slot, done: Draft, tools: Offer, rng: seeds.Rng, kept: int = 0) -> Drafted:
    """A draft with what the voice needs to know of it; ``kept`` is its number among those of the attempt."""
    plan = Plan(
        kind=slot.kind,
        intent=done.rounds[0].intent,
        locale=parts.locales[int(rng.random() * len(parts.locales))],
        clarity="good",
        register=_register(rng),
        offer=tools,
        scene=done.scene,
        rounds=done.rounds,
        thoughts=parts.thoughts,
    )
    others = alternatives(done, tools)
    trace = Trace(done.executed, done.fresh().digest(), done.world.digest(), others)
    return Drafted(plan, trace, {}, kept)


def _register(rng: seeds.Rng) -> Register:
    return REGISTERS[int(rng.random() * len(REGISTERS))]


def _without(
    index: Known, maker: Maker | None, draft: Callable[[int], Draft], rng: seeds.Rng, size: int
) -> tuple[Draft, Offer]:
    """A request of another kind, answered without its tools."""
    kind: Kind = "single" if rng.random() < 0.6 else "dependent"
    donor = plan_rounds(kind, draft, odds(index.toolset, kind, maker))
    often = likely(index.toolset, maker)
    reply, tools = abstaining(index, graph_of(index.toolset), donor.rounds[0], rng, size, often=often)
    fresh = draft(0)
    fresh.close("no tool", donor.rounds[0].ask, reply)
    return fresh, tools


def alternatives(draft: Draft, tools: Offer) -> list[list[Call]]:
    """Other sequences of calls that would do equally: each swaps one look-up for another that finds the same record."""
    calls = [bound.call for item in draft.executed for group in item for bound in group]
    steps = [bound.step.id for item in draft.executed for group in item for bound in group]
    found: list[list[Call]] = []
    for place, (step, call) in enumerate(zip(steps, calls, strict=True)):
        for tool, sources in draft.equals.get(step, ()):
            if tool.name in tools.tools and len(found) < ALTERNATIVES:
                bound = Call(call.id, tool.name, arguments(Step(step, tool.name, sources), draft.done))
                if bound != call:
                    found.append([*calls[:place], bound, *calls[place + 1 :]])
    return found


def called(draft: Draft) -> list[str]:
    """The tools a draft calls, each once."""
    return list(dict.fromkeys(step.tool for item in draft.rounds for group in item.groups for step in group))


def row_id(seed: int, slot: Slot, toolset: Toolset) -> str:
    """The id of the row that fills a slot of a run."""
    return seeds.identity(seed, slot.index, slot.kind, toolset.hash)


def row(parts: Parts, slot: Slot, drafted: Drafted, worded: Worded) -> Conversation:
    """The finished conversation, its arguments not traced yet."""
    toolset = parts.toolsets[slot.toolset]
    by_name = {tool.name: tool for tool in toolset.tools}
    plan, trace = drafted.plan, drafted.trace
    maker = parts.worlds.get(slot.toolset)
    kind = maker.kind if maker is not None else "inferred"
    return Conversation(
        tools=[definition(by_name[name]) for name in plan.offer.tools],
        messages=worded.messages,
        id=row_id(parts.seed, slot, toolset),
        kind=plan.kind,
        locale=plan.locale,
        intent=plan.intent,
        alternatives=trace.alternatives,
        world=WorldState(kind, slot.seed, toolset.hash, plan.scene.now, trace.before, trace.after),
        lineage=drafted.lineage,
    )


def definition(tool: Tool) -> dict[str, Any]:
    """A tool as a chat request offers it."""
    return {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
