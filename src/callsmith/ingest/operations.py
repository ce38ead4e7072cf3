"""One operation of an API as a tool, or the reason why it cannot be one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from callsmith.errors import SourceError
from callsmith.ingest.names import valid_name
from callsmith.ingest.refs import require_sound
from callsmith.records import Json, Skipped, Tool, Where


class Operation(Struct, frozen=True):
    """What an operation says of itself, in JSON Schema."""

    description: str
    properties: Mapping[str, Json]
    required: Sequence[str]
    returns: Mapping[str, Json]
    hints: Mapping[str, Json]


def tool_of(name: str, toolkit: str, where: Where, read: Callable[[], Operation]) -> Tool | Skipped:
    """The tool of an operation; whatever is wrong with it costs this one operation and is told."""
    try:
        if not valid_name(name):
            raise SourceError("its name holds no letters")
        operation = read()
        parameters: dict[str, Json] = {"type": "object", "properties": dict(operation.properties)}
        if operation.required:
            parameters["required"] = list(operation.required)
        parameters["additionalProperties"] = False
        require_sound(parameters, "its parameters")
        require_sound(operation.returns, "its result")
    except SourceError as error:
        return Skipped(name, where, error.what)
    except RecursionError:
        return Skipped(name, where, "it nests deeper than can be followed")
    except Exception as error:  # a file from outside may be wrong in any way; the other operations are not
        return Skipped(name, where, f"cannot be read ({type(error).__name__}: {str(error)[:120]})")
    return Tool(
        name=name,
        toolkit=toolkit,
        description=operation.description,
        parameters=parameters,
        returns=operation.returns,
        where=where,
        hints=operation.hints,
    )
