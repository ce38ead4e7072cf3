"""One field, one schema: what requests and answers each say of a field is said of it everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field, structs

from callsmith.catalog import data
from callsmith.records import Json, Tool
from callsmith.schema import types, valid
from callsmith.understand.words import tokens

_FORMS = ("enum", "pattern", "format")
_BOUNDS = ("minimum", "maximum")
_SAYING = (*_FORMS, *_BOUNDS, "examples")
_CLOSED = frozenset(["enum", "const", "pattern", "format"])
# Names that many kinds of record have for things that have nothing to do with one another.
_GENERAL = frozenset(
    "name title type kind code description notes note id key status state stage label value number no reference ref"
    " category text reason mode level priority result rating date day time at amount total count size format method"
    " from to start end limit page cursor order sort q query search body message content comment data url unit version"
    " since until".split()
)
# What a change may make of these is not all that they can be.
_STANDING = frozenset("status state stage result outcome decision phase resolution verdict condition".split())
_ANY = frozenset(["all", "any", "ALL", "ANY", "*"])  # what a filter takes and no record has
_CODE = re.compile(
    r"(?:\be\.g\.|\bfor example|\bsuch as|\bexample:|\blike),? *[\"'`]?"
    r"((?=[^ ]*[0-9])[A-Z0-9][A-Z0-9*/_-]{3,23})(?=[\"'`),.;]|\s|$)"
)
_COUNTED = dict(zip("four five six seven eight nine ten eleven twelve".split(), range(4, 13), strict=True))
_DIGITS = re.compile(
    r"\b(?P<some>[0-9]{1,2}|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]digits?\b(?! (?:after|decimal))",
    re.IGNORECASE,
)
_DEEP = 5
_SAID = 6  # words from which on an example is a sentence


class Told(Struct):
    """What is said of one field by all that say something of it."""

    said: dict[str, list[Json]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


def alike(tools: Sequence[Tool]) -> list[Tool]:
    """The tools with what any of them says of a field wherever that is open, by its kind of record and its name.

    A name that is not general means the same everywhere. What is contradicted is left as it is, and so are the
    toolkits that are packaged.
    """
    if {tool.toolkit for tool in tools} & {*data.files("catalog/toolkits")}:
        return [*tools]
    tools = [_with_codes(tool) for tool in tools]
    known: dict[tuple[str, str], Told] = {}
    shown = [dict(_records(tool)) for tool in tools]
    for tool, records in zip(tools, shown, strict=True):
        for key, name, schema, asked in _fields(tool, records):
            _hear(known, (key, name), schema, _wanted(tool, name, asked))
            if not _is_general(name):
                # What one call lets choose is not all that there is elsewhere.
                anywhere = [one for one in _wanted(tool, name, asked) if one != "enum" or not asked]
                _hear(known, ("", name), schema, anywhere)
    return [_told_of(tool, records, known) for tool, records in zip(tools, shown, strict=True)]


def _is_general(name: str) -> bool:
    words = tokens(name)
    return not words or len(words) == 1 and words[0] in _GENERAL


def _wanted(tool: Tool, name: str, asked: bool) -> tuple[str, ...]:
    """Of what a field's schema says, what holds of the field anywhere."""
    if not asked:
        return _SAYING
    reading = tool.hints.get("method") == "get"
    left = (*_FORMS, "examples") if reading else _SAYING
    return (
        tuple(one for one in left if one != "enum") if {*tokens(name)} & _STANDING and not reading else left
    )


def _hear(
    known: dict[tuple[str, str], Told], key: tuple[str, str], schema: Mapping[str, Any], wanted: Sequence[str]
) -> None:
    told = known.setdefault(key, Told())
    told.kinds.update(kind for kind in types(schema) if kind != "null")
    for name in wanted:
        if name == "examples" and any(len(str(one).split()) > _SAID for one in schema.get("examples", ())):
            continue  # what somebody wrote of one record
        if name == "enum" and _ANY & {*map(str, schema.get("enum", ()))}:
            continue
        if name in schema and schema[name] not in told.said.setdefault(name, []):
            told.said[name].append(schema[name])


