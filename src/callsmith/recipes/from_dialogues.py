"""The recipe that begins with dialogues: a task is made of one, functions for the task, a world, and a talk in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct

from callsmith import prompts, seeds
from callsmith.check.run import judge
from callsmith.compose.answers import TEXT, closed
from callsmith.compose.functions import Function, functions
from callsmith.compose.tasks import numbered
from callsmith.config import Config
from callsmith.config_recipes import Agents, FromDialogues
from callsmith.errors import Unanswered
from callsmith.ingest import dialogues
from callsmith.models.asking import Asking
from callsmith.plan.known import known
from callsmith.ports import World
from callsmith.prompts import Prompt, render
from callsmith.recipes.agents import drawn_disposition, drawn_persona, moment_of
from callsmith.recipes.composing import Idea, imagined, toolset_of, unworldly
from callsmith.recipes.dialogue_plan import (
    LANGUAGES,
    Casting,
    DialoguePlan,
    Wanted,
    lines,
    said_fault,
    sketch,
)
from callsmith.recipes.grounded import Parts, definition, row_id
from callsmith.recipes.material import material
from callsmith.recipes.speakers import Manner, Person, Player
from callsmith.recipes.system_prompts import Form, form_of, lineage, system_of
from callsmith.records import Attempt, Conversation, Json, Request, Slot, Tape, Toolset, WorldState
from callsmith.rollout import Limits, Rollout, Task, rollout
from callsmith.world.inferred.world import InferredWorld
from callsmith.world.journal import Replayed
from callsmith.world.model import ModelWorld, Playing

TOLD = "told"  # the kind of a world that nothing executes
REQUEST = "dialogues/request"
USED = (
    *(f"button/{name}" for name in ("scenario", "expanded_scenario", "atomic_task", "feasible", "functions")),
    REQUEST,
    *(f"agents/{name}" for name in ("opening", "turn", "assistant")),
)
_COMPOSING = {"dependent": "button/sequential", "parallel_dependent": "button/parallel_sequential"}
_ENDED = {
    "turns": "unfinished: the user would have gone on after the last turn",
    "steps": "endless: the assistant went on calling",
    "invalid": "calls: more than may be corrected could not be made",
    "silent": "silent: the assistant neither spoke nor called",
    "endless": "endless: a message of the assistant was cut off",
}


class Stage(Struct, frozen=True):
    """What a talk is made of before anybody speaks."""

    idea: Idea
    line: int  # of the file of dialogues
    toolset: Toolset
    world: World
    casting: Casting
    form: Form
    system: str
    now: str
    manner: Manner
    untold: str  # why its world is told; "" where it is inferred


@lru_cache(maxsize=4)
def _prompts(folder: str) -> Mapping[str, Prompt]:
    return prompts.load(folder)


async def attempt(parts: Parts, slot: Slot, number: int, asking: Asking) -> Attempt:
    """One try at filling a slot. A further try at it begins with the next dialogue of the file.

    Whatever the models answer, it ends: with a row, or with the reason why there is none.

    Raises:
        ModelError: a model gives no answer at all.
        SourceError: the file of dialogues has changed.
    """
    settings = parts.settings.from_dialogues
    found = dialogues.opened(settings.file)
    place = (slot.index + number) % len(found)
    known_prompts = _prompts(parts.settings.prompts)
    try:
        idea = await imagined(asking, known_prompts, found[place], slot.kind, settings.corrections)
        if idea.infeasible:
            return Attempt(slot.index, number, None, rejected=f"infeasible: {idea.infeasible}"[:200])
        composed = idea.composed
        defined = await functions(
            asking, known_prompts, composed.composition, composed.parts, settings.corrections
        )
        manner = Manner(asking, known_prompts, settings.corrections, settings.length)
        stage = staged(parts, slot, number, idea, defined, manner)
        stage = msgspec.structs.replace(stage, line=found.lines[place])
        if stage.untold and not settings.told:
            return Attempt(slot.index, number, None, rejected=f"no_world: {stage.untold}"[:200])
        return await _spoken(parts, slot, number, stage)
    except Unanswered as error:
        return Attempt(slot.index, number, None, rejected=f"unanswered: {error}"[:200])


def staged(
    parts: Parts, slot: Slot, number: int, idea: Idea, defined: Sequence[Function], manner: Manner
) -> Stage:
    """Functions understood, a world for them, a person and a system prompt, drawn by the attempt's seed."""
    rng = seeds.rng(parts.seed, slot.toolset, slot.index, number, "from_dialogues")
    toolset = toolset_of(defined)
    untold = unworldly(toolset, defined)
    index = known(toolset)
    inferred = InferredWorld(toolset, slot.seed)
    locale = parts.locales[int(rng.random() * len(parts.locales))]
    names = [function.name for function in defined]
    form = form_of(parts.settings.system_prompts, index, [] if untold else names, rng)
    rng.shuffle(names)  # their order tells nothing of that of calls
    scene = inferred.scene
    world: World = inferred
    records: Mapping[str, Json] = {}
    if untold:
        playing = Playing(manner.asking, manner.prompts["agents/world"], manner.corrections, manner.length)
        world = ModelWorld(toolset, slot.seed, inferred, scene, names, playing, kind=TOLD)
    else:
        records = material(inferred, index, names, parts.settings.from_dialogues.material, rng)
    casting = Casting(
        kind=slot.kind,
        sorts=["tools"],
        person=f"{scene.user.name}, {scene.user.role} at {scene.company} in {scene.city}",
        persona=drawn_persona(Agents(), rng),
        disposition=drawn_disposition(Agents(), slot.kind, rng),
        locale=locale,
        moment=moment_of(scene.now, form),
        tools=[definition(index.tools[name]) for name in names],
        around=[],
        records=records,
    )
    system = system_of(form, inferred, index, names, slot.kind, locale, rng=rng)
    return Stage(idea, 0, toolset, world, casting, form, system, scene.now, manner, untold)


