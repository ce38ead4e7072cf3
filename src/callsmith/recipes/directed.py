"""One conversation that calls a given tool, made as any other is: planned, executed, worded, judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from callsmith import seeds
from callsmith.errors import PlanUnfit, WordingFailed
from callsmith.language.voice import word
from callsmith.plan.draft import Draft
from callsmith.plan.duties import focused, ways_of
from callsmith.plan.known import known
from callsmith.plan.planner import Intent, fits_kind
from callsmith.recipes import grounded
from callsmith.recipes.grounded import Parts, called, graph_of, world_of
from callsmith.recipes.offers import shown
from callsmith.recipes.unreached import reason_of
from callsmith.records import Kind, Slot, Tool, Toolset, User
from callsmith.world.journal import Journal, Maker

TRIES = 24  # with each way a tool of its effect can be asked for
OFFER = (3, 6)


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
    ways = ways_of(known(toolset), tool)
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
