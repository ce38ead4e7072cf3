"""A conversation as one row of ``conversations.jsonl``: OpenAI message shape with what the checks need beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import orjson

from callsmith.errors import CallsmithError
from callsmith.records import (
    ROW_VERSION,
    Assistant,
    Call,
    Composed,
    Conversation,
    Derived,
    Json,
    Message,
    Origin,
    System,
    ToolMessage,
    User,
    Verdict,
    WorldState,
)

Row = dict[str, Any]


def to_row(conversation: Conversation, verdicts: Sequence[Verdict] = ()) -> Row:
    """The row of a conversation: plain JSON, the same for the same conversation, nothing null inside messages."""
    row: Row = {
        "id": conversation.id,
        "version": ROW_VERSION,
        "kind": conversation.kind,
        "intent": conversation.intent,
        "locale": conversation.locale,
        "tools": [{"type": "function", "function": dict(tool)} for tool in conversation.tools],
        "messages": [_message_out(message) for message in conversation.messages],
        "provenance": msgspec.to_builtins(conversation.provenance),
        "alternatives": [[_call_out(call) for call in calls] for calls in conversation.alternatives],
        "world": None if conversation.world is None else msgspec.to_builtins(conversation.world),
        "verdicts": [_verdict_out(verdict) for verdict in verdicts],
    }
    if conversation.lineage:
        row["lineage"] = dict(conversation.lineage)
    return row


def from_row(row: Mapping[str, Any]) -> Conversation:
    """The conversation of a row, ours or anyone's in OpenAI message shape.

    Arguments given as a string are parsed; a string that is not a JSON object stays a string. What a foreign row
    does not carry stays empty.

    Raises:
        CallsmithError: ``messages`` is missing or a message has no known role.
    """
    messages = _decoded(row.get("messages"))
    if not isinstance(messages, list):
        raise CallsmithError("a row needs a list called messages", hint="OpenAI message shape is expected")
    provenance = row.get("provenance")
    world = row.get("world")
    lineage = row.get("lineage")
    alternatives = row.get("alternatives") or ()
    return Conversation(
        tools=tuple(_tools_in(_decoded(row.get("tools") or row.get("functions") or []))),
        messages=tuple(_messages_in(messages)),
        id=_text(row.get("id")),
        kind=_text(row.get("kind")),
        locale=_text(row.get("locale")),
        intent=_text(row.get("intent")),
        provenance=_provenance_in(provenance) if isinstance(provenance, dict) else {},
        alternatives=tuple(tuple(_call_in(call, "") for call in calls) for calls in alternatives),
        world=_world_in(world) if isinstance(world, dict) else None,
        lineage=lineage if isinstance(lineage, dict) else {},
    )


def verdicts_of(row: Mapping[str, Any]) -> list[Verdict]:
    """The verdicts a row carries; none for foreign rows."""
    return msgspec.convert(row.get("verdicts") or [], list[Verdict])


def encode(row: Row) -> bytes:
    """One line of JSON, newline included."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def read_rows(path: str) -> Iterator[Row]:
    """Rows of a JSONL file, blank lines left out.

    Raises:
        CallsmithError: the file cannot be opened or a line is not a JSON object.
    """
    try:
        file = open(path, "rb")
    except OSError as error:
        raise CallsmithError(error.strerror or "cannot be opened", where=path) from error
    with file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise CallsmithError(
                    f"not JSON: {error}", where=f"{path}:{number}", hint="one JSON object a line is expected"
                ) from error
            if not isinstance(row, dict):
                raise CallsmithError("not a JSON object", where=f"{path}:{number}")
            yield row


def content_of(value: Json) -> str:
    """A result's value as message content: JSON text, and plain text where that reads back as the same string."""
    if isinstance(value, str) and _parsed(value) is value:
        return value
    return orjson.dumps(value).decode()


def value_of(content: str) -> Json:
    """Message content as a value: decoded JSON, or the string itself where it is not JSON."""
    return _parsed(content)


# ---------------------------------------------------------------- out


def _message_out(message: Message) -> Row:
    if isinstance(message, System):
        return {"role": "system", "content": message.text}
    if isinstance(message, User):
        return {"role": "user", "content": message.text}
    if isinstance(message, ToolMessage):
        result: Row = {
            "role": "tool",
            "tool_call_id": message.call_id,
            "name": message.name,
            "content": content_of(message.value),
        }
        if message.error:
            result["error"] = True
        return result
    said: Row = {"role": "assistant", "content": message.text}
    if message.reasoning:
        said["reasoning"] = message.reasoning
    if message.calls:
        said["tool_calls"] = [_call_out(call) for call in message.calls]
    if not message.train:
        said["train"] = False
    return said


