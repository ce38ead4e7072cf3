"""What a person will want, one request after the other: written by a model, never naming a tool."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import orjson
from msgspec import Struct

from callsmith.facts import mentions, quoted
from callsmith.models.asking import Asking
from callsmith.prompts import Prompt, render
from callsmith.recipes.leaks import leaked
from callsmith.records import Json, Kind, Request
from callsmith.seeds import Rng
from callsmith.text import shingles, words
from callsmith.tongue import foreign

Sort = Literal["tools", "talk"]

LANGUAGES = {"en-GB": "British English", "en-US": "American English"}
_WORDS = {"tools": "a request that takes tools", "talk": "talk beside the matter"}
_SHARED = 4  # words in a row that a brief and a request do not have in common by chance
_UNTYPED = ("Cc", "Cn", "Co", "Cs")  # control characters and what is no character
_ONCE: frozenset[Kind] = frozenset({"no_tool", "chat"})  # kinds in which nothing is called


class Wanted(Struct, frozen=True):
    """One request: what the person wants, in words that are not theirs yet."""

    sort: Sort
    text: str
    tools: Sequence[str] = ()  # those that serve it, as its writer thinks
    withheld: str = ""  # what the person leaves out until asked


class DialoguePlan(Struct, frozen=True):
    """What a person will want in one conversation. The assistant never sees any of it, but for the brief."""

    scenario: str
    brief: str  # how the assistant should be, for a written system prompt
    requests: Sequence[Wanted]


class Casting(Struct, frozen=True):
    """What a plan is written from."""

    kind: Kind
    sorts: Sequence[Sort]
    person: str  # who speaks: name, role, company
    persona: str  # how they write
    disposition: str  # how the talk would go
    locale: str
    moment: str  # what the assistant knows of the day
    tools: Sequence[Mapping[str, Json]]  # offered
    around: Sequence[Mapping[str, Json]]  # what the plan is about
    records: Mapping[str, Json]


def sorts_of(kind: Kind, fewest: int, most: int, chat: float, rng: Rng) -> list[Sort]:
    """What each request of a conversation is: one takes tools, in ``multi_turn`` several; others are talk."""
    if kind == "chat":
        return ["talk"] * rng.randint(1, max(1, min(3, most)))
    if kind != "multi_turn":
        return ["tools", *(["talk"] if rng.random() < chat else [])]  # type: ignore[list-item]
    sorts: list[Sort] = ["tools"]
    for _ in range(rng.randint(fewest, most) - 1):
        sorts.append("talk" if sorts[-1] == "tools" and rng.random() < chat else "tools")
    if len(sorts) > 1 and sorts.count("tools") < 2:
        sorts[-1] = "tools"
    return sorts


async def written(
    asking: Asking, prompt: Prompt, shape: Prompt, casting: Casting, *, corrections: int, length: int
) -> DialoguePlan:
    """A plan of the kind wanted; what is wrong with one is sent back in words.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no plan would do.
    """
    values = {
        "person": casting.person,
        "persona": casting.persona,
        "disposition": casting.disposition,
        "language": LANGUAGES[casting.locale],
        "moment": casting.moment,
        "tools": lines([sketch(tool) for tool in casting.tools]),
        "around": lines(casting.around),
        "records": lines([{name: value} for name, value in casting.records.items()]),
        "pattern": "\n".join(f"{at}. {_WORDS[sort]}" for at, sort in enumerate(casting.sorts, 1)),
        "shape": render(shape, {})[-1]["content"],
    }
    request = Request(render(prompt, values), schema=plan_schema(casting), max_tokens=length)
    answer = await asking.ask_json(
        "writer", request, fault=fault_of(casting), corrections=corrections, left=4 * len(casting.sorts) + 1
    )
    requests = [
        Wanted(sort, each["text"].strip(), each.get("tools", ()), each.get("held_back", "").strip())
        for sort, each in zip(
            casting.sorts, (answer["requests"][name] for name in _named(casting)), strict=True
        )
    ]
    return DialoguePlan(answer["scenario"].strip(), answer["brief"].strip(), requests)


def required(tool: Mapping[str, Json]) -> list[str]:
    """The arguments a tool cannot do without."""
    names = (tool.get("parameters") or {}).get("required")
    return [str(name) for name in names] if isinstance(names, list | tuple) else []


def sketch(tool: Mapping[str, Json]) -> dict[str, Json]:
    """A tool as whoever plans needs it: what it does, what it cannot do without, what else it takes."""
    needs = required(tool)
    takes = [name for name in (tool.get("parameters") or {}).get("properties") or {} if name not in needs]
    return {"name": tool["name"], "does": tool["description"], "needs": needs, "takes": takes}


def lines(values: Sequence[Json]) -> str:
    """One JSON value a line, as prompts show them."""
    return "\n".join(orjson.dumps(value, default=dict).decode() for value in values) or "none"


def plan_schema(casting: Casting) -> dict[str, Any]:
    """The form of a plan: which requests take tools, and that those name some, is part of it."""
    names = [str(tool["name"]) for tool in casting.tools]
    text = {"type": "string", "minLength": 8, "maxLength": 600}
    follows = {"type": "string", "maxLength": 300}
    served = {
        "type": "array",
        "items": {"type": "string", "enum": names},
        "minItems": 1,
        "maxItems": 6,
    }
    requests = {}
    for name, sort in zip(_named(casting), casting.sorts, strict=True):
        item = {"text": text, "follows": follows}
        if sort == "tools" and casting.kind not in _ONCE:
            item["tools"] = served
        if sort == "tools" and casting.kind == "missing_parameter":
            item["held_back"] = {"type": "string", "minLength": 1, "maxLength": 200}
        requests[name] = _object(item)
    scenario = {"type": "string", "minLength": 20, "maxLength": 800}
    brief = {"type": "string", "maxLength": 300}
    return _object({"scenario": scenario, "brief": brief, "requests": _object(requests)})


def _named(casting: Casting) -> list[str]:
    return [f"request_{at}" for at in range(1, len(casting.sorts) + 1)]


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def fault_of(casting: Casting) -> Callable[[Json], str]:
    """What is wrong with a plan of the right form, in words for its writer; "" when nothing is."""

    def fault(answer: Json) -> str:
        texts: list[str] = []
        for name in _named(casting):
            each = answer["requests"][name]
            text = " ".join(each["text"].split())
            held = each.get("held_back", "").strip()
            wrong = said_fault(text, casting.tools, casting.locale)
            if wrong:
                return f"{name} {wrong}"
            if text.lower() in texts:
                return f"{name} wants what an earlier one wants"
            if held and held.lower() in text.lower():
                return f"{name} says what it should hold back: {held}"
            texts.append(text.lower())
        for name in ("scenario", "brief"):
            wrong = said_fault(answer[name], casting.tools, casting.locale, blank=name == "brief")
            if wrong:
                return f"the {name} {wrong}"
        return telling(answer["brief"], texts)

    return fault


def telling(brief: str, texts: Sequence[str]) -> str:
    """Whether the brief, which the assistant reads, tells of the plan, which it must not."""
    told = [brief[each.start : each.end] for each in (*mentions(brief, ""), *quoted(brief))]
    if told:
        return f"the brief holds a fact, {told[0]}: it says how to behave and nothing of what is wanted"
    runs = set(shingles(words(brief.lower()), _SHARED))
    if any(runs & set(shingles(words(text), _SHARED)) for text in texts):
        return "the brief says what the person wants: it says how to behave and nothing else"
    return ""


def said_fault(text: str, tools: Sequence[Mapping[str, Json]], locale: str, *, blank: bool = False) -> str:
    """What a text may not be: empty, in another language, or with names only a schema has; "" when all is well."""
    if not words(text):
        return "" if blank and not text.strip() else "says nothing"
    if any(unicodedata.category(letter) in _UNTYPED and letter not in "\n\t" for letter in text):
        return "holds characters that nobody types"
    name = leaked(text, tools)
    if name:
        return f"names {name}, which only a program would: say it as people do"
    other = foreign(text, locale)
    return f"is not in {LANGUAGES[locale]} but in another language ({other})" if other else ""
