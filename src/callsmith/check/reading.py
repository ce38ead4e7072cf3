"""A conversation taken apart once for all checks: its calls, results, leaves, texts and moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import orjson
from msgspec import Struct

from callsmith.facts import mentions, now_of
from callsmith.facts.mention import Clock, Mention, clock
from callsmith.records import (
    Assistant,
    Call,
    Conversation,
    Entity,
    Json,
    Parameter,
    System,
    Tool,
    ToolMessage,
    Toolset,
    User,
)
from callsmith.schema import escape

_WRITES = frozenset({"create", "update", "delete", "act"})


def flatten(value: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every scalar of a value with its pointer, in order; empty arrays and objects are leaves."""
    stack = [(pointer, value)]
    while stack:
        at, here = stack.pop()
        if isinstance(here, Mapping) and here:
            stack.extend(
                (f"{at}/{key if '/' not in key and '~' not in key else escape(key)}", here[key])
                for key in reversed(list(here))
            )
        elif isinstance(here, list) and here:
            stack.extend((f"{at}/{index}", here[index]) for index in range(len(here) - 1, -1, -1))
        else:
            yield at, here


@lru_cache(maxsize=65536)
def generic(pointer: str) -> str:
    """A pointer with every array index replaced by ``*``."""
    if not any(step.isdigit() for step in pointer.split("/")):
        return pointer
    return "/".join("*" if step.isdigit() else step for step in pointer.split("/"))


class CallAt(Struct, frozen=True):
    """A call, where it stands, and what answered it."""

    message: int
    group: int  # how many messages with calls came before
    call: Call
    arguments: Mapping[str, Json]  # {} where the arguments are no object
    tool: Tool | None
    result: ToolMessage | None
    result_at: int  # message index; -1 when nothing answers it
    train: bool

    @property
    def succeeded(self) -> bool:
        return self.result is not None and not self.result.error

    @property
    def writes(self) -> bool:
        return self.tool is not None and self.tool.deed in _WRITES

    @property
    def may_write(self) -> bool:
        """Whether the call changes something, or nobody knows what it does."""
        return self.tool is None or self.tool.deed == "opaque" or self.writes


class Reading:
    """What checks look up about one conversation; everything dear is worked out at first use."""

    def __init__(self, conversation: Conversation, toolset: Toolset | None) -> None:
        self.conversation = conversation
        self.messages = conversation.messages
        self.toolset = toolset if toolset is not None else understood(conversation)
        self.known = toolset is not None
        self.offered: dict[str, Mapping[str, Json]] = {str(tool["name"]): tool for tool in conversation.tools}
        self.tools = tools_by_name(self.toolset) if self.toolset else {}
        self.entities: Mapping[str, Entity] = entities_by_key(self.toolset) if self.toolset else {}
        self.now, self.zone = self._moment()
        self.clock: Clock = clock(self.now, self.zone)
        self.calls = self._calls()
        self.by_id = {each.call.id: each for each in self.calls}
        self._leaves: dict[str, list[tuple[str, Json]]] = {}

    def _moment(self) -> tuple[str, str]:
        world = self.conversation.world
        first = self.messages[0] if self.messages else None
        told = now_of(first.text) if isinstance(first, System) else ("", "")
        if world is not None and world.now:
            return world.now, told[1]
        return told

    def _calls(self) -> list[CallAt]:
        answers: dict[str, tuple[int, ToolMessage]] = {}
        for index, message in enumerate(self.messages):
            if isinstance(message, ToolMessage):
                answers.setdefault(message.call_id, (index, message))
        out = []
        group = 0
        for index, message in enumerate(self.messages):
            if not isinstance(message, Assistant) or not message.calls:
                continue
            for call in message.calls:
                at, result = answers.get(call.id, (-1, None))
                arguments = call.arguments if isinstance(call.arguments, Mapping) else {}
                tool = self.tools.get(call.name)
                out.append(CallAt(index, group, call, arguments, tool, result, at, message.train))
            group += 1
        return out

    def leaves(self, each: CallAt) -> list[tuple[str, Json]]:
        """The scalars of a call's result."""
        if each.result is None:
            return []
        known = self._leaves.get(each.call.id)
        if known is None:
            known = self._leaves[each.call.id] = list(flatten(each.result.value))
        return known

    def mentions(self, text: str) -> Sequence[Mention]:
        """What a text of this conversation mentions, at its moment."""
        return mentions(text, self.now, self.zone)

    def said(self, before: int) -> Iterator[tuple[int, str]]:
        """User messages before an index, latest first."""
        for index in range(min(before, len(self.messages)) - 1, -1, -1):
            message = self.messages[index]
            if isinstance(message, User):
                yield index, message.text

    def kind_at(self, each: CallAt, pointer: str) -> str:
        """The key of the entity that the id at a place of a result names; "" where nothing is understood of it."""
        if each.tool is None:
            return ""
        place = generic(pointer)
        for item in sorted(each.tool.yields, key=lambda item: -len(item.pointer)):
            if not place.startswith(item.pointer + "/"):
                continue
            entity = self.entities.get(item.entity)
            if entity is None:
                return ""
            rest = place[len(item.pointer) :]
            if rest == entity.id_pointer:
                return entity.key
            return next((field.refers for field in entity.fields if field.pointer == rest), "")
        return ""

    def id_name(self, kind: str) -> str:
        """What the field that holds an entity's own id is called, in lower case."""
        entity = self.entities.get(kind)
        return entity.id_pointer.rsplit("/", 1)[-1].lower() if entity is not None else ""

    @property
    def system(self) -> str:
        first = self.messages[0] if self.messages else None
        return first.text if isinstance(first, System) else ""


