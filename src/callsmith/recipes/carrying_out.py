"""Calls that a model invented, carried out: what a world gives takes the place of what the model wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import orjson
from msgspec import Struct, structs

from callsmith.execute import call_id
from callsmith.plan.known import SURE
from callsmith.ports import World
from callsmith.records import Assistant, Call, Json, Message, Result, Tool, ToolMessage
from callsmith.schema import first_error
from callsmith.world.journal import Maker

UNKNOWN = "unsupported"  # the error of a world that does not know what a tool does
SHOWN = 8000  # characters of one result that its writer is shown


class CarriedOut(Struct, frozen=True):
    """A conversation whose calls were made. ``told`` are those that nothing executes, with what was written of them."""

    messages: Sequence[Message]
    told: Sequence[tuple[Call, Result]]
    made: int  # calls that a world answered


def executes(tool: Tool, maker: Maker | None) -> bool:
    """Whether a world of a tool's toolset can carry it out, as far as is known beforehand."""
    return maker is not None or (tool.effect != "opaque" and tool.confidence >= SURE)


async def carried_out(
    messages: Sequence[Message], world: World, tools: Mapping[str, Tool], maker: Maker | None, seed: int
) -> CarriedOut:
    """The same conversation with calls named anew, and with results of the world's where it has any."""
    told: list[tuple[Call, Result]] = []
    calls: dict[str, Call] = {}
    out: list[Message] = []
    for message in messages:
        if isinstance(message, Assistant) and message.calls:
            renamed = []
            for call in message.calls:
                calls[call.id] = Call(call_id(seed, len(calls)), call.name, call.arguments)
                renamed.append(calls[call.id])
            message = structs.replace(message, calls=renamed)
        elif isinstance(message, ToolMessage):
            call = calls[message.call_id]
            result = await world.call(call) if executes(tools[call.name], maker) else None
            if result is None or result.error == UNKNOWN:
                result = Result(call.id, message.value, "error" if message.error else "")
                told.append((call, result))
            message = ToolMessage(call.id, call.name, result.value, bool(result.error))
        out.append(message)
    return CarriedOut(out, told, len(calls) - len(told))


def told_faults(told: Sequence[tuple[Call, Result]], tools: Mapping[str, Tool]) -> Iterator[str]:
    """What is wrong with results that a model wrote and nothing gave: they are what the tools return."""
    for call, result in told:
        returns = tools[call.name].returns
        error = first_error(returns, result.value) if returns and not result.error else None
        if error is not None:
            yield f"the result of {call.name} is not what it returns: {error[0]} {error[1]}".replace(
                "  ", " "
            )


def shortened(messages: Sequence[Message]) -> list[Message]:
    """The messages with results no longer than their writer need see them."""
    return [
        structs.replace(message, value=_cut(message.value)) if isinstance(message, ToolMessage) else message
        for message in messages
    ]


def _cut(value: Json) -> Json:
    spelled = orjson.dumps(value, default=str).decode()
    return value if len(spelled) <= SHOWN else spelled[:SHOWN] + "…"
