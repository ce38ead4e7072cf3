"""What a conversation written at once is about: a scenario, who has part in it, and the tools it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.errors import Unanswered
from callsmith.models.asking import Asking
from callsmith.prompts import Prompt, render
from callsmith.recipes.dialogue_plan import LANGUAGES, lines, said_fault, sketch, telling
from callsmith.recipes.nearness import likeness, traits
from callsmith.records import Json, Request
from callsmith.text import short

FORMS = 1  # corrections of an answer that is no JSON of its form
FITS = 2  # corrections of one that is, and does not do
SHOWN = 60  # tools that a description of what they are for is inferred from
CHOSEN = 8  # tools that a conversation is to call, at most
LENGTH = 1200  # tokens of one answer


class Setting(Struct, frozen=True):
    """Where and among whom a scenario plays, as its writer is told."""

    locale: str
    person: str
    company: str
    moment: str
    manner: str  # how the person writes
    course: str  # how the talk goes
    shape: str  # what the scenario has to lead to
    tools: Sequence[Mapping[str, Json]]  # definitions of all tools whose names must not be said


class Cast(Struct, frozen=True):
    """A person with their company, and how the talk with them goes."""

    company: str
    persona: str
    disposition: str

    def __str__(self) -> str:
        return f"{self.company}\n{self.persona}\n{self.disposition}"


def _text(least: int, most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def _form(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


async def workflow(asking: Asking, prompt: Prompt, tools: Sequence[Mapping[str, Json]], locale: str) -> str:
    """What people use a toolset for, inferred from its tools.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer would do.
    """
    told = lines([{"name": tool["name"], "does": tool["description"]} for tool in tools[:SHOWN]])
    request = Request(
        render(prompt, {"tools": told}), schema=_form({"workflow": _text(40, 2000)}), max_tokens=LENGTH
    )

    def fault(answer: Json) -> str:
        wrong = said_fault(answer["workflow"], tools, locale)
        return f"the workflow {wrong}" if wrong else ""

    answer = await asking.ask_json("writer", request, fault=fault, corrections=FITS)
    return str(answer["workflow"]).strip()


class Telling(Struct, frozen=True):
    """What a scenario is told from."""

    workflow: str
    around: Sequence[Mapping[str, Json]]  # tools
    records: Mapping[str, Json]


async def scenario(
    asking: Asking,
    prompt: Prompt,
    setting: Setting,
    telling: Telling,
    earlier: Sequence[str],
    near: Callable[[str], str],
    *,
    limit: float,
    redraws: int,
) -> tuple[str, str]:
    """A scenario that is not near an earlier one, or "" and why none came about in ``redraws`` redraws.

    ``near`` gives the earlier scenario that a text is too near to. What was drawn in vain is shown with those earlier,
    and counts as one of them.

    Raises:
        ModelError: no answer can be had.
    """
    vain: list[str] = []
    wrong = ""
    for _ in range(redraws + 1):
        shown = "\n".join(f"- {' '.join(each.split())}" for each in (*earlier, *vain)) or "none"
        values = _values(setting, telling) | {"earlier": shown}
        form = _form({"scenario": _text(40, 1200)})
        try:
            request = Request(render(prompt, values), schema=form, max_tokens=LENGTH)
            answer = await asking.ask_json("writer", request, corrections=FORMS, left=8)
        except Unanswered as unanswered:
            wrong = str(unanswered)
            continue
        text = str(answer["scenario"]).strip()
        fault = said_fault(text, setting.tools, setting.locale)
        found = traits(text)
        twin = near(text) or next((each for each in vain if likeness(traits(each), found) >= limit), "")
        if not fault and not twin:
            return text, ""
        wrong = (
            f"a scenario {fault}" if fault else f"a scenario is too near an earlier one: {short(twin, 80)}"
        )
        vain.append(text)
    return "", wrong


def _values(setting: Setting, telling: Telling) -> dict[str, Json]:
    return {
        "workflow": telling.workflow,
        "around": lines(telling.around),
        "person": setting.person,
        "language": LANGUAGES[setting.locale],
        "moment": setting.moment,
        "records": lines([{name: value} for name, value in telling.records.items()]),
        "shape": setting.shape,
    }


async def cast(asking: Asking, prompt: Prompt, setting: Setting, scenario: str) -> Cast:
    """Who has part in a scenario: the company, the person in it, and how the talk goes.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer would do.
    """
    names = ("company", "persona", "disposition")
    values = {
        "person": setting.person,
        "company": setting.company,
        "manner": setting.manner,
        "course": setting.course,
        "language": LANGUAGES[setting.locale],
        "scenario": scenario,
    }
    request = Request(
        render(prompt, values), schema=_form({name: _text(10, 800) for name in names}), max_tokens=LENGTH
    )

    def fault(answer: Json) -> str:
        for name in names:
            wrong = said_fault(answer[name], setting.tools, setting.locale)
            if wrong:
                return f"the {name} {wrong}"
        return ""

    answer = await asking.ask_json("writer", request, fault=fault, corrections=FITS, left=7)
    return Cast(*(" ".join(str(answer[name]).split()) for name in names))


async def choice(
    asking: Asking, prompt: Prompt, scenario: str, tools: Sequence[Mapping[str, Json]], most: int
) -> list[str]:
    """The tools, of those shown, that a scenario takes.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer had the form.
    """
    names = [str(tool["name"]) for tool in tools]
    each = {"type": "string", "enum": names}
    form = _form({"tools": {"type": "array", "items": each, "minItems": 1, "maxItems": min(CHOSEN, most)}})
    values = {"tools": lines([sketch(tool) for tool in tools]), "scenario": scenario}
    request = Request(render(prompt, values), schema=form, max_tokens=LENGTH)
    answer = await asking.ask_json("writer", request, corrections=FITS, left=6)
    return list(dict.fromkeys(str(name) for name in answer["tools"]))


async def brief(
    asking: Asking,
    prompt: Prompt,
    setting: Setting,
    *,
    company: str,
    workflow: str,
    scenario: str,
    said: Sequence[str],
) -> str:
    """What a company tells its assistant, in a sentence or two that tell nothing of what is ``said``.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer would do.
    """
    values = {
        "company": company,
        "workflow": workflow,
        "scenario": scenario,
        "language": LANGUAGES[setting.locale],
    }
    request = Request(render(prompt, values), schema=_form({"brief": _text(10, 300)}), max_tokens=LENGTH)

    def fault(answer: Json) -> str:
        wrong = said_fault(answer["brief"], setting.tools, setting.locale)
        return f"the brief {wrong}" if wrong else telling(answer["brief"], [text.lower() for text in said])

    answer = await asking.ask_json("writer", request, fault=fault, corrections=FITS, left=1)
    return str(answer["brief"]).strip()
