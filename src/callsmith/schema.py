"""JSON Schema work: the leaves of a schema, and validators that are compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson

from callsmith.records import Json, Schema

LAST = "~last"  # the step of a pointer that means the last part of a path: "t" of "projects/p/topics/t"
_PATH = re.compile(r"\^((?:[A-Za-z][\w-]*/\[\^/\]\+/)*[A-Za-z][\w-]*)/(?:\[\^/\]\+|\.\*)\$")
_DEEP = 12  # schemas are inlined with recursion cut; deeper than this is nothing a person states


def leaves(schema: Schema) -> list[tuple[str, Schema, bool]]:
    """Every leaf of an inlined schema as (pointer, leaf schema, required).

    Objects with properties and arrays are walked; an array's elements stand under ``/*``. A leaf is
    required when it and every object on the way to it are. Of alternatives, the fullest object is walked.
    See ``named`` for what is passed over.
    """
    return list(_walk(schema, "", True, 0))


def _walk(schema: Schema, pointer: str, required: bool, depth: int) -> Iterator[tuple[str, Schema, bool]]:
    settled = settle(schema)
    properties = named(settled)
    items = settled.get("items")
    if properties and depth < _DEEP:
        needed = settled.get("required", ())
        for name, child in properties.items():
            yield from _walk(child, f"{pointer}/{escape(name)}", required and name in needed, depth + 1)
    elif isinstance(items, Mapping) and depth < _DEEP:
        yield from _walk(items, f"{pointer}/*", required and bool(settled.get("minItems")), depth + 1)
    else:
        yield pointer, settled, required


def named(settled: Schema) -> Mapping[str, Schema]:
    """The properties of a settled schema but one called ``*``: a pointer could not tell it from every element."""
    properties = settled.get("properties")
    if not isinstance(properties, Mapping):
        return {}
    return properties if "*" not in properties else {k: v for k, v in properties.items() if k != "*"}


def figures(settled: Schema) -> bool:
    """Whether an object holds several numbers and nothing else: what is free by size."""
    held = [types(settle(child)) for child in named(settled).values()]
    return len(held) > 1 and all({*kinds} <= {"integer", "number"} for kinds in held)


def settle(schema: Schema) -> Schema:
    """The one alternative of ``anyOf``/``oneOf``/``allOf`` that says most; other schemas as they are."""
    if not isinstance(schema, Mapping):
        return {}
    if "allOf" in schema:
        return merged(schema)
    options = schema.get("anyOf") or schema.get("oneOf")
    if not options:
        return schema
    best = max(options, key=lambda option: (_telling(option), -options.index(option)))
    own = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
    return {**settle(best), **own}


def _telling(option: Schema) -> int:
    if option.get("type") == "null":
        return -1
    return len(option.get("properties", ())) * 2 + (1 if option.get("type") in ("object", "array") else 0)


def merged(schema: Schema) -> dict[str, Any]:
    """A schema with ``allOf`` as one: the properties and demands of all its parts."""
    whole: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    properties: dict[str, Any] = dict(whole.get("properties", {}))
    required: list[str] = list(whole.get("required", ()))
    for part in schema["allOf"]:
        settled = settle(part)
        properties.update(settled.get("properties", {}))
        required.extend(name for name in settled.get("required", ()) if name not in required)
        for key, value in settled.items():
            if key not in ("properties", "required"):
                whole.setdefault(key, value)
    if properties:
        whole["properties"] = properties
    if required:
        whole["required"] = required
    return whole


def escape(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=16384)
def steps(pointer: str) -> tuple[str, ...]:
    """The unescaped steps of a JSON pointer; ``()`` for the empty one."""
    if not pointer:
        return ()
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))


def types(schema: Schema) -> tuple[str, ...]:
    """The JSON types a schema allows, as far as it says so."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return (kind,)
    if isinstance(kind, (list, tuple)):
        return tuple(kind)
    if "properties" in schema:
        return ("object",)
    if "items" in schema:
        return ("array",)
    options = schema.get("anyOf") or schema.get("oneOf") or ()
    return tuple(kind for option in options for kind in types(option))


