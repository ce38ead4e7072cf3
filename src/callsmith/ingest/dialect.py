"""A schema as API descriptions write it, in the words of JSON Schema 2020-12."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import jsonschema_rs

from callsmith.ingest.texts import plain
from callsmith.records import Json
from callsmith.schema import merged, valid

_TYPES = frozenset(["string", "number", "integer", "boolean", "object", "array", "null"])
# Types people write that no dialect has; another unknown type says nothing.
_SLIPS = {"file": "string", "date": "string", "datetime": "string", "date-time": "string", "uuid": "string",
          "float": "number", "double": "number", "int": "integer", "long": "integer", "bool": "boolean",
          "map": "object", "list": "array", "text": "string"}  # fmt: skip
_FORMATS = {
    "file": "binary",
    "date": "date",
    "datetime": "date-time",
    "date-time": "date-time",
    "uuid": "uuid",
}
_NUMBERS = ("minimum", "maximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
# Says how a value travels, or is for pages people read.
_DROPPED = frozenset(
    ["xml", "externalDocs", "discriminator", "collectionFormat", "allowEmptyValue", "deprecated"]
    + ["id", "$id", "$schema", "$comment", "definitions", "$defs", "$anchor", "$dynamicAnchor"]
)
_FORMS = {
    "date": re.compile(r"(?:19|20)[0-9][0-9]-[01][0-9]-[0-3][0-9]"),
    "date-time": re.compile(
        r"(?:19|20)[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9][0-9]:[0-9][0-9])"
    ),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}"),
    "uri": re.compile(r"https?://[^\s{}]+"),
}
_WHOLE = 2**63 - 1  # numbers beyond this are lost on the way through most JSON writers
LONGEST = 2_000  # characters of the description of a parameter or field

Schema = dict[str, Json]


def reading(*, writing: bool) -> Callable[[Schema], Schema]:
    """The rewriting of schemas of results; with ``writing`` that of arguments, without what only results show."""
    return _for_arguments if writing else _for_results


def modern(schema: Schema) -> Schema:
    """One schema whose inner schemas are done: ``nullable``, ``example``, exclusive bounds, and common slips.

    Vendor keywords go, and so do bounds, patterns and types that are none: they would make the whole tool
    unusable, and the API itself does without them.
    """
    result = {key: value for key, value in schema.items() if key not in _DROPPED and not key.startswith("x-")}
    if "description" in result:
        result["description"] = plain(result["description"], LONGEST)
    if result.get("format") == "google-datetime":
        result["format"] = "date-time"
    _type(result)
    _bounds(result)
    _examples(result)
    _alternatives(result)
    if result.pop("nullable", False) is True and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
        if "enum" in result and None not in result["enum"]:
            result["enum"] = [*result["enum"], None]
    return merged(result) if _mergeable(result) else result


def _type(result: Schema) -> None:
    said = result.get("type")
    if isinstance(said, str) and said not in _TYPES:
        if said.lower() in _FORMATS:
            result.setdefault("format", _FORMATS[said.lower()])
        said = said.lower() if said.lower() in _TYPES else _SLIPS.get(said.lower())
        result.pop("type")
        if said:
            result["type"] = said
    elif isinstance(said, list):
        kept = [item for item in dict.fromkeys(map(str, said)) if item in _TYPES]
        result["type"] = kept[0] if len(kept) == 1 else kept
        if not kept:
            del result["type"]
    elif said is not None and not isinstance(said, str):
        del result["type"]
    if isinstance(result.get("properties"), Mapping):
        result.setdefault("type", "object")
    elif "properties" in result:
        del result["properties"]
    _parts(result)


def _parts(result: Schema) -> None:
    """The keywords that hold schemas or names, where they hold something else."""
    items = result.get("items")
    if isinstance(items, list):
        result["items"] = items[0] if items else {}
    elif "items" in result and not isinstance(items, Mapping | bool):
        del result["items"]
    if "items" in result:
        result.setdefault("type", "array")
    if "required" in result:
        needed = result["required"]
        names = (
            list(dict.fromkeys(n for n in needed if isinstance(n, str))) if isinstance(needed, list) else []
        )
        result["required"] = names
        if not names:
            del result["required"]
    for key in ("allOf", "anyOf", "oneOf"):
        if key in result:
            options = (
                [o for o in result[key] if isinstance(o, Mapping)] if isinstance(result[key], list) else []
            )
            result[key] = options
            if not options:
                del result[key]


def _bounds(result: Schema) -> None:
    for key in (*_NUMBERS, *_COUNTS):
        if key in result:
            result[key] = _number(result[key])
            usable = result[key] is not None and (key in _NUMBERS[:2] or result[key] >= 0)
            if not usable or (key == "multipleOf" and result[key] == 0):
                del result[key]
            elif key in _COUNTS:
                result[key] = int(result[key])
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if result.get(exclusive) is True and bound in result:
            result[exclusive] = result.pop(bound)
        elif exclusive in result and (
            isinstance(result[exclusive], bool) or _number(result[exclusive]) is None
        ):
            del result[exclusive]
        elif exclusive in result:
            result[exclusive] = _number(result[exclusive])
    if "uniqueItems" in result and not isinstance(result["uniqueItems"], bool):
        del result["uniqueItems"]
    pattern = result.get("pattern")
    if "pattern" in result and not (isinstance(pattern, str) and compiles(pattern)):
        del result["pattern"]


def _number(value: Json) -> Any:
    """A number, also where it was written as text (Discovery does so); None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return None
        return int(value) if value.lstrip("+-").isdigit() else number
    return value if isinstance(value, int | float) and abs(value) <= _WHOLE else None


