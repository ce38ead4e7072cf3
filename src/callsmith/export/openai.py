"""OpenAI fine-tuning rows: string arguments, null content beside calls, a weight for each assistant message."""

from __future__ import annotations

import msgspec
import orjson

from callsmith import row
from callsmith.records import Assistant, Conversation, Message, System, ToolMessage, User


def convert(conversation: Conversation, source: row.Row) -> row.Row:
    """``messages``, and ``tools`` with ``parallel_tool_calls`` where tools are offered."""
    out: row.Row = {"messages": [_message(message) for message in conversation.messages]}
    if conversation.tools:
        out["tools"] = [{"type": "function", "function": dict(tool)} for tool in conversation.tools]
        out["parallel_tool_calls"] = True
    return out


def carried(conversation: Conversation) -> Conversation:
    """Tools and messages; not reasoning, which the format has no field for, nor names and error marks of results."""
    return Conversation(
        tools=conversation.tools,
        messages=tuple(
            msgspec.structs.replace(message, reasoning="")
            if isinstance(message, Assistant)
            else bare(message)
            for message in conversation.messages
        ),
    )


def obstacle(conversation: Conversation) -> str:
    """Rows that end without an answer have nothing to learn at the end."""
    return "" if isinstance(conversation.messages[-1], Assistant) else "does not end with the assistant"


def bare(message: Message) -> Message:
    """A result without its error mark, which no training format carries; the value says it."""
    return msgspec.structs.replace(message, error=False) if isinstance(message, ToolMessage) else message


def _message(message: Message) -> row.Row:
    if isinstance(message, System):
        return {"role": "system", "content": message.text}
    if isinstance(message, User):
        return {"role": "user", "content": message.text}
    if isinstance(message, ToolMessage):
        return {"role": "tool", "tool_call_id": message.call_id, "content": row.content_of(message.value)}
    said: row.Row = {"role": "assistant", "content": message.text or (None if message.calls else "")}
    if message.calls:
        said["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _string(call.arguments)},
            }
            for call in message.calls
        ]
    said["weight"] = int(message.train)
    return said


def _string(arguments: object) -> str:
    return arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()