def _call_out(call: Call) -> Row:
    arguments = call.arguments if isinstance(call.arguments, str) else dict(call.arguments)
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def _verdict_out(verdict: Verdict) -> Row:
    plain: Row = {"check": verdict.check, "outcome": verdict.outcome}
    if verdict.reason:
        plain["reason"] = verdict.reason
    if verdict.message is not None:
        plain["message"] = verdict.message
    if verdict.score is not None:
        plain["score"] = verdict.score
    return plain


# ---------------------------------------------------------------- in


def _messages_in(messages: Sequence[Any]) -> Iterator[Message]:
    names: dict[str, str] = {}
    last = ""  # id of the last call without a name of its own: the old function_call shape
    for index, message in enumerate(messages):
        role = message.get("role") if isinstance(message, dict) else None
        if role in ("system", "developer"):
            yield System(_content(message))
        elif role == "user":
            yield User(_content(message))
        elif role == "assistant":
            calls = _calls_in(message, index)
            names.update((call.id, call.name) for call in calls)
            last = calls[-1].id if calls else last
            yield Assistant(
                text=_content(message),
                calls=calls,
                reasoning=_text(message.get("reasoning") or message.get("reasoning_content")),
                train=message.get("train") is not False and message.get("weight") != 0,
            )
        elif role in ("tool", "function"):
            call_id = _text(message.get("tool_call_id")) or (last if role == "function" else "")
            name = _text(message.get("name")) or names.get(call_id, "")
            yield ToolMessage(call_id, name, value_of(_content(message)), message.get("error") is True)
        else:
            raise CallsmithError(
                f"message {index} has no role among system, user, assistant, tool",
                hint="OpenAI message shape is expected",
            )


def _calls_in(message: Mapping[str, Any], index: int) -> tuple[Call, ...]:
    calls = message.get("tool_calls") or ()
    if not calls and isinstance(message.get("function_call"), dict):
        calls = [{"function": message["function_call"]}]
    return tuple(_call_in(call, f"call_{index}_{position}") for position, call in enumerate(calls))


def _call_in(call: Mapping[str, Any], spare_id: str) -> Call:
    function = call.get("function")
    body = function if isinstance(function, dict) else call
    return Call(
        _text(call.get("id")) or spare_id, _text(body.get("name")), _arguments_in(body.get("arguments"))
    )


def _arguments_in(arguments: Any) -> Mapping[str, Json] | str:
    if isinstance(arguments, dict):
        return arguments
    if arguments is None or arguments == "":
        return {}
    if not isinstance(arguments, str):
        return orjson.dumps(arguments).decode()
    parsed = _parsed(arguments)
    return parsed if isinstance(parsed, dict) else arguments


def _tools_in(tools: Any) -> Iterator[Mapping[str, Json]]:
    for tool in tools if isinstance(tools, list) else ():
        body = tool.get("function", tool) if isinstance(tool, dict) else None
        if not isinstance(body, dict) or not isinstance(body.get("name"), str):
            raise CallsmithError("a tool has no name", hint='{"type": "function", "function": {"name": …}}')
        yield body


def _provenance_in(provenance: Mapping[str, Any]) -> Mapping[str, Mapping[str, Origin]]:
    try:
        read = msgspec.convert(provenance, dict[str, dict[str, Origin]])
    except msgspec.ValidationError:
        return {}  # someone else's key of the same name
    return {call: {at: _settled(origin) for at, origin in origins.items()} for call, origins in read.items()}


def _settled(origin: Origin) -> Origin:
    """Sequences as tuples, so that an origin read equals one computed."""
    if isinstance(origin, Composed):
        return Composed(tuple(origin.facts))
    return Derived(origin.rule, tuple(origin.of)) if isinstance(origin, Derived) else origin


def _world_in(world: Mapping[str, Any]) -> WorldState | None:
    try:
        return msgspec.convert(world, WorldState)
    except msgspec.ValidationError:
        return None  # someone else's key of the same name


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _decoded(value: Any) -> Any:
    return _parsed(value) if isinstance(value, str) else value


def _parsed(text: str) -> Any:
    """Decoded JSON, or the very same object where the text is not JSON."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ("" if value is None else str(value))