def selection(step: str) -> tuple[str, str] | None:
    """What a step ``*Key=Name`` asks of elements: that their ``Key`` is ``Name``; None for other steps."""
    key, equals, value = step[1:].partition("=")
    return (key, value) if step.startswith("*") and equals and key else None


def collections(schema: Schema) -> tuple[str, ...]:
    """What the names that a schema asks for lead through, as Google's do; () for other names.

    ``^projects/[^/]+/topics/[^/]+$`` leads through projects and topics.
    """
    pattern = schema.get("pattern")
    found = _PATH.fullmatch(pattern) if isinstance(pattern, str) else None
    return tuple(found[1].split("/[^/]+/")) if found else ()


def last_part(value: Json) -> Json:
    """The last part of a path; other values as they are."""
    return value.rpartition("/")[2] if isinstance(value, str) else value


def first_error(schema: Schema, value: Json) -> tuple[str, str] | None:
    """The first thing wrong with ``value`` as (instance pointer, message), or None when it is valid."""
    validator = _validator_of(schema)
    if validator.is_valid(value):
        return None
    error = next(iter(validator.iter_errors(value)))
    return "".join(f"/{escape(str(step))}" for step in error.instance_path), str(error.message)


def misfit(schema: Schema, arguments: Json) -> str:
    """What keeps a call with these arguments from being made, ``/pointer: what is wrong``; "" when nothing does."""
    if not isinstance(arguments, Mapping):
        return "the arguments are not a JSON object"
    error = first_error(schema, arguments)
    if error is not None:
        return ": ".join(filter(None, error))
    stranger = next(unknown(schema, arguments, ""), "")
    return f"{stranger}: there is no such parameter" if stranger else ""


def unwritable(value: Json) -> str:
    """Why a value has no JSON text: nested too deep, too large a number, half a character; "" when it has one."""
    try:
        orjson.dumps(value)
    except TypeError as error:
        return str(error)
    return ""


def unknown(schema: Schema, value: Json, pointer: str) -> Iterator[str]:
    """Pointers of members that an object schema with properties does not know, open maps apart."""
    settled = settle(schema)
    if isinstance(value, Mapping):
        properties = settled.get("properties")
        if not isinstance(properties, Mapping):
            return
        extra = settled.get("additionalProperties")
        for key, child in value.items():
            if key in properties:
                yield from unknown(properties[key], child, f"{pointer}/{escape(key)}")
            elif not extra and not settled.get("patternProperties"):
                yield f"{pointer}/{key}"
    elif isinstance(value, list) and isinstance(settled.get("items"), Mapping):
        for index, child in enumerate(value):
            yield from unknown(settled["items"], child, f"{pointer}/{index}")


def valid(schema: Schema, value: Json) -> bool:
    """Whether ``value`` satisfies ``schema``, formats included."""
    return bool(_validator_of(schema).is_valid(value))


_by_object: dict[int, tuple[Schema, Any]] = {}


def _validator_of(schema: Schema) -> Any:
    # Serialising a schema to look it up costs more than validating; the object itself is kept alive, so its
    # address stays its own.
    known = _by_object.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_by_object) > 4096:
        _by_object.clear()
    validator = _compiled(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))
    _by_object[id(schema)] = (schema, validator)
    return validator


@lru_cache(maxsize=4096)
def _compiled(encoded: bytes) -> Any:
    return jsonschema_rs.Draft202012Validator(
        orjson.loads(encoded), validate_formats=True, retriever=_elsewhere
    )


def _elsewhere(uri: str) -> dict[str, Any]:
    """What lies at another address is not fetched, be it a file or a host, and demands nothing."""
    return {}