def _records(tool: Tool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The kinds of record that an answer shows, and their fields; a kind without a name is that of the tool alone."""
    waiting: list[tuple[Any, int]] = [(tool.returns, 0)]
    while waiting:
        schema, depth = waiting.pop(0)
        if not isinstance(schema, Mapping) or depth > _DEEP:
            continue
        fields = schema.get("properties")
        if isinstance(fields, Mapping) and fields:
            yield str(schema.get("title") or f"\n{tool.name}\n{depth}"), fields
            waiting += [(child, depth + 1) for child in fields.values()]
        waiting.append((schema.get("items"), depth + 1))


def _fields(
    tool: Tool, records: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, Mapping[str, Any], bool]]:
    """Every plain field of a tool: of which kind of record, its name, its schema, and whether it is asked for."""
    for key, fields in records.items():
        for name, schema in fields.items():
            if _plain(schema):
                yield key, name, schema, False
    for name, schema in _asked(tool.parameters):
        keys = [key for key, fields in records.items() if _named_in(tool, name, fields)]
        for key in keys or ["\n"]:
            yield key, _named_in(tool, name, records.get(key, {})) or name, schema, True


def _asked(parameters: Any, depth: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
    fields = parameters.get("properties") if isinstance(parameters, Mapping) else None
    for name, schema in fields.items() if isinstance(fields, Mapping) else ():
        if _plain(schema):
            yield name, schema
        elif isinstance(schema, Mapping) and depth < 2:
            yield from _asked(schema if "properties" in schema else schema.get("items"), depth + 1)


def _named_in(tool: Tool, name: str, fields: Mapping[str, Any]) -> str:
    """The field of a record that an argument speaks of: the reason of a cancellation is its cancellation reason."""
    if name in fields:
        return name
    deed = tokens(tool.name)
    for other in fields:
        words = tokens(other)
        if (
            len(words) == 2
            and words[1:] == tokens(name)
            and any(word[:5] == words[0][:5] for word in deed if len(word) > 4)
        ):
            return other
    return ""


def _plain(schema: Any) -> bool:
    return (
        isinstance(schema, Mapping)
        and bool({"string", "integer", "number"} & {*types(schema)})
        and not (schema.keys() & {"properties", "items", "anyOf", "oneOf", "allOf"})
    )


def _told_of(
    tool: Tool, records: Mapping[str, Mapping[str, Any]], known: Mapping[tuple[str, str], Told]
) -> Tool:
    """The tool, in whose answers and arguments fields that are open have what is said of them elsewhere."""
    names = {id(fields): key for key, fields in records.items()}
    returns = _answer(tool.returns, names, known, 0)
    parameters = _request(tool, tool.parameters, records, known)
    if returns is tool.returns and parameters is tool.parameters:
        return tool
    return structs.replace(tool, returns=returns, parameters=parameters)


def _answer(schema: Any, names: Mapping[int, str], known: Mapping[tuple[str, str], Told], depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return schema
    made: dict[str, Any] = {}
    fields = schema.get("properties")
    if isinstance(fields, Mapping) and fields:
        key = names.get(id(fields), "\n")
        told = {
            name: _more(child, key, name, known) if _plain(child) else _answer(child, names, known, depth + 1)
            for name, child in fields.items()
        }
        if any(told[name] is not child for name, child in fields.items()):
            made["properties"] = told
    items = _answer(schema.get("items"), names, known, depth + 1)
    if items is not schema.get("items"):
        made["items"] = items
    return {**schema, **made} if made else schema


def _request(
    tool: Tool,
    schema: Mapping[str, Any],
    records: Mapping[str, Mapping[str, Any]],
    known: Mapping[tuple[str, str], Told],
    depth: int = 0,
) -> Any:
    fields = schema.get("properties")
    if not isinstance(fields, Mapping) or depth > 2:
        return schema
    told: dict[str, Any] = {}
    for name, child in fields.items():
        if not _plain(child):
            told[name] = (
                _request(tool, child, records, known, depth + 1) if isinstance(child, Mapping) else child
            )
            continue
        pairs = ((key, _named_in(tool, name, shown)) for key, shown in records.items())
        key, other = next((pair for pair in pairs if pair[1]), ("\n", name))
        told[name] = _more(child, key, other, known)
    return (
        {**schema, "properties": told} if any(told[name] is not fields[name] for name in fields) else schema
    )


def _more(
    schema: Mapping[str, Any], key: str, name: str, known: Mapping[tuple[str, str], Told]
) -> Mapping[str, Any]:
    """A field's schema with what is said of it elsewhere and not contradicted."""
    kinds = {kind for kind in types(schema) if kind != "null"}
    made: dict[str, Any] = {}
    for place in ((key, name), ("", name)):
        told = known.get(place)
        if told is None or not told.kinds <= kinds | {"integer"} or schema.keys() & {"enum", "const"}:
            continue
        closed = bool(({*schema} | {*made}) & _CLOSED)
        for form in _FORMS:
            if (
                not closed
                and form not in made
                and (one := _agreed(form, told.said.get(form, ()))) is not None
            ):
                made[form] = (
                    [*one, None] if form == "enum" and "null" in types(schema) and None not in one else one
                )
        whole = {**schema, **made}
        if "enum" in whole:
            continue
        for bound in _BOUNDS:
            one = _agreed(bound, told.said.get(bound, ()))
            if one is not None and bound not in whole and _fits(bound, one, whole):
                made[bound] = one
        shown = told.said.get("examples", ())
        if (
            shown
            and not {"examples", "default"} & {*whole}
            and all(valid(whole, one) for one in shown[0][:1])
        ):
            made["examples"] = [*shown[0]]
    return {**schema, **made} if made else schema


def _fits(bound: str, value: Json, schema: Mapping[str, Any]) -> bool:
    other = schema.get("maximum" if bound == "minimum" else "minimum")
    return other is None or (value <= other if bound == "minimum" else value >= other)


def _agreed(form: str, said: Sequence[Any]) -> Any:
    """What all that say something of a form say; of choices those that hold all others."""
    if not said:
        return None
    if form != "enum":
        return said[0] if len(said) == 1 else None
    most = max(said, key=len)
    return most if all({*map(str, one)} <= {*map(str, most)} for one in said) else None


def _with_codes(tool: Tool) -> Tool:
    """The tool with the forms that descriptions of its fields tell in words: "e.g. M20481", "8-digit reference"."""
    parameters, returns = (_coded(schema, 0) for schema in (tool.parameters, tool.returns))
    if parameters is tool.parameters and returns is tool.returns:
        return tool
    return structs.replace(tool, parameters=parameters, returns=returns)


def _coded(schema: Any, depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > _DEEP:
        return schema
    made: dict[str, Any] = {}
    fields = schema.get("properties")
    if isinstance(fields, Mapping):
        told = {
            name: _form(child) if _plain(child) else _coded(child, depth + 1)
            for name, child in fields.items()
        }
        if any(told[name] is not child for name, child in fields.items()):
            made["properties"] = told
    items = _coded(schema.get("items"), depth + 1)
    if items is not schema.get("items"):
        made["items"] = items
    return {**schema, **made} if made else schema


def _form(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    description = str(schema.get("description") or "")
    if not description or "string" not in types(schema) or schema.keys() & {*_CLOSED, "examples", "default"}:
        return schema
    if code := _CODE.search(description):
        return {**schema, "examples": [code[1]]}
    if (counted := _DIGITS.search(description)) and not schema.keys() & {"minLength", "maxLength"}:
        many = _COUNTED.get(counted["some"].lower()) or int(counted["some"])
        return {**schema, "pattern": f"^[0-9]{{{many}}}$"} if 3 < many < 21 else schema
    return schema
