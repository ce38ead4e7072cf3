"""The Python world: tools that are functions, executed for real."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from callsmith.records import Call, Change, Json, Result, Tool, Toolset
from callsmith.schema import first_error

_OPERATIONS: dict[str, Literal["create", "update", "delete"]] = {
    "create": "create",
    "update": "update",
    "act": "update",
    "delete": "delete",
}


def invoked(function: Callable[..., Any], arguments: Mapping[str, Json]) -> tuple[Json, str]:
    """What a function gave as (value, error): whatever it raises is an error with its type and message."""
    try:
        return function(**arguments), ""
    except Exception as error:  # the boundary to code that is not ours
        return failure(error)


def failure(error: Exception) -> tuple[Json, str]:
    """An exception as the value and the code of a failed result."""
    name = type(error).__name__
    return {"error": {"type": name, "message": str(error)}}, name


def as_json(value: Any) -> tuple[Json, str]:
    """A Python value as JSON and "", or a description and the code of what went wrong."""
    try:
        plain = msgspec.to_builtins(value, str_keys=True)
        msgspec.json.encode(plain)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        message = f"the result of type {type(value).__name__} cannot be written as JSON: {error}"
        return {"error": {"type": "unserializable", "message": message}}, "unserializable"
    return plain, ""


async def _awaited(value: Any) -> tuple[Json, str]:
    try:
        return await value, ""
    except Exception as error:  # the boundary to code that is not ours
        return failure(error)


def _told(code: str, message: str) -> Json:
    return {"error": {"type": code, "message": message}}


class PythonWorld:
    """Functions behind a toolset's tools. What they keep is theirs: ``isolation`` says whether attempts share it.

    ``functions`` maps tool names to callables, as ``FunctionSource.callables`` gives them. A world with
    ``per_attempt`` isolation must be given callables of its own, such as methods of a new object.
    """

    kind = "python"

    def __init__(
        self,
        toolset: Toolset,
        functions: Mapping[str, Callable[..., Any]],
        isolation: Literal["per_attempt", "read_only", "serial"] = "serial",
    ) -> None:
        self.toolset = toolset
        self.isolation = isolation
        self.functions = functions
        self._tools: dict[str, Tool] = {tool.name: tool for tool in toolset.tools}
        self._made: list[Change] = []

    async def call(self, call: Call) -> Result:
        """Runs the function of the call's name with its arguments. A function that fails gives a failed result."""
        tool = self._tools.get(call.name)
        function = self.functions.get(call.name)
        if tool is None or function is None:
            return Result(
                call.id, _told("unknown_tool", f"There is no tool named {call.name}."), "unknown_tool"
            )
        if not isinstance(call.arguments, Mapping):
            return Result(
                call.id, _told("invalid_argument", "The arguments are no JSON object."), "invalid_argument"
            )
        wrong = first_error(tool.parameters, call.arguments)
        if wrong is not None:
            return Result(
                call.id, _told("invalid_argument", ": ".join(filter(None, wrong))), "invalid_argument"
            )
        value, error = invoked(function, call.arguments)
        if not error and inspect.isawaitable(value):
            value, error = await _awaited(value)
        if not error:
            value, error = as_json(value)
        if not error and tool.effect in _OPERATIONS:
            fields = {"arguments": dict(call.arguments), "result": value}
            key = tool.entity or f"{tool.toolkit}.{tool.name}"
            self._made.append(Change(key, str(len(self._made) + 1), _OPERATIONS[tool.effect], fields))
        return Result(call.id, value, error)

    def changes(self) -> Sequence[Change]:
        """The calls that changed something and succeeded, in order: what they changed inside is not visible."""
        return tuple(self._made)

    def digest(self) -> str:
        """A tagged hash of the toolset and the changing calls; reads never move it."""
        made = blake2b(self.toolset.hash.encode(), digest_size=16)
        made.update(msgspec.json.encode(self._made, order="sorted"))
        return f"b2:{made.hexdigest()}"