async def _spoken(parts: Parts, slot: Slot, number: int, stage: Stage) -> Attempt:
    """The talk, and what every check says of it; an answer that fails one is asked for again."""
    settings = parts.settings.from_dialogues
    request = await _settled(stage)
    wanted = Wanted("tools", request, [str(tool["name"]) for tool in stage.casting.tools])
    person = Person(DialoguePlan(stage.idea.scenario, "", [wanted]), stage.casting, stage.manner)
    player = Player(stage.casting.tools, stage.casting.locale, settings.calling, parts.thoughts, stage.manner)
    seed = seeds.number(parts.seed, slot.toolset, slot.index, number, "from_dialogues")
    talk = await rollout(
        Task(stage.casting.tools, stage.system, seed),
        stage.world,
        person.speak,
        player.answer,
        Limits(settings.turns, settings.steps, settings.corrections),
    )
    finished = talk.ended == "done" or (talk.ended == "turns" and person.content)
    reason = "" if finished else _ENDED[talk.ended]
    made = judged(parts, slot, number, stage, talk, reason)
    for _ in range(settings.corrections):
        wrong = _answer_fault(made)
        said = await player.again(talk.messages, wrong) if wrong else ""
        if not said:
            break
        last = msgspec.structs.replace(talk.messages[-1], text=said)
        talk = msgspec.structs.replace(talk, messages=[*talk.messages[:-1], last])
        made = judged(parts, slot, number, stage, talk, reason)
    return made


def _answer_fault(made: Attempt) -> str:
    """What a check has against the last answer; "" where nothing, or something else, is at fault."""
    assert made.conversation is not None
    messages = made.conversation.messages
    failed = next((verdict for verdict in made.verdicts if verdict.outcome == "fail"), None)
    return failed.reason if failed is not None and failed.message == len(messages) - 1 else ""


