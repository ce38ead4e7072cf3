"""Faults in calls: the wrong tool, wrong arguments, too many or too few of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import orjson
from msgspec import structs

from callsmith.check.grounding import leaf_schema
from callsmith.check.reading import generic
from callsmith.facts import same
from callsmith.planted.editing import (
    calls_of,
    leaves_of,
    other,
    pick,
    removed,
    replaced,
    results_of,
    with_argument,
    with_call,
    with_messages,
)
from callsmith.records import Assistant, Call, Conversation, Json, Schema, ToolMessage, User
from callsmith.schema import settle, valid
from callsmith.seeds import Rng


def _schemas(conversation: Conversation) -> dict[str, Schema]:
    return {str(tool["name"]): tool.get("parameters") or {} for tool in conversation.tools}


def rival_tool(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call made of the offered tool most like the right one."""
    schemas = _schemas(conversation)
    at = pick(rng, calls_of(conversation))
    if at is None:
        return None
    index, position, call = at
    own = set(settle(schemas.get(call.name, {})).get("properties", {}))
    rivals = sorted(
        (name for name in schemas if name != call.name),
        key=lambda name: (
            not valid(schemas[name], call.arguments),
            -len(own & set(settle(schemas[name]).get("properties", {}))),
            name,
        ),
    )
    if not rivals:
        return None
    renamed = with_call(conversation, index, position, structs.replace(call, name=rivals[0]))
    messages = [
        structs.replace(message, name=rivals[0])
        if isinstance(message, ToolMessage) and message.call_id == call.id
        else message
        for message in renamed.messages
    ]
    return with_messages(renamed, messages)


