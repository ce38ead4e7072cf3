"""One conversation that calls a given tool, made as any other is: planned, executed, worded, judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct, structs

from callsmith import seeds
from callsmith.errors import PlanUnfit, WordingFailed
from callsmith.language.voice import word
from callsmith.plan import held
from callsmith.plan.draft import Draft
from callsmith.plan.intents import (
    changing,
    computing,
    enquiring,
    holding,
    making,
    messaging,
    reading,
    settings,
    several,
    sharing,
    untitled,
)
from callsmith.plan.known import Known, known
from callsmith.plan.planner import Intent, fits_kind
from callsmith.plan.serving import sought
from callsmith.recipes import grounded
from callsmith.recipes.grounded import Parts, called, graph_of, world_of
from callsmith.recipes.offers import shown
from callsmith.recipes.unreached import reason_of
from callsmith.records import Kind, Slot, Tool, Toolset, User
from callsmith.world.journal import Journal, Maker

TRIES = 24  # with each way a tool of its effect can be asked for
OFFER = (3, 6)

_FINDING: tuple[tuple[Kind, Intent], ...] = (
    ("single", reading.show_list),
    ("single", untitled.show_untitled),
    ("single", reading.find_and_tell),
    ("dependent", holding.list_under),
    ("dependent", reading.look_up),
    ("dependent", changing.act),
    ("dependent", changing.change),
)
_PARTS: Mapping[str, Sequence[tuple[Kind, Intent]]] = {
    "read": (("single", settings.look_into), ("dependent", settings.look_into)),
    "update": (("single", settings.set_part), ("dependent", settings.set_part)),
    "delete": (("single", settings.remove_part), ("dependent", settings.remove_part)),
}
_ACTING: tuple[tuple[Kind, Intent], ...] = (
    ("dependent", changing.act),
    ("single", changing.act),
    ("dependent", held.act_on_held),
    ("dependent", changing.connect),
    ("dependent", several.batch),
)
_ENQUIRING: tuple[tuple[Kind, Intent], ...] = (
    ("single", enquiring.enquire),
    ("dependent", enquiring.enquire),
)
WAYS: Mapping[str, Sequence[tuple[Kind, Intent]]] = {
    "list": _FINDING,
    "search": _FINDING,
    "read": (("single", reading.look_up), ("dependent", reading.look_up)),
    "create": (
        ("single", making.create),
        ("single", messaging.send),
        ("single", making.create_under),
        ("dependent", making.create_under),
        ("parallel_dependent", making.create_between),
        ("dependent", messaging.send_found),
        ("dependent", sharing.share),
    ),
    "update": (
        ("dependent", changing.change),
        ("single", changing.change),
        ("dependent", changing.connect),
        ("dependent", held.act_on_held),
    ),
    "delete": (("dependent", changing.remove), ("single", changing.remove), ("dependent", held.act_on_held)),
    "act": _ACTING,
    "compute": (("single", computing.compute), ("parallel", computing.compute_two)),
}


def ways_of(toolset: Toolset, tool: Tool) -> Sequence[tuple[Kind, Intent]]:
    """In which ways a tool can be asked for: by what it does, and a look-up without a record by what it tells."""
    if "enquired" in tool.hints:
        return _ENQUIRING
    return _PARTS[tool.deed] if tool.entity in known(toolset).parts else WAYS.get(tool.deed, ())


class Sample(Struct, frozen=True):
    """What somebody says to have a tool called; or why no row with it came about."""

    request: str = ""
    arguments: object = None
    why_not: str = ""


def sample(toolset: Toolset, tool: Tool, maker: Maker | None = None, seed: int = 0) -> Sample:
    """A conversation's first request in whose answer the tool is called, from a row that every check passes.

    Tried ``TRIES`` times in each way a tool of its effect is asked for, in a world of the whole toolset; where
    none serves, the commonest reason. Nothing is tried on a world that is not ours.
    """
    if maker is not None and maker.live:
        return Sample(why_not="its calls go to something that runs; nothing is tried on it")
    reasons: Counter[str] = Counter()
    parts = Parts(
        seed=seed,
        toolsets={toolset.name: toolset},
        slots=(),
        locales=("en-GB",),
        thoughts=False,
        offer=OFFER,
        worlds={toolset.name: maker} if maker else {},
    )
    ways = ways_of(toolset, tool)
    for trial, (kind, intent) in _trials(ways):
        purpose = seeds.number(seed, tool.name, trial, kind, intent.__name__)
        world_seed = seeds.number(seed, "world", trial // 4)
        fresh = partial(world_of, toolset, maker, world_seed, Journal(), trial)
        index = focused(known(toolset), tool, alone=trial % 2 == 0)
        draft = Draft(
            index,
            fresh(),
            fresh,
            seeds.rng(purpose),
            purpose,
        )
        try:
            intent(draft)
            if tool.name not in called(draft):
                raise PlanUnfit("other tools serve instead")
            if not fits_kind(kind, draft.rounds):
                raise PlanUnfit(f"the calls are of another kind than {kind}")
            found = _spoken(parts, Slot(0, kind, toolset.name, world_seed), draft, tool)
        except (PlanUnfit, WordingFailed) as unfit:
            reasons[str(unfit)] += 1
            continue
        except Exception as error:  # in a run such an attempt is data; here it is a reason
            reasons[f"error:{type(error).__name__}: {error}"[:200]] += 1
            continue
        if found.request:
            return found
        reasons[found.why_not] += 1
    return Sample(why_not=reason_of(reasons, tool, known(toolset)))


def _trials(ways: Sequence[tuple[Kind, Intent]]) -> Iterator[tuple[int, tuple[Kind, Intent]]]:
    for trial in range(TRIES):
        for way in ways:
            yield trial, way


def _spoken(parts: Parts, slot: Slot, draft: Draft, tool: Tool) -> Sample:
    toolset = parts.toolsets[slot.toolset]
    index, rng = known(toolset), seeds.rng(draft.seed, "wording")
    tools = shown(called(draft), index, graph_of(toolset), OFFER[1], rng)
    drafted = grounded.finished(parts, slot, draft, tools, rng)
    worded = word(drafted.plan, drafted.trace, index, rng)
    made = grounded.judged(parts, slot, 0, drafted, worded, Journal())
    if made.rejected:
        return Sample(why_not=made.rejected)
    first = next(message for message in worded.messages if isinstance(message, User))
    calls = [bound.call for item in draft.executed for group in item for bound in group]
    return Sample(first.text, next(call.arguments for call in calls if call.name == tool.name))


def focused(index: Known, tool: Tool, alone: bool) -> Known:
    """The index as it is when nothing but this tool does what it does.

    What finds records stays, but where a finder is to be ``alone`` only what finds what it is given does.
    """

    def only(tools: Mapping[str, Sequence[Tool]]) -> dict[str, list[Tool]]:
        return {key: [tool] for key, members in tools.items() if tool in members}

    groups = {name: only(getattr(index, name)) for name in ("makers", "changers", "removers", "actors")}
    finders, getters = index.finders, index.getters
    if tool.effect in ("list", "search"):
        kept = _given(index, tool) if alone else finders
        finders = {**{key: list(finders[key]) for key in finders if key in kept}, **only(finders)}
        if not alone:
            groups = {name: getattr(index, name) for name in groups}
    if tool.effect == "read":
        getters = only(getters)
    computers = [tool] if tool.effect == "compute" else []
    parts = {
        key: structs.replace(
            part,
            readers=_one(part.readers, tool),
            writers=_one(part.writers, tool),
            removers=_one(part.removers, tool),
        )
        for key, part in index.parts.items()
        if key == tool.entity
    }
    return structs.replace(
        index, **groups, finders=finders, getters=getters, computers=computers, parts=parts
    )


def _given(index: Known, tool: Tool) -> list[str]:
    """The kinds of record whose ids a listing needs, and those that are needed to list these."""
    found: list[str] = []
    tools = [tool]
    for one in tools:  # grows while it is walked
        for key in (p.refers for p in one.inputs if sought(p)):
            if key not in found:
                found.append(key)
                tools.extend(index.finders.get(key, ()))
    return found


def _one(tools: Sequence[Tool], tool: Tool) -> list[Tool]:
    return [one for one in tools if one is tool]
