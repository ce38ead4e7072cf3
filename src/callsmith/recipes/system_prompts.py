"""The system prompt of a conversation: a written one, one that would fit any assistant, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from callsmith.config_recipes import SystemPrompts
from callsmith.errors import PlanUnfit
from callsmith.language.prompts import generic_prompt, system_prompt
from callsmith.meaning import Ambient, Ask, Plan, Reply, Round, Source, Step
from callsmith.plan.arguments.fill import ambient, tenant
from callsmith.plan.draft import Draft
from callsmith.plan.known import Known, names_tenant
from callsmith.ports import PeopledWorld
from callsmith.records import Kind, Offer, Parameter
from callsmith.seeds import Rng

Form = Literal["none", "generic", "written"]


def form_of(shares: SystemPrompts, known: Known, needed: Sequence[str], rng: Rng) -> Form:
    """Which form a conversation's system prompt has; a written one where needed tools take something from it.

    Draw it before anything is said: what the assistant is told of the day and the user decides what it can do.
    """
    mark = rng.random()
    if takes(known, needed):
        return "written"
    return "none" if mark < shares.none else "generic" if mark < shares.none + shares.generic else "written"


def takes(known: Known, needed: Sequence[str]) -> bool:
    """Whether calls of these tools take something from a system prompt."""
    return any(_untold(parameter) for name in needed for parameter in known.tools[name].inputs)


def _untold(parameter: Parameter) -> bool:
    """Whether a call needs a value that nobody says and no schema gives: the account, the owner, one's own address."""
    given = parameter.default is not None or "default" in parameter.schema
    ambient_one = parameter.klass == "ambient" or parameter.facet == "owner" or names_tenant(parameter)
    return parameter.required and ambient_one and not given


def system_of(
    form: Form,
    world: PeopledWorld,
    known: Known,
    offered: Sequence[str],
    kind: Kind,
    locale: str,
    *,
    rng: Rng,
) -> str:
    """The system prompt of a conversation, "" for none; a written one holds what the offered tools take from it."""
    if form == "none":
        return ""
    steps = _ambient(world, known, offered, rng) if form == "written" else []
    plan = Plan(
        kind=kind,
        intent="",
        locale=locale,
        clarity="good",
        register="neutral",
        offer=Offer(tuple(offered)),
        scene=world.scene,
        rounds=[Round("", Ask("chat", "", "", "", ""), [steps], Reply("chat"))],
    )
    return (generic_prompt if form == "generic" else system_prompt)(plan, known, rng)


def with_brief(system: str, brief: str, form: Form) -> str:
    """A written prompt with a sentence of a writer's own at its end."""
    told = " ".join(brief.split())
    return f"{system} {told}" if form == "written" and told else system


def _ambient(world: PeopledWorld, known: Known, offered: Sequence[str], rng: Rng) -> list[Step]:
    """What every call of the offered tools needs and nobody says: the account, the owner, the user's own address."""
    draft = Draft(known, world, lambda: world, rng, 0)
    steps = []
    for name in offered:
        given: dict[str, Source] = {}
        for parameter in known.tools[name].inputs:
            if not parameter.required:
                continue
            try:
                if names_tenant(parameter):
                    given[parameter.pointer] = Ambient(tenant(draft, parameter))
                elif parameter.klass == "ambient" or parameter.facet == "owner":
                    given[parameter.pointer] = Ambient(ambient(draft, known.tools[name], parameter))
            except PlanUnfit:
                continue  # nothing is known for it here: the assistant has to ask
        steps.append(Step("", name, given))
    return steps


def lineage(form: Form) -> Mapping[str, str]:
    """What a row says of its system prompt."""
    return {"system_prompt": form}
