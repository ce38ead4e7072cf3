"""The functions that tasks need: asked of a model, made into JSON Schema, and held to one another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs
from msgspec import Struct

from callsmith.compose.answers import CORRECTIONS, answered, closed
from callsmith.compose.tasks import Prompts, numbered
from callsmith.errors import nearest
from callsmith.models.asking import Asking, read_json
from callsmith.prompts import render
from callsmith.records import Json, Reply, Request, Schema

MOST = 8  # functions for one composed task
NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
SCALARS = ("string", "integer", "number", "boolean")
KINDS = (*SCALARS, "object", *(f"array of {kind}" for kind in (*SCALARS, "object")))
# What people write instead of the names of JSON Schema.
SPELLINGS = {
    "str": "string",
    "text": "string",
    "date": "string",
    "datetime": "string",
    "int": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "list": "array",
    "tuple": "array",
    "dict": "object",
    "map": "object",
    "any": "string",
}

_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": 400}
_FIELD: dict[str, Schema] = {
    "name": {"type": "string", "pattern": NAME},
    "type": {"enum": list(SCALARS)},
    "description": _TEXT,
}
_VALUE: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": NAME},
        "type": {"enum": list(KINDS)},
        "description": _TEXT,
        "fields": {"type": "array", "items": closed(_FIELD), "maxItems": 12},
    },
    "required": ["name", "type", "description"],
    "additionalProperties": False,
}
_PARAMETER: Schema = {
    **_VALUE,
    "properties": {
        **_VALUE["properties"],
        "required": {"type": "boolean"},
        "from": closed({"function": {"type": "string"}, "output": {"type": "string"}}),
    },
    "required": ["name", "type", "description", "required"],
}


def asked(parts: int) -> Schema:
    """The form of an answer that defines functions for so many tasks."""
    function = closed(
        {
            "task": {"type": "integer", "minimum": 1, "maximum": parts},
            "name": {"type": "string", "pattern": NAME},
            "description": _TEXT,
            "parameters": {"type": "array", "items": _PARAMETER, "maxItems": 12},
            "outputs": {"type": "array", "items": _VALUE, "minItems": 1, "maxItems": 12},
        }
    )
    fewest = min(parts, MOST)  # each task has one
    return closed({"functions": {"type": "array", "items": function, "minItems": fewest, "maxItems": MOST}})


class Link(Struct, frozen=True):
    """A parameter that takes its value from what an earlier function gives."""

    parameter: str
    function: str
    output: str  # the name of an output, or output.field


class Function(Struct, frozen=True):
    """A function definition. ``parameters`` and ``returns`` are JSON Schemas of objects."""

    name: str
    description: str
    parameters: Schema
    returns: Schema
    task: int = 0  # the task it is for, from 1; 0: not said
    takes: Sequence[Link] = ()


async def functions(
    asking: Asking,
    prompts: Prompts,
    composition: str,
    parts: Sequence[str],
    corrections: int = CORRECTIONS,
) -> tuple[Function, ...]:
    """The functions with which a composed task can be done, in an order in which they can be called.

    Every part has one, names differ, and what a function takes from another is there and of its type.

    Raises:
        ModelError: no answer can be had.
        Unanswered: no answer held all of that.
    """

    schema = asked(len(parts))

    def read(reply: Reply) -> tuple[tuple[Function, ...] | None, str]:
        value, wrong = read_json(reply, schema)
        if wrong:
            return None, wrong
        found = tuple(_made(plain) for plain in value["functions"])
        wrong = next(_faults(found, value["functions"], len(parts)), "")
        return (None, wrong) if wrong else (found, "")

    values = {"composition": composition, "parts": numbered(parts)}
    request = Request(messages=render(prompts["button/functions"], values), schema=schema, max_tokens=4096)
    return await answered(asking, "writer", request, read, corrections=corrections)


def definition(function: Function) -> dict[str, Json]:
    """The OpenAI definition of a function, and what it returns."""
    return {
        "name": function.name,
        "description": function.description,
        "parameters": function.parameters,
        "returns": function.returns,
    }


def read_functions(value: Json) -> tuple[Function, ...]:
    """Functions as a column holds them: OpenAI definitions, or lists by sub-task as BUTTON writes them; or their JSON.

    Raises:
        ValueError: there are none, two have one name, or one is no function; the message says which and why.
    """
    if isinstance(value, str):
        fence = re.search(r"```[a-z]*\n(.*?)```", value, re.DOTALL)
        try:
            value = json.loads(fence[1] if fence else value)
        except ValueError as error:
            raise ValueError(f"functions are not JSON: {error}") from error
    found = [_read(plain) for plain in _listed(value)]
    if not found:
        raise ValueError("there are no functions")
    names = [function.name for function in found]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two functions are called {name}")
    return tuple(found)


# ---------------------------------------------------------------- what a model was asked for


def _made(plain: Mapping[str, Any]) -> Function:
    parameters, outputs = plain["parameters"], plain["outputs"]
    takes = [
        Link(one["name"], one["from"]["function"], one["from"]["output"])
        for one in parameters
        if "from" in one
    ]
    return Function(
        name=plain["name"],
        description=plain["description"].strip(),
        parameters=_object(parameters, [one["name"] for one in parameters if one["required"]]),
        returns=_object(outputs, [one["name"] for one in outputs]),
        task=plain["task"],
        takes=takes,
    )


def _object(values: Sequence[Mapping[str, Any]], required: Sequence[str]) -> Schema:
    properties = {one["name"]: _schema(one) for one in values}
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }


def _schema(value: Mapping[str, Any]) -> dict[str, Any]:
    kind = value["type"].removeprefix("array of ")
    said = {"description": value["description"].strip()} if "description" in value else {}
    if kind == "object":
        inner = value.get("fields", ())
        one: dict[str, Any] = {**_object(inner, [field["name"] for field in inner])}
    else:
        one = {"type": kind}
    if value["type"] != kind:
        return {"type": "array", **said, "items": one}
    return {**one, **said}


def _faults(found: Sequence[Function], plain: Sequence[Mapping[str, Any]], parts: int) -> Iterator[str]:
    """What is wrong with functions among themselves, in words for whoever defined them."""
    seen: dict[str, Function] = {}
    for function, written in zip(found, plain, strict=True):
        if function.name in seen:
            yield f"two functions are called {function.name}"
        for values in (written["parameters"], written["outputs"]):
            names = [one["name"] for one in values]
            yield from (f"{function.name} has {name} twice" for name in names if names.count(name) > 1)
            for one in values:
                if one["type"].endswith("object") and not one.get("fields"):
                    yield f"{function.name}: {one['name']} is of type {one['type']} and needs its fields"
        yield from _misfits(function, seen)
        seen[function.name] = function
    for part in range(1, parts + 1):
        if part not in {function.task for function in found}:
            yield f"task {part} has no function"
    if loose := _loose(found, parts):
        yield f"no parameter takes anything from or gives anything to task {loose}; say so with from, where it does"


def _misfits(function: Function, earlier: Mapping[str, Function]) -> Iterator[str]:
    for link in function.takes:
        what = f"{function.name}.{link.parameter} takes {link.output} from {link.function}"
        giver = earlier.get(link.function)
        if giver is None:
            yield f"{what}, which is no earlier function ({nearest(link.function, [*earlier]) if earlier else 'none'})"
            continue
        given = _output(giver.returns, link.output)
        if given is None:
            yield f"{what}, which has no such output ({nearest(link.output, [*giver.returns['properties']])})"
        elif not _fits(given, function.parameters["properties"][link.parameter]):
            wanted = function.parameters["properties"][link.parameter]
            yield f"{what}, which is of type {_named(given)} and not {_named(wanted)}"


def _output(returns: Schema, path: str) -> Schema | None:
    """The schema of an output, or of a field of one."""
    name, _, field = path.partition(".")
    found: Schema | None = returns["properties"].get(name)
    if found is None or not field:
        return found
    inner = found.get("items", found).get("properties", {}).get(field)
    return {"type": "array", "items": inner} if inner and found.get("type") == "array" else inner


def _fits(given: Schema, wanted: Schema) -> bool:
    """Whether a value can be passed on: as it is, one of several, or several of one."""
    pairs = [(given, wanted), (given.get("items"), wanted), (given, wanted.get("items"))]
    return any(
        one
        and other
        and (one["type"] == other["type"] or (one["type"], other["type"]) == ("integer", "number"))
        and (one["type"] != "array" or _fits(one["items"], other["items"]))
        for one, other in pairs
    )


def _named(schema: Schema) -> str:
    return f"array of {schema['items']['type']}" if schema["type"] == "array" else str(schema["type"])


def _loose(found: Sequence[Function], parts: int) -> int:
    """A part whose functions share nothing with those of the others, or 0."""
    task = {function.name: function.task for function in found}
    pairs = {(task[link.function], one.task) for one in found for link in one.takes if link.function in task}
    joined = {one for pair in pairs if pair[0] != pair[1] for one in pair}
    return next((part for part in range(1, parts + 1) if parts > 1 and part not in joined), 0)


# ---------------------------------------------------------------- what a column holds


def _listed(value: Json) -> Iterator[tuple[int, Json]]:
    if isinstance(value, Mapping) and "functions" in value and "name" not in value:
        value = value["functions"]
    for number, one in enumerate(value if isinstance(value, list) else [value], 1):
        inner = one.get("functions") if isinstance(one, Mapping) and "name" not in one else None
        if isinstance(inner, list):
            yield from ((number, each) for each in inner)
        else:
            yield 0, one


def _read(listed: tuple[int, Json]) -> Function:
    task, plain = listed
    if isinstance(plain, Mapping) and isinstance(plain.get("function"), Mapping):
        plain = plain["function"]
    name = plain.get("name") if isinstance(plain, Mapping) else None
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", name):
        raise ValueError(f"not a function with a name: {json.dumps(plain)[:80]}")
    parameters = _as_object(plain.get("parameters"), plain.get("required"), f"{name}: parameters")
    returns = _as_object(plain.get("returns", plain.get("responses")), None, f"{name}: returns")
    return Function(name, str(plain.get("description") or ""), parameters, returns, task)


def _as_object(plain: Json, required: Json, what: str) -> Schema:
    """A schema of an object, of which only the properties may have been written."""
    if not isinstance(plain, Mapping):
        plain = {}
    whole = plain if isinstance(plain.get("properties"), Mapping) else {"properties": plain}
    if not plain.get("properties") and plain.get("type") == "object":
        whole = {**plain, "properties": {}}
    needed = whole.get("required", required)
    schema: dict[str, Any] = {
        **_respelled(whole),
        "type": "object",
        "required": [name for name in needed if name in whole["properties"]]
        if isinstance(needed, list)
        else [],
    }
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise ValueError(f"{what} are no JSON Schema: {error!s}"[:300]) from error
    return schema


def _respelled(plain: Json) -> Any:
    """A schema with the types of JSON Schema in place of those that people write."""
    if isinstance(plain, list):
        return [_respelled(one) for one in plain]
    if not isinstance(plain, Mapping):
        return plain
    found = {key: _respelled(value) for key, value in plain.items()}
    kind = found.get("type")
    if isinstance(kind, str):
        found["type"] = SPELLINGS.get(kind.casefold(), kind.casefold())
        if isinstance(found.get("required"), bool):  # said of a parameter, not a list of its own
            del found["required"]
    return found
