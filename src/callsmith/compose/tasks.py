"""A dialogue's scenario, a task in it, and tasks composed of several, asked of a model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.compose.answers import CORRECTIONS, TEXT, fields
from callsmith.models.asking import Asking
from callsmith.prompts import Prompt, render
from callsmith.records import Json

SHOWN = 12_000  # characters of a dialogue that are shown

Prompts = Mapping[str, Prompt]


class Composed(Struct, frozen=True):
    """Tasks that belong together: ``composition`` asks for all of ``parts`` at once."""

    parts: Sequence[str]  # in order: those that stand alone, then the one that needs what they give
    composition: str


async def scenario(asking: Asking, prompts: Prompts, dialogue: Json, corrections: int = CORRECTIONS) -> str:
    """The situation a dialogue comes from. ``dialogue``: text, or messages in OpenAI or ShareGPT shape."""
    return await _one(asking, prompts, "scenario", corrections, dialogue=dialogue_text(dialogue))


async def expanded(asking: Asking, prompts: Prompts, scenario: str, corrections: int = CORRECTIONS) -> str:
    """Another scenario: of the same form, about something else."""
    return await _one(asking, prompts, "expanded_scenario", corrections, scenario=scenario)


async def atomic(asking: Asking, prompts: Prompts, scenario: str, corrections: int = CORRECTIONS) -> str:
    """A task that somebody in the scenario would have done, and that is one step."""
    return await _one(asking, prompts, "atomic_task", corrections, scenario=scenario)


async def sequential(asking: Asking, prompts: Prompts, task: str, corrections: int = CORRECTIONS) -> Composed:
    """A task that needs what ``task`` gives, and both as one."""
    names = ("subsequent_task", "composition_task")
    found = await _composed(asking, prompts["button/sequential"], task, names, corrections)
    return Composed((task, found["subsequent_task"]), found["composition_task"])


async def parallel_sequential(
    asking: Asking, prompts: Prompts, task: str, corrections: int = CORRECTIONS
) -> Composed:
    """A task beside ``task``, one that needs what both give, and all three as one."""
    names = ("parallel_task", "subsequent_task", "composition_task")
    found = await _composed(asking, prompts["button/parallel_sequential"], task, names, corrections)
    return Composed((task, found["parallel_task"], found["subsequent_task"]), found["composition_task"])


async def feasible(
    asking: Asking,
    prompts: Prompts,
    composition: str,
    parts: Sequence[str],
    corrections: int = CORRECTIONS,
) -> tuple[bool, str]:
    """Whether a composed task can be done from its parts and asks for all of them, and why."""

    def wrong(found: Mapping[str, Json]) -> str:
        return "" if _word(found["answer"]) in ("yes", "no") else "answer must be yes or no"

    messages = render(prompts["button/feasible"], {"composition": composition, "parts": numbered(parts)})
    kinds = {"reason": TEXT, "answer": {"enum": ["yes", "no"]}}
    found = await fields(asking, "judge", messages, kinds, wrong=wrong, corrections=corrections)
    return bool(_word(found["answer"]) == "yes"), str(found["reason"])


def numbered(parts: Sequence[str]) -> str:
    """Tasks as a numbered list."""
    return "\n".join(f"{number}. {part}" for number, part in enumerate(parts, 1))


def dialogue_text(dialogue: Json) -> str:
    """A dialogue as text, one turn after the other: messages in OpenAI or ShareGPT shape, their JSON, or text."""
    if isinstance(dialogue, str) and dialogue.lstrip()[:1] in ("[", "{"):
        try:
            dialogue = json.loads(dialogue)
        except ValueError:
            return str(dialogue)[:SHOWN]
    if isinstance(dialogue, dict):
        dialogue = dialogue.get("messages") or dialogue.get("conversations") or [dialogue]
    if not isinstance(dialogue, list):
        return str(dialogue)[:SHOWN]
    turns = []
    for message in dialogue:
        if isinstance(message, dict):
            who = message.get("role") or message.get("from") or "someone"
            said = message.get("content") or message.get("value") or message.get("tool_calls") or ""
            turns.append(f"{who}: {said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)}")
        else:
            turns.append(str(message))
    return "\n".join(turns)[:SHOWN]


async def _one(asking: Asking, prompts: Prompts, name: str, corrections: int, **values: str) -> str:
    given = {_bare(value) for value in values.values()}

    def wrong(found: Mapping[str, Json]) -> str:
        return "it only repeats what was given" if _bare(found[name]) in given else ""

    messages = render(prompts[f"button/{name}"], values)
    found = await fields(asking, "writer", messages, {name: TEXT}, wrong=wrong, corrections=corrections)
    return str(found[name])


async def _composed(
    asking: Asking, prompt: Prompt, task: str, names: Sequence[str], corrections: int
) -> dict[str, str]:
    def wrong(found: Mapping[str, Json]) -> str:
        seen = {_bare(task): "the task that was given"}
        for name in names:
            if (bare := _bare(found[name])) in seen:
                return f"{name} only repeats {seen[bare]}"
            seen[bare] = name
        return ""

    messages = render(prompt, {"task": task})
    kinds = dict.fromkeys(names, TEXT)
    found = await fields(asking, "writer", messages, kinds, wrong=wrong, corrections=corrections)
    return {name: str(found[name]) for name in names}


def _bare(text: Json) -> str:
    return " ".join(str(text).casefold().split()).rstrip(".!?")


def _word(text: Json) -> str:
    return str(text).strip().strip("*.").casefold()
