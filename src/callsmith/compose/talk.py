"""A conversation about a composed task: a user, an assistant that calls functions, and what the functions give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.compose.answers import TEXT, answered, closed, fields
from callsmith.compose.functions import Function, definition
from callsmith.compose.tasks import Prompts, numbered
from callsmith.errors import Unanswered, nearest
from callsmith.models.asking import Asking, read_json
from callsmith.prompts import render
from callsmith.records import Json, Reply, Request, Schema
from callsmith.schema import misfit

ROUNDS = 5  # of the assistant: a call or several at once, a question, or the answer
AT_ONCE = 6  # calls in one round

_CALL = closed({"name": {"type": "string"}, "arguments": {"type": ["object", "string"]}})
_LOOSE: Schema = {
    "anyOf": [
        closed({"calls": {"type": "array", "items": _CALL, "minItems": 1, "maxItems": AT_ONCE}}),
        closed({"question": TEXT}),
        closed({"answer": TEXT}),
    ]
}

Messages = list[dict[str, Any]]


class Move(Struct, frozen=True):
    """What the assistant does next: one of the three."""

    calls: Sequence[tuple[str, Mapping[str, Json]]] = ()
    question: str = ""
    answer: str = ""


async def conversation(
    asking: Asking,
    prompts: Prompts,
    task: str,
    parts: Sequence[str],
    offered: Sequence[Function],
    rounds: int = ROUNDS,
) -> Messages:
    """The messages of a finished conversation, in OpenAI shape, from the user's request to the assistant's answer.

    Names and arguments of calls are held to the functions, results to what they return. The assistant does not see
    the task, the user does not see the functions.

    Raises:
        ModelError: no answer can be had.
        Unanswered: an answer had no usable form, or there was no end within ``rounds``.
    """
    messages: Messages = [{"role": "user", "content": await _opening(asking, prompts, task, offered)}]
    for number in range(rounds):
        left = rounds - number
        move = await _move(asking, prompts, messages, offered, left)
        if move.answer:
            return [*messages, {"role": "assistant", "content": move.answer}]
        if move.question:
            messages.append({"role": "assistant", "content": move.question})
            said = await _reply(asking, prompts, task, parts, messages)
            messages.append({"role": "user", "content": said})
            continue
        first = sum(len(message.get("tool_calls", ())) for message in messages) + 1
        calls = [_wire(f"call_{first + at}", *call) for at, call in enumerate(move.calls)]
        messages.append({"role": "assistant", "content": "", "tool_calls": calls})
        for call in calls:
            result = await _result(asking, prompts, messages, call, offered)
            text = json.dumps(result, ensure_ascii=False)
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": text})
    raise Unanswered(f"assistant: no answer within {rounds} rounds")


def move_schema(offered: Sequence[Function]) -> Schema:
    """What the assistant may answer: calls of these functions with arguments that fit, a question, or the answer."""
    calls = [closed({"name": {"const": one.name}, "arguments": one.parameters}) for one in offered]
    several = {"type": "array", "items": {"anyOf": calls}, "minItems": 1, "maxItems": AT_ONCE}
    return {"anyOf": [closed({"calls": several}), closed({"question": TEXT}), closed({"answer": TEXT})]}


def read_move(reply: Reply, offered: Sequence[Function], called: bool) -> tuple[Move | None, str]:
    """What an answer of the assistant does, or what is wrong with it, in words for the assistant.

    ``called``: whether anything was called before; an answer that rests on nothing is none.
    """
    if reply.calls:  # an endpoint that has its own form for calls
        given = [(call.name, call.arguments) for call in reply.calls]
    else:
        value, wrong = read_json(reply, _LOOSE)
        if wrong:
            return None, f'{wrong}; one of "calls", "question" and "answer" is wanted'
        if value.get("answer"):
            move = Move(answer=value["answer"].strip())
            return (
                (move, "") if called else (None, "nothing was called yet: call what the request needs first")
            )
        if value.get("question"):
            return Move(question=value["question"].strip()), ""
        given = [(call["name"], call["arguments"]) for call in value["calls"]]
    known = {one.name: one for one in offered}
    calls = []
    for name, arguments in given:
        if name not in known:
            return None, f"there is no function {name} ({nearest(name, [*known])})"
        if isinstance(arguments, str):
            try:
                arguments = json.loads(arguments)
            except ValueError as error:
                return None, f"the arguments of {name} are not JSON: {error}"
        if wrong := misfit(known[name].parameters, arguments):
            return None, f"arguments of {name}: {wrong}"
        calls.append((name, arguments))
    if len({json.dumps(call, sort_keys=True) for call in calls}) < len(calls):
        return None, "the same call is made twice at once"
    return Move(calls=calls), ""


async def _move(
    asking: Asking, prompts: Prompts, messages: Messages, offered: Sequence[Function], left: int
) -> Move:
    called = any(message["role"] == "tool" for message in messages)
    values = {"functions": shown_functions(offered), "conversation": transcript(messages)}
    request = Request(messages=render(prompts["button/assistant"], values), schema=move_schema(offered))
    return await answered(
        asking, "assistant", request, lambda reply: read_move(reply, offered, called), left=left
    )


async def _opening(asking: Asking, prompts: Prompts, task: str, offered: Sequence[Function]) -> str:
    def wrong(found: Mapping[str, Json]) -> str:
        named = next(
            (one.name for one in offered if "_" in one.name and one.name in str(found["message"])), ""
        )
        return f"a person does not know of {named}" if named else ""

    messages = render(prompts["button/user_opening"], {"task": task})
    return str(
        (await fields(asking, "user", messages, {"message": TEXT}, wrong=wrong, left=ROUNDS))["message"]
    )


async def _reply(
    asking: Asking, prompts: Prompts, task: str, parts: Sequence[str], messages: Messages
) -> str:
    spoken = [message for message in messages if message["role"] != "tool" and message["content"]]
    values = {"task": task, "parts": numbered(parts), "conversation": transcript(spoken)}
    found = await fields(asking, "user", render(prompts["button/user_reply"], values), {"message": TEXT})
    return str(found["message"])


async def _result(
    asking: Asking, prompts: Prompts, messages: Messages, call: Mapping[str, Any], offered: Sequence[Function]
) -> Json:
    function = next(one for one in offered if one.name == call["function"]["name"])
    shape = function.returns if function.returns.get("properties") else {"type": "object", "minProperties": 1}

    def read(reply: Reply) -> tuple[Json | None, str]:
        value, wrong = read_json(reply, shape)
        return (None, wrong) if wrong else (value, "")

    values = {
        "function": json.dumps(definition(function), ensure_ascii=False),
        "conversation": transcript(messages),
        "call": json.dumps(call["function"], ensure_ascii=False),
    }
    return await answered(
        asking, "tool", Request(messages=render(prompts["button/tool"], values), schema=shape), read
    )


def transcript(messages: Messages) -> str:
    """Messages as lines of JSON, so that no text can look like a message of another's."""
    return "\n".join(json.dumps(message, ensure_ascii=False) for message in messages)


def shown_functions(offered: Sequence[Function]) -> str:
    """Definitions as lines of JSON."""
    return "\n".join(json.dumps(definition(one), ensure_ascii=False) for one in offered)


def _wire(identity: str, name: str, arguments: Mapping[str, Json]) -> dict[str, Any]:
    text = json.dumps(arguments, ensure_ascii=False)
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": text}}