def _contradicted(result: Schema) -> None:
    """A pattern or format that the schema's own example does not have is a slip of whoever wrote it."""
    shown = [example for example in result.get("examples", ()) if isinstance(example, str)]
    for key in ("pattern", "format"):
        if key in result and shown and not all(valid({key: result[key]}, example) for example in shown):
            del result[key]


def _written(value: Json) -> bool:
    """Whether a value can be written as JSON wherever it goes."""
    if isinstance(value, Mapping):
        return all(_written(inner) for inner in value.values())
    if isinstance(value, list):
        return all(_written(inner) for inner in value)
    return not isinstance(value, int) or abs(value) <= _WHOLE


@lru_cache(maxsize=8192)
def compiles(pattern: str) -> bool:
    """Whether validators can use a regular expression."""
    if len(pattern) > 1_000:
        return False
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True


def _formed(result: Schema) -> None:
    """The format of a text whose examples are all days, instants or addresses, and that says no other."""
    given = result.get("examples")
    if result.get("type") != "string" or {"format", "pattern", "enum"} & result.keys() or not given:
        return
    for form, written in _FORMS.items():
        if all(isinstance(value, str) and written.fullmatch(value) for value in given):
            result["format"] = form


def _unquoted(example: Json) -> Json:
    """An example that was written with the quotation marks of its JSON, without them."""
    quoted = isinstance(example, str) and len(example) > 2 and example[0] == example[-1] == '"'
    return example[1:-1] if quoted and isinstance(example, str) and '"' not in example[1:-1] else example


def _examples(result: Schema) -> None:
    if "example" in result:
        example = result.pop("example")
        if not isinstance(example, Mapping) and example is not None and "examples" not in result:
            result["examples"] = [_unquoted(example)]
    if "examples" in result and not isinstance(result["examples"], list):
        given = result.pop("examples")  # OpenAPI names examples: {"one": {"value": …}}
        if isinstance(given, Mapping):
            values = [
                item.get("value") for item in given.values() if isinstance(item, Mapping) and "value" in item
            ]
            if values:
                result["examples"] = values
    for key in ("default", "const", "examples", "enum"):
        if key in result and not _written(result[key]):
            del result[key]
    for key in ("title", "format", "description"):
        if key in result and not isinstance(result[key], str):
            del result[key]
    _formed(result)
    _contradicted(result)
    if "enum" in result:
        choices = result["enum"] if isinstance(result["enum"], list) else []
        result["enum"] = list({repr(choice): choice for choice in choices}.values())
        if not result["enum"]:
            del result["enum"]


def _alternatives(result: Schema) -> None:
    """``anyOf``/``oneOf`` of one schema and null, or of one alone, in the plain words."""
    for key in ("anyOf", "oneOf"):
        options: Sequence[Mapping[str, Json]] = result.get(key, ())
        plain_ones = [option for option in options if option.get("type") != "null"]
        if (
            options
            and len(plain_ones) == 1
            and not (set(plain_ones[0]) & set(result) - {"description", "title"})
        ):
            del result[key]
            for name, value in plain_ones[0].items():
                result.setdefault(name, value)
            if len(options) > 1 and isinstance(result.get("type"), str):
                result["nullable"] = True


def _mergeable(result: Schema) -> bool:
    """Whether all parts of an ``allOf`` may be put into one schema without losing what they say."""
    parts = result.get("allOf")
    if not parts:
        return False
    met: dict[str, Json] = {key: value for key, value in result.items() if key not in ("allOf", *_JOINED)}
    for part in parts:
        if "allOf" in part or "anyOf" in part or "oneOf" in part or "not" in part:
            return False
        for key, value in part.items():
            if key not in _JOINED and met.setdefault(key, value) != value:
                return False
    return True


_JOINED = ("properties", "required", "title", "description", "example", "examples", "additionalProperties")


def _for_results(schema: Schema) -> Schema:
    return _without(modern(schema), "writeOnly", "readOnly")


def _for_arguments(schema: Schema) -> Schema:
    return _without(modern(schema), "readOnly", "writeOnly")


def _without(result: Schema, hidden: str, mark: str) -> Schema:
    properties = result.get("properties")
    if isinstance(properties, Mapping):
        left_out = [
            name
            for name, inner in properties.items()
            if isinstance(inner, Mapping) and inner.get(hidden) is True
        ]
        if left_out:
            result["properties"] = {name: inner for name, inner in properties.items() if name not in left_out}
        if left_out and "required" in result:
            result["required"] = [name for name in result["required"] if name not in left_out]
            if not result["required"]:
                del result["required"]
    # The mark of a property stays until the object around it has been read; of no use after that.
    if mark in result:
        del result[mark]
    return result
