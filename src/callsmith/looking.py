"""What functions and servers that say nothing of their results are seen to give, before anything is understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import structs

from callsmith.config_mcp import Server
from callsmith.ingest.functions import FunctionSource
from callsmith.ingest.shown import records_in, schema_of, with_forms
from callsmith.ports import drive
from callsmith.records import Call, Json, Result, Tool, Toolset
from callsmith.understand.hollow import hollow
from callsmith.understand.naming import read, tells_of
from callsmith.world.mcp import house
from callsmith.world.python import MOMENTS, PythonWorld

Ask = Callable[[Call], Result]
_READING = ("list", "search", "read")


def seen(tools: Sequence[Tool], ask: Ask) -> list[Tool]:
    """The tools, with what they were seen to give where they do not declare it.

    Only what is named as reading tools are is asked, first what needs nothing, then, of what that showed, single
    records: nothing is changed to find out what comes of it.
    """
    found = {tool.name: ask(Call("look", tool.name, {})) for tool in tools if looks(tool)}
    records = [one for result in found.values() if not result.error for one in _records(result.value)]
    for tool in tools:
        if hollow(tool.returns) and (arguments := _one_of(tool, records)):
            found[tool.name] = ask(Call("look", tool.name, arguments))
    return [_told(tool, found[tool.name]) if tool.name in found else tool for tool in tools]


def _one_of(tool: Tool, records: Sequence[Mapping[str, Json]]) -> Mapping[str, Json]:
    """The one argument a tool needs to read a record, from a record that was seen; {} where it is none."""
    needed = tool.parameters.get("required", ())
    reading = read(tool)
    if len(needed) != 1 or reading.verb is None or reading.verb.effect != "read":
        return {}
    name = str(needed[0])
    plain = name.removeprefix("_".join((*reading.noun, "")))
    value = next((one[key] for key in (name, plain) for one in records if one.get(key) is not None), None)
    return {name: value} if isinstance(value, (str, int)) else {}


def _records(value: Json) -> Sequence[Mapping[str, Json]]:
    """The records of a listing, at its top or in the one list that lies in it."""
    if isinstance(value, Mapping):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        value = lists[0] if len(lists) == 1 else []
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def of_functions(source: FunctionSource, tools: Sequence[Tool], timeout: float) -> list[Tool]:
    """The tools of functions, with what those that only read were seen to give."""
    here = PythonWorld(Toolset("", tuple(tools), (), ""), source.anew(MOMENTS[0]), timeout=timeout)
    return seen(tools, lambda call: drive(here.call(call)))


def of_server(server: Server, tools: Sequence[Tool]) -> list[Tool]:
    """The tools of a server, with what those that only read were seen to give.

    Raises:
        SourceError: the server cannot be started.
    """
    if not any(hollow(tool.returns) and looks(tool) for tool in tools):
        return list(tools)
    here, named = house(server), {tool.name: tool for tool in tools}
    with here.lock:
        here.tenant = None
        found = seen(tools, lambda call: Result(call.id, *here.call(named[call.name], _given(call))))
        here.forgive()
    return found


def _given(call: Call) -> Mapping[str, Json]:
    return call.arguments if isinstance(call.arguments, Mapping) else {}


def looks(tool: Tool) -> bool:
    """Whether a tool needs nothing, and says by its name that it only tells."""
    if tool.parameters.get("required") or tool.hints.get("read_only") is False:
        return False
    reading = read(tool)
    verb = reading.verb or (reading.described if reading.many else None)
    return tool.hints.get("read_only") is True or (verb.effect in _READING if verb else bool(tells_of(tool)))


def _told(tool: Tool, result: Result) -> Tool:
    if result.error:
        return tool
    schema = schema_of([result.value])
    if not hollow(tool.returns):
        return structs.replace(tool, returns=with_forms(tool.returns, schema))
    if not records_in(_within(schema)):
        return tool
    hints: Mapping[str, Json] = {key: value for key, value in tool.hints.items() if key != "untold"} | {
        "seen": True
    }
    described = {"description": tool.returns["description"]} if tool.returns.get("description") else {}
    return structs.replace(tool, returns={**schema, **described}, hints=hints)


def _within(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """What lies inside the one thing that a result consists of: ``{"result": [...]}``."""
    inside = list(schema.get("properties", {}).values()) if schema.get("type") == "object" else []
    lists = [inner for inner in inside if isinstance(inner, Mapping) and inner.get("type") == "array"]
    return lists[0] if len(lists) == 1 else schema
