"""Changing one thing in a conversation and leaving the rest as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from callsmith.check.reading import flatten
from callsmith.records import Assistant, Call, Conversation, Json, Message, ToolMessage
from callsmith.schema import steps
from callsmith.seeds import Rng


def with_messages(conversation: Conversation, messages: Sequence[Message]) -> Conversation:
    return structs.replace(conversation, messages=tuple(messages))


def with_message(conversation: Conversation, index: int, message: Message) -> Conversation:
    messages = list(conversation.messages)
    messages[index] = message
    return with_messages(conversation, messages)


def calls_of(conversation: Conversation) -> list[tuple[int, int, Call]]:
    """(message index, position, call) of every call a row trains on whose arguments are an object."""
    return [
        (index, position, call)
        for index, message in enumerate(conversation.messages)
        if isinstance(message, Assistant) and message.train
        for position, call in enumerate(message.calls)
        if isinstance(call.arguments, Mapping)
    ]


def results_of(conversation: Conversation) -> list[tuple[int, ToolMessage]]:
    return [(index, m) for index, m in enumerate(conversation.messages) if isinstance(m, ToolMessage)]


def with_call(conversation: Conversation, index: int, position: int, call: Call) -> Conversation:
    message = conversation.messages[index]
    assert isinstance(message, Assistant)
    calls = list(message.calls)
    calls[position] = call
    return with_message(conversation, index, structs.replace(message, calls=tuple(calls)))


def with_argument(
    conversation: Conversation, at: tuple[int, int, Call], pointer: str, value: Json
) -> Conversation:
    index, position, call = at
    arguments = replaced(call.arguments, pointer, value)
    return with_call(conversation, index, position, structs.replace(call, arguments=arguments))


def replaced(value: Any, pointer: str, new: Json) -> Any:
    """A copy of a value with another value at a concrete pointer."""
    path = steps(pointer)
    if not path:
        return new
    if isinstance(value, Mapping):
        copy = dict(value)
        copy[path[0]] = replaced(copy.get(path[0]), _rest(pointer), new)
        return copy
    items = list(value)
    items[int(path[0])] = replaced(items[int(path[0])], _rest(pointer), new)
    return items


def removed(value: Any, pointer: str) -> Any:
    """A copy of a value without the member at a concrete pointer."""
    path = steps(pointer)
    if isinstance(value, Mapping):
        if len(path) == 1:
            return {key: item for key, item in value.items() if key != path[0]}
        return {**value, path[0]: removed(value[path[0]], _rest(pointer))}
    items = list(value)
    if len(path) == 1:
        del items[int(path[0])]
    else:
        items[int(path[0])] = removed(items[int(path[0])], _rest(pointer))
    return items


def _rest(pointer: str) -> str:
    cut = pointer.find("/", 1)
    return pointer[cut:] if cut > 0 else ""


def leaves_of(value: Json) -> list[tuple[str, Json]]:
    """Scalars that say something, with their pointers."""
    return [(pointer, leaf) for pointer, leaf in flatten(value) if pointer and leaf not in (None, "", [], {})]


def pick(rng: Rng, options: Sequence[Any]) -> Any:
    return options[int(rng.random() * len(options))] if options else None


_NAMES = ("karen.holt", "oskar.brandt", "wei.zhang", "f.delacroix", "ines.pardo")
_PHRASES = (
    "harbour crane lease",
    "puppet theatre rota",
    "glacier survey notes",
    "tram depot repainting",
    "beekeeping licence",
)


def other(value: Json, rng: Rng, options: Sequence[Json] = ()) -> Json:
    """Another value of the same make, such as a careless model might invent."""
    rest = [option for option in options if option != value]
    if rest:
        return pick(rng, rest)
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + type(value)(rng.choice((7, 13, 37, 113)))
    if not isinstance(value, str):
        return value
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return _other_moment(value, rng)
    if "@" in value:
        return f"{rng.choice(_NAMES)}@{value.rsplit('@', 1)[1]}"
    if re.fullmatch(r"[A-Za-z0-9_:/.-]+", value) and any(map(str.isdigit, value)):
        return _other_id(value, rng)
    return rng.choice(_PHRASES).capitalize() if value[:1].isupper() else rng.choice(_PHRASES)


def _other_moment(value: str, rng: Rng) -> str:
    head, tail = value[:10], value[10:]
    try:
        day = datetime.fromisoformat(head) + timedelta(days=rng.choice((17, 23, 41, -19)))
    except ValueError:
        return value
    return f"{day:%Y-%m-%d}{tail}"


def _other_id(value: str, rng: Rng) -> str:
    out = []
    for character in value:
        if character.isdigit():
            character = rng.choice("0123456789")
        elif character in "abcdef" and len(value) > 8:
            character = rng.choice("abcdef")
        out.append(character)
    changed = "".join(out)
    return changed if changed != value else value[:-1] + ("7" if value[-1] != "7" else "3")
