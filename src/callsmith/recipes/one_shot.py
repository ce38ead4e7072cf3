"""The recipe in which a model writes a whole conversation at once, whose calls are then carried out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from typing import get_args

from msgspec import structs

from callsmith import prompts as files
from callsmith import seeds
from callsmith.config import Config
from callsmith.config_recipes import Clarity, OneShot
from callsmith.errors import PlanUnfit, Unanswered
from callsmith.grammar.dialogue import Form
from callsmith.models.asking import Asking
from callsmith.plan.known import known
from callsmith.prompts import Prompt, render
from callsmith.recipes import scenarios
from callsmith.recipes.agents import (
    around_of,
    callable_names,
    drawn_disposition,
    drawn_persona,
    moment_of,
    refusal,
)
from callsmith.recipes.dialogue_plan import LANGUAGES, lines
from callsmith.recipes.dialogue_writing import Judged, Writing, written
from callsmith.recipes.grounded import Parts, definition, graph_of, world_of
from callsmith.recipes.material import material
from callsmith.recipes.one_shot_rows import Matter, Stage, Talk
from callsmith.recipes.scenarios import Setting, Telling
from callsmith.recipes.shared import Shared
from callsmith.recipes.system_prompts import form_of, system_of, takes, with_brief
from callsmith.recipes.without import substitutes
from callsmith.records import (
    Attempt,
    Json,
    Kind,
    Slot,
    Tape,
    User,
)
from callsmith.sample import offer
from callsmith.world.journal import Journal

TOOLSETS = 2  # tool sets that a scenario is sought for
CANDIDATES = 40  # tools that those for a conversation are chosen from
LEFT = 3  # tools left to offer where what would serve is taken away, at least
CALM: frozenset[Kind] = frozenset({"no_tool", "chat"})  # kinds in which nothing is called
ONCE: frozenset[Kind] = frozenset({"single", "parallel"})  # kinds in which calls are made once
CLARITIES: tuple[Clarity, ...] = get_args(Clarity)
_THOUGHTS = (
    '- Before it speaks or calls, the assistant may think: <assistant_thought>"From nothing but what it can know at '
    'that point."</assistant_thought>'
)


async def attempt(parts: Parts, slot: Slot, number: int, asking: Asking) -> Attempt:
    """One try at filling a slot: scenario, people, tools, the whole conversation, its system prompt.

    Whatever the models answer, it ends: with a row, or with the reason why there is none.

    Raises:
        ModelError: a model gives no answer at all.
    """
    maker = parts.worlds.get(slot.toolset)
    journal = maker.journal(slot.index, number) if maker is not None else Journal()
    try:
        stage = staged(parts, slot, number, journal)
        matter = await _matter(parts, slot, stage, asking)
        talk = Talk(parts, slot, number, stage, matter, journal)
        found = await written(asking, _writing(parts, slot, stage, matter), talk.judged)
        if not found.faults and matter.form == "written":
            found = await _with_brief(found, talk, asking)
    except (Unanswered, PlanUnfit) as error:
        tape = Tape(journal.calls) if maker is not None and maker.live else None
        return Attempt(slot.index, number, None, rejected=f"{refusal(error)}: {error}"[:200], tape=tape)
    return found.made


@lru_cache(maxsize=4)
def _prompts(folder: str) -> Mapping[str, Prompt]:
    return files.load(folder)


def staged(parts: Parts, slot: Slot, number: int, journal: Journal) -> Stage:
    """World, person, manner and clarity of an attempt, drawn by its seed."""
    settings = parts.settings.one_shot
    rng = seeds.rng(parts.seed, slot.toolset, slot.index, number, "one_shot")
    toolset = parts.toolsets[slot.toolset]
    world = world_of(toolset, parts.worlds.get(slot.toolset), slot.seed, journal, 0)
    scene = world.scene
    prompts = _prompts(parts.settings.prompts)
    form = form_of(parts.settings.system_prompts, known(toolset), (), rng)
    weights = [settings.clarity.get(name, 0.0) for name in CLARITIES]
    shape = "withheld" if slot.kind == "no_tool" else f"kinds/{slot.kind}"
    setting = Setting(
        locale=parts.locales[int(rng.random() * len(parts.locales))],
        person=f"{scene.user.name}, {scene.user.role} at {scene.company} in {scene.city}",
        company=f"{scene.company}, {scene.industry}, in {scene.city}, {scene.country}",
        moment=moment_of(scene.now, form),
        manner=drawn_persona(settings, rng),
        course=drawn_disposition(settings, slot.kind, rng),
        shape=render(prompts[f"one_shot/{shape}"], {})[-1]["content"],
        tools=[definition(tool) for tool in toolset.tools],
    )
    return Stage(toolset, world, setting, form, prompts, CLARITIES[seeds.weighted(rng, weights)], rng)


async def _matter(parts: Parts, slot: Slot, stage: Stage, asking: Asking) -> Matter:
    settings = parts.settings.one_shot
    shared = parts.shared or Shared({})
    workflow = settings.workflow_description.strip() or await _workflow(shared, stage, parts.locales[0])
    scenario, around, records = await _scenario(parts, slot, stage, asking, shared, workflow)
    cast = await scenarios.cast(asking, stage.prompts["one_shot/cast"], stage.setting, scenario)
    needed = await _chosen(parts, slot, stage, asking, scenario, around)
    written_with, offered = offers(parts, slot, stage, needed)
    index = known(stage.toolset)
    form = "written" if takes(index, needed if slot.kind not in CALM else ()) else stage.form
    system = system_of(
        form,
        stage.world,
        index,
        offered,
        slot.kind,
        stage.setting.locale,
        rng=stage.rng,
    )
    return Matter(workflow, scenario, cast, records, written_with, offered, form, system)


async def _workflow(shared: Shared, stage: Stage, locale: str) -> str:
    """What people use the toolset for; inferred once in a run."""
    prompt, setting = stage.prompts["one_shot/workflow"], stage.setting

    async def ask(asking: Asking) -> str:
        return await scenarios.workflow(asking, prompt, setting.tools, locale)

    return await shared.once(f"workflow {stage.toolset.hash}", ask)


async def _scenario(
    parts: Parts, slot: Slot, stage: Stage, asking: Asking, shared: Shared, workflow: str
) -> tuple[str, list[str], Mapping[str, Json]]:
    """A scenario unlike those earlier, the tools it is written around, and records that exist.

    Raises:
        Unanswered: whichever tools were drawn, every scenario was too near an earlier one, or would not do.
        PlanUnfit: there are no tools to write around.
    """
    settings, rng, index = parts.settings.one_shot, stage.rng, known(stage.toolset)
    before = shared.frozen(slot.index)
    earlier = shared.earlier(slot.index, slot.toolset)
    pool = callable_names(index, parts.worlds.get(slot.toolset), settings.told)
    wrong = ""
    for _ in range(TOOLSETS):
        around = around_of(index, slot.kind, pool, settings.tools, rng)
        records = material(stage.world, index, around, settings.material, rng)
        does = [{"name": name, "does": index.tools[name].description} for name in around]
        text, wrong = await scenarios.scenario(
            asking,
            stage.prompts["one_shot/scenario"],
            stage.setting,
            Telling(workflow, does, records),
            earlier.last(before, settings.earlier),
            partial(earlier.near, before=before),
            limit=settings.similarity,
            redraws=settings.redraws,
        )
        if text:
            return text, around, records
        pool = [name for name in pool if name not in around] or pool  # another tool set
    raise Unanswered(f"writer: {wrong}")


async def _chosen(
    parts: Parts, slot: Slot, stage: Stage, asking: Asking, scenario: str, around: Sequence[str]
) -> list[str]:
    """The tools that the scenario takes, of those it was written around and others."""
    if slot.kind == "chat":
        return []
    settings, index = parts.settings.one_shot, known(stage.toolset)
    names = callable_names(index, parts.worlds.get(slot.toolset), settings.told)
    pool = structs.replace(stage.toolset, tools=[index.tools[name] for name in names])
    shown = offer(around, pool, graph_of(stage.toolset), max(CANDIDATES, len(around)), stage.rng).tools
    tools = [definition(index.tools[name]) for name in shown]
    return await scenarios.choice(asking, stage.prompts["one_shot/choice"], scenario, tools, settings.offered)


def offers(
    parts: Parts, slot: Slot, stage: Stage, chosen: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The tools that the writer of the conversation is shown, and those of the row; the first are among the second.

    Where no tool is to fit, the chosen ones are taken away with whatever would serve instead.

    Raises:
        PlanUnfit: too little would be left to offer.
    """
    settings, rng, index = parts.settings.one_shot, stage.rng, known(stage.toolset)
    gone: Collection[str] = ()
    needed = list(chosen)
    if slot.kind == "no_tool":
        gone, needed = substitutes(index, [index.tools[name] for name in chosen]), []
    left = [tool for tool in stage.toolset.tools if tool.name not in gone]
    if slot.kind == "no_tool" and len(left) < min(LEFT, settings.offered):
        raise PlanUnfit("nothing would be left to offer")
    graph, pool = graph_of(stage.toolset), structs.replace(stage.toolset, tools=left)
    few = len(needed or [*range(settings.tools)]) + settings.distractors
    near = offer(needed, pool, graph, max(1, min(few, settings.offered)), rng).tools
    size = rng.randint(len(near), max(len(near), settings.offered))
    return near, offer(near, pool, graph, size, rng).tools


