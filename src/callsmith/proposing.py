"""Corrections that a model proposes for what is not understood of an API; what does not hold when tried is left out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs

from callsmith import seeds
from callsmith.amend import MOST, Proposed, doubtful
from callsmith.audit import Audit, ToolAudit, excluded
from callsmith.catalog.overlays import CLASSES, EFFECTS, ParameterFix, ToolFix
from callsmith.catalog.trades import trades
from callsmith.errors import ModelError, Unanswered
from callsmith.models.asking import Asking
from callsmith.ports import Model
from callsmith.prompts import Prompt, named, render
from callsmith.recipes.directed import sample
from callsmith.records import Entity, Json, Request, Role, Schema, Tool, Toolset
from callsmith.schema import leaves
from callsmith.world.journal import Maker
from callsmith.world.stories.numbered import FOR_NAMES, nameless

NAMES = 30  # asked for, of a kind of record whose names are not known
_ENOUGH = 12  # fewer are no use: records of one kind would soon share them
_SHOWN = 4000  # characters of one definition that a model is shown
_RECORDS = 60  # kinds of record that it is told of
_FIELDS = 16  # fields of each
_ANSWER = 1500  # tokens of one answer, at most
_MADE_UP = re.compile(r"\b(example|test|sample|foo|bar|lorem|placeholder)\b", re.IGNORECASE)
_CODE = re.compile(r"[_{}<>/\\]|[a-z][A-Z]")


async def ask(
    toolset: Toolset,
    found: Audit,
    models: Mapping[Role, Model],
    prompts: Mapping[str, Prompt],
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Proposed:
    """What the writer proposes: a line of business where none is known, names for records whose names are not, and one
    correction for each of the ``amend.MOST`` tools that are quickest to mend.

    Raises:
        ModelError: no model will answer, whatever is asked.
    """
    kinds = [entity for entity in toolset.entities if nameless(toolset, entity)][:MOST]
    weak = [one for one in doubtful(found) if not one.excluded.endswith(FOR_NAMES)][:MOST]
    desk = _Desk(toolset, models, prompts, told, len(kinds) + len(weak) + (not found.trade))
    trade, names, fixes = await asyncio.gather(
        _trade(desk, found.trade),
        asyncio.gather(*(_names(desk, entity) for entity in kinds)),
        asyncio.gather(*(_correction(desk, audited) for audited in weak)),
    )
    return Proposed(
        trade,
        {key: given for key, given in names if given},
        {name: fix for name, fix in fixes if fix is not None},
        desk.refused,
    )


class _Desk:
    """Where questions about one API are asked, each at a place that depends on what it is about alone: a journal finds
    its answer again whatever else has changed."""

    def __init__(
        self,
        toolset: Toolset,
        models: Mapping[Role, Model],
        prompts: Mapping[str, Prompt],
        told: Callable[[int, int], None],
        total: int,
    ) -> None:
        self.toolset = toolset
        self.pitch = pitch(toolset)
        self.records = "\n".join(map(_record, shown(toolset))) or "none"
        self.refused: dict[str, str] = {}
        self._models = models
        self._prompts = prompts
        self._told = told
        self._total = total
        self._done = 0

    async def ask(
        self, about: str, name: str, values: Mapping[str, Json], schema: Schema, fault: _Fault
    ) -> Json:
        """The answer to a prompt, or None and a reason among ``refused``."""
        messages = render(named(self._prompts, name), values)
        request = Request(messages=messages, schema=schema, max_tokens=_ANSWER, temperature=0.0)
        asking = Asking(self._models, seeds.number("overlay", name, about) % 2**31, 0)
        try:
            return await asking.ask_json("writer", request, fault=fault)
        except (Unanswered, ModelError) as error:
            if isinstance(error, ModelError) and error.lasting:
                raise
            self.refused[about] = str(error)
            return None
        finally:
            self._done += 1
            self._told(self._done, self._total)


async def _trade(desk: _Desk, known: str) -> str | None:
    if known:
        return None
    values = {"api": desk.pitch, "records": desk.records, "trades": ", ".join(trades())}
    choice = {"trade": {"type": "string", "enum": ["", *trades()]}}
    given = await desk.ask("trade", "overlay/trade", values, _form(choice), lambda _: "")
    return (given["trade"] or None) if given else None


async def _names(desk: _Desk, entity: Entity) -> tuple[str, list[str]]:
    values = {"api": desk.pitch, "record": _record(entity), "count": NAMES}
    several = {"type": "array", "items": {"type": "string", "minLength": 2, "maxLength": 60},
               "minItems": _ENOUGH, "maxItems": 2 * NAMES}  # fmt: skip
    given = await desk.ask(entity.key, "overlay/names", values, _form({"names": several}), _odd_names(entity))
    return entity.key, [" ".join(str(name).split()) for name in given["names"]] if given else []


async def _correction(desk: _Desk, audited: ToolAudit) -> tuple[str, ToolFix | None]:
    tool = _of(desk.toolset, audited.name)
    values = {"operation": _definition(tool), "understood": _understood(audited), "records": desk.records}
    kinds = [entity.key.partition(".")[2] for entity in shown(desk.toolset)]
    given = await desk.ask(tool.name, "overlay/tool", values, _schema(tool, kinds), _odd_fix)
    return tool.name, _fix(given) if given else None


def held(
    proposed: Proposed, before: Toolset, read: Callable[[Proposed], Toolset], maker: Maker | None = None
) -> Proposed:
    """What of the proposals holds: tools that become usable and for which a conversation can be made that every check
    passes, and names by which records are then called.

    ``read`` understands the API anew with proposals.
    """
    after = read(proposed)
    tools = {tool.name: tool for tool in after.tools}
    refused = dict(proposed.refused)
    kept: dict[str, ToolFix] = {}
    for name, fix in proposed.tools.items():
        why = excluded(tools[name])
        if fix.effect == "opaque" or fix.exclude:
            why = "" if excluded(_of(before, name)) else "it would be left out"
        elif not why:
            why = sample(after, tools[name], maker).why_not
        if why:
            refused[name] = why
        else:
            kept[name] = fix
    unnamed = {entity.key for entity in after.entities if nameless(after, entity)}
    for key in proposed.names.keys() & unnamed:
        refused[key] = "records are not called by these names"
    names = {key: given for key, given in proposed.names.items() if key not in unnamed}
    return structs.replace(proposed, tools=kept, names=names, refused=refused)


def _of(toolset: Toolset, name: str) -> Tool:
    return next(tool for tool in toolset.tools if tool.name == name)


_Fault = Callable[[Json], str]


def _form(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _schema(tool: Tool, kinds: Sequence[str]) -> Schema:
    """The form of a correction: only effects, kinds of record, arguments and classes that there are."""
    said = {"type": "string", "maxLength": 60}
    argument = _form({"class": {"type": "string", "enum": [*CLASSES]}, "phrase": said})
    pointers = sorted({pointer for pointer, _, _ in leaves(tool.parameters) if pointer})
    return _form(
        {
            "effect": {"type": "string", "enum": [*EFFECTS]},
            "entity": {"type": "string", "enum": ["", *kinds]},
            "verb": {"type": "string", "maxLength": 24},
            "phrase": said,
            "parameters": {
                "type": "object",
                "properties": dict.fromkeys(pointers, argument),
                "additionalProperties": False,
            },
        }
    )


def _odd_fix(given: Json) -> str:
    """What is wrong with a correction that has its form."""
    phrases = [given["verb"], given["phrase"], *(one["phrase"] for one in given["parameters"].values())]
    if strange := next((text for text in phrases if _CODE.search(text) or not text.isprintable()), ""):
        return f"{strange!r} is nothing people say: no names of fields, no code"
    if given["effect"] in ("compute", "opaque"):
        return ""
    if not given["entity"]:
        return f"say which kind of record it is about, or that its effect is compute or opaque, not {given['effect']}"
    if not given["verb"].strip() or not 1 < len(given["phrase"].split()) <= 8:
        return "say the verb, and the phrase in two to eight words"
    return ""


def _odd_names(entity: Entity) -> _Fault:
    def fault(given: Json) -> str:
        plain = [" ".join(str(name).split()).lower() for name in given["names"]]
        twice = next((name for name in plain if plain.count(name) > 1), "")
        if twice:
            return f"{twice!r} is named twice"
        made_up = next((name for name in plain if _MADE_UP.search(name) or not name.isprintable()), "")
        if made_up:
            return f"{made_up!r} is no name that anybody gives"
        numbered = [
            name for name in plain if re.fullmatch(rf"{re.escape(entity.noun.lower())}\s+\S{{1,3}}", name)
        ]
        return f"{numbered[0]!r} is a number for want of a name" if len(numbered) > 1 else ""

    return fault


def _fix(given: Mapping[str, Any]) -> ToolFix:
    arguments = {
        pointer: ParameterFix(klass=one["class"], phrase=one["phrase"].strip().lower() or None)
        for pointer, one in given["parameters"].items()
    }
    placed = given["effect"] not in ("compute", "opaque")
    return ToolFix(
        effect=given["effect"],
        entity=given["entity"] if placed else None,
        verb=given["verb"].strip().lower() or None,
        phrase=" ".join(given["phrase"].split()).rstrip(".") or None,
        parameters=arguments,
    )


def pitch(toolset: Toolset) -> str:
    """What the API says of itself: its name, and the first line of each operation."""
    lines = [f"{tool.name}: {tool.description.strip().partition(chr(10))[0][:160]}" for tool in toolset.tools]
    product = next((str(tool.hints["product"]) for tool in toolset.tools if "product" in tool.hints), "")
    return "\n".join((product or toolset.name, *lines))[:_SHOWN]


def shown(toolset: Toolset) -> list[Entity]:
    """The kinds of record that a result shows, as many as a model is told of."""
    seen = {place.entity for tool in toolset.tools for place in tool.yields}
    return [entity for entity in toolset.entities if entity.key in seen][:_RECORDS]


def _record(entity: Entity) -> str:
    fields = ", ".join(one.pointer for one in entity.fields[:_FIELDS])
    name = f"; its name is in {entity.label_pointer}" if entity.label_pointer else ""
    return f"{entity.key.partition('.')[2]} (people say: {entity.noun}): {fields}{name}"


def _definition(tool: Tool) -> str:
    definition = {"name": tool.name, "description": tool.description, "parameters": tool.parameters,
                  "returns": tool.returns}  # fmt: skip
    return msgspec.json.encode(definition).decode()[:_SHOWN]


def _understood(audited: ToolAudit) -> str:
    lines = [
        f'effect {audited.effect}, about {audited.entity.partition(".")[2] or "nothing"}, "{audited.phrase}"'
    ]
    lines += [audited.excluded or "it is doubtful", *audited.reasons]
    for one in audited.parameters:
        lines.append(
            f'{one.pointer}: {one.klass}, "{one.phrase}", sure to {one.confidence}: {"; ".join(one.reasons)}'
        )
    return "\n".join(lines)[:_SHOWN]