def unknown_tool(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call of a tool that is not offered."""
    at = pick(rng, calls_of(conversation))
    if at is None:
        return None
    index, position, call = at
    name = call.name + rng.choice(("_v2", "_all", "_now", "s"))
    if name in _schemas(conversation):
        return None
    return with_call(conversation, index, position, structs.replace(call, name=name))


def swapped_values(conversation: Conversation, rng: Rng) -> Conversation | None:
    """Two values of one call, or of calls of one tool, in each other's place."""
    found: list[tuple[tuple[int, int, Call], str, tuple[int, int, Call], str]] = []
    calls = calls_of(conversation)
    for number, one in enumerate(calls):
        for two in calls[number:]:
            if one[2].name != two[2].name:
                continue
            for first, a in leaves_of(one[2].arguments):
                for second, b in leaves_of(two[2].arguments):
                    if type(a) is not type(b) or isinstance(a, bool) or same(a, b):
                        continue
                    if one is two and first >= second or generic(first) == generic(second) and one is two:
                        continue
                    if one is not two and first != second:
                        continue
                    found.append((one, first, two, second))
    chosen = pick(rng, found)
    if chosen is None:
        return None
    one, first, two, second = chosen
    values = dict(leaves_of(one[2].arguments))[first], dict(leaves_of(two[2].arguments))[second]
    if one is two:
        arguments = replaced(replaced(one[2].arguments, first, values[1]), second, values[0])
        return with_call(conversation, one[0], one[1], structs.replace(one[2], arguments=arguments))
    return with_argument(with_argument(conversation, one, first, values[1]), two, second, values[0])


def invented_value(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An argument nobody said and no result holds."""
    schemas = _schemas(conversation)
    at = pick(rng, [each for each in calls_of(conversation) if leaves_of(each[2].arguments)])
    if at is None:
        return None
    pointer, value = pick(rng, leaves_of(at[2].arguments))
    schema, _ = leaf_schema(schemas.get(at[2].name, {}), pointer)
    return with_argument(conversation, at, pointer, other(value, rng, schema.get("enum") or ()))


def wrong_record(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An id a result holds, but of another record."""
    results = results_of(conversation)
    found: list[tuple[tuple[int, int, Call], str, Json]] = []
    for at in calls_of(conversation):
        for pointer, value in leaves_of(at[2].arguments):
            for index, message in results:
                if (
                    index >= at[0]
                    or message.error
                    or not isinstance(value, (str, int))
                    or isinstance(value, bool)
                ):
                    continue
                found.extend((at, pointer, rival) for rival in _siblings(message.value, value))
    chosen = pick(rng, found)
    return with_argument(conversation, *chosen) if chosen else None


def _siblings(result: Json, value: Json) -> list[Json]:
    """What stands at the same place of other records as ``value`` does of one."""
    leaves = leaves_of(result)
    places = {generic(pointer) for pointer, leaf in leaves if leaf == value and "*" in generic(pointer)}
    places = {
        place
        for place in places
        if place.rsplit("/", 1)[-1].lower() in ("id", "gid", "key", "number", "email")
    }
    return [leaf for pointer, leaf in leaves if generic(pointer) in places and leaf != value]


def missing_required(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call without an argument it must have."""
    schemas = _schemas(conversation)
    found = [
        (at, f"/{name}")
        for at in calls_of(conversation)
        for name in settle(schemas.get(at[2].name, {})).get("required", ())
        if name in at[2].arguments
    ]
    chosen = pick(rng, found)
    if chosen is None:
        return None
    (index, position, call), pointer = chosen
    return with_call(
        conversation, index, position, structs.replace(call, arguments=removed(call.arguments, pointer))
    )


def dropped_argument(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call that forgets something optional the user asked for."""
    schemas = _schemas(conversation)
    found = [
        (at, name)
        for at in calls_of(conversation)
        for name in at[2].arguments
        if name not in settle(schemas.get(at[2].name, {})).get("required", ())
        and "default" not in settle(schemas.get(at[2].name, {})).get("properties", {}).get(name, {})
    ]
    chosen = pick(rng, found)
    if chosen is None:
        return None
    (index, position, call), name = chosen
    return with_call(
        conversation, index, position, structs.replace(call, arguments=removed(call.arguments, f"/{name}"))
    )


def wrong_type(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An argument of another JSON type than its schema allows."""
    found = [(at, leaf) for at in calls_of(conversation) for leaf in leaves_of(at[2].arguments)]
    chosen = pick(rng, found)
    if chosen is None:
        return None
    at, (pointer, value) = chosen
    wrong: Json = {"value": value} if isinstance(value, str) else str(value) + " units"
    return with_argument(conversation, at, pointer, wrong)


def extra_parameter(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An argument no schema of the tool knows."""
    at = pick(rng, calls_of(conversation))
    if at is None:
        return None
    index, position, call = at
    name = rng.choice(("verbose", "notify_team", "include_details", "reasoning", "force"))
    known = settle(_schemas(conversation).get(call.name, {})).get("properties", {})
    if name in known:
        return None
    arguments = {**call.arguments, name: True}
    return with_call(conversation, index, position, structs.replace(call, arguments=arguments))


def unasked_option(conversation: Conversation, rng: Rng) -> Conversation | None:
    """An optional argument that exists, set to something nobody asked for."""
    schemas = _schemas(conversation)
    found = []
    for at in calls_of(conversation):
        settled = settle(schemas.get(at[2].name, {}))
        for name, schema in settled.get("properties", {}).items():
            child = settle(schema)
            if name in at[2].arguments or name in settled.get("required", ()):
                continue
            value = _unasked(child)
            if value is not None:
                found.append((at, name, value))
    chosen = pick(rng, found)
    if chosen is None:
        return None
    (index, position, call), name, value = chosen
    return with_call(
        conversation, index, position, structs.replace(call, arguments={**call.arguments, name: value})
    )


def _unasked(schema: Schema) -> Json:
    options = [option for option in schema.get("enum", ()) if option != schema.get("default")]
    if options:
        return options[-1]
    if schema.get("type") == "boolean" and "default" in schema:
        return not schema["default"]
    if schema.get("format") == "email":
        return "karen.holt@elsewhere.example"
    if schema.get("format") == "date":
        return "2031-11-09"
    return None


def dropped_call(conversation: Conversation, rng: Rng) -> Conversation | None:
    """One planned call and its result left out."""
    at = pick(rng, calls_of(conversation))
    if at is None:
        return None
    index, _, call = at
    messages = []
    for number, message in enumerate(conversation.messages):
        if isinstance(message, ToolMessage) and message.call_id == call.id:
            continue
        if number == index and isinstance(message, Assistant):
            rest = tuple(item for item in message.calls if item.id != call.id)
            if not rest and not message.text:
                continue
            message = structs.replace(message, calls=rest)
        messages.append(message)
    return with_messages(conversation, _joined(messages))


def _joined(messages: Sequence[object]) -> list:  # type: ignore[type-arg]
    """Messages with assistant neighbours made one, so that only the call is missing and not the shape."""
    out: list = []  # type: ignore[type-arg]
    for message in messages:
        last = out[-1] if out else None
        if isinstance(message, Assistant) and isinstance(last, Assistant) and not last.calls:
            text = f"{last.text}\n\n{message.text}".strip()
            out[-1] = structs.replace(message, text=text)
        else:
            out.append(message)
    return out


def doubled_call(conversation: Conversation, rng: Rng) -> Conversation | None:
    """The same call made a second time, with the same result."""
    at = pick(rng, calls_of(conversation))
    if at is None:
        return None
    index, position, call = at
    twin = structs.replace(call, id=call.id[:-1] + ("z" if call.id[-1] != "z" else "y"))
    message = conversation.messages[index]
    assert isinstance(message, Assistant)
    calls = [*message.calls[: position + 1], twin, *message.calls[position + 1 :]]
    messages = []
    for number, each in enumerate(conversation.messages):
        messages.append(structs.replace(message, calls=tuple(calls)) if number == index else each)
        if isinstance(each, ToolMessage) and each.call_id == call.id:
            messages.append(structs.replace(each, call_id=twin.id))
    return with_messages(conversation, messages)


def broken_json(conversation: Conversation, rng: Rng) -> Conversation | None:
    """Arguments that stop in the middle."""
    at = pick(rng, [each for each in calls_of(conversation) if each[2].arguments])
    if at is None:
        return None
    index, position, call = at
    encoded = orjson.dumps(call.arguments).decode()
    return with_call(conversation, index, position, structs.replace(call, arguments=encoded[:-1]))


def swapped_order(conversation: Conversation, rng: Rng) -> Conversation | None:
    """Two groups of calls in each other's place."""
    groups = [
        index
        for index, message in enumerate(conversation.messages)
        if isinstance(message, Assistant) and message.calls and message.train
    ]
    pairs = [(a, b) for a, b in pairwise(groups) if not _users_between(conversation, a, b)]
    chosen = pick(rng, pairs)
    if chosen is None:
        return None
    first, second = chosen
    end = next(
        (
            i
            for i in range(second + 1, len(conversation.messages))
            if not isinstance(conversation.messages[i], ToolMessage)
        ),
        len(conversation.messages),
    )
    messages = list(conversation.messages)
    return with_messages(
        conversation, [*messages[:first], *messages[second:end], *messages[first:second], *messages[end:]]
    )


def _users_between(conversation: Conversation, first: int, second: int) -> bool:
    return any(isinstance(message, User) for message in conversation.messages[first:second])


def forced_call(conversation: Conversation, rng: Rng) -> Conversation | None:
    """A call where none was due: the tool nearest at hand, to have called something."""
    if calls_of(conversation) or not conversation.tools:
        return None
    last = max(
        (index for index, message in enumerate(conversation.messages) if isinstance(message, Assistant)),
        default=-1,
    )
    tool = pick(rng, conversation.tools)
    schema = settle(tool.get("parameters") or {})
    arguments = {
        name: _filler(settle(schema["properties"][name]))
        for name in schema.get("required", ())
        if name in schema.get("properties", {})
    }
    call = Call("call_forced001", str(tool["name"]), arguments)
    messages = list(conversation.messages)
    messages[last:last] = [Assistant("", (call,)), ToolMessage(call.id, call.name, {"ok": True})]
    return with_messages(conversation, messages)


def _filler(schema: Schema) -> Json:
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return max(17, int(schema.get("minimum", 17)))
    if kind == "boolean":
        return True
    if kind == "array":
        return [_filler(settle(schema.get("items", {})))]
    if kind == "object":
        properties = schema.get("properties", {})
        return {
            name: _filler(settle(properties[name]))
            for name in schema.get("required", ())
            if name in properties
        }
    return {
        "email": "karen.holt@elsewhere.example",
        "date": "2031-11-09",
        "date-time": "2031-11-09T09:00:00Z",
    }.get(schema.get("format", ""), "glacier survey")