# ---------------------------------------------------------------- turns


class Turn(Struct, frozen=True):
    """A user message, what was called for it, and what the assistant said at its end."""

    index: int
    asked: str
    calls: Sequence[CallAt]
    answer: str
    answered: int


def turns(reading: Reading) -> list[Turn]:
    """The turns of a conversation in order."""
    starts = [index for index, message in enumerate(reading.messages) if isinstance(message, User)]
    out = []
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(reading.messages)
        last = reading.messages[end - 1]
        said = last.text if isinstance(last, Assistant) else ""
        message = reading.messages[start]
        calls = [each for each in reading.calls if start < each.message < end]
        out.append(Turn(start, message.text if isinstance(message, User) else "", calls, said, end - 1))
    return out


# ---------------------------------------------------------------- per-toolset lookups

_BY_NAME: dict[str, Mapping[str, Tool]] = {}
_BY_KEY: dict[str, Mapping[str, Entity]] = {}
_INPUTS: dict[int, tuple[Tool, Mapping[str, Parameter]]] = {}
_UNDERSTOOD: dict[bytes, Toolset] = {}
_KEEP = 256


def tools_by_name(toolset: Toolset) -> Mapping[str, Tool]:
    """The tools of a toolset by name, looked up once per toolset."""
    if toolset.hash not in _BY_NAME:
        _forget(_BY_NAME)
        _BY_NAME[toolset.hash] = {tool.name: tool for tool in toolset.tools}
    return _BY_NAME[toolset.hash]


def entities_by_key(toolset: Toolset) -> Mapping[str, Entity]:
    """The entities of a toolset by key."""
    if toolset.hash not in _BY_KEY:
        _forget(_BY_KEY)
        _BY_KEY[toolset.hash] = {entity.key: entity for entity in toolset.entities}
    return _BY_KEY[toolset.hash]


def inputs(tool: Tool) -> Mapping[str, Parameter]:
    """A tool's parameters by pointer."""
    known = _INPUTS.get(id(tool))
    if known is not None and known[0] is tool:
        return known[1]
    if len(_INPUTS) > 4096:
        _INPUTS.clear()
    table = {parameter.pointer: parameter for parameter in tool.inputs}
    _INPUTS[id(tool)] = (tool, table)
    return table


def understood(conversation: Conversation) -> Toolset | None:
    """The toolset understood from a row's own tool definitions, for rows nobody made a world for."""
    if not conversation.tools:
        return None
    encoded = orjson.dumps(conversation.tools, default=dict)
    if encoded not in _UNDERSTOOD:
        from callsmith.check.foreign import toolset_of

        _forget(_UNDERSTOOD)
        _UNDERSTOOD[encoded] = toolset_of(conversation.tools)
    return _UNDERSTOOD[encoded]


def _forget(table: dict) -> None:  # type: ignore[type-arg]
    if len(table) > _KEEP:
        table.clear()