def conversation_form(kind: Kind, settings: OneShot, thoughts: bool) -> Form:
    """How a conversation of a kind may go, as far as a grammar can hold it."""
    fewest, most = settings.users_min, settings.users_max
    if kind == "multi_turn":
        fewest, most = min(max(fewest, 3), 6), max(min(most, 6), min(max(fewest, 3), 6))
    return Form(
        thoughts=thoughts,
        users_min=fewest,
        users_max=most,
        parallel=1 if kind == "single" else 4,
        rounds=1 if kind in ONCE else 6,
    )


def _writing(parts: Parts, slot: Slot, stage: Stage, matter: Matter) -> Writing:
    settings, setting, index = parts.settings.one_shot, stage.setting, known(stage.toolset)
    form = conversation_form(slot.kind, settings, parts.thoughts)
    tools = [definition(index.tools[name]) for name in matter.written_with]
    clarity = render(stage.prompts[f"one_shot/clarity/{stage.clarity}"], {})[-1]["content"]
    values = {
        "thoughts": _THOUGHTS if parts.thoughts else "",
        "tools": lines(tools),
        "system": matter.system or "nothing",
        "records": lines([{name: value} for name, value in matter.records.items()]),
        "scenario": matter.scenario,
        "cast": str(matter.cast),
        "clarity": clarity,
        "language": LANGUAGES[setting.locale],
        "moment": setting.moment,
        "fewest": str(form.users_min),
        "most": str(form.users_max),
        "shape": render(stage.prompts[f"one_shot/kinds/{slot.kind}"], {})[-1]["content"],
    }
    return Writing(
        messages=render(stage.prompts["one_shot/dialogue"], values),
        correction=stage.prompts["one_shot/correction"],
        tools=[] if slot.kind in CALM else tools,
        form=form,
        corrections=settings.corrections,
        length=settings.length,
    )


async def _with_brief(found: Judged, talk: Talk, asking: Asking) -> Judged:
    """The row with what a writer adds to its system prompt; without, where nothing will do or a check then fails."""
    stage, matter = talk.stage, talk.matter
    try:
        text = await scenarios.brief(
            asking,
            stage.prompts["one_shot/system"],
            stage.setting,
            company=matter.cast.company,
            workflow=matter.workflow,
            scenario=matter.scenario,
            said=[message.text for message in found.messages if isinstance(message, User)],
        )
    except Unanswered:
        return found
    other = talk.again(with_brief(matter.system, text, matter.form))
    return found if other.faults else other


def calls(config: Config) -> tuple[int, int]:
    """Calls one attempt makes at least and at most: scenario, cast, tools, conversation, brief; with every redraw and
    correction at most. What is inferred once of a toolset comes on top."""
    settings = config.one_shot
    drawn = TOOLSETS * (settings.redraws + 1) * (scenarios.FORMS + 1)
    fitted = (scenarios.FITS + 1) ** 2
    return 3, drawn + 2 * fitted + (scenarios.FITS + 1) + settings.corrections + 1
