"""One loop of a user, an assistant and a world, shared by whatever lets them talk."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from callsmith.execute import call_id
from callsmith.ports import World
from callsmith.records import Assistant, Call, Json, Message, Reply, Result, System, ToolMessage, User
from callsmith.schema import misfit, unwritable

Speaker = Callable[[Sequence[Message]], Awaitable[str]]  # what the user says next; "" when nothing is left
Answerer = Callable[[Sequence[Message]], Awaitable[Reply]]  # what the assistant says or calls next

Ending = Literal[
    "done",  # the user has nothing more to say
    "turns",  # the user would have gone on
    "steps",  # the assistant went on calling
    "invalid",  # more calls than may be corrected could not be made
    "silent",  # the assistant neither spoke nor called
    "endless",  # a message of the assistant was cut off
]


class Limits(Struct, frozen=True):
    """Where a talk is stopped."""

    turns: int = 6  # user messages
    steps: int = 8  # messages with calls in answer to one user message
    corrections: int = 3  # messages with a call that cannot be made, in the whole talk


class Task(Struct, frozen=True):
    """What is put before an assistant: tools as OpenAI function definitions, and a system prompt or none."""

    tools: Sequence[Mapping[str, Json]]
    system: str = ""
    seed: int = 0  # of the ids of calls


class Rollout(Struct, frozen=True):
    """A talk and how it ended. Only after ``done`` and ``turns`` has the assistant the last word."""

    messages: Sequence[Message]
    ended: Ending


class _Talk:
    """A talk under way."""

    def __init__(self, task: Task, world: World, answer: Answerer, limits: Limits) -> None:
        self.task = task
        self.world = world
        self.answer = answer
        self.limits = limits
        self.messages: list[Message] = [System(task.system)] if task.system else []
        self._calls = 0
        self._wrong = 0

    async def turn(self) -> Ending | None:
        """Let the assistant call until it answers; why the talk ends here, if it does."""
        for step in range(self.limits.steps + 1):
            reply = await self.answer(tuple(self.messages))
            if reply.finish == "length":
                return "endless"
            if not reply.calls:
                if not reply.text.strip():
                    return "silent"
                self.messages.append(Assistant(_text(reply.text), reasoning=_text(reply.reasoning)))
                return None
            if step == self.limits.steps:
                return "steps"
            await self._carry_out(reply)
            if self._wrong > self.limits.corrections:
                return "invalid"
        return "steps"

    async def _carry_out(self, reply: Reply) -> None:
        # Ids are ours: those of a model may come twice, and differ from one making of a row to the next.
        calls = tuple(Call(self._next_id(), _text(call.name), _given(call.arguments)) for call in reply.calls)
        refused = [refusal(self.task.tools, call) for call in calls]
        wrong = any(each is not None for each in refused)
        self._wrong += wrong
        self.messages.append(Assistant(_text(reply.text), calls, _text(reply.reasoning), train=not wrong))
        for call, fault in zip(calls, refused, strict=True):
            result = fault or await self.world.call(call)
            self.messages.append(ToolMessage(call.id, call.name, result.value, bool(result.error)))

    def _next_id(self) -> str:
        self._calls += 1
        return call_id(self.task.seed, self._calls - 1)


async def rollout(task: Task, world: World, user: Speaker, assistant: Answerer, limits: Limits) -> Rollout:
    """Let a user and an assistant talk until the user has nothing left, or a limit is reached.

    Calls of one message are made in order. One that cannot be made (no such tool is offered, its arguments are
    broken JSON or do not fit) reaches no world: the assistant reads why, and the message is not to be learnt.
    What speaks is asked once more after the last turn, so that it is known whether it would have gone on.
    """
    talk = _Talk(task, world, assistant, limits)
    for turn in range(limits.turns + 1):
        said = await user(tuple(talk.messages))
        if not said:
            return Rollout(tuple(talk.messages), "done")
        if turn == limits.turns:
            break
        talk.messages.append(User(_text(said)))
        ended = await talk.turn()
        if ended is not None:
            return Rollout(tuple(talk.messages), ended)
    return Rollout(tuple(talk.messages), "turns")


def _given(arguments: Mapping[str, Json] | str) -> Mapping[str, Json] | str:
    """Arguments as a row can hold them: none where nothing was sent, broken text where they cannot be written."""
    if isinstance(arguments, str):
        return _text(arguments) if arguments.strip() else {}
    if not unwritable(arguments):
        return arguments
    try:
        return json.dumps(arguments)[:-1]
    except RecursionError:
        return "{"


def _text(text: str) -> str:
    return text.strip().encode("utf-8", "replace").decode()


def refusal(tools: Sequence[Mapping[str, Json]], call: Call) -> Result | None:
    """What an assistant reads of a call that cannot be made; None of one that can."""
    offered = next((tool for tool in tools if tool["name"] == call.name), None)
    if offered is None:
        known = ", ".join(str(tool["name"]) for tool in tools)
        return _refused(call, "unknown_tool", f"There is no tool named {call.name}. The tools are: {known}.")
    wrong = misfit(offered.get("parameters") or {}, call.arguments)
    return _refused(call, "invalid_arguments", wrong) if wrong else None


def _refused(call: Call, code: str, message: str) -> Result:
    return Result(call.id, {"error": {"type": code, "message": message}}, code)
