"""TRL rows: ``messages`` with object arguments, and ``tools`` as a JSON string so that Arrow cannot merge schemas."""

from __future__ import annotations

import orjson

from callsmith import row
from callsmith.export.openai import bare
from callsmith.records import Assistant, Conversation


def convert(conversation: Conversation, source: row.Row) -> row.Row:
    """``messages`` and ``tools``. Reasoning goes where chat templates look for it, ``reasoning_content``."""
    return {
        "messages": [_message(message) for message in source["messages"]],
        "tools": orjson.dumps(source["tools"]).decode(),
    }


def carried(conversation: Conversation) -> Conversation:
    """Tools and messages; not the error marks of results."""
    return Conversation(tools=conversation.tools, messages=tuple(map(bare, conversation.messages)))


def obstacle(conversation: Conversation) -> str:
    """TRL trains on every assistant message or on none: a row with one that must not be learnt is left out."""
    if any(isinstance(message, Assistant) and not message.train for message in conversation.messages):
        return "holds a message that must not be trained on"
    return "" if isinstance(conversation.messages[-1], Assistant) else "does not end with the assistant"


def _message(message: row.Row) -> row.Row:
    kept = {key: value for key, value in message.items() if key not in ("error", "reasoning")}
    if "reasoning" in message:
        kept["reasoning_content"] = message["reasoning"]
    return kept
