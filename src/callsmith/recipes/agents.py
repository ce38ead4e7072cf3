"""The recipe of two models that talk along a plan which only one of them sees, while tools are executed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from callsmith import prompts, seeds
from callsmith.catalog.data import read
from callsmith.check.run import judge
from callsmith.config import Config
from callsmith.config_recipes import Agents, SystemPrompts
from callsmith.errors import IMPOSSIBLE, PlanUnfit, Unanswered
from callsmith.language.spoken import WEEKDAYS
from callsmith.models.asking import Asking
from callsmith.plan.known import SURE, Known, known
from callsmith.ports import PeopledWorld, World
from callsmith.prompts import Prompt
from callsmith.recipes.dialogue_plan import Casting, DialoguePlan, sorts_of, written
from callsmith.recipes.grounded import definition, graph_of, row_id, world_of
from callsmith.recipes.material import material
from callsmith.recipes.offers import shown
from callsmith.recipes.reach import direct, with_finders
from callsmith.recipes.speakers import Manner, Person, Player
from callsmith.recipes.system_prompts import Form, form_of, lineage, system_of, with_brief
from callsmith.recipes.without import substitutes
from callsmith.records import Attempt, Conversation, Json, Kind, Slot, Tape, Tool, Toolset, WorldState
from callsmith.rollout import Limits, Rollout, Task, rollout
from callsmith.sample import walk
from callsmith.world.journal import Journal, Maker, Replayed
from callsmith.world.model import KIND, ModelWorld, Playing

LEXICON = "catalog/lexicon/dispositions.yaml"
USED = (
    "plan",
    "opening",
    "turn",
    "assistant",
    "form",
    "world",
)  # prompts of the recipe, those of kinds apart
_ENDED = {
    "turns": "unfinished: the user would have gone on after the last turn",
    "steps": "endless: the assistant went on calling",
    "invalid": "calls: more than may be corrected could not be made",
    "silent": "silent: the assistant neither spoke nor called",
    "endless": "endless: a message of the assistant was cut off",
}


class Settings(Protocol):
    """What the recipe reads of a configuration."""

    @property
    def agents(self) -> Agents: ...

    @property
    def system_prompts(self) -> SystemPrompts: ...

    @property
    def prompts(self) -> str: ...


class Parts(Protocol):
    """What a process keeps for all its slots."""

    @property
    def seed(self) -> int: ...

    @property
    def toolsets(self) -> Mapping[str, Toolset]: ...

    @property
    def locales(self) -> tuple[str, ...]: ...

    @property
    def thoughts(self) -> bool: ...

    @property
    def offer(self) -> tuple[int, int]: ...

    @property
    def worlds(self) -> Mapping[str, Maker]: ...

    @property
    def settings(self) -> Settings: ...


class Stage(Struct, frozen=True):
    """Everything one attempt is made of before anybody speaks."""

    toolset: Toolset
    world: PeopledWorld
    offered: Sequence[str]
    casting: Casting
    form: Form
    system: str
    manner: Manner


async def attempt(parts: Parts, slot: Slot, number: int, asking: Asking) -> Attempt:
    """One try at filling a slot: a plan, a talk along it, and what every check says of the row.

    Whatever the models answer, it ends: with a row, or with the reason why there is none.

    Raises:
        ModelError: a model gives no answer at all.
    """
    maker = parts.worlds.get(slot.toolset)
    journal = maker.journal(slot.index, number) if maker is not None else Journal()
    live = maker is not None and maker.live
    try:
        stage = staged(parts, slot, number, journal, asking)
        plan = await _planned(stage, slot)
        world = world_for(parts, slot, stage, asking)
        person = Person(plan, stage.casting, stage.manner)
        talk = await rollout(
            _task(parts, slot, number, stage, plan),
            world,
            person.speak,
            player_of(parts, stage).answer,
            _limits(parts.settings.agents),
        )
    except (Unanswered, PlanUnfit) as error:
        tape = Tape(journal.calls) if live else None
        return Attempt(slot.index, number, None, rejected=f"{refusal(error)}: {error}"[:200], tape=tape)
    finished = talk.ended == "done" or (talk.ended == "turns" and person.content)
    reason = "" if finished else _ENDED[talk.ended]
    return judged(parts, slot, number, _Made(stage, plan, talk, world, journal, reason))


def refusal(error: Unanswered | PlanUnfit) -> str:
    """The sort of reason that an attempt without a conversation ends with."""
    if isinstance(error, Unanswered):
        return "unanswered"
    return IMPOSSIBLE if error.final else "plan"


def staged(parts: Parts, slot: Slot, number: int, journal: Journal, asking: Asking) -> Stage:
    """Tools, world, person and manner of an attempt, drawn by its seed.

    Raises:
        PlanUnfit: too few tools can be called.
    """
    settings = parts.settings.agents
    rng = seeds.rng(parts.seed, slot.toolset, slot.index, number, "agents")
    toolset = parts.toolsets[slot.toolset]
    index, graph = known(toolset), graph_of(toolset)
    maker = parts.worlds.get(slot.toolset)
    world = world_of(toolset, maker, slot.seed, journal, 0)
    locale = parts.locales[int(rng.random() * len(parts.locales))]
    around = around_of(index, slot.kind, callable_names(index, maker, settings.simulate), settings.tools, rng)
    needed = [] if slot.kind in ("no_tool", "chat") else around
    gone: Collection[str] = ()
    if slot.kind == "no_tool":
        gone = substitutes(index, [index.tools[name] for name in around])
        if len(toolset.tools) - len(gone) < 3:
            raise PlanUnfit("nothing would be left to offer")
    offered = shown(needed, index, graph, rng.randint(*parts.offer), rng, gone).tools
    form = form_of(parts.settings.system_prompts, index, needed, rng)
    system = system_of(form, world, index, offered, slot.kind, locale, rng=rng)
    scene = world.scene
    casting = Casting(
        kind=slot.kind,
        sorts=sorts_of(slot.kind, settings.requests.min, settings.requests.max, settings.chat, rng),
        person=f"{scene.user.name}, {scene.user.role} at {scene.company} in {scene.city}",
        persona=drawn_persona(settings, rng),
        disposition=drawn_disposition(settings, slot.kind, rng),
        locale=locale,
        moment=moment_of(scene.now, form),
        tools=[definition(index.tools[name]) for name in offered],
        around=[{"name": name, "does": index.tools[name].description} for name in around],
        records=material(world, index, around if needed else offered, settings.material, rng),
    )
    manner = Manner(asking, _prompts(parts.settings.prompts), settings.corrections, settings.length)
    return Stage(toolset, world, offered, casting, form, system, manner)


def around_of(index: Known, kind: Kind, pool: Sequence[str], count: int, rng: seeds.Rng) -> list[str]:
    """The tools a plan is written around, with what finds what they need; where each request is one call, tools that
    need nothing found."""
    if not pool:
        raise PlanUnfit("no tool can be called", final=True)
    if kind in ("single", "parallel"):
        pool = [name for name in pool if direct(index.tools[name])]
        if not pool:
            raise PlanUnfit("every call needs something that has to be found first", final=True)
    if kind == "no_tool":
        return walk(pool, graph_of(index.toolset), 1, rng)  # what would do it too is taken out with it
    return with_finders(walk(pool, graph_of(index.toolset), count, rng), index, pool, rng)


@lru_cache(maxsize=4)
def _prompts(folder: str) -> Mapping[str, Prompt]:
    return prompts.load(folder)


def callable_names(index: Known, maker: Maker | None, all_of_them: bool) -> list[str]:
    """The tools a plan may be written around: those the world executes, and, where wished, those that
    only a model could."""

    def fits(tool: Tool) -> bool:
        if tool.hints.get("forbidden"):
            return False
        if maker is not None and not maker.live:
            return True  # functions are executed, whatever is understood of them
        return (tool.effect != "opaque" and tool.confidence >= SURE) or (maker is None and all_of_them)

    return [tool.name for tool in index.toolset.tools if fits(tool)]


def played_names(index: Known, maker: Maker | None, settings: Agents) -> list[str]:
    """The tools a model plays: what an inferred world does not understand. A world of another kind does all it can."""
    if maker is not None or not settings.simulate:
        return []
    return [tool.name for tool in index.toolset.tools if tool.effect == "opaque" or tool.confidence < SURE]


def world_for(parts: Parts, slot: Slot, stage: Stage, asking: Asking) -> World:
    """The world the talk runs in: the one its toolset lives in, with a model for what nothing else executes."""
    settings = parts.settings.agents
    played = played_names(known(stage.toolset), parts.worlds.get(slot.toolset), settings)
    if not set(played) & set(stage.offered):
        return stage.world
    playing = Playing(asking, stage.manner.prompts["agents/world"], settings.corrections, settings.length)
    return ModelWorld(stage.toolset, slot.seed, stage.world, stage.world.scene, played, playing)


async def _planned(stage: Stage, slot: Slot) -> DialoguePlan:
    manner = stage.manner
    return await written(
        manner.asking,
        manner.prompts["agents/plan"],
        manner.prompts[f"agents/kinds/{slot.kind}"],
        stage.casting,
        corrections=manner.corrections,
        length=2 * manner.length,
    )


def _task(parts: Parts, slot: Slot, number: int, stage: Stage, plan: DialoguePlan) -> Task:
    """What the assistant is put before. Of the plan it holds the brief alone."""
    seed = seeds.number(parts.seed, slot.toolset, slot.index, number, "agents")
    return Task(stage.casting.tools, with_brief(stage.system, plan.brief, stage.form), seed)


def player_of(parts: Parts, stage: Stage) -> Player:
    """The assistant of an attempt."""
    casting, calling = stage.casting, parts.settings.agents.calling
    return Player(casting.tools, casting.locale, calling, parts.thoughts, stage.manner)


def _limits(settings: Agents) -> Limits:
    return Limits(settings.turns, settings.steps, settings.corrections)


class _Made(Struct, frozen=True):
    """A talk with what it was made of, and why it is no row, if it is none."""

    stage: Stage
    plan: DialoguePlan
    talk: Rollout
    world: World
    journal: Journal
    reason: str


def judged(parts: Parts, slot: Slot, number: int, made: _Made) -> Attempt:
    """The attempt that a talk is. It has no planned calls to be compared with: the checks judge it blind."""
    maker = parts.worlds.get(slot.toolset)
    toolset, world = made.stage.toolset, made.world
    live = maker is not None and maker.live
    tape = Tape(made.journal.calls) if live else None
    if isinstance(world, ModelWorld) and world.kind == KIND:
        before, tape = world.before(), Tape(world.answered())
    else:
        before = world_of(toolset, maker, slot.seed, Journal(), 0).digest()
    scene = made.stage.world.scene
    state = WorldState(world.kind, slot.seed, toolset.hash, scene.now, before, world.digest())
    untraced = Conversation(
        tools=made.stage.casting.tools,
        messages=made.talk.messages,
        id=row_id(parts.seed, slot, toolset),
        kind=slot.kind,
        locale=made.stage.casting.locale,
        intent="agents",
        world=state,
        lineage=_lineage(made, slot),
    )
    if made.reason:
        return Attempt(slot.index, number, untraced, rejected=made.reason, tape=tape)
    verdicts, origins = judge(untraced, toolset, None, again=_again(untraced, toolset, maker, tape))
    conversation = msgspec.structs.replace(untraced, provenance=origins)
    failed = next((verdict for verdict in verdicts if verdict.outcome == "fail"), None)
    rejected = f"{failed.check}: {failed.reason}"[:200] if failed else ""
    return Attempt(slot.index, number, conversation, verdicts, rejected, tape=tape)


def _again(conversation: Conversation, toolset: Toolset, maker: Maker | None, tape: Tape | None) -> Any:
    """What gives the world of a talk once more, where it is not inferred."""
    state = conversation.world
    calls = list(tape.calls) if tape is not None else []
    if state is None or (maker is None and state.kind != KIND):
        return None
    if maker is None:
        return lambda: Replayed(state, toolset, calls)
    return lambda: maker.again(state, toolset, calls)


def _lineage(made: _Made, slot: Slot) -> dict[str, Json]:
    casting = made.stage.casting
    names = [f"agents/{name}" for name in USED] + [f"agents/kinds/{slot.kind}"]
    return {
        "recipe": "agents",
        "prompts": {name: made.stage.manner.prompts[name].version for name in names},
        **lineage(made.stage.form),
        "persona": casting.persona,
        "disposition": casting.disposition,
        "scenario": made.plan.scenario,
        "requests": [wanted.text for wanted in made.plan.requests],
    }


class Ways(Protocol):
    """Ways of speaking and of how talks go, where a configuration has its own."""

    @property
    def personas(self) -> Sequence[str]: ...

    @property
    def dispositions(self) -> Mapping[str, float]: ...


def drawn_persona(settings: Ways, rng: seeds.Rng) -> str:
    """A way of speaking."""
    return str(rng.choice(settings.personas or read(LEXICON)["personas"]))


def drawn_disposition(settings: Ways, kind: Kind, rng: seeds.Rng) -> str:
    """How a talk would go; one whose calls are counted goes its way without a change of mind."""
    own = settings.dispositions if kind in ("multi_turn", "chat") else {}
    packaged = [each for each in read(LEXICON)["dispositions"] if kind == "multi_turn" or each.get("calm")]
    given = own or {each["say"]: each["weight"] for each in packaged}
    names = list(given)
    return names[seeds.weighted(rng, [given[name] for name in names])]


def moment_of(now: str, form: Form) -> str:
    """What the writer of a plan is told of the day: people may speak of "tomorrow" where the assistant knows it."""
    moment = datetime.fromisoformat(now)
    day = f"It is {WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d}, {moment:%H:%M}."
    if form == "none":
        return f"{day} The assistant does not know that: days are said in full, with their year."
    return f"{day} The assistant knows that."


def calls(config: Config) -> tuple[int, int]:
    """Calls one attempt makes at least and at most: the plan, then each side's messages, all of them in need of every
    correction; what a simulated world is asked comes on top."""
    settings = config.agents
    each = settings.corrections + 1
    asked = each * (1 + settings.turns * (1 + settings.steps))
    return 1 + 3, asked