async def _settled(stage: Stage) -> str:
    """The composed task as a request of things that exist, in the language of the talk."""
    casting, manner, composed = stage.casting, stage.manner, stage.idea.composed
    values = {
        "person": casting.person,
        "language": LANGUAGES[casting.locale],
        "moment": casting.moment,
        "request": composed.composition,
        "steps": numbered(composed.parts),
        "abilities": lines([sketch(tool) for tool in casting.tools]),
        "records": lines([{name: value} for name, value in casting.records.items()]),
    }

    def fault(answer: Json) -> str:
        wrong = said_fault(answer["request"], casting.tools, casting.locale)
        return f"the request {wrong}" if wrong else ""

    request = Request(render(manner.prompts[REQUEST], values), schema=closed({"request": TEXT}))
    answer = await manner.asking.ask_json(
        "writer", request, fault=fault, corrections=manner.corrections, left=6
    )
    return str(answer["request"]).strip()


def judged(parts: Parts, slot: Slot, number: int, stage: Stage, talk: Rollout, reason: str) -> Attempt:
    """The attempt that a talk is: there is no plan of calls to compare it with, the checks judge it blind."""
    toolset, world = stage.toolset, stage.world
    tape, again = None, None
    before = InferredWorld(toolset, slot.seed).digest()
    if isinstance(world, ModelWorld) and world.kind == TOLD:
        before, tape = world.before(), Tape(world.answered())
    state = WorldState(world.kind, slot.seed, toolset.hash, stage.now, before, world.digest())
    if tape is not None:
        again = _replaying(state, toolset, tape)
    untraced = Conversation(
        tools=stage.casting.tools,
        messages=talk.messages,
        id=row_id(parts.seed, slot, toolset),
        kind=slot.kind,
        locale=stage.casting.locale,
        intent="from_dialogues",
        world=state,
        lineage=_lineage(stage, slot, parts.settings),
    )
    made = Attempt(
        slot.index,
        number,
        untraced,
        rejected=reason,
        tape=tape,
        note=stage.idea.scenario,
        toolset=toolset,
    )
    if reason:
        return made
    verdicts, origins = judge(untraced, toolset, None, again=again)
    failed = next((verdict for verdict in verdicts if verdict.outcome == "fail"), None)
    return msgspec.structs.replace(
        made,
        conversation=msgspec.structs.replace(untraced, provenance=origins),
        verdicts=verdicts,
        rejected=f"{failed.check}: {failed.reason}"[:200] if failed else "",
    )


def _replaying(state: WorldState, toolset: Toolset, tape: Tape) -> Callable[[], World]:
    return lambda: Replayed(state, toolset, tape.calls)


def _lineage(stage: Stage, slot: Slot, settings: Config) -> dict[str, Json]:
    names = [*USED, _COMPOSING[slot.kind]]
    names += ["agents/world"] if stage.untold else []
    names += ["agents/form"] if settings.from_dialogues.calling == "form" else []
    told: dict[str, Json] = {"told_because": stage.untold} if stage.untold else {}
    return {
        "recipe": "from_dialogues",
        "prompts": {name: stage.manner.prompts[name].version for name in sorted(names)},
        **lineage(stage.form),
        "dialogue": stage.line,
        "scenario": stage.idea.scenario,
        "tasks": [*stage.idea.composed.parts],
        "composition": stage.idea.composed.composition,
        "persona": stage.casting.persona,
        "disposition": stage.casting.disposition,
        **told,
    }


def calls(config: Config) -> tuple[int, int]:
    """Calls one attempt makes at least and at most: a task that is found infeasible; every answer in need of every
    correction, and every call told."""
    settings: FromDialogues = config.from_dialogues
    each = settings.corrections + 1
    talk = (settings.turns + 1) * each * each + settings.turns * (settings.steps + 1) * each
    told = settings.turns * settings.steps * each * each if settings.told else 0
    return 5, 6 * each + each * each + talk + told + settings.corrections
